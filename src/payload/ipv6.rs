// SPDX-License-Identifier: MIT OR Apache-2.0
//! `SOL_IPV6`: `ipv6(7)`, RFC 3542, kernel `include/uapi/linux/in6.h` and `ipv6.h`.
#![forbid(unsafe_code)]

use crate::addr::{In6Addr, SockaddrIn6};
use core::mem::offset_of;
use core::net::Ipv6Addr;
use zerocopy::{FromBytes, Immutable, IntoBytes};

/// `struct in6_pktinfo`: where a packet arrived, or where it is to leave. Carried by
/// `IPV6_PKTINFO` and `IPV6_2292PKTINFO`. On send, the kernel chooses what is 0.
///
/// ```
/// use ancil::payload::In6Pktinfo;
/// use core::net::Ipv6Addr;
///
/// let answer = In6Pktinfo::from_source(Ipv6Addr::LOCALHOST); // put(IPV6_PKTINFO, answer)
/// assert_eq!((answer.ipi6_addr.octets[15], answer.ipi6_ifindex), (1, 0));
/// assert_eq!(In6Pktinfo::on_interface(2).ipi6_ifindex, 2);
/// ```
#[doc(alias = "in6_pktinfo")]
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, FromBytes, IntoBytes, Immutable)]
#[repr(C)]
pub struct In6Pktinfo {
    /// Destination address on receive, source address on send.
    pub ipi6_addr: In6Addr,
    /// Index of the interface.
    pub ipi6_ifindex: u32,
}

const _: () = assert!(size_of::<In6Pktinfo>() == 20);
const _: () = assert!(offset_of!(In6Pktinfo, ipi6_ifindex) == 16);

shown!(In6Pktinfo {
    ipi6_addr,
    ipi6_ifindex
});

impl In6Pktinfo {
    /// Sends from this address, by the interface that the kernel chooses. For a link-local address
    /// (`fe80::/10`), set `ipi6_ifindex`, too: the kernel refuses such an address with EINVAL,
    /// unless the scope of the destination names the interface.
    #[inline]
    pub fn from_source(source: Ipv6Addr) -> Self {
        Self {
            ipi6_addr: source.into(),
            ..Self::default()
        }
    }

    /// Sends by this interface, from the address that the kernel chooses.
    #[inline]
    pub fn on_interface(index: u32) -> Self {
        Self {
            ipi6_ifindex: index,
            ..Self::default()
        }
    }
}

/// `struct ip6_mtuinfo`: a destination and the MTU of the path to it. Carried by `IPV6_PATHMTU`.
///
/// ```
/// use ancil::{Payload, payload::Ip6Mtuinfo};
/// let info = Ip6Mtuinfo::decode(&[0; 32])?; // what IPV6_PATHMTU carries
/// assert_eq!(info.ip6m_mtu, 0);
/// # Ok::<(), ancil::PayloadError>(())
/// ```
#[doc(alias = "ip6_mtuinfo")]
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, FromBytes, IntoBytes, Immutable)]
#[repr(C)]
pub struct Ip6Mtuinfo {
    /// Destination of the path.
    pub ip6m_addr: SockaddrIn6,
    /// Largest packet that the path takes, in bytes.
    pub ip6m_mtu: u32,
}

const _: () = assert!(size_of::<Ip6Mtuinfo>() == 32);
const _: () = assert!(offset_of!(Ip6Mtuinfo, ip6m_mtu) == 28);

shown!(Ip6Mtuinfo {
    ip6m_addr,
    ip6m_mtu
});

/// `struct ipv6_opt_hdr`: the start of the payload of `IPV6_HOPOPTS`, `IPV6_DSTOPTS` and
/// `IPV6_RTHDRDSTOPTS`. Options follow; the payload has `(hdrlen + 1) * 8` bytes in all.
///
/// ```
/// use ancil::payload::Ipv6OptHdr;
/// let header = Ipv6OptHdr { nexthdr: 0, hdrlen: 1 };
/// assert_eq!((usize::from(header.hdrlen) + 1) * 8, 16); // bytes of the whole header
/// ```
#[doc(alias = "ipv6_opt_hdr")]
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, FromBytes, IntoBytes, Immutable)]
#[repr(C)]
pub struct Ipv6OptHdr {
    /// Protocol of the next header: `IPPROTO_*`.
    pub nexthdr: u8,
    /// Length in units of 8 bytes, not counting the first unit.
    pub hdrlen: u8,
}

const _: () = assert!(size_of::<Ipv6OptHdr>() == 2);

shown!(Ipv6OptHdr { nexthdr, hdrlen });

/// `struct ipv6_rt_hdr`: the start of the payload of `IPV6_RTHDR`. Data that depend on `type`
/// follow; the payload has `(hdrlen + 1) * 8` bytes in all.
///
/// ```
/// use ancil::exthdr::RoutingHeader;
/// use ancil::payload::Ipv6RtHdr;
/// let header: Ipv6RtHdr = RoutingHeader::parse(&[0, 0, 253, 1, 0, 0, 0, 0])?.header;
/// assert_eq!((header.r#type, header.segments_left), (253, 1));
/// # Ok::<(), ancil::exthdr::Malformed>(())
/// ```
#[doc(alias = "ipv6_rt_hdr")]
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, FromBytes, IntoBytes, Immutable)]
#[repr(C)]
pub struct Ipv6RtHdr {
    /// Protocol of the next header: `IPPROTO_*`.
    pub nexthdr: u8,
    /// Length in units of 8 bytes, not counting the first unit.
    pub hdrlen: u8,
    /// Type of the routing header: `IPV6_SRCRT_TYPE_*`.
    pub r#type: u8,
    /// Number of listed nodes that the packet has yet to visit.
    pub segments_left: u8,
}

const _: () = assert!(size_of::<Ipv6RtHdr>() == 4);
const _: () = assert!(offset_of!(Ipv6RtHdr, segments_left) == 3);

shown!(Ipv6RtHdr {
    nexthdr,
    hdrlen,
    r#type,
    segments_left
});

#[cfg(test)]
mod tests {
    use super::*;
    use crate::show::Show;
    use std::format;
    use std::string::{String, ToString};

    #[test]
    fn addresses_print_in_the_form_of_strace() {
        let info = In6Pktinfo {
            ipi6_addr: Ipv6Addr::LOCALHOST.into(),
            ipi6_ifindex: 1,
        };
        let shown = r#"{ipi6_addr=inet_pton(AF_INET6, "::1"), ipi6_ifindex=1}"#;
        assert_eq!(info.to_string(), shown);
    }

    #[test]
    fn the_first_longest_run_of_zeros_is_left_out() {
        let texts = [
            "::",
            "::1",
            "1::",
            "1:2:3:4:5:6:7:8",
            "1:0:2:3:4:5:6:7",
            "1:0:0:2::3",
            "1::2:0:0:3:4",
            "::ffff:1.2.3.4",
            "fe80::ff:fe00:1",
            "0:2:3:4:5:6:7:8",
            "1:2:3:4:5:6:7:0",
            "1:2:3:4:5:6::",
            "::1.2.3.4",
            "::ffff:0:1:2",
        ];
        for text in texts {
            let addr = In6Addr::from(text.parse::<Ipv6Addr>().unwrap());
            let mut shown = String::new();
            addr.show(&mut shown).unwrap();
            assert_eq!(shown, format!("inet_pton(AF_INET6, \"{addr}\")"));
            assert_eq!(addr.to_string(), text);
        }
    }
}
