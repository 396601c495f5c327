/*
 * ancil/message.h: what a control message says, decoded.
 * SPDX-License-Identifier: MIT OR Apache-2.0
 */
#ifndef ANCIL_MESSAGE_H
#define ANCIL_MESSAGE_H

#include "payload.h"

#ifdef __cplusplus
extern "C" {
#endif

/* ---- Written by header/, do not edit: ANCIL_UPDATE_HEADER=1 cargo build --features header ---- */

/*
 * Copies the descriptors of SCM_RIGHTS, up to @n of them, to @fds. Returns how many the message
 * holds, which may be more than @n; 0 if it is another message; -EINVAL if @m is NULL. All of them
 * are open and yours to close: this closes none. A buffer for one has room for two, by its padding:
 * let @n be its size over sizeof (int). @fds may be NULL if @n is 0.
 *
 * If SO_RIGHTS_NOTRUNC is set (Linux 7.3), a descriptor that a security module denied is counted
 * and copied, too: as a negative number, -EACCES for instance. Do not close such a number.
 */
int ancil_get_fds(const struct ancil_message *m, int *fds, size_t n) ANCIL_NOTHROW;

/*
 * The value of a message of this level and type whose payload is an int or one byte: IP_TTL,
 * IP_TOS, IPV6_HOPLIMIT, IPV6_TCLASS, UDP_GRO, ... 1: *@value is it. 0: another message. -EBADMSG:
 * it is this one, but of a length that makes no sense; -EINVAL: a pointer is NULL; *@value is as it
 * was.
 */
int ancil_get_int(const struct ancil_message *m, int level, int type, int *value) ANCIL_NOTHROW;

/* The sender, of SCM_CREDENTIALS. Returns what ancil_get_int does. */
int ancil_get_credentials(const struct ancil_message *m, struct ancil_ucred *from) ANCIL_NOTHROW;

/*
 * Where a datagram arrived, of IP_PKTINFO: answer from ipi_spec_dst. Returns what ancil_get_int
 * does.
 */
int ancil_get_pktinfo(const struct ancil_message *m, struct ancil_in_pktinfo *info) ANCIL_NOTHROW;

/* Where a datagram arrived, of IPV6_PKTINFO. Returns what ancil_get_int does. */
int ancil_get_pktinfo6(const struct ancil_message *m, struct ancil_in6_pktinfo *info) ANCIL_NOTHROW;

/*
 * What happened to a packet sent before, of IP_RECVERR or IPV6_RECVERR. Returns what ancil_get_int
 * does.
 */
int ancil_get_recverr(const struct ancil_message *m,
                      struct ancil_sock_extended_err *error) ANCIL_NOTHROW;

/*
 * An instant since 1970, of SO_TIMESTAMP, SO_TIMESTAMPNS or SO_TIMESTAMPING, old or new. 1: by the
 * system's clock. 2: by the network device's own, which SO_TIMESTAMPING gives where it has no
 * other. 0: another message, or one without a time. -EBADMSG: its length or its fraction of a
 * second is wrong. -EINVAL: a pointer is NULL.
 */
int ancil_get_timestamp(const struct ancil_message *m, ancil_i64 *seconds,
                        ancil_u32 *nanoseconds) ANCIL_NOTHROW;

/* ---- End of what header/ wrote ---- */

#ifdef __cplusplus
}
#endif

#endif /* ANCIL_MESSAGE_H */
