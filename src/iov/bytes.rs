// SPDX-License-Identifier: MIT OR Apache-2.0
//! What a [`Cursor`] does with bytes: gather, scatter, copy, fill, compare, find.

use super::cursor::{Cursor, CursorMut};
use super::vector::{IoVecMut, Vector};
use core::cmp::Ordering;
use core::mem::MaybeUninit;
use core::{ptr, slice};

impl Cursor<'_> {
    /// Copies bytes from here on until `to` is full or the end is reached, and moves past them.
    /// Returns the bytes copied.
    ///
    /// ```
    /// use ancil::{IoVec, iov::Cursor};
    ///
    /// let vectors = [IoVec::new(b"head"), IoVec::new(b"body")];
    /// let mut six = [0; 6];
    /// assert_eq!(Cursor::new(&vectors).at(1).gather(&mut six), 6);
    /// assert_eq!(&six, b"eadbod");
    /// ```
    #[inline]
    pub fn gather(&mut self, to: &mut [u8]) -> usize {
        // SAFETY: MaybeUninit<u8> has the layout of u8, and `to` is borrowed exclusively. Nothing
        // makes its bytes uninitialised: `gather_uninit` only copies initialised bytes to them.
        let to = unsafe { slice::from_raw_parts_mut(to.as_mut_ptr().cast(), to.len()) };
        self.gather_uninit(to).len()
    }

    /// [`gather`](Cursor::gather) into memory that need not be initialised. Returns the part of
    /// `to` that has been written.
    ///
    /// ```
    /// use ancil::{IoVec, iov::Cursor};
    /// use std::mem::MaybeUninit;
    ///
    /// let mut space = [MaybeUninit::uninit(); 100];
    /// let vectors = [IoVec::new(b"head")];
    /// assert_eq!(Cursor::new(&vectors).gather_uninit(&mut space), b"head");
    /// ```
    #[inline]
    pub fn gather_uninit<'t>(&mut self, to: &'t mut [MaybeUninit<u8>]) -> &'t mut [u8] {
        let start: *mut u8 = to.as_mut_ptr().cast();
        let mut next = start;
        let done = self.for_each_chunk(to.len(), |chunk| {
            // SAFETY: by the invariant of Cursor, `chunk` is initialised bytes that can be read.
            // The chunks together have at most `to.len()` bytes, so from `next` on `to` has room
            // for this one, and `next` stays within `to` or at its end. Chunk and `to` do not
            // overlap, because `to` is borrowed exclusively.
            unsafe {
                copy(chunk.iov_base.cast(), next, chunk.iov_len);
                next = next.add(chunk.iov_len);
            }
        });
        // SAFETY: the loop has written the first `done` bytes of `to`, one chunk after the other,
        // and `to` is borrowed exclusively for `'t`.
        unsafe { slice::from_raw_parts_mut(start, done) }
    }

    /// Compares the bytes ahead of both cursors. Returns how many bytes are equal before the first
    /// difference, and how the first different byte compares. Where one cursor ends before the
    /// other, the one that ends is less. A `CursorMut` is compared by its
    /// [`readable`](Cursor::readable).
    ///
    /// ```
    /// # use ancil::IoVec;
    /// # use ancil::iov::Cursor;
    /// # use std::cmp::Ordering::{Equal, Less};
    /// let a = [IoVec::new(b"ab"), IoVec::new(b"cd")];
    /// let b = [IoVec::new(b"abcx")];
    /// assert_eq!(Cursor::new(&a).compare(&Cursor::new(&b)), (3, Less));
    /// assert_eq!(Cursor::new(&a).limit(3).compare(&Cursor::new(&b).limit(3)), (3, Equal));
    /// ```
    pub fn compare(&self, other: &Cursor<'_>) -> (usize, Ordering) {
        self.clone().compare_past(&mut other.clone())
    }

    /// [`compare`](Cursor::compare) that leaves both cursors at a place that is not specified.
    #[inline(always)]
    pub(crate) fn compare_past(&mut self, other: &mut Cursor<'_>) -> (usize, Ordering) {
        let mut equal = 0usize;
        loop {
            let (passed, vectors) = self.skip_equal_vectors(other);
            // Compares two different vectors once more, to find their first different byte.
            let (same, piece) = self.compare_piece(other);
            equal = equal.saturating_add(passed).saturating_add(same);
            let order = vectors.then(piece);
            if order.is_ne() || same == 0 {
                return (equal, order);
            }
        }
    }

    /// Compares the bytes of both cursors that lie in one piece. Returns how many are equal before
    /// the first difference, and how that compares; or 0 and how the ends compare. A function of
    /// its own, so that the caller's frame stays small.
    #[inline(never)]
    fn compare_piece(&mut self, other: &mut Cursor<'_>) -> (usize, Ordering) {
        let (a, b) = match self.next_pair(other) {
            Ok(pair) => pair,
            Err(ends) => return (0, ends),
        };
        let order = a.cmp(b);
        if order.is_eq() {
            return (a.len(), order);
        }
        let pairs = a.iter().zip(b);
        (pairs.take_while(|(a, b)| a == b).count(), order)
    }

    /// Returns whether all bytes ahead are 0. True if there are none.
    ///
    /// ```
    /// use ancil::{IoVec, iov::Cursor};
    /// assert!(Cursor::new(&[IoVec::new(&[0; 100])]).is_zero());
    /// ```
    pub fn is_zero(&self) -> bool {
        self.clone().all(|chunk| {
            blocks(&chunk).all(|block| block.iter().fold(0, |or, byte| or | byte) == 0)
        })
    }

    /// Returns the number of bytes ahead of the first `byte`, or `None` if there is none.
    ///
    /// ```
    /// use ancil::{IoVec, iov::Cursor};
    /// let vectors = [IoVec::new(b"a li"), IoVec::new(b"ne\n")];
    /// assert_eq!(Cursor::new(&vectors).find(b'\n'), Some(6));
    /// ```
    pub fn find(&self, byte: u8) -> Option<usize> {
        let mut before = 0usize;
        for chunk in self.clone() {
            for block in blocks(&chunk) {
                // The fold looks at the whole block, so that the compiler vectorises it.
                if block.iter().fold(false, |found, b| found | (*b == byte)) {
                    let position = block.iter().position(|b| *b == byte)?;
                    return Some(before.saturating_add(position));
                }
                before = before.saturating_add(block.len());
            }
        }
        None
    }
}

/// Splits bytes into blocks: long enough to vectorise a search in one, short enough to stop soon
/// after what is searched for.
fn blocks(bytes: &[u8]) -> impl Iterator<Item = &[u8]> {
    bytes.chunks(256)
}

impl CursorMut<'_> {
    /// Copies `from` to the bytes from here on, until all of it is copied or the end is reached,
    /// and moves past them. Returns the bytes copied.
    ///
    /// ```
    /// use ancil::{IoVecMut, iov::Cursor};
    ///
    /// let (mut head, mut body) = ([0; 2], [0; 4]);
    /// let mut vectors = [IoVecMut::new(&mut head), IoVecMut::new(&mut body)];
    /// assert_eq!(Cursor::new_mut(&mut vectors).at(1).scatter(b"abc"), 3);
    /// assert_eq!((&head, &body), (b"\0a", b"bc\0\0"));
    /// ```
    #[inline]
    pub fn scatter(&mut self, from: &[u8]) -> usize {
        let mut next = from.as_ptr();
        self.for_each_chunk(from.len(), |chunk| {
            // SAFETY: by the invariant of Cursor, `chunk` can be written, and only this cursor has
            // access to it, so `from` does not overlap it. The chunks together have at most
            // `from.len()` bytes, so from `next` on `from` has as many as this one, and `next`
            // stays within `from` or at its end.
            unsafe {
                copy(next, chunk.iov_base.cast(), chunk.iov_len);
                next = next.add(chunk.iov_len);
            }
        })
    }

    /// Copies from other vectors, which may be cut differently, until either cursor is at its end,
    /// and moves both past the bytes. Returns the bytes copied.
    ///
    /// ```
    /// use ancil::{IoVec, IoVecMut, iov::Cursor};
    ///
    /// let (mut to, from) = ([0; 4], [IoVec::new(b"ab"), IoVec::new(b"cde")]);
    /// let mut from = Cursor::new(&from);
    /// assert_eq!(Cursor::new_mut(&mut [IoVecMut::new(&mut to)]).copy(&mut from), 4);
    /// assert_eq!((&to, from.remaining()), (b"abcd", 1));
    /// ```
    pub fn copy(&mut self, from: &mut Cursor<'_>) -> usize {
        let mut done = 0usize;
        loop {
            let n = self.copy_piece(from);
            if n == 0 {
                return done;
            }
            done = done.saturating_add(n);
        }
    }

    /// Copies the bytes of `from` that lie in one piece, as far as there is room, and moves past
    /// them. A function of its own, so that the caller's frame stays small.
    #[inline(never)]
    fn copy_piece(&mut self, from: &mut Cursor<'_>) -> usize {
        let n = self.scatter(from.chunk());
        from.advance(n)
    }

    /// Sets the next `n` bytes, or as many as there are, to `byte`, and moves past them. Returns
    /// the bytes set.
    ///
    /// ```
    /// use ancil::{IoVecMut, iov::Cursor};
    ///
    /// let mut bytes = *b"secret";
    /// assert_eq!(Cursor::new_mut(&mut [IoVecMut::new(&mut bytes)]).fill(0, 3), 3);
    /// assert_eq!(&bytes, b"\0\0\0ret");
    /// ```
    pub fn fill(&mut self, byte: u8, n: usize) -> usize {
        self.for_each_chunk(n, |chunk| {
            // SAFETY: by the invariant of Cursor, `chunk` can be written, and only this cursor has
            // access to it.
            unsafe { ptr::write_bytes(chunk.iov_base.cast::<u8>(), byte, chunk.iov_len) };
        })
    }
}

/// Copies `n` bytes as `memcpy` does, but without a call for lengths where the call takes longer
/// than the copy: measured with pieces of 16 bytes.
///
/// # Safety
/// `from` must be valid for reading `n` bytes, `to` for writing them, and they must not overlap.
#[inline(always)]
unsafe fn copy(from: *const u8, to: *mut u8, n: usize) {
    // SAFETY: the contract of this function is that of `copy_nonoverlapping`, and that of
    // `copy_ends::<N>` if `n` is at least `N` and at most twice `N`, as in each arm.
    unsafe {
        match n {
            65.. => ptr::copy_nonoverlapping(from, to, n),
            32..65 => copy_ends::<32>(from, to, n),
            16..32 => copy_ends::<16>(from, to, n),
            8..16 => copy_ends::<8>(from, to, n),
            0..8 => ptr::copy_nonoverlapping(from, to, n),
        }
    }
}

/// Copies the first and the last `N` of `n` bytes: all of them, because `n` is at most twice `N`.
///
/// # Safety
/// `from` must be valid for reading `n` bytes, `to` for writing them, and they must not overlap.
/// `n` must be at least `N`.
#[inline(always)]
unsafe fn copy_ends<const N: usize>(from: *const u8, to: *mut u8, n: usize) {
    let last = n.wrapping_sub(N); // `n` is at least `N`
    // SAFETY: the `n` bytes of each pointer are valid and do not overlap, by the contract of this
    // function. The first `N` are among them, and so are the `N` from `last = n - N` on.
    unsafe {
        ptr::copy_nonoverlapping(from, to, N);
        ptr::copy_nonoverlapping(from.add(last), to.add(last), N);
    }
}

/// Copies from the vectors, in order, until `to` is full or they end. Returns the bytes copied.
///
/// ```
/// use ancil::{IoVec, iov};
/// let mut whole = [0; 100];
/// assert_eq!(iov::gather(&[IoVec::new(b"head"), IoVec::new(b"body")], &mut whole), 8);
/// assert_eq!(&whole[..8], b"headbody");
/// ```
#[inline]
pub fn gather(from: &[impl Vector], to: &mut [u8]) -> usize {
    Cursor::new(from).gather(to)
}

/// [`gather`] from byte `offset` of the vectors on.
///
/// ```
/// use ancil::{IoVec, iov};
/// let mut two = [0; 2];
/// assert_eq!(iov::gather_at(&[IoVec::new(b"head"), IoVec::new(b"body")], 3, &mut two), 2);
/// assert_eq!(&two, b"db");
/// ```
#[inline]
pub fn gather_at(from: &[impl Vector], offset: usize, to: &mut [u8]) -> usize {
    Cursor::new(from).at(offset).gather(to)
}

/// [`gather`] into memory that need not be initialised. Returns the part of `to` that has been
/// written.
///
/// ```
/// use ancil::{IoVec, iov};
/// let mut space = [std::mem::MaybeUninit::uninit(); 100];
/// assert_eq!(iov::gather_uninit(&[IoVec::new(b"head")], &mut space), b"head");
/// ```
#[inline]
pub fn gather_uninit<'t>(from: &[impl Vector], to: &'t mut [MaybeUninit<u8>]) -> &'t mut [u8] {
    Cursor::new(from).gather_uninit(to)
}

/// Copies to the vectors, in order, until all of `from` is copied or they are full. Returns the
/// bytes copied.
///
/// ```
/// use ancil::{IoVecMut, iov};
/// let (mut head, mut body) = ([0; 2], [0; 4]);
/// let mut to = [IoVecMut::new(&mut head), IoVecMut::new(&mut body)];
/// assert_eq!(iov::scatter(&mut to, b"abc"), 3);
/// assert_eq!((&head, &body), (b"ab", b"c\0\0\0"));
/// ```
#[inline]
pub fn scatter(to: &mut [IoVecMut<'_>], from: &[u8]) -> usize {
    Cursor::new_mut(to).scatter(from)
}

/// [`scatter`] to byte `offset` of the vectors on.
///
/// ```
/// use ancil::{IoVecMut, iov};
/// let mut bytes = [0; 4];
/// assert_eq!(iov::scatter_at(&mut [IoVecMut::new(&mut bytes)], 2, b"abc"), 2);
/// assert_eq!(&bytes, b"\0\0ab");
/// ```
#[inline]
pub fn scatter_at(to: &mut [IoVecMut<'_>], offset: usize, from: &[u8]) -> usize {
    Cursor::new_mut(to).at(offset).scatter(from)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::iov::{IoVec, readable};
    use std::vec::Vec;

    /// Calls `each` with every way to cut `bytes` into three pieces, which may be empty.
    fn cuts(bytes: &[u8], mut each: impl FnMut([&[u8]; 3])) {
        for end in 0..=bytes.len() {
            for middle in 0..=end {
                each([&bytes[..middle], &bytes[middle..end], &bytes[end..]]);
            }
        }
    }

    #[test]
    fn gather_copies_the_concatenation_as_far_as_it_fits() {
        cuts(b"abcdef", |pieces| {
            let vectors = pieces.map(IoVec::new);
            for (offset, size) in (0..9).flat_map(|offset| (0..9).map(move |size| (offset, size))) {
                let mut to = vec![0xaa; size];
                let n = gather_at(&vectors, offset, &mut to);
                let expected = b"abcdef".get(offset..).unwrap_or_default();
                assert_eq!(n, size.min(expected.len()));
                assert_eq!(to[..n], expected[..n]);
                assert!(to[n..].iter().all(|&b| b == 0xaa));
                let mut raw = [MaybeUninit::uninit(); 9];
                assert_eq!(
                    Cursor::new(&vectors)
                        .at(offset)
                        .gather_uninit(&mut raw[..size]),
                    &to[..n]
                );
            }
        });
    }

    #[test]
    fn gather_returns_what_scatter_wrote() {
        cuts(&[0xaa; 6], |pieces| {
            for size in 0..9 {
                let from = &b"abcdefgh"[..size];
                let mut memory = pieces.map(Vec::from);
                let mut vectors = memory.each_mut().map(IoVecMut::from);
                assert_eq!(scatter(&mut vectors, from), size.min(6));
                let mut back = [0; 6];
                assert_eq!(gather(&vectors, &mut back), 6);
                let expected: Vec<u8> = from.iter().copied().chain([0xaa; 6]).take(6).collect();
                assert_eq!(back[..], expected);
                assert_eq!(gather(readable(&vectors), &mut back), 6);
                assert_eq!(back[..], expected);
            }
        });
    }

    #[test]
    fn compare_begins_inside_a_vector_of_either() {
        let all = [&b"abc"[..], b"def"].map(IoVec::new);
        let others = [&b"xabc"[..], b"deg"].map(IoVec::new);
        let (a, b) = (Cursor::new(&all), Cursor::new(&others).at(1));
        assert_eq!(a.compare(&b), (5, Ordering::Less));
        assert_eq!(b.compare(&a), (5, Ordering::Greater));
    }

    #[test]
    fn searches_go_on_after_a_block() {
        for at in [0, 1, 255, 256, 257, 511, 512, 599] {
            let mut bytes = [0; 600];
            bytes[at] = 7;
            let (front, back) = bytes.split_at(300);
            let vectors = [IoVec::new(front), IoVec::default(), IoVec::new(back)];
            let cursor = Cursor::new(&vectors);
            assert_eq!(
                (cursor.find(7), cursor.find(8), cursor.is_zero()),
                (Some(at), None, false)
            );
            assert!(cursor.clone().limit(at).is_zero() && cursor.at(at + 1).is_zero());
        }
    }

    #[test]
    fn equal_bytes_in_a_block_do_not_hide_each_other() {
        let vectors = [IoVec::new(&[0, 7, 7, 0])];
        let cursor = Cursor::new(&vectors);
        assert_eq!((cursor.find(7), cursor.is_zero()), (Some(1), false));
    }
}
