// SPDX-License-Identifier: MIT OR Apache-2.0 OR CC0-1.0
//! A privilege-separated helper: it opens files for a worker, and passes the open descriptors. Take
//! it if a part of your program handles what strangers send: that part runs as a user without
//! rights, asks for things by name, and gets descriptors. The helper alone knows the paths, and
//! answers nobody but the worker that it started: the kernel says who sent a request.
//!
//!     cargo run --example helper --features std

use ancil::payload::Ucred;
use ancil::{IoVecMut, MsgFlags, MsgHdrMut, Received, SCM_CREDENTIALS, io, space_of};
use socket2::{Domain, Socket, Type};
use std::fs::File;
use std::io::{Error, ErrorKind};
use std::os::fd::OwnedFd;
use std::os::unix::process::CommandExt as _;
use std::process::Command;
use std::ptr::null;

type Outcome<T = ()> = Result<T, Box<dyn std::error::Error>>;

/// What the worker may have: names, and the paths that they stand for.
const FILES: [(&str, &str); 1] = [("kernel", "/proc/sys/kernel/ostype")];
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
    let mut command = Command::new("/proc/self/exe");
    command.arg("worker").stdin(OwnedFd::from(theirs));
    // SAFETY: `give_up` makes system calls only, as it must between fork and exec.
    let mut worker = unsafe { command.pre_exec(give_up) }.spawn()?;
    drop(command); // and our copy of the worker's socket
    loop {
        // No space for descriptors: a worker that sends some is refused, and they are closed.
        let (mut bytes, mut control) = ([0; 100], [0; space_of::<SCM_CREDENTIALS>()]);
        let mut pieces = [IoVecMut::new(&mut bytes)];
        let mut message = MsgHdrMut::new().iov(&mut pieces).control(&mut control);
        let request = io::recvmsg_retry(&ours, &mut message, MsgFlags::empty())?;
        if request.bytes() == 0 {
            break; // the worker has ended
        }
        let Some(Ucred { pid, uid, .. }) = request.control().get(SCM_CREDENTIALS)? else {
            return Err("the kernel did not say who sent a request".into());
        };
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
    let status = worker.wait()?;
    let failed = || format!("the worker: {status}").into();
    status.success().then_some(()).ok_or_else(failed)
}

/// Gives up root for good. In a setuid program, only the effective user is root.
fn give_up() -> Result<(), Error> {
    // SAFETY: the calls touch no memory, as the list of groups is empty.
    unsafe {
        let root = libc::geteuid() == 0;
        if root && (libc::setgroups(0, null()) | libc::setgid(NOBODY) | libc::setuid(NOBODY)) < 0 {
            return Err(Error::last_os_error());
        }
        match libc::setuid(0) {
            0 => Err(ErrorKind::PermissionDenied.into()), // the worker can become root again
            _ => Ok(()),
        }
    }
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
            let words = String::from_utf8_lossy(&bytes[..answer.bytes]);
            println!("worker: {name}: {words}");
            continue;
        };
        let text = std::io::read_to_string(File::from(fd))?;
        println!("worker: {name}: a descriptor that reads {text:?}");
    }
    Ok(())
}
