// SPDX-License-Identifier: MIT OR Apache-2.0
//! Places in an array of raw entries that may have holes, as C programs pass them. Nothing here
//! accesses the bytes.
#![forbid(unsafe_code)]

use super::cut::count_whole;
use super::iovec::Iovec;
use super::raw_cursor::RawCursor;
use core::{iter, ptr};

/// Moves on by `n` bytes from byte `start` of the first entry, which has more than `start` bytes
/// unless `start` is 0. Returns the number of entries passed, the bytes passed of the entry after
/// those, and the bytes by which the end was too near.
pub(crate) fn seek(entries: &[Iovec], start: usize, n: usize) -> (usize, usize, usize) {
    let Some((first, rest)) = entries.split_first() else {
        return (0, 0, n);
    };
    let Some(left) = n.checked_sub(first.iov_len.saturating_sub(start)) else {
        return (0, start.saturating_add(n), 0);
    };
    let (count, left) = count_whole(rest, left);
    if count < rest.len() {
        (count.saturating_add(1), left, 0)
    } else {
        (entries.len(), 0, left)
    }
}

/// Drops `n` bytes from the front, and the entries that are empty then. Returns the number of
/// entries to drop, which it leaves as they were, and of bytes dropped.
pub(crate) fn drop_front(entries: &mut [Iovec], n: usize) -> (usize, usize) {
    let (gone, left) = count_whole(entries, n);
    let Some(entry) = entries.get_mut(gone) else {
        return (gone, n.saturating_sub(left));
    };
    let bytes = entry.bytes(left, usize::MAX);
    entry.drop_front(left);
    if bytes.iov_len == 0 {
        entry.iov_base = ptr::null_mut(); // what is left is a hole
    }
    (gone, n)
}

/// Returns the next `bytes` bytes from `offset` on, or fewer if the entries end or have a hole.
pub(crate) fn run(entries: &[Iovec], offset: usize, bytes: usize) -> RawCursor<'_> {
    let (count, start, _) = seek(entries, 0, offset);
    let mut cursor = RawCursor::new(&[]);
    let Some((first, rest)) = entries.get(count..).unwrap_or_default().split_first() else {
        return cursor;
    };
    cursor.front = first.bytes(start, bytes);
    let mut left = bytes.saturating_sub(cursor.front.iov_len);
    if cursor.front.iov_len < first.iov_len.saturating_sub(start) {
        return cursor; // the end or a hole is in the first entry
    }
    let mut whole = 0usize;
    for entry in rest {
        if entry.has_hole() || entry.iov_len > left {
            cursor.back = entry.bytes(0, left);
            break;
        }
        left = left.wrapping_sub(entry.iov_len); // at most `left`
        whole = whole.wrapping_add(1); // at most the number of entries
    }
    cursor.whole = rest.get(..whole).unwrap_or_default().iter();
    cursor
}

/// Returns the pieces of the next `bytes` bytes from `offset` on, each as an entry of its own. That
/// of a hole is at null.
pub(crate) fn pieces(
    entries: &[Iovec],
    offset: usize,
    bytes: usize,
) -> impl Iterator<Item = Iovec> {
    let (count, mut start, _) = seek(entries, 0, offset);
    let mut rest = entries.get(count..).unwrap_or_default();
    let mut left = bytes;
    iter::from_fn(move || {
        while let Some((entry, after)) = rest.split_first() {
            let len = entry.iov_len.saturating_sub(start).min(left);
            if left == 0 {
                return None;
            }
            let mut piece = entry.bytes(start, left);
            if piece.iov_len == 0 {
                piece = Iovec {
                    iov_base: ptr::null_mut(),
                    iov_len: len,
                };
            }
            start = start.saturating_add(piece.iov_len);
            if start >= entry.iov_len {
                (rest, start) = (after, 0);
            }
            if piece.iov_len > 0 {
                left = left.saturating_sub(piece.iov_len);
                return Some(piece);
            }
        }
        None
    })
}
#[cfg(test)]
mod tests {
    use super::super::iovec::tests::{entry, numbers};
    use super::*;
    use crate::iov::raw_cursor::total;
    use std::vec::Vec;

    /// The pieces of `bytes` bytes from `offset` on. A hole is at address 0.
    fn pieces(entries: &[Iovec], offset: usize, bytes: usize) -> Vec<(usize, usize)> {
        numbers(&super::pieces(entries, offset, bytes).collect::<Vec<_>>())
    }

    /// The bytes before the first hole of what `pieces` returns.
    fn run(entries: &[Iovec], offset: usize, bytes: usize) -> Vec<(usize, usize)> {
        let mut cursor = super::run(entries, offset, bytes);
        numbers(&iter::from_fn(|| cursor.next_bytes(MAX)).collect::<Vec<_>>())
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
    fn a_run_ends_where_a_hole_begins() {
        let all = [
            entry(100, 4),
            entry(0, 0),
            entry(150, 2),
            entry(0, 5),
            entry(200, MAX - 9),
            entry(300, 8),
        ];
        let with_hole = [all[0], all[4], all[5]];
        let without = [all[0], entry(200, MAX_OBJECT), all[5]];
        for all in [&all[..], &all[4..], &all[..3], &with_hole, &without] {
            for offset in [0, 2, 4, 6, 8, 11, 12, 11 + MAX_OBJECT, MAX - 3, MAX] {
                for bytes in [0, 1, 4, 5, 6, 12, MAX] {
                    let pieces = pieces(all, offset, bytes);
                    let before_hole = pieces.iter().take_while(|(base, _)| *base != 0);
                    assert!(
                        run(all, offset, bytes).iter().eq(before_hole),
                        "{offset} {bytes}"
                    );
                }
            }
        }
    }

    #[test]
    fn a_sum_that_wraps_does_not_become_a_small_offset() {
        let entries = [entry(100, MAX - 7), entry(200, 16)];
        assert_eq!(pieces(&entries, MAX - 7, 16), [(200, 16)]);
        assert_eq!(pieces(&entries, MAX, MAX), [(207, 9)]);
        assert_eq!(total(&entries), MAX);
    }

    #[test]
    fn a_place_past_the_end_is_the_end_and_the_bytes_that_are_missing() {
        let entries = [entry(100, 4), entry(200, 2)];
        let places = [(5, (1, 1, 0)), (6, (2, 0, 0)), (8, (2, 0, 2))];
        for (n, place) in places {
            assert_eq!(seek(&entries, 0, n), place);
        }
    }

    #[test]
    fn what_is_left_of_a_hole_is_a_hole() {
        let entries = [entry(100, MAX - 7), entry(200, 16)];
        let mut all = entries;
        assert_eq!(drop_front(&mut all, MAX), (1, MAX));
        assert_eq!(numbers(&all[1..]), [(207, 9)]);
        let mut all = entries;
        assert_eq!(drop_front(&mut all, MAX_OBJECT), (0, MAX_OBJECT));
        assert_eq!(numbers(&all[..1]), [(0, MAX - 7 - MAX_OBJECT)]);
        let mut all = [entry(0, 9)];
        assert_eq!(drop_front(&mut all, 4), (0, 4));
        assert_eq!(numbers(&all), [(0, 5)]);
        let mut all = [entry(100, 2), entry(0, 0), entry(200, 3), entry(0, 0)];
        assert_eq!(drop_front(&mut all, 2), (2, 2));
        assert_eq!(drop_front(&mut all, 9), (4, 5));
    }
}
