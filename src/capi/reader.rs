// SPDX-License-Identifier: MIT OR Apache-2.0
//! `ancil_reader_*`, `ancil_find`: the messages of a control buffer.
//!
//! `include/ancil/inline.h` is where C reads about these functions, and has each of them once more,
//! inline. A walk that one of the two began may be continued by the other.

use super::message::ancil_message;
use super::{bytes, report_step, status};
use crate::errno::number::{EBADMSG, EINVAL};
use crate::error::Malformed;
use crate::wire::abi::Abi;
use crate::wire::cmsg::{HEADER, Raw};
use crate::wire::step::{Step, Tail};
use core::ffi::{c_int, c_void};
use core::marker::PhantomData;
use core::mem::MaybeUninit;

/// A walk over a control buffer.
#[repr(C)]
#[allow(non_camel_case_types, reason = "its name in C")]
pub struct ancil_reader<'a> {
    /// The next header; after `EBADMSG` the malformed one, for the caller to read.
    next: *const c_void,
    /// Bytes from there to the end: 0, or at least a header.
    left: usize,
    /// 0, or the error that ended the walk.
    status: c_int,
    spare_int: c_int,
    spare: [usize; 2],
    // Invariant: `next` is NULL, or valid for reading `left` initialised bytes for `'a`.
    lifetime: PhantomData<&'a [u8]>,
}

impl<'a> ancil_reader<'a> {
    /// Returns a reader of a buffer.
    ///
    /// # Safety
    /// `control` must be NULL, or valid for reading `controllen` initialised bytes for `'a`.
    unsafe fn new(control: *const c_void, controllen: usize) -> Self {
        let len = if control.is_null() { 0 } else { controllen };
        let absurd = len > isize::MAX as usize;
        Self {
            next: control,
            left: if len < HEADER || absurd { 0 } else { len },
            status: if absurd { status(EINVAL) } else { 0 },
            spare_int: 0,
            spare: [0; 2],
            lifetime: PhantomData,
        }
    }

    /// Takes one step, and keeps the error that ends the walk.
    fn next(&mut self) -> Result<Option<Raw<'a>>, Malformed> {
        if self.left == 0 {
            return Ok(None); // without a step over no bytes, which takes longer
        }
        // SAFETY: `bytes` needs NULL or `left` bytes that are valid for reading for `'a`: the
        // invariant of the fields. `new` requires it of its caller, and below, `next` and `left`
        // become the end of the same bytes, or fewer of them.
        let mut step = Step::new(unsafe { bytes(self.next, self.left) });
        let found = step.next(Abi::NATIVE, Tail::Native);
        if found.is_err() {
            self.left = 0;
            self.status = status(EBADMSG);
        } else {
            let rest = step.rest();
            self.next = rest.as_ptr().cast();
            self.left = if rest.len() < HEADER { 0 } else { rest.len() };
        }
        found
    }
}

/// Starts a walk.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn ancil_reader_init<'a>(
    r: Option<&mut MaybeUninit<ancil_reader<'a>>>,
    control: *const c_void,
    controllen: usize,
) {
    if let Some(r) = r {
        // SAFETY: `new` needs NULL or `controllen` bytes that are valid for reading for `'a`: the
        // contract of the C API, by which the caller keeps the buffer for the reader's lifetime.
        r.write(unsafe { ancil_reader::new(control, controllen) });
    }
}

/// Takes one step.
#[unsafe(no_mangle)]
#[must_use]
pub extern "C" fn ancil_reader_next<'a>(
    r: Option<&mut ancil_reader<'a>>,
    m: Option<&mut MaybeUninit<ancil_message<'a>>>,
) -> c_int {
    match (r, m) {
        (Some(r), Some(m)) => report_step(r.next(), m),
        _ => status(EINVAL),
    }
}

/// Returns what ended the walk: 0 or an error.
#[unsafe(no_mangle)]
#[must_use]
pub extern "C" fn ancil_reader_status(r: Option<&ancil_reader<'_>>) -> c_int {
    r.map_or(status(EINVAL), |r| r.status)
}

/// Looks for the first message of this level and type.
#[unsafe(no_mangle)]
#[must_use]
pub unsafe extern "C" fn ancil_find<'a>(
    control: *const c_void,
    controllen: usize,
    level: c_int,
    r#type: c_int,
    m: Option<&mut MaybeUninit<ancil_message<'a>>>,
) -> c_int {
    let Some(m) = m else {
        return status(EINVAL);
    };
    // SAFETY: `new` needs NULL or `controllen` bytes that are valid for reading: the contract of
    // the C API. The caller keeps them for `'a`, the lifetime of the message that `*m` becomes.
    let mut reader = unsafe { ancil_reader::new(control, controllen) };
    loop {
        match reader.next() {
            Ok(Some(raw)) if (raw.level, raw.ty) != (level, r#type) => {}
            Ok(None) => return reader.status,
            found => return report_step(found, m),
        }
    }
}
