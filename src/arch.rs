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
