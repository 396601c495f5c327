// SPDX-License-Identifier: MIT OR Apache-2.0
//! Drops bytes and entries of an array of raw entries, in place. The rest of the array, of which
//! each function returns the length or the beginning, is for the caller to cut off.
#![forbid(unsafe_code)]

use super::iovec::Iovec;

/// Returns how many entries at the front have at most `n` bytes together, and by how many fewer.
#[inline(always)]
pub(crate) fn count_whole(entries: &[Iovec], n: usize) -> (usize, usize) {
    let (mut count, mut left) = (0usize, n);
    for entry in entries {
        let Some(rest) = left.checked_sub(entry.iov_len) else {
            break;
        };
        left = rest;
        count = count.wrapping_add(1); // at most the number of entries
    }
    (count, left)
}

/// Drops `n` bytes from the back, and the entries that are empty then. Returns the number of
/// entries that stay, and of bytes dropped. The entries to drop are left as they were.
pub(crate) fn drop_back(entries: &mut [Iovec], n: usize) -> (usize, usize) {
    let (mut kept, mut left) = (entries.len(), n);
    for entry in entries.iter_mut().rev() {
        if left < entry.iov_len {
            entry.iov_len = entry.iov_len.saturating_sub(left);
            return (kept, n);
        }
        left = left.saturating_sub(entry.iov_len);
        kept = kept.saturating_sub(1);
    }
    (kept, n.saturating_sub(left))
}

/// Keeps the first `n` bytes, and no empty entry at the end. Returns the number of entries that
/// stay, and of bytes in them. The entries to drop are left as they were.
pub(crate) fn keep_front(entries: &mut [Iovec], n: usize) -> (usize, usize) {
    let (mut kept, mut left) = (0, n);
    for (i, entry) in entries.iter_mut().enumerate() {
        if left == 0 {
            break;
        }
        if entry.iov_len > 0 {
            entry.iov_len = entry.iov_len.min(left);
            kept = i.saturating_add(1);
        }
        left = left.saturating_sub(entry.iov_len);
    }
    (kept, n.saturating_sub(left))
}

/// Makes one entry of neighbours whose bytes follow one another in memory, and drops empty ones.
/// Returns the number of entries that stay, which then are at the front.
pub(crate) fn join(entries: &mut [Iovec]) -> usize {
    let mut kept = 0usize;
    for i in 0..entries.len() {
        let Some(&next) = entries.get(i) else { break };
        if next.iov_len == 0 {
            continue;
        }
        let last = kept.checked_sub(1).and_then(|last| entries.get_mut(last));
        if let Some(last) = last.filter(|last| last.touches(next)) {
            last.iov_len = last.iov_len.saturating_add(next.iov_len);
        } else if let Some(slot) = entries.get_mut(kept) {
            *slot = next;
            kept = kept.saturating_add(1);
        }
    }
    kept
}

#[cfg(test)]
mod tests {
    use super::super::iovec::tests::{entry, numbers};
    use super::*;

    const MAX_OBJECT: usize = Iovec::MAX_OBJECT;
    const MAX: usize = usize::MAX;

    #[test]
    fn cuts_count_every_byte_of_entries_that_are_too_long() {
        let entries = [entry(100, MAX - 7), entry(200, 16)];
        let mut all = entries;
        assert_eq!(drop_back(&mut all, MAX), (1, MAX));
        assert_eq!(numbers(&all[..1]), [(100, 9)]);
        let mut all = entries;
        assert_eq!(keep_front(&mut all, MAX), (2, MAX));
        assert_eq!(numbers(&all), [(100, MAX - 7), (200, 7)]);
        assert_eq!(count_whole(&entries, MAX).0, 1);
        assert_eq!(count_whole(&entries, MAX - 8), (0, MAX - 8));
    }

    #[test]
    fn empty_entries_at_a_cut_are_dropped() {
        let entries = [entry(100, 2), entry(0, 0), entry(200, 3), entry(0, 0)];
        assert_eq!(drop_back(&mut entries.clone(), 0), (3, 0));
        assert_eq!(drop_back(&mut entries.clone(), 3), (1, 3));
        assert_eq!(keep_front(&mut entries.clone(), 2), (1, 2));
        assert_eq!(keep_front(&mut entries.clone(), 9), (3, 5));
        assert_eq!(keep_front(&mut entries.clone(), 0), (0, 0));
        assert_eq!(count_whole(&entries, 2), (2, 0));
        assert_eq!(count_whole(&entries, 5), (4, 0));
    }

    #[test]
    fn only_entries_that_can_be_one_object_are_joined() {
        let mut all = [entry(100, MAX - 7), entry(92, 16)]; // 100 + (MAX - 7) wraps to 92
        assert_eq!(join(&mut all), 2);
        let mut all = [entry(100, MAX_OBJECT), entry(100 + MAX_OBJECT, 1)]; // more than MAX_OBJECT
        assert_eq!(join(&mut all), 2);
        let mut all = [
            entry(100, MAX_OBJECT - 1),
            entry(0, 0),
            entry(99 + MAX_OBJECT, 1),
            entry(0, 3), // ends at address 3, but is a hole
            entry(3, 3),
        ];
        assert_eq!((join(&mut all), all[0].iov_len), (3, MAX_OBJECT));
    }
}
