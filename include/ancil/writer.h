/*
 * ancil/writer.h: writes control messages of one kind each. inline.h has the writer itself.
 * SPDX-License-Identifier: MIT OR Apache-2.0
 */
#ifndef ANCIL_WRITER_H
#define ANCIL_WRITER_H

#include "types.h"

#ifdef __cplusplus
extern "C" {
#endif

/* ---- Written by header/, do not edit: ANCIL_UPDATE_HEADER=1 cargo build --features header ---- */

/*
 * Appends SCM_CREDENTIALS. Without privileges these are the process' own: getpid(), and getuid()
 * and getgid() or their effective and saved forms. Returns what ancil_writer_put does.
 */
int ancil_writer_put_credentials(struct ancil_writer *w, int pid, ancil_u32 uid,
                                 ancil_u32 gid) ANCIL_NOTHROW;

/*
 * Appends IP_PKTINFO: the interface that a datagram leaves by, and its source address in network
 * order (an s_addr). Either may be 0 and is left to the routing table then. Returns what
 * ancil_writer_put does.
 */
int ancil_writer_put_pktinfo(struct ancil_writer *w, int ifindex, ancil_u32 source) ANCIL_NOTHROW;

/*
 * Appends IPV6_PKTINFO: the interface that a datagram leaves by, and its source address, 16 bytes
 * in network order (a struct in6_addr). The interface may be 0 and the source NULL, and is left to
 * the routing table then. A link-local source (fe80::/10) needs the interface, unless the
 * sin6_scope_id of the destination names it: the kernel refuses it without. Returns what
 * ancil_writer_put does.
 */
int ancil_writer_put_pktinfo6(struct ancil_writer *w, ancil_u32 ifindex,
                              const void *source) ANCIL_NOTHROW;

/*
 * Appends UDP_SEGMENT: what is sent is cut into datagrams of @bytes bytes. Returns what
 * ancil_writer_put does.
 */
int ancil_writer_put_udp_segment(struct ancil_writer *w, ancil_u16 bytes) ANCIL_NOTHROW;

/*
 * Appends a message whose payload is an int: IP_TTL, IP_TOS, IPV6_HOPLIMIT, IPV6_TCLASS, ...
 * Returns what ancil_writer_put does.
 */
int ancil_writer_put_int(struct ancil_writer *w, int level, int type, int value) ANCIL_NOTHROW;

/* ---- End of what header/ wrote ---- */

#ifdef __cplusplus
}
#endif

#endif /* ANCIL_WRITER_H */
