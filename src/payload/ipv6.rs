//! `SOL_IPV6`: `ipv6(7)`, RFC 3542, kernel `include/uapi/linux/in6.h` and `ipv6.h`.
#![forbid(unsafe_code)]

use crate::addr::In6Addr;
use crate::addr::SockaddrIn6;
use core::mem::offset_of;
use zerocopy::{FromBytes, Immutable, IntoBytes, KnownLayout};

/// `struct in6_pktinfo`: where a packet arrived, or where it is to leave. Carried by `IPV6_PKTINFO`.
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, FromBytes, IntoBytes, KnownLayout, Immutable,
)]
#[repr(C)]
pub struct In6Pktinfo {
    /// On receive, the destination address; on send, the source address.
    pub ipi6_addr: In6Addr,
    /// Interface; 0 on send leaves the choice to the routing table.
    pub ipi6_ifindex: u32,
}

/// `struct ip6_mtuinfo`: a path and the largest packet that it takes. Carried by `IPV6_PATHMTU`.
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, FromBytes, IntoBytes, KnownLayout, Immutable,
)]
#[repr(C)]
pub struct Ip6Mtuinfo {
    /// Destination.
    pub ip6m_addr: SockaddrIn6,
    /// Bytes of the largest packet.
    pub ip6m_mtu: u32,
}

/// `struct ipv6_opt_hdr`: the start of `IPV6_HOPOPTS` and `IPV6_DSTOPTS`; options follow, `(hdrlen + 1) * 8` bytes in
/// all.
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, FromBytes, IntoBytes, KnownLayout, Immutable,
)]
#[repr(C)]
pub struct Ipv6OptHdr {
    /// Protocol of the header behind.
    pub nexthdr: u8,
    /// Length in units of 8 bytes, less one.
    pub hdrlen: u8,
}

/// `struct ipv6_rt_hdr`: the start of `IPV6_RTHDR`; data of its type follow, `(hdrlen + 1) * 8` bytes in all.
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, FromBytes, IntoBytes, KnownLayout, Immutable,
)]
#[repr(C)]
pub struct Ipv6RtHdr {
    /// Protocol of the header behind.
    pub nexthdr: u8,
    /// Length in units of 8 bytes, less one.
    pub hdrlen: u8,
    /// Kind of routing header.
    pub r#type: u8,
    /// Nodes still to visit.
    pub segments_left: u8,
}

const _: () = assert!(size_of::<Ip6Mtuinfo>() == 32 && offset_of!(Ip6Mtuinfo, ip6m_mtu) == 28);
const _: () = assert!(size_of::<Ipv6OptHdr>() == 2 && size_of::<Ipv6RtHdr>() == 4);
const _: () = assert!(size_of::<In6Pktinfo>() == 20);
const _: () = assert!(offset_of!(In6Pktinfo, ipi6_ifindex) == 16);

shown!(In6Pktinfo {
    ipi6_addr,
    ipi6_ifindex
});
shown!(Ip6Mtuinfo {
    ip6m_addr,
    ip6m_mtu
});
shown!(Ipv6OptHdr { nexthdr, hdrlen });
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
    use core::net::Ipv6Addr;
    use std::format;

    #[test]
    fn shown_as_an_address() {
        let info = In6Pktinfo {
            ipi6_addr: Ipv6Addr::LOCALHOST.into(),
            ipi6_ifindex: 1,
        };
        assert_eq!(
            format!("{info}"),
            "{ipi6_addr=inet_pton(AF_INET6, \"::1\"), ipi6_ifindex=1}"
        );
    }

    #[test]
    fn one_run_of_zeros_is_left_out() {
        let same = [
            "::",
            "::1",
            "1::",
            "1:2:3:4:5:6:7:8",
            "1:0:2:3:4:5:6:7",
            "1:0:0:2::3",
            "1::2:0:0:3:4",
            "::ffff:1.2.3.4",
        ];
        let more = [
            "fe80::ff:fe00:1",
            "::2:3:4:5:6:7:8",
            "1:2:3:4:5:6:7:0",
            "1:2:3:4:5:6::",
            "::1.2.3.4",
            "::ffff:0:1:2",
        ];
        for text in same.into_iter().chain(more) {
            let addr = In6Addr::from(text.parse::<Ipv6Addr>().unwrap());
            let text = text.replace("::2:3:4:5:6:7:8", "0:2:3:4:5:6:7:8");
            let mut shown = std::string::String::new();
            addr.show(&mut shown).unwrap();
            assert_eq!(shown, format!("inet_pton(AF_INET6, \"{text}\")"));
        }
    }
}
