//! The numbers that differ by architecture. Everything else is the same on every Linux.
#![forbid(unsafe_code)]

use crate::error::Errno;

/// Whether this is mips, which kept many numbers of its old Unix.
const MIPS: bool = cfg!(any(
    target_arch = "mips",
    target_arch = "mips32r6",
    target_arch = "mips64",
    target_arch = "mips64r6",
));

/// Whether this architecture kept the socket level of its old Unix.
const OLD_UNIX: bool = MIPS || cfg!(any(target_arch = "sparc", target_arch = "sparc64"));

/// Sockets themselves, of any protocol: `socket(7)`. 1, but 0xffff on mips and sparc.
pub const SOL_SOCKET: i32 = if OLD_UNIX { 0xffff } else { 1 };

/// The option that switches `SCM_CREDENTIALS` on. Only sparc's number is in the table.
pub(crate) const SO_PASSCRED: i32 = if MIPS {
    17
} else if cfg!(any(target_arch = "powerpc", target_arch = "powerpc64")) {
    20
} else {
    16
};

/// Sparc kept its own numbers for socket options, and so for the messages named after them.
pub(crate) const fn by_arch(number: i32, sparc: i32) -> i32 {
    if cfg!(any(target_arch = "sparc", target_arch = "sparc64")) {
        sparc
    } else {
        number
    }
}

/// `SOCK_STREAM` and `SOCK_DGRAM`; mips has them the other way round.
pub(crate) const SOCK_STREAM: i32 = if MIPS { 2 } else { 1 };
pub(crate) const SOCK_DGRAM: i32 = if MIPS { 1 } else { 2 };

const fn errno(generic: i32, mips: i32, sparc: i32) -> Errno {
    if cfg!(any(target_arch = "sparc", target_arch = "sparc64")) {
        Errno(sparc)
    } else if MIPS {
        Errno(mips)
    } else {
        Errno(generic)
    }
}

/// Makes the constants, names and words of [`Errno`] of the table below: name, words, number, on mips, on sparc.
macro_rules! errnos {
    ($( $NAME:ident = $words:literal, $generic:literal, $mips:literal, $sparc:literal; )+) => {
        /// Those that sockets give, and the library; each has the number of the machine this is compiled for.
        impl Errno {
            $( #[doc = concat!($words, ".")] pub const $NAME: Self = errno($generic, $mips, $sparc); )+

            /// `EAGAIN` and the like; `None` for a number that has no constant here.
            pub const fn name(self) -> Option<&'static str> {
                Some(match self { $( Self::$NAME => stringify!($NAME), )+ _ => return None })
            }

            /// The same in words.
            pub const fn words(self) -> Option<&'static str> {
                Some(match self { $( Self::$NAME => $words, )+ _ => return None })
            }
        }

        /// The same numbers, for the rooms that return many of them.
        #[allow(dead_code, reason = "no set of features needs all of them")]
        pub(crate) mod errno {
            use crate::error::Errno;
            $( pub(crate) const $NAME: Errno = Errno::$NAME; )+
        }
    };
}

errnos! {
    EPERM = "operation not permitted", 1, 1, 1;
    ENOENT = "no such file or directory", 2, 2, 2;
    ESRCH = "no such process", 3, 3, 3;
    EINTR = "interrupted by a signal", 4, 4, 4;
    EIO = "input/output error", 5, 5, 5;
    ENXIO = "no such device or address", 6, 6, 6;
    EBADF = "bad file descriptor", 9, 9, 9;
    EAGAIN = "try again, or wait until it is ready", 11, 11, 11;
    ENOMEM = "out of memory", 12, 12, 12;
    EACCES = "permission denied", 13, 13, 13;
    EFAULT = "bad address", 14, 14, 14;
    EBUSY = "device or resource busy", 16, 16, 16;
    EEXIST = "exists already", 17, 17, 17;
    ENODEV = "no such device", 19, 19, 19;
    EINVAL = "invalid argument", 22, 22, 22;
    ENFILE = "too many open files in the system", 23, 23, 23;
    EMFILE = "too many open files", 24, 24, 24;
    ENOSPC = "no space left", 28, 28, 28;
    EPIPE = "broken pipe", 32, 32, 32;
    ERANGE = "result out of range", 34, 34, 34;
    ENOSYS = "no such system call", 38, 89, 90;
    ENOMSG = "no message of this type", 42, 35, 75;
    ENODATA = "no data available", 61, 61, 111;
    EPROTO = "protocol error", 71, 71, 86;
    EBADMSG = "bad message", 74, 77, 76;
    EOVERFLOW = "value too large", 75, 79, 92;
    ENOTSOCK = "not a socket", 88, 95, 38;
    EDESTADDRREQ = "destination address required", 89, 96, 39;
    EMSGSIZE = "message too long", 90, 97, 40;
    EPROTOTYPE = "wrong protocol type for the socket", 91, 98, 41;
    ENOPROTOOPT = "protocol not available", 92, 99, 42;
    EPROTONOSUPPORT = "protocol not supported", 93, 120, 43;
    EOPNOTSUPP = "operation not supported", 95, 122, 45;
    EAFNOSUPPORT = "address family not supported", 97, 124, 47;
    EADDRINUSE = "address in use", 98, 125, 48;
    EADDRNOTAVAIL = "address not available", 99, 126, 49;
    ENETDOWN = "network is down", 100, 127, 50;
    ENETUNREACH = "network is unreachable", 101, 128, 51;
    ECONNABORTED = "connection aborted", 103, 130, 53;
    ECONNRESET = "connection reset by the peer", 104, 131, 54;
    ENOBUFS = "no buffer space available", 105, 132, 55;
    EISCONN = "connected already", 106, 133, 56;
    ENOTCONN = "not connected", 107, 134, 57;
    ETOOMANYREFS = "too many descriptors in flight", 109, 144, 59;
    ETIMEDOUT = "timed out", 110, 145, 60;
    ECONNREFUSED = "connection refused", 111, 146, 61;
    EHOSTUNREACH = "no route to host", 113, 148, 65;
    EINPROGRESS = "in progress", 115, 150, 36;
}
