// SPDX-License-Identifier: MIT OR Apache-2.0
//! `SOL_IP`, for IPv4 destinations: kernel `ip_cmsg_send`.

use super::facts::State;
use super::ip_options;
use super::refusal::{Fault, Reason, ensure};
use super::rule::{Context, Rule, at, check_length, read, walk};
use super::sol_socket;
use crate::error::Lengths::{Exactly, OneOf};
use crate::payload::{In6Pktinfo, InPktinfo};
use crate::table::keys::*;
use crate::table::level::{SOL_IP, SOL_SOCKET};
use crate::wire::cmsg::Raw;
use crate::wire::key::Key;
use core::net::{Ipv4Addr, Ipv6Addr};

/// All messages but `IP_RETOPTS` and `IP_PKTINFO`.
const RULES: &[Rule] = &[
    Rule::new(IP_TOS, OneOf(1, 4)).between(0, 255).since(4, 9),
    Rule::new(IP_TOS, Exactly(4)).between(0, 255),
    Rule::new(IP_TTL, Exactly(4)).between(1, 255),
    Rule::new(IP_PROTOCOL, Exactly(4))
        .between(1, 255)
        .since(5, 10),
];

/// Checks a control buffer. `from_ipv6` means that an IPv6 socket of UDP sends to an IPv4 address.
pub(super) fn check(context: &Context<'_>, from_ipv6: bool) -> Result<(), Fault> {
    // What the kernel looks at after the messages, in this order. The last message counts.
    let (mut options, mut source, mut interface) = (Ok(()), Ok(()), Ok(()));
    walk(context, |raw| {
        if IP_PKTINFO.is(raw) || from_ipv6 && IPV6_PKTINFO.is(raw) {
            let (address, index) = read_source(raw)?;
            source = at(raw, check_source(context, address));
            if index != 0 {
                let exists = context.facts.interfaces.contains(&index);
                interface = at(raw, ensure(exists, Reason::NoInterface));
            }
            return Ok(());
        }
        match raw.level {
            SOL_SOCKET if context.since(4, 9) => sol_socket::check(context, raw),
            SOL_IP if IP_RETOPTS.is(raw) => {
                let included = context.has(State::HDRINCL);
                options = at(raw, ensure(!included, Reason::HeaderIncluded));
                ip_options::check(context, raw)
            }
            SOL_IP => context.check_rule(RULES, raw),
            _ => Ok(()),
        }
    })?;
    options.and(source).and(interface)
}

/// Kernel `ip_route_output_key_hash_rcu`. In a header of its own, a packet may name any host.
fn check_source(context: &Context<'_>, source: Ipv4Addr) -> Result<(), Reason> {
    let is_group = source.is_multicast() || source.is_broadcast();
    ensure(!is_group, Reason::Source)?;
    let is_free = source.is_unspecified() || context.has(State::HDRINCL);
    let exists = is_free || context.facts.sources_ipv4.contains(&source.into());
    ensure(exists, Reason::Unreachable)
}

/// Returns the source and the interface that a message names. An IPv6 socket names the IPv4 source
/// as a mapped address.
fn read_source(raw: &Raw<'_>) -> Result<(Ipv4Addr, u32), Reason> {
    if raw.level == SOL_IP {
        check_length(Exactly(size_of::<InPktinfo>()), raw)?;
        let info = read::<InPktinfo>(raw)?;
        return Ok((info.ipi_spec_dst.into(), info.ipi_ifindex as u32));
    }
    let info = read::<In6Pktinfo>(raw)?;
    let source = Ipv6Addr::from(info.ipi6_addr).to_ipv4_mapped();
    Ok((source.ok_or(Reason::NotMapped)?, info.ipi6_ifindex))
}
