// SPDX-License-Identifier: MIT OR Apache-2.0
//! `ancil_uring_*`: the buffers of a multishot recvmsg of io_uring.

use super::{bytes, status};
use crate::errno::number::{EINVAL, EMSGSIZE};
use crate::uring::Multishot;
use core::ffi::{c_int, c_uint, c_void};
use core::mem::MaybeUninit;

/// What a buffer of a multishot recvmsg says. The pointers lead into the buffer; `control` is not
/// const, so that descriptors can be taken out.
#[repr(C)]
#[allow(non_camel_case_types, reason = "its name in C")]
pub struct ancil_uring_message {
    /// The sender's address.
    pub name: *const c_void,
    /// Bytes of the address in the buffer.
    pub name_size: usize,
    /// Bytes of the whole address.
    pub namelen: usize,
    /// The control messages, for ancil_reader_init.
    pub control: *mut c_void,
    /// Bytes of the control messages.
    pub controllen: usize,
    /// The bytes of the message.
    pub payload: *const c_void,
    /// Bytes of the message in the buffer.
    pub payload_size: usize,
    /// Bytes of the message as the kernel reported them: more if the request had MSG_TRUNC.
    pub payloadlen: usize,
    /// MSG_TRUNC, MSG_CTRUNC and others, without MSG_CMSG_CLOEXEC.
    pub flags: c_uint,
}

/// Returns the size of a buffer for messages of up to `payload` bytes, if the request is armed with
/// a msg_namelen of `name_space` and a msg_controllen of `control_space`; SIZE_MAX if the sum is
/// larger. The entry that submits the request should have MSG_CMSG_CLOEXEC in its own msg_flags:
/// nobody else sets it, and in the struct msghdr it is ignored.
#[unsafe(no_mangle)]
pub extern "C" fn ancil_uring_buffer_len(
    name_space: usize,
    control_space: usize,
    payload: usize,
) -> usize {
    Multishot::new(name_space, control_space).buffer_len(payload)
}

/// Reads a buffer that a multishot recvmsg filled: the `len` bytes that the completion reported.
/// `name_space` and `control_space` are those of the request. Descriptors in the control messages
/// belong to the caller: ancil_take_fds. Returns 0 if `*m` was set; -EMSGSIZE if the buffer has no
/// room for the spaces, so that it is of another request; -EINVAL if `m` is NULL.
#[unsafe(no_mangle)]
#[must_use]
pub unsafe extern "C" fn ancil_uring_parse(
    buf: *mut c_void,
    len: usize,
    name_space: usize,
    control_space: usize,
    m: Option<&mut MaybeUninit<ancil_uring_message>>,
) -> c_int {
    let Some(m) = m else {
        return status(EINVAL);
    };
    // SAFETY: `bytes` needs NULL or `len` bytes that are valid for reading: the contract of the C
    // API.
    let buffer = unsafe { bytes(buf, len) };
    let Ok(shot) = Multishot::new(name_space, control_space).parse(buffer) else {
        return status(EMSGSIZE);
    };
    let control_start = Multishot::new(name_space, 0).buffer_len(0);
    m.write(ancil_uring_message {
        name: shot.name.as_ptr().cast(),
        name_size: shot.name.len(),
        namelen: shot.name_len,
        // Made of `buf`, because the caller may write through it.
        control: buf.wrapping_byte_add(control_start),
        controllen: shot.control.len(),
        payload: shot.payload.as_ptr().cast(),
        payload_size: shot.payload.len(),
        payloadlen: shot.payload_len,
        flags: shot.flags.bits(),
    });
    0
}
