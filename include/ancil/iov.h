/*
 * ancil/iov.h: I/O vectors (struct iovec of <sys/uio.h> or <linux/uio.h>): counts, copies, compares
 * and cuts the bytes that they lead to.
 * SPDX-License-Identifier: MIT OR Apache-2.0
 *
 * @iov and @n are an array of vectors; @offset and @bytes count the bytes of all its elements, from
 * the front. Only the bytes that a call reaches need to exist. An element with iov_base NULL is a
 * hole, and so are the bytes past SSIZE_MAX of any element: functions that only count step over a
 * hole, functions that read or write bytes end there.
 */
#ifndef ANCIL_IOV_H
#define ANCIL_IOV_H

#include "inline.h"

struct iovec;

/* What ancil_iov_find returns if there is no such byte. */
#define ANCIL_IOV_NONE ANCIL_CAST(size_t, -1)

#ifdef __cplusplus
extern "C" {
#endif

/* ---- Written by header/, do not edit: ANCIL_UPDATE_HEADER=1 cargo build --features header ---- */

/*
 * What sendmsg would say to these vectors: 0; -EMSGSIZE for more than 1024; -EINVAL for a length of
 * more than SSIZE_MAX. Where they point to is not looked at.
 */
ANCIL_NODISCARD int ancil_check_iov(const struct iovec *iov, size_t n) ANCIL_NOTHROW;

/* Bytes of all elements together: the sum of iov_len. SIZE_MAX where the sum is more. */
size_t ancil_iov_size(const struct iovec *iov, size_t n) ANCIL_NOTHROW;

/*
 * Gathers: copies @bytes bytes, from byte @offset of the vectors on, to @buf. Returns the bytes
 * copied, fewer if the vectors end before.
 */
size_t ancil_iov_to_buf(const struct iovec *iov, size_t n, size_t offset, void *buf,
                        size_t bytes) ANCIL_NOTHROW;

/*
 * Scatters: copies @bytes bytes from @buf to the vectors, from their byte @offset on. Returns the
 * bytes copied, fewer if the vectors end before.
 */
size_t ancil_iov_from_buf(const struct iovec *iov, size_t n, size_t offset, const void *buf,
                          size_t bytes) ANCIL_NOTHROW;

/*
 * Sets @bytes bytes of the vectors, from their byte @offset on, to @byte, as memset does. Returns
 * the bytes set, fewer if the vectors end before.
 */
size_t ancil_iov_fill(const struct iovec *iov, size_t n, size_t offset, int byte,
                      size_t bytes) ANCIL_NOTHROW;

/*
 * Copies @bytes bytes from vectors to vectors, however both are cut. Returns the bytes copied,
 * fewer if either ends before.
 */
size_t ancil_iov_copy(const struct iovec *dst, size_t dst_n, size_t dst_offset,
                      const struct iovec *src, size_t src_n, size_t src_offset,
                      size_t bytes) ANCIL_NOTHROW;

/*
 * Compares @bytes bytes of two vectors, however they are cut, as memcmp does: -1, 0 or 1. Where
 * only one of them ends before, that one is less. *@equal, unless @equal is NULL, is how many bytes
 * are equal in front.
 */
int ancil_iov_compare(const struct iovec *a, size_t a_n, size_t a_offset, const struct iovec *b,
                      size_t b_n, size_t b_offset, size_t bytes, size_t *equal) ANCIL_NOTHROW;

/*
 * 1 if @bytes bytes of the vectors, from their byte @offset on, are all 0, as far as the vectors
 * go. Else 0.
 */
int ancil_iov_is_zero(const struct iovec *iov, size_t n, size_t offset, size_t bytes) ANCIL_NOTHROW;

/*
 * Looks for @byte, as memchr does, among @bytes bytes from byte @offset of the vectors on. Returns
 * its place, counted from the front of the vectors, or ANCIL_IOV_NONE.
 */
size_t ancil_iov_find(const struct iovec *iov, size_t n, size_t offset, int byte,
                      size_t bytes) ANCIL_NOTHROW;

/*
 * Makes @dst the vectors of @bytes bytes of @src, from its byte @offset on; nothing is copied but
 * elements. Returns the elements written. If @dst_n are too few, they hold the first bytes of what
 * was asked for: ancil_iov_size(dst, ...) of them. ancil_iov_count tells how many are enough.
 */
size_t ancil_iov_slice(struct iovec *dst, size_t dst_n, const struct iovec *src, size_t n,
                       size_t offset, size_t bytes) ANCIL_NOTHROW;

/* How many elements ancil_iov_slice needs for @bytes bytes from byte @offset on. */
size_t ancil_iov_count(const struct iovec *iov, size_t n, size_t offset,
                       size_t bytes) ANCIL_NOTHROW;

/*
 * How many elements in front one call takes: not more than @most (IOV_MAX, say), and together not
 * more than @bytes bytes. 0 if the first alone has more: ancil_iov_slice cuts it.
 */
size_t ancil_iov_batch(const struct iovec *iov, size_t n, size_t most, size_t bytes) ANCIL_NOTHROW;

/*
 * The bytes in one piece at byte @offset of the vectors: their address, and in *@len their number.
 * NULL and 0 where the vectors end.
 */
void *ancil_iov_next_chunk(const struct iovec *iov, size_t n, size_t offset,
                           size_t *len) ANCIL_NOTHROW;

/*
 * Moves a place @bytes bytes on, or to the end, where *@n is 0. A place is three variables of
 * yours: the vectors, their number, and an offset into the first; every function here takes those
 * three. The vectors stay as they are, so that a copy of the three undoes it. Returns the bytes
 * moved. 0 if a pointer is NULL.
 */
size_t ancil_iov_seek(const struct iovec **iov, size_t *n, size_t *offset,
                      size_t bytes) ANCIL_NOTHROW;

/*
 * Drops @bytes bytes from the front, after a call that did only so many, and with them elements
 * that are empty then: *@iov and *@n are what is left, whose first element may be shorter now.
 * Returns the bytes dropped, fewer if there were fewer. 0 if a pointer is NULL.
 */
size_t ancil_iov_advance(struct iovec **iov, size_t *n, size_t bytes) ANCIL_NOTHROW;

/*
 * Drops @bytes bytes from the back, and with them elements that are empty then: *@n are left, the
 * last of which may be shorter now. Returns the bytes dropped, fewer if there were fewer. 0 if @n
 * is NULL.
 */
size_t ancil_iov_discard_back(struct iovec *iov, size_t *n, size_t bytes) ANCIL_NOTHROW;

/*
 * Keeps the first @bytes bytes and drops the rest: *@n elements are left, the last of which may be
 * shorter now. Returns the bytes kept, fewer if there were fewer. 0 if @n is NULL.
 */
size_t ancil_iov_limit(struct iovec *iov, size_t *n, size_t bytes) ANCIL_NOTHROW;

/*
 * Makes one element of elements whose memory touches, in their order, and drops empty ones. Returns
 * how many are left; the bytes are the same. Elements after those are not to be used any more.
 */
size_t ancil_iov_join(struct iovec *iov, size_t n) ANCIL_NOTHROW;

/* ---- End of what header/ wrote ---- */

#ifdef __cplusplus
}
#endif

#endif /* ANCIL_IOV_H */
