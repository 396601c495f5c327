// SPDX-License-Identifier: MIT OR Apache-2.0
//! What the calls share: the error number, closing, the process's ids, options, and
//! `MSG_CMSG_CLOEXEC`.

use crate::error::Errno;
use crate::msghdr::MsgFlags;
use crate::payload::Ucred;
use crate::wire::fd::Fd;
use crate::wire::option::SocketOption;
#[cfg(target_os = "android")]
use libc::__errno as errno_location;
#[cfg(not(target_os = "android"))]
use libc::__errno_location as errno_location;

/// Returns what a system call returned or, if that is negative, the error number that it left.
///
/// Call this directly after the system call: another call may overwrite the error number.
#[inline]
pub(super) fn check(returned: impl TryInto<usize>) -> Result<usize, Errno> {
    returned.try_into().map_err(|_| {
        // SAFETY: the read needs a valid, aligned pointer. The C library returns a pointer to this
        // thread's errno (errno(3)), an int that is valid until the thread ends.
        Errno(unsafe { *errno_location() })
    })
}

/// Closes a descriptor: `close(2)`. [`Received::from_call`](crate::Received::from_call) and
/// [`from_control`](crate::Received::from_control) take this function.
///
/// ```
/// # #[cfg(feature = "std")] {
/// use std::os::fd::IntoRawFd;
/// let number = std::fs::File::open("/dev/null")?.into_raw_fd();
/// // SAFETY: it is open, and nobody uses it any more.
/// unsafe { ancil::io::close(number) };
/// # }
/// # Ok::<(), std::io::Error>(())
/// ```
///
/// # Safety
/// The descriptor must be open, and nobody may use it afterwards.
pub unsafe fn close(fd: i32) {
    // The result is ignored: Linux frees the number even if close(2) reports an error.
    // SAFETY: nobody may use a descriptor that is closed here. That is the contract of this
    // function.
    unsafe { libc::close(fd) };
}

/// Returns the ids of this process as the kernel has them: what `SCM_CREDENTIALS` sends without any
/// privilege.
///
/// ```
/// use ancil::{SCM_CREDENTIALS, Writer, io, space_of};
///
/// let mut buffer = [0; space_of::<SCM_CREDENTIALS>()];
/// Writer::new(&mut buffer).put(SCM_CREDENTIALS, io::own_credentials())?;
/// assert_eq!(io::own_credentials().pid, std::process::id() as i32);
/// # Ok::<(), ancil::NoSpace>(())
/// ```
pub fn own_credentials() -> Ucred {
    // SAFETY: these functions take no arguments, access no memory of the program, and never fail.
    let (pid, uid, gid) = unsafe { (libc::getpid(), libc::getuid(), libc::getgid()) };
    Ucred { pid, uid, gid }
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

/// Refuses `MSG_TRUNC` on a stream with EINVAL, before anything is received. TCP would discard
/// bytes and report their number as if it had copied them.
#[inline]
pub(super) fn refuse_trunc_on_stream(fd: Fd<'_>, flags: MsgFlags) -> Result<(), Errno> {
    if flags.contains(MsgFlags::MSG_TRUNC) && is_stream(fd) {
        return Err(Errno(libc::EINVAL));
    }
    Ok(())
}

/// Continues after a receiving call with `MSG_CMSG_CLOEXEC`, which returned `result`: repeats it
/// without the flag if the socket does not know it, and after a signal if `on_signal` says so.
///
/// Sockets that do not know the flag answer EINVAL or EOPNOTSUPP: kernel `packet_recvmsg`,
/// `isotp_recvmsg`, `pfkey_recvmsg`, `mctp_recvmsg`, `pn_recvmsg`. They deliver no descriptors, so
/// none can leak. AF_UNIX, AF_INET and AF_INET6 know the flag. There these numbers are errors of
/// another kind, which a repeated call would lose: the kernel reports a pending error only once,
/// and an ICMP message can bring EOPNOTSUPP to UDP. On sockets of other families a pending error
/// with one of these numbers is lost.
pub(super) fn repeat_recv(
    mut result: Result<usize, Errno>,
    fd: Fd<'_>,
    flags: MsgFlags,
    on_signal: OnSignal,
    mut call: impl FnMut(MsgFlags) -> Result<usize, Errno>,
) -> Result<usize, Errno> {
    loop {
        if let Err(Errno(libc::EINVAL | libc::EOPNOTSUPP)) = result {
            if may_refuse_cloexec(fd) {
                result = call(flags);
            }
        }
        match (result, on_signal) {
            (Err(Errno::EINTR), OnSignal::Repeat) => {}
            _ => return result,
        }
        result = call(flags | MsgFlags::MSG_CMSG_CLOEXEC);
    }
}

/// Returns whether the socket is of a family that may not know `MSG_CMSG_CLOEXEC`.
#[cold]
#[inline(never)]
fn may_refuse_cloexec(fd: Fd<'_>) -> bool {
    let domain = socket_option(fd, libc::SO_DOMAIN);
    domain.is_some_and(|domain| ![libc::AF_UNIX, libc::AF_INET, libc::AF_INET6].contains(&domain))
}

/// Returns whether the socket is a stream.
#[cold]
#[inline(never)]
pub(super) fn is_stream(fd: Fd<'_>) -> bool {
    socket_option(fd, libc::SO_TYPE) == Some(libc::SOCK_STREAM)
}

/// Returns an option of `SOL_SOCKET` that is an int, or `None` if `fd` is not a socket.
pub(super) fn socket_option(fd: Fd<'_>, option: i32) -> Option<i32> {
    let (mut value, mut len) = (0i32, size_of::<i32>() as libc::socklen_t);
    // SAFETY: getsockopt writes at most `len` bytes to `value`, and the length to `len`. Both are
    // local variables, and `len` is the size of `value`.
    let failed = unsafe {
        libc::getsockopt(
            fd.as_raw(),
            libc::SOL_SOCKET,
            option,
            (&raw mut value).cast(),
            &raw mut len,
        )
    };
    (failed == 0).then_some(value)
}

/// Calls `setsockopt(2)` for an option, under its number or under that for 64-bit times.
pub(super) fn set_socket_option(
    fd: Fd<'_>,
    option: &SocketOption,
    number: i32,
    value: &[u8],
) -> Result<(), Errno> {
    let (level, len) = (option.level, value.len());
    let len = len.try_into().map_err(|_| Errno(libc::EINVAL))?;
    // SAFETY: setsockopt reads `len` bytes at the pointer, which are those of `value`. It accesses
    // no other memory and no descriptor but `fd`: only the catalogue makes a `SocketOption`, and
    // it has no option that takes an address or a descriptor.
    check(unsafe { libc::setsockopt(fd.as_raw(), level, number, value.as_ptr().cast(), len) })?;
    Ok(())
}
