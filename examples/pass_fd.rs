//! Sends control messages with the bytes of a message: descriptors and credentials over a Unix
//! socket, packet information over UDP. Prints what was sent and what arrived.
//!
//!     cargo run --example pass_fd --features std,libc

use ancil::payload::Ucred;
use ancil::{
    ControlBuf, IoVec, IoVecMut, Message, MsgFlags, MsgHdr, MsgHdrMut, Reader, UpTo, io,
    message_name, space_of,
};
use ancil::{IP_PKTINFO, IP_TOS, IP_TTL, SO_TIMESTAMPNS, UDP_GRO, UDP_SEGMENT};
use ancil::{SCM_CREDENTIALS, SCM_RIGHTS};
use std::fs::File;
use std::io::{Read as _, Write as _};
use std::net::{Ipv4Addr, UdpSocket};
use std::os::fd::AsRawFd;
use std::os::unix::net::UnixStream;
use std::process::ExitCode;
use std::time::Duration;

type Outcome = Result<(), Box<dyn std::error::Error>>;

fn main() -> ExitCode {
    for (what, run) in [("Unix socket", unix as fn() -> Outcome), ("UDP", udp)] {
        println!("{what}");
        if let Err(e) = run() {
            eprintln!("pass_fd: {what}: {e}");
            return ExitCode::FAILURE;
        }
    }
    ExitCode::SUCCESS
}

/// Sends one message of three pieces, with two descriptors and the credentials of the sender.
fn unix() -> Outcome {
    let (here, there) = UnixStream::pair()?;
    io::enable::<SCM_CREDENTIALS>(&there)?;
    let file = File::open("/proc/sys/kernel/ostype")?;
    let (mut answers, answer_here) = UnixStream::pair()?;
    // SAFETY: the three functions take no pointers, so they touch no memory of ours.
    let me = unsafe {
        Ucred {
            pid: libc::getpid(),
            uid: libc::getuid(),
            gid: libc::getgid(),
        }
    };

    let mut control = ControlBuf::<{ space_of::<(UpTo<SCM_RIGHTS, 2>, SCM_CREDENTIALS)>() }>::new();
    control.put(SCM_RIGHTS, &[file.as_raw_fd(), answer_here.as_raw_fd()])?;
    control.put(SCM_CREDENTIALS, me)?;
    let pieces = [
        IoVec::new(b"read this, "),
        IoVec::new(b"answer there, "),
        IoVec::new(b"it is me"),
    ];
    let message = MsgHdr::new().iov(&pieces).control(control.as_bytes());
    let sent = io::sendmsg(&here, &message, MsgFlags::empty())?;
    show("sent", sent, Reader::new(control.as_bytes()))?;

    let (mut head, mut rest) = ([0; 10], [0; 100]);
    let mut pieces = [IoVecMut::new(&mut head), IoVecMut::new(&mut rest)];
    let mut message = MsgHdrMut::new()
        .iov(&mut pieces)
        .control(control.recv_space());
    let mut received = io::recvmsg(&there, &mut message, MsgFlags::empty())?;
    show("received", received.bytes(), received.control())?;
    println!(
        "  text: {}",
        String::from_utf8(received.chunks().collect::<Vec<_>>().concat())?
    );

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

/// What the receiver of the datagrams asks for.
type Asked = (IP_PKTINFO, IP_TTL, IP_TOS, SO_TIMESTAMPNS);

/// Sends once. The kernel cuts the bytes into datagrams, each of which arrives with the control
/// messages that the receiver asked for.
fn udp() -> Outcome {
    let (here, there) = (
        UdpSocket::bind((Ipv4Addr::LOCALHOST, 0))?,
        UdpSocket::bind((Ipv4Addr::LOCALHOST, 0))?,
    );
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

    let mut control = ControlBuf::<{ space_of::<(IP_TTL, IP_TOS, UDP_SEGMENT)>() }>::new();
    control.put(IP_TTL, 42)?;
    control.put(IP_TOS, 0xb8)?;
    if joins {
        control.put(UDP_SEGMENT, 1000)?;
    }
    let pieces = [IoVec::new(&[b'a'; 1500]), IoVec::new(&[b'b'; 1000])];
    let message = MsgHdr::new().iov(&pieces).control(control.as_bytes());
    let sent = io::sendmsg(&here, &message, MsgFlags::empty())?;
    show("sent", sent, Reader::new(control.as_bytes()))?;

    let (mut arrived, mut bytes, mut control) = (
        0,
        [0; 65536],
        ControlBuf::<{ space_of::<Asked>() + space_of::<UDP_GRO>() }>::new(),
    );
    let mut pieces = [IoVecMut::new(&mut bytes)];
    let mut message = MsgHdrMut::new()
        .iov(&mut pieces)
        .control(control.recv_space());
    while arrived < sent {
        let received = io::recvmsg(&there, &mut message, MsgFlags::empty())?;
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
        println!(
            "    {:18} {}",
            message_name(raw.level, raw.ty).unwrap_or("unknown"),
            Message::from(raw)
        );
    }
    Ok(())
}
