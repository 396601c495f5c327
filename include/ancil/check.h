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
    /*
     * Capabilities that the sender lacks, a bit 1 << CAP_* each: ~CapEff of /proc/self/status.
     * CAP_NET_* count in the user namespace that owns the socket's network, CAP_SETUID and
     * CAP_SETGID in the sender's own, and CAP_SYS_ADMIN in the one that owns its process ids.
     */
    ancil_u64 lacking;
    /* net.core.optmem_max in bytes. 0: 131072, the default since Linux 6.8. */
    size_t optmem_max;
    /* The sender's open descriptors. NULL: every descriptor that is not negative is open. */
    const int *fds;
    size_t fds_len;               /* Number of descriptors at @fds */
    /*
     * Flow labels that an IPv6 packet may have. NULL: every label, as if no socket of the network
     * had an exclusive one.
     */
    const ancil_u32 *flow_labels;
    size_t flow_labels_len;       /* Number of flow labels at @flow_labels */
    /* Bytes of payload that go with the control messages. 0: as many as favour the sender. */
    size_t payload;
    /* MTU of the path, for UDP_SEGMENT, less the bytes of IP options. 0: every segment fits. */
    ancil_u32 mtu;
    /* The interface that IPv6 packets leave through if no message names one. 0: none. */
    ancil_u32 interface;
    /* Flow label and traffic class if no message names them (IPV6_FLOWINFO_SEND). 0: none. */
    ancil_u32 flow_info;
    /* The kernel's version, such as 6 << 16 | 18. 0: the newest one that this library knows. */
    ancil_u32 release;
    /* The sender's process. 0: the sender is whoever SCM_CREDENTIALS says. */
    int pid;
    ancil_u32 uid;                /* The sender's user, if @pid is not 0 */
    ancil_u32 gid;                /* The sender's group, if @pid is not 0 */
    int no_txtime;                /* Not 0: the socket option SO_TXTIME is off */
    /* Not 0: the socket option SO_TIMESTAMPING lacks SOF_TIMESTAMPING_OPT_ID. */
    int no_opt_id;
    /* Not 0: an IPv6 socket of UDP sends to an IPv4 address, such as ::ffff:127.0.0.1. */
    int to_ipv4;
    /* Not 0: the socket option IP_HDRINCL is on, as it always is for IPPROTO_RAW. */
    int hdrincl;
    /* Not 0: the kernel encrypts what the socket sends (TCP_ULP "tls", TLS_TX). */
    int tls;
    /* Not 0: UDP sends without checksums (SO_NO_CHECK, UDP_NO_CHECK6_TX). */
    int no_check;
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
 * capability, descriptors are open, processes and interfaces exist, options of the socket are on,
 * the payload fits the messages. Routes, queues and security modules are not considered.
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
