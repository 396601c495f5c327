/*
 * ancil/payload.h: the structs that control messages carry, as the kernel lays them out.
 * SPDX-License-Identifier: MIT OR Apache-2.0
 */
#ifndef ANCIL_PAYLOAD_H
#define ANCIL_PAYLOAD_H

#include "address.h"

/* ---- Written by header/, do not edit: ANCIL_UPDATE_HEADER=1 cargo build --features header ---- */

/*
 * struct dmabuf_cmsg: a fragment of the received bytes. Carried by SCM_DEVMEM_DMABUF, and by
 * SCM_DEVMEM_LINEAR, where only @frag_size has a meaning.
 */
struct ancil_dmabuf_cmsg {
    ancil_u64 frag_offset; /* Offset of the fragment in the device's buffer, in bytes */
    ancil_u32 frag_size;   /* Length of the fragment, in bytes */
    ancil_u32 frag_token;  /* Number by which SO_DEVMEM_DONTNEED gives the fragment back */
    ancil_u32 dmabuf_id;   /* Id of the buffer, as binding it through netlink returned it */
    ancil_u32 flags;       /* Zero */
};

/*
 * struct dmabuf_token: a range of fragments to give back. The argument of the option
 * SO_DEVMEM_DONTNEED is an array of these.
 */
struct ancil_dmabuf_token {
    ancil_u32 token_start; /* frag_token of the first fragment */
    ancil_u32 token_count; /* Number of consecutive tokens */
};

/* struct sock_extended_err: what happened to a packet that was sent before. */
struct ancil_sock_extended_err {
    ancil_u32 ee_errno; /* errno(3); ENOMSG for a timestamp, 0 for SO_EE_ORIGIN_ZEROCOPY */
    ancil_u8 ee_origin; /* Who reports: SO_EE_ORIGIN_* */
    ancil_u8 ee_type;   /* Type of the ICMP message, if one reports */
    ancil_u8 ee_code;   /* Code of the ICMP message, if one reports; otherwise SO_EE_CODE_* */
    ancil_u8 ee_pad;    /* Padding; zero */
    ancil_u32 ee_info;  /* By origin: the MTU for EMSGSIZE, SCM_TSTAMP_* for a timestamp */
    /* By origin: the key of a timestamp, for example; a struct sock_ee_data_rfc4884 from ICMP. */
    ancil_u32 ee_data;
};

/*
 * struct sock_ee_data_rfc4884: where the extension of an ICMP message (RFC 4884) is in the bytes
 * that come with the report. It lies in ee_data.
 */
struct ancil_sock_ee_data_rfc4884 {
    ancil_u16 len;     /* The offset of the extension in those bytes, in bytes */
    ancil_u8 flags;    /* Flags: SO_EE_RFC4884_FLAG_INVALID */
    ancil_u8 reserved; /* Zero */
};

/*
 * struct in_pktinfo: where a packet arrived, or where it is to leave. Carried by IP_PKTINFO. On
 * send, the kernel chooses what is 0.
 */
struct ancil_in_pktinfo {
    ancil_i32 ipi_ifindex;             /* Index of the interface */
    struct ancil_in_addr ipi_spec_dst; /* Local address on receive, source address on send */
    struct ancil_in_addr ipi_addr;     /* Destination in the packet's header; ignored on send */
};

/*
 * struct in6_pktinfo: where a packet arrived, or where it is to leave. Carried by IPV6_PKTINFO and
 * IPV6_2292PKTINFO. On send, the kernel chooses what is 0.
 */
struct ancil_in6_pktinfo {
    struct ancil_in6_addr ipi6_addr; /* Destination address on receive, source address on send */
    ancil_u32 ipi6_ifindex;          /* Index of the interface */
};

/* struct ip6_mtuinfo: a destination and the MTU of the path to it. Carried by IPV6_PATHMTU. */
struct ancil_ip6_mtuinfo {
    struct ancil_sockaddr_in6 ip6m_addr; /* Destination of the path */
    ancil_u32 ip6m_mtu;                  /* Largest packet that the path takes, in bytes */
};

/*
 * struct ipv6_opt_hdr: the start of the payload of IPV6_HOPOPTS, IPV6_DSTOPTS and
 * IPV6_RTHDRDSTOPTS. Options follow; the payload has (hdrlen + 1) * 8 bytes in all.
 */
struct ancil_ipv6_opt_hdr {
    ancil_u8 nexthdr; /* Protocol of the next header: IPPROTO_* */
    ancil_u8 hdrlen;  /* Length in units of 8 bytes, not counting the first unit */
};

/*
 * struct ipv6_rt_hdr: the start of the payload of IPV6_RTHDR. Data that depend on @type follow; the
 * payload has (hdrlen + 1) * 8 bytes in all.
 */
struct ancil_ipv6_rt_hdr {
    ancil_u8 nexthdr;       /* Protocol of the next header: IPPROTO_* */
    ancil_u8 hdrlen;        /* Length in units of 8 bytes, not counting the first unit */
    ancil_u8 type;          /* Type of the routing header: IPV6_SRCRT_TYPE_* */
    ancil_u8 segments_left; /* Number of listed nodes that the packet has yet to visit */
};

/* struct nl_pktinfo: the multicast group that a message was sent to. Carried by NETLINK_PKTINFO. */
struct ancil_nl_pktinfo {
    ancil_u32 group; /* Number of the group; 0 if the message was not sent to a group */
};

/* struct tpacket_auxdata: lengths, offsets and VLAN tag of a frame. Carried by PACKET_AUXDATA. */
struct ancil_tpacket_auxdata {
    ancil_u32 tp_status;    /* Flags: TP_STATUS_* */
    ancil_u32 tp_len;       /* Length of the frame, in bytes */
    ancil_u32 tp_snaplen;   /* Bytes of the frame that the socket's filter kept */
    ancil_u16 tp_mac;       /* Offset of the link-layer header, in bytes */
    ancil_u16 tp_net;       /* Offset of the network header, in bytes */
    ancil_u16 tp_vlan_tci;  /* Control information of the VLAN tag, if TP_STATUS_VLAN_VALID */
    ancil_u16 tp_vlan_tpid; /* Protocol of the VLAN tag, if TP_STATUS_VLAN_TPID_VALID */
};

/* struct llc_pktinfo: where a frame arrived. Carried by LLC_OPT_PKTINFO. */
struct ancil_llc_pktinfo {
    ancil_i32 lpi_ifindex; /* Index of the interface */
    ancil_u8 lpi_sap;      /* Service access point that the frame was sent to: LLC_SAP_* */
    ancil_u8 lpi_mac[6];   /* Hardware address that the frame was sent to */
};

/* struct rds_iovec: a range of memory. */
struct ancil_rds_iovec {
    ancil_u64 addr;  /* Address of the first byte */
    ancil_u64 bytes; /* Length in bytes */
};

/*
 * struct rds_rdma_args: a transfer from or to the memory of the peer. Carried by
 * RDS_CMSG_RDMA_ARGS.
 */
struct ancil_rds_rdma_args {
    ancil_u64 cookie;                  /* The key that the peer sent for its memory */
    struct ancil_rds_iovec remote_vec; /* Range in the memory that @cookie names, from its start */
    ancil_u64 local_vec_addr;          /* Address of an array of struct rds_iovec */
    ancil_u64 nr_local;                /* Number of elements of that array */
    ancil_u64 flags;                   /* RDS_RDMA_READWRITE and other bits of that list */
    ancil_u64 user_token;              /* Number that struct rds_rdma_notify returns */
};

/* struct rds_get_mr_args: memory to open to the peer. Carried by RDS_CMSG_RDMA_MAP. */
struct ancil_rds_get_mr_args {
    struct ancil_rds_iovec vec; /* The range of local memory */
    ancil_u64 cookie_addr;      /* Address at which the kernel stores the key, a u64 */
    ancil_u64 flags;            /* RDS_RDMA_READWRITE and other bits of that list */
};

/*
 * struct rds_atomic_args: an atomic operation on the memory of the peer. Carried by the four
 * messages RDS_CMSG_ATOMIC_* and RDS_CMSG_MASKED_ATOMIC_*. The operands are, in this order:
 *
 * - FADD: the number to add
 * - CSWP: the number to compare with, the new number
 * - MASKED_FADD: the number to add, the mask of bits that do not carry
 * - MASKED_CSWP: as CSWP, followed by a mask for each of the two numbers
 */
struct ancil_rds_atomic_args {
    ancil_u64 cookie;      /* The key that the peer sent for its memory */
    ancil_u64 local_addr;  /* Where the kernel stores the old value, a u64; a multiple of 8 */
    ancil_u64 remote_addr; /* Position of the word in the memory that @cookie names */
    ancil_u64 operands[4]; /* The operands; the kernel ignores those that are not used */
    ancil_u64 flags;       /* RDS_RDMA_NOTIFY_ME and other bits of that list */
    ancil_u64 user_token;  /* Number that struct rds_rdma_notify returns */
};

/*
 * struct rds_rdma_notify: how a transfer ended. Carried by RDS_CMSG_RDMA_STATUS.
 *
 * It has 12 bytes on i386, where a u64 is aligned to 4 bytes, and 16 on all other machines.
 */
struct ancil_rds_rdma_notify {
    ancil_u64 user_token; /* @user_token of the request */
    ancil_i32 status;     /* RDS_RDMA_SUCCESS, RDS_RDMA_REMOTE_ERROR or another of that list */
};

/*
 * struct rds_cmsg_rx_trace: how long a message took through the receive path. Carried by
 * RDS_CMSG_RXPATH_LATENCY.
 *
 * It has 28 bytes on i386, where a u64 is aligned to 4 bytes, and 32 on all other machines.
 */
struct ancil_rds_cmsg_rx_trace {
    ancil_u8 rx_traces;       /* Number of points that were measured, at most 3 */
    ancil_u8 rx_trace_pos[3]; /* The points: RDS_MSG_RX_* */
    ancil_u64 rx_trace[3];    /* The latency at each of these points, in nanoseconds */
};

/*
 * struct rds_rx_trace_so: which latencies RDS_CMSG_RXPATH_LATENCY is to report: the argument of the
 * option SO_RDS_MSG_RXPATH_LATENCY.
 */
struct ancil_rds_rx_trace_so {
    ancil_u8 rx_traces;       /* Number of points, at most 3; 0 switches the message off */
    ancil_u8 rx_trace_pos[3]; /* The points: RDS_MSG_RX_* */
};

/*
 * struct rds_zcopy_cookies: sends whose memory is free again. Carried by RDS_CMSG_ZCOPY_COMPLETION.
 */
struct ancil_rds_zcopy_cookies {
    ancil_u32 num;        /* Number of cookies that are valid, at most 8 */
    ancil_u32 cookies[8]; /* Numbers that RDS_CMSG_ZCOPY_COOKIE gave to the sends */
};

/* struct rxrpc_challenge: the start of every challenge. */
struct ancil_rxrpc_challenge {
    ancil_u16 service_id;    /* Id of the service that sends the challenge */
    ancil_u8 security_index; /* Security class: RXRPC_SECURITY_* */
    ancil_u8 pad;            /* Padding of any value: the kernel does not set it */
};

/* struct rxgk_challenge: a challenge of the security class RxGK. */
struct ancil_rxgk_challenge {
    struct ancil_rxrpc_challenge base; /* The start, common to all classes */
    ancil_u32 enctype;                 /* Number of the Kerberos encryption type */
};

/* struct sctp_initmsg: parameters of a new association; 0 keeps a default. Carried by SCTP_INIT. */
struct ancil_sctp_initmsg {
    ancil_u16 sinit_num_ostreams;   /* Number of streams to send on */
    ancil_u16 sinit_max_instreams;  /* Largest number of streams that the peer may send on */
    ancil_u16 sinit_max_attempts;   /* Largest number of attempts to open the association */
    ancil_u16 sinit_max_init_timeo; /* Longest time between two attempts, in milliseconds */
};

/*
 * struct sctp_sndrcvinfo: how to send a message, or how it was received. Carried by SCTP_SNDRCV,
 * which RFC 6458 replaces with SCTP_SNDINFO and SCTP_RCVINFO.
 *
 * On send, @sinfo_context is the program's own number, returned with the message if sending fails.
 * On receive, it is the number set for the association by the option SCTP_CONTEXT.
 */
struct ancil_sctp_sndrcvinfo {
    ancil_u16 sinfo_stream;     /* Stream number */
    ancil_u16 sinfo_ssn;        /* On receive, the sequence number in the stream */
    ancil_u16 sinfo_flags;      /* Flags: SCTP_UNORDERED and others of enum sctp_sinfo_flags */
    ancil_u16 pad;              /* Padding; zero */
    ancil_u32 sinfo_ppid;       /* Payload protocol identifier: the program's own tag */
    ancil_u32 sinfo_context;    /* Number of the program, or of the association */
    ancil_u32 sinfo_timetolive; /* On send, milliseconds until it may be given up; 0 for never */
    ancil_u32 sinfo_tsn;        /* On receive, the transmission sequence number */
    ancil_u32 sinfo_cumtsn;     /* If unordered, the cumulative transmission sequence number */
    ancil_i32 sinfo_assoc_id;   /* Id of the association */
};

/* struct sctp_sndinfo: how to send a message. Carried by SCTP_SNDINFO. */
struct ancil_sctp_sndinfo {
    ancil_u16 snd_sid;      /* Stream number */
    ancil_u16 snd_flags;    /* Flags: SCTP_UNORDERED and others of enum sctp_sinfo_flags */
    ancil_u32 snd_ppid;     /* Payload protocol identifier: the program's own tag */
    ancil_u32 snd_context;  /* The program's own number, returned if sending fails */
    ancil_i32 snd_assoc_id; /* Id of the association */
};

/* struct sctp_rcvinfo: how a message was received. Carried by SCTP_RCVINFO. */
struct ancil_sctp_rcvinfo {
    ancil_u16 rcv_sid;      /* Stream number */
    ancil_u16 rcv_ssn;      /* Sequence number in the stream */
    ancil_u16 rcv_flags;    /* Flags: SCTP_UNORDERED and others of enum sctp_sinfo_flags */
    ancil_u16 pad;          /* Padding; zero */
    ancil_u32 rcv_ppid;     /* Payload protocol identifier: the program's own tag */
    ancil_u32 rcv_tsn;      /* Transmission sequence number */
    ancil_u32 rcv_cumtsn;   /* If unordered, the cumulative transmission sequence number */
    ancil_u32 rcv_context;  /* The number set for the association by the option SCTP_CONTEXT */
    ancil_i32 rcv_assoc_id; /* Id of the association */
};

/* struct sctp_nxtinfo: the message that the next recvmsg will return. Carried by SCTP_NXTINFO. */
struct ancil_sctp_nxtinfo {
    ancil_u16 nxt_sid;      /* Stream number */
    ancil_u16 nxt_flags;    /* Flags: SCTP_UNORDERED, SCTP_NOTIFICATION */
    ancil_u32 nxt_ppid;     /* Payload protocol identifier: the program's own tag */
    ancil_u32 nxt_length;   /* Bytes of the message that have arrived so far */
    ancil_i32 nxt_assoc_id; /* Id of the association */
};

/* struct sctp_prinfo: when a message may be given up. Carried by SCTP_PRINFO. */
struct ancil_sctp_prinfo {
    ancil_u16 pr_policy; /* What @pr_value means: SCTP_PR_SCTP_* */
    ancil_u16 pad;       /* Padding; zero */
    ancil_u32 pr_value;  /* Milliseconds (TTL), retransmissions (RTX) or a priority (PRIO) */
};

/* struct sctp_authinfo: the key that authenticates a message. Carried by SCTP_AUTHINFO. */
struct ancil_sctp_authinfo {
    ancil_u16 auth_keynumber; /* Number of the shared key */
};

/*
 * struct ucred: the ids of the sender, which the kernel has checked. Carried by SCM_CREDENTIALS.
 *
 * A privileged sender may name other ids. Process 0 is no sender: the kernel reports it for what
 * was sent before SO_PASSCRED was on.
 */
struct ancil_ucred {
    ancil_i32 pid; /* Process id */
    ancil_u32 uid; /* User id */
    ancil_u32 gid; /* Group id */
};

/*
 * The payload of SCM_PIDFD: a pidfd of the sender's process, which the receiver owns, or an error
 * number if the kernel could not make one.
 */
typedef ancil_i32 ancil_pidfd;

/*
 * struct scm_ts_pktinfo: origin of a packet that has a hardware timestamp. Carried by
 * SCM_TIMESTAMPING_PKTINFO.
 */
struct ancil_scm_ts_pktinfo {
    ancil_u32 if_index;    /* Index of the interface of arrival; 0 if it is not known */
    ancil_u32 pkt_length;  /* Length of the packet with its link-layer header, in bytes */
    ancil_u32 reserved[2]; /* Zero */
};

/* struct sock_txtime: the argument of the option SO_TXTIME, which allows SCM_TXTIME. */
struct ancil_sock_txtime {
    ancil_i32 clockid; /* The clock that SCM_TXTIME refers to: CLOCK_TAI, CLOCK_MONOTONIC */
    ancil_u32 flags;   /* Flags: SOF_TXTIME_* */
};

/*
 * Why a message came back. Carried by TIPC_ERRINFO; in the kernel, an array of two u32 without a
 * name.
 */
struct ancil_tipc_errinfo {
    ancil_u32 error;  /* The error: TIPC_ERR_* or TIPC_CONN_SHUTDOWN */
    ancil_u32 length; /* Bytes of the message that came back, in TIPC_RETDATA */
};

/* struct tipc_service_range: the services that a message was sent to. Carried by TIPC_DESTNAME. */
struct ancil_tipc_service_range {
    ancil_u32 type;  /* Type of the service */
    ancil_u32 lower; /* First instance */
    ancil_u32 upper; /* Last instance, included */
};

/* ---- End of what header/ wrote ---- */

#endif /* ANCIL_PAYLOAD_H */
