/*
 * ancil, the drop-in: CMSG_ALIGN, CMSG_LEN, CMSG_SPACE, CMSG_FIRSTHDR, CMSG_NXTHDR and CMSG_DATA of
 * cmsg(3), redefined over libancil. Nothing else changes. Link with libancil.a.
 * SPDX-License-Identifier: MIT OR Apache-2.0
 *
 * CMSG_NXTHDR follows glibc 2.37 and never wraps, loops or steps outside, whatever cmsg_len holds.
 * It does not look at the next header, so a buffer that is being filled need not be zeroed.
 * CMSG_NXTHDR(m, NULL) is the first header (RFC 3542). Arguments are evaluated once. C89 to C23,
 * C++98 to C++23.
 *
 * Declares only the names of <sys/socket.h> and ancil's own: <stdint.h> and <stddef.h> are not
 * included.
 */
#ifndef ANCIL_CMSG_H
#define ANCIL_CMSG_H

#include <sys/socket.h>
#define ANCIL_DROPIN
#include "../ancil.h"
#undef ANCIL_DROPIN

#if defined __cplusplus || (defined __STDC_VERSION__ && __STDC_VERSION__ >= 199901L)
#define ANCIL_INLINE static inline
#elif defined __GNUC__
#define ANCIL_INLINE static __inline__
#else
#define ANCIL_INLINE static
#endif

/* The message is there, as for the system's macros. */
#ifdef __GNUC__
#define ANCIL_NONNULL(argument) __attribute__((__nonnull__(argument)))
#else
#define ANCIL_NONNULL(argument)
#endif

/* The payload starts where this library says. */
typedef char ancil_cmsghdr_is_as_expected[sizeof (struct cmsghdr) == ANCIL_CMSG_LEN(0) ? 1 : -1];

ANCIL_NONNULL(1)
ANCIL_INLINE struct cmsghdr *ancil_cmsg_firsthdr(const struct msghdr *m)
{
    return m->msg_controllen >= sizeof (struct cmsghdr)
               ? ANCIL_CAST(struct cmsghdr *, m->msg_control) : 0;
}

ANCIL_NONNULL(1)
ANCIL_INLINE struct cmsghdr *ancil_cmsg_nxthdr(const struct msghdr *m, const struct cmsghdr *c)
{
    char *const control = ANCIL_CAST(char *, m->msg_control);
    const void *const here = c;
    size_t next;

    if (!c || !control)
        return ancil_cmsg_firsthdr(m);
    next = ancil_cmsg_next(ANCIL_CAST(size_t, ANCIL_CAST(const char *, here) - control),
                           c->cmsg_len, m->msg_controllen);
    if (next == ANCIL_CMSG_END)
        return 0;
    return ANCIL_CAST(struct cmsghdr *, ANCIL_CAST(void *, control + next));
}

#ifdef __cplusplus
ANCIL_INLINE unsigned char *ancil_cmsg_data(const void *c)
{
    return const_cast<unsigned char *>(static_cast<const unsigned char *>(c))
           + sizeof (struct cmsghdr);
}
#else
/* By way of an integer: a const header is no reason for a warning. */
#define ancil_cmsg_data(c) ((unsigned char *)(size_t)(c) + sizeof (struct cmsghdr))
#endif

#undef CMSG_ALIGN
#undef CMSG_LEN
#undef CMSG_SPACE
#undef CMSG_FIRSTHDR
#undef CMSG_NXTHDR
#undef CMSG_DATA

#define CMSG_ALIGN(len) ANCIL_CMSG_ALIGN(len)
#define CMSG_LEN(len) ANCIL_CMSG_LEN(len)
#define CMSG_SPACE(len) ANCIL_CMSG_SPACE(len)
#define CMSG_FIRSTHDR(mhdr) ancil_cmsg_firsthdr(mhdr)
#define CMSG_NXTHDR(mhdr, cmsg) ancil_cmsg_nxthdr(mhdr, cmsg)
#define CMSG_DATA(cmsg) ancil_cmsg_data(cmsg)

#endif /* ANCIL_CMSG_H */
