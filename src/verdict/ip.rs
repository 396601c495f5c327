//! `SOL_IP`, for IPv4 destinations: kernel `ip_cmsg_send`.

use super::facts::{Facts, Release, State};
use super::ip_options;
use super::refusal::{Fault, Reason, ensure};
use super::rule::{Context, Rule, find_rule, walk};
use super::sol_socket;
use crate::addr::InAddr;
use crate::error::Lengths::{Exactly, OneOf};
use crate::payload::{In6Pktinfo, InPktinfo};
use crate::table::keys::*;
use crate::table::level::{SOL_IP, SOL_SOCKET};
use crate::wire::cmsg::Raw;
use crate::wire::key::Key;
use core::net::{Ipv4Addr, Ipv6Addr};
use core::num::NonZeroU32;
use zerocopy::FromBytes;

/// All messages but `IP_RETOPTS` and `IP_PKTINFO`.
const RULES: &[Rule] = &[
    Rule::new(IP_TOS, Exactly(4)).between(0, 255).until(4, 9),
    Rule::new(IP_TOS, OneOf(1, 4)).between(0, 255),
    Rule::new(IP_TTL, Exactly(4)).between(1, 255),
    Rule::new(IP_PROTOCOL, Exactly(4))
        .between(1, 255)
        .since(5, 10),
];

/// Checks a control buffer. `from_ipv6` means that an IPv6 socket of UDP sends to an IPv4 address.
pub(super) fn check(context: &Context<'_>, from_ipv6: bool) -> Result<(), Fault> {
    let (mut options, mut source, mut interface) = (None, None, None);
    walk(context, |raw| {
        if IP_PKTINFO.is(raw) || from_ipv6 && IPV6_PKTINFO.is(raw) {
            let (address, index) = read_source(raw)?;
            source = Some((raw.offset, address));
            // 0 leaves the interface of an earlier message.
            interface = NonZeroU32::new(index)
                .map(|index| (raw.offset, index.get()))
                .or(interface);
            Ok(())
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
    let (facts, has_header) = (context.facts, context.has(State::HDRINCL));
    if let Some(offset) = options {
        ensure(!has_header, Reason::HeaderIncluded).map_err(|reason| reason.at(offset))?;
    }
    // The route: kernel `ip_route_output_key_hash_rcu`. With a header, any host may be the source.
    if let Some((offset, source)) = source {
        check_source(source, has_header, facts).map_err(|reason| reason.at(offset))?;
    }
    match interface {
        Some((offset, index)) if !facts.interfaces.contains(&index) => {
            Err(Reason::NoInterface.at(offset))
        }
        _ => Ok(()),
    }
}

fn check_source(source: InAddr, is_free: bool, facts: &Facts<'_>) -> Result<(), Reason> {
    let address = Ipv4Addr::from(source);
    if address.is_unspecified() {
        return Ok(());
    }
    ensure(
        !address.is_multicast() && !address.is_broadcast(),
        Reason::Source,
    )?;
    ensure(
        is_free || facts.sources_ipv4.contains(&source),
        Reason::Unreachable,
    )
}

/// Returns the source and the interface that a message names. An IPv6 socket names the IPv4 source
/// as a mapped address.
fn read_source(raw: &Raw<'_>) -> Result<(InAddr, u32), Reason> {
    if raw.level == SOL_IP {
        let info = InPktinfo::read_from_bytes(raw.data).map_err(|_| Reason::Length)?;
        return Ok((info.ipi_spec_dst, info.ipi_ifindex as u32));
    }
    let (info, _) = In6Pktinfo::read_from_prefix(raw.data).map_err(|_| Reason::Length)?;
    let source = Ipv6Addr::from(info.ipi6_addr).to_ipv4_mapped();
    Ok((source.ok_or(Reason::NotMapped)?.into(), info.ipi6_ifindex))
}
