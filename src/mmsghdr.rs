// SPDX-License-Identifier: MIT OR Apache-2.0
//! [`MMsgHdr`]: a message of a batch, as `sendmmsg(2)` takes it.
#![forbid(unsafe_code)]

use crate::msghdr::MsgHdr;
use core::mem::{self, offset_of};

/// A message to send in a batch, and how many bytes of it were sent: `struct mmsghdr`,
/// `sendmmsg(2)`.
///
/// The layout is the kernel's, whatever the C library declares: 64 bytes on 64-bit machines, 32 on
/// 32-bit ones. So the system call takes a slice of these, as does `io::sendmmsg` (feature
/// `libc`).
///
/// ```
/// use ancil::{IoVec, MMsgHdr, MsgHdr};
///
/// let vectors = [[IoVec::new(b"one")], [IoVec::new(b"two")]];
/// let batch = vectors.each_ref().map(|vectors| MMsgHdr::new(MsgHdr::new().iov(vectors)));
/// assert_eq!(batch[0].msg_len(), 0);
/// ```
#[doc(alias = "mmsghdr")]
#[derive(Clone, Copy, Debug, Default)]
#[repr(C)]
pub struct MMsgHdr<'a> {
    msg_hdr: MsgHdr<'a>,
    msg_len: u32,
}

const _: () = {
    const WORD: usize = size_of::<usize>();
    assert!(
        size_of::<MMsgHdr<'_>>() == 8 * WORD && align_of::<MMsgHdr<'_>>() == align_of::<usize>()
    );
    assert!(offset_of!(MMsgHdr<'_>, msg_hdr) == 0 && offset_of!(MMsgHdr<'_>, msg_len) == 7 * WORD);
};

impl<'a> MMsgHdr<'a> {
    /// Returns the message as one of a batch, not sent yet. `MSG_EOR` is the only one of its flags
    /// that the kernel reads.
    #[inline]
    pub const fn new(message: MsgHdr<'a>) -> Self {
        Self {
            msg_hdr: message,
            msg_len: 0,
        }
    }

    /// Returns the message.
    ///
    /// ```
    /// use ancil::{MMsgHdr, MsgHdr};
    /// let one = MMsgHdr::new(MsgHdr::new().name(&[1, 2]));
    /// assert_eq!(one.msg_hdr().msg_name(), [1, 2]);
    /// ```
    #[inline]
    pub const fn msg_hdr(&self) -> &MsgHdr<'a> {
        &self.msg_hdr
    }

    /// Returns the bytes of the message that the last call sent; 0 before the first call.
    ///
    /// `sendmmsg(2)` writes it only for the messages that it counts in its result. For the messages
    /// after these, this is what it was before the call.
    #[inline]
    pub const fn msg_len(&self) -> usize {
        self.msg_len as usize
    }

    /// Sorts the messages by the bytes of their addresses, so that messages to one address are
    /// neighbours. Messages to one address keep their order.
    ///
    /// The kernel asks its security module about an address, unless the message before has the same
    /// address. Nothing else gets faster, so measure: sorting pays on systems with such a module,
    /// or if the next hop should see each flow in one piece.
    ///
    /// Every [`msg_len`](MMsgHdr::msg_len) is 0 afterwards.
    ///
    /// ```
    /// use ancil::{MMsgHdr, MsgHdr};
    ///
    /// let names = [[7], [3], [7]]; // addresses
    /// let mut batch = names.each_ref().map(|name| MMsgHdr::new(MsgHdr::new().name(name)));
    /// MMsgHdr::group_by_name(&mut batch);
    /// assert!(batch.iter().map(|m| m.msg_hdr().msg_name()).eq([[3], [7], [7]]));
    /// ```
    ///
    /// # Complexity
    /// O(n log n) comparisons of addresses for n messages, O(n) if they are already sorted. In
    /// place.
    pub fn group_by_name(messages: &mut [Self]) {
        // The index in the key makes all keys different: any sort is a stable sort then, without
        // the memory that a stable sort needs.
        for (index, message) in messages.iter_mut().enumerate() {
            message.msg_len = u32::try_from(index).unwrap_or(u32::MAX); // a call takes 1024 at most
        }
        if !messages.is_sorted_by_key(Self::sort_key) {
            heap_sort(messages);
        }
        for message in messages {
            message.msg_len = 0;
        }
    }

    /// Returns what [`group_by_name`](MMsgHdr::group_by_name) sorts by. There `msg_len` is the
    /// index that the message had.
    const fn sort_key(&self) -> (&'a [u8], u32) {
        (self.msg_hdr.msg_name(), self.msg_len)
    }
}

/// Sorts by [`sort_key`](MMsgHdr::sort_key). The sorts of `core` contain panics that the optimizer
/// does not remove, and nothing in this library may reach a panic.
fn heap_sort(messages: &mut [MMsgHdr<'_>]) {
    for top in (0..messages.len() / 2).rev() {
        sift_down(messages, top);
    }
    let mut heap = messages;
    while let [first, .., last] = heap {
        mem::swap(first, last);
        let Some((_, rest)) = heap.split_last_mut() else {
            return;
        };
        sift_down(rest, 0);
        heap = rest;
    }
}

/// Moves the message at `top` down a heap until no message below it is greater.
fn sift_down(heap: &mut [MMsgHdr<'_>], mut top: usize) {
    loop {
        let left = top.saturating_mul(2).saturating_add(1);
        let Some((above, below)) = heap.split_at_mut_checked(left) else {
            return;
        };
        let (Some(parent), [child, rest @ ..]) = (above.get_mut(top), below) else {
            return;
        };
        let (child, next) = match rest {
            [right, ..] if child.sort_key() < right.sort_key() => (right, left.saturating_add(1)),
            _ => (child, left),
        };
        if child.sort_key() <= parent.sort_key() {
            return;
        }
        mem::swap(parent, child);
        top = next;
    }
}

impl<'a> From<MsgHdr<'a>> for MMsgHdr<'a> {
    fn from(message: MsgHdr<'a>) -> Self {
        Self::new(message)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::IoVec;
    use std::vec::Vec;

    #[test]
    fn equal_addresses_are_adjacent_and_each_flow_keeps_its_order() {
        let numbers: Vec<[u8; 2]> = (0..1000u16).map(u16::to_be_bytes).collect();
        let vectors: Vec<_> = numbers.iter().map(|number| [IoVec::new(number)]).collect();
        // Names of several lengths, one of which begins another, and no name.
        let names: [&[u8]; 5] = [b"there", b"here", b"", b"the", b"zzz"];
        let name = |i: usize| names[(i * i + i / 7) % names.len()];
        let mut batch: Vec<_> = (vectors.iter().enumerate())
            .map(|(i, vectors)| MMsgHdr::new(MsgHdr::new().name(name(i)).iov(vectors)))
            .collect();
        MMsgHdr::group_by_name(&mut batch);

        let key = |message: &MMsgHdr<'_>| message.msg_hdr().msg_name().to_vec();
        let number =
            |message: &MMsgHdr<'_>| <[u8; 2]>::try_from(&*message.msg_hdr().msg_iov()[0]).unwrap();
        let groups: Vec<_> = batch.chunk_by(|a, b| key(a) == key(b)).collect();
        assert_eq!(groups.len(), names.len());
        for group in groups {
            assert!(group.is_sorted_by(|a, b| number(a) < number(b)));
            assert!(
                group
                    .iter()
                    .all(|m| key(m) == name(u16::from_be_bytes(number(m)).into()))
            );
        }
        assert!(batch.iter().all(|message| message.msg_len() == 0));
        MMsgHdr::group_by_name(&mut []);
    }
}
