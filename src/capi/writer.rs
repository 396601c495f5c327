//! `ancil_writer_*`: control messages into the caller's buffer.

use super::{bytes, bytes_mut, status};
use crate::arch::errno::{EINVAL, ENOBUFS};
use crate::message::SCM_RIGHTS;
use crate::writer::Writer;
use core::ffi::{c_int, c_void};

/// A control buffer that is being filled. Lives on your stack; set it up with ancil_writer_init, then leave
/// its fields alone.
#[repr(C)]
#[allow(non_camel_case_types, reason = "its name in C")]
pub struct ancil_writer {
    /// The buffer.
    pub buf: *mut c_void,
    /// Its size in bytes.
    pub size: usize,
    /// Bytes written.
    pub len: usize,
}

/// Starts to write into `size` bytes at `buf`, aligned in any way; they need not be zeroed.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn ancil_writer_init(w: *mut ancil_writer, buf: *mut c_void, size: usize) {
    if !w.is_null() {
        // SAFETY: a pointer to a struct of ours, not NULL, is valid.
        unsafe { w.write(ancil_writer { buf, size, len: 0 }) }
    }
}

/// Appends a message with `len` bytes of payload, its padding zeroed. 0, or -ENOBUFS if it does not fit:
/// nothing was written then. -EINVAL: `w` is NULL, or `data` is NULL and `len` is not 0.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn ancil_writer_put(
    w: *mut ancil_writer,
    level: c_int,
    r#type: c_int,
    data: *const c_void,
    len: usize,
) -> c_int {
    // SAFETY: a pointer to a struct of ours is valid or NULL.
    let Some(w) = (unsafe { w.as_mut() }) else { return status(EINVAL) };
    if data.is_null() && len > 0 {
        return status(EINVAL);
    }
    if len > w.size {
        return status(ENOBUFS);
    }
    // SAFETY: ancil_writer_init was given a buffer of this size, or NULL; the contract keeps others off it.
    let mut writer = Writer::at(unsafe { bytes_mut(w.buf, w.size) }, w.len);
    // SAFETY: a payload of this length, or NULL; it does not overlap the buffer.
    match writer.put_raw(level, r#type, unsafe { bytes(data, len) }) {
        Ok(()) => {
            w.len = writer.len();
            0
        }
        Err(_) => status(ENOBUFS),
    }
}

/// Appends SCM_RIGHTS with `n` descriptors. Returns what ancil_writer_put does.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn ancil_writer_put_fds(w: *mut ancil_writer, fds: *const c_int, n: usize) -> c_int {
    let len = n.saturating_mul(size_of::<c_int>());
    // SAFETY: the same contract: `n` elements are `len` bytes, and a saturated `len` fits no buffer.
    unsafe { ancil_writer_put(w, SCM_RIGHTS.level, SCM_RIGHTS.ty, fds.cast(), len) }
}

/// Bytes written so far: exactly what msg_controllen has to be, never the size of the buffer.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn ancil_writer_finish(w: *const ancil_writer) -> usize {
    // SAFETY: a pointer to a struct of ours is valid or NULL.
    unsafe { w.as_ref() }.map_or(0, |w| w.len)
}
