//! `packet(7)`: kernel `include/uapi/linux/if_packet.h`.
#![forbid(unsafe_code)]

use super::Be16;
use super::{AF_PACKET, bad_value, bytes_of, copy, front, show_bytes, too_short};
use crate::error::BadAddress;
use crate::show::{Printer, Show};
use core::fmt;
use core::mem::offset_of;
use zerocopy::{FromBytes, Immutable, IntoBytes, KnownLayout};

/// `struct sockaddr_ll`: `packet(7)`. An interface, and an address of up to 8 bytes on its link; [`PacketAddr`] has
/// those that are longer.
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, Hash, FromBytes, IntoBytes, KnownLayout, Immutable,
)]
#[repr(C)]
pub struct SockaddrLl {
    /// `AF_PACKET`.
    pub sll_family: u16,
    /// ETH_P_*: protocol of the frame.
    pub sll_protocol: Be16,
    /// Interface; 0 for all of them, on `bind(2)`.
    pub sll_ifindex: i32,
    /// ARPHRD_*: kind of the link; reported.
    pub sll_hatype: u16,
    /// PACKET_*: to whom the frame was; reported.
    pub sll_pkttype: u8,
    /// Bytes of the address.
    pub sll_halen: u8,
    /// The address.
    pub sll_addr: [u8; 8],
}

const _: () = assert!(size_of::<SockaddrLl>() == 20);
const _: () =
    assert!(offset_of!(SockaddrLl, sll_halen) == HALEN && offset_of!(SockaddrLl, sll_addr) == ADDR);

/// Offsets of the address' length and of the address.
const HALEN: usize = 11;
const ADDR: usize = 12;
/// Bytes of the longest address of a link: the kernel's `MAX_ADDR_LEN`, `include/linux/netdevice.h`.
const MAX_ADDR_LEN: usize = 32;

/// An address of `AF_PACKET` in its whole length: a [`SockaddrLl`], and the rest of an address that is longer than 8
/// bytes, as InfiniBand's of 20 are.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct PacketAddr {
    bytes: [u8; ADDR + MAX_ADDR_LEN],
}

bytes_of!(SockaddrLl);

impl PacketAddr {
    /// An interface, a protocol (ETH_P_*, in this machine's byte order) and an address on the link. `None` if that
    /// is longer than 32 bytes, the kernel's `MAX_ADDR_LEN`.
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
        let mut bytes = [0; ADDR + MAX_ADDR_LEN];
        let Some((head, space)) = bytes.split_first_chunk_mut::<ADDR>() else {
            return None;
        };
        // A length that one byte cannot hold does not fit below.
        *head = [
            f0,
            f1,
            p0,
            p1,
            i0,
            i1,
            i2,
            i3,
            0,
            0,
            0,
            hardware.len() as u8,
        ];
        match copy(hardware, space) {
            Some(()) => Some(Self { bytes }),
            None => None,
        }
    }

    /// All but the rest of a long address.
    pub fn sockaddr(&self) -> SockaddrLl {
        SockaddrLl::read_from_prefix(&self.bytes).map_or(SockaddrLl::default(), |(head, _)| head)
    }

    /// The address on the link.
    pub fn hardware(&self) -> &[u8] {
        self.bytes.get(ADDR..self.end()).unwrap_or_default()
    }

    /// The bytes, for [`MsgHdr::name`](crate::MsgHdr::name): 20, more for an address of more than 8 bytes. The
    /// kernel refuses less than 20.
    pub fn as_bytes(&self) -> &[u8] {
        self.bytes
            .get(..self.end().max(size_of::<SockaddrLl>()))
            .unwrap_or(&self.bytes)
    }

    /// Where the address ends. No constructor lets it be longer than there is space.
    fn end(&self) -> usize {
        let halen = self.bytes.get(HALEN).copied().unwrap_or(0);
        ADDR.saturating_add(halen.into())
    }

    /// `getsockname(2)` gives no more bytes than the address has, `recvmsg(2)` 20 at least.
    pub(super) fn parse(bytes: &[u8]) -> Result<Self, BadAddress> {
        let [.., halen]: [u8; ADDR] = front(bytes, ADDR)?;
        let end = ADDR.saturating_add(halen.into());
        if usize::from(halen) > MAX_ADDR_LEN {
            return Err(bad_value(bytes, HALEN));
        }
        if bytes.len() < end {
            return Err(too_short(bytes, end));
        }
        let known = bytes
            .get(..end.max(size_of::<SockaddrLl>()))
            .unwrap_or(bytes);
        Ok(Self {
            bytes: front(known, ADDR)?,
        })
    }
}

/// An `sll_halen` of more than 8 becomes 8: there is no more.
impl From<SockaddrLl> for PacketAddr {
    fn from(mut head: SockaddrLl) -> Self {
        head.sll_halen = head.sll_halen.min(head.sll_addr.len() as u8);
        let mut bytes = [0; ADDR + MAX_ADDR_LEN];
        bytes
            .iter_mut()
            .zip(head.as_bytes())
            .for_each(|(to, from)| *to = *from);
        Self { bytes }
    }
}

impl SockaddrLl {
    /// With this address on the link.
    fn show_with(&self, out: &mut impl Printer, hardware: &[u8]) -> fmt::Result {
        out.write_str("{sa_family=AF_PACKET, sll_protocol=htons(")?;
        named(
            out,
            protocol_name(self.sll_protocol.get()),
            self.sll_protocol.get(),
        )?;
        out.write_str("), sll_ifindex=")?;
        (self.sll_ifindex as u32).show(out)?; // as strace has it
        out.write_str(", sll_hatype=")?;
        named(out, link_name(self.sll_hatype), self.sll_hatype)?;
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
            // C's %#02x, which counts the prefix.
            out.write_str(if *byte == 0 { "0" } else { "0x" })?;
            out.hex_digits((*byte).into(), 1)?;
            before = ", ";
        }
        out.write_str(if hardware.is_empty() { "}" } else { "]}" })
    }
}

/// By the number: kernel `include/uapi/linux/if_packet.h`.
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

/// Of the protocols that one meets everywhere: kernel `include/uapi/linux/if_ether.h`.
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

/// Of the links that one meets everywhere: kernel `include/uapi/linux/if_arp.h`.
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

/// A name, or the number.
fn named(out: &mut impl Printer, name: Option<&str>, number: u16) -> fmt::Result {
    match name {
        Some(name) => out.write_str(name),
        None => out.hex(number.into()),
    }
}

impl Show for SockaddrLl {
    fn show(&self, out: &mut impl Printer) -> fmt::Result {
        if self.sll_family != AF_PACKET {
            return show_bytes(out, super::family_name(self.sll_family), self.as_bytes());
        }
        self.show_with(
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
            head.show_with(out, self.hardware())
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
    fn addresses_have_up_to_32_bytes() {
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
                "as getsockname(2) gives it"
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
            "whose length is 6 in one byte"
        );
    }

    #[test]
    fn a_length_that_no_link_has_is_refused() {
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
