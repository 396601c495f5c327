// SPDX-License-Identifier: MIT OR Apache-2.0
//! What is done with an array of vectors: count its bytes, drop some of them, join vectors.

use super::cut;
use super::iovec::Iovec;
use super::raw_cursor;
use super::vector::{Vector, as_entries, as_entries_mut};
use core::mem;

/// Returns the number of bytes of all vectors together, or `None` if that is more than
/// `isize::MAX`, which no system call can return.
///
/// ```
/// use ancil::{IoVec, iov};
/// assert_eq!(iov::total(&[IoVec::new(b"head"), IoVec::new(b"body")]), Some(8));
/// ```
pub fn total(vectors: &[impl Vector]) -> Option<usize> {
    Some(raw_cursor::total(as_entries(vectors))).filter(|sum| *sum <= Iovec::MAX_OBJECT)
}

/// Drops `n` bytes from the front, after a call that did only so many. Returns the bytes dropped,
/// fewer than `n` if the vectors have fewer.
///
/// Vectors at the front that are empty then leave the slice, so an empty slice means that all bytes
/// are done.
///
/// ```
/// # use ancil::{IoVec, iov};
/// let mut vectors = [IoVec::new(b"first"), IoVec::new(b"second")];
/// let mut rest = &mut vectors[..];
/// assert_eq!(iov::advance(&mut rest, 8), 8);
/// assert_eq!((rest.len(), &*rest[0]), (1, &b"ond"[..]));
/// ```
pub fn advance<V: Vector>(vectors: &mut &mut [V], n: usize) -> usize {
    let (gone, left) = cut::count_whole(as_entries(vectors), n);
    *vectors = mem::take(vectors).get_mut(gone..).unwrap_or_default();
    // SAFETY: every entry must still be a valid `V` afterwards. The only one that changes gets
    // shorter: it has more than `left` bytes, which `count_whole` says.
    match unsafe { as_entries_mut(vectors) } {
        [] => n.wrapping_sub(left), // `left` is at most `n`
        [first, ..] => {
            first.drop_front(left);
            n
        }
    }
}

/// Drops `n` bytes from the back, such as a trailer. Returns the bytes dropped, fewer than `n` if
/// the vectors have fewer.
///
/// Vectors at the back that are empty then leave the slice.
///
/// ```
/// use ancil::{IoVec, iov};
///
/// let mut vectors = [IoVec::new(b"body"), IoVec::new(b"checksum")];
/// let mut rest = &mut vectors[..];
/// assert_eq!(iov::discard_back(&mut rest, 10), 10);
/// assert_eq!((rest.len(), &*rest[0]), (1, &b"bo"[..]));
/// ```
pub fn discard_back<V: Vector>(vectors: &mut &mut [V], n: usize) -> usize {
    // SAFETY: every entry must still be a valid `V` afterwards. `drop_back` changes at most one of
    // them, and makes that one shorter.
    let (kept, done) = cut::drop_back(unsafe { as_entries_mut(vectors) }, n);
    truncate(vectors, kept);
    done
}

/// Keeps the first `n` bytes and drops the rest. Returns the bytes kept, fewer than `n` if the
/// vectors have fewer.
///
/// Vectors after the last byte leave the slice.
///
/// ```
/// use ancil::{IoVec, iov};
///
/// let mut vectors = [IoVec::new(b"head"), IoVec::new(b"body")];
/// let mut rest = &mut vectors[..];
/// assert_eq!(iov::limit(&mut rest, 5), 5);
/// assert_eq!(&*rest[1], b"b");
/// ```
pub fn limit<V: Vector>(vectors: &mut &mut [V], n: usize) -> usize {
    // SAFETY: every entry must still be a valid `V` afterwards. `keep_front` changes at most one of
    // them, and makes that one shorter.
    let (kept, done) = cut::keep_front(unsafe { as_entries_mut(vectors) }, n);
    truncate(vectors, kept);
    done
}

/// Returns the vectors at the front that one call takes: at most `max_vectors` of them (such as
/// [`UIO_MAXIOV`](crate::limits::UIO_MAXIOV)), with at most `max_bytes` bytes together.
///
/// The result is empty if the first vector alone has more bytes:
/// [`Cursor::slice`](super::Cursor::slice) cuts it.
///
/// ```
/// # use ancil::{IoVec, iov};
/// # use ancil::limits::UIO_MAXIOV;
/// let vectors = [IoVec::new(b"first"); 3000];
/// assert_eq!(iov::batch(&vectors, UIO_MAXIOV, usize::MAX).len(), 1024);
/// assert_eq!(iov::batch(&vectors, UIO_MAXIOV, 14).len(), 2);
/// ```
pub fn batch<V: Vector>(vectors: &[V], max_vectors: usize, max_bytes: usize) -> &[V] {
    let vectors = vectors.get(..max_vectors).unwrap_or(vectors);
    let (count, _) = cut::count_whole(as_entries(vectors), max_bytes);
    vectors.get(..count).unwrap_or_default()
}

/// Makes one vector of neighbours whose bytes follow one another in memory, and drops empty ones.
/// Returns by how many the vectors are fewer then. The bytes stay the same.
///
/// ```
/// use ancil::{IoVec, iov};
///
/// let (a, b) = b"one array".split_at(3);
/// let mut vectors = [IoVec::new(a), IoVec::new(b)];
/// let mut rest = &mut vectors[..];
/// // SAFETY: both are parts of one array.
/// assert_eq!(unsafe { iov::join(&mut rest) }, 1);
/// assert_eq!(&*rest[0], b"one array");
/// ```
///
/// # Safety
/// Vectors that touch must be parts of one object, such as one array: the memory of two objects
/// that happen to be neighbours is not one slice.
pub unsafe fn join<V: Vector>(vectors: &mut &mut [V]) -> usize {
    let before = vectors.len();
    // SAFETY: every entry must still be a valid `V` afterwards. `cut::join` makes one entry of two
    // that touch, whose bytes are one slice by the contract of this function, and moves entries to
    // the front. The entries after the first `kept` have bytes that moved, so that both would have
    // access to them: they are made empty before the borrow ends.
    let entries = unsafe { as_entries_mut(vectors) };
    let kept = cut::join(entries);
    let rest = entries.get_mut(kept..).unwrap_or_default();
    rest.fill(Iovec::EMPTY);
    truncate(vectors, kept);
    before.saturating_sub(kept)
}

/// Keeps the first `kept` vectors.
fn truncate<V>(vectors: &mut &mut [V], kept: usize) {
    *vectors = mem::take(vectors).get_mut(..kept).unwrap_or_default();
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::iov::{IoVec, IoVecMut, gather};
    use std::vec::Vec;

    /// Returns the bytes of the vectors.
    fn bytes(vectors: &[impl Vector]) -> Vec<u8> {
        let mut to = vec![0; total(vectors).unwrap()];
        assert_eq!(gather(vectors, &mut to), to.len());
        to
    }

    #[test]
    fn cuts_leave_no_empty_vector_at_the_cut() {
        let whole = b"abcdef";
        for (first, second) in (0..=6).flat_map(|end| (0..=end).map(move |middle| (middle, end))) {
            for n in [0, 1, 2, 3, 4, 5, 6, 7, usize::MAX] {
                let vectors = [
                    &whole[..first],
                    &whole[first..second],
                    &[],
                    &whole[second..],
                ]
                .map(IoVec::new);
                let cut = n.min(6);

                let mut array = vectors;
                let mut rest = &mut array[..];
                assert_eq!(advance(&mut rest, n), cut);
                assert_eq!(bytes(rest), whole[cut..]);
                assert!(rest.first().is_none_or(|front| !front.is_empty()));

                let mut array = vectors;
                let mut rest = &mut array[..];
                assert_eq!(discard_back(&mut rest, n), cut);
                assert_eq!(bytes(rest), whole[..6 - cut]);
                assert!(rest.last().is_none_or(|back| !back.is_empty()));

                let mut array = vectors;
                let mut rest = &mut array[..];
                assert_eq!(limit(&mut rest, n), cut);
                assert_eq!(bytes(rest), whole[..cut]);
                assert!(rest.last().is_none_or(|back| !back.is_empty()));
            }
        }
    }

    #[test]
    fn the_rest_of_space_can_be_written() {
        let mut space = *b"abcdef";
        let (front, back) = space.split_at_mut(3);
        let mut vectors = [IoVecMut::new(front), IoVecMut::new(back)];
        let mut rest = &mut vectors[..];
        assert_eq!((advance(&mut rest, 1), discard_back(&mut rest, 1)), (1, 1));
        rest[0].copy_from_slice(b"BC");
        rest[1].copy_from_slice(b"DE");
        assert_eq!(&space, b"aBCDEf");
    }

    #[test]
    fn join_empties_the_vectors_that_it_drops() {
        let mut space = *b"abcdefgh";
        let (a, rest) = space.split_at_mut(2);
        let (b, rest) = rest.split_at_mut(3);
        let (_, c) = rest.split_at_mut(1);
        let mut vectors = [a, b, &mut [], c].map(IoVecMut::new);
        let mut joined = &mut vectors[..];
        // SAFETY: all vectors are parts of `space`, which is one object.
        assert_eq!(unsafe { join(&mut joined) }, 2);
        assert_eq!(
            (joined.len(), &*joined[0], &*joined[1]),
            (2, &b"abcde"[..], &b"gh"[..])
        );
        assert!(vectors[2].is_empty() && vectors[3].is_empty());
    }

    #[test]
    fn a_total_of_more_than_isize_max_is_none() {
        assert_eq!(
            total(&[IoVec::default(), IoVec::new(b"ab"), IoVec::new(b"c")]),
            Some(3)
        );
        const MAX_OBJECT: usize = Iovec::MAX_OBJECT;
        let total = |lengths: &[usize]| {
            let vectors: Vec<_> = lengths
                .iter()
                .map(|&iov_len| Iovec {
                    iov_len,
                    ..Iovec::EMPTY
                })
                .collect();
            let sum = raw_cursor::total(&vectors);
            (sum <= MAX_OBJECT).then_some(sum)
        };
        assert_eq!(total(&[MAX_OBJECT - 1, 1]), Some(MAX_OBJECT));
        assert_eq!(total(&[MAX_OBJECT, 1]), None);
        assert_eq!(total(&[MAX_OBJECT, MAX_OBJECT, 2, 1]), None); // the sum wraps to 1
    }
}
