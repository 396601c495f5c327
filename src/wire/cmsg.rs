//! The header of a control message, a message as it lies in a buffer, and the stepping rule.
//!
//! ```text
//!  offset                offset + CMSG_LEN(0)      offset + cmsg_len   offset + CMSG_SPACE(n)
//!  |                     |                         |                   |
//!  +---------------------+-------------------------+-------------------+----------------- - -
//!  | cmsg_len level type |  payload, n bytes       |  padding, 0 to 7  |  next header
//!  +---------------------+-------------------------+-------------------+----------------- - -
//!  |<------------------ cmsg_len ----------------->|
//! ```
//!
//! Where the next header is and whether a message fits is decided here and nowhere else, by
//! [`Abi::next`] and [`Abi::check`]: integers in, integers out, never a look into the buffer.
#![forbid(unsafe_code)]

use crate::wire::abi::Abi;
use zerocopy::{FromBytes, Immutable, IntoBytes, KnownLayout};

/// `struct cmsghdr` as the kernel has it: 16 bytes on 64-bit machines, 12 on 32-bit ones.
///
/// It is always copied out of and into buffers, so those may be aligned in any way.
#[derive(Clone, Copy, Debug, PartialEq, Eq, FromBytes, IntoBytes, KnownLayout, Immutable)]
#[repr(C)]
pub struct CmsgHdr {
    /// Bytes of header and payload, without the padding behind.
    pub cmsg_len: usize,
    /// The protocol that owns the message: [`SOL_SOCKET`](crate::table::level::SOL_SOCKET) and others.
    pub cmsg_level: i32,
    /// What it is, within the level.
    pub cmsg_type: i32,
}

macro_rules! of_width {
    ($Name:ident, $len:ty) => {
        /// The header in this width.
        #[derive(Clone, Copy, FromBytes, IntoBytes, KnownLayout, Immutable)]
        #[repr(C)]
        pub(crate) struct $Name {
            pub cmsg_len: $len,
            pub cmsg_level: i32,
            pub cmsg_type: i32,
        }
    };
}
of_width!(CmsgHdr32, u32);
of_width!(CmsgHdr64, u64);

/// Bytes of [`CmsgHdr`].
pub(crate) const HEADER: usize = size_of::<CmsgHdr>();

const _: () = assert!(HEADER == Abi::NATIVE.header_size());
const _: () = assert!(size_of::<CmsgHdr32>() == 12 && size_of::<CmsgHdr64>() == 16);
const _: () = assert!(core::mem::offset_of!(CmsgHdr, cmsg_level) == Abi::NATIVE.len_size());

/// The header.
impl Abi {
    /// The header that starts here, if it is whole. A length that this machine cannot count is `usize::MAX`, which
    /// fits into no buffer.
    #[inline]
    pub(crate) fn header(self, bytes: &[u8]) -> Option<CmsgHdr> {
        if self.is_native() {
            return CmsgHdr::read_from_prefix(bytes)
                .ok()
                .map(|(header, _)| header);
        }
        let (cmsg_len, cmsg_level, cmsg_type) = if self.len_size() == 4 {
            let (header, _) = CmsgHdr32::read_from_prefix(bytes).ok()?;
            (header.cmsg_len.into(), header.cmsg_level, header.cmsg_type)
        } else {
            let (header, _) = CmsgHdr64::read_from_prefix(bytes).ok()?;
            (header.cmsg_len, header.cmsg_level, header.cmsg_type)
        };
        let cmsg_len = usize::try_from(cmsg_len).unwrap_or(usize::MAX);
        Some(CmsgHdr {
            cmsg_len,
            cmsg_level,
            cmsg_type,
        })
    }
}

/// One control message in its buffer: level, type and payload, nothing decoded yet.
///
/// Decode it with [`get`](Raw::get) and a key of the catalogue, or all at once with
/// [`Message::from`](crate::Message).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Raw<'a> {
    /// `cmsg_level`.
    pub level: i32,
    /// `cmsg_type`.
    pub ty: i32,
    /// Where the header starts, in bytes from the start of the control buffer.
    pub offset: usize,
    /// The payload, `cmsg_len - CMSG_LEN(0)` bytes.
    pub data: &'a [u8],
}

impl<'a> Raw<'a> {
    /// A message that lies in no buffer yet; its offset is 0.
    #[inline]
    pub const fn new(level: i32, ty: i32, data: &'a [u8]) -> Self {
        Self {
            level,
            ty,
            offset: 0,
            data,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::error::MalformedKind;

    #[test]
    fn next_never_leaves_the_buffer() {
        let extremes = [
            0,
            1,
            11,
            12,
            15,
            16,
            17,
            23,
            24,
            25,
            40,
            usize::MAX - 20,
            usize::MAX - 7,
            usize::MAX,
        ];
        for abi in [Abi::LINUX_64, Abi::LINUX_32] {
            for offset in extremes {
                for len in extremes {
                    for total in extremes {
                        if let Some(next) = abi.next(offset, len, total) {
                            assert!(next > offset, "{abi:?} {offset} {len} {total}");
                            assert!(total - next >= abi.header_size());
                            assert!(next - offset >= len && next - offset - len < abi.alignment());
                        }
                    }
                }
            }
        }
    }

    #[test]
    fn next_is_found_exactly_when_a_header_fits() {
        for (total, expected) in [(39, None), (40, Some(24)), (41, Some(24))] {
            assert_eq!(Abi::LINUX_64.next(0, 20, total), expected);
        }
        assert_eq!(Abi::LINUX_64.next(0, 15, 100), None);
        assert_eq!(Abi::LINUX_64.next(101, 16, 100), None);
        // 12-byte header, data at 16: a header of 12 bytes is enough behind the message.
    }

    #[test]
    fn check_names_the_reason() {
        assert_eq!(
            Abi::LINUX_64.check(15, 100),
            Err(MalformedKind::TooShort { cmsg_len: 15 })
        );
        assert_eq!(Abi::LINUX_64.check(16, 16), Ok(()));
        assert_eq!(
            Abi::LINUX_64.check(17, 16),
            Err(MalformedKind::PastEnd {
                cmsg_len: 17,
                left: 16
            })
        );
    }
}
