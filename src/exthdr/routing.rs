//! [`RoutingHeader`]: RFC 8200 section 4.4, RFC 5095 (type 0), RFC 6275 (type 2), RFC 6554 (type 3,
//! RPL), RFC 8754 (type 4, segment routing); kernel `net/ipv6/exthdrs.c`.
#![forbid(unsafe_code)]

use super::error::{Malformed, MalformedKind, WriteError};
use super::split_header;
use crate::addr::In6Addr;
use crate::error::NoSpace;
use crate::payload::Ipv6RtHdr;
use core::iter::FusedIterator;
use core::mem::offset_of;
use zerocopy::IntoBytes;

/// The bytes before the segments, in all types: an `Ipv6RtHdr`, and four bytes that the type
/// defines.
const FRONT: usize = 8;

/// The bytes of a whole segment.
const ADDRESS: usize = size_of::<In6Addr>();

/// The types of routing headers that are known here.
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

/// A routing header, which may have held any bytes: its fields agree with each other.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct RoutingHeader<'a> {
    /// The first four bytes.
    pub header: Ipv6RtHdr,
    /// All bytes of the header.
    pub bytes: &'a [u8],
    segments: Segments<'a>,
}

/// Iterates over the segments of a routing header, in the order of the header.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Segments<'a> {
    /// All segments.
    bytes: &'a [u8],
    /// The bytes of each segment but the last.
    size: usize,
    /// The bytes of the last segment.
    last_size: usize,
    /// The number of segments.
    count: usize,
    /// The indices of those that are left: from `front`, up to `back`.
    front: usize,
    back: usize,
}

/// A node to visit.
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

impl<'a> RoutingHeader<'a> {
    /// Reads a header, such as the payload of `IPV6_RTHDR`. Bytes after the header are ignored. A
    /// header of a type that is not known here has no segments.
    ///
    /// # Errors
    /// [`Malformed`] if there are fewer bytes than the header has, or if a field contradicts its
    /// length or type. A node drops such a packet.
    pub fn parse(bytes: &'a [u8]) -> Result<Self, Malformed> {
        let (header, bytes) = split_header::<Ipv6RtHdr>(bytes)?;
        let area = bytes.get(FRONT..).unwrap_or_default();
        let segments = match RoutingType::new(header.r#type) {
            Some(ty) => Segments::of(ty, header, bytes, area)?,
            None => Segments::NONE,
        };
        if RoutingType::new(header.r#type).is_some()
            && usize::from(header.segments_left) > segments.count
        {
            return Err(bad_field(offset_of!(Ipv6RtHdr, segments_left)));
        }
        Ok(Self {
            header,
            bytes,
            segments,
        })
    }

    /// Returns the segments, in the order of the header: that of the visits, but the reverse of it
    /// in a header of type 4.
    pub const fn segments(&self) -> Segments<'a> {
        self.segments
    }

    /// Returns the bytes after the segments: those of the optional fields in a header of type 4,
    /// and padding in one of type 3. In a header of a type that is not known here, returns
    /// everything after the first four bytes.
    pub fn rest(&self) -> &'a [u8] {
        let start = match RoutingType::new(self.header.r#type) {
            Some(_) => FRONT.saturating_add(self.segments.bytes.len()),
            None => size_of::<Ipv6RtHdr>(),
        };
        self.bytes.get(start..).unwrap_or_default()
    }
}

/// The error for a field of a routing header at `offset`.
const fn bad_field(offset: usize) -> Malformed {
    let kind = MalformedKind::Field;
    Malformed { offset, kind }
}

impl<'a> Segments<'a> {
    const NONE: Self = Self {
        bytes: &[],
        size: ADDRESS,
        last_size: ADDRESS,
        count: 0,
        front: 0,
        back: 0,
    };

    /// Finds the segments in `area`, the part of the header `bytes` that begins with them.
    fn of(
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
                // `size` is at least 1, since a nibble is at most 15.
                if before_last.checked_rem(size) != Some(0) {
                    return Err(bad_length);
                }
                before_last.checked_div(size).unwrap_or(0).saturating_add(1)
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

/// Returns the bytes of a routing header with `count` segments that leave nothing out. Saturates.
#[doc(alias = "inet6_rth_space")]
pub const fn routing_len(count: usize) -> usize {
    FRONT.saturating_add(count.saturating_mul(ADDRESS))
}

/// Writes a routing header at the front of `buf`, and returns it. `segments` are in the order of the
/// header: that of the visits, but the reverse of it for type 4.
///
/// All segments are left to visit. In a header of type 4 the list has the current destination as
/// well, so that one fewer is left. The `nexthdr` is 0: the kernel sets that field.
///
/// ```
/// use ancil::exthdr::{RoutingHeader, RoutingType, routing_len, write_routing};
/// use core::net::Ipv6Addr;
///
/// let home: Ipv6Addr = "2001:db8::1".parse()?;
/// let mut header = [0; routing_len(1)];
/// write_routing(&mut header, RoutingType::Mobile, &[home.into()])?;
/// let read = RoutingHeader::parse(&header)?;
/// assert_eq!(read.segments().next().and_then(|s| s.full_address()), Some(home.into()));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// # Errors
/// [`WriteError::Segments`] if a header of this type cannot have as many segments: type 2 has one,
/// types 3 and 4 have 1 to 127, type 0 has up to 127. [`WriteError::NoSpace`] if the header does not
/// fit. The buffer is then unchanged.
#[doc(alias("inet6_rth_init", "inet6_rth_add", "inet6_rth_reverse"))]
pub fn write_routing<'b>(
    buf: &'b mut [u8],
    ty: RoutingType,
    segments: &[In6Addr],
) -> Result<&'b [u8], WriteError> {
    let (count, size) = (segments.len(), buf.len());
    let front = routing_front(ty, count, size)?;
    let needed = routing_len(count);
    let header = buf.get_mut(..needed).unwrap_or_default();
    // Both fit: `header` has the bytes of both.
    _ = front.write_to_prefix(header);
    _ = segments.as_bytes().write_to_suffix(header);
    Ok(header)
}

/// Returns the bytes before `count` segments, if a header of this type can have as many, and fits in
/// `size` bytes.
pub(crate) fn routing_front(
    ty: RoutingType,
    count: usize,
    size: usize,
) -> Result<[u8; FRONT], WriteError> {
    let last_entry = count.saturating_sub(1) as u8; // at most 126, by the test that follows
    let (segments_left, fourth) = match (ty, count) {
        (RoutingType::Source, 0..=127) | (RoutingType::Mobile, 1) | (RoutingType::Rpl, 1..=127) => {
            (count as u8, 0)
        }
        (RoutingType::Segment, 1..=127) => (last_entry, last_entry),
        _ => return Err(WriteError::Segments { count }),
    };
    let needed = routing_len(count);
    if size < needed {
        return Err(WriteError::NoSpace(NoSpace { needed, left: size }));
    }
    let hdrlen = (count as u8).saturating_mul(2); // at most 254
    Ok([0, hdrlen, ty as u8, segments_left, fourth, 0, 0, 0])
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::vec::Vec;

    fn address(n: u8) -> In6Addr {
        let mut octets = [n; 16];
        octets[0] = 0xfd;
        In6Addr { octets }
    }

    fn addresses(n: u8) -> Vec<In6Addr> {
        (1..=n).map(address).collect()
    }

    fn bad_at(bytes: &[u8]) -> usize {
        let error = RoutingHeader::parse(bytes).unwrap_err();
        assert_eq!(error.kind, MalformedKind::Field);
        error.offset
    }

    #[test]
    fn what_is_written_is_read() {
        use RoutingType::{Mobile, Rpl, Segment, Source};
        for ty in [Source, Mobile, Rpl, Segment] {
            for n in 0..=128 {
                let segments = addresses(n);
                let mut buf = vec![0xaa; routing_len(n.into()) + 3];
                let before = buf.clone();
                let written = write_routing(&mut buf, ty, &segments).map(<[u8]>::to_vec);
                let possible = match ty {
                    Source => n < 128,
                    Mobile => n == 1,
                    Rpl | Segment => (1..128).contains(&n),
                };
                let Ok(written) = written else {
                    let count = n.into();
                    assert_eq!(written, Err(WriteError::Segments { count }));
                    assert!(!possible && buf == before);
                    continue;
                };
                assert!(possible && buf[written.len()..] == [0xaa; 3]);
                let read = RoutingHeader::parse(&buf).unwrap();
                assert_eq!((read.bytes, read.header.nexthdr), (&written[..], 0));
                assert!(
                    read.segments()
                        .map(|s| s.full_address().unwrap())
                        .eq(segments)
                );
                let visited = u8::from(ty == Segment);
                assert_eq!(read.header.segments_left, n - visited);
                assert_eq!(read.rest(), []);
            }
        }
        let mut buf = [0xaa; routing_len(2) - 1];
        let no_space = NoSpace {
            needed: 40,
            left: 39,
        };
        let written = write_routing(&mut buf, Source, &addresses(2));
        assert_eq!(written, Err(WriteError::NoSpace(no_space)));
        assert_eq!(buf, [0xaa; 39]);
    }

    #[test]
    fn segments_are_reached_from_both_ends() {
        let mut buf = [0; routing_len(3)];
        write_routing(&mut buf, RoutingType::Source, &addresses(3)).unwrap();
        let mut segments = RoutingHeader::parse(&buf).unwrap().segments();
        assert_eq!(segments.len(), 3);
        assert_eq!(
            segments.next_back().unwrap().full_address(),
            Some(address(3))
        );
        assert_eq!(segments.next().unwrap().full_address(), Some(address(1)));
        assert_eq!((segments.len(), segments.get(3)), (1, None));
        assert_eq!(segments.next_back(), segments.get(1));
        assert_eq!((segments.next(), segments.next_back()), (None, None));
    }

    #[test]
    fn fields_that_contradict_the_length_are_errors() {
        let mut buf = [0; routing_len(2)];
        write_routing(&mut buf, RoutingType::Source, &addresses(2)).unwrap();
        buf[3] = 3; // segments_left
        assert_eq!(bad_at(&buf), 3);
        (buf[1], buf[3]) = (3, 0); // hdrlen
        assert_eq!(bad_at(&buf), 1);
        (buf[1], buf[2]) = (4, 2); // two home addresses
        assert_eq!(bad_at(&buf), 1);
        (buf[2], buf[4]) = (4, 2); // last_entry
        assert_eq!(bad_at(&buf), 4);
        (buf[3], buf[4]) = (3, 1);
        assert_eq!(bad_at(&buf), 3);
        buf[3] = 2; // all but the destination: RFC 8754 calls it reduced
        assert!(RoutingHeader::parse(&buf).is_ok());
        let cut = RoutingHeader::parse(&buf[..39]).unwrap_err();
        let kind = MalformedKind::PastEnd {
            needed: 40,
            left: 39,
        };
        assert_eq!(cut, Malformed { offset: 0, kind });
        assert!(RoutingHeader::parse(&[0; 3]).is_err());
    }

    #[test]
    fn rpl_leaves_out_what_the_destination_has() {
        // Three addresses of 2 bytes, a last one of 8 bytes, and 2 bytes of padding.
        let list = [1, 1, 2, 2, 3, 3, 4, 4, 4, 4, 4, 4, 4, 4, 0, 0];
        let front = [0, 2, 3, 4, 0xe8, 0x20, 0, 0];
        let mut header = [&front[..], &list].concat();
        let read = RoutingHeader::parse(&header).unwrap();
        let destination = In6Addr { octets: [9; 16] };
        let found = read.segments().map(|s| s.address(destination).octets);
        let ends = found.map(|octets| octets.iter().position(|byte| *byte != 9).unwrap());
        assert!(ends.eq([14, 14, 14, 8]));
        assert!(read.segments().all(|s| s.full_address().is_none()));
        assert_eq!(read.rest(), [0, 0]);
        header[5] = 0x10; // one byte of padding: what is left is no multiple of 2
        assert_eq!(bad_at(&header), 1);
        (header[4], header[5]) = (0xe0, 0x10); // the last one alone is longer than the list
        assert_eq!(bad_at(&header), 1);
        assert_eq!(bad_at(&[0, 0, 3, 0, 0, 0, 0, 0]), 1);
        // 256 addresses of one byte: more than segments_left can count.
        let many = [&[0, 32, 3, 0, 0xff, 0, 0, 0][..], &[0; 256]].concat();
        assert_eq!(bad_at(&many), 1);
    }

    #[test]
    fn optional_fields_follow_the_segments_of_type_4() {
        let segments = addresses(1);
        let tlv = [5, 6, 0, 0, 0, 0, 0, 0];
        let front = [0, 3, 4, 0, 0, 0, 0, 0];
        let header = [&front[..], segments.as_bytes(), &tlv].concat();
        let read = RoutingHeader::parse(&header).unwrap();
        assert_eq!((read.segments().len(), read.rest()), (1, &tlv[..]));
    }

    #[test]
    fn an_unknown_type_has_no_segments() {
        let header = [0, 0, 253, 200, 1, 2, 3, 4];
        let read = RoutingHeader::parse(&header).unwrap();
        assert_eq!((read.segments().len(), read.rest()), (0, &[1, 2, 3, 4][..]));
    }
}
