// SPDX-License-Identifier: MIT OR Apache-2.0
//! Bytes with descriptors in one line: [`send_fds`], [`recv_fds`].

use super::call::{OnSignal, is_stream};
use super::exact::{Cause, Incomplete, sendmsg_all};
use super::message::sendmsg;
use crate::error::Errno;
use crate::iov::IoVec;
use crate::limits::SCM_MAX_FD;
use crate::msghdr::{MsgFlags, MsgHdr};
use crate::table::keys::{
    SCM_CREDENTIALS, SCM_INQ, SCM_PIDFD, SCM_RIGHTS, SCM_SECURITY, SO_TIMESTAMPING, SO_TIMESTAMPNS,
};
use crate::wire::abi::Abi;
use crate::wire::control::{Control, RIGHTS};
use crate::wire::encode::{OutBytes, encode};
use crate::wire::fd::Fd;
use crate::wire::keys::{UpTo, space_of};
use core::mem::MaybeUninit;
use core::slice;
use zerocopy::IntoBytes;

#[cfg(feature = "std")]
use {
    super::message::recvmsg_retry, crate::iov::IoVecMut, crate::msghdr::MsgHdrMut,
    crate::sys::received::Received, std::os::fd::OwnedFd,
};

/// Everything that an AF_UNIX socket may deliver with one message, timestamps included: the set for
/// a control buffer that cuts nothing off, of about 1.4 KiB.
///
/// ```
/// # use ancil::{io, space_of};
/// let control = [0; space_of::<io::UnixMessages>()];
/// # assert!(control.len() < 1500);
/// ```
pub type UnixMessages = (
    SCM_CREDENTIALS,
    UpTo<SCM_SECURITY, 256>,
    SCM_PIDFD,
    SCM_INQ,
    SO_TIMESTAMPNS,
    SO_TIMESTAMPING,
    UpTo<SCM_RIGHTS, SCM_MAX_FD>,
);

/// Sends bytes and descriptors on an AF_UNIX socket. On a stream it repeats the call until all
/// bytes are sent; the descriptors go with the first of them. A call that a signal interrupted is
/// repeated.
///
/// ```
/// # #[cfg(feature = "std")] {
/// use ancil::io;
/// use std::{fs::File, io::Read, os::unix::net::UnixStream};
///
/// let (here, there) = UnixStream::pair()?;
/// io::send_fds(&here, b"log", &[(&File::open("/proc/self/comm")?).into()])?;
///
/// let mut bytes = [0; 100];
/// let received = io::recv_fds::<1>(&there, &mut bytes)?;
/// assert!(!received.is_truncated());
/// assert_eq!(&bytes[..received.bytes], b"log");
/// let [Some(fd)] = received.fds else { return Err("no descriptor".into()) };
/// File::from(fd).read_to_string(&mut String::new())?;
/// # }
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// # Errors
/// [`Incomplete`]: the kernel's error, and the number of bytes sent before it. If that is not 0,
/// the descriptors were sent: continue with the other bytes alone. A non-blocking socket that took
/// only a part gives [`Cause::WriteZero`] and not EAGAIN, since the same call would send that part
/// again. EINVAL before anything was sent for more than 253 descriptors ([`SCM_MAX_FD`]), and for
/// descriptors without a byte on a stream, where they would be lost. A closed peer is EPIPE,
/// without a signal.
#[doc(alias("sendfd", "fd passing", "SCM_RIGHTS"))]
pub fn send_fds<'s>(
    socket: impl Into<Fd<'s>>,
    bytes: &[u8],
    fds: &[Fd<'_>],
) -> Result<(), Incomplete> {
    send(socket.into(), bytes, fds)
}

fn send(socket: Fd<'_>, bytes: &[u8], fds: &[Fd<'_>]) -> Result<(), Incomplete> {
    // Zeroing the space for 253 descriptors takes longer than sending four.
    let mut space = [MaybeUninit::uninit(); space_of::<UpTo<SCM_RIGHTS, SCM_MAX_FD>>()];
    let control = encode_fds(&mut space, fds).ok_or(Incomplete::INVALID)?;
    if bytes.is_empty() {
        return send_without_bytes(socket, control);
    }
    let vectors = [IoVec::new(bytes)];
    let message = MsgHdr::new().iov(&vectors).control(control);
    let first = sendmsg(socket, &message, MsgFlags::MSG_NOSIGNAL);
    if first == Ok(bytes.len()) {
        return Ok(());
    }
    send_rest(socket, bytes, control, first)
}

/// Writes an `SCM_RIGHTS` with these descriptors to `space`, or no message if there are none.
/// Returns `None` if there are too many.
fn encode_fds<'a>(space: &'a mut [MaybeUninit<u8>], fds: &'a [Fd<'_>]) -> Option<Control<'a>> {
    if fds.is_empty() {
        return Some(Control::default());
    }
    let (out, (level, ty)) = (OutBytes::uninit(space), RIGHTS);
    let len = encode(Abi::NATIVE, out, 0, level, ty, fds.as_bytes()).ok()?;
    let message = space.get(..len)?;
    // SAFETY: these must be initialised bytes. `encode` has written the whole message at 0: header,
    // payload and padding, and has returned its length. They stay borrowed for 'a.
    let message = unsafe { slice::from_raw_parts(message.as_ptr().cast(), message.len()) };
    // SAFETY: what the message names must be borrowed for 'a. These are the descriptors of `fds`.
    Some(unsafe { Control::from_raw(message) })
}

/// Continues after a first call that did not send all bytes.
#[cold]
#[inline(never)]
fn send_rest(
    socket: Fd<'_>,
    bytes: &[u8],
    mut control: Control<'_>,
    first: Result<usize, Errno>,
) -> Result<(), Incomplete> {
    let nothing_done = |cause| Err(Incomplete { cause, done: 0 });
    let sent = match first {
        Ok(0) => return nothing_done(Cause::WriteZero),
        Ok(sent) => sent,
        Err(Errno::EINTR) => 0,
        Err(errno) => return nothing_done(Cause::Errno(errno)),
    };
    if sent > 0 {
        control = Control::default();
    }
    let mut vectors = [IoVec::new(bytes.get(sent..).unwrap_or_default())];
    let rest = &mut &mut vectors[..];
    sendmsg_all(socket, rest, &mut control, MsgFlags::MSG_NOSIGNAL).map_err(|e| {
        let done = sent.saturating_add(e.done);
        match e.cause {
            Cause::Errno(Errno::EAGAIN) if done > 0 => Incomplete {
                cause: Cause::WriteZero,
                done,
            },
            cause => Incomplete { cause, done },
        }
    })
}

/// Sends descriptors without a byte, as a datagram.
#[cold]
#[inline(never)]
fn send_without_bytes(socket: Fd<'_>, control: Control<'_>) -> Result<(), Incomplete> {
    if is_stream(socket) {
        return if control.is_empty() {
            Ok(())
        } else {
            Err(Incomplete::INVALID)
        };
    }
    let vectors = [IoVec::new(&[])];
    let message = MsgHdr::new().iov(&vectors).control(control);
    match OnSignal::Repeat.call(|| sendmsg(socket, &message, MsgFlags::MSG_NOSIGNAL)) {
        Ok(_) => Ok(()),
        Err(errno) => Err(Incomplete {
            cause: Cause::Errno(errno),
            done: 0,
        }),
    }
}

/// What [`recv_fds`] received. Feature `std`.
///
/// ```
/// # #[cfg(feature = "std")] {
/// # let (here, there) = std::os::unix::net::UnixDatagram::pair()?;
/// # ancil::io::send_fds(&there, b"two", &[(&here).into(), (&there).into()])?;
/// use ancil::io::{self, ReceivedFds};
///
/// let received: ReceivedFds<1> = io::recv_fds(&here, &mut [0; 100])?;
/// assert!(received.is_truncated());
/// assert_eq!((received.bytes, received.closed), (3, 1)); // one more than there was place for
/// # }
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[cfg(feature = "std")]
#[derive(Debug)]
#[non_exhaustive]
pub struct ReceivedFds<const N: usize> {
    /// Number of bytes received. 0 is the end of a stream or an empty datagram.
    pub bytes: usize,
    /// The descriptors in order. `None` where fewer arrived, and in the place of a descriptor that
    /// a security module denied.
    pub fds: [Option<OwnedFd>; N],
    /// Number of descriptors that arrived beyond `N`. They are closed.
    pub closed: usize,
    /// Number of descriptors that a security module denied, whatever their place. The kernel says
    /// so only if the socket option `SO_RIGHTS_NOTRUNC` is set (Linux 7.3).
    pub denied: usize,
    /// `MSG_TRUNC`: the datagram was longer than the buffer. `MSG_CTRUNC`: the kernel kept back
    /// descriptors, because this process may open no more, or because a security module denied one.
    pub flags: MsgFlags,
}

#[cfg(feature = "std")]
impl<const N: usize> ReceivedFds<N> {
    /// Returns whether bytes or descriptors were lost: to the kernel, as `flags` says, to a
    /// security module, or because more than `N` descriptors arrived.
    #[doc(alias("lost descriptors", "EMFILE"))]
    pub fn is_truncated(&self) -> bool {
        self.closed > 0 || self.denied > 0 || self.flags.is_truncated()
    }
}

/// Receives bytes and up to `N` descriptors from an AF_UNIX socket, in one call. A call that a
/// signal interrupted is repeated. See [`send_fds`]. Feature `std`.
///
/// A stream delivers at most the bytes up to the next descriptors, and possibly fewer than one send
/// sent. The descriptors come with the first of their bytes.
///
/// ```
/// # #[cfg(feature = "std")] {
/// # let (here, there) = std::os::unix::net::UnixDatagram::pair()?;
/// # ancil::io::send_fds(&there, b"log", &[(&here).into()])?;
/// let mut bytes = [0; 100];
/// let received = ancil::io::recv_fds::<1>(&here, &mut bytes)?;
/// let [Some(fd)] = received.fds else { return Err("no descriptor".into()) };
/// # assert_eq!(&bytes[..received.bytes], b"log");
/// # }
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// # Errors
/// The kernel's, as [`recvmsg`](super::recvmsg) returns them, except EINTR.
#[doc(alias("recvfd", "fd passing", "SCM_RIGHTS"))]
#[cfg(feature = "std")]
pub fn recv_fds<'s, const N: usize>(
    socket: impl Into<Fd<'s>>,
    bytes: &mut [u8],
) -> Result<ReceivedFds<N>, Errno> {
    // What is not wanted must not cut off descriptors.
    let mut control = [0; space_of::<UnixMessages>()];
    let mut vectors = [IoVecMut::new(bytes)];
    let mut message = MsgHdrMut::new().iov(&mut vectors).control(&mut control);
    Ok(recvmsg_retry(socket, &mut message, MsgFlags::empty())?.into())
}

#[cfg(feature = "std")]
impl<const N: usize> From<Received<'_>> for ReceivedFds<N> {
    fn from(mut received: Received<'_>) -> Self {
        let (denied, mut fds) = (received.fds_denied(), [const { None }; N]);
        for (place, slot) in fds.iter_mut().zip(received.take_slots()) {
            *place = slot.ok();
        }
        Self {
            bytes: received.bytes(),
            fds,
            closed: received.fds_left(),
            denied,
            flags: received.flags(),
        }
    }
}
