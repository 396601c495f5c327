//! Netlink attributes, as `SCM_TIMESTAMPING_OPT_STATS` carries them: `netlink(7)`, kernel
//! `include/uapi/linux/netlink.h`, `tcp.h`.
#![forbid(unsafe_code)]

use super::{Out, Show};
use crate::error::PayloadError;
use crate::key::{Payload, Unbounded};
use core::fmt;
use zerocopy::{FromBytes, Immutable, IntoBytes, KnownLayout};

/// `struct nlattr`: the header of an attribute.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, FromBytes, IntoBytes, KnownLayout, Immutable)]
#[repr(C)]
pub struct Nlattr {
    /// Bytes of header and payload, without the padding to a multiple of 4 behind.
    pub nla_len: u16,
    /// What it is.
    pub nla_type: u16,
}

/// Attributes one after the other: an iterator over `(type, payload)`.
///
/// Ends at the first attribute that does not fit. Padding attributes (type 0: TCP_NLA_PAD, J1939_NLA_PAD) are left out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Attributes<'a> {
    rest: &'a [u8],
}

/// The number that an attribute holds: 1, 2, 4 or 8 bytes.
pub fn attribute_number(payload: &[u8]) -> Option<u64> {
    match payload.len() {
        1 => u8::read_from_bytes(payload).ok().map(u64::from),
        2 => u16::read_from_bytes(payload).ok().map(u64::from),
        4 => u32::read_from_bytes(payload).ok().map(u64::from),
        8 => u64::read_from_bytes(payload).ok(),
        _ => None,
    }
}

const _: () = assert!(size_of::<Nlattr>() == 4);

impl<'a> Iterator for Attributes<'a> {
    type Item = (u16, &'a [u8]);

    fn next(&mut self) -> Option<Self::Item> {
        loop {
            let (header, _) = Nlattr::read_from_prefix(self.rest).ok()?;
            let len = usize::from(header.nla_len);
            let Some(payload) = self.rest.get(size_of::<Nlattr>()..len) else {
                self.rest = &[];
                return None;
            };
            self.rest = self.rest.get(len.next_multiple_of(4)..).unwrap_or_default();
            if header.nla_type != 0 {
                return Some((header.nla_type, payload));
            }
        }
    }
}

/// Marks attributes one after the other; decodes into [`Attributes`].
pub enum Nlattrs {}

impl Payload for Nlattrs {
    type Out<'a> = Attributes<'a>;

    fn decode(data: &[u8]) -> Result<Attributes<'_>, PayloadError> {
        Ok(Attributes { rest: data })
    }
}

impl Unbounded for Nlattrs {
    const ELEMENT: usize = 1;
}

impl Show for Attributes<'_> {
    fn show(&self, out: &mut Out<'_>) -> fmt::Result {
        out.text("[")?;
        for (i, (ty, payload)) in self.enumerate() {
            out.text(if i == 0 { "{nla_type=" } else { ", {nla_type=" })?;
            ty.show(out)?;
            out.text(", ")?;
            match attribute_number(payload) {
                Some(number) => number.show(out)?,
                None => payload.show(out)?,
            }
            out.text("}")?;
        }
        out.text("]")
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::vec::Vec;

    fn attribute(len: u16, ty: u16, payload: &[u8]) -> Vec<u8> {
        [Nlattr { nla_len: len, nla_type: ty }.as_bytes(), payload].concat()
    }

    #[test]
    fn padding_is_left_out_and_a_bad_length_ends() {
        let bytes = [attribute(5, 7, &[9, 0, 0, 0]), attribute(4, 0, &[]), attribute(8, 3, &[1, 0, 0, 0])].concat();
        let all: Vec<_> = Nlattrs::decode(&bytes).unwrap().collect();
        assert_eq!(all, [(7, &[9][..]), (3, &[1, 0, 0, 0][..])]);
        for len in [0, 3, 9, u16::MAX] {
            assert_eq!(Nlattrs::decode(&attribute(len, 1, &[0; 4])).unwrap().count(), 0);
        }
    }

    #[test]
    fn numbers_of_any_width() {
        assert_eq!(attribute_number(&[3]), Some(3));
        assert_eq!(attribute_number(&7u64.to_ne_bytes()), Some(7));
        assert_eq!(attribute_number(&[0; 3]), None);
    }
}
