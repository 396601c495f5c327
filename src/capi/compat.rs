// SPDX-License-Identifier: MIT OR Apache-2.0
//! `ancil_compat_*`: control messages of 32-bit programs.

use super::{bytes, status, uninit_slice};
use crate::compat::Translation;
use crate::errno::number::{EBADMSG, EINVAL, ENOBUFS, ERANGE};
use crate::error::{Error, PayloadError};
use crate::wire::encode::OutBytes;
use core::ffi::c_void;

/// Translates control messages of a 32-bit program to the layout of a 64-bit program of the same
/// machine. Returns the number of bytes written, for msg_controllen: at most twice `len`.
///
/// The old SO_TIMESTAMP, SO_TIMESTAMPNS and SO_TIMESTAMPING, HCI_CMSG_TSTAMP and RXRPC_USER_CALL_ID
/// change their size; all other payloads are copied. `dst` need not be zeroed. It must not overlap
/// `src32`, because the result is longer than the source.
///
/// If an error is returned, nothing was written:
/// - -ENOBUFS: the result does not fit into `size` bytes
/// - -EINVAL: cmsg_len is less than a header or reaches past the end, or 1 to 11 bytes are left
///   over at the end; sendmsg returns the same to the 32-bit program
/// - -EBADMSG: a payload that changes its size has a wrong length
#[unsafe(no_mangle)]
#[must_use]
pub unsafe extern "C" fn ancil_compat_widen(
    dst: *mut c_void,
    size: usize,
    src32: *const c_void,
    len: usize,
) -> isize {
    // SAFETY: `translate` needs NULL or that many bytes, valid for writing and for reading, that do
    // not overlap: the contract of the C API.
    unsafe { translate(Translation::WIDEN, dst, size, src32, len) }
}

/// Translates control messages of a 64-bit program to the layout of a 32-bit program of the same
/// machine. Returns the number of bytes written: at most `len`. The same payloads change their size
/// as with ancil_compat_widen, and `dst` must not overlap `src64` either.
///
/// If an error is returned, nothing was written:
/// - -ENOBUFS: the result does not fit into `size` bytes
/// - -EINVAL: cmsg_len is less than a header or reaches past the end
/// - -EBADMSG: a payload that changes its size has a wrong length
/// - -ERANGE: a value does not fit into 32 bits, such as a time after January 2038, which the
///   kernel would cut off
#[unsafe(no_mangle)]
#[must_use]
pub unsafe extern "C" fn ancil_compat_narrow(
    dst: *mut c_void,
    size: usize,
    src64: *const c_void,
    len: usize,
) -> isize {
    // SAFETY: `translate` needs NULL or that many bytes, valid for writing and for reading, that do
    // not overlap: the contract of the C API.
    unsafe { translate(Translation::NARROW, dst, size, src64, len) }
}

/// Returns the number of bytes that ancil_compat_widen would write, or its error.
#[unsafe(no_mangle)]
#[must_use]
pub unsafe extern "C" fn ancil_compat_widened_len(src32: *const c_void, len: usize) -> isize {
    // SAFETY: `bytes` needs NULL or `len` bytes that are valid for reading: the contract of the C
    // API.
    length_or_status(Translation::WIDEN.translated_len(unsafe { bytes(src32, len) }))
}

/// Returns the number of bytes that ancil_compat_narrow would write, or its error.
#[unsafe(no_mangle)]
#[must_use]
pub unsafe extern "C" fn ancil_compat_narrowed_len(src64: *const c_void, len: usize) -> isize {
    // SAFETY: `bytes` needs NULL or `len` bytes that are valid for reading: the contract of the C
    // API.
    length_or_status(Translation::NARROW.translated_len(unsafe { bytes(src64, len) }))
}

/// Translates `src` into `dst`, and returns what C gets: the bytes written, or an error.
///
/// # Safety
/// `dst` must be NULL or valid for writing `size` bytes that nothing else accesses, and `src` NULL
/// or valid for reading `len` initialised bytes.
unsafe fn translate(
    how: Translation,
    dst: *mut c_void,
    size: usize,
    src: *const c_void,
    len: usize,
) -> isize {
    // SAFETY: `uninit_slice` and `bytes` need exactly what the caller promises.
    let (dst, src) = unsafe { (uninit_slice(dst.cast(), size), bytes(src, len)) };
    length_or_status(how.translate_into(OutBytes::uninit(dst), src))
}

/// Returns the status of a translation: its length in bytes, or the error.
fn length_or_status(done: Result<usize, Error>) -> isize {
    let errno = match done {
        Ok(len) => return isize::try_from(len).unwrap_or(isize::MAX), // no buffer of C is longer
        Err(Error::NoSpace(_)) => ENOBUFS,
        Err(Error::BadPayload(bad)) if bad.cause == PayloadError::Value => ERANGE,
        Err(Error::BadPayload(_)) => EBADMSG,
        Err(_) => EINVAL,
    };
    status(errno) as isize
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Abi, Key, SO_TIMESTAMP_OLD};
    use core::ptr::{null, null_mut};

    type Function = unsafe extern "C" fn(*mut c_void, usize, *const c_void, usize) -> isize;

    fn call(function: Function, dst: &mut [u8], src: &[u8]) -> isize {
        // SAFETY: the functions need two buffers of these lengths that do not overlap: two slices,
        // one of them borrowed exclusively.
        unsafe {
            function(
                dst.as_mut_ptr().cast(),
                dst.len(),
                src.as_ptr().cast(),
                src.len(),
            )
        }
    }

    /// Returns a message of this machine's byte order for words of 4 or 8 bytes.
    fn message(word: usize, level: i32, ty: i32, data: &[u8]) -> std::vec::Vec<u8> {
        let abi = if word == 4 {
            Abi::LINUX_32
        } else {
            Abi::LINUX_64
        };
        let mut buffer = std::vec![0; abi.cmsg_space(data.len())];
        crate::wire::encode::encode(abi, OutBytes::new(&mut buffer), 0, level, ty, data).unwrap();
        buffer
    }

    #[test]
    fn every_length_or_status() {
        let (level, ty) = (SO_TIMESTAMP_OLD::LEVEL, SO_TIMESTAMP_OLD::TYPE);
        let narrow = message(4, level, ty, &[7; 8]);
        let mut wide = [0xaa; 40];
        assert_eq!(call(ancil_compat_widen, &mut wide, &narrow), 32);
        assert_eq!(wide[32..], [0xaa; 8]);
        let mut back = [0; 20];
        assert_eq!(call(ancil_compat_narrow, &mut back, &wide[..32]), 20);
        assert_eq!(back[..], narrow[..]);

        assert_eq!(
            call(ancil_compat_widen, &mut wide[..31], &narrow),
            -(libc::ENOBUFS as isize)
        );
        assert_eq!(
            call(ancil_compat_narrow, &mut back[..19], &wide[..32]),
            -(libc::ENOBUFS as isize)
        );
        for end in [11, 19] {
            assert_eq!(
                call(ancil_compat_widen, &mut wide, &narrow[..end]),
                -(libc::EINVAL as isize)
            );
        }
        assert_eq!(
            call(ancil_compat_narrow, &mut back, &wide[..31]),
            -(libc::EINVAL as isize)
        );
        let cut = message(4, level, ty, &[7; 4]);
        assert_eq!(
            call(ancil_compat_widen, &mut wide, &cut),
            -(libc::EBADMSG as isize)
        );
        let late = message(8, level, ty, &[0x7f; 16]);
        assert_eq!(
            call(ancil_compat_narrow, &mut back, &late),
            -(libc::ERANGE as isize)
        );
    }

    /// The length of a message of 4 GiB does not fit into a header of 32 bits.
    #[cfg(target_pointer_width = "64")]
    #[test]
    fn a_message_of_four_gigabytes_is_not_narrowed() {
        let most = u32::MAX as usize - 12;
        let layout = std::alloc::Layout::from_size_align(16 + most + 1, 8).unwrap();
        // The kernel provides the pages only when they are touched.
        // SAFETY: `alloc_zeroed` needs a size other than 0: it is more than 16 bytes.
        let wide = unsafe { std::alloc::alloc_zeroed(layout) };
        assert!(!wide.is_null());
        for (payload, expected) in [
            (
                most,
                isize::try_from(12 + most.next_multiple_of(4)).unwrap(),
            ),
            (most + 1, -(libc::ERANGE as isize)),
        ] {
            // SAFETY: `wide` is aligned for a header and valid for 16 + most + 1 zeroed bytes,
            // which are at least the header and the payload that are read here.
            let narrowed = unsafe {
                wide.cast::<usize>().write(16 + payload);
                ancil_compat_narrowed_len(wide.cast(), 16 + payload)
            };
            assert_eq!(narrowed, expected);
        }
        // SAFETY: `dealloc` needs the layout of the allocation: `wide` was allocated with `layout`.
        unsafe { std::alloc::dealloc(wide, layout) }
    }

    #[test]
    fn null_is_empty_and_the_size_can_be_asked_for() {
        let narrow = message(4, 0, 2, &[1; 4]);
        // SAFETY: the functions need NULL or buffers of the lengths given: all pointers but those
        // to `narrow`, of at most its length, are NULL.
        unsafe {
            assert_eq!(
                ancil_compat_widen(null_mut(), 99, narrow.as_ptr().cast(), 16),
                -(libc::ENOBUFS as isize)
            );
            assert_eq!(ancil_compat_widened_len(narrow.as_ptr().cast(), 16), 24);
            assert_eq!(
                ancil_compat_widened_len(narrow.as_ptr().cast(), 15),
                -(libc::EINVAL as isize)
            );
            assert_eq!(
                [
                    ancil_compat_widened_len(null(), 9),
                    ancil_compat_narrowed_len(null(), 9)
                ],
                [0, 0]
            );
            assert_eq!(ancil_compat_widen(null_mut(), 9, null(), 9), 0);
            assert_eq!(ancil_compat_narrow(null_mut(), 0, null(), usize::MAX), 0);
            assert_eq!(
                ancil_compat_narrow(null_mut(), 0, narrow.as_ptr().cast(), 8),
                0
            ); // 8 bytes are too few for a header of 64 bits
        }
    }
}
