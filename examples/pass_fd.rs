// SPDX-License-Identifier: MIT OR Apache-2.0 OR CC0-1.0
//! Sends control messages with the bytes of a message: descriptors and credentials over a Unix
//! socket, packet information over UDP. Prints both ends. Take it to see what they are.
//!
//!     cargo run --example pass_fd --features std

use ancil::{IP_PKTINFO, IP_TOS, IP_TTL, SCM_CREDENTIALS, SCM_RIGHTS, SO_TIMESTAMPNS};
use ancil::{IoVec, IoVecMut, Message, MsgFlags, MsgHdr, MsgHdrMut, Reader, UpTo, Writer};
use ancil::{UDP_GRO, UDP_SEGMENT, io, message_name, space_of};
use std::fs::File;
use std::io::{Read as _, Write as _};
use std::net::{Ipv4Addr, UdpSocket};
use std::os::unix::net::UnixStream;
use std::time::Duration;

type Outcome = Result<(), Box<dyn std::error::Error>>;

fn main() -> Outcome {
    println!("Unix socket");
    unix()?;
    println!("UDP");
    udp()
}

/// Sends one message of three pieces, with two descriptors and the credentials of the sender.
fn unix() -> Outcome {
    let (here, there) = UnixStream::pair()?;
    io::enable::<SCM_CREDENTIALS>(&there)?;
    let file = File::open("/proc/sys/kernel/ostype")?;
    let (mut answers, answer_here) = UnixStream::pair()?;

    let mut buffer = [0; space_of::<(UpTo<SCM_RIGHTS, 2>, SCM_CREDENTIALS)>()];
    let mut writer = Writer::new(&mut buffer);
    writer.put(SCM_RIGHTS, &[(&file).into(), (&answer_here).into()])?;
    writer.put(SCM_CREDENTIALS, io::own_credentials())?;
    let control = writer.finish();
    let pieces = [
        IoVec::new(b"read this, "),
        IoVec::new(b"answer there, "),
        IoVec::new(b"it is me"),
    ];
    let message = MsgHdr::new().iov(&pieces).control(control);
    let sent = io::sendmsg(&here, &message, MsgFlags::empty())?;
    show("sent", sent, control.reader())?;

    let (mut head, mut rest) = ([0; 10], [0; 100]);
    let mut pieces = [IoVecMut::new(&mut head), IoVecMut::new(&mut rest)];
    let mut message = MsgHdrMut::new().iov(&mut pieces).control(&mut buffer);
    let mut received = io::recvmsg(&there, &mut message, MsgFlags::empty())?;
    show("received", received.bytes(), received.control())?;
    let bytes: Vec<&[u8]> = received.chunks().collect();
    println!("  text: {}", String::from_utf8_lossy(&bytes.concat()));

    // From here on, only the descriptors that arrived are used.
    drop((file, answer_here));
    let mut fds = received.take_fds();
    let (Some(file), Some(answer)) = (fds.next(), fds.next()) else {
        return Err("descriptors are missing".into());
    };
    let mut text = String::new();
    File::from(file).read_to_string(&mut text)?;
    println!("  read from the first descriptor: {}", text.trim_end());
    UnixStream::from(answer).write_all(b"thank you")?;
    text.clear();
    answers.read_to_string(&mut text)?;
    println!("  written to the second one: {text}");
    Ok(())
}

/// What the receiver of the datagrams asks for. UDP_GRO comes if the kernel joins some.
type Asked = (IP_PKTINFO, IP_TTL, IP_TOS, SO_TIMESTAMPNS);

/// Sends once. The kernel cuts the bytes into datagrams, each of which arrives with the control
/// messages that the receiver asked for.
fn udp() -> Outcome {
    let here = UdpSocket::bind((Ipv4Addr::LOCALHOST, 0))?;
    let there = UdpSocket::bind((Ipv4Addr::LOCALHOST, 0))?;
    here.connect(there.local_addr()?)?;
    there.set_read_timeout(Some(Duration::from_secs(5)))?;
    io::enable::<Asked>(&there)?;
    // UDP_SEGMENT (Linux 4.18) is older than UDP_GRO (5.0), so a kernel that joins also cuts.
    let mut joins = true;
    io::enable_available::<UDP_GRO>(&there, |_| {
        joins = false;
        Ok(())
    })?;
    println!("  this kernel joins datagrams: {joins}");

    let mut buffer = [0; space_of::<(IP_TTL, IP_TOS, UDP_SEGMENT)>()];
    let mut writer = Writer::new(&mut buffer);
    writer.put(IP_TTL, 42)?;
    writer.put(IP_TOS, 0xb8)?;
    if joins {
        writer.put(UDP_SEGMENT, 1000)?;
    }
    let control = writer.finish();
    let pieces = [IoVec::new(&[b'a'; 1500]), IoVec::new(&[b'b'; 1000])];
    let message = MsgHdr::new().iov(&pieces).control(control);
    let sent = io::sendmsg(&here, &message, MsgFlags::empty())?;
    show("sent", sent, control.reader())?;
    let mut buffer = [0; space_of::<Asked>() + space_of::<UDP_GRO>()];
    let (mut arrived, mut bytes) = (0, [0; 65536]);
    while arrived < sent {
        let received = io::recv(&there, &mut bytes, &mut buffer)?;
        show("received", received.bytes(), received.control())?;
        arrived += received.bytes();
    }
    Ok(())
}

/// Prints one line for each control message.
fn show(what: &str, bytes: usize, control: Reader<'_>) -> Outcome {
    println!("  {what} {bytes} bytes");
    for raw in control {
        let raw = raw?;
        let name = message_name(raw.level, raw.ty).unwrap_or("unknown");
        println!("    {name:18} {}", Message::from(raw));
    }
    Ok(())
}
