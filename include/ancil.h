/*
 * ancil: control messages (cmsghdr) of Linux sockets, netlink messages and I/O vectors, read and
 * written in buffers of your own.
 * SPDX-License-Identifier: MIT OR Apache-2.0
 *
 * For every function:
 * - A pointer with a length must be valid for so many bytes or elements until the call returns, or
 *   be NULL, which counts as length 0. The buffers of one call must not overlap. The function
 *   accesses no other memory.
 * - Lengths count bytes; numbers of descriptors and vectors count elements.
 * - Any length and any content is allowed. If something does not fit or makes no sense, the
 *   function returns a negative errno and has changed nothing.
 * - The function does not allocate, set errno or keep state, and calls nothing but memcpy, memmove,
 *   memset and memcmp. So it is reentrant and async-signal-safe.
 *
 * The headers are C89 to C23 and C++98 to C++23, and include only <stddef.h>. Each can be included
 * alone. ancil/cmsg.h, the drop-in for the CMSG_* macros, is not among them.
 */
#ifndef ANCIL_H
#define ANCIL_H

#include "ancil/inline.h"   /* reads and writes control messages, without the library */
#include "ancil/fds.h"      /* takes and closes received descriptors, likewise */
#include "ancil/names.h"    /* levels and types, their names, messages as text */
#include "ancil/message.h"  /* decodes messages of one kind each */
#include "ancil/writer.h"   /* encodes messages of one kind each */
#include "ancil/datagram.h" /* what a datagram's messages say, for both families */
#include "ancil/payload.h"  /* the structs that messages carry */
#include "ancil/address.h"  /* socket addresses */
#include "ancil/netlink.h"  /* netlink messages and attributes */
#include "ancil/iov.h"      /* I/O vectors */
#include "ancil/check.h"    /* what Linux would answer */
#include "ancil/compat.h"   /* messages of 32-bit programs */
#include "ancil/uring.h"    /* buffers of io_uring */
#include "ancil/exthdr.h"   /* IPv6 options and routing headers */

#ifdef __cplusplus
extern "C" {
#endif

/* The version of this header. ancil_version() returns that of the library. */
/* ---- Written by header/, do not edit: ANCIL_UPDATE_HEADER=1 cargo build --features header ---- */

#define ANCIL_VERSION "0.1.0"
#define ANCIL_VERSION_MAJOR 0
#define ANCIL_VERSION_MINOR 1
#define ANCIL_VERSION_PATCH 0

/* Returns the version of the library, such as "1.2.3", as a static string. */
const char *ancil_version(void) ANCIL_NOTHROW;

/* ---- End of what header/ wrote ---- */

#ifdef __cplusplus
}
#endif

#endif /* ANCIL_H */
