//! The kernel's ciphers: kernel `include/uapi/linux/if_alg.h`, `Documentation/crypto/userspace-if.rst`.
#![forbid(unsafe_code)]

use super::{AF_ALG, bad_value, bytes_of, copy, front, show_bytes, until_nul};
use crate::error::BadAddress;
use crate::show::{Printer, Show};
use core::fmt;
use core::mem::offset_of;
use zerocopy::{FromBytes, Immutable, IntoBytes, KnownLayout};

/// `struct sockaddr_alg`: which algorithm a socket of `AF_ALG` is for. No address that messages go to or come from:
/// `bind(2)` alone takes it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, FromBytes, IntoBytes, KnownLayout, Immutable)]
#[repr(C)]
pub struct SockaddrAlg {
    /// `AF_ALG`.
    pub salg_family: u16,
    /// Kind: `hash`, `skcipher`, `aead`, `rng`; NUL behind it.
    pub salg_type: [u8; 14],
    /// CRYPTO_ALG_*, wanted.
    pub salg_feat: u32,
    /// CRYPTO_ALG_*, looked at.
    pub salg_mask: u32,
    /// Name, such as `gcm(aes)`; NUL behind it. The kernel overwrites the last byte with one.
    pub salg_name: [u8; 64],
}

const _: () = assert!(size_of::<SockaddrAlg>() == 88);
const _: () =
    assert!(offset_of!(SockaddrAlg, salg_feat) == 16 && offset_of!(SockaddrAlg, salg_name) == NAME);

/// Offset of the name, of which the kernel wants one byte at least.
const NAME: usize = 24;

bytes_of!(SockaddrAlg);

impl SockaddrAlg {
    /// Of this kind and name. `None` if one is longer than 13 or 63 bytes, or has a NUL in it.
    ///
    /// ```
    /// let cipher = ancil::addr::SockaddrAlg::new(b"skcipher", b"cbc(aes)").ok_or("too long")?;
    /// assert_eq!(cipher.as_bytes().len(), 88);
    /// # Ok::<(), &str>(())
    /// ```
    pub const fn new(kind: &[u8], name: &[u8]) -> Option<Self> {
        let (mut salg_type, mut salg_name) = ([0; 14], [0; 64]);
        let whole = until_nul(kind).len() == kind.len() && until_nul(name).len() == name.len();
        if !whole || kind.len() >= salg_type.len() || name.len() >= salg_name.len() {
            return None;
        }
        match (copy(kind, &mut salg_type), copy(name, &mut salg_name)) {
            (Some(()), Some(())) => Some(Self {
                salg_family: AF_ALG,
                salg_type,
                salg_feat: 0,
                salg_mask: 0,
                salg_name,
            }),
            _ => None,
        }
    }

    /// The kernel takes longer names, but they have no place here: a name that goes on behind is refused.
    pub(super) fn parse(bytes: &[u8]) -> Result<Self, BadAddress> {
        let addr: Self = front(bytes, NAME.saturating_add(1))?;
        let goes_on = !matches!(bytes.get(size_of::<Self>()..), None | Some([] | [0, ..]));
        if goes_on && until_nul(&addr.salg_name).len() == addr.salg_name.len() {
            return Err(bad_value(bytes, NAME));
        }
        Ok(addr)
    }
}

impl Default for SockaddrAlg {
    fn default() -> Self {
        Self {
            salg_family: AF_ALG,
            salg_type: [0; 14],
            salg_feat: 0,
            salg_mask: 0,
            salg_name: [0; 64],
        }
    }
}

impl Show for SockaddrAlg {
    fn show(&self, out: &mut impl Printer) -> fmt::Result {
        if self.salg_family != AF_ALG {
            return show_bytes(out, super::family_name(self.salg_family), self.as_bytes());
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
    fn names_end_with_nul() {
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
        let shown = "{sa_family=AF_ALG, salg_type=\"hash\", salg_feat=0, salg_mask=0, salg_name=\"sha256\"}";
        assert_eq!(
            SockaddrAlg::new(b"hash", b"sha256").unwrap().to_string(),
            shown
        );
    }

    #[test]
    fn a_name_is_never_cut() {
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
