//! `ancil_nl_writer_*`: netlink messages into the caller's buffer.

use crate::capi::{bytes, elements_mut, room, status};
use crate::errno::number::{EINVAL, EMSGSIZE, ENOBUFS};
use crate::error::NoSpace;
use crate::netlink::{
    Body, NLA_HDRLEN, NLMSG_HDRLEN, Nlmsghdr, WriteError, nla_length, nlmsg_align,
};
use core::ffi::{c_int, c_void};
use core::mem::MaybeUninit;

/// A datagram that is being filled. Lives on your stack; set it up with ancil_nl_writer_init, then leave its fields
/// alone.
#[repr(C)]
#[allow(non_camel_case_types, reason = "its name in C")]
pub struct ancil_nl_writer {
    /// The buffer.
    pub buf: *mut c_void,
    /// Its size in bytes.
    pub size: usize,
    /// Bytes of finished messages.
    pub end: usize,
    /// Bytes written, those of the open message included.
    pub len: usize,
    /// Where the innermost open nest is; 0 for none.
    pub nest: usize,
}

/// Starts to write into `size` bytes at `buf`, aligned in any way; they need not be zeroed.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn ancil_nl_writer_init(
    w: *mut ancil_nl_writer,
    buf: *mut c_void,
    size: usize,
) {
    if !w.is_null() {
        // SAFETY: a pointer to a struct of ours, not NULL, is valid.
        unsafe {
            w.write(ancil_nl_writer {
                buf,
                size,
                end: 0,
                len: 0,
                nest: 0,
            })
        }
    }
}

/// Begins a message of this nlmsg_type, nlmsg_flags and nlmsg_seq; nlmsg_pid is 0, as requests have it. 0, or
/// -ENOBUFS if its header does not fit: nothing was written then. -EINVAL: `w` is NULL, or a message is open.
#[unsafe(no_mangle)]
#[must_use]
pub unsafe extern "C" fn ancil_nl_writer_begin(
    w: *mut ancil_nl_writer,
    r#type: u16,
    flags: u16,
    seq: u32,
) -> c_int {
    // SAFETY: the caller's contract is ours.
    unsafe {
        write(
            w,
            NLMSG_HDRLEN,
            |body| !body.is_open(),
            |body| body.begin(Nlmsghdr::new(r#type, flags, seq)),
        )
    }
}

/// Appends `len` bytes to the open message or nest, at a multiple of 4: the struct of the family. 0, or -ENOBUFS if
/// they do not fit with their padding, which is zeroed: nothing was written then. -EINVAL: no message is open, `w`
/// is NULL, or `data` is NULL and `len` is not 0.
#[unsafe(no_mangle)]
#[must_use]
pub unsafe extern "C" fn ancil_nl_writer_put(
    w: *mut ancil_nl_writer,
    data: *const c_void,
    len: usize,
) -> c_int {
    if data.is_null() && len > 0 {
        return status(EINVAL);
    }
    // SAFETY: the caller's contract is ours.
    unsafe {
        write(w, len, Body::is_open, |body| {
            body.put(payload(body, data, len)?)
        })
    }
}

/// Appends an attribute with `len` bytes of data to the open message or nest. `type` is nla_type, flags included.
/// Returns what ancil_nl_writer_put does, or -EMSGSIZE if `len` is more than 65531, which no attribute has.
#[unsafe(no_mangle)]
#[must_use]
pub unsafe extern "C" fn ancil_nl_writer_attr(
    w: *mut ancil_nl_writer,
    r#type: u16,
    data: *const c_void,
    len: usize,
) -> c_int {
    if data.is_null() && len > 0 {
        return status(EINVAL);
    }
    // SAFETY: the caller's contract is ours.
    unsafe {
        write(w, nla_length(len), Body::is_open, |body| {
            body.attribute_bytes(r#type, payload(body, data, len)?)
        })
    }
}

/// Begins an attribute that carries attributes: what is appended from now on, until ancil_nl_writer_nest_end, is
/// inside. NLA_F_NESTED is set. They go as deep as you like. 0, -ENOBUFS if its header does not fit, or -EMSGSIZE
/// if the nest around it is too long already: nothing was written then. -EINVAL: `w` is NULL, or no message is
/// open.
#[unsafe(no_mangle)]
#[must_use]
pub unsafe extern "C" fn ancil_nl_writer_nest_begin(w: *mut ancil_nl_writer, r#type: u16) -> c_int {
    // SAFETY: the caller's contract is ours.
    unsafe { write(w, NLA_HDRLEN, Body::is_open, |body| body.begin_nest(r#type)) }
}

/// Ends the innermost nest. 0, or -EMSGSIZE if it has more than 65535 bytes: it is taken back then. -EINVAL: `w` is
/// NULL, or no nest is open.
#[unsafe(no_mangle)]
#[must_use]
pub unsafe extern "C" fn ancil_nl_writer_nest_end(w: *mut ancil_nl_writer) -> c_int {
    // SAFETY: the caller's contract is ours.
    unsafe { write(w, 0, Body::in_nest, Body::end_nest) }
}

/// Takes back what is open: the innermost nest, or if there is none the message, with all that was appended to it.
/// 0, or -EINVAL: `w` is NULL, or nothing is open.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn ancil_nl_writer_cancel(w: *mut ancil_nl_writer) -> c_int {
    let cancel = |body: &mut Body<'_>| {
        if body.in_nest() {
            body.cancel_nest()
        } else {
            body.cancel_message()
        }
        Ok(())
    };
    // SAFETY: the caller's contract is ours.
    unsafe { write(w, 0, Body::is_open, cancel) }
}

/// Ends the open message. 0, or -EMSGSIZE if it has 2^32 bytes or more: it is open still. -EINVAL: `w` is NULL, no
/// message is open, or a nest is.
#[unsafe(no_mangle)]
#[must_use]
pub unsafe extern "C" fn ancil_nl_writer_end(w: *mut ancil_nl_writer) -> c_int {
    // SAFETY: the caller's contract is ours.
    unsafe { write(w, 0, |body| body.is_open() && !body.in_nest(), Body::end) }
}

/// Bytes of the messages that have ended: what to send.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn ancil_nl_writer_finish(w: *const ancil_nl_writer) -> usize {
    // SAFETY: a pointer to a struct of ours is valid or NULL.
    unsafe { w.as_ref() }.map_or(0, |w| w.end)
}

/// What is to be appended, unless it is longer than what is left.
///
/// # Safety
/// `data` is NULL, or valid for reading `len` bytes for `'a`, and not in the buffer.
unsafe fn payload<'a>(
    body: &Body<'_>,
    data: *const c_void,
    len: usize,
) -> Result<&'a [u8], WriteError> {
    let left = body.left();
    if len > left {
        return Err(WriteError::NoSpace(NoSpace { needed: len, left }));
    }
    // SAFETY: as the caller promises.
    Ok(unsafe { bytes(data, len) })
}

/// Goes on where `w` is, if it `may`, in memory for an item of `n` bytes, and keeps where `step` gets to.
///
/// # Safety
/// `w` is NULL or valid, and so, for `'a`, is the buffer that ancil_nl_writer_init was given; nobody else uses them.
unsafe fn write<'a>(
    w: *mut ancil_nl_writer,
    n: usize,
    may: impl FnOnce(&Body<'a>) -> bool,
    step: impl FnOnce(&mut Body<'a>) -> Result<(), WriteError>,
) -> c_int {
    // SAFETY: a pointer to a struct of ours is valid or NULL.
    let Some(w) = (unsafe { w.as_mut() }) else {
        return status(EINVAL);
    };
    let state = [w.end, w.len, w.nest];
    if !may(&Body::at(&mut [], state)) {
        return status(EINVAL);
    }
    // C need not have initialised the buffer, but a body is bytes: it gets those before, and zeros to write over.
    let at = nlmsg_align(w.len);
    let end = at.saturating_add(nlmsg_align(n));
    // SAFETY: ancil_nl_writer_init was given a buffer of this size, or NULL; the contract keeps others off it.
    let all = unsafe { room(w.buf.cast::<u8>(), w.size) };
    let end = match all.get_mut(at..end) {
        Some(fresh) => {
            fresh.fill(MaybeUninit::new(0));
            end
        }
        None => at, // where it does not fit, nothing is touched
    };
    let ours = all.get_mut(..end).unwrap_or_default();
    // SAFETY: earlier calls have written the bytes up to `at`, padding included, and this one those behind.
    let mut body = Body::at(
        unsafe { elements_mut(ours.as_mut_ptr().cast::<u8>(), ours.len()) },
        state,
    );
    let done = step(&mut body);
    [w.end, w.len, w.nest] = body.state();
    match done {
        Ok(()) => 0,
        Err(WriteError::NoSpace(_)) => status(ENOBUFS),
        Err(WriteError::TooLong { .. }) => status(EMSGSIZE),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use core::ptr::null;

    #[test]
    fn what_does_not_fit_touches_nothing_and_what_does_nothing_behind_it() {
        // SAFETY: a writer and a buffer of ours.
        unsafe {
            for size in 0..64 {
                let mut buffer = [0xaau8; 64];
                let mut w = core::mem::zeroed();
                ancil_nl_writer_init(&mut w, buffer.as_mut_ptr().cast(), size);
                let steps = [
                    (16, ancil_nl_writer_begin(&mut w, 16, 1, 1)),
                    (5, ancil_nl_writer_put(&mut w, b"hello".as_ptr().cast(), 5)),
                    (4, ancil_nl_writer_nest_begin(&mut w, 1)),
                    (
                        8,
                        ancil_nl_writer_attr(&mut w, 2, b"abcd".as_ptr().cast(), 4),
                    ),
                    (4, ancil_nl_writer_attr(&mut w, 3, null(), 0)),
                ];
                let mut end = 0;
                for (n, status) in steps {
                    let fits = nlmsg_align(end) + nlmsg_align(n) <= size;
                    let open = end > 0 || n == 16;
                    let expected = if !open {
                        -libc::EINVAL
                    } else if fits {
                        0
                    } else {
                        -libc::ENOBUFS
                    };
                    assert_eq!(status, expected, "{n} in {size} behind {end}");
                    if expected == 0 {
                        end = nlmsg_align(end) + n;
                    }
                }
                assert_eq!(w.len, end);
                assert!(
                    buffer[nlmsg_align(end)..].iter().all(|&byte| byte == 0xaa),
                    "{size}"
                );
            }
        }
    }
}
