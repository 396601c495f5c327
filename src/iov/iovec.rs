//! [`Iovec`]: one raw entry of an array of vectors, as a C program may pass it.

use core::ffi::c_void;
use core::mem::offset_of;
use core::ptr::{self, NonNull};

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

/// Bytes that follow one another in one entry.
#[derive(Clone, Copy)]
pub(crate) enum Piece {
    /// Bytes that may exist, perhaps none: at most `isize::MAX`, of an entry that is not at null.
    Bytes(Iovec),
    /// The length of a hole, which is not 0.
    Hole(usize),
}

impl Piece {
    #[cfg(any(feature = "capi", test))]
    #[inline(always)]
    pub(super) const fn len(self) -> usize {
        match self {
            Self::Bytes(bytes) => bytes.iov_len,
            Self::Hole(len) => len,
        }
    }

    /// Returns the entry that has the bytes of this piece alone. A hole becomes an entry at null.
    #[inline(always)]
    pub(super) const fn to_entry(self) -> Iovec {
        match self {
            Self::Bytes(bytes) => bytes,
            Self::Hole(iov_len) => Iovec {
                iov_base: ptr::null_mut(),
                iov_len,
            },
        }
    }
}

impl Iovec {
    /// The largest object that memory can hold, in bytes.
    pub(crate) const MAX_OBJECT: usize = isize::MAX as usize;

    /// No bytes, at an address that is not null.
    pub(super) const EMPTY: Self = Self {
        iov_base: NonNull::dangling().as_ptr(),
        iov_len: 0,
    };

    /// Returns the piece that begins after the first `start` bytes. It ends after `max` bytes, at
    /// the end of the entry, or where a hole begins.
    #[inline(always)]
    pub(super) fn piece(self, start: usize, max: usize) -> Piece {
        let len = self.iov_len.saturating_sub(start).min(max);
        let end = start.saturating_add(len);
        if end > Self::MAX_OBJECT || self.iov_base.is_null() {
            let piece = self.piece_near_hole(start, len);
            return if piece.iov_base.is_null() {
                Piece::Hole(piece.iov_len)
            } else {
                Piece::Bytes(piece)
            };
        }
        Piece::Bytes(Self {
            iov_base: self.iov_base.wrapping_byte_add(start),
            iov_len: len,
        })
    }

    /// Returns the piece of `len` bytes after the first `start`, if it is in a hole or reaches into
    /// one. A piece that reaches into a hole ends where the hole begins. A hole is at null here, so
    /// that the result fits into two registers.
    #[cold]
    #[inline(never)]
    fn piece_near_hole(self, start: usize, len: usize) -> Self {
        match Self::MAX_OBJECT.checked_sub(start) {
            _ if len == 0 => Self::EMPTY,
            Some(before_hole @ 1..) if !self.iov_base.is_null() => Self {
                iov_base: self.iov_base.wrapping_byte_add(start),
                iov_len: len.min(before_hole),
            },
            _ => Self {
                iov_base: ptr::null_mut(),
                iov_len: len,
            },
        }
    }

    /// Drops the first `n` bytes, or all if there are fewer.
    pub(super) fn drop_front(&mut self, n: usize) {
        let n = n.min(self.iov_len);
        self.iov_base = self.piece(n, 1).to_entry().iov_base;
        self.iov_len = self.iov_len.saturating_sub(n);
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
