// SPDX-License-Identifier: MIT OR Apache-2.0
//! `ancil_nl_reader_*`: a walk over messages or attributes.

use crate::capi::{bytes, report_step, status};
use crate::errno::number::{EINVAL, EMSGSIZE};
use crate::error::Errno;
use crate::netlink::{Attributes, Malformed};
use core::ffi::{c_int, c_void};
use core::marker::PhantomData;
use core::mem::MaybeUninit;

/// A walk over messages or attributes. It lives on your stack. Set it up with ancil_nl_reader_init,
/// ancil_nl_reader_received or ancil_nl_message_split, then leave its fields alone.
#[repr(C)]
#[allow(non_camel_case_types, reason = "its name in C")]
pub struct ancil_nl_reader<'a> {
    /// The bytes to walk over.
    data: *const c_void,
    /// Their number.
    len: usize,
    /// The offset of the next header.
    pub(super) offset: usize,
    /// What ancil_nl_reader_status returns.
    pub(super) status: c_int,
    /// Unused: room for later versions.
    spare: [usize; 2],
    // Invariant: `data` is NULL, or valid for reading `len` initialised bytes for `'a`.
    lifetime: PhantomData<&'a [u8]>,
}

impl<'a> ancil_nl_reader<'a> {
    const fn new(data: *const c_void, len: usize, status: c_int) -> Self {
        Self {
            data,
            len,
            offset: 0,
            status,
            spare: [0; 2],
            lifetime: PhantomData,
        }
    }

    pub(super) fn buffer(&self) -> &'a [u8] {
        // SAFETY: `bytes` needs NULL or `len` bytes that are valid for reading for `'a`: the
        // invariant of the fields, which `from` establishes from a slice, and which the callers of
        // `ancil_nl_reader_init` and `ancil_nl_reader_received` promise.
        unsafe { bytes(self.data, self.len) }
    }

    pub(super) fn attributes(&self) -> Attributes<'a> {
        Attributes::new(self.buffer()).at(self.offset)
    }

    /// Reports a step of this walk to C, and remembers an error.
    pub(super) fn report<T, C: From<T>>(
        &mut self,
        step: Option<Result<T, Malformed>>,
        to: &mut MaybeUninit<C>,
    ) -> c_int {
        let result = report_step(step.transpose(), to);
        if result < 0 {
            self.status = result; // the first error: the walk is at its end
        }
        result
    }

    /// Ends the walk with an error, and remembers it.
    pub(super) fn fail(&mut self, e: Errno) -> c_int {
        self.offset = self.len;
        self.status = status(e);
        self.status
    }
}

impl<'a> From<Attributes<'a>> for ancil_nl_reader<'a> {
    fn from(attributes: Attributes<'a>) -> Self {
        let bytes = attributes.rest();
        Self::new(bytes.as_ptr().cast(), bytes.len(), 0)
    }
}

/// Starts a walk over `len` bytes at `data`: the messages of a datagram, or attributes, such as the
/// data of a nest. The bytes may hold anything and have any alignment.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn ancil_nl_reader_init<'a>(
    r: Option<&mut MaybeUninit<ancil_nl_reader<'a>>>,
    data: *const c_void,
    len: usize,
) {
    if let Some(r) = r {
        r.write(ancil_nl_reader::new(data, len, 0));
    }
}

/// Starts a walk over the messages of a datagram that was received into `size` bytes at `buf`. `n`
/// is the length of the whole datagram, as recv with MSG_TRUNC returns it, or -errno if that
/// failed. If `n` is negative, the walk ends at once with the status `n`. If `n` is more than
/// `size`, the datagram was cut off, and the walk ends at once with the status -EMSGSIZE.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn ancil_nl_reader_received<'a>(
    r: Option<&mut MaybeUninit<ancil_nl_reader<'a>>>,
    buf: *const c_void,
    size: usize,
    n: isize,
) {
    let (len, status) = match usize::try_from(n) {
        Ok(len) if len <= size => (len, 0),
        Ok(_) => (0, status(EMSGSIZE)),
        Err(_) => (0, c_int::try_from(n).unwrap_or(c_int::MIN)),
    };
    if let Some(r) = r {
        r.write(ancil_nl_reader::new(buf, len, status));
    }
}

/// Returns 0, or the error that ended the walk. After a walk with ancil_nl_answer_next, returns 1
/// if the answer is complete, and 0 if the next datagram continues it. Returns -EINVAL if `r` is
/// NULL.
#[unsafe(no_mangle)]
#[must_use]
pub extern "C" fn ancil_nl_reader_status(r: Option<&ancil_nl_reader<'_>>) -> c_int {
    r.map_or(status(EINVAL), |r| r.status)
}
