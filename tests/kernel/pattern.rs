//! Data whose order can be checked, and its division into vectors.

use ancil::{IoVec, IoVecMut};

/// Returns `n` bytes whose order is irregular, so that a lost, doubled or moved byte is noticed.
pub fn pattern(n: usize) -> Vec<u8> {
    (0..n as u32)
        .map(|i| (i.wrapping_mul(2_654_435_761) >> 24) as u8)
        .collect()
}

/// Divides `bytes` into vectors of 0 to 6 bytes.
pub fn pieces(bytes: &[u8]) -> Vec<IoVec<'_>> {
    let (mut rest, mut vectors) = (bytes, Vec::new());
    while !rest.is_empty() {
        let (piece, others) = rest.split_at(rest.len().min(vectors.len() % 7));
        vectors.push(IoVec::new(piece));
        rest = others;
    }
    vectors
}

/// Divides `bytes` as `pieces` does, into vectors to receive into.
pub fn pieces_mut(bytes: &mut [u8]) -> Vec<IoVecMut<'_>> {
    let (mut rest, mut vectors) = (bytes, Vec::new());
    while !rest.is_empty() {
        let (piece, others) = rest.split_at_mut(rest.len().min(vectors.len() % 7));
        vectors.push(IoVecMut::new(piece));
        rest = others;
    }
    vectors
}
