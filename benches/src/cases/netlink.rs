//! A dump of 32 links, with the attributes that the kernel sends of a VLAN.

use crate::job::{Case, FAILED, job};
use ancil::netlink::{Attributes, Body, Error, Nlmsghdr, Reader, WriteError, Writer};
use libc::*;
use netlink_packet_core::{NetlinkMessage, NetlinkPayload};
use netlink_packet_route::RouteNetlinkMessage;
use netlink_packet_route::link::{
    AfSpecUnspec, InfoData, LinkAttribute, LinkInfo, LinkMessage as Link,
};

const LINKS: u32 = 32;
const INFO_KIND: u16 = 1;
const INFO_DATA: u16 = 2;

/// `struct ifinfomsg` without its names.
type Ifinfomsg = [u32; 4];

unsafe extern "C" {
    fn c_links_macros(datagram: *const u8, size: usize) -> u64;
    fn c_links_mnl(datagram: *const u8, size: usize) -> u64;
    fn c_links_ancil(datagram: *const u8, size: usize) -> u64;
}
type InC = unsafe extern "C" fn(*const u8, usize) -> u64;

pub fn cases() -> Vec<Case> {
    let dump = dump();
    // SAFETY: C reads so many bytes, which are aligned.
    let in_c = |f: InC| move |dump: &[u8]| unsafe { f(dump.as_ptr(), dump.len()) };
    let macros = "the kernel's macros in C";
    let quiet = "checks lengths; a malformed header ends the walk without an error";
    let jobs = vec![
        job(
            "ancil",
            "checks lengths; says what is malformed",
            dump,
            |dump| links(dump).unwrap_or(FAILED),
        )
        .goal(1.2, macros),
        job(macros, quiet, dump, in_c(c_links_macros)),
        job("libmnl", quiet, dump, in_c(c_links_mnl)),
        job(
            "libancil",
            "checks lengths; says that something is malformed",
            dump,
            in_c(c_links_ancil),
        ),
        job(
            "netlink-packet-route",
            "decodes and allocates every attribute",
            dump,
            links_owned,
        ),
    ];
    vec![Case::new("Netlink: 32 links with nested attributes", jobs)]
}

fn dump() -> &'static [u8] {
    // Words, so that it is aligned.
    let words = Vec::leak(vec![0u32; 16 << 10]);
    let mut writer = Writer::new(ancil::zerocopy::IntoBytes::as_mut_bytes(words));
    for index in 1..=LINKS {
        let header = Nlmsghdr::new(RTM_NEWLINK, NLM_F_MULTI as u16, 1);
        writer
            .message(header, |m| link(m, index))
            .expect("the links fit");
    }
    writer.finish()
}

/// Writes one link. Values matter only where netlink-packet-route does not accept any.
fn link(m: &mut Body<'_>, index: u32) -> Result<(), WriteError> {
    let ifinfo: Ifinfomsg = [1 << 16, index, 0x11043, 0];
    m.put(&ifinfo)?;
    m.attribute(IFLA_IFNAME, format!("vlan{index}\0").as_bytes())?;
    let words = [
        IFLA_TXQLEN,
        IFLA_MTU,
        IFLA_MIN_MTU,
        IFLA_MAX_MTU,
        IFLA_GROUP,
        IFLA_PROMISCUITY,
        IFLA_NUM_TX_QUEUES,
        IFLA_GSO_MAX_SEGS,
        IFLA_GSO_MAX_SIZE,
        IFLA_NUM_RX_QUEUES,
        IFLA_LINK,
        IFLA_CARRIER_CHANGES,
        IFLA_CARRIER_UP_COUNT,
        IFLA_CARRIER_DOWN_COUNT,
    ];
    words
        .into_iter()
        .try_for_each(|ty| m.attribute(ty, &1400u32))?;
    let bytes = [IFLA_OPERSTATE, IFLA_LINKMODE, IFLA_CARRIER, IFLA_PROTO_DOWN];
    bytes.into_iter().try_for_each(|ty| m.attribute(ty, &1u8))?;
    m.attribute(IFLA_QDISC, c"noqueue".to_bytes_with_nul())?;
    m.attribute(IFLA_MAP, &[0u32; 8])?;
    m.attribute(IFLA_ADDRESS, &[2u8, 0, 0, 0, 0, 1])?;
    m.attribute(IFLA_BROADCAST, &[255u8; 6])?;
    m.attribute(IFLA_STATS64, &[0u64; 25])?;
    m.attribute(IFLA_STATS, &[0u32; 24])?;
    m.nest(IFLA_LINKINFO, |info| {
        info.attribute(INFO_KIND, c"vlan".to_bytes_with_nul())?;
        info.nest(INFO_DATA, |data| {
            data.attribute(5, &0x8100u16.to_be())?; // IFLA_VLAN_PROTOCOL
            data.attribute(1, &7u16)?; // IFLA_VLAN_ID
            data.attribute(2, &[1u32, u32::MAX]) // IFLA_VLAN_FLAGS
        })
    })?;
    m.nest(IFLA_AF_SPEC, |spec| {
        spec.nest(AF_INET as u16, |inet| inet.attribute(1, &[0u32; 33]))?;
        spec.nest(AF_INET6 as u16, |inet6| {
            inet6.attribute(1, &0x8000_0000u32)?; // IFLA_INET6_FLAGS
            inet6.attribute(5, &[1u32; 4])?; // IFLA_INET6_CACHEINFO
            inet6.attribute(2, &[0u32; 60])?; // IFLA_INET6_CONF
            inet6.attribute(3, &[0u64; 38])?; // IFLA_INET6_STATS
            inet6.attribute(6, &[0u64; 7])?; // IFLA_INET6_ICMP6STATS
            inet6.attribute(7, &[0u8; 16])?; // IFLA_INET6_TOKEN
            inet6.attribute(8, &0u8) // IFLA_INET6_ADDR_GEN_MODE
        })
    })
}

/// Where attributes are.
#[derive(Clone, Copy, PartialEq)]
enum Level {
    Top,
    Info,
    Spec,
    Leaves,
}

/// As in c/netlink.c: the number of attributes, the MTUs and the lengths of the names, added up.
#[inline(always)]
fn links(dump: &[u8]) -> Result<u64, Error> {
    let mut sum = 0;
    for message in Reader::new(dump) {
        let message = message?;
        if message.header.nlmsg_type == RTM_NEWLINK {
            let (_, attributes) = message.split::<Ifinfomsg>()?;
            visit(Level::Top, attributes, &mut sum)?;
        }
    }
    Ok(sum)
}

fn visit(level: Level, attributes: Attributes<'_>, sum: &mut u64) -> Result<(), Error> {
    for attribute in attributes {
        let attribute = attribute?;
        *sum += 1;
        let nest = match (level, attribute.ty()) {
            (Level::Top, IFLA_MTU) => {
                *sum += u64::from(attribute.u32()?);
                continue;
            }
            (Level::Top, IFLA_IFNAME) => {
                *sum += attribute.string().len() as u64;
                continue;
            }
            (Level::Top, IFLA_LINKINFO) => Level::Info,
            (Level::Top, IFLA_AF_SPEC) => Level::Spec,
            (Level::Info, INFO_DATA) | (Level::Spec, _) => Level::Leaves,
            _ => continue,
        };
        visit(nest, attribute.nested(), sum)?;
    }
    Ok(())
}

fn links_owned(mut dump: &[u8]) -> u64 {
    let mut sum = 0;
    while !dump.is_empty() {
        let Ok(message) = NetlinkMessage::<RouteNetlinkMessage>::deserialize(dump) else {
            return FAILED;
        };
        dump = &dump[message.header.length as usize..];
        if let NetlinkPayload::InnerMessage(RouteNetlinkMessage::NewLink(link)) = message.payload {
            sum += count(&link);
        }
    }
    sum
}

fn count(link: &Link) -> u64 {
    let nested = |attribute: &LinkAttribute| match attribute {
        LinkAttribute::Mtu(mtu) => u64::from(*mtu),
        LinkAttribute::IfName(name) => name.len() as u64,
        LinkAttribute::LinkInfo(info) => {
            let inner = info.iter().map(|info| match info {
                LinkInfo::Data(InfoData::Vlan(data)) => 1 + data.len() as u64,
                _ => 1,
            });
            inner.sum()
        }
        LinkAttribute::AfSpecUnspec(spec) => {
            let inner = spec.iter().map(|spec| match spec {
                AfSpecUnspec::Inet(inet) => 1 + inet.len() as u64,
                AfSpecUnspec::Inet6(inet6) => 1 + inet6.len() as u64,
                _ => 1,
            });
            inner.sum()
        }
        _ => 0,
    };
    link.attributes
        .iter()
        .map(|attribute| 1 + nested(attribute))
        .sum()
}
