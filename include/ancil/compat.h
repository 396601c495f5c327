/*
 * ancil/compat.h: control messages of 32-bit programs on 64-bit kernels.
 * SPDX-License-Identifier: MIT OR Apache-2.0
 */
#ifndef ANCIL_COMPAT_H
#define ANCIL_COMPAT_H

#include "inline.h"

#ifdef __cplusplus
extern "C" {
#endif

/* ---- Written by header/, do not edit: ANCIL_UPDATE_HEADER=1 cargo build --features header ---- */

/*
 * Translates control messages of a 32-bit program to the layout of a 64-bit program of the same
 * machine. Returns the number of bytes written, for msg_controllen: at most twice @len.
 *
 * The old SO_TIMESTAMP, SO_TIMESTAMPNS and SO_TIMESTAMPING, HCI_CMSG_TSTAMP and RXRPC_USER_CALL_ID
 * change their size; all other payloads are copied. @dst need not be zeroed. It must not overlap
 * @src32, because the result is longer than the source.
 *
 * If an error is returned, nothing was written:
 * - -ENOBUFS: the result does not fit into @size bytes
 * - -EINVAL: cmsg_len is less than a header or reaches past the end, or 1 to 11 bytes are left over
 *   at the end; sendmsg returns the same to the 32-bit program
 * - -EBADMSG: a payload that changes its size has a wrong length
 */
ANCIL_NODISCARD
ptrdiff_t ancil_compat_widen(void *dst, size_t size, const void *src32, size_t len) ANCIL_NOTHROW;

/*
 * Translates control messages of a 64-bit program to the layout of a 32-bit program of the same
 * machine. Returns the number of bytes written: at most @len. The same payloads change their size
 * as with ancil_compat_widen, and @dst must not overlap @src64 either.
 *
 * If an error is returned, nothing was written:
 * - -ENOBUFS: the result does not fit into @size bytes
 * - -EINVAL: cmsg_len is less than a header or reaches past the end
 * - -EBADMSG: a payload that changes its size has a wrong length
 * - -ERANGE: a value does not fit into 32 bits, such as a time after January 2038, which the kernel
 *   would cut off
 */
ANCIL_NODISCARD
ptrdiff_t ancil_compat_narrow(void *dst, size_t size, const void *src64, size_t len) ANCIL_NOTHROW;

/* Returns the number of bytes that ancil_compat_widen would write, or its error. */
ANCIL_NODISCARD ptrdiff_t ancil_compat_widened_len(const void *src32, size_t len) ANCIL_NOTHROW;

/* Returns the number of bytes that ancil_compat_narrow would write, or its error. */
ANCIL_NODISCARD ptrdiff_t ancil_compat_narrowed_len(const void *src64, size_t len) ANCIL_NOTHROW;

/* ---- End of what header/ wrote ---- */

#ifdef __cplusplus
}
#endif

#endif /* ANCIL_COMPAT_H */
