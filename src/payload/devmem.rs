//! TCP into device memory: `Documentation/networking/devmem.rst`, kernel `include/uapi/linux/uio.h`.
#![forbid(unsafe_code)]

use crate::error::{Lengths, PayloadError};
use crate::show::{Printer, Show};
use crate::wire::key::{Bounded, Payload};
use core::fmt;
use core::mem::offset_of;
use zerocopy::{FromBytes, Immutable, IntoBytes, KnownLayout};

/// `struct dmabuf_cmsg`: a stretch of received bytes. Carried by `SCM_DEVMEM_LINEAR` and `SCM_DEVMEM_DMABUF`.
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, FromBytes, IntoBytes, KnownLayout, Immutable,
)]
#[repr(C)]
pub struct DmabufCmsg {
    /// Where in the buffer it starts.
    pub frag_offset: u64,
    /// Its length in bytes.
    pub frag_size: u32,
    /// To give it back with: `struct dmabuf_token`.
    pub frag_token: u32,
    /// The buffer.
    pub dmabuf_id: u32,
    /// Zero.
    pub flags: u32,
}

/// `struct dmabuf_token`: gives fragments back, by the option SO_DEVMEM_DONTNEED.
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, FromBytes, IntoBytes, KnownLayout, Immutable,
)]
#[repr(C)]
pub struct DmabufToken {
    /// The first token.
    pub token_start: u32,
    /// How many from there.
    pub token_count: u32,
}

const _: () = assert!(size_of::<DmabufCmsg>() == 24);
const _: () = assert!(offset_of!(DmabufCmsg, dmabuf_id) == 16);
const _: () = assert!(size_of::<DmabufToken>() == 8);

shown!(DmabufCmsg {
    frag_offset,
    frag_size,
    frag_token,
    dmabuf_id,
    flags
});
shown!(DmabufToken {
    token_start,
    token_count
});

/// What `SCM_DEVMEM_DMABUF` carries: to the receiver a stretch of bytes, from the sender the id of a buffer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Devmem {
    /// Bytes arrived here.
    Fragment(DmabufCmsg),
    /// Send from this buffer; 0 is none.
    Buffer(u32),
}

impl Payload for Devmem {
    type Decoded<'a> = Self;

    fn decode(data: &[u8]) -> Result<Self, PayloadError> {
        if let Ok(id) = u32::read_from_bytes(data) {
            return Ok(Self::Buffer(id));
        }
        let wrong = PayloadError::Length(Lengths::OneOf(size_of::<u32>(), size_of::<DmabufCmsg>()));
        DmabufCmsg::read_from_bytes(data)
            .map(Self::Fragment)
            .map_err(|_| wrong)
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_length_tells_the_direction() {
        assert_eq!(Devmem::decode(&7u32.to_ne_bytes()), Ok(Devmem::Buffer(7)));
        let fragment = DmabufCmsg {
            frag_size: 9,
            ..DmabufCmsg::default()
        };
        assert_eq!(
            Devmem::decode(fragment.as_bytes()),
            Ok(Devmem::Fragment(fragment))
        );
        assert_eq!(
            Devmem::decode(&[0; 8]),
            Err(PayloadError::Length(Lengths::OneOf(4, 24)))
        );
    }
}
