// SPDX-License-Identifier: MIT OR Apache-2.0
//! The numbers that differ by architecture. All other numbers are the same on every Linux.
#![forbid(unsafe_code)]

/// Whether this is mips, which kept many numbers of its old Unix.
pub(crate) const MIPS: bool = cfg!(any(
    target_arch = "mips",
    target_arch = "mips32r6",
    target_arch = "mips64",
    target_arch = "mips64r6",
));

/// Whether this is sparc, which did so too.
pub(crate) const SPARC: bool = cfg!(any(target_arch = "sparc", target_arch = "sparc64"));

/// Sockets themselves, of any protocol: `socket(7)`. 1, but 0xffff on mips and sparc.
pub const SOL_SOCKET: i32 = by_machine(1, 0xffff, 0xffff);

/// Returns the number of a level or error: on most architectures, on mips, or on sparc.
pub(crate) const fn by_machine(number: i32, mips: i32, sparc: i32) -> i32 {
    if MIPS { mips } else { by_arch(number, sparc) }
}

/// Returns the number of an option or message: on sparc, or on all other architectures.
pub(crate) const fn by_arch(number: i32, sparc: i32) -> i32 {
    if SPARC { sparc } else { number }
}

/// The option that switches `SCM_CREDENTIALS` on. The number on sparc is in the table.
pub(crate) const SO_PASSCRED: i32 = if MIPS {
    17
} else if cfg!(any(target_arch = "powerpc", target_arch = "powerpc64")) {
    20
} else {
    16
};

/// `SOCK_STREAM` and `SOCK_DGRAM`, which mips has the other way round.
pub(crate) const SOCK_STREAM: i32 = if MIPS { 2 } else { 1 };
pub(crate) const SOCK_DGRAM: i32 = if MIPS { 1 } else { 2 };
