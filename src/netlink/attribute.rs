//! Attributes: `netlink(7)`, kernel `include/uapi/linux/netlink.h`, `include/net/netlink.h`.
#![forbid(unsafe_code)]

use super::walk::{Header, Walk};
use super::{
    BadPayload, Item, Malformed, NLA_F_NESTED, NLA_F_NET_BYTEORDER, NLA_HDRLEN, NLA_TYPE_MASK,
};
use crate::error::{Lengths, PayloadError};
use core::ffi::CStr;
use core::iter::FusedIterator;
use zerocopy::{FromBytes, Immutable, IntoBytes, KnownLayout};

/// `struct nlattr`: the header of an attribute.
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, FromBytes, IntoBytes, KnownLayout, Immutable,
)]
#[repr(C)]
pub struct Nlattr {
    /// Bytes of header and payload, without the padding to a multiple of 4 behind.
    pub nla_len: u16,
    /// What it is; the two highest bits are flags.
    pub nla_type: u16,
}

const _: () = assert!(size_of::<Nlattr>() == 4);
const _: () = assert!(core::mem::offset_of!(Nlattr, nla_type) == 2);

impl Header for Nlattr {
    const ITEM: Item = Item::Attribute;

    fn len(&self) -> usize {
        self.nla_len.into()
    }
}

/// One attribute in its buffer, nothing decoded yet.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Attribute<'a> {
    /// `nla_type` as it was found, flags included: [`ty`](Attribute::ty) is without them.
    pub nla_type: u16,
    /// Where the header starts, as in [`Malformed::offset`].
    pub offset: usize,
    /// The payload, `nla_len - 4` bytes.
    pub data: &'a [u8],
}

impl<'a> Attribute<'a> {
    /// What it is, without the flags [`NLA_F_NESTED`] and [`NLA_F_NET_BYTEORDER`].
    #[inline]
    pub const fn ty(&self) -> u16 {
        self.nla_type & NLA_TYPE_MASK
    }

    /// Whether its sender says that it carries attributes. Not every sender does: most of rtnetlink's nests, being
    /// older than the flag, come without.
    #[inline]
    pub const fn is_nested(&self) -> bool {
        self.nla_type & NLA_F_NESTED != 0
    }

    /// Whether its sender says that its number is in network byte order. Most senders do not say, whatever it is.
    #[inline]
    pub const fn is_net_byteorder(&self) -> bool {
        self.nla_type & NLA_F_NET_BYTEORDER != 0
    }

    /// The attributes that it carries, whether flagged or not.
    #[inline]
    pub const fn nested(&self) -> Attributes<'a> {
        Attributes {
            walk: Walk::new(self.data, self.offset.saturating_add(NLA_HDRLEN)),
        }
    }

    /// A number or struct of exactly its length.
    ///
    /// A struct to which later kernels append fields is read from the front: `T::read_from_prefix(attribute.data)`.
    ///
    /// # Errors
    /// [`BadPayload`] if there are more or fewer bytes.
    #[inline]
    pub fn get<T: FromBytes>(&self) -> Result<T, BadPayload> {
        let exactly = PayloadError::Length(Lengths::Exactly(size_of::<T>()));
        T::read_from_bytes(self.data).map_err(|_| self.bad(exactly))
    }

    /// Its one byte.
    ///
    /// # Errors
    /// [`BadPayload`] if there is not exactly one.
    pub fn u8(&self) -> Result<u8, BadPayload> {
        self.get()
    }

    /// Its number of 16 bits, in this machine's byte order. [`u16::from_be`] makes one of `__be16`.
    ///
    /// # Errors
    /// [`BadPayload`] if there are not exactly 2 bytes.
    pub fn u16(&self) -> Result<u16, BadPayload> {
        self.get()
    }

    /// Its number of 32 bits, in this machine's byte order.
    ///
    /// # Errors
    /// [`BadPayload`] if there are not exactly 4 bytes.
    pub fn u32(&self) -> Result<u32, BadPayload> {
        self.get()
    }

    /// Its number of 64 bits, in this machine's byte order; aligned in any way, as netlink has it.
    ///
    /// # Errors
    /// [`BadPayload`] if there are not exactly 8 bytes.
    pub fn u64(&self) -> Result<u64, BadPayload> {
        self.get()
    }

    /// Its number of 16 bits that came in network byte order: `__be16`.
    ///
    /// # Errors
    /// [`BadPayload`] if there are not exactly 2 bytes.
    pub fn be16(&self) -> Result<u16, BadPayload> {
        self.get().map(u16::from_be)
    }

    /// Its number of 32 bits that came in network byte order: `__be32`.
    ///
    /// # Errors
    /// [`BadPayload`] if there are not exactly 4 bytes.
    pub fn be32(&self) -> Result<u32, BadPayload> {
        self.get().map(u32::from_be)
    }

    /// Its number of 64 bits that came in network byte order: `__be64`.
    ///
    /// # Errors
    /// [`BadPayload`] if there are not exactly 8 bytes.
    pub fn be64(&self) -> Result<u64, BadPayload> {
        self.get().map(u64::from_be)
    }

    /// Its number, of whatever width: 1, 2, 4 or 8 bytes, in this machine's byte order.
    pub fn number(&self) -> Option<u64> {
        match self.data.len() {
            1 => self.u8().ok().map(u64::from),
            2 => self.u16().ok().map(u64::from),
            4 => self.u32().ok().map(u64::from),
            8 => self.u64().ok(),
            _ => None,
        }
    }

    /// Its string, up to the first NUL.
    ///
    /// # Errors
    /// [`BadPayload`] if there is no NUL: what the kernel calls `NLA_STRING` may come without, and is all of `data`.
    pub fn c_str(&self) -> Result<&'a CStr, BadPayload> {
        CStr::from_bytes_until_nul(self.data).map_err(|_| self.bad(PayloadError::Value))
    }

    const fn bad(&self, cause: PayloadError) -> BadPayload {
        BadPayload {
            item: Item::Attribute,
            ty: self.ty(),
            offset: self.offset,
            len: self.data.len(),
            cause,
        }
    }
}

/// Iterates over attributes: any bytes, aligned in any way.
///
/// Yields each attribute, or [`Malformed`] once and then nothing more. Fewer bytes than a header at the end are the
/// end, and the last attribute may lack its padding, as the kernel's `nla_for_each_attr` has it. Attributes of type 0
/// are yielded, too: senders use them for padding before numbers of 64 bits.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Attributes<'a> {
    walk: Walk<'a>,
}

impl<'a> Attributes<'a> {
    /// Reads these bytes. Offsets count from their start.
    #[inline]
    pub const fn new(bytes: &'a [u8]) -> Self {
        Self::from_offset(bytes, 0)
    }

    /// Reads bytes that lie at this offset of a datagram.
    #[inline]
    pub(super) const fn from_offset(bytes: &'a [u8], offset: usize) -> Self {
        Self {
            walk: Walk::new(bytes, offset),
        }
    }

    /// Goes on at `at`, which a walk over the same bytes gave.
    #[cfg(feature = "capi")]
    pub(crate) const fn at(self, at: usize) -> Self {
        Self {
            walk: self.walk.at(at),
        }
    }

    /// All the bytes that it reads.
    #[inline]
    pub const fn as_bytes(&self) -> &'a [u8] {
        self.walk.bytes()
    }

    /// Where the next header is looked for, as in [`Malformed::offset`].
    #[inline]
    pub const fn offset(&self) -> usize {
        self.walk.offset()
    }

    /// The first attribute of this type behind here, flags aside.
    ///
    /// # Errors
    /// [`Malformed`] if the walk ends at a bad header before one was found.
    pub fn get(mut self, ty: u16) -> Result<Option<Attribute<'a>>, Malformed> {
        self.find(|step| step.map_or(true, |attribute| attribute.ty() == ty))
            .transpose()
    }
}

impl<'a> Iterator for Attributes<'a> {
    type Item = Result<Attribute<'a>, Malformed>;

    #[inline]
    fn next(&mut self) -> Option<Self::Item> {
        let step = self.walk.next::<Nlattr>()?;
        Some(step.map(|(header, offset, data)| Attribute {
            nla_type: header.nla_type,
            offset,
            data,
        }))
    }
}

impl FusedIterator for Attributes<'_> {}

const _: () = assert!(size_of::<Nlattr>() == NLA_HDRLEN);

#[cfg(test)]
mod tests {
    use super::*;
    use crate::netlink::MalformedKind;
    use std::vec::Vec;

    fn attribute(len: u16, ty: u16, payload: &[u8]) -> Vec<u8> {
        [
            Nlattr {
                nla_len: len,
                nla_type: ty,
            }
            .as_bytes(),
            payload,
        ]
        .concat()
    }

    #[test]
    fn padding_may_lack_and_a_bad_length_is_told_once() {
        let bytes = [
            attribute(5, 7, &[9, 0, 0, 0]),
            attribute(4, 0, &[]),
            attribute(6, 3, &[1, 2]),
        ]
        .concat();
        let all: Vec<_> = Attributes::new(&bytes)
            .map(|a| a.map(|a| (a.offset, a.ty(), a.data)))
            .collect();
        assert_eq!(
            all,
            [
                Ok((0, 7, &[9][..])),
                Ok((8, 0, &[][..])),
                Ok((12, 3, &[1, 2][..]))
            ]
        );
        let item = Item::Attribute;
        for (len, kind) in [
            (0, MalformedKind::TooShort { len: 0 }),
            (3, MalformedKind::TooShort { len: 3 }),
            (9, MalformedKind::PastEnd { len: 9, left: 8 }),
        ] {
            let bytes = [attribute(4, 1, &[]), attribute(len, 1, &[0; 4])].concat();
            let mut attributes = Attributes::new(&bytes);
            assert!(attributes.next().unwrap().is_ok());
            assert_eq!(
                attributes.next(),
                Some(Err(Malformed {
                    item,
                    offset: 4,
                    kind
                }))
            );
            assert_eq!((attributes.next(), attributes.next()), (None, None));
            assert_eq!(
                Attributes::new(&bytes).get(2),
                Err(Malformed {
                    item,
                    offset: 4,
                    kind
                })
            );
            assert_eq!(Attributes::new(&bytes).get(1).unwrap().unwrap().data, []);
        }
        assert_eq!(Attributes::new(&[0xff; 3]).next(), None);
    }

    #[test]
    fn nested_attributes_know_where_they_are() {
        let inner = [attribute(5, 1, &[8, 0, 0, 0]), attribute(3, 2, &[])].concat();
        let bytes = attribute(4 + inner.len() as u16, NLA_F_NESTED | 9, &inner);
        let outer = Attributes::new(&bytes).get(9).unwrap().unwrap();
        assert!(outer.is_nested() && !outer.is_net_byteorder());
        let offsets: Vec<_> = outer
            .nested()
            .map(|a| a.map_or_else(|e| e.offset, |a| a.offset))
            .collect();
        assert_eq!(offsets, [4, 12]);
    }

    #[test]
    fn getters_want_exactly_their_length() {
        let one = |data| Attribute {
            nla_type: NLA_F_NET_BYTEORDER | 3,
            offset: 8,
            data,
        };
        assert_eq!(one(&[0, 0, 1, 2][..]).be32(), Ok(0x102));
        assert_eq!(
            (one(&[1, 2]).be16(), one(&[0, 0, 0, 0, 0, 0, 1, 2]).be64()),
            (Ok(0x102), Ok(0x102))
        );
        let (seven, wide_seven) = (7u16.to_ne_bytes(), 7u64.to_ne_bytes());
        assert_eq!(
            (one(&[3]).u8(), one(&seven).u16(), one(&wide_seven).u64()),
            (Ok(3), Ok(7), Ok(7))
        );
        let cause = PayloadError::Length(Lengths::Exactly(4));
        let bad = BadPayload {
            item: Item::Attribute,
            ty: 3,
            offset: 8,
            len: 3,
            cause,
        };
        assert_eq!(one(&[0; 3]).u32(), Err(bad));
        assert_eq!(one(&[0; 5]).u32(), Err(BadPayload { len: 5, ..bad }));
        assert_eq!(one(b"lo\0\0").c_str(), Ok(c"lo"));
        assert_eq!(
            one(b"lo").c_str(),
            Err(BadPayload {
                len: 2,
                cause: PayloadError::Value,
                ..bad
            })
        );
        assert_eq!(
            (
                one(&[3]).number(),
                one(&7u64.to_ne_bytes()).number(),
                one(&[0; 3]).number()
            ),
            (Some(3), Some(7), None)
        );
    }
}
