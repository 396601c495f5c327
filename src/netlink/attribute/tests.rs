// SPDX-License-Identifier: MIT OR Apache-2.0
//! Attributes in bytes that somebody else wrote.

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
