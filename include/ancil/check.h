/*
 * ancil/check.h: what Linux would answer if these control messages were sent.
 * SPDX-License-Identifier: MIT OR Apache-2.0
 */
#ifndef ANCIL_CHECK_H
#define ANCIL_CHECK_H

#include "types.h"

#ifdef __cplusplus
extern "C" {
#endif

/* ---- Written by header/, do not edit: ANCIL_UPDATE_HEADER=1 cargo build --features header ---- */

/*
 * What the kernel knows and the control messages do not say. Begin with all fields 0, as in struct
 * ancil_facts facts = {0};: that favours the sender in everything.
 */
struct ancil_facts {
    /* Capabilities that the sender lacks, a bit 1 << CAP_* each: ~CapEff of /proc/self/status. */
    ancil_u64 lacking;
    size_t optmem_max;  /* net.core.optmem_max in bytes. 0: 131072, the default since Linux 6.8. */
    /* The sender's open descriptors. NULL: every descriptor that is not negative is open. */
    const int *fds;
    size_t fds_len;     /* Number of descriptors at @fds */
    /* The kernel's version, such as 6 << 16 | 18. 0: the newest one that this library knows. */
    ancil_u32 release;
    int pid;            /* The sender's process. 0: the sender is whoever SCM_CREDENTIALS says. */
    ancil_u32 uid;      /* The sender's user, if @pid is not 0 */
    ancil_u32 gid;      /* The sender's group, if @pid is not 0 */
    int no_txtime;      /* Not 0: the socket option SO_TXTIME is off */
    int no_opt_id;      /* Not 0: the socket option SO_TIMESTAMPING lacks SOF_TIMESTAMPING_OPT_ID */
    /* Not 0: an IPv6 socket of UDP sends to an IPv4 address, such as ::ffff:127.0.0.1. */
    int to_ipv4;
    int hdrincl;        /* Not 0: the socket option IP_HDRINCL is on */
    /* Not 0: the kernel encrypts what the socket sends (TCP_ULP "tls", TLS_TX). */
    int tls;
    /* Not 0: a 32-bit program on a 64-bit kernel sends the messages, in its own layout. */
    int compat;
    /* Always 0. Later versions of this library may give these words a meaning. */
    ancil_u64 spare[4];
};

/*
 * Returns what sendmsg would answer to these control messages on a socket that socket(2) made of
 * @domain, @type and @protocol: 0, or a negative errno. If several things are wrong, that is the
 * errno of the one that the kernel finds first. If @control is NULL and @controllen is not 0, it is
 * -EFAULT, as sendmsg has it.
 *
 * The answer supposes that everything that cannot be seen here favours the sender: it has every
 * capability, descriptors are open, processes and interfaces exist, options of the socket are on.
 * Routes, queues and security modules are not considered.
 */
ANCIL_NODISCARD
int ancil_check_control(int domain, int type, int protocol, const void *control,
                        size_t controllen) ANCIL_NOTHROW;

/* Returns the same as ancil_check_control, but supposes these facts. @facts may be NULL. */
ANCIL_NODISCARD
int ancil_check_control_with(int domain, int type, int protocol, const void *control,
                             size_t controllen, const struct ancil_facts *facts) ANCIL_NOTHROW;

/*
 * Writes why ancil_check_control_with returns an errno for the same arguments, in words: "IP_TTL at
 * offset 24: the payload holds a value out of range (EINVAL)". If that returns 0, the text is "".
 * As snprintf does, this writes at most @size bytes with the final NUL, and returns the length of
 * the whole text without the NUL. 200 bytes are always enough. @out may be NULL if @size is 0.
 */
size_t ancil_check_text(char *out, size_t size, int domain, int type, int protocol,
                        const void *control, size_t controllen,
                        const struct ancil_facts *facts) ANCIL_NOTHROW;

/* ---- End of what header/ wrote ---- */

#ifdef __cplusplus
}
#endif

#endif /* ANCIL_CHECK_H */
