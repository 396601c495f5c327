/*
 * libancil-preload.so: hardens programs that are built already. Where a program calls glibc's (or uClibc's)
 * __cmsg_nxthdr, LD_PRELOAD=libancil-preload.so puts ancil's CMSG_NXTHDR in its place.
 * SPDX-License-Identifier: MIT OR Apache-2.0
 *
 * Reached are calls only. With -O1 and above, but not with -Os, glibc's headers expand CMSG_NXTHDR inline: such a
 * program has to be compiled again, with the drop-in. `nm -D program | grep __cmsg_nxthdr` tells.
 */
#include <ancil/cmsg.h>

/* The macros of the system's header have this prototype too, or none where the libc has no such function. */
struct cmsghdr *__cmsg_nxthdr(struct msghdr *m, struct cmsghdr *c);

struct cmsghdr *__cmsg_nxthdr(struct msghdr *m, struct cmsghdr *c)
{
    return ancil_cmsg_nxthdr(m, c);
}
