// SPDX-License-Identifier: MIT OR Apache-2.0
//! Ciphers of the kernel: kernel `include/uapi/linux/if_alg.h` and
//! `Documentation/crypto/userspace-if.rst`.
#![forbid(unsafe_code)]

use super::{
    AF_ALG, bad_value, copy_if_fits, impl_as_bytes, read_prefix, show_other_family, until_nul,
};
use crate::error::BadAddress;
use crate::show::{Printer, Show};
use core::fmt;
use core::mem::offset_of;
use zerocopy::{FromBytes, Immutable, IntoBytes};

/// `struct sockaddr_alg`: which algorithm a socket of `AF_ALG` is for. Only `bind(2)` takes it;
/// messages are neither sent to such an address nor received from one.
///
/// The kernel requires 25 bytes: all fields before the name, and at least one byte of the name. It
/// overwrites the last byte of the name with NUL.
///
/// ```
/// use ancil::addr::SockaddrAlg;
/// let hash = SockaddrAlg::new(b"hash", b"sha256").ok_or("too long")?;
/// assert_eq!(hash.as_bytes().len(), 88); // for bind
/// # Ok::<(), &str>(())
/// ```
#[doc(alias = "sockaddr_alg")]
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, FromBytes, IntoBytes, Immutable)]
#[repr(C)]
pub struct SockaddrAlg {
    /// `AF_ALG`.
    pub salg_family: u16,
    /// Kind: `hash`, `skcipher`, `aead` or `rng`, followed by NUL.
    pub salg_type: [u8; 14],
    /// Values of the flags in `salg_mask`: `CRYPTO_ALG_*`.
    pub salg_feat: u32,
    /// The flags of the algorithm that must be as in `salg_feat`.
    pub salg_mask: u32,
    /// Name, such as `gcm(aes)`, followed by NUL.
    pub salg_name: [u8; 64],
}

const _: () = assert!(size_of::<SockaddrAlg>() == 88);
const _: () = assert!(offset_of!(SockaddrAlg, salg_feat) == 16);
const _: () = assert!(offset_of!(SockaddrAlg, salg_name) == NAME_OFFSET);

const NAME_OFFSET: usize = 24;
/// Number of bytes that the kernel requires.
const LEAST: usize = NAME_OFFSET + 1;

impl_as_bytes!(SockaddrAlg);

impl SockaddrAlg {
    const UNNAMED: Self = Self {
        salg_family: AF_ALG,
        salg_type: [0; 14],
        salg_feat: 0,
        salg_mask: 0,
        salg_name: [0; 64],
    };

    /// Returns the address of the algorithm of this kind and name. `None` if the kind is longer
    /// than 13 bytes, the name is longer than 63 bytes, or one of them contains a NUL.
    ///
    /// ```
    /// let cipher = ancil::addr::SockaddrAlg::new(b"skcipher", b"cbc(aes)").ok_or("too long")?;
    /// assert_eq!(cipher.as_bytes().len(), 88);
    /// # Ok::<(), &str>(())
    /// ```
    pub const fn new(kind: &[u8], name: &[u8]) -> Option<Self> {
        let mut addr = Self::UNNAMED;
        // The last byte of each field stays NUL.
        let ([kind_space @ .., _], [name_space @ .., _]) =
            (&mut addr.salg_type, &mut addr.salg_name);
        let has_nul = until_nul(kind).len() < kind.len() || until_nul(name).len() < name.len();
        if has_nul || !copy_if_fits(kind, kind_space) || !copy_if_fits(name, name_space) {
            return None;
        }
        Some(addr)
    }

    /// Rejects a name that continues past the end of the struct. The kernel accepts such a name,
    /// but `salg_name` has no space for it.
    pub(super) fn parse(bytes: &[u8]) -> Result<Self, BadAddress> {
        let addr = read_prefix::<Self, LEAST>(bytes)?;
        let continues = !matches!(bytes.get(size_of::<Self>()..), None | Some([] | [0, ..]));
        if continues && until_nul(&addr.salg_name).len() == addr.salg_name.len() {
            return Err(bad_value(bytes, NAME_OFFSET));
        }
        Ok(addr)
    }
}

impl Default for SockaddrAlg {
    fn default() -> Self {
        Self::UNNAMED
    }
}

impl Show for SockaddrAlg {
    fn show(&self, out: &mut impl Printer) -> fmt::Result {
        if self.salg_family != AF_ALG {
            return show_other_family(out, self.as_bytes());
        }
        out.write_str("{sa_family=AF_ALG, salg_type=")?;
        until_nul(&self.salg_type).show(out)?;
        out.write_str(", salg_feat=")?;
        out.hex(self.salg_feat.into())?;
        out.write_str(", salg_mask=")?;
        out.hex(self.salg_mask.into())?;
        out.write_str(", salg_name=")?;
        until_nul(&self.salg_name).show(out)?;
        out.ascii(b'}')
    }
}

displayed!(SockaddrAlg);

#[cfg(test)]
mod tests {
    use super::*;
    use std::string::ToString;
    use std::vec;

    #[test]
    fn names_are_followed_by_nul() {
        let longest = SockaddrAlg::new(&[b'a'; 13], &[b'b'; 63]).unwrap();
        assert_eq!((longest.salg_type[13], longest.salg_name[63]), (0, 0));
        assert_eq!(
            (
                SockaddrAlg::new(&[b'a'; 14], b"b"),
                SockaddrAlg::new(b"a", &[b'b'; 64])
            ),
            (None, None)
        );
        assert_eq!(
            (
                SockaddrAlg::new(b"a\0", b"b"),
                SockaddrAlg::new(b"a", b"b\0c")
            ),
            (None, None)
        );
        let shown = "{sa_family=AF_ALG, salg_type=\"hash\", salg_feat=0, salg_mask=0, \
                     salg_name=\"sha256\"}";
        assert_eq!(
            SockaddrAlg::new(b"hash", b"sha256").unwrap().to_string(),
            shown
        );
    }

    #[test]
    fn a_name_past_the_end_of_the_struct_is_rejected() {
        let addr = SockaddrAlg {
            salg_name: [b'x'; 64],
            ..SockaddrAlg::default()
        };
        let mut bytes = vec![0; 89];
        bytes[..88].copy_from_slice(addr.as_bytes());
        assert_eq!(
            (SockaddrAlg::parse(&bytes[..88]), SockaddrAlg::parse(&bytes)),
            (Ok(addr), Ok(addr))
        );
        bytes[88] = b'y';
        assert_eq!(SockaddrAlg::parse(&bytes), Err(bad_value(&bytes, 24)));
        assert!(
            SockaddrAlg::parse(&bytes[..24]).is_err() && SockaddrAlg::parse(&bytes[..25]).is_ok()
        );
    }
}
