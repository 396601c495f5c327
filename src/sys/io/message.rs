//! One message in one call: [`sendmsg`], [`sendmsg_zerocopy`], [`recvmsg`], [`recvmsg_retry`].

use super::call::{check, recv_cloexec, to_libc};
use super::fd::Fd;
use super::outcome::RecvOutcome;
use crate::error::Errno;
use crate::msghdr::{MsgFlags, MsgHdr, MsgHdrMut};
use crate::sys::received::Received;
use crate::table::keys::{RDS_CMSG_RDMA_DEST, RDS_CMSG_ZCOPY_COOKIE};
use crate::table::level::SOL_RDS;
use crate::wire::cmsg::Raw;
use crate::wire::key::Key;
use crate::wire::reader::Reader;

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
/// writer.put_fds(&[(&here).into()])?;
/// let vectors = [IoVec::new(b"take "), IoVec::new(b"this")];
/// let message = MsgHdr::new().iov(&vectors).control(writer.finish());
/// assert_eq!(io::sendmsg(&here, &message, MsgFlags::empty())?, 9);
/// # }
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// Control messages are bytes, so this function cannot check the numbers in `SCM_RIGHTS`.
/// [`Writer::put_fds`](crate::Writer::put_fds) borrows the descriptors until the message is sent.
/// If you pass plain numbers, you must make sure that they are open descriptors that you may send.
///
/// # Errors
/// The kernel's: EBADF, ENOTSOCK, EAGAIN, EINTR and many more, see the man page. EMSGSIZE for more
/// vectors, and ENOBUFS for more control bytes, than the C library can express; on 64-bit machines
/// musl takes about 1 KiB of control messages and reports ENOMEM for more. EINVAL for
/// `MSG_ZEROCOPY` and for RDS messages that name memory: use [`sendmsg_zerocopy`].
pub fn sendmsg<'f>(
    fd: impl Into<Fd<'f>>,
    message: &MsgHdr<'_>,
    flags: MsgFlags,
) -> Result<usize, Errno> {
    reject_unborrowed(message, flags)?;
    // SAFETY: the obligations of `sendmsg_zerocopy` concern MSG_ZEROCOPY and control messages that
    // name memory. `reject_unborrowed` has returned an error for both.
    unsafe { sendmsg_zerocopy(fd, message, flags) }
}

/// Sends a message as [`sendmsg`] does, but also with `MSG_ZEROCOPY` and with RDS messages that
/// name memory.
///
/// # Safety
/// With `MSG_ZEROCOPY`, the kernel reads the bytes of the vectors after the call. They must not
/// change until it reports on the error queue that it is done:
/// [`Origin::Zerocopy`](crate::payload::Origin::Zerocopy).
///
/// The kernel reads and writes the memory that control messages of RDS name. It must stay valid
/// for that until the kernel reports with `RDS_CMSG_RDMA_STATUS` that it is done.
///
/// # Errors
/// The errors of [`sendmsg`], except EINVAL for what only this function sends.
pub unsafe fn sendmsg_zerocopy<'f>(
    fd: impl Into<Fd<'f>>,
    message: &MsgHdr<'_>,
    flags: MsgFlags,
) -> Result<usize, Errno> {
    let (fd, header) = (fd.into(), to_libc(message.raw())?);
    // SAFETY: sendmsg reads `header` and the memory that it points to. Each pointer and its length
    // come from a slice that `message` borrows, so that memory is valid during the call. Memory
    // that the kernel uses after the call, or that only a control message names, is the caller's
    // obligation by the contract of this function.
    check(unsafe { libc::sendmsg(fd.as_raw(), &raw const header, flags.bits() as i32) })
}

/// Refuses a message with EINVAL if the kernel would use memory that is not borrowed for it:
/// with `MSG_ZEROCOPY` after the call, or memory that a control message of RDS names.
///
/// The messages after a malformed header need no check: the kernel looks at all headers before it
/// acts on a message, and fails with EINVAL (`rds_rm_size`).
pub(super) fn reject_unborrowed(message: &MsgHdr<'_>, flags: MsgFlags) -> Result<(), Errno> {
    let names_memory = |raw: Raw<'_>| {
        raw.level == SOL_RDS && !RDS_CMSG_RDMA_DEST.is(&raw) && !RDS_CMSG_ZCOPY_COOKIE.is(&raw)
    };
    let mut messages = Reader::new(message.msg_control()).flatten();
    if flags.contains(MsgFlags::MSG_ZEROCOPY) || messages.any(names_memory) {
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
/// # Errors
/// The errors of [`recvmsg`] except EINTR.
pub fn recvmsg_retry<'r, 'f>(
    fd: impl Into<Fd<'f>>,
    message: &'r mut MsgHdrMut<'_>,
    flags: MsgFlags,
) -> Result<Received<'r>, Errno> {
    recv_owned(fd.into(), message, flags, OnSignal::Repeat)
}

/// What a call does when a signal has interrupted it.
#[derive(Clone, Copy)]
pub(super) enum OnSignal {
    /// Returns EINTR.
    Fail,
    /// Begins again.
    Repeat,
}

impl OnSignal {
    /// Makes a call, and repeats it after EINTR if `self` says so.
    pub(super) fn call<T>(self, mut call: impl FnMut() -> Result<T, Errno>) -> Result<T, Errno> {
        loop {
            match (call(), self) {
                (Err(Errno::EINTR), Self::Repeat) => {}
                (result, _) => return result,
            }
        }
    }
}

fn recv_owned<'r>(
    fd: Fd<'_>,
    message: &'r mut MsgHdrMut<'_>,
    flags: MsgFlags,
    on_signal: OnSignal,
) -> Result<Received<'r>, Errno> {
    let outcome = on_signal.call(|| recv(fd, message, flags))?;
    let (name, vectors, control) = message.groups();
    // SAFETY: `into_received` requires that the kernel reported `outcome` for the message in these
    // buffers, and that nobody wrote to `control` or took its descriptors since. The last call of
    // `recv` returned `outcome` and filled the buffers of `message`, which `groups` returns, and
    // nothing used them since.
    Ok(unsafe { outcome.into_received(name, vectors, control) })
}

/// Receives a message into the buffers of `message`. The descriptors that arrive have no owner yet.
pub(super) fn recv(
    fd: Fd<'_>,
    message: &mut MsgHdrMut<'_>,
    flags: MsgFlags,
) -> Result<RecvOutcome, Errno> {
    let mut header = to_libc(message.raw())?;
    let bytes = recv_cloexec(fd, flags, |flags| {
        // SAFETY: recvmsg writes to `header` and to the name, the control buffer and the bytes of
        // the vectors, within their lengths, and reads the vectors. Each pointer and its length
        // come from a slice that `message` borrows exclusively, and `message` itself is borrowed
        // exclusively here. Any bytes are valid there. The kernel keeps no pointer after the call.
        check(unsafe { libc::recvmsg(fd.as_raw(), &raw mut header, flags.bits() as i32) })
    })?;
    #[allow(
        clippy::unnecessary_cast,
        reason = "the types of the fields differ between C libraries"
    )]
    Ok(RecvOutcome {
        bytes,
        name_len: header.msg_namelen as usize,
        control_len: header.msg_controllen as usize,
        flags: header.msg_flags as u32,
    })
}
