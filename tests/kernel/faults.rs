//! What the kernel may do to a call that descriptors go through: limits, cut buffers, peers that
//! close. After each, the process has as many descriptors as before.

use crate::blocked_thread::while_blocked;
use crate::fds::with_descriptor_limit;
use crate::namespace::unprivileged;
use crate::support::*;
use ancil::payload::Ucred;
use ancil::{Errno, IoVec, IoVecMut, MMsgHdr, MsgFlags, MsgHdr, Received, Writer, io};
use ancil::{SCM_CREDENTIALS, SCM_PIDFD, SCM_RIGHTS, SO_TIMESTAMPNS, UpTo, cmsg_space, space_of};
use std::os::fd::AsFd;
use std::os::unix::net::UnixDatagram;

trials! {
    cut_at_every_length
    limit_in_mid_batch
    too_many_in_flight
    peer_closes_in_mid_batch
    sender_closes_in_mid_batch
    all_descriptors_and_credentials
    descriptors_refused
    peeked_and_received
    socket_sent_through_itself
}

/// Space for the messages of these tests.
const SPACE: usize = space_of::<(
    SO_TIMESTAMPNS,
    SCM_CREDENTIALS,
    SCM_PIDFD,
    UpTo<SCM_RIGHTS, 3>,
)>();

/// Checks that as many descriptors are open after `test` as before.
fn leaves_no_descriptor(test: impl FnOnce() -> Outcome) -> Outcome {
    let before = open_fds();
    test()?;
    assert_eq!(open_fds(), before);
    Ok(())
}

/// Of each set of messages that a Unix socket delivers, in a control buffer of every length.
fn cut_at_every_length() -> Outcome {
    for set in 0..16u32 {
        let has = |bit: u32| set & 1 << bit != 0;
        let (a, b) = UnixDatagram::pair()?;
        if has(0) {
            enable::<SO_TIMESTAMPNS>(&b)?;
        }
        if has(1) {
            enable::<SCM_CREDENTIALS>(&b)?;
        }
        let with_pidfd = has(2) && io::enable::<SCM_PIDFD>(&b).is_ok();
        let expected = set.count_ones() as usize - usize::from(has(2) && !with_pidfd);
        let fds = if has(3) { 3 } else { 0 };
        let before = open_fds();
        let all = usize::from(with_pidfd) + fds;
        for space in 0..=SPACE {
            io::send_fds(&a, b"all bytes", &vec![a.as_fd().into(); fds])?;
            let look = |received: Received<'_>| {
                assert_eq!(bytes(&received), b"all bytes");
                let messages = received.control().collect::<Result<Vec<_>, _>>()?.len();
                let pidfd = received.control().get(SCM_PIDFD)?.is_some();
                let owned = received.fds_left() + usize::from(pidfd);
                assert_eq!(open_fds(), before + owned, "set {set:#b}, {space} bytes");
                let is_cut = received.flags().contains(MsgFlags::MSG_CTRUNC);
                assert!(is_cut || messages == expected);
                assert!(is_cut || owned == all);
                Ok(is_cut)
            };
            let is_cut = try_receive(&b, space, MsgFlags::empty(), look)??;
            assert_eq!(open_fds(), before, "set {set:#b}, {space} bytes");
            assert!(!is_cut || space < SPACE, "set {set:#b}, {space} bytes");
            assert!(is_cut == (expected > 0) || space > 0, "set {set:#b}");
        }
    }
    Ok(())
}

/// Of three messages with a descriptor each, a process with room for two receives all bytes.
fn limit_in_mid_batch() -> Outcome {
    let (a, b) = UnixDatagram::pair()?;
    leaves_no_descriptor(|| {
        for bytes in [b"1", b"2", b"3"] {
            io::send_fds(&a, bytes, &[(&a).into()])?;
        }
        let (mut space, mut control) = ([[0; 1]; 3], [[0; cmsg_space(4)]; 3]);
        let mut vectors = space.each_mut().map(|bytes| [IoVecMut::from(bytes)]);
        let mut buffers = io::RecvBuffers::<3>::new(&mut vectors).control(&mut control);
        let flags = MsgFlags::MSG_DONTWAIT;
        let batch = with_descriptor_limit(2, || io::recvmmsg(&b, &mut buffers, flags, None))??;
        let found: Vec<_> = batch
            .map(|one| (bytes(&one), one.fds_left(), one.flags()))
            .collect();
        assert_eq!(
            found,
            [
                (b"1".to_vec(), 1, MsgFlags::empty()),
                (b"2".to_vec(), 1, MsgFlags::empty()),
                (b"3".to_vec(), 0, MsgFlags::MSG_CTRUNC),
            ]
        );
        Ok(())
    })
}

/// A user may have as many descriptors on their way as a process may open.
fn too_many_in_flight() -> Outcome {
    unprivileged(|| {
        let (a, b) = UnixDatagram::pair()?;
        a.set_nonblocking(true)?;
        leaves_no_descriptor(|| {
            let mut sent = 0;
            let refused = with_descriptor_limit(1, || {
                loop {
                    let byte = [sent as u8];
                    match io::send_fds(&a, &byte, &[(&a).into(); 253]) {
                        Ok(()) => sent += 1,
                        Err(e) => break e,
                    }
                }
            })?;
            let errno = match refused.cause {
                io::Cause::Errno(errno) => errno,
                other => return Err(Stop::Fail(format!("{other:?}"))),
            };
            if errno == Errno::EAGAIN {
                return Err(Stop::Skip("the queue is full before the limit".into()));
            }
            assert_eq!((errno, refused.done), (Errno(libc::ETOOMANYREFS), 0));
            for byte in 0..sent {
                let received = io::recv_fds::<253>(&b, &mut [0; 2])?;
                assert!(!received.is_truncated(), "message {byte}");
                assert_eq!(received.bytes, 1);
            }
            io::send_fds(&a, b"again", &[(&a).into()])?;
            assert_eq!(io::recv_fds::<1>(&b, &mut [0; 9])?.bytes, 5);
            Ok(())
        })
    })
}

/// A batch that waits for room reports what was sent, and the next call why no more was.
fn peer_closes_in_mid_batch() -> Outcome {
    leaves_no_descriptor(|| {
        let (a, b) = UnixDatagram::pair()?;
        let vectors = [IoVec::new(b"one of many")];
        let (fds, mut space) = ([(&a).into()], [0; cmsg_space(4)]);
        let mut writer = Writer::new(&mut space);
        writer.put(SCM_RIGHTS, &fds)?;
        let control = writer.finish();
        let message = MsgHdr::new().iov(&vectors).control(control);
        let sent = while_blocked(
            || {
                let mut batch: Vec<_> = (0..1000).map(|_| MMsgHdr::new(message)).collect();
                let sent = io::sendmmsg(&a, &mut batch, MsgFlags::empty());
                let rest = &mut batch[sent.unwrap_or(0)..];
                (sent, io::sendmmsg(&a, rest, MsgFlags::empty()))
            },
            |thread| {
                thread.wait_for_sleep();
                drop(b);
                Ok(())
            },
        )?;
        let (first, second) = sent;
        assert!(
            first.is_ok_and(|sent| (1..1000).contains(&sent)),
            "{first:?}"
        );
        assert!(
            [
                Errno::ECONNREFUSED,
                Errno(libc::ENOTCONN),
                Errno(libc::EPIPE)
            ]
            .map(Err)
            .contains(&second),
            "{second:?}"
        );
        Ok(())
    })
}

/// What a peer has sent before it closed arrives with its descriptors, and then the end.
fn sender_closes_in_mid_batch() -> Outcome {
    leaves_no_descriptor(|| {
        let [a, b] = packets()?;
        for bytes in [b"1", b"2"] {
            io::send_fds(&a, bytes, &[(&a).into(), (&b).into()])?;
        }
        drop(a);
        let (mut space, mut control) = ([[0; 1]; 4], [[0; cmsg_space(8)]; 4]);
        let mut vectors = space.each_mut().map(|bytes| [IoVecMut::from(bytes)]);
        let mut buffers = io::RecvBuffers::<4>::new(&mut vectors).control(&mut control);
        let batch = io::recvmmsg(&b, &mut buffers, MsgFlags::MSG_DONTWAIT, None)?;
        let found: Vec<_> = batch.map(|one| (bytes(&one), one.fds_left())).collect();
        assert_eq!(found, [(b"1".to_vec(), 2), (b"2".to_vec(), 2)]);
        // The messages held the last descriptors of the sender.
        let end = try_receive(
            &b,
            SPACE,
            MsgFlags::empty(),
            |received| Ok(received.bytes()),
        )?;
        assert_eq!(end, Ok(0));
        Ok(())
    })
}

fn all_descriptors_and_credentials() -> Outcome {
    let (a, b) = UnixDatagram::pair()?;
    enable::<SCM_CREDENTIALS>(&b)?;
    leaves_no_descriptor(|| {
        let own = io::own_credentials();
        send(&a, b"x", |writer| {
            writer.put(SCM_CREDENTIALS, own)?;
            writer.put(SCM_RIGHTS, &fds_of(&[&a; 253]))
        })?;
        const ALL: usize = space_of::<(SCM_CREDENTIALS, UpTo<SCM_RIGHTS, 253>)>();
        receive(&b, ALL, |received| {
            let from: Option<Ucred> = received.control().get(SCM_CREDENTIALS)?;
            assert_eq!((from, received.fds_left()), (Some(own), 253));
            Ok(())
        })
    })
}

/// A receiver that takes no descriptors: the send fails, and nothing arrives.
fn descriptors_refused() -> Outcome {
    let (a, b) = UnixDatagram::pair()?;
    switched(io::disable::<SCM_RIGHTS>(&b))?;
    leaves_no_descriptor(|| {
        let refused = io::send_fds(&a, b"x", &[(&a).into()]).expect_err("it takes none");
        assert_eq!(refused.cause, io::Cause::Errno(Errno::EPERM));
        let nothing = try_receive(&b, SPACE, MsgFlags::empty(), |_| Ok(()))?;
        assert_eq!(nothing, Err(Errno::EAGAIN));
        io::send_fds(&a, b"without", &[])?;
        receive(&b, SPACE, |received| {
            assert_eq!(bytes(&received), b"without");
            Ok(())
        })
    })
}

/// MSG_PEEK opens the descriptors a second time: both are owned.
fn peeked_and_received() -> Outcome {
    let (a, b) = UnixDatagram::pair()?;
    leaves_no_descriptor(|| {
        io::send_fds(&a, b"x", &[(&a).into(), (&b).into()])?;
        let before = open_fds();
        for flags in [MsgFlags::MSG_PEEK, MsgFlags::MSG_PEEK, MsgFlags::empty()] {
            let look = |mut received: Received<'_>| {
                assert_eq!((bytes(&received), received.fds_left()), (b"x".to_vec(), 2));
                let taken = received.take_fds().next();
                assert!(taken.is_some() && open_fds() == before + 2);
                Ok(())
            };
            try_receive(&b, SPACE, flags, look)??;
            assert_eq!(open_fds(), before);
        }
        Ok(())
    })
}

/// A socket whose own queue holds it, received from there, or left to the kernel.
fn socket_sent_through_itself() -> Outcome {
    leaves_no_descriptor(|| {
        let (a, b) = UnixDatagram::pair()?;
        for bytes in [b"1", b"2"] {
            io::send_fds(&a, bytes, &[(&b).into()])?;
        }
        let received = io::recv_fds::<1>(&b, &mut [0; 1])?;
        drop(b);
        let [again] = received.fds;
        let again = again.expect("the socket itself");
        let second = io::recv_fds::<1>(&again, &mut [0; 1])?;
        assert_eq!((second.bytes, second.fds.iter().flatten().count()), (1, 1));
        io::send_fds(&a, b"3", &[(&again).into(), (&a).into()])?;
        Ok(())
    })
}
