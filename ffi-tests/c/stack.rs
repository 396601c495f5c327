//! Functions whose stack is large or has no bound, for the test of benches/size/stack.py.
#![no_std]
#![crate_type = "lib"]

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
    if black_box(*n) == 0 { 0 } else { ancil_recursive(&black_box(*n - 1)).rotate_left(*n) }
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

unsafe extern "C" {
    safe fn elsewhere() -> u32;
}

#[unsafe(no_mangle)]
pub extern "C" fn ancil_elsewhere() -> u32 {
    elsewhere() | 1
}
