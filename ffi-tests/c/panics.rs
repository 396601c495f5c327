//! The control of tests/no_panic.rs: a library with a panic in it, and libancil's panic handler. With cfg `fixed`
//! the panic is gone.
#![no_std]

#[unsafe(no_mangle)]
pub extern "C" fn ancil_panics(i: usize) -> i32 {
    static TABLE: [i32; 3] = [3, 1, 4];
    #[cfg(fixed)]
    return TABLE.get(i).copied().unwrap_or(0);
    #[cfg(not(fixed))]
    TABLE[i]
}

#[panic_handler]
fn panic(_: &core::panic::PanicInfo<'_>) -> ! {
    unsafe extern "C" {
        #[link_name = "ancil_a_panic_is_reachable"]
        safe fn abort() -> !;
    }
    abort()
}
