// SPDX-License-Identifier: MIT OR Apache-2.0 OR CC0-1.0
//! Socket activation as systemd does it, without libsystemd: a service inherits its sockets, and
//! has a connection stored so that it can restart without losing it. Take service.rs for a service
//! (`sd_listen_fds(3)`, and `FDSTORE=1` of `sd_notify(3)`), this file to start one.
//!
//!     cargo run --example activation --features std

mod service;

use ancil::{Errno, Fd, SCM_CREDENTIALS, SCM_RIGHTS, UpTo, io, space_of};
use service::FIRST;
use std::io::Error;
use std::net::{Ipv4Addr, TcpListener, TcpStream};
use std::os::fd::{IntoRawFd as _, OwnedFd};
use std::os::linux::net::SocketAddrExt as _;
use std::os::unix::net::{SocketAddr, UnixDatagram, UnixStream};
use std::os::unix::process::CommandExt as _;
use std::{env, iter, process, process::Command};

type Outcome<T = ()> = Result<T, Box<dyn std::error::Error>>;

fn main() -> Outcome {
    match env::args().nth(1).as_deref() {
        Some("launch") => launch(),
        // SAFETY: nothing may own what is inherited. The program begins here: it opened nothing.
        Some(_) => service::serve(unsafe { service::inherited() }?),
        None => manage(),
    }
}

/// Starts the service twice, with one client.
fn manage() -> Outcome {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?;
    listener.set_nonblocking(true)?; // without a client, `accept` fails instead of waiting
    let client = TcpStream::connect(listener.local_addr()?)?; // before there is a service
    let mut store = vec![("web".to_owned(), OwnedFd::from(listener))];
    activate(&mut store)?;
    activate(&mut store)?;
    drop(store); // the last of the connection but the client's
    print!("{}", std::io::read_to_string(client)?);
    Ok(())
}

/// Runs the service with these descriptors, and adds those that it has us store.
fn activate(store: &mut Vec<(String, OwnedFd)>) -> Outcome {
    let address = format!("activation-{}", process::id());
    let inbox = UnixDatagram::bind_addr(&SocketAddr::from_abstract_name(&address)?)?;
    inbox.set_nonblocking(true)?;
    io::enable::<SCM_CREDENTIALS>(&inbox)?;
    let (ours, theirs) = UnixStream::pair()?;
    let (names, fds): (Vec<&str>, Vec<Fd<'_>>) = store
        .iter()
        .map(|(name, fd)| (&name[..], Fd::from(fd)))
        .unzip();
    let mut service = Command::new("/proc/self/exe")
        .arg("launch")
        .env("NOTIFY_SOCKET", format!("@{address}"))
        .env("LISTEN_FDS", fds.len().to_string())
        .env("LISTEN_FDNAMES", names.join(":"))
        .stdin(OwnedFd::from(theirs))
        .spawn()?;
    io::send_fds(&ours, b"start", &fds)?;
    std::io::copy(&mut &ours, &mut std::io::sink())?; // until the service has ended
    // What it has sent waits here. A manager of several services would receive meanwhile.
    let mut space = [0; space_of::<(SCM_CREDENTIALS, UpTo<SCM_RIGHTS, 1>)>()];
    let mut bytes = [0; 1000];
    loop {
        let mut received = match io::recv(&inbox, &mut bytes, &mut space) {
            Err(Errno::EAGAIN) => break,
            result => result?,
        };
        let text = String::from_utf8_lossy(received.data());
        let name = text.strip_prefix("FDSTORE=1\nFDNAME=");
        // Anybody can send here. No other process gets the service's id before `wait` returns.
        let sender = received.control().get(SCM_CREDENTIALS)?;
        let known = sender.is_some_and(|sender| u32::try_from(sender.pid) == Ok(service.id()));
        if let (Some(name), true, false) = (name, known, received.is_truncated()) {
            store.extend(iter::repeat(name.to_owned()).zip(received.take_fds()));
        }
    }
    println!("the service ends: {}", service.wait()?);
    Ok(())
}

/// Receives descriptors, and becomes the service, which keeps the process id.
fn launch() -> Outcome {
    let received = io::recv_fds::<8>(&std::io::stdin(), &mut [0; 5])?;
    let count = received.fds.iter().flatten().count();
    if received.is_truncated() || env::var("LISTEN_FDS")?.parse() != Ok(count) {
        return Err("not all descriptors arrived".into());
    }
    for (fd, number) in received.fds.into_iter().flatten().zip(FIRST..) {
        let fd = fd.into_raw_fd();
        // They have arrived in ascending order, so dup2 closes no descriptor that follows.
        // SAFETY: the calls touch no memory. Nothing here owns `fd`, or one with this number.
        if unsafe { libc::dup2(fd, number) < 0 || libc::fcntl(number, libc::F_SETFD, 0) < 0 } {
            return Err(Error::last_os_error().into());
        }
    }
    let mut service = Command::new("/proc/self/exe");
    service.env("LISTEN_PID", process::id().to_string());
    Err(service.arg("serve").exec().into())
}
