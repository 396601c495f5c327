// SPDX-License-Identifier: MIT OR Apache-2.0
//! [`Cursor`]: a place in vectors, and how to move it. `bytes.rs` has what it does with bytes.

use super::iovec::Iovec;
use super::raw_cursor::RawCursor;
use super::vector::{
    IoVec, IoVecMut, IoVecUninit, Vector, as_entries, entries_of_spaces, from_entry,
};
use core::cmp::Ordering;
use core::fmt;
use core::iter::FusedIterator;
use core::marker::PhantomData;

/// A place in an array of vectors. Moving it leaves the array as it is.
///
/// As an iterator it yields the bytes ahead in pieces, one for each vector that is not empty.
///
/// ```
/// use ancil::IoVec;
/// use ancil::iov::Cursor;
///
/// let vectors = [IoVec::new(b"first"), IoVec::new(b""), IoVec::new(b"second")];
/// let mut cursor = Cursor::new(&vectors).at(3);
/// let undo = cursor.clone();
/// assert_eq!(cursor.advance(4), 4);
/// assert_eq!((cursor.chunk(), cursor.remaining()), (&b"cond"[..], 4));
/// assert!(undo.map(|piece| piece.as_bytes()).eq([&b"st"[..], b"second"]));
/// ```
#[derive(Clone)]
pub struct Cursor<'a, V = IoVec<'a>> {
    /// Invariant: every piece ahead of the cursor is a valid `V`. If `V` is
    /// `IoVecMut`, the cursor has exclusive access to those bytes.
    raw: RawCursor<'a>,
    kind: PhantomData<V>,
}

/// A place in an array of vectors whose bytes can be written.
///
/// ```
/// use ancil::{IoVec, IoVecMut};
/// use ancil::iov::{Cursor, CursorMut};
///
/// let (mut head, mut body) = ([0; 4], [0; 4]);
/// let mut to = [IoVecMut::new(&mut head), IoVecMut::new(&mut body)];
/// let mut cursor: CursorMut = Cursor::new_mut(&mut to).at(1);
/// assert_eq!(cursor.copy(&mut Cursor::new(&[IoVec::new(b"ab"), IoVec::new(b"cde")])), 5);
/// assert_eq!(cursor.fill(b'-', 10), 2);
/// assert_eq!((&head, &body), (b"\0abc", b"de--"));
/// ```
pub type CursorMut<'a> = Cursor<'a, IoVecMut<'a>>;

impl<'a> Cursor<'a> {
    /// Returns a cursor at the front of these vectors, to read their bytes.
    #[inline]
    pub fn new(vectors: &'a [impl Vector]) -> Self {
        // SAFETY: every entry is a vector, hence a slice of initialised bytes. For `'a` the vectors
        // are borrowed, so those bytes are not written: an IoVec of a part of them is valid.
        unsafe { Self::from_raw(RawCursor::new(as_entries(vectors))) }
    }

    /// Returns a cursor over the first `bytes` bytes of these spaces, or all if there are fewer.
    ///
    /// # Safety
    /// Those bytes must be initialised.
    #[inline]
    pub(crate) unsafe fn of_spaces(spaces: &'a [IoVecUninit<'_>], bytes: usize) -> Self {
        let mut raw = RawCursor::new(entries_of_spaces(spaces));
        raw.limit(bytes);
        // SAFETY: every entry is address and length of a slice, of which the bytes ahead, up to the
        // limit, are initialised by the contract of this function. For `'a` the spaces are
        // borrowed, so nobody writes those bytes: an IoVec of a part of them is valid.
        unsafe { Self::from_raw(raw) }
    }

    /// Moves both cursors past whole vectors, as long as the next of both have equal bytes. Returns
    /// the bytes passed, and how the next two compare, or `Equal` if they are cut differently. (If
    /// nothing but equality were asked for, LLVM would call `bcmp`, which freestanding programs
    /// need not have.) A function of its own, so that its loop has all registers.
    #[inline(never)]
    pub(super) fn skip_equal_vectors(&mut self, other: &mut Cursor<'_>) -> (usize, Ordering) {
        self.raw.skip_equal_pairs(&mut other.raw, |a, b| {
            // SAFETY: by the invariant, every piece ahead is a valid `IoVec`, and both are pieces
            // ahead, because they are whole and not empty.
            let (a, b): (IoVec<'_>, IoVec<'_>) = unsafe { (from_entry(a), from_entry(b)) };
            a.as_bytes().cmp(b.as_bytes())
        })
    }

    /// Moves both cursors past the same number of bytes, and returns those, which lie in one piece
    /// each. If one is at its end, returns how the ends compare.
    #[inline(always)]
    pub(super) fn next_pair<'b>(
        &mut self,
        other: &mut Cursor<'b>,
    ) -> Result<(&'a [u8], &'b [u8]), Ordering> {
        let (a, b) = self.raw.next_pair(&mut other.raw)?;
        // SAFETY: by the invariant, every piece ahead is a valid `IoVec`, and so is a part of it.
        let (a, b): (IoVec<'a>, IoVec<'b>) = unsafe { (from_entry(a), from_entry(b)) };
        Ok((a.as_bytes(), b.as_bytes()))
    }
}

impl<'a> CursorMut<'a> {
    /// Returns a cursor at the front of these vectors, to write their bytes.
    ///
    /// ```
    /// use ancil::{IoVecMut, iov::Cursor};
    /// let mut bytes = [1; 4];
    /// Cursor::new_mut(&mut [IoVecMut::new(&mut bytes)]).fill(0, 4);
    /// assert_eq!(bytes, [0; 4]);
    /// ```
    #[inline]
    pub fn new_mut(vectors: &'a mut [IoVecMut<'_>]) -> Self {
        // SAFETY: every entry is an IoVecMut, hence a slice to which it alone gives access. For
        // `'a` the vectors are borrowed exclusively, so this cursor alone has that access.
        unsafe { Self::from_raw(RawCursor::new(as_entries(vectors))) }
    }

    /// Returns another cursor at this place. When it is dropped, this cursor is where it was.
    ///
    /// ```
    /// use ancil::{IoVecMut, iov::Cursor};
    /// let mut bytes = [0; 4];
    /// let mut vectors = [IoVecMut::new(&mut bytes)];
    /// let mut cursor = Cursor::new_mut(&mut vectors);
    /// cursor.reborrow().fill(7, 4);
    /// assert_eq!(cursor.remaining(), 4); // at its place
    /// ```
    #[inline]
    pub fn reborrow(&mut self) -> CursorMut<'_> {
        // SAFETY: by the invariant, `self` has exclusive access to the bytes ahead. It is borrowed
        // exclusively as long as the new cursor lives, so only the new one uses that access.
        unsafe { Cursor::from_raw(self.raw.clone()) }
    }
}

impl<'a, V: Vector + 'a> Cursor<'a, V> {
    /// Returns a cursor at the place of `raw`.
    ///
    /// # Safety
    /// Every piece ahead must be a valid `V` for `'a`: if that is `IoVec`, initialised bytes that
    /// nobody writes; if it is `IoVecMut`, initialised bytes to which nobody but this cursor has
    /// access, and which are ahead only once.
    ///
    /// `IoVecMut` may be used for bytes that are not initialised, or are ahead more than once, if
    /// only methods are called that make no reference to those bytes: `at`, `advance`, `limit`,
    /// `remaining`, `scatter`, `copy` and `fill`.
    #[inline]
    pub(crate) unsafe fn from_raw(raw: RawCursor<'a>) -> Self {
        Self {
            raw,
            kind: PhantomData,
        }
    }

    /// Returns the cursor, moved on by `offset` bytes, or to the end.
    #[must_use]
    #[inline]
    pub fn at(mut self, offset: usize) -> Self {
        self.advance(offset);
        self
    }

    /// Returns the cursor with an end that is at most `bytes` bytes ahead.
    ///
    /// ```
    /// use ancil::{IoVec, iov::Cursor};
    /// let vectors = [IoVec::new(b"head"), IoVec::new(b"body")];
    /// assert_eq!(Cursor::new(&vectors).at(3).limit(2).remaining(), 2);
    /// ```
    #[must_use]
    #[inline]
    pub fn limit(mut self, bytes: usize) -> Self {
        self.raw.limit(bytes);
        self
    }

    /// Moves on by `n` bytes, or to the end. Returns the bytes moved.
    #[inline]
    pub fn advance(&mut self, n: usize) -> usize {
        self.raw.advance(n)
    }

    /// Returns two cursors: over the next `n` bytes, or as many as there are, and over the rest.
    ///
    /// ```
    /// use ancil::{IoVec, iov::Cursor};
    /// let vectors = [IoVec::new(b"head"), IoVec::new(b"body")];
    /// let (front, rest) = Cursor::new(&vectors).split_at(5);
    /// assert_eq!((front.remaining(), rest.chunk()), (5, &b"ody"[..]));
    /// ```
    #[must_use]
    pub fn split_at(self, n: usize) -> (Self, Self) {
        // SAFETY: by the invariant, every piece ahead of `self` is a valid `V`, so the pieces ahead
        // of the copy are, too. If `V` is IoVecMut, access stays exclusive: before either cursor is
        // used, `limit` ends the copy where `at` lets `self` begin.
        let front = unsafe { Self::from_raw(self.raw.clone()) };
        (front.limit(n), self.at(n))
    }

    /// Returns the number of bytes ahead, or `usize::MAX` if vectors that overlap have more.
    pub fn remaining(&self) -> usize {
        self.raw.remaining()
    }

    /// Returns another cursor at this place, to read from. `self` cannot move while it is in use.
    ///
    /// ```
    /// use ancil::{IoVecMut, iov::Cursor};
    /// let mut bytes = *b"abc";
    /// let mut vectors = [IoVecMut::new(&mut bytes)];
    /// let cursor = Cursor::new_mut(&mut vectors);
    /// assert_eq!(cursor.readable().find(b'c'), Some(2));
    /// ```
    #[inline]
    pub fn readable(&self) -> Cursor<'_> {
        // SAFETY: by the invariant, the bytes ahead are valid to read. If `V` is IoVecMut, only
        // `self` could write them, and it is borrowed as long as the new cursor lives.
        unsafe { Cursor::from_raw(self.raw.clone()) }
    }

    /// Returns the bytes ahead that lie in one piece. Empty only at the end.
    #[inline]
    pub fn chunk(&self) -> &[u8] {
        // SAFETY: by the invariant, a piece ahead is a valid `V`, which only `self` could change if
        // it is an IoVecMut: an IoVec of it is valid as long as `self` is borrowed.
        let piece = self.raw.peek().map(|piece| unsafe { from_entry(piece) });
        piece.map_or(&[], IoVec::as_bytes)
    }

    /// Moves past the bytes ahead that lie in one piece, at most `max` of them, and returns them.
    /// They are at least one; `None` at the end, or if `max` is 0.
    ///
    /// ```
    /// use ancil::{IoVec, iov::Cursor};
    /// let vectors = [IoVec::new(b"head"), IoVec::new(b"body")];
    /// let mut cursor = Cursor::new(&vectors).at(1);
    /// assert_eq!(cursor.next_chunk(2).unwrap().as_bytes(), b"ea");
    /// assert_eq!(cursor.next_chunk(9).unwrap().as_bytes(), b"d");
    /// ```
    #[inline]
    pub fn next_chunk(&mut self, max: usize) -> Option<V> {
        let chunk = self.raw.next_bytes(max);
        // SAFETY: by the invariant, a piece ahead is a valid `V`. The cursor has moved past this
        // one, so it does not give access to its bytes again.
        chunk.map(|chunk| unsafe { from_entry(chunk) })
    }

    /// Moves past the next `max` bytes, or to the end, and calls `use_chunk` with each piece of
    /// them, of which some may be empty. Returns the bytes moved: those of all pieces together.
    ///
    /// A piece is not passed as a `V`, because bytes that C has not initialised may be written, but
    /// no reference may be made to them.
    #[inline(always)]
    pub(super) fn for_each_chunk(&mut self, max: usize, use_chunk: impl FnMut(Iovec)) -> usize {
        self.raw.for_each_bytes(max, use_chunk)
    }

    /// Moves past the next `bytes` bytes, or fewer if `to` is too short for the vectors of all of
    /// them, and returns those vectors.
    ///
    /// This makes a sub-range: `Cursor::new(&all).at(offset).slice(&mut to, bytes)`. It makes
    /// batches if `to` has [`UIO_MAXIOV`](crate::limits::UIO_MAXIOV) elements: the bytes that did
    /// not fit are still ahead.
    ///
    /// ```
    /// use ancil::IoVec;
    /// use ancil::iov::Cursor;
    ///
    /// let vectors = [IoVec::new(b"one"), IoVec::new(b"two"), IoVec::new(b"three")];
    /// let mut cursor = Cursor::new(&vectors);
    /// let mut array = [IoVec::default(); 2];
    /// let batch = cursor.slice(&mut array, 5);
    /// assert_eq!((&*batch[0], &*batch[1]), (&b"one"[..], &b"tw"[..]));
    /// assert_eq!(cursor.slice(&mut array, 99).len(), 2);
    /// assert_eq!(cursor.slice(&mut array, 99).len(), 0);
    /// ```
    pub fn slice<'t>(&mut self, to: &'t mut [V], bytes: usize) -> &'t mut [V] {
        let (mut count, mut left) = (0usize, bytes);
        for slot in &mut *to {
            let Some(chunk) = self.next_chunk(left) else {
                break;
            };
            left = left.saturating_sub(chunk.len());
            *slot = chunk;
            count = count.saturating_add(1);
        }
        to.get_mut(..count).unwrap_or_default()
    }
}

impl<'a, V: Vector + 'a> Iterator for Cursor<'a, V> {
    type Item = V;

    #[inline]
    fn next(&mut self) -> Option<V> {
        self.next_chunk(usize::MAX)
    }
}

impl<'a, V: Vector + 'a> FusedIterator for Cursor<'a, V> {}

impl<'a, V: Vector + 'a> fmt::Debug for Cursor<'a, V> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_list().entries(self.readable()).finish()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::format;

    #[test]
    fn a_cursor_is_printed_as_the_bytes_ahead() {
        let vectors = [&b"abc"[..], b"", b"de"].map(IoVec::new);
        let cursor = Cursor::new(&vectors).at(2);
        assert_eq!(format!("{cursor:?}"), "[[99], [100, 101]]");
    }

    #[test]
    fn the_nearest_of_several_ends_counts() {
        let vectors = [&b"abc"[..], b"def", b"ghi"].map(IoVec::new);
        let all = || Cursor::new(&vectors).at(1);
        for (limits, expected) in [
            ([7, 1], &[&b"b"[..]][..]),
            ([7, 2], &[b"bc"]),
            ([7, 4], &[b"bc", b"de"]),
            ([7, 5], &[b"bc", b"def"]),
            ([7, 6], &[b"bc", b"def", b"g"]),
            ([6, 7], &[b"bc", b"def", b"g"]),
            ([1, 7], &[b"b"]),
        ] {
            let pieces = limits.iter().fold(all(), |cursor, n| cursor.limit(*n));
            assert_eq!(pieces.remaining(), expected.concat().len());
            assert!(
                pieces.map(IoVec::as_bytes).eq(expected.iter().copied()),
                "{limits:?}"
            );
        }
    }
}
