//! Errors are returned with the kernel's error numbers, and a call that fails loses nothing.

use crate::namespace::in_namespace;
use crate::support::*;
use ancil::Fd;
use ancil::limits::KERNEL_STACK_CONTROL;
use ancil::limits::fits_kernel_stack;
use ancil::{
    Control, Errno, IoVec, IoVecMut, MMsgHdr, MsgFlags, MsgHdr, MsgHdrMut, SCM_RIGHTS, UpTo,
    Writer, io, space_of,
};
use ancil_tests::{any_control, fds};
use std::fs::File;
use std::os::fd::AsRawFd;
use std::os::unix::net::UnixDatagram;

trials! {
    zerocopy_refused
    message_used_again
    closed_descriptor
    not_a_socket
    empty_socket
    full_socket
    bad_descriptor_sent
    too_many_vectors
    kernel_stack
}

/// Returns the errors of a send and of a receive on `fd`.
fn both(fd: Fd<'_>) -> [Errno; 2] {
    let vectors = [IoVec::new(b"x")];
    let sent = io::sendmsg(fd, &MsgHdr::new().iov(&vectors), MsgFlags::empty()).expect_err("sent");
    [
        sent,
        io::recvmsg(fd, &mut MsgHdrMut::new(), MsgFlags::empty()).expect_err("received"),
    ]
}

/// With MSG_ZEROCOPY, the kernel reads the bytes after the call, when they are no longer borrowed.
/// So the safe functions refuse the flag.
fn zerocopy_refused() -> Outcome {
    let (a, b) = UnixDatagram::pair()?;
    b.set_nonblocking(true)?;
    let (vectors, flags) = (
        [IoVec::new(b"x")],
        MsgFlags::MSG_ZEROCOPY | MsgFlags::MSG_NOSIGNAL,
    );
    let message = MsgHdr::new().iov(&vectors);
    assert_eq!(io::sendmsg(&a, &message, flags), Err(Errno(libc::EINVAL)));
    assert_eq!(
        io::sendmmsg(&a, &mut [MMsgHdr::new(message)], flags),
        Err(Errno(libc::EINVAL))
    );
    assert!(
        io::sendmsg_all(
            &a,
            &mut &mut [IoVec::new(b"x")][..],
            &mut Control::default(),
            flags
        )
        .is_err()
    );
    let arrived =
        io::recvmsg(&b, &mut MsgHdrMut::new(), MsgFlags::empty()).map(|received| received.bytes());
    assert_eq!(arrived, Err(Errno(libc::EAGAIN)));
    Ok(())
}

/// One message receives again and again: its lengths are those that were set, whatever arrived in
/// the calls before, and after an error, too.
fn message_used_again() -> Outcome {
    let (a, b) = UnixDatagram::pair()?;
    b.set_nonblocking(true)?;
    let before = open_fds();
    let (mut bytes, mut name) = ([0; 8], [0; 4]);
    let mut control = [0; space_of::<UpTo<SCM_RIGHTS, 2>>()];
    let mut vectors = [IoVecMut::new(&mut bytes)];
    let mut message = MsgHdrMut::new()
        .name(&mut name)
        .iov(&mut vectors)
        .control(&mut control);
    assert!(io::recvmsg(&b, &mut message, MsgFlags::empty()).is_err());
    for n in [0, 2, 1, 2, 0] {
        let data = &b"datagram"[..3 + n];
        send(&a, data, |writer| match n {
            0 => Ok(()),
            _ => writer.put(SCM_RIGHTS, &fds_of(&vec![&a; n])),
        })?;
        let mut received = io::recvmsg(&b, &mut message, MsgFlags::empty())?;
        assert_eq!(received.flags(), MsgFlags::empty());
        let arrived = received.data();
        assert_eq!(received.take_fds().take(1).count(), n.min(1));
        assert_eq!((arrived, received.fds_left()), (data, n.saturating_sub(1)));
        drop(received);
        assert_eq!(arrived, data, "the bytes stay when the Received is gone");
        assert_eq!(open_fds(), before);
    }
    assert_eq!(
        (message.msg_name().len(), message.msg_control().len()),
        (4, space_of::<UpTo<SCM_RIGHTS, 2>>())
    );
    Ok(())
}

fn closed_descriptor() -> Outcome {
    // SAFETY: no process can have i32::MAX descriptors, so this number never becomes an open one,
    // and nothing owns it.
    let closed = unsafe { Fd::borrow_raw(i32::MAX) };
    assert_eq!(both(closed), [Errno(libc::EBADF); 2]);
    Ok(())
}

fn not_a_socket() -> Outcome {
    let file = File::open("/proc/self/comm")?;
    assert_eq!(both(Fd::from(&file)), [Errno(libc::ENOTSOCK); 2]);
    Ok(())
}

fn empty_socket() -> Outcome {
    let (a, b) = UnixDatagram::pair()?;
    b.set_nonblocking(true)?; // O_NONBLOCK must suffice, without MSG_DONTWAIT
    let before = open_fds();
    let (mut data, mut control) = ([0xaa; 8], [0xaa; space_of::<UpTo<SCM_RIGHTS, 1>>()]);
    let mut vectors = [IoVecMut::new(&mut data)];
    let mut message = MsgHdrMut::new().iov(&mut vectors).control(&mut control);
    let empty = io::recvmsg(&b, &mut message, MsgFlags::empty()).map(|received| received.bytes());
    assert_eq!(empty, Err(Errno(libc::EAGAIN)));
    assert!(
        data.iter().chain(&control).all(|byte| *byte == 0xaa),
        "the buffers must not change without a message"
    );
    send(&a, b"later", |writer| {
        writer.put(SCM_RIGHTS, &fds_of(&[&a]))
    })?;
    receive(&b, space_of::<UpTo<SCM_RIGHTS, 1>>(), |mut received| {
        assert_eq!(
            (bytes(&received), received.take_fds().count()),
            (b"later".to_vec(), 1)
        );
        Ok(())
    })?;
    assert_eq!(open_fds(), before);
    Ok(())
}

fn full_socket() -> Outcome {
    let (a, b) = UnixDatagram::pair()?;
    let before = open_fds();
    let mut control = [0; space_of::<UpTo<SCM_RIGHTS, 1>>()];
    let mut writer = Writer::new(&mut control);
    writer.put(SCM_RIGHTS, &[(&a).into()])?;
    let vectors = [IoVec::new(b"x")];
    let message = MsgHdr::new().iov(&vectors).control(writer.finish());
    let mut sent = 0;
    let full = loop {
        match io::sendmsg(&a, &message, MsgFlags::MSG_DONTWAIT) {
            Ok(_) => sent += 1,
            Err(errno) => break errno,
        }
    };
    assert_eq!(full, Errno(libc::EAGAIN));
    let take = |_: ancil::Received<'_>| Ok(());
    for _ in 0..sent {
        receive(&b, space_of::<UpTo<SCM_RIGHTS, 1>>(), take)?;
    }
    let empty = try_receive(&b, 0, MsgFlags::empty(), take)?;
    assert_eq!(
        empty,
        Err(Errno(libc::EAGAIN)),
        "more messages arrived than were sent"
    );
    assert_eq!(open_fds(), before);
    Ok(())
}

fn bad_descriptor_sent() -> Outcome {
    let (a, b) = UnixDatagram::pair()?;
    let mut control = [0; space_of::<UpTo<SCM_RIGHTS, 2>>()];
    let mut writer = Writer::new(&mut control);
    writer.put(SCM_RIGHTS, &fds(&[a.as_raw_fd(), -1]))?;
    let message = MsgHdr::new().control(writer.finish());
    assert_eq!(
        io::sendmsg(&a, &message, MsgFlags::empty()),
        Err(Errno(libc::EBADF))
    );
    let nothing = try_receive(&b, 0, MsgFlags::empty(), |_| Ok(()))?;
    assert_eq!(nothing, Err(Errno(libc::EAGAIN)));
    Ok(())
}

fn too_many_vectors() -> Outcome {
    let (a, _b) = UnixDatagram::pair()?;
    let vectors = [IoVec::default(); 1025];
    let message = |n| MsgHdr::new().iov(&vectors[..n]);
    assert_eq!(io::sendmsg(&a, &message(1024), MsgFlags::empty()), Ok(0));
    assert_eq!(
        io::sendmsg(&a, &message(1025), MsgFlags::empty()),
        Err(Errno(libc::EMSGSIZE))
    );
    Ok(())
}

/// If `net.core.optmem_max` is 0, the kernel accepts only control messages that fit its stack, as
/// `fits_kernel_stack` predicts.
fn kernel_stack() -> Outcome {
    if cfg!(target_pointer_width = "32") {
        // An emulator of a 32-bit machine widens them, too. tests/verdicts covers this case.
        return Err(Stop::Skip(
            "a 64-bit kernel widens the messages of a 32-bit program before it counts them".into(),
        ));
    }
    in_namespace(|| {
        // Each namespace has a limit of its own since Linux 6.8. In an older kernel's new
        // namespace, there is no such file.
        std::fs::write("/proc/sys/net/core/optmem_max", "0")
            .map_err(|e| Stop::Skip(format!("net.core.optmem_max of this namespace: {e}")))?;
        let (a, b) = UnixDatagram::pair()?;
        for len in ancil::cmsg_len(0)..3 * KERNEL_STACK_CONTROL {
            let mut control = [0; 4 * KERNEL_STACK_CONTROL];
            let data = vec![0; len - ancil::cmsg_len(0)];
            // AF_UNIX sockets skip this level.
            Writer::new(&mut control).put_raw(ancil::level::SOL_IPV6, 1, &data)?;
            let sent = io::sendmsg(
                &a,
                &MsgHdr::new().control(any_control(&control[..len])),
                MsgFlags::MSG_DONTWAIT,
            );
            let expected = if fits_kernel_stack(len) {
                Ok(0)
            } else {
                Err(Errno(libc::ENOBUFS))
            };
            assert_eq!(sent, expected, "{len} bytes");
            _ = io::recvmsg(&b, &mut MsgHdrMut::new(), MsgFlags::MSG_DONTWAIT);
        }
        Ok(())
    })
}
