//! A network of its own for a program, where it may do everything or lacks a privilege.

use std::io::{Error, Result};
use std::net::{Ipv6Addr, UdpSocket};
use std::os::unix::process::CommandExt;
use std::process::Command;
use std::time::{Duration, Instant};

/// `linux/capability.h`
pub const CAP_SETUID: libc::c_ulong = 7;
pub const CAP_NET_RAW: libc::c_ulong = 13;

fn check(result: i32) -> Result<i32> {
    if result < 0 {
        Err(Error::last_os_error())
    } else {
        Ok(result)
    }
}

/// In a new network namespace, as its owner, with the loopback interface up and these files of /proc/sys/net written.
pub fn isolated<'c>(
    command: &'c mut Command,
    settings: &'static [(&'static str, &'static str)],
) -> &'c mut Command {
    // SAFETY: no memory involved.
    let (uid, gid) = unsafe { (libc::getuid(), libc::getgid()) };
    let maps = [
        ("uid_map", format!("0 {uid} 1")),
        ("setgroups", "deny".into()),
        ("gid_map", format!("0 {gid} 1")),
    ];
    let maps = maps.map(|(file, text)| (format!("/proc/self/{file}"), text));
    let enter = move || {
        // SAFETY: as above; neither call changes other processes.
        if unsafe { libc::unshare(libc::CLONE_NEWNET) } < 0 {
            // SAFETY: as above.
            check(unsafe { libc::unshare(libc::CLONE_NEWUSER | libc::CLONE_NEWNET) })?;
            maps.iter()
                .try_for_each(|(path, text)| std::fs::write(path, text))?;
        }
        // SAFETY: a C struct of integers and a union of such.
        let mut request: libc::ifreq = unsafe { std::mem::zeroed() };
        [request.ifr_name[0], request.ifr_name[1]] = b"lo".map(|byte| byte as libc::c_char);
        request.ifr_ifru.ifru_flags = libc::IFF_UP as i16;
        // SAFETY: a request of the kind that the operation reads.
        check(unsafe {
            libc::ioctl(
                any(libc::AF_UNIX)?,
                libc::SIOCSIFFLAGS as _,
                &raw const request,
            )
        })?;
        settings
            .iter()
            .try_for_each(|(path, text)| std::fs::write(path, text))
    };
    // SAFETY: system calls alone; the strings are made before.
    unsafe { command.pre_exec(enter) }
}

/// Without this privilege, also as root. Who has none has nothing to lose.
pub fn without(command: &mut Command, capability: libc::c_ulong) -> &mut Command {
    // SAFETY: a system call of two numbers; what it lowers is lost with the next execve(2).
    unsafe {
        command.pre_exec(move || {
            libc::prctl(libc::PR_CAPBSET_DROP, capability, 0, 0, 0);
            Ok(())
        })
    }
}

/// With `::2` on the loopback interface, too. To come behind `isolated`.
pub fn with_another_ipv6_address(command: &mut Command) -> &mut Command {
    let add = || {
        let (two, start) = (Ipv6Addr::from_bits(2), Instant::now());
        let address = libc::in6_addr {
            s6_addr: two.octets(),
        };
        let request = libc::in6_ifreq {
            ifr6_addr: address,
            ifr6_prefixlen: 128,
            ifr6_ifindex: 1,
        };
        // SAFETY: a request of the kind that the operation reads.
        check(unsafe {
            libc::ioctl(
                any(libc::AF_INET6)?,
                libc::SIOCSIFADDR as _,
                &raw const request,
            )
        })?;
        // The kernel brings it into service in the background.
        while let Err(e) = UdpSocket::bind((two, 0)) {
            if start.elapsed() > Duration::from_secs(10) {
                return Err(e);
            }
            std::thread::yield_now();
        }
        Ok(())
    };
    // SAFETY: system calls alone.
    unsafe { command.pre_exec(add) }
}

/// A socket to make such requests with. The program does not inherit it.
fn any(family: i32) -> Result<i32> {
    // SAFETY: no memory involved.
    check(unsafe { libc::socket(family, libc::SOCK_DGRAM | libc::SOCK_CLOEXEC, 0) })
}
