//! `ancil_version`: which release this is.

use core::ffi::c_char;

/// The version of the library, as in "1.2.3". Static.
#[unsafe(no_mangle)]
pub extern "C" fn ancil_version() -> *const c_char {
    concat!(env!("CARGO_PKG_VERSION"), "\0").as_ptr().cast()
}
