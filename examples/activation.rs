// SPDX-License-Identifier: MIT OR Apache-2.0 OR CC0-1.0
//! Socket activation as systemd does it, without libsystemd: a service inherits its sockets, and
//! has a connection stored so that it can restart without losing it. Take `inherited` and `notify`
//! for a service (`sd_listen_fds(3)`, and `FDSTORE=1` of `sd_notify(3)`), the rest to start one.
//!
//!     cargo run --example activation --features std

use ancil::{Fd, SCM_CREDENTIALS, SCM_RIGHTS, UpTo, io, space_of};
use std::io::{Error, Write as _};
use std::net::{Ipv4Addr, TcpListener, TcpStream};
use std::os::fd::{FromRawFd as _, IntoRawFd as _, OwnedFd};
use std::os::linux::net::SocketAddrExt as _;
use std::os::unix::net::{SocketAddr, UnixDatagram, UnixStream};
use std::os::unix::process::CommandExt as _;
use std::{env, iter, process, process::Command};

type Outcome<T = ()> = Result<T, Box<dyn std::error::Error>>;

const FIRST: i32 = 3; // the first descriptor that a service inherits

fn main() -> Outcome {
    if let Some(role) = env::args().nth(1) {
        return if role == "launch" { launch() } else { serve() };
    }
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?;
    listener.set_nonblocking(true)?; // a service does not wait where no client does
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
    println!("the service ends: {}", service.wait()?);
    // What it has sent waits here. A manager of several services would receive meanwhile.
    let mut space = [0; space_of::<(SCM_CREDENTIALS, UpTo<SCM_RIGHTS, 1>)>()];
    let mut bytes = [0; 1000];
    while let Ok(mut received) = io::recv(&inbox, &mut bytes, &mut space) {
        let text = String::from_utf8_lossy(received.data());
        let name = text.strip_prefix("FDSTORE=1\nFDNAME=");
        let sender = received.control().get(SCM_CREDENTIALS)?; // anybody can send here
        let known = sender.is_some_and(|sender| u32::try_from(sender.pid) == Ok(service.id()));
        if let (Some(name), true) = (name, known) {
            store.extend(iter::repeat(name.to_owned()).zip(received.take_fds()));
        }
    }
    Ok(())
}

/// Receives descriptors, and becomes the service, which keeps the process id.
fn launch() -> Outcome {
    let received = io::recv_fds::<8>(&std::io::stdin(), &mut [0; 5])?;
    for (fd, number) in received.fds.into_iter().flatten().zip(FIRST..) {
        let fd = fd.into_raw_fd();
        // They have arrived in ascending order, so this replaces none that is still needed.
        // SAFETY: the calls touch no memory. Nothing here owns `fd`, or one with this number.
        if unsafe { libc::dup2(fd, number) < 0 || libc::fcntl(number, libc::F_SETFD, 0) < 0 } {
            return Err(Error::last_os_error().into());
        }
    }
    let mut service = Command::new("/proc/self/exe");
    service.env("LISTEN_PID", process::id().to_string());
    Err(service.arg("serve").exec().into())
}

/// The service: uses the connection that an earlier service had stored, or a new one.
fn serve() -> Outcome {
    let (name, fd) = inherited()?.pop().ok_or("no socket was inherited")?;
    if name == "connection" {
        let text = format!("service {} on a stored connection\n", process::id());
        return Ok(TcpStream::from(fd).write_all(text.as_bytes())?);
    }
    let (mut connection, _) = TcpListener::from(fd).accept()?;
    writeln!(connection, "service {} on a new connection", process::id())?;
    notify("FDSTORE=1\nFDNAME=connection", &[(&connection).into()])
}

/// Returns the descriptors that this process inherited, with their names. Call it once.
fn inherited() -> Outcome<Vec<(String, OwnedFd)>> {
    if env::var("LISTEN_PID")?.parse() != Ok(process::id()) {
        return Ok(Vec::new()); // the variables are those of another process
    }
    let names = env::var("LISTEN_FDNAMES").unwrap_or_default();
    let names = names.split(':').chain(iter::repeat("")).map(String::from);
    let numbers = FIRST..FIRST + env::var("LISTEN_FDS")?.parse::<i32>()?;
    // SAFETY: they are open for this process, and nothing in it owns them yet.
    let fds = numbers.map(|fd| unsafe { OwnedFd::from_raw_fd(fd) });
    Ok(names.zip(fds).collect())
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
