// SPDX-License-Identifier: MIT OR Apache-2.0
// Other names of the keys, for the search of the documentation: socket options, names in other
// systems and libraries, words that a user may type. One row each:
//
//     KEY "name" "name";
//
// A key without a row has no other name. An option that switches a message on, and is not called as
// a key, has a row: a test checks it.

/// Gives the macro `$callback` its first argument, a `$`, and every row.
macro_rules! aliases {
    ($callback:ident $dollar:tt) => {
        $callback! { $dollar
        SCM_RIGHTS "SO_PASSRIGHTS" "fd passing" "file descriptor" "SCM_MAX_FD";
        SCM_CREDENTIALS "SO_PASSCRED" "SO_PEERCRED" "SCM_CREDS" "LOCAL_CREDS" "pid of the sender";
        SCM_SECURITY "SO_PASSSEC" "SELinux" "label";
        SCM_PIDFD "SO_PASSPIDFD" "SO_PEERPIDFD";
        SO_PRIORITY "SO_RCVPRIORITY";
        SO_TIMESTAMP_OLD "SCM_TIMESTAMP";
        SO_TIMESTAMPNS_OLD "SCM_TIMESTAMPNS";
        SO_TIMESTAMPING_OLD "SCM_TIMESTAMPING";
        SO_TIMESTAMP "SCM_TIMESTAMP" "time of arrival";
        SO_TIMESTAMPNS "SCM_TIMESTAMPNS" "time of arrival";
        SO_TIMESTAMPING "SCM_TIMESTAMPING" "hardware timestamp" "PTP";
        SO_MARK "SO_RCVMARK" "fwmark";
        SO_RXQ_OVFL "drops" "dropped packets";
        SCM_WIFI_STATUS "SO_WIFI_STATUS";
        SCM_TXTIME "SO_TXTIME" "pacing";
        SCM_INQ "SO_INQ";
        IP_TOS "IP_RECVTOS" "ECN" "DSCP" "traffic class";
        IP_TTL "IP_RECVTTL" "time to live" "hop limit";
        IP_SCM_SECURITY "IP_PASSSEC";
        IP_PKTINFO "IP_RECVPKTINFO" "IP_RECVDSTADDR" "IP_SENDSRCADDR" "IP_RECVIF";
        IP_RECVERR "error queue" "MSG_ERRQUEUE" "ICMP";
        IP_ORIGDSTADDR "IP_RECVORIGDSTADDR" "TPROXY" "SO_ORIGINAL_DST";
        IPV6_RECVERR "error queue" "MSG_ERRQUEUE" "ICMPV6";
        IPV6_PKTINFO "IPV6_RECVPKTINFO";
        IPV6_HOPLIMIT "IPV6_RECVHOPLIMIT" "hop limit" "TTL";
        IPV6_HOPOPTS "IPV6_RECVHOPOPTS" "hop-by-hop options";
        IPV6_RTHDR "IPV6_RECVRTHDR" "routing header" "SRv6";
        IPV6_DSTOPTS "IPV6_RECVDSTOPTS" "destination options";
        IPV6_PATHMTU "IPV6_RECVPATHMTU" "path MTU";
        IPV6_TCLASS "IPV6_RECVTCLASS" "ECN" "DSCP" "traffic class" "TOS";
        IPV6_ORIGDSTADDR "IPV6_RECVORIGDSTADDR" "TPROXY";
        UDP_SEGMENT "GSO" "segmentation offload";
        UDP_GRO "receive offload";
        TCP_CM_INQ "TCP_INQ";
        TLS_SET_RECORD_TYPE "kTLS" "SOL_TLS";
        TLS_GET_RECORD_TYPE "kTLS" "SOL_TLS";
        SCTP_SNDRCV "SCTP_EVENTS";
        SCTP_RCVINFO "SCTP_RECVRCVINFO";
        SCTP_NXTINFO "SCTP_RECVNXTINFO";
        RDS_CMSG_RDMA_STATUS "RDS_RECVERR";
        RDS_CMSG_CONG_UPDATE "RDS_CONG_MONITOR";
        RDS_CMSG_RXPATH_LATENCY "SO_RDS_MSG_RXPATH_LATENCY";
        RDS_CMSG_ZCOPY_COMPLETION "SO_ZEROCOPY";
        RXRPC_OOB_ID "RXRPC_MANAGE_RESPONSE";
        RXRPC_CHALLENGED "RXRPC_MANAGE_RESPONSE";
        HCI_CMSG_DIR "HCI_DATA_DIR";
        HCI_CMSG_TSTAMP "HCI_TIME_STAMP";
        BT_SCM_PKT_STATUS "BT_PKT_STATUS";
        BT_SCM_PKT_SEQNUM "BT_PKT_SEQNUM";
        SCM_J1939_ERRQUEUE "SO_J1939_ERRQUEUE";
        VSOCK_RECVERR "SO_ZEROCOPY";
        DCCP_SCM_PRIORITY "DCCP_SOCKOPT_QPOLICY_ID";
        }
    };
}

macro_rules! define_with_aliases {
    ($dollar:tt $( $KEY:ident $($alias:literal)+; )+) => {
        /// Defines a key, which is the item after its name, with its other names.
        macro_rules! with_aliases {
            $( ($KEY $dollar item:item) => {
                #[doc(alias($($alias),+))]
                $dollar item
            }; )+
            ($dollar other:ident $dollar item:item) => {
                $dollar item
            };
        }
    };
}

aliases!(define_with_aliases $);
