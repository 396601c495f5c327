//! `io::send_fds` and `io::recv_fds`: bytes with descriptors in one line.

use crate::support::*;
use crate::unix::{closes_on_exec, files, same_files};
use ancil::io::{self, Cause, Incomplete};
use ancil::payload::TimestampingFlags;
use ancil::{
    Errno, Key, MsgFlags, Received, SCM_CREDENTIALS, SCM_INQ, SCM_PIDFD, SCM_RIGHTS, SCM_SECURITY,
    SO_TIMESTAMPING, SO_TIMESTAMPNS,
};
use ancil_tests::encoded;
use std::fs::File;
use std::os::fd::{AsRawFd, IntoRawFd, OwnedFd};
use std::os::unix::net::{UnixDatagram, UnixStream};

trials! {
    all_that_one_send_can_carry
    beside_other_messages
    more_than_asked_for
    fewer_than_asked_for
    without_bytes
    on_a_full_stream
    too_many
    denied
    no_descriptor_left
}

const INVALID: Incomplete = Incomplete {
    cause: Cause::Errno(Errno::EINVAL),
    done: 0,
};

fn owned<const N: usize>(received: io::ReceivedFds<N>) -> Vec<OwnedFd> {
    received.fds.into_iter().flatten().collect()
}

fn all_that_one_send_can_carry() -> Outcome {
    let (a, b) = UnixStream::pair()?;
    let files = files(253)?;
    io::send_fds(&a, b"hello", &fds_of(&files))?;
    let mut bytes = [0; 100];
    let received = io::recv_fds::<253>(&b, &mut bytes)?;
    assert!(!received.is_truncated());
    assert_eq!(
        (&bytes[..received.bytes], received.closed),
        (&b"hello"[..], 0)
    );
    let fds = owned(received);
    assert!(fds.iter().all(closes_on_exec));
    same_files(fds, &files)
}

/// What else arrives takes no space from descriptors.
fn beside_other_messages() -> Outcome {
    let (a, b) = UnixDatagram::pair()?;
    io::enable_available::<(SCM_CREDENTIALS, SCM_PIDFD, SO_TIMESTAMPNS)>(&b, |_| Ok(()))?;
    io::enable_available::<(SCM_SECURITY, SCM_INQ)>(&b, |_| Ok(()))?;
    let report = TimestampingFlags::SOFTWARE | TimestampingFlags::RX_SOFTWARE;
    _ = io::enable_with(&b, SO_TIMESTAMPING, report); // an emulator may lack it
    let (files, before) = (files(253)?, open_fds());
    io::send_fds(&a, b"x", &fds_of(&files))?;
    let received = io::recv_fds::<253>(&b, &mut [0; 1])?;
    assert!(!received.is_truncated());
    same_files(owned(received), &files)?;
    assert_eq!(open_fds(), before);
    Ok(())
}

fn more_than_asked_for() -> Outcome {
    let (a, b) = UnixDatagram::pair()?;
    let (files, before) = (files(5)?, open_fds());
    io::send_fds(&a, b"four", &fds_of(&files))?;
    let received = io::recv_fds::<2>(&b, &mut [0; 3])?;
    assert!(received.is_truncated());
    assert_eq!(
        (received.bytes, received.closed, received.flags),
        (3, 3, MsgFlags::MSG_TRUNC)
    );
    assert_eq!(open_fds(), before + 2, "the others must be closed");
    same_files(owned(received), &files[..2])?;

    io::send_fds(&a, b"x", &[(&files[0]).into()])?;
    let received = io::recv_fds::<0>(&b, &mut [0; 1])?;
    assert!(received.is_truncated() && received.closed == 1 && received.flags.is_empty());
    assert_eq!(open_fds(), before);
    Ok(())
}

fn fewer_than_asked_for() -> Outcome {
    let (a, b) = UnixStream::pair()?;
    let files = files(1)?;
    io::send_fds(&a, b"one", &[(&files[0]).into()])?;
    io::send_fds(&a, b"none", &[])?;
    let mut bytes = [0; 100];
    let received = io::recv_fds::<3>(&b, &mut bytes)?;
    assert_eq!((received.bytes, received.is_truncated()), (3, false));
    assert!(received.fds[0].is_some() && received.fds[1].is_none() && received.fds[2].is_none());
    let received = io::recv_fds::<3>(&b, &mut bytes)?;
    assert_eq!((received.bytes, owned(received).len()), (4, 0));
    drop(a);
    assert_eq!(
        io::recv_fds::<3>(&b, &mut bytes)?.bytes,
        0,
        "the end of the stream"
    );
    Ok(())
}

/// An empty datagram carries descriptors. On a stream the kernel would drop them in silence.
fn without_bytes() -> Outcome {
    let files = files(1)?;
    let (a, b) = UnixDatagram::pair()?;
    b.set_read_timeout(Some(std::time::Duration::from_secs(10)))?;
    io::send_fds(&a, b"", &[(&files[0]).into()])?;
    let received = io::recv_fds::<1>(&b, &mut [])?;
    assert_eq!(received.bytes, 0);
    same_files(owned(received), &files)?;

    let (a, b) = UnixStream::pair()?;
    b.set_nonblocking(true)?;
    assert_eq!(io::send_fds(&a, b"", &[(&files[0]).into()]), Err(INVALID));
    assert_eq!(io::send_fds(&a, b"", &[]), Ok(()));
    assert_eq!(io::recv_fds::<1>(&b, &mut [0]).unwrap_err(), Errno::EAGAIN);
    Ok(())
}

/// After a part of the bytes, the rest is sent without descriptors: they went with the first byte.
fn on_a_full_stream() -> Outcome {
    let (a, b) = UnixStream::pair()?;
    a.set_nonblocking(true)?;
    let (data, files) = (vec![7; 1 << 22], files(1)?);
    let Incomplete { cause, done } =
        io::send_fds(&a, &data, &[(&files[0]).into()]).expect_err("no socket holds so much");
    assert_eq!(cause, Cause::WriteZero, "the same call must not look right");
    assert!(done > 0 && done < data.len());
    let again = io::send_fds(&a, b"x", &[]).expect_err("it is full");
    assert_eq!((again.cause, again.done), (Cause::Errno(Errno::EAGAIN), 0));
    a.set_nonblocking(false)?;
    let rest = data[done..].to_vec();
    let sender = std::thread::spawn(move || io::send_fds(&a, &rest, &[]));
    let (mut all, mut fds, mut bytes) = (0, Vec::new(), vec![0; 1 << 16]);
    while all < data.len() {
        let received = io::recv_fds::<4>(&b, &mut bytes)?;
        assert!(received.bytes > 0 && !received.is_truncated());
        all += received.bytes;
        fds.extend(owned(received));
    }
    sender.join().expect("the sender")?;
    assert_eq!(all, data.len());
    same_files(fds, &files)
}

fn too_many() -> Outcome {
    let (a, b) = UnixDatagram::pair()?;
    b.set_nonblocking(true)?;
    assert_eq!(io::send_fds(&a, b"x", &[(&a).into(); 254]), Err(INVALID));
    assert_eq!(io::recv_fds::<1>(&b, &mut [0]).unwrap_err(), Errno::EAGAIN);
    Ok(())
}

/// The places of denied descriptors stay empty, and the count says so.
fn denied() -> Outcome {
    let (files, before) = (files(2)?, open_fds());
    let [a, b] = [0, 1].map(|i| files[i].try_clone().map(IntoRawFd::into_raw_fd));
    let numbers = [-libc::EPERM, a?, -libc::EACCES, b?, -1].map(i32::to_ne_bytes);
    let mut control = encoded(&[(SCM_RIGHTS::LEVEL, SCM_RIGHTS::TYPE, &numbers.concat())]);
    // SAFETY: the two descriptors are open, and `into_raw_fd` has given up their ownership.
    let received = unsafe { Received::from_control(1, MsgFlags::empty(), &mut control, io::close) };
    let received = io::ReceivedFds::<3>::from(received);
    assert!(received.is_truncated());
    assert_eq!((received.denied, received.closed), (3, 1));
    let [None, Some(fd), None] = &received.fds else {
        panic!("{:?}", received.fds);
    };
    same_files([fd], &files[..1])?;
    assert_eq!(open_fds(), before + 1);
    Ok(())
}

/// Calls `f` while this process may open only `n` further descriptors.
pub fn with_descriptor_limit<T>(n: usize, f: impl FnOnce() -> T) -> Outcome<T> {
    // The kernel gives out the lowest free number, if it is below the limit.
    let free = (0..n)
        .map(|_| File::open("/dev/null"))
        .collect::<Result<Vec<_>, _>>()?;
    let last = free.iter().map(AsRawFd::as_raw_fd).max().unwrap_or(-1);
    drop(free);
    let mut old = libc::rlimit {
        rlim_cur: 0,
        rlim_max: 0,
    };
    // SAFETY: getrlimit writes a struct rlimit, to `old`, which is one.
    unsafe { libc::getrlimit(libc::RLIMIT_NOFILE, &raw mut old) };
    let new = libc::rlimit {
        rlim_cur: (last + 1) as libc::rlim_t,
        ..old
    };
    // SAFETY: setrlimit reads a struct rlimit, `new`.
    if unsafe { libc::setrlimit(libc::RLIMIT_NOFILE, &raw const new) } != 0 {
        return Err(std::io::Error::last_os_error().into());
    }
    // valgrind keeps the limit to itself.
    let limits = std::fs::read_to_string("/proc/self/limits")?;
    let limit = limits
        .lines()
        .find_map(|line| line.strip_prefix("Max open files"));
    let has_effect = limit
        .is_some_and(|limit| limit.split_whitespace().next() == Some(&new.rlim_cur.to_string()));
    let result = has_effect.then(f);
    // SAFETY: setrlimit reads a struct rlimit, `old`. This does not fail: the old limit is valid.
    unsafe { libc::setrlimit(libc::RLIMIT_NOFILE, &raw const old) };
    result.ok_or_else(|| Stop::Skip("the limit of descriptors has no effect".into()))
}

/// A process that may open no more descriptors learns that some are missing.
fn no_descriptor_left() -> Outcome {
    let (a, b) = UnixDatagram::pair()?;
    let (files, before) = (files(3)?, open_fds());
    io::send_fds(&a, b"x", &fds_of(&files))?;
    let received = with_descriptor_limit(1, || io::recv_fds::<3>(&b, &mut [0; 1]))??;
    assert!(received.is_truncated());
    assert_eq!((received.bytes, received.flags), (1, MsgFlags::MSG_CTRUNC));
    assert_eq!(open_fds(), before + 1);
    same_files(owned(received), &files[..1])
}
