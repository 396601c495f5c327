//! Calls that go on until all is done: small buffers, slow readers, signals, and every byte once, in order.

use crate::support::*;
use ancil::io::Incomplete;
use ancil::limits::UIO_MAXIOV;
use ancil::{Errno, IoVec, IoVecMut, MsgFlags, SCM_RIGHTS, Writer, io, iov};
use std::fs::File;
use std::io::{Error as IoError, Read, Write};
use std::os::fd::{AsFd, AsRawFd, FromRawFd, OwnedFd};
use std::os::unix::net::UnixStream;
use std::sync::atomic::{AtomicI32, AtomicUsize, Ordering::SeqCst};
use std::sync::{Arc, Barrier};
use std::time::{Duration, Instant};
use std::{ptr, thread};

trials! {
    small_buffer slow_reader pipe_that_does_not_block write_is_interrupted read_is_interrupted
    many_vectors many_vectors_with_descriptors many_vectors_received more_than_any_call end_of_file broken_pipe
    nothing_to_do control_without_a_byte peek_is_refused
}

const AGAIN: Option<Errno> = Some(Errno(libc::EAGAIN));
const INVALID: Option<Errno> = Some(Errno(libc::EINVAL));

/// Bytes of which no two neighbourhoods are alike, so that one lost, doubled or moved is seen.
fn pattern(n: usize) -> Vec<u8> {
    (0..n as u32)
        .map(|i| (i.wrapping_mul(2_654_435_761) >> 24) as u8)
        .collect()
}

/// `bytes` in vectors of 0 to 6 bytes, so some are empty.
fn pieces(bytes: &[u8]) -> Vec<IoVec<'_>> {
    let (mut rest, mut vectors) = (bytes, Vec::new());
    while !rest.is_empty() {
        let (piece, others) = rest.split_at(rest.len().min(vectors.len() % 7));
        vectors.push(IoVec::new(piece));
        rest = others;
    }
    vectors
}

fn pieces_mut(bytes: &mut [u8]) -> Vec<IoVecMut<'_>> {
    let (mut rest, mut vectors) = (bytes, Vec::new());
    while !rest.is_empty() {
        let (piece, others) = rest.split_at_mut(rest.len().min(vectors.len() % 7));
        vectors.push(IoVecMut::new(piece));
        rest = others;
    }
    vectors
}

/// `try_again` until all is done, waiting between the calls. The reader starts when the first call was cut short.
fn until_done(
    fd: &impl AsFd,
    n: usize,
    start: &Barrier,
    mut try_again: impl FnMut() -> Result<(), Incomplete>,
) -> Outcome {
    let (mut done, mut cuts) = (0, 0);
    loop {
        match try_again() {
            Ok(()) => break,
            Err(Incomplete {
                errno: AGAIN,
                done: more,
            }) => done += more,
            Err(other) => return Err(other.into()),
        }
        assert!(
            0 < done && done < n,
            "{done} bytes done and some left, of {n}"
        );
        if cuts == 0 {
            start.wait();
        }
        cuts += 1;
        wait(fd, libc::POLLOUT)?;
    }
    assert!(cuts > 0, "all at once");
    Ok(())
}

/// Sends through a socket of a small buffer that does not block, to a reader that takes a little at a time.
fn small_buffer() -> Outcome {
    let (a, mut b) = UnixStream::pair()?;
    set(&a, "SO_SNDBUF", libc::SOL_SOCKET, libc::SO_SNDBUF, 1)?; // the kernel has a least one
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

/// The same with a descriptor beside the bytes, which arrives once.
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
            let (mut some, mut control) = ([0; 777], [0; SCM_RIGHTS.space_for(4)]);
            let mut vectors = [IoVecMut::new(&mut some)];
            let mut message = ancil::MsgHdrMut::new()
                .iov(&mut vectors)
                .control(&mut control);
            let mut received = io::recvmsg(&b, &mut message, MsgFlags::empty()).expect("received");
            assert!(received.bytes() > 0, "end of the stream");
            let place = all.len();
            fds.extend(received.take_fds().map(|fd| (place, fd)));
            all.extend(bytes(&received));
        }
        (b, all, fds)
    });
    let mut buffer = [0; SCM_RIGHTS.space_for(1)];
    let mut writer = Writer::new(&mut buffer);
    writer.put(SCM_RIGHTS, &[a.as_raw_fd()])?;
    let (mut control, mut vectors) = (writer.finish(), pieces(&data));
    let mut rest = &mut vectors[..];
    until_done(&a, n, &start, || {
        io::sendmsg_all(&a, &mut rest, &mut control, MsgFlags::MSG_NOSIGNAL)
    })?;
    assert!(rest.is_empty() && control.is_empty());
    let (_b, all, fds) = reader.join().expect("the reader");
    assert!(all == data);
    assert_eq!(fds.iter().map(|(place, _)| *place).collect::<Vec<_>>(), [0]);
    drop(fds);
    assert_eq!(open_fds(), before);
    Ok(())
}

/// A pipe of one page, whose ends block or not.
fn pipe(flags: i32) -> Outcome<(OwnedFd, OwnedFd)> {
    let mut fds = [0; 2];
    // SAFETY: space for two descriptors.
    if unsafe { libc::pipe2(fds.as_mut_ptr(), flags | libc::O_CLOEXEC) } < 0 {
        return Err(IoError::last_os_error().into());
    }
    // SAFETY: two open descriptors, of nobody else.
    let ends = unsafe { (OwnedFd::from_raw_fd(fds[0]), OwnedFd::from_raw_fd(fds[1])) };
    // SAFETY: no memory involved.
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

fn pipe_that_does_not_block() -> Outcome {
    let (from, to) = pipe(libc::O_NONBLOCK)?;
    let data = pattern(100_000);
    let (mut back, mut vectors) = (vec![0; data.len()], pieces(&data));
    let mut spaces = pieces_mut(&mut back);
    let (mut rest, mut space) = (&mut vectors[..], &mut spaces[..]);
    let (mut written, mut read) = (0, 0);
    while read < data.len() {
        match io::write_all(&to, &mut rest) {
            Ok(()) => written = data.len(),
            Err(Incomplete { errno: AGAIN, done }) => written += done,
            Err(other) => return Err(other.into()),
        }
        match io::read_exact(&from, &mut space) {
            Ok(()) => read = data.len(),
            Err(Incomplete { errno: AGAIN, done }) => read += done,
            Err(other) => return Err(other.into()),
        }
        assert_eq!(read, written, "both say how far they came");
        assert_eq!(iov::total(rest), Some(data.len() - written));
        assert_eq!(iov::total(space), Some(data.len() - read));
    }
    drop(spaces);
    assert!(back == data);
    Ok(())
}

static SIGNALS: AtomicUsize = AtomicUsize::new(0);

extern "C" fn count(_: i32) {
    SIGNALS.fetch_add(1, SeqCst);
}

/// Runs `blocks` in a thread, interrupts it in its sleep fifty times, and only then does `unblock`.
fn interrupted<T: Send>(
    blocks: impl FnOnce() -> T + Send,
    unblock: impl FnOnce() -> Outcome,
) -> Outcome<T> {
    // SAFETY: a zeroed sigaction has an empty mask and no flags, so no SA_RESTART; the handler only counts.
    unsafe {
        let mut action: libc::sigaction = std::mem::zeroed();
        action.sa_sigaction = count as extern "C" fn(i32) as usize;
        assert_eq!(libc::sigaction(libc::SIGUSR1, &action, ptr::null_mut()), 0);
    }
    let tid = AtomicI32::new(0);
    thread::scope(|scope| {
        let worker = scope.spawn(|| {
            // SAFETY: no memory involved.
            tid.store(unsafe { libc::gettid() }, SeqCst);
            blocks()
        });
        let deadline = Instant::now() + Duration::from_secs(10);
        let wait_until = |what: &str, happened: &dyn Fn() -> bool| {
            while !happened() && !worker.is_finished() {
                assert!(Instant::now() < deadline, "{what}: not in ten seconds");
                thread::yield_now();
            }
        };
        wait_until("start", &|| tid.load(SeqCst) != 0);
        let stat = format!("/proc/self/task/{}/stat", tid.load(SeqCst));
        for _ in 0..50 {
            let asleep = || std::fs::read_to_string(&stat).is_ok_and(|text| text.contains(") S "));
            wait_until("sleep", &asleep);
            let before = SIGNALS.load(SeqCst);
            // SAFETY: a thread of this process; it was not joined yet.
            unsafe {
                libc::syscall(
                    libc::SYS_tgkill,
                    libc::getpid(),
                    tid.load(SeqCst),
                    libc::SIGUSR1,
                )
            };
            wait_until("signal", &|| SIGNALS.load(SeqCst) > before);
        }
        unblock()?;
        Ok(worker.join().expect("the thread"))
    })
}

fn write_is_interrupted() -> Outcome {
    let (a, mut b) = UnixStream::pair()?;
    let data = pattern(2_000_000); // more than the socket holds
    let reader = interrupted(
        || {
            let mut vectors = pieces(&data);
            io::write_all(&a, &mut &mut vectors[..]).map(|()| drop(a))
        },
        || {
            let mut back = Vec::new();
            b.read_to_end(&mut back)?;
            assert!(back == data, "{} bytes arrived", back.len());
            Ok(())
        },
    )?;
    Ok(reader?)
}

fn read_is_interrupted() -> Outcome {
    let (mut a, b) = UnixStream::pair()?;
    let data = pattern(3000);
    let before = open_fds();
    let read = interrupted(
        || {
            let (mut back, mut more, mut control) = (vec![0; 2000], vec![0; 1000], [0; 64]);
            let mut vectors = pieces_mut(&mut back);
            let first = io::read_exact(&b, &mut &mut vectors[..]);
            let mut vectors = pieces_mut(&mut more);
            let (received, second) = io::recvmsg_exact(
                &b,
                &mut &mut vectors[..],
                &mut control,
                MsgFlags::MSG_WAITALL,
            );
            drop(received);
            first.and(second).map(|()| [back, more].concat())
        },
        || Ok(a.write_all(&data)?),
    )?;
    assert!(read? == data);
    assert_eq!(open_fds(), before);
    Ok(())
}

fn many_vectors() -> Outcome {
    let (from, to) = (UnixStream::pair()?, pattern(30_000));
    let (mut vectors, mut back) = (pieces(&to), vec![0; to.len()]);
    assert!(vectors.len() > 8 * UIO_MAXIOV);
    let mut spaces = pieces_mut(&mut back);
    io::write_all(&from.0, &mut &mut vectors[..])?;
    io::read_exact(&from.1, &mut &mut spaces[..])?;
    drop(spaces);
    assert!(back == to);
    Ok(())
}

/// A control buffer with a descriptor.
fn rights(buffer: &mut [u8], fd: i32) -> Outcome<&[u8]> {
    let mut writer = Writer::new(buffer);
    writer.put(SCM_RIGHTS, &[fd])?;
    Ok(writer.finish())
}

fn many_vectors_with_descriptors() -> Outcome {
    let (a, b) = UnixStream::pair()?;
    let data = pattern(30_000);
    let mut vectors = pieces(&data);
    let (before, mut buffer) = (open_fds(), [0; SCM_RIGHTS.space_for(1)]);
    let mut control = rights(&mut buffer, a.as_raw_fd())?;
    io::sendmsg_all(&a, &mut &mut vectors[..], &mut control, MsgFlags::empty())?;
    let (mut back, mut space) = (vec![0; data.len()], [0; SCM_RIGHTS.space_for(20)]);
    let mut spaces = pieces_mut(&mut back);
    let (mut received, outcome) =
        io::recvmsg_exact(&b, &mut &mut spaces[..], &mut space, MsgFlags::empty());
    outcome?;
    assert_eq!(
        (received.bytes(), received.flags()),
        (data.len(), MsgFlags::empty())
    );
    assert_eq!(
        received.take_fds().count(),
        1,
        "with the first byte, and never again"
    );
    drop((received, spaces));
    assert!(back == data);
    assert_eq!(open_fds(), before);
    Ok(())
}

fn many_vectors_received() -> Outcome {
    let (a, mut b) = (UnixStream::pair()?, pattern(7000));
    a.0.shutdown(std::net::Shutdown::Read)?;
    (&a.0).write_all(&b)?;
    let sent = std::mem::replace(&mut b, vec![0; 7001]);
    let mut spaces = pieces_mut(&mut b);
    assert!(spaces.len() > UIO_MAXIOV);
    let mut rest = &mut spaces[..];
    drop(a.0); // one byte is missing
    let (received, outcome) = io::recvmsg_exact(&a.1, &mut rest, &mut [], MsgFlags::empty());
    assert_eq!(
        outcome,
        Err(Incomplete {
            errno: None,
            done: 7000
        })
    );
    assert_eq!((received.bytes(), iov::total(rest)), (7000, Some(1)));
    drop((received, spaces));
    assert!(b[..7000] == sent);
    Ok(())
}

/// Memory that is only addresses: enough vectors over it have more bytes than there are numbers.
fn more_than_any_call() -> Outcome {
    let len = 1usize << if size_of::<usize>() == 8 { 45 } else { 27 };
    let flags = libc::MAP_PRIVATE | libc::MAP_ANONYMOUS | libc::MAP_NORESERVE;
    // SAFETY: new memory, at an address that the kernel chooses.
    let start = unsafe { libc::mmap(ptr::null_mut(), len, libc::PROT_READ, flags, -1, 0) };
    if start == libc::MAP_FAILED {
        return Err(Stop::Skip(format!(
            "mmap of {len} bytes: {}",
            IoError::last_os_error()
        )));
    }
    // SAFETY: `len` bytes of zeros, which nobody writes; they are unmapped after their last use.
    let all = unsafe { std::slice::from_raw_parts(start.cast::<u8>(), len) };
    let mut vectors = vec![IoVec::new(all); isize::MAX as usize / len + 1];
    let (a, b) = UnixStream::pair()?;
    b.set_nonblocking(true)?;
    let mut buffer = [0; SCM_RIGHTS.space_for(1)];
    let mut control = rights(&mut buffer, a.as_raw_fd())?;
    let (count, refused) = (
        vectors.len(),
        Err(Incomplete {
            errno: INVALID,
            done: 0,
        }),
    );
    let mut rest = &mut vectors[..];
    assert_eq!(io::write_all(&a, &mut rest), refused);
    assert_eq!(
        io::sendmsg_all(&a, &mut rest, &mut control, MsgFlags::empty()),
        refused
    );
    assert_eq!(
        (rest.len(), control.len()),
        (count, SCM_RIGHTS.space_for(1))
    );
    drop(vectors);
    // SAFETY: mapped above; no vector is left.
    unsafe { libc::munmap(start, len) };
    assert_eq!(
        (&b).read(&mut [0]).map_err(|e| e.raw_os_error()),
        Err(Some(libc::EAGAIN)),
        "nothing was sent"
    );
    Ok(())
}

fn end_of_file() -> Outcome {
    let file = File::open("/proc/sys/kernel/ostype")?; // "Linux\n"
    let (mut one, mut two) = ([0; 3], [0; 9]);
    let mut vectors = [IoVecMut::new(&mut one), IoVecMut::new(&mut two)];
    let mut rest = &mut vectors[..];
    let missing = io::read_exact(&file, &mut rest).expect_err("a longer file");
    assert_eq!(
        missing,
        Incomplete {
            errno: None,
            done: 6
        }
    );
    assert_eq!(
        (missing.to_string(), rest.len(), rest[0].len()),
        ("ended after 6 bytes".into(), 1, 6)
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
    let (mut rest, mut control) = (&mut vectors[..], &[][..]);
    let broken = io::sendmsg_all(&a, &mut rest, &mut control, MsgFlags::MSG_NOSIGNAL);
    assert_eq!(
        broken,
        Err(Incomplete {
            errno: Some(Errno(libc::EPIPE)),
            done: 0
        })
    );
    assert_eq!(iov::total(rest), Some(10));
    Ok(())
}

fn nothing_to_do() -> Outcome {
    // SAFETY: no process can have so many descriptors; and it is not used, that is the point.
    let nobody = unsafe { io::Fd::borrow_raw(i32::MAX) };
    let mut empty = [IoVec::default(); 3];
    assert_eq!(io::write_all(nobody, &mut &mut empty[..]), Ok(()));
    assert_eq!(
        io::sendmsg_all(nobody, &mut &mut empty[..], &mut &[][..], MsgFlags::empty()),
        Ok(())
    );
    assert_eq!(io::read_exact(nobody, &mut &mut [][..]), Ok(()));
    let (received, outcome) =
        io::recvmsg_exact(nobody, &mut &mut [][..], &mut [], MsgFlags::empty());
    assert_eq!((received.bytes(), outcome), (0, Ok(())));
    Ok(())
}

fn control_without_a_byte() -> Outcome {
    let (a, _b) = UnixStream::pair()?;
    let mut buffer = [0; SCM_RIGHTS.space_for(1)];
    let mut control = rights(&mut buffer, a.as_raw_fd())?;
    let outcome = io::sendmsg_all(
        &a,
        &mut &mut [IoVec::default()][..],
        &mut control,
        MsgFlags::empty(),
    );
    assert_eq!(
        outcome,
        Err(Incomplete {
            errno: INVALID,
            done: 0
        })
    );
    assert!(!control.is_empty(), "still to be sent");
    Ok(())
}

fn peek_is_refused() -> Outcome {
    let (a, b) = UnixStream::pair()?;
    send_plain(&a, b"x")?;
    let mut bytes = [0; 2];
    let mut vectors = [IoVecMut::new(&mut bytes)];
    let mut rest = &mut vectors[..];
    let (received, outcome) = io::recvmsg_exact(&b, &mut rest, &mut [], MsgFlags::MSG_PEEK);
    assert_eq!(
        (received.bytes(), outcome),
        (
            0,
            Err(Incomplete {
                errno: INVALID,
                done: 0
            })
        )
    );
    assert_eq!(iov::total(rest), Some(2));
    Ok(())
}
