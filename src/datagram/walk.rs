// SPDX-License-Identifier: MIT OR Apache-2.0
//! How a walk gathers an [`Arrival`].
//!
//! [`State`] has as few words as possible, so that they stay in registers during the walk. They
//! become an [`Arrival`] once, at the end.
#![forbid(unsafe_code)]

use super::{Arrival, Ecn, canonical};
use crate::error::{BadPayload, Lengths, PayloadError};
use crate::payload::{In6Pktinfo, InPktinfo, OldTimeval, Timestamp, Timestamping, Timeval};
use crate::table::keys::{
    IP_PKTINFO, IP_TOS, IP_TTL, IPV6_HOPLIMIT, IPV6_PKTINFO, IPV6_TCLASS, SO_RXQ_OVFL,
    SO_TIMESTAMP_NEW, SO_TIMESTAMP_OLD, SO_TIMESTAMPING, SO_TIMESTAMPING_NEW, SO_TIMESTAMPING_OLD,
    SO_TIMESTAMPNS, SO_TIMESTAMPNS_NEW, SO_TIMESTAMPNS_OLD, UDP_GRO,
};
use crate::table::level::SOL_SOCKET;
use crate::wire::cmsg::Raw;
use crate::wire::key::{Decoded, Key};
use crate::wire::keys::{Keys, Options, space_of};
use crate::wire::option::SocketOption;
use crate::wire::payload::Payload;
use core::net::{IpAddr, Ipv4Addr};
use zerocopy::transmute;

/// Stands for an octet, or for nanoseconds, that no message said.
const UNSAID: u32 = u32::MAX;

/// What the messages said so far.
#[expect(unnameable_types, reason = "`Arrival` is what a program sees")]
#[derive(Clone, Copy, Debug)]
pub struct State<'a> {
    ipv4: Option<&'a [u8; size_of::<InPktinfo>()]>,
    ipv6: Option<&'a [u8; size_of::<In6Pktinfo>()]>,
    /// An octet, or `UNSAID`.
    traffic_class: u32,
    /// An octet, or `UNSAID`.
    hop_limit: u32,
    /// 0 if no message said it.
    segment_size: u16,
    seconds: i64,
    /// Below 1,000,000,000, or `UNSAID`.
    nanoseconds: u32,
    drops: Option<u32>,
}

impl Default for State<'_> {
    #[inline(always)]
    fn default() -> Self {
        Self {
            ipv4: None,
            ipv6: None,
            traffic_class: UNSAID,
            hop_limit: UNSAID,
            segment_size: 0,
            seconds: 0,
            nanoseconds: UNSAID,
            drops: None,
        }
    }
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
    type State<'a> = State<'a>;

    #[inline(always)]
    fn take<'a>(state: &mut State<'a>, raw: &Raw<'a>) -> Result<(), BadPayload> {
        state.take(raw)
    }

    #[inline(always)]
    fn found<'a>(state: Self::State<'a>) -> Self::Found<'a> {
        state.arrival()
    }
}

impl<'a> State<'a> {
    /// Takes what a message says.
    #[inline(always)]
    pub(super) fn take(&mut self, raw: &Raw<'a>) -> Result<(), BadPayload> {
        match (raw.level, raw.ty) {
            (IP_PKTINFO::LEVEL, IP_PKTINFO::TYPE) => self.ipv4 = Some(sized(raw)?),
            (IPV6_PKTINFO::LEVEL, IPV6_PKTINFO::TYPE) => self.ipv6 = Some(sized(raw)?),
            (IP_TOS::LEVEL, IP_TOS::TYPE) => {
                self.traffic_class = octet(raw, decode::<IP_TOS>(raw)?)?;
            }
            (IPV6_TCLASS::LEVEL, IPV6_TCLASS::TYPE) => {
                self.traffic_class = octet(raw, decode::<IPV6_TCLASS>(raw)?)?;
            }
            (IP_TTL::LEVEL, IP_TTL::TYPE) => {
                self.hop_limit = octet(raw, decode::<IP_TTL>(raw)?)?;
            }
            (IPV6_HOPLIMIT::LEVEL, IPV6_HOPLIMIT::TYPE) => {
                self.hop_limit = octet(raw, decode::<IPV6_HOPLIMIT>(raw)?)?;
            }
            (UDP_GRO::LEVEL, UDP_GRO::TYPE) => {
                self.segment_size = match decode::<UDP_GRO>(raw)? {
                    size @ 1..=0xffff => size as u16,
                    _ => return Err(raw.bad_payload(PayloadError::Value)),
                };
            }
            (SOL_SOCKET, SO_TIMESTAMPNS_OLD::TYPE | SO_TIMESTAMPNS_NEW::TYPE) => {
                self.time(decode::<SO_TIMESTAMPNS_NEW>(raw)?);
            }
            (SOL_SOCKET, SO_RXQ_OVFL::TYPE) => self.drops = Some(decode::<SO_RXQ_OVFL>(raw)?),
            (SOL_SOCKET, ty) => match rare_time(ty, raw.data) {
                Ok(Some(time)) => self.time(time),
                Ok(None) => {}
                Err(cause) => return Err(raw.bad_payload(cause)),
            },
            _ => {}
        }
        Ok(())
    }

    #[inline(always)]
    fn time(&mut self, time: Timestamp) {
        (self.seconds, self.nanoseconds) = (time.seconds, time.nanoseconds);
    }

    /// Returns what all messages said.
    #[inline(always)]
    pub(super) fn arrival(self) -> Arrival {
        let (mut to, mut local, mut interface) = (None, None, 0);
        if let Some(info) = self.ipv4 {
            let info: InPktinfo = transmute!(*info);
            to = Some(IpAddr::V4(info.ipi_addr.into()));
            // Without a route back, the kernel names no address.
            let source = Ipv4Addr::from(info.ipi_spec_dst);
            local = (!source.is_unspecified()).then_some(IpAddr::V4(source));
            interface = info.ipi_ifindex as u32;
        } else if let Some(info) = self.ipv6 {
            let info: In6Pktinfo = transmute!(*info);
            let address = canonical(IpAddr::V6(info.ipi6_addr.into()));
            let group = address.is_multicast() || address == IpAddr::V4(Ipv4Addr::BROADCAST);
            to = Some(address);
            local = (!group).then_some(address);
            interface = info.ipi6_ifindex;
        }
        let traffic_class = said(self.traffic_class);
        Arrival {
            to,
            local,
            interface: (interface != 0).then_some(interface),
            ecn: traffic_class.map(Ecn::of),
            dscp: traffic_class.map(|octet| octet >> 2),
            hop_limit: said(self.hop_limit),
            segment_size: (self.segment_size != 0).then_some(self.segment_size),
            timestamp: (self.nanoseconds != UNSAID).then_some(Timestamp {
                seconds: self.seconds,
                nanoseconds: self.nanoseconds,
            }),
            drops: self.drops,
        }
    }
}

/// Decodes the payload of a message that has this key, or one with the same payload.
#[inline(always)]
fn decode<'a, K: Key>(raw: &Raw<'a>) -> Result<Decoded<'a, K>, BadPayload> {
    K::Payload::decode(raw.data).map_err(|cause| raw.bad_payload(cause))
}

/// Returns a payload that must have `N` bytes.
#[inline(always)]
fn sized<'a, const N: usize>(raw: &Raw<'a>) -> Result<&'a [u8; N], BadPayload> {
    let wrong = |_| raw.bad_payload(PayloadError::Length(Lengths::Exactly(N)));
    raw.data.try_into().map_err(wrong)
}

/// Checks that an `int` is an octet of the packet.
#[inline(always)]
fn octet(raw: &Raw<'_>, int: i32) -> Result<u32, BadPayload> {
    match int {
        0..=0xff => Ok(int as u32),
        _ => Err(raw.bad_payload(PayloadError::Value)),
    }
}

/// Returns an octet unless it is `UNSAID`.
#[inline(always)]
fn said(octet: u32) -> Option<u8> {
    u8::try_from(octet).ok()
}

/// Returns the time by the system's clock in a message of `SOL_SOCKET`, if it is one of those that
/// most servers do not switch on. A call keeps their code out of the walk.
#[cold]
#[inline(never)]
fn rare_time(ty: i32, data: &[u8]) -> Result<Option<Timestamp>, PayloadError> {
    match ty {
        SO_TIMESTAMP_OLD::TYPE => OldTimeval::decode(data).map(Some),
        SO_TIMESTAMP_NEW::TYPE => Timeval::decode(data).map(Some),
        SO_TIMESTAMPING_OLD::TYPE | SO_TIMESTAMPING_NEW::TYPE => {
            match Timestamping::decode(data)? {
                Timestamping::Times(times) => Ok(times.software),
                Timestamping::Request(_) => Ok(None),
            }
        }
        _ => Ok(None),
    }
}
