// SPDX-License-Identifier: MIT OR Apache-2.0
//! Bluetooth: kernel `include/net/bluetooth/bluetooth.h` and `l2cap.h`. BlueZ has them as
//! `bluetooth/bluetooth.h` and `bluetooth/l2cap.h`.
#![forbid(unsafe_code)]

use super::{AF_BLUETOOTH, Le16, impl_as_bytes, read_prefix, show_other_family};
use crate::error::BadAddress;
use crate::show::{Printer, Show};
use core::fmt;
use core::mem::offset_of;
use core::ops::RangeInclusive;
use zerocopy::{FromBytes, Immutable, IntoBytes};

/// `l2_bdaddr_type` of a device with classic Bluetooth.
pub const BDADDR_BREDR: u8 = 0;
/// `l2_bdaddr_type` of a device with Bluetooth Low Energy that has a public address.
pub const BDADDR_LE_PUBLIC: u8 = 1;
/// `l2_bdaddr_type` of a device with Bluetooth Low Energy that has a random address.
pub const BDADDR_LE_RANDOM: u8 = 2;

/// `struct sockaddr_l2`: a device, and a service or channel of L2CAP on it.
///
/// The kernel takes any length from 2 on, with zeros for what is missing, and returns all 14 bytes.
///
/// ```
/// use ancil::addr::{BDADDR_LE_PUBLIC, SockaddrL2};
/// let att = SockaddrL2::with_cid([0x9a, 0x31, 0x07, 0xdc, 0x1b, 0x00], BDADDR_LE_PUBLIC, 4);
/// assert_eq!((att.l2_cid.get(), att.as_bytes().len()), (4, 14));
/// ```
#[doc(alias = "sockaddr_l2")]
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, FromBytes, IntoBytes, Immutable)]
#[repr(C)]
pub struct SockaddrL2 {
    /// `AF_BLUETOOTH`.
    pub l2_family: u16,
    /// Number of the service, PSM; 0 for a channel with a fixed number.
    pub l2_psm: Le16,
    /// Address of the device, least significant byte first: the reverse of how it is written. Zero
    /// for any adapter of this machine, for `bind(2)`.
    pub l2_bdaddr: [u8; 6],
    /// Number of the channel, CID; 0 if `l2_psm` names a service.
    pub l2_cid: Le16,
    /// Type of the address: `BDADDR_*`.
    pub l2_bdaddr_type: u8,
    /// Padding, zero.
    pub pad: u8,
}

const _: () = assert!(size_of::<SockaddrL2>() == 14);
const _: () = assert!(offset_of!(SockaddrL2, l2_cid) == 10);

/// Length of `struct sockaddr_l2` without the type of the address, which Linux before 3.5 lacks.
const LEAST: usize = offset_of!(SockaddrL2, l2_bdaddr_type);

impl_as_bytes!(SockaddrL2);

impl SockaddrL2 {
    /// The lengths that distinguish this struct from the others of `AF_BLUETOOTH`: HCI's has 6
    /// bytes, SCO's 8, RFCOMM's and ISO's 10, and that of an ISO broadcast 50.
    pub(super) const LENGTHS: RangeInclusive<usize> = LEAST..=size_of::<Self>();

    /// Returns the address of a service. The device is given least significant byte first.
    ///
    /// ```
    /// use ancil::addr::{BDADDR_BREDR, SockaddrL2};
    ///
    /// let mut device = [0x00, 0x1b, 0xdc, 0x07, 0x31, 0x9a]; // 00:1B:DC:07:31:9A
    /// device.reverse();
    /// let sdp = SockaddrL2::new(device, BDADDR_BREDR, 1);
    /// assert_eq!(sdp.l2_psm.get(), 1);
    /// ```
    pub const fn new(l2_bdaddr: [u8; 6], l2_bdaddr_type: u8, psm: u16) -> Self {
        Self {
            l2_family: AF_BLUETOOTH,
            l2_psm: Le16::new(psm),
            l2_bdaddr,
            l2_cid: Le16::new(0),
            l2_bdaddr_type,
            pad: 0,
        }
    }

    /// Returns the address of a channel with a fixed number, such as 4 for ATT. The device is given
    /// least significant byte first.
    pub const fn with_cid(l2_bdaddr: [u8; 6], l2_bdaddr_type: u8, cid: u16) -> Self {
        Self {
            l2_cid: Le16::new(cid),
            ..Self::new(l2_bdaddr, l2_bdaddr_type, 0)
        }
    }

    pub(super) fn parse(bytes: &[u8]) -> Result<Self, BadAddress> {
        read_prefix::<Self, LEAST>(bytes)
    }
}

/// Prints the device in the order of its bytes, as `strace(1)` does.
impl Show for SockaddrL2 {
    fn show(&self, out: &mut impl Printer) -> fmt::Result {
        if self.l2_family != AF_BLUETOOTH {
            return show_other_family(out, self.as_bytes());
        }
        out.write_str("{sa_family=AF_BLUETOOTH, l2_psm=")?;
        self.l2_psm.show(out)?;
        let mut before = ", l2_bdaddr=";
        for byte in self.l2_bdaddr {
            out.write_str(before)?;
            before = ":";
            out.hex_digits(byte.into(), 2)?;
        }
        out.write_str(", l2_cid=")?;
        self.l2_cid.show(out)?;
        out.write_str(", l2_bdaddr_type=")?;
        match self.l2_bdaddr_type {
            BDADDR_BREDR => out.write_str("BDADDR_BREDR"),
            BDADDR_LE_PUBLIC => out.write_str("BDADDR_LE_PUBLIC"),
            BDADDR_LE_RANDOM => out.write_str("BDADDR_LE_RANDOM"),
            other => {
                out.hex(other.into())?;
                out.write_str(" /* BDADDR_??? */")
            }
        }?;
        out.ascii(b'}')
    }
}

displayed!(SockaddrL2);

#[cfg(test)]
mod tests {
    use super::*;
    use crate::addr::Address;
    use std::string::ToString;

    const DEVICE: [u8; 6] = [0x9a, 0x31, 7, 0xdc, 0x1b, 0];

    #[test]
    fn the_length_tells_the_protocol() {
        let addr = SockaddrL2::with_cid(DEVICE, BDADDR_LE_RANDOM, 4);
        let bytes = [addr.as_bytes(), &[0; 60]].concat();
        for len in 2..bytes.len() {
            let cut = &bytes[..len];
            let expected = match len {
                12 => SockaddrL2 {
                    l2_bdaddr_type: 0,
                    ..addr
                }
                .into(),
                13 | 14 => addr.into(),
                _ => Address::Unknown(cut),
            };
            assert_eq!(Address::parse(cut), Ok(expected), "{len}");
        }
    }

    #[test]
    fn numbers_are_little_endian() {
        let addr = SockaddrL2::new(DEVICE, BDADDR_BREDR, 0x1001);
        assert_eq!(
            addr.as_bytes()[2..10],
            [1, 0x10, 0x9a, 0x31, 7, 0xdc, 0x1b, 0]
        );
        assert_eq!(
            SockaddrL2::with_cid(DEVICE, 0, 0x40).as_bytes()[10..],
            [0x40, 0, 0, 0]
        );
    }

    #[test]
    fn every_field_is_shown() {
        assert_eq!(
            SockaddrL2::new(DEVICE, BDADDR_LE_PUBLIC, 1).to_string(),
            "{sa_family=AF_BLUETOOTH, l2_psm=htobs(1), l2_bdaddr=9a:31:07:dc:1b:00, \
             l2_cid=htobs(0), l2_bdaddr_type=BDADDR_LE_PUBLIC}"
        );
        let odd = SockaddrL2::with_cid(DEVICE, 9, 4).to_string();
        assert!(odd.ends_with("l2_cid=htobs(4), l2_bdaddr_type=0x9 /* BDADDR_??? */}"));
    }
}
