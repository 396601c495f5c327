//! `ancil_nl_writer_*`: netlink messages into the caller's buffer.

use crate::capi::{bytes, slice_mut, status, uninit_slice};
use crate::errno::number::{EINVAL, EMSGSIZE, ENOBUFS};
use crate::error::NoSpace;
use crate::netlink::{
    Body, NLA_HDRLEN, NLMSG_HDRLEN, Nlmsghdr, WriteError, nla_length, nlmsg_align,
};
use core::ffi::{c_int, c_void};
use core::marker::PhantomData;
use core::mem::MaybeUninit;

/// A datagram that is being filled. Lives on your stack; set it up with ancil_nl_writer_init, then
/// leave its fields alone.
#[repr(C)]
#[allow(non_camel_case_types, reason = "its name in C")]
pub struct ancil_nl_writer<'a> {
    /// The buffer.
    buf: *mut c_void,
    /// Its size in bytes.
    size: usize,
    /// Bytes of finished messages.
    end: usize,
    /// Bytes written, those of the open message included.
    len: usize,
    /// Where the innermost open nest is; 0 for none.
    nest: usize,
    // Invariant: `buf` is NULL, or valid for writing `size` bytes that nothing else accesses for
    // `'a`. Those up to `len`, rounded up to a multiple of 4, are initialised.
    lifetime: PhantomData<&'a mut [MaybeUninit<u8>]>,
}

/// Starts to write into `size` bytes at `buf`, aligned in any way; they need not be zeroed.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn ancil_nl_writer_init<'a>(
    w: Option<&mut MaybeUninit<ancil_nl_writer<'a>>>,
    buf: *mut c_void,
    size: usize,
) {
    if let Some(w) = w {
        w.write(ancil_nl_writer {
            buf,
            size,
            end: 0,
            len: 0,
            nest: 0,
            lifetime: PhantomData,
        });
    }
}

/// Begins a message of this nlmsg_type, nlmsg_flags and nlmsg_seq; nlmsg_pid is 0, as requests have
/// it. 0, or -ENOBUFS if its header does not fit: nothing was written then. -EINVAL: `w` is NULL,
/// or a message is open.
#[unsafe(no_mangle)]
#[must_use]
pub extern "C" fn ancil_nl_writer_begin(
    w: Option<&mut ancil_nl_writer<'_>>,
    r#type: u16,
    flags: u16,
    seq: u32,
) -> c_int {
    write(
        w,
        NLMSG_HDRLEN,
        |body| !body.is_open(),
        |body| body.begin(Nlmsghdr::new(r#type, flags, seq)),
    )
}

/// Appends `len` bytes to the open message or nest, at a multiple of 4: the struct of the family.
/// 0, or -ENOBUFS if they do not fit with their padding, which is zeroed: nothing was written then.
/// -EINVAL: no message is open, `w` is NULL, or `data` is NULL and `len` is not 0.
#[unsafe(no_mangle)]
#[must_use]
pub unsafe extern "C" fn ancil_nl_writer_put(
    w: Option<&mut ancil_nl_writer<'_>>,
    data: *const c_void,
    len: usize,
) -> c_int {
    if data.is_null() && len > 0 {
        return status(EINVAL);
    }
    write(w, len, Body::is_open, |body| {
        // SAFETY: `payload` needs NULL or `len` bytes that are valid for reading: the contract of
        // the C API.
        body.put(unsafe { payload(body, data, len) }?)
    })
}

/// Appends an attribute with `len` bytes of data to the open message or nest. `type` is nla_type,
/// flags included. Returns what ancil_nl_writer_put does, or -EMSGSIZE if `len` is more than 65531,
/// which no attribute has.
#[unsafe(no_mangle)]
#[must_use]
pub unsafe extern "C" fn ancil_nl_writer_attr(
    w: Option<&mut ancil_nl_writer<'_>>,
    r#type: u16,
    data: *const c_void,
    len: usize,
) -> c_int {
    if data.is_null() && len > 0 {
        return status(EINVAL);
    }
    write(w, nla_length(len), Body::is_open, |body| {
        // SAFETY: `payload` needs NULL or `len` bytes that are valid for reading: the contract of
        // the C API.
        body.attribute_bytes(r#type, unsafe { payload(body, data, len) }?)
    })
}

/// Begins an attribute that carries attributes: what is appended from now on, until
/// ancil_nl_writer_nest_end, is inside. NLA_F_NESTED is set. They go as deep as you like. 0,
/// -ENOBUFS if its header does not fit, or -EMSGSIZE if the nest around it is too long already:
/// nothing was written then. -EINVAL: `w` is NULL, or no message is open.
#[unsafe(no_mangle)]
#[must_use]
pub extern "C" fn ancil_nl_writer_nest_begin(
    w: Option<&mut ancil_nl_writer<'_>>,
    r#type: u16,
) -> c_int {
    write(w, NLA_HDRLEN, Body::is_open, |body| body.begin_nest(r#type))
}

/// Ends the innermost nest. 0, or -EMSGSIZE if it has more than 65535 bytes: it is taken back then.
/// -EINVAL: `w` is NULL, or no nest is open.
#[unsafe(no_mangle)]
#[must_use]
pub extern "C" fn ancil_nl_writer_nest_end(w: Option<&mut ancil_nl_writer<'_>>) -> c_int {
    write(w, 0, Body::in_nest, Body::end_nest)
}

/// Takes back what is open: the innermost nest, or if there is none the message, with all that was
/// appended to it. 0, or -EINVAL: `w` is NULL, or nothing is open.
#[unsafe(no_mangle)]
pub extern "C" fn ancil_nl_writer_cancel(w: Option<&mut ancil_nl_writer<'_>>) -> c_int {
    let cancel = |body: &mut Body<'_>| {
        if body.in_nest() {
            body.cancel_nest()
        } else {
            body.cancel_message()
        }
        Ok(())
    };
    write(w, 0, Body::is_open, cancel)
}

/// Ends the open message. 0, or -EMSGSIZE if it has 2^32 bytes or more: it is open still. -EINVAL:
/// `w` is NULL, no message is open, or a nest is.
#[unsafe(no_mangle)]
#[must_use]
pub extern "C" fn ancil_nl_writer_end(w: Option<&mut ancil_nl_writer<'_>>) -> c_int {
    write(w, 0, |body| body.is_open() && !body.in_nest(), Body::end)
}

/// Bytes of the messages that have ended: what to send.
#[unsafe(no_mangle)]
pub extern "C" fn ancil_nl_writer_finish(w: Option<&ancil_nl_writer<'_>>) -> usize {
    w.map_or(0, |w| w.end)
}

/// Returns what is to be appended, unless it is longer than what is left: a length that no memory
/// has is an error, too, and no slice.
///
/// # Safety
/// Unless `data` is NULL or `len` is 0, `len` initialised bytes at `data` must be valid for reading
/// for `'a`, in which nothing writes to them.
unsafe fn payload<'a>(
    body: &Body<'_>,
    data: *const c_void,
    len: usize,
) -> Result<&'a [u8], WriteError> {
    let left = body.left();
    if len > left {
        return Err(WriteError::NoSpace(NoSpace { needed: len, left }));
    }
    // SAFETY: `bytes` needs exactly what the caller promises.
    Ok(unsafe { bytes(data, len) })
}

/// Takes one step of a writer: if it `may`, lets `step` append an item of `n` bytes, and keeps the
/// state that `step` leaves.
fn write<'b>(
    w: Option<&'b mut ancil_nl_writer<'_>>,
    n: usize,
    may: impl FnOnce(&Body<'b>) -> bool,
    step: impl FnOnce(&mut Body<'b>) -> Result<(), WriteError>,
) -> c_int {
    let Some(w) = w else {
        return status(EINVAL);
    };
    let state = [w.end, w.len, w.nest];
    if !may(&Body::at(&mut [], state)) {
        return status(EINVAL);
    }
    // C need not have initialised the buffer, but a `Body` takes initialised bytes: those that are
    // written already, and zeros for `step` to overwrite.
    let at = nlmsg_align(w.len);
    let end = at.saturating_add(nlmsg_align(n));
    // SAFETY: `uninit_slice` needs NULL or `size` bytes that are valid for writing and that nothing
    // else accesses for `'b`: the invariant of the fields, which the caller of
    // `ancil_nl_writer_init` promises, and the writer is borrowed for `'b`.
    let all = unsafe { uninit_slice(w.buf.cast::<u8>(), w.size) };
    let end = match all.get_mut(at..end) {
        Some(fresh) => {
            fresh.fill(MaybeUninit::new(0));
            end
        }
        None => at, // if the item does not fit, nothing is touched
    };
    let ours = all.get_mut(..end).unwrap_or_default();
    // SAFETY: `slice_mut` needs initialised bytes that nothing else accesses for `'b`. They are a
    // slice of that lifetime, which is not used again. Those up to `at` are initialised by the
    // invariant of `len`, those from `at` to `end` by `fill`. What `step` appends is within them
    // and ends, rounded up to a multiple of 4, at most at `end`, so the invariant holds for the new
    // `len` as well.
    let ours = unsafe { slice_mut(ours.as_mut_ptr().cast::<u8>(), ours.len()) };
    let mut body = Body::at(ours, state);
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
    fn an_item_is_written_whole_or_not_at_all_and_nothing_after_it() {
        // SAFETY: the functions need a buffer of `size` bytes for as long as the writer is used,
        // and data of the lengths given. `buffer` is declared before `w`, and `size` is below its
        // length; the strings have these lengths, and NULL has 0.
        unsafe {
            for size in 0..64 {
                let mut buffer = [0xaau8; 64];
                let mut w = MaybeUninit::uninit();
                ancil_nl_writer_init(Some(&mut w), buffer.as_mut_ptr().cast(), size);
                let w = w.assume_init_mut();
                let (hello, abcd) = (b"hello".as_ptr().cast(), b"abcd".as_ptr().cast());
                let steps = [
                    (16, ancil_nl_writer_begin(Some(w), 16, 1, 1)),
                    (5, ancil_nl_writer_put(Some(w), hello, 5)),
                    (4, ancil_nl_writer_nest_begin(Some(w), 1)),
                    (8, ancil_nl_writer_attr(Some(w), 2, abcd, 4)),
                    (4, ancil_nl_writer_attr(Some(w), 3, null(), 0)),
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
                    assert_eq!(status, expected, "{n} in {size} after {end}");
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
