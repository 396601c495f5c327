// SPDX-License-Identifier: MIT OR Apache-2.0
//! Calls repeated until all bytes are done: [`write_all`], [`read_exact`], [`sendmsg_all`],
//! [`sendmsg_all_zerocopy`], [`recvmsg_exact`].
//!
//! All of them advance the caller's vectors in `repeat_until_done`. After an error the vectors
//! begin with the first byte that is not done, so the same call continues from there.

use super::call::check;
use super::collected::Collected;
use super::message::{refuse_zerocopy, sendmsg_zerocopy};
use crate::error::Errno;
use crate::iov::{self, IoVec, IoVecMut, Vector};
use crate::limits::UIO_MAXIOV;
use crate::msghdr::{MsgFlags, MsgHdr};
use crate::sys::received::Received;
use crate::table::keys::{SCM_CREDENTIALS, SCM_RIGHTS};
use crate::wire::control::Control;
use crate::wire::fd::Fd;
use crate::wire::key::Key;
use core::fmt;

/// Why not all bytes were done, and how many were.
///
/// If the reason is EAGAIN, wait until the descriptor is ready and make the same call again. If
/// [`recvmsg_exact`] returns ENOBUFS, make the same call again with another control buffer.
///
/// ```
/// # #[cfg(feature = "std")] {
/// use ancil::{IoVecMut, io::{self, Cause, Incomplete}};
///
/// let mut bytes = [0; 8];
/// let mut vectors = [IoVecMut::new(&mut bytes)];
/// let mut rest = &mut vectors[..];
/// let file = std::fs::File::open("/dev/null")?;
/// let Err(Incomplete { cause, done }) = io::read_exact(&file, &mut rest) else { panic!() };
/// assert_eq!((cause, done, rest.len()), (Cause::End, 0, 1));
/// # }
/// # Ok::<(), std::io::Error>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Incomplete {
    /// What ended the last call.
    pub cause: Cause,
    /// Number of bytes done before that. The vectors were advanced by this number.
    pub done: usize,
}

/// Why a call did no further bytes.
///
/// ```
/// use ancil::io::{Cause, Incomplete};
///
/// fn must_wait(error: Incomplete) -> bool {
///     error.cause == Cause::Errno(ancil::Errno::EAGAIN)
/// }
/// assert!(!must_wait(Incomplete { cause: Cause::End, done: 3 }));
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Cause {
    /// The call failed.
    Errno(Errno),
    /// The end of the file or stream.
    End,
    /// A call that writes or sends took no byte, and reported no error.
    WriteZero,
}

impl Incomplete {
    /// EINVAL, before any byte was done.
    pub(super) const INVALID: Self = Self {
        cause: Cause::Errno(Errno(libc::EINVAL)),
        done: 0,
    };
}

impl fmt::Display for Incomplete {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.cause {
            Cause::Errno(errno) => write!(f, "{errno}")?,
            Cause::End => f.write_str("the end")?,
            Cause::WriteZero => f.write_str("no byte was taken")?,
        }
        write!(f, " after {} bytes", self.done)
    }
}

impl core::error::Error for Incomplete {}

/// The number of bytes done is not in it, but the vectors were advanced: after `WouldBlock`, the
/// same call continues.
#[cfg(feature = "std")]
impl From<Incomplete> for std::io::Error {
    fn from(e: Incomplete) -> Self {
        match e.cause {
            Cause::Errno(errno) => errno.into(),
            Cause::End => std::io::ErrorKind::UnexpectedEof.into(),
            Cause::WriteZero => std::io::ErrorKind::WriteZero.into(),
        }
    }
}

/// Repeats `call` until it has done all bytes of the vectors. `call` gets the next vectors, at most
/// [`UIO_MAXIOV`], and returns how many bytes of them it did. If it does none, `zero` is the cause.
fn repeat_until_done<V: Vector>(
    vectors: &mut &mut [V],
    zero: Cause,
    mut call: impl FnMut(&mut [V]) -> Result<usize, Errno>,
) -> Result<(), Incomplete> {
    if iov::total(vectors).is_none() {
        return Err(Incomplete::INVALID);
    }
    let mut done = 0usize;
    // This drops empty vectors in front, and so does each `advance` in the loop. So every call has
    // at least one byte to do, and 0 bytes done means the end.
    iov::advance(vectors, 0);
    while !vectors.is_empty() {
        let count = vectors.len().min(UIO_MAXIOV);
        let cause = match call(vectors.get_mut(..count).unwrap_or_default()) {
            Ok(n @ 1..) => {
                done = done.saturating_add(iov::advance(vectors, n));
                continue;
            }
            Err(Errno(libc::EINTR)) => continue,
            Ok(0) => zero,
            Err(errno) => Cause::Errno(errno),
        };
        return Err(Incomplete { cause, done });
    }
    Ok(())
}

/// Writes all bytes of the vectors: `writev(2)`, repeated. For files, pipes and stream sockets.
///
/// There may be more vectors than [`UIO_MAXIOV`]. A call that a signal interrupted is repeated. In
/// the end `vectors` is empty; after an error it begins with the first byte that was not written.
///
/// ```
/// # #[cfg(feature = "std")] {
/// # use ancil::{IoVec, io};
/// # let (here, there) = std::os::unix::net::UnixStream::pair()?;
/// let mut vectors = [IoVec::new(b"head"), IoVec::new(b"body")];
/// io::write_all(&here, &mut &mut vectors[..])?;
/// # let mut bytes = [0; 8];
/// # let mut vectors = [ancil::IoVecMut::new(&mut bytes)];
/// # io::read_exact(&there, &mut &mut vectors[..])?;
/// # assert_eq!(&bytes, b"headbody");
/// # }
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// # Errors
/// [`Incomplete`]: the kernel's error, EAGAIN included, and the number of bytes written before it.
/// EINVAL before anything was written if the vectors have more than `isize::MAX` bytes.
#[doc(alias = "writev")]
pub fn write_all<'f>(
    fd: impl Into<Fd<'f>>,
    vectors: &mut &mut [IoVec<'_>],
) -> Result<(), Incomplete> {
    let fd = fd.into();
    repeat_until_done(vectors, Cause::WriteZero, |some| {
        // SAFETY: writev reads `some.len()` structs iovec and the bytes that they point to. An
        // IoVec has the layout of iovec, and its pointer and length are those of bytes that it
        // borrows. `some` has at most UIO_MAXIOV elements, so the cast keeps the length.
        check(unsafe { libc::writev(fd.as_raw(), some.as_ptr().cast(), some.len() as i32) })
    })
}

/// Reads until the vectors are full: `readv(2)`, repeated. For files, pipes and stream sockets.
///
/// There may be more vectors than [`UIO_MAXIOV`]. A call that a signal interrupted is repeated. In
/// the end `vectors` is empty; after an error it begins with the first byte that was not read.
///
/// ```
/// # #[cfg(feature = "std")] {
/// use ancil::{IoVecMut, io};
///
/// let (mut head, mut body) = ([1; 4], [1; 4]);
/// let mut vectors = [IoVecMut::new(&mut head), IoVecMut::new(&mut body)];
/// io::read_exact(&std::fs::File::open("/dev/zero")?, &mut &mut vectors[..])?;
/// assert_eq!((head, body), ([0; 4], [0; 4]));
/// # }
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// # Errors
/// [`Incomplete`]: the kernel's error, EAGAIN included, or the end of the file, and the number of
/// bytes read before it. EINVAL before anything was read if the vectors have more than `isize::MAX`
/// bytes.
#[doc(alias = "readv")]
pub fn read_exact<'f>(
    fd: impl Into<Fd<'f>>,
    vectors: &mut &mut [IoVecMut<'_>],
) -> Result<(), Incomplete> {
    let fd = fd.into();
    repeat_until_done(vectors, Cause::End, |some| {
        // SAFETY: readv reads `some.len()` structs iovec and writes to the bytes that they point
        // to. An IoVecMut has the layout of iovec, and its pointer and length are those of bytes
        // that it borrows exclusively, as `some` is borrowed; any bytes are valid there. `some` has
        // at most UIO_MAXIOV elements, so the cast keeps the length.
        check(unsafe { libc::readv(fd.as_raw(), some.as_ptr().cast(), some.len() as i32) })
    })
}

/// Sends all bytes of the vectors and the control messages: `sendmsg(2)`, repeated. For stream
/// sockets: on any other socket each call sends a message of its own.
///
/// Descriptors and credentials, `SCM_RIGHTS` and `SCM_CREDENTIALS`, are sent once, with the first
/// byte. They must stand before all other messages in `control`. The other messages say how bytes
/// are to be sent, such as their time (`SCM_TXTIME`) or their kind of record
/// (`TLS_SET_RECORD_TYPE`): they are passed to each call.
///
/// There may be more vectors than [`UIO_MAXIOV`]. A call that a signal interrupted is repeated.
/// After an error `vectors` begins with the first byte that was not sent. As soon as a byte was
/// sent, `control` begins after the messages that are sent once. So the same call continues from
/// there, and sends no descriptor twice.
///
/// ```
/// # #[cfg(feature = "std")] {
/// # use ancil::{UpTo, space_of, IoVec, MsgFlags, SCM_RIGHTS, Writer, io};
/// # let (here, there) = std::os::unix::net::UnixStream::pair()?;
/// let mut buffer = [0; space_of::<UpTo<SCM_RIGHTS, 1>>()];
/// let mut writer = Writer::new(&mut buffer);
/// writer.put(SCM_RIGHTS, &[(&here).into()])?;
/// let mut control = writer.finish();
/// let mut vectors = [IoVec::new(b"take "), IoVec::new(b"this")];
/// io::sendmsg_all(&here, &mut &mut vectors[..], &mut control, MsgFlags::MSG_NOSIGNAL)?;
/// assert!(control.is_empty());
/// # let (mut bytes, mut control) = ([0; 9], [0; space_of::<UpTo<SCM_RIGHTS, 1>>()]);
/// # let mut vectors = [ancil::IoVecMut::new(&mut bytes)];
/// # let (mut received, outcome) =
/// #     io::recvmsg_exact(&there, &mut &mut vectors[..], &mut control, MsgFlags::empty());
/// # outcome?;
/// # assert_eq!(received.take_fds().count(), 1);
/// # }
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// # Errors
/// [`Incomplete`]: the kernel's error, EAGAIN included, and the number of bytes sent before it.
/// EINVAL before anything was sent if
/// - the vectors have more than `isize::MAX` bytes,
/// - they have no byte to send descriptors or credentials with,
/// - descriptors or credentials follow another message, or a header in `control` is malformed,
/// - `flags` has `MSG_ZEROCOPY`: use [`sendmsg_all_zerocopy`].
pub fn sendmsg_all<'f>(
    fd: impl Into<Fd<'f>>,
    vectors: &mut &mut [IoVec<'_>],
    control: &mut Control<'_>,
    flags: MsgFlags,
) -> Result<(), Incomplete> {
    refuse_zerocopy(flags).map_err(|_| Incomplete::INVALID)?;
    // SAFETY: the obligations of `sendmsg_all_zerocopy` concern MSG_ZEROCOPY, which was refused.
    unsafe { sendmsg_all_zerocopy(fd, vectors, control, flags) }.1
}

/// Sends all bytes as [`sendmsg_all`] does, but also with `MSG_ZEROCOPY`. Returns in how many calls
/// bytes were sent, also if the last call failed: each is a send of its own. Pass that number to
/// [`ZerocopySends::record`](crate::ZerocopySends::record).
///
/// ```
/// # #[cfg(feature = "std")] {
/// use ancil::{Control, IoVec, MsgFlags, ZerocopySends, io};
///
/// static PAGE: [u8; 4096] = [7; 4096];
/// # let (here, there) = std::os::unix::net::UnixStream::pair()?;
/// let mut sends = ZerocopySends::<8>::new();
/// let mut vectors = [IoVec::new(&PAGE)];
/// let (rest, mut control) = (&mut &mut vectors[..], Control::default());
/// let flags = MsgFlags::empty(); // or MSG_ZEROCOPY, if `io::enable_zerocopy` has switched it on
/// // SAFETY: the bytes must not change until the sends are done. PAGE is immutable.
/// let (calls, outcome) = unsafe { io::sendmsg_all_zerocopy(&here, rest, &mut control, flags) };
/// let numbers = sends.record(calls)?; // also after an error
/// outcome?;
/// # }
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// # Safety
/// That of [`sendmsg_zerocopy`], for the bytes that were sent. `vectors` no longer contains them.
///
/// # Errors
/// The errors of [`sendmsg_all`], except EINVAL for `MSG_ZEROCOPY`, and ENOBUFS as
/// [`sendmsg_zerocopy`] returns it.
pub unsafe fn sendmsg_all_zerocopy<'f>(
    fd: impl Into<Fd<'f>>,
    vectors: &mut &mut [IoVec<'_>],
    control: &mut Control<'_>,
    flags: MsgFlags,
) -> (usize, Result<(), Incomplete>) {
    let fd = fd.into();
    let Some((sent_once, per_call)) = split_once(*control) else {
        return (0, Err(Incomplete::INVALID));
    };
    if iov::total(vectors) == Some(0) && sent_once > 0 {
        return (0, Err(Incomplete::INVALID));
    }
    let mut calls = 0usize;
    let result = repeat_until_done(vectors, Cause::WriteZero, |some| {
        let message = MsgHdr::new().iov(some).control(*control);
        // SAFETY: with MSG_ZEROCOPY, the bytes of the vectors must not change until they are sent.
        // `some` consists of the caller's vectors, and for their bytes that is the caller's
        // obligation by the contract of this function.
        let sent = unsafe { sendmsg_zerocopy(fd, &message, flags) }?;
        if sent > 0 {
            *control = per_call;
            calls = calls.saturating_add(1);
        }
        Ok(sent)
    });
    (calls, result)
}

/// Returns how many bytes of the control messages are sent once, which stand first, and the
/// messages that are sent with each call. Returns `None` if the order is another one or a header is
/// malformed.
fn split_once(control: Control<'_>) -> Option<(usize, Control<'_>)> {
    let mut first_per_call = None;
    for raw in control.reader() {
        let raw = raw.ok()?;
        if !SCM_RIGHTS.is(&raw) && !SCM_CREDENTIALS.is(&raw) {
            first_per_call = first_per_call.or(Some(raw.offset));
        } else if first_per_call.is_some() {
            return None;
        }
    }
    let bytes = control.as_bytes();
    let (once, per_call) = bytes.split_at_checked(first_per_call.unwrap_or(bytes.len()))?;
    // SAFETY: what the messages name must be borrowed. They are the last ones of `control`: the
    // bytes begin with one of its headers.
    Some((once.len(), unsafe { Control::from_raw(per_call) }))
}

/// Receives until the vectors are full: `recvmsg(2)`, repeated. For stream sockets.
///
/// The control messages of all calls are collected in `control` and belong to the [`Received`], as
/// do the descriptors in them. It is returned after an error, too. Its `bytes` is the number of
/// bytes received, its `flags` are those of all calls. Its `data` is empty: the bytes are where the
/// vectors pointed.
///
/// There may be more vectors than [`UIO_MAXIOV`]. A call that a signal interrupted is repeated. In
/// the end `vectors` is empty; after an error it begins with the first byte that was not received.
/// The same call with another control buffer continues from there.
///
/// ```
/// # #[cfg(feature = "std")] {
/// use ancil::{IoVecMut, MsgFlags, SCM_RIGHTS, UpTo, io, space_of};
///
/// # let (here, there) = std::os::unix::net::UnixStream::pair()?;
/// # io::send_fds(&there, b"headbody", &[(&here).into()])?;
/// let (mut head, mut body) = ([0; 4], [0; 4]);
/// let mut vectors = [IoVecMut::new(&mut head), IoVecMut::new(&mut body)];
/// let (rest, mut control) = (&mut &mut vectors[..], [0; space_of::<UpTo<SCM_RIGHTS, 1>>()]);
/// let (mut received, outcome) =
///     io::recvmsg_exact(&here, rest, &mut control, MsgFlags::empty());
/// outcome?;
/// assert_eq!(received.take_fds().count(), 1);
/// assert_eq!((&head, &body), (b"head", b"body"));
/// # }
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// # Descriptors and other messages
/// The number of pieces in which the bytes arrive does not decide whether descriptors fit in
/// `control`. With `SO_PASSCRED` each call brings credentials: they are kept once, after the
/// descriptors, and take no space from a later call. If a call on an AF_UNIX socket brings other
/// messages than descriptors and the same credentials, and bytes are still missing, the function
/// returns ENOBUFS: each further call may bring such messages, and would find less space for
/// descriptors. They are the credentials of another sender, and what `SO_PASSPIDFD`, `SO_PASSSEC`
/// and `SO_INQ` switch on. Nothing is lost then, and the same call with another control buffer
/// continues.
///
/// `MSG_CTRUNC` is among the flags if the buffer is too small for the descriptors and other
/// messages of all calls.
///
/// # Errors
/// [`Incomplete`]: the kernel's error, EAGAIN included, ENOBUFS as described, or the end of the
/// stream, and the number of bytes received before it. EINVAL before anything was
/// received if the vectors have more than `isize::MAX` bytes, for `MSG_PEEK`, with which each call
/// would receive the bytes of the first again, and for `MSG_TRUNC`, with which the kernel counts
/// bytes that it does not copy.
pub fn recvmsg_exact<'m, 'f>(
    fd: impl Into<Fd<'f>>,
    vectors: &mut &mut [IoVecMut<'_>],
    control: &'m mut [u8],
    flags: MsgFlags,
) -> (Received<'m>, Result<(), Incomplete>) {
    let fd = fd.into();
    let mut collected = Collected::new(control);
    let result = if flags.intersects(MsgFlags::MSG_PEEK | MsgFlags::MSG_TRUNC) {
        Err(Incomplete::INVALID)
    } else {
        repeat_until_done(vectors, Cause::End, |some| {
            collected.receive(fd, some, flags)
        })
    };
    (collected.finish(), result)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_call_that_does_no_byte_ends_the_repetition() {
        let mut vectors = [IoVec::new(b"one"), IoVec::new(b"two")];
        let (mut rest, mut answers) = (&mut vectors[..], [Ok(4), Err(Errno::EINTR), Ok(0)].iter());
        let outcome = repeat_until_done(&mut rest, Cause::WriteZero, |_| *answers.next().unwrap());
        let expected = Incomplete {
            cause: Cause::WriteZero,
            done: 4,
        };
        assert_eq!(outcome, Err(expected));
        assert_eq!((rest.len(), rest[0].as_bytes()), (1, &b"wo"[..]));
        assert_eq!(
            std::string::ToString::to_string(&expected),
            "no byte was taken after 4 bytes"
        );
    }

    #[test]
    #[cfg(feature = "std")]
    fn the_causes_have_kinds() {
        let kind = |cause| std::io::Error::from(Incomplete { cause, done: 1 }).kind();
        assert_eq!(kind(Cause::End), std::io::ErrorKind::UnexpectedEof);
        assert_eq!(kind(Cause::WriteZero), std::io::ErrorKind::WriteZero);
        let again = Cause::Errno(Errno::EAGAIN);
        assert_eq!(kind(again), std::io::ErrorKind::WouldBlock);
    }
}
