// SPDX-License-Identifier: MIT OR Apache-2.0
//! `packet(7)`: kernel `include/uapi/linux/if_packet.h`.
#![forbid(unsafe_code)]

use super::{
    AF_PACKET, Be16, MAX_ADDR_LEN, bad_value, copy_if_fits, impl_as_bytes, read_prefix,
    show_other_family, too_short,
};
use crate::error::BadAddress;
use crate::show::{Printer, Show};
use crate::zero_extended::zero_extended;
use core::fmt;
use core::mem::offset_of;
use zerocopy::{FromBytes, Immutable, IntoBytes};

/// `struct sockaddr_ll`: `packet(7)`. An interface, and a hardware address of up to 8 bytes.
///
/// In Rust, [`PacketAddr`] has space for longer hardware addresses.
///
/// ```
/// use ancil::addr::{AF_PACKET, Be16, SockaddrLl};
///
/// let all_frames = SockaddrLl {
///     sll_family: AF_PACKET,
///     sll_protocol: Be16::new(3), // ETH_P_ALL
///     sll_ifindex: 2,
///     ..SockaddrLl::default()
/// };
/// assert_eq!(all_frames.as_bytes().len(), 20); // for bind
/// ```
#[doc(alias = "sockaddr_ll")]
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, FromBytes, IntoBytes, Immutable)]
#[repr(C)]
pub struct SockaddrLl {
    /// `AF_PACKET`.
    pub sll_family: u16,
    /// Protocol of the frame: `ETH_P_*`.
    pub sll_protocol: Be16,
    /// Index of the interface. In `bind(2)`, 0 means all interfaces.
    pub sll_ifindex: i32,
    /// Type of the link: `ARPHRD_*`. Reported by the kernel.
    pub sll_hatype: u16,
    /// Whom the frame was sent to: `PACKET_*`. Reported by the kernel.
    pub sll_pkttype: u8,
    /// Length of the hardware address, in bytes.
    pub sll_halen: u8,
    /// The hardware address.
    pub sll_addr: [u8; 8],
}

const _: () = assert!(size_of::<SockaddrLl>() == 20);
const _: () = assert!(offset_of!(SockaddrLl, sll_halen) == HALEN_OFFSET);
const _: () = assert!(offset_of!(SockaddrLl, sll_addr) == ADDR_OFFSET);

const HALEN_OFFSET: usize = 11;
const ADDR_OFFSET: usize = 12;

/// An address of `AF_PACKET` with a hardware address of up to 32 bytes: a [`SockaddrLl`], and the
/// bytes of the hardware address past the first 8. InfiniBand, for example, has 20.
///
/// [`Address::parse`](crate::addr::Address::parse) requires 12 bytes and `sll_halen`, as many as
/// `getsockname(2)` returns. `sendmsg(2)` requires at least 20.
///
/// ```
/// use ancil::addr::PacketAddr;
///
/// let to = PacketAddr::new(2, 0x0800, &[0x02, 0, 0, 0, 0, 1]).ok_or("too long")?;
/// assert_eq!(to.hardware(), [0x02, 0, 0, 0, 0, 1]);
/// assert_eq!((to.sockaddr().sll_ifindex, to.as_bytes().len()), (2, 20));
/// # Ok::<(), &str>(())
/// ```
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct PacketAddr {
    bytes: [u8; ADDR_OFFSET + MAX_ADDR_LEN],
}

impl_as_bytes!(SockaddrLl);

impl PacketAddr {
    /// Returns the address of an interface, a protocol (`ETH_P_*`, in this machine's byte order)
    /// and a hardware address. `None` if the hardware address is longer than 32 bytes, the kernel's
    /// `MAX_ADDR_LEN`.
    ///
    /// ```
    /// use ancil::{IoVec, MsgHdr};
    /// use ancil::addr::PacketAddr;
    ///
    /// let to = PacketAddr::new(2, 0x88b5, &[0xff; 6]).ok_or("too long")?;
    /// let message = MsgHdr::new().name(to.as_bytes()).iov(&[]);
    /// assert_eq!((message.msg_name().len(), to.hardware()), (20, &[0xff; 6][..]));
    /// # Ok::<(), &str>(())
    /// ```
    pub const fn new(ifindex: i32, protocol: u16, hardware: &[u8]) -> Option<Self> {
        let ([f0, f1], [p0, p1]) = (AF_PACKET.to_ne_bytes(), protocol.to_be_bytes());
        let [i0, i1, i2, i3] = ifindex.to_ne_bytes();
        let mut bytes = [0; ADDR_OFFSET + MAX_ADDR_LEN];
        let Some((head, space)) = bytes.split_first_chunk_mut::<ADDR_OFFSET>() else {
            return None;
        };
        if !copy_if_fits(hardware, space) {
            return None;
        }
        let halen = hardware.len() as u8; // at most 32
        *head = [f0, f1, p0, p1, i0, i1, i2, i3, 0, 0, 0, halen];
        Some(Self { bytes })
    }

    /// Returns the struct, which has only the first 8 bytes of a longer hardware address.
    pub fn sockaddr(&self) -> SockaddrLl {
        zero_extended(&self.bytes)
    }

    /// Returns the hardware address.
    pub fn hardware(&self) -> &[u8] {
        self.bytes.get(ADDR_OFFSET..self.end()).unwrap_or_default()
    }

    /// Returns the bytes, for [`MsgHdr::name`](crate::MsgHdr::name): 20, which the kernel requires,
    /// or more if the hardware address is longer than 8 bytes.
    pub fn as_bytes(&self) -> &[u8] {
        self.bytes
            .get(..self.end().max(size_of::<SockaddrLl>()))
            .unwrap_or(&self.bytes)
    }

    /// Returns where the hardware address ends. Every constructor makes sure that it fits.
    fn end(&self) -> usize {
        let halen = self.bytes.get(HALEN_OFFSET).copied().unwrap_or(0);
        ADDR_OFFSET.saturating_add(halen.into())
    }

    /// Requires no byte past the hardware address: `getsockname(2)` returns none, although
    /// `recvmsg(2)` always returns 20 or more.
    pub(super) fn parse(bytes: &[u8]) -> Result<Self, BadAddress> {
        let [.., halen] = read_prefix::<[u8; ADDR_OFFSET], ADDR_OFFSET>(bytes)?;
        let end = ADDR_OFFSET.saturating_add(halen.into());
        if usize::from(halen) > MAX_ADDR_LEN {
            return Err(bad_value(bytes, HALEN_OFFSET));
        }
        if bytes.len() < end {
            return Err(too_short(bytes, end));
        }
        let used = bytes
            .get(..end.max(size_of::<SockaddrLl>()))
            .unwrap_or(bytes);
        Ok(Self {
            bytes: zero_extended(used),
        })
    }
}

/// Reduces an `sll_halen` of more than 8 to 8, the length of `sll_addr`.
impl From<SockaddrLl> for PacketAddr {
    fn from(mut head: SockaddrLl) -> Self {
        head.sll_halen = head.sll_halen.min(head.sll_addr.len() as u8);
        Self {
            bytes: zero_extended(head.as_bytes()),
        }
    }
}

impl SockaddrLl {
    /// Prints the fields, with `hardware` as the address.
    fn show_fields(&self, out: &mut impl Printer, hardware: &[u8]) -> fmt::Result {
        out.write_str("{sa_family=AF_PACKET, sll_protocol=htons(")?;
        let protocol = self.sll_protocol.get();
        show_name_or_number(out, protocol_name(protocol), protocol)?;
        out.write_str("), sll_ifindex=")?;
        (self.sll_ifindex as u32).show(out)?; // unsigned, as strace prints it
        out.write_str(", sll_hatype=")?;
        show_name_or_number(out, link_name(self.sll_hatype), self.sll_hatype)?;
        out.write_str(", sll_pkttype=")?;
        match PACKET_NAMES.get(usize::from(self.sll_pkttype)) {
            Some(name) => out.write_str(name)?,
            None => {
                out.hex(self.sll_pkttype.into())?;
                out.write_str(" /* PACKET_??? */")?;
            }
        }
        out.write_str(", sll_halen=")?;
        self.sll_halen.show(out)?;
        let mut before = ", sll_addr=[";
        for byte in hardware {
            out.write_str(before)?;
            // As C's %#02x, which counts the prefix among the two characters.
            out.write_str(if *byte == 0 { "0" } else { "0x" })?;
            out.hex_digits((*byte).into(), 1)?;
            before = ", ";
        }
        out.write_str(if hardware.is_empty() { "}" } else { "]}" })
    }
}

/// The names of `sll_pkttype`, indexed by its value.
const PACKET_NAMES: [&str; 8] = [
    "PACKET_HOST",
    "PACKET_BROADCAST",
    "PACKET_MULTICAST",
    "PACKET_OTHERHOST",
    "PACKET_OUTGOING",
    "PACKET_LOOPBACK",
    "PACKET_USER",
    "PACKET_KERNEL",
];

/// The names of common protocols: kernel `include/uapi/linux/if_ether.h`.
const fn protocol_name(protocol: u16) -> Option<&'static str> {
    Some(match protocol {
        3 => "ETH_P_ALL",
        4 => "ETH_P_802_2",
        0x0800 => "ETH_P_IP",
        0x0806 => "ETH_P_ARP",
        0x8100 => "ETH_P_8021Q",
        0x86dd => "ETH_P_IPV6",
        0x88cc => "ETH_P_LLDP",
        _ => return None,
    })
}

/// The names of common types of links: kernel `include/uapi/linux/if_arp.h`.
const fn link_name(hatype: u16) -> Option<&'static str> {
    Some(match hatype {
        1 => "ARPHRD_ETHER",
        32 => "ARPHRD_INFINIBAND",
        512 => "ARPHRD_PPP",
        768 => "ARPHRD_TUNNEL",
        772 => "ARPHRD_LOOPBACK",
        0xfffe => "ARPHRD_NONE",
        _ => return None,
    })
}

fn show_name_or_number(out: &mut impl Printer, name: Option<&str>, number: u16) -> fmt::Result {
    match name {
        Some(name) => out.write_str(name),
        None => out.hex(number.into()),
    }
}

impl Show for SockaddrLl {
    fn show(&self, out: &mut impl Printer) -> fmt::Result {
        if self.sll_family != AF_PACKET {
            return show_other_family(out, self.as_bytes());
        }
        self.show_fields(
            out,
            self.sll_addr
                .get(..self.sll_halen.into())
                .unwrap_or(&self.sll_addr),
        )
    }
}

impl Show for PacketAddr {
    fn show(&self, out: &mut impl Printer) -> fmt::Result {
        let head = self.sockaddr();
        if head.sll_family != AF_PACKET {
            head.show(out)
        } else {
            head.show_fields(out, self.hardware())
        }
    }
}

displayed!(SockaddrLl, PacketAddr);

impl fmt::Debug for PacketAddr {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::string::ToString;
    use std::vec::Vec;

    #[test]
    fn hardware_addresses_have_up_to_32_bytes() {
        let all: Vec<u8> = (1..=33).collect();
        for len in 0..=32 {
            let addr = PacketAddr::new(7, 0x0806, &all[..len]).unwrap();
            assert_eq!(
                (addr.hardware(), addr.as_bytes().len()),
                (&all[..len], (12 + len).max(20))
            );
            assert_eq!(PacketAddr::parse(addr.as_bytes()), Ok(addr));
            assert_eq!(
                PacketAddr::parse(&addr.as_bytes()[..12 + len]),
                Ok(addr),
                "as getsockname(2) returns it"
            );
            let head = addr.sockaddr();
            assert_eq!(
                (head.sll_ifindex, head.sll_protocol.get(), head.sll_halen),
                (7, 0x0806, len as u8)
            );
            if len > 0 {
                let cut = &addr.as_bytes()[..11 + len];
                assert_eq!(PacketAddr::parse(cut), Err(too_short(cut, 12 + len)));
            }
        }
        assert_eq!(PacketAddr::new(7, 3, &all), None);
        assert_eq!(
            PacketAddr::new(7, 3, &[0; 256 + 6]),
            None,
            "the low byte of its length is 6"
        );
    }

    #[test]
    fn a_hardware_address_of_more_than_32_bytes_is_rejected() {
        let mut bytes = [0; 12 + 255];
        bytes[..2].copy_from_slice(&AF_PACKET.to_ne_bytes());
        bytes[11] = 33;
        assert_eq!(PacketAddr::parse(&bytes), Err(bad_value(&bytes, 11)));
        let addr = PacketAddr::from(SockaddrLl {
            sll_family: AF_PACKET,
            sll_halen: 255,
            ..SockaddrLl::default()
        });
        assert_eq!(
            (addr.hardware(), PacketAddr::parse(addr.as_bytes())),
            (&[0; 8][..], Ok(addr))
        );
    }

    #[test]
    fn shown_as_strace_does() {
        let shown = PacketAddr::new(99, 0x0800, &[1, 0, 0xa0])
            .unwrap()
            .to_string();
        let head =
            "{sa_family=AF_PACKET, sll_protocol=htons(ETH_P_IP), sll_ifindex=99, sll_hatype=0, ";
        assert_eq!(
            shown,
            std::format!("{head}sll_pkttype=PACKET_HOST, sll_halen=3, sll_addr=[0x1, 00, 0xa0]}}")
        );
    }
}
