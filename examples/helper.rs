// SPDX-License-Identifier: MIT OR Apache-2.0 OR CC0-1.0
//! A privilege-separated helper: it opens files for a worker, and passes the open descriptors. Take
//! it if a part of your program handles what strangers send: that part runs as a user without
//! rights, asks for things by name, and gets descriptors. The helper alone knows which paths the
//! names stand for, and answers nobody but the worker that it started: the kernel says who sent a
//! request.
//!
//!     cargo run --example helper --features std

use ancil::payload::Ucred;
use ancil::{Received, SCM_CREDENTIALS, io, space_of};
use socket2::{Domain, Socket, Type};
use std::fs::File;
use std::io::Read as _;
use std::os::fd::OwnedFd;
use std::os::unix::process::CommandExt as _;
use std::process::{Child, Command};

type Outcome<T = ()> = Result<T, Box<dyn std::error::Error>>;

/// What the worker may have: names, and the paths that they stand for.
const FILES: [(&str, &str); 2] = [
    ("kernel", "/proc/sys/kernel/ostype"),
    ("boot", "/proc/sys/kernel/random/boot_id"),
];
/// The user and the group of the worker, if the helper may choose: nobody, nogroup.
const NOBODY: u32 = 65534;

fn main() -> Outcome {
    match std::env::args().nth(1).as_deref() {
        Some("worker") => work(),
        _ => help(),
    }
}

/// Starts the worker, and answers its requests until it ends.
fn help() -> Outcome {
    // A sequenced-packet socket keeps requests apart, and reports when its other end is closed.
    let (ours, theirs) = Socket::pair(Domain::UNIX, Type::SEQPACKET, None)?;
    // From here on each message says who sent it. This one does not come from the worker.
    io::enable::<SCM_CREDENTIALS>(&ours)?;
    io::send_fds(&theirs, b"kernel", &[])?;
    let mut worker = start(theirs)?;
    loop {
        // No space for descriptors: a worker that sends some is refused, and they are closed.
        let (mut bytes, mut control) = ([0; 100], [0; space_of::<SCM_CREDENTIALS>()]);
        let request = io::recv(&ours, &mut bytes, &mut control)?;
        if request.bytes() == 0 {
            break; // the worker has ended
        }
        let Some(sender) = request.control().get(SCM_CREDENTIALS)? else {
            return Err("the kernel did not say who sent a request".into());
        };
        let Ucred { pid, uid, .. } = sender;
        // No other process gets the worker's id before `wait` has returned.
        if u32::try_from(pid) != Ok(worker.id()) {
            println!("helper: process {pid} is not the worker: ignored");
            continue;
        }
        match open(&request) {
            Ok((name, file)) => {
                println!("helper: process {pid} of user {uid} gets {name}");
                io::send_fds(&ours, b"opened", &[(&file).into()])?;
            }
            Err(e) => io::send_fds(&ours, e.to_string().as_bytes(), &[])?,
        }
    }
    match worker.wait()? {
        status if status.success() => Ok(()),
        status => Err(format!("the worker: {status}").into()),
    }
}

/// Starts this program as the worker, whose standard input is the socket. The worker has a user
/// without rights, if this process has the right to choose one.
fn start(socket: Socket) -> Outcome<Child> {
    let mut command = Command::new("/proc/self/exe");
    command.arg("worker").stdin(OwnedFd::from(socket));
    if io::own_credentials().uid == 0 {
        command.uid(NOBODY).gid(NOBODY); // gives up all other groups, too
    }
    Ok(command.spawn()?) // drops our copy of the socket
}

/// Opens what the request names, if the worker may have it.
fn open<'r>(request: &Received<'r>) -> Outcome<(&'r str, File)> {
    if request.is_truncated() {
        return Err("too long a request, or one with descriptors".into());
    }
    let name = std::str::from_utf8(request.data())?;
    match FILES.iter().find(|(known, _)| *known == name) {
        Some((_, path)) => Ok((name, File::open(path)?)),
        None => Err("no such file, or none for you".into()),
    }
}

/// Asks the helper for files. A descriptor that arrives belongs to this process.
fn work() -> Outcome {
    let socket = std::io::stdin();
    for name in ["kernel", "/etc/shadow"] {
        io::send_fds(&socket, name.as_bytes(), &[])?;
        let mut bytes = [0; 100];
        let answer = io::recv_fds::<1>(&socket, &mut bytes)?;
        let [Some(fd)] = answer.fds else {
            let words = bytes.get(..answer.bytes).unwrap_or(&bytes);
            println!("worker: {name}: {}", String::from_utf8_lossy(words));
            continue;
        };
        let mut text = String::new();
        File::from(fd).read_to_string(&mut text)?;
        println!("worker: {name}: a descriptor that reads {text:?}");
    }
    Ok(())
}
