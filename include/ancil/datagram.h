/*
 * ancil/datagram.h: what is said about a datagram that arrived or leaves, over IPv4 or IPv6.
 * SPDX-License-Identifier: MIT OR Apache-2.0
 */
#ifndef ANCIL_DATAGRAM_H
#define ANCIL_DATAGRAM_H

#include "message.h"

#ifdef __cplusplus
extern "C" {
#endif

/* Bytes of control buffer for all messages of an arrival, and for those of a departure at most. */
#define ANCIL_ARRIVAL_SPACE \
    (ANCIL_CMSG_SPACE(12) + ANCIL_CMSG_SPACE(20) + 6 * ANCIL_CMSG_SPACE(4) \
     + ANCIL_CMSG_SPACE(16) + ANCIL_CMSG_SPACE(48))
#define ANCIL_DEPARTURE_SPACE \
    (ANCIL_CMSG_SPACE(20) + 2 * ANCIL_CMSG_SPACE(4) + ANCIL_CMSG_SPACE(2) + ANCIL_CMSG_SPACE(8))

/* ---- Written by header/, do not edit: ANCIL_UPDATE_HEADER=1 cargo build --features header ---- */

/* An IP address, or none. */
struct ancil_ip {
    int family;          /* AF_INET; AF_INET6; or 0 if there is no address */
    /* The address in network order: 4 bytes for AF_INET, and zeros after them. */
    ancil_u8 octets[16];
};

/* What the control messages of a datagram say that arrived, over IPv4 or IPv6. */
struct ancil_arrival {
    /*
     * Destination in the packet's header, of a multicast or broadcast as it is. A mapped address is
     * one of AF_INET here.
     */
    struct ancil_ip to;
    /*
     * Address to answer from. It differs from @to if the packet came by multicast or broadcast:
     * IP_PKTINFO names an address of the interface, and IPV6_PKTINFO names none.
     */
    struct ancil_ip local;
    struct ancil_timestamp timestamp; /* When the packet arrived, by the system's clock */
    /* Index of the interface that the packet arrived at; or 0 if no message says it. */
    ancil_u32 interface;
    /* 1; or 0 if no message says @ecn and @dscp: they are 0, too. */
    int has_traffic_class;
    int ecn;                          /* The lower 2 bits of the traffic class, 0 to 3: RFC 3168 */
    int dscp;                         /* The upper 6 bits of the traffic class, 0 to 63: RFC 2474 */
    int has_hop_limit;                /* 1; or 0 if no message says @hop_limit: it is 0, too */
    /* Hop limit of IPv6, or time to live of IPv4, as it arrived. */
    int hop_limit;
    /* Bytes of each datagram but the last, if the kernel joined several (UDP_GRO); otherwise 0. */
    ancil_u32 segment_size;
    /*
     * Datagrams that the socket has dropped so far (SO_RXQ_OVFL); 0 if no message says it, as
     * before the first.
     */
    ancil_u32 drops;
};

/*
 * What is to be said about a datagram that leaves. Begin with all fields 0, as in struct
 * ancil_departure d = {0};: that says nothing, and the socket's options decide.
 */
struct ancil_departure {
    /*
     * Source address, such as local of what is answered. A link-local address of IPv6 (fe80::/10)
     * needs @interface as well, such as that of what is answered, unless the sin6_scope_id of the
     * destination names it: the kernel refuses it without.
     */
    struct ancil_ip from;
    /*
     * Index of the interface to leave by. 0: the routing table decides. Otherwise, with IPv4, the
     * kernel forgets the address that the socket is bound to, and chooses another unless @from has
     * one.
     */
    ancil_u32 interface;
    int has_traffic_class;  /* Not 0: send with @ecn and @dscp. The kernel takes both at once. */
    int ecn;                /* The lower 2 bits of the traffic class, 0 to 3 */
    int dscp;               /* The upper 6 bits of the traffic class, 0 to 63 */
    int has_hop_limit;      /* Not 0: send with @hop_limit */
    int hop_limit;          /* Hop limit of IPv6, 0 to 255, or time to live of IPv4, 1 to 255 */
    /*
     * Bytes of each datagram into which the kernel is to cut what is sent (UDP_SEGMENT), up to
     * 65535. 0: the socket's option decides.
     */
    ancil_u32 segment_size;
    /* When to send, in nanoseconds of the clock that the option SO_TXTIME names. 0: now. */
    ancil_u64 txtime;
};

/*
 * Reads what all messages of a datagram say, in one walk. Returns 0 if *@arrival was set; -EBADMSG
 * if a header or a payload is malformed; -EINVAL if @arrival is NULL. Without 0, *@arrival is
 * unchanged.
 *
 * Other messages are left out. If two messages say the same, the later one counts, but what
 * IP_PKTINFO says counts more than what IPV6_PKTINFO says.
 *
 * ancil_option finds the socket options that switch the messages on. A control buffer of
 * ANCIL_ARRIVAL_SPACE bytes holds all of them.
 */
int ancil_get_arrival(const void *control, size_t controllen,
                      struct ancil_arrival *arrival) ANCIL_NOTHROW;

/*
 * Appends what is to be said about a datagram to this destination: the messages of IPv4 for a
 * struct sockaddr_in, and for a mapped address, such as ::ffff:192.0.2.1, on an IPv6 socket; those
 * of IPv6 for any other struct sockaddr_in6. @to and @tolen are msg_name and msg_namelen or, if the
 * socket is connected, the address of its peer.
 *
 * Returns what ancil_writer_put does, and is the writer's status: 0; -ENOBUFS if the messages do
 * not fit; -EAFNOSUPPORT if source and destination are not of one family, or not of IP; -ENODEV if
 * no interface of IPv4 has so large an index; -EINVAL if another field is out of its range, @to is
 * too short, or @w or @d is NULL. Without 0, nothing was appended. ANCIL_DEPARTURE_SPACE bytes are
 * always enough.
 */
int ancil_put_departure(struct ancil_writer *w, const struct ancil_departure *d, const void *to,
                        size_t tolen) ANCIL_NOTHROW;

/* ---- End of what header/ wrote ---- */

#ifdef __cplusplus
}
#endif

#endif /* ANCIL_DATAGRAM_H */
