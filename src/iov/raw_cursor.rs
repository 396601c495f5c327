// SPDX-License-Identifier: MIT OR Apache-2.0
//! [`RawCursor`]: a place in an array of raw entries. It finds bytes, and does not access them.
#![forbid(unsafe_code)]

use super::cut::count_whole;
use super::iovec::Iovec;
use core::cmp::Ordering;
use core::{mem, slice};

/// A place in an array of entries that have no holes, and an end. Both may be inside an entry.
///
/// The entries between are whole, so that a loop over them need not look at the place or the end.
#[derive(Clone)]
pub(crate) struct RawCursor<'a> {
    /// The rest of the entry that the place is in. It may have no bytes, as `back` may.
    pub(super) front: Iovec,
    /// The entries after it.
    pub(super) whole: slice::Iter<'a, Iovec>,
    /// The part of the next entry that is before the end.
    pub(super) back: Iovec,
}

impl<'a> RawCursor<'a> {
    /// Returns the front of the entries, which must not have holes.
    #[inline(always)]
    pub(super) fn new(entries: &'a [Iovec]) -> Self {
        Self {
            front: Iovec::EMPTY,
            whole: entries.iter(),
            back: Iovec::EMPTY,
        }
    }

    /// Returns the next piece, which is not empty. `None` at the end.
    #[inline]
    pub(super) fn peek(&self) -> Option<Iovec> {
        let mut whole = self.whole.as_slice().iter();
        let is_filled = |entry: &&Iovec| entry.iov_len > 0;
        let first = Some(&self.front).filter(is_filled);
        first
            .or_else(|| whole.find(is_filled))
            .or(Some(&self.back).filter(is_filled))
            .copied()
    }

    /// Moves past the next piece, which is not empty, and returns it. `None` at the end.
    #[inline(always)]
    fn next_piece(&mut self) -> Option<Iovec> {
        if self.front.iov_len > 0 {
            return Some(mem::replace(&mut self.front, Iovec::EMPTY));
        }
        for entry in self.whole.by_ref() {
            if entry.iov_len > 0 {
                return Some(*entry);
            }
        }
        Some(mem::replace(&mut self.back, Iovec::EMPTY)).filter(|back| back.iov_len > 0)
    }

    /// Moves both cursors past pairs of whole entries of the same length that is not 0, as long as
    /// they are equal. Returns the bytes passed, and how the next pair compares.
    #[inline(always)]
    pub(super) fn skip_equal_pairs(
        &mut self,
        other: &mut RawCursor<'_>,
        compare: impl Fn(Iovec, Iovec) -> Ordering,
    ) -> (usize, Ordering) {
        if self.front.iov_len > 0 || other.front.iov_len > 0 {
            return (0, Ordering::Equal);
        }
        let (all, others) = (self.whole.as_slice(), other.whole.as_slice());
        let (mut count, mut order) = (0usize, Ordering::Equal);
        for (a, b) in all.iter().zip(others) {
            if a.iov_len == 0 || a.iov_len != b.iov_len {
                break;
            }
            order = compare(*a, *b);
            if order.is_ne() {
                break;
            }
            count = count.wrapping_add(1); // at most the number of pairs
        }
        let (equal, rest) = all.split_at_checked(count).unwrap_or_default();
        self.whole = rest.iter();
        other.whole = others.get(count..).unwrap_or_default().iter();
        (total(equal), order)
    }

    /// Moves both cursors past the same number of bytes, and returns those, which lie in one piece
    /// each. If one is at its end, returns how the ends compare, and the other has moved.
    #[inline(always)]
    pub(super) fn next_pair(
        &mut self,
        other: &mut RawCursor<'_>,
    ) -> Result<(Iovec, Iovec), Ordering> {
        let (mut a, mut b) = match (self.next_piece(), other.next_piece()) {
            (Some(a), Some(b)) => (a, b),
            (a, b) => return Err(a.is_some().cmp(&b.is_some())),
        };
        if a.iov_len > b.iov_len {
            self.front = a;
            self.front.drop_front(b.iov_len);
            a.iov_len = b.iov_len;
        } else {
            other.front = b;
            other.front.drop_front(a.iov_len);
            b.iov_len = a.iov_len;
        }
        Ok((a, b))
    }

    /// Moves past at most `max` bytes of the next piece, and returns them. They are at least one;
    /// `None` at the end, or if `max` is 0.
    #[inline(always)]
    pub(super) fn next_bytes(&mut self, max: usize) -> Option<Iovec> {
        if max == 0 {
            return None;
        }
        let mut bytes = self.next_piece()?;
        if bytes.iov_len > max {
            self.front = bytes;
            self.front.drop_front(max);
            bytes.iov_len = max;
        }
        Some(bytes)
    }

    /// Moves past the next `max` bytes, or to the end, and calls `visit` with each piece of them,
    /// of which some may be empty. Returns the bytes moved: those of all pieces together.
    #[inline(always)]
    pub(super) fn for_each_bytes(&mut self, max: usize, mut visit: impl FnMut(Iovec)) -> usize {
        let mut left = max;
        let mut next = self.next_bytes(left);
        while let Some(bytes) = next {
            visit(bytes);
            left = left.wrapping_sub(bytes.iov_len); // at most `left`: the limit of each piece
            next = match self.whole.as_slice().first() {
                Some(&entry) if entry.iov_len <= left => {
                    self.whole.next();
                    Some(entry)
                }
                _ => self.next_bytes(left),
            };
        }
        max.wrapping_sub(left) // `left` only gets less
    }

    /// Moves on by `n` bytes, or to the end. Returns the bytes moved.
    #[inline]
    pub(super) fn advance(&mut self, n: usize) -> usize {
        let Some(mut left) = n.checked_sub(self.front.iov_len) else {
            self.front.drop_front(n);
            return n;
        };
        let count;
        (count, left) = count_whole(self.whole.as_slice(), left);
        let rest = self.whole.as_slice().get(count..).unwrap_or_default();
        self.whole = rest.iter();
        self.front = match self.whole.next() {
            Some(entry) => *entry,
            None => mem::replace(&mut self.back, Iovec::EMPTY),
        };
        let last = left.min(self.front.iov_len);
        self.front.drop_front(last);
        n.wrapping_sub(left.wrapping_sub(last)) // `left` is at most `n`, `last` at most `left`
    }

    /// Sets the end, at most `n` bytes from here.
    #[inline]
    pub(super) fn limit(&mut self, n: usize) {
        let Some(left) = n.checked_sub(self.front.iov_len) else {
            self.front.iov_len = n;
            (self.whole, self.back) = ([].iter(), Iovec::EMPTY);
            return;
        };
        let (count, left) = count_whole(self.whole.as_slice(), left);
        let (whole, rest) = self
            .whole
            .as_slice()
            .split_at_checked(count)
            .unwrap_or_default();
        if let Some(entry) = rest.first() {
            self.back = *entry;
        }
        self.whole = whole.iter();
        self.back.iov_len = self.back.iov_len.min(left);
    }

    /// Returns the number of bytes ahead, or `usize::MAX` if there are more.
    pub(super) fn remaining(&self) -> usize {
        let ends = self.front.iov_len.saturating_add(self.back.iov_len);
        ends.saturating_add(total(self.whole.as_slice()))
    }
}

/// Returns the number of bytes of the entries, holes included, or `usize::MAX` if there are more.
pub(crate) fn total(entries: &[Iovec]) -> usize {
    let lens = entries.iter().map(|entry| entry.iov_len);
    lens.fold(0, usize::saturating_add)
}

#[cfg(test)]
mod tests {
    use super::super::iovec::tests::{entry, numbers};
    use super::*;
    use std::vec::Vec;

    /// An empty entry may be at null, where not even an empty slice may be.
    #[test]
    fn empty_pairs_are_not_compared() {
        for empty in [entry(0, 0), entry(500, 0)] {
            let all = [entry(100, 4), entry(200, 2), empty, empty, entry(300, 1)];
            let (mut a, mut b) = (RawCursor::new(&all), RawCursor::new(&all));
            let compare = |a: Iovec, b: Iovec| {
                assert!(a.iov_len > 0 && a.iov_len == b.iov_len);
                Ordering::Equal
            };
            for bytes in [6, 0] {
                let passed = a.skip_equal_pairs(&mut b, compare);
                assert_eq!(passed, (bytes, Ordering::Equal));
            }
            for mut cursor in [a, b] {
                let rest: Vec<_> = core::iter::from_fn(|| cursor.next_piece()).collect();
                assert_eq!(numbers(&rest), [(300, 1)]);
            }
        }
    }
}
