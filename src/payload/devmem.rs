// SPDX-License-Identifier: MIT OR Apache-2.0
//! TCP into device memory: `Documentation/networking/devmem.rst`, kernel
//! `include/uapi/linux/uio.h`.
#![forbid(unsafe_code)]

use super::either::decode_either;
use crate::error::PayloadError;
use crate::show::{Printer, Show};
use crate::wire::payload::{Bounded, Payload};
use core::fmt;
use core::mem::offset_of;
use zerocopy::{FromBytes, Immutable, IntoBytes};

/// `struct dmabuf_cmsg`: a fragment of the received bytes. Carried by `SCM_DEVMEM_DMABUF`, and by
/// `SCM_DEVMEM_LINEAR`, where only `frag_size` has a meaning.
///
/// ```
/// use ancil::payload::{DmabufCmsg, DmabufToken};
/// let fragment = DmabufCmsg { frag_token: 9, ..DmabufCmsg::default() }; // as it arrived
/// let done = DmabufToken { token_start: fragment.frag_token, token_count: 1 };
/// assert_eq!(done.token_start, 9); // for SO_DEVMEM_DONTNEED
/// ```
#[doc(alias = "dmabuf_cmsg")]
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, FromBytes, IntoBytes, Immutable)]
#[repr(C)]
pub struct DmabufCmsg {
    /// Offset of the fragment in the device's buffer, in bytes.
    pub frag_offset: u64,
    /// Length of the fragment, in bytes.
    pub frag_size: u32,
    /// Number by which `SO_DEVMEM_DONTNEED` gives the fragment back.
    pub frag_token: u32,
    /// Id of the buffer, as binding it through netlink returned it.
    pub dmabuf_id: u32,
    /// Zero.
    pub flags: u32,
}

const _: () = assert!(size_of::<DmabufCmsg>() == 24);
const _: () = assert!(offset_of!(DmabufCmsg, dmabuf_id) == 16);

shown!(DmabufCmsg {
    frag_offset,
    frag_size,
    frag_token,
    dmabuf_id,
    flags
});

/// `struct dmabuf_token`: a range of fragments to give back. The argument of the option
/// `SO_DEVMEM_DONTNEED` is an array of these.
///
/// ```
/// use ancil::payload::DmabufToken;
/// let fragments_9_to_11 = DmabufToken { token_start: 9, token_count: 3 };
/// assert_eq!(size_of_val(&fragments_9_to_11), 8);
/// ```
#[doc(alias = "dmabuf_token")]
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, FromBytes, IntoBytes, Immutable)]
#[repr(C)]
pub struct DmabufToken {
    /// `frag_token` of the first fragment.
    pub token_start: u32,
    /// Number of consecutive tokens.
    pub token_count: u32,
}

const _: () = assert!(size_of::<DmabufToken>() == 8);

shown!(DmabufToken {
    token_start,
    token_count
});

/// The payload of `SCM_DEVMEM_DMABUF`, which differs by direction.
///
/// ```
/// use ancil::{Payload, payload::Devmem};
/// assert_eq!(Devmem::decode(&3u32.to_ne_bytes())?, Devmem::Buffer(3));
/// assert!(matches!(Devmem::decode(&[0; 24])?, Devmem::Fragment(_)));
/// # Ok::<(), ancil::PayloadError>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Devmem {
    /// On receive: where a part of the bytes arrived.
    Fragment(DmabufCmsg),
    /// On send: the id of the buffer to send from; 0 is no buffer.
    Buffer(u32),
}

impl Payload for Devmem {
    type Decoded<'a> = Self;

    fn decode(data: &[u8]) -> Result<Self, PayloadError> {
        decode_either(data, Self::Buffer, Self::Fragment)
    }
}

impl Bounded for Devmem {
    const MAX_LEN: usize = size_of::<DmabufCmsg>();
}

impl Show for Devmem {
    fn show(&self, out: &mut impl Printer) -> fmt::Result {
        match self {
            Self::Fragment(fragment) => fragment.show(out),
            Self::Buffer(id) => [*id].show(out),
        }
    }
}

displayed!(Devmem);

#[cfg(test)]
mod tests {
    use super::*;
    use crate::error::Lengths;

    #[test]
    fn the_length_tells_the_direction() {
        assert_eq!(Devmem::decode(7u32.as_bytes()), Ok(Devmem::Buffer(7)));
        let fragment = DmabufCmsg {
            frag_size: 9,
            ..DmabufCmsg::default()
        };
        let decoded = Devmem::decode(fragment.as_bytes());
        assert_eq!(decoded, Ok(Devmem::Fragment(fragment)));
        let wrong = PayloadError::Length(Lengths::OneOf(4, 24));
        assert_eq!(Devmem::decode(&[0; 8]), Err(wrong));
    }
}
