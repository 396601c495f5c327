// SPDX-License-Identifier: MIT OR Apache-2.0
//! [`Segments`]: where the segments of a routing header are. RFC 8200 section 4.4, RFC 5095 (type
//! 0), RFC 6275 (type 2), RFC 6554 (type 3, RPL), RFC 8754 (type 4, segment routing).
#![forbid(unsafe_code)]

use super::error::{Malformed, MalformedKind};
use crate::addr::In6Addr;
use crate::payload::Ipv6RtHdr;
use core::iter::FusedIterator;
use core::mem::offset_of;
use zerocopy::IntoBytes;

/// The bytes before the segments, in all types: an `Ipv6RtHdr`, and four bytes that the type
/// defines.
pub(super) const FRONT: usize = 8;

/// The bytes of a whole segment.
pub(super) const ADDRESS: usize = size_of::<In6Addr>();

/// The types of routing headers that are known here.
///
/// ```
/// use ancil::exthdr::RoutingType;
/// assert_eq!((RoutingType::new(4), RoutingType::new(5)), (Some(RoutingType::Segment), None));
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
#[repr(u8)]
pub enum RoutingType {
    /// A list of nodes to visit. RFC 5095 forbids it: every node drops the packet.
    #[doc(alias("IPV6_SRCRT_TYPE_0", "IPV6_RTHDR_TYPE_0"))]
    Source = 0,
    /// The home address of a mobile node, alone.
    #[doc(alias = "IPV6_SRCRT_TYPE_2")]
    Mobile = 2,
    /// RPL's list of nodes to visit, whose addresses may leave out their first bytes.
    #[doc(alias = "IPV6_SRCRT_TYPE_3")]
    Rpl = 3,
    /// A list of segments, the last one to visit first.
    #[doc(alias = "IPV6_SRCRT_TYPE_4")]
    Segment = 4,
}

impl RoutingType {
    /// Returns the type of this number, if it is known here.
    pub const fn new(number: u8) -> Option<Self> {
        match number {
            0 => Some(Self::Source),
            2 => Some(Self::Mobile),
            3 => Some(Self::Rpl),
            4 => Some(Self::Segment),
            _ => None,
        }
    }
}

/// Iterates over the segments of a routing header, in the order of the header.
///
/// ```
/// use ancil::exthdr::{RoutingHeader, RoutingType, Segments, routing_len, write_routing};
/// use core::net::Ipv6Addr;
///
/// let mut header = [0; routing_len(2)];
/// let path = [Ipv6Addr::LOCALHOST.into(), Ipv6Addr::UNSPECIFIED.into()];
/// write_routing(&mut header, RoutingType::Segment, &path)?;
/// let segments: Segments<'_> = RoutingHeader::parse(&header)?.segments();
/// assert_eq!(segments.len(), 2);
/// assert_eq!(segments.get(0).and_then(|s| s.full_address()), Some(path[0]));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Segments<'a> {
    /// All segments.
    pub(super) bytes: &'a [u8],
    /// The bytes of each segment but the last.
    size: usize,
    /// The bytes of the last segment.
    last_size: usize,
    /// The number of segments.
    pub(super) count: usize,
    /// The indices of those that are left: from `front`, up to `back`.
    front: usize,
    back: usize,
}

/// A node to visit.
///
/// ```
/// use ancil::exthdr::Segment;
/// use core::net::Ipv6Addr;
///
/// let short = Segment { suffix: &[0, 7] }; // RPL leaves out what the destination has
/// let destination: Ipv6Addr = "2001:db8::1".parse()?;
/// assert_eq!(short.full_address(), None);
/// assert_eq!(short.address(destination.into()), "2001:db8::7".parse::<Ipv6Addr>()?.into());
/// # Ok::<(), core::net::AddrParseError>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Segment<'a> {
    /// The last bytes of the address: all 16, unless the type is RPL's.
    pub suffix: &'a [u8],
}

impl Segment<'_> {
    /// Returns the address. What RPL leaves out of it is taken from the destination of the packet.
    pub fn address(&self, destination: In6Addr) -> In6Addr {
        let mut address = destination;
        let elided = ADDRESS.saturating_sub(self.suffix.len());
        if let Some(to) = address.octets.get_mut(elided..) {
            _ = self.suffix.write_to_prefix(to);
        }
        address
    }

    /// Returns the address, unless some of its bytes are left out.
    pub fn full_address(&self) -> Option<In6Addr> {
        let octets = *self.suffix.first_chunk()?;
        Some(In6Addr { octets })
    }
}

/// The error for a field of a routing header at `offset`.
pub(super) const fn bad_field(offset: usize) -> Malformed {
    let kind = MalformedKind::Field;
    Malformed { offset, kind }
}

impl<'a> Segments<'a> {
    pub(super) const NONE: Self = Self {
        bytes: &[],
        size: ADDRESS,
        last_size: ADDRESS,
        count: 0,
        front: 0,
        back: 0,
    };

    /// Finds the segments in `area`, the part of the header `bytes` that begins with them.
    pub(super) fn of(
        ty: RoutingType,
        header: Ipv6RtHdr,
        bytes: &'a [u8],
        area: &'a [u8],
    ) -> Result<Self, Malformed> {
        let [.., fourth, fifth, _, _] = *bytes.first_chunk::<FRONT>().unwrap_or(&[0; FRONT]);
        let bad_length = bad_field(offset_of!(Ipv6RtHdr, hdrlen));
        let (mut size, mut last_size) = (ADDRESS, ADDRESS);
        let count = match ty {
            RoutingType::Source if header.hdrlen % 2 == 0 => area.len() / ADDRESS,
            RoutingType::Mobile if area.len() == ADDRESS => 1,
            RoutingType::Source | RoutingType::Mobile => return Err(bad_length),
            RoutingType::Segment => usize::from(fourth).saturating_add(1),
            RoutingType::Rpl => {
                // A nibble each: what is left out of each address but the last, of the last, and
                // the bytes of padding.
                let [elided, last_elided, padding] = [fourth >> 4, fourth & 0xf, fifth >> 4];
                size = ADDRESS.saturating_sub(elided.into());
                last_size = ADDRESS.saturating_sub(last_elided.into());
                let before_last = area
                    .len()
                    .checked_sub(padding.into())
                    .and_then(|len| len.checked_sub(last_size))
                    .ok_or(bad_length)?;
                // `size` is at least 1, since a nibble is at most 15. A division would need a
                // function of the compiler's library on ARM, which calls `raise`.
                (1..=usize::from(u8::MAX))
                    .find(|count| count.saturating_sub(1).saturating_mul(size) == before_last)
                    .ok_or(bad_length)?
            }
        };
        // `segments_left` cannot count more.
        if count > usize::from(u8::MAX) {
            return Err(bad_length);
        }
        let len = match count.checked_sub(1) {
            Some(others) => others.saturating_mul(size).saturating_add(last_size),
            None => 0,
        };
        let last_entry = bad_field(size_of::<Ipv6RtHdr>());
        Ok(Self {
            bytes: area.get(..len).ok_or(last_entry)?,
            size,
            last_size,
            count,
            front: 0,
            back: count,
        })
    }

    /// Returns the segment at `index` of the header, whether the iteration has passed it or not.
    #[doc(alias = "inet6_rth_getaddr")]
    pub fn get(&self, index: usize) -> Option<Segment<'a>> {
        if index >= self.count {
            return None;
        }
        let is_last = index.saturating_add(1) == self.count;
        let size = if is_last { self.last_size } else { self.size };
        let after = self.bytes.get(index.saturating_mul(self.size)..)?;
        let suffix = after.get(..size)?;
        Some(Segment { suffix })
    }
}

impl<'a> Iterator for Segments<'a> {
    type Item = Segment<'a>;

    fn next(&mut self) -> Option<Segment<'a>> {
        if self.front >= self.back {
            return None;
        }
        let found = self.get(self.front);
        self.front = self.front.saturating_add(1);
        found
    }

    fn size_hint(&self) -> (usize, Option<usize>) {
        let left = self.back.saturating_sub(self.front);
        (left, Some(left))
    }
}

impl DoubleEndedIterator for Segments<'_> {
    fn next_back(&mut self) -> Option<Self::Item> {
        if self.front >= self.back {
            return None;
        }
        self.back = self.back.saturating_sub(1);
        self.get(self.back)
    }
}

impl ExactSizeIterator for Segments<'_> {}
impl FusedIterator for Segments<'_> {}
