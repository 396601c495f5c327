// SPDX-License-Identifier: MIT OR Apache-2.0
//! One message in one call: [`sendmsg`], [`sendmsg_zerocopy`], [`recvmsg`], [`recvmsg_retry`],
//! [`recv`].

use super::call::{OnSignal, check, close, refuse_trunc_on_stream, repeat_recv};
use crate::error::Errno;
use crate::iov::IoVecMut;
use crate::msghdr::{MsgFlags, MsgHdr, MsgHdrMut, UserMsghdr};
use crate::sys::outcome::{Outcome, Space};
use crate::sys::received::Received;
use crate::wire::fd::Fd;

/// Sends a message: `sendmsg(2)`. Returns the number of bytes sent.
///
/// A stream may send only a part of the bytes; [`iov::advance`](crate::iov::advance) drops that
/// part. Control messages are sent with the first byte, so send the rest without them.
/// [`sendmsg_all`](super::sendmsg_all) does both.
///
/// ```
/// # #[cfg(feature = "std")] {
/// use ancil::{UpTo, space_of, IoVec, MsgFlags, MsgHdr, SCM_RIGHTS, Writer, io};
///
/// let (here, there) = std::os::unix::net::UnixStream::pair()?;
/// let mut control = [0; space_of::<UpTo<SCM_RIGHTS, 1>>()];
/// let mut writer = Writer::new(&mut control);
/// writer.put(SCM_RIGHTS, &[(&here).into()])?;
/// let vectors = [IoVec::new(b"take "), IoVec::new(b"this")];
/// let message = MsgHdr::new().iov(&vectors).control(writer.finish());
/// assert_eq!(io::sendmsg(&here, &message, MsgFlags::empty())?, 9);
/// # }
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// # Errors
/// The kernel's: EBADF, ENOTSOCK, EAGAIN, EINTR and many more, see the man page. EMSGSIZE for more
/// vectors, and ENOBUFS for more control bytes, than the C library can express; on 64-bit machines
/// musl takes about 1 KiB of control messages and reports ENOMEM for more. EINVAL for
/// `MSG_ZEROCOPY`: use [`sendmsg_zerocopy`].
pub fn sendmsg<'f>(
    fd: impl Into<Fd<'f>>,
    message: &MsgHdr<'_>,
    flags: MsgFlags,
) -> Result<usize, Errno> {
    refuse_zerocopy(flags)?;
    // SAFETY: the obligations of `sendmsg_zerocopy` concern MSG_ZEROCOPY, which was refused.
    unsafe { sendmsg_zerocopy(fd, message, flags) }
}

/// Sends a message as [`sendmsg`] does, but also with `MSG_ZEROCOPY`.
///
/// [`ZerocopySends`](crate::ZerocopySends) finds out which sends are done, and says which calls to
/// record.
///
/// ```
/// # #[cfg(feature = "std")] {
/// use ancil::payload::Origin;
/// use ancil::{Errno, IP_RECVERR, IoVec, MsgFlags, MsgHdr, MsgHdrMut, ZerocopySends};
/// use ancil::{io, space_of};
///
/// static PAGE: [u8; 4096] = [7; 4096];
/// let socket = std::net::UdpSocket::bind("127.0.0.1:0")?;
/// socket.connect(socket.local_addr()?)?;
/// match io::enable_zerocopy(&socket) {
///     Err(e) if e.errno == Errno::ENOPROTOOPT => return Ok(()), // an emulator
///     result => result?,
/// }
/// let mut sends = ZerocopySends::<8>::new();
///
/// let vectors = [IoVec::new(&PAGE)];
/// let message = MsgHdr::new().iov(&vectors);
/// // SAFETY: the bytes must not change until the send is done. PAGE is immutable.
/// unsafe { io::sendmsg_zerocopy(&socket, &message, MsgFlags::MSG_ZEROCOPY)? };
/// let page = sends.record(1)?;
///
/// while !sends.is_done(page) {
///     let mut control = [0; space_of::<IP_RECVERR>()];
///     let mut message = MsgHdrMut::new().control(&mut control);
///     let received = match io::recvmsg(&socket, &mut message, MsgFlags::MSG_ERRQUEUE) {
///         Err(Errno::EAGAIN) => continue, // or wait: poll(2) reports POLLERR
///         result => result?,
///     };
///     let error = received.control().get(IP_RECVERR)?.map(|report| report.error);
///     if let Some(Origin::Zerocopy { first, last, .. }) = error.map(|error| error.origin()) {
///         sends.complete(first, last)?;
///     }
/// }
/// # }
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// # Safety
/// With `MSG_ZEROCOPY`, the kernel reads the bytes of the vectors after the call. They must not
/// change until it reports on the error queue that it is done:
/// [`Origin::Zerocopy`](crate::payload::Origin::Zerocopy). This holds after an error, too, if the
/// call took a number: see [`ZerocopySends`](crate::ZerocopySends).
///
/// # Errors
/// The errors of [`sendmsg`], except EINVAL for `MSG_ZEROCOPY`. ENOBUFS if too many sends are
/// outstanding or too many pages are locked: read the error queue, and send again.
#[doc(alias = "MSG_ZEROCOPY")]
pub unsafe fn sendmsg_zerocopy<'f>(
    fd: impl Into<Fd<'f>>,
    message: &MsgHdr<'_>,
    flags: MsgFlags,
) -> Result<usize, Errno> {
    let (fd, header) = (fd.into(), message.as_user_msghdr().to_libc()?);
    // SAFETY: sendmsg reads `header` and the memory that it points to. Each pointer and its length
    // come from a slice that `message` borrows, so that memory is valid during the call, and what
    // the control messages name may be used by the kernel, as a Control promises. That the bytes
    // are valid after the call is the caller's obligation by the contract of this function.
    check(unsafe { libc::sendmsg(fd.as_raw(), &raw const header, flags.bits() as i32) })
}

/// Refuses `MSG_ZEROCOPY` with EINVAL: the kernel would read bytes that are not borrowed any more.
pub(super) fn refuse_zerocopy(flags: MsgFlags) -> Result<(), Errno> {
    if flags.contains(MsgFlags::MSG_ZEROCOPY) {
        return Err(Errno(libc::EINVAL));
    }
    Ok(())
}

/// Receives a message: `recvmsg(2)`.
///
/// Descriptors that arrive with the message belong to the [`Received`], which closes those that
/// nobody takes. They are always received with `MSG_CMSG_CLOEXEC`, so that `execve(2)` in another
/// thread cannot leak them. [`flags`](Received::flags) does not report that flag.
///
/// The [`Received`] borrows `message`. When it is gone, `message` can be used again, with the
/// lengths that were set. The same holds after an error.
///
/// ```
/// # #[cfg(feature = "std")] {
/// use ancil::{IoVecMut, MsgFlags, MsgHdrMut, io};
///
/// # let (here, there) = std::os::unix::net::UnixDatagram::pair()?;
/// # for text in ["one", "two", ""] { there.send(text.as_bytes())?; }
/// # let mut all = Vec::new();
/// let mut bytes = [0; 1500];
/// let mut vectors = [IoVecMut::new(&mut bytes)];
/// let mut message = MsgHdrMut::new().iov(&mut vectors);
/// loop {
///     let received = io::recvmsg_retry(&here, &mut message, MsgFlags::empty())?;
///     if received.bytes() == 0 {
///         break;
///     }
/// #   all.extend_from_slice(received.data());
/// }
/// # assert_eq!(all, b"onetwo");
/// # }
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// A second message cannot overwrite the first while that is in use:
/// ```compile_fail,E0499
/// # #[cfg(not(feature = "std"))] compile_error!("needs std");
/// # use ancil::{IoVecMut, MsgFlags, MsgHdrMut, io};
/// # let (here, there) = std::os::unix::net::UnixDatagram::pair().unwrap();
/// # let mut bytes = [0; 1500];
/// # let mut vectors = [IoVecMut::new(&mut bytes)];
/// # let mut message = MsgHdrMut::new().iov(&mut vectors);
/// let first = io::recvmsg(&here, &mut message, MsgFlags::empty()).unwrap();
/// let second = io::recvmsg(&here, &mut message, MsgFlags::empty()).unwrap(); // error: borrowed
/// assert_eq!(first.data(), second.data());
/// ```
///
/// Buffers that are too small are not an error: they contain what fitted, and
/// [`flags`](Received::flags) reports `MSG_TRUNC` for the bytes or `MSG_CTRUNC` for the control
/// messages.
///
/// ```
/// # #[cfg(feature = "std")] {
/// use ancil::{IP_TTL, IoVecMut, MsgFlags, MsgHdrMut, io, space_of};
///
/// let socket = std::net::UdpSocket::bind("127.0.0.1:0")?;
/// io::enable::<IP_TTL>(&socket)?;
/// socket.send_to(b"hello", socket.local_addr()?)?;
/// let (mut bytes, mut control) = ([0; 1500], [0; space_of::<IP_TTL>()]);
/// let mut vectors = [IoVecMut::new(&mut bytes)];
/// let mut message = MsgHdrMut::new().iov(&mut vectors).control(&mut control);
/// let received = io::recvmsg(&socket, &mut message, MsgFlags::empty())?;
/// assert_eq!(received.data(), b"hello");
/// assert!(received.control().get(IP_TTL)?.is_some());
/// # }
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// # Errors
/// The kernel's: EBADF, ENOTSOCK, EAGAIN, EINTR and more, see the man page; nothing was received
/// then. EMSGSIZE for more vectors, and ENOBUFS for more control bytes, than the C library can
/// express. EINVAL for `MSG_TRUNC` on a stream socket: TCP would discard bytes, and report their
/// number as if it had copied them. [`recvmsg_retry`] does not return EINTR.
pub fn recvmsg<'r, 'f>(
    fd: impl Into<Fd<'f>>,
    message: &'r mut MsgHdrMut<'_>,
    flags: MsgFlags,
) -> Result<Received<'r>, Errno> {
    recv_owned(fd.into(), message, flags, OnSignal::Fail)
}

/// Receives a message as [`recvmsg`] does, and repeats the call when a signal interrupted it.
///
/// Use [`recvmsg`] if a signal shall end the wait, or if the socket has a time limit
/// (`SO_RCVTIMEO`), which begins anew with each call.
///
/// A loop around [`recvmsg`] cannot replace this function where it returns the [`Received`]: the
/// compiler takes `message` for borrowed in the next round, too (E0499).
///
/// ```
/// # #[cfg(feature = "std")] {
/// # let (here, there) = std::os::unix::net::UnixDatagram::pair()?;
/// # there.send(b"hello")?;
/// # use ancil::{IoVecMut, MsgFlags, MsgHdrMut, io};
/// # let mut bytes = [0; 100];
/// # let mut vectors = [IoVecMut::new(&mut bytes)];
/// let mut message = MsgHdrMut::new().iov(&mut vectors);
/// let received = io::recvmsg_retry(&here, &mut message, MsgFlags::empty())?;
/// assert_eq!(received.data(), b"hello");
/// # }
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// # Errors
/// The errors of [`recvmsg`] except EINTR.
pub fn recvmsg_retry<'r, 'f>(
    fd: impl Into<Fd<'f>>,
    message: &'r mut MsgHdrMut<'_>,
    flags: MsgFlags,
) -> Result<Received<'r>, Errno> {
    recv_owned(fd.into(), message, flags, OnSignal::Repeat)
}

#[inline]
fn recv_owned<'r>(
    fd: Fd<'_>,
    message: &'r mut MsgHdrMut<'_>,
    flags: MsgFlags,
    on_signal: OnSignal,
) -> Result<Received<'r>, Errno> {
    let (bytes, reported) = call_recvmsg(fd, message, flags, on_signal)?;
    // SAFETY: a successful call must have reported this for `message`, and nothing else may have
    // used the descriptors or the control buffer since then. The last call of `call_recvmsg` did,
    // and nothing happened since. `close` may be called with an open descriptor.
    Ok(unsafe { Received::from_call(message, bytes, &reported, close) })
}

/// Receives a message into the buffers of `message`. Returns the number of bytes, and what the
/// kernel reported. The descriptors that arrive have no owner yet.
///
/// It is inlined, so that a program that makes its `MsgHdrMut` there writes only the header.
#[inline]
pub(super) fn call_recvmsg(
    fd: Fd<'_>,
    message: &mut MsgHdrMut<'_>,
    flags: MsgFlags,
    on_signal: OnSignal,
) -> Result<(usize, UserMsghdr), Errno> {
    // SAFETY: each pointer and its length must be of memory that nobody else uses. They come from
    // slices that `message` borrows exclusively, and it is borrowed exclusively here.
    unsafe { call_recvmsg_into(fd, &message.to_user_msghdr(), flags, on_signal) }
}

/// Receives a message into the buffers that `message` describes, as [`call_recvmsg`] does.
///
/// # Safety
/// The vectors must be valid, and name, control buffer and the bytes of the vectors must be valid
/// for writes within their lengths, initialised or not. Nobody else may use them.
#[inline]
pub(super) unsafe fn call_recvmsg_into(
    fd: Fd<'_>,
    message: &UserMsghdr,
    flags: MsgFlags,
    on_signal: OnSignal,
) -> Result<(usize, UserMsghdr), Errno> {
    let mut header = message.to_libc()?;
    refuse_trunc_on_stream(fd, flags)?;
    let (header_ptr, cloexec) = (&raw mut header, flags | MsgFlags::MSG_CMSG_CLOEXEC);
    // SAFETY: recvmsg writes to `header` and to the name, the control buffer and the bytes of the
    // vectors, within their lengths, and reads the vectors. By the contract of this function they
    // are valid for that, and nobody else uses them. The kernel keeps no pointer after the call.
    let returned = unsafe { libc::recvmsg(fd.as_raw(), header_ptr, cloexec.bits() as i32) };
    let bytes = match usize::try_from(returned) {
        Ok(bytes) => bytes,
        // SAFETY: the vectors that `header` describes must be valid, and name, control buffer and
        // the bytes of the vectors valid for writes, and nobody else may use them. By the contract
        // of this function those of `message` are, and `header` has its pointers and lengths: a
        // call that failed has not changed them.
        Err(_) => unsafe { repeat_recvmsg(returned, fd, &mut header, flags, on_signal)? },
    };
    Ok((bytes, UserMsghdr::from_libc(&header)))
}

/// Continues after recvmsg has failed, as [`repeat_recv`] does.
///
/// # Safety
/// The vectors that `header` describes must be valid, and name, control buffer and the bytes of the
/// vectors must be valid for writes within their lengths, initialised or not. Nobody else may use
/// them.
#[cold]
#[inline(never)]
unsafe fn repeat_recvmsg(
    returned: isize,
    fd: Fd<'_>,
    header: &mut libc::msghdr,
    flags: MsgFlags,
    on_signal: OnSignal,
) -> Result<usize, Errno> {
    repeat_recv(check(returned), fd, flags, on_signal, |flags| {
        // SAFETY: recvmsg writes to `header`, which is borrowed exclusively, and to the name, the
        // control buffer and the bytes of the vectors, within their lengths, and reads the vectors.
        // By the contract of this function they are valid for that, and nobody else uses them; a
        // call before this one that failed has not changed them. The kernel keeps no pointer after
        // the call.
        check(unsafe { libc::recvmsg(fd.as_raw(), &raw mut *header, flags.bits() as i32) })
    })
}

/// Receives into one buffer, with control messages: [`recvmsg`] without vectors, address and flags.
/// Unlike `recv(2)`, it has no flags. Without space for it, no address is reported.
/// [`data`](Received::data) returns the bytes.
///
/// ```
/// # #[cfg(feature = "std")] {
/// use ancil::{SCM_CREDENTIALS, io, space_of};
///
/// let (here, there) = std::os::unix::net::UnixDatagram::pair()?;
/// io::enable::<SCM_CREDENTIALS>(&here)?;
/// there.send(b"hello")?;
/// let (mut bytes, mut control) = ([0; 100], [0; space_of::<SCM_CREDENTIALS>()]);
/// let received = io::recv(&here, &mut bytes, &mut control)?;
/// assert_eq!(received.data(), b"hello");
/// let sender = received.control().get(SCM_CREDENTIALS)?.ok_or("no credentials")?;
/// assert_eq!(sender.pid, std::process::id() as i32);
/// # }
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// # Errors
/// The errors of [`recvmsg`]: EINTR too, if a signal interrupts the call. [`recvmsg_retry`] repeats
/// such a call.
pub fn recv<'r, 'f>(
    fd: impl Into<Fd<'f>>,
    bytes: &'r mut [u8],
    control: &'r mut [u8],
) -> Result<Received<'r>, Errno> {
    let outcome = {
        let mut vectors = [IoVecMut::new(bytes)];
        let mut message = MsgHdrMut::new().iov(&mut vectors).control(control);
        let (bytes, reported) =
            call_recvmsg(fd.into(), &mut message, MsgFlags::empty(), OnSignal::Fail)?;
        Outcome::new(bytes, &reported)
    };
    // SAFETY: the kernel has just reported `outcome` for the message that it wrote to `control`,
    // and nothing used the descriptors since. `close` may be called with an open descriptor.
    Ok(unsafe { Received::new(outcome, control, close) }.with_groups(&[], Space::Buffer(bytes)))
}
