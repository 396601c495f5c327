// SPDX-License-Identifier: MIT OR Apache-2.0
//! [`CmsgHdr`] and [`Raw`]: the header of a control message, and a message as it lies in a buffer.
//!
//! ```text
//!  offset                offset + CMSG_LEN(0)      offset + cmsg_len   offset + CMSG_SPACE(n)
//!  |                     |                         |                   |
//!  +---------------------+-------------------------+-------------------+----------------- - -
//!  | cmsg_len level type |  payload, n bytes       |  padding, 0 to 7  |  next header
//!  +---------------------+-------------------------+-------------------+----------------- - -
//!  |<------------------ cmsg_len ----------------->|
//! ```
#![forbid(unsafe_code)]

use super::abi::Abi;
use crate::error::{BadPayload, PayloadError};
use zerocopy::{FromBytes, Immutable, IntoBytes, transmute};

/// `struct cmsghdr` as the kernel has it: 16 bytes on 64-bit machines, 12 on 32-bit ones.
///
/// It is always copied out of buffers and into them, so buffers need no alignment.
///
/// ```
/// use ancil::{CmsgHdr, IP_TTL, Key, cmsg_len};
///
/// // What a program that lays out the buffer by itself writes in front of 4 bytes of payload.
/// let header = CmsgHdr {
///     cmsg_len: cmsg_len(4),
///     cmsg_level: IP_TTL::LEVEL,
///     cmsg_type: IP_TTL::TYPE,
/// };
/// assert_eq!(size_of_val(&header), cmsg_len(0));
/// ```
#[doc(alias = "cmsghdr")]
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, FromBytes, IntoBytes, Immutable)]
#[repr(C)]
pub struct CmsgHdr {
    /// Bytes of header and payload, without the padding that follows.
    pub cmsg_len: usize,
    /// The protocol that the message belongs to: [`SOL_SOCKET`](crate::level::SOL_SOCKET) and
    /// others.
    pub cmsg_level: i32,
    /// Which message of that protocol it is.
    pub cmsg_type: i32,
}

macro_rules! define_header {
    ($Name:ident, $len:ty) => {
        /// The header with words of this size.
        #[derive(Clone, Copy, FromBytes, IntoBytes, Immutable)]
        #[repr(C)]
        pub(super) struct $Name {
            pub cmsg_len: $len,
            pub cmsg_level: i32,
            pub cmsg_type: i32,
        }
    };
}
define_header!(CmsgHdr32, u32);
define_header!(CmsgHdr64, u64);

/// Bytes of [`CmsgHdr`].
pub(crate) const HEADER: usize = size_of::<CmsgHdr>();

const _: () = assert!(HEADER == Abi::NATIVE.header_size());
const _: () = assert!(size_of::<CmsgHdr32>() == 12 && size_of::<CmsgHdr64>() == 16);
const _: () = assert!(core::mem::offset_of!(CmsgHdr, cmsg_level) == Abi::NATIVE.len_size());

impl Abi {
    /// Returns the header at the start of `bytes`, if it is whole. A `cmsg_len` that this machine
    /// cannot count becomes `usize::MAX`, which fits in no buffer.
    #[inline]
    pub(super) fn header(self, bytes: &[u8]) -> Option<CmsgHdr> {
        let (cmsg_len, cmsg_level, cmsg_type) = if self.len_size() == 4 {
            let bytes = bytes.first_chunk::<{ size_of::<CmsgHdr32>() }>()?;
            let header: CmsgHdr32 = transmute!(*bytes);
            (header.cmsg_len.into(), header.cmsg_level, header.cmsg_type)
        } else {
            let bytes = bytes.first_chunk::<{ size_of::<CmsgHdr64>() }>()?;
            let header: CmsgHdr64 = transmute!(*bytes);
            (header.cmsg_len, header.cmsg_level, header.cmsg_type)
        };
        Some(CmsgHdr {
            cmsg_len: usize::try_from(cmsg_len).unwrap_or(usize::MAX),
            cmsg_level,
            cmsg_type,
        })
    }
}

/// A control message in its buffer: level, type and payload, not decoded yet.
///
/// Decode it with [`get`](Raw::get) and a key of the catalogue, or with
/// [`Message::from`](crate::Message) and a `match`.
///
/// ```
/// use ancil::{IP_TTL, Key, Message, Raw};
///
/// let payload = 64i32.to_ne_bytes();
/// let raw = Raw::new(IP_TTL::LEVEL, IP_TTL::TYPE, &payload);
/// assert_eq!(raw.get(IP_TTL)?, Some(64));
/// assert_eq!(Message::from(raw), Message::IpTtl(64));
/// # Ok::<(), ancil::Error>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Raw<'a> {
    /// `cmsg_level`.
    pub level: i32,
    /// `cmsg_type`.
    pub ty: i32,
    /// Where the header starts, in bytes from the start of the control buffer.
    pub offset: usize,
    /// The payload: `cmsg_len - CMSG_LEN(0)` bytes, aligned in any way.
    #[doc(alias = "CMSG_DATA")]
    pub data: &'a [u8],
}

impl<'a> Raw<'a> {
    /// Returns a message that is in no buffer yet: its offset is 0.
    #[inline]
    pub const fn new(level: i32, ty: i32, data: &'a [u8]) -> Self {
        Self {
            level,
            ty,
            offset: 0,
            data,
        }
    }

    /// Returns the error that this message's payload is wrong.
    pub(crate) const fn bad_payload(&self, cause: PayloadError) -> BadPayload {
        BadPayload {
            level: self.level,
            ty: self.ty,
            offset: self.offset,
            len: self.data.len(),
            cause,
        }
    }
}
