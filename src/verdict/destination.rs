//! What a protocol asks of flags, length and address: most of it before it looks at the control messages.

use super::facts::State;
use super::import::Imported;
use super::protocol::Protocol;
use super::refusal::Reason;
use super::rule::Context;
use crate::addr::{AF_INET, AF_INET6, AF_NETLINK, AF_UNSPEC};
use crate::addr::{SIN6_LEN_RFC2133, SockaddrIn, SockaddrIn6, SockaddrNl};
use crate::msghdr::MsgFlags;
use core::net::Ipv6Addr;

/// A protocol of raw sockets that stands for all of them.
const IPPROTO_RAW: i32 = 255;

/// Bytes of an ICMP header, and most bytes of a packet.
const ICMP_HEADER: usize = 8;
const PACKET: usize = 0xffff;

/// A message on its way into a protocol.
pub(super) struct SendCheck<'a> {
    pub context: &'a Context<'a>,
    pub protocol: Protocol,
    pub message: &'a Imported<'a>,
}

/// `Ok` if the condition does not hold.
fn unless(condition: bool, reason: Reason) -> Result<(), Reason> {
    if condition { Err(reason) } else { Ok(()) }
}

impl SendCheck<'_> {
    /// Before the control messages. Gives whether the destination is an IPv4 one.
    pub fn before(&self) -> Result<bool, Reason> {
        let ipv4 = self.context.socket.domain == AF_INET.into();
        match self.protocol {
            Protocol::UnixSeqpacket => self.connected(Reason::NotConnected)?,
            Protocol::Netlink => {
                self.no_oob()?;
                unless(self.message.len == 0, Reason::NoData)?;
            }
            Protocol::Udp { .. } if ipv4 => self.udp4()?,
            Protocol::Udp { .. } => return self.udp6(),
            Protocol::Raw | Protocol::Ping => self.raw(ipv4)?,
            _ => {}
        }
        Ok(ipv4)
    }

    /// Behind the control messages.
    pub fn after(&self) -> Result<(), Reason> {
        match self.protocol {
            Protocol::UnixDgram => {
                self.no_oob()?;
                if self.message.name.is_empty() {
                    self.connected(Reason::NotConnected)
                } else {
                    Ok(())
                }
            }
            Protocol::UnixSeqpacket => self.no_oob(),
            Protocol::UnixStream => self.connected(Reason::NotConnected),
            Protocol::Netlink if !self.message.name.is_empty() => unless(
                self.message.name.len() < size_of::<SockaddrNl>() || self.family() != AF_NETLINK,
                Reason::Name,
            ),
            _ => Ok(()),
        }
    }

    fn connected(&self, or: Reason) -> Result<(), Reason> {
        unless(!self.context.is(State::CONNECTED), or)
    }

    fn no_oob(&self) -> Result<(), Reason> {
        unless(
            self.context.flags.contains(MsgFlags::MSG_OOB),
            Reason::OutOfBand,
        )
    }

    fn family(&self) -> u16 {
        self.message
            .name
            .first_chunk()
            .map_or(AF_UNSPEC, |bytes| u16::from_ne_bytes(*bytes))
    }

    /// The port of an address of either family.
    fn port(&self) -> u16 {
        let port = self.message.name.get(2..).and_then(<[u8]>::first_chunk);
        port.map_or(0, |bytes| u16::from_be_bytes(*bytes))
    }

    /// Whether the address in a `sockaddr_in6` is one such as `::ffff:127.0.0.1`.
    fn is_mapped(&self) -> bool {
        let address = self
            .message
            .name
            .get(8..)
            .and_then(<[u8]>::first_chunk::<16>);
        address.is_some_and(|octets| Ipv6Addr::from(*octets).to_ipv4_mapped().is_some())
    }

    /// Kernel `udp_sendmsg`.
    fn udp4(&self) -> Result<(), Reason> {
        unless(self.message.len > PACKET, Reason::DatagramLength)?;
        self.no_oob()?;
        if self.context.is(State::CORKED) {
            return Ok(());
        }
        if self.message.name.is_empty() {
            return self.connected(Reason::NoDestination);
        }
        unless(
            self.message.name.len() < size_of::<SockaddrIn>(),
            Reason::Name,
        )?;
        let mapped = self.context.socket.domain == AF_INET6.into() && self.family() == AF_INET6;
        unless(
            !mapped && ![AF_INET, AF_UNSPEC].contains(&self.family()),
            Reason::Family,
        )?;
        unless(self.port() == 0, Reason::Name)
    }

    /// Kernel `udpv6_sendmsg`.
    fn udp6(&self) -> Result<bool, Reason> {
        let named = !self.message.name.is_empty();
        unless(
            named && self.message.name.len() < size_of::<u16>(),
            Reason::Name,
        )?;
        let to_ipv4 = match self.family() {
            AF_INET6 if named => {
                unless(self.message.name.len() < SIN6_LEN_RFC2133, Reason::Name)?;
                self.is_mapped()
            }
            AF_INET if named => true,
            AF_UNSPEC => {
                if !self.context.is(State::CORKED) {
                    self.connected(Reason::NoDestination)?;
                }
                self.context.is(State::TO_IPV4)
            }
            _ => return Err(Reason::Name),
        };
        if to_ipv4 {
            unless(self.context.is(State::V6ONLY), Reason::V6Only)?;
            self.udp4()?;
        } else if self.family() == AF_INET6 && !self.context.is(State::CORKED) {
            unless(self.port() == 0, Reason::Name)?;
        }
        Ok(to_ipv4)
    }

    /// Kernel `raw_sendmsg`, `rawv6_sendmsg`, `ping_common_sendmsg` and what calls it.
    fn raw(&self, ipv4: bool) -> Result<(), Reason> {
        let (ping, name) = (self.protocol == Protocol::Ping, self.message.name);
        unless(
            (ipv4 || ping) && self.message.len > PACKET,
            Reason::DatagramLength,
        )?;
        unless(ping && self.message.len < ICMP_HEADER, Reason::IcmpHeader)?;
        self.no_oob()?;
        if name.is_empty() {
            return self.connected(Reason::NoDestination);
        }
        let (least, family) = match (ipv4, ping) {
            (true, _) => (size_of::<SockaddrIn>(), AF_INET),
            (false, true) => (size_of::<SockaddrIn6>(), AF_INET6),
            (false, false) => (SIN6_LEN_RFC2133, AF_INET6),
        };
        unless(name.len() < least, Reason::Name)?;
        unless(
            self.family() != family && (ping || self.family() != AF_UNSPEC),
            Reason::Family,
        )?;
        let (port, protocol) = (i32::from(self.port()), self.context.socket.protocol);
        let other =
            port != 0 && (port != protocol && protocol != IPPROTO_RAW || port > IPPROTO_RAW);
        unless(!ipv4 && !ping && other, Reason::Name)
    }
}
