//! Functions whose stack is large, or without a bound that can be read off the code. They show that
//! ffi-tests/tests/stack.rs finds such functions.

use core::hint::black_box;

#[unsafe(no_mangle)]
pub extern "C" fn ancil_small(n: u32) -> u32 {
    n.rotate_left(3)
}

#[unsafe(no_mangle)]
#[inline(never)]
pub extern "C" fn ancil_large(n: u8) -> u8 {
    black_box([n; 300])[usize::from(n)]
}

#[unsafe(no_mangle)]
pub extern "C" fn ancil_above_large(n: u8) -> u8 {
    ancil_large(n) | 1
}

#[unsafe(no_mangle)]
#[inline(never)]
pub extern "C" fn ancil_recursive(n: &u32) -> u32 {
    if black_box(*n) == 0 {
        0
    } else {
        ancil_recursive(&black_box(*n - 1)).rotate_left(*n)
    }
}

#[unsafe(no_mangle)]
pub extern "C" fn ancil_above_recursive(n: u32) -> u32 {
    ancil_recursive(&n) | 1
}

#[unsafe(no_mangle)]
pub extern "C" fn ancil_pointer(call: extern "C" fn() -> u32) -> u32 {
    call() | 1
}

#[unsafe(no_mangle)]
pub extern "C" fn ancil_pointer_last(call: extern "C" fn() -> u32) -> u32 {
    call()
}

#[inline(never)]
extern "C" fn ten(
    a: u64,
    b: u64,
    c: u64,
    d: u64,
    e: u64,
    f: u64,
    g: u64,
    h: u64,
    i: u64,
    j: u64,
) -> u64 {
    black_box(a ^ b ^ c ^ d ^ e) ^ black_box(f ^ g ^ h ^ i ^ j)
}

/// On x86-64 the last arguments of the call are pushed, and are not part of the size of the frame
/// that the compiler states. On ARM they are.
#[unsafe(no_mangle)]
pub extern "C" fn ancil_pushes(n: u64) -> u64 {
    ten(n, n, n, n, n, n, n, n, n, n) | 1
}

unsafe extern "C" {
    safe fn elsewhere() -> u32;
}

#[unsafe(no_mangle)]
pub extern "C" fn ancil_elsewhere() -> u32 {
    elsewhere() | 1
}
