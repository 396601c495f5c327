//! `SOL_*`: the protocols that own control messages (`linux/socket.h`). The level of a message.
#![forbid(unsafe_code)]

use crate::addr::{AF_BLUETOOTH, AF_IEEE802154, AF_ISDN};
pub use crate::arch::SOL_SOCKET;

/// Hands every level but SOL_SOCKET to the macro `$project`. Four are number 0: three of them name the
/// family of the sockets on which they are meant, and come before the one that is meant on all others.
macro_rules! levels {
    ($project:ident) => {
        $project! {
            /// Bluetooth's host controller interface.
            SOL_HCI = 0 on AF_BLUETOOTH;
            /// Low-rate wireless networks.
            SOL_IEEE802154 = 0 on AF_IEEE802154;
            /// Modular ISDN.
            SOL_MISDN = 0 on AF_ISDN;
            /// Internet protocol, version 4: `ip(7)`.
            SOL_IP = 0;
            /// Transmission control: `tcp(7)`.
            SOL_TCP = 6;
            /// User datagrams: `udp(7)`.
            SOL_UDP = 17;
            /// Internet protocol, version 6: `ipv6(7)`.
            SOL_IPV6 = 41;
            /// Raw CAN frames.
            SOL_CAN_RAW = 101;
            /// SAE J1939 over CAN.
            SOL_CAN_J1939 = 107;
            /// Stream control transmission: `sctp(7)`; also called IPPROTO_SCTP.
            SOL_SCTP = 132;
            /// Frames of a device: `packet(7)`.
            SOL_PACKET = 263;
            /// Logical link control.
            SOL_LLC = 268;
            /// Datagram congestion control; gone since Linux 6.16.
            SOL_DCCP = 269;
            /// Netlink: `netlink(7)`.
            SOL_NETLINK = 270;
            /// Transparent inter-process communication.
            SOL_TIPC = 271;
            /// RxRPC, the transport of AFS.
            SOL_RXRPC = 272;
            /// Bluetooth.
            SOL_BLUETOOTH = 274;
            /// Reliable datagrams.
            SOL_RDS = 276;
            /// Inter-user communication of z/VM.
            SOL_IUCV = 277;
            /// The kernel's cryptography.
            SOL_ALG = 279;
            /// Transport layer security in the kernel.
            SOL_TLS = 282;
            /// Sockets between virtual machines: `vsock(7)`.
            SOL_VSOCK = 287;
        }
    };
}

/// On sockets of which family a level is meant: a pattern.
macro_rules! family {
    () => {
        _
    };
    ($family:ident) => {
        $family
    };
}

macro_rules! project {
    ($( $(#[doc = $doc:literal])+ $NAME:ident = $number:literal $(on $family:ident)?; )+) => {
        $( $(#[doc = $doc])+ pub const $NAME: i32 = $number; )+

        /// A level by what it means, where its number is not enough.
        #[allow(non_camel_case_types, reason = "the levels' own names")]
        #[derive(Clone, Copy, PartialEq, Eq)]
        pub(crate) enum Owner { SOL_SOCKET, $($NAME),+ }

        /// Who owns messages of this level on sockets of this family; 0 is no family in particular.
        pub(crate) const fn owner(family: u16, level: i32) -> Option<Owner> {
            match (level, family) {
                (SOL_SOCKET, _) => Some(Owner::SOL_SOCKET),
                $( ($number, family!($($family)?)) => Some(Owner::$NAME), )+
                _ => None,
            }
        }

        /// The name of a level on sockets of this family, with a NUL behind it for C.
        pub(crate) const fn level_cname(family: u16, level: i32) -> Option<&'static str> {
            match owner(family, level) {
                Some(Owner::SOL_SOCKET) => Some("SOL_SOCKET\0"),
                $( Some(Owner::$NAME) => Some(concat!(stringify!($NAME), "\0")), )+
                None => None,
            }
        }
    };
}

levels!(project);

/// The name of a level: `SOL_SOCKET`. Of those that share number 0 it is `SOL_IP`.
pub fn level_name(level: i32) -> Option<&'static str> {
    level_name_on(0, level)
}

/// The name of a level on sockets of this family.
pub(crate) fn level_name_on(family: u16, level: i32) -> Option<&'static str> {
    level_cname(family, level)?.strip_suffix('\0')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn level_0_is_four_things() {
        let names = [0, AF_BLUETOOTH, AF_IEEE802154, AF_ISDN].map(|family| level_name_on(family, 0));
        assert_eq!(names, [Some("SOL_IP"), Some("SOL_HCI"), Some("SOL_IEEE802154"), Some("SOL_MISDN")]);
        assert_eq!((level_name_on(AF_BLUETOOTH, SOL_SOCKET), level_name(1000)), (Some("SOL_SOCKET"), None));
    }
}
