//! Child processes: with a network of their own, where they may do everything, or with no privilege at all.

use crate::support::*;
use std::io::{Error as IoError, Read, Write};
use std::os::fd::AsRawFd;
use std::os::unix::net::UnixStream;
use std::panic::{AssertUnwindSafe, catch_unwind};

/// Runs `test` in a child process and hands its outcome back.
fn in_child(test: impl FnOnce() -> Outcome) -> Outcome {
    let (mut here, mut there) = UnixStream::pair()?;
    // SAFETY: this process has one thread (see main), so no lock is held that the child would wait for.
    let child = unsafe { libc::fork() };
    if child == 0 {
        let outcome = match catch_unwind(AssertUnwindSafe(test)) {
            Ok(Ok(())) => "ok".into(),
            Ok(Err(Stop::Skip(reason))) => format!("skip {reason}"),
            Ok(Err(Stop::Fail(message))) => format!("fail {message}"),
            Err(_) => "fail panicked; its words are above".into(),
        };
        let told = there.write_all(outcome.as_bytes());
        // SAFETY: ends the child without what the parent has yet to print or to close.
        unsafe { libc::_exit(told.is_err().into()) };
    }
    if child < 0 {
        return Err(IoError::last_os_error().into());
    }
    drop(there);
    let mut outcome = String::new();
    let read = here.read_to_string(&mut outcome);
    // SAFETY: our own child; its status is not asked for.
    unsafe { libc::waitpid(child, std::ptr::null_mut(), 0) };
    read?;
    match outcome.split_once(' ') {
        None if outcome == "ok" => Ok(()),
        Some(("skip", reason)) => Err(Stop::Skip(reason.into())),
        Some((_, message)) => Err(Stop::Fail(message.into())),
        None => Err(Stop::Fail("the child process ended early".into())),
    }
}

/// Runs `test` in a new network namespace. Its loopback interface is up, takes packets of at most 1500 bytes, and
/// nobody else sends there. Whoever may make user namespaces may do so.
pub fn in_namespace(test: fn() -> Outcome) -> Outcome {
    in_child(|| {
        enter_namespace()?;
        test()
    })
}

/// Moves this process, which must be such a child, into a new network namespace.
pub fn enter_namespace() -> Outcome {
    // SAFETY: no memory involved; neither call changes the other processes.
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

/// Sets the longest packet that the loopback interface takes.
pub fn set_mtu(mtu: i32) -> Outcome {
    loopback(libc::SIOCSIFMTU, |request| request.ifr_ifru.ifru_mtu = mtu)
}

/// The number of the loopback interface.
pub fn loopback_index() -> i32 {
    // SAFETY: a string with its end.
    unsafe { libc::if_nametoindex(c"lo".as_ptr()) as i32 }
}

/// Changes the loopback interface: `netdevice(7)`.
fn loopback(operation: libc::c_ulong, fill: impl FnOnce(&mut libc::ifreq)) -> Outcome {
    let any = needs("a socket", socket(libc::AF_UNIX, libc::SOCK_DGRAM, 0))?;
    // SAFETY: a C struct of integers and a union of such.
    let mut request: libc::ifreq = unsafe { std::mem::zeroed() };
    for (to, from) in request.ifr_name.iter_mut().zip(*b"lo") {
        *to = from as libc::c_char;
    }
    fill(&mut request);
    // SAFETY: a request of the kind that the operation reads.
    let failed = unsafe { libc::ioctl(any.as_raw_fd(), operation as _, &raw const request) } < 0;
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
        // SAFETY: no memory involved. Who is not root has nothing to give up, and then it fails.
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
