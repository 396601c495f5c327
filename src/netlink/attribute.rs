// SPDX-License-Identifier: MIT OR Apache-2.0
//! [`Nlattr`], [`Attribute`] and [`Attributes`]: `netlink(7)`, kernel
//! `include/uapi/linux/netlink.h`, `include/net/netlink.h`.
#![forbid(unsafe_code)]

use super::error::{BadPayload, ItemKind, Malformed};
use super::numbers::{NLA_F_NESTED, NLA_F_NET_BYTEORDER, NLA_TYPE_MASK};
use super::size::NLA_HDRLEN;
use super::walk::{Header, Walk};
use crate::error::{Lengths, PayloadError};
use crate::zero_extended::zero_extended;
use core::ffi::CStr;
use core::iter::FusedIterator;
use zerocopy::{FromBytes, Immutable, IntoBytes};

/// `struct nlattr`: the header of an attribute.
#[doc(alias("nlattr", "rtattr"))]
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, FromBytes, IntoBytes, Immutable)]
#[repr(C)]
pub struct Nlattr {
    /// Bytes of header and payload, without the padding that follows.
    pub nla_len: u16,
    /// Type; the two highest bits are flags: `NLA_F_*`.
    pub nla_type: u16,
}

const _: () = assert!(size_of::<Nlattr>() == NLA_HDRLEN);
const _: () = assert!(core::mem::offset_of!(Nlattr, nla_type) == 2);

impl Header for Nlattr {
    const ITEM: ItemKind = ItemKind::Attribute;

    #[inline]
    fn len(&self) -> usize {
        self.nla_len.into()
    }
}

/// One attribute in its buffer, with the payload not decoded.
///
/// Numbers, in the byte order of the machine or of the network:
///
/// ```
/// # use ancil::netlink::{Attribute, NLA_F_NESTED};
/// let port = Attribute { nla_type: 3, offset: 0, data: &[0, 80] };
/// assert_eq!((port.be16()?, port.u16()?, port.ty()), (80, 80u16.to_be(), 3));
/// let mark = Attribute { data: &[0, 0, 1, 0], ..port };
/// assert_eq!((mark.be32()?, mark.u32()?, mark.get_lenient()), (256, mark.get()?, [0u8, 0]));
/// assert!(mark.u8().is_err() && mark.u64().is_err() && mark.be64().is_err());
/// let name = Attribute { data: b"lo\0", ..port };
/// assert_eq!((name.string(), name.number()), (&b"lo"[..], None));
/// let nest = Attribute { nla_type: 1 | NLA_F_NESTED, ..mark };
/// assert!(nest.is_nested() && !nest.is_net_byteorder() && nest.nested().next().is_some());
/// # Ok::<(), ancil::netlink::BadPayload>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Attribute<'a> {
    /// `nla_type` as found, flags included. [`ty`](Attribute::ty) removes the flags.
    pub nla_type: u16,
    /// The offset of the header, as in [`Malformed::offset`].
    pub offset: usize,
    /// The payload, `nla_len - 4` bytes.
    #[doc(alias("RTA_DATA", "nla_data"))]
    pub data: &'a [u8],
}

impl<'a> Attribute<'a> {
    /// Returns the type without the flags [`NLA_F_NESTED`] and [`NLA_F_NET_BYTEORDER`].
    #[inline]
    pub const fn ty(&self) -> u16 {
        self.nla_type & NLA_TYPE_MASK
    }

    /// Returns whether [`NLA_F_NESTED`] is set: the attribute carries attributes.
    ///
    /// Not every sender sets the flag. Most nests of rtnetlink are older than the flag and lack it.
    #[inline]
    pub const fn is_nested(&self) -> bool {
        self.nla_type & NLA_F_NESTED != 0
    }

    /// Returns whether [`NLA_F_NET_BYTEORDER`] is set: the payload is in network byte order.
    ///
    /// Most senders do not set the flag, even on payloads in network byte order.
    #[inline]
    pub const fn is_net_byteorder(&self) -> bool {
        self.nla_type & NLA_F_NET_BYTEORDER != 0
    }

    /// Returns the attributes in the payload, whether [`NLA_F_NESTED`] is set or not.
    #[inline]
    pub const fn nested(&self) -> Attributes<'a> {
        Attributes::from_offset(self.data, self.offset.saturating_add(NLA_HDRLEN))
    }

    /// Returns the payload as a number or struct of the same length.
    ///
    /// A struct that has more or fewer fields in other kernels is read with
    /// [`get_lenient`](Attribute::get_lenient).
    ///
    /// # Errors
    /// [`BadPayload`] if the payload has more or fewer bytes than `T`.
    #[inline]
    pub fn get<T: FromBytes>(&self) -> Result<T, BadPayload> {
        let exactly = PayloadError::Length(Lengths::Exactly(size_of::<T>()));
        T::read_from_bytes(self.data).map_err(|_| self.bad_payload(exactly))
    }

    /// Returns the payload as a struct that has more or fewer fields in other kernels, such as
    /// `struct rtnl_link_stats64`. Fields that the payload does not have are zero, and surplus
    /// bytes are ignored.
    #[inline]
    pub fn get_lenient<T: FromBytes + IntoBytes>(&self) -> T {
        zero_extended(self.data)
    }

    /// Returns the payload as a single byte.
    ///
    /// # Errors
    /// [`BadPayload`] if the payload does not have exactly 1 byte.
    #[inline]
    pub fn u8(&self) -> Result<u8, BadPayload> {
        self.get()
    }

    /// Returns the payload as a 16-bit number in the byte order of the machine.
    ///
    /// # Errors
    /// [`BadPayload`] if the payload does not have exactly 2 bytes.
    #[inline]
    pub fn u16(&self) -> Result<u16, BadPayload> {
        self.get()
    }

    /// Returns the payload as a 32-bit number in the byte order of the machine.
    ///
    /// # Errors
    /// [`BadPayload`] if the payload does not have exactly 4 bytes.
    #[inline]
    pub fn u32(&self) -> Result<u32, BadPayload> {
        self.get()
    }

    /// Returns the payload as a 64-bit number in the byte order of the machine. `data` need not be
    /// aligned for it: netlink aligns attributes to 4 bytes only.
    ///
    /// # Errors
    /// [`BadPayload`] if the payload does not have exactly 8 bytes.
    #[inline]
    pub fn u64(&self) -> Result<u64, BadPayload> {
        self.get()
    }

    /// Returns the payload as a 16-bit number that was sent in network byte order: `__be16`.
    ///
    /// # Errors
    /// [`BadPayload`] if the payload does not have exactly 2 bytes.
    #[inline]
    pub fn be16(&self) -> Result<u16, BadPayload> {
        self.get().map(u16::from_be)
    }

    /// Returns the payload as a 32-bit number that was sent in network byte order: `__be32`.
    ///
    /// # Errors
    /// [`BadPayload`] if the payload does not have exactly 4 bytes.
    #[inline]
    pub fn be32(&self) -> Result<u32, BadPayload> {
        self.get().map(u32::from_be)
    }

    /// Returns the payload as a 64-bit number that was sent in network byte order: `__be64`.
    ///
    /// # Errors
    /// [`BadPayload`] if the payload does not have exactly 8 bytes.
    #[inline]
    pub fn be64(&self) -> Result<u64, BadPayload> {
        self.get().map(u64::from_be)
    }

    /// Returns the payload as a number in the byte order of the machine, or `None` if the payload
    /// does not have 1, 2, 4 or 8 bytes.
    #[inline]
    pub fn number(&self) -> Option<u64> {
        match self.data.len() {
            1 => self.u8().ok().map(u64::from),
            2 => self.u16().ok().map(u64::from),
            4 => self.u32().ok().map(u64::from),
            8 => self.u64().ok(),
            _ => None,
        }
    }

    /// Returns the string in the payload: the bytes up to the first NUL, or all bytes if there is
    /// no NUL, which an attribute that the kernel declares as `NLA_STRING` may lack.
    #[doc(alias("nla_strscpy", "nla_strdup"))]
    #[inline]
    pub fn string(&self) -> &'a [u8] {
        CStr::from_bytes_until_nul(self.data).map_or(self.data, CStr::to_bytes)
    }

    #[cold]
    const fn bad_payload(self, cause: PayloadError) -> BadPayload {
        BadPayload {
            item: ItemKind::Attribute,
            ty: self.ty(),
            offset: self.offset,
            len: self.data.len(),
            cause,
        }
    }
}

/// Iterates over attributes in bytes that may hold anything and have any alignment.
///
/// Yields each attribute. On a bad header it yields [`Malformed`] once, then ends. Fewer bytes than
/// a header at the end are ignored and the last attribute may lack its padding, as in the kernel's
/// `nla_for_each_attr`. Attributes of type 0, with which senders align 64-bit numbers, are yielded
/// like any other.
///
/// ```
/// let bytes = [8u16, 4, 0, 0].map(u16::to_ne_bytes).concat(); // type 4, a zero of 32 bits
/// let attributes = ancil::netlink::Attributes::new(&bytes);
/// assert_eq!((attributes.offset(), attributes.rest().len()), (0, 8));
/// assert_eq!(attributes.get(4)?.and_then(|mtu| mtu.number()), Some(0));
/// # Ok::<(), ancil::netlink::Malformed>(())
/// ```
#[doc(alias("RTA_OK", "RTA_NEXT", "nla_for_each_attr"))]
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Attributes<'a> {
    walk: Walk<'a>,
}

impl<'a> Attributes<'a> {
    /// Starts at the front of `bytes`. Offsets count from there.
    #[inline]
    pub const fn new(bytes: &'a [u8]) -> Self {
        Self::from_offset(bytes, 0)
    }

    /// Starts at the front of `bytes`, which are at `offset` of a datagram.
    #[inline]
    pub(super) const fn from_offset(bytes: &'a [u8], offset: usize) -> Self {
        Self {
            walk: Walk::new(bytes, offset),
        }
    }

    /// Continues `n` bytes further on.
    #[inline]
    pub(crate) fn at(self, n: usize) -> Self {
        Self {
            walk: self.walk.advance(n),
        }
    }

    /// Returns the bytes that have not been read yet, which are all of them at first.
    #[inline]
    pub const fn rest(&self) -> &'a [u8] {
        self.walk.rest()
    }

    /// Returns the offset of the next header, as in [`Malformed::offset`].
    #[inline]
    pub const fn offset(&self) -> usize {
        self.walk.offset()
    }

    /// Returns the first remaining attribute of type `ty`, whatever its flags.
    ///
    /// # Errors
    /// [`Malformed`] if a bad header comes before an attribute of that type.
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::netlink::MalformedKind;
    use std::vec::Vec;

    fn attribute(len: u16, ty: u16, payload: &[u8]) -> Vec<u8> {
        [[len, ty].as_bytes(), payload].concat()
    }

    #[test]
    fn the_last_padding_may_be_missing() {
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
    }

    #[test]
    fn a_bad_length_is_reported_once() {
        let item = ItemKind::Attribute;
        for (len, kind) in [
            (0, MalformedKind::TooShort { len: 0 }),
            (3, MalformedKind::TooShort { len: 3 }),
            (9, MalformedKind::PastEnd { len: 9, left: 8 }),
        ] {
            let bytes = [attribute(4, 1, &[]), attribute(len, 1, &[0; 4])].concat();
            let malformed = Malformed {
                item,
                offset: 4,
                kind,
            };
            let mut attributes = Attributes::new(&bytes);
            assert!(attributes.next().unwrap().is_ok());
            assert_eq!(attributes.next(), Some(Err(malformed)));
            assert_eq!((attributes.next(), attributes.next()), (None, None));
            assert_eq!(Attributes::new(&bytes).get(2), Err(malformed));
            assert_eq!(Attributes::new(&bytes).get(1).unwrap().unwrap().data, []);
        }
        assert_eq!(Attributes::new(&[0xff; 3]).next(), None);
    }

    #[test]
    fn offsets_of_nested_attributes_count_from_the_outer_start() {
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
    fn getters_require_the_exact_length() {
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
            item: ItemKind::Attribute,
            ty: 3,
            offset: 8,
            len: 3,
            cause,
        };
        assert_eq!(one(&[0; 3]).u32(), Err(bad));
        assert_eq!(one(&[0; 5]).u32(), Err(BadPayload { len: 5, ..bad }));
        assert_eq!(
            (
                one(&[3]).number(),
                one(&7u64.to_ne_bytes()).number(),
                one(&[0; 3]).number()
            ),
            (Some(3), Some(7), None)
        );
    }

    fn one(data: &[u8]) -> Attribute<'_> {
        Attribute {
            nla_type: 3,
            offset: 0,
            data,
        }
    }

    #[test]
    fn a_string_ends_at_its_nul_or_with_the_payload() {
        for (data, string) in [
            (&b"eth0"[..], &b"eth0"[..]),
            (b"eth0\0", b"eth0"),
            (b"lo\0junk\0", b"lo"),
            (b"\0", b""),
            (b"", b""),
        ] {
            assert_eq!(one(data).string(), string);
        }
    }

    #[test]
    fn a_struct_of_another_kernel_is_cut_or_filled_with_zeros() {
        for (data, value) in [
            (&[][..], [0, 0, 0]),
            (&[1], [1, 0, 0]),
            (&[1, 2, 3], [1, 2, 3]),
            (&[1, 2, 3, 4], [1, 2, 3]),
        ] {
            assert_eq!(one(data).get_lenient::<[u8; 3]>(), value);
        }
        let five = [5u32, 6].map(u32::to_ne_bytes).concat();
        assert_eq!(one(&five).get_lenient::<[u32; 3]>(), [5, 6, 0]);
    }
}
