//! [`RawCursor`]: a place in an array of raw entries. It finds bytes, and does not access them.
#![forbid(unsafe_code)]

use super::iovec::{Iovec, Piece};
use core::slice;

/// A place in an array of entries, with the number of bytes that may still be visited from there.
#[derive(Clone)]
pub(crate) struct RawCursor<'a> {
    /// The entry of the next byte and the entries after it, perhaps with empty ones before them.
    rest: slice::Iter<'a, Iovec>,
    /// Bytes of the first entry of `rest` that are before this place.
    ///
    /// Invariant: it is 0, or less than the length of that entry.
    start: usize,
    /// Bytes that may still be visited. `usize::MAX` if nobody has set a limit.
    left: usize,
}

impl<'a> RawCursor<'a> {
    /// Returns the place of byte `offset` of the entries, or their end.
    #[inline]
    pub(crate) fn new(entries: &'a [Iovec], offset: usize) -> Self {
        let mut cursor = Self {
            rest: entries.iter(),
            start: 0,
            left: usize::MAX,
        };
        cursor.advance(offset);
        cursor.left = usize::MAX;
        cursor
    }

    /// Moves past the next piece and returns it. It has at most `max` bytes and is not empty.
    /// `None` at the end or if `max` is 0, and at a hole, where the cursor stays.
    #[inline(always)]
    pub(super) fn next_bytes(&mut self, max: usize) -> Option<Iovec> {
        let (entry, Piece::Bytes(bytes)) = self.peek(max.min(self.left))? else {
            return None;
        };
        self.pass(entry, bytes.iov_len);
        self.left = self.left.saturating_sub(bytes.iov_len);
        Some(bytes)
    }

    /// Moves past the next `max` bytes, or to the end or a hole, and calls `visit` with each piece
    /// of them, of which some may be empty. Returns the bytes moved: those of all pieces together.
    #[inline(always)]
    pub(super) fn for_each_bytes(&mut self, max: usize, mut visit: impl FnMut(Iovec)) -> usize {
        let max = max.min(self.left);
        let mut ahead = max;
        while ahead > 0 {
            let Some(&entry) = self.rest.as_slice().first() else {
                break;
            };
            let Piece::Bytes(bytes) = entry.piece(self.start, ahead) else {
                break;
            };
            visit(bytes);
            self.pass(entry, bytes.iov_len);
            ahead = ahead.wrapping_sub(bytes.iov_len); // `piece` had it as its limit
        }
        let done = max.wrapping_sub(ahead); // `ahead` only gets less
        self.left = self.left.wrapping_sub(done); // at most `max`
        done
    }

    /// Moves past empty entries. Returns the entry of the next byte, and the piece of it from there
    /// on, of at most `max` bytes. `None` at the end of the array, or if `max` is 0.
    #[inline(always)]
    fn peek(&mut self, max: usize) -> Option<(Iovec, Piece)> {
        if max == 0 {
            return None;
        }
        loop {
            let entry = *self.rest.as_slice().first()?;
            if entry.iov_len > 0 {
                return Some((entry, entry.piece(self.start, max)));
            }
            self.rest.next();
        }
    }

    /// Moves past `len` bytes of `entry`, the entry of the next byte, which has at least `len`
    /// bytes left.
    #[inline(always)]
    fn pass(&mut self, entry: Iovec, len: usize) {
        let end = self.start.wrapping_add(len); // at most the length of the entry
        if end < entry.iov_len {
            self.start = unlikely(end);
        } else {
            self.rest.next();
            self.start = 0;
        }
    }

    /// Moves on by `n` bytes, or to the end, and past empty entries that follow. Returns the bytes
    /// moved.
    #[inline]
    pub(crate) fn advance(&mut self, n: usize) -> usize {
        let n = n.min(self.left);
        let mut ahead = n;
        while let Some(entry) = self.rest.as_slice().first() {
            let len = entry.iov_len.wrapping_sub(self.start); // `start` is at most `iov_len`
            if ahead < len {
                self.start = self.start.wrapping_add(ahead); // less than `iov_len`
                ahead = 0;
                break;
            }
            ahead = ahead.wrapping_sub(len);
            self.rest.next();
            self.start = 0;
        }
        let done = n.wrapping_sub(ahead); // `ahead` only gets less
        self.left = self.left.wrapping_sub(done); // at most `n`
        done
    }

    /// Sets the end, at most `n` bytes from here.
    pub(super) fn limit(&mut self, n: usize) {
        self.left = self.left.min(n);
    }

    /// Returns the number of bytes ahead, holes included, or `usize::MAX` if there are more.
    pub(crate) fn remaining(&self) -> usize {
        let mut entries = self.rest.clone();
        let first = entries.next().map_or(0, |entry| entry.iov_len);
        entries
            .map(|entry| entry.iov_len)
            .fold(first.saturating_sub(self.start), usize::saturating_add)
            .min(self.left)
    }
}

/// What only the functions of C need: they return pieces and positions, and holes count as pieces.
#[cfg(any(feature = "capi", test))]
impl RawCursor<'_> {
    /// Moves past the next piece, or hole, and returns it. It has at most `max` bytes and is not
    /// empty. `None` at the end, or if `max` is 0.
    pub(crate) fn next_piece(&mut self, max: usize) -> Option<Piece> {
        let (entry, piece) = self.peek(max.min(self.left))?;
        self.pass(entry, piece.len());
        self.left = self.left.saturating_sub(piece.len());
        Some(piece)
    }

    /// Returns the pieces of the next `bytes` bytes, each as an entry of its own. That of a hole is
    /// at null.
    pub(crate) fn pieces(mut self, bytes: usize) -> impl Iterator<Item = Iovec> {
        self.limit(bytes);
        core::iter::from_fn(move || self.next_piece(usize::MAX).map(Piece::to_entry))
    }

    /// Returns the number of entries that this place has not passed, and how many bytes of the
    /// first of them it has passed.
    #[cfg(feature = "capi")]
    pub(crate) fn position(&self) -> (usize, usize) {
        (self.rest.len(), self.start)
    }
}

/// Returns `n`. The call tells the compiler that its branch is rare, so that it stays a branch. A
/// conditional move in its place would make the next round of a loop wait for the result.
#[cold]
#[inline(never)]
fn unlikely(n: usize) -> usize {
    n
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;
    use core::ptr;
    use std::vec::Vec;

    pub(in crate::iov) fn entry(iov_base: usize, iov_len: usize) -> Iovec {
        Iovec {
            iov_base: ptr::without_provenance_mut(iov_base),
            iov_len,
        }
    }

    pub(in crate::iov) fn numbers(entries: &[Iovec]) -> Vec<(usize, usize)> {
        entries
            .iter()
            .map(|entry| (entry.iov_base.addr(), entry.iov_len))
            .collect()
    }

    /// The pieces of `bytes` bytes from `offset` on. A hole is at address 0.
    fn pieces(entries: &[Iovec], offset: usize, bytes: usize) -> Vec<(usize, usize)> {
        let pieces: Vec<_> = RawCursor::new(entries, offset).pieces(bytes).collect();
        numbers(&pieces)
    }

    const MAX_OBJECT: usize = Iovec::MAX_OBJECT;
    const MAX: usize = usize::MAX;

    #[test]
    fn holes_are_counted_and_have_no_address() {
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
            [(200, MAX_OBJECT), (0, MAX - 9 - MAX_OBJECT), (300, 8)]
        );
        assert_eq!(
            pieces(&entries, 9 + MAX_OBJECT - 1, 3),
            [(200 + MAX_OBJECT - 1, 1), (0, 2)]
        );
        assert_eq!(pieces(&entries, MAX, MAX), [(300, 8)]); // 4 + 5 + (MAX - 9)
    }

    #[test]
    fn bytes_end_at_a_hole_for_ever() {
        let entries = [entry(100, 4), entry(0, 5), entry(200, 4)];
        let mut cursor = RawCursor::new(&entries, 0);
        assert!(cursor.next_bytes(MAX).is_some());
        for _ in 0..3 {
            assert!(cursor.next_bytes(MAX).is_none());
            assert_eq!(cursor.remaining(), 9);
        }
    }

    #[test]
    fn a_sum_that_wraps_does_not_become_a_small_offset() {
        let entries = [entry(100, MAX - 7), entry(200, 16)];
        assert_eq!(pieces(&entries, MAX - 7, 16), [(200, 16)]);
        assert_eq!(pieces(&entries, MAX, MAX), [(207, 9)]);
        assert_eq!(RawCursor::new(&entries, 0).remaining(), MAX);
        assert_eq!(RawCursor::new(&entries, MAX - 6).remaining(), 15);
    }
}
