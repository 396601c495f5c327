// SPDX-License-Identifier: MIT OR Apache-2.0
//! Casts from and to the vectors of `std`. Feature `std`.
//!
//! `std` documents that on Unix `IoSlice` and `IoSliceMut` have the layout of `struct iovec`. Each
//! is made from a slice, so its address is never null, as in [`IoVec`] and [`IoVecMut`].

use super::iovec::Iovec;
use super::vector::{IoVec, IoVecMut};
use core::slice;
use std::io::{IoSlice, IoSliceMut};

const _: () = {
    assert!(size_of::<IoSlice<'_>>() == size_of::<Iovec>());
    assert!(align_of::<IoSlice<'_>>() == align_of::<Iovec>());
    assert!(size_of::<IoSliceMut<'_>>() == size_of::<Iovec>());
    assert!(align_of::<IoSliceMut<'_>>() == align_of::<Iovec>());
};

/// Returns the same vectors as `std` has them. Feature `std`.
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
    // SAFETY: both types are a `&'a [u8]` in the layout of `struct iovec`: IoVec by its invariant,
    // IoSlice by the documentation of `std`. The result borrows `vectors`.
    unsafe { slice::from_raw_parts(vectors.as_ptr().cast(), vectors.len()) }
}

/// Returns the same vectors as this crate has them. Feature `std`.
///
/// ```
/// use ancil::iov;
/// use std::io::IoSlice;
/// let slices = [IoSlice::new(b"head"), IoSlice::new(b"body")];
/// assert_eq!(iov::total(iov::from_io_slices(&slices)), Some(8));
/// ```
pub const fn from_io_slices<'s, 'a>(slices: &'s [IoSlice<'a>]) -> &'s [IoVec<'a>] {
    // SAFETY: both types are a `&'a [u8]` in the layout of `struct iovec`: IoVec by its invariant,
    // IoSlice by the documentation of `std`. The result borrows `slices`.
    unsafe { slice::from_raw_parts(slices.as_ptr().cast(), slices.len()) }
}

/// Returns the same vectors as `std` has them. Feature `std`.
///
/// ```
/// use ancil::{IoVecMut, iov};
/// use std::io::Read;
///
/// let (mut head, mut body) = ([0; 2], [0; 4]);
/// let mut vectors = [IoVecMut::new(&mut head), IoVecMut::new(&mut body)];
/// assert_eq!((&b"hello"[..]).read_vectored(iov::as_io_slices_mut(&mut vectors))?, 5);
/// assert_eq!((&head, &body), (b"he", b"llo\0"));
/// # Ok::<(), std::io::Error>(())
/// ```
pub const fn as_io_slices_mut<'s, 'a>(vectors: &'s mut [IoVecMut<'a>]) -> &'s mut [IoSliceMut<'a>] {
    // SAFETY: both types are a `&'a mut [u8]` in the layout of `struct iovec`: IoVecMut by its
    // invariant, IoSliceMut by the documentation of `std`. So a value of either that is written
    // through the result is valid as the other. The result borrows `vectors` exclusively.
    unsafe { slice::from_raw_parts_mut(vectors.as_mut_ptr().cast(), vectors.len()) }
}

/// Returns the same vectors as this crate has them. Feature `std`.
///
/// ```
/// use ancil::iov;
/// use std::io::IoSliceMut;
/// let mut bytes = [0; 4];
/// let mut slices = [IoSliceMut::new(&mut bytes)];
/// assert_eq!(iov::scatter(iov::from_io_slices_mut(&mut slices), b"abcd"), 4);
/// ```
pub const fn from_io_slices_mut<'s, 'a>(
    slices: &'s mut [IoSliceMut<'a>],
) -> &'s mut [IoVecMut<'a>] {
    // SAFETY: both types are a `&'a mut [u8]` in the layout of `struct iovec`: IoVecMut by its
    // invariant, IoSliceMut by the documentation of `std`. So a value of either that is written
    // through the result is valid as the other. The result borrows `slices` exclusively.
    unsafe { slice::from_raw_parts_mut(slices.as_mut_ptr().cast(), slices.len()) }
}
