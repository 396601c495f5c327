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
 * Control messages of a 32-bit program, in the form that a 64-bit one of the same machine has.
 * Returns the bytes written: what msg_controllen has to be. They are never more than twice @len.
 *
 * Timestamps (SO_TIMESTAMP, SO_TIMESTAMPNS, SO_TIMESTAMPING, the old ones) and RXRPC_USER_CALL_ID
 * change their size; all other payloads are copied. @dst need not be zeroed, and does not overlap
 * @src32: the result is longer than what it is made of.
 *
 * -ENOBUFS: it does not fit into @size bytes. -EINVAL: a header that is shorter than itself or
 * reaches past the end, or 1 to 11 bytes too many at the end; sendmsg says the same to the 32-bit
 * program. -EBADMSG: a timestamp or RXRPC_USER_CALL_ID of another length. Nothing is written then.
 */
ANCIL_NODISCARD
ptrdiff_t ancil_compat_widen(void *dst, size_t size, const void *src32, size_t len) ANCIL_NOTHROW;

/*
 * Control messages of a 64-bit program, in the form that a 32-bit one of the same machine has.
 * Returns the bytes written, never more than @len. What ancil_compat_widen says of payloads and of
 * overlapping is true here.
 *
 * -ENOBUFS: it does not fit into @size bytes. -EINVAL: a header that is shorter than itself or
 * reaches past the end. -EBADMSG: a timestamp or RXRPC_USER_CALL_ID of another length. -ERANGE: one
 * that does not fit into 32 bits, such as a time past January 2038, which the kernel would cut off.
 * Nothing is written then.
 */
ANCIL_NODISCARD
ptrdiff_t ancil_compat_narrow(void *dst, size_t size, const void *src64, size_t len) ANCIL_NOTHROW;

/* Bytes that ancil_compat_widen would write, or its error. */
ANCIL_NODISCARD ptrdiff_t ancil_compat_widened_len(const void *src32, size_t len) ANCIL_NOTHROW;

/* Bytes that ancil_compat_narrow would write, or its error. */
ANCIL_NODISCARD ptrdiff_t ancil_compat_narrowed_len(const void *src64, size_t len) ANCIL_NOTHROW;

/* ---- End of what header/ wrote ---- */

#ifdef __cplusplus
}
#endif

#endif /* ANCIL_COMPAT_H */
