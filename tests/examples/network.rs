//! Gives a program its own network, where it has every privilege or lacks one.

use std::io::{Error, Result};
use std::net::{Ipv6Addr, SocketAddrV6, UdpSocket};
use std::os::unix::process::CommandExt;
use std::process::Command;
use std::time::{Duration, Instant};

/// `linux/capability.h`
pub const CAP_NET_RAW: libc::c_ulong = 13;

fn check(result: i32) -> Result<i32> {
    if result < 0 {
        Err(Error::last_os_error())
    } else {
        Ok(result)
    }
}

/// Has the program run in a new network namespace that it owns, with the loopback interface up and
/// with these files of /proc/sys/net written.
pub fn isolated<'c>(
    command: &'c mut Command,
    settings: &'static [(&'static str, &'static str)],
) -> &'c mut Command {
    // SAFETY: neither function takes pointers, so they touch no memory.
    let (uid, gid) = unsafe { (libc::getuid(), libc::getgid()) };
    let maps = [
        ("uid_map", format!("0 {uid} 1")),
        ("setgroups", "deny".into()),
        ("gid_map", format!("0 {gid} 1")),
    ];
    let maps = maps.map(|(file, text)| (format!("/proc/self/{file}"), text));
    let enter = move || {
        // SAFETY: `unshare` takes no pointers, so it touches no memory.
        if unsafe { libc::unshare(libc::CLONE_NEWNET) } < 0 {
            // SAFETY: `unshare` takes no pointers, so it touches no memory.
            check(unsafe { libc::unshare(libc::CLONE_NEWUSER | libc::CLONE_NEWNET) })?;
            maps.iter()
                .try_for_each(|(path, text)| std::fs::write(path, text))?;
        }
        // SAFETY: the fields of `ifreq` are integers, raw pointers and a union of those, for which
        // zero is valid.
        let mut request: libc::ifreq = unsafe { std::mem::zeroed() };
        [request.ifr_name[0], request.ifr_name[1]] = b"lo".map(|byte| byte as libc::c_char);
        request.ifr_ifru.ifru_flags = libc::IFF_UP as i16;
        // SAFETY: SIOCSIFFLAGS reads an `ifreq`, and `request` is one.
        check(unsafe {
            libc::ioctl(
                socket(libc::AF_UNIX)?,
                libc::SIOCSIFFLAGS as _,
                &raw const request,
            )
        })?;
        settings
            .iter()
            .try_for_each(|(path, text)| std::fs::write(path, text))
    };
    // SAFETY: the tests run on one thread, so no other thread can hold a lock that `enter` takes.
    unsafe { command.pre_exec(enter) }
}

/// Has the program run without this privilege, even as root: dropped from the bounding set, it is
/// lost with execve(2). The call fails for users who may not drop it, but they have no privilege to
/// lose.
pub fn without(command: &mut Command, capability: libc::c_ulong) -> &mut Command {
    // SAFETY: the closure makes one system call, which takes no pointers, and neither allocates nor
    // takes a lock.
    unsafe {
        command.pre_exec(move || {
            libc::prctl(libc::PR_CAPBSET_DROP, capability, 0, 0, 0);
            Ok(())
        })
    }
}

/// Adds an address to the loopback interface. The command must already be `isolated`.
pub fn with_ipv6_address<'c>(command: &'c mut Command, address: &str) -> &'c mut Command {
    let ip: Ipv6Addr = address.parse().expect("an address");
    let add = move || {
        let (start, index) = (Instant::now(), 1);
        let address = libc::in6_addr {
            s6_addr: ip.octets(),
        };
        let request = libc::in6_ifreq {
            ifr6_addr: address,
            ifr6_prefixlen: 128,
            ifr6_ifindex: index,
        };
        // SAFETY: on an IPv6 socket, SIOCSIFADDR reads an `in6_ifreq`, and `request` is one.
        check(unsafe {
            libc::ioctl(
                socket(libc::AF_INET6)?,
                libc::SIOCSIFADDR as _,
                &raw const request,
            )
        })?;
        // The kernel makes the address usable in the background: then a datagram arrives.
        let local = SocketAddrV6::new(ip, 0, 0, index as u32);
        let arrives = || {
            let socket = UdpSocket::bind(local)?;
            socket.set_nonblocking(true)?;
            socket.send_to(b"?", socket.local_addr()?)?;
            socket.recv(&mut [0])
        };
        while let Err(e) = arrives() {
            if start.elapsed() > Duration::from_secs(10) {
                return Err(e);
            }
            std::thread::yield_now();
        }
        Ok(())
    };
    // SAFETY: the tests run on one thread, so no other thread can hold a lock that `add` takes.
    unsafe { command.pre_exec(add) }
}

/// Opens a socket for ioctl(2). The program does not inherit it.
fn socket(family: i32) -> Result<i32> {
    // SAFETY: `socket` takes no pointers, so it touches no memory.
    check(unsafe { libc::socket(family, libc::SOCK_DGRAM | libc::SOCK_CLOEXEC, 0) })
}
