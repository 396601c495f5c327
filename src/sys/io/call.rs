//! What all calls share: the error number, the C library's `msghdr`, and `MSG_CMSG_CLOEXEC`.

use super::fd::Fd;
use crate::error::Errno;
use crate::msghdr::{MsgFlags, UserMsghdr};
#[cfg(target_os = "android")]
use libc::__errno as errno_location;
#[cfg(not(target_os = "android"))]
use libc::__errno_location as errno_location;

/// Returns what a system call returned or, if that is negative, the error number that it left.
///
/// Call this directly after the system call: another call may overwrite the error number.
pub(super) fn check(returned: impl TryInto<usize>) -> Result<usize, Errno> {
    returned.try_into().map_err(|_| {
        // SAFETY: the read needs a valid, aligned pointer. The C library returns a pointer to this
        // thread's errno (errno(3)), an int that is valid until the thread ends.
        Errno(unsafe { *errno_location() })
    })
}

/// Returns the message as the C library declares it, where some of the kernel's fields are narrower
/// or at other offsets.
///
/// # Errors
/// A length that does not fit its field: EINVAL for the address, EMSGSIZE for the vectors, ENOBUFS
/// for the control messages, as Linux reports lengths that are too large.
#[allow(
    clippy::useless_conversion,
    reason = "the types of the fields differ between C libraries"
)]
pub(super) fn to_libc(message: &UserMsghdr) -> Result<libc::msghdr, Errno> {
    // It cannot be a literal: some C libraries have padding fields with names of their own.
    // SAFETY: all bytes zero must be a valid value. msghdr consists of pointers and integers, for
    // which zero is valid.
    let mut header: libc::msghdr = unsafe { core::mem::zeroed() };
    header.msg_name = message.msg_name;
    header.msg_namelen = (message.msg_namelen.try_into()).map_err(|_| Errno(libc::EINVAL))?;
    header.msg_iov = message.msg_iov.cast();
    header.msg_iovlen = (message.msg_iovlen.try_into()).map_err(|_| Errno(libc::EMSGSIZE))?;
    header.msg_control = message.msg_control;
    header.msg_controllen =
        (message.msg_controllen.try_into()).map_err(|_| Errno(libc::ENOBUFS))?;
    Ok(header)
}

/// Makes a receiving call with `MSG_CMSG_CLOEXEC`, and repeats it without the flag if the socket
/// does not know it.
///
/// Such sockets deliver no descriptors, so none can leak: kernel `packet_recvmsg`, `isotp_recvmsg`,
/// `j1939_sk_recvmsg`. For any other socket EINVAL is returned, as it may be a pending error, which
/// the kernel reports only once: a second call would lose it.
pub(super) fn recv_cloexec(
    fd: Fd<'_>,
    flags: MsgFlags,
    mut call: impl FnMut(MsgFlags) -> Result<usize, Errno>,
) -> Result<usize, Errno> {
    match call(flags | MsgFlags::MSG_CMSG_CLOEXEC) {
        Err(Errno(libc::EINVAL)) if matches!(domain(fd), Some(libc::AF_PACKET | libc::AF_CAN)) => {
            call(flags)
        }
        result => result,
    }
}

/// Returns the address family of a socket: `SO_DOMAIN`.
fn domain(fd: Fd<'_>) -> Option<i32> {
    let (mut domain, mut len) = (0i32, size_of::<i32>() as libc::socklen_t);
    // SAFETY: getsockopt writes at most `len` bytes to `domain`, and the length to `len`. Both are
    // local variables, and `len` is the size of `domain`.
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
