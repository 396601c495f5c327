// SPDX-License-Identifier: MIT OR Apache-2.0
//! `SOL_IPV6`, for IPv6 destinations: kernel `ip6_datagram_send_ctl`.

use super::facts::Capabilities;
use super::refusal::{Fault, Reason, ensure};
use super::rule::{Context, Rule, at, check_length, int, read, set_once, walk};
use super::sol_socket;
use crate::addr::Be32;
use crate::error::Lengths::Exactly;
use crate::payload::{In6Pktinfo, Ipv6OptHdr, Ipv6RtHdr};
use crate::table::keys::*;
use crate::table::level::{SOL_IPV6, SOL_SOCKET};
use crate::wire::cmsg::Raw;
use crate::wire::key::Key;
use core::net::Ipv6Addr;

/// The messages without code of their own.
const RULES: &[Rule] = &[
    Rule::new(IPV6_TCLASS, Exactly(4)).between(-1, 255),
    Rule::new(IPV6_DONTFRAG, Exactly(4)).between(0, 1),
];

/// The bits of the flow label in flow info; the others are the traffic class.
const FLOW_LABEL_MASK: u32 = 0xf_ffff;

/// What the messages so far have set of the packet.
#[derive(Default)]
struct Packet {
    /// The interface to leave through; 0 for none yet.
    interface: u32,
    /// Flow label and traffic class.
    flow_info: u32,
    hop_options: bool,
    /// Destination options that follow the routing header: the kernel's `dst1opt`.
    destination_options: bool,
}

/// Checks a control buffer. Levels other than `SOL_SOCKET` and `SOL_IPV6` are skipped. With
/// `has_labels`, the protocol looks for the owner of the flow label; ping does not.
pub(super) fn check(context: &Context<'_>, has_labels: bool) -> Result<(), Fault> {
    let mut packet = Packet {
        interface: context.socket.interface,
        flow_info: context.socket.flow_info,
        ..Packet::default()
    };
    let mut label = Ok(());
    walk(context, |raw| match raw.level {
        SOL_SOCKET if context.since(4, 9) => sol_socket::check(context, raw),
        SOL_IPV6 => {
            packet.add(context, raw)?;
            if IPV6_FLOWINFO.is(raw) && has_labels {
                label = at(raw, packet.check_label(context));
            }
            Ok(())
        }
        _ => Ok(()),
    })?;
    label
}

impl Packet {
    /// Checks a message of `SOL_IPV6`, and notes what it sets.
    fn add(&mut self, context: &Context<'_>, raw: &Raw<'_>) -> Result<(), Reason> {
        match raw.ty {
            IPV6_PKTINFO::TYPE | IPV6_2292PKTINFO::TYPE => self.set_source(context, raw),
            IPV6_FLOWINFO::TYPE => self.set_flow_info(raw),
            IPV6_HOPLIMIT::TYPE | IPV6_2292HOPLIMIT::TYPE => check_hop_limit(context, raw),
            IPV6_HOPOPTS::TYPE | IPV6_2292HOPOPTS::TYPE => {
                set_once(&mut self.hop_options)?;
                check_options(context, raw)
            }
            IPV6_DSTOPTS::TYPE => {
                self.destination_options = true; // a second message replaces the first
                check_options(context, raw)
            }
            IPV6_2292DSTOPTS::TYPE => {
                check_options(context, raw)?;
                set_once(&mut self.destination_options)
            }
            IPV6_RTHDRDSTOPTS::TYPE => check_options(context, raw),
            IPV6_RTHDR::TYPE => check_routing_header(context, raw),
            IPV6_2292RTHDR::TYPE => {
                // The kernel moves the destination options in front of the routing header.
                self.destination_options = false;
                check_routing_header(context, raw)
            }
            _ => context.check_rule(RULES, raw),
        }
    }

    fn set_source(&mut self, context: &Context<'_>, raw: &Raw<'_>) -> Result<(), Reason> {
        let info = read::<In6Pktinfo>(raw)?;
        if info.ipi6_ifindex != 0 {
            let is_free = [0, info.ipi6_ifindex].contains(&self.interface);
            ensure(is_free, Reason::OtherInterface)?;
            self.interface = info.ipi6_ifindex;
        }
        let address = Ipv6Addr::from(info.ipi6_addr);
        if self.interface == 0 {
            ensure(!is_link_local(address), Reason::NoScope)?;
        } else {
            let exists = context.facts.interfaces.contains(&self.interface);
            ensure(exists, Reason::NoInterface)?;
        }
        let exists = address.is_unspecified() || context.facts.sources.contains(&info.ipi6_addr);
        ensure(exists, Reason::Source)
    }

    /// The kernel stores all but the upper four bits, which are the IP version. It compares those
    /// bits nevertheless if an earlier message has set something.
    fn set_flow_info(&mut self, raw: &Raw<'_>) -> Result<(), Reason> {
        const FLOWINFO_MASK: u32 = 0x0fff_ffff;
        let word = read::<Be32>(raw)?.get();
        let has_version = word & !FLOWINFO_MASK != 0;
        ensure(self.flow_info == 0 || !has_version, Reason::Value)?;
        self.flow_info = word & FLOWINFO_MASK;
        Ok(())
    }

    fn check_label(&self, context: &Context<'_>) -> Result<(), Reason> {
        let label = self.flow_info & FLOW_LABEL_MASK;
        let is_free = label == 0 || context.facts.flow_labels.contains(&label);
        ensure(is_free, Reason::FlowLabel)
    }
}

/// Whether the address is a unicast or multicast one that only the link knows: the kernel's
/// `IPV6_ADDR_LINKLOCAL`.
fn is_link_local(address: Ipv6Addr) -> bool {
    let [first, scope, ..] = address.octets();
    address.is_unicast_link_local() || first == 0xff && scope & 0xf == 2
}

/// The kernel stores the number in 16 bits before it checks the range: 65536 counts as 0. Linux 4.4
/// stores it in an `int`.
fn check_hop_limit(context: &Context<'_>, raw: &Raw<'_>) -> Result<(), Reason> {
    check_length(Exactly(4), raw)?;
    let mut limit = int(raw)?;
    if context.since(4, 9) {
        limit = i32::from(limit as i16);
    }
    ensure((-1..=255).contains(&limit), Reason::Value)
}

/// Checks that the payload holds a whole extension header. `hdrlen` is its length in units of 8
/// bytes, not counting the first.
fn check_header_length(raw: &Raw<'_>, hdrlen: u8) -> Result<(), Reason> {
    let len = usize::from(hdrlen).saturating_add(1).saturating_mul(8);
    ensure(raw.data.len() >= len, Reason::Length)
}

fn check_options(context: &Context<'_>, raw: &Raw<'_>) -> Result<(), Reason> {
    check_header_length(raw, read::<Ipv6OptHdr>(raw)?.hdrlen)?;
    context.ensure_capable(Capabilities::CAP_NET_RAW)
}

/// The kernel sends only the routing header of mobile IPv6: type 2, with one address.
fn check_routing_header(context: &Context<'_>, raw: &Raw<'_>) -> Result<(), Reason> {
    let header = read::<Ipv6RtHdr>(raw)?;
    let is_mobile = header.r#type == 2 && header.hdrlen == 2 && header.segments_left == 1;
    ensure(is_mobile && context.facts.mip6, Reason::RoutingHeader)?;
    check_header_length(raw, header.hdrlen)
}
