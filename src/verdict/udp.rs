//! `SOL_UDP`: kernel `udp_cmsg_send`. UDP walks the control buffer twice.

use super::facts::Release;
use super::refusal::{Fault, Reason};
use super::rule::{Context, Rule, find_rule, walk};
use super::{ip, ipv6};
use crate::error::Lengths::Exactly;
use crate::table::keys::UDP_SEGMENT;
use crate::table::level::SOL_UDP;

const RULES: &[Rule] = &[Rule::new(UDP_SEGMENT, Exactly(2))];

/// Checks the messages of `SOL_UDP` in the whole buffer, then those of the other levels if there
/// are any. Linux before 4.18 has no messages of `SOL_UDP` and skips the first walk.
pub(super) fn check(context: &Context<'_>, lite: bool, to_ipv4: bool) -> Result<(), Fault> {
    let (mut has_others, mut segment) = (!context.is_at_least(Release(4, 18)), None);
    if !has_others {
        walk(context, |raw| {
            if raw.level != SOL_UDP {
                has_others = true;
                return Ok(());
            }
            find_rule(RULES, context, raw)?.check(raw)?;
            // A size of 0 takes back what an earlier message asked for.
            let is_set = raw.data.iter().any(|byte| *byte != 0);
            segment = is_set.then_some(raw.offset);
            Ok(())
        })?;
    }
    if has_others && to_ipv4 {
        ip::check(context, context.socket.is_ipv6())?;
    } else if has_others {
        ipv6::check(context)?;
    }
    // UDP-Lite finds only when it sends that it cannot cut the bytes into datagrams.
    match segment {
        Some(offset) if lite => Err(Reason::Segments.at(offset)),
        _ => Ok(()),
    }
}
