//! `SOL_UDP`: kernel `udp_cmsg_send`. UDP walks the control buffer twice.

use super::facts::{Release, State};
use super::refusal::{Reason, Refusal};
use super::rule::{Context, Rule, apply, walk};
use super::{ip, ipv6};
use crate::addr::AF_INET6;
use crate::error::Lengths::Exactly;
use crate::table::keys::UDP_SEGMENT;
use crate::table::level::SOL_UDP;

const RULES: &[Rule] = &[Rule::new(UDP_SEGMENT, Exactly(2))];

/// UDP's own messages first, over the whole buffer; then all others, if there are any. UDP-Lite refuses the last one
/// that asks for datagrams of a size, but only after all others.
pub(super) fn check(context: &Context<'_>, lite: bool) -> Result<(), Refusal> {
    let ipv6 = context.socket.domain == AF_INET6.into();
    let (mut others, mut segments) = (!context.since(Release(4, 18)), None);
    if !others {
        walk(context, |raw| {
            if raw.level != SOL_UDP {
                others = true;
                return Ok(());
            }
            apply(RULES, context, raw)?;
            let asks = lite && raw.data.iter().any(|byte| *byte != 0);
            segments = asks.then_some(raw.offset);
            Ok(())
        })?;
    }
    if others && ipv6 && !context.is(State::TO_IPV4) {
        ipv6::check(context)?;
    } else if others {
        ip::check(context, ipv6)?;
    }
    match segments {
        Some(offset) => Err(Reason::Segments.at(offset)),
        None => Ok(()),
    }
}
