// SPDX-License-Identifier: MIT OR Apache-2.0
//! What a protocol demands of flags, length and address, which it checks before or after the
//! control messages.

use super::facts::{IPPROTO_RAW, State};
use super::protocol::{Protocol, SOCK_SEQPACKET};
use super::refusal::{Fault, Reason, ensure};
use super::rule::Context;
use crate::addr::{AF_INET, AF_INET6, AF_NETLINK, AF_UNSPEC};
use crate::addr::{SIN6_LEN_RFC2133, SockaddrIn, SockaddrIn6, SockaddrLl, SockaddrNl};
use crate::arch::SOCK_STREAM;
use crate::msghdr::MsgFlags;
use core::mem::offset_of;
use core::net::Ipv6Addr;
use zerocopy::FromBytes;

/// Bytes of an ICMP header.
const ICMP_HEADER: usize = 8;
/// Bytes that a packet can have.
const MAX_PACKET: usize = 0xffff;

/// Checks what the protocol checks before the control messages. Returns whether the destination is
/// an IPv4 address.
pub(super) fn check_before(protocol: Protocol, context: &Context<'_>) -> Result<bool, Fault> {
    match protocol {
        Protocol::Unix(SOCK_SEQPACKET) => ensure_connected(context, Reason::NotConnected)?,
        Protocol::Netlink => {
            ensure_in_band(context)?;
            let is_empty = context.len == Some(0);
            ensure(!(is_empty && context.since(4, 9)), Reason::NoData)?;
        }
        Protocol::Udp if context.socket.is_ipv6() => return Ok(udp6(context)?),
        Protocol::Udp => udp4(context)?,
        Protocol::Raw | Protocol::Ping => raw(context, protocol == Protocol::Ping)?,
        Protocol::Tcp => match protocol.check(context, false) {
            // Good messages that need MSG_ZEROCOPY are refused first.
            Err(fault) if fault.reason == Reason::NotZerocopy => return Err(fault),
            _ => tcp(context)?,
        },
        Protocol::Packet => packet(context)?,
        Protocol::Vsock => ensure_in_band(context).and_then(|()| stream(context))?,
        _ => {}
    }
    Ok(context.socket.is_to_ipv4())
}

/// Checks what the protocol checks after the control messages.
pub(super) fn check_after(protocol: Protocol, context: &Context<'_>) -> Result<(), Reason> {
    let name = Name(context.name);
    match protocol {
        Protocol::Unix(ty) => {
            let is_stream = ty == SOCK_STREAM;
            // Since Linux 5.15 (`CONFIG_AF_UNIX_OOB`), the last byte can be out of band.
            if !is_stream || context.len == Some(0) || !context.since(5, 15) {
                ensure_in_band(context)?;
            }
            match name.0 {
                _ if is_stream => stream(context),
                [] => ensure_connected(context, Reason::NotConnected),
                _ => Ok(()),
            }
        }
        Protocol::Netlink if !name.0.is_empty() => {
            let valid = name.0.len() >= size_of::<SockaddrNl>() && name.family() == AF_NETLINK;
            ensure(valid, Reason::Name)
        }
        _ => Ok(()),
    }
}

fn ensure_connected(context: &Context<'_>, reason: Reason) -> Result<(), Reason> {
    ensure(context.has(State::CONNECTED), reason)
}

fn ensure_in_band(context: &Context<'_>) -> Result<(), Reason> {
    let out_of_band = context.flags.contains(MsgFlags::MSG_OOB);
    ensure(!out_of_band, Reason::OutOfBand)
}

/// A stream socket has a peer, and accepts no address.
fn stream(context: &Context<'_>) -> Result<(), Reason> {
    match (context.name, context.has(State::CONNECTED)) {
        ([], connected) => ensure(connected, Reason::NotConnected),
        (_, true) => Err(Reason::Connected),
        (_, false) => Err(Reason::StreamName),
    }
}

/// Kernel `tcp_sendmsg_locked`, which reports a bad control message only after these.
fn tcp(context: &Context<'_>) -> Result<(), Reason> {
    let (flags, name) = (context.flags, Name(context.name));
    if !flags.contains(MsgFlags::MSG_FASTOPEN) {
        return ensure_connected(context, Reason::NeverConnected);
    }
    let is_unspec = name.0.len() >= size_of::<u16>() && name.family() == AF_UNSPEC;
    ensure(!is_unspec, Reason::FastOpenName)?;
    ensure(name.0.len() != 1, Reason::Name)?;
    ensure(!context.has(State::CONNECTED), Reason::Connected)?;
    name.check(context, SIN6_LEN_RFC2133, false)?;
    // A call that may wait goes on when there is a connection.
    ensure(!flags.contains(MsgFlags::MSG_DONTWAIT), Reason::InProgress)
}

/// Kernel `packet_snd`.
fn packet(context: &Context<'_>) -> Result<(), Reason> {
    let name = context.name;
    if name.is_empty() {
        return ensure_connected(context, Reason::NoDevice);
    }
    let (address, _) = SockaddrLl::read_from_prefix(name).map_err(|_| Reason::Name)?;
    let len = offset_of!(SockaddrLl, sll_addr).saturating_add(address.sll_halen.into());
    ensure(name.len() >= len, Reason::Name)?;
    let index = address.sll_ifindex as u32;
    let exists = index != 0 && context.facts.interfaces.contains(&index);
    ensure(exists, Reason::NoDevice)
}

/// The bytes of `msg_name`.
struct Name<'a>(&'a [u8]);

impl Name<'_> {
    /// Returns the bytes at an offset of the address, or zeros if it is too short.
    fn field<const N: usize>(&self, offset: usize) -> [u8; N] {
        let field = self.0.get(offset..).and_then(<[u8]>::first_chunk);
        field.copied().unwrap_or([0; N])
    }

    fn family(&self) -> u16 {
        u16::from_ne_bytes(self.field(0))
    }

    /// Returns the port, which has the same place in addresses of IPv4 and IPv6.
    fn port(&self) -> u16 {
        u16::from_be_bytes(self.field(2))
    }

    /// Returns the address in a `sockaddr_in6`.
    fn ipv6(&self) -> Ipv6Addr {
        Ipv6Addr::from(self.field::<16>(8))
    }

    /// Checks length and family of an address of the socket's family. An IPv6 address has `len6`
    /// bytes or more.
    fn check(&self, context: &Context<'_>, len6: usize, or_unspec: bool) -> Result<(), Reason> {
        let (len, family) = match context.socket.is_ipv6() {
            true => (len6, AF_INET6),
            false => (size_of::<SockaddrIn>(), AF_INET),
        };
        ensure(self.0.len() >= len, Reason::Name)?;
        let is_unspec = or_unspec && self.family() == AF_UNSPEC;
        ensure(is_unspec || self.family() == family, Reason::Family)
    }
}

/// Kernel `udp_sendmsg`. An IPv6 socket has a mapped address or one of IPv4, with its length.
fn udp4(context: &Context<'_>) -> Result<(), Reason> {
    let name = Name(context.name);
    let fits = context.len.is_none_or(|len| len <= MAX_PACKET);
    ensure(fits, Reason::DatagramLength)?;
    ensure_in_band(context)?;
    if context.has(State::CORKED) {
        return Ok(());
    }
    if name.0.is_empty() {
        return ensure_connected(context, Reason::NoDestination);
    }
    if context.socket.is_ipv6() {
        ensure(name.0.len() >= size_of::<SockaddrIn>(), Reason::Name)?;
    } else {
        name.check(context, 0, true)?;
    }
    ensure(name.port() != 0, Reason::Name)
}

/// Kernel `udpv6_sendmsg`. Returns whether the destination is an IPv4 address.
fn udp6(context: &Context<'_>) -> Result<bool, Reason> {
    let name = Name(context.name);
    let corked = context.has(State::CORKED);
    let has_family = name.0.is_empty() || name.0.len() >= size_of::<u16>();
    ensure(has_family, Reason::Name)?;
    let to_ipv4 = match name.family() {
        AF_INET6 => {
            ensure(name.0.len() >= SIN6_LEN_RFC2133, Reason::Name)?;
            // From an IPv4 address, `::` is the IPv4 address of this host.
            let from_ipv4 = context.has(State::FROM_IPV4);
            let address = name.ipv6();
            address.to_ipv4_mapped().is_some() || from_ipv4 && address.is_unspecified()
        }
        AF_INET => true,
        AF_UNSPEC => {
            let has_peer = corked || context.has(State::CONNECTED);
            ensure(has_peer, Reason::NoDestination)?;
            // With a name, the kernel does not look whether the peer has an IPv4 address.
            name.0.is_empty() && context.socket.is_to_ipv4()
        }
        _ => return Err(Reason::Name),
    };
    if to_ipv4 {
        ensure(!context.has(State::V6ONLY), Reason::V6Only)?;
        udp4(context)?;
    } else if name.family() == AF_INET6 && !corked {
        ensure(name.port() != 0, Reason::Name)?;
    }
    Ok(to_ipv4)
}

/// Kernel `raw_sendmsg` and `rawv6_sendmsg`; for ping sockets, `ping_v4_sendmsg` and
/// `ping_v6_sendmsg`, which call `ping_common_sendmsg`.
fn raw(context: &Context<'_>, is_ping: bool) -> Result<(), Reason> {
    let (socket, len) = (context.socket, context.len.unwrap_or_default());
    let name = Name(context.name);
    let is_raw6 = socket.is_ipv6() && !is_ping;
    ensure(is_raw6 || len <= MAX_PACKET, Reason::DatagramLength)?;
    ensure(!is_ping || len >= ICMP_HEADER, Reason::IcmpHeader)?;
    ensure_in_band(context)?;
    if name.0.is_empty() {
        return ensure_connected(context, Reason::NoDestination);
    }
    let whole = size_of::<SockaddrIn6>();
    let len6 = if is_ping { whole } else { SIN6_LEN_RFC2133 };
    name.check(context, len6, !is_ping)?;
    let is_mapped = socket.is_ipv6() && name.ipv6().to_ipv4_mapped().is_some();
    ensure(!is_ping || !is_mapped, Reason::Name)?;
    if is_raw6 {
        // The port of the address is the protocol of the packet; 0 stands for the socket's.
        let (port, protocol) = (i32::from(name.port()), socket.protocol);
        let matches = port == protocol || protocol == IPPROTO_RAW;
        ensure(port == 0 || matches && port <= IPPROTO_RAW, Reason::Name)?;
    }
    Ok(())
}
