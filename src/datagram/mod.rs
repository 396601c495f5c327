// SPDX-License-Identifier: MIT OR Apache-2.0
//! What the control messages of a datagram say, for IPv4 and IPv6: what servers of QUIC, DNS, NTP,
//! SIP and DHCP read of each packet that arrives, and say about each that leaves.
//!
//! ```
//! use ancil::datagram::{Arrival, Departure, Ecn, traffic_class};
//! use ancil::{Reader, Writer, space_of};
//! use std::net::IpAddr;
//!
//! let mut control = [0; space_of::<Arrival>()]; // for recvmsg
//! # use ancil::{IP_PKTINFO, IP_TOS, payload::InPktinfo};
//! # let info = InPktinfo::from_source([192, 0, 2, 1].into());
//! # let info = InPktinfo { ipi_addr: info.ipi_spec_dst, ipi_ifindex: 2, ..info };
//! # let mut writer = Writer::new(&mut control);
//! # writer.put(IP_PKTINFO, info)?;
//! # writer.put(IP_TOS, 0x2)?;
//! # let len = writer.finish().len();
//! let arrival = Reader::new(&control[..len]).get_all::<Arrival>()?; // msg_controllen bytes
//! assert_eq!(arrival.to, Some(IpAddr::from([192, 0, 2, 1])));
//! assert_eq!((arrival.interface, arrival.ecn), (Some(2), Some(Ecn::Ect0)));
//!
//! // The answer leaves from the address that was asked.
//! let peer = IpAddr::from([192, 0, 2, 99]);
//! let mut control = [0; Departure::SPACE];
//! let mut writer = Writer::new(&mut control);
//! let answer = Departure {
//!     // The DSCP stays, with an ECN of ours.
//!     traffic_class: arrival.dscp.and_then(|dscp| traffic_class(dscp, Ecn::Ect1)),
//!     ..Departure::answer(&arrival)
//! };
//! answer.put(&mut writer, peer)?;
//! let control = writer.finish(); // for sendmsg
//! # assert_eq!(control.reader().count(), 2);
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! `io::enable_available::<Arrival>(&socket, |_| Ok(()))` switches the messages on; a socket of
//! IPv4 leaves out the options of IPv6. What `io::recvmsg` returns has the messages:
//! `received.control().get_all::<Arrival>()`. If the control buffer was too small, messages are
//! missing and their fields are `None`; `Received::whole` tells.
//!
//! # Two families on one socket
//! An IPv6 socket also takes part in IPv4, unless `IPV6_V6ONLY` is set: its peers have mapped
//! addresses, such as `::ffff:192.0.2.99`. Linux hands IPv4's messages out on such a socket if
//! IPv4's options are on, and sends to a mapped address by IPv4's rules, where `IPV6_TCLASS` and
//! `IPV6_HOPLIMIT` have no effect. So [`Arrival`] decodes both, and [`Departure::put`] chooses by
//! the destination.
#![forbid(unsafe_code)]

mod arrival;
mod departure;
mod walk;

use core::net::{IpAddr, Ipv4Addr};

pub use arrival::Arrival;
pub use departure::{Departure, DepartureError};

/// Returns a mapped address as the IPv4 address that it is, and others as they are.
///
/// `IpAddr::to_canonical` does the same, but compares twelve numbers.
#[inline]
fn canonical(address: IpAddr) -> IpAddr {
    match address {
        IpAddr::V6(ipv6) if ipv6.to_bits() >> 32 == 0xffff => {
            IpAddr::V4(Ipv4Addr::from_bits(ipv6.to_bits() as u32))
        }
        address => address,
    }
}

/// Explicit congestion notification: RFC 3168.
#[doc(alias("congestion", "ECT", "L4S"))]
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[repr(u8)]
pub enum Ecn {
    /// Not-ECT: the sender does not take part.
    NotEct = 0,
    /// ECT(1): RFC 9331 gives it a meaning of its own.
    Ect1 = 1,
    /// ECT(0).
    Ect0 = 2,
    /// CE: a router on the way was congested.
    Ce = 3,
}

impl Ecn {
    /// Returns the notification in a traffic class.
    ///
    /// ```
    /// use ancil::datagram::Ecn;
    /// assert_eq!((Ecn::of(0xba), Ecn::of(0x03)), (Ecn::Ect0, Ecn::Ce));
    /// ```
    #[inline]
    pub const fn of(traffic_class: u8) -> Self {
        match traffic_class & 3 {
            0 => Self::NotEct,
            1 => Self::Ect1,
            2 => Self::Ect0,
            _ => Self::Ce,
        }
    }
}

/// Returns the traffic class with these parts, or `None` if `dscp` is more than 63.
///
/// The kernel takes the whole octet: ECN alone would overwrite the DSCP of the socket.
///
/// ```
/// use ancil::datagram::{Ecn, traffic_class};
/// assert_eq!(traffic_class(46, Ecn::Ect0), Some(0xba)); // expedited forwarding
/// ```
#[doc(alias("DSCP", "TOS"))]
#[inline]
pub const fn traffic_class(dscp: u8, ecn: Ecn) -> Option<u8> {
    if dscp > 63 {
        return None;
    }
    Some(dscp << 2 | ecn as u8)
}
