// SPDX-License-Identifier: MIT OR Apache-2.0
// Every control message that Linux knows, one row each, every row with every column.
//
//     /// What the message says.
//     NAME = LEVEL, type, type on sparc, "PRINTED NAME", Variant,
//         direction, received, sent, [OPTION] "note", form, "source";
//
// direction   `Both`; `Recv`, the kernel only hands such messages out; `Send`, it only accepts them
// received    the type of the payload that arrives
// sent        what `put` takes; `NotSent`; or `Memory`: addresses, which only unsafe code sends
// OPTION      the socket option that switches the message on, a row of options.rs, if there is one.
//             The note completes it, or says what switches the message on instead; "-": it is only
//             sent
// form        how the value prints: `plain`, or as show_as! in message.rs explains
// source      the man page, RFC or kernel file, and the first release that has the message
//
// Data only, no `use`: build.rs and the tests read this file as well.

/// Hands every message to the macro `$callback`, after the arguments for it.
#[allow(
    unused_macros,
    reason = "some of those who include this file need the levels only"
)]
macro_rules! catalogue {
    ($callback:ident $($argument:tt)*) => { $callback! { $($argument)*
    /// Open descriptors for the receiver, at most 253 in all messages of one send.
    SCM_RIGHTS = SOL_SOCKET, 1, 1, "SCM_RIGHTS", Rights,
        Both, Fds, Fds, [SO_PASSRIGHTS] ", which is on from the start", plain, "unix(7)";
    /// Process, user and group id of the sender. The kernel checks them, but lets a privileged
    /// sender name others, and reports process 0 and user 65534 for what was sent before the option
    /// was on. So switch it on at the listening socket, or before the peer can send, and refuse
    /// process 0. Who connected, `getsockopt(2)` tells with `SO_PEERCRED`.
    SCM_CREDENTIALS = SOL_SOCKET, 2, 2, "SCM_CREDENTIALS", Credentials,
        Both, Ucred, Ucred, [SO_PASSCRED] "", plain, "unix(7)";
    /// Security label of the sender.
    SCM_SECURITY = SOL_SOCKET, 3, 3, "SCM_SECURITY", Security,
        Recv, Bytes, NotSent, [SO_PASSSEC] "", plain, "unix(7)";
    /// A descriptor of the sender's process, or a negative error number.
    SCM_PIDFD = SOL_SOCKET, 4, 4, "SCM_PIDFD", Pidfd,
        Recv, Pidfd, NotSent, [SO_PASSPIDFD] "", plain, "net/core/scm.c, Linux 6.5";
    /// Priority of the packet, 0 to 6 without privilege.
    SO_PRIORITY = SOL_SOCKET, 12, 12, "SO_PRIORITY", Priority,
        Both, u32, u32, [SO_RCVPRIORITY] "", plain, "net/core/sock.c, Linux 6.14";
    /// Time of arrival in microseconds, in the word size of the process.
    SO_TIMESTAMP_OLD = SOL_SOCKET, 29, 29, "SO_TIMESTAMP_OLD", TimestampOld,
        Recv, OldTimeval, NotSent, [SO_TIMESTAMP] "", microseconds, "socket(7)";
    /// Time of arrival in nanoseconds, in the word size of the process.
    SO_TIMESTAMPNS_OLD = SOL_SOCKET, 35, 33, "SO_TIMESTAMPNS_OLD", TimestampNsOld,
        Recv, Timespec, NotSent, [SO_TIMESTAMPNS] "", plain, "timestamping.rst, Linux 2.6.22";
    /// Firewall mark of the packet; to send one takes CAP_NET_RAW or CAP_NET_ADMIN.
    SO_MARK = SOL_SOCKET, 36, 34, "SO_MARK", Mark,
        Both, u32, u32, [SO_RCVMARK] "", plain, "net/core/sock.c, Linux 5.19";
    /// Three times of one packet, in the word size of the process; as sent, the flags that ask for
    /// them.
    SO_TIMESTAMPING_OLD = SOL_SOCKET, 37, 35, "SO_TIMESTAMPING_OLD", TimestampingOld,
        Both, Timestamping, TimestampingFlags, [SO_TIMESTAMPING] "",
        plain, "timestamping.rst, Linux 2.6.30";
    /// How many packets the socket has dropped so far; absent while there were none.
    SO_RXQ_OVFL = SOL_SOCKET, 40, 36, "SO_RXQ_OVFL", RxqOvfl,
        Recv, u32, NotSent, [SO_RXQ_OVFL] "", plain, "socket(7), Linux 2.6.33";
    /// Whether the wireless frame was acknowledged: 1 or 0. From the error queue.
    SCM_WIFI_STATUS = SOL_SOCKET, 41, 37, "SCM_WIFI_STATUS", WifiStatus,
        Recv, i32, NotSent, [SO_WIFI_STATUS] "", plain, "net/socket.c, Linux 3.3";
    /// Statistics of the TCP connection at the time of a timestamp, as netlink attributes
    /// `TCP_NLA_*`; of a J1939 transfer, `J1939_NLA_*`. From the error queue.
    SCM_TIMESTAMPING_OPT_STATS = SOL_SOCKET, 54, 56, "SCM_TIMESTAMPING_OPT_STATS", OptStats,
        Recv, Nlattrs, NotSent,
        [SO_TIMESTAMPING] " with SOF_TIMESTAMPING_OPT_STATS", plain, "timestamping.rst, Linux 4.10";
    /// Interface and length of a packet that has a hardware timestamp.
    SCM_TIMESTAMPING_PKTINFO = SOL_SOCKET, 58, 60, "SCM_TIMESTAMPING_PKTINFO", TimestampingPktinfo,
        Recv, ScmTsPktinfo, NotSent,
        [SO_TIMESTAMPING] " with SOF_TIMESTAMPING_OPT_PKTINFO",
        plain, "timestamping.rst, Linux 4.13";
    /// When the packet is to leave, in nanoseconds of the clock that SO_TXTIME named.
    SCM_TXTIME = SOL_SOCKET, 61, 63, "SCM_TXTIME", Txtime,
        Send, u64, u64, [SO_TXTIME] "", plain, "net/core/sock.c, Linux 4.19";
    /// Time of arrival in microseconds, in 64 bits on every machine.
    SO_TIMESTAMP_NEW = SOL_SOCKET, 63, 70, "SO_TIMESTAMP_NEW", TimestampNew,
        Recv, Timeval, NotSent, [SO_TIMESTAMP_NEW] "", microseconds, "timestamping.rst, Linux 5.1";
    /// Time of arrival in nanoseconds, in 64 bits on every machine.
    SO_TIMESTAMPNS_NEW = SOL_SOCKET, 64, 66, "SO_TIMESTAMPNS_NEW", TimestampNsNew,
        Recv, Timespec, NotSent, [SO_TIMESTAMPNS_NEW] "", plain, "timestamping.rst, Linux 5.1";
    /// Three times of one packet, in 64 bits on every machine; as sent, the flags that ask for
    /// them.
    SO_TIMESTAMPING_NEW = SOL_SOCKET, 65, 67, "SO_TIMESTAMPING_NEW", TimestampingNew,
        Both, Timestamping, TimestampingFlags, [SO_TIMESTAMPING_NEW] "",
        plain, "timestamping.rst, Linux 5.1";
    /// Bytes that were copied into the ordinary buffer instead of device memory.
    SCM_DEVMEM_LINEAR = SOL_SOCKET, 78, 87, "SCM_DEVMEM_LINEAR", DevmemLinear,
        Recv, DmabufCmsg, NotSent, [] "MSG_SOCK_DEVMEM", plain, "devmem.rst, Linux 6.12";
    /// Bytes that arrived in device memory; as sent, the id of the buffer to send from (Linux
    /// 6.16).
    SCM_DEVMEM_DMABUF = SOL_SOCKET, 79, 88, "SCM_DEVMEM_DMABUF", DevmemDmabuf,
        Both, Devmem, u32, [] "MSG_SOCK_DEVMEM", plain, "devmem.rst, Linux 6.12";
    /// The key that the timestamps of this packet are to bear.
    SCM_TS_OPT_ID = SOL_SOCKET, 81, 90, "SCM_TS_OPT_ID", TsOptId,
        Send, u32, u32, [SO_TIMESTAMPING] " with SOF_TIMESTAMPING_OPT_ID",
        plain, "timestamping.rst, Linux 6.13";
    /// Bytes left in the receive queue.
    SCM_INQ = SOL_SOCKET, 84, 93, "SCM_INQ", Inq,
        Recv, i32, NotSent, [SO_INQ] "", plain, "net/unix/af_unix.c, Linux 6.17";

    /// Type of service, DSCP and ECN: an `int` when sent, one byte when it arrives.
    IP_TOS = SOL_IP, 1, 1, "IP_TOS", IpTos,
        Both, Tos, i32, [IP_RECVTOS] "", hex, "ip(7)";
    /// Time to live, 1 to 255.
    IP_TTL = SOL_IP, 2, 2, "IP_TTL", IpTtl,
        Both, i32, i32, [IP_RECVTTL] "", unsigned, "ip(7)";
    /// Security label of the packet. Its number is SCM_SECURITY's, not the option's.
    IP_SCM_SECURITY = SOL_IP, 3, 3, "SCM_SECURITY", IpSecurity,
        Recv, Bytes, NotSent, [IP_PASSSEC] "", plain, "net/ipv4/ip_sockglue.c, Linux 2.6.17";
    /// The options of the packet's header, at most 40 bytes.
    IP_RECVOPTS = SOL_IP, 6, 6, "IP_RECVOPTS", IpRecvopts,
        Recv, Bytes, NotSent, [IP_RECVOPTS] "", octets, "ip(7)";
    /// The options to reply with; as sent, the options of this packet. At most 40 bytes.
    IP_RETOPTS = SOL_IP, 7, 7, "IP_RETOPTS", IpRetopts,
        Both, Bytes, Bytes, [IP_RETOPTS] "", octets, "ip(7)";
    /// Interface and local address.
    IP_PKTINFO = SOL_IP, 8, 8, "IP_PKTINFO", IpPktinfo,
        Both, InPktinfo, InPktinfo, [IP_PKTINFO] "", plain, "ip(7)";
    /// What happened to a packet sent before, and who says so. From the error queue.
    IP_RECVERR = SOL_IP, 11, 11, "IP_RECVERR", IpRecverr,
        Recv, RecvErrV4, NotSent, [IP_RECVERR] "", plain, "ip(7)";
    /// Destination of the packet before a firewall redirected it.
    IP_ORIGDSTADDR = SOL_IP, 20, 20, "IP_ORIGDSTADDR", IpOrigdstaddr,
        Recv, SockaddrIn, NotSent, [IP_RECVORIGDSTADDR] "", plain, "ip(7), Linux 2.6.29";
    /// Sum of the packet's bytes as the device computed it.
    IP_CHECKSUM = SOL_IP, 23, 23, "IP_CHECKSUM", IpChecksum,
        Recv, u32, NotSent, [IP_CHECKSUM] "", plain, "net/ipv4/ip_sockglue.c, Linux 4.0";
    /// Size of the largest fragment that the packet came in.
    IP_RECVFRAGSIZE = SOL_IP, 25, 25, "IP_RECVFRAGSIZE", IpRecvfragsize,
        Recv, i32, NotSent, [IP_RECVFRAGSIZE] "", plain, "net/ipv4/ip_sockglue.c, Linux 4.10";
    /// Protocol to look the route up for, 1 to 255, on raw sockets.
    IP_PROTOCOL = SOL_IP, 52, 52, "IP_PROTOCOL", IpProtocol,
        Send, i32, i32, [] "-", plain, "net/ipv4/ip_sockglue.c, Linux 6.4";

    /// Interface and local address, by its number of RFC 2292.
    IPV6_2292PKTINFO = SOL_IPV6, 2, 2, "IPV6_2292PKTINFO", Ipv62292Pktinfo,
        Both, In6Pktinfo, In6Pktinfo, [IPV6_2292PKTINFO] "", plain, "RFC 2292";
    /// Hop-by-hop options, by their number of RFC 2292.
    IPV6_2292HOPOPTS = SOL_IPV6, 3, 3, "IPV6_2292HOPOPTS", Ipv62292Hopopts,
        Both, Bytes, Bytes, [IPV6_2292HOPOPTS] "", octets, "RFC 2292";
    /// Destination options, by their number of RFC 2292.
    IPV6_2292DSTOPTS = SOL_IPV6, 4, 4, "IPV6_2292DSTOPTS", Ipv62292Dstopts,
        Both, Bytes, Bytes, [IPV6_2292DSTOPTS] "", octets, "RFC 2292";
    /// Routing header, by its number of RFC 2292.
    IPV6_2292RTHDR = SOL_IPV6, 5, 5, "IPV6_2292RTHDR", Ipv62292Rthdr,
        Both, Bytes, Bytes, [IPV6_2292RTHDR] "", octets, "RFC 2292";
    /// Hop limit, by its number of RFC 2292.
    IPV6_2292HOPLIMIT = SOL_IPV6, 8, 8, "IPV6_2292HOPLIMIT", Ipv62292Hoplimit,
        Both, i32, i32, [IPV6_2292HOPLIMIT] "", plain, "RFC 2292";
    /// Traffic class and flow label; absent while both are 0.
    IPV6_FLOWINFO = SOL_IPV6, 11, 11, "IPV6_FLOWINFO", Ipv6Flowinfo,
        Both, Be32, Be32, [IPV6_FLOWINFO] "", plain, "net/ipv6/datagram.c";
    /// What happened to a packet sent before, and who says so. From the error queue.
    IPV6_RECVERR = SOL_IPV6, 25, 25, "IPV6_RECVERR", Ipv6Recverr,
        Recv, RecvErrV6, NotSent, [IPV6_RECVERR] "", plain, "ipv6(7)";
    /// Interface and local address.
    IPV6_PKTINFO = SOL_IPV6, 50, 50, "IPV6_PKTINFO", Ipv6Pktinfo,
        Both, In6Pktinfo, In6Pktinfo, [IPV6_RECVPKTINFO] "", plain, "ipv6(7), RFC 3542";
    /// Hop limit, 0 to 255; as sent, -1 is the default.
    IPV6_HOPLIMIT = SOL_IPV6, 52, 52, "IPV6_HOPLIMIT", Ipv6Hoplimit,
        Both, i32, i32, [IPV6_RECVHOPLIMIT] "", plain, "ipv6(7), RFC 3542";
    /// Hop-by-hop options: struct ipv6_opt_hdr and what follows. To send them takes CAP_NET_RAW.
    IPV6_HOPOPTS = SOL_IPV6, 54, 54, "IPV6_HOPOPTS", Ipv6Hopopts,
        Both, Bytes, Bytes, [IPV6_RECVHOPOPTS] "", octets, "ipv6(7), RFC 3542";
    /// Destination options in front of a routing header. Takes CAP_NET_RAW.
    IPV6_RTHDRDSTOPTS = SOL_IPV6, 55, 55, "IPV6_RTHDRDSTOPTS", Ipv6Rthdrdstopts,
        Send, Bytes, Bytes, [] "-", octets, "RFC 3542";
    /// Routing header: struct ipv6_rt_hdr and what follows.
    IPV6_RTHDR = SOL_IPV6, 57, 57, "IPV6_RTHDR", Ipv6Rthdr,
        Both, Bytes, Bytes, [IPV6_RECVRTHDR] "", octets, "ipv6(7), RFC 3542";
    /// Destination options: struct ipv6_opt_hdr and what follows. To send them takes CAP_NET_RAW.
    IPV6_DSTOPTS = SOL_IPV6, 59, 59, "IPV6_DSTOPTS", Ipv6Dstopts,
        Both, Bytes, Bytes, [IPV6_RECVDSTOPTS] "", octets, "ipv6(7), RFC 3542";
    /// A destination and the MTU of the path to it.
    IPV6_PATHMTU = SOL_IPV6, 61, 61, "IPV6_PATHMTU", Ipv6Pathmtu,
        Recv, Ip6Mtuinfo, NotSent, [IPV6_RECVPATHMTU] "", plain, "RFC 3542";
    /// Whether the packet must not be fragmented: 1 or 0.
    IPV6_DONTFRAG = SOL_IPV6, 62, 62, "IPV6_DONTFRAG", Ipv6Dontfrag,
        Send, i32, i32, [] "-", plain, "RFC 3542";
    /// Traffic class, DSCP and ECN; as sent, -1 is the default.
    IPV6_TCLASS = SOL_IPV6, 67, 67, "IPV6_TCLASS", Ipv6Tclass,
        Both, i32, i32, [IPV6_RECVTCLASS] "", plain, "RFC 3542";
    /// Destination of the packet before a firewall redirected it.
    IPV6_ORIGDSTADDR = SOL_IPV6, 74, 74, "IPV6_ORIGDSTADDR", Ipv6Origdstaddr,
        Recv, SockaddrIn6, NotSent, [IPV6_RECVORIGDSTADDR] "", plain, "net/ipv6/datagram.c";
    /// Size of the largest fragment that the packet came in.
    IPV6_RECVFRAGSIZE = SOL_IPV6, 77, 77, "IPV6_RECVFRAGSIZE", Ipv6Recvfragsize,
        Recv, i32, NotSent, [IPV6_RECVFRAGSIZE] "", plain, "net/ipv6/datagram.c, Linux 4.10";

    /// Size of the datagrams that the kernel is to cut this send into, in bytes.
    UDP_SEGMENT = SOL_UDP, 103, 103, "UDP_SEGMENT", UdpSegment,
        Send, u16, u16, [] "-", plain, "udp(7), Linux 4.18";
    /// Size of the datagrams that the kernel joined into this one, in bytes.
    UDP_GRO = SOL_UDP, 104, 104, "UDP_GRO", UdpGro,
        Recv, i32, NotSent, [UDP_GRO] "", plain, "udp(7), Linux 5.0";

    /// Bytes left in the receive queue.
    TCP_CM_INQ = SOL_TCP, 36, 36, "TCP_CM_INQ", TcpInq,
        Recv, i32, NotSent, [TCP_INQ] "", plain, "tcp(7), Linux 4.18";

    /// Type of the record that these bytes are to travel in: TLS_RECORD_TYPE_*.
    TLS_SET_RECORD_TYPE = SOL_TLS, 1, 1, "TLS_SET_RECORD_TYPE", TlsSetRecordType,
        Send, u8, u8, [] "TCP_ULP", plain, "tls.rst, Linux 4.13";
    /// Type of the record that these bytes came in: TLS_RECORD_TYPE_*.
    TLS_GET_RECORD_TYPE = SOL_TLS, 2, 2, "TLS_GET_RECORD_TYPE", TlsGetRecordType,
        Recv, u8, NotSent, [] "TCP_ULP", plain, "tls.rst, Linux 4.17";

    /// Initialisation vector: struct af_alg_iv.
    ALG_SET_IV = SOL_ALG, 2, 2, "ALG_SET_IV", AlgSetIv,
        Send, AfAlgIv, AfAlgIv, [] "-", plain, "userspace-if.rst, Linux 2.6.38";
    /// Operation: ALG_OP_DECRYPT (0) or ALG_OP_ENCRYPT (1).
    ALG_SET_OP = SOL_ALG, 3, 3, "ALG_SET_OP", AlgSetOp,
        Send, u32, u32, [] "-", plain, "userspace-if.rst, Linux 2.6.38";
    /// Bytes of associated data.
    ALG_SET_AEAD_ASSOCLEN = SOL_ALG, 4, 4, "ALG_SET_AEAD_ASSOCLEN", AlgSetAeadAssoclen,
        Send, u32, u32, [] "-", plain, "userspace-if.rst, Linux 3.19";

    /// Parameters of the association that this send opens.
    SCTP_INIT = SOL_SCTP, 0, 0, "SCTP_INIT", SctpInit,
        Send, SctpInitmsg, SctpInitmsg, [] "-", plain, "RFC 6458 5.3.1";
    /// How this message is sent, or how it was; SCTP_SNDINFO and SCTP_RCVINFO replace it.
    SCTP_SNDRCV = SOL_SCTP, 1, 1, "SCTP_SNDRCV", SctpSndrcv,
        Both, SctpSndrcvinfo, SctpSndrcvinfo, [SCTP_EVENTS] "", plain, "RFC 6458 5.3.2";
    /// How this message is to be sent.
    SCTP_SNDINFO = SOL_SCTP, 2, 2, "SCTP_SNDINFO", SctpSndinfo,
        Send, SctpSndinfo, SctpSndinfo, [] "-", plain, "RFC 6458 5.3.4";
    /// How this message was sent.
    SCTP_RCVINFO = SOL_SCTP, 3, 3, "SCTP_RCVINFO", SctpRcvinfo,
        Recv, SctpRcvinfo, NotSent, [SCTP_RECVRCVINFO] "", plain, "RFC 6458 5.3.5";
    /// What the next message will be.
    SCTP_NXTINFO = SOL_SCTP, 4, 4, "SCTP_NXTINFO", SctpNxtinfo,
        Recv, SctpNxtinfo, NotSent, [SCTP_RECVNXTINFO] "", plain, "RFC 6458 5.3.6";
    /// When to give this message up.
    SCTP_PRINFO = SOL_SCTP, 5, 5, "SCTP_PRINFO", SctpPrinfo,
        Send, SctpPrinfo, SctpPrinfo, [] "-", plain, "RFC 6458 5.3.7";
    /// The key to authenticate this message with.
    SCTP_AUTHINFO = SOL_SCTP, 6, 6, "SCTP_AUTHINFO", SctpAuthinfo,
        Send, SctpAuthinfo, SctpAuthinfo, [] "-", plain, "RFC 6458 5.3.8";
    /// One more IPv4 address of the peer; may be repeated.
    SCTP_DSTADDRV4 = SOL_SCTP, 7, 7, "SCTP_DSTADDRV4", SctpDstaddrv4,
        Send, InAddr, InAddr, [] "-", plain, "RFC 6458 5.3.9";
    /// One more IPv6 address of the peer; may be repeated.
    SCTP_DSTADDRV6 = SOL_SCTP, 8, 8, "SCTP_DSTADDRV6", SctpDstaddrv6,
        Send, In6Addr, In6Addr, [] "-", plain, "RFC 6458 5.3.10";

    /// A transfer between the peers' memories.
    RDS_CMSG_RDMA_ARGS = SOL_RDS, 1, 1, "RDS_CMSG_RDMA_ARGS", RdsRdmaArgs,
        Send, RdsRdmaArgs, Memory, [] "-", plain, "rds.rst";
    /// The key of the peer's memory.
    RDS_CMSG_RDMA_DEST = SOL_RDS, 2, 2, "RDS_CMSG_RDMA_DEST", RdsRdmaDest,
        Both, u64, u64, [] "always on", plain, "rds.rst";
    /// Memory to open to the peer.
    RDS_CMSG_RDMA_MAP = SOL_RDS, 3, 3, "RDS_CMSG_RDMA_MAP", RdsRdmaMap,
        Send, RdsGetMrArgs, Memory, [] "-", plain, "rds.rst";
    /// What became of a transfer.
    RDS_CMSG_RDMA_STATUS = SOL_RDS, 4, 4, "RDS_CMSG_RDMA_STATUS", RdsRdmaStatus,
        Recv, RdsRdmaNotify, NotSent, [RDS_RECVERR] "", plain, "rds.rst";
    /// Which groups of ports are no longer congested, one bit each.
    RDS_CMSG_CONG_UPDATE = SOL_RDS, 5, 5, "RDS_CMSG_CONG_UPDATE", RdsCongUpdate,
        Recv, u64, NotSent, [RDS_CONG_MONITOR] "", plain, "rds.rst";
    /// Adds to a word of the peer's memory.
    RDS_CMSG_ATOMIC_FADD = SOL_RDS, 6, 6, "RDS_CMSG_ATOMIC_FADD", RdsAtomicFadd,
        Send, RdsAtomicArgs, Memory, [] "-", plain, "net/rds/rdma.c";
    /// Compares and swaps a word of the peer's memory.
    RDS_CMSG_ATOMIC_CSWP = SOL_RDS, 7, 7, "RDS_CMSG_ATOMIC_CSWP", RdsAtomicCswp,
        Send, RdsAtomicArgs, Memory, [] "-", plain, "net/rds/rdma.c";
    /// Adds to a word of the peer's memory, under a mask.
    RDS_CMSG_MASKED_ATOMIC_FADD = SOL_RDS, 8, 8, "RDS_CMSG_MASKED_ATOMIC_FADD", RdsMaskedAtomicFadd,
        Send, RdsAtomicArgs, Memory, [] "-", plain, "net/rds/rdma.c";
    /// Compares and swaps a word of the peer's memory, under a mask.
    RDS_CMSG_MASKED_ATOMIC_CSWP = SOL_RDS, 9, 9, "RDS_CMSG_MASKED_ATOMIC_CSWP", RdsMaskedAtomicCswp,
        Send, RdsAtomicArgs, Memory, [] "-", plain, "net/rds/rdma.c";
    /// Where in the kernel the packet spent its time.
    RDS_CMSG_RXPATH_LATENCY = SOL_RDS, 11, 11, "RDS_CMSG_RXPATH_LATENCY", RdsRxpathLatency,
        Recv, RdsCmsgRxTrace, NotSent, [SO_RDS_MSG_RXPATH_LATENCY] "",
        plain, "net/rds/recv.c, Linux 4.11";
    /// A number by which the kernel will tell that the sent memory is free again.
    RDS_CMSG_ZCOPY_COOKIE = SOL_RDS, 12, 12, "RDS_CMSG_ZCOPY_COOKIE", RdsZcopyCookie,
        Send, u32, u32, [SO_ZEROCOPY] "", plain, "net/rds/send.c, Linux 4.17";
    /// The numbers of sent memory that is free again.
    RDS_CMSG_ZCOPY_COMPLETION = SOL_RDS, 13, 13, "RDS_CMSG_ZCOPY_COMPLETION", RdsZcopyCompletion,
        Recv, RdsZcopyCookies, NotSent, [SO_ZEROCOPY] "", plain, "net/rds/recv.c, Linux 4.17";

    /// The program's own number of the call; in every message of it.
    RXRPC_USER_CALL_ID = SOL_RXRPC, 1, 1, "RXRPC_USER_CALL_ID", RxrpcUserCallId,
        Both, usize, usize, [] "always on", plain, "rxrpc.rst";
    /// Ends the call, with this code.
    RXRPC_ABORT = SOL_RXRPC, 2, 2, "RXRPC_ABORT", RxrpcAbort,
        Both, u32, u32, [] "always on", plain, "rxrpc.rst";
    /// The final reply was acknowledged.
    RXRPC_ACK = SOL_RXRPC, 3, 3, "RXRPC_ACK", RxrpcAck,
        Recv, (), NotSent, [] "always on", plain, "rxrpc.rst";
    /// The network failed, with this error number.
    RXRPC_NET_ERROR = SOL_RXRPC, 5, 5, "RXRPC_NET_ERROR", RxrpcNetError,
        Recv, u32, NotSent, [] "always on", plain, "rxrpc.rst";
    /// The server is busy. Historic: no kernel after 4.8 sends it.
    RXRPC_BUSY = SOL_RXRPC, 6, 6, "RXRPC_BUSY", RxrpcBusy,
        Recv, (), NotSent, [] "no kernel sends it", plain, "linux/rxrpc.h, historic";
    /// The call failed here, with this error number.
    RXRPC_LOCAL_ERROR = SOL_RXRPC, 7, 7, "RXRPC_LOCAL_ERROR", RxrpcLocalError,
        Recv, u32, NotSent, [] "always on", plain, "rxrpc.rst";
    /// A call waits to be accepted. Historic: no kernel after 5.10 sends it.
    RXRPC_NEW_CALL = SOL_RXRPC, 8, 8, "RXRPC_NEW_CALL", RxrpcNewCall,
        Recv, (), NotSent, [] "no kernel sends it", plain, "linux/rxrpc.h, historic";
    /// Accepts a call. Historic: RXRPC_CHARGE_ACCEPT replaced it in 5.10.
    RXRPC_ACCEPT = SOL_RXRPC, 9, 9, "RXRPC_ACCEPT", RxrpcAccept,
        Send, (), (), [] "-", plain, "linux/rxrpc.h, historic";
    /// The call is to have a connection of its own.
    RXRPC_EXCLUSIVE_CALL = SOL_RXRPC, 10, 10, "RXRPC_EXCLUSIVE_CALL", RxrpcExclusiveCall,
        Send, (), (), [] "-", plain, "rxrpc.rst, Linux 4.9";
    /// The server may choose a newer service.
    RXRPC_UPGRADE_SERVICE = SOL_RXRPC, 11, 11, "RXRPC_UPGRADE_SERVICE", RxrpcUpgradeService,
        Send, (), (), [] "-", plain, "rxrpc.rst, Linux 4.14";
    /// Bytes that the call will send in all.
    RXRPC_TX_LENGTH = SOL_RXRPC, 12, 12, "RXRPC_TX_LENGTH", RxrpcTxLength,
        Send, i64, i64, [] "-", plain, "rxrpc.rst, Linux 4.14";
    /// One to three limits of time: hard in seconds, idle and normal in milliseconds.
    RXRPC_SET_CALL_TIMEOUT = SOL_RXRPC, 13, 13, "RXRPC_SET_CALL_TIMEOUT", RxrpcSetCallTimeout,
        Send, [u32], [u32], [] "-", plain, "rxrpc.rst, Linux 4.16";
    /// Accepts a call in advance, under the number of RXRPC_USER_CALL_ID.
    RXRPC_CHARGE_ACCEPT = SOL_RXRPC, 14, 14, "RXRPC_CHARGE_ACCEPT", RxrpcChargeAccept,
        Send, (), (), [] "-", plain, "rxrpc.rst, Linux 5.10";
    /// The number of an out-of-band message.
    RXRPC_OOB_ID = SOL_RXRPC, 15, 15, "RXRPC_OOB_ID", RxrpcOobId,
        Both, u64, u64, [RXRPC_MANAGE_RESPONSE] "", plain, "net/rxrpc/oob.c, Linux 6.16";
    /// The server asks who we are.
    RXRPC_CHALLENGED = SOL_RXRPC, 16, 16, "RXRPC_CHALLENGED", RxrpcChallenged,
        Recv, Challenged, NotSent, [RXRPC_MANAGE_RESPONSE] "", plain, "net/rxrpc/oob.c, Linux 6.16";
    /// This message answers a challenge.
    RXRPC_RESPOND = SOL_RXRPC, 17, 17, "RXRPC_RESPOND", RxrpcRespond,
        Send, (), (), [] "-", plain, "net/rxrpc/oob.c, Linux 6.16";
    /// The peer answered a challenge. Reserved: no kernel up to 7.1 sends it.
    RXRPC_RESPONDED = SOL_RXRPC, 18, 18, "RXRPC_RESPONDED", RxrpcResponded,
        Recv, Bytes, NotSent, [] "no kernel sends it", plain, "linux/rxrpc.h, Linux 6.16";
    /// The program's own data in the answer to a challenge.
    RXRPC_RESP_RXGK_APPDATA = SOL_RXRPC, 19, 19, "RXRPC_RESP_RXGK_APPDATA", RxrpcRespRxgkAppdata,
        Send, Bytes, Bytes, [] "-", plain, "net/rxrpc/rxgk.c, Linux 6.16";

    /// Why a message came back, and how much of it.
    TIPC_ERRINFO = SOL_TIPC, 1, 1, "TIPC_ERRINFO", TipcErrinfo,
        Recv, TipcErrinfo, NotSent, [] "always on", plain, "net/tipc/socket.c";
    /// The message that came back.
    TIPC_RETDATA = SOL_TIPC, 2, 2, "TIPC_RETDATA", TipcRetdata,
        Recv, Bytes, NotSent, [] "always on", plain, "net/tipc/socket.c";
    /// The service range that the message was sent to.
    TIPC_DESTNAME = SOL_TIPC, 3, 3, "TIPC_DESTNAME", TipcDestname,
        Recv, TipcServiceRange, NotSent, [] "always on", plain, "net/tipc/socket.c";

    /// The multicast group that the message was sent to; 0 for none.
    NETLINK_PKTINFO = SOL_NETLINK, 3, 3, "NETLINK_PKTINFO", NetlinkPktinfo,
        Recv, NlPktinfo, NotSent, [NETLINK_PKTINFO] "", plain, "netlink(7), Linux 2.6.14";
    /// The id of the network namespace that the message came from.
    NETLINK_LISTEN_ALL_NSID = SOL_NETLINK, 8, 8, "NETLINK_LISTEN_ALL_NSID", NetlinkListenAllNsid,
        Recv, i32, NotSent, [NETLINK_LISTEN_ALL_NSID] "", plain, "netlink(7), Linux 4.2";

    /// Length, offsets and VLAN tag of a frame.
    PACKET_AUXDATA = SOL_PACKET, 8, 8, "PACKET_AUXDATA", PacketAuxdata,
        Recv, TpacketAuxdata, NotSent, [PACKET_AUXDATA] "", plain, "packet(7), Linux 2.6.21";
    /// What a timestamp in the error queue belongs to.
    PACKET_TX_TIMESTAMP = SOL_PACKET, 16, 16, "PACKET_TX_TIMESTAMP", PacketTxTimestamp,
        Recv, SockExtendedErr, NotSent, [SO_TIMESTAMPING] "", plain, "net/packet/af_packet.c";

    /// Direction of a packet: 1 is in.
    HCI_CMSG_DIR = SOL_HCI, 1, 1, "HCI_CMSG_DIR", HciCmsgDir,
        Recv, i32, NotSent, [HCI_DATA_DIR] "", plain, "net/bluetooth/hci_sock.c";
    /// Time of a packet.
    HCI_CMSG_TSTAMP = SOL_HCI, 2, 2, "HCI_CMSG_TSTAMP", HciCmsgTstamp,
        Recv, OldTimeval, NotSent, [HCI_TIME_STAMP] "", microseconds, "net/bluetooth/hci_sock.c";

    /// Whether the packet arrived whole.
    BT_SCM_PKT_STATUS = SOL_BLUETOOTH, 3, 3, "BT_SCM_PKT_STATUS", BtScmPktStatus,
        Recv, u8, NotSent, [BT_PKT_STATUS] "", plain, "net/bluetooth/af_bluetooth.c, Linux 5.9";
    /// What a timestamp in the error queue belongs to.
    BT_SCM_ERROR = SOL_BLUETOOTH, 4, 4, "BT_SCM_ERROR", BtScmError,
        Recv, SockExtendedErr, NotSent, [SO_TIMESTAMPING] "",
        plain, "net/bluetooth/af_bluetooth.c, Linux 6.15";
    /// Sequence number of the packet.
    BT_SCM_PKT_SEQNUM = SOL_BLUETOOTH, 5, 5, "BT_SCM_PKT_SEQNUM", BtScmPktSeqnum,
        Recv, u16, NotSent, [BT_PKT_SEQNUM] "", plain, "net/bluetooth/af_bluetooth.c, Linux 6.17";

    /// What a timestamp in the error queue belongs to.
    SCM_CAN_RAW_ERRQUEUE = SOL_CAN_RAW, 1, 1, "SCM_CAN_RAW_ERRQUEUE", CanRawErrqueue,
        Recv, SockExtendedErr, NotSent, [SO_TIMESTAMPING] "", plain, "net/can/raw.c, Linux 5.10";
    /// The address that the message was sent to.
    SCM_J1939_DEST_ADDR = SOL_CAN_J1939, 1, 1, "SCM_J1939_DEST_ADDR", J1939DestAddr,
        Recv, u8, NotSent, [] "always on", plain, "j1939.rst, Linux 5.4";
    /// The name that the message was sent to.
    SCM_J1939_DEST_NAME = SOL_CAN_J1939, 2, 2, "SCM_J1939_DEST_NAME", J1939DestName,
        Recv, u64, NotSent, [] "always on", plain, "j1939.rst, Linux 5.4";
    /// Priority of the message.
    SCM_J1939_PRIO = SOL_CAN_J1939, 3, 3, "SCM_J1939_PRIO", J1939Prio,
        Recv, u8, NotSent, [] "always on", plain, "j1939.rst, Linux 5.4";
    /// What became of a transfer, from the error queue. All but aborts need SO_TIMESTAMPING, too.
    SCM_J1939_ERRQUEUE = SOL_CAN_J1939, 4, 4, "SCM_J1939_ERRQUEUE", J1939Errqueue,
        Recv, SockExtendedErr, NotSent, [SO_J1939_ERRQUEUE] "", plain, "j1939.rst, Linux 5.4";

    /// Which sent memory is free again. From the error queue.
    VSOCK_RECVERR = SOL_VSOCK, 1, 1, "VSOCK_RECVERR", VsockRecverr,
        Recv, SockExtendedErr, NotSent, [SO_ZEROCOPY] "",
        plain, "net/vmw_vsock/af_vsock.c, Linux 6.7";
    /// Target class of the message.
    SCM_IUCV_TRGCLS = SOL_IUCV, 1, 1, "SCM_IUCV_TRGCLS", IucvTrgcls,
        Both, u32, u32, [] "always on", plain, "net/iucv/af_iucv.c";
    /// Interface, service access point and address that the frame was sent to.
    LLC_OPT_PKTINFO = SOL_LLC, 9, 9, "LLC_OPT_PKTINFO", LlcPktinfo,
        Recv, LlcPktinfo, NotSent, [LLC_OPT_PKTINFO] "", plain, "net/llc/af_llc.c";
    /// Quality of the radio link.
    WPAN_WANTLQI = SOL_IEEE802154, 3, 3, "WPAN_WANTLQI", WpanWantlqi,
        Recv, u8, NotSent, [WPAN_WANTLQI] "", plain, "net/ieee802154/socket.c";
    /// Time of arrival. Historic: Linux has no mISDN since 7.1.
    MISDN_TIME_STAMP = SOL_MISDN, 1, 1, "MISDN_TIME_STAMP", MisdnTimeStamp,
        Recv, OldTimeval, NotSent, [MISDN_TIME_STAMP] "",
        microseconds, "drivers/isdn/mISDN/socket.c, historic";
    /// Priority of the packet. Historic: Linux has no DCCP since 6.16.
    DCCP_SCM_PRIORITY = SOL_DCCP, 1, 1, "DCCP_SCM_PRIORITY", DccpScmPriority,
        Send, u32, u32, [DCCP_SOCKOPT_QPOLICY_ID] "", plain, "dccp.rst, historic";
    } };
}
