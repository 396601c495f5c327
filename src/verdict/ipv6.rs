//! `SOL_IPV6`, for IPv6 destinations: kernel `ip6_datagram_send_ctl`.

use super::facts::{Capabilities, Release};
use super::refusal::{Fault, Reason, ensure};
use super::rule::{Context, Rule, find_rule, int, walk};
use super::sol_socket;
use crate::addr::Be32;
use crate::error::Lengths::{AtLeast, Exactly};
use crate::payload::{In6Pktinfo, Ipv6OptHdr, Ipv6RtHdr};
use crate::table::keys::*;
use crate::table::level::{SOL_IPV6, SOL_SOCKET};
use crate::wire::cmsg::Raw;
use crate::wire::key::Key;
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

/// The bits of the flow label in flow info; the others are the traffic class.
const FLOW_LABEL_MASK: u32 = 0xf_ffff;

/// What the messages so far have set of the packet.
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
    let mut labelled = None;
    let mut packet = Packet {
        interface: context.socket.interface,
        flow_info: context.socket.flow_info,
        hop_options: false,
        destination_options: false,
    };
    walk(context, |raw| match raw.level {
        SOL_SOCKET if context.is_at_least(Release(4, 9)) => sol_socket::check(context, raw),
        SOL_IPV6 => {
            labelled = if IPV6_FLOWINFO.is(raw) {
                Some(raw.offset)
            } else {
                labelled
            };
            packet.add(context, raw)
        }
        _ => Ok(()),
    })?;
    let label = packet.flow_info & FLOW_LABEL_MASK;
    let owned = label == 0 || context.facts.flow_labels.contains(&label);
    match labelled {
        Some(offset) if has_labels && !owned => Err(Reason::FlowLabel.at(offset)),
        _ => Ok(()),
    }
}

impl Packet {
    /// Checks a message of `SOL_IPV6`, and notes what it sets.
    fn add(&mut self, context: &Context<'_>, raw: &Raw<'_>) -> Result<(), Reason> {
        find_rule(RULES, context, raw)?.check(raw)?;
        if IPV6_PKTINFO.is(raw) || IPV6_2292PKTINFO.is(raw) {
            self.set_source(context, raw)?;
        } else if IPV6_FLOWINFO.is(raw) {
            self.set_flow_info(raw)?;
        } else if IPV6_HOPLIMIT.is(raw) || IPV6_2292HOPLIMIT.is(raw) {
            check_hop_limit(context, raw)?;
        } else if IPV6_HOPOPTS.is(raw) || IPV6_2292HOPOPTS.is(raw) {
            ensure(!self.hop_options, Reason::Twice)?;
            check_options(context, raw)?;
            self.hop_options = true;
        } else if IPV6_DSTOPTS.is(raw) || IPV6_2292DSTOPTS.is(raw) {
            check_options(context, raw)?;
            // A second IPV6_DSTOPTS replaces the first.
            let replaces = IPV6_DSTOPTS.is(raw);
            ensure(replaces || !self.destination_options, Reason::Twice)?;
            self.destination_options = true;
        } else if IPV6_RTHDRDSTOPTS.is(raw) {
            check_options(context, raw)?;
        } else if IPV6_RTHDR.is(raw) {
            check_routing_header(context, raw)?;
        } else if IPV6_2292RTHDR.is(raw) {
            check_routing_header(context, raw)?;
            // The kernel moves the destination options in front of the routing header.
            self.destination_options = false;
        }
        Ok(())
    }

    fn set_source(&mut self, context: &Context<'_>, raw: &Raw<'_>) -> Result<(), Reason> {
        let (info, _) = In6Pktinfo::read_from_prefix(raw.data).map_err(|_| Reason::Length)?;
        if info.ipi6_ifindex != 0 {
            ensure(
                self.interface == 0 || self.interface == info.ipi6_ifindex,
                Reason::OtherInterface,
            )?;
            self.interface = info.ipi6_ifindex;
        }
        let address = Ipv6Addr::from(info.ipi6_addr);
        if self.interface == 0 {
            ensure(!is_link_local(address), Reason::NoScope)?;
        } else {
            let exists = context.facts.interfaces.contains(&self.interface);
            ensure(exists, Reason::NoInterface)?;
        }
        ensure(
            address.is_unspecified() || context.facts.sources.contains(&info.ipi6_addr),
            Reason::Source,
        )
    }

    /// The kernel stores all but the upper four bits, which are the IP version. It compares those
    /// bits nevertheless if an earlier message has set something.
    fn set_flow_info(&mut self, raw: &Raw<'_>) -> Result<(), Reason> {
        const FLOWINFO_MASK: u32 = 0x0fff_ffff;
        let (word, _) = Be32::read_from_prefix(raw.data).map_err(|_| Reason::Length)?;
        let version = word.get() & !FLOWINFO_MASK;
        ensure(self.flow_info == 0 || version == 0, Reason::Value)?;
        self.flow_info = word.get() & FLOWINFO_MASK;
        Ok(())
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
    let limit = int(raw)?;
    let is_short = context.is_at_least(Release(4, 9));
    let limit = if is_short {
        i32::from(limit as i16)
    } else {
        limit
    };
    ensure((-1..=255).contains(&limit), Reason::Value)
}

/// Checks that the payload holds a whole extension header. `hdrlen` is its length in units of 8
/// bytes, not counting the first.
fn check_header_length(raw: &Raw<'_>, hdrlen: u8) -> Result<(), Reason> {
    let len = usize::from(hdrlen).saturating_add(1).saturating_mul(8);
    ensure(raw.data.len() >= len, Reason::Length)
}

fn check_options(context: &Context<'_>, raw: &Raw<'_>) -> Result<(), Reason> {
    let (header, _) = Ipv6OptHdr::read_from_prefix(raw.data).map_err(|_| Reason::Length)?;
    check_header_length(raw, header.hdrlen)?;
    context.ensure_capable(Capabilities::CAP_NET_RAW)
}

/// The kernel sends only the routing header of mobile IPv6: type 2, with one address.
fn check_routing_header(context: &Context<'_>, raw: &Raw<'_>) -> Result<(), Reason> {
    let (header, _) = Ipv6RtHdr::read_from_prefix(raw.data).map_err(|_| Reason::Length)?;
    let is_mobile = header.r#type == 2 && header.hdrlen == 2 && header.segments_left == 1;
    ensure(is_mobile && context.facts.mip6, Reason::RoutingHeader)?;
    check_header_length(raw, header.hdrlen)
}

#[cfg(test)]
mod tests {
    use crate::addr::{AF_INET6, In6Addr};
    use crate::arch::SOCK_DGRAM;
    use crate::payload::In6Pktinfo;
    use crate::space_of;
    use crate::verdict::{Facts, Reason, Socket, check_control};
    use crate::{IPV6_PKTINFO, Writer};

    #[test]
    fn link_local_sources_need_an_interface() {
        let socket = Socket::new(AF_INET6.into(), SOCK_DGRAM, 0);
        let refusal = |first, second, ipi6_ifindex| {
            let mut octets = [0; 16];
            (octets[0], octets[1]) = (first, second);
            let ipi6_addr = In6Addr { octets };
            let mut buffer = [0; space_of::<IPV6_PKTINFO>()];
            let mut writer = Writer::new(&mut buffer);
            let info = In6Pktinfo {
                ipi6_addr,
                ipi6_ifindex,
            };
            writer.put(IPV6_PKTINFO, info).unwrap();
            let verdict = check_control(&socket, &Facts::FAVOURABLE, writer.finish().as_bytes());
            verdict.err().map(|refusal| refusal.reason)
        };
        assert_eq!(refusal(0xfe, 0x80, 0), Some(Reason::NoScope));
        assert_eq!(refusal(0xff, 0x12, 0), Some(Reason::NoScope));
        assert_eq!(refusal(0xff, 0x05, 0), None);
        assert_eq!(refusal(0xfe, 0x80, 1), None);
    }
}
