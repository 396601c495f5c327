//! A received message is sent again: the kernel accepts what `Received::forward` writes.

use crate::support::*;
use crate::unix::{files, same_files};
use crate::{udp4, udp6};
use ancil::zerocopy::IntoBytes;
use ancil::{
    Control, ControlBuf, Errno, Error, IP_PKTINFO, IP_TOS, IP_TTL, IPV6_HOPLIMIT, IPV6_PKTINFO,
    IPV6_TCLASS, IoVec, Key, MsgFlags, MsgHdr, NoSpace, RDS_CMSG_RDMA_MAP, Raw, Received,
    SCM_CREDENTIALS, SCM_PIDFD, SCM_RIGHTS, SO_TIMESTAMPNS, UpTo, Writer, cmsg_len, cmsg_space, io,
    message_name, space_of,
};
use ancil_tests::{any_control, encoded};
use std::net::UdpSocket;
use std::os::fd::IntoRawFd;
use std::os::unix::net::UnixDatagram;

trials! {
    over_unix
    over_udp4
    over_udp6
    what_was_denied_or_cut
    too_little_space
    bytes_name_no_descriptors
}

/// Forwards `received` to `to`. Returns the names of what was left out.
fn forward(received: &Received<'_>, to: &UnixDatagram) -> Outcome<Vec<&'static str>> {
    let (mut buffer, mut left_out) = ([0; 1024], Vec::new());
    let mut writer = Writer::new(&mut buffer);
    received.forward(&mut writer, |raw| {
        left_out.push(message_name(raw.level, raw.ty).unwrap_or("unknown"));
    })?;
    let vectors = [IoVec::new(received.data())];
    let message = MsgHdr::new().iov(&vectors).control(writer.finish());
    io::sendmsg(to, &message, MsgFlags::empty())?;
    Ok(left_out)
}

fn over_unix() -> Outcome {
    let (client, here) = UnixDatagram::pair()?;
    let (there, server) = UnixDatagram::pair()?;
    enable::<(SCM_CREDENTIALS, SCM_PIDFD, SO_TIMESTAMPNS)>(&here)?;
    let (files, before) = (files(3)?, open_fds());
    io::send_fds(&client, b"data", &fds_of(&files))?;
    receive(&here, 512, |mut received| {
        let (vectors, control) = ([IoVec::new(b"x")], received.control().as_bytes());
        let unchanged = MsgHdr::new().iov(&vectors).control(any_control(control));
        let refused = io::sendmsg(&there, &unchanged, MsgFlags::empty());
        assert_eq!(
            refused,
            Err(Errno::EINVAL),
            "the kernel takes it as it came"
        );

        same_files(received.take_fds().take(1), &files[..1])?;
        let mut left_out = forward(&received, &there)?;
        left_out.sort_unstable();
        let time = ["SO_TIMESTAMPNS_OLD", "SO_TIMESTAMPNS_NEW"]; // the new one on 32 bits
        assert_eq!(left_out[..2], ["SCM_CREDENTIALS", "SCM_PIDFD"]);
        assert!(
            left_out.len() == 3 && time.contains(&left_out[2]),
            "{left_out:?}"
        );
        same_files(received.fds(), &files[1..])
    })?;
    assert_eq!(open_fds(), before);
    let again = io::recv_fds::<3>(&server, &mut [0; 4])?;
    assert!(!again.is_truncated() && again.bytes == 4);
    same_files(again.fds.into_iter().flatten(), &files[1..])
}

/// Receives a datagram, forwards its messages between the same sockets, and checks both datagrams.
/// The time and the packet information belong to the first one.
fn over_udp<I: Key, C>(
    (a, b): (UdpSocket, UdpSocket),
    info: I,
    sent: Control<'_>,
    check: impl Fn(&Received<'_>) -> Result<(), C>,
) -> Outcome
where
    Stop: From<C>,
{
    io::enable_available::<SO_TIMESTAMPNS>(&b, |_| Ok(()))?;
    b.set_read_timeout(Some(std::time::Duration::from_secs(10)))?;
    let vectors = [IoVec::new(b"x")];
    let send = |control| {
        let message = MsgHdr::new().iov(&vectors).control(control);
        io::sendmsg(&a, &message, MsgFlags::empty())
    };
    send(sent)?;
    let (mut first, mut second, mut buffer) = ([0; 256], [0; 256], [0; 256]);
    let mut byte = [0];
    let received = io::recv(&b, &mut byte, &mut first)?.whole()?;
    check(&received)?;
    let (mut writer, mut left_out) = (Writer::new(&mut buffer), Vec::new());
    received.forward(&mut writer, |raw| left_out.push(info.is(&raw)))?;
    assert_eq!(left_out.iter().filter(|is_info| **is_info).count(), 1);
    send(writer.finish())?;
    check(&io::recv(&b, &mut [0], &mut second)?.whole()?)?;
    Ok(())
}

fn over_udp4() -> Outcome {
    const SENT: ControlBuf<{ space_of::<(IP_TTL, IP_TOS)>() }> =
        ControlBuf::new().with(IP_TTL, 9).with(IP_TOS, 0x10);
    let (a, b) = udp4::pair()?;
    enable::<(IP_TTL, IP_TOS, IP_PKTINFO)>(&b)?;
    over_udp((a, b), IP_PKTINFO, SENT.as_control(), |received| {
        let found = received.control().get_all::<(IP_TTL, IP_TOS)>()?;
        assert_eq!(found, (Some(9), Some(0x10)));
        Ok::<(), Error>(())
    })
}

fn over_udp6() -> Outcome {
    const SENT: ControlBuf<{ space_of::<(IPV6_HOPLIMIT, IPV6_TCLASS)>() }> = ControlBuf::new()
        .with(IPV6_HOPLIMIT, 9)
        .with(IPV6_TCLASS, 0x10);
    let (a, b) = udp6::pair()?;
    enable::<(IPV6_HOPLIMIT, IPV6_TCLASS, IPV6_PKTINFO)>(&b)?;
    over_udp((a, b), IPV6_PKTINFO, SENT.as_control(), |received| {
        let found = received
            .control()
            .get_all::<(IPV6_HOPLIMIT, IPV6_TCLASS)>()?;
        assert_eq!(found, (Some(9), Some(0x10)));
        Ok::<(), Error>(())
    })
}

const RIGHTS: (i32, i32) = (SCM_RIGHTS::LEVEL, SCM_RIGHTS::TYPE);

/// Makes messages as the kernel may deliver them: two descriptors in two `SCM_RIGHTS`, one of them
/// with a denied place, messages between them, and one that is cut.
fn delivered(files: &[std::fs::File]) -> Outcome<Vec<u8>> {
    let [a, b] = [
        files[0].try_clone()?.into_raw_fd(),
        files[1].try_clone()?.into_raw_fd(),
    ];
    let mut control = encoded(&[
        (IP_TTL::LEVEL, IP_TTL::TYPE, &7i32.to_ne_bytes()),
        (RIGHTS.0, RIGHTS.1, [-libc::EPERM, a].as_bytes()),
        (0x4d59, 1, b"not in the catalogue"),
        (RIGHTS.0, RIGHTS.1, [b].as_bytes()),
        (IP_TOS::LEVEL, IP_TOS::TYPE, &[1, 2, 3, 4]),
    ]);
    control.truncate(control.len() - (cmsg_space(4) - cmsg_len(2)));
    Ok(control)
}

fn what_was_denied_or_cut() -> Outcome {
    let (files, before) = (files(2)?, open_fds());
    let mut control = delivered(&files)?;
    // SAFETY: the descriptors in `control` are open, and `into_raw_fd`, in `delivered`, has given
    // up their ownership. `io::close` may be called with an open descriptor.
    let received = unsafe { Received::from_control(0, MsgFlags::empty(), &mut control, io::close) };
    let (mut buffer, mut left_out) = ([0; 256], Vec::new());
    let mut writer = Writer::new(&mut buffer);
    received.forward(&mut writer, |raw| left_out.push((raw.level, raw.ty)))?;
    let tos = (IP_TOS::LEVEL, IP_TOS::TYPE);
    assert_eq!(
        left_out,
        [RIGHTS, (0x4d59, 1), tos],
        "a denied place is no secret"
    );
    let found = writer
        .finish()
        .reader()
        .get_all::<(UpTo<SCM_RIGHTS, 2>, IP_TTL)>()?;
    let fds: Vec<i32> = found.0.into_iter().flat_map(|fds| fds.iter()).collect();
    assert_eq!(found.1, Some(7));
    assert!(fds.len() == 2 && fds.iter().all(|fd| *fd >= 0));
    drop(received);
    assert_eq!(open_fds(), before);
    Ok(())
}

/// All or nothing, in a buffer of any size.
fn too_little_space() -> Outcome {
    let (files, before) = (files(2)?, open_fds());
    let needed = cmsg_space(8) + cmsg_space(4);
    for size in 0..needed {
        let mut control = delivered(&files)?;
        // SAFETY: the descriptors in `control` are open, and `into_raw_fd`, in `delivered`, has
        // given up their ownership. `io::close` may be called with an open descriptor.
        let received =
            unsafe { Received::from_control(0, MsgFlags::empty(), &mut control, io::close) };
        let mut buffer = vec![0xaa; size];
        let mut writer = Writer::new(&mut buffer);
        let never = |_: Raw<'_>| panic!("left out, though nothing was written");
        let full = received.forward(&mut writer, never);
        assert_eq!(full, Err(NoSpace { needed, left: size }));
        assert!(writer.finish().is_empty());
        assert!(buffer.iter().all(|byte| *byte == 0xaa), "it is written to");
    }
    assert_eq!(open_fds(), before);
    Ok(())
}

/// `Control::parse` takes what names nothing, and refuses the rest by name, wherever it stands.
fn bytes_name_no_descriptors() -> Outcome {
    let harmless = encoded(&[
        (IP_TTL::LEVEL, IP_TTL::TYPE, &7i32.to_ne_bytes()),
        (7, 7, &[]),
    ]);
    assert_eq!(Control::parse(&harmless)?.as_bytes(), harmless);
    let rights = encoded(&[(RIGHTS.0, RIGHTS.1, &[])]); // without a descriptor, too
    let memory = encoded(&[(RDS_CMSG_RDMA_MAP::LEVEL, RDS_CMSG_RDMA_MAP::TYPE, &[0; 32])]);
    for (refused, name) in [(rights, "SCM_RIGHTS"), (memory, "RDS_CMSG_RDMA_MAP")] {
        for align in 0..8 {
            let bytes = [&vec![0; align][..], &harmless, &refused, &harmless].concat();
            let error = Control::parse(&bytes[align..]).expect_err("bytes borrow nothing");
            let Error::Unborrowed(e) = error else {
                return Err(error.into());
            };
            assert_eq!(e.offset, harmless.len());
            assert!(error.to_string().starts_with(name), "{error}");
        }
    }
    // A length of more than the buffer, whose low half is right: a C library of 64 bits that zeroes
    // the high half before it calls the kernel must not see a message that was not looked at.
    if cfg!(all(target_pointer_width = "64", target_endian = "little")) {
        let mut hidden = encoded(&[(RIGHTS.0, RIGHTS.1, &[0; 4])]);
        hidden[7] = 1;
        assert!(matches!(Control::parse(&hidden), Err(Error::Malformed(_))));
    }
    Ok(())
}
