//! The vectors of `std`, which are the same in memory. No byte is moved. Feature `std`.
//!
//! `std` promises that on Unix its types are `struct iovec`, as ours are; nor are theirs ever null.

use super::{IoVec, IoVecMut, Iovec};
use core::slice;
use std::io::{IoSlice, IoSliceMut};

const _: () = {
    assert!(
        size_of::<IoSlice<'_>>() == size_of::<Iovec>()
            && align_of::<IoSlice<'_>>() == align_of::<Iovec>()
    );
    assert!(size_of::<IoSliceMut<'_>>() == size_of::<Iovec>());
    assert!(align_of::<IoSliceMut<'_>>() == align_of::<Iovec>());
};

/// The same vectors as `std` has them. Feature `std`.
///
/// ```
/// # use ancil::{IoVec, iov};
/// use std::io::{IoSlice, Write};
///
/// let vectors = [IoVec::new(b"he"), IoVec::new(b"llo")];
/// let mut out = Vec::new();
/// assert_eq!(out.write_vectored(iov::as_io_slices(&vectors))?, 5);
/// assert_eq!(iov::total(iov::from_io_slices(&[IoSlice::new(&out)])), Some(5));
/// # Ok::<(), std::io::Error>(())
/// ```
pub const fn as_io_slices<'s, 'a>(vectors: &'s [IoVec<'a>]) -> &'s [IoSlice<'a>] {
    // SAFETY: both are a `&'a [u8]` in the layout of `struct iovec`.
    unsafe { slice::from_raw_parts(vectors.as_ptr().cast(), vectors.len()) }
}

/// The same vectors as this crate has them. Feature `std`.
pub const fn from_io_slices<'s, 'a>(slices: &'s [IoSlice<'a>]) -> &'s [IoVec<'a>] {
    // SAFETY: as above.
    unsafe { slice::from_raw_parts(slices.as_ptr().cast(), slices.len()) }
}

/// The same vectors as `std` has them. Feature `std`.
pub const fn as_io_slices_mut<'s, 'a>(vectors: &'s mut [IoVecMut<'a>]) -> &'s mut [IoSliceMut<'a>] {
    // SAFETY: both are a `&'a mut [u8]` in the layout of `struct iovec`, so either may be put in the other's
    // place, and the one borrow passes on.
    unsafe { slice::from_raw_parts_mut(vectors.as_mut_ptr().cast(), vectors.len()) }
}

/// The same vectors as this crate has them. Feature `std`.
pub const fn from_io_slices_mut<'s, 'a>(
    slices: &'s mut [IoSliceMut<'a>],
) -> &'s mut [IoVecMut<'a>] {
    // SAFETY: as above.
    unsafe { slice::from_raw_parts_mut(slices.as_mut_ptr().cast(), slices.len()) }
}
