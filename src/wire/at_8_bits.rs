// SPDX-License-Identifier: MIT OR Apache-2.0
//! The files `abi.rs` and `rule.rs` once more, with `u8` in the place of `usize`, so that every
//! number can be tried. Headers of 12 and 16 bytes and words of 4 and 8 are small beside 256, so
//! every sum that can wrap does.
//!
//! The specification computes in `u32`, in which nothing here wraps. It follows `cmsg(3)`, and
//! `CMSG_OK` and `__cmsg_nxthdr` of the kernel's `include/linux/socket.h`.
#![forbid(unsafe_code)]

use core::primitive::u8 as usize;
use std::println;
use std::vec::Vec;

#[path = "abi.rs"]
#[allow(clippy::duplicate_mod, reason = "with another `usize`")]
mod abi;
#[path = "rule.rs"]
#[allow(clippy::duplicate_mod, reason = "with another `usize`")]
mod rule;

use abi::Abi;

/// As in `error.rs`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MalformedKind {
    TooShort { cmsg_len: u8 },
    PastEnd { cmsg_len: u8, left: u8 },
}

/// Bytes of a header and of a word, from the system's headers.
const LAYOUTS: [(Abi, u32, u32); 2] = [(Abi::LINUX_64, 16, 8), (Abi::LINUX_32, 12, 4)];

/// Every number; under Miri, which is slow, those next to a multiple of 16.
fn numbers() -> Vec<u8> {
    (0..=u8::MAX)
        .filter(|n| !cfg!(miri) || matches!(n % 16, 15 | 0 | 1))
        .collect()
}

/// The smallest multiple of `word` that is at least `n`.
fn rounded_up(n: u32, word: u32) -> u32 {
    n + (word - n % word) % word
}

/// What a function returns whose true value is `n`.
fn saturated(n: u32) -> u8 {
    if n > 255 { 255 } else { n as u8 }
}

#[test]
fn sizes_of_every_number() {
    for (abi, header, word) in LAYOUTS {
        assert_eq!(
            [abi.header_size(), abi.alignment(), abi.len_size()].map(u32::from),
            [header, word, word]
        );
        for n in numbers() {
            let wide = u32::from(n);
            let aligned = saturated(rounded_up(wide, word));
            assert_eq!(abi.cmsg_align(n), aligned, "{abi:?}: align({n})");
            if n <= i8::MAX as u8 {
                assert_eq!(abi.align_in_memory(n), aligned, "{abi:?}: in memory {n}");
            }
            let (len, space) = (header + wide, header + rounded_up(wide, word));
            assert_eq!(abi.cmsg_len(n), saturated(len), "{abi:?}: len({n})");
            assert_eq!(abi.cmsg_space(n), saturated(space), "{abi:?}: space({n})");
        }
    }
    for n in numbers() {
        assert_eq!(abi::cmsg_align(n), Abi::NATIVE.cmsg_align(n));
        assert_eq!(abi::cmsg_len(n), Abi::NATIVE.cmsg_len(n));
        assert_eq!(abi::cmsg_space(n), Abi::NATIVE.cmsg_space(n));
    }
}

fn next_of_every_triple((abi, header, word): (Abi, u32, u32)) {
    let numbers = numbers();
    let (mut triples, mut followed) = (0u32, 0u32);
    for &cmsg_len in &numbers {
        let step = rounded_up(cmsg_len.into(), word);
        for &offset in &numbers {
            // This message has a header, and the whole next header lies in the buffer.
            let next = u32::from(offset) + step;
            let needed = if u32::from(cmsg_len) < header {
                u32::MAX
            } else {
                next + header
            };
            for &controllen in &numbers {
                let got = abi.next(offset, cmsg_len, controllen);
                let right = match got {
                    Some(got) => u32::from(controllen) >= needed && u32::from(got) == next,
                    None => u32::from(controllen) < needed,
                };
                assert!(
                    right,
                    "{abi:?}: next({offset}, {cmsg_len}, {controllen}) is {got:?}"
                );
                followed += u32::from(got.is_some());
            }
            triples += numbers.len() as u32;
        }
    }
    println!("{abi:?} at 8 bits: {triples} triples, of which {followed} have a next header");
    assert!(cfg!(miri) || triples == 1 << 24);
    assert!(followed > triples / 20);
}

// Two tests, since each takes seconds without optimisation.
#[test]
fn next_of_every_triple_of_64_bit_programs() {
    next_of_every_triple(LAYOUTS[0]);
}

#[test]
fn next_of_every_triple_of_32_bit_programs() {
    next_of_every_triple(LAYOUTS[1]);
}

#[test]
fn check_and_step_of_every_pair() {
    let (mut pairs, mut steps) = (0u32, 0u32);
    for (abi, header, word) in LAYOUTS {
        for &cmsg_len in &numbers() {
            for &left in &numbers() {
                let expected = if u32::from(cmsg_len) < header {
                    Err(MalformedKind::TooShort { cmsg_len })
                } else if cmsg_len > left {
                    Err(MalformedKind::PastEnd { cmsg_len, left })
                } else {
                    Ok(())
                };
                assert_eq!(abi.check(cmsg_len, left), expected, "{abi:?}");
                pairs += 1;
                // No buffer is longer than half of all numbers: `isize::MAX`.
                if left > i8::MAX as u8 || u32::from(left) < header {
                    continue;
                }
                let data_len = abi.data_len(cmsg_len);
                let is_whole = data_len <= left - abi.header_size();
                assert_eq!(is_whole, expected.is_ok(), "{abi:?}: {cmsg_len}, {left}");
                if is_whole {
                    let aligned = rounded_up(cmsg_len.into(), word);
                    let step = u32::from(abi.step_over(data_len).min(left));
                    assert_eq!(
                        step,
                        aligned.min(left.into()),
                        "{abi:?}: {cmsg_len}, {left}"
                    );
                    steps += 1;
                    // `Step` and `next` agree about whether a header follows, and where.
                    let next = abi.next(0, cmsg_len, left).map(u32::from);
                    let follows = u32::from(left) - step >= header;
                    assert_eq!(next, follows.then_some(step), "{abi:?}: {cmsg_len}, {left}");
                }
            }
        }
    }
    println!("check at 8 bits: {pairs} pairs; step: {steps} pairs");
    assert!(cfg!(miri) || pairs == 2 << 16);
    assert!(steps > pairs / 20);
}
