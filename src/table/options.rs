// SPDX-License-Identifier: MIT OR Apache-2.0
// The socket options that switch control messages on, one row each.
//
//     NAME = LEVEL, number, number on sparc, what it takes (a variant of OptionValue);
//
// SO_PASSCRED has more than two numbers: arch.rs. Data only, no `use`.

/// Hands every option to the macro `$callback`.
macro_rules! options {
    ($callback:ident) => {
        $callback! {
        SO_PASSCRED = SOL_SOCKET, arch::SO_PASSCRED, 2, Switch;
        SO_PASSSEC = SOL_SOCKET, 34, 31, Switch;
        SO_PASSPIDFD = SOL_SOCKET, 76, 85, Switch;
        SO_PASSRIGHTS = SOL_SOCKET, 83, 92, DefaultOn;
        SO_RCVPRIORITY = SOL_SOCKET, 82, 91, Switch;
        SO_TIMESTAMP = SOL_SOCKET, 29, 29, Switch;
        SO_TIMESTAMPNS = SOL_SOCKET, 35, 33, Switch;
        SO_RCVMARK = SOL_SOCKET, 75, 84, Switch;
        SO_TIMESTAMPING = SOL_SOCKET, 37, 35, Flags;
        SO_RXQ_OVFL = SOL_SOCKET, 40, 36, Switch;
        SO_WIFI_STATUS = SOL_SOCKET, 41, 37, Switch;
        SO_TXTIME = SOL_SOCKET, 61, 63, Struct;
        SO_TIMESTAMP_NEW = SOL_SOCKET, 63, 70, Switch;
        SO_TIMESTAMPNS_NEW = SOL_SOCKET, 64, 66, Switch;
        SO_TIMESTAMPING_NEW = SOL_SOCKET, 65, 67, Flags;
        SO_INQ = SOL_SOCKET, 84, 93, Switch;
        IP_RECVTOS = SOL_IP, 13, 13, Switch;
        IP_RECVTTL = SOL_IP, 12, 12, Switch;
        IP_PASSSEC = SOL_IP, 18, 18, Switch;
        IP_RECVOPTS = SOL_IP, 6, 6, Switch;
        IP_RETOPTS = SOL_IP, 7, 7, Switch;
        IP_PKTINFO = SOL_IP, 8, 8, Switch;
        IP_RECVERR = SOL_IP, 11, 11, Switch;
        IP_RECVORIGDSTADDR = SOL_IP, 20, 20, Switch;
        IP_CHECKSUM = SOL_IP, 23, 23, Switch;
        IP_RECVFRAGSIZE = SOL_IP, 25, 25, Switch;
        IPV6_2292PKTINFO = SOL_IPV6, 2, 2, Switch;
        IPV6_2292HOPOPTS = SOL_IPV6, 3, 3, Switch;
        IPV6_2292DSTOPTS = SOL_IPV6, 4, 4, Switch;
        IPV6_2292RTHDR = SOL_IPV6, 5, 5, Switch;
        IPV6_2292HOPLIMIT = SOL_IPV6, 8, 8, Switch;
        IPV6_FLOWINFO = SOL_IPV6, 11, 11, Switch;
        IPV6_RECVERR = SOL_IPV6, 25, 25, Switch;
        IPV6_RECVPKTINFO = SOL_IPV6, 49, 49, Switch;
        IPV6_RECVHOPLIMIT = SOL_IPV6, 51, 51, Switch;
        IPV6_RECVHOPOPTS = SOL_IPV6, 53, 53, Switch;
        IPV6_RECVRTHDR = SOL_IPV6, 56, 56, Switch;
        IPV6_RECVDSTOPTS = SOL_IPV6, 58, 58, Switch;
        IPV6_RECVPATHMTU = SOL_IPV6, 60, 60, Switch;
        IPV6_RECVTCLASS = SOL_IPV6, 66, 66, Switch;
        IPV6_RECVORIGDSTADDR = SOL_IPV6, 74, 74, Switch;
        IPV6_RECVFRAGSIZE = SOL_IPV6, 77, 77, Switch;
        UDP_GRO = SOL_UDP, 104, 104, Switch;
        TCP_INQ = SOL_TCP, 36, 36, Switch;
        SCTP_EVENTS = SOL_SCTP, 11, 11, Byte;
        SCTP_RECVRCVINFO = SOL_SCTP, 32, 32, Switch;
        SCTP_RECVNXTINFO = SOL_SCTP, 33, 33, Switch;
        RDS_RECVERR = SOL_RDS, 5, 5, Switch;
        RDS_CONG_MONITOR = SOL_RDS, 6, 6, Switch;
        SO_RDS_MSG_RXPATH_LATENCY = SOL_RDS, 10, 10, Struct;
        SO_ZEROCOPY = SOL_SOCKET, 60, 62, Switch;
        RXRPC_MANAGE_RESPONSE = SOL_RXRPC, 7, 7, Switch;
        NETLINK_PKTINFO = SOL_NETLINK, 3, 3, Switch;
        NETLINK_LISTEN_ALL_NSID = SOL_NETLINK, 8, 8, Switch;
        PACKET_AUXDATA = SOL_PACKET, 8, 8, Switch;
        HCI_DATA_DIR = SOL_HCI, 1, 1, Switch;
        HCI_TIME_STAMP = SOL_HCI, 3, 3, Switch;
        BT_PKT_STATUS = SOL_BLUETOOTH, 16, 16, Switch;
        BT_PKT_SEQNUM = SOL_BLUETOOTH, 22, 22, Switch;
        SO_J1939_ERRQUEUE = SOL_CAN_J1939, 4, 4, Switch;
        LLC_OPT_PKTINFO = SOL_LLC, 9, 9, Switch;
        WPAN_WANTLQI = SOL_IEEE802154, 3, 3, Switch;
        MISDN_TIME_STAMP = SOL_MISDN, 1, 1, Switch;
        DCCP_SOCKOPT_QPOLICY_ID = SOL_DCCP, 16, 16, Switch;
        }
    };
}
