// SPDX-License-Identifier: MIT OR Apache-2.0 OR CC0-1.0
//! What the C library does in other programs: the entry point, system calls, and the end.

#[cfg(target_arch = "x86_64")]
mod numbers {
    pub const WRITE: usize = 1;
    pub const CLOSE: usize = 3;
    pub const SENDMSG: usize = 46;
    pub const RECVMSG: usize = 47;
    pub const SOCKETPAIR: usize = 53;
    pub const EXIT_GROUP: usize = 231;
}

#[cfg(target_arch = "aarch64")]
mod numbers {
    pub const CLOSE: usize = 57;
    pub const WRITE: usize = 64;
    pub const EXIT_GROUP: usize = 94;
    pub const SOCKETPAIR: usize = 199;
    pub const SENDMSG: usize = 211;
    pub const RECVMSG: usize = 212;
}

pub use numbers::*;

// The entry point. No function has called it, so it aligns the stack as for one.
#[cfg(target_arch = "x86_64")]
core::arch::global_asm!(
    ".globl _start",
    "_start:",
    "xor ebp, ebp",
    "and rsp, -16",
    "call {start}",
    start = sym crate::start,
);
#[cfg(target_arch = "aarch64")]
core::arch::global_asm!(
    ".globl _start",
    "_start:",
    "mov x29, #0",
    "mov x30, #0",
    "b {start}",
    start = sym crate::start,
);

/// Makes the system call with this number. Returns its result, or a negative error number.
///
/// # Safety
/// What the call does with these arguments to memory and descriptors must be allowed.
pub unsafe fn syscall(number: usize, arguments: [usize; 4]) -> isize {
    let [first, second, third, fourth] = arguments;
    let returned;
    // SAFETY: the kernel reads these registers and changes rax, rcx and r11 only. It does not use
    // this stack. The effects of the call are allowed by the contract of this function.
    #[cfg(target_arch = "x86_64")]
    unsafe {
        core::arch::asm!(
            "syscall",
            inlateout("rax") number => returned,
            in("rdi") first, in("rsi") second, in("rdx") third, in("r10") fourth,
            lateout("rcx") _, lateout("r11") _,
            options(nostack),
        );
    }
    // SAFETY: the kernel reads these registers and changes x0 only. It does not use this stack. The
    // effects of the call are allowed by the contract of this function.
    #[cfg(target_arch = "aarch64")]
    unsafe {
        core::arch::asm!(
            "svc 0",
            in("x8") number,
            inlateout("x0") first => returned,
            in("x1") second, in("x2") third, in("x3") fourth,
            options(nostack),
        );
    }
    returned
}

/// Ends the program.
pub fn exit(status: usize) -> ! {
    loop {
        // SAFETY: exit_group(2) accesses no memory, and does not return.
        unsafe { syscall(EXIT_GROUP, [status, 0, 0, 0]) };
    }
}
