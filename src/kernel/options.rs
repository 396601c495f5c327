//! The options of an IPv4 header in `IP_RETOPTS`: kernel `ip_options_get` and `__ip_options_compile`.

use super::facts::Capabilities;
use super::refusal::Reason;
use super::rule::Context;
use crate::cmsg::Raw;

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

/// The options that can be there once.
#[derive(Default)]
struct Seen {
    source_route: bool,
    record_route: bool,
    timestamp: bool,
    cipso: bool,
}

pub(super) fn check(context: &Context<'_>, raw: &Raw<'_>) -> Result<(), Reason> {
    let mut padded = [END; MOST];
    padded.iter_mut().zip(raw.data).for_each(|(to, from)| *to = *from);
    let len = raw.data.len().min(MOST).next_multiple_of(4);
    let mut seen = Seen::default();
    let mut rest = padded.get(..len).unwrap_or_default();
    loop {
        rest = match rest {
            [] | [END, ..] => break,
            [NOOP, rest @ ..] => rest,
            [_, len, ..] if *len >= 2 => {
                let (option, rest) = rest.split_at_checked((*len).into()).ok_or(Reason::IpOptions)?;
                if !good(context, option, &mut seen) {
                    return Err(Reason::IpOptions);
                }
                rest
            }
            _ => return Err(Reason::IpOptions),
        };
    }
    if seen.source_route { context.capable(Capabilities::CAP_NET_RAW) } else { Ok(()) }
}

/// One option, with the two bytes of its kind and length.
fn good(context: &Context<'_>, option: &[u8], seen: &mut Seen) -> bool {
    let raw = context.capable(Capabilities::CAP_NET_RAW).is_ok();
    let first = |seen: &mut bool| !core::mem::replace(seen, true);
    match option {
        [LOOSE_ROUTE | STRICT_ROUTE, _, 4, hops @ ..] => {
            hops.len() >= 4 && hops.len() & 3 == 0 && first(&mut seen.source_route)
        }
        [LOOSE_ROUTE | STRICT_ROUTE, ..] => false,
        [RECORD_ROUTE, len, next, ..] => {
            *next >= 4 && (next > len || has_room(*len, *next, 4)) && first(&mut seen.record_route)
        }
        [RECORD_ROUTE, ..] => false,
        [TIMESTAMP, len, next, flags, ..] => {
            let room = match flags & 0xf {
                _ if next > len => flags >> 4 != 15,
                0 => has_room(*len, *next, 4),
                1 | 3 => has_room(*len, *next, 8),
                _ => has_room(*len, *next, 4) && raw,
            };
            *next >= 5 && room && first(&mut seen.timestamp)
        }
        [TIMESTAMP, ..] => false,
        [ROUTER_ALERT, len, ..] => *len >= 4,
        [CIPSO, _, domain @ ..] => {
            let named = domain.len() >= 6 && domain.iter().take(4).any(|byte| *byte != 0);
            raw && named && context.facts.cipso && first(&mut seen.cipso)
        }
        _ => raw,
    }
}

/// Whether `bytes` more fit into an option of `len` bytes from `next` on, which counts from 1.
fn has_room(len: u8, next: u8, bytes: u16) -> bool {
    u16::from(next).saturating_add(bytes) <= u16::from(len).saturating_add(1)
}
