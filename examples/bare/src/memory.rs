// SPDX-License-Identifier: MIT OR Apache-2.0 OR CC0-1.0
//! The functions that the compiler calls to copy, set and compare memory. A C library has faster
//! ones. The accesses are volatile: otherwise the compiler would make calls to these functions of
//! the loops, which would not end.

/// Copies memory to memory that does not overlap with it.
///
/// # Safety
/// `len` bytes at `to` must be writable, and those at `from` readable.
#[unsafe(no_mangle)]
unsafe extern "C" fn memcpy(to: *mut u8, from: *const u8, len: usize) -> *mut u8 {
    for at in 0..len {
        // SAFETY: `at` is less than `len`, and the caller promises so many bytes of both.
        unsafe { to.add(at).write_volatile(from.add(at).read_volatile()) };
    }
    to
}

/// Copies memory to memory that may overlap with it.
///
/// # Safety
/// `len` bytes at `to` must be writable, and those at `from` readable.
#[unsafe(no_mangle)]
unsafe extern "C" fn memmove(to: *mut u8, from: *const u8, len: usize) -> *mut u8 {
    if to.cast_const() <= from {
        // SAFETY: the caller promises the bytes. From the first to the last, `memcpy` reads each
        // byte before it writes to it.
        return unsafe { memcpy(to, from, len) };
    }
    for at in (0..len).rev() {
        // SAFETY: `at` is less than `len`, and the caller promises so many bytes of both.
        unsafe { to.add(at).write_volatile(from.add(at).read_volatile()) };
    }
    to
}

/// Sets all bytes to the lowest byte of `value`.
///
/// # Safety
/// `len` bytes at `to` must be writable.
#[unsafe(no_mangle)]
unsafe extern "C" fn memset(to: *mut u8, value: i32, len: usize) -> *mut u8 {
    for at in 0..len {
        // SAFETY: `at` is less than `len`, and the caller promises so many bytes.
        unsafe { to.add(at).write_volatile(value as u8) };
    }
    to
}

/// Compares memory. Returns a number that is negative, zero or positive, as the first bytes that
/// differ do, or zero.
///
/// # Safety
/// `len` bytes at `one` and at `other` must be readable.
#[unsafe(no_mangle)]
unsafe extern "C" fn memcmp(one: *const u8, other: *const u8, len: usize) -> i32 {
    for at in 0..len {
        // SAFETY: `at` is less than `len`, and the caller promises so many bytes of both.
        let bytes = unsafe { [one, other].map(|start| start.add(at).read_volatile()) };
        if bytes[0] != bytes[1] {
            return i32::from(bytes[0]) - i32::from(bytes[1]);
        }
    }
    0
}

/// Compares memory. Returns zero if all bytes are equal.
///
/// # Safety
/// `len` bytes at `one` and at `other` must be readable.
#[unsafe(no_mangle)]
unsafe extern "C" fn bcmp(one: *const u8, other: *const u8, len: usize) -> i32 {
    // SAFETY: the caller promises what `memcmp` requires.
    unsafe { memcmp(one, other, len) }
}
