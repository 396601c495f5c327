//! `SOL_UDP`: kernel `udp_cmsg_send`. UDP walks the control buffer twice.

use super::facts::{Release, State};
use super::known::Known;
use super::refusal::Reason;
use super::rule::{Context, NOWHERE, Rule, apply, walk};
use super::{ip, ipv6};
use crate::addr::AF_INET6;
use crate::error::Lengths::Exactly;
use crate::level::SOL_UDP;
use crate::message::UDP_SEGMENT;

const RULES: &[Rule] = &[Rule::new(UDP_SEGMENT, Exactly(2))];

/// UDP's own messages first, over the whole buffer; then all others, if there are any.
pub(super) fn check(context: &Context<'_, impl Known>, lite: bool) -> Result<(), Reason> {
    let ipv6 = context.socket.domain == AF_INET6.into();
    if own(context, lite)? {
        if ipv6 && !context.is(State::TO_IPV4) {
            ipv6::check(context)
        } else {
            ip::check(context, ipv6)
        }?;
    }
    if context.names_a_message() {
        Err(Reason::Segments)
    } else {
        Ok(())
    }
}

/// Whether there are messages that are not UDP's. UDP-Lite refuses the last one that asks for datagrams of a size, but
/// only behind all others: meanwhile the context has its place, which returned beside the other would cost stack.
#[inline(never)]
fn own(context: &Context<'_, impl Known>, lite: bool) -> Result<bool, Reason> {
    if !context.since(Release(4, 18)) {
        return Ok(true);
    }
    let mut others = false;
    walk(context, |raw| {
        if raw.level != SOL_UDP {
            others = true;
            return Ok(());
        }
        apply(RULES, context, raw)?;
        if lite {
            context.name(if raw.data.iter().any(|byte| *byte != 0) {
                raw.offset
            } else {
                NOWHERE
            });
        }
        Ok(())
    })?;
    Ok(others)
}
