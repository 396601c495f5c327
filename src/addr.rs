//! Socket addresses as the kernel lays them out.
#![forbid(unsafe_code)]

use crate::payload::{Be16, Be32, In6Addr, InAddr, Out, Show};
use core::fmt;
use core::net::{SocketAddrV4, SocketAddrV6};
use zerocopy::{FromBytes, Immutable, IntoBytes, KnownLayout};

/// Internet protocol version 4.
pub const AF_INET: u16 = 2;
/// Internet protocol version 6.
pub const AF_INET6: u16 = 10;

/// Netlink.
pub(crate) const AF_NETLINK: u16 = 16;
/// Bluetooth.
pub const AF_BLUETOOTH: u16 = 31;
/// Modular ISDN.
pub const AF_ISDN: u16 = 34;
/// Low-rate wireless networks.
pub const AF_IEEE802154: u16 = 36;

/// `struct sockaddr_in`: `ip(7)`. Eight of its sixteen bytes matter; the others are zero.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, FromBytes, IntoBytes, KnownLayout, Immutable)]
#[repr(C)]
pub struct SockaddrIn {
    /// `AF_INET`.
    pub sin_family: u16,
    /// Port.
    pub sin_port: Be16,
    /// Address.
    pub sin_addr: InAddr,
    /// Zero.
    pub sin_zero: [u8; 8],
}

/// `struct sockaddr_in6`: `ipv6(7)`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, FromBytes, IntoBytes, KnownLayout, Immutable)]
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
    /// Interface, for link-local addresses.
    pub sin6_scope_id: u32,
}

const _: () = assert!(size_of::<SockaddrIn>() == 16);
const _: () = assert!(size_of::<SockaddrIn6>() == 28);
const _: () = assert!(core::mem::offset_of!(SockaddrIn6, sin6_scope_id) == 24);

impl SockaddrIn {
    /// The bytes, for [`MsgHdr::name`](crate::MsgHdr::name).
    pub fn as_bytes(&self) -> &[u8] {
        IntoBytes::as_bytes(self)
    }
}

impl SockaddrIn6 {
    /// The bytes, for [`MsgHdr::name`](crate::MsgHdr::name).
    pub fn as_bytes(&self) -> &[u8] {
        IntoBytes::as_bytes(self)
    }
}

impl From<SocketAddrV4> for SockaddrIn {
    fn from(addr: SocketAddrV4) -> Self {
        let (sin_port, sin_addr) = (Be16::new(addr.port()), (*addr.ip()).into());
        Self { sin_family: AF_INET, sin_port, sin_addr, sin_zero: [0; 8] }
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
        Self::new(addr.sin6_addr.into(), addr.sin6_port.get(), addr.sin6_flowinfo.get(), addr.sin6_scope_id)
    }
}

/// An address that is not of the family that its place is for.
#[inline(never)]
fn other(out: &mut Out<'_>, family: u16, bytes: &[u8]) -> fmt::Result {
    out.text("{sa_family=")?;
    match family {
        0 => out.text("AF_UNSPEC")?,
        AF_INET => out.text("AF_INET")?,
        AF_INET6 => out.text("AF_INET6")?,
        _ => {
            out.hex(family.into())?;
            out.text(" /* AF_??? */")?;
        }
    }
    out.text(", sa_data=")?;
    bytes.get(size_of::<u16>()..).unwrap_or_default().show(out)?;
    out.text("}")
}

impl Show for SockaddrIn {
    #[inline(never)]
    fn show(&self, out: &mut Out<'_>) -> fmt::Result {
        if self.sin_family != AF_INET {
            return other(out, self.sin_family, self.as_bytes());
        }
        out.text("{sa_family=AF_INET, sin_port=")?;
        self.sin_port.show(out)?;
        out.text(", sin_addr=")?;
        self.sin_addr.show(out)?;
        out.text("}")
    }
}

impl Show for SockaddrIn6 {
    #[inline(never)]
    fn show(&self, out: &mut Out<'_>) -> fmt::Result {
        if self.sin6_family != AF_INET6 {
            return other(out, self.sin6_family, self.as_bytes());
        }
        out.text("{sa_family=AF_INET6, sin6_port=")?;
        self.sin6_port.show(out)?;
        out.text(", sin6_flowinfo=")?;
        self.sin6_flowinfo.show(out)?;
        out.text(", ")?;
        self.sin6_addr.show_into(out, ", &sin6_addr")?;
        out.text(", sin6_scope_id=")?;
        self.sin6_scope_id.show(out)?;
        out.text("}")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_go_both_ways() {
        let v4: SocketAddrV4 = "127.0.0.1:4242".parse().unwrap();
        let raw = SockaddrIn::from(v4);
        assert_eq!(raw.as_bytes()[2..8], [0x10, 0x92, 127, 0, 0, 1]);
        assert_eq!(SocketAddrV4::from(raw), v4);
        let v6: SocketAddrV6 = "[fe80::1%3]:80".parse().unwrap();
        assert_eq!(SocketAddrV6::from(SockaddrIn6::from(v6)), v6);
    }
}
