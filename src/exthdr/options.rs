// SPDX-License-Identifier: MIT OR Apache-2.0
//! [`Ipv6Options`]: RFC 8200 section 4.2; kernel `ip6_parse_tlv` in `net/ipv6/exthdrs.c`.
#![forbid(unsafe_code)]

use super::error::{Malformed, MalformedKind};
use super::split_header;
use crate::payload::Ipv6OptHdr;
use core::iter::FusedIterator;

/// Type of the option that pads by one byte. It is that byte alone.
pub const IPV6_TLV_PAD1: u8 = 0;
/// Type of the option that pads by two bytes or more.
pub const IPV6_TLV_PADN: u8 = 1;
/// Router alert, 2n+0, 2 bytes: RFC 2711.
pub const IPV6_TLV_ROUTERALERT: u8 = 5;
/// Security label, 4n+2: RFC 5570.
pub const IPV6_TLV_CALIPSO: u8 = 7;
/// Measurements on the way, 4n+2: RFC 9486.
pub const IPV6_TLV_IOAM: u8 = 49;
/// Length of a packet over 64 KiB, 4n+2, 4 bytes: RFC 2675.
pub const IPV6_TLV_JUMBO: u8 = 194;
/// Home address of a mobile node, 8n+6, 16 bytes: RFC 6275.
pub const IPV6_TLV_HAO: u8 = 201;

/// An option, with the data not decoded.
///
/// ```
/// use ancil::exthdr::{Ipv6Option, Ipv6Options};
///
/// let header = [0, 0, 5, 2, 0, 0, 1, 0]; // a router alert, then PadN
/// let Ipv6Option { ty, offset, data } = Ipv6Options::parse(&header)?.next().unwrap()?;
/// assert_eq!((ty, offset, data), (5, 2, &[0, 0][..]));
/// # Ok::<(), ancil::exthdr::Malformed>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Ipv6Option<'a> {
    /// Type: `IPV6_TLV_*`. The two highest bits tell a node that does not know it what to do.
    pub ty: u8,
    /// The offset of the type, in bytes from the start of the header.
    pub offset: usize,
    /// The data, up to 255 bytes.
    pub data: &'a [u8],
}

/// Iterates over the options of a hop-by-hop or destination options header, which may hold any
/// bytes.
///
/// Yields each option but padding, `Pad1` and `PadN`. On an option that reaches past the end of the
/// header it yields [`Malformed`] once, then ends.
///
/// ```
/// use ancil::exthdr::{IPV6_TLV_ROUTERALERT, Ipv6Options};
///
/// let header = [0, 0, 5, 2, 0, 0, 1, 0]; // what IPV6_HOPOPTS carries
/// let mut options = Ipv6Options::parse(&header)?;
/// assert!(options.clone().get(IPV6_TLV_ROUTERALERT)?.is_some());
/// assert_eq!((options.next().unwrap()?.data, options.offset()), (&[0, 0][..], 6));
/// assert!(options.next().is_none()); // the rest is padding
/// # Ok::<(), ancil::exthdr::Malformed>(())
/// ```
#[doc(alias = "inet6_opt_next")]
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Ipv6Options<'a> {
    rest: &'a [u8],
    /// The length of the header, at which `rest` ends.
    end: usize,
}

impl<'a> Ipv6Options<'a> {
    /// Starts at the first option of a header, such as the payload of `IPV6_HOPOPTS`. Bytes after
    /// the header are ignored.
    ///
    /// # Errors
    /// [`Malformed`] if there are fewer bytes than the header has.
    pub fn parse(header: &'a [u8]) -> Result<Self, Malformed> {
        let (_, header) = split_header::<Ipv6OptHdr>(header)?;
        Ok(Self {
            rest: header.get(size_of::<Ipv6OptHdr>()..).unwrap_or_default(),
            end: header.len(),
        })
    }

    /// Continues at `offset` of the header, where an earlier walk over it stopped.
    #[cfg(feature = "capi")]
    pub(crate) fn at(self, offset: usize) -> Self {
        let start = self.end.saturating_sub(self.rest.len());
        let skipped = offset.saturating_sub(start);
        Self {
            rest: self.rest.get(skipped..).unwrap_or_default(),
            ..self
        }
    }

    /// Returns the offset of the next option or padding, in bytes from the start of the header.
    #[inline]
    pub const fn offset(&self) -> usize {
        self.end.saturating_sub(self.rest.len())
    }

    /// Returns the first remaining option of type `ty`.
    ///
    /// # Errors
    /// [`Malformed`] if a malformed option comes before an option of that type.
    #[doc(alias = "inet6_opt_find")]
    pub fn get(mut self, ty: u8) -> Result<Option<Ipv6Option<'a>>, Malformed> {
        self.find(|step| step.map_or(true, |option| option.ty == ty))
            .transpose()
    }

    #[cold]
    fn malformed(&mut self, needed: usize) -> Malformed {
        let (offset, left) = (self.offset(), self.rest.len());
        self.rest = &[];
        let kind = MalformedKind::PastEnd { needed, left };
        Malformed { offset, kind }
    }
}

impl<'a> Iterator for Ipv6Options<'a> {
    type Item = Result<Ipv6Option<'a>, Malformed>;

    fn next(&mut self) -> Option<Self::Item> {
        loop {
            let (ty, len, after) = match self.rest {
                [] => return None,
                [IPV6_TLV_PAD1, after @ ..] => {
                    self.rest = after;
                    continue;
                }
                [_] => return Some(Err(self.malformed(2))),
                [ty, len, after @ ..] => (*ty, usize::from(*len), after),
            };
            let Some((data, rest)) = after.split_at_checked(len) else {
                return Some(Err(self.malformed(len.saturating_add(2))));
            };
            let offset = self.offset();
            self.rest = rest;
            if ty != IPV6_TLV_PADN {
                return Some(Ok(Ipv6Option { ty, offset, data }));
            }
        }
    }
}

impl FusedIterator for Ipv6Options<'_> {}

#[cfg(test)]
mod tests {
    use super::*;
    use std::vec::Vec;

    type Found<'a> = Vec<Result<(usize, u8, &'a [u8]), (usize, usize, usize)>>;

    fn read(header: &[u8]) -> Found<'_> {
        let place = |e: Malformed| {
            let MalformedKind::PastEnd { needed, left } = e.kind else {
                panic!("{e}")
            };
            (e.offset, needed, left)
        };
        match Ipv6Options::parse(header) {
            Err(e) => vec![Err(place(e))],
            Ok(options) => options
                .map(|step| step.map(|o| (o.offset, o.ty, o.data)).map_err(place))
                .collect(),
        }
    }

    #[test]
    fn padding_is_passed_over() {
        let header = [0, 1, 0, 1, 0, 5, 2, 0, 7, 1, 2, 9, 9, 0, 49, 0];
        let all: Found<'_> = vec![Ok((5, 5, &[0, 7])), Ok((14, 49, &[]))];
        assert_eq!(read(&header), all);
        assert_eq!(read(&[0, 0, 1, 4, 0, 0, 0, 0]), []);
        assert_eq!(read(&[0; 8]), []);
    }

    #[test]
    fn an_option_past_the_end_is_reported_once() {
        // Its length is one too large, it has no length, and padding is too long.
        assert_eq!(read(&[0, 0, 5, 5, 0, 0, 0, 0, 9, 9]), [Err((2, 7, 6))]);
        let all: Found<'_> = vec![Ok((2, 5, &[1, 2, 3])), Err((7, 2, 1))];
        assert_eq!(read(&[0, 0, 5, 3, 1, 2, 3, 5]), all);
        assert_eq!(read(&[0, 0, 1, 255, 0, 0, 0, 0]), [Err((2, 257, 6))]);
    }

    #[test]
    fn a_header_that_is_cut_off_is_an_error() {
        assert_eq!(read(&[]), [Err((0, 8, 0))]);
        assert_eq!(read(&[0, 0, 0, 0, 0, 0, 0]), [Err((0, 8, 7))]);
        assert_eq!(read(&[0, 255]), [Err((0, 2048, 2))]);
        let whole = [[0, 255].as_slice(), &[0; 2046]].concat();
        assert_eq!(read(&whole), []);
    }

    #[test]
    fn get_stops_at_a_malformed_option() {
        let options = Ipv6Options::parse(&[0, 0, 5, 0, 7, 0, 9, 1]).unwrap();
        assert_eq!(options.get(7).unwrap().unwrap().offset, 4);
        assert_eq!(options.get(8).unwrap_err().offset, 6);
        assert_eq!(options.offset(), 2);
    }
}
