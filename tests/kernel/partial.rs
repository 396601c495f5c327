//! Calls that repeat until everything is transferred, through small buffers and with slow readers.
//! Every byte must arrive once and in order.

use crate::pattern::{pattern, pieces, pieces_mut};
use crate::support::*;
use crate::udp4;
use ancil::io::{Cause, Incomplete};
use ancil::{
    Control, Errno, Fd, IoVec, IoVecMut, MsgFlags, SCM_RIGHTS, UpTo, Writer, io, iov, space_of,
};
use std::fs::File;
use std::io::{Error as IoError, Read};
use std::os::fd::{AsFd, FromRawFd, OwnedFd};
use std::os::unix::net::UnixStream;
use std::sync::{Arc, Barrier};
use std::thread;

trials! {
    small_buffer
    slow_reader
    nonblocking_pipe
    end_of_file
    broken_pipe
    nothing_to_do
    control_without_data
    flags_refused
}

const AGAIN: Cause = Cause::Errno(Errno(libc::EAGAIN));
pub const INVALID: Cause = Cause::Errno(Errno(libc::EINVAL));

/// Calls `try_again` until it succeeds, and waits between the calls until `fd` is writable. The
/// reader starts after the first call that was incomplete.
fn until_done(
    fd: &impl AsFd,
    n: usize,
    start: &Barrier,
    mut try_again: impl FnMut() -> Result<(), Incomplete>,
) -> Outcome {
    let (mut done, mut incomplete_calls) = (0, 0);
    loop {
        match try_again() {
            Ok(()) => break,
            Err(Incomplete {
                cause: AGAIN,
                done: more,
            }) => done += more,
            Err(other) => return Err(other.into()),
        }
        assert!(0 < done && done < n, "incomplete after {done} bytes of {n}");
        if incomplete_calls == 0 {
            start.wait();
        }
        incomplete_calls += 1;
        wait(fd, libc::POLLOUT)?;
    }
    assert!(incomplete_calls > 0, "no call was incomplete");
    Ok(())
}

/// Sends through a nonblocking socket with a small buffer, to a reader that takes a little at a
/// time.
fn small_buffer() -> Outcome {
    let (a, mut b) = UnixStream::pair()?;
    // The kernel raises the size to its minimum.
    set(&a, "SO_SNDBUF", libc::SOL_SOCKET, libc::SO_SNDBUF, 1)?;
    a.set_nonblocking(true)?;
    let data = pattern(200_000);
    let start = Arc::new(Barrier::new(2));
    let go = start.clone();
    let reader = thread::spawn(move || {
        let (mut all, mut some) = (Vec::new(), [0; 777]);
        go.wait();
        while let Ok(n @ 1..) = b.read(&mut some) {
            all.extend_from_slice(&some[..n]);
        }
        all
    });
    let mut vectors = pieces(&data);
    let mut rest = &mut vectors[..];
    until_done(&a, data.len(), &start, || io::write_all(&a, &mut rest))?;
    assert!(rest.is_empty());
    drop(a);
    assert!(reader.join().expect("the reader") == data);
    Ok(())
}

/// Sends as in `small_buffer`, with a descriptor, which must arrive once.
fn slow_reader() -> Outcome {
    let (a, b) = UnixStream::pair()?;
    set(&a, "SO_SNDBUF", libc::SOL_SOCKET, libc::SO_SNDBUF, 1)?;
    a.set_nonblocking(true)?;
    let data = pattern(200_000);
    let (before, n) = (open_fds(), data.len());
    let start = Arc::new(Barrier::new(2));
    let go = start.clone();
    let reader = thread::spawn(move || {
        let (mut all, mut fds) = (Vec::new(), Vec::new());
        go.wait();
        while all.len() < n {
            let (mut some, mut control) = ([0; 777], [0; space_of::<UpTo<SCM_RIGHTS, 4>>()]);
            let mut vectors = [IoVecMut::new(&mut some)];
            let mut message = ancil::MsgHdrMut::new()
                .iov(&mut vectors)
                .control(&mut control);
            let mut received = io::recvmsg(&b, &mut message, MsgFlags::empty()).expect("received");
            assert!(received.bytes() > 0, "unexpected end of the stream");
            let position = all.len();
            fds.extend(received.take_fds().map(|fd| (position, fd)));
            all.extend(bytes(&received));
        }
        (b, all, fds)
    });
    let mut buffer = [0; space_of::<UpTo<SCM_RIGHTS, 1>>()];
    let mut control = control_with_descriptor(&mut buffer, &a)?;
    let mut vectors = pieces(&data);
    let mut rest = &mut vectors[..];
    until_done(&a, n, &start, || {
        io::sendmsg_all(&a, &mut rest, &mut control, MsgFlags::MSG_NOSIGNAL)
    })?;
    assert!(rest.is_empty() && control.is_empty());
    let (_b, all, fds) = reader.join().expect("the reader");
    assert!(all == data);
    assert_eq!(
        fds.iter()
            .map(|(position, _)| *position)
            .collect::<Vec<_>>(),
        [0]
    );
    drop(fds);
    assert_eq!(open_fds(), before);
    Ok(())
}

/// Opens a nonblocking pipe that holds one page.
fn pipe() -> Outcome<(OwnedFd, OwnedFd)> {
    let mut fds = [0; 2];
    // SAFETY: the call writes two descriptors to `fds`, which has room for two.
    if unsafe { libc::pipe2(fds.as_mut_ptr(), libc::O_NONBLOCK | libc::O_CLOEXEC) } < 0 {
        return Err(IoError::last_os_error().into());
    }
    // SAFETY: the call has just opened both, and nothing else owns them.
    let ends = unsafe { (OwnedFd::from_raw_fd(fds[0]), OwnedFd::from_raw_fd(fds[1])) };
    // SAFETY: F_SETPIPE_SZ takes an int and accesses no memory.
    let size = unsafe { libc::fcntl(fds[1], libc::F_SETPIPE_SZ, 4096) };
    needs(
        "F_SETPIPE_SZ",
        if size < 0 {
            Err(IoError::last_os_error())
        } else {
            Ok(())
        },
    )?;
    Ok(ends)
}

fn nonblocking_pipe() -> Outcome {
    let (from, to) = pipe()?;
    let data = pattern(100_000);
    let (mut back, mut vectors) = (vec![0; data.len()], pieces(&data));
    let mut spaces = pieces_mut(&mut back);
    let (mut rest, mut space) = (&mut vectors[..], &mut spaces[..]);
    let (mut written, mut read) = (0, 0);
    while read < data.len() {
        match io::write_all(&to, &mut rest) {
            Ok(()) => written = data.len(),
            Err(Incomplete { cause: AGAIN, done }) => written += done,
            Err(other) => return Err(other.into()),
        }
        match io::read_exact(&from, &mut space) {
            Ok(()) => read = data.len(),
            Err(Incomplete { cause: AGAIN, done }) => read += done,
            Err(other) => return Err(other.into()),
        }
        assert_eq!(
            read, written,
            "both ends must report the same number of bytes"
        );
        assert_eq!(iov::total(rest), Some(data.len() - written));
        assert_eq!(iov::total(space), Some(data.len() - read));
    }
    drop(spaces);
    assert!(back == data);
    Ok(())
}

/// Writes a message with one descriptor to `buffer`, and returns the control messages.
pub fn control_with_descriptor<'a>(
    buffer: &'a mut [u8],
    fd: &'a impl AsFd,
) -> Outcome<Control<'a>> {
    let mut writer = Writer::new(buffer);
    writer.put(SCM_RIGHTS, &[fd.into()])?;
    Ok(writer.finish())
}

fn end_of_file() -> Outcome {
    let file = File::open("/proc/sys/kernel/ostype")?; // "Linux\n"
    let (mut one, mut two) = ([0; 3], [0; 9]);
    let mut vectors = [IoVecMut::new(&mut one), IoVecMut::new(&mut two)];
    let mut rest = &mut vectors[..];
    let missing = io::read_exact(&file, &mut rest).expect_err("the file is shorter");
    assert_eq!(
        missing,
        Incomplete {
            cause: Cause::End,
            done: 6
        }
    );
    assert_eq!(
        (missing.to_string(), rest.len(), rest[0].len()),
        ("the end after 6 bytes".into(), 1, 6)
    );
    assert_eq!(
        IoError::from(missing).kind(),
        std::io::ErrorKind::UnexpectedEof
    );
    assert_eq!((&one, &two[..3]), (b"Lin", &b"ux\n"[..]));
    Ok(())
}

fn broken_pipe() -> Outcome {
    let (a, b) = UnixStream::pair()?;
    let data = [1; 10];
    let mut vectors = [IoVec::new(&data)];
    drop(b);
    let (mut rest, mut control) = (&mut vectors[..], Control::default());
    let broken = io::sendmsg_all(&a, &mut rest, &mut control, MsgFlags::MSG_NOSIGNAL);
    assert_eq!(
        broken,
        Err(Incomplete {
            cause: Cause::Errno(Errno(libc::EPIPE)),
            done: 0
        })
    );
    assert_eq!(iov::total(rest), Some(10));
    Ok(())
}

fn nothing_to_do() -> Outcome {
    // SAFETY: no process can have i32::MAX descriptors, so nothing owns this number.
    let closed = unsafe { Fd::borrow_raw(i32::MAX) };
    let mut empty = [IoVec::default(); 3];
    assert_eq!(io::write_all(closed, &mut &mut empty[..]), Ok(()));
    assert_eq!(
        io::sendmsg_all(
            closed,
            &mut &mut empty[..],
            &mut Control::default(),
            MsgFlags::empty()
        ),
        Ok(())
    );
    assert_eq!(io::read_exact(closed, &mut &mut [][..]), Ok(()));
    let (received, outcome) =
        io::recvmsg_exact(closed, &mut &mut [][..], &mut [], MsgFlags::empty());
    assert_eq!((received.bytes(), outcome), (0, Ok(())));
    Ok(())
}

fn control_without_data() -> Outcome {
    let (a, _b) = UnixStream::pair()?;
    let mut buffer = [0; space_of::<UpTo<SCM_RIGHTS, 1>>()];
    let mut control = control_with_descriptor(&mut buffer, &a)?;
    let outcome = io::sendmsg_all(
        &a,
        &mut &mut [IoVec::default()][..],
        &mut control,
        MsgFlags::empty(),
    );
    assert_eq!(
        outcome,
        Err(Incomplete {
            cause: INVALID,
            done: 0
        })
    );
    assert!(
        !control.is_empty(),
        "the control messages must be left to send"
    );
    Ok(())
}

/// With MSG_PEEK each call would receive the same bytes, and with MSG_TRUNC the kernel counts bytes
/// that it does not copy.
fn flags_refused() -> Outcome {
    let (stream, datagrams) = (UnixStream::pair()?, udp4::pair()?);
    send_plain(&stream.0, &[7; 12])?;
    send_plain(&datagrams.0, &[7; 10])?;
    send_plain(&datagrams.0, &[7; 10])?;
    wait(&datagrams.1, libc::POLLIN)?;
    for flag in [MsgFlags::MSG_PEEK, MsgFlags::MSG_TRUNC] {
        for socket in [stream.1.as_fd(), datagrams.1.as_fd()] {
            let mut bytes = [0; 12];
            let mut vectors = [IoVecMut::new(&mut bytes)];
            let mut rest = &mut vectors[..];
            let (received, outcome) = io::recvmsg_exact(socket, &mut rest, &mut [], flag);
            let invalid = Incomplete {
                cause: INVALID,
                done: 0,
            };
            assert_eq!((received.bytes(), outcome), (0, Err(invalid)), "{flag:?}");
            assert_eq!(iov::total(rest), Some(12));
        }
    }
    let left = receive(&stream.1, 0, |received| Ok(received.bytes()))?;
    assert_eq!(left, 12);
    for _ in 0..2 {
        receive(&datagrams.1, 0, |received| {
            assert_eq!(received.bytes(), 10);
            Ok(())
        })?;
    }
    Ok(())
}
