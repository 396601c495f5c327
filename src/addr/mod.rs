// SPDX-License-Identifier: MIT OR Apache-2.0
//! Socket addresses as the kernel lays them out: one file per family, one struct per struct of the
//! kernel.
//!
//! ```text
//!   0            2
//!  +------------+------------------------------------------ - -
//!  | sa_family  | what the family defines: port, path, interface
//!  +------------+------------------------------------------ - -
//!  |<-------------- msg_namelen: differs by family ------------>|
//! ```
//!
//! To send, pass the bytes of an address to [`MsgHdr::name`](crate::MsgHdr::name). What arrived is
//! an [`Address`]: a `match` finds the family, and `TryFrom` makes a `SocketAddr` of the internet's
//! two families.
//!
//! ```
//! use ancil::addr::{Address, SockaddrVm, UnixAddr, VMADDR_CID_HOST};
//!
//! let log = UnixAddr::path(b"/dev/log").ok_or("too long")?;
//! match Address::parse(log.as_bytes())? {
//!     Address::Unix(addr) => println!("{addr}"), // as strace(1) prints it
//!     other => println!("of family {}", other.family()),
//! }
//! let host = SockaddrVm::new(VMADDR_CID_HOST, 1234);
//! assert_eq!(host.as_bytes().len(), 16);
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! Padding is a field of each struct, so every byte is initialized, and none of the caller's memory
//! leaks into a system call.
#![forbid(unsafe_code)]
#![allow(non_upper_case_globals, reason = "the kernel spells AF_DECnet so")]

#[macro_use]
mod families;

mod address;
mod alg;
mod be;
mod bluetooth;
mod can;
mod in_addr;
mod inet;
mod mctp;
mod netlink;
mod packet;
mod storage;
mod unix;
mod vsock;

pub use address::Address;
pub use alg::SockaddrAlg;
pub use be::{Be16, Be32, Le16};
pub use bluetooth::{BDADDR_BREDR, BDADDR_LE_PUBLIC, BDADDR_LE_RANDOM, SockaddrL2};
pub use can::{CanJ1939, CanTp, SockaddrCan};
pub use in_addr::{In6Addr, InAddr};
pub(crate) use inet::{SIN6_LEN_RFC2133, show_inet_family};
pub use inet::{SockaddrIn, SockaddrIn6};
pub use mctp::{
    MCTP_ADDR_ANY, MCTP_ADDR_NULL, MCTP_NET_ANY, MCTP_TAG_MASK, MCTP_TAG_OWNER, MCTP_TAG_PREALLOC,
    MctpAddr, SockaddrMctp, SockaddrMctpExt,
};
pub use netlink::SockaddrNl;
pub use packet::{PacketAddr, SockaddrLl};
pub use storage::SockaddrStorage;
pub use unix::{SockaddrUn, UnixAddr, UnixName};
pub use vsock::{
    SockaddrVm, VMADDR_CID_ANY, VMADDR_CID_HOST, VMADDR_CID_HYPERVISOR, VMADDR_CID_LOCAL,
    VMADDR_PORT_ANY,
};

use crate::error::{BadAddress, Lengths, PayloadError};
use crate::show::{Printer, Show};
use crate::zero_extended::zero_extended;
use core::fmt;
use zerocopy::{FromBytes, IntoBytes};

/// Length of the longest hardware address: kernel `include/linux/netdevice.h`.
const MAX_ADDR_LEN: usize = 32;

macro_rules! define_families {
    ($( $doc:literal $NAME:ident = $number:literal; )+) => {
        $(
            #[doc = $doc]
            pub const $NAME: u16 = $number;
        )+

        /// Returns the name of an address family: `AF_INET` for 2. `None` if Linux has no family of
        /// this number.
        ///
        /// ```
        /// assert_eq!(ancil::addr::family_name(ancil::addr::AF_VSOCK), Some("AF_VSOCK"));
        /// ```
        pub const fn family_name(family: u16) -> Option<&'static str> {
            match family {
                $( $NAME => Some(stringify!($NAME)), )+
                _ => None,
            }
        }
    };
}

families!(define_families);

/// Gives each struct the method `as_bytes`.
macro_rules! impl_as_bytes {
    ($($Type:ty),+) => {
        $( impl $Type {
            /// Returns the bytes, for [`MsgHdr::name`](crate::MsgHdr::name).
            pub fn as_bytes(&self) -> &[u8] {
                zerocopy::IntoBytes::as_bytes(self)
            }
        } )+
    };
}
use impl_as_bytes;

/// Returns `sa_family`, which every address begins with; `AF_UNSPEC` if there are fewer than two
/// bytes.
#[inline]
pub(crate) fn family_of(bytes: &[u8]) -> u16 {
    bytes
        .first_chunk()
        .map_or(AF_UNSPEC, |family| u16::from_ne_bytes(*family))
}

/// The error for an address of fewer than `least` bytes.
fn too_short(bytes: &[u8], least: usize) -> BadAddress {
    BadAddress {
        family: family_of(bytes),
        len: bytes.len(),
        offset: bytes.len(),
        cause: PayloadError::Length(Lengths::AtLeast(least)),
    }
}

/// The error for an address whose field at `offset` is invalid.
fn bad_value(bytes: &[u8], offset: usize) -> BadAddress {
    BadAddress {
        family: family_of(bytes),
        len: bytes.len(),
        offset,
        cause: PayloadError::Value,
    }
}

/// Reads the struct that `bytes` begin with, of which `LEAST` bytes must be there. Fields past the
/// end are zero.
pub(crate) fn read_prefix<T: FromBytes + IntoBytes, const LEAST: usize>(
    bytes: &[u8],
) -> Result<T, BadAddress> {
    if bytes.len() < LEAST {
        return Err(too_short(bytes, LEAST));
    }
    Ok(zero_extended(bytes))
}

/// Returns `bytes` up to the first NUL, or all of them if there is none.
const fn until_nul(bytes: &[u8]) -> &[u8] {
    let (mut rest, mut len) = (bytes, 0usize);
    while let [1..=u8::MAX, more @ ..] = rest {
        (rest, len) = (more, len.wrapping_add(1)); // at most the length of `bytes`
    }
    match bytes.split_at_checked(len) {
        Some((front, _)) => front,
        None => bytes,
    }
}

/// Copies `from` to the start of `to`. Returns whether it fits; if not, `to` is left in any state.
const fn copy_if_fits(from: &[u8], to: &mut [u8]) -> bool {
    let (mut from, mut to) = (from, to);
    while let [byte, more @ ..] = from {
        let [slot, rest @ ..] = to else { return false };
        *slot = *byte;
        (from, to) = (more, rest);
    }
    true
}

/// Prints an address whose family is not the one that its struct is for, or that has no struct.
fn show_other_family(out: &mut impl Printer, bytes: &[u8]) -> fmt::Result {
    show_as_bytes(out, family_name(family_of(bytes)), bytes)
}

/// Prints the family by its name, or by its number if `name` is `None`, and the rest of the address
/// as a string; one byte, which is half of a family, as a string alone.
#[inline(never)]
fn show_as_bytes(out: &mut impl Printer, name: Option<&str>, bytes: &[u8]) -> fmt::Result {
    if let [_] = bytes {
        return bytes.show(out);
    }
    out.write_str("{sa_family=")?;
    match name {
        Some(name) => out.write_str(name)?,
        None => {
            out.hex(family_of(bytes).into())?;
            out.write_str(" /* AF_??? */")?;
        }
    }
    if let Some(data @ [_, ..]) = bytes.get(size_of::<u16>()..) {
        out.write_str(", sa_data=")?;
        data.show(out)?;
    }
    out.ascii(b'}')
}

/// Prints a field that should be zero, but only if it is not. `name` precedes the value, and
/// includes the comma and the equals sign.
fn show_unless_zero(out: &mut impl Printer, name: &str, value: u16) -> fmt::Result {
    if value == 0 {
        return Ok(());
    }
    out.write_str(name)?;
    out.hex(value.into())
}
