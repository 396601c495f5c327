// SPDX-License-Identifier: MIT OR Apache-2.0
//! `ancil_version`: which release this is.

use core::ffi::c_char;

/// Returns the version of the library, such as "1.2.3", as a static string.
#[unsafe(no_mangle)]
pub extern "C" fn ancil_version() -> *const c_char {
    concat!(env!("CARGO_PKG_VERSION"), "\0").as_ptr().cast()
}
