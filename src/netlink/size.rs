// SPDX-License-Identifier: MIT OR Apache-2.0
//! Sizes: `NLMSG_*` of `netlink(3)` and `NLA_*` of `include/net/netlink.h`, as `const fn`s.
//!
//! They saturate: a length that does not fit in a `usize` becomes [`usize::MAX`], which no buffer
//! can hold, so the bounds check that follows fails.
#![forbid(unsafe_code)]

/// The alignment of messages and attributes, in bytes: `NLMSG_ALIGNTO`, `NLA_ALIGNTO`.
pub(super) const ALIGNTO: usize = 4;

/// The size of [`Nlmsghdr`](super::Nlmsghdr) in bytes: 16. It needs no padding.
pub const NLMSG_HDRLEN: usize = 16;

/// The size of [`Nlattr`](super::Nlattr) in bytes: 4. It needs no padding.
pub const NLA_HDRLEN: usize = 4;

/// Returns `n` rounded up to a multiple of 4, or `usize::MAX` if that overflows: `NLMSG_ALIGN`.
///
/// ```
/// assert_eq!(ancil::netlink::nlmsg_align(5), 8);
/// ```
#[doc(alias = "NLMSG_ALIGN")]
#[inline]
pub const fn nlmsg_align(n: usize) -> usize {
    let aligned = align_in_memory(n);
    // Only a sum that wraps is less than `n`.
    if aligned < n { usize::MAX } else { aligned }
}

/// Returns a length of bytes in memory, which is at most `isize::MAX`, rounded up to a multiple of
/// 4. So the sum does not wrap.
#[inline]
pub(super) const fn align_in_memory(n: usize) -> usize {
    const MASK: usize = ALIGNTO.wrapping_sub(1);
    n.wrapping_add(MASK) & !MASK
}

/// Returns the `nlmsg_len` of a message with `n` bytes of payload: `NLMSG_LENGTH`. Saturates.
///
/// ```
/// assert_eq!(ancil::netlink::nlmsg_length(5), 16 + 5);
/// ```
#[doc(alias = "NLMSG_LENGTH")]
#[inline]
pub const fn nlmsg_length(n: usize) -> usize {
    NLMSG_HDRLEN.saturating_add(n)
}

/// Returns the bytes that a message with `n` bytes of payload takes in a buffer, with header and
/// padding: `NLMSG_SPACE`. Saturates.
///
/// ```
/// use ancil::netlink::{nla_space, nlmsg_space};
/// // A struct of 16 bytes, then an attribute with 5 bytes of data.
/// assert_eq!(nlmsg_space(16 + nla_space(5)), 44);
/// ```
#[doc(alias = "NLMSG_SPACE")]
#[inline]
pub const fn nlmsg_space(n: usize) -> usize {
    nlmsg_align(nlmsg_length(n))
}

/// Returns `n` rounded up to a multiple of 4, or `usize::MAX` if that overflows: `NLA_ALIGN`.
///
/// ```
/// assert_eq!(ancil::netlink::nla_align(5), 8);
/// ```
#[doc(alias("NLA_ALIGN", "RTA_ALIGN"))]
#[inline]
pub const fn nla_align(n: usize) -> usize {
    nlmsg_align(n)
}

/// Returns the `nla_len` of an attribute with `n` bytes of data: the kernel's `nla_attr_size`,
/// `RTA_LENGTH` of `rtnetlink(3)`. Saturates.
///
/// `nla_len` has 16 bits, so an attribute has at most 65535 bytes; a larger result fits in none.
///
/// ```
/// assert_eq!(ancil::netlink::nla_length(5), 4 + 5);
/// ```
#[doc(alias("nla_attr_size", "RTA_LENGTH"))]
#[inline]
pub const fn nla_length(n: usize) -> usize {
    NLA_HDRLEN.saturating_add(n)
}

/// Returns the bytes that an attribute with `n` bytes of data takes in a buffer, with header and
/// padding: the kernel's `nla_total_size`, `RTA_SPACE` of `rtnetlink(3)`. Saturates.
///
/// ```
/// assert_eq!(ancil::netlink::nla_space(5), 4 + 8);
/// ```
#[doc(alias("nla_total_size", "RTA_SPACE"))]
#[inline]
pub const fn nla_space(n: usize) -> usize {
    nla_align(nla_length(n))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lengths_saturate() {
        assert_eq!((NLMSG_HDRLEN, NLA_HDRLEN), (16, 4));
        assert_eq!(
            (nlmsg_align(usize::MAX - 3), nlmsg_align(usize::MAX - 2)),
            (usize::MAX - 3, usize::MAX)
        );
        for f in [nlmsg_length, nlmsg_space, nla_length, nla_space] {
            assert_eq!((f(usize::MAX), f(usize::MAX - 3)), (usize::MAX, usize::MAX));
        }
        let sizes =
            [0, 1, 4, 5].map(|n| (nlmsg_length(n), nlmsg_space(n), nla_length(n), nla_space(n)));
        assert_eq!(
            sizes,
            [
                (16, 16, 4, 4),
                (17, 20, 5, 8),
                (20, 20, 8, 8),
                (21, 24, 9, 12)
            ]
        );
    }
}
