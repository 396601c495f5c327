//! The one stepping rule of netlink, for messages and for attributes: `NLMSG_OK`, `NLMSG_NEXT` of `netlink(3)`,
//! `nlmsg_ok`, `nla_ok`, `nla_next` of `include/net/netlink.h`, `netlink_rcv_skb` of `net/netlink/af_netlink.c`.
#![forbid(unsafe_code)]

use super::size::nlmsg_align;
use super::{Item, Malformed, MalformedKind};
use zerocopy::FromBytes;

/// A header that says how long its item is.
pub(super) trait Header: FromBytes {
    /// What it heads.
    const ITEM: Item;

    /// Bytes of the item: header and data, without the padding behind.
    fn len(&self) -> usize;
}

/// Where the item behind one of `len` bytes is, counted from this one's header, given the `left` bytes from there to
/// the end. The last item may lack its padding.
pub(crate) const fn step(len: usize, header: usize, left: usize) -> Result<usize, MalformedKind> {
    if len < header {
        return Err(MalformedKind::TooShort { len });
    }
    if len > left {
        return Err(MalformedKind::PastEnd { len, left });
    }
    let stride = nlmsg_align(len);
    Ok(if stride < left { stride } else { left })
}

/// An item: its header, its offset and its data.
type Step<'a, H> = Result<(H, usize, &'a [u8]), Malformed>;

/// A walk over items of one kind. Each step goes forward by at least a header, so it ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Walk<'a> {
    bytes: &'a [u8],
    /// Where the next header is.
    at: usize,
    /// The offset that errors and items give to the first of `bytes`.
    base: usize,
}

impl<'a> Walk<'a> {
    pub(super) const fn new(bytes: &'a [u8], base: usize) -> Self {
        Self { bytes, at: 0, base }
    }

    /// Goes on at `at`, which a walk over the same bytes gave.
    #[cfg(feature = "capi")]
    pub(super) const fn at(mut self, at: usize) -> Self {
        self.at = at;
        self
    }

    pub(super) const fn bytes(&self) -> &'a [u8] {
        self.bytes
    }

    /// Where the next header is looked for.
    pub(super) const fn offset(&self) -> usize {
        self.base.saturating_add(self.at)
    }

    /// The next item. An error is the last one, and fewer bytes than a header are the end.
    pub(super) fn next<H: Header>(&mut self) -> Option<Step<'a, H>> {
        let rest = self.bytes.get(self.at..)?;
        let (header, _) = H::read_from_prefix(rest).ok()?;
        let (len, offset) = (header.len(), self.offset());
        match step(len, size_of::<H>(), rest.len()) {
            Ok(stride) => {
                let data = rest.get(size_of::<H>()..len)?; // what `step` has just promised
                self.at = self.at.saturating_add(stride);
                Some(Ok((header, offset, data)))
            }
            Err(kind) => {
                self.at = self.bytes.len();
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
    fn a_step_stays_inside_and_goes_forward() {
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
