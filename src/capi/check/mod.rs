// SPDX-License-Identifier: MIT OR Apache-2.0
//! `ancil_check_control`, `ancil_check_text`: what Linux would answer to control messages.

mod facts;
#[cfg(test)]
mod tests;

use super::{status, uninit_slice};
use crate::show::{CStrBuf, Show};
use core::ffi::{c_char, c_int, c_void};
use facts::{FAVOURABLE, ancil_facts};

/// Returns what sendmsg would answer to these control messages on a socket that socket(2) made of
/// `domain`, `type` and `protocol`: 0, or a negative errno. If several things are wrong, that is
/// the errno of the one that the kernel finds first. If `control` is NULL and `controllen` is not
/// 0, it is -EFAULT, as sendmsg has it.
///
/// The answer supposes that everything that cannot be seen here favours the sender: it has every
/// capability, descriptors are open, processes and interfaces exist, options of the socket are on,
/// the payload fits the messages. Routes, queues and security modules are not considered.
#[unsafe(no_mangle)]
#[must_use]
pub unsafe extern "C" fn ancil_check_control(
    domain: c_int,
    r#type: c_int,
    protocol: c_int,
    control: *const c_void,
    controllen: usize,
) -> c_int {
    // SAFETY: the callee needs `control` to be NULL or valid for reading `controllen` bytes. This
    // function's caller guarantees that, by the contract of the C API (src/capi/mod.rs).
    unsafe { ancil_check_control_with(domain, r#type, protocol, control, controllen, None) }
}

/// Returns the same as ancil_check_control, but supposes these facts. `facts` may be NULL.
#[unsafe(no_mangle)]
#[must_use]
pub unsafe extern "C" fn ancil_check_control_with(
    domain: c_int,
    r#type: c_int,
    protocol: c_int,
    control: *const c_void,
    controllen: usize,
    facts: Option<&ancil_facts>,
) -> c_int {
    let facts = facts.unwrap_or(&FAVOURABLE);
    // SAFETY: `check` needs `control`, `fds` and `flow_labels` to be NULL or valid for reading as
    // many elements as their lengths say. The caller guarantees that until this call returns, by
    // the contract of the C API (src/capi/mod.rs).
    match unsafe { facts.check([domain, r#type, protocol], control, controllen) } {
        Ok(()) => 0,
        Err(refusal) => status(refusal.errno()),
    }
}

/// Writes why ancil_check_control_with returns an errno for the same arguments, in words: "IP_TTL
/// at offset 24: the payload holds a value out of range (EINVAL)". If that returns 0, the text is
/// "". As snprintf does, this writes at most `size` bytes with the final NUL, and returns the
/// length of the whole text without the NUL. 200 bytes are always enough. `out` may be NULL if
/// `size` is 0.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn ancil_check_text(
    out: *mut c_char,
    size: usize,
    domain: c_int,
    r#type: c_int,
    protocol: c_int,
    control: *const c_void,
    controllen: usize,
    facts: Option<&ancil_facts>,
) -> usize {
    let facts = facts.unwrap_or(&FAVOURABLE);
    // SAFETY: `check` needs `control`, `fds` and `flow_labels` to be NULL or valid for reading as
    // many elements as their lengths say. The caller guarantees that until this call returns, by
    // the contract of the C API (src/capi/mod.rs).
    let verdict = unsafe { facts.check([domain, r#type, protocol], control, controllen) };
    // SAFETY: `uninit_slice` needs NULL or `size` bytes that are valid for writing and that nothing
    // else accesses. The caller guarantees that until this call returns, by the contract of the C
    // API, by which `out` does not overlap what `check` has read.
    let mut text = CStrBuf::new(unsafe { uninit_slice(out.cast(), size) });
    if let Err(refusal) = verdict {
        let _ = refusal.show(&mut text); // a CStrBuf never fails
    }
    text.finish()
}
