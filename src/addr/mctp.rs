// SPDX-License-Identifier: MIT OR Apache-2.0
//! Management component transport: kernel `include/uapi/linux/mctp.h` and
//! `Documentation/networking/mctp.rst`.
#![forbid(unsafe_code)]

use super::{AF_MCTP, bad_value, impl_as_bytes, read_prefix, show_other_family, show_unless_zero};
use super::{MAX_ADDR_LEN, copy_if_fits};
use crate::error::BadAddress;
use crate::show::{Printer, Show};
use core::fmt;
use core::mem::offset_of;
use zerocopy::{FromBytes, Immutable, IntoBytes};

/// The network that the system uses unless another is given.
pub const MCTP_NET_ANY: u32 = 0;
/// No endpoint: to send to a neighbour that has no identifier yet, by its hardware address.
pub const MCTP_ADDR_NULL: u8 = 0;
/// Any endpoint, for `bind(2)`; the broadcast, for `sendmsg(2)`.
pub const MCTP_ADDR_ANY: u8 = 0xff;
/// Selects the tag in `smctp_tag`.
pub const MCTP_TAG_MASK: u8 = 0x07;
/// In `smctp_tag`: the sender of the message owns the tag, so the message is a request. On send,
/// the kernel then chooses the tag.
pub const MCTP_TAG_OWNER: u8 = 0x08;
/// In `smctp_tag`: the tag was allocated by `SIOCMCTPALLOCTAG` before.
pub const MCTP_TAG_PREALLOC: u8 = 0x10;

/// `struct sockaddr_mctp`: an endpoint, and a type of message. The kernel requires all 12 bytes.
///
/// ```
/// use ancil::addr::{MCTP_NET_ANY, SockaddrMctp};
/// let spdm = SockaddrMctp::new(MCTP_NET_ANY, 8, 5);
/// assert_eq!(spdm.as_bytes().len(), 12); // for MsgHdr::name
/// ```
#[doc(alias = "sockaddr_mctp")]
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, FromBytes, IntoBytes, Immutable)]
#[repr(C)]
pub struct SockaddrMctp {
    /// `AF_MCTP`.
    pub smctp_family: u16,
    /// Padding, zero.
    pub smctp_pad0: u16,
    /// Number of the network, in this machine's byte order; 0 for any.
    pub smctp_network: u32,
    /// Identifier of the endpoint: `MCTP_ADDR_*`, or 8 to 254.
    pub smctp_addr: u8,
    /// Type of the message, such as 5 for SPDM; the highest bit asks for an integrity check.
    pub smctp_type: u8,
    /// Tag of the message, and flags: `MCTP_TAG_*`.
    pub smctp_tag: u8,
    /// Padding, zero.
    pub smctp_pad1: u8,
}

/// `struct sockaddr_mctp_ext`: an endpoint, and the interface and hardware address at which it is
/// reached. The kernel reads and writes it on sockets with the option `MCTP_OPT_ADDR_EXT`, and
/// requires all 52 bytes.
///
/// ```
/// use ancil::addr::{MCTP_ADDR_NULL, MCTP_NET_ANY, SockaddrMctp, SockaddrMctpExt};
///
/// let nobody = SockaddrMctp::new(MCTP_NET_ANY, MCTP_ADDR_NULL, 0);
/// let neighbour = SockaddrMctpExt::new(nobody, 2, &[0x1d]).ok_or("too long")?;
/// assert_eq!((neighbour.hardware(), neighbour.as_bytes().len()), (&[0x1d][..], 52));
/// # Ok::<(), &str>(())
/// ```
#[doc(alias = "sockaddr_mctp_ext")]
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, FromBytes, IntoBytes, Immutable)]
#[repr(C)]
pub struct SockaddrMctpExt {
    /// The endpoint.
    pub smctp_base: SockaddrMctp,
    /// Index of the interface.
    pub smctp_ifindex: i32,
    /// Length of the hardware address, in bytes.
    pub smctp_halen: u8,
    /// Padding, zero.
    pub smctp_pad0: [u8; 3],
    /// The hardware address.
    pub smctp_haddr: [u8; 32],
}

const _: () = assert!(size_of::<SockaddrMctp>() == 12);
const _: () = assert!(offset_of!(SockaddrMctp, smctp_addr) == 8);
const _: () = assert!(size_of::<SockaddrMctpExt>() == 52);
const _: () = assert!(offset_of!(SockaddrMctpExt, smctp_haddr) + MAX_ADDR_LEN == 52);

/// An address of `AF_MCTP`, of either length.
///
/// ```
/// use ancil::addr::{MctpAddr, SockaddrMctp};
/// let addr = MctpAddr::from(SockaddrMctp::new(1, 8, 5));
/// assert_eq!((addr.base().smctp_addr, addr.as_bytes().len()), (8, 12));
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum MctpAddr {
    /// An endpoint.
    Plain(SockaddrMctp),
    /// An endpoint with its hardware address.
    Extended(SockaddrMctpExt),
}

impl_as_bytes!(SockaddrMctp, SockaddrMctpExt);

impl SockaddrMctp {
    /// Returns the address of an endpoint, for requests of a type: `MCTP_TAG_OWNER` is set.
    ///
    /// To answer a request, send to the address from which it came, without that flag.
    pub const fn new(smctp_network: u32, smctp_addr: u8, smctp_type: u8) -> Self {
        Self {
            smctp_family: AF_MCTP,
            smctp_pad0: 0,
            smctp_network,
            smctp_addr,
            smctp_type,
            smctp_tag: MCTP_TAG_OWNER,
            smctp_pad1: 0,
        }
    }
}

impl SockaddrMctpExt {
    /// Returns the address of an endpoint at a hardware address. `None` if the hardware address is
    /// longer than 32 bytes.
    pub const fn new(
        smctp_base: SockaddrMctp,
        smctp_ifindex: i32,
        hardware: &[u8],
    ) -> Option<Self> {
        let mut smctp_haddr = [0; MAX_ADDR_LEN];
        if !copy_if_fits(hardware, &mut smctp_haddr) {
            return None;
        }
        Some(Self {
            smctp_base,
            smctp_ifindex,
            smctp_halen: hardware.len() as u8, // at most 32
            smctp_pad0: [0; 3],
            smctp_haddr,
        })
    }

    /// Returns the hardware address: `smctp_halen` bytes, but not more than 32.
    pub fn hardware(&self) -> &[u8] {
        let all = self.smctp_haddr.as_slice();
        all.get(..self.smctp_halen.into()).unwrap_or(all)
    }
}

impl MctpAddr {
    /// Returns the endpoint.
    pub const fn base(&self) -> &SockaddrMctp {
        match self {
            Self::Plain(base)
            | Self::Extended(SockaddrMctpExt {
                smctp_base: base, ..
            }) => base,
        }
    }

    /// Returns the bytes, for [`MsgHdr::name`](crate::MsgHdr::name).
    pub fn as_bytes(&self) -> &[u8] {
        match self {
            Self::Plain(addr) => addr.as_bytes(),
            Self::Extended(addr) => addr.as_bytes(),
        }
    }

    /// Reads the extended form if all of its bytes are there, as the kernel does.
    pub(super) fn parse(bytes: &[u8]) -> Result<Self, BadAddress> {
        let Ok((addr, _)) = SockaddrMctpExt::read_from_prefix(bytes) else {
            return read_prefix::<_, { size_of::<SockaddrMctp>() }>(bytes).map(Self::Plain);
        };
        if usize::from(addr.smctp_halen) > MAX_ADDR_LEN {
            return Err(bad_value(bytes, offset_of!(SockaddrMctpExt, smctp_halen)));
        }
        Ok(Self::Extended(addr))
    }
}

impl From<SockaddrMctp> for MctpAddr {
    fn from(addr: SockaddrMctp) -> Self {
        Self::Plain(addr)
    }
}

impl From<SockaddrMctpExt> for MctpAddr {
    fn from(addr: SockaddrMctpExt) -> Self {
        Self::Extended(addr)
    }
}

impl SockaddrMctp {
    /// Prints the fields without the closing brace: the extended form adds its own.
    fn show_fields(&self, out: &mut impl Printer) -> fmt::Result {
        out.write_str("{sa_family=AF_MCTP")?;
        show_unless_zero(out, ", __smctp_pad0=", self.smctp_pad0)?;
        out.write_str(", smctp_network=")?;
        match self.smctp_network {
            MCTP_NET_ANY => out.write_str("MCTP_NET_ANY"),
            network => out.hex(network.into()),
        }?;
        out.write_str(", smctp_addr={s_addr=")?;
        match self.smctp_addr {
            MCTP_ADDR_NULL => out.write_str("MCTP_ADDR_NULL"),
            MCTP_ADDR_ANY => out.write_str("MCTP_ADDR_ANY"),
            addr => out.hex(addr.into()),
        }?;
        out.write_str("}, smctp_type=")?;
        out.hex(self.smctp_type.into())?;
        out.write_str(", smctp_tag=")?;
        out.hex(self.smctp_tag.into())?;
        show_unless_zero(out, ", __smctp_pad1=", self.smctp_pad1.into())
    }
}

impl Show for SockaddrMctp {
    fn show(&self, out: &mut impl Printer) -> fmt::Result {
        if self.smctp_family != AF_MCTP {
            return show_other_family(out, self.as_bytes());
        }
        self.show_fields(out)?;
        out.ascii(b'}')
    }
}

/// Prints the bytes of the hardware address as a string.
impl Show for SockaddrMctpExt {
    fn show(&self, out: &mut impl Printer) -> fmt::Result {
        if self.smctp_base.smctp_family != AF_MCTP {
            return show_other_family(out, self.as_bytes());
        }
        self.smctp_base.show_fields(out)?;
        out.write_str(", smctp_ifindex=")?;
        (self.smctp_ifindex as u32).show(out)?; // unsigned, as strace prints indices of interfaces
        out.write_str(", smctp_haddr=")?;
        self.hardware().show(out)?;
        out.ascii(b'}')
    }
}

impl Show for MctpAddr {
    fn show(&self, out: &mut impl Printer) -> fmt::Result {
        match self {
            Self::Plain(addr) => addr.show(out),
            Self::Extended(addr) => addr.show(out),
        }
    }
}

displayed!(SockaddrMctp, SockaddrMctpExt, MctpAddr);

#[cfg(test)]
mod tests {
    use super::*;
    use crate::addr::Address;
    use std::string::ToString;

    #[test]
    fn all_bytes_of_the_extended_form_make_it_extended() {
        let plain = SockaddrMctp::new(1, 8, 5);
        let extended = SockaddrMctpExt::new(plain, 3, &[0x1d, 0x2e]).unwrap();
        let bytes = extended.as_bytes();
        for len in 12..52 {
            assert_eq!(Address::parse(&bytes[..len]), Ok(plain.into()), "{len}");
        }
        let Ok(Address::Mctp(read)) = Address::parse(bytes) else {
            panic!()
        };
        assert_eq!(read, MctpAddr::Extended(extended));
        assert_eq!(
            (read.base(), extended.hardware()),
            (&plain, &[0x1d, 0x2e][..])
        );
    }

    #[test]
    fn a_hardware_address_has_up_to_32_bytes() {
        let base = SockaddrMctp::new(1, 8, 5);
        let longest = SockaddrMctpExt::new(base, 3, &[7; 32]).unwrap();
        assert_eq!(longest.hardware(), [7; 32]);
        assert_eq!(SockaddrMctpExt::new(base, 3, &[7; 33]), None);
        let longer = SockaddrMctpExt {
            smctp_halen: 33,
            ..longest
        };
        assert_eq!(longer.hardware(), [7; 32]);
        let error = bad_value(longer.as_bytes(), 16);
        assert_eq!(Address::parse(longer.as_bytes()), Err(error));
    }

    #[test]
    fn shown_as_strace_does() {
        let plain = SockaddrMctp::new(1, 8, 0x7e);
        let text = "{sa_family=AF_MCTP, smctp_network=0x1, smctp_addr={s_addr=0x8}, \
                    smctp_type=0x7e, smctp_tag=0x8";
        assert_eq!(plain.to_string(), std::format!("{text}}}"));
        let extended = SockaddrMctpExt::new(plain, 3, &[0x1d]).unwrap();
        let rest = r#", smctp_ifindex=3, smctp_haddr="\35"}"#;
        assert_eq!(extended.to_string(), std::format!("{text}{rest}"));
        let odd = SockaddrMctp {
            smctp_pad0: 5,
            smctp_pad1: 9,
            ..SockaddrMctp::new(MCTP_NET_ANY, MCTP_ADDR_ANY, 0)
        };
        assert_eq!(
            odd.to_string(),
            "{sa_family=AF_MCTP, __smctp_pad0=0x5, smctp_network=MCTP_NET_ANY, \
             smctp_addr={s_addr=MCTP_ADDR_ANY}, smctp_type=0, smctp_tag=0x8, __smctp_pad1=0x9}"
        );
    }
}
