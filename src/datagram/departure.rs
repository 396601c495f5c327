// SPDX-License-Identifier: MIT OR Apache-2.0
//! [`Departure`]: what is said about a datagram that leaves.
#![forbid(unsafe_code)]

use super::{Arrival, canonical};
use crate::error::{Error, NoSpace};
use crate::payload::{In6Pktinfo, InPktinfo};
use crate::table::keys::{
    IP_PKTINFO, IP_TOS, IP_TTL, IPV6_HOPLIMIT, IPV6_PKTINFO, IPV6_TCLASS, SCM_TXTIME, UDP_SEGMENT,
};
use crate::wire::key::Sent;
use crate::wire::keys::{Keys, space_of};
use crate::wire::writer::Writer;
use core::fmt;
use core::net::{IpAddr, Ipv4Addr, Ipv6Addr};
use zerocopy::{Immutable, IntoBytes};

/// What is said about a datagram that leaves. The socket's options decide what is `None`.
///
/// ```
/// use ancil::datagram::{Arrival, Departure};
/// use ancil::{Writer, IP_TTL};
/// use std::net::IpAddr;
///
/// let mut control = [0; Departure::SPACE];
/// let mut writer = Writer::new(&mut control);
/// let probe = Departure { hop_limit: Some(1), ..Departure::default() };
/// probe.put(&mut writer, IpAddr::from([192, 0, 2, 1]))?;
/// assert_eq!(writer.finish().reader().get(IP_TTL)?, Some(1));
/// assert_eq!(Departure::answer(&Arrival::default()), Departure::default());
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[doc(alias("UDP server", "QUIC", "source address"))]
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct Departure {
    /// Source address.
    pub from: Option<IpAddr>,
    /// Index of the interface to leave by. With IPv4, the kernel then forgets the address that the
    /// socket is bound to, and chooses another unless there is one in `from`.
    pub interface: Option<u32>,
    /// DSCP and ECN: [`traffic_class`](super::traffic_class).
    pub traffic_class: Option<u8>,
    /// Hop limit of IPv6, or time to live of IPv4, where 0 is an error.
    pub hop_limit: Option<u8>,
    /// Bytes of each datagram into which the kernel is to cut the bytes (`UDP_SEGMENT`).
    pub segment_size: Option<u16>,
    /// When to send, in nanoseconds of the clock that the option `SO_TXTIME` names.
    pub txtime: Option<u64>,
}

/// Why a [`Departure`] cannot be put into a control buffer.
///
/// ```
/// use ancil::Writer;
/// use ancil::datagram::{Departure, DepartureError};
///
/// let never_leaves = Departure { hop_limit: Some(0), ..Departure::default() };
/// let error = never_leaves.put(&mut Writer::new(&mut [0; 64]), [192, 0, 2, 1].into());
/// assert_eq!(error, Err(DepartureError::TimeToLive));
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum DepartureError {
    /// The messages do not fit.
    NoSpace(NoSpace),
    /// The source is of one family, and the destination of the other.
    OtherFamily {
        /// The source.
        from: IpAddr,
    },
    /// The index of the interface, which is here, is more than `i32::MAX`. IPv4's message cannot
    /// hold it.
    Interface(u32),
    /// The time to live is 0, which the kernel refuses for IPv4.
    TimeToLive,
}

impl From<NoSpace> for DepartureError {
    fn from(e: NoSpace) -> Self {
        Self::NoSpace(e)
    }
}

impl fmt::Display for DepartureError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NoSpace(e) => e.fmt(f),
            Self::OtherFamily { from } => f.write_str(match canonical(*from) {
                IpAddr::V4(_) => "the source is of IPv4, expected IPv6 as in the destination",
                IpAddr::V6(_) => "the source is of IPv6, expected IPv4 as in the destination",
            }),
            Self::Interface(index) => {
                write!(f, "interface index {index}, expected at most {}", i32::MAX)
            }
            Self::TimeToLive => f.write_str("a time to live of 0, expected 1 to 255"),
        }
    }
}

impl core::error::Error for DepartureError {}

impl Departure {
    /// The bytes of control buffer that the messages take at most.
    pub const SPACE: usize = space_of::<(
        IPV6_PKTINFO,
        IPV6_TCLASS,
        IPV6_HOPLIMIT,
        UDP_SEGMENT,
        SCM_TXTIME,
    )>();

    /// Returns what an answer needs: to come from the address that was asked.
    ///
    /// From a link-local address of IPv6 (`fe80::/10`), it leaves by the interface that the packet
    /// arrived at: if neither this nor the scope of the destination names an interface, the kernel
    /// refuses such an address, which each link may have. From any other address, the routing table
    /// decides.
    pub const fn answer(arrival: &Arrival) -> Self {
        let interface = match arrival.local {
            Some(IpAddr::V6(local)) if local.is_unicast_link_local() => arrival.interface,
            _ => None,
        };
        Self {
            from: arrival.local,
            interface,
            traffic_class: None,
            hop_limit: None,
            segment_size: None,
            txtime: None,
        }
    }

    /// Appends the messages that the family of the destination takes. A mapped address takes those
    /// of IPv4.
    ///
    /// # Errors
    /// [`DepartureError`]. Nothing is appended then.
    pub fn put(&self, writer: &mut Writer<'_>, to: IpAddr) -> Result<(), DepartureError> {
        self.messages(to, writer.left(), |level, ty, payload| {
            match writer.put_raw(level, ty, payload) {
                Err(Error::NoSpace(e)) => Err(e),
                _ => Ok(()), // none of the messages names descriptors or memory
            }
        })
    }

    /// Hands each message to `put`: level, type and payload. They fit in `left` bytes together.
    ///
    /// # Errors
    /// [`DepartureError`]. Nothing was handed to `put` then, unless the error is its own.
    pub(crate) fn messages(
        &self,
        to: IpAddr,
        left: usize,
        mut put: impl FnMut(i32, i32, &[u8]) -> Result<(), NoSpace>,
    ) -> Result<(), DepartureError> {
        let needed = self.space(to);
        if needed > left {
            return Err(NoSpace { needed, left }.into());
        }
        let ints = |octet: Option<u8>| octet.map(i32::from);
        let (class, hops) = (ints(self.traffic_class), ints(self.hop_limit));
        match canonical(to) {
            IpAddr::V4(_) => {
                let info = self.in_pktinfo()?;
                if hops == Some(0) {
                    return Err(DepartureError::TimeToLive);
                }
                put_some(&mut put, IP_PKTINFO, info)?;
                put_some(&mut put, IP_TOS, class)?;
                put_some(&mut put, IP_TTL, hops)?;
            }
            IpAddr::V6(_) => {
                let info = self.in6_pktinfo()?;
                put_some(&mut put, IPV6_PKTINFO, info)?;
                put_some(&mut put, IPV6_TCLASS, class)?;
                put_some(&mut put, IPV6_HOPLIMIT, hops)?;
            }
        }
        put_some(&mut put, UDP_SEGMENT, self.segment_size)?;
        Ok(put_some(&mut put, SCM_TXTIME, self.txtime)?)
    }

    /// Returns source and interface for IPv4, if one of them is set.
    fn in_pktinfo(&self) -> Result<Option<InPktinfo>, DepartureError> {
        let source = match self.from.map(canonical) {
            Some(from @ IpAddr::V6(_)) => return Err(DepartureError::OtherFamily { from }),
            Some(IpAddr::V4(from)) => from,
            None if self.interface.is_none() => return Ok(None),
            None => Ipv4Addr::UNSPECIFIED,
        };
        let index = self.interface.unwrap_or_default();
        Ok(Some(InPktinfo {
            ipi_ifindex: i32::try_from(index).map_err(|_| DepartureError::Interface(index))?,
            ..InPktinfo::from_source(source)
        }))
    }

    /// Returns source and interface for IPv6, if one of them is set.
    fn in6_pktinfo(&self) -> Result<Option<In6Pktinfo>, DepartureError> {
        let source = match self.from.map(canonical) {
            Some(from @ IpAddr::V4(_)) => return Err(DepartureError::OtherFamily { from }),
            Some(IpAddr::V6(from)) => from,
            None if self.interface.is_none() => return Ok(None),
            None => Ipv6Addr::UNSPECIFIED,
        };
        Ok(Some(In6Pktinfo {
            ipi6_ifindex: self.interface.unwrap_or_default(),
            ..In6Pktinfo::from_source(source)
        }))
    }

    /// Returns the bytes that the messages take.
    fn space(&self, to: IpAddr) -> usize {
        let info = match canonical(to) {
            IpAddr::V4(_) => IP_PKTINFO::SPACE,
            IpAddr::V6(_) => IPV6_PKTINFO::SPACE,
        };
        [
            (self.from.is_some() || self.interface.is_some(), info),
            (self.traffic_class.is_some(), IPV6_TCLASS::SPACE),
            (self.hop_limit.is_some(), IPV6_HOPLIMIT::SPACE),
            (self.segment_size.is_some(), UDP_SEGMENT::SPACE),
            (self.txtime.is_some(), SCM_TXTIME::SPACE),
        ]
        .into_iter()
        .filter_map(|(present, space)| present.then_some(space))
        .fold(0, usize::saturating_add)
    }
}

/// Those of IPv4 take as much space.
const _: () = assert!(IP_TOS::SPACE == IPV6_TCLASS::SPACE && IP_TTL::SPACE == IPV6_HOPLIMIT::SPACE);

/// Hands a message to `put` if it has a value.
fn put_some<K: Sent<Value: IntoBytes + Immutable + Sized>>(
    put: &mut impl FnMut(i32, i32, &[u8]) -> Result<(), NoSpace>,
    _: K,
    value: Option<K::Value>,
) -> Result<(), NoSpace> {
    match value {
        Some(value) => put(K::LEVEL, K::TYPE, value.as_bytes()),
        None => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Key;
    use crate::datagram::{Ecn, traffic_class};
    use std::string::ToString;
    use std::vec::Vec;

    const ASKED: Ipv4Addr = Ipv4Addr::new(192, 0, 2, 1);

    /// The keys that a departure to this address puts into the buffer.
    fn put(departure: Departure, to: IpAddr) -> Result<Vec<(i32, i32)>, DepartureError> {
        let mut buffer = [0xaa; Departure::SPACE];
        let mut writer = Writer::new(&mut buffer);
        departure.put(&mut writer, to)?;
        let control = writer.finish();
        let keys = control.reader().map(|raw| raw.unwrap());
        Ok(keys.map(|raw| (raw.level, raw.ty)).collect())
    }

    fn all(from: IpAddr) -> Departure {
        Departure {
            from: Some(from),
            interface: Some(2),
            traffic_class: traffic_class(10, Ecn::Ect1),
            hop_limit: Some(9),
            segment_size: Some(1200),
            txtime: Some(5),
        }
    }

    #[test]
    fn a_mapped_destination_takes_the_messages_of_ipv4() {
        let ipv6 = Ipv6Addr::LOCALHOST;
        let of = |level, types: [i32; 3]| {
            let mut keys = types.map(|ty| (level, ty)).to_vec();
            keys.push((UDP_SEGMENT::LEVEL, UDP_SEGMENT::TYPE));
            keys.push((SCM_TXTIME::LEVEL, SCM_TXTIME::TYPE));
            keys
        };
        let ipv4_keys = of(
            IP_TOS::LEVEL,
            [IP_PKTINFO::TYPE, IP_TOS::TYPE, IP_TTL::TYPE],
        );
        let ipv6_keys = of(
            IPV6_TCLASS::LEVEL,
            [IPV6_PKTINFO::TYPE, IPV6_TCLASS::TYPE, IPV6_HOPLIMIT::TYPE],
        );
        let mapped = ASKED.to_ipv6_mapped();
        assert_eq!(put(all(ASKED.into()), ASKED.into()), Ok(ipv4_keys.clone()));
        assert_eq!(put(all(mapped.into()), mapped.into()), Ok(ipv4_keys));
        assert_eq!(put(all(ipv6.into()), ipv6.into()), Ok(ipv6_keys));
        assert_eq!(put(Departure::default(), ipv6.into()), Ok(Vec::new()));
    }

    #[test]
    fn a_time_to_live_of_0_is_refused_and_a_hop_limit_of_0_is_not() {
        let departure = Departure {
            hop_limit: Some(0),
            txtime: Some(5),
            ..Departure::default()
        };
        for to in [ASKED.into(), IpAddr::V6(ASKED.to_ipv6_mapped())] {
            let mut buffer = [0xaa; Departure::SPACE];
            let mut writer = Writer::new(&mut buffer);
            let put = departure.put(&mut writer, to);
            assert_eq!(put, Err(DepartureError::TimeToLive));
            assert!(writer.finish().is_empty() && buffer == [0xaa; Departure::SPACE]);
        }
        let keys = [
            (IPV6_HOPLIMIT::LEVEL, IPV6_HOPLIMIT::TYPE),
            (SCM_TXTIME::LEVEL, SCM_TXTIME::TYPE),
        ];
        assert_eq!(put(departure, Ipv6Addr::LOCALHOST.into()), Ok(keys.into()));
    }

    #[test]
    fn errors_name_what_was_found_and_what_was_expected() {
        let of_ipv4 = "the source is of IPv4, expected IPv6 as in the destination";
        let of_ipv6 = "the source is of IPv6, expected IPv4 as in the destination";
        for (from, text) in [
            (ASKED.into(), of_ipv4),
            (ASKED.to_ipv6_mapped().into(), of_ipv4),
            (Ipv6Addr::LOCALHOST.into(), of_ipv6),
        ] {
            assert_eq!(DepartureError::OtherFamily { from }.to_string(), text);
        }
        let index = DepartureError::Interface(1 << 31).to_string();
        assert_eq!(
            index,
            "interface index 2147483648, expected at most 2147483647"
        );
        let time = DepartureError::TimeToLive.to_string();
        assert_eq!(time, "a time to live of 0, expected 1 to 255");
    }

    #[test]
    fn an_answer_names_the_interface_of_a_link_local_address_only() {
        for (local, interface) in [
            ("fe80::1", Some(3)),
            ("febf:ffff::1", Some(3)),
            ("fec0::1", None),
            ("2001:db8::1", None),
            ("169.254.0.1", None),
            ("254.128.0.1", None),
        ] {
            let local = local.parse().ok();
            let arrival = Arrival {
                local,
                interface: Some(3),
                ..Arrival::default()
            };
            let expected = Departure {
                from: local,
                interface,
                ..Departure::default()
            };
            assert_eq!(Departure::answer(&arrival), expected, "{local:?}");
        }
    }

    #[test]
    fn what_cannot_be_said_is_an_error_and_nothing_is_put() {
        let ipv6 = Ipv6Addr::LOCALHOST;
        for (from, to) in [(ipv6.into(), ASKED.into()), (ASKED.into(), ipv6.into())] {
            assert_eq!(
                put(all(from), to),
                Err(DepartureError::OtherFamily { from })
            );
        }
        let far = Departure {
            interface: Some(1 << 31),
            ..Departure::default()
        };
        let error = DepartureError::Interface(1 << 31);
        assert_eq!(put(far, ASKED.into()), Err(error));
        for (from, to) in [(ASKED.into(), ASKED.into()), (ipv6.into(), ipv6.into())] {
            let needed = all(from).space(to);
            for left in 0..needed {
                let mut buffer = [0xaa; Departure::SPACE];
                let mut writer = Writer::new(&mut buffer[..left]);
                let put = all(from).put(&mut writer, to);
                assert_eq!(put, Err(NoSpace { needed, left }.into()));
                assert!(writer.finish().is_empty() && buffer == [0xaa; Departure::SPACE]);
            }
        }
        assert_eq!(all(ipv6.into()).space(ipv6.into()), Departure::SPACE);
    }
}
