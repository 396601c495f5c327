/*
 * ancil/names.h: the numbers and names of levels and messages, and a control buffer as text.
 * SPDX-License-Identifier: MIT OR Apache-2.0
 */
#ifndef ANCIL_NAMES_H
#define ANCIL_NAMES_H

#include "inline.h"

/* The number on most machines, or on sparc. */
#ifdef __sparc__
#define ANCIL_BY_ARCH_(number, sparc) sparc
#else
#define ANCIL_BY_ARCH_(number, sparc) number
#endif

#ifdef __cplusplus
extern "C" {
#endif

/* ---- Written by header/, do not edit: ANCIL_UPDATE_HEADER=1 cargo build --features header ---- */

/* Sockets of any family. inline.h has the level itself, SCM_RIGHTS and SCM_PIDFD. */
#define ANCIL_SCM_CREDENTIALS 2
#define ANCIL_SCM_SECURITY 3
#define ANCIL_SO_PRIORITY 12
#define ANCIL_SO_TIMESTAMP_OLD 29
#define ANCIL_SO_TIMESTAMPNS_OLD ANCIL_BY_ARCH_(35, 33)
#define ANCIL_SO_MARK ANCIL_BY_ARCH_(36, 34)
#define ANCIL_SO_TIMESTAMPING_OLD ANCIL_BY_ARCH_(37, 35)
#define ANCIL_SO_RXQ_OVFL ANCIL_BY_ARCH_(40, 36)
#define ANCIL_SCM_WIFI_STATUS ANCIL_BY_ARCH_(41, 37)
#define ANCIL_SCM_TIMESTAMPING_OPT_STATS ANCIL_BY_ARCH_(54, 56)
#define ANCIL_SCM_TIMESTAMPING_PKTINFO ANCIL_BY_ARCH_(58, 60)
#define ANCIL_SCM_TXTIME ANCIL_BY_ARCH_(61, 63)
#define ANCIL_SO_TIMESTAMP_NEW ANCIL_BY_ARCH_(63, 70)
#define ANCIL_SO_TIMESTAMPNS_NEW ANCIL_BY_ARCH_(64, 66)
#define ANCIL_SO_TIMESTAMPING_NEW ANCIL_BY_ARCH_(65, 67)
#define ANCIL_SCM_DEVMEM_LINEAR ANCIL_BY_ARCH_(78, 87)
#define ANCIL_SCM_DEVMEM_DMABUF ANCIL_BY_ARCH_(79, 88)
#define ANCIL_SCM_TS_OPT_ID ANCIL_BY_ARCH_(81, 90)
#define ANCIL_SCM_INQ ANCIL_BY_ARCH_(84, 93)

/* Bluetooth's host controller interface. */
#define ANCIL_SOL_HCI 0
#define ANCIL_HCI_CMSG_DIR 1
#define ANCIL_HCI_CMSG_TSTAMP 2

/* Low-rate wireless networks. */
#define ANCIL_SOL_IEEE802154 0
#define ANCIL_WPAN_WANTLQI 3

/* Modular ISDN; gone since Linux 7.1. */
#define ANCIL_SOL_MISDN 0
#define ANCIL_MISDN_TIME_STAMP 1

/* Internet protocol, version 4: ip(7). */
#define ANCIL_SOL_IP 0
#define ANCIL_IP_TOS 1
#define ANCIL_IP_TTL 2
#define ANCIL_IP_SCM_SECURITY 3
#define ANCIL_IP_RECVOPTS 6
#define ANCIL_IP_RETOPTS 7
#define ANCIL_IP_PKTINFO 8
#define ANCIL_IP_RECVERR 11
#define ANCIL_IP_ORIGDSTADDR 20
#define ANCIL_IP_CHECKSUM 23
#define ANCIL_IP_RECVFRAGSIZE 25
#define ANCIL_IP_PROTOCOL 52

/* Transmission control: tcp(7). */
#define ANCIL_SOL_TCP 6
#define ANCIL_TCP_CM_INQ 36

/* User datagrams: udp(7). */
#define ANCIL_SOL_UDP 17
#define ANCIL_UDP_SEGMENT 103
#define ANCIL_UDP_GRO 104

/* Internet protocol, version 6: ipv6(7). */
#define ANCIL_SOL_IPV6 41
#define ANCIL_IPV6_2292PKTINFO 2
#define ANCIL_IPV6_2292HOPOPTS 3
#define ANCIL_IPV6_2292DSTOPTS 4
#define ANCIL_IPV6_2292RTHDR 5
#define ANCIL_IPV6_2292HOPLIMIT 8
#define ANCIL_IPV6_FLOWINFO 11
#define ANCIL_IPV6_RECVERR 25
#define ANCIL_IPV6_PKTINFO 50
#define ANCIL_IPV6_HOPLIMIT 52
#define ANCIL_IPV6_HOPOPTS 54
#define ANCIL_IPV6_RTHDRDSTOPTS 55
#define ANCIL_IPV6_RTHDR 57
#define ANCIL_IPV6_DSTOPTS 59
#define ANCIL_IPV6_PATHMTU 61
#define ANCIL_IPV6_DONTFRAG 62
#define ANCIL_IPV6_TCLASS 67
#define ANCIL_IPV6_ORIGDSTADDR 74
#define ANCIL_IPV6_RECVFRAGSIZE 77

/* Raw CAN frames. */
#define ANCIL_SOL_CAN_RAW 101
#define ANCIL_SCM_CAN_RAW_ERRQUEUE 1

/* SAE J1939 over CAN. */
#define ANCIL_SOL_CAN_J1939 107
#define ANCIL_SCM_J1939_DEST_ADDR 1
#define ANCIL_SCM_J1939_DEST_NAME 2
#define ANCIL_SCM_J1939_PRIO 3
#define ANCIL_SCM_J1939_ERRQUEUE 4

/* Stream control transmission: sctp(7); also called IPPROTO_SCTP. */
#define ANCIL_SOL_SCTP 132
#define ANCIL_SCTP_INIT 0
#define ANCIL_SCTP_SNDRCV 1
#define ANCIL_SCTP_SNDINFO 2
#define ANCIL_SCTP_RCVINFO 3
#define ANCIL_SCTP_NXTINFO 4
#define ANCIL_SCTP_PRINFO 5
#define ANCIL_SCTP_AUTHINFO 6
#define ANCIL_SCTP_DSTADDRV4 7
#define ANCIL_SCTP_DSTADDRV6 8

/* Frames of a device: packet(7). */
#define ANCIL_SOL_PACKET 263
#define ANCIL_PACKET_AUXDATA 8
#define ANCIL_PACKET_TX_TIMESTAMP 16

/* Logical link control. */
#define ANCIL_SOL_LLC 268
#define ANCIL_LLC_OPT_PKTINFO 9

/* Datagram congestion control; gone since Linux 6.16. */
#define ANCIL_SOL_DCCP 269
#define ANCIL_DCCP_SCM_PRIORITY 1

/* Netlink: netlink(7). */
#define ANCIL_SOL_NETLINK 270
#define ANCIL_NETLINK_PKTINFO 3
#define ANCIL_NETLINK_LISTEN_ALL_NSID 8

/* Transparent inter-process communication. */
#define ANCIL_SOL_TIPC 271
#define ANCIL_TIPC_ERRINFO 1
#define ANCIL_TIPC_RETDATA 2
#define ANCIL_TIPC_DESTNAME 3

/* RxRPC, the transport of AFS. */
#define ANCIL_SOL_RXRPC 272
#define ANCIL_RXRPC_USER_CALL_ID 1
#define ANCIL_RXRPC_ABORT 2
#define ANCIL_RXRPC_ACK 3
#define ANCIL_RXRPC_NET_ERROR 5
#define ANCIL_RXRPC_BUSY 6
#define ANCIL_RXRPC_LOCAL_ERROR 7
#define ANCIL_RXRPC_NEW_CALL 8
#define ANCIL_RXRPC_ACCEPT 9
#define ANCIL_RXRPC_EXCLUSIVE_CALL 10
#define ANCIL_RXRPC_UPGRADE_SERVICE 11
#define ANCIL_RXRPC_TX_LENGTH 12
#define ANCIL_RXRPC_SET_CALL_TIMEOUT 13
#define ANCIL_RXRPC_CHARGE_ACCEPT 14
#define ANCIL_RXRPC_OOB_ID 15
#define ANCIL_RXRPC_CHALLENGED 16
#define ANCIL_RXRPC_RESPOND 17
#define ANCIL_RXRPC_RESPONDED 18
#define ANCIL_RXRPC_RESP_RXGK_APPDATA 19

/* Bluetooth. */
#define ANCIL_SOL_BLUETOOTH 274
#define ANCIL_BT_SCM_PKT_STATUS 3
#define ANCIL_BT_SCM_ERROR 4
#define ANCIL_BT_SCM_PKT_SEQNUM 5

/* Reliable datagrams. */
#define ANCIL_SOL_RDS 276
#define ANCIL_RDS_CMSG_RDMA_ARGS 1
#define ANCIL_RDS_CMSG_RDMA_DEST 2
#define ANCIL_RDS_CMSG_RDMA_MAP 3
#define ANCIL_RDS_CMSG_RDMA_STATUS 4
#define ANCIL_RDS_CMSG_CONG_UPDATE 5
#define ANCIL_RDS_CMSG_ATOMIC_FADD 6
#define ANCIL_RDS_CMSG_ATOMIC_CSWP 7
#define ANCIL_RDS_CMSG_MASKED_ATOMIC_FADD 8
#define ANCIL_RDS_CMSG_MASKED_ATOMIC_CSWP 9
#define ANCIL_RDS_CMSG_RXPATH_LATENCY 11
#define ANCIL_RDS_CMSG_ZCOPY_COOKIE 12
#define ANCIL_RDS_CMSG_ZCOPY_COMPLETION 13

/* Inter-user communication of z/VM. */
#define ANCIL_SOL_IUCV 277
#define ANCIL_SCM_IUCV_TRGCLS 1

/* The kernel's cryptography. */
#define ANCIL_SOL_ALG 279
#define ANCIL_ALG_SET_IV 2
#define ANCIL_ALG_SET_OP 3
#define ANCIL_ALG_SET_AEAD_ASSOCLEN 4

/* Transport layer security in the kernel. */
#define ANCIL_SOL_TLS 282
#define ANCIL_TLS_SET_RECORD_TYPE 1
#define ANCIL_TLS_GET_RECORD_TYPE 2

/* Sockets between virtual machines: vsock(7). */
#define ANCIL_SOL_VSOCK 287
#define ANCIL_VSOCK_RECVERR 1

/*
 * Prints a control buffer as strace(1) does: "[{cmsg_len=20, cmsg_level=SOL_SOCKET,
 * cmsg_type=SCM_RIGHTS, cmsg_data=[4]}]". The buffer may have any content.
 *
 * As snprintf does, writes at most @size bytes, the final NUL included, and returns the length that
 * the whole text has without the NUL. @out may be NULL if @size is 0.
 */
size_t ancil_format(char *out, size_t size, const void *control, size_t controllen) ANCIL_NOTHROW;

/* Returns the name of a level, such as "SOL_SOCKET", as a static string; NULL if it is unknown. */
const char *ancil_level_name(int level) ANCIL_NOTHROW;

/*
 * Returns the name of a message in the man pages, such as "SCM_RIGHTS", as a static string; NULL if
 * it is unknown.
 */
const char *ancil_message_name(int level, int type) ANCIL_NOTHROW;

/* ---- End of what header/ wrote ---- */

#ifdef __cplusplus
}
#endif

#endif /* ANCIL_NAMES_H */
