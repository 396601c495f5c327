//! `SOL_IP`: `ip(7)`, kernel `include/uapi/linux/in.h`.
#![forbid(unsafe_code)]

use super::{Be32, Out, Show};
use crate::error::{Lengths, PayloadError};
use crate::key::{Bounded, Payload};
use core::fmt;
use core::net::Ipv4Addr;
use zerocopy::{FromBytes, Immutable, IntoBytes, KnownLayout};

/// `struct in_addr`: an IPv4 address.
#[derive(
    Clone, Copy, Default, PartialEq, Eq, Hash, FromBytes, IntoBytes, KnownLayout, Immutable,
)]
#[repr(C)]
pub struct InAddr {
    /// The address.
    pub s_addr: Be32,
}

/// `struct in_pktinfo`: where a packet arrived, or where it is to leave. Carried by `IP_PKTINFO`.
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, FromBytes, IntoBytes, KnownLayout, Immutable,
)]
#[repr(C)]
pub struct InPktinfo {
    /// Interface; 0 on send leaves the choice to the routing table.
    pub ipi_ifindex: i32,
    /// On receive, the local address of the packet; on send, the source address.
    pub ipi_spec_dst: InAddr,
    /// On receive, the destination in the packet's header; ignored on send.
    pub ipi_addr: InAddr,
}

/// Marks the type-of-service octet of `IP_TOS`: an `int` when sent, one byte when it arrives.
/// Decodes both into the `int`.
pub enum Tos {}

const _: () = assert!(size_of::<InPktinfo>() == 12);
const _: () = assert!(core::mem::offset_of!(InPktinfo, ipi_spec_dst) == 4);
const _: () = assert!(core::mem::offset_of!(InPktinfo, ipi_addr) == 8);

impl Payload for Tos {
    type Out<'a> = i32;

    fn decode(data: &[u8]) -> Result<i32, PayloadError> {
        match data {
            [octet] => Ok((*octet).into()),
            _ => i32::read_from_bytes(data).map_err(|_| PayloadError::Length(Lengths::OneOf(1, 4))),
        }
    }
}

impl Bounded for Tos {
    const MAX_LEN: usize = size_of::<i32>();
}

impl From<Ipv4Addr> for InAddr {
    fn from(addr: Ipv4Addr) -> Self {
        Self {
            s_addr: Be32::new(addr.to_bits()),
        }
    }
}

impl From<InAddr> for Ipv4Addr {
    fn from(addr: InAddr) -> Self {
        Self::from_bits(addr.s_addr.get())
    }
}

/// `127.0.0.1`.
#[inline(never)]
pub(super) fn dotted(out: &mut impl Out, octets: [u8; 4]) -> fmt::Result {
    let [first, rest @ ..] = octets;
    first.show(out)?;
    for octet in rest {
        out.ascii(b'.')?;
        octet.show(out)?;
    }
    Ok(())
}

impl Show for InAddr {
    fn show(&self, out: &mut impl Out) -> fmt::Result {
        out.write_str("inet_addr(\"")?;
        dotted(out, Ipv4Addr::from(*self).octets())?;
        out.write_str("\")")
    }
}

impl Show for InPktinfo {
    #[inline(never)]
    fn show(&self, out: &mut impl Out) -> fmt::Result {
        out.write_str("{ipi_ifindex=")?;
        (self.ipi_ifindex as u32).show(out)?; // as strace has it
        out.write_str(", ipi_spec_dst=")?;
        self.ipi_spec_dst.show(out)?;
        out.write_str(", ipi_addr=")?;
        self.ipi_addr.show(out)?;
        out.ascii(b'}')
    }
}

displayed!(InPktinfo);

/// As an address: `127.0.0.1`.
impl fmt::Debug for InAddr {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(&Ipv4Addr::from(*self), f)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::format;

    #[test]
    fn tos_is_one_byte_or_four() {
        assert_eq!(Tos::decode(&[0xb8]), Ok(0xb8));
        assert_eq!(Tos::decode(&0xb8i32.to_ne_bytes()), Ok(0xb8));
        assert_eq!(
            Tos::decode(&[0, 0]),
            Err(PayloadError::Length(Lengths::OneOf(1, 4)))
        );
    }

    #[test]
    fn an_address_is_four_octets_in_order() {
        let info = InPktinfo {
            ipi_ifindex: 1,
            ipi_spec_dst: Ipv4Addr::LOCALHOST.into(),
            ..InPktinfo::default()
        };
        assert_eq!(info.as_bytes()[4..8], [127, 0, 0, 1]);
        let shown = "{ipi_ifindex=1, ipi_spec_dst=inet_addr(\"127.0.0.1\"), ipi_addr=inet_addr(\"0.0.0.0\")}";
        assert_eq!(format!("{info}"), shown);
    }
}
