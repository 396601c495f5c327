/*
 * ancil: control messages (cmsghdr) of Linux sockets, encoded and decoded in your own buffers.
 * SPDX-License-Identifier: MIT OR Apache-2.0
 *
 * The contract of every function here:
 * - A pointer with a length is valid for that many bytes or elements until the call returns, or it is NULL:
 *   then it counts as empty, and where bytes were to come from it, a length other than 0 is -EINVAL. Buffers of
 *   one call do not overlap. No other memory is touched.
 * - Lengths are in bytes, descriptors in elements. Any length and any content is fine: what does not fit or
 *   makes no sense is an error, a negative errno, and changes nothing.
 * - Nothing allocates, sets errno, keeps state or calls into libc but for memcpy, memmove, memset and memcmp:
 *   every function is reentrant and async-signal-safe.
 *
 * Made from the sources by cbindgen. Do not edit: ANCIL_UPDATE_HEADER=1 cargo build --features header
 */
#ifndef ANCIL_H
#define ANCIL_H

#include <stddef.h>
#include <stdint.h>

/*
 * Sizes for array bounds: integer constants, as the system's CMSG_* are. Near SIZE_MAX they wrap like those;
 * for a length that is not your own use the functions.
 */
#define ANCIL_CMSG_ALIGN(n) (((n) + sizeof (size_t) - 1) & ~(sizeof (size_t) - 1))
#define ANCIL_CMSG_LEN(n) (sizeof (size_t) + 8 + (n))
#define ANCIL_CMSG_SPACE(n) (sizeof (size_t) + 8 + ANCIL_CMSG_ALIGN(n))

/* Declares `name`, a union whose member `data` has this many bytes and the alignment of a control message. */
#define ANCIL_CONTROL_BUFFER(name, bytes) union { size_t align; unsigned char data[bytes]; } name

/* What ancil_cmsg_next returns where no header is left. */
#define ANCIL_CMSG_END SIZE_MAX

#ifdef __cplusplus
extern "C" {
#endif

/* The types of control messages, each with its level. */
#define ANCIL_SCM_RIGHTS 1 /* SOL_SOCKET */
#define ANCIL_SCM_CREDENTIALS 2 /* SOL_SOCKET */
#define ANCIL_SCM_SECURITY 3 /* SOL_SOCKET */
#define ANCIL_SCM_PIDFD 4 /* SOL_SOCKET */
#define ANCIL_SO_TIMESTAMP_OLD 29 /* SOL_SOCKET */
#define ANCIL_SO_TIMESTAMP_NEW 63 /* SOL_SOCKET */
#define ANCIL_SO_TIMESTAMPNS_OLD 35 /* SOL_SOCKET */
#define ANCIL_SO_TIMESTAMPNS_NEW 64 /* SOL_SOCKET */
#define ANCIL_SO_TIMESTAMPING_OLD 37 /* SOL_SOCKET */
#define ANCIL_SO_TIMESTAMPING_NEW 65 /* SOL_SOCKET */
#define ANCIL_IP_TOS 1 /* SOL_IP */
#define ANCIL_IP_TTL 2 /* SOL_IP */
#define ANCIL_IP_PKTINFO 8 /* SOL_IP */
#define ANCIL_IP_RECVERR 11 /* SOL_IP */
#define ANCIL_IPV6_RECVERR 25 /* SOL_IPV6 */
#define ANCIL_IPV6_PKTINFO 50 /* SOL_IPV6 */
#define ANCIL_IPV6_HOPLIMIT 52 /* SOL_IPV6 */
#define ANCIL_IPV6_TCLASS 67 /* SOL_IPV6 */
#define ANCIL_UDP_SEGMENT 103 /* SOL_UDP */
#define ANCIL_UDP_GRO 104 /* SOL_UDP */

#define ANCIL_VERSION "0.1.0"

/**
 * A walk over a control buffer. Lives on your stack; set it up with ancil_reader_init, then leave its
 * fields alone.
 */
struct ancil_reader {
    /**
     * The control buffer.
     */
    const void *control;
    /**
     * Its length in bytes.
     */
    size_t controllen;
    /**
     * Where the next header is.
     */
    size_t offset;
};

/**
 * One control message. `data` points into the control buffer and may not be aligned: memcpy it out.
 */
struct ancil_message {
    /**
     * cmsg_level.
     */
    int level;
    /**
     * cmsg_type.
     */
    int type;
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
 * A control buffer that is being filled. Lives on your stack; set it up with ancil_writer_init, then leave
 * its fields alone.
 */
struct ancil_writer {
    /**
     * The buffer.
     */
    void *buf;
    /**
     * Its size in bytes.
     */
    size_t size;
    /**
     * Bytes written.
     */
    size_t len;
};

/**
 * `__be16`: 16 bits in network byte order.
 */
typedef uint16_t ancil_be16;

/**
 * `__be32`: 32 bits in network byte order.
 */
typedef uint32_t ancil_be32;

/**
 * `struct sock_extended_err`: what happened to a packet sent before.
 */
struct ancil_sock_extended_err {
    /**
     * Error number.
     */
    uint32_t ee_errno;
    /**
     * Who reports it: `SO_EE_ORIGIN_*`.
     */
    uint8_t ee_origin;
    /**
     * ICMP type, where an ICMP message reports it.
     */
    uint8_t ee_type;
    /**
     * ICMP code, where an ICMP message reports it.
     */
    uint8_t ee_code;
    /**
     * Zero.
     */
    uint8_t ee_pad;
    /**
     * More, by origin: the MTU for EMSGSIZE; the kind of timestamp.
     */
    uint32_t ee_info;
    /**
     * More, by origin: the key of a timestamp.
     */
    uint32_t ee_data;
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
 * `struct in_pktinfo`: where a packet arrived, or where it is to leave. Carried by `IP_PKTINFO`.
 */
struct ancil_in_pktinfo {
    /**
     * Interface; 0 on send leaves the choice to the routing table.
     */
    int32_t ipi_ifindex;
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
 * `struct in6_addr`: an IPv6 address.
 */
struct ancil_in6_addr {
    /**
     * The address, most significant byte first. `s6_addr` in C, where that name is a macro.
     */
    uint8_t octets[16];
};

/**
 * `struct in6_pktinfo`: where a packet arrived, or where it is to leave. Carried by `IPV6_PKTINFO`.
 */
struct ancil_in6_pktinfo {
    /**
     * On receive, the destination address; on send, the source address.
     */
    struct ancil_in6_addr ipi6_addr;
    /**
     * Interface; 0 on send leaves the choice to the routing table.
     */
    uint32_t ipi6_ifindex;
};

/**
 * `struct ucred`: who sent the message, as the kernel vouches. Carried by `SCM_CREDENTIALS`.
 */
struct ancil_ucred {
    /**
     * Process.
     */
    int32_t pid;
    /**
     * User.
     */
    uint32_t uid;
    /**
     * Group.
     */
    uint32_t gid;
};

/**
 * The payload of `SCM_PIDFD`: a descriptor of the sender's process, or why there is none.
 *
 * The receiver owns the descriptor.
 */
typedef int32_t ancil_pidfd;

/**
 * The version of the library, as in "1.2.3". Static.
 */
const char *ancil_version(void);

/**
 * `n` rounded up to the alignment of control messages: CMSG_ALIGN. SIZE_MAX where that does not exist.
 */
size_t ancil_cmsg_align(size_t n);

/**
 * What cmsg_len is for a payload of `n` bytes: CMSG_LEN. SIZE_MAX where that does not exist.
 */
size_t ancil_cmsg_len(size_t n);

/**
 * Bytes that a payload of `n` bytes takes of a control buffer: CMSG_SPACE. SIZE_MAX where that does
 * not exist, which is more than any buffer has.
 */
size_t ancil_cmsg_space(size_t n);

/**
 * The stepping rule of CMSG_NXTHDR. A header at `offset` says `cmsg_len`: returns the offset of the next
 * header, if a whole one fits into `controllen` bytes there, or ANCIL_CMSG_END. Reads no memory; right for
 * any three numbers.
 */
size_t ancil_cmsg_next(size_t offset, size_t cmsg_len, size_t controllen);

/**
 * Starts a walk over `controllen` bytes at `control`: msg_controllen and msg_control as recvmsg left them.
 * The buffer may hold anything and be aligned in any way.
 */
void ancil_reader_init(struct ancil_reader *r, const void *control, size_t controllen);

/**
 * Takes one step. 1: `*m` is the next message. 0: there is none. -EBADMSG: a header that is shorter than
 * itself or reaches past the end; `*m` is as it was, and the walk is at its end. -EINVAL: a pointer is NULL.
 */
int ancil_reader_next(struct ancil_reader *r, struct ancil_message *m);

/**
 * Looks for the first message of this level and type. 1: `*m` is it. 0: there is none. -EBADMSG: a bad
 * header comes before any such message. -EINVAL: `m` is NULL.
 */
int ancil_find(const void *control, size_t controllen, int level, int type, struct ancil_message *m);

/**
 * Starts to write into `size` bytes at `buf`, aligned in any way; they need not be zeroed.
 */
void ancil_writer_init(struct ancil_writer *w, void *buf, size_t size);

/**
 * Appends a message with `len` bytes of payload, its padding zeroed. 0, or -ENOBUFS if it does not fit:
 * nothing was written then. -EINVAL: `w` is NULL, or `data` is NULL and `len` is not 0.
 */
int ancil_writer_put(struct ancil_writer *w, int level, int type, const void *data, size_t len);

/**
 * Appends SCM_RIGHTS with `n` descriptors. Returns what ancil_writer_put does.
 */
int ancil_writer_put_fds(struct ancil_writer *w, const int *fds, size_t n);

/**
 * Bytes written so far: exactly what msg_controllen has to be, never the size of the buffer.
 */
size_t ancil_writer_finish(const struct ancil_writer *w);

#ifdef __cplusplus
}
#endif

#endif /* ANCIL_H */
