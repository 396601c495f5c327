// SPDX-License-Identifier: MIT OR Apache-2.0
//! [`recvmsg_uninit`]: receives into memory that need not be initialised.

use super::call::{OnSignal, close};
use super::message::call_recvmsg_into;
use crate::error::Errno;
use crate::msghdr::{MsgFlags, MsgHdrUninit};
use crate::sys::received::Received;
use crate::wire::fd::Fd;

/// Receives a message as [`recvmsg`](super::recvmsg) does, into memory that need not be
/// initialised. The [`Received`] gives access to what the kernel wrote, and to nothing else. The
/// space for control messages is zeroed first, because the kernel leaves out their padding.
///
/// ```
/// # #[cfg(feature = "std")] {
/// use ancil::{IoVecUninit, MsgFlags, MsgHdrUninit, io};
/// use std::mem::MaybeUninit;
///
/// # let (here, there) = std::os::unix::net::UnixDatagram::pair()?;
/// # there.send(b"hello")?;
/// let mut bytes = [MaybeUninit::uninit(); 65536];
/// let mut vectors = [IoVecUninit::new(&mut bytes)];
/// let mut message = MsgHdrUninit::new().iov(&mut vectors);
/// let received = io::recvmsg_uninit(&here, &mut message, MsgFlags::empty())?;
/// assert_eq!(received.data(), b"hello");
/// # }
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// # Errors
/// The errors of [`recvmsg`](super::recvmsg). EINVAL also for `MSG_TRUNC` and `MSG_SOCK_DEVMEM`,
/// with which the kernel counts bytes that it has not written to the vectors.
pub fn recvmsg_uninit<'r, 'f>(
    fd: impl Into<Fd<'f>>,
    message: &'r mut MsgHdrUninit<'_>,
    flags: MsgFlags,
) -> Result<Received<'r>, Errno> {
    if flags.intersects(MsgFlags::MSG_TRUNC | MsgFlags::MSG_SOCK_DEVMEM) {
        return Err(Errno(libc::EINVAL));
    }
    let header = message.to_user_msghdr();
    // SAFETY: each pointer and its length must be of memory that may be written, initialised or
    // not, and that nobody else uses. They come from slices that `message` borrows exclusively, and
    // it is borrowed exclusively here.
    let call = unsafe { call_recvmsg_into(fd.into(), &header, flags, OnSignal::Fail) };
    let (bytes, reported) = call?;
    // SAFETY: a successful call must have reported this for `message`, without the flags that were
    // refused above, and nothing else may have used the descriptors or the control buffer since
    // then. That call has just returned. `close` may be called with an open descriptor.
    Ok(unsafe { Received::from_uninit_call(message, bytes, &reported, close) })
}
