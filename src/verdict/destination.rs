//! What a protocol demands of flags, length and address, which it checks before or after the
//! control messages.

use super::facts::{Release, State};
use super::protocol::Protocol;
use super::refusal::{Reason, ensure};
use super::rule::Context;
use crate::addr::{AF_INET, AF_INET6, AF_NETLINK, AF_UNSPEC};
use crate::addr::{SIN6_LEN_RFC2133, SockaddrIn, SockaddrIn6, SockaddrNl};
use crate::msghdr::MsgFlags;
use core::net::Ipv6Addr;

/// The protocol of a raw socket that sends packets of every protocol.
const IPPROTO_RAW: i32 = 255;

/// Bytes of an ICMP header.
const ICMP_HEADER: usize = 8;
/// Bytes that a packet can have.
const MAX_PACKET: usize = 0xffff;

/// Checks what the protocol checks before the control messages. Returns whether the destination is
/// an IPv4 address.
pub(super) fn check_before(protocol: Protocol, context: &Context<'_>) -> Result<bool, Reason> {
    match protocol {
        Protocol::UnixSeqpacket => ensure_connected(context, Reason::NotConnected)?,
        Protocol::Netlink => {
            ensure_in_band(context)?;
            ensure(context.imported.len > 0, Reason::NoData)?;
        }
        Protocol::Udp { .. } if context.socket.is_ipv6() => return udp6(context),
        Protocol::Udp { .. } => udp4(context)?,
        Protocol::Raw => raw(context, false)?,
        Protocol::Ping => raw(context, true)?,
        _ => {}
    }
    Ok(context.socket.is_to_ipv4())
}

/// Checks what the protocol checks after the control messages.
pub(super) fn check_after(protocol: Protocol, context: &Context<'_>) -> Result<(), Reason> {
    let name = Name(context.imported.name);
    match protocol {
        Protocol::UnixDgram => {
            ensure_in_band(context)?;
            if name.0.is_empty() {
                ensure_connected(context, Reason::NotConnected)?;
            }
            Ok(())
        }
        Protocol::UnixSeqpacket => ensure_in_band(context),
        Protocol::UnixStream => {
            // Since Linux 5.15 (`CONFIG_AF_UNIX_OOB`), the last byte can be out of band.
            if context.imported.len == 0 || !context.is_at_least(Release(5, 15)) {
                ensure_in_band(context)?;
            }
            let connected = context.has(State::CONNECTED);
            if name.0.is_empty() {
                ensure(connected, Reason::NotConnected)
            } else if connected {
                Err(Reason::Connected)
            } else {
                Err(Reason::StreamName)
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
    let out_of_band = context.imported.flags.contains(MsgFlags::MSG_OOB);
    ensure(!out_of_band, Reason::OutOfBand)
}

/// The bytes of `msg_name`.
struct Name<'a>(&'a [u8]);

impl Name<'_> {
    fn family(&self) -> u16 {
        let family = self.0.first_chunk();
        family.map_or(AF_UNSPEC, |bytes| u16::from_ne_bytes(*bytes))
    }

    /// Returns the port, which has the same place in addresses of IPv4 and IPv6.
    fn port(&self) -> u16 {
        let port = self.0.get(2..).and_then(<[u8]>::first_chunk);
        port.map_or(0, |bytes| u16::from_be_bytes(*bytes))
    }

    /// Whether the address in a `sockaddr_in6` is an IPv4 one, such as `::ffff:127.0.0.1`.
    fn is_mapped(&self) -> bool {
        let address = self.0.get(8..).and_then(<[u8]>::first_chunk::<16>);
        address.is_some_and(|octets| Ipv6Addr::from(*octets).to_ipv4_mapped().is_some())
    }
}

/// Kernel `udp_sendmsg`.
fn udp4(context: &Context<'_>) -> Result<(), Reason> {
    let name = Name(context.imported.name);
    ensure(context.imported.len <= MAX_PACKET, Reason::DatagramLength)?;
    ensure_in_band(context)?;
    if context.has(State::CORKED) {
        return Ok(());
    }
    if name.0.is_empty() {
        return ensure_connected(context, Reason::NoDestination);
    }
    ensure(name.0.len() >= size_of::<SockaddrIn>(), Reason::Name)?;
    let accepted = match name.family() {
        AF_INET | AF_UNSPEC => true,
        // For a mapped address, `udpv6_sendmsg` calls `udp_sendmsg` with a `sockaddr_in`.
        AF_INET6 => context.socket.is_ipv6(),
        _ => false,
    };
    ensure(accepted, Reason::Family)?;
    ensure(name.port() != 0, Reason::Name)
}

/// Kernel `udpv6_sendmsg`. Returns whether the destination is an IPv4 address.
fn udp6(context: &Context<'_>) -> Result<bool, Reason> {
    let name = Name(context.imported.name);
    let corked = context.has(State::CORKED);
    let has_family = name.0.is_empty() || name.0.len() >= size_of::<u16>();
    ensure(has_family, Reason::Name)?;
    let to_ipv4 = match name.family() {
        AF_INET6 => {
            ensure(name.0.len() >= SIN6_LEN_RFC2133, Reason::Name)?;
            name.is_mapped()
        }
        AF_INET => true,
        AF_UNSPEC => {
            if !corked {
                ensure_connected(context, Reason::NoDestination)?;
            }
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
    let (socket, len) = (context.socket, context.imported.len);
    let name = Name(context.imported.name);
    let is_raw6 = socket.is_ipv6() && !is_ping;
    ensure(is_raw6 || len <= MAX_PACKET, Reason::DatagramLength)?;
    ensure(!is_ping || len >= ICMP_HEADER, Reason::IcmpHeader)?;
    ensure_in_band(context)?;
    if name.0.is_empty() {
        return ensure_connected(context, Reason::NoDestination);
    }
    let (min_len, family) = if is_raw6 {
        (SIN6_LEN_RFC2133, AF_INET6)
    } else if socket.is_ipv6() {
        (size_of::<SockaddrIn6>(), AF_INET6)
    } else {
        (size_of::<SockaddrIn>(), AF_INET)
    };
    ensure(name.0.len() >= min_len, Reason::Name)?;
    let accepted = name.family() == family || !is_ping && name.family() == AF_UNSPEC;
    ensure(accepted, Reason::Family)?;
    if is_ping && socket.is_ipv6() {
        ensure(!name.is_mapped(), Reason::Name)?;
    }
    if is_raw6 {
        // The port of the address is the protocol of the packet; 0 stands for the socket's.
        let (port, protocol) = (i32::from(name.port()), socket.protocol);
        let matches = port == protocol || protocol == IPPROTO_RAW;
        ensure(port == 0 || matches && port <= IPPROTO_RAW, Reason::Name)?;
    }
    Ok(())
}
