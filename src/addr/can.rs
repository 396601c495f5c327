// SPDX-License-Identifier: MIT OR Apache-2.0
//! Controller area network: kernel `include/uapi/linux/can.h` and
//! `Documentation/networking/can.rst`.
#![forbid(unsafe_code)]

use super::{AF_CAN, impl_as_bytes, show_other_family};
use crate::show::{Printer, Show};
use core::fmt;
use core::mem::offset_of;
use zerocopy::{FromBytes, Immutable, IntoBytes};

/// `struct sockaddr_can`: an interface and, for some protocols, an address on it.
///
/// The kernel requires 8 bytes for `CAN_RAW` and `CAN_BCM`: all fields up to the interface. It
/// requires 16 bytes for `CAN_ISOTP` and 24 for `CAN_J1939`.
///
/// ```
/// use ancil::addr::{CanJ1939, CanTp, SockaddrCan};
///
/// assert_eq!(SockaddrCan::new(3).as_bytes().len(), 24); // all frames of interface 3
/// let tp = CanTp { rx_id: 0x123, tx_id: 0x456 };
/// assert_eq!(SockaddrCan::with_tp(3, tp).tp(), tp);
/// let j1939 = CanJ1939 { name: 0, pgn: 0x1_ff00, addr: 0x20 };
/// assert_eq!(SockaddrCan::with_j1939(3, j1939).j1939(), j1939);
/// ```
#[doc(alias = "sockaddr_can")]
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, FromBytes, IntoBytes, Immutable)]
#[repr(C)]
pub struct SockaddrCan {
    /// `AF_CAN`.
    pub can_family: u16,
    /// Padding, zero.
    pub pad: [u8; 2],
    /// Index of the interface; 0 for all interfaces.
    pub can_ifindex: i32,
    /// A union: `tp` or `j1939`, depending on the protocol of the socket.
    pub can_addr: [u8; 16],
}

/// The identifiers in an address of `CAN_ISOTP`: ISO 15765-2.
///
/// ```
/// use ancil::addr::{CanTp, SockaddrCan};
/// let addr = SockaddrCan::with_tp(3, CanTp { rx_id: 0x123, tx_id: 0x456 });
/// assert_eq!(addr.tp().tx_id, 0x456);
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct CanTp {
    /// Identifier of frames to receive.
    pub rx_id: u32,
    /// Identifier of frames to send.
    pub tx_id: u32,
}

/// An address of `CAN_J1939`: SAE J1939, kernel `Documentation/networking/j1939.rst`.
///
/// ```
/// use ancil::addr::{CanJ1939, SockaddrCan};
/// let addr = SockaddrCan::with_j1939(3, CanJ1939 { name: 0, pgn: 0x1_ff00, addr: 0x20 });
/// assert_eq!(addr.j1939().addr, 0x20);
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct CanJ1939 {
    /// Name of the device; 0 if it has none.
    pub name: u64,
    /// Parameter group number.
    pub pgn: u32,
    /// Address on the bus.
    pub addr: u8,
}

const _: () = assert!(size_of::<SockaddrCan>() == 24);
const _: () =
    assert!(offset_of!(SockaddrCan, can_ifindex) == 4 && offset_of!(SockaddrCan, can_addr) == 8);

impl_as_bytes!(SockaddrCan);

impl SockaddrCan {
    /// Returns the address of an interface, for `CAN_RAW` and `CAN_BCM`.
    pub const fn new(can_ifindex: i32) -> Self {
        Self {
            can_family: AF_CAN,
            pad: [0; 2],
            can_ifindex,
            can_addr: [0; 16],
        }
    }

    /// Returns an address with identifiers of `CAN_ISOTP` on an interface.
    pub const fn with_tp(can_ifindex: i32, tp: CanTp) -> Self {
        let ([a, b, c, d], [e, f, g, h]) = (tp.rx_id.to_ne_bytes(), tp.tx_id.to_ne_bytes());
        Self {
            can_addr: [a, b, c, d, e, f, g, h, 0, 0, 0, 0, 0, 0, 0, 0],
            ..Self::new(can_ifindex)
        }
    }

    /// Returns an address of `CAN_J1939` on an interface.
    pub const fn with_j1939(can_ifindex: i32, j1939: CanJ1939) -> Self {
        let ([a, b, c, d, e, f, g, h], [i, j, k, l]) =
            (j1939.name.to_ne_bytes(), j1939.pgn.to_ne_bytes());
        Self {
            can_addr: [a, b, c, d, e, f, g, h, i, j, k, l, j1939.addr, 0, 0, 0],
            ..Self::new(can_ifindex)
        }
    }

    /// Returns `can_addr.tp`, which is valid if the protocol of the socket is `CAN_ISOTP`.
    pub const fn tp(&self) -> CanTp {
        let [a, b, c, d, e, f, g, h, ..] = self.can_addr;
        CanTp {
            rx_id: u32::from_ne_bytes([a, b, c, d]),
            tx_id: u32::from_ne_bytes([e, f, g, h]),
        }
    }

    /// Returns `can_addr.j1939`, which is valid if the protocol of the socket is `CAN_J1939`.
    pub const fn j1939(&self) -> CanJ1939 {
        let [a, b, c, d, e, f, g, h, i, j, k, l, addr, ..] = self.can_addr;
        CanJ1939 {
            name: u64::from_ne_bytes([a, b, c, d, e, f, g, h]),
            pgn: u32::from_ne_bytes([i, j, k, l]),
            addr,
        }
    }
}

/// Prints `can_addr` as a string, because the address does not tell which member of the union is
/// valid.
impl Show for SockaddrCan {
    fn show(&self, out: &mut impl Printer) -> fmt::Result {
        if self.can_family != AF_CAN {
            return show_other_family(out, self.as_bytes());
        }
        out.write_str("{sa_family=AF_CAN, can_ifindex=")?;
        (self.can_ifindex as u32).show(out)?; // unsigned, as strace prints indices of interfaces
        if self.can_addr != [0; 16] {
            out.write_str(", can_addr=")?;
            self.can_addr.as_slice().show(out)?;
        }
        out.ascii(b'}')
    }
}

displayed!(SockaddrCan);

#[cfg(test)]
mod tests {
    use super::*;
    use std::string::ToString;

    #[test]
    fn the_union_has_two_members() {
        let tp = CanTp {
            rx_id: 0x123,
            tx_id: 0x8000_0456,
        };
        assert_eq!(SockaddrCan::with_tp(3, tp).tp(), tp);
        let j1939 = CanJ1939 {
            name: 0x0102_0304_0506_0708,
            pgn: 0x1_ff00,
            addr: 0xfe,
        };
        let addr = SockaddrCan::with_j1939(3, j1939);
        assert_eq!((addr.j1939(), addr.can_ifindex), (j1939, 3));
        assert_eq!(
            (addr.as_bytes()[8..16].to_vec(), addr.as_bytes()[20]),
            (j1939.name.to_ne_bytes().to_vec(), 0xfe)
        );
    }

    #[test]
    fn a_union_of_zeros_is_not_shown() {
        assert_eq!(
            SockaddrCan::new(3).to_string(),
            "{sa_family=AF_CAN, can_ifindex=3}"
        );
        let addr = SockaddrCan {
            can_addr: *b"abcdefghijklmnop",
            ..SockaddrCan::new(3)
        };
        assert_eq!(
            addr.to_string(),
            "{sa_family=AF_CAN, can_ifindex=3, can_addr=\"abcdefghijklmnop\"}"
        );
    }
}
