// THE TABLE: every control message that ancil knows, one row each, data only.
//
//     /// What it is and how to get one.
//     NAME = level, type, direction(payload), Variant;
//
// `direction` is how the kernel treats it: `both`, `recv` (only ever handed out) or `send` (only ever
// accepted). `payload` is what it decodes to; a second type says what is sent, where that differs.
//
// No `use`, no function: build.rs reads this file too, for the constants of the C header.

/// Hands every row to the macro `$project`.
macro_rules! catalogue {
    ($project:ident) => {
        $project! {
            /// Open descriptors for the receiver, at most 253 (`unix(7)`).
            SCM_RIGHTS = SOL_SOCKET, 1, both([i32]), Rights;
            /// Process, user and group id of the sender; switched on by `SO_PASSCRED` (`unix(7)`).
            SCM_CREDENTIALS = SOL_SOCKET, 2, both(Ucred), Credentials;
            /// Security label of the sender; switched on by `SO_PASSSEC` (`unix(7)`).
            SCM_SECURITY = SOL_SOCKET, 3, recv(Bytes), Security;
            /// A descriptor of the sender's process, or a negative error number; switched on by `SO_PASSPIDFD`
            /// (`unix(7)`, Linux 6.5).
            SCM_PIDFD = SOL_SOCKET, 4, recv(Pidfd), Pidfd;
            /// Time of arrival in microseconds, in the word size of the process; switched on by `SO_TIMESTAMP`
            /// (`socket(7)`).
            SO_TIMESTAMP_OLD = SOL_SOCKET, 29, recv(Timeval), TimestampOld;
            /// Time of arrival in microseconds, in 64 bits; switched on by `SO_TIMESTAMP_NEW` (Linux 5.1).
            SO_TIMESTAMP_NEW = SOL_SOCKET, 63, recv(Timeval), TimestampNew;
            /// Time of arrival in nanoseconds, in the word size of the process; switched on by `SO_TIMESTAMPNS`
            /// (`socket(7)`).
            SO_TIMESTAMPNS_OLD = SOL_SOCKET, 35, recv(Timespec), TimestampNsOld;
            /// Time of arrival in nanoseconds, in 64 bits; switched on by `SO_TIMESTAMPNS_NEW` (Linux 5.1).
            SO_TIMESTAMPNS_NEW = SOL_SOCKET, 64, recv(Timespec), TimestampNsNew;
            /// Three times of one packet, in the word size of the process; as sent, flags that ask for them
            /// (`Documentation/networking/timestamping.rst`).
            SO_TIMESTAMPING_OLD = SOL_SOCKET, 37, both(Timestamping, u32), TimestampingOld;
            /// Three times of one packet, in 64 bits; as sent, flags that ask for them (Linux 5.1).
            SO_TIMESTAMPING_NEW = SOL_SOCKET, 65, both(Timestamping, u32), TimestampingNew;

            /// Type of service: DSCP and ECN; an `int` when sent, a byte when it arrives; switched on by
            /// `IP_RECVTOS` (`ip(7)`).
            IP_TOS = SOL_IP, 1, both(Tos, i32), IpTos;
            /// Time to live, 1 to 255; switched on by `IP_RECVTTL` (`ip(7)`).
            IP_TTL = SOL_IP, 2, both(i32), IpTtl;
            /// Interface and local address; switched on by `IP_PKTINFO` (`ip(7)`).
            IP_PKTINFO = SOL_IP, 8, both(InPktinfo), IpPktinfo;
            /// What happened to a packet sent before, from the error queue; switched on by `IP_RECVERR` (`ip(7)`).
            IP_RECVERR = SOL_IP, 11, recv(RecvErr<SockaddrIn>), IpRecverr;

            /// What happened to a packet sent before, from the error queue; switched on by `IPV6_RECVERR`
            /// (`ipv6(7)`).
            IPV6_RECVERR = SOL_IPV6, 25, recv(RecvErr<SockaddrIn6>), Ipv6Recverr;
            /// Interface and local address; switched on by `IPV6_RECVPKTINFO` (`ipv6(7)`).
            IPV6_PKTINFO = SOL_IPV6, 50, both(In6Pktinfo), Ipv6Pktinfo;
            /// Hop limit, 0 to 255, or -1 for the default; switched on by `IPV6_RECVHOPLIMIT` (`ipv6(7)`).
            IPV6_HOPLIMIT = SOL_IPV6, 52, both(i32), Ipv6Hoplimit;
            /// Traffic class: DSCP and ECN, or -1 for the default; switched on by `IPV6_RECVTCLASS` (RFC 3542).
            IPV6_TCLASS = SOL_IPV6, 67, both(i32), Ipv6Tclass;

            /// Bytes of each datagram that the kernel is to cut this send into (`udp(7)`, Linux 4.18).
            UDP_SEGMENT = SOL_UDP, 103, send(u16), UdpSegment;
            /// Bytes of each datagram that the kernel joined into this one; switched on by `UDP_GRO` (`udp(7)`).
            UDP_GRO = SOL_UDP, 104, recv(i32), UdpGro;
        }
    };
}
