// SPDX-License-Identifier: MIT OR Apache-2.0
// The levels: the protocols that control messages belong to (linux/socket.h), one row each.
//
//     /// What it is.
//     NAME = number;                    or: NAME = number on FAMILY;
//
// Four levels are number 0. Three of them belong to the sockets of one address family, named after
// `on`; they stand before SOL_IP, which is meant on all other sockets. SOL_SOCKET differs by
// architecture and stands in arch.rs.
//
// Data only, no `use`: build.rs reads this file as well.

/// Hands every level but SOL_SOCKET to the macro `$callback`.
#[allow(
    unused_macros,
    reason = "some of those who include this file need the messages only"
)]
macro_rules! levels {
    ($callback:ident) => {
        $callback! {
        /// Bluetooth's host controller interface.
        SOL_HCI = 0 on AF_BLUETOOTH;
        /// Low-rate wireless networks.
        SOL_IEEE802154 = 0 on AF_IEEE802154;
        /// Modular ISDN; gone since Linux 7.1.
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
