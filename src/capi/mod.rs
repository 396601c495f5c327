// SPDX-License-Identifier: MIT OR Apache-2.0
//! The C API: `extern "C"` functions of a few lines, one file for each header in `include/ancil/`.
//!
//! The headers are made from the signatures and doc comments here, so the doc comments of the
//! functions and of their structs speak to C programmers. `ancil/inline.h` is written by hand: it
//! declares what `cmsg` and `reader` define, and a part of `writer` and `message`.
//!
//! # Safety
//! Every function has the same contract, which the top of `include/ancil.h` states to C:
//!
//! - A pointer with a length is valid for that many bytes or elements until the call returns: for
//!   reading and, unless it is const, for writing. If the length is 0, the pointer may be anything;
//!   if the pointer is NULL, the length counts as 0. What is only written need not be initialised.
//! - A pointer to a single value is NULL, or aligned and valid for that value.
//! - What the pointers of one call lead to does not overlap.
//!
//! Pointers to a single value are references in Rust, `None` for NULL: `Option<&T>` is read,
//! `Option<&mut T>` is read and written, `Option<&mut MaybeUninit<T>>` is written only. cbindgen
//! makes plain pointers of all three. Pointers with a length are raw, become slices in the four
//! functions below, and make a function `unsafe`. A `SAFETY` comment that names "the contract of
//! the C API" means these points.
//!
//! A struct that keeps a pointer from one call to the next has a lifetime `'a`, for which the
//! caller keeps the buffer. The pointer and its length are private, and come from a slice that
//! lives for `'a` or from an `unsafe` function that requires as much.

mod check;
mod cmsg;
mod compat;
mod datagram;
mod exthdr;
mod format;
mod iov;
mod message;
mod netlink;
mod option;
mod reader;
mod report;
mod time;
mod uring;
mod version;
mod writer;

use crate::errno::number::EBADMSG;
use crate::error::Errno;
use core::ffi::{c_int, c_void};
use core::mem::MaybeUninit;
use core::ptr::NonNull;

/// Returns the status that C knows as `-errno`.
const fn status(e: Errno) -> c_int {
    e.0.wrapping_neg() // error numbers are small and positive
}

/// Reports a step of a walk, or the answer to a question, to C: 1 if there is an item, which goes
/// to `to`, 0 if there is none, or -EBADMSG.
fn report_step<T, E, C: From<T>>(step: Result<Option<T>, E>, to: &mut MaybeUninit<C>) -> c_int {
    match step {
        Err(_) => status(EBADMSG),
        Ok(None) => 0,
        Ok(Some(item)) => {
            to.write(item.into());
            1
        }
    }
}

/// Writes `items` to the front of `to`, as many as it holds.
fn write_out<T>(to: &mut [MaybeUninit<T>], items: impl IntoIterator<Item = T>) {
    for (to, item) in to.iter_mut().zip(items) {
        to.write(item);
    }
}

/// Returns the `n` elements at `first` as a slice pointer, which is never null. If `first` is NULL
/// the slice is empty. If `n` is 0 it is empty and aligned, whatever `first` is. A slice cannot
/// have more than `isize::MAX` bytes, so elements after those are left out.
fn array<T>(first: *mut T, n: usize) -> NonNull<[T]> {
    let most = const { (isize::MAX as usize).checked_div(size_of::<T>()) };
    match NonNull::new(first) {
        // An empty slice of bytes may be anywhere: testing `n` would only slow down a walk.
        Some(first) if n > 0 || align_of::<T>() == 1 => {
            NonNull::slice_from_raw_parts(first, most.map_or(n, |most| n.min(most)))
        }
        _ => NonNull::slice_from_raw_parts(NonNull::dangling(), 0),
    }
}

/// Returns the elements of an array of the caller's; none if `first` is NULL.
///
/// # Safety
/// Unless `first` is NULL or `n` is 0, `first` must be aligned, and `n` initialised elements must
/// be valid for reading for `'a`, in which nothing writes to them.
unsafe fn slice<'a, T>(first: *const T, n: usize) -> &'a [T] {
    // SAFETY: `as_ref` needs an aligned pointer to initialised elements of at most isize::MAX bytes
    // that nothing writes to for `'a`. `array` returns an empty slice, or `n` elements or fewer at
    // `first`, within isize::MAX bytes, for which the caller promises the rest.
    unsafe { array(first.cast_mut(), n).as_ref() }
}

/// Returns the elements of an array of the caller's, to read and write; none if `first` is NULL.
///
/// # Safety
/// Unless `first` is NULL or `n` is 0, `first` must be aligned, and `n` initialised elements must
/// be valid for reading and writing for `'a`, in which nothing else accesses them.
unsafe fn slice_mut<'a, T>(first: *mut T, n: usize) -> &'a mut [T] {
    // SAFETY: `as_mut` needs an aligned pointer to initialised elements of at most isize::MAX bytes
    // that nothing else accesses for `'a`. `array` returns an empty slice, or `n` elements or fewer
    // at `first`, within isize::MAX bytes, for which the caller promises the rest.
    unsafe { array(first, n).as_mut() }
}

/// Returns the elements of an array of the caller's, to write; none if `first` is NULL.
///
/// # Safety
/// Unless `first` is NULL or `n` is 0, `first` must be aligned, and `n` elements must be valid for
/// reading and writing for `'a`, in which nothing else accesses them. They need not be initialised.
unsafe fn uninit_slice<'a, T>(first: *mut T, n: usize) -> &'a mut [MaybeUninit<T>] {
    // SAFETY: `slice_mut` needs initialised elements that nothing else accesses for `'a`. A
    // `MaybeUninit` is initialised whatever it holds; the rest the caller promises of `T`, which
    // has the same size and alignment.
    unsafe { slice_mut(first.cast(), n) }
}

/// Returns the bytes of a buffer of the caller's; none if `data` is NULL.
///
/// # Safety
/// Unless `data` is NULL or `len` is 0, `len` initialised bytes at `data` must be valid for reading
/// for `'a`, in which nothing writes to them.
unsafe fn bytes<'a>(data: *const c_void, len: usize) -> &'a [u8] {
    // SAFETY: `slice` needs an aligned pointer to `len` initialised bytes that nothing writes to
    // for `'a`. Every pointer is aligned for `u8`; the rest the caller promises.
    unsafe { slice(data.cast(), len) }
}

/// The panic handler that Rust requires. Nothing in the library panics, which a test proves by
/// linking.
#[cfg(all(panic = "abort", not(feature = "std"), not(test)))]
#[panic_handler]
fn panic(_: &core::panic::PanicInfo<'_>) -> ! {
    unsafe extern "C" {
        #[cfg_attr(ancil_prove_no_panic, link_name = "ancil_a_panic_is_reachable")]
        safe fn abort() -> !;
    }
    abort()
}

#[cfg(test)]
mod tests {
    use super::*;
    use core::ptr::{null_mut, without_provenance_mut};

    #[test]
    fn length_0_allows_a_misaligned_pointer_and_null_any_length() {
        for (first, n) in [
            (without_provenance_mut::<u64>(1), 0),
            (null_mut(), usize::MAX),
        ] {
            assert!(array(first, n).cast::<u64>().is_aligned());
            // SAFETY: the functions require nothing if `n` is 0 or `first` is NULL.
            let lengths = unsafe {
                [
                    slice(first, n).len(),
                    slice_mut(first, n).len(),
                    uninit_slice(first, n).len(),
                ]
            };
            assert_eq!(lengths, [0; 3]);
        }
    }

    #[test]
    fn an_array_ends_where_memory_does() {
        let first = NonNull::<u64>::dangling().as_ptr();
        assert_eq!(array(first, usize::MAX).len(), isize::MAX as usize / 8);
        assert_eq!(array(first, 7).len(), 7);
    }
}
