//! [`Arrival`]: what the messages of a datagram say that arrived.
#![forbid(unsafe_code)]

use super::Ecn;
use crate::error::{BadPayload, PayloadError};
use crate::payload::{In6Pktinfo, InPktinfo, Timestamp, Timestamping};
use crate::table::keys::{
    IP_PKTINFO, IP_TOS, IP_TTL, IPV6_HOPLIMIT, IPV6_PKTINFO, IPV6_TCLASS, SO_RXQ_OVFL,
    SO_TIMESTAMP, SO_TIMESTAMPING, SO_TIMESTAMPNS, UDP_GRO,
};
use crate::wire::cmsg::Raw;
use crate::wire::key::Key;
use crate::wire::keys::{Keys, Options, space_of};
use crate::wire::option::SocketOption;
use core::net::{IpAddr, Ipv4Addr, Ipv6Addr};

/// What the messages of a datagram say that arrived. `None`: no message said it.
///
/// [`Reader::get_all`](crate::Reader::get_all) decodes it in one walk, and
/// [`space_of`] has the size of the control buffer. `io::enable_available::<Arrival>` switches the
/// messages on that a socket of either family has: all but the time of `SO_TIMESTAMP` and
/// `SO_TIMESTAMPING`, of which a socket has one, and but `UDP_GRO`, because a socket with that
/// option needs buffers of 64 KiB.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct Arrival {
    /// Destination in the packet's header, of a multicast or broadcast as it is. A mapped address
    /// is an IPv4 address here.
    pub to: Option<IpAddr>,
    /// Local address to answer from. It differs from `to` if the packet came by multicast or
    /// broadcast: with IPv4, the kernel names an address of the interface (`ipi_spec_dst`), and
    /// with IPv6, none.
    pub local: Option<IpAddr>,
    /// Index of the interface that the packet arrived at.
    pub interface: Option<u32>,
    /// The lower 2 bits of the traffic class: RFC 3168.
    pub ecn: Option<Ecn>,
    /// The upper 6 bits of the traffic class: RFC 2474.
    pub dscp: Option<u8>,
    /// Hop limit of IPv6, or time to live of IPv4, as it arrived.
    pub hop_limit: Option<u8>,
    /// Bytes of each datagram but the last, if the kernel joined several (`UDP_GRO`).
    pub segment_size: Option<u16>,
    /// When the packet arrived, by the system's clock.
    pub timestamp: Option<Timestamp>,
    /// Datagrams that the socket has dropped so far, because its buffer was full.
    pub drops: Option<u32>,
}

impl Options for Arrival {
    const OPTIONS: &'static [Option<SocketOption>] = &[
        IP_PKTINFO::OPTION,
        IPV6_PKTINFO::OPTION,
        IP_TOS::OPTION,
        IPV6_TCLASS::OPTION,
        IP_TTL::OPTION,
        IPV6_HOPLIMIT::OPTION,
        SO_TIMESTAMPNS::OPTION,
        SO_RXQ_OVFL::OPTION,
    ];
}

impl Keys for Arrival {
    const SPACE: usize = space_of::<(
        IP_PKTINFO,
        IPV6_PKTINFO,
        IP_TOS,
        IPV6_TCLASS,
        IP_TTL,
        IPV6_HOPLIMIT,
        SO_TIMESTAMPNS,
        SO_TIMESTAMPING,
        SO_RXQ_OVFL,
        UDP_GRO,
    )>();
    type Found<'a> = Self;

    #[inline]
    fn take(found: &mut Self, raw: &Raw<'_>) -> Result<(), BadPayload> {
        let (level, ty) = (raw.level, raw.ty);
        if IP_PKTINFO::matches(level, ty) {
            found.ipv4(raw.get_as::<IP_PKTINFO>()?.unwrap_or_default());
        } else if IPV6_PKTINFO::matches(level, ty) {
            found.ipv6(raw.get_as::<IPV6_PKTINFO>()?.unwrap_or_default());
        } else if IP_TOS::matches(level, ty) {
            found.traffic_class(octet(raw, raw.get_as::<IP_TOS>()?)?);
        } else if IPV6_TCLASS::matches(level, ty) {
            found.traffic_class(octet(raw, raw.get_as::<IPV6_TCLASS>()?)?);
        } else if IP_TTL::matches(level, ty) {
            let hops = octet(raw, raw.get_as::<IP_TTL>()?)?;
            found.hop_limit.get_or_insert(hops);
        } else if IPV6_HOPLIMIT::matches(level, ty) {
            let hops = octet(raw, raw.get_as::<IPV6_HOPLIMIT>()?)?;
            found.hop_limit.get_or_insert(hops);
        } else if UDP_GRO::matches(level, ty) {
            let size = raw.get_as::<UDP_GRO>()?.unwrap_or_default();
            let size = u16::try_from(size).map_err(|_| raw.bad_payload(PayloadError::Value))?;
            found.segment_size.get_or_insert(size);
        } else if SO_TIMESTAMPNS::matches(level, ty) {
            found.timestamp = found.timestamp.or(raw.get_as::<SO_TIMESTAMPNS>()?);
        } else if SO_TIMESTAMP::matches(level, ty) {
            found.timestamp = found.timestamp.or(raw.get_as::<SO_TIMESTAMP>()?);
        } else if SO_TIMESTAMPING::matches(level, ty) {
            if let Some(Timestamping::Times(times)) = raw.get_as::<SO_TIMESTAMPING>()? {
                found.timestamp = found.timestamp.or(times.software);
            }
        } else if SO_RXQ_OVFL::matches(level, ty) {
            found.drops = found.drops.or(raw.get_as::<SO_RXQ_OVFL>()?);
        }
        Ok(())
    }
}

/// Returns an `int` as the octet of the packet that it is.
#[inline]
fn octet(raw: &Raw<'_>, int: Option<i32>) -> Result<u8, BadPayload> {
    u8::try_from(int.unwrap_or_default()).map_err(|_| raw.bad_payload(PayloadError::Value))
}

impl Arrival {
    #[inline]
    fn ipv4(&mut self, info: InPktinfo) {
        self.to = Some(Ipv4Addr::from(info.ipi_addr).into());
        // Better than what an IPV6_PKTINFO of the same packet says, because it is never multicast.
        self.local = Some(Ipv4Addr::from(info.ipi_spec_dst).into());
        self.arrived_at(info.ipi_ifindex as u32);
    }

    #[inline]
    fn ipv6(&mut self, info: In6Pktinfo) {
        let to = Ipv6Addr::from(info.ipi6_addr).to_canonical();
        self.to.get_or_insert(to);
        if !to.is_multicast() {
            self.local.get_or_insert(to);
        }
        self.arrived_at(info.ipi6_ifindex);
    }

    #[inline]
    fn arrived_at(&mut self, interface: u32) {
        if interface != 0 {
            self.interface.get_or_insert(interface);
        }
    }

    #[inline]
    fn traffic_class(&mut self, octet: u8) {
        self.ecn.get_or_insert(Ecn::of(octet));
        self.dscp.get_or_insert(octet >> 2);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::SCM_RIGHTS;
    use crate::datagram::Departure;
    use crate::error::{Error, Lengths};
    use crate::wire::encode::bytes_of_messages;
    use crate::wire::reader::Reader;
    use zerocopy::IntoBytes;

    const ASKED: Ipv4Addr = Ipv4Addr::new(192, 0, 2, 1);

    fn arrival(messages: &[(i32, i32, &[u8])]) -> Result<Arrival, Error> {
        Reader::new(&bytes_of_messages(messages)).get_all::<Arrival>()
    }

    fn message<K: Key>(_: K, data: &[u8]) -> (i32, i32, &[u8]) {
        (K::LEVEL, K::TYPE, data)
    }

    #[test]
    fn both_families_say_the_same() {
        let info = InPktinfo {
            ipi_addr: ASKED.into(),
            ..InPktinfo::from_source(ASKED)
        };
        let int = 0xbbi32.to_ne_bytes();
        let hops = 61i32.to_ne_bytes();
        let ipv4 = arrival(&[
            message(IP_PKTINFO, info.as_bytes()),
            message(IP_TOS, &[0xbb]),
            message(IP_TTL, &hops),
        ]);
        let mapped = In6Pktinfo::from_source(ASKED.to_ipv6_mapped());
        let ipv6 = arrival(&[
            message(IPV6_PKTINFO, mapped.as_bytes()),
            message(IPV6_TCLASS, &int),
            message(IPV6_HOPLIMIT, &hops),
        ]);
        let expected = Arrival {
            to: Some(ASKED.into()),
            local: Some(ASKED.into()),
            ecn: Some(Ecn::Ce),
            dscp: Some(46),
            hop_limit: Some(61),
            ..Arrival::default()
        };
        assert_eq!((ipv4, ipv6), (Ok(expected), Ok(expected)));
        assert_eq!(arrival(&[message(IP_TOS, &int)]).unwrap().dscp, Some(46));
    }

    #[test]
    fn multicast_and_broadcast_are_not_answered_from() {
        let group = Ipv4Addr::new(224, 0, 0, 251);
        let info = InPktinfo {
            ipi_addr: group.into(),
            ipi_ifindex: 3,
            ..InPktinfo::from_source(ASKED)
        };
        let mapped = In6Pktinfo::from_source(group.to_ipv6_mapped());
        for messages in [
            &[message(IP_PKTINFO, info.as_bytes())][..],
            &[
                message(IPV6_PKTINFO, mapped.as_bytes()),
                message(IP_PKTINFO, info.as_bytes()),
            ],
        ] {
            let arrival = arrival(messages).unwrap();
            assert_eq!(arrival.to, Some(group.into()));
            assert_eq!(arrival.local, Some(ASKED.into()));
            assert_eq!(arrival.interface, Some(3));
            assert_eq!(Departure::answer(&arrival).from, Some(ASKED.into()));
        }
        let group = "ff02::fb".parse::<Ipv6Addr>().unwrap();
        let info = In6Pktinfo::from_source(group);
        let arrival = arrival(&[message(IPV6_PKTINFO, info.as_bytes())]).unwrap();
        assert_eq!((arrival.to, arrival.local), (Some(group.into()), None));
    }

    #[test]
    fn the_rest_is_decoded_and_bad_values_are_named() {
        let decoded = arrival(&[
            message(UDP_GRO, &1200i32.to_ne_bytes()),
            message(SO_RXQ_OVFL, &7u32.to_ne_bytes()),
        ]);
        let decoded = decoded.unwrap();
        assert_eq!((decoded.segment_size, decoded.drops), (Some(1200), Some(7)));
        assert!(arrival(&[message(UDP_GRO, &65536i32.to_ne_bytes())]).is_err());
        let times = [[0i64; 2], [0; 2], [9; 2]].map(|pair| pair.map(i64::to_ne_bytes));
        let times = times.as_flattened().as_flattened();
        let hardware = arrival(&[message(SO_TIMESTAMPING, times)]).unwrap();
        assert_eq!(
            hardware.timestamp, None,
            "a device's clock is not the system's"
        );
        let pair = [5i64, 6].map(i64::to_ne_bytes);
        let both = arrival(&[
            message(SO_TIMESTAMPING, times),
            message(SO_TIMESTAMPNS, pair.as_flattened()),
        ]);
        assert_eq!(both.unwrap().timestamp.unwrap().seconds, 5);
        for int in [-1, 256] {
            let bad = arrival(&[message(IP_TTL, &i32::to_ne_bytes(int))]);
            assert!(matches!(bad, Err(Error::BadPayload(bad)) if bad.cause == PayloadError::Value));
        }
        let bad = arrival(&[message(IPV6_TCLASS, &[1])]);
        let cause = PayloadError::Length(Lengths::Exactly(4));
        assert!(matches!(bad, Err(Error::BadPayload(bad)) if bad.cause == cause));
        let other = arrival(&[message(SCM_RIGHTS, &[0; 3])]);
        assert_eq!(other, Ok(Arrival::default()));
    }
}
