// SPDX-License-Identifier: MIT OR Apache-2.0
//! [`Errno`]: the error numbers of the kernel that sockets give, and the library.
#![forbid(unsafe_code)]

use crate::arch::by_machine;
use core::fmt;

/// An error number of the kernel: `errno(3)`. It prints as its words and its name:
/// `not a socket (ENOTSOCK)`.
///
/// ```
/// use ancil::Errno;
///
/// assert_eq!(Errno::EAGAIN.name(), Some("EAGAIN"));
/// assert_eq!(Errno::ENOTSOCK.words(), Some("not a socket"));
/// assert_eq!(Errno::ENOTSOCK.to_string(), "not a socket (ENOTSOCK)");
/// ```
#[doc(alias = "errno")]
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct Errno(
    /// The positive number.
    pub i32,
);

/// Defines the constants, names and words of [`Errno`] from rows of: name, words, number, number on
/// mips, number on sparc. `header/numbers.rs` reads the rows as well, line by line.
macro_rules! define_errnos {
    ($( $NAME:ident = $words:literal, $generic:literal, $mips:literal, $sparc:literal; )+) => {
        /// The errors that sockets give, and this library. Each constant is the number of the
        /// machine that this is compiled for.
        impl Errno {
            $(
                #[doc = concat!($words, ".")]
                pub const $NAME: Self = Self(by_machine($generic, $mips, $sparc));
            )+

            /// The name: `EAGAIN`. `None` for a number that has no constant here.
            pub const fn name(self) -> Option<&'static str> {
                Some(match self { $( Self::$NAME => stringify!($NAME), )+ _ => return None })
            }

            /// The words. `None` for a number that has no constant here.
            pub const fn words(self) -> Option<&'static str> {
                Some(match self { $( Self::$NAME => $words, )+ _ => return None })
            }
        }

        /// The same numbers, for modules that return many of them.
        #[allow(dead_code, reason = "no set of features needs all of them")]
        pub(crate) mod number {
            use super::Errno;
            $( pub(crate) const $NAME: Errno = Errno::$NAME; )+
        }
    };
}

define_errnos! {
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

impl fmt::Display for Errno {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match (self.words(), self.name()) {
            (Some(words), Some(name)) => write!(f, "{words} ({name})"),
            _ => write!(f, "errno {}", self.0),
        }
    }
}

impl fmt::Debug for Errno {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.name() {
            Some(name) => f.write_str(name),
            None => write!(f, "Errno({})", self.0),
        }
    }
}

impl core::error::Error for Errno {}

#[cfg(feature = "std")]
impl From<Errno> for std::io::Error {
    fn from(e: Errno) -> Self {
        Self::from_raw_os_error(e.0)
    }
}
