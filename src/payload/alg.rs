//! `SOL_ALG`: `Documentation/crypto/userspace-if.rst`, kernel `include/uapi/linux/if_alg.h`.
#![forbid(unsafe_code)]

use crate::error::{Lengths, PayloadError};
use crate::wire::encode::read_front;
use crate::wire::payload::sealed::Sealed;
use crate::wire::payload::{Encode, Payload, Unbounded};
use zerocopy::{Immutable, IntoBytes};

/// Marks the payload of `ALG_SET_IV`, a `struct af_alg_iv`: a 32-bit length, followed by that many
/// bytes of initialisation vector. Decodes into the bytes of the vector.
#[doc(alias = "af_alg_iv")]
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum AfAlgIv {}

/// A `struct af_alg_iv` of `N` bytes, to send.
///
/// ```
/// use ancil::{ALG_SET_IV, UpTo, Writer, space_of};
/// use ancil::payload::AlgIv;
///
/// let mut buffer = [0; space_of::<UpTo<ALG_SET_IV, 16>>()];
/// let mut writer = Writer::new(&mut buffer);
/// writer.put(ALG_SET_IV, AlgIv::new([7; 16]).payload())?;
/// assert_eq!(writer.finish().reader().get(ALG_SET_IV)?, Some(&[7; 16][..]));
/// # Ok::<(), ancil::Error>(())
/// ```
#[doc(alias = "af_alg_iv")]
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, IntoBytes, Immutable)]
#[repr(C, packed)]
pub struct AlgIv<const N: usize> {
    ivlen: u32,
    iv: [u8; N],
}

const _: () = assert!(size_of::<AlgIv<3>>() == 7);
const _: () = assert!(core::mem::offset_of!(AlgIv<3>, iv) == 4);

impl<const N: usize> AlgIv<N> {
    const LEN: u32 = {
        assert!(
            N <= u32::MAX as usize,
            "an initialisation vector is shorter than 4 GiB"
        );
        N as u32
    };

    /// Puts the length in front of an initialisation vector.
    pub const fn new(iv: [u8; N]) -> Self {
        let ivlen = Self::LEN;
        Self { ivlen, iv }
    }

    /// Returns the payload of `ALG_SET_IV`.
    pub fn payload(&self) -> AlgIvPayload<'_> {
        AlgIvPayload(self.as_bytes())
    }
}

/// The bytes of an [`AlgIv`], the length included.
///
/// This is a type of its own, so that a vector without the length cannot be sent: the kernel would
/// take its first four bytes for the length.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct AlgIvPayload<'a>(&'a [u8]);

impl Unbounded for AfAlgIv {
    const HEADER: usize = size_of::<u32>();
    const ELEMENT: usize = 1;
}

impl Sealed for AfAlgIv {}

impl Encode for AfAlgIv {
    type In<'v, 'fd: 'v> = AlgIvPayload<'v>;

    fn bytes<'b, 'v, 'fd: 'v>(value: &'b AlgIvPayload<'v>) -> &'b [u8] {
        value.0
    }
}

impl Payload for AfAlgIv {
    type Decoded<'a> = &'a [u8];

    fn decode(data: &[u8]) -> Result<&[u8], PayloadError> {
        let at_least = |len| PayloadError::Length(Lengths::AtLeast(len));
        let header = size_of::<u32>();
        let (ivlen, iv) = read_front::<u32>(data).ok_or(at_least(header))?;
        let ivlen = usize::try_from(ivlen).unwrap_or(usize::MAX);
        iv.get(..ivlen)
            .ok_or_else(|| at_least(header.saturating_add(ivlen)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_length_inside_must_fit() {
        let at_least = |len| Err(PayloadError::Length(Lengths::AtLeast(len)));
        let whole = AlgIv::new(*b"abc");
        assert_eq!(AfAlgIv::decode(whole.as_bytes()), Ok(&b"abc"[..]));
        assert_eq!(AfAlgIv::decode(2u32.as_bytes()), at_least(6));
        assert_eq!(AfAlgIv::decode(&[0; 3]), at_least(4));
        assert!(AfAlgIv::decode(&[0xff; 12]).is_err());
    }
}
