//! Sends credentials and a descriptor in one control buffer. The kernel checks the credentials, so
//! that the receiver can trust them.
//!
//!     cargo run --example creds --features std

use ancil::payload::Ucred;
use ancil::{IoVec, MsgFlags, MsgHdr, SCM_CREDENTIALS, SCM_RIGHTS, UpTo, Writer, io, space_of};
use std::io::{Error, Read as _};
use std::os::unix::net::UnixDatagram;

/// The space for both messages, computed by the compiler.
const SPACE: usize = space_of::<(SCM_CREDENTIALS, UpTo<SCM_RIGHTS, 1>)>();

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let (here, there) = UnixDatagram::pair()?;
    io::enable::<SCM_CREDENTIALS>(&there)?;

    let (me, mut buffer) = (io::own_credentials(), [0; SPACE]);
    let file = std::fs::File::open("/proc/sys/kernel/ostype")?;
    let mut writer = Writer::new(&mut buffer);
    writer.put(SCM_CREDENTIALS, me)?;
    writer.put(SCM_RIGHTS, &[(&file).into()])?;
    let pieces = [IoVec::new(b"this is me")];
    let message = MsgHdr::new().iov(&pieces).control(writer.finish());
    io::sendmsg(&here, &message, MsgFlags::empty())?;
    drop(file);

    // False credentials are refused, unless the sender is privileged to take the ids that it
    // claims.
    let uid = me.uid.wrapping_add(1);
    let mut lie = Writer::new(&mut buffer);
    lie.put(SCM_CREDENTIALS, Ucred { uid, ..me })?;
    let message = MsgHdr::new().iov(&pieces).control(lie.finish());
    match io::sendmsg(&here, &message, MsgFlags::empty()) {
        Ok(_) => println!("another user's id: this process is privileged to send it"),
        Err(e) => println!("another user's id: {}", Error::from(e)),
    }

    let mut bytes = [0; 100];
    let mut received = io::recv(&there, &mut bytes, &mut buffer)?;
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
