// SPDX-License-Identifier: MIT OR Apache-2.0 OR CC0-1.0
//! A service that systemd activates: what it inherits, and how it has something stored.

use crate::Outcome;
use ancil::{Fd, io};
use std::io::{Error, Write as _};
use std::net::{TcpListener, TcpStream};
use std::os::fd::{FromRawFd as _, OwnedFd};
use std::os::linux::net::SocketAddrExt as _;
use std::os::unix::net::{SocketAddr, UnixDatagram};
use std::{env, iter, process};

/// The first descriptor that a service inherits.
pub const FIRST: i32 = 3;

/// Uses the connection that an earlier service had stored, or a new one.
pub fn serve(mut inherited: Vec<(String, OwnedFd)>) -> Outcome {
    let (name, fd) = inherited.pop().ok_or("no socket was inherited")?;
    if name == "connection" {
        let text = format!("service {} on a stored connection\n", process::id());
        return Ok(TcpStream::from(fd).write_all(text.as_bytes())?);
    }
    let (mut connection, _) = TcpListener::from(fd).accept()?;
    writeln!(connection, "service {} on a new connection", process::id())?;
    notify("FDSTORE=1\nFDNAME=connection", &[(&connection).into()])
}

/// Returns the descriptors that this process inherited, with their names. Programs that it executes
/// do not inherit them.
///
/// # Safety
/// Nothing may own a descriptor from 3 on: call this once, before the program opens any.
pub unsafe fn inherited() -> Outcome<Vec<(String, OwnedFd)>> {
    if !env::var("LISTEN_PID").is_ok_and(|pid| pid.parse() == Ok(process::id())) {
        return Ok(Vec::new()); // there are no variables, or they are those of another process
    }
    let names = env::var("LISTEN_FDNAMES").unwrap_or_default();
    let names = names.split(':').chain(iter::repeat("")).map(String::from);
    let count = env::var("LISTEN_FDS")?.parse()?;
    let end = FIRST.checked_add(count).ok_or("LISTEN_FDS is too large")?;
    let mut fds = Vec::new();
    for (name, fd) in names.zip(FIRST..end) {
        // SAFETY: the call touches no memory. It fails if `fd` is not open.
        if unsafe { libc::fcntl(fd, libc::F_SETFD, libc::FD_CLOEXEC) } < 0 {
            return Err(format!("descriptor {fd}: {}", Error::last_os_error()).into());
        }
        // SAFETY: `fd` must be open, as the call has shown, and nothing else may own it, which the
        // caller of this function promises.
        fds.push((name, unsafe { OwnedFd::from_raw_fd(fd) }));
    }
    Ok(fds)
}

/// Tells the service manager something, and passes descriptors to it.
fn notify(text: &str, fds: &[Fd<'_>]) -> Outcome {
    let (socket, address) = (UnixDatagram::unbound()?, env::var("NOTIFY_SOCKET")?);
    match address.strip_prefix('@') {
        Some(name) => socket.connect_addr(&SocketAddr::from_abstract_name(name)?)?,
        None => socket.connect(address)?,
    }
    Ok(io::send_fds(&socket, text.as_bytes(), fds)?)
}
