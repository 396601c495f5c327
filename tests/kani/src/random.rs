//! Random values in the place of Kani's. Each test has the same ones each time.

use ancil::{Key, SO_TIMESTAMP_OLD, level};
use std::cell::Cell;

const TIME: i32 = SO_TIMESTAMP_OLD::TYPE;

pub const CASES: u32 = if cfg!(miri) { 50 } else { 20_000 };

thread_local! {
    static STATE: Cell<u64> = const { Cell::new(1) };
}

/// The SplitMix64 generator.
fn next() -> u64 {
    let state = STATE.get().wrapping_add(0x9e37_79b9_7f4a_7c15);
    STATE.set(state);
    let z = (state ^ (state >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    let z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    z ^ (z >> 31)
}

pub trait Any {
    fn any() -> Self;
}

pub fn any<T: Any>() -> T {
    T::any()
}

impl Any for bool {
    fn any() -> Self {
        next() & 1 == 1
    }
}

impl Any for u8 {
    fn any() -> Self {
        next() as Self
    }
}

impl Any for usize {
    /// Of every magnitude, from either end.
    fn any() -> Self {
        let (n, shift) = (next(), next() % 128);
        let n = n as Self;
        if shift < 64 {
            n.unbounded_shr(shift as u32)
        } else {
            !n.unbounded_shr(shift as u32 - 64)
        }
    }
}

impl<T: Any, const N: usize> Any for [T; N] {
    fn any() -> Self {
        std::array::from_fn(|_| any())
    }
}

/// Returns messages with words of 4 or 8 bytes, most of whose headers are well-formed. Among them
/// are times, which `compat` translates.
pub fn control<const N: usize>() -> [u8; N] {
    let mut bytes: [u8; N] = any();
    let (word, mut at) = (if any() { 4 } else { 8 }, 0);
    while at + word + 8 <= N {
        let payload = next() as usize % 20;
        let len = match next() % 16 {
            0 => any(),
            _ => word + 8 + payload,
        };
        let kinds = [[7, 0], [level::SOL_SOCKET, 2], [level::SOL_SOCKET, TIME]];
        let [level, ty] = kinds[next() as usize % 3];
        let fields = if word == 4 {
            (len as u32).to_ne_bytes().to_vec()
        } else {
            (len as u64).to_ne_bytes().to_vec()
        };
        let fields = [
            fields,
            level.to_ne_bytes().to_vec(),
            ty.to_ne_bytes().to_vec(),
        ]
        .concat();
        bytes[at..at + word + 8].copy_from_slice(&fields);
        // Small numbers fit into words of either size.
        if any() {
            bytes[at + word + 8..].fill(0);
        }
        at += word + 8 + payload.next_multiple_of(word);
    }
    bytes
}
