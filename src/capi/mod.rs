//! The C face: `extern "C"` shells of a few lines over the rooms of the same names. `include/ancil.h`
//! is made from the doc comments and signatures here, so those speak to C programmers.
//!
//! # Safety
//! One contract for every function, stated to C in the header's preamble: a pointer with a length is
//! valid for that many bytes or elements, for reading or, where it is not const, for writing, until the
//! call returns; or it is NULL, which is the same as a length of 0. Buffers of one call do not overlap.
//! A pointer to a struct of ours is valid or NULL. Each `SAFETY:` comment below says which part it uses.

mod cmsg;
mod format;
mod iov;
mod kernel;
mod reader;
mod writer;

use crate::error::Errno;
use core::ffi::{c_char, c_int, c_void};

/// The version of the library, as in "1.2.3". Static.
#[unsafe(no_mangle)]
pub extern "C" fn ancil_version() -> *const c_char {
    concat!(env!("CARGO_PKG_VERSION"), "\0").as_ptr().cast()
}

/// What C calls `-errno`.
const fn status(e: Errno) -> c_int {
    e.0.wrapping_neg() // error numbers are small and positive
}

/// The bytes behind a pointer of the caller's; none behind NULL.
///
/// # Safety
/// `data` is NULL, or valid for reading `len` bytes for `'a`.
unsafe fn bytes<'a>(data: *const c_void, len: usize) -> &'a [u8] {
    if data.is_null() {
        return &[];
    }
    // SAFETY: valid for `len` bytes as the caller promises, hence for the first isize::MAX of them;
    // u8 has no alignment and every value.
    unsafe { core::slice::from_raw_parts(data.cast(), len.min(isize::MAX as usize)) }
}

/// The bytes behind a pointer of the caller's, to write; none behind NULL.
///
/// # Safety
/// `data` is NULL, or valid for reading and writing `len` bytes for `'a`, and nothing else reaches them.
unsafe fn bytes_mut<'a>(data: *mut c_void, len: usize) -> &'a mut [u8] {
    if data.is_null() {
        return &mut [];
    }
    // SAFETY: as above, and exclusive as the caller promises. What C has not initialised there is only written.
    unsafe { core::slice::from_raw_parts_mut(data.cast(), len.min(isize::MAX as usize)) }
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
