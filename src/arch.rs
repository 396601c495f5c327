//! The numbers that differ by architecture. Everything else is the same on every Linux.
#![forbid(unsafe_code)]

/// Whether this is mips, which kept many numbers of its old Unix.
const MIPS: bool =
    cfg!(any(target_arch = "mips", target_arch = "mips32r6", target_arch = "mips64", target_arch = "mips64r6",));

/// Whether this architecture kept the socket level of its old Unix.
const OLD_UNIX: bool = MIPS || cfg!(any(target_arch = "sparc", target_arch = "sparc64"));

/// Sockets themselves, of any protocol: `socket(7)`. 1, but 0xffff on mips and sparc.
pub const SOL_SOCKET: i32 = if OLD_UNIX { 0xffff } else { 1 };

/// Sparc kept its own numbers for socket options, and so for the messages named after them.
pub(crate) const fn by_arch(number: i32, sparc: i32) -> i32 {
    if cfg!(any(target_arch = "sparc", target_arch = "sparc64")) { sparc } else { number }
}

/// `SOCK_STREAM` and `SOCK_DGRAM`; mips has them the other way round.
pub(crate) const SOCK_STREAM: i32 = if MIPS { 2 } else { 1 };
pub(crate) const SOCK_DGRAM: i32 = if MIPS { 1 } else { 2 };

/// The `errno(3)` numbers that the library returns to C, and the kernel to programs.
pub(crate) mod errno {
    use super::MIPS;
    use crate::error::Errno;

    const fn number(generic: i32, mips: i32, sparc: i32) -> Errno {
        if cfg!(any(target_arch = "sparc", target_arch = "sparc64")) {
            Errno(sparc)
        } else if MIPS {
            Errno(mips)
        } else {
            Errno(generic)
        }
    }

    macro_rules! errnos {
        ($( $(#[$cfg:meta])? $NAME:ident = $words:literal, $generic:literal, $mips:literal, $sparc:literal; )+) => {
            $( $(#[$cfg])? #[doc = $words] pub(crate) const $NAME: Errno = number($generic, $mips, $sparc); )+
        };
    }

    errnos! {
        EPERM = "Operation not permitted.", 1, 1, 1;
        ESRCH = "No such process.", 3, 3, 3;
        EIO = "Input/output error.", 5, 5, 5;
        EBADF = "Bad file descriptor.", 9, 9, 9;
        EFAULT = "Bad address.", 14, 14, 14;
        ENODEV = "No such device.", 19, 19, 19;
        EINVAL = "Invalid argument.", 22, 22, 22;
        ERANGE = "Result out of range.", 34, 34, 34;
        ENODATA = "No data available.", 61, 61, 111;
        #[cfg(feature = "capi")]
        EBADMSG = "Bad message.", 74, 77, 76;
        EDESTADDRREQ = "Destination address required.", 89, 96, 39;
        EMSGSIZE = "Message too long.", 90, 97, 40;
        EOPNOTSUPP = "Operation not supported.", 95, 122, 45;
        EAFNOSUPPORT = "Address family not supported by protocol.", 97, 124, 47;
        ENETUNREACH = "Network is unreachable.", 101, 128, 51;
        ENOBUFS = "No buffer space available.", 105, 132, 55;
        ENOTCONN = "Transport endpoint is not connected.", 107, 134, 57;
    }
}
