//! `SOL_IPV6`: `ipv6(7)`, RFC 3542, kernel `include/uapi/linux/in6.h` and `ipv6.h`.
#![forbid(unsafe_code)]

use core::fmt;
use core::net::Ipv6Addr;
use zerocopy::{FromBytes, Immutable, IntoBytes, KnownLayout};

/// `struct in6_addr`: an IPv6 address.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, FromBytes, IntoBytes, KnownLayout, Immutable)]
#[repr(C)]
pub struct In6Addr {
    /// The address, most significant byte first. `s6_addr` in C, where that name is a macro.
    pub octets: [u8; 16],
}

/// `struct in6_pktinfo`: where a packet arrived, or where it is to leave. Carried by `IPV6_PKTINFO`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, FromBytes, IntoBytes, KnownLayout, Immutable)]
#[repr(C)]
pub struct In6Pktinfo {
    /// On receive, the destination address; on send, the source address.
    pub ipi6_addr: In6Addr,
    /// Interface; 0 on send leaves the choice to the routing table.
    pub ipi6_ifindex: u32,
}

const _: () = assert!(size_of::<In6Pktinfo>() == 20);
const _: () = assert!(core::mem::offset_of!(In6Pktinfo, ipi6_ifindex) == 16);

impl From<Ipv6Addr> for In6Addr {
    fn from(addr: Ipv6Addr) -> Self {
        Self { octets: addr.octets() }
    }
}

impl From<In6Addr> for Ipv6Addr {
    fn from(addr: In6Addr) -> Self {
        Self::from(addr.octets)
    }
}

impl fmt::Display for In6Addr {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "inet_pton(AF_INET6, \"{}\")", Ipv6Addr::from(*self))
    }
}

impl fmt::Display for In6Pktinfo {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{{ipi6_addr={}, ipi6_ifindex={}}}", self.ipi6_addr, self.ipi6_ifindex)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::format;

    #[test]
    fn shown_as_an_address() {
        let info = In6Pktinfo { ipi6_addr: Ipv6Addr::LOCALHOST.into(), ipi6_ifindex: 1 };
        assert_eq!(format!("{info}"), "{ipi6_addr=inet_pton(AF_INET6, \"::1\"), ipi6_ifindex=1}");
    }
}
