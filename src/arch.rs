//! The numbers that differ by architecture. Everything else is the same on every Linux.
#![forbid(unsafe_code)]

/// Whether this architecture kept the socket level of its old Unix.
const OLD_UNIX: bool = cfg!(any(
    target_arch = "mips",
    target_arch = "mips32r6",
    target_arch = "mips64",
    target_arch = "mips64r6",
    target_arch = "sparc",
    target_arch = "sparc64",
));

/// Sockets themselves, of any protocol: `socket(7)`. 1, but 0xffff on mips and sparc.
pub const SOL_SOCKET: i32 = if OLD_UNIX { 0xffff } else { 1 };

/// Sparc kept its own numbers for socket options, and so for the messages named after them.
pub(crate) const fn by_arch(number: i32, sparc: i32) -> i32 {
    if cfg!(any(target_arch = "sparc", target_arch = "sparc64")) { sparc } else { number }
}

/// The `errno(3)` numbers that the library returns to C.
#[cfg(feature = "capi")]
pub(crate) mod errno {
    use super::OLD_UNIX;
    use crate::error::Errno;

    const fn number(generic: i32, mips: i32, sparc: i32) -> Errno {
        if cfg!(any(target_arch = "sparc", target_arch = "sparc64")) {
            Errno(sparc)
        } else if OLD_UNIX {
            Errno(mips)
        } else {
            Errno(generic)
        }
    }

    /// Invalid argument.
    pub(crate) const EINVAL: Errno = Errno(22);
    /// Bad message.
    pub(crate) const EBADMSG: Errno = number(74, 77, 76);
    /// No buffer space available.
    pub(crate) const ENOBUFS: Errno = number(105, 132, 55);
}
