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
 * What the kernel knows and a control buffer does not say. All zero is the most favourable: begin
 * with struct ancil_facts facts = {0};.
 */
struct ancil_facts {
    /*
     * Capabilities that the sender lacks, one bit each by its number in linux/capability.h. That is
     * the complement of CapEff in /proc/self/status.
     */
    ancil_u64 lacking;
    size_t optmem_max; /* net.core.optmem_max in bytes. 0: 131072, as it is since Linux 6.8. */
    /*
     * The descriptors that are open, for SCM_RIGHTS. NULL: all that the message names, but negative
     * ones.
     */
    const int *fds;
    size_t fds_len;    /* How many those are */
    /* The kernel's version, as in 6 << 16 | 18. 0: the newest one that this library knows. */
    ancil_u32 release;
    /*
     * The sender's process, user and group, for SCM_CREDENTIALS. @pid 0: those in the message are
     * its own.
     */
    int pid;
    ancil_u32 uid;     /* See @pid */
    ancil_u32 gid;     /* See @pid */
    int no_txtime;     /* Not 0: SO_TXTIME was not set */
    int no_opt_id;     /* Not 0: SO_TIMESTAMPING was not set with SOF_TIMESTAMPING_OPT_ID */
    /* Not 0: an IPv6 socket of UDP that sends to an IPv4 address, such as ::ffff:127.0.0.1. */
    int to_ipv4;
    int hdrincl;       /* Not 0: IP_HDRINCL was set */
    int tls;           /* Not 0: the kernel encrypts what is sent (TCP_ULP "tls", TLS_TX) */
    /*
     * Not 0: the sender is a 32-bit program on a 64-bit kernel, and control laid out as such a
     * program has it.
     */
    int compat;
};

/*
 * What Linux would say to these control messages, sent on a socket that socket(2) made of @domain,
 * @type and @protocol: 0, or the negative errno of sendmsg. Of several faults it is the first one
 * that the kernel finds. @control NULL with a length other than 0 is -EFAULT, as sendmsg has it.
 *
 * Supposes that all is well that cannot be seen here: the sender has every capability, descriptors
 * are open, processes and interfaces exist, options of the socket are on. Routes, queues and
 * security modules are not considered.
 */
ANCIL_NODISCARD
int ancil_check_control(int domain, int type, int protocol, const void *control,
                        size_t controllen) ANCIL_NOTHROW;

/* The same, with what is known of the system. @facts NULL: nothing, as above. */
ANCIL_NODISCARD
int ancil_check_control_with(int domain, int type, int protocol, const void *control,
                             size_t controllen, const struct ancil_facts *facts) ANCIL_NOTHROW;

/* ---- End of what header/ wrote ---- */

#ifdef __cplusplus
}
#endif

#endif /* ANCIL_CHECK_H */
