/*
 * ancil/address.h: socket addresses, as the kernel lays them out.
 * SPDX-License-Identifier: MIT OR Apache-2.0
 */
#ifndef ANCIL_ADDRESS_H
#define ANCIL_ADDRESS_H

#include "types.h"

/* ---- Written by header/, do not edit: ANCIL_UPDATE_HEADER=1 cargo build --features header ---- */

/*
 * struct sockaddr_alg: which algorithm a socket of AF_ALG is for. Only bind(2) takes it; messages
 * are neither sent to such an address nor received from one.
 *
 * The kernel requires 25 bytes: all fields before the name, and at least one byte of the name. It
 * overwrites the last byte of the name with NUL.
 */
struct ancil_sockaddr_alg {
    ancil_u16 salg_family;  /* AF_ALG */
    ancil_u8 salg_type[14]; /* Kind: hash, skcipher, aead or rng, followed by NUL */
    ancil_u32 salg_feat;    /* Values of the flags in @salg_mask: CRYPTO_ALG_* */
    ancil_u32 salg_mask;    /* The flags of the algorithm that must be as in @salg_feat */
    ancil_u8 salg_name[64]; /* Name, such as gcm(aes), followed by NUL */
};

/* __be16: a 16-bit integer in network byte order. */
typedef ancil_u16 ancil_be16;

/* __be32: a 32-bit integer in network byte order. */
typedef ancil_u32 ancil_be32;

/* __le16: a 16-bit integer with the least significant byte first. */
typedef ancil_u16 ancil_le16;

/*
 * struct sockaddr_l2: a device, and a service or channel of L2CAP on it.
 *
 * The kernel takes any length from 2 on, with zeros for what is missing, and returns all 14 bytes.
 */
struct ancil_sockaddr_l2 {
    ancil_u16 l2_family;     /* AF_BLUETOOTH */
    ancil_le16 l2_psm;       /* Number of the service, PSM; 0 for a channel with a fixed number */
    /*
     * Address of the device, least significant byte first: the reverse of how it is written. Zero
     * for any adapter of this machine, for bind(2).
     */
    ancil_u8 l2_bdaddr[6];
    ancil_le16 l2_cid;       /* Number of the channel, CID; 0 if @l2_psm names a service */
    ancil_u8 l2_bdaddr_type; /* Type of the address: BDADDR_* */
    ancil_u8 pad;            /* Padding, zero */
};

/*
 * struct sockaddr_can: an interface and, for some protocols, an address on it.
 *
 * The kernel requires 8 bytes for CAN_RAW and CAN_BCM: all fields up to the interface. It requires
 * 16 bytes for CAN_ISOTP and 24 for CAN_J1939.
 */
struct ancil_sockaddr_can {
    ancil_u16 can_family;  /* AF_CAN */
    ancil_u8 pad[2];       /* Padding, zero */
    ancil_i32 can_ifindex; /* Index of the interface; 0 for all interfaces */
    ancil_u8 can_addr[16]; /* A union: tp or j1939, depending on the protocol of the socket */
};

/* struct in_addr: an IPv4 address. */
struct ancil_in_addr {
    ancil_be32 s_addr; /* The address */
};

/* struct in6_addr: an IPv6 address. */
struct ancil_in6_addr {
    ancil_u8 octets[16]; /* The address, most significant byte first. In C, s6_addr is a macro. */
};

/* struct sockaddr_in: ip(7). The kernel requires all 16 bytes, and ignores the last eight. */
struct ancil_sockaddr_in {
    ancil_u16 sin_family;          /* AF_INET */
    ancil_be16 sin_port;           /* Port */
    struct ancil_in_addr sin_addr; /* Address */
    ancil_u8 sin_zero[8];          /* Padding, zero */
};

/*
 * struct sockaddr_in6: ipv6(7). The kernel requires 24 bytes, without @sin6_scope_id, which is then
 * 0.
 */
struct ancil_sockaddr_in6 {
    ancil_u16 sin6_family;           /* AF_INET6 */
    ancil_be16 sin6_port;            /* Port */
    ancil_be32 sin6_flowinfo;        /* Traffic class and flow label */
    struct ancil_in6_addr sin6_addr; /* Address */
    ancil_u32 sin6_scope_id;         /* Index of the interface, for link-local addresses */
};

/* struct sockaddr_mctp: an endpoint, and a type of message. The kernel requires all 12 bytes. */
struct ancil_sockaddr_mctp {
    ancil_u16 smctp_family;  /* AF_MCTP */
    ancil_u16 smctp_pad0;    /* Padding, zero */
    ancil_u32 smctp_network; /* Number of the network, in this machine's byte order; 0 for any */
    ancil_u8 smctp_addr;     /* Identifier of the endpoint: MCTP_ADDR_*, or 8 to 254 */
    /* Type of the message, such as 5 for SPDM; the highest bit asks for an integrity check. */
    ancil_u8 smctp_type;
    ancil_u8 smctp_tag;      /* Tag of the message, and flags: MCTP_TAG_* */
    ancil_u8 smctp_pad1;     /* Padding, zero */
};

/*
 * struct sockaddr_mctp_ext: an endpoint, and the interface and hardware address at which it is
 * reached. The kernel reads and writes it on sockets with the option MCTP_OPT_ADDR_EXT, and
 * requires all 52 bytes.
 */
struct ancil_sockaddr_mctp_ext {
    struct ancil_sockaddr_mctp smctp_base; /* The endpoint */
    ancil_i32 smctp_ifindex;               /* Index of the interface */
    ancil_u8 smctp_halen;                  /* Length of the hardware address, in bytes */
    ancil_u8 smctp_pad0[3];                /* Padding, zero */
    ancil_u8 smctp_haddr[32];              /* The hardware address */
};

/* struct sockaddr_nl: netlink(7). The kernel requires all 12 bytes. */
struct ancil_sockaddr_nl {
    ancil_u16 nl_family; /* AF_NETLINK */
    ancil_u16 nl_pad;    /* Padding, zero */
    ancil_u32 nl_pid;    /* Port. 0 is the kernel; in bind(2), 0 lets the kernel choose a port. */
    ancil_u32 nl_groups; /* Multicast groups, one bit for each */
};

/* struct sockaddr_ll: packet(7). An interface, and a hardware address of up to 8 bytes. */
struct ancil_sockaddr_ll {
    ancil_u16 sll_family;    /* AF_PACKET */
    ancil_be16 sll_protocol; /* Protocol of the frame: ETH_P_* */
    ancil_i32 sll_ifindex;   /* Index of the interface. In bind(2), 0 means all interfaces. */
    ancil_u16 sll_hatype;    /* Type of the link: ARPHRD_*. Reported by the kernel. */
    ancil_u8 sll_pkttype;    /* Whom the frame was sent to: PACKET_*. Reported by the kernel. */
    ancil_u8 sll_halen;      /* Length of the hardware address, in bytes */
    ancil_u8 sll_addr[8];    /* The hardware address */
};

/*
 * struct sockaddr_un: unix(7). Its meaning depends on how many of its bytes are used. A path that
 * fills @sun_path has no NUL.
 */
struct ancil_sockaddr_un {
    ancil_u16 sun_family;   /* AF_UNIX */
    ancil_u8 sun_path[108]; /* A path and NUL, or NUL and an abstract name, or nothing */
};

/* struct sockaddr_vm: vsock(7). The kernel requires all 16 bytes. */
struct ancil_sockaddr_vm {
    ancil_u16 svm_family;    /* AF_VSOCK */
    ancil_u16 svm_reserved1; /* Reserved, zero */
    ancil_u32 svm_port;      /* Port, in this machine's byte order */
    ancil_u32 svm_cid;       /* Context identifier of the machine: VMADDR_CID_*, or a number */
    ancil_u8 svm_flags;      /* Flags: VMADDR_FLAG_* */
    ancil_u8 svm_zero[3];    /* Padding, zero */
};

/* ---- End of what header/ wrote ---- */

#endif /* ANCIL_ADDRESS_H */
