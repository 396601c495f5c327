//! `ancil_reader_*`, `ancil_find`: the messages of a control buffer.

use super::message::ancil_message;
use super::{bytes, place, status};
use crate::errno::number::{EBADMSG, EINVAL};
use crate::wire::abi::Abi;
use crate::wire::reader::Reader;
use crate::wire::step::{Step, Tail};
use core::ffi::{c_int, c_void};
use core::mem::MaybeUninit;

/// A walk over a control buffer. Lives on your stack; set it up with ancil_reader_init, then leave its
/// fields alone.
#[repr(C)]
#[allow(non_camel_case_types, reason = "its name in C")]
pub struct ancil_reader {
    /// The control buffer.
    pub control: *const c_void,
    /// Its length in bytes.
    pub controllen: usize,
    /// Where the next header is.
    pub offset: usize,
}

/// Starts a walk over `controllen` bytes at `control`: msg_controllen and msg_control as recvmsg left them.
/// The buffer may hold anything and be aligned in any way.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn ancil_reader_init(
    r: *mut ancil_reader,
    control: *const c_void,
    controllen: usize,
) {
    if !r.is_null() {
        // SAFETY: a pointer to a struct of ours, not NULL, is valid.
        unsafe {
            r.write(ancil_reader {
                control,
                controllen,
                offset: 0,
            })
        }
    }
}

/// Takes one step. 1: `*m` is the next message. 0: there is none. -EBADMSG: a header that is shorter than
/// itself or reaches past the end; `*m` is as it was, and the walk is at its end. -EINVAL: a pointer is NULL;
/// the walk did not move.
#[unsafe(no_mangle)]
#[must_use]
pub unsafe extern "C" fn ancil_reader_next(r: *mut ancil_reader, m: *mut ancil_message) -> c_int {
    // SAFETY: pointers to structs of ours are valid or NULL.
    let (Some(r), Some(m)) = (unsafe { (r.as_mut(), place(m)) }) else {
        return status(EINVAL);
    };
    if r.control.is_null() {
        return 0;
    }
    // SAFETY: ancil_reader_init was given a buffer of this length that lives as long as the walk.
    let mut step = Step::resume(unsafe { bytes(r.control, r.controllen) }, r.offset);
    let found = step.next(Abi::NATIVE, Tail::Native);
    r.offset = step.offset();
    give(found.transpose(), m)
}

/// Looks for the first message of this level and type. 1: `*m` is it. 0: there is none. -EBADMSG: a bad
/// header comes before any such message. -EINVAL: `m` is NULL.
#[unsafe(no_mangle)]
#[must_use]
pub unsafe extern "C" fn ancil_find(
    control: *const c_void,
    controllen: usize,
    level: c_int,
    r#type: c_int,
    m: *mut ancil_message,
) -> c_int {
    // SAFETY: a pointer to a struct of ours is valid or NULL.
    let Some(m) = (unsafe { place(m) }) else {
        return status(EINVAL);
    };
    // SAFETY: a buffer of this length, or NULL.
    let mut reader = Reader::new(unsafe { bytes(control, controllen) });
    give(
        reader.find(|step| !step.is_ok_and(|raw| raw.level != level || raw.ty != r#type)),
        m,
    )
}

/// Tells C what a step of the reader gave.
fn give(step: Option<<Reader<'_> as Iterator>::Item>, m: &mut MaybeUninit<ancil_message>) -> c_int {
    match step {
        None => 0,
        Some(Err(_)) => status(EBADMSG),
        Some(Ok(raw)) => {
            m.write(raw.into());
            1
        }
    }
}
