//! Generates control buffers, valid ones and invalid ones of every kind.

use crate::payloads::{Kind, Rng, known, payload};
use ancil::Key;

const HEADER: usize = size_of::<ancil::CmsgHdr>();
const WORD: usize = size_of::<usize>();

/// Generates level, type and payload of one message, sometimes of the same type as the last one.
fn message(
    rng: &mut Rng,
    levels: &[i32],
    last: &mut Option<(i32, i32, Kind)>,
) -> (i32, i32, Vec<u8>) {
    let repeated = last.filter(|_| rng.below(5) == 0);
    let (mut level, mut ty, kind) = repeated.unwrap_or_else(|| known(rng, levels));
    *last = Some((level, ty, kind));
    let data = payload(rng, kind);
    match rng.below(40) {
        0 => level = rng.next() as i32,
        1 => ty = rng.next() as i32,
        2..=5 => ty = rng.below(128) as i32,
        _ => {}
    }
    (level, ty, data)
}

/// Generates the `cmsg_len` of a payload of `n` bytes, and seldom a wrong one. `left` is the number
/// of bytes from the end of the header to the end of the buffer.
fn length(rng: &mut Rng, n: usize, left: usize) -> usize {
    let right = HEADER + n;
    match rng.below(60) {
        0 => rng.below(HEADER + 1),
        1 => right + 1 + rng.below(2 * WORD),
        2 => right.saturating_sub(1 + rng.below(8)),
        3 => *rng.pick(&[
            0,
            usize::MAX,
            usize::MAX - 7,
            usize::MAX - HEADER,
            isize::MAX as usize,
            1 << 31,
            1 << 30,
        ]),
        4 => HEADER + left + rng.below(3),
        _ => right,
    }
}

/// Adds a message with this `cmsg_len` and without padding.
fn push(out: &mut Vec<u8>, level: i32, ty: i32, len: usize, data: &[u8]) {
    out.extend_from_slice(&len.to_ne_bytes());
    out.extend_from_slice(&level.to_ne_bytes());
    out.extend_from_slice(&ty.to_ne_bytes());
    out.extend_from_slice(data);
}

/// Encodes messages of a level, with padding at the end, so that others can follow.
pub fn encode(level: i32, messages: &[(i32, &[u8])]) -> Vec<u8> {
    let mut out = Vec::new();
    for (ty, data) in messages {
        push(&mut out, level, *ty, HEADER + data.len(), data);
        out.resize(out.len().next_multiple_of(WORD), 0);
    }
    out
}

/// Encodes one message of a key's numbers.
pub fn encode_as<K: Key>(_: K, data: &[u8]) -> Vec<u8> {
    encode(K::LEVEL, &[(K::TYPE, data)])
}

/// Generates a buffer of 0 to 3 messages, most of them of these levels.
pub fn control(rng: &mut Rng, levels: &[i32]) -> Vec<u8> {
    let (mut out, mut last) = (Vec::new(), None);
    for _ in 0..*rng.pick(&[0, 1, 1, 1, 1, 2, 2, 2, 3, 3]) {
        let (level, ty, data) = message(rng, levels, &mut last);
        out.resize(out.len().next_multiple_of(WORD), 0);
        let left = data.len().next_multiple_of(WORD);
        let len = length(rng, data.len(), left);
        push(&mut out, level, ty, len, &data);
    }
    match rng.below(20) {
        0 => out.truncate(rng.below(out.len() + 1)),
        1 => out.extend((0..rng.below(2 * HEADER)).map(|_| 0)),
        2 => out.extend(rng.bytes(2 * HEADER)),
        3 => rng.scramble(&mut out),
        4..=11 => out.resize(out.len().next_multiple_of(WORD), 0),
        12 => out.resize(out.len().next_multiple_of(WORD) + rng.below(HEADER), 0),
        _ => {}
    }
    out
}
