//! Sends credentials and a descriptor in one control buffer. The kernel checks the credentials, so
//! that the receiver can trust them.
//!
//!     cargo run --example creds --features std,libc

use ancil::payload::Ucred;
use ancil::{
    ControlBuf, IoVec, IoVecMut, MsgFlags, MsgHdr, MsgHdrMut, SCM_CREDENTIALS, SCM_RIGHTS, UpTo,
    io, space_of,
};
use std::io::{Error, Read as _};
use std::os::fd::AsRawFd;
use std::os::unix::net::UnixDatagram;

/// The space for both messages, computed by the compiler.
const SPACE: usize = space_of::<(SCM_CREDENTIALS, UpTo<SCM_RIGHTS, 1>)>();

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let (here, there) = UnixDatagram::pair()?;
    io::enable::<SCM_CREDENTIALS>(&there)?;

    // SAFETY: the three functions take no pointers, so they touch no memory of ours.
    let me = unsafe {
        Ucred {
            pid: libc::getpid(),
            uid: libc::getuid(),
            gid: libc::getgid(),
        }
    };
    let file = std::fs::File::open("/proc/sys/kernel/ostype")?;
    let mut control = ControlBuf::<SPACE>::new();
    control.put(SCM_CREDENTIALS, me)?;
    control.put(SCM_RIGHTS, &[file.as_raw_fd()])?;
    let pieces = [IoVec::new(b"this is me")];
    io::sendmsg(
        &here,
        &MsgHdr::new().iov(&pieces).control(control.as_bytes()),
        MsgFlags::empty(),
    )?;
    drop(file);

    // False credentials are refused, unless the sender is privileged to take the ids that it
    // claims.
    let mut lie = ControlBuf::<SPACE>::new();
    lie.put(
        SCM_CREDENTIALS,
        Ucred {
            uid: me.uid.wrapping_add(1),
            ..me
        },
    )?;
    match io::sendmsg(
        &here,
        &MsgHdr::new().iov(&pieces).control(lie.as_bytes()),
        MsgFlags::empty(),
    ) {
        Ok(_) => println!("another user's id: this process is privileged to send it"),
        Err(e) => println!("another user's id: {}", Error::from(e)),
    }

    let mut bytes = [0; 100];
    let mut pieces = [IoVecMut::new(&mut bytes)];
    let mut message = MsgHdrMut::new()
        .iov(&mut pieces)
        .control(control.recv_space());
    let mut received = io::recvmsg(&there, &mut message, MsgFlags::empty())?;
    let Some(Ucred { pid, uid, gid }) = received.control().get(SCM_CREDENTIALS)? else {
        return Err("no credentials arrived".into());
    };
    println!("process {pid}, user {uid}, group {gid}: the kernel says so");
    for fd in received.take_fds() {
        let mut text = String::new();
        std::fs::File::from(fd).read_to_string(&mut text)?;
        println!("its descriptor reads: {}", text.trim_end());
    }
    Ok(())
}
