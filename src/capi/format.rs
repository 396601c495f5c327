// SPDX-License-Identifier: MIT OR Apache-2.0
//! `ancil_format`, `ancil_level_name`, `ancil_message_name`: control messages to look at.

use super::{bytes, uninit_slice};
use crate::format::DisplayControl;
use crate::show::CStrBuf;
use crate::table::level::level_cname;
use crate::table::lookup::message_cname;
use core::ffi::{c_char, c_int, c_void};

/// Prints a control buffer as strace(1) does: "[{cmsg_len=20, cmsg_level=SOL_SOCKET,
/// cmsg_type=SCM_RIGHTS, cmsg_data=[4]}]". The buffer may have any content.
///
/// As snprintf does, writes at most `size` bytes, the final NUL included, and returns the length
/// that the whole text has without the NUL. `out` may be NULL if `size` is 0.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn ancil_format(
    out: *mut c_char,
    size: usize,
    control: *const c_void,
    controllen: usize,
) -> usize {
    // SAFETY: `uninit_slice` needs NULL or `size` bytes that are valid for writing and that nothing
    // else accesses, `bytes` NULL or `controllen` bytes that are valid for reading: the contract of
    // the C API, by which the two do not overlap.
    let (out, control) = unsafe { (uninit_slice(out.cast(), size), bytes(control, controllen)) };
    let mut text = CStrBuf::new(out);
    let _ = DisplayControl::new(control).show_line(&mut text); // a CStrBuf never fails
    text.finish()
}

/// Returns the name of a level, such as "SOL_SOCKET", as a static string; NULL if it is unknown.
#[unsafe(no_mangle)]
pub extern "C" fn ancil_level_name(level: c_int) -> *const c_char {
    level_cname(0, level).map_or(core::ptr::null(), |name| name.as_ptr().cast())
}

/// Returns the name of a message in the man pages, such as "SCM_RIGHTS", as a static string; NULL
/// if it is unknown.
#[unsafe(no_mangle)]
pub extern "C" fn ancil_message_name(level: c_int, r#type: c_int) -> *const c_char {
    message_cname(0, level, r#type).map_or(core::ptr::null(), |name| name.as_ptr().cast())
}
