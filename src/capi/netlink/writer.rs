// SPDX-License-Identifier: MIT OR Apache-2.0
//! `ancil_nl_writer_*`: netlink messages into the caller's buffer.

use crate::capi::{bytes, slice_mut, status, uninit_slice};
use crate::errno::number::{EINVAL, EMSGSIZE, ENOBUFS};
use crate::error::Errno;
use crate::netlink::{Body, NLA_HDRLEN, NLMSG_HDRLEN, Nlmsghdr, WriteError, nlmsg_align};
use core::ffi::{c_int, c_void};
use core::marker::PhantomData;
use core::mem::MaybeUninit;

/// Messages that are being written into a buffer. The writer lives on your stack. Set it up with
/// ancil_nl_writer_init, then leave its fields alone.
///
/// A writer remembers its first error. From then on, the functions that write do nothing and return
/// that error, until ancil_nl_writer_cancel. So one check is enough: that of ancil_nl_writer_end. A
/// call that fails leaves the buffer unchanged.
#[repr(C)]
#[allow(non_camel_case_types, reason = "its name in C")]
pub struct ancil_nl_writer<'a> {
    /// The buffer.
    buf: *mut c_void,
    /// Its size in bytes.
    size: usize,
    /// The bytes of finished messages.
    end: usize,
    /// The bytes written, with those of the open message.
    len: usize,
    /// The offset of the innermost open nest; 0 if no nest is open.
    nest: usize,
    /// What ancil_nl_writer_status returns.
    status: c_int,
    /// Unused: room for later versions.
    spare: [usize; 2],
    // Invariant: `buf` is NULL, or valid for writing `size` bytes that nothing else accesses for
    // `'a`. Those up to `len`, rounded up to a multiple of 4, are initialised.
    lifetime: PhantomData<&'a mut [MaybeUninit<u8>]>,
}

/// Starts to write into `size` bytes at `buf`, which may hold anything and have any alignment.
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
            status: 0,
            spare: [0; 2],
            lifetime: PhantomData,
        });
    }
}

/// Begins a message with this nlmsg_type, nlmsg_flags and nlmsg_seq. nlmsg_pid is 0, which is right
/// for a request. Returns 0, -ENOBUFS if the header does not fit, or -EINVAL if `w` is NULL or a
/// message is open.
#[unsafe(no_mangle)]
pub extern "C" fn ancil_nl_writer_begin(
    w: Option<&mut ancil_nl_writer<'_>>,
    r#type: u16,
    flags: u16,
    seq: u32,
) -> c_int {
    write(
        w,
        |body| allow(!body.is_open(), NLMSG_HDRLEN),
        |body| body.begin(Nlmsghdr::new(r#type, flags, seq)),
    )
}

/// Appends `len` bytes, such as the struct of the family, to the open message or nest, at a
/// multiple of 4. Padding is zeroed. Returns 0, -ENOBUFS if the bytes do not fit with their
/// padding, or -EINVAL if `w` is NULL, if `data` is NULL and `len` is not 0, or if no message is
/// open.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn ancil_nl_writer_put(
    w: Option<&mut ancil_nl_writer<'_>>,
    data: *const c_void,
    len: usize,
) -> c_int {
    let given = len == 0 || !data.is_null();
    write(
        w,
        |body| allow(given && body.is_open(), len),
        // SAFETY: `bytes` needs NULL or `len` bytes that are valid for reading and that nothing
        // writes to: the contract of the C API, by which they do not overlap the buffer.
        |body| body.put(unsafe { bytes(data, len) }),
    )
}

/// Appends an attribute with `len` bytes of data to the open message or nest. `type` is the
/// nla_type with its flags. Returns what ancil_nl_writer_put does, or -EMSGSIZE if `len` is more
/// than 65531, the most that an attribute can have.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn ancil_nl_writer_attr(
    w: Option<&mut ancil_nl_writer<'_>>,
    r#type: u16,
    data: *const c_void,
    len: usize,
) -> c_int {
    let given = len == 0 || !data.is_null();
    write(
        w,
        |body| {
            allow(given && body.is_open(), ())?;
            Ok(Body::nla_len(len).map_err(errno)?.into())
        },
        // SAFETY: `bytes` needs NULL or `len` bytes that are valid for reading and that nothing
        // writes to: the contract of the C API, by which they do not overlap the buffer.
        |body| body.attribute_bytes(r#type, unsafe { bytes(data, len) }),
    )
}

/// Begins a nest: an attribute that carries the attributes which are appended until
/// ancil_nl_writer_nest_end. Sets NLA_F_NESTED. Nests can have any depth. Returns 0, -ENOBUFS if
/// the header does not fit, -EMSGSIZE if the nest around it is too long already, or -EINVAL if `w`
/// is NULL or no message is open.
#[unsafe(no_mangle)]
pub extern "C" fn ancil_nl_writer_nest_begin(
    w: Option<&mut ancil_nl_writer<'_>>,
    r#type: u16,
) -> c_int {
    write(
        w,
        |body| {
            allow(body.is_open(), ())?;
            body.nest_distance().map_err(errno)?;
            Ok(NLA_HDRLEN)
        },
        |body| body.begin_nest(r#type),
    )
}

/// Ends the innermost nest. Returns 0, -EMSGSIZE if the nest has more than 65535 bytes, or -EINVAL
/// if `w` is NULL or no nest is open.
#[unsafe(no_mangle)]
pub extern "C" fn ancil_nl_writer_nest_end(w: Option<&mut ancil_nl_writer<'_>>) -> c_int {
    write(w, |body| allow(body.in_nest(), 0), |body| body.end_nest())
}

/// Drops the innermost nest with all that was appended to it, for instance because it turned out to
/// be empty. Returns 0, or -EINVAL if `w` is NULL or no nest is open.
#[unsafe(no_mangle)]
pub extern "C" fn ancil_nl_writer_nest_cancel(w: Option<&mut ancil_nl_writer<'_>>) -> c_int {
    write(
        w,
        |body| allow(body.in_nest(), 0),
        |body| {
            body.cancel_nest();
            Ok(())
        },
    )
}

/// Finishes the open message, unless the writer remembers an error. Returns what
/// ancil_nl_writer_status does. Errors of this call are -EMSGSIZE if the message has 2^32 bytes or
/// more, and -EINVAL if `w` is NULL, no message is open, or a nest is open.
#[unsafe(no_mangle)]
#[must_use]
pub extern "C" fn ancil_nl_writer_end(w: Option<&mut ancil_nl_writer<'_>>) -> c_int {
    write(
        w,
        |body| allow(body.is_open() && !body.in_nest(), 0),
        |body| body.end(),
    )
}

/// Drops the open message with its nests, if a message is open, and forgets the error, if there was
/// one. The finished messages stay, and the next message can begin.
#[unsafe(no_mangle)]
pub extern "C" fn ancil_nl_writer_cancel(w: Option<&mut ancil_nl_writer<'_>>) {
    if let Some(w) = w {
        let mut body = w.without_buffer();
        body.cancel_message();
        [w.end, w.len, w.nest] = body.state();
        w.status = 0;
    }
}

/// Returns 0, or the first error since ancil_nl_writer_init or ancil_nl_writer_cancel. Returns
/// -EINVAL if `w` is NULL.
#[unsafe(no_mangle)]
#[must_use]
pub extern "C" fn ancil_nl_writer_status(w: Option<&ancil_nl_writer<'_>>) -> c_int {
    w.map_or(status(EINVAL), |w| w.status)
}

/// Returns the length of the finished messages in bytes. They can be sent whatever the status is.
#[unsafe(no_mangle)]
pub extern "C" fn ancil_nl_writer_finish(w: Option<&ancil_nl_writer<'_>>) -> usize {
    w.map_or(0, |w| w.end)
}

/// Returns `value` if a call is allowed, otherwise EINVAL.
const fn allow<T: Copy>(allowed: bool, value: T) -> Result<T, Errno> {
    if allowed { Ok(value) } else { Err(EINVAL) }
}

const fn errno(e: WriteError) -> Errno {
    match e {
        WriteError::NoSpace(_) => ENOBUFS,
        WriteError::TooLong { .. } => EMSGSIZE,
    }
}

/// Takes one step of a writer, unless it has failed before, and remembers an error.
///
/// `plan` checks everything but the space, without touching the buffer, and returns how many bytes
/// `step` will append.
fn write(
    w: Option<&mut ancil_nl_writer<'_>>,
    plan: impl FnOnce(&Body<'_>) -> Result<usize, Errno>,
    step: impl FnOnce(&mut Body<'_>) -> Result<(), WriteError>,
) -> c_int {
    let Some(w) = w else {
        return status(EINVAL);
    };
    if w.status == 0 {
        let done = plan(&w.without_buffer()).and_then(|n| w.append(n, step));
        w.status = done.map_or_else(status, |()| 0);
    }
    w.status
}

impl ancil_nl_writer<'_> {
    /// Returns a body that knows what is written so far, but cannot access it.
    const fn without_buffer(&self) -> Body<'static> {
        Body::at(&mut [], [self.end, self.len, self.nest])
    }

    /// Lets `step` append `n` bytes, if they fit.
    fn append(
        &mut self,
        n: usize,
        step: impl FnOnce(&mut Body<'_>) -> Result<(), WriteError>,
    ) -> Result<(), Errno> {
        let at = nlmsg_align(self.len);
        let end = at.saturating_add(nlmsg_align(n));
        // SAFETY: `uninit_slice` needs NULL or `size` bytes that are valid for writing and that
        // nothing else accesses while the slice is used: the invariant of the fields, which the
        // caller of `ancil_nl_writer_init` promises. The writer is borrowed as long.
        let all = unsafe { uninit_slice(self.buf.cast::<u8>(), self.size) };
        let ours = all.get_mut(..end).ok_or(ENOBUFS)?;
        // C need not have initialised the buffer, but a `Body` takes initialised bytes: those that
        // are written already, and zeros for `step` to overwrite.
        let fresh = ours.get_mut(at..).unwrap_or_default();
        fresh.fill(MaybeUninit::new(0));
        // SAFETY: `slice_mut` needs initialised bytes that nothing else accesses while the slice is
        // used. The bytes are those of `ours`, which is not used again. Those up to `at` are
        // initialised by the invariant of `len`, those from `at` to `end` by `fill`. What `step`
        // appends is within them and ends, rounded up to a multiple of 4, at most at `end`, so the
        // invariant holds for the new `len` as well.
        let ours = unsafe { slice_mut(ours.as_mut_ptr().cast::<u8>(), ours.len()) };
        let mut body = Body::at(ours, [self.end, self.len, self.nest]);
        step(&mut body).map_err(errno)?;
        [self.end, self.len, self.nest] = body.state();
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use core::ptr::null;

    #[test]
    fn an_item_is_written_whole_or_not_at_all_and_nothing_after_an_error() {
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
                let (mut end, mut expected) = (0, 0);
                for (n, status) in steps {
                    if nlmsg_align(end) + nlmsg_align(n) > size {
                        expected = -libc::ENOBUFS; // from now on
                    }
                    assert_eq!(status, expected, "{n} in {size} after {end}");
                    if expected == 0 {
                        end = nlmsg_align(end) + n;
                    }
                }
                assert_eq!((w.len, ancil_nl_writer_status(Some(w))), (end, expected));
                assert!(
                    buffer[nlmsg_align(end)..].iter().all(|&byte| byte == 0xaa),
                    "{size}"
                );
            }
        }
    }
}
