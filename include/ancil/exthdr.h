/*
 * ancil/exthdr.h: IPv6 extension headers.
 * SPDX-License-Identifier: MIT OR Apache-2.0
 */
#ifndef ANCIL_EXTHDR_H
#define ANCIL_EXTHDR_H

#include "address.h"
#include "inline.h"

#ifdef __cplusplus
extern "C" {
#endif

/* ---- Written by header/, do not edit: ANCIL_UPDATE_HEADER=1 cargo build --features header ---- */

/* An option of a hop-by-hop or destination options header. @data points into the header. */
struct ancil_opt {
    ancil_u8 type;    /* Its type: IPV6_TLV_* */
    const void *data; /* The data */
    size_t len;       /* The length of the data in bytes, up to 255 */
};

/*
 * A hop-by-hop or destination options header that is being written. The writer lives on your stack.
 * Set it up with ancil_opt_writer_init, then leave its fields alone. After each option, the header
 * is padded and whole.
 */
struct ancil_opt_writer {
    void *buf;       /* The buffer */
    size_t size;     /* The bytes of it that a header can have; 0 if they are too few for any */
    size_t end;      /* The end of the last option */
    size_t spare[2]; /* Unused: room for later versions */
};

/*
 * Takes one step over the options of the header at the start of @len bytes, such as the payload of
 * IPV6_HOPOPTS, which may hold anything. *@offset is 0 at first, and is advanced. Padding is passed
 * over. Returns 1 if *@o is the next option, 0 if there are no more, -EBADMSG if the header reaches
 * past the end of the bytes, or the option past that of the header: the walk ends there. Returns
 * -EINVAL if a pointer to one value is NULL. *@o is unchanged unless 1 is returned.
 */
ANCIL_NODISCARD
int ancil_opt_next(const void *header, size_t len, size_t *offset,
                   struct ancil_opt *o) ANCIL_NOTHROW;

/*
 * Looks for the first option of this type in the header at the start of @len bytes. Returns 1 if
 * *@o is the option, 0 if there is none, -EBADMSG if a step of ancil_opt_next before it fails, or
 * -EINVAL if @o is NULL. *@o is unchanged unless 1 is returned.
 */
ANCIL_NODISCARD
int ancil_opt_find(const void *header, size_t len, ancil_u8 type,
                   struct ancil_opt *o) ANCIL_NOTHROW;

/*
 * Begins a header without options in @size bytes at @buf. Zeroes the buffer, up to the 2048 bytes
 * that a header can have. Returns 0, -ENOBUFS if @size is less than 8, or -EINVAL if @w is NULL.
 * After an error, nothing can be put into the writer.
 */
ANCIL_NODISCARD
int ancil_opt_writer_init(struct ancil_opt_writer *w, void *buf, size_t size) ANCIL_NOTHROW;

/*
 * Appends an option of this type with @len bytes of data at the alignment xn+y of RFC 8200: at a
 * multiple of @x bytes from the start of the header, plus @y bytes. 1 and 0 mean anywhere; with 4
 * and 2, or 8 and 6, the data is at a multiple of 4 or 8. Returns 0, -ENOBUFS if the option does
 * not fit in the buffer or in 2048 bytes, or -EINVAL if @type is 0 or 1, which is padding, if @x is
 * none of 1, 2, 4 and 8, if @y is not less than @x, if @len is more than 255, if @w is NULL, or if
 * @data is NULL and @len is not 0. After an error, the buffer is unchanged.
 */
ANCIL_NODISCARD
int ancil_opt_writer_put(struct ancil_opt_writer *w, ancil_u8 type, ancil_u8 x, ancil_u8 y,
                         const void *data, size_t len) ANCIL_NOTHROW;

/*
 * Returns the length of the header in bytes, which is a multiple of 8; 0 if @w is NULL or its
 * buffer too small.
 */
size_t ancil_opt_writer_finish(const struct ancil_opt_writer *w) ANCIL_NOTHROW;

/*
 * Returns how many segments the routing header at the start of @len bytes has, such as the payload
 * of IPV6_RTHDR: one of type 0, 2, 3 or 4. Returns -EBADMSG if the header reaches past the end of
 * the bytes, or if its fields contradict each other. A header of another type has none.
 */
ANCIL_NODISCARD int ancil_rth_segments(const void *header, size_t len) ANCIL_NOTHROW;

/*
 * Reads the segment at @index of the routing header at the start of @len bytes, in the order of the
 * header. A header of type 3 leaves out the first bytes of addresses, which are taken from
 * @destination, that of the packet; it may be NULL for zeros. Returns 1 if *@to is the address, 0
 * if there are not as many segments, -EBADMSG as ancil_rth_segments does, or -EINVAL if @to is
 * NULL. *@to is unchanged unless 1 is returned.
 */
ANCIL_NODISCARD
int ancil_rth_segment(const void *header, size_t len, size_t index,
                      const struct ancil_in6_addr *destination,
                      struct ancil_in6_addr *to) ANCIL_NOTHROW;

/* Returns the bytes of a routing header with @n segments, or SIZE_MAX if that is more. */
size_t ancil_rth_len(size_t n) ANCIL_NOTHROW;

/*
 * Writes a routing header of type 0, 2, 3 or 4 with the @n addresses at @segments, in the order of
 * the header: that of the visits, but the reverse of it for type 4. All of them are left to visit,
 * but for the last one of type 4, which is the destination of the packet. Returns 0, -ENOBUFS if
 * ancil_rth_len is more than @size, or -EINVAL if a header of this type cannot have as many
 * segments: type 2 has one, types 3 and 4 have 1 to 127, type 0 has up to 127. After an error, the
 * buffer is unchanged.
 */
ANCIL_NODISCARD
int ancil_rth_write(void *buf, size_t size, int type, const struct ancil_in6_addr *segments,
                    size_t n) ANCIL_NOTHROW;

/* ---- End of what header/ wrote ---- */

#ifdef __cplusplus
}
#endif

#endif /* ANCIL_EXTHDR_H */
