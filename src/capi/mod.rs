//! The C face: `extern "C"` shells of a few lines over the rooms of the same names. `include/ancil.h`
//! is made from the doc comments and signatures here, so those speak to C programmers.
//!
//! # Safety
//! One contract for every function, stated to C in the header's preamble: a pointer with a length is
//! valid for that many bytes or elements, for reading or, where it is not const, for writing, until the
//! call returns; or it is NULL, which is the same as a length of 0. Buffers of one call do not overlap.
//! A pointer to a struct of ours is valid or NULL. What is only written need not be initialised. Each `SAFETY:`
//! comment below says which part it uses.

mod check;
mod cmsg;
mod compat;
mod format;
mod iov;
mod message;
mod netlink;
mod reader;
mod version;
mod writer;

use crate::error::Errno;
use core::ffi::{c_int, c_void};
use core::mem::MaybeUninit;
use core::slice;

/// What C calls `-errno`.
const fn status(e: Errno) -> c_int {
    e.0.wrapping_neg() // error numbers are small and positive
}

/// The most elements that memory can have.
const fn most<T>(n: usize) -> usize {
    match (isize::MAX as usize).checked_div(size_of::<T>()) {
        Some(most) if n > most => most,
        _ => n,
    }
}

/// The elements behind a pointer of the caller's; none behind NULL.
///
/// # Safety
/// `first` is NULL, or aligned and valid for reading `n` elements for `'a`. Of `T` every value is valid.
unsafe fn elements<'a, T>(first: *const T, n: usize) -> &'a [T] {
    if first.is_null() {
        return &[];
    }
    // SAFETY: valid for `n` elements as the caller promises, hence for as many of them as isize::MAX bytes have.
    unsafe { slice::from_raw_parts(first, most::<T>(n)) }
}

/// The elements behind a pointer of the caller's, to write; none behind NULL.
///
/// # Safety
/// `first` is NULL, or aligned and valid for reading and writing `n` elements for `'a`, and nothing else reaches them.
/// Of `T` every value is valid.
unsafe fn elements_mut<'a, T>(first: *mut T, n: usize) -> &'a mut [T] {
    if first.is_null() {
        return &mut [];
    }
    // SAFETY: as above, and exclusive as the caller promises.
    unsafe { slice::from_raw_parts_mut(first, most::<T>(n)) }
}

/// The bytes behind a pointer of the caller's; none behind NULL.
///
/// # Safety
/// `data` is NULL, or valid for reading `len` bytes for `'a`.
unsafe fn bytes<'a>(data: *const c_void, len: usize) -> &'a [u8] {
    // SAFETY: as the caller promises; u8 has no alignment.
    unsafe { elements(data.cast(), len) }
}

/// The room behind a pointer of the caller's, to write, which C need not have initialised; none behind NULL.
///
/// # Safety
/// `to` is NULL, or valid for writing `n` elements for `'a`, and nothing else reaches them.
unsafe fn room<'a, T>(to: *mut T, n: usize) -> &'a mut [MaybeUninit<T>] {
    // SAFETY: exclusive as the caller promises; of MaybeUninit every value is valid.
    unsafe { elements_mut(to.cast(), n) }
}

/// The place behind a pointer of the caller's, to write, which C need not have initialised; `None` behind NULL.
///
/// # Safety
/// `to` is NULL, or aligned and valid for writing for `'a`, and nothing else reaches it.
unsafe fn place<'a, T>(to: *mut T) -> Option<&'a mut MaybeUninit<T>> {
    // SAFETY: exclusive as the caller promises; of MaybeUninit every value is valid.
    unsafe { to.cast::<MaybeUninit<T>>().as_mut() }
}

/// Nothing in the library panics, which ffi-tests prove by linking; Rust asks for a handler all the same.
#[cfg(all(panic = "abort", not(feature = "std"), not(test)))]
#[panic_handler]
fn panic(_: &core::panic::PanicInfo<'_>) -> ! {
    unsafe extern "C" {
        #[cfg_attr(ancil_prove_no_panic, link_name = "ancil_a_panic_is_reachable")]
        safe fn abort() -> !;
    }
    abort()
}
