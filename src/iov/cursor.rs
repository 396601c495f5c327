//! [`Cursor`]: a place in vectors, and how to move it. What is done with the bytes there: `bytes.rs`.

use super::walk::Walk;
use super::{IoVec, IoVecMut, Iovec, Vector, entries, entries_mut};
use core::fmt;
use core::iter::FusedIterator;
use core::marker::PhantomData;
use core::slice;

/// A place in vectors, which stay as they are while it moves.
///
/// It iterates over the bytes ahead in pieces, as the vectors cut them, none of them empty.
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
    /// Holds: each piece that is no hole may be had as a V, those ahead by nobody else if V is IoVecMut.
    pub(super) walk: Walk<slice::Iter<'a, Iovec>>,
    kind: PhantomData<V>,
}

/// A place in vectors that can be written to.
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
    /// At the front of these vectors, to read.
    #[inline]
    pub fn new(vectors: &'a [impl Vector]) -> Self {
        // SAFETY: borrowed for 'a, the vectors' bytes can be read by anybody as long, and not be written.
        unsafe { Self::from_walk(Walk::at(entries(vectors).iter(), 0)) }
    }
}

impl<'a> CursorMut<'a> {
    /// At the front of these vectors, to write.
    #[inline]
    pub fn new_mut(vectors: &'a mut [IoVecMut<'_>]) -> Self {
        // SAFETY: borrowed exclusively for 'a, the vectors' bytes are reached as long through this alone.
        unsafe { Self::from_walk(Walk::at(entries(vectors).iter(), 0)) }
    }

    /// Another cursor at this place, as long as this one rests: afterwards this one is where it was.
    #[inline]
    pub fn reborrow(&mut self) -> CursorMut<'_> {
        // SAFETY: `self` holds the bytes ahead alone, and lends them: it is borrowed exclusively.
        unsafe { Cursor::from_walk(self.walk.clone()) }
    }
}

impl<'a, V: Vector + 'a> Cursor<'a, V> {
    /// At the place of a walk.
    ///
    /// # Safety
    /// Each piece ahead, if it is no hole, must be pointer and length of a `&'a [u8]` if V is `IoVec<'a>`, or a
    /// `&'a mut [u8]` if V is `IoVecMut<'a>`; the latter is promised for one after the other if they overlap.
    #[inline]
    pub(crate) unsafe fn from_walk(walk: Walk<slice::Iter<'a, Iovec>>) -> Self {
        Self {
            walk,
            kind: PhantomData,
        }
    }

    /// `offset` bytes further on, or at the end.
    #[must_use]
    #[inline]
    pub fn at(mut self, offset: usize) -> Self {
        self.advance(offset);
        self
    }

    /// With an end, at most `bytes` from here.
    #[must_use]
    #[inline]
    pub fn limit(mut self, bytes: usize) -> Self {
        self.walk.limit(bytes);
        self
    }

    /// Moves on by `n` bytes, or to the end. Returns how many it were.
    #[inline]
    pub fn advance(&mut self, n: usize) -> usize {
        self.walk.skip(n)
    }

    /// Two cursors: over the next `n` bytes, or as many as there are, and over what follows.
    #[must_use]
    pub fn split_at(self, n: usize) -> (Self, Self) {
        // SAFETY: the first is over at most `n` bytes, the second over those behind them: no byte is in both.
        let front = unsafe { Self::from_walk(self.walk.clone()) };
        (front.limit(n), self.at(n))
    }

    /// Bytes ahead. Saturates, where vectors overlap so often.
    pub fn remaining(&self) -> usize {
        self.walk.remaining()
    }

    /// Another cursor at this place, to read from, as long as this one rests.
    #[inline]
    pub fn readable(&self) -> Cursor<'_> {
        // SAFETY: whether V is IoVec or IoVecMut, its bytes can be read while `self` is borrowed.
        unsafe { Cursor::from_walk(self.walk.clone()) }
    }

    /// The bytes in one piece from here. Empty at the end only.
    #[inline]
    pub fn chunk(&self) -> &[u8] {
        self.readable().next().unwrap_or_default().as_bytes()
    }

    /// Moves over the bytes in one piece from here, `most` of them at most, and returns them. Not empty; `None`
    /// at the end, or if `most` is 0.
    #[inline]
    pub fn next_chunk(&mut self, most: usize) -> Option<V> {
        let (piece, hole) = self.walk.step(most)?;
        // SAFETY: the piece may be had as a V (`walk`), and is behind the cursor now, so it is not had again.
        (!hole).then(|| unsafe { vector(piece) })
    }

    /// Moves over the next `most` bytes, or to the end, and gives each chunk of them to `each`. Returns the bytes.
    #[inline(always)]
    pub(super) fn each_chunk(&mut self, most: usize, mut each: impl FnMut(V)) -> usize {
        self.walk.each(most, |piece, hole| {
            if !hole {
                // SAFETY: as above.
                each(unsafe { vector(piece) });
            }
            !hole
        })
    }

    /// Moves over the next `bytes` bytes, or as many as `to` has room for as vectors, and returns those vectors.
    ///
    /// So it is a sub-range: `Cursor::new(&all).at(offset).slice(&mut to, bytes)`; and a batch, if `to` has
    /// [`UIO_MAXIOV`](crate::limits::UIO_MAXIOV) entries. Whether `to` was too small the cursor says: what did not fit is
    /// ahead.
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
        // SAFETY: the pieces may be had as V, and are behind the cursor then. The cursor has no holes: the
        // vectors of Rust have none, and the C functions call Walk::slice.
        let entries = self
            .walk
            .slice(unsafe { entries_mut(to) }, bytes, |piece| piece);
        to.get_mut(..entries).unwrap_or_default()
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

/// A piece as a vector.
///
/// # Safety
/// It must be pointer and length of what a V is: a `&[u8]` or a `&mut [u8]` of its lifetime.
#[inline(always)]
unsafe fn vector<V: Vector>(piece: Iovec) -> V {
    // SAFETY: a V is transparent over Iovec (sealed::Vector); the rest the caller promises.
    unsafe { (&raw const piece).cast::<V>().read() }
}
