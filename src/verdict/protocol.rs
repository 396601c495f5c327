// SPDX-License-Identifier: MIT OR Apache-2.0
//! Which protocol a socket speaks, and therefore which parser of the kernel sees its control
//! messages.

use super::facts::{SOCK_RAW, State};
use super::refusal::{Fault, Reason, ensure};
use super::rule::Context;
use super::udp::IPPROTO_UDPLITE;
use super::{ip, ipv6, sol_socket, tables, udp, unix};
use crate::addr::{
    AF_ALG, AF_BLUETOOTH, AF_CAN, AF_INET, AF_INET6, AF_IUCV, AF_NETLINK, AF_PACKET, AF_RDS,
    AF_RXRPC, AF_UNIX, AF_VSOCK,
};
use crate::arch::{SOCK_DGRAM, SOCK_STREAM};

pub(super) const SOCK_SEQPACKET: i32 = 5;

const IPPROTO_ICMP: i32 = 1;
const IPPROTO_UDP: i32 = 17;
const IPPROTO_DCCP: i32 = 33;
const IPPROTO_ICMPV6: i32 = 58;
const IPPROTO_L2TP: i32 = 115;
const IPPROTO_SCTP: i32 = 132;
const CAN_RAW: i32 = 1;
const BTPROTO_L2CAP: i32 = 0;
const BTPROTO_SCO: i32 = 2;
const BTPROTO_ISO: i32 = 8;

/// The protocols, as far as they differ in how they check a message.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Protocol {
    /// AF_UNIX, by the type of the socket.
    Unix(i32),
    Netlink,
    /// UDP and UDP-Lite.
    Udp,
    Raw,
    Ping,
    /// L2TP over IPv6.
    L2tp,
    Tcp,
    Tls,
    EspInTcp,
    Packet,
    /// Only `SOL_SOCKET`: CAN, Bluetooth.
    Plain,
    Sctp,
    Dccp,
    /// VSOCK with connections, which ignores control messages.
    Vsock,
    /// The only protocol of a family, or one that ignores control messages: TIPC, MPTCP and more.
    Other(u16),
}

impl Protocol {
    pub fn of(context: &Context<'_>) -> Self {
        let socket = context.socket;
        match socket.arguments() {
            _ if socket.is_tcp() && context.has(State::TLS) => Self::Tls,
            _ if socket.is_tcp() && context.has(State::ESPINTCP) => Self::EspInTcp,
            _ if socket.is_tcp() => Self::Tcp,
            (AF_UNIX, ty, _) => Self::Unix(ty),
            (AF_NETLINK, ..) => Self::Netlink,
            (AF_INET | AF_INET6, SOCK_DGRAM, 0 | IPPROTO_UDP | IPPROTO_UDPLITE) => Self::Udp,
            (AF_INET, SOCK_DGRAM, IPPROTO_ICMP) => Self::Ping,
            (AF_INET6, SOCK_DGRAM, IPPROTO_ICMPV6) => Self::Ping,
            (AF_INET6, SOCK_DGRAM, IPPROTO_L2TP) => Self::L2tp,
            (AF_INET | AF_INET6, SOCK_RAW, _) => Self::Raw,
            (AF_INET | AF_INET6, _, IPPROTO_SCTP) => Self::Sctp,
            (AF_INET | AF_INET6, _, IPPROTO_DCCP) if !context.since(6, 16) => Self::Dccp,
            (AF_PACKET, SOCK_RAW | SOCK_DGRAM, _) => Self::Packet,
            (AF_PACKET, ..) => Self::Plain,
            (AF_CAN, SOCK_RAW, CAN_RAW) if context.since(6, 1) => Self::Plain,
            (AF_BLUETOOTH, _, BTPROTO_L2CAP | BTPROTO_SCO | BTPROTO_ISO)
                if context.since(6, 15) =>
            {
                Self::Plain
            }
            (AF_VSOCK, SOCK_STREAM | SOCK_SEQPACKET, _) => Self::Vsock,
            (family, ..) => Self::Other(family),
        }
    }

    /// Checks the control messages. `to_ipv4`: the destination is an IPv4 address.
    pub fn check(self, context: &Context<'_>, to_ipv4: bool) -> Result<(), Fault> {
        match self {
            Self::Unix(_) => unix::check(context, true),
            Self::Netlink => unix::check(context, false),
            // The kernel does not parse the control buffer.
            Self::Udp if context.has(State::CORKED) => Ok(()),
            Self::Udp => udp::check(context, to_ipv4),
            Self::Raw | Self::Ping if !context.socket.is_ipv6() => ip::check(context, false),
            Self::Raw | Self::L2tp => ipv6::check(context, true),
            Self::Ping => ipv6::check(context, false),
            Self::Tls => tables::tls(context),
            Self::EspInTcp => Ok(ensure(context.control.is_empty(), Reason::NoControl)?),
            Self::Tcp if !context.since(4, 9) => Ok(()),
            Self::Tcp | Self::Packet | Self::Plain => sol_socket::check_all(context),
            Self::Sctp => tables::sctp(context),
            Self::Dccp => tables::dccp(context),
            Self::Other(AF_ALG) => tables::alg(context),
            Self::Other(AF_RDS) => tables::rds(context),
            Self::Other(AF_RXRPC) => tables::rxrpc(context),
            Self::Other(AF_IUCV) => tables::iucv(context),
            Self::Vsock | Self::Other(_) => Ok(()),
        }
    }
}
