//! `SOL_UDP`: kernel `udp_cmsg_send`. UDP walks the control buffer twice.

use super::facts::Release;
use super::refusal::{Reason, Refusal};
use super::rule::{Context, Rule, apply, walk};
use super::{ip, ipv6};
use crate::addr::AF_INET6;
use crate::error::Lengths::Exactly;
use crate::level::SOL_UDP;
use crate::message::UDP_SEGMENT;

const RULES: &[Rule] = &[Rule::new(UDP_SEGMENT, Exactly(2))];

/// What the first walk has found.
#[derive(Default)]
struct Found {
    /// Whether there are messages that are not UDP's.
    others: bool,
    /// The last message that asks for datagrams of a size, at this offset.
    segment: Option<usize>,
}

/// UDP's own messages first, over the whole buffer; then all others, if there are any.
pub(super) fn check(context: &Context<'_>, control: &[u8], lite: bool, to_ipv4: bool) -> Result<(), Refusal> {
    let found = own(context, control)?;
    if found.others && to_ipv4 {
        ip::check(context, control, context.socket.domain == AF_INET6.into())?;
    } else if found.others {
        ipv6::check(context, control)?;
    }
    match found.segment {
        Some(_) if lite => Err(Refusal { offset: found.segment, reason: Reason::Segments }),
        _ => Ok(()),
    }
}

fn own(context: &Context<'_>, control: &[u8]) -> Result<Found, Refusal> {
    if !context.since(Release(4, 18)) {
        return Ok(Found { others: true, segment: None });
    }
    let mut found = Found::default();
    walk(context, control, |raw| {
        if raw.level != SOL_UDP {
            found.others = true;
            return Ok(());
        }
        apply(RULES, context, raw)?;
        found.segment = raw.data.iter().any(|byte| *byte != 0).then_some(raw.offset);
        Ok(())
    })?;
    Ok(found)
}
