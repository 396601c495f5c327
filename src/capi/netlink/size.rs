// SPDX-License-Identifier: MIT OR Apache-2.0
//! `ancil_nlmsg_*`, `ancil_nla_*`: the sizes of messages and attributes.

use crate::netlink;

/// Returns `n` rounded up to a multiple of 4, like NLMSG_ALIGN; SIZE_MAX if that overflows.
#[unsafe(no_mangle)]
pub extern "C" fn ancil_nlmsg_align(n: usize) -> usize {
    netlink::nlmsg_align(n)
}

/// Returns the nlmsg_len of a message with `n` bytes of payload, like NLMSG_LENGTH; SIZE_MAX if
/// that overflows.
#[unsafe(no_mangle)]
pub extern "C" fn ancil_nlmsg_length(n: usize) -> usize {
    netlink::nlmsg_length(n)
}

/// Returns how many bytes a message with `n` bytes of payload takes, like NLMSG_SPACE; SIZE_MAX if
/// that overflows.
#[unsafe(no_mangle)]
pub extern "C" fn ancil_nlmsg_space(n: usize) -> usize {
    netlink::nlmsg_space(n)
}

/// Returns `n` rounded up to a multiple of 4, like RTA_ALIGN; SIZE_MAX if that overflows.
#[unsafe(no_mangle)]
pub extern "C" fn ancil_nla_align(n: usize) -> usize {
    netlink::nla_align(n)
}

/// Returns the nla_len of an attribute with `n` bytes of data, like RTA_LENGTH; SIZE_MAX if that
/// overflows.
#[unsafe(no_mangle)]
pub extern "C" fn ancil_nla_length(n: usize) -> usize {
    netlink::nla_length(n)
}

/// Returns how many bytes an attribute with `n` bytes of data takes, like RTA_SPACE; SIZE_MAX if
/// that overflows.
#[unsafe(no_mangle)]
pub extern "C" fn ancil_nla_space(n: usize) -> usize {
    netlink::nla_space(n)
}
