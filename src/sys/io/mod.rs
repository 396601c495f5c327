//! System calls, through the C library. Feature `libc`.
//!
//! | | one call | until all is done | a batch |
//! | --- | --- | --- | --- |
//! | bytes | | [`write_all`], [`read_exact`] | |
//! | messages | [`sendmsg`], [`recvmsg`] | [`sendmsg_all`], [`recvmsg_exact`] | [`sendmmsg`], [`recvmmsg`] |
//!
//! What could be done with less, from the top down:
//!
//! | sends | receives | bytes | flags | address | control messages |
//! | --- | --- | --- | --- | --- | --- |
//! | `write(2)` | `read(2)` | one piece | | | |
//! | `send(2)` | `recv(2)` | one piece | given | | |
//! | `sendto(2)` | `recvfrom(2)` | one piece | given | yes | |
//! | `writev(2)` | `readv(2)` | pieces | | | |
//! | `sendmsg(2)` | `recvmsg(2)` | pieces | given, and reported | yes | yes |
//!
//! `writev(2)` stands beside the two before it: it has pieces, but neither flags nor an address. Only `recvmsg(2)`
//! reports flags: `MSG_TRUNC`, `MSG_CTRUNC`, `MSG_EOR`, `MSG_OOB`, `MSG_ERRQUEUE`.
//!
//! Errors are the kernel's error numbers, nothing added: a call that a signal interrupted says EINTR. Only the
//! functions that go on until all is done repeat it then.

mod batch;
mod exact;
mod fd;
mod header;
mod space;

pub use batch::{ReceivedMessages, recvmmsg, sendmmsg};
pub use exact::{Incomplete, read_exact, recvmsg_exact, sendmsg_all, write_all};
pub use fd::Fd;
pub use space::RecvBuffers;

use crate::error::Errno;
use crate::iov::IoVec;
use crate::msghdr::{MsgFlags, MsgHdr, MsgHdrMut, UserMsghdr};
use crate::sys::received::Received;
use crate::table::keys::{RDS_CMSG_RDMA_DEST, RDS_CMSG_ZCOPY_COOKIE};
use crate::table::level::SOL_RDS;
use crate::wire::cmsg::Raw;
use crate::wire::reader::Reader;

/// The error number of the call that has just failed.
fn errno() -> Errno {
    // SAFETY: the C library returns a pointer to this thread's errno, valid as long as the thread.
    #[cfg(not(target_os = "android"))]
    let number = unsafe { *libc::__errno_location() };
    // SAFETY: as above.
    #[cfg(target_os = "android")]
    let number = unsafe { *libc::__errno() };
    Errno(number)
}

/// The message as the C library declares it, where some of the kernel's fields are narrower or in another
/// place. Lengths that do not fit are refused with the number that Linux has for too many of them.
#[allow(
    clippy::useless_conversion,
    reason = "the types of the fields differ between C libraries"
)]
fn to_libc(message: &UserMsghdr) -> Result<libc::msghdr, Errno> {
    // SAFETY: msghdr is a C struct of pointers and integers, for which zero is a value. It has fields with
    // names of each library's own (padding), so it cannot be written as a literal.
    let mut header: libc::msghdr = unsafe { core::mem::zeroed() };
    header.msg_name = message.msg_name;
    header.msg_namelen = message
        .msg_namelen
        .try_into()
        .map_err(|_| Errno(libc::EINVAL))?;
    header.msg_iov = message.msg_iov.cast();
    header.msg_iovlen = message
        .msg_iovlen
        .try_into()
        .map_err(|_| Errno(libc::EMSGSIZE))?;
    header.msg_control = message.msg_control;
    header.msg_controllen = message
        .msg_controllen
        .try_into()
        .map_err(|_| Errno(libc::ENOBUFS))?;
    Ok(header)
}

/// Sends a message: `sendmsg(2)`. Returns the bytes sent, which a stream may cut short; the rest is then
/// found with [`iov::advance`](crate::iov::advance). Control messages go with the first byte, so they are not
/// to be sent again. [`sendmsg_all`] does both.
///
/// ```
/// # #[cfg(feature = "std")] {
/// use ancil::{IoVec, MsgFlags, MsgHdr, SCM_RIGHTS, Writer, io};
///
/// let (here, there) = std::os::unix::net::UnixStream::pair()?;
/// let mut control = [0; SCM_RIGHTS.space_for(1)];
/// let mut writer = Writer::new(&mut control);
/// writer.put_fds(&[(&here).into()])?;
/// let vectors = [IoVec::new(b"take "), IoVec::new(b"this")];
/// let message = MsgHdr::new().iov(&vectors).control(writer.finish());
/// assert_eq!(io::sendmsg(&here, &message, MsgFlags::empty())?, 9);
/// # }
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// The numbers in `SCM_RIGHTS` are taken at their word, since control messages are bytes.
/// [`Writer::put_fds`](crate::Writer::put_fds) borrows the descriptors until the message is sent; with plain numbers
/// it is for you to see to it that they are descriptors, open and yours to give away.
///
/// # Errors
/// The kernel's: EBADF, ENOTSOCK, EAGAIN, EINTR and many more, see the man page. EMSGSIZE for more vectors and
/// ENOBUFS for more control bytes than the C library can express; musl's takes 1024 and says ENOMEM. EINVAL for
/// `MSG_ZEROCOPY` and for messages of RDS that name memory: those are for [`sendmsg_zerocopy`].
pub fn sendmsg<'f>(
    fd: impl Into<Fd<'f>>,
    message: &MsgHdr<'_>,
    flags: MsgFlags,
) -> Result<usize, Errno> {
    let flags = borrowing(flags, message)?;
    // SAFETY: without MSG_ZEROCOPY the kernel has copied the bytes when the call is over, and no control message
    // names memory.
    unsafe { sendmsg_zerocopy(fd, message, flags) }
}

/// Sends a message, also with `MSG_ZEROCOPY`: then the kernel goes on reading the bytes after the call. And also with
/// the control messages of RDS that name memory of ours, which the kernel then writes to.
///
/// # Safety
/// With `MSG_ZEROCOPY` the bytes that the vectors point to must stay as they are until the kernel has told, on the
/// error queue, that it has done with them: [`Origin::Zerocopy`](crate::payload::Origin::Zerocopy). Memory that a control
/// message names must be there for the kernel until it has told, by `RDS_CMSG_RDMA_STATUS`, that it is done.
///
/// # Errors
/// As [`sendmsg`].
pub unsafe fn sendmsg_zerocopy<'f>(
    fd: impl Into<Fd<'f>>,
    message: &MsgHdr<'_>,
    flags: MsgFlags,
) -> Result<usize, Errno> {
    let (fd, header) = (fd.into(), to_libc(message.raw())?);
    // SAFETY: `header` has pointers and lengths of the slices that `message` borrows; they live until the call is
    // over, as long as the caller promises beyond it, and are only read. The descriptor is open by the contract of
    // Fd.
    let sent = unsafe { libc::sendmsg(fd.as_raw(), &raw const header, flags.bits() as i32) };
    usize::try_from(sent).map_err(|_| errno())
}

/// The flags of a send, unless the kernel would keep the bytes longer than they are borrowed, or go for memory that
/// is not borrowed at all: RDS has control messages with addresses in them.
fn borrowing(flags: MsgFlags, message: &MsgHdr<'_>) -> Result<MsgFlags, Errno> {
    let harmless = |raw: &Raw<'_>| {
        raw.level != SOL_RDS || RDS_CMSG_RDMA_DEST.is(raw) || RDS_CMSG_ZCOPY_COOKIE.is(raw)
    };
    if flags.contains(MsgFlags::MSG_ZEROCOPY)
        || !Reader::new(message.msg_control())
            .flatten()
            .all(|raw| harmless(&raw))
    {
        return Err(Errno(libc::EINVAL));
    }
    Ok(flags)
}

/// Does a receiving call with `MSG_CMSG_CLOEXEC`; without it on the sockets that refuse the flag, and bring no
/// descriptors: of packets and of CAN.
fn receiving(
    fd: Fd<'_>,
    flags: MsgFlags,
    mut call: impl FnMut(u32) -> isize,
) -> Result<usize, Errno> {
    let refused = match usize::try_from(call((flags | MsgFlags::MSG_CMSG_CLOEXEC).bits())) {
        Ok(n) => return Ok(n),
        Err(_) => errno(),
    };
    if refused.0 != libc::EINVAL || !matches!(domain(fd), Some(libc::AF_PACKET | libc::AF_CAN)) {
        return Err(refused); // anywhere else it may be an error that was pending, and told once
    }
    usize::try_from(call(flags.bits())).map_err(|_| errno())
}

/// The family of a socket.
fn domain(fd: Fd<'_>) -> Option<i32> {
    let (mut domain, mut len) = (0i32, size_of::<i32>() as libc::socklen_t);
    // SAFETY: pointer and length of `domain`; the descriptor is open by the contract of Fd.
    let failed = unsafe {
        libc::getsockopt(
            fd.as_raw(),
            libc::SOL_SOCKET,
            libc::SO_DOMAIN,
            (&raw mut domain).cast(),
            &raw mut len,
        )
    };
    (failed == 0).then_some(domain)
}

/// Receives a message: `recvmsg(2)`.
///
/// Descriptors that arrive with it belong to the [`Received`], which closes those that nobody takes.
/// They are always received with `MSG_CMSG_CLOEXEC`, so no other thread's `execve(2)` can leak them; that
/// flag is not reported back.
///
/// The space moves into the [`Received`], and `message` is empty then. After an error it is as it was, and the call
/// can be repeated.
///
/// A message or control buffer that was too small is no error: what fitted is there, and
/// [`flags`](Received::flags) has `MSG_TRUNC` or `MSG_CTRUNC`.
///
/// # Errors
/// The kernel's: EBADF, ENOTSOCK, EAGAIN, EINTR and more, see the man page; nothing was received then.
/// EMSGSIZE for more vectors and ENOBUFS for more control bytes than the C library can express.
pub fn recvmsg<'m, 'f>(
    fd: impl Into<Fd<'f>>,
    message: &mut MsgHdrMut<'m>,
    flags: MsgFlags,
) -> Result<Received<'m>, Errno> {
    let (fd, mut header) = (fd.into(), to_libc(message.raw())?);
    let bytes = receiving(fd, flags, |flags| {
        // SAFETY: `header` has pointers and lengths of the slices that `message` borrows exclusively; recvmsg
        // writes within them, any bytes are valid there, and it does not keep them. The vectors themselves are
        // only read. The descriptor is open by the contract of Fd.
        unsafe { libc::recvmsg(fd.as_raw(), &raw mut header, flags as i32) }
    })?;
    #[allow(
        clippy::unnecessary_cast,
        reason = "the types of the fields differ between C libraries"
    )]
    let arrived = RecvOutcome {
        bytes,
        name_len: header.msg_namelen as usize,
        control_len: header.msg_controllen as usize,
        flags: header.msg_flags as u32,
    };
    // SAFETY: that is what the kernel has just reported of this message.
    Ok(unsafe { arrived.into_received(core::mem::take(message).into_groups()) })
}

/// What the kernel reports of a message that it has put into the caller's space.
struct RecvOutcome {
    bytes: usize,
    name_len: usize,
    control_len: usize,
    flags: u32,
}

impl RecvOutcome {
    /// Makes the [`Received`] of it: the one place where descriptors get their owner.
    ///
    /// # Safety
    /// `self` is what the kernel reported of the message in these groups (name, vectors, control), and this
    /// is called once for it: nobody else has seen the descriptors yet.
    unsafe fn into_received<'m>(
        self,
        (name, vectors, control): (&'m mut [u8], &'m [IoVec<'m>], &'m mut [u8]),
    ) -> Received<'m> {
        let flags = MsgFlags::from_bits_retain(self.flags).difference(MsgFlags::MSG_CMSG_CLOEXEC);
        let filled = self.control_len.min(control.len());
        let control = control.get_mut(..filled).unwrap_or_default();
        // SAFETY: the kernel has put these messages there, and the descriptors in them into this process;
        // nobody else has seen them, as the caller promised.
        let received = unsafe { Received::from_control(self.bytes, flags, control) };
        received.with_groups(name, self.name_len, vectors)
    }
}
