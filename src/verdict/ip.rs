//! `SOL_IP`, for IPv4 destinations: kernel `ip_cmsg_send`.

use super::facts::{Release, State};
use super::options;
use super::refusal::{Reason, Refusal};
use super::rule::{Context, Rule, apply, fits, walk};
use super::sol_socket;
use crate::error::Lengths::{AtLeast, Exactly, OneOf};
use crate::payload::{In6Pktinfo, InPktinfo};
use crate::table::keys::*;
use crate::table::level::{SOL_IP, SOL_SOCKET};
use crate::wire::cmsg::Raw;
use core::net::Ipv6Addr;
use zerocopy::FromBytes;

/// All but `IP_RETOPTS`.
const IP: &[Rule] = &[
    Rule::new(IP_TOS, OneOf(1, 4)).between(0, 255).since(3, 13),
    Rule::new(IP_TTL, Exactly(4)).between(1, 255).since(3, 13),
    Rule::new(IP_PKTINFO, Exactly(size_of::<InPktinfo>())),
    Rule::new(IP_PROTOCOL, Exactly(4))
        .between(1, 255)
        .since(6, 4),
];

/// The walk of IPv4. `from_ipv6` for an IPv6 socket of UDP, which sends to an IPv4 address.
#[inline(never)]
pub(super) fn check(context: &Context<'_>, from_ipv6: bool) -> Result<(), Refusal> {
    let mut options = None;
    walk(context, |raw| {
        if from_ipv6 && IPV6_PKTINFO.is(raw) {
            return mapped_source(raw);
        }
        match raw.level {
            SOL_SOCKET if context.since(Release(4, 9)) => sol_socket::check(context, raw),
            SOL_IP => {
                if !IP_RETOPTS.is(raw) {
                    return apply(IP, context, raw);
                }
                options = Some(raw.offset);
                options::check(context, raw)
            }
            _ => Ok(()),
        }
    })?;
    match options {
        Some(offset) if context.is(State::HDRINCL) => Err(Reason::HeaderIncluded.at(offset)),
        _ => Ok(()),
    }
}

fn mapped_source(raw: &Raw<'_>) -> Result<(), Reason> {
    fits(AtLeast(size_of::<In6Pktinfo>()), raw)?;
    let (info, _) = In6Pktinfo::read_from_prefix(raw.data).map_err(|_| Reason::Length)?;
    match Ipv6Addr::from(info.ipi6_addr).to_ipv4_mapped() {
        Some(_) => Ok(()),
        None => Err(Reason::NotMapped),
    }
}
