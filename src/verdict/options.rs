//! The options of an IPv4 header in `IP_RETOPTS`: kernel `ip_options_get` and `__ip_options_compile`.

use super::facts::Capabilities;
use super::refusal::Reason;
use super::rule::Context;
use crate::wire::cmsg::Raw;

/// Bytes of options that a header holds; what is behind them in the payload is ignored.
const MOST: usize = 40;

const END: u8 = 0;
const NOOP: u8 = 1;
const RECORD_ROUTE: u8 = 7;
const TIMESTAMP: u8 = 68;
const LOOSE_ROUTE: u8 = 131;
const CIPSO: u8 = 134;
const STRICT_ROUTE: u8 = 137;
const ROUTER_ALERT: u8 = 148;

#[inline(never)]
pub(super) fn check(context: &Context<'_>, raw: &Raw<'_>) -> Result<(), Reason> {
    let mut rest = raw.data.get(..MOST).unwrap_or(raw.data);
    let (mut left, mut seen) = (rest.len().next_multiple_of(4), Once::empty());
    while left > 0 {
        let len = match octet(rest, 0) {
            END => break,
            NOOP => 1,
            kind => {
                let once = good(context, kind, rest)
                    .filter(|once| !seen.intersects(*once))
                    .ok_or(Reason::IpOptions)?;
                seen |= once;
                octet(rest, 1).into()
            }
        };
        left = left.checked_sub(len).ok_or(Reason::IpOptions)?;
        rest = rest.get(len..).unwrap_or_default();
    }
    if seen.contains(Once::SOURCE_ROUTE) {
        context.capable(Capabilities::CAP_NET_RAW)
    } else {
        Ok(())
    }
}

bitflags::bitflags! {
    /// The options that can be there once.
    #[derive(Clone, Copy)]
    struct Once: u8 {
        const SOURCE_ROUTE = 1;
        const RECORD_ROUTE = 1 << 1;
        const TIMESTAMP = 1 << 2;
        const CIPSO = 1 << 3;
    }
}

/// Behind the payload there are zeros: a header is made of whole words.
fn octet(option: &[u8], at: usize) -> u8 {
    option.get(at).copied().unwrap_or(END)
}

/// The option at the start of these, if it is a good one: what of it there can be once.
#[inline(always)]
fn good(context: &Context<'_>, kind: u8, option: &[u8]) -> Option<Once> {
    let raw = context.capable(Capabilities::CAP_NET_RAW).is_ok();
    let [len, next, flags] = [1, 2, 3].map(|at| octet(option, at));
    let (good, once) = match kind {
        // Behind three octets there are hops of four.
        LOOSE_ROUTE | STRICT_ROUTE => (len >= 7 && len & 3 == 3 && next == 4, Once::SOURCE_ROUTE),
        RECORD_ROUTE => (
            len >= 3 && next >= 4 && (next > len || has_room(len, next, 4)),
            Once::RECORD_ROUTE,
        ),
        TIMESTAMP => {
            let room = match flags & 0xf {
                _ if next > len => flags >> 4 != 15,
                0 => has_room(len, next, 4),
                1 | 3 => has_room(len, next, 8),
                _ => has_room(len, next, 4) && raw,
            };
            (len >= 4 && next >= 5 && room, Once::TIMESTAMP)
        }
        ROUTER_ALERT => (len >= 4, Once::empty()),
        CIPSO => {
            let named = len >= 8 && (2..6).any(|at| octet(option, at) != 0);
            (raw && named && context.facts.cipso, Once::CIPSO)
        }
        _ => (len >= 2 && raw, Once::empty()),
    };
    good.then_some(once)
}

/// Whether `bytes` more fit into an option of `len` bytes from `next` on, which counts from 1.
fn has_room(len: u8, next: u8, bytes: u16) -> bool {
    u16::from(next).saturating_add(bytes) <= u16::from(len).saturating_add(1)
}
