//! `SOL_IPV6`, for IPv6 destinations: kernel `ip6_datagram_send_ctl`.

use super::facts::{Capabilities, Release, holds};
use super::refusal::{Reason, Refusal};
use super::rule::{Context, Rule, apply, ensure, int, unless, walk};
use super::sol_socket;
use crate::addr::Be32;
use crate::error::Lengths::{AtLeast, Exactly};
use crate::payload::{In6Pktinfo, Ipv6OptHdr, Ipv6RtHdr};
use crate::table::keys::*;
use crate::table::level::{SOL_IPV6, SOL_SOCKET};
use crate::wire::cmsg::Raw;
use core::net::Ipv6Addr;
use zerocopy::FromBytes;

const PKTINFO: usize = size_of::<In6Pktinfo>();
const OPTIONS: usize = size_of::<Ipv6OptHdr>();
const ROUTING: usize = size_of::<Ipv6RtHdr>();

const RULES: &[Rule] = &[
    Rule::new(IPV6_PKTINFO, AtLeast(PKTINFO)),
    Rule::new(IPV6_2292PKTINFO, AtLeast(PKTINFO)),
    Rule::new(IPV6_FLOWINFO, AtLeast(size_of::<Be32>())),
    Rule::new(IPV6_HOPOPTS, AtLeast(OPTIONS)),
    Rule::new(IPV6_2292HOPOPTS, AtLeast(OPTIONS)),
    Rule::new(IPV6_DSTOPTS, AtLeast(OPTIONS)),
    Rule::new(IPV6_2292DSTOPTS, AtLeast(OPTIONS)),
    Rule::new(IPV6_RTHDRDSTOPTS, AtLeast(OPTIONS)),
    Rule::new(IPV6_RTHDR, AtLeast(ROUTING)),
    Rule::new(IPV6_2292RTHDR, AtLeast(ROUTING)),
    Rule::new(IPV6_HOPLIMIT, Exactly(4)),
    Rule::new(IPV6_2292HOPLIMIT, Exactly(4)),
    Rule::new(IPV6_TCLASS, Exactly(4)).between(-1, 255),
    Rule::new(IPV6_DONTFRAG, Exactly(4)).between(0, 1),
];

/// The kernel stores the number in 16 bits before it looks at it: 65536 is 0 to it.
fn hop_limit(raw: &Raw<'_>) -> Result<(), Reason> {
    ensure((-1..=255).contains(&(int(raw)? as i16)), Reason::Value)
}

/// An extension header says its length in units of 8 bytes, less one.
fn whole(raw: &Raw<'_>, hdrlen: u8) -> Result<(), Reason> {
    let len = usize::from(hdrlen).saturating_add(1).saturating_mul(8);
    ensure(raw.data.len() >= len, Reason::Length)
}

fn options(context: &Context<'_>, raw: &Raw<'_>) -> Result<(), Reason> {
    let (header, _) = Ipv6OptHdr::read_from_prefix(raw.data).map_err(|_| Reason::Length)?;
    whole(raw, header.hdrlen)?;
    context.capable(Capabilities::CAP_NET_RAW)
}

/// Only that of mobile IPv6: type 2, one address.
fn routing(context: &Context<'_>, raw: &Raw<'_>) -> Result<(), Reason> {
    let (header, _) = Ipv6RtHdr::read_from_prefix(raw.data).map_err(|_| Reason::Length)?;
    match header {
        Ipv6RtHdr {
            r#type: 2,
            hdrlen: 2,
            segments_left: 1,
            ..
        } if context.facts.mip6 => whole(raw, header.hdrlen),
        _ => Err(Reason::RoutingHeader),
    }
}

/// What the messages so far have laid down.
struct Packet {
    interface: u32,
    flow: u32,
    hop_options: bool,
    /// Destination options behind the routing header.
    options: bool,
}

/// The walk of IPv6. Levels other than `SOL_SOCKET` and `SOL_IPV6` are skipped.
#[inline(never)]
pub(super) fn check(context: &Context<'_>) -> Result<(), Refusal> {
    let mut packet = Packet {
        interface: context.socket.interface,
        flow: 0,
        hop_options: false,
        options: false,
    };
    walk(context, |raw| match raw.level {
        SOL_SOCKET if context.since(Release(4, 9)) => sol_socket::check(context, raw),
        SOL_IPV6 => packet.take(context, raw),
        _ => Ok(()),
    })
}

impl Packet {
    fn take(&mut self, context: &Context<'_>, raw: &Raw<'_>) -> Result<(), Reason> {
        let hop_options = IPV6_HOPOPTS.is(raw) || IPV6_2292HOPOPTS.is(raw);
        unless(hop_options && self.hop_options, Reason::Twice)?;
        apply(RULES, context, raw)?;
        self.hop_options |= hop_options;
        if IPV6_PKTINFO.is(raw) || IPV6_2292PKTINFO.is(raw) {
            self.source(context, raw)
        } else if IPV6_FLOWINFO.is(raw) {
            self.flow(raw)
        } else if IPV6_HOPLIMIT.is(raw) || IPV6_2292HOPLIMIT.is(raw) {
            hop_limit(raw)
        } else if IPV6_TCLASS.is(raw) || IPV6_DONTFRAG.is(raw) {
            Ok(())
        } else {
            if IPV6_RTHDR.is(raw) || IPV6_2292RTHDR.is(raw) {
                routing(context, raw)
            } else {
                options(context, raw)
            }?;
            self.destination_options(raw)
        }
    }

    fn source(&mut self, context: &Context<'_>, raw: &Raw<'_>) -> Result<(), Reason> {
        let (info, _) = In6Pktinfo::read_from_prefix(raw.data).map_err(|_| Reason::Length)?;
        if info.ipi6_ifindex != 0 {
            unless(
                self.interface != 0 && self.interface != info.ipi6_ifindex,
                Reason::OtherInterface,
            )?;
            self.interface = info.ipi6_ifindex;
        }
        let address = Ipv6Addr::from(info.ipi6_addr);
        if self.interface != 0 {
            unless(
                !holds(context.facts.interface_exists, self.interface),
                Reason::NoInterface,
            )?;
        } else if address.is_unicast_link_local() {
            return Err(Reason::NoScope);
        }
        ensure(
            address.is_unspecified() || holds(context.facts.source_usable, info.ipi6_addr),
            Reason::Source,
        )
    }

    /// The upper four bits are the version's, and nothing is stored of them. The kernel looks at them all the same
    /// if there is a label already.
    fn flow(&mut self, raw: &Raw<'_>) -> Result<(), Reason> {
        let (word, _) = Be32::read_from_prefix(raw.data).map_err(|_| Reason::Length)?;
        const LABEL: u32 = 0x0fff_ffff;
        unless(self.flow != 0 && word.get() & !LABEL != 0, Reason::Value)?;
        self.flow = word.get() & LABEL;
        Ok(())
    }

    /// By the old number they can be there once, and move in front of a routing header that comes later.
    fn destination_options(&mut self, raw: &Raw<'_>) -> Result<(), Reason> {
        unless(IPV6_2292DSTOPTS.is(raw) && self.options, Reason::Twice)?;
        if IPV6_DSTOPTS.is(raw) || IPV6_2292DSTOPTS.is(raw) {
            self.options = true;
        } else if IPV6_2292RTHDR.is(raw) {
            self.options = false;
        }
        Ok(())
    }
}
