//! Control messages of calls that repeat until all bytes are done: in how many pieces the bytes go
//! over the socket must not decide which messages arrive.

use crate::blocked_thread::while_blocked;
use crate::errqueue::{COUNTED, REPORT, SENT, enable_timestamping};
use crate::partial::INVALID;
use crate::support::*;
use crate::tcp;
use crate::unix::own_credentials;
use ancil::Key;
use ancil::io::{Cause, Incomplete};
use ancil::limits::UIO_MAXIOV;
use ancil::payload::{Origin, Ucred};
use ancil::{
    Errno, IP_RECVERR, IP_TTL, IoVec, IoVecMut, MsgFlags, SCM_CREDENTIALS, SCM_PIDFD, SCM_RIGHTS,
    SO_TIMESTAMPING_OLD, UpTo, Writer, cmsg_len, io, space_of,
};
use ancil_tests::any_control;
use std::net::Ipv4Addr;
use std::os::fd::{AsFd, AsRawFd};
use std::os::unix::net::UnixStream;

trials! {
    descriptor_in_the_last_piece
    every_control_size
    descriptor_in_each_piece
    another_sender
    pidfds
    end_of_stream
    sent_with_each_call
    sent_once
    order
}

/// Both for one call: the sender's credentials and one descriptor.
const ROOM: usize = space_of::<(SCM_CREDENTIALS, UpTo<SCM_RIGHTS, 1>)>();
const FULL: Cause = Cause::Errno(Errno(libc::ENOBUFS));

/// Returns both ends of a stream; the second receives the credentials of the first.
fn pair() -> Outcome<(UnixStream, UnixStream)> {
    let (a, b) = UnixStream::pair()?;
    enable::<SCM_CREDENTIALS>(&b)?;
    Ok((a, b))
}

fn send_descriptor(socket: &impl AsFd, bytes: &[u8]) -> Outcome {
    send(socket, bytes, |writer| {
        writer.put(SCM_RIGHTS, &fds_of(&[socket]))
    })
}

/// Returns how many bytes wait in the socket.
fn waiting(socket: &impl AsFd) -> i32 {
    let mut n = -1;
    // SAFETY: FIONREAD writes an int to `n`.
    unsafe { libc::ioctl(socket.as_fd().as_raw_fd(), libc::FIONREAD, &raw mut n) };
    n
}

/// Twelve bytes with one descriptor, all at once or in three pieces that are received one by one.
fn descriptor_in_the_last_piece() -> Outcome {
    let before = open_fds();
    for pieces in [1, 3] {
        let (a, b) = pair()?;
        let receive = || {
            let (mut bytes, mut control) = ([0; 12], [0; ROOM]);
            let mut vectors = [IoVecMut::new(&mut bytes)];
            let mut rest = &mut vectors[..];
            let (mut received, outcome) =
                io::recvmsg_exact(&b, &mut rest, &mut control, MsgFlags::empty());
            let credentials = received.control().get(SCM_CREDENTIALS);
            (
                (outcome, received.flags(), received.take_fds().count()),
                (received.control().count(), credentials),
            )
        };
        let (found, (messages, credentials)) = while_blocked(receive, |thread| {
            for _ in 1..pieces {
                send_plain(&a, &[7; 12][..12 / pieces])?;
                thread.wait_until("a piece received", || waiting(&b) == 0);
                thread.wait_for_sleep();
            }
            send_descriptor(&a, &[7; 12][..12 / pieces])
        })?;
        assert_eq!(found, (Ok(()), MsgFlags::empty(), 1), "{pieces} pieces");
        assert_eq!(messages, 2, "{pieces} pieces");
        let sender = credentials?.expect("SCM_CREDENTIALS");
        assert_eq!(sender.pid, own_credentials().pid);
    }
    assert_eq!(open_fds(), before);
    Ok(())
}

/// Receives one byte per vector, so that a call takes at most UIO_MAXIOV bytes: three calls, and
/// the descriptor comes with the third. After ENOBUFS the call goes on with the same buffer. One
/// descriptor must arrive if the buffer has space for what one call brings.
fn every_control_size() -> Outcome {
    let (a, b) = pair()?;
    let (before, first) = (open_fds(), vec![7; 2 * UIO_MAXIOV]);
    for room in 0..=2 * ROOM {
        send_plain(&a, &first)?;
        send_descriptor(&a, b"x")?;
        let (mut bytes, mut control) = (vec![0; first.len() + 1], vec![0xaa; room]);
        let mut vectors: Vec<_> = bytes.chunks_mut(1).map(IoVecMut::new).collect();
        let (mut rest, mut fds) = (&mut vectors[..], 0);
        loop {
            let (mut received, outcome) =
                io::recvmsg_exact(&b, &mut rest, &mut control, MsgFlags::empty());
            fds += received.take_fds().count();
            for raw in received.control() {
                let sender = raw?.get(SCM_CREDENTIALS).unwrap_or_default();
                assert!(sender.is_none_or(|sender| sender.pid == own_credentials().pid));
            }
            let credentials = space_of::<SCM_CREDENTIALS>();
            match outcome {
                Ok(()) => break,
                // The credentials are cut off.
                Err(Incomplete { cause: FULL, .. }) if room < credentials => {}
                Err(other) => panic!("{other} with room for {room} bytes"),
            }
        }
        let space = space_of::<SCM_CREDENTIALS>() + cmsg_len(size_of::<i32>());
        assert_eq!(fds, usize::from(room >= space), "room of {room}");
        assert_eq!(open_fds(), before, "room of {room}");
    }
    Ok(())
}

/// Each of three calls brings credentials and a descriptor. The credentials take space once.
fn descriptor_in_each_piece() -> Outcome {
    let (a, b) = pair()?;
    let before = open_fds();
    for room in space_of::<SCM_CREDENTIALS>()..=3 * ROOM {
        for _ in 0..3 {
            send_descriptor(&a, b"xxxx")?;
        }
        let (mut bytes, mut control) = ([0; 12], vec![0xaa; room]);
        let mut vectors = [IoVecMut::new(&mut bytes)];
        let mut rest = &mut vectors[..];
        let (received, outcome) = io::recvmsg_exact(&b, &mut rest, &mut control, MsgFlags::empty());
        assert_eq!(outcome, Ok(()));
        let first = space_of::<SCM_CREDENTIALS>() + cmsg_len(size_of::<i32>());
        let fit = (0..3).filter(|n| room >= first + n * space_of::<UpTo<SCM_RIGHTS, 1>>());
        let fit = fit.count();
        assert_eq!((received.fds_left(), open_fds()), (fit, before + fit));
        assert_eq!(received.flags().contains(MsgFlags::MSG_CTRUNC), fit < 3);
        let all = received.control().collect::<Result<Vec<_>, _>>()?;
        let credentials = all.iter().filter(|raw| SCM_CREDENTIALS.is(raw));
        assert_eq!((credentials.count(), all.len()), (1, fit + 1));
        assert_eq!(
            received.control().get(SCM_CREDENTIALS)?,
            Some(own_credentials())
        );
        drop(received);
        assert_eq!(open_fds(), before, "room of {room}");
    }
    Ok(())
}

/// Bytes of another sender end the call, because what a further call brings may not fit.
fn another_sender() -> Outcome {
    let (a, b) = pair()?;
    b.set_nonblocking(true)?;
    let own = own_credentials();
    let other = Ucred { uid: 4321, ..own };
    for room in [ROOM, ROOM + space_of::<SCM_CREDENTIALS>()] {
        send_plain(&a, b"one ")?;
        let sent = try_send(&a, b"two ", MsgFlags::empty(), |writer| {
            writer.put(SCM_CREDENTIALS, other)
        })?;
        needs("credentials of another user", sent.map_err(Into::into))?;
        send_descriptor(&a, b"last")?;
        let (mut bytes, mut control) = ([0; 12], vec![0; room]);
        let mut vectors = [IoVecMut::new(&mut bytes)];
        let mut rest = &mut vectors[..];
        let (received, outcome) = io::recvmsg_exact(&b, &mut rest, &mut control, MsgFlags::empty());
        let stopped = Err(Incomplete {
            cause: FULL,
            done: 8,
        });
        assert_eq!(outcome, stopped);
        let both = received
            .control()
            .map(|raw| Ok(raw?.get(SCM_CREDENTIALS)?.expect("SCM_CREDENTIALS").uid))
            .collect::<Outcome<Vec<_>>>()?;
        // The buffer is too small for both.
        let cut = room == ROOM;
        assert_eq!(both[0], own.uid);
        assert_eq!(&both[1..], if cut { &[][..] } else { &[4321] });
        assert_eq!(received.flags().contains(MsgFlags::MSG_CTRUNC), cut);
        drop(received);
        let (mut received, outcome) =
            io::recvmsg_exact(&b, &mut rest, &mut control, MsgFlags::empty());
        assert_eq!((outcome, received.take_fds().count()), (Ok(()), 1));
        let sender = received.control().get(SCM_CREDENTIALS)?;
        assert_eq!(sender, Some(own));
        drop(received);
        assert_eq!(&bytes, b"one two last");
    }
    Ok(())
}

/// Each call brings a pidfd, which takes space from the descriptors of the next call.
fn pidfds() -> Outcome {
    let (a, b) = UnixStream::pair()?;
    enable::<SCM_PIDFD>(&b)?;
    let before = open_fds();
    send_plain(&a, &[7; UIO_MAXIOV])?;
    send_descriptor(&a, b"x")?;
    let mut control = [0; space_of::<(SCM_PIDFD, UpTo<SCM_RIGHTS, 1>)>()];
    let mut bytes = [0; UIO_MAXIOV + 1];
    let mut vectors: Vec<_> = bytes.chunks_mut(1).map(IoVecMut::new).collect();
    let mut rest = &mut vectors[..];
    let stopped = Err(Incomplete {
        cause: FULL,
        done: UIO_MAXIOV,
    });
    for (expected, fds) in [(stopped, 0), (Ok(()), 1)] {
        let (mut received, outcome) =
            io::recvmsg_exact(&b, &mut rest, &mut control, MsgFlags::empty());
        assert_eq!((outcome, received.flags()), (expected, MsgFlags::empty()));
        assert_eq!(received.take_fds().count(), fds);
        received.take_pidfd().expect("a pidfd")?;
    }
    assert_eq!(open_fds(), before);
    Ok(())
}

/// At the end of a stream Linux reports credentials of process 0 and user 0, which sent nothing.
fn end_of_stream() -> Outcome {
    let (a, b) = pair()?;
    for sent in [4, 0] {
        if sent > 0 {
            send_plain(&a, &[7; 4])?;
            a.shutdown(std::net::Shutdown::Write)?;
        }
        let (mut bytes, mut control) = ([0; 12], [0; 2 * ROOM]);
        let mut vectors = [IoVecMut::new(&mut bytes)];
        let mut rest = &mut vectors[..];
        let (received, outcome) = io::recvmsg_exact(&b, &mut rest, &mut control, MsgFlags::empty());
        let ended = Incomplete {
            cause: Cause::End,
            done: sent,
        };
        assert_eq!(outcome, Err(ended));
        let senders = received
            .control()
            .map(|raw| Ok(raw?.get(SCM_CREDENTIALS)?.expect("SCM_CREDENTIALS").pid))
            .collect::<Outcome<Vec<_>>>()?;
        let own = [own_credentials().pid];
        assert_eq!(senders, if sent > 0 { &own[..] } else { &[] });
    }
    Ok(())
}

/// One more vector than a call takes.
const MANY: usize = UIO_MAXIOV + 1;

fn one_by_one() -> [IoVec<'static>; MANY] {
    [IoVec::new(b"x"); MANY]
}

/// Requests a timestamp of each send. The second call must request one, too.
fn sent_with_each_call() -> Outcome {
    let (a, _b) = tcp::pair(Ipv4Addr::LOCALHOST)?;
    enable_timestamping(&a, REPORT | COUNTED)?;
    let mut buffer = [0; space_of::<SO_TIMESTAMPING_OLD>()];
    let mut writer = Writer::new(&mut buffer);
    writer.put(SO_TIMESTAMPING_OLD, SENT)?;
    let all = writer.finish();
    let (mut control, mut vectors) = (all, one_by_one());
    let mut rest = &mut vectors[..];
    io::sendmsg_all(&a, &mut rest, &mut control, MsgFlags::empty())?;
    assert_eq!(control, all, "the message belongs to later bytes as well");
    let mut found = Vec::new();
    while found.len() < 2 {
        wait(&a, libc::POLLERR)?;
        try_receive(&a, 512, MsgFlags::MSG_ERRQUEUE, |received| {
            let error = received.control().get(IP_RECVERR)?.expect("IP_RECVERR");
            if let Origin::Timestamp { key, .. } = error.error.origin() {
                found.push(key as usize); // the number of the last byte that was sent
            }
            Ok(())
        })??;
    }
    assert_eq!(found, [UIO_MAXIOV - 1, UIO_MAXIOV]);
    Ok(())
}

/// Descriptors and credentials go with the first byte. What follows them stays for a later call.
fn sent_once() -> Outcome {
    let (a, b) = UnixStream::pair()?;
    let before = open_fds();
    let mut buffer = [0; 128];
    let mut writer = Writer::new(&mut buffer);
    writer.put(SCM_RIGHTS, &[(&a).into()])?;
    writer.put(SCM_CREDENTIALS, own_credentials())?;
    let once = writer.len();
    writer.put(IP_TTL, 64)?;
    let all = writer.finish();
    let (mut control, mut vectors) = (all, one_by_one());
    let mut rest = &mut vectors[..];
    io::sendmsg_all(&a, &mut rest, &mut control, MsgFlags::empty())?;
    assert_eq!(control.as_bytes(), &all.as_bytes()[once..]);
    let nothing = io::sendmsg_all(&a, &mut rest, &mut control, MsgFlags::empty());
    assert_eq!(nothing, Ok(()), "no byte and no descriptor is left to send");
    let (mut bytes, mut space) = ([0; MANY], [0; space_of::<UpTo<SCM_RIGHTS, 4>>()]);
    let mut vectors = [IoVecMut::new(&mut bytes)];
    let (received, outcome) =
        io::recvmsg_exact(&b, &mut &mut vectors[..], &mut space, MsgFlags::empty());
    assert_eq!((outcome, received.fds_left()), (Ok(()), 1));
    drop(received);
    assert_eq!(open_fds(), before);
    Ok(())
}

/// A buffer in which a descriptor follows other messages, or in which a header is malformed, is
/// refused before a byte is sent.
fn order() -> Outcome {
    let (a, b) = UnixStream::pair()?;
    b.set_nonblocking(true)?;
    let mut buffer = [0; 128];
    let mut writer = Writer::new(&mut buffer);
    writer.put(SCM_RIGHTS, &[(&a).into()])?;
    let first = writer.len();
    writer.put(IP_TTL, 64)?;
    let second = writer.len();
    writer.put(SCM_RIGHTS, &[(&a).into()])?;
    let all = writer.finish();
    let malformed = &all.as_bytes()[..second - size_of::<usize>()]; // without the end of the IP_TTL
    for refused in [all.as_bytes(), &all.as_bytes()[first..], malformed] {
        let refused = any_control(refused);
        let (mut control, mut vectors) = (refused, [IoVec::new(b"x")]);
        let mut rest = &mut vectors[..];
        let outcome = io::sendmsg_all(&a, &mut rest, &mut control, MsgFlags::empty());
        let invalid = Incomplete {
            cause: INVALID,
            done: 0,
        };
        assert_eq!((outcome, control), (Err(invalid), refused));
        assert_eq!(waiting(&b), 0);
    }
    Ok(())
}
