// SPDX-License-Identifier: MIT OR Apache-2.0
//! `SOL_UDP`: kernel `udp_cmsg_send`. UDP walks the control buffer twice.

use super::facts::State;
use super::refusal::{Fault, Reason, ensure};
use super::rule::{Context, Rule, at, read, walk};
use super::{ip, ipv6};
use crate::error::Lengths::Exactly;
use crate::msghdr::MsgFlags;
use crate::table::keys::UDP_SEGMENT;
use crate::table::level::SOL_UDP;

pub(super) const IPPROTO_UDPLITE: i32 = 136;

const RULES: &[Rule] = &[Rule::new(UDP_SEGMENT, Exactly(2))];

/// Checks the messages of `SOL_UDP` in the whole buffer, then those of the other levels if there
/// are any. Linux before 4.18 has no messages of `SOL_UDP` and skips the first walk.
pub(super) fn check(context: &Context<'_>, to_ipv4: bool) -> Result<(), Fault> {
    let (mut has_others, mut segments) = (!context.since(4, 18), Ok(()));
    if !has_others {
        walk(context, |raw| {
            has_others |= raw.level != SOL_UDP;
            if raw.level == SOL_UDP {
                context.check_rule(RULES, raw)?;
                segments = at(raw, check_segments(context, read(raw)?, to_ipv4));
            }
            Ok(())
        })?;
    }
    if has_others && to_ipv4 {
        ip::check(context, context.socket.is_ipv6())?;
    } else if has_others {
        ipv6::check(context, true)?;
    }
    segments
}

/// Checks what the kernel checks when it sends: `udp_send_skb` and `udp_v6_send_skb`. A size of 0
/// takes back what an earlier message asked for. With `MSG_MORE`, the kernel does not send yet.
fn check_segments(context: &Context<'_>, size: u16, to_ipv4: bool) -> Result<(), Reason> {
    if size == 0 || context.flags.contains(MsgFlags::MSG_MORE) {
        return Ok(());
    }
    // The headers of UDP and of IPv4 or IPv6, and the option that switches checksums off.
    let (headers, no_check) = match to_ipv4 {
        true => (28, State::NO_CHECK),
        false => (48, State::NO_CHECK6_TX),
    };
    let most = if context.since(6, 9) { 128 } else { 64 };
    let (len, size) = (context.len.unwrap_or_default(), usize::from(size));
    let packet = len.min(size).saturating_add(headers);
    ensure(packet <= context.facts.mtu, Reason::SegmentLength)?;
    ensure(len <= size.saturating_mul(most), Reason::SegmentCount)?;
    ensure(!context.has(no_check), Reason::SegmentChecksum)?;
    ensure(context.socket.protocol != IPPROTO_UDPLITE, Reason::Segments)
}
