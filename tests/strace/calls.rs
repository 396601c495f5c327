//! The inner run: shows the control messages that the kernel makes here, and makes the attempts.

use crate::attempts::{headers, lengths, types, values};
use crate::known;
use crate::names::names;
use crate::socket::*;
use ancil::DisplayControl;
use ancil::level::{SOL_IP, SOL_IPV6, SOL_SOCKET};
use std::io::Result;
use std::net::UdpSocket;
use std::os::fd::AsRawFd;
use std::os::unix::net::UnixDatagram;
use std::process::ExitCode;
use std::time::{Duration, Instant};

const ON: [u8; 4] = 1i32.to_ne_bytes();
const SO_PASSSEC: i32 = 34;
const SO_TIMESTAMP_NEW: i32 = 63;
const SO_TIMESTAMPNS_NEW: i32 = 64;
const SO_TIMESTAMPING_NEW: i32 = 65;
const IP_PASSSEC: i32 = 18;

type Part = fn() -> Result<()>;

pub fn all() -> ExitCode {
    // This process ends even if strace hangs.
    // SAFETY: `alarm` takes no pointers, so it touches no memory.
    unsafe { libc::alarm(50) };
    let parts: [(&str, Part); 9] = [
        ("unix", unix),
        ("udp4", udp4),
        ("udp6", udp6),
        ("error_queue", error_queue),
        ("types", types),
        ("lengths", lengths),
        ("values", values),
        ("headers", headers),
        ("names", names),
    ];
    for (name, part) in parts {
        if let Err(e) = part() {
            eprintln!("{name}: {e}");
            return ExitCode::FAILURE;
        }
    }
    ExitCode::SUCCESS
}

/// Prints what was received.
fn arrived(case: &str, control: &[u8]) {
    if control.is_empty() {
        // strace prints no brackets then, so there is nothing to compare.
        return skip(case, "the kernel added no message");
    }
    let (difference, expected) = known::buffer(control);
    line(
        case,
        difference,
        &expected,
        &DisplayControl::new(control).to_string(),
    );
}

fn unix() -> Result<()> {
    let (a, b) = UnixDatagram::pair()?;
    for option in [libc::SO_PASSCRED, SO_PASSSEC] {
        // Without a security module, SO_PASSSEC has no effect.
        let _ = set(&b, SOL_SOCKET, option, &ON);
    }
    // SAFETY: the three functions take no pointers, so they touch no memory.
    let me = unsafe { [libc::getpid(), libc::getuid() as i32, libc::getgid() as i32] };
    let me: Vec<u8> = me.iter().flat_map(|n| n.to_ne_bytes()).collect();
    let fds: Vec<u8> = [a.as_raw_fd(), b.as_raw_fd()]
        .iter()
        .flat_map(|n| n.to_ne_bytes())
        .collect();
    let rights = known::message(SOL_SOCKET, 1, &fds);
    show(&a, "unix::rights_sent", &rights)?;
    arrived("unix::rights_and_credentials_received", &receive(&b, 0)?);
    show(
        &a,
        "unix::both_sent",
        &[rights, known::message(SOL_SOCKET, 2, &me)].concat(),
    )?;
    arrived("unix::rights_and_credentials_received", &receive(&b, 0)?);
    Ok(())
}

/// Returns a socket that is connected to itself, has `option` on, and sends with the options
/// `sends`. Returns `None` if this kernel does not have the address or an option.
fn udp(
    address: &str,
    option: (i32, i32),
    value: &[u8],
    sends: &[(i32, i32, &[u8])],
) -> Option<UdpSocket> {
    let socket = UdpSocket::bind(address)
        .and_then(|s| s.connect(s.local_addr()?).map(|()| s))
        .ok()?;
    set(&socket, option.0, option.1, value).ok()?;
    sends
        .iter()
        .try_for_each(|(level, option, value)| set(&socket, *level, *option, value))
        .ok()?;
    Some(socket)
}

/// Sends a message to the same socket, and prints the control messages that the kernel adds.
fn to_itself(
    case: &str,
    address: &str,
    option: (i32, i32),
    value: &[u8],
    sends: &[(i32, i32, &[u8])],
) -> Result<()> {
    let Some(socket) = udp(address, option, value, sends) else {
        skip(case, "there is no such socket or option");
        return Ok(());
    };
    // The kernel enables timestamps of packets in the background, so the first ones may lack it.
    let patience = Duration::from_secs(if option.0 == SOL_SOCKET { 10 } else { 0 });
    let start = Instant::now();
    loop {
        send(&socket)?;
        let control = receive(&socket, 0)?;
        if !control.is_empty() {
            arrived(case, &control);
            return Ok(());
        }
        if start.elapsed() >= patience {
            break;
        }
    }
    skip(case, "the kernel adds no message here");
    Ok(())
}

fn udp4() -> Result<()> {
    let tos: &[(i32, i32, &[u8])] = &[(SOL_IP, libc::IP_TOS, &[0xb8, 0, 0, 0])];
    let alert: &[(i32, i32, &[u8])] = &[(SOL_IP, libc::IP_OPTIONS, &[0x94, 4, 0, 0])];
    let times = libc::SOF_TIMESTAMPING_RX_SOFTWARE | libc::SOF_TIMESTAMPING_SOFTWARE;
    let times = &times.to_ne_bytes()[..];
    for (case, option, value, sends) in [
        (
            "udp4::pktinfo",
            (SOL_IP, libc::IP_PKTINFO),
            &ON[..],
            &[][..],
        ),
        ("udp4::ttl", (SOL_IP, libc::IP_RECVTTL), &ON, &[]),
        ("udp4::tos", (SOL_IP, libc::IP_RECVTOS), &ON, tos),
        ("udp4::recvopts", (SOL_IP, libc::IP_RECVOPTS), &ON, alert),
        ("udp4::retopts", (SOL_IP, libc::IP_RETOPTS), &ON, alert),
        (
            "udp4::origdstaddr",
            (SOL_IP, libc::IP_RECVORIGDSTADDR),
            &ON,
            &[],
        ),
        ("udp4::checksum", (SOL_IP, libc::IP_CHECKSUM), &ON, &[]),
        ("udp4::security", (SOL_IP, IP_PASSSEC), &ON, &[]),
        (
            "udp4::timestamp",
            (SOL_SOCKET, libc::SO_TIMESTAMP),
            &ON,
            &[],
        ),
        (
            "udp4::timestampns",
            (SOL_SOCKET, libc::SO_TIMESTAMPNS),
            &ON,
            &[],
        ),
        (
            "udp4::timestamping",
            (SOL_SOCKET, libc::SO_TIMESTAMPING),
            times,
            &[],
        ),
        (
            "udp4::timestamp_new",
            (SOL_SOCKET, SO_TIMESTAMP_NEW),
            &ON,
            &[],
        ),
        (
            "udp4::timestampns_new",
            (SOL_SOCKET, SO_TIMESTAMPNS_NEW),
            &ON,
            &[],
        ),
        (
            "udp4::timestamping_new",
            (SOL_SOCKET, SO_TIMESTAMPING_NEW),
            times,
            &[],
        ),
    ] {
        to_itself(case, "127.0.0.1:0", option, value, sends)?;
    }
    Ok(())
}

fn udp6() -> Result<()> {
    for (case, option) in [
        ("udp6::pktinfo", libc::IPV6_RECVPKTINFO),
        ("udp6::hoplimit", libc::IPV6_RECVHOPLIMIT),
        ("udp6::tclass", libc::IPV6_RECVTCLASS),
    ] {
        to_itself(case, "[::1]:0", (SOL_IPV6, option), &ON, &[])?;
    }
    to_itself(
        "udp6::timestampns",
        "[::1]:0",
        (SOL_SOCKET, libc::SO_TIMESTAMPNS),
        &ON,
        &[],
    )
}

fn error_queue() -> Result<()> {
    for (version, address, option) in [
        (4, "127.0.0.1:0", (SOL_IP, libc::IP_RECVERR)),
        (6, "[::1]:0", (SOL_IPV6, libc::IPV6_RECVERR)),
    ] {
        let case = format!("error_queue::refused_udp{version}");
        let Some(socket) = udp(address, option, &ON, &[]) else {
            skip(&case, "there is no such socket");
            continue;
        };
        // The socket is closed at once, so nothing receives at its address.
        let closed = UdpSocket::bind(address)?.local_addr()?;
        socket.connect(closed)?;
        send(&socket)?;
        arrived(&case, &receive(&socket, libc::MSG_ERRQUEUE)?);

        let case = format!("error_queue::sent_udp{version}");
        let flags = libc::SOF_TIMESTAMPING_TX_SOFTWARE | libc::SOF_TIMESTAMPING_SOFTWARE;
        let flags = flags | libc::SOF_TIMESTAMPING_OPT_TSONLY;
        match udp(
            address,
            (SOL_SOCKET, libc::SO_TIMESTAMPING),
            &flags.to_ne_bytes(),
            &[],
        ) {
            Some(socket) => {
                send(&socket)?;
                arrived(&case, &receive(&socket, libc::MSG_ERRQUEUE)?);
            }
            None => skip(&case, "there is no such option"),
        }
    }
    Ok(())
}
