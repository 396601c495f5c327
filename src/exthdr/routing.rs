// SPDX-License-Identifier: MIT OR Apache-2.0
//! [`RoutingHeader`] and [`write_routing`]: RFC 8200 section 4.4; kernel `net/ipv6/exthdrs.c`.
#![forbid(unsafe_code)]

use super::error::{Malformed, WriteError};
use super::segments::{ADDRESS, FRONT, RoutingType, Segments, bad_field};
use super::split_header;
use crate::addr::In6Addr;
use crate::error::NoSpace;
use crate::payload::Ipv6RtHdr;
use core::mem::offset_of;
use zerocopy::IntoBytes;

/// A routing header, which may have held any bytes: its fields agree with each other.
///
/// ```
/// use ancil::exthdr::RoutingHeader;
///
/// let bytes = [0, 0, 253, 0, 1, 2, 3, 4]; // of an experimental type
/// let header = RoutingHeader::parse(&bytes)?;
/// assert_eq!((header.segments().len(), header.rest()), (0, &[1, 2, 3, 4][..]));
/// # Ok::<(), ancil::exthdr::Malformed>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct RoutingHeader<'a> {
    /// The first four bytes.
    pub header: Ipv6RtHdr,
    /// All bytes of the header.
    pub bytes: &'a [u8],
    segments: Segments<'a>,
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

/// Returns the bytes of a routing header with `count` segments that leave nothing out. Saturates.
///
/// ```
/// assert_eq!(ancil::exthdr::routing_len(2), 8 + 2 * 16);
/// ```
#[doc(alias = "inet6_rth_space")]
pub const fn routing_len(count: usize) -> usize {
    FRONT.saturating_add(count.saturating_mul(ADDRESS))
}

/// Writes a routing header at the front of `buf`, and returns it. `segments` are in the order of
/// the header: that of the visits, but the reverse of it for type 4.
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
/// types 3 and 4 have 1 to 127, type 0 has up to 127. [`WriteError::NoSpace`] if the header does
/// not fit. The buffer is then unchanged.
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

/// Returns the bytes before `count` segments, if a header of this type can have as many, and fits
/// in `size` bytes.
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
    use super::super::error::MalformedKind;
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
