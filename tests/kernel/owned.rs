//! Ownership of descriptors that arrive in batches and in calls that repeat: none leaks, whatever
//! the caller does with the result.

use crate::support::*;
use crate::unix::closes_on_exec;
use ancil::addr::Address;
use ancil::io::{Cause, Incomplete};
use ancil::{
    Errno, IoVec, IoVecMut, MMsgHdr, MsgFlags, MsgHdr, MsgHdrMut, SCM_PIDFD, SCM_RIGHTS, UpTo,
    Writer, space_of,
};
use ancil::{cmsg_len, cmsg_space, io};
use ancil_tests::fds;
use std::io::Read;
use std::os::fd::{AsFd, AsRawFd, OwnedFd};
use std::os::linux::net::SocketAddrExt;
use std::os::unix::net::{SocketAddr, UnixDatagram, UnixStream};

trials! {
    reused_batch
    untaken_are_closed
    closed_beside_an_address
    half_taken
    pidfds_are_closed
    peer_sees_the_end
    truncated
    from_several_calls
    kept_after_an_error
    every_control_size
    truncation_of_an_earlier_call
}

const NOW: MsgFlags = MsgFlags::MSG_DONTWAIT;

/// Sends a batch of `times` messages, each of one byte with `n` copies of `fd`.
fn send_descriptors(socket: &impl AsFd, fd: i32, n: usize, times: usize) -> Outcome {
    let mut buffer = [0; 1024];
    let mut writer = Writer::new(&mut buffer);
    writer.put(SCM_RIGHTS, &fds(&vec![fd; n]))?;
    let vectors = [IoVec::new(b"x")];
    let message = MMsgHdr::new(MsgHdr::new().iov(&vectors).control(writer.finish()));
    assert_eq!(
        io::sendmmsg(socket, &mut vec![message; times], MsgFlags::empty())?,
        times
    );
    Ok(())
}

/// A call resets the lengths and flags that the last call left in the headers of the batch.
fn reused_batch() -> Outcome {
    let (a, b) = UnixDatagram::pair()?;
    let (mut control, mut space) = ([[0; space_of::<UpTo<SCM_RIGHTS, 2>>()]; 2], [[0; 4]; 2]);
    let mut vectors = space.each_mut().map(|bytes| [IoVecMut::from(bytes)]);
    let mut batch = io::RecvBuffers::<2>::new(&mut vectors).control(&mut control);
    let before = open_fds();
    for n in [1, 0, 2, 3, 2] {
        send_descriptors(&a, a.as_raw_fd(), n, 2)?;
        for mut received in io::recvmmsg(&b, &mut batch, NOW, None)? {
            assert_eq!(received.flags().contains(MsgFlags::MSG_CTRUNC), n > 2);
            assert_eq!(
                (received.bytes(), received.take_fds().count()),
                (1, n.min(2))
            );
        }
    }
    assert_eq!(open_fds(), before);
    Ok(())
}

/// Sends four messages with three descriptors each, receives each with `SPACE` bytes of control,
/// calls `look` with the number of descriptors open before, and checks that all are closed
/// afterwards.
fn closes_all<const SPACE: usize>(
    look: impl FnOnce(io::ReceivedMessages<'_>, usize) -> Outcome,
) -> Outcome {
    let (a, b) = UnixDatagram::pair()?;
    let before = open_fds();
    send_descriptors(&a, a.as_raw_fd(), 3, 4)?;
    let (mut control, mut space) = ([[0xaa; SPACE]; 5], [[0; 4]; 5]);
    let mut vectors = space.each_mut().map(|bytes| [IoVecMut::from(bytes)]);
    let mut batch = io::RecvBuffers::<5>::new(&mut vectors).control(&mut control);
    let received = io::recvmmsg(&b, &mut batch, NOW, None)?;
    assert_eq!(received.len(), 4);
    look(received, before)?;
    assert_eq!(open_fds(), before);
    Ok(())
}

fn untaken_are_closed() -> Outcome {
    closes_all::<{ space_of::<UpTo<SCM_RIGHTS, 3>>() }>(|received, before| {
        assert_eq!(open_fds(), before + 12);
        drop(received);
        assert_eq!(open_fds(), before);
        Ok(())
    })
}

fn closed_beside_an_address() -> Outcome {
    let a = UnixDatagram::bind_addr(&SocketAddr::from_abstract_name(b"ancil, owned")?)?;
    a.connect_addr(&a.local_addr()?)?;
    let before = open_fds();
    send_descriptors(&a, a.as_raw_fd(), 2, 3)?;
    let (mut name, mut control) = ([0; 128], [0; space_of::<UpTo<SCM_RIGHTS, 2>>()]);
    let mut message = MsgHdrMut::new().name(&mut name).control(&mut control);
    let received = io::recvmsg(&a, &mut message, NOW)?;
    assert!(matches!(received.address(), Ok(Some(Address::Unix(_)))));
    assert_eq!(open_fds(), before + 2);
    drop(received);
    assert_eq!(open_fds(), before);

    let (mut names, mut control) = ([[0; 128]; 2], [control; 2]);
    let mut space = [[0; 4]; 2];
    let mut vectors = space.each_mut().map(|bytes| [IoVecMut::from(bytes)]);
    let mut batch = io::RecvBuffers::<2>::new(&mut vectors)
        .names(&mut names)
        .control(&mut control);
    for received in io::recvmmsg(&a, &mut batch, NOW, None)? {
        assert!(matches!(received.address(), Ok(Some(Address::Unix(_)))));
        assert!(open_fds() > before);
    }
    assert_eq!(open_fds(), before);
    Ok(())
}

fn half_taken() -> Outcome {
    closes_all::<{ space_of::<UpTo<SCM_RIGHTS, 3>>() }>(|mut received, before| {
        let mut first = received.next().expect("a message");
        let fds: Vec<_> = first.take_fds().take(2).collect();
        drop(first);
        assert!(fds.iter().all(closes_on_exec));
        assert_eq!(open_fds(), before + 11);
        let second = received.next().expect("a message");
        drop(received);
        assert_eq!(
            open_fds(),
            before + 2 + 3,
            "a message that was yielded keeps its descriptors"
        );
        drop(second);
        assert_eq!(open_fds(), before + fds.len());
        Ok(())
    })
}

fn pidfds_are_closed() -> Outcome {
    let (a, b) = UnixDatagram::pair()?;
    enable::<SCM_PIDFD>(&b)?;
    let before = open_fds();
    send_descriptors(&a, a.as_raw_fd(), 1, 3)?;
    const SPACE: usize = space_of::<(SCM_PIDFD, UpTo<SCM_RIGHTS, 1>)>();
    let (mut control, mut space) = ([[0; SPACE]; 3], [[0; 1]; 3]);
    let mut vectors = space.each_mut().map(|bytes| [IoVecMut::from(bytes)]);
    let mut batch = io::RecvBuffers::<3>::new(&mut vectors).control(&mut control);
    let mut received = io::recvmmsg(&b, &mut batch, NOW, None)?;
    assert_eq!(open_fds(), before + 6);
    let pidfd = received
        .next()
        .and_then(|mut one| one.take_pidfd())
        .expect("a pidfd")?;
    assert_eq!(open_fds(), before + 5);
    drop(received);
    assert_eq!(open_fds(), before + 1);
    drop(pidfd);
    assert_eq!(open_fds(), before);
    Ok(())
}

/// The other end of a stream reads its end only if no descriptor is left open. This proof does not
/// count descriptors.
fn peer_sees_the_end() -> Outcome {
    let (a, b) = UnixDatagram::pair()?;
    let (mut near, far) = UnixStream::pair()?;
    near.set_nonblocking(true)?;
    send_descriptors(&a, far.as_raw_fd(), 2, 3)?;
    drop(far);
    let (mut control, mut space) = ([[0; space_of::<UpTo<SCM_RIGHTS, 2>>()]; 3], [[0; 1]; 3]);
    let mut vectors = space.each_mut().map(|bytes| [IoVecMut::from(bytes)]);
    let mut batch = io::RecvBuffers::<3>::new(&mut vectors).control(&mut control);
    let mut received = io::recvmmsg(&b, &mut batch, NOW, None)?;
    drop(received.next());
    assert_eq!(
        near.read(&mut [0]).map_err(|e| e.kind()),
        Err(std::io::ErrorKind::WouldBlock)
    );
    drop(received);
    assert_eq!(near.read(&mut [0])?, 0);
    Ok(())
}

fn truncated() -> Outcome {
    fn look(received: io::ReceivedMessages<'_>, fit: usize, taken: usize) -> Outcome {
        for mut one in received {
            assert_eq!((one.bytes(), one.flags()), (1, MsgFlags::MSG_CTRUNC));
            assert_eq!(
                (one.fds_left(), one.take_fds().take(taken).count()),
                (fit, taken)
            );
        }
        Ok(())
    }
    closes_all::<{ cmsg_len(8) }>(|received, _| look(received, 2, 1))?;
    closes_all::<{ cmsg_len(4) }>(|received, _| look(received, 1, 1))?;
    closes_all::<{ cmsg_len(4) + 3 }>(|received, _| look(received, 1, 0))?;
    closes_all::<{ cmsg_space(0) + 3 }>(|received, _| look(received, 0, 0))?;
    closes_all::<0>(|received, _| look(received, 0, 0))?;
    closes_all::<{ cmsg_len(8) }>(|received, before| {
        assert_eq!(open_fds(), before + 8);
        drop(received);
        Ok(())
    })
}

/// Sends three times one byte with `n` descriptors.
fn three_sends(a: &UnixStream, n: usize) -> Outcome {
    for _ in 0..3 {
        send(a, b"x", |writer| {
            writer.put(SCM_RIGHTS, &fds_of(&vec![a; n]))
        })?;
    }
    Ok(())
}

/// The kernel ends a call after data with descriptors, so receiving these takes three calls, which
/// share one control buffer.
fn from_several_calls() -> Outcome {
    let (a, b) = UnixStream::pair()?;
    let before = open_fds();
    for taken in [0, 2, 3] {
        three_sends(&a, 1)?;
        let (mut bytes, mut control) = ([0; 3], [0; 3 * space_of::<UpTo<SCM_RIGHTS, 1>>()]);
        let mut vectors = [IoVecMut::new(&mut bytes)];
        let (mut received, outcome) =
            io::recvmsg_exact(&b, &mut &mut vectors[..], &mut control, MsgFlags::empty());
        outcome?;
        assert_eq!(
            (received.control().count(), received.fds_left(), open_fds()),
            (3, 3, before + 3)
        );
        let fds: Vec<OwnedFd> = received.take_fds().take(taken).collect();
        assert_eq!((fds.len(), received.fds_left()), (taken, 3 - taken));
        assert!(fds.iter().all(closes_on_exec));
        drop(received);
        assert_eq!(open_fds(), before + taken);
    }
    assert_eq!(open_fds(), before);
    Ok(())
}

fn kept_after_an_error() -> Outcome {
    let (a, b) = UnixStream::pair()?;
    b.set_nonblocking(true)?;
    let before = open_fds();
    three_sends(&a, 2)?;
    let (mut bytes, mut control, mut more) =
        ([0; 4], [0; 3 * space_of::<UpTo<SCM_RIGHTS, 2>>()], [0; 64]);
    let mut vectors = [IoVecMut::new(&mut bytes)];
    let mut rest = &mut vectors[..];
    let (mut received, outcome) = io::recvmsg_exact(&b, &mut rest, &mut control, MsgFlags::empty());
    assert_eq!(
        outcome,
        Err(Incomplete {
            cause: Cause::Errno(Errno(libc::EAGAIN)),
            done: 3
        })
    );
    assert_eq!((received.take_fds().count(), open_fds()), (6, before));
    drop(received);
    three_sends(&a, 1)?;
    let (received, outcome) = io::recvmsg_exact(&b, &mut rest, &mut more, MsgFlags::empty());
    assert_eq!(
        (outcome, received.bytes(), received.fds_left()),
        (Ok(()), 1, 1)
    );
    drop(received);
    assert_eq!((open_fds(), bytes), (before, *b"xxxx"));
    Ok(())
}

/// For every size of the control buffer, the result owns the descriptors that fit, and the kernel
/// closes the rest.
fn every_control_size() -> Outcome {
    let (a, b) = UnixStream::pair()?;
    let before = open_fds();
    for room in 0..=3 * space_of::<UpTo<SCM_RIGHTS, 3>>() {
        three_sends(&a, 3)?;
        let (mut bytes, mut control) = ([0; 3], vec![0xaa; room]);
        let mut vectors = [IoVecMut::new(&mut bytes)];
        let (mut received, outcome) =
            io::recvmsg_exact(&b, &mut &mut vectors[..], &mut control, MsgFlags::empty());
        outcome?;
        let (here, messages) = (
            received.fds_left(),
            received.control().collect::<Result<Vec<_>, _>>()?.len(),
        );
        assert_eq!(open_fds(), before + here, "room of {room}");
        assert_eq!(
            received.flags().contains(MsgFlags::MSG_CTRUNC),
            here < 9,
            "room of {room}"
        );
        assert!(messages <= 3 && here >= messages);
        assert_eq!(received.take_fds().take(1).count(), here.min(1));
        drop(received);
        assert_eq!(open_fds(), before, "room of {room}");
    }
    Ok(())
}

fn truncation_of_an_earlier_call() -> Outcome {
    let (a, b) = UnixStream::pair()?;
    let before = open_fds();
    send(&a, b"x", |writer| writer.put(SCM_RIGHTS, &fds_of(&[&a; 3])))?;
    send_plain(&a, b"y")?;
    let (mut bytes, mut control) = ([0; 2], [0; cmsg_len(8)]);
    let mut vectors = [IoVecMut::new(&mut bytes)];
    let (received, outcome) =
        io::recvmsg_exact(&b, &mut &mut vectors[..], &mut control, MsgFlags::empty());
    outcome?;
    assert_eq!(
        (received.flags(), received.fds_left()),
        (MsgFlags::MSG_CTRUNC, 2)
    );
    drop(received);
    assert_eq!((open_fds(), &bytes), (before, b"xy"));
    Ok(())
}
