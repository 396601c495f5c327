//! Socket addresses as the kernel lays them out: one wire struct per kernel struct, one file per family.
//!
//! Each struct is plain bytes, without padding that is not a field, so that none of the caller's memory leaks
//! into a system call. Each prints as `strace(1)` does.
#![forbid(unsafe_code)]
#![allow(non_upper_case_globals, reason = "AF_DECnet is written so")]

#[macro_use]
mod families;

mod address;
mod alg;
mod be;
mod can;
mod in_addr;
mod inet;
mod netlink;
mod packet;
mod storage;
mod unix;
mod vsock;

pub use address::Address;
pub use alg::SockaddrAlg;
pub use be::{Be16, Be32};
pub use can::{CanJ1939, CanTp, SockaddrCan};
pub use in_addr::{In6Addr, InAddr};
pub(crate) use inet::SIN6_LEN_RFC2133;
pub use inet::{SockaddrIn, SockaddrIn6};
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
use core::fmt;
use zerocopy::{FromBytes, IntoBytes};

macro_rules! constants {
    ($( $doc:literal $NAME:ident = $number:literal; )+) => {
        $(
            #[doc = $doc]
            pub const $NAME: u16 = $number;
        )+

        /// The name of an address family: `AF_INET` for 2. `None` if there is none of this number.
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

families!(constants);

/// The bytes, for `MsgHdr::name`.
macro_rules! bytes_of {
    ($($Type:ty),+) => {
        $( impl $Type {
            /// The bytes, for [`MsgHdr::name`](crate::MsgHdr::name).
            pub fn as_bytes(&self) -> &[u8] {
                zerocopy::IntoBytes::as_bytes(self)
            }
        } )+
    };
}
use bytes_of;

/// `sa_family`, with which every address begins; `AF_UNSPEC` where not even that is there.
fn family_of(bytes: &[u8]) -> u16 {
    bytes
        .first_chunk()
        .map_or(AF_UNSPEC, |family| u16::from_ne_bytes(*family))
}

/// Fewer bytes than the `least` that such an address has.
fn too_short(bytes: &[u8], least: usize) -> BadAddress {
    let cause = PayloadError::Length(Lengths::AtLeast(least));
    BadAddress {
        family: family_of(bytes),
        len: bytes.len(),
        offset: bytes.len(),
        cause,
    }
}

/// A field at `offset` that holds what it cannot.
fn bad_value(bytes: &[u8], offset: usize) -> BadAddress {
    BadAddress {
        family: family_of(bytes),
        len: bytes.len(),
        offset,
        cause: PayloadError::Value,
    }
}

/// The struct that `bytes` begin with. The first `least` of them must be there; what is missing behind is zero.
fn front<T: FromBytes + IntoBytes>(bytes: &[u8], least: usize) -> Result<T, BadAddress> {
    if bytes.len() < least {
        return Err(too_short(bytes, least));
    }
    let mut value = T::new_zeroed();
    value
        .as_mut_bytes()
        .iter_mut()
        .zip(bytes)
        .for_each(|(to, from)| *to = *from);
    Ok(value)
}

/// `bytes` up to the first NUL, all of them if there is none.
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

/// Writes `from` to the front of `to`, if it fits.
const fn copy(from: &[u8], to: &mut [u8]) -> Option<()> {
    let (mut from, mut to) = (from, to);
    while let [byte, more @ ..] = from {
        let [slot, rest @ ..] = to else { return None };
        *slot = *byte;
        (from, to) = (more, rest);
    }
    Some(())
}

/// An address shown as its bytes: of no family that has a struct, or not of the family that its place is for.
fn show_bytes(out: &mut impl Printer, name: Option<&str>, bytes: &[u8]) -> fmt::Result {
    show_family(out, name, bytes)?;
    show_behind_family(out, bytes)
}

#[inline(never)]
fn show_family(out: &mut impl Printer, name: Option<&str>, bytes: &[u8]) -> fmt::Result {
    out.write_str("{sa_family=")?;
    match name {
        Some(name) => out.write_str(name),
        None => {
            out.hex(family_of(bytes).into())?;
            out.write_str(" /* AF_??? */")
        }
    }
}

#[inline(never)]
fn show_behind_family(out: &mut impl Printer, bytes: &[u8]) -> fmt::Result {
    if let Some(data @ [_, ..]) = bytes.get(size_of::<u16>()..) {
        out.write_str(", sa_data=")?;
        data.show(out)?;
    }
    out.ascii(b'}')
}

/// `, name=0x5` if the field, which is to be zero, is not.
fn show_unless_zero(out: &mut impl Printer, name: &str, value: u16) -> fmt::Result {
    if value == 0 {
        return Ok(());
    }
    out.write_str(name)?;
    out.hex(value.into())
}
