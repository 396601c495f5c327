//! `ancil_reader_*`, `ancil_find`: the messages of a control buffer.

use super::message::ancil_message;
use super::{bytes, report_step, status};
use crate::errno::number::EINVAL;
use crate::wire::abi::Abi;
use crate::wire::reader::Reader;
use crate::wire::step::{Step, Tail};
use core::ffi::{c_int, c_void};
use core::marker::PhantomData;
use core::mem::MaybeUninit;

/// A walk over a control buffer. Lives on your stack; set it up with ancil_reader_init, then leave
/// its fields alone.
#[repr(C)]
#[allow(non_camel_case_types, reason = "its name in C")]
pub struct ancil_reader<'a> {
    /// The control buffer.
    control: *const c_void,
    /// Its length in bytes.
    controllen: usize,
    /// Where the next header is.
    offset: usize,
    // Invariant: `control` is NULL, or valid for reading `controllen` initialised bytes for `'a`.
    lifetime: PhantomData<&'a [u8]>,
}

impl<'a> ancil_reader<'a> {
    fn control(&self) -> &'a [u8] {
        // SAFETY: `bytes` needs NULL or `controllen` bytes that are valid for reading for `'a`: the
        // invariant of the fields, which the caller of `ancil_reader_init` promises.
        unsafe { bytes(self.control, self.controllen) }
    }
}

/// Starts a walk over `controllen` bytes at `control`: msg_controllen and msg_control as recvmsg
/// left them. The buffer may hold anything and be aligned in any way.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn ancil_reader_init<'a>(
    r: Option<&mut MaybeUninit<ancil_reader<'a>>>,
    control: *const c_void,
    controllen: usize,
) {
    if let Some(r) = r {
        r.write(ancil_reader {
            control,
            controllen,
            offset: 0,
            lifetime: PhantomData,
        });
    }
}

/// Takes one step. 1: `*m` is the next message. 0: there is none. -EBADMSG: a header that is
/// shorter than itself or reaches past the end; `*m` is as it was, and the walk is at its end.
/// -EINVAL: a pointer is NULL; the walk did not move.
#[unsafe(no_mangle)]
#[must_use]
pub extern "C" fn ancil_reader_next<'a>(
    r: Option<&mut ancil_reader<'a>>,
    m: Option<&mut MaybeUninit<ancil_message<'a>>>,
) -> c_int {
    let (Some(r), Some(m)) = (r, m) else {
        return status(EINVAL);
    };
    if r.control.is_null() {
        return 0; // `bytes` handles NULL, too, but without a branch, which slows down the walk
    }
    let mut step = Step::resume(r.control(), r.offset);
    let found = step.next(Abi::NATIVE, Tail::Native);
    r.offset = step.offset();
    report_step(found, m)
}

/// Looks for the first message of this level and type. 1: `*m` is it. 0: there is none. -EBADMSG: a
/// bad header comes before any such message. -EINVAL: `m` is NULL.
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
    // SAFETY: `bytes` needs NULL or `controllen` bytes that are valid for reading: the contract of
    // the C API. The caller keeps them for `'a`, the lifetime of the message that `*m` becomes.
    let mut reader = Reader::new(unsafe { bytes(control, controllen) });
    let found = reader.find(|step| !step.is_ok_and(|raw| raw.level != level || raw.ty != r#type));
    report_step(found.transpose(), m)
}
