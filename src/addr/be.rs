// SPDX-License-Identifier: MIT OR Apache-2.0
//! Integers whose byte order is the same on every machine: network byte order, with the most
//! significant byte first, and the reverse, which Bluetooth has.
#![forbid(unsafe_code)]

use crate::show::{Printer, Show};
use core::fmt;
use zerocopy::{FromBytes, Immutable, IntoBytes};

/// `__be16`: a 16-bit integer in network byte order.
///
/// ```
/// use ancil::addr::Be16;
/// assert_eq!((Be16::new(53).get(), Be16::new(53).to_string()), (53, "53".into()));
/// ```
#[doc(alias = "__be16")]
#[derive(Clone, Copy, Default, PartialEq, Eq, Hash, FromBytes, IntoBytes, Immutable)]
#[repr(transparent)]
pub struct Be16(u16);

/// `__be32`: a 32-bit integer in network byte order.
///
/// ```
/// use ancil::addr::Be32;
/// assert_eq!(Be32::new(0x7f00_0001).get(), 0x7f00_0001);
/// ```
#[doc(alias = "__be32")]
#[derive(Clone, Copy, Default, PartialEq, Eq, Hash, FromBytes, IntoBytes, Immutable)]
#[repr(transparent)]
pub struct Be32(u32);

/// `__le16`: a 16-bit integer with the least significant byte first.
///
/// ```
/// use ancil::addr::Le16;
/// assert_eq!(Le16::new(25).get(), 25);
/// ```
#[doc(alias = "__le16")]
#[derive(Clone, Copy, Default, PartialEq, Eq, Hash, FromBytes, IntoBytes, Immutable)]
#[repr(transparent)]
pub struct Le16(u16);

impl Be16 {
    /// Converts from this machine's byte order: `htons(3)`.
    #[doc(alias = "htons")]
    pub const fn new(n: u16) -> Self {
        Self(n.to_be())
    }

    /// Converts to this machine's byte order: `ntohs(3)`.
    #[doc(alias = "ntohs")]
    pub const fn get(self) -> u16 {
        u16::from_be(self.0)
    }
}

impl Be32 {
    /// Converts from this machine's byte order: `htonl(3)`.
    #[doc(alias = "htonl")]
    pub const fn new(n: u32) -> Self {
        Self(n.to_be())
    }

    /// Converts to this machine's byte order: `ntohl(3)`.
    #[doc(alias = "ntohl")]
    pub const fn get(self) -> u32 {
        u32::from_be(self.0)
    }
}

impl Le16 {
    /// Converts from this machine's byte order: BlueZ's `htobs`.
    #[doc(alias = "htobs")]
    pub const fn new(n: u16) -> Self {
        Self(n.to_le())
    }

    /// Converts to this machine's byte order: BlueZ's `btohs`.
    #[doc(alias = "btohs")]
    pub const fn get(self) -> u16 {
        u16::from_le(self.0)
    }
}

/// Formats the integers as plain numbers.
macro_rules! impl_fmt {
    ($($Trait:ident for $Type:ident),+) => {
        $( impl fmt::$Trait for $Type {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                fmt::$Trait::fmt(&self.get(), f)
            }
        } )+
    };
}

impl_fmt!(Debug for Be16, Display for Be16, Debug for Be32, Display for Be32);
impl_fmt!(Debug for Le16, Display for Le16);

impl Show for Be16 {
    #[inline(never)]
    fn show(&self, out: &mut impl Printer) -> fmt::Result {
        out.write_str("htons(")?;
        self.get().show(out)?;
        out.ascii(b')')
    }
}

impl Show for Be32 {
    const NUMBER: bool = true;

    #[inline(never)]
    fn show(&self, out: &mut impl Printer) -> fmt::Result {
        out.write_str("htonl(")?;
        self.get().show(out)?;
        out.ascii(b')')
    }
}

impl Show for Le16 {
    #[inline(never)]
    fn show(&self, out: &mut impl Printer) -> fmt::Result {
        out.write_str("htobs(")?;
        self.get().show(out)?;
        out.ascii(b')')
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_bytes_are_in_the_order_of_the_type() {
        assert_eq!(Be16::new(0x1234).as_bytes(), [0x12, 0x34]);
        assert_eq!(Be32::new(0x1234_5678).as_bytes(), [0x12, 0x34, 0x56, 0x78]);
        assert_eq!((Be16::new(80).get(), Be32::new(7).get()), (80, 7));
        assert_eq!(Le16::new(0x1234).as_bytes(), [0x34, 0x12]);
        assert_eq!(Le16::new(80).get(), 80);
        assert_eq!(std::format!("{} {:?}", Be16::new(80), Be32::new(7)), "80 7");
    }
}
