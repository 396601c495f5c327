// SPDX-License-Identifier: MIT OR Apache-2.0
//! The options of an IPv4 header in `IP_RETOPTS`: kernel `ip_options_get` and
//! `__ip_options_compile`.

use super::facts::Capabilities;
use super::refusal::{Reason, ensure};
use super::rule::Context;
use crate::wire::cmsg::Raw;

/// Bytes of options that a header can hold. The kernel ignores the rest of the payload.
const MAX_OPTIONS: usize = 40;

const END: u8 = 0;
const NOOP: u8 = 1;
const RECORD_ROUTE: u8 = 7;
const TIMESTAMP: u8 = 68;
const LOOSE_ROUTE: u8 = 131;
const CIPSO: u8 = 134;
const STRICT_ROUTE: u8 = 137;
const ROUTER_ALERT: u8 = 148;

bitflags::bitflags! {
    /// The options that a header can have once.
    #[derive(Clone, Copy)]
    struct Once: u8 {
        const SOURCE_ROUTE = 1;
        const RECORD_ROUTE = 1 << 1;
        const TIMESTAMP = 1 << 2;
        const CIPSO = 1 << 3;
    }
}

pub(super) fn check(context: &Context<'_>, raw: &Raw<'_>) -> Result<(), Reason> {
    let mut rest = raw.data.get(..MAX_OPTIONS).unwrap_or(raw.data);
    let mut left = rest.len().next_multiple_of(4);
    let mut seen = Once::empty();
    while left > 0 {
        let len = match octet(rest, 0) {
            END => break,
            NOOP => 1,
            kind => {
                let (valid, once) = check_option(context, kind, rest);
                ensure(valid && !seen.intersects(once), Reason::IpOptions)?;
                seen |= once;
                octet(rest, 1).into()
            }
        };
        left = left.checked_sub(len).ok_or(Reason::IpOptions)?;
        rest = rest.get(len..).unwrap_or_default();
    }
    if seen.contains(Once::SOURCE_ROUTE) {
        context.ensure_capable(Capabilities::CAP_NET_RAW)?;
    }
    Ok(())
}

/// Returns an octet of the option. The payload is padded with zeros to whole words, since a header
/// consists of words.
fn octet(option: &[u8], index: usize) -> u8 {
    option.get(index).copied().unwrap_or(END)
}

/// Returns whether the option is valid, and which of [`Once`] it is. A valid option has a length of
/// 2 or more, which the caller compares with the bytes left.
fn check_option(context: &Context<'_>, kind: u8, option: &[u8]) -> (bool, Once) {
    let net_raw = context.is_capable(Capabilities::CAP_NET_RAW);
    let [len, pointer, flags] = [1, 2, 3].map(|index| octet(option, index));
    match kind {
        // Three octets, then hops of four.
        LOOSE_ROUTE | STRICT_ROUTE => {
            (len >= 7 && len & 3 == 3 && pointer == 4, Once::SOURCE_ROUTE)
        }
        RECORD_ROUTE => (
            len >= 3 && pointer >= 4 && (pointer > len || fits(len, pointer, 4)),
            Once::RECORD_ROUTE,
        ),
        TIMESTAMP => {
            let has_space = match flags & 0xf {
                // In a full option, the kernel counts the stamps that do not fit, up to 15. It does
                // not if the hops are prespecified.
                kind if pointer > len => kind == 3 || flags >> 4 != 15,
                0 => fits(len, pointer, 4),
                1 | 3 => fits(len, pointer, 8),
                _ => fits(len, pointer, 4) && net_raw,
            };
            (len >= 4 && pointer >= 5 && has_space, Once::TIMESTAMP)
        }
        ROUTER_ALERT => (len >= 4, Once::empty()),
        CIPSO => {
            let has_domain = len >= 8 && (2..6).any(|index| octet(option, index) != 0);
            (net_raw && has_domain && context.facts.cipso, Once::CIPSO)
        }
        _ => (len >= 2 && net_raw, Once::empty()),
    }
}

/// Whether `bytes` fit into an option of `len` bytes from `pointer` on, which counts from 1.
fn fits(len: u8, pointer: u8, bytes: u16) -> bool {
    u16::from(pointer).saturating_add(bytes) <= u16::from(len).saturating_add(1)
}
