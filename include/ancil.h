/*
 * ancil: control messages (cmsghdr) of Linux sockets, encoded and decoded in your own buffers.
 * SPDX-License-Identifier: MIT OR Apache-2.0
 *
 * The contract of every function here:
 * - A pointer with a length is valid for that many bytes or elements until the call returns, or
 *   it is NULL and counts as empty. Buffers of one call do not overlap. No other memory is touched.
 * - Lengths are in bytes, descriptors in elements. Any length and any content is fine: what does
 *   not fit or makes no sense is an error, a negative errno, and changes nothing.
 * - Vectors are counted by iov_len, and only the bytes that a call reaches have to be there. After
 *   NULL, and past SSIZE_MAX in one element, is a hole: what only counts steps over it, what copies
 *   or looks ends there.
 * - Nothing allocates, sets errno, keeps state or calls into libc but for memcpy, memmove, memset
 *   and memcmp: every function is reentrant and async-signal-safe.
 *
 * Made from the sources by cbindgen. Do not edit:
 * ANCIL_UPDATE_HEADER=1 cargo build --features header
 * C89 to C23, C++98 to C++23. ANCIL_C89, defined before, spares compilers without <stdint.h> that
 * header.
 */
#include <stddef.h>
#ifndef ANCIL_C89
#include <stdint.h>
#endif
#include <sys/uio.h>

#ifndef ANCIL_H
#define ANCIL_H

#include "ancil/inline.h"

/* The integers of <stdint.h>: the same types, without that header. */
typedef unsigned char ancil_u8;
typedef unsigned short ancil_u16;
typedef unsigned int ancil_u32;
typedef short ancil_i16;
typedef int ancil_i32;
#ifdef __LP64__
typedef unsigned long ancil_u64;
typedef long ancil_i64;
#elif defined __GNUC__
__extension__ typedef unsigned long long ancil_u64;
__extension__ typedef long long ancil_i64;
#else
typedef unsigned long long ancil_u64;
typedef long long ancil_i64;
#endif

/* ptrdiff_t of <stddef.h>, likewise. */
#ifdef __PTRDIFF_TYPE__
typedef __PTRDIFF_TYPE__ ancil_ptrdiff;
#else
typedef ptrdiff_t ancil_ptrdiff;
#endif

/*
 * Sizes of netlink messages, as NLMSG_* of <linux/netlink.h>, and attributes, as RTA_* of
 * <linux/rtnetlink.h>.
 */
#define ANCIL_NLMSG_ALIGN(n) ((ANCIL_CAST(size_t, n) + 3) & ~ANCIL_CAST(size_t, 3))
#define ANCIL_NLMSG_HDRLEN 16
#define ANCIL_NLMSG_LENGTH(n) (16 + ANCIL_CAST(size_t, n))
#define ANCIL_NLMSG_SPACE(n) ANCIL_NLMSG_ALIGN(ANCIL_NLMSG_LENGTH(n))
#define ANCIL_NLA_ALIGN(n) ANCIL_NLMSG_ALIGN(n)
#define ANCIL_NLA_HDRLEN 4
#define ANCIL_NLA_LENGTH(n) (4 + ANCIL_CAST(size_t, n))
#define ANCIL_NLA_SPACE(n) ANCIL_NLA_ALIGN(ANCIL_NLA_LENGTH(n))

#ifdef __cplusplus
extern "C" {
#endif

/* What ancil_iov_find returns where there is no such byte. */
#define ANCIL_IOV_NONE ANCIL_CAST(size_t, -1)

/* Where sparc has a number of its own. */
#ifdef __sparc__
#define ANCIL_BY_ARCH(number, sparc) sparc
#else
#define ANCIL_BY_ARCH(number, sparc) number
#endif
/* The levels of control messages: the protocols. */
#define ANCIL_SOL_HCI 0
#define ANCIL_SOL_IEEE802154 0
#define ANCIL_SOL_MISDN 0
#define ANCIL_SOL_IP 0
#define ANCIL_SOL_TCP 6
#define ANCIL_SOL_UDP 17
#define ANCIL_SOL_IPV6 41
#define ANCIL_SOL_CAN_RAW 101
#define ANCIL_SOL_CAN_J1939 107
#define ANCIL_SOL_SCTP 132
#define ANCIL_SOL_PACKET 263
#define ANCIL_SOL_LLC 268
#define ANCIL_SOL_DCCP 269
#define ANCIL_SOL_NETLINK 270
#define ANCIL_SOL_TIPC 271
#define ANCIL_SOL_RXRPC 272
#define ANCIL_SOL_BLUETOOTH 274
#define ANCIL_SOL_RDS 276
#define ANCIL_SOL_IUCV 277
#define ANCIL_SOL_ALG 279
#define ANCIL_SOL_TLS 282
#define ANCIL_SOL_VSOCK 287

/* The types of control messages, each with its level. */
#define ANCIL_SCM_CREDENTIALS 2 /* SOL_SOCKET */
#define ANCIL_SCM_SECURITY 3 /* SOL_SOCKET */
#define ANCIL_SO_PRIORITY 12 /* SOL_SOCKET */
#define ANCIL_SO_TIMESTAMP_OLD 29 /* SOL_SOCKET */
#define ANCIL_SO_TIMESTAMPNS_OLD ANCIL_BY_ARCH(35, 33) /* SOL_SOCKET */
#define ANCIL_SO_MARK ANCIL_BY_ARCH(36, 34) /* SOL_SOCKET */
#define ANCIL_SO_TIMESTAMPING_OLD ANCIL_BY_ARCH(37, 35) /* SOL_SOCKET */
#define ANCIL_SO_RXQ_OVFL ANCIL_BY_ARCH(40, 36) /* SOL_SOCKET */
#define ANCIL_SCM_WIFI_STATUS ANCIL_BY_ARCH(41, 37) /* SOL_SOCKET */
#define ANCIL_SCM_TIMESTAMPING_OPT_STATS ANCIL_BY_ARCH(54, 56) /* SOL_SOCKET */
#define ANCIL_SCM_TIMESTAMPING_PKTINFO ANCIL_BY_ARCH(58, 60) /* SOL_SOCKET */
#define ANCIL_SCM_TXTIME ANCIL_BY_ARCH(61, 63) /* SOL_SOCKET */
#define ANCIL_SO_TIMESTAMP_NEW ANCIL_BY_ARCH(63, 70) /* SOL_SOCKET */
#define ANCIL_SO_TIMESTAMPNS_NEW ANCIL_BY_ARCH(64, 66) /* SOL_SOCKET */
#define ANCIL_SO_TIMESTAMPING_NEW ANCIL_BY_ARCH(65, 67) /* SOL_SOCKET */
#define ANCIL_SCM_DEVMEM_LINEAR ANCIL_BY_ARCH(78, 87) /* SOL_SOCKET */
#define ANCIL_SCM_DEVMEM_DMABUF ANCIL_BY_ARCH(79, 88) /* SOL_SOCKET */
#define ANCIL_SCM_TS_OPT_ID ANCIL_BY_ARCH(81, 90) /* SOL_SOCKET */
#define ANCIL_SCM_INQ ANCIL_BY_ARCH(84, 93) /* SOL_SOCKET */
#define ANCIL_IP_TOS 1 /* SOL_IP */
#define ANCIL_IP_TTL 2 /* SOL_IP */
#define ANCIL_IP_SCM_SECURITY 3 /* SOL_IP */
#define ANCIL_IP_RECVOPTS 6 /* SOL_IP */
#define ANCIL_IP_RETOPTS 7 /* SOL_IP */
#define ANCIL_IP_PKTINFO 8 /* SOL_IP */
#define ANCIL_IP_RECVERR 11 /* SOL_IP */
#define ANCIL_IP_ORIGDSTADDR 20 /* SOL_IP */
#define ANCIL_IP_CHECKSUM 23 /* SOL_IP */
#define ANCIL_IP_RECVFRAGSIZE 25 /* SOL_IP */
#define ANCIL_IP_PROTOCOL 52 /* SOL_IP */
#define ANCIL_IPV6_2292PKTINFO 2 /* SOL_IPV6 */
#define ANCIL_IPV6_2292HOPOPTS 3 /* SOL_IPV6 */
#define ANCIL_IPV6_2292DSTOPTS 4 /* SOL_IPV6 */
#define ANCIL_IPV6_2292RTHDR 5 /* SOL_IPV6 */
#define ANCIL_IPV6_2292HOPLIMIT 8 /* SOL_IPV6 */
#define ANCIL_IPV6_FLOWINFO 11 /* SOL_IPV6 */
#define ANCIL_IPV6_RECVERR 25 /* SOL_IPV6 */
#define ANCIL_IPV6_PKTINFO 50 /* SOL_IPV6 */
#define ANCIL_IPV6_HOPLIMIT 52 /* SOL_IPV6 */
#define ANCIL_IPV6_HOPOPTS 54 /* SOL_IPV6 */
#define ANCIL_IPV6_RTHDRDSTOPTS 55 /* SOL_IPV6 */
#define ANCIL_IPV6_RTHDR 57 /* SOL_IPV6 */
#define ANCIL_IPV6_DSTOPTS 59 /* SOL_IPV6 */
#define ANCIL_IPV6_PATHMTU 61 /* SOL_IPV6 */
#define ANCIL_IPV6_DONTFRAG 62 /* SOL_IPV6 */
#define ANCIL_IPV6_TCLASS 67 /* SOL_IPV6 */
#define ANCIL_IPV6_ORIGDSTADDR 74 /* SOL_IPV6 */
#define ANCIL_IPV6_RECVFRAGSIZE 77 /* SOL_IPV6 */
#define ANCIL_UDP_SEGMENT 103 /* SOL_UDP */
#define ANCIL_UDP_GRO 104 /* SOL_UDP */
#define ANCIL_TCP_CM_INQ 36 /* SOL_TCP */
#define ANCIL_TLS_SET_RECORD_TYPE 1 /* SOL_TLS */
#define ANCIL_TLS_GET_RECORD_TYPE 2 /* SOL_TLS */
#define ANCIL_ALG_SET_IV 2 /* SOL_ALG */
#define ANCIL_ALG_SET_OP 3 /* SOL_ALG */
#define ANCIL_ALG_SET_AEAD_ASSOCLEN 4 /* SOL_ALG */
#define ANCIL_SCTP_INIT 0 /* SOL_SCTP */
#define ANCIL_SCTP_SNDRCV 1 /* SOL_SCTP */
#define ANCIL_SCTP_SNDINFO 2 /* SOL_SCTP */
#define ANCIL_SCTP_RCVINFO 3 /* SOL_SCTP */
#define ANCIL_SCTP_NXTINFO 4 /* SOL_SCTP */
#define ANCIL_SCTP_PRINFO 5 /* SOL_SCTP */
#define ANCIL_SCTP_AUTHINFO 6 /* SOL_SCTP */
#define ANCIL_SCTP_DSTADDRV4 7 /* SOL_SCTP */
#define ANCIL_SCTP_DSTADDRV6 8 /* SOL_SCTP */
#define ANCIL_RDS_CMSG_RDMA_ARGS 1 /* SOL_RDS */
#define ANCIL_RDS_CMSG_RDMA_DEST 2 /* SOL_RDS */
#define ANCIL_RDS_CMSG_RDMA_MAP 3 /* SOL_RDS */
#define ANCIL_RDS_CMSG_RDMA_STATUS 4 /* SOL_RDS */
#define ANCIL_RDS_CMSG_CONG_UPDATE 5 /* SOL_RDS */
#define ANCIL_RDS_CMSG_ATOMIC_FADD 6 /* SOL_RDS */
#define ANCIL_RDS_CMSG_ATOMIC_CSWP 7 /* SOL_RDS */
#define ANCIL_RDS_CMSG_MASKED_ATOMIC_FADD 8 /* SOL_RDS */
#define ANCIL_RDS_CMSG_MASKED_ATOMIC_CSWP 9 /* SOL_RDS */
#define ANCIL_RDS_CMSG_RXPATH_LATENCY 11 /* SOL_RDS */
#define ANCIL_RDS_CMSG_ZCOPY_COOKIE 12 /* SOL_RDS */
#define ANCIL_RDS_CMSG_ZCOPY_COMPLETION 13 /* SOL_RDS */
#define ANCIL_RXRPC_USER_CALL_ID 1 /* SOL_RXRPC */
#define ANCIL_RXRPC_ABORT 2 /* SOL_RXRPC */
#define ANCIL_RXRPC_ACK 3 /* SOL_RXRPC */
#define ANCIL_RXRPC_NET_ERROR 5 /* SOL_RXRPC */
#define ANCIL_RXRPC_BUSY 6 /* SOL_RXRPC */
#define ANCIL_RXRPC_LOCAL_ERROR 7 /* SOL_RXRPC */
#define ANCIL_RXRPC_NEW_CALL 8 /* SOL_RXRPC */
#define ANCIL_RXRPC_ACCEPT 9 /* SOL_RXRPC */
#define ANCIL_RXRPC_EXCLUSIVE_CALL 10 /* SOL_RXRPC */
#define ANCIL_RXRPC_UPGRADE_SERVICE 11 /* SOL_RXRPC */
#define ANCIL_RXRPC_TX_LENGTH 12 /* SOL_RXRPC */
#define ANCIL_RXRPC_SET_CALL_TIMEOUT 13 /* SOL_RXRPC */
#define ANCIL_RXRPC_CHARGE_ACCEPT 14 /* SOL_RXRPC */
#define ANCIL_RXRPC_OOB_ID 15 /* SOL_RXRPC */
#define ANCIL_RXRPC_CHALLENGED 16 /* SOL_RXRPC */
#define ANCIL_RXRPC_RESPOND 17 /* SOL_RXRPC */
#define ANCIL_RXRPC_RESPONDED 18 /* SOL_RXRPC */
#define ANCIL_RXRPC_RESP_RXGK_APPDATA 19 /* SOL_RXRPC */
#define ANCIL_TIPC_ERRINFO 1 /* SOL_TIPC */
#define ANCIL_TIPC_RETDATA 2 /* SOL_TIPC */
#define ANCIL_TIPC_DESTNAME 3 /* SOL_TIPC */
#define ANCIL_NETLINK_PKTINFO 3 /* SOL_NETLINK */
#define ANCIL_NETLINK_LISTEN_ALL_NSID 8 /* SOL_NETLINK */
#define ANCIL_PACKET_AUXDATA 8 /* SOL_PACKET */
#define ANCIL_PACKET_TX_TIMESTAMP 16 /* SOL_PACKET */
#define ANCIL_HCI_CMSG_DIR 1 /* SOL_HCI */
#define ANCIL_HCI_CMSG_TSTAMP 2 /* SOL_HCI */
#define ANCIL_BT_SCM_PKT_STATUS 3 /* SOL_BLUETOOTH */
#define ANCIL_BT_SCM_ERROR 4 /* SOL_BLUETOOTH */
#define ANCIL_BT_SCM_PKT_SEQNUM 5 /* SOL_BLUETOOTH */
#define ANCIL_SCM_CAN_RAW_ERRQUEUE 1 /* SOL_CAN_RAW */
#define ANCIL_SCM_J1939_DEST_ADDR 1 /* SOL_CAN_J1939 */
#define ANCIL_SCM_J1939_DEST_NAME 2 /* SOL_CAN_J1939 */
#define ANCIL_SCM_J1939_PRIO 3 /* SOL_CAN_J1939 */
#define ANCIL_SCM_J1939_ERRQUEUE 4 /* SOL_CAN_J1939 */
#define ANCIL_VSOCK_RECVERR 1 /* SOL_VSOCK */
#define ANCIL_SCM_IUCV_TRGCLS 1 /* SOL_IUCV */
#define ANCIL_LLC_OPT_PKTINFO 9 /* SOL_LLC */
#define ANCIL_WPAN_WANTLQI 3 /* SOL_IEEE802154 */
#define ANCIL_MISDN_TIME_STAMP 1 /* SOL_MISDN */
#define ANCIL_DCCP_SCM_PRIORITY 1 /* SOL_DCCP */

/* The version of this header. ancil_version() returns that of the library. */
#define ANCIL_VERSION "0.1.0"
#define ANCIL_VERSION_MAJOR 0
#define ANCIL_VERSION_MINOR 1
#define ANCIL_VERSION_PATCH 0

/* ==== addr, netlink, payload: what messages carry, as the kernel lays it out ==== */

/**
 * `struct sockaddr_alg`: which algorithm a socket of `AF_ALG` is for. Only `bind(2)` takes it;
 * messages are neither sent to such an address nor received from one.
 *
 * The kernel requires 25 bytes: all fields before the name, and at least one byte of the name.
 */
struct ancil_sockaddr_alg {
    /**
     * `AF_ALG`.
     */
    ancil_u16 salg_family;
    /**
     * Kind: `hash`, `skcipher`, `aead` or `rng`, followed by NUL.
     */
    ancil_u8 salg_type[14];
    /**
     * The flags that the algorithm must have, of those in `salg_mask`: `CRYPTO_ALG_*`.
     */
    ancil_u32 salg_feat;
    /**
     * The flags that must be as in `salg_feat`: `CRYPTO_ALG_*`.
     */
    ancil_u32 salg_mask;
    /**
     * Name, such as `gcm(aes)`, followed by NUL. The kernel overwrites the last byte with NUL.
     */
    ancil_u8 salg_name[64];
};

/**
 * `__be16`: a 16-bit integer in network byte order.
 */
typedef ancil_u16 ancil_be16;

/**
 * `__be32`: a 32-bit integer in network byte order.
 */
typedef ancil_u32 ancil_be32;

/**
 * `struct sockaddr_can`: an interface and, for some protocols, an address on it.
 *
 * The kernel requires 8 bytes for `CAN_RAW` and `CAN_BCM`: all fields up to the interface. It
 * requires 16 bytes for `CAN_ISOTP` and 24 for `CAN_J1939`.
 */
struct ancil_sockaddr_can {
    /**
     * `AF_CAN`.
     */
    ancil_u16 can_family;
    /**
     * Padding, zero.
     */
    ancil_u8 pad[2];
    /**
     * Index of the interface; 0 for all interfaces.
     */
    ancil_i32 can_ifindex;
    /**
     * A union: `tp` or `j1939`, depending on the protocol of the socket.
     */
    ancil_u8 can_addr[16];
};

/**
 * `struct in_addr`: an IPv4 address.
 */
struct ancil_in_addr {
    /**
     * The address.
     */
    ancil_be32 s_addr;
};

/**
 * `struct in6_addr`: an IPv6 address.
 */
struct ancil_in6_addr {
    /**
     * The address, most significant byte first. C calls it `s6_addr`, which is a macro there.
     */
    ancil_u8 octets[16];
};

/**
 * `struct sockaddr_in`: `ip(7)`. The kernel requires all 16 bytes, and ignores the last eight.
 */
struct ancil_sockaddr_in {
    /**
     * `AF_INET`.
     */
    ancil_u16 sin_family;
    /**
     * Port.
     */
    ancil_be16 sin_port;
    /**
     * Address.
     */
    struct ancil_in_addr sin_addr;
    /**
     * Padding, zero.
     */
    ancil_u8 sin_zero[8];
};

/**
 * `struct sockaddr_in6`: `ipv6(7)`. The kernel requires 24 bytes, without `sin6_scope_id`, which
 * is then 0.
 */
struct ancil_sockaddr_in6 {
    /**
     * `AF_INET6`.
     */
    ancil_u16 sin6_family;
    /**
     * Port.
     */
    ancil_be16 sin6_port;
    /**
     * Traffic class and flow label.
     */
    ancil_be32 sin6_flowinfo;
    /**
     * Address.
     */
    struct ancil_in6_addr sin6_addr;
    /**
     * Index of the interface, for link-local addresses.
     */
    ancil_u32 sin6_scope_id;
};

/**
 * `struct sockaddr_nl`: `netlink(7)`. The kernel requires all 12 bytes.
 */
struct ancil_sockaddr_nl {
    /**
     * `AF_NETLINK`.
     */
    ancil_u16 nl_family;
    /**
     * Padding, zero.
     */
    ancil_u16 nl_pad;
    /**
     * Port. 0 is the kernel; in `bind(2)`, 0 lets the kernel choose a port.
     */
    ancil_u32 nl_pid;
    /**
     * Multicast groups, one bit for each.
     */
    ancil_u32 nl_groups;
};

/**
 * `struct sockaddr_ll`: `packet(7)`. An interface, and a hardware address of up to 8 bytes on its
 * link. In Rust, [`PacketAddr`] has space for longer ones.
 */
struct ancil_sockaddr_ll {
    /**
     * `AF_PACKET`.
     */
    ancil_u16 sll_family;
    /**
     * Protocol of the frame: `ETH_P_*`.
     */
    ancil_be16 sll_protocol;
    /**
     * Index of the interface. In `bind(2)`, 0 means all interfaces.
     */
    ancil_i32 sll_ifindex;
    /**
     * Type of the link: `ARPHRD_*`. Reported by the kernel.
     */
    ancil_u16 sll_hatype;
    /**
     * Whom the frame was sent to: `PACKET_*`. Reported by the kernel.
     */
    ancil_u8 sll_pkttype;
    /**
     * Length of the hardware address, in bytes.
     */
    ancil_u8 sll_halen;
    /**
     * The hardware address.
     */
    ancil_u8 sll_addr[8];
};

/**
 * `struct sockaddr_un`: `unix(7)`. Its meaning depends on how many of its bytes are used. In Rust,
 * [`UnixAddr`] holds the struct together with that length.
 */
struct ancil_sockaddr_un {
    /**
     * `AF_UNIX`.
     */
    ancil_u16 sun_family;
    /**
     * A path, followed by NUL unless it fills the field; or NUL and an abstract name; or nothing.
     */
    ancil_u8 sun_path[108];
};

/**
 * `struct sockaddr_vm`: `vsock(7)`. The kernel requires all 16 bytes.
 */
struct ancil_sockaddr_vm {
    /**
     * `AF_VSOCK`.
     */
    ancil_u16 svm_family;
    /**
     * Reserved, zero.
     */
    ancil_u16 svm_reserved1;
    /**
     * Port, in this machine's byte order.
     */
    ancil_u32 svm_port;
    /**
     * Context identifier of the machine: `VMADDR_CID_*`, or a number.
     */
    ancil_u32 svm_cid;
    /**
     * Flags: `VMADDR_FLAG_*`.
     */
    ancil_u8 svm_flags;
    /**
     * Padding, zero.
     */
    ancil_u8 svm_zero[3];
};

/**
 * `struct nlattr`: the header of an attribute.
 */
struct ancil_nlattr {
    /**
     * The bytes of header and payload, without the padding to a multiple of 4 that follows.
     */
    ancil_u16 nla_len;
    /**
     * The type of the attribute; the two highest bits are flags.
     */
    ancil_u16 nla_type;
};

/**
 * `struct nlmsghdr`: the header of a message.
 */
struct ancil_nlmsghdr {
    /**
     * The bytes of header and payload, without the padding to a multiple of 4 that follows.
     */
    ancil_u32 nlmsg_len;
    /**
     * The type of the message: netlink's own (`NLMSG_*`) below 16, the family's from 16 on.
     */
    ancil_u16 nlmsg_type;
    /**
     * The flags, `NLM_F_*`.
     */
    ancil_u16 nlmsg_flags;
    /**
     * A number that the requester chooses and the answers repeat.
     */
    ancil_u32 nlmsg_seq;
    /**
     * The port of the requester, which the answers repeat. A request may leave it 0, because the
     * kernel knows the port. To find out who sent a datagram, do not trust this field; look at the
     * source address.
     */
    ancil_u32 nlmsg_pid;
};

/**
 * `struct nlmsgerr`: the front of an `NLMSG_ERROR`.
 */
struct ancil_nlmsgerr {
    /**
     * A negative error number, or 0 for an acknowledgement.
     */
    ancil_i32 error;
    /**
     * The header of the request.
     */
    struct ancil_nlmsghdr msg;
};

/**
 * `struct dmabuf_cmsg`: a fragment of the received bytes. Carried by `SCM_DEVMEM_DMABUF`, and by
 * `SCM_DEVMEM_LINEAR`, where only `frag_size` has a meaning.
 */
struct ancil_dmabuf_cmsg {
    /**
     * Offset of the fragment in the device's buffer, in bytes.
     */
    ancil_u64 frag_offset;
    /**
     * Length of the fragment, in bytes.
     */
    ancil_u32 frag_size;
    /**
     * Number by which `SO_DEVMEM_DONTNEED` gives the fragment back: see [`DmabufToken`].
     */
    ancil_u32 frag_token;
    /**
     * Id of the buffer, as binding it through netlink returned it.
     */
    ancil_u32 dmabuf_id;
    /**
     * Zero.
     */
    ancil_u32 flags;
};

/**
 * `struct dmabuf_token`: a range of fragments to give back. The argument of the option
 * `SO_DEVMEM_DONTNEED` is an array of these.
 */
struct ancil_dmabuf_token {
    /**
     * `frag_token` of the first fragment.
     */
    ancil_u32 token_start;
    /**
     * Number of consecutive tokens.
     */
    ancil_u32 token_count;
};

/**
 * `struct sock_extended_err`: what happened to a packet that was sent before.
 */
struct ancil_sock_extended_err {
    /**
     * Error number: `errno(3)`. `ENOMSG` for a timestamp, 0 for `SO_EE_ORIGIN_ZEROCOPY`.
     */
    ancil_u32 ee_errno;
    /**
     * Who reports: `SO_EE_ORIGIN_*`.
     */
    ancil_u8 ee_origin;
    /**
     * Type of the ICMP message, if an ICMP message reports.
     */
    ancil_u8 ee_type;
    /**
     * Code of the ICMP message, if an ICMP message reports; otherwise `SO_EE_CODE_*`.
     */
    ancil_u8 ee_code;
    /**
     * Padding; zero.
     */
    ancil_u8 ee_pad;
    /**
     * Depends on the origin: the MTU in bytes for `EMSGSIZE`, `SCM_TSTAMP_*` for a timestamp.
     */
    ancil_u32 ee_info;
    /**
     * Depends on the origin: the key of a timestamp, for example.
     */
    ancil_u32 ee_data;
};

/**
 * `struct in_pktinfo`: where a packet arrived, or where it is to leave. Carried by `IP_PKTINFO`.
 */
struct ancil_in_pktinfo {
    /**
     * Index of the interface; on send, 0 leaves the choice to the routing table.
     */
    ancil_i32 ipi_ifindex;
    /**
     * On receive, the local address of the packet; on send, the source address.
     */
    struct ancil_in_addr ipi_spec_dst;
    /**
     * On receive, the destination in the packet's header; ignored on send.
     */
    struct ancil_in_addr ipi_addr;
};

/**
 * `struct in6_pktinfo`: where a packet arrived, or where it is to leave. Carried by
 * `IPV6_PKTINFO` and `IPV6_2292PKTINFO`.
 */
struct ancil_in6_pktinfo {
    /**
     * On receive, the destination address; on send, the source address.
     */
    struct ancil_in6_addr ipi6_addr;
    /**
     * Index of the interface; on send, 0 leaves the choice to the routing table.
     */
    ancil_u32 ipi6_ifindex;
};

/**
 * `struct ip6_mtuinfo`: a destination and the MTU of the path to it. Carried by `IPV6_PATHMTU`.
 */
struct ancil_ip6_mtuinfo {
    /**
     * Destination of the path.
     */
    struct ancil_sockaddr_in6 ip6m_addr;
    /**
     * Largest packet that the path takes, in bytes.
     */
    ancil_u32 ip6m_mtu;
};

/**
 * `struct ipv6_opt_hdr`: the start of the payload of `IPV6_HOPOPTS`, `IPV6_DSTOPTS` and
 * `IPV6_RTHDRDSTOPTS`. Options follow; the payload has `(hdrlen + 1) * 8` bytes in all.
 */
struct ancil_ipv6_opt_hdr {
    /**
     * Protocol of the next header: `IPPROTO_*`.
     */
    ancil_u8 nexthdr;
    /**
     * Length in units of 8 bytes, not counting the first unit.
     */
    ancil_u8 hdrlen;
};

/**
 * `struct ipv6_rt_hdr`: the start of the payload of `IPV6_RTHDR`. Data that depend on `type`
 * follow; the payload has `(hdrlen + 1) * 8` bytes in all.
 */
struct ancil_ipv6_rt_hdr {
    /**
     * Protocol of the next header: `IPPROTO_*`.
     */
    ancil_u8 nexthdr;
    /**
     * Length in units of 8 bytes, not counting the first unit.
     */
    ancil_u8 hdrlen;
    /**
     * Type of the routing header: `IPV6_SRCRT_TYPE_*`.
     */
    ancil_u8 type;
    /**
     * Number of listed nodes that the packet has yet to visit.
     */
    ancil_u8 segments_left;
};

/**
 * `struct nl_pktinfo`: the multicast group that a message was sent to. Carried by
 * `NETLINK_PKTINFO`.
 */
struct ancil_nl_pktinfo {
    /**
     * Number of the group; 0 if the message was not sent to a group.
     */
    ancil_u32 group;
};

/**
 * `struct tpacket_auxdata`: lengths, offsets and VLAN tag of a frame. Carried by
 * `PACKET_AUXDATA`.
 */
struct ancil_tpacket_auxdata {
    /**
     * Flags: `TP_STATUS_*`.
     */
    ancil_u32 tp_status;
    /**
     * Length of the frame, in bytes.
     */
    ancil_u32 tp_len;
    /**
     * Bytes of the frame that the socket's filter kept.
     */
    ancil_u32 tp_snaplen;
    /**
     * Offset of the link-layer header, in bytes.
     */
    ancil_u16 tp_mac;
    /**
     * Offset of the network header, in bytes.
     */
    ancil_u16 tp_net;
    /**
     * Control information of the VLAN tag, valid if `tp_status` has `TP_STATUS_VLAN_VALID`.
     */
    ancil_u16 tp_vlan_tci;
    /**
     * Protocol of the VLAN tag, valid if `tp_status` has `TP_STATUS_VLAN_TPID_VALID`.
     */
    ancil_u16 tp_vlan_tpid;
};

/**
 * `struct llc_pktinfo`: where a frame arrived. Carried by `LLC_OPT_PKTINFO`.
 */
struct ancil_llc_pktinfo {
    /**
     * Index of the interface.
     */
    ancil_i32 lpi_ifindex;
    /**
     * Service access point that the frame was sent to: `LLC_SAP_*`.
     */
    ancil_u8 lpi_sap;
    /**
     * Hardware address that the frame was sent to.
     */
    ancil_u8 lpi_mac[6];
};

/**
 * `struct rds_iovec`: a range of memory.
 */
struct ancil_rds_iovec {
    /**
     * Address of the first byte.
     */
    ancil_u64 addr;
    /**
     * Length in bytes.
     */
    ancil_u64 bytes;
};

/**
 * `struct rds_rdma_args`: a transfer from or to the memory of the peer. Carried by
 * `RDS_CMSG_RDMA_ARGS`.
 */
struct ancil_rds_rdma_args {
    /**
     * The key that the peer sent for its memory.
     */
    ancil_u64 cookie;
    /**
     * The range of the peer's memory. `addr` is relative to the memory that `cookie` names.
     */
    struct ancil_rds_iovec remote_vec;
    /**
     * Address of an array of `struct rds_iovec`: the local memory.
     */
    ancil_u64 local_vec_addr;
    /**
     * Number of elements of that array.
     */
    ancil_u64 nr_local;
    /**
     * `RDS_RDMA_READWRITE` and other bits of that list.
     */
    ancil_u64 flags;
    /**
     * The program's own number, returned in `struct rds_rdma_notify`.
     */
    ancil_u64 user_token;
};

/**
 * `struct rds_get_mr_args`: memory to open to the peer. Carried by `RDS_CMSG_RDMA_MAP`.
 */
struct ancil_rds_get_mr_args {
    /**
     * The range of local memory.
     */
    struct ancil_rds_iovec vec;
    /**
     * Address at which the kernel stores the key, a `u64`.
     */
    ancil_u64 cookie_addr;
    /**
     * `RDS_RDMA_READWRITE` and other bits of that list.
     */
    ancil_u64 flags;
};

/**
 * `struct rds_atomic_args`: an atomic operation on the memory of the peer. Carried by the four
 * messages `RDS_CMSG_ATOMIC_*` and `RDS_CMSG_MASKED_ATOMIC_*`.
 */
struct ancil_rds_atomic_args {
    /**
     * The key that the peer sent for its memory.
     */
    ancil_u64 cookie;
    /**
     * Address at which the kernel stores the old value, a `u64`; a multiple of 8.
     */
    ancil_u64 local_addr;
    /**
     * Position of the word in the peer's memory, relative to the memory that `cookie` names.
     */
    ancil_u64 remote_addr;
    /**
     * The operands, by operation. `FADD`: the number to add. `CSWP`: the number to compare with,
     * the new number. `MASKED_FADD`: the number to add, the mask of bits that do not carry.
     * `MASKED_CSWP`: as `CSWP`, followed by the masks of both. The rest is ignored.
     */
    ancil_u64 operands[4];
    /**
     * `RDS_RDMA_NOTIFY_ME` and other bits of that list.
     */
    ancil_u64 flags;
    /**
     * The program's own number, returned in `struct rds_rdma_notify`.
     */
    ancil_u64 user_token;
};

/**
 * `struct rds_rdma_notify`: how a transfer ended. Carried by `RDS_CMSG_RDMA_STATUS`.
 *
 * It has 12 bytes on i386, where a `u64` is aligned to 4 bytes, and 16 on all other machines.
 */
struct ancil_rds_rdma_notify {
    /**
     * `user_token` of the request.
     */
    ancil_u64 user_token;
    /**
     * `RDS_RDMA_SUCCESS`, `RDS_RDMA_REMOTE_ERROR` and the numbers that follow these.
     */
    ancil_i32 status;
};

/**
 * `struct rds_cmsg_rx_trace`: how long a message took through the receive path. Carried by
 * `RDS_CMSG_RXPATH_LATENCY`.
 *
 * It has 28 bytes on i386, where a `u64` is aligned to 4 bytes, and 32 on all other machines.
 */
struct ancil_rds_cmsg_rx_trace {
    /**
     * Number of points that were measured, at most 3.
     */
    ancil_u8 rx_traces;
    /**
     * The points: `RDS_MSG_RX_*`.
     */
    ancil_u8 rx_trace_pos[3];
    /**
     * The latency at each of these points, in nanoseconds.
     */
    ancil_u64 rx_trace[3];
};

/**
 * `struct rds_rx_trace_so`: which latencies `RDS_CMSG_RXPATH_LATENCY` is to report: the argument
 * of the option `SO_RDS_MSG_RXPATH_LATENCY`.
 */
struct ancil_rds_rx_trace_so {
    /**
     * Number of points to measure, at most 3; 0 switches the message off.
     */
    ancil_u8 rx_traces;
    /**
     * The points: `RDS_MSG_RX_*`.
     */
    ancil_u8 rx_trace_pos[3];
};

/**
 * `struct rds_zcopy_cookies`: sends whose memory is free again. Carried by
 * `RDS_CMSG_ZCOPY_COMPLETION`.
 */
struct ancil_rds_zcopy_cookies {
    /**
     * Number of cookies that are valid, at most 8.
     */
    ancil_u32 num;
    /**
     * The numbers that the program gave to the sends by `RDS_CMSG_ZCOPY_COOKIE`.
     */
    ancil_u32 cookies[8];
};

/**
 * `struct rxrpc_challenge`: the start of every challenge.
 */
struct ancil_rxrpc_challenge {
    /**
     * Id of the service that sends the challenge.
     */
    ancil_u16 service_id;
    /**
     * Security class: `RXRPC_SECURITY_*`.
     */
    ancil_u8 security_index;
    /**
     * Padding. May have any value: `rxgk_challenge_to_recvmsg` does not set it.
     */
    ancil_u8 pad;
};

/**
 * `struct rxgk_challenge`: a challenge of the security class RxGK.
 */
struct ancil_rxgk_challenge {
    /**
     * The start, common to all classes.
     */
    struct ancil_rxrpc_challenge base;
    /**
     * Number of the Kerberos encryption type.
     */
    ancil_u32 enctype;
};

/**
 * `struct sctp_initmsg`: parameters of a new association; 0 keeps a default. Carried by
 * `SCTP_INIT`.
 */
struct ancil_sctp_initmsg {
    /**
     * Number of streams to send on.
     */
    ancil_u16 sinit_num_ostreams;
    /**
     * Largest number of streams that the peer may send on.
     */
    ancil_u16 sinit_max_instreams;
    /**
     * Largest number of attempts to open the association.
     */
    ancil_u16 sinit_max_attempts;
    /**
     * Longest time between two attempts, in milliseconds.
     */
    ancil_u16 sinit_max_init_timeo;
};

/**
 * `struct sctp_sndrcvinfo`: how to send a message, or how it was received. Carried by
 * `SCTP_SNDRCV`, which RFC 6458 replaces with `SCTP_SNDINFO` and `SCTP_RCVINFO`.
 */
struct ancil_sctp_sndrcvinfo {
    /**
     * Stream number.
     */
    ancil_u16 sinfo_stream;
    /**
     * On receive, the sequence number in the stream.
     */
    ancil_u16 sinfo_ssn;
    /**
     * Flags: `SCTP_UNORDERED` and others of `enum sctp_sinfo_flags`.
     */
    ancil_u16 sinfo_flags;
    /**
     * Padding; zero.
     */
    ancil_u16 pad;
    /**
     * Payload protocol identifier: the program's own tag.
     */
    ancil_u32 sinfo_ppid;
    /**
     * On send, the program's own number, returned with the message if sending fails. On receive,
     * the number set for the association by the option `SCTP_CONTEXT`.
     */
    ancil_u32 sinfo_context;
    /**
     * On send, milliseconds after which the message may be given up; 0 for never.
     */
    ancil_u32 sinfo_timetolive;
    /**
     * On receive, the transmission sequence number.
     */
    ancil_u32 sinfo_tsn;
    /**
     * On receive of an unordered message, the cumulative transmission sequence number.
     */
    ancil_u32 sinfo_cumtsn;
    /**
     * Id of the association.
     */
    ancil_i32 sinfo_assoc_id;
};

/**
 * `struct sctp_sndinfo`: how to send a message. Carried by `SCTP_SNDINFO`.
 */
struct ancil_sctp_sndinfo {
    /**
     * Stream number.
     */
    ancil_u16 snd_sid;
    /**
     * Flags: `SCTP_UNORDERED` and others of `enum sctp_sinfo_flags`.
     */
    ancil_u16 snd_flags;
    /**
     * Payload protocol identifier: the program's own tag.
     */
    ancil_u32 snd_ppid;
    /**
     * The program's own number, returned with the message if sending fails.
     */
    ancil_u32 snd_context;
    /**
     * Id of the association.
     */
    ancil_i32 snd_assoc_id;
};

/**
 * `struct sctp_rcvinfo`: how a message was received. Carried by `SCTP_RCVINFO`.
 */
struct ancil_sctp_rcvinfo {
    /**
     * Stream number.
     */
    ancil_u16 rcv_sid;
    /**
     * Sequence number in the stream.
     */
    ancil_u16 rcv_ssn;
    /**
     * Flags: `SCTP_UNORDERED` and others of `enum sctp_sinfo_flags`.
     */
    ancil_u16 rcv_flags;
    /**
     * Padding; zero.
     */
    ancil_u16 pad;
    /**
     * Payload protocol identifier: the program's own tag.
     */
    ancil_u32 rcv_ppid;
    /**
     * Transmission sequence number.
     */
    ancil_u32 rcv_tsn;
    /**
     * For an unordered message, the cumulative transmission sequence number.
     */
    ancil_u32 rcv_cumtsn;
    /**
     * The number set for the association by the option `SCTP_CONTEXT`.
     */
    ancil_u32 rcv_context;
    /**
     * Id of the association.
     */
    ancil_i32 rcv_assoc_id;
};

/**
 * `struct sctp_nxtinfo`: the message that the next `recvmsg` will return. Carried by
 * `SCTP_NXTINFO`.
 */
struct ancil_sctp_nxtinfo {
    /**
     * Stream number.
     */
    ancil_u16 nxt_sid;
    /**
     * Flags: `SCTP_UNORDERED`, `SCTP_NOTIFICATION`.
     */
    ancil_u16 nxt_flags;
    /**
     * Payload protocol identifier: the program's own tag.
     */
    ancil_u32 nxt_ppid;
    /**
     * Bytes of the message that have arrived so far.
     */
    ancil_u32 nxt_length;
    /**
     * Id of the association.
     */
    ancil_i32 nxt_assoc_id;
};

/**
 * `struct sctp_prinfo`: when a message may be given up. Carried by `SCTP_PRINFO`.
 */
struct ancil_sctp_prinfo {
    /**
     * What `pr_value` means: `SCTP_PR_SCTP_*`.
     */
    ancil_u16 pr_policy;
    /**
     * Padding; zero.
     */
    ancil_u16 pad;
    /**
     * Milliseconds for `SCTP_PR_SCTP_TTL`, retransmissions for `SCTP_PR_SCTP_RTX`, a priority for
     * `SCTP_PR_SCTP_PRIO`.
     */
    ancil_u32 pr_value;
};

/**
 * `struct sctp_authinfo`: the key that authenticates a message. Carried by `SCTP_AUTHINFO`.
 */
struct ancil_sctp_authinfo {
    /**
     * Number of the shared key.
     */
    ancil_u16 auth_keynumber;
};

/**
 * `struct ucred`: the ids of the sender, which the kernel has checked. Carried by
 * `SCM_CREDENTIALS`.
 */
struct ancil_ucred {
    /**
     * Process id.
     */
    ancil_i32 pid;
    /**
     * User id.
     */
    ancil_u32 uid;
    /**
     * Group id.
     */
    ancil_u32 gid;
};

/**
 * The payload of `SCM_PIDFD`: a pidfd of the sender's process, which the receiver owns, or an
 * error number if the kernel could not make one.
 */
typedef ancil_i32 ancil_pidfd;

/**
 * `struct scm_ts_pktinfo`: origin of a packet that has a hardware timestamp. Carried by
 * `SCM_TIMESTAMPING_PKTINFO`.
 */
struct ancil_scm_ts_pktinfo {
    /**
     * Index of the interface that received the packet; 0 if it is not known.
     */
    ancil_u32 if_index;
    /**
     * Length of the packet with its link-layer header, in bytes.
     */
    ancil_u32 pkt_length;
    /**
     * Zero.
     */
    ancil_u32 reserved[2];
};

/**
 * `struct sock_txtime`: the argument of the option `SO_TXTIME`, which allows `SCM_TXTIME`.
 */
struct ancil_sock_txtime {
    /**
     * The clock that `SCM_TXTIME` refers to: `CLOCK_TAI`, `CLOCK_MONOTONIC`.
     */
    ancil_i32 clockid;
    /**
     * Flags: `SOF_TXTIME_*`.
     */
    ancil_u32 flags;
};

/**
 * Why a message came back. Carried by `TIPC_ERRINFO`; in the kernel, an array of two `u32` without
 * a name.
 */
struct ancil_tipc_errinfo {
    /**
     * The error: `TIPC_ERR_*` or `TIPC_CONN_SHUTDOWN`.
     */
    ancil_u32 error;
    /**
     * Bytes of the message that came back, in `TIPC_RETDATA`.
     */
    ancil_u32 length;
};

/**
 * `struct tipc_service_range`: the services that a message was sent to. Carried by
 * `TIPC_DESTNAME`.
 */
struct ancil_tipc_service_range {
    /**
     * Type of the service.
     */
    ancil_u32 type;
    /**
     * First instance.
     */
    ancil_u32 lower;
    /**
     * Last instance, included.
     */
    ancil_u32 upper;
};

/* ==== ancil_check_control: what Linux would say ==== */

/**
 * What the kernel knows and a control buffer does not say. All zero is the most favourable: begin
 * with `struct ancil_facts facts = {0};`.
 */
struct ancil_facts {
    /**
     * Capabilities that the sender lacks, one bit each by its number in linux/capability.h. That
     * is the complement of CapEff in /proc/self/status.
     */
    ancil_u64 lacking;
    /**
     * net.core.optmem_max in bytes. 0: 131072, as it is since Linux 6.8.
     */
    size_t optmem_max;
    /**
     * The descriptors that are open, for SCM_RIGHTS. NULL: all that the message names, but
     * negative ones.
     */
    const int *fds;
    /**
     * How many those are.
     */
    size_t fds_len;
    /**
     * The kernel's version, as in `6 << 16 | 18`. 0: the newest one that this library knows.
     */
    ancil_u32 release;
    /**
     * The sender's process, user and group, for SCM_CREDENTIALS. `pid` 0: those in the message are
     * its own.
     */
    int pid;
    /**
     * See `pid`.
     */
    ancil_u32 uid;
    /**
     * See `pid`.
     */
    ancil_u32 gid;
    /**
     * Not 0: SO_TXTIME was not set.
     */
    int no_txtime;
    /**
     * Not 0: SO_TIMESTAMPING was not set with SOF_TIMESTAMPING_OPT_ID.
     */
    int no_opt_id;
    /**
     * Not 0: an IPv6 socket of UDP that sends to an IPv4 address, such as ::ffff:127.0.0.1.
     */
    int to_ipv4;
    /**
     * Not 0: IP_HDRINCL was set.
     */
    int hdrincl;
    /**
     * Not 0: the kernel encrypts what is sent (TCP_ULP "tls", TLS_TX).
     */
    int tls;
    /**
     * Not 0: the sender is a 32-bit program on a 64-bit kernel, and `control` laid out as such a
     * program has it.
     */
    int compat;
};

/**
 * What Linux would say to these control messages, sent on a socket that socket(2) made of
 * `domain`, `type` and `protocol`: 0, or the negative errno of sendmsg. Of several faults it is
 * the first one that the kernel finds. `control` NULL with a length other than 0 is -EFAULT, as
 * sendmsg has it.
 *
 * Supposes that all is well that cannot be seen here: the sender has every capability, descriptors
 * are open, processes and interfaces exist, options of the socket are on. Routes, queues and
 * security modules are not considered.
 */
ANCIL_NODISCARD
int ancil_check_control(int domain,
                        int type,
                        int protocol,
                        const void *control,
                        size_t controllen);

/**
 * The same, with what is known of the system. `facts` NULL: nothing, as above.
 */
ANCIL_NODISCARD
int ancil_check_control_with(int domain,
                             int type,
                             int protocol,
                             const void *control,
                             size_t controllen,
                             const struct ancil_facts *facts);

/* ==== ancil_compat_*: control messages of 32-bit programs ==== */

/**
 * Control messages of a 32-bit program, in the form that a 64-bit one of the same machine has.
 * Returns the bytes written: what msg_controllen has to be. They are never more than twice `len`.
 *
 * Timestamps (SO_TIMESTAMP, SO_TIMESTAMPNS, SO_TIMESTAMPING, the old ones) and RXRPC_USER_CALL_ID
 * change their size; all other payloads are copied. `dst` need not be zeroed, and does not overlap
 * `src32`: the result is longer than what it is made of.
 *
 * -ENOBUFS: it does not fit into `size` bytes. -EINVAL: a header that is shorter than itself or
 * reaches past the end, or 1 to 11 bytes too many at the end; sendmsg says the same to the 32-bit
 * program. -EBADMSG: a timestamp or RXRPC_USER_CALL_ID of another length. Nothing is written then.
 */
ANCIL_NODISCARD
ancil_ptrdiff ancil_compat_widen(void *dst,
                             size_t size,
                             const void *src32,
                             size_t len);

/**
 * Control messages of a 64-bit program, in the form that a 32-bit one of the same machine has.
 * Returns the bytes written, never more than `len`. What ancil_compat_widen says of payloads and
 * of overlapping is true here.
 *
 * -ENOBUFS: it does not fit into `size` bytes. -EINVAL: a header that is shorter than itself or
 * reaches past the end. -EBADMSG: a timestamp or RXRPC_USER_CALL_ID of another length. -ERANGE:
 * one that does not fit into 32 bits, such as a time past January 2038, which the kernel would cut
 * off. Nothing is written then.
 */
ANCIL_NODISCARD
ancil_ptrdiff ancil_compat_narrow(void *dst,
                              size_t size,
                              const void *src64,
                              size_t len);

/**
 * Bytes that ancil_compat_widen would write, or its error.
 */
ANCIL_NODISCARD ancil_ptrdiff ancil_compat_widened_len(const void *src32, size_t len);

/**
 * Bytes that ancil_compat_narrow would write, or its error.
 */
ANCIL_NODISCARD ancil_ptrdiff ancil_compat_narrowed_len(const void *src64, size_t len);

/* ==== ancil_format, ancil_level_name, ancil_message_name: control messages to look at ==== */

/**
 * Prints a control buffer as strace(1) does: "[{cmsg_len=20, cmsg_level=SOL_SOCKET,
 * cmsg_type=SCM_RIGHTS, cmsg_data=[4]}]". Like snprintf: writes at most `size` bytes with the
 * final NUL, and returns the length that the whole text has without it. `out` may be NULL if
 * `size` is 0. The buffer may hold anything.
 */
size_t ancil_format(char *out,
                    size_t size,
                    const void *control,
                    size_t controllen);

/**
 * The name of a level: "SOL_SOCKET". Static; NULL if unknown.
 */
const char *ancil_level_name(int level);

/**
 * The man page's name of a message: "SCM_RIGHTS". Static; NULL if unknown.
 */
const char *ancil_message_name(int level, int type);

/* ==== ancil_iov_*: the engine of I/O vectors ==== */

/**
 * What sendmsg would say to these vectors: 0; -EMSGSIZE for more than 1024; -EINVAL for a length
 * of more than SSIZE_MAX. Where they point to is not looked at.
 */
ANCIL_NODISCARD
int ancil_check_iov(const struct iovec *iov,
                    size_t n);

/**
 * Bytes of all elements together: the sum of iov_len. SIZE_MAX where the sum is more.
 */
size_t ancil_iov_size(const struct iovec *iov,
                      size_t n);

/**
 * Gathers: copies `bytes` bytes, from byte `offset` of the vectors on, to `buf`. Returns the bytes
 * copied, fewer if the vectors end before.
 */
size_t ancil_iov_to_buf(const struct iovec *iov,
                        size_t n,
                        size_t offset,
                        void *buf,
                        size_t bytes);

/**
 * Scatters: copies `bytes` bytes from `buf` to the vectors, from their byte `offset` on. Returns
 * the bytes copied, fewer if the vectors end before.
 */
size_t ancil_iov_from_buf(const struct iovec *iov,
                          size_t n,
                          size_t offset,
                          const void *buf,
                          size_t bytes);

/**
 * Sets `bytes` bytes of the vectors, from their byte `offset` on, to `byte`, as memset does.
 * Returns the bytes set, fewer if the vectors end before.
 */
size_t ancil_iov_fill(const struct iovec *iov,
                      size_t n,
                      size_t offset,
                      int byte,
                      size_t bytes);

/**
 * Copies `bytes` bytes from vectors to vectors, however both are cut. Returns the bytes copied,
 * fewer if either ends before.
 */
size_t ancil_iov_copy(const struct iovec *dst,
                      size_t dst_n,
                      size_t dst_offset,
                      const struct iovec *src,
                      size_t src_n,
                      size_t src_offset,
                      size_t bytes);

/**
 * Compares `bytes` bytes of two vectors, however they are cut, as memcmp does: -1, 0 or 1. Where
 * only one of them ends before, that one is less. `*equal`, unless `equal` is NULL, is how many
 * bytes are equal in front.
 */
int ancil_iov_compare(const struct iovec *a,
                      size_t a_n,
                      size_t a_offset,
                      const struct iovec *b,
                      size_t b_n,
                      size_t b_offset,
                      size_t bytes,
                      size_t *equal);

/**
 * 1 if `bytes` bytes of the vectors, from their byte `offset` on, are all 0, as far as the vectors
 * go. Else 0.
 */
int ancil_iov_is_zero(const struct iovec *iov,
                      size_t n,
                      size_t offset,
                      size_t bytes);

/**
 * Looks for `byte`, as memchr does, among `bytes` bytes from byte `offset` of the vectors on.
 * Returns its place, counted from the front of the vectors, or ANCIL_IOV_NONE.
 */
size_t ancil_iov_find(const struct iovec *iov,
                      size_t n,
                      size_t offset,
                      int byte,
                      size_t bytes);

/**
 * Makes `dst` the vectors of `bytes` bytes of `src`, from its byte `offset` on; nothing is copied
 * but elements. Returns the elements written. If `dst_n` are too few, they hold the first bytes of
 * what was asked for: ancil_iov_size(dst, ...) of them. ancil_iov_count tells how many are enough.
 */
size_t ancil_iov_slice(struct iovec *dst,
                       size_t dst_n,
                       const struct iovec *src,
                       size_t n,
                       size_t offset,
                       size_t bytes);

/**
 * How many elements ancil_iov_slice needs for `bytes` bytes from byte `offset` on.
 */
size_t ancil_iov_count(const struct iovec *iov,
                       size_t n,
                       size_t offset,
                       size_t bytes);

/**
 * How many elements in front one call takes: not more than `most` (IOV_MAX, say), and together not
 * more than `bytes` bytes. 0 if the first alone has more: ancil_iov_slice cuts it.
 */
size_t ancil_iov_batch(const struct iovec *iov,
                       size_t n,
                       size_t most,
                       size_t bytes);

/**
 * The bytes in one piece at byte `offset` of the vectors: their address, and in `*len` their
 * number. NULL and 0 where the vectors end.
 */
void *ancil_iov_next_chunk(const struct iovec *iov,
                           size_t n,
                           size_t offset,
                           size_t *len);

/**
 * Moves a place `bytes` bytes on, or to the end, where `*n` is 0. A place is three variables of
 * yours: the vectors, their number, and an offset into the first; every function here takes those
 * three. The vectors stay as they are, so that a copy of the three undoes it. Returns the bytes
 * moved. 0 if a pointer is NULL.
 */
size_t ancil_iov_seek(const struct iovec **iov,
                      size_t *n,
                      size_t *offset,
                      size_t bytes);

/**
 * Drops `bytes` bytes from the front, after a call that did only so many, and with them elements
 * that are empty then: `*iov` and `*n` are what is left, whose first element may be shorter now.
 * Returns the bytes dropped, fewer if there were fewer. 0 if a pointer is NULL.
 */
size_t ancil_iov_advance(struct iovec **iov,
                         size_t *n,
                         size_t bytes);

/**
 * Drops `bytes` bytes from the back, and with them elements that are empty then: `*n` are left,
 * the last of which may be shorter now. Returns the bytes dropped, fewer if there were fewer. 0 if
 * `n` is NULL.
 */
size_t ancil_iov_discard_back(struct iovec *iov,
                              size_t *n,
                              size_t bytes);

/**
 * Keeps the first `bytes` bytes and drops the rest: `*n` elements are left, the last of which may
 * be shorter now. Returns the bytes kept, fewer if there were fewer. 0 if `n` is NULL.
 */
size_t ancil_iov_limit(struct iovec *iov,
                       size_t *n,
                       size_t bytes);

/**
 * Makes one element of elements whose memory touches, in their order, and drops empty ones.
 * Returns how many are left; the bytes are the same. Elements after those are not to be used any
 * more.
 */
size_t ancil_iov_join(struct iovec *iov,
                      size_t n);

/* ==== ancil_message, ancil_get_*: what a control message says, decoded ==== */

/**
 * Copies the descriptors of SCM_RIGHTS, up to `n` of them, to `fds`. Returns how many the message
 * holds, which may be more than `n`; 0 if it is another message; -EINVAL if `m` is NULL. All of
 * them are open and yours to close: this closes none. A buffer for one has room for two, by its
 * padding: let `n` be its size over sizeof (int). `fds` may be NULL if `n` is 0.
 *
 * If SO_RIGHTS_NOTRUNC is set (Linux 7.3), a descriptor that a security module denied is counted
 * and copied, too: as a negative number, -EACCES for instance. Do not close such a number.
 */
int ancil_get_fds(const struct ancil_message *m,
                  int *fds,
                  size_t n);

/**
 * The value of a message of this level and type whose payload is an int or one byte: IP_TTL,
 * IP_TOS, IPV6_HOPLIMIT, IPV6_TCLASS, UDP_GRO, ... 1: `*value` is it. 0: another message.
 * -EBADMSG: it is this one, but of a length that makes no sense; -EINVAL: a pointer is NULL;
 * `*value` is as it was.
 */
int ancil_get_int(const struct ancil_message *m,
                  int level,
                  int type,
                  int *value);

/**
 * The sender, of SCM_CREDENTIALS. Returns what ancil_get_int does.
 */
int ancil_get_credentials(const struct ancil_message *m, struct ancil_ucred *from);

/**
 * Where a datagram arrived, of IP_PKTINFO: answer from `ipi_spec_dst`. Returns what ancil_get_int
 * does.
 */
int ancil_get_pktinfo(const struct ancil_message *m,
                      struct ancil_in_pktinfo *info);

/**
 * Where a datagram arrived, of IPV6_PKTINFO. Returns what ancil_get_int does.
 */
int ancil_get_pktinfo6(const struct ancil_message *m,
                       struct ancil_in6_pktinfo *info);

/**
 * What happened to a packet sent before, of IP_RECVERR or IPV6_RECVERR. Returns what ancil_get_int
 * does.
 */
int ancil_get_recverr(const struct ancil_message *m,
                      struct ancil_sock_extended_err *error);

/**
 * An instant since 1970, of SO_TIMESTAMP, SO_TIMESTAMPNS or SO_TIMESTAMPING, old or new. 1: by the
 * system's clock. 2: by the network device's own, which SO_TIMESTAMPING gives where it has no
 * other. 0: another message, or one without a time. -EBADMSG: its length or its fraction of a
 * second is wrong. -EINVAL: a pointer is NULL.
 */
int ancil_get_timestamp(const struct ancil_message *m,
                        ancil_i64 *seconds,
                        ancil_u32 *nanoseconds);

/* ==== ancil_nl_*, ancil_nlmsg_*, ancil_nla_*: netlink messages and their attributes ==== */

/**
 * A walk over messages or attributes. Lives on your stack; set it up with ancil_nl_reader_init or
 * ancil_nl_message_attrs, then leave its fields alone.
 */
struct ancil_nl_reader {
    /**
     * What is walked over.
     */
    const void *data;
    /**
     * Its length in bytes.
     */
    size_t len;
    /**
     * Where the next header is.
     */
    size_t offset;
};

/**
 * One netlink message. `data` points into the datagram and may not be aligned: memcpy it out.
 */
struct ancil_nl_message {
    /**
     * The header, copied out.
     */
    struct ancil_nlmsghdr header;
    /**
     * The payload.
     */
    const void *data;
    /**
     * Bytes of payload.
     */
    size_t len;
};

/**
 * How a request ended, as the kernel reports it.
 */
struct ancil_nl_report {
    /**
     * 0, or a negative errno.
     */
    int error;
    /**
     * nlmsg_seq of the request.
     */
    ancil_u32 seq;
    /**
     * What the kernel says about it (NLMSGERR_ATTR_*), if the option NETLINK_EXT_ACK is on: walk
     * over it with ancil_nl_attr_next.
     */
    struct ancil_nl_reader attrs;
};

/**
 * One netlink attribute. `data` points into the message and may not be aligned: ancil_nl_attr_get.
 */
struct ancil_nl_attr {
    /**
     * nla_type without its flags.
     */
    ancil_u16 type;
    /**
     * The flags: NLA_F_NESTED, NLA_F_NET_BYTEORDER. Many senders set neither, whatever it is.
     */
    ancil_u16 flags;
    /**
     * The payload. If it is attributes, walk over it with ancil_nl_reader_init and
     * ancil_nl_attr_next.
     */
    const void *data;
    /**
     * Bytes of payload.
     */
    size_t len;
};

/**
 * A datagram that is being filled. Lives on your stack; set it up with ancil_nl_writer_init, then
 * leave its fields alone.
 */
struct ancil_nl_writer {
    /**
     * The buffer.
     */
    void *buf;
    /**
     * Its size in bytes.
     */
    size_t size;
    /**
     * Bytes of finished messages.
     */
    size_t end;
    /**
     * Bytes written, those of the open message included.
     */
    size_t len;
    /**
     * Where the innermost open nest is; 0 for none.
     */
    size_t nest;
};

/**
 * `n` rounded up to a multiple of 4: NLMSG_ALIGN. SIZE_MAX where that does not exist.
 */
size_t ancil_nlmsg_align(size_t n);

/**
 * What nlmsg_len is for a payload of `n` bytes: NLMSG_LENGTH. SIZE_MAX where that does not exist.
 */
size_t ancil_nlmsg_length(size_t n);

/**
 * Bytes that a message with `n` bytes of payload takes: NLMSG_SPACE. SIZE_MAX where that does not
 * exist.
 */
size_t ancil_nlmsg_space(size_t n);

/**
 * `n` rounded up to a multiple of 4: NLA_ALIGN. SIZE_MAX where that does not exist.
 */
size_t ancil_nla_align(size_t n);

/**
 * What nla_len is for `n` bytes of data: RTA_LENGTH. SIZE_MAX where that does not exist.
 */
size_t ancil_nla_length(size_t n);

/**
 * Bytes that an attribute with `n` bytes of data takes: RTA_SPACE. SIZE_MAX where that does not
 * exist.
 */
size_t ancil_nla_space(size_t n);

/**
 * Starts a walk over `len` bytes at `data`: the messages of a datagram, as it was received, with
 * ancil_nl_message_next; or attributes, the data of a nested one, say, with ancil_nl_attr_next.
 * They may hold anything and be aligned in any way.
 */
void ancil_nl_reader_init(struct ancil_nl_reader *r,
                          const void *data,
                          size_t len);

/**
 * Takes one step. 1: `*m` is the next message. 0: there is none. -EBADMSG: a header that is
 * shorter than itself or reaches past the end; `*m` is as it was, and the walk is at its end.
 * -EINVAL: a pointer is NULL; the walk did not move.
 */
ANCIL_NODISCARD
int ancil_nl_message_next(struct ancil_nl_reader *r,
                          struct ancil_nl_message *m);

/**
 * Copies the struct of the family, `n` bytes at the front of the message, to `to`, and starts a
 * walk over the attributes after it. 0, or -EBADMSG: the message has fewer bytes than that; `*to`
 * and `*attrs` are as they were. -EINVAL: `m` is NULL. Either of the others may be NULL if it is
 * not wanted.
 */
ANCIL_NODISCARD
int ancil_nl_message_split(const struct ancil_nl_message *m,
                           void *to,
                           size_t n,
                           struct ancil_nl_reader *attrs);

/**
 * Whether this message says how a request ended: NLMSG_ERROR, which with error 0 is an
 * acknowledgement, or NLMSG_DONE, the end of a dump. 1: it does, and `*e` is what it says. 0: it
 * is another message. -EBADMSG: it does, and is too short or has a number that is no error number.
 * -EINVAL: a pointer is NULL. `*e` is as it was unless 1 is returned.
 */
ANCIL_NODISCARD
int ancil_nl_message_report(const struct ancil_nl_message *m,
                            struct ancil_nl_report *e);

/**
 * Takes one step. Returns what ancil_nl_message_next does, of attributes.
 */
ANCIL_NODISCARD
int ancil_nl_attr_next(struct ancil_nl_reader *r,
                       struct ancil_nl_attr *a);

/**
 * Looks for the first attribute of this type, flags aside, from where the walk is; the walk does
 * not move. 1: `*a` is it. 0: there is none. -EBADMSG: a bad header comes before it. -EINVAL: a
 * pointer is NULL.
 */
ANCIL_NODISCARD
int ancil_nl_attr_find(const struct ancil_nl_reader *r,
                       ancil_u16 type,
                       struct ancil_nl_attr *a);

/**
 * Copies the number or struct that an attribute is. 0, or -EBADMSG: it does not have exactly `n`
 * bytes; `*to` is as it was. -EINVAL: `a` is NULL. What came in network byte order is copied in
 * it.
 */
ANCIL_NODISCARD
int ancil_nl_attr_get(const struct ancil_nl_attr *a,
                      void *to,
                      size_t n);

/**
 * The string that an attribute is, up to its first NUL; NULL if it has none.
 */
const char *ancil_nl_attr_string(const struct ancil_nl_attr *a);

/**
 * Starts to write into `size` bytes at `buf`, aligned in any way; they need not be zeroed.
 */
void ancil_nl_writer_init(struct ancil_nl_writer *w,
                          void *buf,
                          size_t size);

/**
 * Begins a message of this nlmsg_type, nlmsg_flags and nlmsg_seq; nlmsg_pid is 0, as requests have
 * it. 0, or -ENOBUFS if its header does not fit: nothing was written then. -EINVAL: `w` is NULL,
 * or a message is open.
 */
ANCIL_NODISCARD
int ancil_nl_writer_begin(struct ancil_nl_writer *w,
                          ancil_u16 type,
                          ancil_u16 flags,
                          ancil_u32 seq);

/**
 * Appends `len` bytes to the open message or nest, at a multiple of 4: the struct of the family.
 * 0, or -ENOBUFS if they do not fit with their padding, which is zeroed: nothing was written then.
 * -EINVAL: no message is open, `w` is NULL, or `data` is NULL and `len` is not 0.
 */
ANCIL_NODISCARD
int ancil_nl_writer_put(struct ancil_nl_writer *w,
                        const void *data,
                        size_t len);

/**
 * Appends an attribute with `len` bytes of data to the open message or nest. `type` is nla_type,
 * flags included. Returns what ancil_nl_writer_put does, or -EMSGSIZE if `len` is more than 65531,
 * which no attribute has.
 */
ANCIL_NODISCARD
int ancil_nl_writer_attr(struct ancil_nl_writer *w,
                         ancil_u16 type,
                         const void *data,
                         size_t len);

/**
 * Begins an attribute that carries attributes: what is appended from now on, until
 * ancil_nl_writer_nest_end, is inside. NLA_F_NESTED is set. They go as deep as you like. 0,
 * -ENOBUFS if its header does not fit, or -EMSGSIZE if the nest around it is too long already:
 * nothing was written then. -EINVAL: `w` is NULL, or no message is open.
 */
ANCIL_NODISCARD
int ancil_nl_writer_nest_begin(struct ancil_nl_writer *w,
                               ancil_u16 type);

/**
 * Ends the innermost nest. 0, or -EMSGSIZE if it has more than 65535 bytes: it is taken back then.
 * -EINVAL: `w` is NULL, or no nest is open.
 */
ANCIL_NODISCARD
int ancil_nl_writer_nest_end(struct ancil_nl_writer *w);

/**
 * Takes back what is open: the innermost nest, or if there is none the message, with all that was
 * appended to it. 0, or -EINVAL: `w` is NULL, or nothing is open.
 */
int ancil_nl_writer_cancel(struct ancil_nl_writer *w);

/**
 * Ends the open message. 0, or -EMSGSIZE if it has 2^32 bytes or more: it is open still. -EINVAL:
 * `w` is NULL, no message is open, or a nest is.
 */
ANCIL_NODISCARD
int ancil_nl_writer_end(struct ancil_nl_writer *w);

/**
 * Bytes of the messages that have ended: what to send.
 */
size_t ancil_nl_writer_finish(const struct ancil_nl_writer *w);

/* ==== ancil_version: which release this is ==== */

/**
 * The version of the library, as in "1.2.3". Static.
 */
const char *ancil_version(void);

/* ==== ancil_writer_*: control messages into the caller's buffer ==== */

/**
 * Appends SCM_CREDENTIALS. Without privileges these are the process' own: getpid(), and getuid()
 * and getgid() or their effective and saved forms. Returns what ancil_writer_put does.
 */
int ancil_writer_put_credentials(struct ancil_writer *w,
                                 int pid,
                                 ancil_u32 uid,
                                 ancil_u32 gid);

/**
 * Appends IP_PKTINFO: the interface that a datagram leaves by, and its source address in network
 * order (an s_addr). Either may be 0 and is left to the routing table then. Returns what
 * ancil_writer_put does.
 */
int ancil_writer_put_pktinfo(struct ancil_writer *w,
                             int ifindex,
                             ancil_u32 source);

/**
 * Appends IPV6_PKTINFO: the interface that a datagram leaves by, and its source address, 16 bytes
 * in network order (a struct in6_addr). The interface may be 0 and the source NULL, and is left to
 * the routing table then. Returns what ancil_writer_put does.
 */
int ancil_writer_put_pktinfo6(struct ancil_writer *w,
                              ancil_u32 ifindex,
                              const void *source);

/**
 * Appends UDP_SEGMENT: what is sent is cut into datagrams of `bytes` bytes. Returns what
 * ancil_writer_put does.
 */
int ancil_writer_put_udp_segment(struct ancil_writer *w,
                                 ancil_u16 bytes);

/**
 * Appends a message whose payload is an int: IP_TTL, IP_TOS, IPV6_HOPLIMIT, IPV6_TCLASS, ...
 * Returns what ancil_writer_put does.
 */
int ancil_writer_put_int(struct ancil_writer *w,
                         int level,
                         int type,
                         int value);

#ifdef __cplusplus
}
#endif

#endif /* ANCIL_H */
