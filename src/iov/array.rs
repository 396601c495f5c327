//! What is done with an array of vectors: how much it is, and dropping some of it.

use super::walk::{drop_back, drop_front, join as join_entries, keep_front, whole};
use super::{Cursor, Iovec, Vector, entries, entries_mut};
use core::mem;

/// Bytes of all vectors together; `None` if that is more than `isize::MAX`, which no call can do.
pub fn total(vectors: &[impl Vector]) -> Option<usize> {
    Some(Cursor::new(vectors).remaining()).filter(|sum| isize::try_from(*sum).is_ok())
}

/// Drops `n` bytes from the front, after a call that did only so many. Returns the bytes dropped: less
/// than `n` if there were less.
///
/// Vectors that are empty then leave the slice, so that an empty slice means that all is done.
///
/// ```
/// # use ancil::{IoVec, iov};
/// let mut vectors = [IoVec::new(b"first"), IoVec::new(b"second")];
/// let mut rest = &mut vectors[..];
/// assert_eq!(iov::advance(&mut rest, 8), 8);
/// assert_eq!((rest.len(), &*rest[0]), (1, &b"ond"[..]));
/// ```
pub fn advance<V: Vector>(vectors: &mut &mut [V], n: usize) -> usize {
    // SAFETY: it makes one shorter.
    let (gone, done) = drop_front(unsafe { entries_mut(vectors) }, n);
    *vectors = mem::take(vectors).get_mut(gone..).unwrap_or_default();
    done
}

/// Drops `n` bytes from the back, such as a trailer. Returns the bytes dropped: less than `n` if there were less.
///
/// Vectors that are empty then leave the slice.
pub fn discard_back<V: Vector>(vectors: &mut &mut [V], n: usize) -> usize {
    // SAFETY: it makes one shorter.
    let (kept, done) = drop_back(unsafe { entries_mut(vectors) }, n);
    truncate(vectors, kept);
    done
}

/// Keeps the first `n` bytes and drops the rest. Returns the bytes kept: less than `n` if there were less.
///
/// Vectors behind the last byte leave the slice.
pub fn limit<V: Vector>(vectors: &mut &mut [V], n: usize) -> usize {
    // SAFETY: it makes one shorter.
    let (kept, done) = keep_front(unsafe { entries_mut(vectors) }, n);
    truncate(vectors, kept);
    done
}

/// The vectors in front that one call takes: at most `most` ([`UIO_MAXIOV`](crate::limits::UIO_MAXIOV), say), and together at
/// most `bytes` bytes. Empty if the first alone has more: [`Cursor::slice`] cuts it.
///
/// ```
/// # use ancil::{IoVec, iov};
/// # use ancil::limits::UIO_MAXIOV;
/// let vectors = [IoVec::new(b"first"); 3000];
/// assert_eq!(iov::batch(&vectors, UIO_MAXIOV, usize::MAX).len(), 1024);
/// assert_eq!(iov::batch(&vectors, UIO_MAXIOV, 14).len(), 2);
/// ```
pub fn batch<V: Vector>(vectors: &[V], most: usize, bytes: usize) -> &[V] {
    vectors
        .get(..whole(entries(vectors), most, bytes))
        .unwrap_or_default()
}

/// Makes one of vectors that lie one behind the other in memory, and drops empty ones. Returns how many
/// vectors less there are; the bytes are the same.
///
/// # Safety
/// Vectors that touch must be parts of one object, such as one array: memory of two that happen to be
/// neighbours is not one slice.
pub unsafe fn join<V: Vector>(vectors: &mut &mut [V]) -> usize {
    let before = vectors.len();
    // SAFETY: it makes one of two, which is a vector as the caller promises, and moves the others. What is left
    // behind of those is made empty, so that no bytes are in two vectors.
    let entries = unsafe { entries_mut(vectors) };
    let kept = join_entries(entries);
    entries
        .get_mut(kept..)
        .unwrap_or_default()
        .fill(Iovec::EMPTY);
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

    /// The bytes that are left.
    fn bytes(vectors: &[impl Vector]) -> Vec<u8> {
        let mut to = vec![0; total(vectors).unwrap()];
        assert_eq!(gather(vectors, &mut to), to.len());
        to
    }

    #[test]
    fn front_and_back_go_and_no_empty_end_stays() {
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
    fn what_is_left_of_space_can_be_written() {
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
    fn joined_vectors_leave_none_behind() {
        let mut space = *b"abcdefgh";
        let (a, rest) = space.split_at_mut(2);
        let (b, rest) = rest.split_at_mut(3);
        let (_, c) = rest.split_at_mut(1);
        let mut vectors = [a, b, &mut [], c].map(IoVecMut::new);
        let mut joined = &mut vectors[..];
        // SAFETY: all are parts of `space`.
        assert_eq!(unsafe { join(&mut joined) }, 2);
        assert_eq!(
            (joined.len(), &*joined[0], &*joined[1]),
            (2, &b"abcde"[..], &b"gh"[..])
        );
        assert!(vectors[2].is_empty() && vectors[3].is_empty());
    }

    #[test]
    fn a_total_that_no_call_can_do_is_none() {
        assert_eq!(
            total(&[IoVec::default(), IoVec::new(b"ab"), IoVec::new(b"c")]),
            Some(3)
        );
        const MOST: usize = Iovec::MOST;
        let total = |lengths: &[usize]| {
            let vectors: Vec<_> = lengths
                .iter()
                .map(|&iov_len| Iovec {
                    iov_len,
                    ..Iovec::EMPTY
                })
                .collect();
            let sum = crate::iov::walk::Walk::at(vectors.iter(), 0).remaining();
            (sum <= MOST).then_some(sum)
        };
        assert_eq!(total(&[MOST - 1, 1]), Some(MOST));
        assert_eq!(total(&[MOST, 1]), None);
        assert_eq!(total(&[MOST, MOST, 2, 1]), None); // wraps to 1
    }
}
