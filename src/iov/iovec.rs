// SPDX-License-Identifier: MIT OR Apache-2.0
//! [`Iovec`]: one raw entry of an array of vectors, as a C program may pass it.

use core::ffi::c_void;
use core::mem::offset_of;
use core::ptr::NonNull;

/// `struct iovec`, with any address and any length.
///
/// `iov_len` is the number of bytes of the entry, whatever its value. No object in memory is larger
/// than `isize::MAX` bytes, and none is at null, so the bytes of an entry at null, and those past
/// [`MAX_OBJECT`](Iovec::MAX_OBJECT), cannot exist. They are a hole: counted, but never accessed.
#[derive(Clone, Copy)]
#[repr(C)]
pub(crate) struct Iovec {
    pub(crate) iov_base: *mut c_void,
    pub(crate) iov_len: usize,
}

const _: () = {
    const WORD: usize = size_of::<usize>();
    assert!(size_of::<Iovec>() == 2 * WORD && align_of::<Iovec>() == align_of::<usize>());
    assert!(offset_of!(Iovec, iov_base) == 0 && offset_of!(Iovec, iov_len) == WORD);
};

// SAFETY: an Iovec is an address and a number, and no method of it accesses the memory at the
// address. The types that do access it, such as IoVec, are Send only if the bytes are.
unsafe impl Send for Iovec {}
// SAFETY: a shared Iovec gives out copies of an address and a number, without any access to the
// memory at the address.
unsafe impl Sync for Iovec {}

impl Iovec {
    /// The largest object that memory can hold, in bytes.
    pub(crate) const MAX_OBJECT: usize = isize::MAX as usize;

    /// No bytes, at an address that is not null.
    pub(super) const EMPTY: Self = Self {
        iov_base: NonNull::dangling().as_ptr(),
        iov_len: 0,
    };

    /// Returns the bytes after the first `start`: at most `max`, up to the end of the entry or
    /// where a hole begins.
    #[cfg(any(feature = "capi", test))]
    pub(super) fn bytes(self, start: usize, max: usize) -> Self {
        let end = self.iov_len.min(Self::MAX_OBJECT);
        match end.checked_sub(start) {
            Some(len @ 1..) if !self.iov_base.is_null() => Self {
                iov_base: self.iov_base.wrapping_byte_add(start),
                iov_len: len.min(max),
            },
            _ => Self::EMPTY,
        }
    }

    #[cfg(any(feature = "capi", test))]
    #[inline(always)]
    pub(super) fn has_hole(self) -> bool {
        (self.iov_base.is_null() && self.iov_len > 0) || self.iov_len > Self::MAX_OBJECT
    }

    /// Drops the first `n` bytes of an entry that has no hole, and at least so many bytes.
    #[inline(always)]
    pub(super) fn drop_front(&mut self, n: usize) {
        self.iov_base = self.iov_base.wrapping_byte_add(n);
        self.iov_len = self.iov_len.wrapping_sub(n);
    }

    /// Returns whether `next` begins where this entry ends, and one entry can hold the bytes of
    /// both.
    pub(super) fn touches(&self, next: Self) -> bool {
        let sum = self.iov_len.checked_add(next.iov_len);
        let end = self.iov_base.wrapping_byte_add(self.iov_len);
        sum.is_some_and(|sum| sum <= Self::MAX_OBJECT)
            && !self.iov_base.is_null()
            && end == next.iov_base
    }
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;
    use std::vec::Vec;

    pub(in crate::iov) fn entry(iov_base: usize, iov_len: usize) -> Iovec {
        Iovec {
            iov_base: core::ptr::without_provenance_mut(iov_base),
            iov_len,
        }
    }

    pub(in crate::iov) fn numbers(entries: &[Iovec]) -> Vec<(usize, usize)> {
        entries
            .iter()
            .map(|entry| (entry.iov_base.addr(), entry.iov_len))
            .collect()
    }
}
