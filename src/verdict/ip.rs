//! `SOL_IP`, for IPv4 destinations: kernel `ip_cmsg_send`.

use super::facts::{Release, State};
use super::ip_options;
use super::refusal::{Fault, Reason, ensure};
use super::rule::{Context, Rule, check_length, find_rule, walk};
use super::sol_socket;
use crate::error::Lengths::{AtLeast, Exactly, OneOf};
use crate::payload::{In6Pktinfo, InPktinfo};
use crate::table::keys::*;
use crate::table::level::{SOL_IP, SOL_SOCKET};
use crate::wire::cmsg::Raw;
use crate::wire::encode::read_front;
use crate::wire::key::Key;
use core::net::Ipv6Addr;

/// All messages but `IP_RETOPTS`.
const RULES: &[Rule] = &[
    Rule::new(IP_TOS, OneOf(1, 4)).between(0, 255).since(3, 13),
    Rule::new(IP_TTL, Exactly(4)).between(1, 255).since(3, 13),
    Rule::new(IP_PKTINFO, Exactly(size_of::<InPktinfo>())),
    Rule::new(IP_PROTOCOL, Exactly(4))
        .between(1, 255)
        .since(6, 4),
];

/// Checks a control buffer. `from_ipv6` means that an IPv6 socket of UDP sends to an IPv4 address.
pub(super) fn check(context: &Context<'_>, from_ipv6: bool) -> Result<(), Fault> {
    let mut options = None;
    walk(context, |raw| {
        if from_ipv6 && IPV6_PKTINFO.is(raw) {
            check_mapped_source(raw)
        } else if raw.level == SOL_SOCKET && context.is_at_least(Release(4, 9)) {
            sol_socket::check(context, raw)
        } else if IP_RETOPTS.is(raw) {
            options = Some(raw.offset);
            ip_options::check(context, raw)
        } else if raw.level == SOL_IP {
            find_rule(RULES, context, raw)?.check(raw)
        } else {
            Ok(())
        }
    })?;
    match options {
        Some(offset) if context.has(State::HDRINCL) => Err(Reason::HeaderIncluded.at(offset)),
        _ => Ok(()),
    }
}

/// An IPv6 socket names the IPv4 source as a mapped address.
fn check_mapped_source(raw: &Raw<'_>) -> Result<(), Reason> {
    check_length(AtLeast(size_of::<In6Pktinfo>()), raw)?;
    let (info, _) = read_front::<In6Pktinfo>(raw.data).ok_or(Reason::Length)?;
    let source = Ipv6Addr::from(info.ipi6_addr).to_ipv4_mapped();
    ensure(source.is_some(), Reason::NotMapped)
}
