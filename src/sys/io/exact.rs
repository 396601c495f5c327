//! Calls repeated until all bytes are done: [`write_all`], [`read_exact`], [`sendmsg_all`], [`recvmsg_exact`].
//!
//! One rule for all four, in `finish`: the vectors are the state. Whatever happens, they are left at the first
//! byte that is not done, so the same call goes on from there.

use super::{Fd, RecvOutcome, errno, receiving, to_libc};
use crate::error::Errno;
use crate::iov::{self, IoVec, IoVecMut, Vector};
use crate::limits::UIO_MAXIOV;
use crate::msghdr::{MsgFlags, MsgHdr, MsgHdrMut};
use crate::sys::received::Received;
use core::fmt;

/// Why not all bytes were done, and how many were.
///
/// EAGAIN is among the reasons: wait until the descriptor is ready and make the same call again.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Incomplete {
    /// The error of the call that failed. `None`: it did nothing and named no error, which is the end of the
    /// file or stream when reading.
    pub errno: Option<Errno>,
    /// Bytes done before that. The vectors were advanced by as many.
    pub done: usize,
}

impl fmt::Display for Incomplete {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.errno {
            Some(errno) => write!(f, "{errno} after {} bytes", self.done),
            None => write!(f, "ended after {} bytes", self.done),
        }
    }
}

impl core::error::Error for Incomplete {}

#[cfg(feature = "std")]
impl From<Incomplete> for std::io::Error {
    fn from(e: Incomplete) -> Self {
        match e.errno {
            Some(errno) => errno.into(),
            None => std::io::ErrorKind::UnexpectedEof.into(),
        }
    }
}

/// Repeats `call`, which does some bytes of the vectors it gets and says how many, until none are left.
fn finish<V: Vector>(
    vectors: &mut &mut [V],
    mut call: impl FnMut(&mut [V]) -> Result<usize, Errno>,
) -> Result<(), Incomplete> {
    let mut done = 0usize;
    if iov::total(vectors).is_none() {
        return Err(Incomplete {
            errno: Some(Errno(libc::EINVAL)),
            done,
        });
    }
    iov::advance(vectors, 0);
    // From here on the first vector is never empty, so each call has a byte to do: 0 is not for want of one.
    while !vectors.is_empty() {
        let n = vectors.len().min(UIO_MAXIOV);
        match call(vectors.get_mut(..n).unwrap_or_default()) {
            Ok(0) => return Err(Incomplete { errno: None, done }),
            Ok(n) => done = done.wrapping_add(iov::advance(vectors, n)), // at most the total
            Err(Errno(libc::EINTR)) => {}
            Err(errno) => {
                return Err(Incomplete {
                    errno: Some(errno),
                    done,
                });
            }
        }
    }
    Ok(())
}

/// Writes all bytes of the vectors: `writev(2)`, as often as it takes. For files, pipes and stream sockets.
///
/// There may be more vectors than [`UIO_MAXIOV`]. A call that a signal interrupted is repeated. `vectors` is
/// empty in the end; after an error it begins with the first byte that was not written.
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
/// [`Incomplete`]: the kernel's error, EAGAIN too, and the bytes written before it. EINVAL before anything
/// was written if the vectors have more bytes than `isize::MAX`.
pub fn write_all<'f>(
    fd: impl Into<Fd<'f>>,
    vectors: &mut &mut [IoVec<'_>],
) -> Result<(), Incomplete> {
    let fd = fd.into();
    finish(vectors, |some| {
        // SAFETY: an IoVec has the layout of a struct iovec and lies over readable bytes; the count is at most
        // UIO_MAXIOV. writev keeps none of it. The descriptor is open by the contract of Fd.
        let n = unsafe { libc::writev(fd.as_raw(), some.as_ptr().cast(), some.len() as i32) };
        usize::try_from(n).map_err(|_| errno())
    })
}

/// Reads until the vectors are full: `readv(2)`, as often as it takes. For files, pipes and stream sockets.
///
/// There may be more vectors than [`UIO_MAXIOV`]. A call that a signal interrupted is repeated. `vectors` is
/// empty in the end; after an error it begins with the first byte that was not read.
///
/// # Errors
/// [`Incomplete`]: the kernel's error, EAGAIN too, or the end of the file (no error number), and the bytes
/// read before it. EINVAL before anything was read if the vectors have more bytes than `isize::MAX`.
pub fn read_exact<'f>(
    fd: impl Into<Fd<'f>>,
    vectors: &mut &mut [IoVecMut<'_>],
) -> Result<(), Incomplete> {
    let fd = fd.into();
    finish(vectors, |some| {
        // SAFETY: an IoVecMut has the layout of a struct iovec and lies over bytes that are borrowed
        // exclusively; any bytes are valid there. The count is at most UIO_MAXIOV. readv keeps none of it.
        // The descriptor is open by the contract of Fd.
        let n = unsafe { libc::readv(fd.as_raw(), some.as_ptr().cast(), some.len() as i32) };
        usize::try_from(n).map_err(|_| errno())
    })
}

/// Sends all bytes of the vectors, and the control messages with the first of them: `sendmsg(2)`, as often as
/// it takes. For stream sockets: to any other, each call would be a message of its own.
///
/// There may be more vectors than [`UIO_MAXIOV`]. A call that a signal interrupted is repeated. After an
/// error `vectors` begins with the first byte that was not sent, and `control` is empty if one was: the same
/// call goes on, and sends no control message twice.
///
/// ```
/// # #[cfg(feature = "std")] {
/// # use ancil::{IoVec, MsgFlags, SCM_RIGHTS, Writer, io};
/// # use std::os::fd::AsRawFd;
/// # let (here, there) = std::os::unix::net::UnixStream::pair()?;
/// let mut buffer = [0; SCM_RIGHTS.space_for(1)];
/// let mut writer = Writer::new(&mut buffer);
/// writer.put(SCM_RIGHTS, &[here.as_raw_fd()])?;
/// let mut control = writer.finish();
/// let mut vectors = [IoVec::new(b"take "), IoVec::new(b"this")];
/// io::sendmsg_all(&here, &mut &mut vectors[..], &mut control, MsgFlags::MSG_NOSIGNAL)?;
/// assert!(control.is_empty());
/// # let (mut bytes, mut control) = ([0; 9], [0; SCM_RIGHTS.space_for(1)]);
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
/// [`Incomplete`]: the kernel's error, EAGAIN too, and the bytes sent before it. EINVAL before anything was
/// sent if the vectors have more bytes than `isize::MAX`, or none to carry the control messages.
pub fn sendmsg_all<'f>(
    fd: impl Into<Fd<'f>>,
    vectors: &mut &mut [IoVec<'_>],
    control: &mut &[u8],
    flags: MsgFlags,
) -> Result<(), Incomplete> {
    let fd = fd.into();
    if iov::total(vectors) == Some(0) && !control.is_empty() {
        return Err(Incomplete {
            errno: Some(Errno(libc::EINVAL)),
            done: 0,
        });
    }
    finish(vectors, |some| {
        let sent = super::sendmsg(fd, &MsgHdr::new().iov(some).control(control), flags)?;
        if sent > 0 {
            *control = &[];
        }
        Ok(sent)
    })
}

/// Receives until the vectors are full: `recvmsg(2)`, as often as it takes. For stream sockets.
///
/// What arrives beside the bytes of all these calls is gathered in `control` and belongs to the [`Received`],
/// descriptors included; so it is there after an error, too. Its `bytes` are those done, its `flags` those of
/// all calls. Its `data` is empty: the bytes are where the vectors pointed.
///
/// There may be more vectors than [`UIO_MAXIOV`]. A call that a signal interrupted is repeated. `vectors` is
/// empty in the end; after an error it begins with the first byte that was not received, and the same call
/// with another control buffer goes on.
///
/// # Errors
/// [`Incomplete`]: the kernel's error, EAGAIN too, or the end of the stream (no error number), and the bytes
/// received before it. EINVAL before anything was received if the vectors have more bytes than `isize::MAX`,
/// or for `MSG_PEEK`, with which a second call would find the first one's bytes again.
pub fn recvmsg_exact<'m, 'f>(
    fd: impl Into<Fd<'f>>,
    vectors: &mut &mut [IoVecMut<'_>],
    control: &'m mut [u8],
    flags: MsgFlags,
) -> (Received<'m>, Result<(), Incomplete>) {
    let fd = fd.into();
    let mut arrived = RecvOutcome {
        bytes: 0,
        name_len: 0,
        control_len: 0,
        flags: 0,
    };
    let outcome = if flags.contains(MsgFlags::MSG_PEEK) {
        Err(Incomplete {
            errno: Some(Errno(libc::EINVAL)),
            done: 0,
        })
    } else {
        finish(vectors, |some| {
            // What is left of the space: the kernel ends each message at a multiple of a word or at the end
            // of the space, so the messages of the next call follow those of this one.
            let room = control.get_mut(arrived.control_len..).unwrap_or_default();
            let mut header = to_libc(MsgHdrMut::new().iov(some).control(room).raw())?;
            let n = receiving(fd, flags, |flags| {
                // SAFETY: `header` has pointers and lengths of slices that are borrowed exclusively; recvmsg writes
                // within them, any bytes are valid there, and it does not keep them. The descriptor is open by the
                // contract of Fd.
                unsafe { libc::recvmsg(fd.as_raw(), &raw mut header, flags as i32) }
            })?;
            #[allow(
                clippy::unnecessary_cast,
                reason = "the types of the fields differ between C libraries"
            )]
            let (control_len, flags) = (header.msg_controllen as usize, header.msg_flags as u32);
            arrived.control_len = arrived.control_len.wrapping_add(control_len); // at most control.len()
            arrived.flags |= flags;
            arrived.bytes = arrived.bytes.wrapping_add(n); // at most the total
            Ok(n)
        })
    };
    // SAFETY: `control` has one after the other what the kernel reported of each call, and nobody else has
    // seen the descriptors yet.
    (
        unsafe { arrived.into_received((&mut [], &[], control)) },
        outcome,
    )
}
