//! What a [`Cursor`] does with bytes: gather, scatter, copy, fill, compare, find.

use super::{Cursor, CursorMut, IoVecMut, Vector};
use core::cmp::Ordering;
use core::mem::MaybeUninit;
use core::{ptr, slice};

impl Cursor<'_> {
    /// Copies from here until `to` is full or the end is reached, and moves behind. Returns the bytes copied.
    #[inline]
    pub fn gather(&mut self, to: &mut [u8]) -> usize {
        // SAFETY: one layout, the same memory, borrowed exclusively; `gather_uninit` writes bytes only.
        let to = unsafe { slice::from_raw_parts_mut(to.as_mut_ptr().cast(), to.len()) };
        self.gather_uninit(to).len()
    }

    /// The same into memory that need not be initialised. Returns the part of it that now is.
    #[inline]
    pub fn gather_uninit<'t>(&mut self, to: &'t mut [MaybeUninit<u8>]) -> &'t mut [u8] {
        let start = to.as_mut_ptr();
        let mut next = start;
        let done = self.each_chunk(to.len(), |chunk| {
            // SAFETY: all chunks together are not longer than `to`. They are other memory: `to` is borrowed
            // exclusively.
            next = unsafe {
                copy(chunk.as_ptr(), next.cast(), chunk.len());
                next.add(chunk.len())
            };
        });
        // SAFETY: `done` bytes of `to` were written just now.
        unsafe { slice::from_raw_parts_mut(start.cast(), done) }
    }

    /// Compares, byte by byte, as far as both have bytes. Returns how many are equal in front, and how what
    /// follows compares: the byte there, or, where one is at its end, that end being less.
    ///
    /// ```
    /// # use ancil::IoVec;
    /// # use ancil::iov::Cursor;
    /// # use std::cmp::Ordering::{Equal, Less};
    /// let a = [IoVec::new(b"ab"), IoVec::new(b"cd")];
    /// let b = [IoVec::new(b"abcx")];
    /// assert_eq!(Cursor::new(&a).compare(&Cursor::new(&b)), (3, Less));
    /// assert_eq!(Cursor::new(&a).limit(3).compare(&Cursor::new(&b).limit(3)), (3, Equal));
    /// ```
    pub fn compare(&self, other: &Cursor<'_>) -> (usize, Ordering) {
        let (mut left, mut right) = (self.clone(), other.clone());
        let mut equal = 0usize;
        loop {
            let (a, b) = (left.chunk(), right.chunk());
            let n = a.len().min(b.len());
            let (a_n, b_n) = (
                a.get(..n).unwrap_or_default(),
                b.get(..n).unwrap_or_default(),
            );
            // Not `a_n != b_n` first: that is a call of bcmp, which not every C program has.
            let order = a_n.cmp(b_n);
            if order.is_ne() {
                let same = a_n.iter().zip(b_n).take_while(|(a, b)| a == b).count();
                return (equal.saturating_add(same), order);
            }
            if n == 0 {
                return (equal, a.len().cmp(&b.len()));
            }
            equal = equal.saturating_add(n);
            left.advance(n);
            right.advance(n);
        }
    }

    /// Whether all bytes ahead are 0. True if there are none.
    pub fn is_zero(&self) -> bool {
        self.clone().all(|chunk| {
            blocks(&chunk).all(|block| block.iter().fold(0, |or, byte| or | byte) == 0)
        })
    }

    /// How far ahead the first such byte is.
    pub fn find(&self, byte: u8) -> Option<usize> {
        let mut before = 0usize;
        for chunk in self.clone() {
            for block in blocks(&chunk) {
                // No early end in here, so that it is done many bytes at a time.
                if block.iter().fold(false, |found, b| found | (*b == byte)) {
                    return block
                        .iter()
                        .position(|b| *b == byte)
                        .map(|at| before.saturating_add(at));
                }
                before = before.saturating_add(block.len());
            }
        }
        None
    }
}

/// The bytes in pieces after which looking on is worth a question.
fn blocks(bytes: &[u8]) -> impl Iterator<Item = &[u8]> {
    bytes.chunks(256)
}

impl CursorMut<'_> {
    /// Copies to here until `from` is used up or the end is reached, and moves behind. Returns the bytes copied.
    #[inline]
    pub fn scatter(&mut self, from: &[u8]) -> usize {
        let mut next = from.as_ptr();
        self.each_chunk(from.len(), |chunk| {
            // SAFETY: all chunks together are not longer than `from`. They are other memory: each is borrowed
            // exclusively.
            next = unsafe {
                copy(next, chunk.raw.iov_base.cast(), chunk.raw.iov_len);
                next.add(chunk.raw.iov_len)
            };
        })
    }

    /// Copies from other vectors, however they are cut, until one of both is at its end, and moves both behind.
    /// Returns the bytes copied.
    pub fn copy(&mut self, from: &mut Cursor<'_>) -> usize {
        let mut done = 0usize;
        loop {
            let n = self.scatter(from.chunk());
            if n == 0 {
                return done;
            }
            from.advance(n);
            done = done.saturating_add(n);
        }
    }

    /// Sets the next `n` bytes, or as many as there are, and moves behind. Returns how many it were.
    pub fn fill(&mut self, byte: u8, n: usize) -> usize {
        self.each_chunk(n, |mut chunk| chunk.fill(byte))
    }
}

/// `memcpy`, but without a call where that takes longer than the bytes do: measured with pieces of 16.
///
/// # Safety
/// `from` must be valid for reading `n` bytes and `to` for writing, and they do not overlap.
#[inline(always)]
unsafe fn copy(from: *const u8, to: *mut u8, n: usize) {
    // SAFETY: as the caller promises. The ends that `ends` copies are not more than `n` bytes each.
    unsafe {
        match n {
            8..16 => ends::<8>(from, to, n),
            16..32 => ends::<16>(from, to, n),
            32..=64 => ends::<32>(from, to, n),
            _ => ptr::copy_nonoverlapping(from, to, n),
        }
    }
}

/// Copies the first and the last `N` of `n` bytes, which are all if `n` is at most twice as many.
///
/// # Safety
/// As for [`copy`]; and `n` must be at least `N`.
#[inline(always)]
unsafe fn ends<const N: usize>(from: *const u8, to: *mut u8, n: usize) {
    let last = n.wrapping_sub(N); // at least 0
    // SAFETY: N bytes at the front, and N at `last`, are within the `n`.
    unsafe {
        ptr::copy_nonoverlapping(from, to, N);
        ptr::copy_nonoverlapping(from.add(last), to.add(last), N);
    }
}

/// Copies from the vectors, in order, until `to` is full or they are used up. Returns the bytes copied.
#[inline]
pub fn gather(from: &[impl Vector], to: &mut [u8]) -> usize {
    gather_at(from, 0, to)
}

/// [`gather`] from byte `offset` on.
#[inline]
pub fn gather_at(from: &[impl Vector], offset: usize, to: &mut [u8]) -> usize {
    Cursor::new(from).at(offset).gather(to)
}

/// [`gather`] into memory that need not be initialised. Returns the part of it that now is.
#[inline]
pub fn gather_uninit<'t>(from: &[impl Vector], to: &'t mut [MaybeUninit<u8>]) -> &'t mut [u8] {
    Cursor::new(from).gather_uninit(to)
}

/// Copies to the vectors, in order, until `from` is used up or they are full. Returns the bytes copied.
#[inline]
pub fn scatter(to: &mut [IoVecMut<'_>], from: &[u8]) -> usize {
    scatter_at(to, 0, from)
}

/// [`scatter`] from byte `offset` of the vectors on.
#[inline]
pub fn scatter_at(to: &mut [IoVecMut<'_>], offset: usize, from: &[u8]) -> usize {
    Cursor::new_mut(to).at(offset).scatter(from)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::iov::{IoVec, readable};
    use std::vec::Vec;

    /// Every way to cut `bytes` into three pieces, empty ones too.
    fn cuts(bytes: &[u8], mut each: impl FnMut([&[u8]; 3])) {
        for end in 0..=bytes.len() {
            for middle in 0..=end {
                each([&bytes[..middle], &bytes[middle..end], &bytes[end..]]);
            }
        }
    }

    #[test]
    fn gathered_is_the_concatenation_as_far_as_it_fits() {
        cuts(b"abcdef", |pieces| {
            let vectors = pieces.map(IoVec::new);
            for (offset, size) in (0..9).flat_map(|offset| (0..9).map(move |size| (offset, size))) {
                let mut to = vec![0xaa; size];
                let n = gather_at(&vectors, offset, &mut to);
                let expected = b"abcdef".get(offset..).unwrap_or_default();
                assert_eq!(n, size.min(expected.len()));
                assert_eq!(to[..n], expected[..n]);
                assert!(to[n..].iter().all(|&b| b == 0xaa));
                let mut raw = [MaybeUninit::uninit(); 9];
                assert_eq!(
                    Cursor::new(&vectors)
                        .at(offset)
                        .gather_uninit(&mut raw[..size]),
                    &to[..n]
                );
            }
        });
    }

    #[test]
    fn scattered_bytes_gather_again() {
        cuts(&[0xaa; 6], |pieces| {
            for size in 0..9 {
                let from = &b"abcdefgh"[..size];
                let mut memory = pieces.map(Vec::from);
                let mut vectors = memory.each_mut().map(IoVecMut::from);
                assert_eq!(scatter(&mut vectors, from), size.min(6));
                let mut back = [0; 6];
                assert_eq!(gather(&vectors, &mut back), 6);
                let expected: Vec<u8> = from.iter().copied().chain([0xaa; 6]).take(6).collect();
                assert_eq!(back[..], expected);
                assert_eq!(gather(readable(&vectors), &mut back), 6);
                assert_eq!(back[..], expected);
            }
        });
    }

    #[test]
    fn looking_does_not_stop_at_a_block() {
        for at in [0, 1, 255, 256, 257, 511, 512, 599] {
            let mut bytes = [0; 600];
            bytes[at] = 7;
            let (front, back) = bytes.split_at(300);
            let vectors = [IoVec::new(front), IoVec::default(), IoVec::new(back)];
            let cursor = Cursor::new(&vectors);
            assert_eq!(
                (cursor.find(7), cursor.find(8), cursor.is_zero()),
                (Some(at), None, false)
            );
            assert!(cursor.clone().limit(at).is_zero() && cursor.at(at + 1).is_zero());
        }
    }
}
