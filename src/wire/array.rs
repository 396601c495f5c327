//! What lies in a payload several times, and what is only bytes.
#![forbid(unsafe_code)]

use core::fmt;
use core::iter::FusedIterator;
use core::marker::PhantomData;
use core::slice::ChunksExact;
use zerocopy::{FromBytes, Immutable, KnownLayout};

/// Marks a payload of any bytes, of any number; decodes into them, and is sent from them.
pub enum Bytes {}

/// Elements of `T` as they lie in a payload, aligned in any way; read by value.
///
/// There are as many as fit: bytes behind the last whole element are no element, as the kernel counts.
pub struct Array<'a, T> {
    data: &'a [u8],
    element: PhantomData<fn() -> T>,
}

/// Iterates over an [`Array`].
pub struct Elements<'a, T> {
    chunks: ChunksExact<'a, u8>,
    element: PhantomData<fn() -> T>,
}

impl<'a, T: FromBytes + Immutable + KnownLayout> Array<'a, T> {
    pub(crate) const fn new(data: &'a [u8]) -> Self {
        Self {
            data,
            element: PhantomData,
        }
    }

    /// The number of elements.
    pub fn len(&self) -> usize {
        self.iter().len()
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The element at `index`.
    pub fn get(&self, index: usize) -> Option<T> {
        self.iter().nth(index)
    }

    /// Every element in order.
    #[inline]
    pub fn iter(&self) -> Elements<'a, T> {
        let data = if size_of::<T>() == 0 { &[] } else { self.data };
        Elements {
            chunks: data.chunks_exact(size_of::<T>().max(1)),
            element: PhantomData,
        }
    }
}

impl<T: FromBytes> Iterator for Elements<'_, T> {
    type Item = T;

    #[inline]
    fn next(&mut self) -> Option<T> {
        T::read_from_bytes(self.chunks.next()?).ok()
    }

    fn nth(&mut self, n: usize) -> Option<T> {
        T::read_from_bytes(self.chunks.nth(n)?).ok()
    }

    fn size_hint(&self) -> (usize, Option<usize>) {
        self.chunks.size_hint()
    }
}

impl<T: FromBytes> ExactSizeIterator for Elements<'_, T> {}
impl<T: FromBytes> FusedIterator for Elements<'_, T> {}

impl<'a, T: FromBytes + Immutable + KnownLayout> IntoIterator for Array<'a, T> {
    type Item = T;
    type IntoIter = Elements<'a, T>;

    fn into_iter(self) -> Elements<'a, T> {
        self.iter()
    }
}

impl<T> Clone for Array<'_, T> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<T> Copy for Array<'_, T> {}

impl<T: FromBytes + Immutable + KnownLayout + PartialEq> PartialEq for Array<'_, T> {
    fn eq(&self, other: &Self) -> bool {
        self.iter().eq(other.iter())
    }
}

impl<T: FromBytes + Immutable + KnownLayout + fmt::Debug> fmt::Debug for Array<'_, T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_list().entries(self.iter()).finish()
    }
}
