//! Batches: [`sendmmsg`] and [`recvmmsg`], many messages in one call.

use super::header::Header;
use super::space::{Parts, RecvBuffers, next_of};
use super::{Fd, RecvOutcome, borrowing, errno, receiving};
use crate::error::Errno;
use crate::iov::{IoVecMut, readable};
use crate::limits::UIO_MAXIOV;
use crate::mmsghdr::MMsgHdr;
use crate::msghdr::MsgFlags;
use crate::sys::received::Received;
use core::ffi::{c_int, c_uint};
use core::iter::FusedIterator;
use core::mem;
use core::time::Duration;
use core::{fmt, ptr, slice};

/// Sends a batch: `sendmmsg(2)`. Returns how many messages were sent, counted from the first.
///
/// The count may be less than the length of the batch. Whatever it is, each message within it has its
/// [`msg_len`](MMsgHdr::msg_len), and no message behind it was sent or touched:
/// - The kernel takes [`UIO_MAXIOV`] messages, 1024, of a longer batch.
/// - It stops at the first message that fails. If that is not the very first, its error is not reported by
///   this call. Send the rest, beginning with it: the next call reports why.
/// - On a stream it stops after a message that was sent in part. That one counts; compare its `msg_len`.
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
/// The kernel's, for the first message; nothing was sent then. EINVAL for `MSG_ZEROCOPY`, with which the kernel
/// would keep the bytes longer than they are borrowed.
pub fn sendmmsg<'f>(
    fd: impl Into<Fd<'f>>,
    messages: &mut [MMsgHdr<'_>],
    flags: MsgFlags,
) -> Result<usize, Errno> {
    messages
        .iter()
        .try_for_each(|message| borrowing(flags, message.msg_hdr()).map(drop))?;
    let (fd, count) = (fd.into().as_raw(), messages.len().min(UIO_MAXIOV) as c_uint);
    let first = messages.as_mut_ptr();
    // SAFETY: a slice of `count` or more messages in the kernel's layout, each with pointers and lengths of the
    // slices that it borrows; they are only read, but for `msg_len`, where any number is valid. The kernel keeps
    // none of it. The descriptor is open by the contract of Fd.
    #[cfg(not(any(target_env = "musl", target_env = "ohos")))]
    let sent = unsafe { libc::sendmmsg(fd, first.cast(), count, flags.bits() as _) };
    // musl's function is a loop of sendmsg, one call for each message.
    // SAFETY: as above.
    #[cfg(any(target_env = "musl", target_env = "ohos"))]
    let sent = unsafe { libc::syscall(libc::SYS_sendmmsg, fd, first, count, flags.bits()) };
    usize::try_from(sent).map_err(|_| errno())
}

/// Receives a batch: `recvmmsg(2)`. What arrived comes out of the [`ReceivedMessages`], message by message.
///
/// The call waits until all the space is used, which may be for ever: mostly you want
/// - `MSG_WAITFORONE`: waits for the first message, then takes what is there;
/// - `MSG_DONTWAIT`: waits for none.
///
/// Each message is received as [`recvmsg`](super::recvmsg) does it: its own bytes, address, flags and
/// descriptors, the latter with `MSG_CMSG_CLOEXEC`. Truncation of one concerns that one alone. Space behind
/// the last message that arrived is untouched. There may be more than 1024 messages.
///
/// # The timeout
/// It is not what it seems. The kernel looks at it only after a message has arrived: then, if the time is over,
/// the call ends with what there is. While none arrives it waits beyond any timeout. To limit that, set
/// `SO_RCVTIMEO`, or `poll(2)` first. After a timeout of zero one message arrives. What was left of the
/// time is in [`ReceivedMessages::remaining`].
///
/// # Errors
/// The kernel's, if no message arrived; EAGAIN and EINTR are among them. If some arrived before an error, they
/// are returned, and the next call on this socket reports it, unless it was EAGAIN. An error that
/// was pending on the socket is reported first, before any message.
pub fn recvmmsg<'b, 'f, const N: usize>(
    fd: impl Into<Fd<'f>>,
    batch: &'b mut RecvBuffers<'_, N>,
    flags: MsgFlags,
    timeout: Option<Duration>,
) -> Result<ReceivedMessages<'b>, Errno> {
    // SAFETY: timespec is a C struct of integers, for which zero is a value. It has fields with names of each
    // library's own (padding), so it cannot be written as a literal.
    let mut time: libc::timespec = unsafe { mem::zeroed() };
    let mut pointer = ptr::null_mut();
    if let Some(timeout) = timeout {
        time.tv_sec = timeout.as_secs().try_into().unwrap_or(i32::MAX.into()); // 68 years
        time.tv_nsec = timeout.subsec_nanos() as _; // less than 10^9
        pointer = &raw mut time;
    }
    let (fd, headers) = (fd.into(), batch.prepare());
    let (first, count) = (
        headers.as_mut_ptr().cast(),
        headers.len().min(c_int::MAX as usize) as c_uint,
    );
    let received = receiving(fd, flags, |flags| {
        // SAFETY: a slice of `count` or more headers in the kernel's layout, each with pointers and lengths of
        // slices that `batch` borrows exclusively; recvmmsg writes within them, any bytes are valid there, and it
        // keeps none of it. The vectors themselves are only read. `time` outlives the call. The descriptor is open
        // by the contract of Fd.
        unsafe { libc::recvmmsg(fd.as_raw(), first, count, flags as _, pointer) as isize }
    })?;
    let left = Duration::from_secs(time.tv_sec.try_into().unwrap_or(0));
    let left = left.saturating_add(Duration::from_nanos(time.tv_nsec.try_into().unwrap_or(0)));
    Ok(ReceivedMessages {
        headers: batch.headers.get(..received).unwrap_or_default().iter(),
        vectors: batch.vectors,
        per_message: batch.per_message,
        names: batch.names.again(),
        control: batch.control.again(),
        remaining: timeout.map(|_| left),
    })
}

/// What [`recvmmsg`] received: an iterator over the messages, in the order of their arrival.
///
/// It owns the descriptors of those that it has not yielded yet, as a [`Received`] owns its own: dropping it
/// closes them.
#[must_use = "dropping it closes the descriptors that arrived"]
pub struct ReceivedMessages<'b> {
    headers: slice::Iter<'b, Header>,
    vectors: &'b [IoVecMut<'b>],
    per_message: usize,
    names: Parts<'b>,
    control: Parts<'b>,
    remaining: Option<Duration>,
}

impl ReceivedMessages<'_> {
    /// What was left of the timeout when the last message had arrived; `None` if there was no timeout.
    pub const fn remaining(&self) -> Option<Duration> {
        self.remaining
    }
}

impl<'b> Iterator for ReceivedMessages<'b> {
    type Item = Received<'b>;

    fn next(&mut self) -> Option<Received<'b>> {
        let Header { msg_hdr, msg_len } = *self.headers.next()?;
        let vectors = readable(next_of(&mut self.vectors, self.per_message));
        let groups = (self.names.next(), vectors, self.control.next());
        let arrived = RecvOutcome {
            bytes: msg_len as usize,
            name_len: msg_hdr.name_size(),
            control_len: msg_hdr.msg_controllen,
            flags: msg_hdr.msg_flags,
        };
        // SAFETY: headers and parts are walked in step, so these are the groups that this header pointed to. It
        // is among those that the kernel has filled, and is taken once: `next` never goes back.
        Some(unsafe { arrived.into_received(groups) })
    }

    fn size_hint(&self) -> (usize, Option<usize>) {
        self.headers.size_hint()
    }
}

impl ExactSizeIterator for ReceivedMessages<'_> {}
impl FusedIterator for ReceivedMessages<'_> {}

impl Drop for ReceivedMessages<'_> {
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
