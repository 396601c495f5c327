//! The vectors of C, as crate `libc` declares them; the same in memory. No byte is moved. Feature `libc`.

use super::{IoVec, IoVecMut, Iovec, Vector};
use core::mem::offset_of;
use core::slice;

const _: () = {
    assert!(
        size_of::<libc::iovec>() == size_of::<Iovec>()
            && align_of::<libc::iovec>() == align_of::<Iovec>()
    );
    assert!(offset_of!(libc::iovec, iov_base) == offset_of!(Iovec, iov_base));
    assert!(offset_of!(libc::iovec, iov_len) == offset_of!(Iovec, iov_len));
};

/// The same vectors as C has them. Feature `libc`.
pub const fn as_libc<V: Vector>(vectors: &[V]) -> &[libc::iovec] {
    // SAFETY: every Vector is transparent over `struct iovec`; a pointer and a length can be read as such.
    unsafe { slice::from_raw_parts(vectors.as_ptr().cast(), vectors.len()) }
}

/// The vectors of C. Feature `libc`.
///
/// # Safety
/// Each must be pointer and length of a `&'a [u8]`: not null, even if the length is 0, the bytes initialised
/// and not written for `'a`.
pub const unsafe fn from_libc<'a>(vectors: &'a [libc::iovec]) -> &'a [IoVec<'a>] {
    // SAFETY: one layout, and each is a `&'a [u8]` as the caller promises.
    unsafe { slice::from_raw_parts(vectors.as_ptr().cast(), vectors.len()) }
}

/// The vectors of C, to write to. Feature `libc`.
///
/// # Safety
/// Each must be pointer and length of a `&'a mut [u8]`: not null, even if the length is 0, the bytes
/// initialised and reached by nobody else for `'a`, so that no two overlap.
pub const unsafe fn from_libc_mut<'a>(vectors: &'a mut [libc::iovec]) -> &'a mut [IoVecMut<'a>] {
    // SAFETY: one layout, and each is a `&'a mut [u8]` as the caller promises.
    unsafe { slice::from_raw_parts_mut(vectors.as_mut_ptr().cast(), vectors.len()) }
}
