// SPDX-License-Identifier: MIT OR Apache-2.0
//! [`Ipv6OptionsWriter`]: RFC 8200 section 4.2 and appendix A; RFC 3542 section 10.
#![forbid(unsafe_code)]

use super::error::WriteError;
use super::options::{IPV6_TLV_PAD1, IPV6_TLV_PADN};
use super::{MAX_LEN, UNIT, header_len};
use crate::error::NoSpace;
use crate::payload::Ipv6OptHdr;
use zerocopy::IntoBytes;

/// The bytes of an option before its data: type and length.
const OPTION_HEADER: usize = 2;

/// Where an option may begin, which RFC 8200 writes as xn+y: at any multiple of x bytes from the
/// start of the header, plus y bytes.
///
/// ```
/// use ancil::exthdr::Alignment;
///
/// const JUMBO: Alignment = Alignment::new(4, 2).unwrap(); // 4n+2
/// assert_eq!(Alignment::of_data(4), Some(JUMBO)); // after two bytes, the data is aligned
/// assert_eq!(Alignment::new(3, 0), None);
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Alignment {
    /// 1, 2, 4 or 8.
    x: u8,
    /// Less than `x`.
    y: u8,
}

impl Alignment {
    /// 1n+0: anywhere.
    pub const NONE: Self = Self { x: 1, y: 0 };

    /// Returns the alignment xn+y. `None` unless `x` is 1, 2, 4 or 8, and `y` less than `x`.
    pub const fn new(x: u8, y: u8) -> Option<Self> {
        match x {
            1 | 2 | 4 | 8 if y < x => Some(Self { x, y }),
            _ => None,
        }
    }

    /// Returns the alignment at which the data of the option is at a multiple of `n` bytes, which
    /// is 1, 2, 4 or 8: the argument `align` of `inet6_opt_append(3)`.
    pub const fn of_data(n: u8) -> Option<Self> {
        match n {
            4 | 8 => Self::new(n, n.wrapping_sub(OPTION_HEADER as u8)),
            _ => Self::new(n, 0),
        }
    }

    /// Returns the first offset from `at` on at which the option may begin.
    const fn next(self, at: usize) -> usize {
        let mask = (self.x as usize).wrapping_sub(1); // x is a power of two
        let padding = (self.y as usize).wrapping_sub(at) & mask;
        at.saturating_add(padding)
    }
}

/// Returns the bytes of a header with these options: the alignment of each, and the bytes of its
/// data. Saturates.
///
/// ```
/// use ancil::exthdr::{Alignment, options_len};
///
/// const HOME_ADDRESS: Alignment = Alignment::new(8, 6).unwrap();
/// assert_eq!(options_len(&[(HOME_ADDRESS, 16)]), 24);
/// assert_eq!(options_len(&[]), 8);
/// ```
pub const fn options_len(options: &[(Alignment, usize)]) -> usize {
    let (mut rest, mut end) = (options, size_of::<Ipv6OptHdr>());
    while let [(alignment, len), more @ ..] = rest {
        let start = alignment.next(end);
        end = start.saturating_add(OPTION_HEADER).saturating_add(*len);
        rest = more;
    }
    header_len(end)
}

/// Writes a hop-by-hop or destination options header. After each option, the header is padded and
/// whole.
///
/// ```
/// use ancil::exthdr::{Alignment, IPV6_TLV_JUMBO, Ipv6OptionsWriter};
///
/// let mut buffer = [0; 64];
/// let mut writer = Ipv6OptionsWriter::new(&mut buffer)?;
/// writer.put(IPV6_TLV_JUMBO, Alignment::new(4, 2).unwrap(), &70_000u32.to_be_bytes())?;
/// assert_eq!(writer.finish().len(), 8);
/// # Ok::<(), ancil::exthdr::WriteError>(())
/// ```
#[doc(alias("inet6_opt_init", "inet6_opt_append", "inet6_opt_finish"))]
#[derive(Debug)]
pub struct Ipv6OptionsWriter<'b> {
    buf: &'b mut [u8],
    /// The end of the last option; padding follows.
    end: usize,
}

impl<'b> Ipv6OptionsWriter<'b> {
    /// Begins a header without options at the front of `buf`. Its `nexthdr` is 0: the kernel sets
    /// that field.
    ///
    /// # Errors
    /// [`WriteError::NoSpace`] if `buf` has fewer than 8 bytes.
    pub fn new(buf: &'b mut [u8]) -> Result<Self, WriteError> {
        let end = size_of::<Ipv6OptHdr>();
        let mut writer = Self { buf, end };
        writer.close(end, end)?;
        Ok(writer)
    }

    /// Continues a header whose last option ends at `end`.
    #[cfg(feature = "capi")]
    pub(crate) const fn at(buf: &'b mut [u8], end: usize) -> Self {
        Self { buf, end }
    }

    /// Returns the end of the last option.
    #[cfg(feature = "capi")]
    pub(crate) const fn end(&self) -> usize {
        self.end
    }

    /// Appends an option of type `ty`, with padding before it.
    ///
    /// # Errors
    /// [`WriteError`] if the option is padding itself, or does not fit. The buffer is then
    /// unchanged.
    pub fn put(&mut self, ty: u8, alignment: Alignment, data: &[u8]) -> Result<(), WriteError> {
        if matches!(ty, IPV6_TLV_PAD1 | IPV6_TLV_PADN) {
            return Err(WriteError::Padding);
        }
        let too_long = |_| WriteError::OptionTooLong { len: data.len() };
        let head = [ty, u8::try_from(data.len()).map_err(too_long)?];
        let start = alignment.next(self.end);
        let after_head = start.saturating_add(OPTION_HEADER);
        let end = after_head.saturating_add(data.len());
        self.close(start, end)?;
        // Both fit, because the header does.
        _ = self.buf.get_mut(start..).map(|to| head.write_to_prefix(to));
        _ = self
            .buf
            .get_mut(after_head..)
            .map(|to| data.write_to_prefix(to));
        self.end = end;
        Ok(())
    }

    /// Returns the header, which has a multiple of 8 bytes.
    pub fn finish(self) -> &'b [u8] {
        self.buf.get(..header_len(self.end)).unwrap_or_default()
    }

    /// Writes everything but an option from `start` to `end`: the front of the header, the padding
    /// before the option, and the padding after it.
    fn close(&mut self, start: usize, end: usize) -> Result<(), WriteError> {
        let len = header_len(end);
        if len > MAX_LEN {
            return Err(WriteError::HeaderTooLong { len });
        }
        let left = self.buf.len();
        let no_space = WriteError::NoSpace(NoSpace { needed: len, left });
        let header = self.buf.get_mut(..len).ok_or(no_space)?;
        let hdrlen = (len / UNIT).saturating_sub(1) as u8; // at most 255, by the comparison above
        let front = Ipv6OptHdr { nexthdr: 0, hdrlen };
        _ = front.write_to_prefix(header); // it fits in 8 bytes
        pad(header.get_mut(self.end..start).unwrap_or_default());
        pad(header.get_mut(end..).unwrap_or_default());
        Ok(())
    }
}

/// Fills fewer than 8 bytes with one option of padding.
fn pad(bytes: &mut [u8]) {
    bytes.fill(0);
    match bytes {
        [] => {}
        [one] => *one = IPV6_TLV_PAD1,
        [ty, len, data @ ..] => {
            *ty = IPV6_TLV_PADN;
            *len = data.len() as u8;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::exthdr::Ipv6Options;

    #[test]
    fn options_begin_where_their_alignment_allows() {
        let mut buf = [0xaa; 64];
        let mut writer = Ipv6OptionsWriter::new(&mut buf).unwrap();
        let align = |x, y| Alignment::new(x, y).unwrap();
        writer.put(5, align(2, 0), &[1, 2]).unwrap(); // at 2
        writer.put(194, align(4, 2), &[3; 4]).unwrap(); // at 6
        writer.put(7, Alignment::NONE, &[]).unwrap(); // at 12
        writer.put(201, align(8, 6), &[4; 16]).unwrap(); // at 14
        writer.put(9, align(8, 1), &[]).unwrap(); // at 33
        let header = writer.finish();
        assert_eq!(header[..6], [0, 4, 5, 2, 1, 2]);
        assert_eq!(header[32..], [0, 9, 0, 1, 3, 0, 0, 0]);
        let read = Ipv6Options::parse(header).unwrap();
        let offsets = read.map(|option| option.unwrap()).map(|o| (o.offset, o.ty));
        let expected = [(2, 5), (6, 194), (12, 7), (14, 201), (33, 9)];
        assert!(offsets.eq(expected));
        let sizes = [(2, 0, 2), (4, 2, 4), (1, 0, 0), (8, 6, 16), (8, 1, 0)];
        let sizes = sizes.map(|(x, y, len)| (align(x, y), len));
        assert_eq!(options_len(&sizes), header.len());
    }

    #[test]
    fn a_header_without_options_is_padding() {
        let mut buf = [0xaa; 9];
        let header = Ipv6OptionsWriter::new(&mut buf).unwrap().finish();
        assert_eq!(header, [0, 0, 1, 4, 0, 0, 0, 0]);
        let no_space = WriteError::NoSpace(NoSpace { needed: 8, left: 7 });
        assert_eq!(Ipv6OptionsWriter::new(&mut buf[..7]).unwrap_err(), no_space);
    }

    #[test]
    fn an_error_changes_no_byte() {
        let mut buf = [0xaa; 23];
        let mut writer = Ipv6OptionsWriter::new(&mut buf).unwrap();
        writer.put(5, Alignment::NONE, &[7; 4]).unwrap(); // up to 8
        let before = writer.buf.to_vec();
        let longest = [0; 256];
        let no_space = WriteError::NoSpace(NoSpace {
            needed: 24,
            left: 23,
        });
        let too_long = WriteError::OptionTooLong { len: 256 };
        for (ty, data, error) in [
            (0, &[][..], WriteError::Padding),
            (1, &[], WriteError::Padding),
            (5, &[0; 7], no_space),
            (5, &longest, too_long),
        ] {
            assert_eq!(writer.put(ty, Alignment::NONE, data), Err(error));
            assert_eq!((&*writer.buf, writer.end), (&before[..], 8));
        }
        writer.put(5, Alignment::NONE, &[7; 6]).unwrap();
        assert_eq!(writer.finish().len(), 16);
    }

    #[test]
    fn a_header_has_2048_bytes_at_most() {
        let mut buf = [0; 4096];
        let mut writer = Ipv6OptionsWriter::new(&mut buf).unwrap();
        for _ in 0..7 {
            writer.put(5, Alignment::NONE, &[0; 255]).unwrap();
        }
        writer.put(5, Alignment::NONE, &[0; 245]).unwrap(); // 2 + 7 * 257 + 247 = 2048
        let too_long = WriteError::HeaderTooLong { len: 2056 };
        assert_eq!(writer.put(5, Alignment::NONE, &[]), Err(too_long));
        let header = writer.finish();
        assert_eq!((header.len(), header[1]), (2048, 255));
    }

    #[test]
    fn only_some_alignments_exist() {
        for x in 0..=u8::MAX {
            for y in 0..=u8::MAX {
                let valid = [1, 2, 4, 8].contains(&x) && y < x;
                assert_eq!(Alignment::new(x, y).is_some(), valid);
            }
            let valid = [1, 2, 4, 8].contains(&x);
            assert_eq!(Alignment::of_data(x).is_some(), valid);
        }
        for n in [1, 2, 4, 8] {
            let start = Alignment::of_data(n).unwrap().next(3);
            assert_eq!((start + 2) % usize::from(n), 0);
        }
    }
}
