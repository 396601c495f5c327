//! Child processes that run a test in a network of their own, with all privileges over it, or
//! without any privilege.

use crate::support::*;
use std::io::{Error as IoError, Read, Write};
use std::os::fd::AsRawFd;
use std::os::unix::net::UnixStream;
use std::panic::{AssertUnwindSafe, catch_unwind};

/// Runs `test` in a child process and returns its outcome.
pub fn in_child(test: impl FnOnce() -> Outcome) -> Outcome {
    let (mut here, mut there) = UnixStream::pair()?;
    // SAFETY: no other thread of this process runs: `main` runs one test at a time, and the tests
    // join their threads. So no lock is held that the child would wait for.
    let child = unsafe { libc::fork() };
    if child == 0 {
        let outcome = match catch_unwind(AssertUnwindSafe(test)) {
            Ok(Ok(())) => "ok".into(),
            Ok(Err(Stop::Skip(reason))) => format!("skip {reason}"),
            Ok(Err(Stop::Fail(message))) => format!("fail {message}"),
            Err(_) => "fail panicked with the message above".into(),
        };
        let written = there.write_all(outcome.as_bytes());
        // SAFETY: `_exit` accesses no memory. It ends the child without running handlers or
        // flushing buffers, which belong to the parent.
        unsafe { libc::_exit(written.is_err().into()) };
    }
    if child < 0 {
        return Err(IoError::last_os_error().into());
    }
    drop(there);
    let mut outcome = String::new();
    let read = here.read_to_string(&mut outcome);
    // SAFETY: `waitpid` accepts a null pointer for the status, and `child` is a child of this
    // process that nothing else waits for.
    unsafe { libc::waitpid(child, std::ptr::null_mut(), 0) };
    read?;
    match outcome.split_once(' ') {
        None if outcome == "ok" => Ok(()),
        Some(("skip", reason)) => Err(Stop::Skip(reason.into())),
        Some((_, message)) => Err(Stop::Fail(message.into())),
        None => Err(Stop::Fail("the child process ended early".into())),
    }
}

/// Runs `test` in a new network namespace. Its loopback interface is up and takes packets of at
/// most 1500 bytes, and no other process sends there. This takes root or the right to make user
/// namespaces.
pub fn in_namespace(test: fn() -> Outcome) -> Outcome {
    in_child(|| {
        enter_namespace()?;
        test()
    })
}

/// Moves this process, which must be a child made for one test, into a new network namespace.
pub fn enter_namespace() -> Outcome {
    // SAFETY: `unshare` accesses no memory, and changes the namespaces of this process alone.
    let made = unsafe {
        libc::unshare(libc::CLONE_NEWNET) == 0
            || libc::unshare(libc::CLONE_NEWUSER | libc::CLONE_NEWNET) == 0
    };
    if !made {
        return Err(Stop::Skip(format!(
            "a network namespace: {}",
            IoError::last_os_error()
        )));
    }
    loopback(libc::SIOCSIFFLAGS, |request| {
        request.ifr_ifru.ifru_flags = libc::IFF_UP as i16
    })?;
    set_mtu(1500)
}

/// Sets the length in bytes of the longest packet that the loopback interface takes.
pub fn set_mtu(mtu: i32) -> Outcome {
    loopback(libc::SIOCSIFMTU, |request| request.ifr_ifru.ifru_mtu = mtu)
}

/// Returns the index of the loopback interface.
pub fn loopback_index() -> i32 {
    // SAFETY: the call reads a string that ends with NUL.
    unsafe { libc::if_nametoindex(c"lo".as_ptr()) as i32 }
}

/// Changes the loopback interface with an ioctl of `netdevice(7)`.
fn loopback(operation: libc::c_ulong, fill: impl FnOnce(&mut libc::ifreq)) -> Outcome {
    let socket = needs("a socket", socket(libc::AF_UNIX, libc::SOCK_DGRAM, 0))?;
    // SAFETY: zero is a value of every field of `ifreq`.
    let mut request: libc::ifreq = unsafe { std::mem::zeroed() };
    for (to, from) in request.ifr_name.iter_mut().zip(*b"lo") {
        *to = from as libc::c_char;
    }
    fill(&mut request);
    // SAFETY: both operations read an `ifreq`, and `request` is one.
    let failed = unsafe { libc::ioctl(socket.as_raw_fd(), operation as _, &raw const request) } < 0;
    needs(
        "the loopback interface",
        if failed {
            Err(IoError::last_os_error())
        } else {
            Ok(())
        },
    )
}

/// Runs `test` as a user with no privilege.
pub fn unprivileged(test: fn() -> Outcome) -> Outcome {
    in_child(|| {
        // SAFETY: the calls access no memory, and change this process alone. They fail without
        // root, which then needs no dropping.
        unsafe { (libc::setgid(65534), libc::setuid(65534)) };
        let status = std::fs::read_to_string("/proc/self/status")?;
        let effective = status
            .lines()
            .find_map(|line| line.strip_prefix("CapEff:"))
            .unwrap_or("?")
            .trim();
        if effective.chars().any(|digit| digit != '0') {
            return Err(Stop::Skip(format!(
                "this user keeps privileges: CapEff {effective}"
            )));
        }
        test()
    })
}
