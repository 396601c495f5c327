/*
 * ancil/cmsg.h, version 0.1.0: CMSG_ALIGN, CMSG_LEN, CMSG_SPACE, CMSG_FIRSTHDR, CMSG_NXTHDR and
 * CMSG_DATA of cmsg(3), redefined so that no header leads a walk outside the buffer or into a loop.
 * SPDX-License-Identifier: MIT OR Apache-2.0
 *
 * This file is all there is: it needs no library and no link flag, and any project may copy it. It
 * takes effect in one of three ways, without a change to the sources that use the macros:
 *
 *   -I<includedir>/ancil/dropin   a folder whose sys/socket.h is this file. Use this way first.
 *   #include <ancil/cmsg.h>       in the source, wherever the macros are used.
 *   -include ancil/cmsg.h         comes before a "#define _GNU_SOURCE" of the source, without which
 *                                 <sys/socket.h> has no struct ucred: pass -D_GNU_SOURCE= as well.
 *
 * To be sure that it took effect, write after the include: #ifndef ANCIL_CMSG_H, #error, #endif.
 *
 * CMSG_NXTHDR follows glibc 2.37: it does not look at the next header, so a buffer that is being
 * filled need not be zeroed. CMSG_NXTHDR(m, NULL) is the first header (RFC 3542). A cmsg_len of
 * less than a header ends the walk, and so does a header that lies past msg_controllen. Each
 * argument is evaluated once. The macros of sizes are constant expressions. C89 to C23, C++98 to
 * C++23.
 */

/*
 * The system's header comes first. #include finds it from ancil/cmsg.h, also if both files are in
 * one folder, such as /usr/include. If it finds the drop-in folder's sys/socket.h, or another copy
 * of that, #include_next goes on to the next folder.
 */
#ifdef __GNUC__
#pragma GCC system_header /* no warnings about #include_next, nor about casts below */
#endif
#ifdef ANCIL_CMSG_READS_SYSTEM_
#include_next <sys/socket.h>
#elif !defined ANCIL_CMSG_H
#define ANCIL_CMSG_READS_SYSTEM_
#include <sys/socket.h>
#undef ANCIL_CMSG_READS_SYSTEM_
#endif

#ifndef ANCIL_CMSG_H
#define ANCIL_CMSG_H 100 /* the version: 0.1.0 */

#ifdef __cplusplus
#if __cplusplus >= 201103L
#define ANCIL_CMSG_NOTHROW noexcept
#else
#define ANCIL_CMSG_NOTHROW throw()
#endif
#else
#define ANCIL_CMSG_NOTHROW
#endif

/*
 * Always inline, and never a definition of its own, so that an inline function of the program may
 * use the macros (a static one would warn there), and nothing is left over where nobody does.
 */
#if defined __cplusplus && defined __GNUC__
#define ANCIL_CMSG_INLINE inline __attribute__((__always_inline__))
#elif defined __cplusplus
#define ANCIL_CMSG_INLINE inline
#elif defined __GNUC__
#define ANCIL_CMSG_INLINE extern __inline __attribute__((__gnu_inline__, __always_inline__))
#else
#define ANCIL_CMSG_INLINE static
#endif

/* The payload starts after the header, which is a whole number of words. */
typedef char ancil_cmsghdr_is_as_expected[sizeof (struct cmsghdr) == sizeof (size_t) + 8 ? 1 : -1];

#undef CMSG_ALIGN
#undef CMSG_LEN
#undef CMSG_SPACE
#undef CMSG_FIRSTHDR
#undef CMSG_NXTHDR
#undef CMSG_DATA

#define CMSG_ALIGN(len) (((size_t)(len) + sizeof (size_t) - 1) / sizeof (size_t) * sizeof (size_t))
#define CMSG_LEN(len) (sizeof (struct cmsghdr) + (size_t)(len))
#define CMSG_SPACE(len) (sizeof (struct cmsghdr) + CMSG_ALIGN(len))
#define CMSG_FIRSTHDR(mhdr) ancil_cmsg_firsthdr(mhdr)
#define CMSG_NXTHDR(mhdr, cmsg) ancil_cmsg_nxthdr(mhdr, cmsg)

ANCIL_CMSG_INLINE struct cmsghdr *ancil_cmsg_firsthdr(const struct msghdr *m) ANCIL_CMSG_NOTHROW
{
    return m->msg_controllen >= sizeof (struct cmsghdr) ? (struct cmsghdr *)m->msg_control : 0;
}

/*
 * The stepping rule: the address of the header that follows a message of @cmsg_len bytes at
 * @here, or 0 if no whole header fits before @end. These are numbers, because a pointer must not
 * point past the end of a buffer, where the next header may lie.
 */
ANCIL_CMSG_INLINE size_t ancil_cmsg_after_(size_t here, size_t cmsg_len,
                                           size_t end) ANCIL_CMSG_NOTHROW
{
    const size_t header = sizeof (struct cmsghdr), word = sizeof (size_t);
    size_t last;

    if (here > end || end - here < header || cmsg_len < header)
        return 0;
    last = (end - here - header) / word * word; /* the last place for another header */
    return cmsg_len > last ? 0 : here + CMSG_ALIGN(cmsg_len);
}

ANCIL_CMSG_INLINE struct cmsghdr *
ancil_cmsg_nxthdr(const struct msghdr *m, const struct cmsghdr *c) ANCIL_CMSG_NOTHROW
{
    const size_t end = (size_t)m->msg_control + m->msg_controllen;

    if (!c)
        return ancil_cmsg_firsthdr(m);
    return (struct cmsghdr *)ancil_cmsg_after_((size_t)c, c->cmsg_len, end);
}

#ifdef __cplusplus
#define CMSG_DATA(cmsg) ancil_cmsg_data(cmsg)
ANCIL_CMSG_INLINE unsigned char *ancil_cmsg_data(const void *c) ANCIL_CMSG_NOTHROW
{
    return (unsigned char *)((size_t)c + sizeof (struct cmsghdr));
}
#else
#define CMSG_DATA(cmsg) ((unsigned char *)(size_t)(cmsg) + sizeof (struct cmsghdr))
#endif

#endif /* ANCIL_CMSG_H */
