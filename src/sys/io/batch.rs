// SPDX-License-Identifier: MIT OR Apache-2.0
//! Many messages in one call: [`sendmmsg`], [`sendmmsg_zerocopy`], [`recvmmsg`],
//! [`recvmmsg_retry`].

use super::call::{OnSignal, check, close, refuse_trunc_on_stream, repeat_recv};
use super::message::refuse_zerocopy;
use super::recv_buffers::{Batch, Filled, RecvBuffers};
use super::recv_header::RecvHeader;
use crate::error::Errno;
use crate::limits::UIO_MAXIOV;
use crate::mmsghdr::MMsgHdr;
use crate::msghdr::{MsgFlags, MsgHdrMut};
use crate::sys::outcome::{Outcome, Space};
use crate::sys::received::Received;
use crate::wire::fd::Fd;
use core::ffi::{c_int, c_uint};
use core::iter::FusedIterator;
use core::time::Duration;
use core::{fmt, mem, ptr};

/// Sends a batch: `sendmmsg(2)`. Returns how many messages were sent, counted from the first.
///
/// The count may be less than the length of the batch. Each message within the count has its
/// [`msg_len`](MMsgHdr::msg_len). The messages after it were neither sent nor changed. Why the
/// count may be less:
/// - Of a longer batch, the kernel takes the first [`UIO_MAXIOV`] messages, 1024.
/// - It stops at the first message that fails. If that message is not the first of the batch, this
///   call does not report the error. Send the rest, which begins with that message: the next call
///   reports the error.
/// - On a stream it stops after a message of which only a part was sent. The count includes that
///   message; compare its `msg_len` with its length.
///
/// Each message is checked as `sendmsg(2)` checks it. See also [`MMsgHdr::group_by_name`].
///
/// ```
/// # #[cfg(feature = "std")] {
/// use ancil::{IoVec, MMsgHdr, MsgFlags, MsgHdr, io};
///
/// # let (here, there) = std::os::unix::net::UnixDatagram::pair()?;
/// let vectors = [[IoVec::new(b"one")], [IoVec::new(b"two")]];
/// let mut batch = vectors.each_ref().map(|vectors| MMsgHdr::new(MsgHdr::new().iov(vectors)));
/// let mut rest = &mut batch[..];
/// while !rest.is_empty() {
///     let sent = io::sendmmsg(&here, rest, MsgFlags::empty())?;
///     rest = &mut rest[sent..];
/// }
/// # }
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// # Errors
/// The kernel's, for the first message; nothing was sent then. EINVAL for `MSG_ZEROCOPY`: use
/// [`sendmmsg_zerocopy`].
pub fn sendmmsg<'f>(
    fd: impl Into<Fd<'f>>,
    messages: &mut [MMsgHdr<'_>],
    flags: MsgFlags,
) -> Result<usize, Errno> {
    refuse_zerocopy(flags)?;
    // SAFETY: the obligations of `sendmmsg_zerocopy` concern MSG_ZEROCOPY, which was refused.
    unsafe { sendmmsg_zerocopy(fd, messages, flags) }
}

/// Sends a batch as [`sendmmsg`] does, but also with `MSG_ZEROCOPY`. Each message within the count
/// is a send of its own: see [`ZerocopySends`](crate::ZerocopySends).
///
/// ```
/// # #[cfg(feature = "std")] {
/// use ancil::{IoVec, MMsgHdr, MsgFlags, MsgHdr, ZerocopySends, io};
///
/// static PAGE: [u8; 4096] = [7; 4096];
/// # let (here, there) = std::os::unix::net::UnixDatagram::pair()?;
/// let mut sends = ZerocopySends::<8>::new();
/// let vectors = [IoVec::new(&PAGE)];
/// let mut batch = [MMsgHdr::new(MsgHdr::new().iov(&vectors))];
/// let flags = MsgFlags::empty(); // or MSG_ZEROCOPY, if `io::enable_zerocopy` has switched it on
/// // SAFETY: the bytes must not change until the sends are done. PAGE is immutable.
/// let sent = unsafe { io::sendmmsg_zerocopy(&here, &mut batch, flags)? };
/// let numbers = sends.record(sent)?;
/// # }
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// # Safety
/// That of [`sendmsg_zerocopy`](super::sendmsg_zerocopy), for the bytes of every message. The first
/// message after the count may have failed, and may have a number.
///
/// # Errors
/// The errors of [`sendmmsg`], except EINVAL for `MSG_ZEROCOPY`, and ENOBUFS as
/// [`sendmsg_zerocopy`](super::sendmsg_zerocopy) returns it.
pub unsafe fn sendmmsg_zerocopy<'f>(
    fd: impl Into<Fd<'f>>,
    messages: &mut [MMsgHdr<'_>],
    flags: MsgFlags,
) -> Result<usize, Errno> {
    let count = messages.len().min(UIO_MAXIOV);
    let messages = messages.get_mut(..count).unwrap_or_default();
    let fd = fd.into().as_raw();
    let (first, count) = (messages.as_mut_ptr(), count as c_uint);
    // SAFETY: the kernel reads `count` structs mmsghdr at `first` and the memory that they point
    // to, and writes `msg_len` in each. `messages` has at least `count` elements in that layout and
    // is borrowed exclusively; any number is a valid `msg_len`. The pointers and lengths in each
    // element come from slices that it borrows, and what the control messages name may be used by
    // the kernel, as a Control promises. That the bytes are valid after the call is the caller's
    // obligation by the contract of this function.
    let sent = unsafe {
        // The function of musl and ohos is a loop that calls sendmsg for each message.
        #[cfg(any(target_env = "musl", target_env = "ohos"))]
        let sent = libc::syscall(libc::SYS_sendmmsg, fd, first, count, flags.bits());
        #[cfg(not(any(target_env = "musl", target_env = "ohos")))]
        let sent = libc::sendmmsg(fd, first.cast(), count, flags.bits() as _);
        sent
    };
    check(sent)
}

/// Receives a batch: `recvmmsg(2)`. The [`ReceivedMessages`] yield message by message what arrived.
///
/// The call waits until all the space is used, possibly forever. Usually pass one of
/// - `MSG_WAITFORONE`: wait for the first message, then take those that are there;
/// - `MSG_DONTWAIT`: do not wait.
///
/// Each message is received as [`recvmsg`](super::recvmsg) receives it: with its own bytes,
/// address, flags and descriptors, and with `MSG_CMSG_CLOEXEC`. If one message is truncated, the
/// others are not affected. The buffers after the last message that arrived are unchanged. There
/// may be more than 1024 messages.
///
/// ```
/// # #[cfg(feature = "std")] {
/// use ancil::{IoVecMut, MsgFlags, io};
///
/// # let (here, there) = std::os::unix::net::UnixDatagram::pair()?;
/// # there.send(b"one")?;
/// # there.send(b"two")?;
/// let mut bytes = [[0; 1500]; 16];
/// let mut vectors = bytes.each_mut().map(|bytes| [IoVecMut::from(bytes)]);
/// let mut buffers = io::RecvBuffers::<16>::new(&mut vectors);
/// let messages = io::recvmmsg(&here, &mut buffers, MsgFlags::MSG_WAITFORONE, None)?;
/// assert!(messages.map(|received| received.data()).eq([b"one", b"two"]));
/// # }
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// # The timeout
/// The kernel checks the timeout only when a message has arrived: if the time is over then, the
/// call returns what there is. While no message arrives, the call waits beyond any timeout. To
/// limit that, set `SO_RCVTIMEO` or call `poll(2)` first. With a timeout of zero, one message is
/// received. [`ReceivedMessages::remaining`] returns the time that was left.
///
/// # Errors
/// The kernel's, if no message arrived; EAGAIN and EINTR are among them. If messages arrived before
/// an error, they are returned, and the next call on this socket reports the error unless it was
/// EAGAIN. An error that was pending on the socket is reported first, before any message.
/// [`recvmmsg_retry`] does not return EINTR.
pub fn recvmmsg<'b, 'f, const N: usize>(
    fd: impl Into<Fd<'f>>,
    buffers: &'b mut RecvBuffers<'_, N>,
    flags: MsgFlags,
    timeout: Option<Duration>,
) -> Result<ReceivedMessages<'b>, Errno> {
    recv_batch(fd.into(), buffers.batch(), flags, timeout, OnSignal::Fail)
}

/// Receives a batch as [`recvmmsg`] does, and repeats the call when a signal interrupted it before
/// a message arrived. The timeout begins anew with each call.
///
/// ```
/// # #[cfg(feature = "std")] {
/// # use ancil::{IoVecMut, MsgFlags, io};
/// # let (here, there) = std::os::unix::net::UnixDatagram::pair()?;
/// # there.send(b"one")?;
/// # let mut bytes = [[0; 1500]; 16];
/// # let mut vectors = bytes.each_mut().map(|bytes| [IoVecMut::from(bytes)]);
/// let mut buffers = io::RecvBuffers::<16>::new(&mut vectors);
/// let messages = io::recvmmsg_retry(&here, &mut buffers, MsgFlags::MSG_WAITFORONE, None)?;
/// assert_eq!(messages.len(), 1);
/// # }
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// # Errors
/// The errors of [`recvmmsg`] except EINTR.
pub fn recvmmsg_retry<'b, 'f, const N: usize>(
    fd: impl Into<Fd<'f>>,
    buffers: &'b mut RecvBuffers<'_, N>,
    flags: MsgFlags,
    timeout: Option<Duration>,
) -> Result<ReceivedMessages<'b>, Errno> {
    recv_batch(fd.into(), buffers.batch(), flags, timeout, OnSignal::Repeat)
}

fn recv_batch<'b>(
    fd: Fd<'_>,
    mut batch: Batch<'b>,
    flags: MsgFlags,
    timeout: Option<Duration>,
    on_signal: OnSignal,
) -> Result<ReceivedMessages<'b>, Errno> {
    refuse_trunc_on_stream(fd, flags)?;
    let mut time = to_timespec(Duration::ZERO);
    let mut call = |flags: MsgFlags| {
        time = to_timespec(timeout.unwrap_or_default());
        let time_or_null = if timeout.is_some() {
            &raw mut time
        } else {
            ptr::null_mut()
        };
        let headers = batch.prepare();
        let count = headers.len().min(c_int::MAX as usize) as c_uint;
        let (first, flags) = (headers.as_mut_ptr().cast(), flags.bits() as _);
        // SAFETY: recvmmsg writes to `count` structs mmsghdr at `first`, to the name, the control
        // buffer and the bytes of the vectors of each, and to the timespec; it reads the vectors.
        // `headers` has at least `count` elements in that layout. By the invariant of Batch, with
        // the lengths that `prepare` has just written, their pointers and lengths are those of
        // different slices, which `batch` borrows exclusively. Any bytes are valid in all of them.
        // `time` lives until the end of this function. The kernel keeps no pointer after the call.
        check(unsafe { libc::recvmmsg(fd.as_raw(), first, count, flags, time_or_null) })
    };
    let first = call(flags | MsgFlags::MSG_CMSG_CLOEXEC);
    let received = repeat_recv(first, fd, flags, on_signal, call)?;
    Ok(ReceivedMessages {
        filled: batch.filled(received),
        remaining: timeout.map(|_| from_timespec(&time)),
    })
}

/// Returns the time as the C library takes it; if its seconds do not fit, 68 years.
fn to_timespec(time: Duration) -> libc::timespec {
    // It cannot be a literal: some C libraries have padding fields with names of their own.
    // SAFETY: all bytes zero must be a valid value. timespec consists of integers, for which zero
    // is valid.
    let mut spec: libc::timespec = unsafe { mem::zeroed() };
    spec.tv_sec = time.as_secs().try_into().unwrap_or(i32::MAX.into());
    spec.tv_nsec = time.subsec_nanos() as _; // less than 10^9, which fits in any integer type here
    spec
}

fn from_timespec(spec: &libc::timespec) -> Duration {
    Duration::from_secs(spec.tv_sec.try_into().unwrap_or(0))
        .saturating_add(Duration::from_nanos(spec.tv_nsec.try_into().unwrap_or(0)))
}

/// What [`recvmmsg`] received: an iterator over the messages, in the order of their arrival.
///
/// It owns the descriptors of the messages that it has not yielded yet, as a [`Received`] owns
/// those of its message: dropping the iterator closes them.
///
/// ```
/// # #[cfg(feature = "std")] {
/// # use ancil::{IoVecMut, MsgFlags, io};
/// # let (here, there) = std::os::unix::net::UnixDatagram::pair()?;
/// # there.send(b"one")?;
/// # let mut bytes = [[0; 1500]; 16];
/// # let mut vectors = bytes.each_mut().map(|bytes| [IoVecMut::from(bytes)]);
/// # let mut buffers = io::RecvBuffers::<16>::new(&mut vectors);
/// let messages: io::ReceivedMessages<'_> =
///     io::recvmmsg(&here, &mut buffers, MsgFlags::MSG_DONTWAIT, None)?;
/// assert_eq!(messages.remaining(), None); // there was no timeout
/// for mut received in messages {
///     assert_eq!((received.data(), received.take_raw_fds().count()), (&b"one"[..], 0));
/// }
/// # }
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[must_use = "dropping it closes the descriptors that arrived"]
pub struct ReceivedMessages<'b> {
    filled: Filled<'b>,
    remaining: Option<Duration>,
}

impl ReceivedMessages<'_> {
    /// Returns the time that was left of the timeout when the last message had arrived, or `None`
    /// if there was no timeout.
    pub const fn remaining(&self) -> Option<Duration> {
        self.remaining
    }
}

impl<'b> Iterator for ReceivedMessages<'b> {
    type Item = Received<'b>;

    #[inline]
    fn next(&mut self) -> Option<Received<'b>> {
        let (RecvHeader { msg_hdr, msg_len }, given) = self.filled.next()?;
        // SAFETY: each group of `given` must be valid for reads and writes for 'b, or its length 0,
        // and nobody else may use it. By the invariant of Batch they are exclusive slices. Each
        // header is yielded once, and no other header shares bytes with it. The length of a name is
        // not negative: `UserMsghdr::namelen` made it.
        let message = unsafe { MsgHdrMut::from_user_msghdr(given) };
        let (name, vectors, control) = message.into_groups();
        let outcome = Outcome::new(*msg_len as usize, msg_hdr);
        // SAFETY: the kernel must have reported `outcome` for the message that it wrote to
        // `control`, and nobody may have written to it or taken its descriptors since.
        // `recvmmsg` made this iterator of the headers that the kernel has filled, and this is
        // such a header and its control buffer. It is yielded once, and until then only this
        // iterator has access to the buffer. `close` may be called with an open descriptor.
        let received = unsafe { Received::new(outcome, control, close) };
        Some(received.with_groups(name, Space::Vectors(vectors)))
    }

    fn size_hint(&self) -> (usize, Option<usize>) {
        (self.filled.len(), Some(self.filled.len()))
    }
}

impl ExactSizeIterator for ReceivedMessages<'_> {}
impl FusedIterator for ReceivedMessages<'_> {}

impl Drop for ReceivedMessages<'_> {
    #[inline]
    fn drop(&mut self) {
        self.for_each(drop);
    }
}

impl fmt::Debug for ReceivedMessages<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ReceivedMessages")
            .field("len", &self.len())
            .finish_non_exhaustive()
    }
}
