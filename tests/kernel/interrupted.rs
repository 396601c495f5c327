//! Signals that interrupt a call: which calls are repeated, and which return EINTR.

use crate::blocked_thread::while_blocked;
use crate::namespace::in_child;
use crate::pattern::{pattern, pieces, pieces_mut};
use crate::support::*;
use crate::unix::closes_on_exec;
use ancil::io::{Cause, Incomplete};
use ancil::{Errno, IoVecMut, MsgFlags, MsgHdrMut, Received, SCM_RIGHTS, UpTo, io, space_of};
use std::io::{Read, Write};
use std::os::unix::net::{UnixDatagram, UnixStream};
use std::ptr;
use std::sync::atomic::{AtomicUsize, Ordering::SeqCst};
use std::time::Duration;

trials! {
    write_is_interrupted
    read_is_interrupted
    receive_is_repeated
    batch_is_repeated
    one_line_is_repeated
    descriptors_are_sent_once
    send_to_a_full_stream_is_repeated
    closed_peer_without_a_signal
    receive_returns_eintr
}

static SIGNALS: AtomicUsize = AtomicUsize::new(0);

extern "C" fn count(_: i32) {
    SIGNALS.fetch_add(1, SeqCst);
}

/// Runs `blocks` in a thread, interrupts that thread fifty times while it sleeps in a system call,
/// and then calls `unblock`.
fn interrupted<T: Send>(
    blocks: impl FnOnce() -> T + Send,
    unblock: impl FnOnce() -> Outcome,
) -> Outcome<T> {
    // SAFETY: zero is a value of every field of `sigaction`: an empty mask and no flags, so no
    // SA_RESTART. The call reads `action`, and accepts a null pointer for the old action. `count`
    // is safe in a signal handler, because it does nothing but an atomic addition.
    unsafe {
        let mut action: libc::sigaction = std::mem::zeroed();
        action.sa_sigaction = count as extern "C" fn(i32) as usize;
        assert_eq!(libc::sigaction(libc::SIGUSR1, &action, ptr::null_mut()), 0);
    }
    while_blocked(blocks, |thread| {
        for _ in 0..50 {
            thread.wait_for_sleep();
            let before = SIGNALS.load(SeqCst);
            thread.send_signal(libc::SIGUSR1);
            thread.wait_until("signal", || SIGNALS.load(SeqCst) > before);
        }
        unblock()
    })
}

/// Space for the control messages of the tests below.
const CONTROL: usize = space_of::<UpTo<SCM_RIGHTS, 1>>();

/// Returns the bytes of a message, which must have brought one descriptor that is closed on exec:
/// the repeated call asks for that, too.
fn with_descriptor(mut received: Received<'_>) -> Vec<u8> {
    let fds: Vec<_> = received.take_fds().collect();
    assert!(fds.len() == 1 && fds.iter().all(closes_on_exec), "{fds:?}");
    bytes(&received)
}

fn write_is_interrupted() -> Outcome {
    let (a, mut b) = UnixStream::pair()?;
    let data = pattern(2_000_000); // more than the buffers of the socket hold
    let written = interrupted(
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
    Ok(written?)
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

fn receive_is_repeated() -> Outcome {
    let (a, b) = UnixDatagram::pair()?;
    let received = interrupted(
        || {
            let (mut bytes, mut control) = ([0; 9], [0; CONTROL]);
            let mut vectors = [IoVecMut::new(&mut bytes)];
            let mut message = MsgHdrMut::new().iov(&mut vectors).control(&mut control);
            io::recvmsg_retry(&b, &mut message, MsgFlags::empty()).map(with_descriptor)
        },
        || Ok(io::send_fds(&a, b"at last", &[(&b).into()])?),
    )?;
    assert_eq!(received?, b"at last");
    Ok(())
}

fn one_line_is_repeated() -> Outcome {
    let (a, b) = UnixDatagram::pair()?;
    let received = interrupted(
        || io::recv_fds::<1>(&b, &mut [0; 9]),
        || Ok(io::send_fds(&a, b"at last", &[(&b).into()])?),
    )?;
    let received = received?;
    assert_eq!((received.bytes, received.closed), (7, 0));
    assert!(received.fds[0].as_ref().is_some_and(closes_on_exec));
    Ok(())
}

/// The first signal ends a call that has sent a part of the bytes. The descriptor went with them.
fn descriptors_are_sent_once() -> Outcome {
    let (a, b) = UnixStream::pair()?;
    let data = pattern(2_000_000); // more than the buffers of the socket hold
    interrupted_send(&a, &b, &data, data.clone())
}

/// The first call has sent nothing when the first signal ends it.
fn send_to_a_full_stream_is_repeated() -> Outcome {
    let (mut a, b) = UnixStream::pair()?;
    a.set_nonblocking(true)?;
    let mut before = Vec::new();
    while let Ok(n @ 1..) = a.write(&[7; 4096]) {
        before.resize(before.len() + n, 7);
    }
    a.set_nonblocking(false)?;
    let data = pattern(3000);
    interrupted_send(&a, &b, &data, [before, data.clone()].concat())
}

/// Sends `data` with a descriptor. `all` must arrive, and one descriptor.
fn interrupted_send(a: &UnixStream, b: &UnixStream, data: &[u8], all: Vec<u8>) -> Outcome {
    b.set_read_timeout(Some(Duration::from_secs(10)))?;
    let sent = interrupted(
        || io::send_fds(a, data, &[b.into()]),
        || {
            let (mut back, mut fds, mut bytes) = (Vec::new(), 0, [0; 1 << 16]);
            while back.len() < all.len() {
                let received = io::recv_fds::<2>(b, &mut bytes)?;
                assert!(received.bytes > 0 && !received.is_truncated());
                back.extend_from_slice(&bytes[..received.bytes]);
                fds += received.fds.iter().flatten().count();
            }
            assert!(back == all && fds == 1, "{fds} descriptors");
            Ok(())
        },
    )?;
    Ok(sent?)
}

/// The call that is repeated has the timeout, too.
fn batch_is_repeated() -> Outcome {
    const HOUR: Duration = Duration::from_secs(3600);
    let (a, b) = UnixDatagram::pair()?;
    let (received, remaining) = interrupted(
        || {
            let (mut bytes, mut control) = ([[0; 9]; 2], [[0; CONTROL]; 2]);
            let mut vectors = bytes.each_mut().map(|bytes| [IoVecMut::from(bytes)]);
            let mut buffers = io::RecvBuffers::<2>::new(&mut vectors).control(&mut control);
            io::recvmmsg_retry(&b, &mut buffers, MsgFlags::MSG_WAITFORONE, Some(HOUR)).map(
                |batch| {
                    let remaining = batch.remaining();
                    (batch.map(with_descriptor).collect::<Vec<_>>(), remaining)
                },
            )
        },
        || Ok(io::send_fds(&a, b"at last", &[(&b).into()])?),
    )??;
    assert_eq!(received, [b"at last"]);
    let minute = Duration::from_secs(60);
    assert!(
        remaining.is_some_and(|rest| rest <= HOUR && rest > HOUR - minute),
        "{remaining:?}"
    );
    Ok(())
}

/// A peer that is gone is EPIPE in the first call and in those for the rest, also where SIGPIPE
/// ends the process. Rust ignores that signal, C does not.
fn closed_peer_without_a_signal() -> Outcome {
    in_child(|| {
        // SAFETY: signal accesses no memory of the program, and SIG_DFL is no function that would
        // be called.
        assert!(unsafe { libc::signal(libc::SIGPIPE, libc::SIG_DFL) } != libc::SIG_ERR);
        let broken = Cause::Errno(Errno(libc::EPIPE));
        let (a, b) = UnixStream::pair()?;
        drop(b);
        let first = Incomplete {
            cause: broken,
            done: 0,
        };
        assert_eq!(io::send_fds(&a, b"x", &[(&a).into()]), Err(first));

        // A packet may be empty. The kernel has no signal for packets, whatever the flags.
        let [a, b] = packets()?;
        drop(b);
        assert_eq!(io::send_fds(&a, b"", &[(&a).into()]), Err(first));

        let (a, mut b) = UnixStream::pair()?;
        let data = pattern(4_000_000); // more than is read below and the buffers hold
        let mut back = vec![0; 2_000_000];
        let sent = interrupted(
            || io::send_fds(&a, &data, &[(&a).into()]),
            || {
                // The call that waits now has sent a part when `b` is closed, so another follows.
                b.read_exact(&mut back)?;
                drop(b);
                Ok(())
            },
        )?;
        let rest = sent.expect_err("nobody has read all");
        assert!(rest.cause == broken && rest.done >= back.len(), "{rest:?}");
        Ok(())
    })
}

/// A signal ends `recvmsg` and `recvmmsg`, so that a program can stop.
fn receive_returns_eintr() -> Outcome {
    let (_a, b) = UnixDatagram::pair()?;
    let errors = interrupted(
        || {
            let mut bytes = [0];
            let mut vectors = [IoVecMut::new(&mut bytes)];
            let mut message = MsgHdrMut::new().iov(&mut vectors);
            let one = io::recvmsg(&b, &mut message, MsgFlags::empty()).map(|_| ());
            let mut vectors = [[IoVecMut::new(&mut bytes)]];
            let mut buffers = io::RecvBuffers::<1>::new(&mut vectors);
            let batch = io::recvmmsg(&b, &mut buffers, MsgFlags::empty(), None).map(|_| ());
            (one, batch)
        },
        || Ok(()),
    )?;
    assert_eq!(errors, (Err(Errno::EINTR), Err(Errno::EINTR)));
    Ok(())
}
