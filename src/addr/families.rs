// SPDX-License-Identifier: MIT OR Apache-2.0
//! The address families of Linux: kernel `include/linux/socket.h`. Only data: the tests include
//! this file, too.
#![forbid(unsafe_code)]

/// Passes every family to the macro `$callback`: its documentation, its constant and its number.
macro_rules! families {
    ($callback:ident) => {
        $callback! {
            "No family. `connect(2)` to it dissolves an association." AF_UNSPEC = 0;
            "Sockets within one machine: `unix(7)`." AF_UNIX = 1;
            "Internet protocol version 4: `ip(7)`." AF_INET = 2;
            "Amateur radio AX.25." AF_AX25 = 3;
            "Novell IPX." AF_IPX = 4;
            "AppleTalk DDP: `ddp(7)`." AF_APPLETALK = 5;
            "Amateur radio NET/ROM." AF_NETROM = 6;
            "Multiprotocol bridge." AF_BRIDGE = 7;
            "ATM permanent virtual circuits." AF_ATMPVC = 8;
            "X.25: `x25(7)`." AF_X25 = 9;
            "Internet protocol version 6: `ipv6(7)`." AF_INET6 = 10;
            "Amateur radio X.25 PLP." AF_ROSE = 11;
            "DECnet." AF_DECnet = 12;
            "802.2 LLC, reserved." AF_NETBEUI = 13;
            "Security callbacks, reserved." AF_SECURITY = 14;
            "Key management." AF_KEY = 15;
            "Messages to and from the kernel: `netlink(7)`." AF_NETLINK = 16;
            "Frames of a network interface: `packet(7)`." AF_PACKET = 17;
            "Ash." AF_ASH = 18;
            "Acorn Econet." AF_ECONET = 19;
            "ATM switched virtual circuits." AF_ATMSVC = 20;
            "Reliable datagram sockets: kernel `Documentation/networking/rds.rst`." AF_RDS = 21;
            "SNA." AF_SNA = 22;
            "Infrared." AF_IRDA = 23;
            "PPP over anything." AF_PPPOX = 24;
            "Wanpipe." AF_WANPIPE = 25;
            "802.2 LLC." AF_LLC = 26;
            "InfiniBand addresses." AF_IB = 27;
            "MPLS." AF_MPLS = 28;
            "Controller area network: kernel `Documentation/networking/can.rst`." AF_CAN = 29;
            "TIPC: `tipc(7)`." AF_TIPC = 30;
            "Bluetooth." AF_BLUETOOTH = 31;
            "IUCV of z/VM." AF_IUCV = 32;
            "RxRPC: kernel `Documentation/networking/rxrpc.rst`." AF_RXRPC = 33;
            "Modular ISDN." AF_ISDN = 34;
            "Phonet." AF_PHONET = 35;
            "Low-rate wireless networks." AF_IEEE802154 = 36;
            "Ericsson CAIF." AF_CAIF = 37;
            "Ciphers of the kernel: kernel `Documentation/crypto/userspace-if.rst`." AF_ALG = 38;
            "Near-field communication." AF_NFC = 39;
            "Sockets between virtual machines and their host: `vsock(7)`." AF_VSOCK = 40;
            "Kernel connection multiplexor." AF_KCM = 41;
            "Qualcomm IPC router." AF_QIPCRTR = 42;
            "Shared memory communication." AF_SMC = 43;
            "Express data path: `bpf(2)`." AF_XDP = 44;
            "Management component transport." AF_MCTP = 45;
        }
    };
}
