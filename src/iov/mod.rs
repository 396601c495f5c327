//! I/O vectors: the pieces of memory that one call gathers its bytes from, or scatters them to.
//!
//! [`IoVec`] is read from, [`IoVecMut`] is written to. Both are `struct iovec` (`readv(2)`) with a
//! lifetime, so that a slice of them is what the kernel takes. A [`Cursor`] is a place in such a slice; all
//! that is done with bytes is done from a place on. Nothing here panics: what does not fit stays undone, and
//! every function says how many bytes it did.
//!
//! ```
//! use ancil::{IoVec, iov};
//!
//! let vectors = [IoVec::new(b"head"), IoVec::new(b""), IoVec::new(b"tail")];
//! let mut whole = [0; 8];
//! assert_eq!(iov::total(&vectors), Some(8));
//! assert_eq!(iov::gather(&vectors, &mut whole), 8);
//! assert_eq!(&whole, b"headtail");
//!
//! let middle = iov::Cursor::new(&vectors).at(2).limit(4);
//! assert_eq!(middle.find(b't'), Some(2));
//! ```
//!
//! # Pictures
//! ```text
//!   vectors    [ h e a d ]   [ ]   [ t a i l ! ]        advance(6): what is spent leaves the front
//!                | | | |             | | | | |
//!   gather       v v v v   + - - - - - - - - +            [ h e a d ]   [ ]   [ t a i l ! ]
//!                | | | |   v v v v v                        spent       spent      ^
//!   buffer     [ h e a d   t a i l ! ]                                         [ i l ! ]
//!                | | | |   | | | | |
//!   scatter      v v v v   v v v v v                    at(2).limit(5): a cursor; the array stays
//!                | | | |   + - - - - - - - - +
//!                | | | |             | | | | |            [ h e a d ]   [ ]   [ t a i l ! ]
//!   vectors    [ h e a d ]   [ ]   [ t a i l ! ]                ^-^             ^---^    two chunks
//! ```
//!
//! # Operations
//! *n* is the number of entries that are reached, *N* of all entries, *b* of bytes. "copy" is at the speed
//! of `memcpy`.
//!
//! | on an array | | cost |
//! | --- | --- | --- |
//! | [`total`] | bytes of all, checked | *N* |
//! | [`gather`], [`gather_at`], [`gather_uninit`] | vectors to a buffer | *n* + copy |
//! | [`scatter`], [`scatter_at`] | a buffer to vectors | *n* + copy |
//! | [`advance`], [`discard_back`], [`limit`] | drops bytes in front, behind, behind the first so many | *n* |
//! | [`batch`] | the entries in front that one call takes | *n* |
//! | [`join`] | makes one of entries that touch | *N* |
//! | [`readable`] | space that was received into, to send from | none |
//! | `as_io_slices`, `from_io_slices`, and the same with `_mut` | `std`'s types; feature `std` | none |
//! | `as_libc`, `from_libc`, `from_libc_mut` | `libc`'s type; feature `libc` | none |
//!
//! | on a cursor | | cost |
//! | --- | --- | --- |
//! | [`Cursor::new`], [`Cursor::new_mut`] | at the front | none |
//! | [`at`](Cursor::at), [`advance`](Cursor::advance) | further on | *n* |
//! | [`limit`](Cursor::limit) | not further than | none |
//! | [`split_at`](Cursor::split_at) | two cursors | *n* |
//! | [`remaining`](Cursor::remaining) | bytes ahead | *N* |
//! | [`chunk`](Cursor::chunk), [`next_chunk`](Cursor::next_chunk), [`Iterator`] | the bytes in one piece from here | 1 |
//! | [`slice`](Cursor::slice) | a range, or a batch, as vectors in another array | *n* |
//! | [`gather`](Cursor::gather), [`scatter`](Cursor::scatter), [`copy`](Cursor::copy) | to a buffer, from one, from other vectors | *n* + copy |
//! | [`fill`](Cursor::fill) | with one byte | *n* + *b* |
//! | [`compare`](Cursor::compare), [`is_zero`](Cursor::is_zero), [`find`](Cursor::find) | look | *n* + *b* |
//!
//! A cursor leaves the array as it is: to undo an advance, keep the one from before.

mod array;
mod bytes;
#[cfg(feature = "libc")]
mod c_iovec;
mod cursor;
#[cfg(all(feature = "std", unix))]
mod io_slice;
mod walk;

pub use array::*;
pub use bytes::*;
#[cfg(feature = "libc")]
pub use c_iovec::*;
pub use cursor::{Cursor, CursorMut};
#[cfg(all(feature = "std", unix))]
pub use io_slice::*;
pub(crate) use walk::Iovec;
#[cfg(feature = "capi")]
pub(crate) use walk::{Walk, drop_back, drop_front, join as join_entries, keep_front, whole};

use core::fmt;
use core::marker::PhantomData;
use core::ops::{Deref, DerefMut};
use core::slice;

/// Bytes to send: a `&[u8]` in the kernel's layout, `struct iovec`.
///
/// The pointer is never null, even if there are no bytes.
#[derive(Clone, Copy)]
#[repr(transparent)]
pub struct IoVec<'a> {
    raw: Iovec,
    bytes: PhantomData<&'a [u8]>,
}

/// Space to receive into: a `&mut [u8]` in the kernel's layout, `struct iovec`.
///
/// Its bytes can be read too; [`readable`] sends from a slice of these.
#[repr(transparent)]
pub struct IoVecMut<'a> {
    raw: Iovec,
    bytes: PhantomData<&'a mut [u8]>,
}

const _: () = {
    assert!(
        size_of::<IoVec<'_>>() == size_of::<Iovec>()
            && align_of::<IoVec<'_>>() == align_of::<Iovec>()
    );
    assert!(
        size_of::<IoVecMut<'_>>() == size_of::<Iovec>()
            && align_of::<IoVecMut<'_>>() == align_of::<Iovec>()
    );
};

impl<'a> IoVec<'a> {
    /// The vector of these bytes.
    #[inline]
    pub const fn new(bytes: &'a [u8]) -> Self {
        let raw = Iovec {
            iov_base: bytes.as_ptr().cast_mut().cast(),
            iov_len: bytes.len(),
        };
        Self {
            raw,
            bytes: PhantomData,
        }
    }

    /// The bytes.
    #[inline]
    pub const fn as_bytes(self) -> &'a [u8] {
        // SAFETY: `raw` is pointer and length of a `&'a [u8]`, as `new` wrote it, or of a part of one, or of a
        // borrowed IoVecMut (its `deref`, `readable`), which holds a `&mut [u8]` for at least as long.
        unsafe { slice::from_raw_parts(self.raw.iov_base.cast_const().cast(), self.raw.iov_len) }
    }
}

impl<'a> IoVecMut<'a> {
    /// The vector of these bytes.
    #[inline]
    pub const fn new(bytes: &'a mut [u8]) -> Self {
        let raw = Iovec {
            iov_base: bytes.as_mut_ptr().cast(),
            iov_len: bytes.len(),
        };
        Self {
            raw,
            bytes: PhantomData,
        }
    }

    /// The bytes again, with their own lifetime.
    #[inline]
    pub const fn into_bytes(self) -> &'a mut [u8] {
        // SAFETY: `raw` is pointer and length of a `&'a mut [u8]`, as `new` wrote it, or of a part of one that
        // nobody else has, or `deref_mut` borrows another vector for 'a. It cannot be copied and ends here, so
        // this borrow is the only one.
        unsafe { slice::from_raw_parts_mut(self.raw.iov_base.cast(), self.raw.iov_len) }
    }
}

impl Deref for IoVec<'_> {
    type Target = [u8];

    #[inline]
    fn deref(&self) -> &[u8] {
        self.as_bytes()
    }
}

impl Deref for IoVecMut<'_> {
    type Target = [u8];

    #[inline]
    fn deref(&self) -> &[u8] {
        IoVec {
            raw: self.raw,
            bytes: PhantomData,
        }
        .as_bytes() // borrows from `self`: nobody writes meanwhile
    }
}

impl DerefMut for IoVecMut<'_> {
    #[inline]
    fn deref_mut(&mut self) -> &mut [u8] {
        Self {
            raw: self.raw,
            bytes: PhantomData,
        }
        .into_bytes() // borrows from `self`: nobody else uses it meanwhile
    }
}

impl Default for IoVec<'_> {
    fn default() -> Self {
        Self::new(&[])
    }
}

impl Default for IoVecMut<'_> {
    fn default() -> Self {
        Self::new(&mut [])
    }
}

impl<'a, T: AsRef<[u8]> + ?Sized> From<&'a T> for IoVec<'a> {
    fn from(bytes: &'a T) -> Self {
        Self::new(bytes.as_ref())
    }
}

impl<'a, T: AsMut<[u8]> + ?Sized> From<&'a mut T> for IoVecMut<'a> {
    fn from(bytes: &'a mut T) -> Self {
        Self::new(bytes.as_mut())
    }
}

impl fmt::Debug for IoVec<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        (**self).fmt(f)
    }
}

impl fmt::Debug for IoVecMut<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        (**self).fmt(f)
    }
}

mod sealed {
    /// # Safety
    /// The type is transparent over `Iovec`, which is pointer and length of its bytes.
    #[expect(unnameable_types, reason = "no other crate may implement it")]
    pub unsafe trait Vector: core::ops::Deref<Target = [u8]> {}
}

/// [`IoVec`] or [`IoVecMut`].
pub trait Vector: sealed::Vector {}

impl Vector for IoVec<'_> {}
impl Vector for IoVecMut<'_> {}

// SAFETY: it is.
unsafe impl sealed::Vector for IoVec<'_> {}
// SAFETY: it is.
unsafe impl sealed::Vector for IoVecMut<'_> {}

/// The entries of vectors, to look at.
#[inline]
const fn entries<V: Vector>(vectors: &[V]) -> &[Iovec] {
    // SAFETY: by the contract of sealed::Vector the types have one layout; every Vector is an Iovec.
    unsafe { slice::from_raw_parts(vectors.as_ptr().cast(), vectors.len()) }
}

/// The entries of vectors, to change.
///
/// # Safety
/// Each must stay a vector: the caller only makes them shorter, or moves them, or writes the entries of other
/// vectors of the same type, which end with that.
#[inline]
const unsafe fn entries_mut<V: Vector>(vectors: &mut [V]) -> &mut [Iovec] {
    // SAFETY: one layout, as above; that no entry is written that is not a vector is the caller's promise.
    unsafe { slice::from_raw_parts_mut(vectors.as_mut_ptr().cast(), vectors.len()) }
}

/// The same vectors, to send from: what arrived goes out again without a copy.
#[inline]
pub const fn readable<'a>(vectors: &'a [IoVecMut<'_>]) -> &'a [IoVec<'a>] {
    // SAFETY: both types are transparent over `Iovec`, so pointer and length are right for either. For 'a the
    // IoVecMuts are borrowed, so their bytes are not written: each is a `&'a [u8]`, as an IoVec<'a> must be.
    unsafe { slice::from_raw_parts(vectors.as_ptr().cast(), vectors.len()) }
}
