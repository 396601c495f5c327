// SPDX-License-Identifier: MIT OR Apache-2.0
//! [`Array`]: elements of a payload that holds any number of them. [`Bytes`]: a payload of any
//! bytes.
#![forbid(unsafe_code)]

use super::encode::read_whole;
use core::fmt;
use core::hash::{Hash, Hasher};
use core::iter::FusedIterator;
use core::marker::PhantomData;
use zerocopy::{FromBytes, Immutable};

/// Stands for a payload of any number of any bytes. It is decoded and sent as `&[u8]`.
///
/// ```
/// ancil::key!(NOTE: ancil::payload::Bytes = 0x4d59, 3);
///
/// let mut buffer = [0; ancil::space_for::<NOTE>(5)];
/// let mut writer = ancil::Writer::new(&mut buffer);
/// writer.put(NOTE, b"hello")?;
/// assert_eq!(writer.finish().reader().get(NOTE)?, Some(&b"hello"[..]));
/// # Ok::<(), ancil::Error>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Bytes {}

/// The elements of a payload, of any alignment; each is read by value.
///
/// Bytes after the last whole element are ignored, as the kernel ignores them, but printed.
///
/// ```
/// use ancil::{Payload, payload::Array};
///
/// let bytes = [1u16, 2, 3].map(u16::to_ne_bytes).concat();
/// let array: Array<'_, u16> = <[u16]>::decode(&bytes)?;
/// assert_eq!((array.len(), array.is_empty(), array.get(1)), (3, false, Some(2)));
/// assert!(array.iter().eq([1, 2, 3]));
/// # Ok::<(), ancil::PayloadError>(())
/// ```
pub struct Array<'a, T> {
    data: &'a [u8],
    element: PhantomData<fn() -> T>,
}

/// Iterates over an [`Array`].
///
/// ```
/// use ancil::{Payload, payload::Elements};
///
/// let mut elements: Elements<'_, u8> = <[u8]>::decode(&[1, 2])?.iter();
/// assert_eq!((elements.len(), elements.next()), (2, Some(1)));
/// # Ok::<(), ancil::PayloadError>(())
/// ```
pub struct Elements<'a, T> {
    data: &'a [u8],
    element: PhantomData<fn() -> T>,
}

impl<'a, T: FromBytes + Immutable> Array<'a, T> {
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

    /// Returns the bytes after the last whole element.
    pub(crate) fn rest(&self) -> &'a [u8] {
        let whole = self.len().saturating_mul(size_of::<T>());
        self.data.get(whole..).unwrap_or_default()
    }

    /// Whether there are no elements.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Returns the element at `index`.
    pub fn get(&self, index: usize) -> Option<T> {
        self.iter().nth(index)
    }

    /// Iterates over the elements in order.
    #[inline]
    pub fn iter(&self) -> Elements<'a, T> {
        Elements {
            data: if size_of::<T>() == 0 { &[] } else { self.data },
            element: PhantomData,
        }
    }
}

impl<T: FromBytes> Iterator for Elements<'_, T> {
    type Item = T;

    #[inline]
    fn next(&mut self) -> Option<T> {
        // At least 1, so that elements without a size end.
        let (element, rest) = self.data.split_at_checked(size_of::<T>().max(1))?;
        self.data = rest;
        read_whole(element)
    }

    fn nth(&mut self, n: usize) -> Option<T> {
        let skipped = n.saturating_mul(size_of::<T>());
        self.data = self.data.get(skipped..).unwrap_or_default();
        self.next()
    }

    // With `ChunksExact`, whose size is only known at run time, a division by zero stays reachable.
    fn size_hint(&self) -> (usize, Option<usize>) {
        let left = self.data.len().checked_div(size_of::<T>()).unwrap_or(0);
        (left, Some(left))
    }
}

impl<T: FromBytes> ExactSizeIterator for Elements<'_, T> {}
impl<T: FromBytes> FusedIterator for Elements<'_, T> {}

impl<'a, T: FromBytes + Immutable> IntoIterator for Array<'a, T> {
    type Item = T;
    type IntoIter = Elements<'a, T>;

    fn into_iter(self) -> Elements<'a, T> {
        self.iter()
    }
}

// `derive` would demand `T: Clone`, and would compare and hash the bytes after the last whole
// element.

impl<T> Clone for Array<'_, T> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<T> Copy for Array<'_, T> {}

impl<T> Clone for Elements<'_, T> {
    fn clone(&self) -> Self {
        Self { ..*self }
    }
}

impl<T: FromBytes + Immutable + PartialEq> PartialEq for Array<'_, T> {
    fn eq(&self, other: &Self) -> bool {
        self.iter().eq(other.iter())
    }
}

impl<T: FromBytes + Immutable + Eq> Eq for Array<'_, T> {}

impl<T: FromBytes + Immutable + Hash> Hash for Array<'_, T> {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.len().hash(state);
        self.iter().for_each(|element| element.hash(state));
    }
}

impl<T: FromBytes + Immutable + fmt::Debug> fmt::Debug for Array<'_, T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_list().entries(self.iter()).finish()
    }
}

impl<T: FromBytes + fmt::Debug> fmt::Debug for Elements<'_, T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_list().entries(self.clone()).finish()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::format;
    use std::hash::{BuildHasher, BuildHasherDefault, DefaultHasher};
    use std::vec::Vec;

    #[test]
    fn bytes_after_the_last_whole_element_are_ignored() {
        let mut bytes = [3i32, -1].map(i32::to_ne_bytes).concat();
        let whole = bytes.clone();
        bytes.extend([9, 9, 9]);
        let array = Array::<i32>::new(&bytes);
        assert_eq!(
            (array.len(), array.get(1), array.get(2)),
            (2, Some(-1), None)
        );
        assert_eq!(array.into_iter().collect::<Vec<_>>(), [3, -1]);
        assert_eq!(array.rest(), [9, 9, 9]);
        assert_eq!(array, Array::new(&whole));
        assert_ne!(array, Array::new(&whole[4..]));
        assert!(!array.is_empty());
        let hash = |array| BuildHasherDefault::<DefaultHasher>::default().hash_one(array);
        assert_eq!(hash(array), hash(Array::new(&whole)));
        assert_ne!(hash(array), hash(Array::new(&whole[4..])));
        assert_eq!(format!("{array:?}"), "[3, -1]");
        let mut elements = array.iter();
        let copy = elements.clone();
        assert_eq!(elements.next(), Some(3));
        assert_eq!(format!("{copy:?} {elements:?}"), "[3, -1] [-1]");
    }

    #[test]
    fn an_array_of_a_type_without_size_is_empty() {
        let array = Array::<()>::new(&[1, 2]);
        assert!(array.is_empty());
        assert_eq!((array.iter().count(), array.rest()), (0, &[1, 2][..]));
    }
}
