// THE TABLES: the levels, then every control message that Linux knows, one row each, data only.
//
//     /// What it is.
//     NAME = level, type, direction(payload), Variant, "what switches it on", "where it comes from";
//
// `type` is the number; `N (sparc M)` where sparc has another. `direction` is how the kernel treats it: `both`,
// `recv` (only ever handed out) or `send` (only ever accepted). `payload` is what it decodes to; a second type says
// what is sent, where that differs. A row whose printed name is not its identifier ends in `, as "NAME"`.
//
// No `use`, no function: build.rs reads this file too, for the constants of the C header.

/// Hands every level but SOL_SOCKET to the macro `$project`. Four are number 0: three of them name the
/// family of the sockets on which they are meant, and come before the one that is meant on all others.
#[allow(
    unused_macros,
    reason = "who includes this file may want one of the two"
)]
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

/// Hands every message to the macro `$project`.
#[allow(
    unused_macros,
    reason = "who includes this file may want one of the two"
)]
macro_rules! catalogue {
    ($project:ident) => {
        $project! {
            /// Open descriptors for the receiver, at most 253 in all messages of one send.
            SCM_RIGHTS = SOL_SOCKET, 1, both([i32]), Rights, "on unless SO_PASSRIGHTS is 0", "unix(7)";
            /// Process, user and group id of the sender, as the kernel vouches.
            SCM_CREDENTIALS = SOL_SOCKET, 2, both(Ucred), Credentials, "SO_PASSCRED", "unix(7)";
            /// Security label of the sender.
            SCM_SECURITY = SOL_SOCKET, 3, recv(Bytes), Security, "SO_PASSSEC", "unix(7)";
            /// A descriptor of the sender's process, or a negative error number.
            SCM_PIDFD = SOL_SOCKET, 4, recv(Pidfd), Pidfd, "SO_PASSPIDFD", "net/core/scm.c, Linux 6.5";
            /// Priority of the packet, 0 to 6 without privilege.
            SO_PRIORITY = SOL_SOCKET, 12, both(u32), Priority, "SO_RCVPRIORITY", "net/core/sock.c, Linux 6.14";
            /// Time of arrival in microseconds, in the word size of the process.
            SO_TIMESTAMP_OLD = SOL_SOCKET, 29, recv(OldTimeval), TimestampOld, "SO_TIMESTAMP", "socket(7)";
            /// Time of arrival in nanoseconds, in the word size of the process.
            SO_TIMESTAMPNS_OLD = SOL_SOCKET, 35 (sparc 33), recv(Timespec), TimestampNsOld, "SO_TIMESTAMPNS", "timestamping.rst, Linux 2.6.22";
            /// Firewall mark of the packet; to send one takes CAP_NET_RAW or CAP_NET_ADMIN.
            SO_MARK = SOL_SOCKET, 36 (sparc 34), both(u32), Mark, "SO_RCVMARK", "net/core/sock.c, Linux 5.19";
            /// Three times of one packet, in the word size of the process; as sent, the flags that ask for them.
            SO_TIMESTAMPING_OLD = SOL_SOCKET, 37 (sparc 35), both(Timestamping, u32), TimestampingOld, "SO_TIMESTAMPING", "timestamping.rst, Linux 2.6.30";
            /// How many packets the socket has dropped so far; absent while there were none.
            SO_RXQ_OVFL = SOL_SOCKET, 40 (sparc 36), recv(u32), RxqOvfl, "SO_RXQ_OVFL", "socket(7), Linux 2.6.33";
            /// Whether the wireless frame was acknowledged: 1 or 0. From the error queue.
            SCM_WIFI_STATUS = SOL_SOCKET, 41 (sparc 37), recv(i32), WifiStatus, "SO_WIFI_STATUS", "net/socket.c, Linux 3.3";
            /// Statistics of the TCP connection at the time of a timestamp, as netlink attributes TCP_NLA_*; of a J1939 transfer, J1939_NLA_*. From the error queue.
            SCM_TIMESTAMPING_OPT_STATS = SOL_SOCKET, 54 (sparc 56), recv(Nlattrs), OptStats, "SO_TIMESTAMPING with SOF_TIMESTAMPING_OPT_STATS", "timestamping.rst, Linux 4.10";
            /// Interface and length of a packet that has a hardware timestamp.
            SCM_TIMESTAMPING_PKTINFO = SOL_SOCKET, 58 (sparc 60), recv(ScmTsPktinfo), TimestampingPktinfo, "SO_TIMESTAMPING with SOF_TIMESTAMPING_OPT_PKTINFO", "timestamping.rst, Linux 4.13";
            /// When the packet is to leave, in nanoseconds of the clock that SO_TXTIME named.
            SCM_TXTIME = SOL_SOCKET, 61 (sparc 63), send(u64), Txtime, "SO_TXTIME", "net/core/sock.c, Linux 4.19";
            /// Time of arrival in microseconds, in 64 bits on every machine.
            SO_TIMESTAMP_NEW = SOL_SOCKET, 63 (sparc 70), recv(Timeval), TimestampNew, "SO_TIMESTAMP_NEW", "timestamping.rst, Linux 5.1";
            /// Time of arrival in nanoseconds, in 64 bits on every machine.
            SO_TIMESTAMPNS_NEW = SOL_SOCKET, 64 (sparc 66), recv(Timespec), TimestampNsNew, "SO_TIMESTAMPNS_NEW", "timestamping.rst, Linux 5.1";
            /// Three times of one packet, in 64 bits on every machine; as sent, the flags that ask for them.
            SO_TIMESTAMPING_NEW = SOL_SOCKET, 65 (sparc 67), both(Timestamping, u32), TimestampingNew, "SO_TIMESTAMPING_NEW", "timestamping.rst, Linux 5.1";
            /// Bytes that were copied into the ordinary buffer instead of device memory.
            SCM_DEVMEM_LINEAR = SOL_SOCKET, 78 (sparc 87), recv(DmabufCmsg), DevmemLinear, "MSG_SOCK_DEVMEM", "devmem.rst, Linux 6.12";
            /// Bytes that arrived in device memory; as sent, the id of the buffer to send from (Linux 6.16).
            SCM_DEVMEM_DMABUF = SOL_SOCKET, 79 (sparc 88), both(Devmem, u32), DevmemDmabuf, "MSG_SOCK_DEVMEM", "devmem.rst, Linux 6.12";
            /// The key that the timestamps of this packet are to bear.
            SCM_TS_OPT_ID = SOL_SOCKET, 81 (sparc 90), send(u32), TsOptId, "SO_TIMESTAMPING with SOF_TIMESTAMPING_OPT_ID", "timestamping.rst, Linux 6.13";
            /// Bytes left in the receive queue.
            SCM_INQ = SOL_SOCKET, 84 (sparc 93), recv(i32), Inq, "SO_INQ", "net/unix/af_unix.c, Linux 6.17";

            /// Type of service, DSCP and ECN: an `int` when sent, one byte when it arrives.
            IP_TOS = SOL_IP, 1, both(Tos, i32), IpTos, "IP_RECVTOS", "ip(7)";
            /// Time to live, 1 to 255.
            IP_TTL = SOL_IP, 2, both(i32), IpTtl, "IP_RECVTTL", "ip(7)";
            /// Security label of the packet. Its number is SCM_SECURITY's, not the option's.
            IP_SCM_SECURITY = SOL_IP, 3, recv(Bytes), IpSecurity, "IP_PASSSEC", "net/ipv4/ip_sockglue.c, Linux 2.6.17", as "SCM_SECURITY";
            /// The options of the packet's header, at most 40 bytes.
            IP_RECVOPTS = SOL_IP, 6, recv(Bytes), IpRecvopts, "IP_RECVOPTS", "ip(7)";
            /// The options to reply with; as sent, the options of this packet. At most 40 bytes.
            IP_RETOPTS = SOL_IP, 7, both(Bytes), IpRetopts, "IP_RETOPTS", "ip(7)";
            /// Interface and local address.
            IP_PKTINFO = SOL_IP, 8, both(InPktinfo), IpPktinfo, "IP_PKTINFO", "ip(7)";
            /// What happened to a packet sent before, and who says so. From the error queue.
            IP_RECVERR = SOL_IP, 11, recv(RecvErr<SockaddrIn>), IpRecverr, "IP_RECVERR", "ip(7)";
            /// Destination of the packet before a firewall redirected it.
            IP_ORIGDSTADDR = SOL_IP, 20, recv(SockaddrIn), IpOrigdstaddr, "IP_RECVORIGDSTADDR", "ip(7), Linux 2.6.29";
            /// Sum of the packet's bytes as the device computed it.
            IP_CHECKSUM = SOL_IP, 23, recv(u32), IpChecksum, "IP_CHECKSUM", "net/ipv4/ip_sockglue.c, Linux 4.0";
            /// Size of the largest fragment that the packet came in.
            IP_RECVFRAGSIZE = SOL_IP, 25, recv(i32), IpRecvfragsize, "IP_RECVFRAGSIZE", "net/ipv4/ip_sockglue.c, Linux 4.10";
            /// Protocol to look the route up for, 1 to 255, on raw sockets.
            IP_PROTOCOL = SOL_IP, 52, send(i32), IpProtocol, "-", "net/ipv4/ip_sockglue.c, Linux 6.4";

            /// Interface and local address, by its number of RFC 2292.
            IPV6_2292PKTINFO = SOL_IPV6, 2, both(In6Pktinfo), Ipv62292Pktinfo, "IPV6_2292PKTINFO", "RFC 2292";
            /// Hop-by-hop options, by their number of RFC 2292.
            IPV6_2292HOPOPTS = SOL_IPV6, 3, both(Bytes), Ipv62292Hopopts, "IPV6_2292HOPOPTS", "RFC 2292";
            /// Destination options, by their number of RFC 2292.
            IPV6_2292DSTOPTS = SOL_IPV6, 4, both(Bytes), Ipv62292Dstopts, "IPV6_2292DSTOPTS", "RFC 2292";
            /// Routing header, by its number of RFC 2292.
            IPV6_2292RTHDR = SOL_IPV6, 5, both(Bytes), Ipv62292Rthdr, "IPV6_2292RTHDR", "RFC 2292";
            /// Hop limit, by its number of RFC 2292.
            IPV6_2292HOPLIMIT = SOL_IPV6, 8, both(i32), Ipv62292Hoplimit, "IPV6_2292HOPLIMIT", "RFC 2292";
            /// Traffic class and flow label; absent while both are 0.
            IPV6_FLOWINFO = SOL_IPV6, 11, both(Be32), Ipv6Flowinfo, "IPV6_FLOWINFO", "net/ipv6/datagram.c";
            /// What happened to a packet sent before, and who says so. From the error queue.
            IPV6_RECVERR = SOL_IPV6, 25, recv(RecvErr<SockaddrIn6>), Ipv6Recverr, "IPV6_RECVERR", "ipv6(7)";
            /// Interface and local address.
            IPV6_PKTINFO = SOL_IPV6, 50, both(In6Pktinfo), Ipv6Pktinfo, "IPV6_RECVPKTINFO", "ipv6(7), RFC 3542";
            /// Hop limit, 0 to 255; as sent, -1 is the default.
            IPV6_HOPLIMIT = SOL_IPV6, 52, both(i32), Ipv6Hoplimit, "IPV6_RECVHOPLIMIT", "ipv6(7), RFC 3542";
            /// Hop-by-hop options: struct ipv6_opt_hdr and what follows. To send them takes CAP_NET_RAW.
            IPV6_HOPOPTS = SOL_IPV6, 54, both(Bytes), Ipv6Hopopts, "IPV6_RECVHOPOPTS", "ipv6(7), RFC 3542";
            /// Destination options in front of a routing header. Takes CAP_NET_RAW.
            IPV6_RTHDRDSTOPTS = SOL_IPV6, 55, send(Bytes), Ipv6Rthdrdstopts, "-", "RFC 3542";
            /// Routing header: struct ipv6_rt_hdr and what follows.
            IPV6_RTHDR = SOL_IPV6, 57, both(Bytes), Ipv6Rthdr, "IPV6_RECVRTHDR", "ipv6(7), RFC 3542";
            /// Destination options: struct ipv6_opt_hdr and what follows. To send them takes CAP_NET_RAW.
            IPV6_DSTOPTS = SOL_IPV6, 59, both(Bytes), Ipv6Dstopts, "IPV6_RECVDSTOPTS", "ipv6(7), RFC 3542";
            /// A destination and the MTU of the path to it.
            IPV6_PATHMTU = SOL_IPV6, 61, recv(Ip6Mtuinfo), Ipv6Pathmtu, "IPV6_RECVPATHMTU", "RFC 3542";
            /// Whether the packet must not be fragmented: 1 or 0.
            IPV6_DONTFRAG = SOL_IPV6, 62, send(i32), Ipv6Dontfrag, "-", "RFC 3542";
            /// Traffic class, DSCP and ECN; as sent, -1 is the default.
            IPV6_TCLASS = SOL_IPV6, 67, both(i32), Ipv6Tclass, "IPV6_RECVTCLASS", "RFC 3542";
            /// Destination of the packet before a firewall redirected it.
            IPV6_ORIGDSTADDR = SOL_IPV6, 74, recv(SockaddrIn6), Ipv6Origdstaddr, "IPV6_RECVORIGDSTADDR", "net/ipv6/datagram.c";
            /// Size of the largest fragment that the packet came in.
            IPV6_RECVFRAGSIZE = SOL_IPV6, 77, recv(i32), Ipv6Recvfragsize, "IPV6_RECVFRAGSIZE", "net/ipv6/datagram.c, Linux 4.10";

            /// Size of the datagrams that the kernel is to cut this send into, in bytes.
            UDP_SEGMENT = SOL_UDP, 103, send(u16), UdpSegment, "-", "udp(7), Linux 4.18";
            /// Size of the datagrams that the kernel joined into this one, in bytes.
            UDP_GRO = SOL_UDP, 104, recv(i32), UdpGro, "UDP_GRO", "udp(7), Linux 5.0";

            /// Bytes left in the receive queue.
            TCP_CM_INQ = SOL_TCP, 36, recv(i32), TcpInq, "TCP_INQ", "tcp(7), Linux 4.18";

            /// Type of the record that these bytes are to travel in: TLS_RECORD_TYPE_*.
            TLS_SET_RECORD_TYPE = SOL_TLS, 1, send(u8), TlsSetRecordType, "TCP_ULP", "tls.rst, Linux 4.13";
            /// Type of the record that these bytes came in: TLS_RECORD_TYPE_*.
            TLS_GET_RECORD_TYPE = SOL_TLS, 2, recv(u8), TlsGetRecordType, "TCP_ULP", "tls.rst, Linux 4.17";

            /// Initialisation vector: struct af_alg_iv.
            ALG_SET_IV = SOL_ALG, 2, send(AfAlgIv), AlgSetIv, "-", "userspace-if.rst, Linux 2.6.38";
            /// Operation: ALG_OP_DECRYPT (0) or ALG_OP_ENCRYPT (1).
            ALG_SET_OP = SOL_ALG, 3, send(u32), AlgSetOp, "-", "userspace-if.rst, Linux 2.6.38";
            /// Bytes of associated data.
            ALG_SET_AEAD_ASSOCLEN = SOL_ALG, 4, send(u32), AlgSetAeadAssoclen, "-", "userspace-if.rst, Linux 3.19";

            /// Parameters of the association that this send opens.
            SCTP_INIT = SOL_SCTP, 0, send(SctpInitmsg), SctpInit, "-", "RFC 6458 5.3.1";
            /// How this message is sent, or how it was; SCTP_SNDINFO and SCTP_RCVINFO replace it.
            SCTP_SNDRCV = SOL_SCTP, 1, both(SctpSndrcvinfo), SctpSndrcv, "SCTP_EVENTS", "RFC 6458 5.3.2";
            /// How this message is to be sent.
            SCTP_SNDINFO = SOL_SCTP, 2, send(SctpSndinfo), SctpSndinfo, "-", "RFC 6458 5.3.4";
            /// How this message was sent.
            SCTP_RCVINFO = SOL_SCTP, 3, recv(SctpRcvinfo), SctpRcvinfo, "SCTP_RECVRCVINFO", "RFC 6458 5.3.5";
            /// What the next message will be.
            SCTP_NXTINFO = SOL_SCTP, 4, recv(SctpNxtinfo), SctpNxtinfo, "SCTP_RECVNXTINFO", "RFC 6458 5.3.6";
            /// When to give this message up.
            SCTP_PRINFO = SOL_SCTP, 5, send(SctpPrinfo), SctpPrinfo, "-", "RFC 6458 5.3.7";
            /// The key to authenticate this message with.
            SCTP_AUTHINFO = SOL_SCTP, 6, send(SctpAuthinfo), SctpAuthinfo, "-", "RFC 6458 5.3.8";
            /// One more IPv4 address of the peer; may be repeated.
            SCTP_DSTADDRV4 = SOL_SCTP, 7, send(InAddr), SctpDstaddrv4, "-", "RFC 6458 5.3.9";
            /// One more IPv6 address of the peer; may be repeated.
            SCTP_DSTADDRV6 = SOL_SCTP, 8, send(In6Addr), SctpDstaddrv6, "-", "RFC 6458 5.3.10";

            /// A transfer between the peers' memories.
            RDS_CMSG_RDMA_ARGS = SOL_RDS, 1, send(RdsRdmaArgs), RdsRdmaArgs, "-", "rds.rst";
            /// The key of the peer's memory.
            RDS_CMSG_RDMA_DEST = SOL_RDS, 2, both(u64), RdsRdmaDest, "-", "rds.rst";
            /// Memory to open to the peer.
            RDS_CMSG_RDMA_MAP = SOL_RDS, 3, send(RdsGetMrArgs), RdsRdmaMap, "-", "rds.rst";
            /// What became of a transfer.
            RDS_CMSG_RDMA_STATUS = SOL_RDS, 4, recv(RdsRdmaNotify), RdsRdmaStatus, "RDS_RECVERR", "rds.rst";
            /// Which groups of ports are no longer congested, one bit each.
            RDS_CMSG_CONG_UPDATE = SOL_RDS, 5, recv(u64), RdsCongUpdate, "RDS_CONG_MONITOR", "rds.rst";
            /// Adds to a word of the peer's memory.
            RDS_CMSG_ATOMIC_FADD = SOL_RDS, 6, send(RdsAtomicArgs), RdsAtomicFadd, "-", "net/rds/rdma.c";
            /// Compares and swaps a word of the peer's memory.
            RDS_CMSG_ATOMIC_CSWP = SOL_RDS, 7, send(RdsAtomicArgs), RdsAtomicCswp, "-", "net/rds/rdma.c";
            /// Adds to a word of the peer's memory, under a mask.
            RDS_CMSG_MASKED_ATOMIC_FADD = SOL_RDS, 8, send(RdsAtomicArgs), RdsMaskedAtomicFadd, "-", "net/rds/rdma.c";
            /// Compares and swaps a word of the peer's memory, under a mask.
            RDS_CMSG_MASKED_ATOMIC_CSWP = SOL_RDS, 9, send(RdsAtomicArgs), RdsMaskedAtomicCswp, "-", "net/rds/rdma.c";
            /// Where in the kernel the packet spent its time.
            RDS_CMSG_RXPATH_LATENCY = SOL_RDS, 11, recv(RdsCmsgRxTrace), RdsRxpathLatency, "SO_RDS_MSG_RXPATH_LATENCY", "net/rds/recv.c, Linux 4.11";
            /// A number by which the kernel will tell that the sent memory is free again.
            RDS_CMSG_ZCOPY_COOKIE = SOL_RDS, 12, send(u32), RdsZcopyCookie, "SO_ZEROCOPY", "net/rds/send.c, Linux 4.17";
            /// The numbers of sent memory that is free again.
            RDS_CMSG_ZCOPY_COMPLETION = SOL_RDS, 13, recv(RdsZcopyCookies), RdsZcopyCompletion, "SO_ZEROCOPY", "net/rds/recv.c, Linux 4.17";

            /// The program's own number of the call; in every message of it.
            RXRPC_USER_CALL_ID = SOL_RXRPC, 1, both(usize), RxrpcUserCallId, "-", "rxrpc.rst";
            /// Ends the call, with this code.
            RXRPC_ABORT = SOL_RXRPC, 2, both(u32), RxrpcAbort, "-", "rxrpc.rst";
            /// The final reply was acknowledged.
            RXRPC_ACK = SOL_RXRPC, 3, recv(()), RxrpcAck, "-", "rxrpc.rst";
            /// The network failed, with this error number.
            RXRPC_NET_ERROR = SOL_RXRPC, 5, recv(u32), RxrpcNetError, "-", "rxrpc.rst";
            /// The server is busy. Historic: no kernel after 4.8 sends it.
            RXRPC_BUSY = SOL_RXRPC, 6, recv(()), RxrpcBusy, "-", "linux/rxrpc.h, historic";
            /// The call failed here, with this error number.
            RXRPC_LOCAL_ERROR = SOL_RXRPC, 7, recv(u32), RxrpcLocalError, "-", "rxrpc.rst";
            /// A call waits to be accepted. Historic: no kernel after 5.10 sends it.
            RXRPC_NEW_CALL = SOL_RXRPC, 8, recv(()), RxrpcNewCall, "-", "linux/rxrpc.h, historic";
            /// Accepts a call. Historic: RXRPC_CHARGE_ACCEPT replaced it in 5.10.
            RXRPC_ACCEPT = SOL_RXRPC, 9, send(()), RxrpcAccept, "-", "linux/rxrpc.h, historic";
            /// The call is to have a connection of its own.
            RXRPC_EXCLUSIVE_CALL = SOL_RXRPC, 10, send(()), RxrpcExclusiveCall, "-", "rxrpc.rst, Linux 4.9";
            /// The server may choose a newer service.
            RXRPC_UPGRADE_SERVICE = SOL_RXRPC, 11, send(()), RxrpcUpgradeService, "-", "rxrpc.rst, Linux 4.14";
            /// Bytes that the call will send in all.
            RXRPC_TX_LENGTH = SOL_RXRPC, 12, send(i64), RxrpcTxLength, "-", "rxrpc.rst, Linux 4.14";
            /// One to three limits of time: hard in seconds, idle and normal in milliseconds.
            RXRPC_SET_CALL_TIMEOUT = SOL_RXRPC, 13, send([u32]), RxrpcSetCallTimeout, "-", "rxrpc.rst, Linux 4.16";
            /// Accepts a call in advance, under the number of RXRPC_USER_CALL_ID.
            RXRPC_CHARGE_ACCEPT = SOL_RXRPC, 14, send(()), RxrpcChargeAccept, "-", "rxrpc.rst, Linux 5.10";
            /// The number of an out-of-band message.
            RXRPC_OOB_ID = SOL_RXRPC, 15, both(u64), RxrpcOobId, "RXRPC_MANAGE_RESPONSE", "net/rxrpc/oob.c, Linux 6.16";
            /// The server asks who we are.
            RXRPC_CHALLENGED = SOL_RXRPC, 16, recv(Challenged), RxrpcChallenged, "RXRPC_MANAGE_RESPONSE", "net/rxrpc/oob.c, Linux 6.16";
            /// This message answers a challenge.
            RXRPC_RESPOND = SOL_RXRPC, 17, send(()), RxrpcRespond, "-", "net/rxrpc/oob.c, Linux 6.16";
            /// The peer answered a challenge. Reserved: no kernel up to 7.1 sends it.
            RXRPC_RESPONDED = SOL_RXRPC, 18, recv(Bytes), RxrpcResponded, "-", "linux/rxrpc.h, Linux 6.16";
            /// The program's own data in the answer to a challenge.
            RXRPC_RESP_RXGK_APPDATA = SOL_RXRPC, 19, send(Bytes), RxrpcRespRxgkAppdata, "-", "net/rxrpc/rxgk.c, Linux 6.16";

            /// Why a message came back, and how much of it.
            TIPC_ERRINFO = SOL_TIPC, 1, recv(TipcErrinfo), TipcErrinfo, "always on", "net/tipc/socket.c";
            /// The message that came back.
            TIPC_RETDATA = SOL_TIPC, 2, recv(Bytes), TipcRetdata, "always on", "net/tipc/socket.c";
            /// The service range that the message was sent to.
            TIPC_DESTNAME = SOL_TIPC, 3, recv(TipcServiceRange), TipcDestname, "always on", "net/tipc/socket.c";

            /// The multicast group that the message was sent to; 0 for none.
            NETLINK_PKTINFO = SOL_NETLINK, 3, recv(NlPktinfo), NetlinkPktinfo, "NETLINK_PKTINFO", "netlink(7), Linux 2.6.14";
            /// The id of the network namespace that the message came from.
            NETLINK_LISTEN_ALL_NSID = SOL_NETLINK, 8, recv(i32), NetlinkListenAllNsid, "NETLINK_LISTEN_ALL_NSID", "netlink(7), Linux 4.2";

            /// Length, offsets and VLAN tag of a frame.
            PACKET_AUXDATA = SOL_PACKET, 8, recv(TpacketAuxdata), PacketAuxdata, "PACKET_AUXDATA", "packet(7), Linux 2.6.21";
            /// What a timestamp in the error queue belongs to.
            PACKET_TX_TIMESTAMP = SOL_PACKET, 16, recv(SockExtendedErr), PacketTxTimestamp, "SO_TIMESTAMPING", "net/packet/af_packet.c";

            /// Direction of a packet: 1 is in.
            HCI_CMSG_DIR = SOL_HCI, 1, recv(i32), HciCmsgDir, "HCI_DATA_DIR", "net/bluetooth/hci_sock.c";
            /// Time of a packet.
            HCI_CMSG_TSTAMP = SOL_HCI, 2, recv(OldTimeval), HciCmsgTstamp, "HCI_TIME_STAMP", "net/bluetooth/hci_sock.c";

            /// Whether the packet arrived whole.
            BT_SCM_PKT_STATUS = SOL_BLUETOOTH, 3, recv(u8), BtScmPktStatus, "BT_PKT_STATUS", "net/bluetooth/af_bluetooth.c, Linux 5.9";
            /// What a timestamp in the error queue belongs to.
            BT_SCM_ERROR = SOL_BLUETOOTH, 4, recv(SockExtendedErr), BtScmError, "SO_TIMESTAMPING", "net/bluetooth/af_bluetooth.c, Linux 6.15";
            /// Sequence number of the packet.
            BT_SCM_PKT_SEQNUM = SOL_BLUETOOTH, 5, recv(u16), BtScmPktSeqnum, "BT_PKT_SEQNUM", "net/bluetooth/af_bluetooth.c, Linux 6.17";

            /// What a timestamp in the error queue belongs to.
            SCM_CAN_RAW_ERRQUEUE = SOL_CAN_RAW, 1, recv(SockExtendedErr), CanRawErrqueue, "SO_TIMESTAMPING", "net/can/raw.c, Linux 5.10";
            /// The address that the message was sent to.
            SCM_J1939_DEST_ADDR = SOL_CAN_J1939, 1, recv(u8), J1939DestAddr, "always on", "j1939.rst, Linux 5.4";
            /// The name that the message was sent to.
            SCM_J1939_DEST_NAME = SOL_CAN_J1939, 2, recv(u64), J1939DestName, "always on", "j1939.rst, Linux 5.4";
            /// Priority of the message.
            SCM_J1939_PRIO = SOL_CAN_J1939, 3, recv(u8), J1939Prio, "always on", "j1939.rst, Linux 5.4";
            /// What became of a transfer. From the error queue.
            SCM_J1939_ERRQUEUE = SOL_CAN_J1939, 4, recv(SockExtendedErr), J1939Errqueue, "SO_J1939_ERRQUEUE", "j1939.rst, Linux 5.4";

            /// Which sent memory is free again. From the error queue.
            VSOCK_RECVERR = SOL_VSOCK, 1, recv(SockExtendedErr), VsockRecverr, "SO_ZEROCOPY", "net/vmw_vsock/af_vsock.c, Linux 6.7";
            /// Target class of the message.
            SCM_IUCV_TRGCLS = SOL_IUCV, 1, both(u32), IucvTrgcls, "always on", "net/iucv/af_iucv.c";
            /// Interface, service access point and address that the frame was sent to.
            LLC_OPT_PKTINFO = SOL_LLC, 9, recv(LlcPktinfo), LlcPktinfo, "LLC_OPT_PKTINFO", "net/llc/af_llc.c";
            /// Quality of the radio link.
            WPAN_WANTLQI = SOL_IEEE802154, 3, recv(u8), WpanWantlqi, "WPAN_WANTLQI", "net/ieee802154/socket.c";
            /// Time of arrival.
            MISDN_TIME_STAMP = SOL_MISDN, 1, recv(OldTimeval), MisdnTimeStamp, "MISDN_TIME_STAMP", "drivers/isdn/mISDN/socket.c";
            /// Priority of the packet. Historic: Linux has no DCCP since 6.16.
            DCCP_SCM_PRIORITY = SOL_DCCP, 1, send(u32), DccpScmPriority, "DCCP_SOCKOPT_QPOLICY_ID", "dccp.rst, historic";
        }
    };
}
