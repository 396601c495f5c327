// SPDX-License-Identifier: MIT OR Apache-2.0 OR CC0-1.0
//! A proxy between two stream sockets. It passes on bytes with their descriptors and whatever else
//! may be sent, names what may not, and keeps no descriptor. Take it to stand between a program and
//! its service, as a filter, a log or a sandbox does.
//!
//!     cargo run --example proxy --features std

use ancil::{IoVec, IoVecMut, Message, MsgFlags, MsgHdrMut, SCM_CREDENTIALS, SCM_PIDFD, Writer};
use ancil::{io, message_name, space_of};
use std::fs::File;
use std::io::Read as _;
use std::net::Shutdown;
use std::os::unix::net::UnixStream;
use std::thread;

type Outcome = Result<(), Box<dyn std::error::Error + Send + Sync>>;

/// Space for whatever may arrive with the bytes.
const SPACE: usize = space_of::<io::UnixMessages>();

fn main() -> Outcome {
    let (client, from) = UnixStream::pair()?;
    let (to, server) = UnixStream::pair()?;
    io::enable::<SCM_CREDENTIALS>(&from)?;
    io::enable_available::<SCM_PIDFD>(&from, |_| Ok(()))?; // Linux 6.5
    let proxy = thread::spawn(move || relay(&from, &to));

    io::send_fds(
        &client,
        b"a file, ",
        &[(&File::open("/proc/sys/kernel/ostype")?).into()],
    )?;
    io::send_fds(&client, b"and only bytes", &[])?;
    client.shutdown(Shutdown::Write)?;

    let mut bytes = [0; 100];
    loop {
        let received = io::recv_fds::<1>(&server, &mut bytes)?;
        if received.bytes == 0 {
            break;
        }
        println!(
            "the server got {:?}",
            String::from_utf8_lossy(&bytes[..received.bytes])
        );
        if let [Some(fd)] = received.fds {
            let mut text = String::new();
            File::from(fd).read_to_string(&mut text)?;
            println!("its descriptor reads {:?}", text);
        }
    }
    proxy.join().map_err(|_| "the proxy panicked")?
}

/// Passes everything on until the end of the stream.
fn relay(from: &UnixStream, to: &UnixStream) -> Outcome {
    let (mut bytes, mut space, mut buffer) = ([0; 1 << 16], [0; SPACE], [0; SPACE]);
    loop {
        let mut pieces = [IoVecMut::new(&mut bytes)];
        let mut message = MsgHdrMut::new().iov(&mut pieces).control(&mut space);
        let received = io::recvmsg_retry(from, &mut message, MsgFlags::empty())?.whole()?;
        if received.bytes() == 0 {
            return Ok(to.shutdown(Shutdown::Write)?);
        }
        let mut writer = Writer::new(&mut buffer);
        received.forward(&mut writer, |raw| {
            let name = message_name(raw.level, raw.ty).unwrap_or("unknown");
            println!("not passed on: {name} {}", Message::from(raw));
        })?;
        // The descriptors stay with `received`, which closes them after they were sent.
        let (mut control, mut pieces) = (writer.finish(), [IoVec::new(received.data())]);
        io::sendmsg_all(
            to,
            &mut &mut pieces[..],
            &mut control,
            MsgFlags::MSG_NOSIGNAL,
        )?;
    }
}
