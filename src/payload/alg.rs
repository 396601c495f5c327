// SPDX-License-Identifier: MIT OR Apache-2.0
//! `SOL_ALG`: `Documentation/crypto/userspace-if.rst`, kernel `include/uapi/linux/if_alg.h`.
#![forbid(unsafe_code)]

use crate::error::{Lengths, PayloadError};
use crate::wire::encode::read_front;
use crate::wire::payload::sealed::Sealed;
use crate::wire::payload::{Encode, Payload, Unbounded};
use zerocopy::{Immutable, IntoBytes};

/// Marks the payload of `ALG_SET_IV`, a `struct af_alg_iv`: a 32-bit length, followed by that many
/// bytes of initialisation vector. Decodes into the bytes of the vector.
///
/// ```
/// use ancil::{Payload, payload::AfAlgIv};
/// let bytes = [&4u32.to_ne_bytes()[..], &[1, 2, 3, 4]].concat();
/// assert_eq!(AfAlgIv::decode(&bytes)?, [1, 2, 3, 4]);
/// # Ok::<(), ancil::PayloadError>(())
/// ```
#[doc(alias = "af_alg_iv")]
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum AfAlgIv {}

/// A `struct af_alg_iv` with a vector of up to `N` bytes, to send.
///
/// ```
/// use ancil::{ALG_SET_IV, UpTo, Writer, space_of};
/// use ancil::payload::AlgIv;
///
/// let mut buffer = [0; space_of::<UpTo<ALG_SET_IV, 16>>()];
/// let mut writer = Writer::new(&mut buffer);
/// writer.put(ALG_SET_IV, AlgIv::new([7; 16]).payload())?;
/// assert_eq!(writer.finish().reader().get(ALG_SET_IV)?, Some(&[7; 16][..]));
///
/// // The length may be known at run time only.
/// let from_file = vec![9; 12];
/// let iv = AlgIv::<16>::from_slice(&from_file).expect("a vector of up to 16 bytes");
/// let mut writer = Writer::new(&mut buffer);
/// writer.put(ALG_SET_IV, iv.payload())?;
/// assert_eq!(writer.finish().reader().get(ALG_SET_IV)?, Some(&[9; 12][..]));
/// # Ok::<(), ancil::Error>(())
/// ```
#[doc(alias = "af_alg_iv")]
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, IntoBytes, Immutable)]
#[repr(C, packed)]
pub struct AlgIv<const N: usize> {
    /// At most `N`.
    ivlen: u32,
    /// The vector, followed by zeros.
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

    /// Puts the length in front of an initialisation vector. `None` if it has more than `N` bytes.
    pub fn from_slice(iv: &[u8]) -> Option<Self> {
        let mut padded = [0; N];
        iv.write_to_prefix(&mut padded).ok()?;
        let ivlen = u32::try_from(iv.len()).ok()?;
        Some(Self { ivlen, iv: padded })
    }

    /// Returns the payload of `ALG_SET_IV`.
    pub fn payload(&self) -> AlgIvPayload<'_> {
        let bytes = self.as_bytes();
        let unused = N.saturating_sub(self.ivlen as usize);
        let len = bytes.len().saturating_sub(unused);
        AlgIvPayload(bytes.get(..len).unwrap_or(bytes))
    }
}

/// The bytes of an [`AlgIv`], the length included.
///
/// This is a type of its own, so that a vector without the length cannot be sent: the kernel would
/// take its first four bytes for the length.
///
/// ```
/// use ancil::payload::{AlgIv, AlgIvPayload};
/// let iv = AlgIv::new([7; 16]);
/// let payload: AlgIvPayload<'_> = iv.payload(); // for put(ALG_SET_IV, payload)
/// ```
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
    fn a_vector_may_be_shorter_than_the_space_for_it() {
        for len in 0..=5 {
            let bytes = &b"abcde"[..len];
            let built = AlgIv::<4>::from_slice(bytes);
            assert_eq!(built.is_some(), len <= 4);
            if let Some(iv) = built {
                let AlgIvPayload(payload) = iv.payload();
                assert_eq!(payload, [(len as u32).as_bytes(), bytes].concat());
                assert_eq!(AfAlgIv::decode(payload), Ok(bytes));
            }
        }
        assert_eq!(AlgIv::from_slice(b"abc"), Some(AlgIv::new(*b"abc")));
    }

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
