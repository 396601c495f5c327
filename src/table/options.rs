// The socket options that switch control messages on, one row each.
//
//     NAME = LEVEL, number, number on sparc;
//
// SO_PASSCRED has more than two numbers: arch.rs. Data only, no `use`.

/// Hands every option to the macro `$callback`.
macro_rules! options {
    ($callback:ident) => {
        $callback! {
        SO_PASSCRED = SOL_SOCKET, arch::SO_PASSCRED, 2;
        SO_PASSSEC = SOL_SOCKET, 34, 31;
        SO_PASSPIDFD = SOL_SOCKET, 76, 85;
        SO_RCVPRIORITY = SOL_SOCKET, 82, 91;
        SO_TIMESTAMP = SOL_SOCKET, 29, 29;
        SO_TIMESTAMPNS = SOL_SOCKET, 35, 33;
        SO_RCVMARK = SOL_SOCKET, 75, 84;
        SO_TIMESTAMPING = SOL_SOCKET, 37, 35;
        SO_RXQ_OVFL = SOL_SOCKET, 40, 36;
        SO_WIFI_STATUS = SOL_SOCKET, 41, 37;
        SO_TXTIME = SOL_SOCKET, 61, 63;
        SO_TIMESTAMP_NEW = SOL_SOCKET, 63, 70;
        SO_TIMESTAMPNS_NEW = SOL_SOCKET, 64, 66;
        SO_TIMESTAMPING_NEW = SOL_SOCKET, 65, 67;
        SO_INQ = SOL_SOCKET, 84, 93;
        IP_RECVTOS = SOL_IP, 13, 13;
        IP_RECVTTL = SOL_IP, 12, 12;
        IP_PASSSEC = SOL_IP, 18, 18;
        IP_RECVOPTS = SOL_IP, 6, 6;
        IP_RETOPTS = SOL_IP, 7, 7;
        IP_PKTINFO = SOL_IP, 8, 8;
        IP_RECVERR = SOL_IP, 11, 11;
        IP_RECVORIGDSTADDR = SOL_IP, 20, 20;
        IP_CHECKSUM = SOL_IP, 23, 23;
        IP_RECVFRAGSIZE = SOL_IP, 25, 25;
        IPV6_2292PKTINFO = SOL_IPV6, 2, 2;
        IPV6_2292HOPOPTS = SOL_IPV6, 3, 3;
        IPV6_2292DSTOPTS = SOL_IPV6, 4, 4;
        IPV6_2292RTHDR = SOL_IPV6, 5, 5;
        IPV6_2292HOPLIMIT = SOL_IPV6, 8, 8;
        IPV6_FLOWINFO = SOL_IPV6, 11, 11;
        IPV6_RECVERR = SOL_IPV6, 25, 25;
        IPV6_RECVPKTINFO = SOL_IPV6, 49, 49;
        IPV6_RECVHOPLIMIT = SOL_IPV6, 51, 51;
        IPV6_RECVHOPOPTS = SOL_IPV6, 53, 53;
        IPV6_RECVRTHDR = SOL_IPV6, 56, 56;
        IPV6_RECVDSTOPTS = SOL_IPV6, 58, 58;
        IPV6_RECVPATHMTU = SOL_IPV6, 60, 60;
        IPV6_RECVTCLASS = SOL_IPV6, 66, 66;
        IPV6_RECVORIGDSTADDR = SOL_IPV6, 74, 74;
        IPV6_RECVFRAGSIZE = SOL_IPV6, 77, 77;
        UDP_GRO = SOL_UDP, 104, 104;
        TCP_INQ = SOL_TCP, 36, 36;
        SCTP_EVENTS = SOL_SCTP, 11, 11;
        SCTP_RECVRCVINFO = SOL_SCTP, 32, 32;
        SCTP_RECVNXTINFO = SOL_SCTP, 33, 33;
        RDS_RECVERR = SOL_RDS, 5, 5;
        RDS_CONG_MONITOR = SOL_RDS, 6, 6;
        SO_RDS_MSG_RXPATH_LATENCY = SOL_RDS, 10, 10;
        SO_ZEROCOPY = SOL_SOCKET, 60, 62;
        RXRPC_MANAGE_RESPONSE = SOL_RXRPC, 7, 7;
        NETLINK_PKTINFO = SOL_NETLINK, 3, 3;
        NETLINK_LISTEN_ALL_NSID = SOL_NETLINK, 8, 8;
        PACKET_AUXDATA = SOL_PACKET, 8, 8;
        HCI_DATA_DIR = SOL_HCI, 1, 1;
        HCI_TIME_STAMP = SOL_HCI, 3, 3;
        BT_PKT_STATUS = SOL_BLUETOOTH, 16, 16;
        BT_PKT_SEQNUM = SOL_BLUETOOTH, 22, 22;
        SO_J1939_ERRQUEUE = SOL_CAN_J1939, 4, 4;
        LLC_OPT_PKTINFO = SOL_LLC, 9, 9;
        WPAN_WANTLQI = SOL_IEEE802154, 3, 3;
        MISDN_TIME_STAMP = SOL_MISDN, 1, 1;
        DCCP_SOCKOPT_QPOLICY_ID = SOL_DCCP, 16, 16;
        }
    };
}
