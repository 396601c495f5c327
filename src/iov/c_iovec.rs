// SPDX-License-Identifier: MIT OR Apache-2.0
//! Casts from and to the vectors of C, as crate `libc` declares them. Feature `libc`.

use super::iovec::Iovec;
use super::vector::{IoVec, IoVecMut, Vector};
use core::mem::offset_of;
use core::slice;

const _: () = {
    assert!(size_of::<libc::iovec>() == size_of::<Iovec>());
    assert!(align_of::<libc::iovec>() == align_of::<Iovec>());
    assert!(offset_of!(libc::iovec, iov_base) == offset_of!(Iovec, iov_base));
    assert!(offset_of!(libc::iovec, iov_len) == offset_of!(Iovec, iov_len));
};

/// Returns the same vectors as C has them. Feature `libc`.
///
/// ```
/// use ancil::{IoVec, iov};
/// let vectors = [IoVec::new(b"head"), IoVec::new(b"body")];
/// assert_eq!(iov::as_libc(&vectors)[1].iov_len, 4);
/// ```
pub const fn as_libc<V: Vector>(vectors: &[V]) -> &[libc::iovec] {
    // SAFETY: a Vector is repr(transparent) over Iovec, by the contract of its sealed supertrait.
    // The assertions above prove that libc::iovec has the layout of Iovec, of the same two types,
    // and the result borrows `vectors`.
    unsafe { slice::from_raw_parts(vectors.as_ptr().cast(), vectors.len()) }
}

/// Returns the same vectors as this crate has them. Feature `libc`.
///
/// ```
/// let bytes = *b"head";
/// let vectors = [libc::iovec { iov_base: bytes.as_ptr() as *mut _, iov_len: 4 }];
/// // SAFETY: this is a slice that nobody writes.
/// let vectors = unsafe { ancil::iov::from_libc(&vectors) };
/// assert_eq!(&*vectors[0], b"head");
/// ```
///
/// # Safety
/// Each must be address and length of a `&'a [u8]`: not null, even if the length is 0, and the
/// bytes initialised and not written for `'a`.
pub const unsafe fn from_libc<'a>(vectors: &'a [libc::iovec]) -> &'a [IoVec<'a>] {
    // SAFETY: IoVec is repr(transparent) over Iovec, and the assertions above prove that
    // libc::iovec has the layout of Iovec. By the contract of this function each is a `&'a [u8]`,
    // as the invariant of IoVec demands. The result borrows `vectors`.
    unsafe { slice::from_raw_parts(vectors.as_ptr().cast(), vectors.len()) }
}

/// Returns the same vectors as this crate has them, to write to. Feature `libc`.
///
/// ```
/// let mut bytes = [0u8; 4];
/// let mut vectors = [libc::iovec { iov_base: bytes.as_mut_ptr().cast(), iov_len: 4 }];
/// // SAFETY: this is an initialised slice that nobody else uses meanwhile.
/// let vectors = unsafe { ancil::iov::from_libc_mut(&mut vectors) };
/// vectors[0][0] = 7;
/// assert_eq!(bytes, [7, 0, 0, 0]);
/// ```
///
/// # Safety
/// Each must be address and length of a `&'a mut [u8]`: not null, even if the length is 0, and the
/// bytes initialised and accessed by nobody else for `'a`, so that no two vectors overlap.
pub const unsafe fn from_libc_mut<'a>(vectors: &'a mut [libc::iovec]) -> &'a mut [IoVecMut<'a>] {
    // SAFETY: IoVecMut is repr(transparent) over Iovec, and the assertions above prove that
    // libc::iovec has the layout of Iovec. By the contract of this function each is what the
    // invariant of IoVecMut demands, a `&'a mut [u8]`. Any IoVecMut that is written through the
    // result is valid as a libc::iovec, and the result borrows `vectors` exclusively.
    unsafe { slice::from_raw_parts_mut(vectors.as_mut_ptr().cast(), vectors.len()) }
}
