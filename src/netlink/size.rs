//! `NLMSG_*` of `netlink(3)` and `NLA_*` of `include/net/netlink.h`, as `const fn`s that cannot wrap: a length that
//! no memory could hold becomes [`usize::MAX`], which fits in no buffer.
#![forbid(unsafe_code)]

/// Messages and attributes start at multiples of 4 bytes: `NLMSG_ALIGNTO`, `NLA_ALIGNTO`.
pub(super) const ALIGNTO: usize = 4;

/// Bytes of [`Nlmsghdr`], padding included: 16.
pub const NLMSG_HDRLEN: usize = 16;

/// Bytes of [`Nlattr`], padding included: 4.
pub const NLA_HDRLEN: usize = 4;

/// `NLMSG_ALIGN`: `n` rounded up to a multiple of 4; `usize::MAX` where that does not exist.
#[inline]
pub const fn nlmsg_align(n: usize) -> usize {
    const MASK: usize = ALIGNTO.wrapping_sub(1);
    match n.checked_add(MASK) {
        Some(sum) => sum & !MASK,
        None => usize::MAX,
    }
}

/// `NLMSG_LENGTH`: what `nlmsg_len` says for a payload of `n` bytes; saturates.
#[inline]
pub const fn nlmsg_length(n: usize) -> usize {
    NLMSG_HDRLEN.saturating_add(n)
}

/// `NLMSG_SPACE`: what a payload of `n` bytes takes of the buffer, with header and padding; saturates.
///
/// ```
/// use ancil::netlink::{nla_space, nlmsg_space};
/// // A struct of 16 bytes, and an attribute of 5 behind it.
/// assert_eq!(nlmsg_space(16 + nla_space(5)), 44);
/// ```
#[inline]
pub const fn nlmsg_space(n: usize) -> usize {
    nlmsg_align(nlmsg_length(n))
}

/// `NLA_ALIGN`: `n` rounded up to a multiple of 4; `usize::MAX` where that does not exist.
#[inline]
pub const fn nla_align(n: usize) -> usize {
    nlmsg_align(n)
}

/// What `nla_len` says for `n` bytes of data: the kernel's `nla_attr_size`, `RTA_LENGTH` of `rtnetlink(3)`; saturates.
/// An attribute has at most 65535 bytes.
#[inline]
pub const fn nla_length(n: usize) -> usize {
    NLA_HDRLEN.saturating_add(n)
}

/// What an attribute with `n` bytes of data takes of the buffer, with header and padding: the kernel's
/// `nla_total_size`, `RTA_SPACE` of `rtnetlink(3)`; saturates.
#[inline]
pub const fn nla_space(n: usize) -> usize {
    nla_align(nla_length(n))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lengths_that_cannot_exist_saturate() {
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
