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
#define ANCIL_IOV_NONE ANCIL_CAST_(size_t, -1)

#ifdef __cplusplus
extern "C" {
#endif

/* ---- Written by header/, do not edit: ANCIL_UPDATE_HEADER=1 cargo build --features header ---- */

/*
 * Returns what sendmsg would return for these vectors: 0, -EMSGSIZE if there are more than 1024, or
 * -EINVAL if a length exceeds SSIZE_MAX. Does not look at iov_base.
 */
ANCIL_NODISCARD int ancil_check_iov(const struct iovec *iov, size_t n) ANCIL_NOTHROW;

/*
 * Returns the number of bytes in all elements, the sum of iov_len; SIZE_MAX if the sum is larger.
 */
size_t ancil_iov_size(const struct iovec *iov, size_t n) ANCIL_NOTHROW;

/*
 * Gathers: copies @bytes bytes of the vectors, from byte @offset on, to @buf. Returns the number of
 * bytes copied, which is smaller if the vectors end earlier.
 */
size_t ancil_iov_to_buf(const struct iovec *iov, size_t n, size_t offset, void *buf,
                        size_t bytes) ANCIL_NOTHROW;

/*
 * Scatters: copies @bytes bytes from @buf to the vectors, from byte @offset on. Returns the number
 * of bytes copied, which is smaller if the vectors end earlier.
 */
size_t ancil_iov_from_buf(const struct iovec *iov, size_t n, size_t offset, const void *buf,
                          size_t bytes) ANCIL_NOTHROW;

/*
 * Sets @bytes bytes of the vectors, from byte @offset on, to @byte, as memset does. Returns the
 * number of bytes set, which is smaller if the vectors end earlier.
 */
size_t ancil_iov_fill(const struct iovec *iov, size_t n, size_t offset, int byte,
                      size_t bytes) ANCIL_NOTHROW;

/*
 * Copies @bytes bytes from @src to @dst, whose elements may be divided differently. Returns the
 * number of bytes copied, which is smaller if one of them ends earlier.
 */
size_t ancil_iov_copy(const struct iovec *dst, size_t dst_n, size_t dst_offset,
                      const struct iovec *src, size_t src_n, size_t src_offset,
                      size_t bytes) ANCIL_NOTHROW;

/*
 * Compares @bytes bytes of @a and @b, whose elements may be divided differently, as memcmp does.
 * Returns -1, 0 or 1; if only one of them ends earlier, that one is smaller. Sets *@equal to the
 * number of equal bytes at the front; @equal may be NULL.
 */
int ancil_iov_compare(const struct iovec *a, size_t a_n, size_t a_offset, const struct iovec *b,
                      size_t b_n, size_t b_offset, size_t bytes, size_t *equal) ANCIL_NOTHROW;

/*
 * Returns 1 if @bytes bytes of the vectors, from byte @offset on, are all 0, otherwise 0. Looks at
 * fewer bytes if the vectors end earlier.
 */
int ancil_iov_is_zero(const struct iovec *iov, size_t n, size_t offset, size_t bytes) ANCIL_NOTHROW;

/*
 * Searches @bytes bytes of the vectors, from byte @offset on, for @byte, as memchr does. Returns
 * its position, counted from the front of the vectors, or ANCIL_IOV_NONE.
 */
size_t ancil_iov_find(const struct iovec *iov, size_t n, size_t offset, int byte,
                      size_t bytes) ANCIL_NOTHROW;

/*
 * Writes to @dst the elements for @bytes bytes of @src, from byte @offset on. The bytes themselves
 * are not copied. Returns the number of elements written. If @dst_n is too small, they lead to the
 * first of the bytes, ancil_iov_size of them. ancil_iov_count returns the number of elements that
 * is enough.
 */
size_t ancil_iov_slice(struct iovec *dst, size_t dst_n, const struct iovec *src, size_t n,
                       size_t offset, size_t bytes) ANCIL_NOTHROW;

/* Returns the number of elements that ancil_iov_slice needs for the same @offset and @bytes. */
size_t ancil_iov_count(const struct iovec *iov, size_t n, size_t offset,
                       size_t bytes) ANCIL_NOTHROW;

/*
 * Returns how many elements from the front one call can take: at most @most elements (IOV_MAX, for
 * example) with at most @bytes bytes in all. Returns 0 if the first element alone has more bytes;
 * ancil_iov_slice can cut that element.
 */
size_t ancil_iov_batch(const struct iovec *iov, size_t n, size_t most, size_t bytes) ANCIL_NOTHROW;

/*
 * Returns the address of byte @offset of the vectors, and sets *@len to the number of bytes that
 * follow there in one piece; @len may be NULL. At the end of the vectors and in a hole, returns
 * NULL and sets *@len to 0.
 */
void *ancil_iov_next_chunk(const struct iovec *iov, size_t n, size_t offset,
                           size_t *len) ANCIL_NOTHROW;

/*
 * Moves a position forward by @bytes bytes, or to the end, where *@n becomes 0. A position is three
 * variables: the vectors, their number, and an offset from the front. All functions here take these
 * three. The vectors are not changed, so a copy of the three variables is the old position. Returns
 * the number of bytes moved, which is smaller at the end, and 0 if a pointer is NULL.
 */
size_t ancil_iov_seek(const struct iovec **iov, size_t *n, size_t *offset,
                      size_t bytes) ANCIL_NOTHROW;

/*
 * Drops @bytes bytes from the front, as after a writev that wrote only so many, and the elements
 * that become empty. *@iov and *@n become the rest; its first element may be shortened. Returns the
 * number of bytes dropped, which is smaller if there were fewer, and 0 if a pointer is NULL.
 */
size_t ancil_iov_advance(struct iovec **iov, size_t *n, size_t bytes) ANCIL_NOTHROW;

/*
 * Drops @bytes bytes from the back, and the elements that become empty. *@n becomes the number of
 * elements left; the last of them may be shortened. Returns the number of bytes dropped, which is
 * smaller if there were fewer, and 0 if @n is NULL.
 */
size_t ancil_iov_discard_back(struct iovec *iov, size_t *n, size_t bytes) ANCIL_NOTHROW;

/*
 * Keeps the first @bytes bytes and drops the rest. *@n becomes the number of elements left; the
 * last of them may be shortened. Returns the number of bytes kept, which is smaller if there were
 * fewer, and 0 if @n is NULL.
 */
size_t ancil_iov_limit(struct iovec *iov, size_t *n, size_t bytes) ANCIL_NOTHROW;

/*
 * Joins elements whose memory is adjacent into one, and drops empty elements; the bytes and their
 * order stay the same. Returns the number of elements left. Do not use the elements after those.
 */
size_t ancil_iov_join(struct iovec *iov, size_t n) ANCIL_NOTHROW;

/* ---- End of what header/ wrote ---- */

#ifdef __cplusplus
}
#endif

#endif /* ANCIL_IOV_H */
