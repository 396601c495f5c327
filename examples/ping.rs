// SPDX-License-Identifier: MIT OR Apache-2.0 OR CC0-1.0
//! Sends an ICMP echo request, and prints what the kernel says about the reply. Take it for sockets
//! of ICMP. Needs CAP_NET_RAW, unless net.ipv4.ping_group_range contains a group of the user.
//!
//!     cargo run --example ping --features std [ADDRESS]        default: 127.0.0.1

use ancil::addr::SockaddrIn;
use ancil::{ControlBuf, Errno, IP_PKTINFO, IP_TTL, IoVec, IoVecMut, MsgFlags, MsgHdr, MsgHdrMut};
use ancil::{Payload as _, SO_TIMESTAMPNS, io, space_of};
use socket2::{Domain, Protocol, Socket, Type};
use std::io::{Error, ErrorKind};
use std::net::{Ipv4Addr, SocketAddrV4, UdpSocket};
use std::time::{Duration, Instant, SystemTime};

type Outcome<T = ()> = Result<T, Box<dyn std::error::Error>>;

/// What the kernel is to say about the reply.
type Wanted = (IP_TTL, IP_PKTINFO, SO_TIMESTAMPNS);

const LIMIT: Duration = Duration::from_secs(5);

fn main() -> std::process::ExitCode {
    let failed = run().inspect_err(|e| eprintln!("ping: {e}")).is_err();
    u8::from(failed).into()
}

fn run() -> Outcome {
    let to = std::env::args()
        .nth(1)
        .map_or(Ok(Ipv4Addr::LOCALHOST), |text| text.parse())?;
    let (socket, raw) = open()?;
    socket.set_read_timeout(Some(LIMIT))?;
    io::enable::<Wanted>(&socket)?;
    // The id is repeated in the data, because a ping socket replaces the one in the header.
    let id = std::process::id().to_be_bytes();
    let data = [&id[..], &[b'.'; 36]].concat();
    let mut echo = [8, 0, 0, 0, id[2], id[3], 0, 1];
    [echo[2], echo[3]] = checksum(&[&echo[..], &data].concat());
    let pieces = [IoVec::new(&echo), IoVec::new(&data)];
    let name = SockaddrIn::from(SocketAddrV4::new(to, 0));
    let message = MsgHdr::new().name(name.as_bytes()).iov(&pieces);
    let (sent, start) = (SystemTime::UNIX_EPOCH.elapsed()?, Instant::now());
    io::sendmsg(&socket, &message, MsgFlags::empty()).map_err(Error::from)?;
    println!(
        "{} bytes to {to} through a {} socket",
        data.len(),
        if raw { "raw" } else { "ping" }
    );

    let (mut name, mut bytes) = ([0; size_of::<SockaddrIn>()], [0; 1500]);
    let mut control = ControlBuf::<{ space_of::<Wanted>() }>::new();
    let mut pieces = [IoVecMut::new(&mut bytes)];
    let mut message = MsgHdrMut::new()
        .name(&mut name)
        .iov(&mut pieces)
        .control(control.space());
    while start.elapsed() < LIMIT {
        let received = match io::recvmsg_retry(&socket, &mut message, MsgFlags::empty()) {
            Err(Errno(libc::EAGAIN)) => break,
            other => other.map_err(Error::from)?,
        };
        // A raw socket also receives the IP header, and every other ICMP message of this machine.
        let packet = received.data();
        let header = packet
            .first()
            .filter(|_| raw)
            .map_or(0, |first| usize::from(first & 15) * 4);
        if packet.get(header) != Some(&0) || !packet.ends_with(&data) {
            continue;
        }
        let from = SocketAddrV4::from(SockaddrIn::decode(received.name())?);
        let (Some(ttl), Some(arrival), Some(time)) = received.control().get_all::<Wanted>()? else {
            return Err("the kernel left out a control message".into());
        };
        let interface = arrival.ipi_ifindex;
        println!(
            "reply from {}, time to live {ttl}, through interface {interface}",
            from.ip()
        );
        let rtt = Duration::new(time.seconds.try_into()?, time.nanoseconds).saturating_sub(sent);
        println!(
            "arrived at {}.{:09}, after {rtt:?}",
            time.seconds, time.nanoseconds
        );
        return Ok(());
    }
    Err(format!("no reply in {LIMIT:?}").into())
}

/// Opens a ping socket or, if that is forbidden, a raw socket. Returns also whether it is raw.
fn open() -> Outcome<(UdpSocket, bool)> {
    for kind in [Type::DGRAM, Type::RAW] {
        match Socket::new(Domain::IPV4, kind, Some(Protocol::ICMPV4)) {
            // std has no type for ICMP sockets, and the methods used here work on any socket.
            Ok(socket) => return Ok((socket.into(), kind == Type::RAW)),
            Err(e) if e.kind() == ErrorKind::PermissionDenied => {}
            Err(e) => return Err(e.into()),
        }
    }
    let range = std::fs::read_to_string("/proc/sys/net/ipv4/ping_group_range")?;
    let range = range.split_whitespace().collect::<Vec<_>>().join(" to ");
    Err(format!(
        "takes a group of net.ipv4.ping_group_range, which is {range}, or else CAP_NET_RAW"
    )
    .into())
}

/// Computes the checksum of RFC 1071.
fn checksum(bytes: &[u8]) -> [u8; 2] {
    let sum = bytes.chunks(2).fold(0, |sum, two| {
        sum + u32::from(two[0]) * 256 + u32::from(two[1])
    });
    let sum = (sum & 0xffff) + (sum >> 16);
    (!(sum + (sum >> 16)) as u16).to_be_bytes()
}
