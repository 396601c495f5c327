//! The stepping rule of netlink, for messages and for attributes, and the one walk that applies it.
//!
//! Sources: `NLMSG_OK`, `NLMSG_NEXT` of `netlink(3)`; `nlmsg_ok`, `nla_ok`, `nla_next` of
//! `include/net/netlink.h`; `netlink_rcv_skb` of `net/netlink/af_netlink.c`.
#![forbid(unsafe_code)]

use super::error::{ItemKind, Malformed, MalformedKind};
use super::size::nlmsg_align;
use zerocopy::FromBytes;

/// A header that states the length of its item, which is a message or an attribute.
pub(super) trait Header: FromBytes {
    /// The kind of item that starts with this header.
    const ITEM: ItemKind;

    /// Returns the bytes of header and data, without the padding that follows.
    fn len(&self) -> usize;
}

/// Returns the distance from one header to the next or, if the item is the last, to the end.
///
/// `len` is the length that the item's header states, `header` the size of that header, and `left`
/// the bytes from the header to the end. The last item may lack its padding.
const fn step(len: usize, header: usize, left: usize) -> Result<usize, MalformedKind> {
    if len < header {
        return Err(MalformedKind::TooShort { len });
    }
    if len > left {
        return Err(MalformedKind::PastEnd { len, left });
    }
    let stride = nlmsg_align(len);
    Ok(if stride < left { stride } else { left })
}

/// What one step finds: a header, the offset of that header, and the data after it.
type Step<'a, H> = Result<(H, usize, &'a [u8]), Malformed>;

/// What remains of a datagram, or of the attributes in a message or nest.
///
/// Each step advances by a header at least, so every walk ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) struct Walk<'a> {
    rest: &'a [u8],
    /// Where `rest` starts, as items and errors report it.
    offset: usize,
}

impl<'a> Walk<'a> {
    pub(super) const fn new(bytes: &'a [u8], offset: usize) -> Self {
        Self {
            rest: bytes,
            offset,
        }
    }

    /// Moves `n` bytes forward, or to the end if fewer remain.
    pub(super) fn advance(self, n: usize) -> Self {
        let n = n.min(self.rest.len());
        Self {
            rest: self.rest.get(n..).unwrap_or_default(),
            offset: self.offset.saturating_add(n),
        }
    }

    pub(super) const fn rest(&self) -> &'a [u8] {
        self.rest
    }

    pub(super) const fn offset(&self) -> usize {
        self.offset
    }

    /// Steps to the next item. An error is the last item; fewer bytes than a header are the end.
    pub(super) fn next<H: Header>(&mut self) -> Option<Step<'a, H>> {
        let Self { rest, offset } = *self;
        let (header, _) = H::read_from_prefix(rest).ok()?;
        let len = header.len();
        match step(len, size_of::<H>(), rest.len()) {
            Ok(stride) => {
                *self = self.advance(stride);
                // In bounds: `step` has checked that size_of::<H>() <= len <= rest.len().
                let data = rest.get(size_of::<H>()..len).unwrap_or_default();
                Some(Ok((header, offset, data)))
            }
            Err(kind) => {
                *self = self.advance(rest.len());
                Some(Err(Malformed {
                    item: H::ITEM,
                    offset,
                    kind,
                }))
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_step_goes_forward_and_stays_in_bounds() {
        let extremes = [
            0,
            1,
            3,
            4,
            5,
            15,
            16,
            17,
            20,
            usize::MAX - 3,
            usize::MAX - 2,
            usize::MAX,
        ];
        for header in [4, 16] {
            for len in extremes {
                for left in extremes {
                    match step(len, header, left) {
                        Ok(stride) => assert!(
                            header <= len && len <= stride && stride <= left && stride - len < 4
                        ),
                        Err(MalformedKind::TooShort { .. }) => assert!(len < header),
                        Err(MalformedKind::PastEnd { .. }) => assert!(len > left),
                    }
                }
            }
        }
        assert_eq!(
            (step(17, 16, 17), step(17, 16, 19), step(17, 16, 99)),
            (Ok(17), Ok(19), Ok(20))
        );
    }
}
