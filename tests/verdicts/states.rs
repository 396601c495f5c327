//! Sockets in states that a verdict depends on: bound, with options, without a connection.

use crate::machine::ALONE;
use crate::targets::{Target, bare, set};
use ancil::verdict::{Existing, Socket, State};
use libc::{AF_INET, AF_INET6, IPPROTO_IPV6, SOCK_DGRAM, SOCK_STREAM};
use std::io::Error;

const IPV6_FLOWLABEL_MGR: i32 = 32;
const IPV6_FLOWINFO_SEND: i32 = 33;
const IPV6_PKTINFO: i32 = 50;
const IPV6_UNICAST_IF: i32 = 76;
const UDP_NO_CHECK6_TX: i32 = 101;

/// The index of the loopback interface in a network of the tests' own.
const LOOPBACK: u32 = 1;
/// The flow label that one socket owns.
const LABEL: u32 = 1;
/// A traffic class, without a flow label.
const FLOW_INFO: u32 = 0x0120_0000;

/// Numbers of bytes around those that segments of generated sizes have room for.
const SIZES: &[usize] = &[
    0, 1, 2, 100, 128, 129, 256, 257, 8952, 8953, 8972, 8973, 12_800, 12_801, 60_000,
];

/// The states by the name of the target.
pub fn all() -> Vec<(&'static str, Result<Target, Error>)> {
    vec![
        ("udp4, segments", segments("udp4, segments", AF_INET)),
        ("udp6, segments", segments("udp6, segments", AF_INET6)),
        (
            "udp4, no checksum",
            without_checksum("udp4, no checksum", AF_INET),
        ),
        (
            "udp6, no checksum",
            without_checksum("udp6, no checksum", AF_INET6),
        ),
        ("udp6 from ipv4", from_ipv4()),
        ("udp6, sticky interface", sticky_interface()),
        ("ping6, unicast interface", unicast_interface()),
        ("udp6, flow label", flow_label()),
        ("udp6, flow info", flow_info()),
        (
            "tcp, alone",
            alone("tcp, alone", bare(AF_INET, SOCK_STREAM, 0)),
        ),
        (
            "packet, alone",
            alone("packet, alone", bare(libc::AF_PACKET, SOCK_DGRAM, 0)),
        ),
        (
            "vsock, alone",
            alone("vsock, alone", bare(libc::AF_VSOCK, SOCK_STREAM, 0)),
        ),
    ]
}

fn udp6(name: &'static str) -> Result<Target, Error> {
    Target::udp(name, AF_INET6, 0, "[::1]:0")
}

/// Makes a socket without a peer.
pub fn alone(name: &'static str, socket: Socket) -> Result<Target, Error> {
    let mut target = Target::new(name, socket, &[0])?;
    target.varied = false;
    Ok(target)
}

fn segments(name: &'static str, domain: i32) -> Result<Target, Error> {
    let to = if domain == AF_INET {
        "127.0.0.1:0"
    } else {
        "[::1]:0"
    };
    let mut target = Target::udp(name, domain, 0, to)?;
    target.sizes = SIZES;
    Ok(target)
}

fn without_checksum(name: &'static str, domain: i32) -> Result<Target, Error> {
    let mut target = segments(name, domain)?;
    match domain {
        AF_INET => {
            set(&target.fd, libc::SOL_SOCKET, libc::SO_NO_CHECK, 1)?;
            target.socket.state |= State::NO_CHECK;
        }
        _ => {
            set(&target.fd, libc::IPPROTO_UDP, UDP_NO_CHECK6_TX, 1)?;
            target.socket.state |= State::NO_CHECK6_TX;
        }
    }
    Ok(target)
}

/// Binds an IPv6 socket to an IPv4 address. `::` then is 127.0.0.1.
fn from_ipv4() -> Result<Target, Error> {
    let mut target = Target::udp("udp6 from ipv4", AF_INET6, 0, "127.0.0.1:0")?;
    let to = target.to.as_mut().unwrap();
    let mut own = to.clone();
    own[2..4].copy_from_slice(&[0; 2]);
    to[8..24].copy_from_slice(&[0; 16]);
    target.bind(&own)?;
    target.socket.state |= State::FROM_IPV4;
    Ok(target)
}

fn sticky_interface() -> Result<Target, Error> {
    let mut target = udp6("udp6, sticky interface")?;
    set(
        &target.fd,
        IPPROTO_IPV6,
        IPV6_PKTINFO,
        [0, 0, 0, 0, LOOPBACK],
    )?;
    target.socket.interface = LOOPBACK;
    Ok(target)
}

fn unicast_interface() -> Result<Target, Error> {
    const ECHO: [u8; 8] = [128, 0, 0, 0, 0, 0, 0, 0];
    let socket = bare(AF_INET6, SOCK_DGRAM, libc::IPPROTO_ICMPV6);
    let mut target = Target::new("ping6, unicast interface", socket, &ECHO)?.to("[::1]:0");
    set(&target.fd, IPPROTO_IPV6, IPV6_UNICAST_IF, LOOPBACK.to_be())?;
    target.socket.interface = LOOPBACK;
    Ok(target)
}

/// Makes a socket that owns the only flow label of the network. The host's network gets none, since
/// the kernel remembers for good that a network has had an exclusive label.
fn flow_label() -> Result<Target, Error> {
    if !ALONE.get() {
        return Err(Error::other(
            "an exclusive label concerns all programs of a network",
        ));
    }
    let mut target = udp6("udp6, flow label")?;
    let to = target.to.as_ref().unwrap();
    // struct in6_flowlabel_req: create a label for the address, and share it with nobody.
    let (get, exclusive, create) = (0, 1, 1u16.to_ne_bytes());
    let mut request = [0u8; 32];
    request[..16].copy_from_slice(&to[8..24]);
    request[16..20].copy_from_slice(&LABEL.to_be_bytes());
    request[20..24].copy_from_slice(&[get, exclusive, create[0], create[1]]);
    set(&target.fd, IPPROTO_IPV6, IPV6_FLOWLABEL_MGR, request)?;
    target.flow_labels = Existing::Only(&[LABEL]);
    Ok(target)
}

/// Makes a socket that takes a traffic class from the address.
fn flow_info() -> Result<Target, Error> {
    let mut target = udp6("udp6, flow info")?;
    set(&target.fd, IPPROTO_IPV6, IPV6_FLOWINFO_SEND, 1)?;
    target.to.as_mut().unwrap()[4..8].copy_from_slice(&FLOW_INFO.to_be_bytes());
    target.socket.flow_info = FLOW_INFO;
    target.varied = false;
    Ok(target)
}
