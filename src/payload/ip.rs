// SPDX-License-Identifier: MIT OR Apache-2.0
//! `SOL_IP`: `ip(7)`, kernel `include/uapi/linux/in.h`.
#![forbid(unsafe_code)]

use super::either::decode_either;
use crate::addr::InAddr;
use crate::error::PayloadError;
use crate::show::{Printer, Show};
use crate::wire::payload::{Bounded, Payload};
use core::fmt;
use core::mem::offset_of;
use core::net::Ipv4Addr;
use zerocopy::{FromBytes, Immutable, IntoBytes};

/// `struct in_pktinfo`: where a packet arrived, or where it is to leave. Carried by `IP_PKTINFO`.
/// On send, the kernel chooses what is 0.
///
/// ```
/// use ancil::payload::InPktinfo;
///
/// let answer = InPktinfo::from_source([192, 0, 2, 1].into()); // put(IP_PKTINFO, answer)
/// assert_eq!((answer.ipi_spec_dst.to_string(), answer.ipi_ifindex), ("192.0.2.1".into(), 0));
/// assert_eq!(InPktinfo::on_interface(2).ipi_ifindex, 2);
/// ```
#[doc(alias = "in_pktinfo")]
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, FromBytes, IntoBytes, Immutable)]
#[repr(C)]
pub struct InPktinfo {
    /// Index of the interface.
    pub ipi_ifindex: i32,
    /// Local address on receive, source address on send.
    pub ipi_spec_dst: InAddr,
    /// Destination in the packet's header; ignored on send.
    pub ipi_addr: InAddr,
}

const _: () = assert!(size_of::<InPktinfo>() == 12);
const _: () = assert!(offset_of!(InPktinfo, ipi_spec_dst) == 4);
const _: () = assert!(offset_of!(InPktinfo, ipi_addr) == 8);

impl InPktinfo {
    /// Sends from this address, by the interface that the kernel chooses.
    #[inline]
    pub fn from_source(source: Ipv4Addr) -> Self {
        Self {
            ipi_spec_dst: source.into(),
            ..Self::default()
        }
    }

    /// Sends by this interface, from the address that the kernel chooses.
    #[inline]
    pub fn on_interface(index: i32) -> Self {
        Self {
            ipi_ifindex: index,
            ..Self::default()
        }
    }
}

impl Show for InPktinfo {
    #[inline(never)]
    fn show(&self, out: &mut impl Printer) -> fmt::Result {
        out.write_str("{ipi_ifindex=")?;
        (self.ipi_ifindex as u32).show(out)?; // strace prints it without a sign
        out.write_str(", ipi_spec_dst=")?;
        self.ipi_spec_dst.show(out)?;
        out.write_str(", ipi_addr=")?;
        self.ipi_addr.show(out)?;
        out.ascii(b'}')
    }
}

displayed!(InPktinfo);

/// Marks the payload of `IP_TOS`, the type-of-service octet. Decodes into an `i32`.
///
/// The kernel hands out one byte, but an `int` in the control buffer of
/// `getsockopt(IP_PKTOPTIONS)`; it accepts both.
///
/// ```
/// use ancil::{Payload, payload::Tos};
/// assert_eq!((Tos::decode(&[0xba])?, Tos::decode(&0xbai32.to_ne_bytes())?), (0xba, 0xba));
/// # Ok::<(), ancil::PayloadError>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Tos {}

impl Payload for Tos {
    type Decoded<'a> = i32;

    #[inline]
    fn decode(data: &[u8]) -> Result<i32, PayloadError> {
        decode_either(data, |octet: u8| octet.into(), |int: i32| int)
    }
}

impl Bounded for Tos {
    const MAX_LEN: usize = size_of::<i32>();
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::error::Lengths;
    use std::string::ToString;

    #[test]
    fn tos_is_one_byte_or_four() {
        assert_eq!(Tos::decode(&[0xb8]), Ok(0xb8));
        assert_eq!(Tos::decode(0xb8i32.as_bytes()), Ok(0xb8));
        let wrong = PayloadError::Length(Lengths::OneOf(1, 4));
        assert_eq!(Tos::decode(&[0, 0]), Err(wrong));
    }

    #[test]
    fn an_address_is_four_octets_in_order() {
        let info = InPktinfo {
            ipi_ifindex: 1,
            ipi_spec_dst: Ipv4Addr::LOCALHOST.into(),
            ..InPktinfo::default()
        };
        assert_eq!(info.as_bytes()[4..8], [127, 0, 0, 1]);
        let shown = "{ipi_ifindex=1, ipi_spec_dst=inet_addr(\"127.0.0.1\"), \
                     ipi_addr=inet_addr(\"0.0.0.0\")}";
        assert_eq!(info.to_string(), shown);
        assert_eq!(info.ipi_spec_dst.to_string(), "127.0.0.1");
    }
}
