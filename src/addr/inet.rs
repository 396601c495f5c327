// SPDX-License-Identifier: MIT OR Apache-2.0
//! `ip(7)` and `ipv6(7)`: kernel `include/uapi/linux/in.h` and `in6.h`.
#![forbid(unsafe_code)]

use super::{AF_INET, AF_INET6, AF_UNSPEC, family_of, impl_as_bytes, show_as_bytes};
use super::{Be16, Be32, In6Addr, InAddr};
use crate::show::{Printer, Show};
use core::fmt;
use core::net::{SocketAddrV4, SocketAddrV6};
use zerocopy::{FromBytes, Immutable, IntoBytes};

/// `struct sockaddr_in`: `ip(7)`. The kernel requires all 16 bytes, and ignores the last eight.
///
/// ```
/// use ancil::addr::SockaddrIn;
/// use core::net::SocketAddrV4;
///
/// let addr = SockaddrIn::from("127.0.0.1:53".parse::<SocketAddrV4>()?);
/// assert_eq!((addr.sin_port.get(), addr.as_bytes().len()), (53, 16)); // for MsgHdr::name
/// # Ok::<(), core::net::AddrParseError>(())
/// ```
#[doc(alias = "sockaddr_in")]
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, FromBytes, IntoBytes, Immutable)]
#[repr(C)]
pub struct SockaddrIn {
    /// `AF_INET`.
    pub sin_family: u16,
    /// Port.
    pub sin_port: Be16,
    /// Address.
    pub sin_addr: InAddr,
    /// Padding, zero.
    pub sin_zero: [u8; 8],
}

/// `struct sockaddr_in6`: `ipv6(7)`. The kernel requires 24 bytes, without `sin6_scope_id`, which
/// is then 0.
///
/// ```
/// use ancil::addr::SockaddrIn6;
/// use core::net::SocketAddrV6;
///
/// let addr = SockaddrIn6::from("[::1]:53".parse::<SocketAddrV6>()?);
/// assert_eq!((addr.sin6_port.get(), addr.as_bytes().len()), (53, 28)); // for MsgHdr::name
/// # Ok::<(), core::net::AddrParseError>(())
/// ```
#[doc(alias = "sockaddr_in6")]
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, FromBytes, IntoBytes, Immutable)]
#[repr(C)]
pub struct SockaddrIn6 {
    /// `AF_INET6`.
    pub sin6_family: u16,
    /// Port.
    pub sin6_port: Be16,
    /// Traffic class and flow label.
    pub sin6_flowinfo: Be32,
    /// Address.
    pub sin6_addr: In6Addr,
    /// Index of the interface, for link-local addresses.
    pub sin6_scope_id: u32,
}

const _: () = assert!(size_of::<SockaddrIn>() == 16);
const _: () = assert!(size_of::<SockaddrIn6>() == 28);
const _: () = assert!(core::mem::offset_of!(SockaddrIn6, sin6_scope_id) == 24);

/// Length of `struct sockaddr_in6` without `sin6_scope_id`, which RFC 2133 does not have. The
/// kernel still accepts it; this is its name there.
pub(crate) const SIN6_LEN_RFC2133: usize = 24;

impl_as_bytes!(SockaddrIn, SockaddrIn6);

impl From<SocketAddrV4> for SockaddrIn {
    fn from(addr: SocketAddrV4) -> Self {
        Self {
            sin_family: AF_INET,
            sin_port: Be16::new(addr.port()),
            sin_addr: (*addr.ip()).into(),
            sin_zero: [0; 8],
        }
    }
}

impl From<SockaddrIn> for SocketAddrV4 {
    fn from(addr: SockaddrIn) -> Self {
        Self::new(addr.sin_addr.into(), addr.sin_port.get())
    }
}

impl From<SocketAddrV6> for SockaddrIn6 {
    fn from(addr: SocketAddrV6) -> Self {
        Self {
            sin6_family: AF_INET6,
            sin6_port: Be16::new(addr.port()),
            sin6_flowinfo: Be32::new(addr.flowinfo()),
            sin6_addr: (*addr.ip()).into(),
            sin6_scope_id: addr.scope_id(),
        }
    }
}

impl From<SockaddrIn6> for SocketAddrV6 {
    fn from(addr: SockaddrIn6) -> Self {
        Self::new(
            addr.sin6_addr.into(),
            addr.sin6_port.get(),
            addr.sin6_flowinfo.get(),
            addr.sin6_scope_id,
        )
    }
}

/// Prints an address that is cut off, or of a family that its struct is not for. Only the families
/// that occur in an internet address have a name here: the C library prints these structs, and
/// would grow by the names of all families.
#[inline(never)]
pub(crate) fn show_inet_family(out: &mut impl Printer, bytes: &[u8]) -> fmt::Result {
    let name = match family_of(bytes) {
        AF_UNSPEC => Some("AF_UNSPEC"),
        AF_INET => Some("AF_INET"),
        AF_INET6 => Some("AF_INET6"),
        _ => None,
    };
    show_as_bytes(out, name, bytes)
}

impl Show for SockaddrIn {
    fn show(&self, out: &mut impl Printer) -> fmt::Result {
        if self.sin_family != AF_INET {
            return show_inet_family(out, self.as_bytes());
        }
        out.write_str("{sa_family=AF_INET, sin_port=")?;
        self.sin_port.show(out)?;
        out.write_str(", sin_addr=")?;
        self.sin_addr.show(out)?;
        out.ascii(b'}')
    }
}

impl Show for SockaddrIn6 {
    fn show(&self, out: &mut impl Printer) -> fmt::Result {
        if self.sin6_family != AF_INET6 {
            return show_inet_family(out, self.as_bytes());
        }
        out.write_str("{sa_family=AF_INET6, sin6_port=")?;
        self.sin6_port.show(out)?;
        out.write_str(", sin6_flowinfo=")?;
        self.sin6_flowinfo.show(out)?;
        out.write_str(", ")?;
        self.sin6_addr.show_inet_pton(out, ", &sin6_addr")?;
        out.write_str(", sin6_scope_id=")?;
        self.sin6_scope_id.show(out)?;
        out.ascii(b'}')
    }
}

displayed!(SockaddrIn, SockaddrIn6);

#[cfg(test)]
mod tests {
    use super::*;
    use std::string::ToString;

    #[test]
    fn addresses_convert_both_ways() {
        let v4: SocketAddrV4 = "127.0.0.1:4242".parse().unwrap();
        let raw = SockaddrIn::from(v4);
        assert_eq!(raw.as_bytes()[2..8], [0x10, 0x92, 127, 0, 0, 1]);
        assert_eq!(SocketAddrV4::from(raw), v4);
        let v6: SocketAddrV6 = "[fe80::1%3]:80".parse().unwrap();
        assert_eq!(SocketAddrV6::from(SockaddrIn6::from(v6)), v6);
    }

    #[test]
    fn every_field_is_shown() {
        let v4 = SockaddrIn::from(SocketAddrV4::new([192, 0, 2, 1].into(), 53));
        let shown = r#"{sa_family=AF_INET, sin_port=htons(53), sin_addr=inet_addr("192.0.2.1")}"#;
        assert_eq!(v4.to_string(), shown);
        let v6 = SockaddrIn6::from(SocketAddrV6::new(
            [0x2001, 0xdb8, 0, 0, 0, 0, 0, 7].into(),
            80,
            5,
            3,
        ));
        let shown = "{sa_family=AF_INET6, sin6_port=htons(80), sin6_flowinfo=htonl(5), \
                     inet_pton(AF_INET6, \"2001:db8::7\", &sin6_addr), sin6_scope_id=3}";
        assert_eq!(v6.to_string(), shown);
    }
}
