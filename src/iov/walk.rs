//! [`Walk`]: the one loop over vectors. Everything else in this room does something with the pieces it gives.

use core::ffi::c_void;
use core::ptr::NonNull;
use core::{mem, ptr};

/// `struct iovec`, as C may give it: any pointer, any length.
///
/// Its length counts wherever bytes are counted. Its bytes exist only up to `isize::MAX`, and not behind null;
/// the rest is a hole: counted, never touched.
#[derive(Clone, Copy)]
#[repr(C)]
pub(crate) struct Iovec {
    pub(crate) iov_base: *mut c_void,
    pub(crate) iov_len: usize,
}

const _: () = {
    const WORD: usize = size_of::<usize>();
    assert!(size_of::<Iovec>() == 2 * WORD && align_of::<Iovec>() == align_of::<usize>());
    assert!(mem::offset_of!(Iovec, iov_base) == 0 && mem::offset_of!(Iovec, iov_len) == WORD);
};

// SAFETY: two numbers. What may be done with the bytes is a matter of the types around it.
unsafe impl Send for Iovec {}
// SAFETY: as above.
unsafe impl Sync for Iovec {}

impl Iovec {
    pub(crate) const EMPTY: Self = Self {
        iov_base: NonNull::dangling().as_ptr(),
        iov_len: 0,
    };

    /// The most bytes that memory can have in one piece.
    pub(crate) const MOST: usize = isize::MAX as usize;

    /// At most `most` bytes behind the first `start`, fewer where a hole begins; and whether they are a hole.
    #[inline(always)]
    fn part(self, start: usize, most: usize) -> (Self, bool) {
        let n = self.iov_len.wrapping_sub(start).min(most); // never `start` bytes of fewer
        let end = start.wrapping_add(n); // at most the length
        if end > Self::MOST || self.iov_base.is_null() {
            let part = self.part_near_hole(start, n);
            return (part, part.iov_base.is_null());
        }
        (
            Self {
                iov_base: self.iov_base.wrapping_byte_add(start),
                iov_len: n,
            },
            false,
        )
    }

    /// The same, where a hole is near. A hole has no address.
    #[cold]
    #[inline(never)]
    fn part_near_hole(self, start: usize, n: usize) -> Self {
        match Self::MOST.checked_sub(start) {
            Some(room) if room > 0 && !self.iov_base.is_null() => Self {
                iov_base: self.iov_base.wrapping_byte_add(start),
                iov_len: n.min(room),
            },
            _ => Self {
                iov_base: ptr::null_mut(),
                iov_len: n,
            },
        }
    }

    /// Drops the first `n` bytes.
    pub(super) fn drop_front(&mut self, n: usize) {
        let n = n.min(self.iov_len);
        self.iov_base = self.part(n, 1).0.iov_base;
        self.iov_len = self.iov_len.saturating_sub(n);
    }
}

/// `n`, on a branch that the compiler is not to turn into a conditional move: the next round would wait for it.
#[cold]
#[inline(never)]
fn unlikely(n: usize) -> usize {
    n
}

/// A place in vectors, and how many bytes may still be walked from there. The vectors stay as they are.
#[derive(Clone)]
pub(crate) struct Walk<I> {
    /// The entry of this place, and those behind it.
    rest: I,
    /// Bytes of that entry that were walked, if not all.
    start: usize,
    /// Bytes that may still be walked.
    left: usize,
}

impl<'v, I: ExactSizeIterator<Item = &'v Iovec> + Clone> Walk<I> {
    /// At byte `offset` of the entries, or at their end.
    #[inline]
    pub(crate) fn at(entries: I, offset: usize) -> Self {
        let mut walk = Self {
            rest: entries,
            start: 0,
            left: usize::MAX,
        };
        walk.skip(offset);
        walk.left = usize::MAX;
        walk
    }

    /// The loop: walks `most` bytes, or to the end, and gives each piece to `each`, with whether it is a hole. None
    /// is empty. Ends before a piece that `each` refuses with false. Returns the bytes walked.
    #[inline(always)]
    pub(crate) fn each(&mut self, most: usize, mut each: impl FnMut(Iovec, bool) -> bool) -> usize {
        let most = most.min(self.left);
        let mut ahead = most;
        while ahead > 0 {
            let Some(entry) = self.rest.clone().next() else {
                break;
            };
            let (piece, hole) = entry.part(self.start, ahead);
            if piece.iov_len > 0 && !each(piece, hole) {
                break;
            }
            ahead = ahead.wrapping_sub(piece.iov_len); // at most `ahead`
            let end = self.start.wrapping_add(piece.iov_len); // at most the entry's length
            if end < entry.iov_len {
                self.start = unlikely(end);
            } else {
                self.rest.next();
                self.start = 0;
            }
        }
        let done = most.wrapping_sub(ahead);
        self.left = self.left.wrapping_sub(done); // at most `most`
        done
    }

    /// The next piece, not empty, of at most `most` bytes, and whether it is a hole; none at the end.
    #[inline(always)]
    pub(crate) fn step(&mut self, most: usize) -> Option<(Iovec, bool)> {
        let mut step = None;
        self.each(most, |piece, hole| {
            let first = step.is_none();
            if first {
                step = Some((piece, hole));
            }
            first
        });
        step
    }

    /// Walks on by `n` bytes, or to the end. Returns how many it were.
    #[inline]
    pub(crate) fn skip(&mut self, n: usize) -> usize {
        self.each(n, |_, _| true)
    }

    /// Leaves empty entries, so that the next one has the next byte.
    pub(crate) fn settle(&mut self) {
        while self
            .rest
            .clone()
            .next()
            .is_some_and(|entry| entry.iov_len == 0)
        {
            self.rest.next();
        }
    }

    /// Walks at most `n` bytes from here.
    pub(crate) fn limit(&mut self, n: usize) {
        self.left = self.left.min(n);
    }

    /// Entries that are not walked to their end.
    pub(crate) fn entries(&self) -> usize {
        self.rest.len()
    }

    /// Bytes of the first of those that were walked.
    pub(crate) fn start(&self) -> usize {
        self.start
    }

    /// How many pieces the next `bytes` bytes are.
    #[cfg(feature = "capi")]
    pub(crate) fn pieces(mut self, bytes: usize) -> usize {
        let mut pieces = 0usize;
        self.each(bytes, |_, _| {
            pieces = pieces.saturating_add(1);
            true
        });
        pieces
    }

    /// Writes the pieces of the next `bytes` bytes to `to`, as many as it has room for, as what `make` makes of them.
    /// Returns how many.
    pub(crate) fn slice<T>(
        &mut self,
        to: &mut [T],
        bytes: usize,
        make: impl Fn(Iovec) -> T,
    ) -> usize {
        let (mut entries, mut left) = (0usize, bytes);
        for slot in to {
            let Some((piece, _)) = self.step(left) else {
                break;
            };
            left = left.wrapping_sub(piece.iov_len); // not longer than `left`
            *slot = make(piece);
            entries = entries.wrapping_add(1); // at most to.len()
        }
        entries
    }
}

impl<'v, I: Iterator<Item = &'v Iovec> + Clone> Walk<I> {
    /// Bytes ahead, holes too. Saturates.
    pub(crate) fn remaining(&self) -> usize {
        let mut start = self.start;
        let ahead = |entry: &Iovec| entry.iov_len.saturating_sub(mem::take(&mut start));
        self.rest
            .clone()
            .map(ahead)
            .fold(0, usize::saturating_add)
            .min(self.left)
    }
}

/// Drops `n` bytes, and entries that are empty then, from the front. Returns the entries to drop and the bytes
/// dropped; the first entry that stays is shortened.
pub(crate) fn drop_front(entries: &mut [Iovec], n: usize) -> (usize, usize) {
    let mut walk = Walk::at(entries.iter(), 0);
    let done = walk.skip(n);
    walk.settle();
    let (gone, start) = (entries.len().saturating_sub(walk.entries()), walk.start());
    if let Some(first) = entries.get_mut(gone) {
        first.drop_front(start);
    }
    (gone, done)
}

/// Drops `n` bytes, and entries that are empty then, from the back. Returns the entries that stay and the bytes
/// dropped; the last entry that stays is shortened.
pub(crate) fn drop_back(entries: &mut [Iovec], n: usize) -> (usize, usize) {
    let mut walk = Walk::at(entries.iter().rev(), 0);
    let done = walk.skip(n);
    walk.settle();
    let (kept, start) = (walk.entries(), walk.start());
    if let Some(last) = entries.get_mut(..kept).and_then(<[_]>::last_mut) {
        last.iov_len = last.iov_len.saturating_sub(start);
    }
    (kept, done)
}

/// Keeps the first `n` bytes, and no entry that is empty at the end. Returns the entries that stay and the bytes in
/// them; the last one is shortened.
pub(crate) fn keep_front(entries: &mut [Iovec], n: usize) -> (usize, usize) {
    let mut walk = Walk::at(entries.iter(), 0);
    let done = walk.skip(n);
    let (behind, start) = (entries.len().saturating_sub(walk.entries()), walk.start());
    match entries.get_mut(behind) {
        Some(last) if start > 0 => {
            last.iov_len = start;
            (behind.saturating_add(1), done)
        }
        _ => (
            drop_back(entries.get_mut(..behind).unwrap_or_default(), 0).0,
            done,
        ),
    }
}

/// How many entries at the front are not more than `most` and together not more than `bytes` bytes.
pub(crate) fn whole(entries: &[Iovec], most: usize, bytes: usize) -> usize {
    let front = entries.get(..most).unwrap_or(entries);
    let mut walk = Walk::at(front.iter(), 0);
    walk.skip(bytes);
    front.len().saturating_sub(walk.entries())
}

/// Makes one of entries that lie one behind the other in memory, and drops empty ones. Returns how many stay.
pub(crate) fn join(entries: &mut [Iovec]) -> usize {
    let mut kept = 0usize;
    for i in 0..entries.len() {
        let Some(&next) = entries.get(i) else { break };
        let last = kept.checked_sub(1).and_then(|last| entries.get_mut(last));
        match last.filter(|last| last.touches(next)) {
            _ if next.iov_len == 0 => {}
            Some(last) => last.iov_len = last.iov_len.wrapping_add(next.iov_len), // `touches` added them
            None => {
                if let Some(slot) = entries.get_mut(kept) {
                    *slot = next;
                }
                kept = kept.wrapping_add(1); // at most i + 1
            }
        }
    }
    kept
}

impl Iovec {
    /// Whether `next` begins where this ends, and both can be one.
    fn touches(&self, next: Self) -> bool {
        let sum = self
            .iov_len
            .checked_add(next.iov_len)
            .filter(|sum| *sum <= Self::MOST);
        let end = self.iov_base.wrapping_byte_add(self.iov_len);
        sum.is_some() && !self.iov_base.is_null() && end == next.iov_base
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::vec::Vec;

    fn entry(iov_base: usize, iov_len: usize) -> Iovec {
        Iovec {
            iov_base: ptr::without_provenance_mut(iov_base),
            iov_len,
        }
    }

    fn numbers(pieces: &[Iovec]) -> Vec<(usize, usize)> {
        pieces
            .iter()
            .map(|piece| (piece.iov_base.addr(), piece.iov_len))
            .collect()
    }

    /// The pieces of `bytes` bytes from `offset` on.
    fn pieces(entries: &[Iovec], offset: usize, bytes: usize) -> Vec<(usize, usize)> {
        let mut to = [Iovec::EMPTY; 8];
        let n = Walk::at(entries.iter(), offset).slice(&mut to, bytes, |piece| piece);
        numbers(&to[..n])
    }

    const MOST: usize = Iovec::MOST;
    const MAX: usize = usize::MAX;

    #[test]
    fn what_cannot_be_is_counted_and_has_no_address() {
        let entries = [
            entry(100, 4),
            entry(0, 5),
            entry(0, 0),
            entry(200, MAX - 9),
            entry(300, 8),
        ];
        assert_eq!(pieces(&entries, 0, 12), [(100, 4), (0, 5), (200, 3)]);
        assert_eq!(pieces(&entries, 6, 4), [(0, 3), (200, 1)]);
        assert_eq!(
            pieces(&entries, 9, MAX),
            [(200, MOST), (0, MAX - 9 - MOST), (300, 8)]
        );
        assert_eq!(
            pieces(&entries, 9 + MOST - 1, 3),
            [(200 + MOST - 1, 1), (0, 2)]
        );
        assert_eq!(pieces(&entries, MAX, MAX), [(300, 8)]); // 4 + 5 + (MAX - 9)
    }

    #[test]
    fn a_sum_that_wraps_is_no_small_offset() {
        let entries = [entry(100, MAX - 7), entry(200, 16)];
        assert_eq!(pieces(&entries, MAX - 7, 16), [(200, 16)]);
        assert_eq!(pieces(&entries, MAX, MAX), [(207, 9)]);
        assert_eq!(Walk::at(entries.iter(), 0).remaining(), MAX);
        assert_eq!(Walk::at(entries.iter(), MAX - 6).remaining(), 15);

        let mut all = entries;
        assert_eq!(drop_front(&mut all, MAX), (1, MAX));
        assert_eq!(numbers(&all[1..]), [(207, 9)]);
        let mut all = entries;
        assert_eq!(drop_back(&mut all, MAX), (1, MAX));
        assert_eq!(numbers(&all[..1]), [(100, 9)]);
        let mut all = entries;
        assert_eq!(keep_front(&mut all, MAX), (2, MAX));
        assert_eq!(numbers(&all), [(100, MAX - 7), (200, 7)]);
        assert_eq!(
            (
                whole(&entries, 9, MAX),
                whole(&entries, 1, MAX),
                whole(&entries, 9, MAX - 8)
            ),
            (1, 1, 0)
        );
        let mut all = [entry(100, MAX - 7), entry(92, 16)]; // 100 + (MAX - 7) wraps to 92
        assert_eq!(join(&mut all), 2);
        let mut all = [entry(100, MOST), entry(100 + MOST, 1)]; // more than one piece of memory can have
        assert_eq!(join(&mut all), 2);
        let mut all = [
            entry(100, MOST - 1),
            entry(0, 0),
            entry(99 + MOST, 1),
            entry(0, 3),
            entry(3, 3),
        ];
        assert_eq!((join(&mut all), all[0].iov_len), (3, MOST));
    }
}
