// SPDX-License-Identifier: MIT OR Apache-2.0
use super::*;
use crate::Key;
use crate::addr::AF_BLUETOOTH;
use crate::error::{Lengths, Malformed, MalformedKind};
use crate::table::level::{SOL_RXRPC, SOL_SOCKET};
use crate::{SO_TIMESTAMP_OLD, SO_TIMESTAMPING_OLD, SO_TIMESTAMPNS_OLD};
use std::vec::Vec;

const WIDEN: Translation = Translation::WIDEN;
const NARROW: Translation = Translation::NARROW;

/// A message, laid out by hand.
fn message(word: usize, level: i32, ty: i32, data: &[u8]) -> Vec<u8> {
    let len = word + 8 + data.len();
    let mut bytes = if word == 4 {
        (len as u32).to_ne_bytes().to_vec()
    } else {
        (len as u64).to_ne_bytes().to_vec()
    };
    bytes.extend([&level.to_ne_bytes(), &ty.to_ne_bytes(), data].concat());
    bytes.resize(bytes.len().next_multiple_of(word), 0);
    bytes
}

fn translate(translation: Translation, src: &[u8]) -> Result<Vec<u8>, Error> {
    let mut dst = vec![0xaa; 2 * src.len()];
    let bytes = translation.translate(&mut dst, src)?.to_vec();
    assert_eq!(translation.translated_len(src), Ok(bytes.len()));
    for size in 0..bytes.len() {
        let mut dst = vec![0xaa; size];
        let no_space = NoSpace {
            needed: bytes.len(),
            left: size,
        };
        assert_eq!(translation.translate(&mut dst, src), Err(no_space.into()));
        assert!(dst.iter().all(|&byte| byte == 0xaa), "not all or nothing");
    }
    assert!(
        dst[bytes.len()..].iter().all(|&byte| byte == 0xaa),
        "past the end"
    );
    Ok(bytes)
}

fn shorts(numbers: &[i32]) -> Vec<u8> {
    numbers.iter().flat_map(|n| n.to_ne_bytes()).collect()
}

fn longs(numbers: &[i64]) -> Vec<u8> {
    numbers.iter().flat_map(|n| n.to_ne_bytes()).collect()
}

fn cause(result: Result<Vec<u8>, Error>) -> PayloadError {
    match result {
        Err(Error::BadPayload(bad)) => bad.cause,
        other => panic!("{other:?}"),
    }
}

#[test]
fn each_conversion() {
    let (s, ip) = (SOL_SOCKET, 0);
    let flags = 0x18u32.to_ne_bytes().to_vec();
    // (level, type, 32 bits, 64 bits, what it is)
    let table = [
        (s, 1, shorts(&[3, 4, 5]), shorts(&[3, 4, 5]), "SCM_RIGHTS"),
        (
            s,
            29,
            shorts(&[5, 250]),
            longs(&[5, 250]),
            "SO_TIMESTAMP_OLD",
        ),
        (
            s,
            35,
            shorts(&[-5, 7]),
            longs(&[-5, 7]),
            "SO_TIMESTAMPNS_OLD",
        ),
        (
            s,
            37,
            shorts(&[1, 2, 0, 0, i32::MAX, i32::MIN]),
            longs(&[1, 2, 0, 0, 0x7fff_ffff, -0x8000_0000]),
            "TIMESTAMPING",
        ),
        (s, 37, flags.clone(), flags, "SO_TIMESTAMPING_OLD, as sent"),
        (
            s,
            63,
            longs(&[5, 250]),
            longs(&[5, 250]),
            "SO_TIMESTAMP_NEW",
        ),
        (
            s,
            65,
            longs(&[1, 2, 3, 4, 5, 6]),
            longs(&[1, 2, 3, 4, 5, 6]),
            "SO_TIMESTAMPING_NEW",
        ),
        (
            SOL_RXRPC,
            1,
            shorts(&[-1]),
            longs(&[0xffff_ffff]),
            "RXRPC_USER_CALL_ID",
        ),
        (ip, 2, shorts(&[64]), shorts(&[64]), "IP_TTL"),
        (ip, 1, vec![7], vec![7], "IP_TOS"),
        (276, 4, vec![7; 16], vec![7; 16], "RDS_CMSG_RDMA_STATUS"),
        (77, 7, vec![9; 13], vec![9; 13], "unknown"),
        (77, 7, vec![], vec![], "unknown and empty"),
    ];
    let sparc = cfg!(any(target_arch = "sparc", target_arch = "sparc64")); // other numbers
    let (mut all32, mut all64) = (Vec::new(), Vec::new());
    for (level, ty, data32, data64, what) in table {
        let (narrow, wide) = (
            message(4, level, ty, &data32),
            message(8, level, ty, &data64),
        );
        if !sparc {
            assert_eq!(translate(WIDEN, &narrow), Ok(wide.clone()), "{what}");
            assert_eq!(translate(NARROW, &wide), Ok(narrow.clone()), "{what}");
            (all32, all64) = ([all32, narrow].concat(), [all64, wide].concat());
        }
    }
    assert_eq!(
        (translate(WIDEN, &all32), translate(NARROW, &all64)),
        (Ok(all64.clone()), Ok(all32.clone()))
    );
    assert_eq!(
        (translate(WIDEN, &[]), translate(NARROW, &[])),
        (Ok(vec![]), Ok(vec![]))
    );
    assert_eq!(
        (widened_len(&all32), narrowed_len(&all64)),
        (Ok(all64.len()), Ok(all32.len()))
    );
}

#[test]
fn on_bluetooth_level_0_has_a_timestamp() {
    let (narrow, wide) = (
        message(4, 0, 2, &shorts(&[5, 250])),
        message(8, 0, 2, &longs(&[5, 250])),
    );
    assert_eq!(
        translate(WIDEN.family(AF_BLUETOOTH), &narrow),
        Ok(wide.clone())
    );
    assert_eq!(translate(NARROW.family(AF_BLUETOOTH), &wide), Ok(narrow));
    assert_eq!(
        translate(NARROW, &wide),
        Ok(message(4, 0, 2, &longs(&[5, 250])))
    );
}

#[test]
fn a_number_that_does_not_fit_is_an_error() {
    for seconds in [0x8000_0000, -0x8000_0001, i64::MAX, i64::MIN, 1 << 32] {
        for key in [SO_TIMESTAMP_OLD::TYPE, SO_TIMESTAMPNS_OLD::TYPE] {
            let wide = message(8, SOL_SOCKET, key, &longs(&[seconds, 0]));
            assert_eq!(cause(translate(NARROW, &wide)), PayloadError::Value);
            let wide = message(8, SOL_SOCKET, key, &longs(&[0, seconds]));
            assert_eq!(cause(translate(NARROW, &wide)), PayloadError::Value);
        }
    }
    for id in [1 << 32, -1] {
        assert_eq!(
            cause(translate(NARROW, &message(8, SOL_RXRPC, 1, &longs(&[id])))),
            PayloadError::Value
        );
    }
}

#[test]
fn words_of_another_number_are_an_error() {
    let lengths = [
        (SO_TIMESTAMP_OLD::TYPE, 2),
        (SO_TIMESTAMPNS_OLD::TYPE, 2),
        (SO_TIMESTAMPING_OLD::TYPE, 6),
    ];
    for (ty, count) in lengths {
        for len in 0..60 {
            for (translation, word) in [(WIDEN, 4), (NARROW, 8)] {
                let flags = ty == SO_TIMESTAMPING_OLD::TYPE && len == 4;
                let got = translate(translation, &message(word, SOL_SOCKET, ty, &vec![0; len]));
                if len == count * word || flags {
                    assert!(got.is_ok(), "{ty} {len}");
                } else {
                    assert_eq!(
                        cause(got),
                        PayloadError::Length(Lengths::Exactly(count * word))
                    );
                }
            }
        }
    }
    let bad = message(4, SOL_SOCKET, SO_TIMESTAMP_OLD::TYPE, &[0; 3]);
    let first = message(4, 0, 2, &[0; 4]);
    let expected = BadPayload {
        level: SOL_SOCKET,
        ty: SO_TIMESTAMP_OLD::TYPE,
        offset: first.len(),
        len: 3,
        cause: PayloadError::Length(Lengths::Exactly(8)),
    };
    assert_eq!(
        translate(WIDEN, &[first, bad].concat()),
        Err(expected.into())
    );
}

#[test]
fn the_end_is_the_kernel_s() {
    let one = message(4, 0, 2, &[0; 4]);
    for spare in 1..12 {
        // Too few bytes for a header: of a 32-bit program they are a bad one, of a 64-bit one
        // nothing.
        let malformed = |offset| {
            let kind = MalformedKind::PastEnd {
                cmsg_len: 12,
                left: spare,
            };
            Err(Malformed { offset, kind }.into())
        };
        assert_eq!(translate(WIDEN, &vec![0; spare]), malformed(0));
        assert_eq!(
            translate(WIDEN, &[&one[..], &vec![0; spare]].concat()),
            malformed(16)
        );
        assert_eq!(translate(NARROW, &vec![0; spare]), Ok(vec![]));
    }
    // Padding that is missing is no header.
    let unpadded = &message(4, 0, 1, &[7])[..13];
    assert_eq!(translate(WIDEN, unpadded), Ok(message(8, 0, 1, &[7])));
    for (len, kind) in [
        (11, MalformedKind::TooShort { cmsg_len: 11 }),
        (
            17,
            MalformedKind::PastEnd {
                cmsg_len: 17,
                left: 16,
            },
        ),
        (
            u32::MAX,
            MalformedKind::PastEnd {
                cmsg_len: u32::MAX as usize,
                left: 16,
            },
        ),
    ] {
        let bad = [&one[..], &len.to_ne_bytes(), &one[4..]].concat();
        assert_eq!(
            translate(WIDEN, &bad),
            Err(Malformed { offset: 16, kind }.into())
        );
    }
}
