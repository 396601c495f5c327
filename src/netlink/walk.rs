// SPDX-License-Identifier: MIT OR Apache-2.0
//! The stepping rule of netlink, for messages and for attributes, and the one walk that applies it.
//!
//! Sources: `NLMSG_OK`, `NLMSG_NEXT` of `netlink(3)`; `nlmsg_ok`, `nla_ok`, `nla_next` of
//! `include/net/netlink.h`; `netlink_rcv_skb` of `net/netlink/af_netlink.c`.
#![forbid(unsafe_code)]

use super::error::{ItemKind, Malformed, MalformedKind};
use super::size::align_in_memory;
use zerocopy::FromBytes;

/// A header that states the length of its item, which is a message or an attribute.
pub(super) trait Header: FromBytes {
    /// The kind of item that starts with this header.
    const ITEM: ItemKind;

    /// Returns the bytes of header and data, without the padding that follows.
    fn len(&self) -> usize;
}

/// Returns what is wrong with the length that a header states.
///
/// `header` is the size of that header, and `left` the bytes from the header to the end. `len` is
/// less than `header` or more than `left`.
#[cold]
const fn malformed(len: usize, header: usize, left: usize) -> MalformedKind {
    if len < header {
        MalformedKind::TooShort { len }
    } else {
        MalformedKind::PastEnd { len, left }
    }
}

/// What one step finds: a header, the offset of that header, and the data after it.
type Step<'a, H> = Result<(H, usize, &'a [u8]), Malformed>;

/// What remains of a datagram, or of the attributes in a message or nest.
///
/// Each step advances by a header at least, so every walk ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) struct Walk<'a> {
    rest: &'a [u8],
    /// The offset at which `rest` ends, as items and errors report it. Unlike the offset of its
    /// start, it stays the same during a walk.
    end: usize,
}

impl<'a> Walk<'a> {
    /// Starts at the front of `bytes`, which are at `offset` of a datagram.
    #[inline]
    pub(super) const fn new(bytes: &'a [u8], offset: usize) -> Self {
        Self {
            rest: bytes,
            end: offset.wrapping_add(bytes.len()), // `offset()` subtracts the length again
        }
    }

    /// Moves `n` bytes forward, or to the end if fewer remain.
    #[inline]
    pub(super) fn advance(self, n: usize) -> Self {
        Self {
            rest: self.rest.get(n.min(self.rest.len())..).unwrap_or_default(),
            ..self
        }
    }

    #[inline]
    pub(super) const fn rest(&self) -> &'a [u8] {
        self.rest
    }

    /// Returns where `rest` starts.
    #[inline]
    pub(super) const fn offset(&self) -> usize {
        self.end.wrapping_sub(self.rest.len())
    }

    /// Steps to the next item. An error is the last item; fewer bytes than a header are the end.
    ///
    /// It is always inlined. A call would pass the walk and the item through memory, which takes
    /// longer than the step itself.
    #[inline(always)]
    pub(super) fn next<H: Header>(&mut self) -> Option<Step<'a, H>> {
        let (rest, offset) = (self.rest, self.offset());
        let (header, after) = H::read_from_prefix(rest).ok()?;
        let len = header.len();
        // One comparison finds both errors: a length below the size of the header wraps around to
        // more bytes than any slice has.
        let Some(data) = after.get(..len.wrapping_sub(size_of::<H>())) else {
            self.rest = &[];
            return Some(Err(Malformed {
                item: H::ITEM,
                offset,
                kind: malformed(len, size_of::<H>(), rest.len()),
            }));
        };
        // The header needs no padding. The last item may lack its padding.
        self.rest = after.get(align_in_memory(data.len())..).unwrap_or_default();
        Some(Ok((header, offset, data)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::netlink::{Nlattr, Nlmsghdr};
    use std::vec::Vec;

    /// Takes a step over the front of `bytes`, whose header states `len`, and compares it with the
    /// rule.
    fn check<H: Header>(len: usize, bytes: &[u8]) {
        let (start, left, header) = (7, bytes.len(), size_of::<H>());
        let mut walk = Walk::new(bytes, start);
        let step = walk.next::<H>();
        let malformed = |kind| {
            let (item, offset) = (H::ITEM, start);
            Some(Err(Malformed { item, offset, kind }))
        };
        let step = step.map(|step| step.map(|(_, offset, data)| (offset, data)));
        let end = start + left;
        let (expected, offset) = if left < header {
            (None, start)
        } else if len < header {
            (malformed(MalformedKind::TooShort { len }), end)
        } else if len > left {
            (malformed(MalformedKind::PastEnd { len, left }), end)
        } else {
            let padded = len.div_ceil(4) * 4;
            (
                Some(Ok((start, &bytes[header..len]))),
                (start + padded).min(end),
            )
        };
        assert_eq!((step, walk.offset()), (expected, offset), "{len} in {left}");
        assert_eq!(walk.rest(), &bytes[offset - start..], "{len} in {left}");
    }

    #[test]
    fn every_length_in_every_buffer() {
        for left in 0..40 {
            let mut bytes: Vec<u8> = (0..left).collect();
            let mut set = |front: &[u8]| {
                let n = front.len().min(bytes.len());
                bytes[..n].copy_from_slice(&front[..n]);
                bytes.clone()
            };
            for len in (0..44).chain(u16::MAX - 4..=u16::MAX) {
                check::<Nlattr>(len.into(), &set(&len.to_ne_bytes()));
            }
            for len in (0..44).chain(u32::MAX - 16..=u32::MAX) {
                check::<Nlmsghdr>(len as usize, &set(&len.to_ne_bytes()));
            }
        }
    }
}
