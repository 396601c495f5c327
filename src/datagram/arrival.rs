// SPDX-License-Identifier: MIT OR Apache-2.0
//! [`Arrival`]: what the messages of a datagram say that arrived.
#![forbid(unsafe_code)]

use super::Ecn;
use crate::payload::Timestamp;
use core::net::IpAddr;

/// What the messages of a datagram say that arrived. `None`: no message said it.
///
/// [`Reader::get_all`](crate::Reader::get_all) decodes it in one walk, and
/// [`space_of`](crate::space_of) has the size of the control buffer.
/// `io::enable_available::<Arrival>` switches these messages on, as far as the socket has them. It
/// leaves `UDP_GRO` off, because a socket with that option needs buffers of 64 KiB. Of the three
/// kinds of time it switches on `SO_TIMESTAMPNS` only, because one is enough.
///
/// If two messages say the same, the later one counts. But what `IP_PKTINFO` says counts more than
/// what `IPV6_PKTINFO` says of the same packet.
///
/// ```
/// use ancil::datagram::{Arrival, Ecn};
/// use ancil::{IPV6_TCLASS, Writer, space_of};
///
/// let mut control = [0; space_of::<Arrival>()];
/// # let mut writer = Writer::new(&mut control);
/// # writer.put(IPV6_TCLASS, 0xba)?;
/// # let len = writer.finish().len();
/// let arrival = ancil::Reader::new(&control[..len]).get_all::<Arrival>()?;
/// assert_eq!((arrival.dscp, arrival.ecn), (Some(46), Some(Ecn::Ect0)));
/// # Ok::<(), ancil::Error>(())
/// ```
#[doc(alias("UDP server", "QUIC", "IP_RECVPKTINFO"))]
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct Arrival {
    /// Destination in the packet's header, of a multicast or broadcast as it is. A mapped address
    /// is an IPv4 address here.
    pub to: Option<IpAddr>,
    /// Local address to answer from. It differs from `to` if the packet came by multicast or
    /// broadcast: `IP_PKTINFO` names an address of the interface (`ipi_spec_dst`), and
    /// `IPV6_PKTINFO` names none. A broadcast to a subnet is recognised by `IP_PKTINFO` only.
    pub local: Option<IpAddr>,
    /// Index of the interface that the packet arrived at.
    pub interface: Option<u32>,
    /// The lower 2 bits of the traffic class: RFC 3168.
    pub ecn: Option<Ecn>,
    /// The upper 6 bits of the traffic class: RFC 2474.
    pub dscp: Option<u8>,
    /// Hop limit of IPv6, or time to live of IPv4, as it arrived.
    pub hop_limit: Option<u8>,
    /// Bytes of each datagram but the last, if the kernel joined several (`UDP_GRO`). Never 0.
    pub segment_size: Option<u16>,
    /// When the packet arrived, by the system's clock.
    pub timestamp: Option<Timestamp>,
    /// Datagrams that the socket has dropped so far, because its buffer was full. The kernel says
    /// nothing before the first.
    pub drops: Option<u32>,
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::datagram::Departure;
    use crate::error::BadPayload;
    use crate::error::{Error, Lengths, PayloadError};
    use crate::payload::{In6Pktinfo, InPktinfo};
    use crate::table::keys::{
        IP_PKTINFO, IP_TOS, IP_TTL, IPV6_HOPLIMIT, IPV6_PKTINFO, IPV6_TCLASS, SO_RXQ_OVFL,
        SO_TIMESTAMPING, SO_TIMESTAMPNS, UDP_GRO,
    };
    use crate::wire::encode::bytes_of_messages;
    use crate::wire::key::Key;
    use crate::wire::reader::Reader;
    use crate::{SCM_RIGHTS, SO_TIMESTAMP};
    use core::net::{Ipv4Addr, Ipv6Addr};
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
            &[
                message(IP_PKTINFO, info.as_bytes()),
                message(IPV6_PKTINFO, mapped.as_bytes()),
            ],
        ] {
            let arrival = arrival(messages).unwrap();
            assert_eq!(arrival.to, Some(group.into()));
            assert_eq!(arrival.local, Some(ASKED.into()));
            assert_eq!(arrival.interface, Some(3));
            assert_eq!(Departure::answer(&arrival).from, Some(ASKED.into()));
        }
        for source in [Ipv4Addr::UNSPECIFIED, ASKED] {
            let info = InPktinfo {
                ipi_addr: group.into(),
                ..InPktinfo::from_source(source)
            };
            let arrival = arrival(&[message(IP_PKTINFO, info.as_bytes())]).unwrap();
            let local = (source == ASKED).then_some(ASKED.into());
            assert_eq!((arrival.to, arrival.local), (Some(group.into()), local));
            assert_eq!(arrival.interface, None, "0 is no interface");
        }
        let broadcast = In6Pktinfo::from_source(Ipv4Addr::BROADCAST.to_ipv6_mapped());
        let arrived = arrival(&[message(IPV6_PKTINFO, broadcast.as_bytes())]).unwrap();
        assert_eq!(arrived.to, Some(Ipv4Addr::BROADCAST.into()));
        assert_eq!(arrived.local, None);
        let group = "ff02::fb".parse::<Ipv6Addr>().unwrap();
        let info = In6Pktinfo::from_source(group);
        let arrival = arrival(&[message(IPV6_PKTINFO, info.as_bytes())]).unwrap();
        assert_eq!((arrival.to, arrival.local), (Some(group.into()), None));
    }

    #[test]
    fn the_later_of_two_messages_counts() {
        let [one, two] = [[1u8], [2]].map(|octet| arrival(&[message(IP_TOS, &octet)]));
        assert_ne!(one, two);
        assert_eq!(
            arrival(&[message(IP_TOS, &[1]), message(IP_TOS, &[2])]),
            two
        );
        let bad = [message(IP_TOS, &[1][..]), message(IP_TOS, &[2, 2])];
        assert!(arrival(&bad).is_err());
        let lossy = Reader::new(&bytes_of_messages(&bad)).get_all_lossy::<Arrival>();
        assert_eq!(Ok(lossy), one);
    }

    #[test]
    fn the_rest_is_decoded_and_bad_values_are_named() {
        let decoded = arrival(&[
            message(UDP_GRO, &1200i32.to_ne_bytes()),
            message(SO_RXQ_OVFL, &7u32.to_ne_bytes()),
        ]);
        let decoded = decoded.unwrap();
        assert_eq!((decoded.segment_size, decoded.drops), (Some(1200), Some(7)));
        for size in [-1, 0, 65536] {
            assert!(arrival(&[message(UDP_GRO, &i32::to_ne_bytes(size))]).is_err());
        }
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
        for int in [-1, 256, i32::MIN, i32::MAX] {
            let int = int.to_ne_bytes();
            for octet in [
                message(IP_TOS, &int),
                message(IPV6_TCLASS, &int),
                message(IP_TTL, &int),
                message(IPV6_HOPLIMIT, &int),
            ] {
                let found = arrival(&[octet]);
                let is_named = |bad: BadPayload| {
                    (bad.level, bad.ty, bad.cause) == (octet.0, octet.1, PayloadError::Value)
                };
                assert!(matches!(found, Err(Error::BadPayload(bad)) if is_named(bad)));
            }
        }
        let lengths = [
            (message(IPV6_TCLASS, &[1]), Lengths::Exactly(4)),
            (message(IP_TOS, &[1, 2]), Lengths::OneOf(1, 4)),
            (message(IP_PKTINFO, &[0; 13]), Lengths::Exactly(12)),
            (message(IPV6_PKTINFO, &[0; 19]), Lengths::Exactly(20)),
            (message(SO_TIMESTAMP, &[0; 15]), Lengths::OneOf(8, 16)),
        ];
        for (bad, lengths) in lengths {
            let offset = crate::cmsg_space(4);
            let found = arrival(&[message(IP_TTL, &[0; 4]), bad]);
            let cause = PayloadError::Length(lengths);
            let is_named = |bad: BadPayload| (bad.cause, bad.offset) == (cause, offset);
            assert!(matches!(found, Err(Error::BadPayload(bad)) if is_named(bad)));
        }
        let time = [5i64, 6].map(i64::to_ne_bytes);
        let time = arrival(&[message(SO_TIMESTAMP, time.as_flattened())]).unwrap();
        assert_eq!(time.timestamp.unwrap().nanoseconds, 6000);
        let other = arrival(&[message(SCM_RIGHTS, &[0; 3])]);
        assert_eq!(other, Ok(Arrival::default()));
    }
}
