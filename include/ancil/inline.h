/*
 * ancil/inline.h: a stand-in until the functions are inline. It declares what they will be, and
 * includes nothing but <stddef.h>.
 * SPDX-License-Identifier: MIT OR Apache-2.0
 */
#ifndef ANCIL_INLINE_H
#define ANCIL_INLINE_H

#include <stddef.h>

/* Marks a result that must be looked at. To switch that off, define it as nothing before. */
#ifndef ANCIL_NODISCARD
#if (defined __cplusplus && __cplusplus >= 201703L) \
    || (defined __STDC_VERSION__ && __STDC_VERSION__ > 201710L)
#define ANCIL_NODISCARD [[nodiscard]]
#elif defined __GNUC__
#define ANCIL_NODISCARD __attribute__((__warn_unused_result__))
#else
#define ANCIL_NODISCARD
#endif
#endif

/* Marks a function that reads no memory. */
#ifdef __GNUC__
#define ANCIL_CONST __attribute__((__const__))
#else
#define ANCIL_CONST
#endif

/* Marks a function that throws no exception. */
#if defined __cplusplus && __cplusplus >= 201103L
#define ANCIL_NOTHROW noexcept
#elif defined __cplusplus
#define ANCIL_NOTHROW throw()
#else
#define ANCIL_NOTHROW
#endif

#ifdef __cplusplus
#define ANCIL_CAST(type, x) static_cast<type>(x)
#else
#define ANCIL_CAST(type, x) ((type)(x))
#endif

/*
 * CMSG_ALIGN, CMSG_LEN and CMSG_SPACE for array bounds: constant expressions, which wrap around
 * near SIZE_MAX. Use the functions below for a length that is not your own.
 */
#define ANCIL_CMSG_ALIGN(n) ((ANCIL_CAST(size_t, n) + sizeof (size_t) - 1) & ~(sizeof (size_t) - 1))
#define ANCIL_CMSG_LEN(n) (sizeof (size_t) + 8 + ANCIL_CAST(size_t, n))
#define ANCIL_CMSG_SPACE(n) (sizeof (size_t) + 8 + ANCIL_CMSG_ALIGN(n))

/* Declares a union whose member `data` has so many bytes, aligned as a control buffer should be. */
#define ANCIL_CONTROL_BUFFER(name, bytes) union { size_t align; unsigned char data[bytes]; } name

/* What ancil_cmsg_next returns if no header follows. */
#define ANCIL_CMSG_END ANCIL_CAST(size_t, -1)

/* ---- Written by header/, do not edit: ANCIL_UPDATE_HEADER=1 cargo build --features header ---- */
#define ANCIL_SCM_RIGHTS 1
#define ANCIL_SCM_PIDFD 4
#define ANCIL_ERROR_EINVAL 22
#if defined __mips__
#define ANCIL_SOL_SOCKET 0xffff
#define ANCIL_ERROR_EBADMSG 77
#define ANCIL_ERROR_EMSGSIZE 97
#define ANCIL_ERROR_ENOBUFS 132
#define ANCIL_ERROR_ENOMSG 35
#elif defined __sparc__
#define ANCIL_SOL_SOCKET 0xffff
#define ANCIL_ERROR_EBADMSG 76
#define ANCIL_ERROR_EMSGSIZE 40
#define ANCIL_ERROR_ENOBUFS 55
#define ANCIL_ERROR_ENOMSG 75
#else
#define ANCIL_SOL_SOCKET 1
#define ANCIL_ERROR_EBADMSG 74
#define ANCIL_ERROR_EMSGSIZE 90
#define ANCIL_ERROR_ENOBUFS 105
#define ANCIL_ERROR_ENOMSG 42
#endif
/* ---- End of what header/ wrote ---- */

#ifdef __cplusplus
extern "C" {
#endif

/* One control message. `data` points into the control buffer and may be unaligned: use memcpy. */
struct ancil_message {
    int level;        /* cmsg_level */
    int type;         /* cmsg_type */
    const void *data; /* the payload */
    size_t len;       /* bytes of payload */
};

/* A walk over a control buffer. Its fields are private. */
struct ancil_reader {
    const void *control;
    size_t controllen;
    size_t offset; /* of the next header */
};

/* A control buffer that is being filled. Its fields are private. */
struct ancil_writer {
    void *buf;
    size_t size;
    size_t len; /* bytes written */
};

ANCIL_CONST size_t ancil_cmsg_align(size_t n) ANCIL_NOTHROW;
ANCIL_CONST size_t ancil_cmsg_len(size_t n) ANCIL_NOTHROW;
ANCIL_CONST size_t ancil_cmsg_space(size_t n) ANCIL_NOTHROW;
ANCIL_CONST size_t ancil_cmsg_next(size_t offset, size_t cmsg_len, size_t controllen) ANCIL_NOTHROW;

void ancil_reader_init(struct ancil_reader *r, const void *control,
                       size_t controllen) ANCIL_NOTHROW;
ANCIL_NODISCARD
int ancil_reader_next(struct ancil_reader *r, struct ancil_message *m) ANCIL_NOTHROW;
ANCIL_NODISCARD
int ancil_find(const void *control, size_t controllen, int level, int type,
               struct ancil_message *m) ANCIL_NOTHROW;

void ancil_writer_init(struct ancil_writer *w, void *buf, size_t size) ANCIL_NOTHROW;
ANCIL_NODISCARD
int ancil_writer_put(struct ancil_writer *w, int level, int type, const void *data,
                     size_t len) ANCIL_NOTHROW;
ANCIL_NODISCARD
int ancil_writer_put_fds(struct ancil_writer *w, const int *fds, size_t n) ANCIL_NOTHROW;
size_t ancil_writer_finish(const struct ancil_writer *w) ANCIL_NOTHROW;

#ifdef __cplusplus
}
#endif

#endif /* ANCIL_INLINE_H */
