// SPDX-License-Identifier: MIT OR Apache-2.0 OR CC0-1.0
//! The sockets that `--socket` knows, and what Linux says of a buffer that one of them sends.

use ancil::Abi;
use ancil::verdict::{Facts, Refusal, Socket, check_control};

/// The name, and the arguments of socket(2).
const SOCKETS: &[(&str, i32, i32, i32)] = &[
    ("unix", libc::AF_UNIX, libc::SOCK_STREAM, 0),
    ("udp", libc::AF_INET, libc::SOCK_DGRAM, 0),
    ("udp6", libc::AF_INET6, libc::SOCK_DGRAM, 0),
    ("tcp", libc::AF_INET, libc::SOCK_STREAM, 0),
    ("tcp6", libc::AF_INET6, libc::SOCK_STREAM, 0),
    ("raw", libc::AF_INET, libc::SOCK_RAW, libc::IPPROTO_ICMP),
    ("raw6", libc::AF_INET6, libc::SOCK_RAW, libc::IPPROTO_ICMPV6),
    ("ping", libc::AF_INET, libc::SOCK_DGRAM, libc::IPPROTO_ICMP),
    (
        "ping6",
        libc::AF_INET6,
        libc::SOCK_DGRAM,
        libc::IPPROTO_ICMPV6,
    ),
    ("sctp", libc::AF_INET, libc::SOCK_STREAM, libc::IPPROTO_SCTP),
    ("packet", libc::AF_PACKET, libc::SOCK_RAW, 0),
    ("netlink", libc::AF_NETLINK, libc::SOCK_RAW, 0),
    ("can", libc::AF_CAN, libc::SOCK_RAW, libc::CAN_RAW),
    ("vsock", libc::AF_VSOCK, libc::SOCK_STREAM, 0),
    ("hci", libc::AF_BLUETOOTH, libc::SOCK_RAW, 1),
    ("alg", libc::AF_ALG, libc::SOCK_SEQPACKET, 0),
];

/// Returns the names for the usage text.
pub fn names() -> String {
    SOCKETS
        .iter()
        .map(|(name, ..)| *name)
        .collect::<Vec<_>>()
        .join(" ")
}

/// Returns the socket of this name.
pub fn find(name: &str) -> Option<Socket> {
    let (_, domain, ty, protocol) = *SOCKETS.iter().find(|row| row.0 == name)?;
    Some(Socket::new(domain, ty, protocol))
}

/// Returns what Linux answers if `socket` sends these control messages and everything else is in
/// favour of the sender. `None` if this machine's kernel would read another layout.
pub fn verdict(socket: &Socket, abi: Abi, control: &[u8]) -> Option<Result<(), Refusal>> {
    let mut facts = Facts::default();
    facts.compat = abi == Abi::LINUX_32 && abi != Abi::NATIVE;
    let is_readable = facts.compat || abi == Abi::NATIVE;
    is_readable.then(|| check_control(socket, &facts, control))
}
