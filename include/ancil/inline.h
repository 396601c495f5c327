/*
 * ancil/inline.h, version 0.1.0: reads and writes the control messages of a socket (cmsg(3)) in
 * your own buffers, and checks every length.
 * SPDX-License-Identifier: MIT OR Apache-2.0
 *
 * This file is all there is: it needs no library, no link flag and no header but <stddef.h>, and
 * any project may copy it. C89 to C23, C++98 to C++23, hosted or freestanding.
 *
 *   struct ancil_reader r;                             struct ancil_writer w;
 *   struct ancil_message m;                            ancil_writer_init(&w, buf, sizeof buf);
 *   ancil_reader_init(&r, msg.msg_control,             ancil_writer_put_fds(&w, fds, 2);
 *                     msg.msg_controllen);             if (ANCIL_ATTACH(&msg, &w) == 0)
 *   ANCIL_FOR_EACH(&m, &r)                                 n = sendmsg(sock, &msg, MSG_NOSIGNAL);
 *       if (m.level == SOL_SOCKET) ...
 *
 * The contract of every function:
 * - A pointer with a length is valid for that many bytes or elements, which may hold anything and,
 *   if they are bytes, be aligned in any way. Or it is NULL, and the length counts as 0.
 * - A status is 0 or a negative errno. Any length is fine: what does not fit or makes no sense is
 *   an error, and changes nothing.
 * - Nothing allocates, keeps state or sets errno, so everything is reentrant and may be called in
 *   signal handlers.
 *
 * <ancil.h> includes this file, and libancil exports the same functions, for other languages and
 * for pointers to functions. If you define ANCIL_NO_INLINE, they are only declared here, and calls
 * go to the library.
 */
#ifdef ANCIL_INLINE_H
#if ANCIL_INLINE_H != 100
#error "This is ancil/inline.h 0.1.0, and another version of it was included before."
#endif
#else
#define ANCIL_INLINE_H 100 /* the version: 0.1.0 */

#include <stddef.h>

/* Marks a result that must not be ignored. To switch that off, define it as nothing before. */
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

#ifdef __GNUC__
#define ANCIL_CONST __attribute__((__const__)) /* reads no memory */
#else
#define ANCIL_CONST
#endif

#ifdef __cplusplus
#define ANCIL_CAST_(type, x) static_cast<type>(x)
#if __cplusplus >= 201103L
#define ANCIL_NOTHROW noexcept
#else
#define ANCIL_NOTHROW throw()
#endif
#else
#define ANCIL_CAST_(type, x) ((type)(x))
#define ANCIL_NOTHROW
#endif

/*
 * gcc and clang inline every call, at any level of optimisation, and leave no function in the
 * object: a pointer to a function is a pointer to libancil's. Other compilers get static functions.
 */
#ifdef __GNUC__
#define ANCIL_INLINE extern __inline __attribute__((__gnu_inline__, __always_inline__))
#define ANCIL_COPY_(to, from, n) ANCIL_CAST_(void, __builtin_memcpy(to, from, n))
#define ANCIL_AS_(like, x) ANCIL_CAST_(__typeof__(like), x)
#else
#define ANCIL_INLINE static
#define ANCIL_COPY_(to, from, n) ancil_copy_(to, from, n)
#define ANCIL_AS_(like, x) (x)
#endif
#if defined __GNUC__ || defined ANCIL_NO_INLINE
#define ANCIL_API extern
#else
#define ANCIL_API static
#endif

#define ANCIL_WORD sizeof (size_t) /* the alignment of messages */
#define ANCIL_HEADER (ANCIL_WORD + 8) /* sizeof (struct cmsghdr) */

/*
 * CMSG_ALIGN, CMSG_LEN and CMSG_SPACE for array bounds: constant expressions, which wrap around
 * near SIZE_MAX. Use the functions below for a length that is not your own.
 */
#define ANCIL_CMSG_ALIGN(n) ((ANCIL_CAST_(size_t, n) + ANCIL_WORD - 1) / ANCIL_WORD * ANCIL_WORD)
#define ANCIL_CMSG_LEN(n) (ANCIL_HEADER + ANCIL_CAST_(size_t, n))
#define ANCIL_CMSG_SPACE(n) (ANCIL_HEADER + ANCIL_CMSG_ALIGN(n))

/* Declares a union whose member @data has so many bytes, aligned as a control buffer should be. */
#define ANCIL_CONTROL_BUFFER(name, bytes) union { size_t align; unsigned char data[bytes]; } name

/* What ancil_cmsg_next returns if no header follows. */
#define ANCIL_CMSG_END ANCIL_CAST_(size_t, -1)

/* Runs the statement that follows for each message. After it, ask for ancil_reader_status. */
#define ANCIL_FOR_EACH(message, reader) while (ancil_reader_next((reader), (message)) > 0)

/*
 * Sets msg_control and msg_controllen to what was written, and returns ancil_writer_status. After
 * an error they are set to NULL and 0, so that no part of the messages is sent. The arguments are
 * evaluated more than once.
 */
#define ANCIL_ATTACH(msg, writer) \
    ((msg)->msg_control = ancil_writer_status(writer) ? NULL : (writer)->buf, \
     (msg)->msg_controllen = ANCIL_AS_((msg)->msg_controllen, \
         ancil_writer_status(writer) ? 0 : ancil_writer_finish(writer)), \
     ancil_writer_status(writer))

#define ANCIL_LONGEST (ANCIL_CAST_(size_t, -1) / 2) /* no buffer is longer: PTRDIFF_MAX */

#if defined __alpha__ || defined __hppa__
#error "ancil does not know the numbers of errors and of SOL_SOCKET on alpha and hppa."
#endif
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

/* One control message. @data points into the control buffer and may be unaligned: use memcpy. */
struct ancil_message {
    int level;        /* cmsg_level */
    int type;         /* cmsg_type */
    const void *data; /* the payload */
    size_t len;       /* bytes of payload */
};

/* A walk over a control buffer. Its fields are private, but for @next after -EBADMSG. */
struct ancil_reader {
    const unsigned char *next; /* the next header; after -EBADMSG, the malformed one */
    size_t left;               /* bytes from there to the end: 0, or at least a header */
    int status, spare_int;
    size_t spare[2];
};
/*@ predicate ancil_reader_ok(struct ancil_reader *r) = r->left <= ANCIL_LONGEST
  @   && (r->left > 0 ==> r->left >= ANCIL_HEADER && \valid_read(r->next + (0 .. r->left - 1)))
  @   && r->status \in { 0, -ANCIL_ERROR_EBADMSG, -ANCIL_ERROR_EINVAL }; */

/* A control buffer that is being filled. Its fields are private. */
struct ancil_writer {
    unsigned char *buf;
    size_t size; /* a multiple of a word */
    size_t len;  /* bytes written, likewise */
    int status, spare_int;
    size_t spare[2];
};

/* CMSG_ALIGN: @n rounded up to a whole number of words, or SIZE_MAX if that is too large. */
ANCIL_API ANCIL_CONST size_t ancil_cmsg_align(size_t n) ANCIL_NOTHROW;

/* CMSG_LEN: the cmsg_len of a message with @n bytes of payload, or SIZE_MAX. */
ANCIL_API ANCIL_CONST size_t ancil_cmsg_len(size_t n) ANCIL_NOTHROW;

/* CMSG_SPACE: the bytes that this message takes with its padding, or SIZE_MAX. */
ANCIL_API ANCIL_CONST size_t ancil_cmsg_space(size_t n) ANCIL_NOTHROW;

/*
 * CMSG_NXTHDR: the offset of the header that follows a message of @cmsg_len bytes at @offset, or
 * ANCIL_CMSG_END if no whole header follows in the @controllen bytes. Right for any numbers.
 */
ANCIL_API ANCIL_CONST size_t ancil_cmsg_next(size_t offset, size_t cmsg_len,
                                             size_t controllen) ANCIL_NOTHROW;

/* Starts a walk over msg_control and msg_controllen as recvmsg left them. */
ANCIL_API void ancil_reader_init(struct ancil_reader *r, const void *control,
                                 size_t controllen) ANCIL_NOTHROW;

/*
 * Returns 1 and sets *m to the next message; 0 at the end; or -EBADMSG if a cmsg_len is less than a
 * header or reaches past the end, and then 0. If it is not 1, *m does not change.
 */
ANCIL_NODISCARD ANCIL_API int ancil_reader_next(struct ancil_reader *r,
                                                struct ancil_message *m) ANCIL_NOTHROW;

/* Returns 0, -EBADMSG once ancil_reader_next did, or -EINVAL if controllen is absurd. */
ANCIL_NODISCARD ANCIL_API int ancil_reader_status(const struct ancil_reader *r) ANCIL_NOTHROW;

/*
 * Returns 1 and sets *m to the first message of this level and type; 0 if there is none; or a
 * status of ancil_reader_status if something is wrong before it.
 */
ANCIL_NODISCARD ANCIL_API int ancil_find(const void *control, size_t controllen, int level,
                                         int type, struct ancil_message *m) ANCIL_NOTHROW;

/* Starts to write into @size bytes at @buf, which need not be initialised. */
ANCIL_API void ancil_writer_init(struct ancil_writer *w, void *buf, size_t size) ANCIL_NOTHROW;

/*
 * Appends a message with @len bytes of payload, and zeroes its padding. Returns 0; -ENOBUFS if it
 * does not fit; or -EINVAL if @data is NULL and @len is not 0. After an error, nothing more is
 * written, and each call returns that error: look at the last one, or at ANCIL_ATTACH.
 */
ANCIL_API int ancil_writer_put(struct ancil_writer *w, int level, int type, const void *data,
                               size_t len) ANCIL_NOTHROW;

/* Appends SCM_RIGHTS with @n descriptors. Returns what ancil_writer_put does. */
ANCIL_API int ancil_writer_put_fds(struct ancil_writer *w, const int *fds, size_t n) ANCIL_NOTHROW;

/* Returns 0 if everything was written, or the first error. */
ANCIL_NODISCARD ANCIL_API int ancil_writer_status(const struct ancil_writer *w) ANCIL_NOTHROW;

/* Returns the bytes written, whatever the status: the exact msg_controllen. */
ANCIL_API size_t ancil_writer_finish(const struct ancil_writer *w) ANCIL_NOTHROW;

/* ==== The definitions ==== */

#ifndef __GNUC__
ANCIL_INLINE void ancil_copy_(void *to, const void *from, size_t n)
{
    while (n-- > 0)
        ((unsigned char *)to)[n] = ((const unsigned char *)from)[n];
}
#endif

/* Fields of headers may be unaligned. */
ANCIL_INLINE size_t ancil_load_size_(const unsigned char *from) ANCIL_NOTHROW
{
    size_t n;

    ANCIL_COPY_(&n, from, sizeof n);
    return n;
}

ANCIL_INLINE int ancil_load_int_(const unsigned char *from) ANCIL_NOTHROW
{
    int n;

    ANCIL_COPY_(&n, from, sizeof n);
    return n;
}

ANCIL_INLINE void ancil_store_size_(unsigned char *to, size_t n) ANCIL_NOTHROW
{
    ANCIL_COPY_(to, &n, sizeof n);
}

ANCIL_INLINE void ancil_store_int_(unsigned char *to, int n) ANCIL_NOTHROW
{
    ANCIL_COPY_(to, &n, sizeof n);
}

#ifndef ANCIL_NO_INLINE

ANCIL_INLINE size_t ancil_cmsg_align(size_t n) ANCIL_NOTHROW
{
    const size_t rest = n % ANCIL_WORD, most = ANCIL_CMSG_END;

    if (rest == 0)
        return n;
    return n > most - ANCIL_WORD ? most : n - rest + ANCIL_WORD;
}

ANCIL_INLINE size_t ancil_cmsg_len(size_t n) ANCIL_NOTHROW
{
    return n > ANCIL_CMSG_END - ANCIL_HEADER ? ANCIL_CMSG_END : n + ANCIL_HEADER;
}

ANCIL_INLINE size_t ancil_cmsg_space(size_t n) ANCIL_NOTHROW
{
    return ancil_cmsg_len(ancil_cmsg_align(n));
}

/*
 * The stepping rule: the bytes from a header to the next one, or all that is left if no whole
 * header follows. Requires ANCIL_HEADER <= cmsg_len <= left.
 */
ANCIL_INLINE size_t ancil_cmsg_step_(size_t cmsg_len, size_t left) ANCIL_NOTHROW
{
    const size_t last = (left - ANCIL_HEADER) / ANCIL_WORD * ANCIL_WORD; /* place of a header */

    return cmsg_len > last ? left : ANCIL_CMSG_ALIGN(cmsg_len);
}

ANCIL_INLINE size_t ancil_cmsg_next(size_t offset, size_t cmsg_len, size_t controllen) ANCIL_NOTHROW
{
    size_t left, step;

    if (cmsg_len < ANCIL_HEADER || offset > controllen || cmsg_len > controllen - offset)
        return ANCIL_CMSG_END;
    left = controllen - offset;
    step = ancil_cmsg_step_(cmsg_len, left);
    return step == left ? ANCIL_CMSG_END : offset + step;
}

ANCIL_INLINE void ancil_reader_init(struct ancil_reader *r, const void *control,
                                    size_t controllen) ANCIL_NOTHROW
{
    const size_t len = control ? controllen : 0;

    if (!r)
        return;
    r->next = ANCIL_CAST_(const unsigned char *, control);
    r->left = len < ANCIL_HEADER || len > ANCIL_LONGEST ? 0 : len;
    r->status = len > ANCIL_LONGEST ? -ANCIL_ERROR_EINVAL : 0;
    r->spare_int = 0;
    r->spare[0] = r->spare[1] = 0;
}

ANCIL_INLINE int ancil_reader_next(struct ancil_reader *r, struct ancil_message *m) ANCIL_NOTHROW
{
    size_t len, step;

    if (!r || !m)
        return -ANCIL_ERROR_EINVAL;
    if (r->left == 0)
        return 0;
    len = ancil_load_size_(r->next);
    if (len < ANCIL_HEADER || len > r->left) {
        r->left = 0;
        return r->status = -ANCIL_ERROR_EBADMSG;
    }
    m->level = ancil_load_int_(r->next + ANCIL_WORD);
    m->type = ancil_load_int_(r->next + ANCIL_WORD + 4);
    m->data = r->next + ANCIL_HEADER;
    m->len = len - ANCIL_HEADER;
    step = ancil_cmsg_step_(len, r->left);
    r->next += step;
    r->left -= step;
    return 1;
}

ANCIL_INLINE int ancil_reader_status(const struct ancil_reader *r) ANCIL_NOTHROW
{
    return r ? r->status : -ANCIL_ERROR_EINVAL;
}

ANCIL_INLINE int ancil_find(const void *control, size_t controllen, int level, int type,
                            struct ancil_message *m) ANCIL_NOTHROW
{
    struct ancil_reader r;
    struct ancil_message next;

    if (!m)
        return -ANCIL_ERROR_EINVAL;
    ancil_reader_init(&r, control, controllen);
    /*@ loop invariant walk: ancil_reader_ok(&r) && r.left <= controllen;
      @ loop invariant place: r.left > 0 ==> control != \null && controllen <= ANCIL_LONGEST
      @   && r.next == (unsigned char *)control + (controllen - r.left);
      @ loop assigns r, next; loop variant r.left; */
    ANCIL_FOR_EACH(&next, &r) {
        if (next.level == level && next.type == type) {
            *m = next;
            return 1;
        }
    }
    return r.status;
}

ANCIL_INLINE void ancil_writer_init(struct ancil_writer *w, void *buf, size_t size) ANCIL_NOTHROW
{
    const size_t len = buf ? size : 0;

    if (!w)
        return;
    w->buf = ANCIL_CAST_(unsigned char *, buf);
    w->size = len > ANCIL_LONGEST ? 0 : len - len % ANCIL_WORD; /* messages are whole words */
    w->len = 0;
    w->status = len > ANCIL_LONGEST ? -ANCIL_ERROR_EINVAL : 0;
    w->spare_int = 0;
    w->spare[0] = w->spare[1] = 0;
}

ANCIL_INLINE int ancil_writer_put(struct ancil_writer *w, int level, int type, const void *data,
                                  size_t len) ANCIL_NOTHROW
{
    unsigned char *to;
    size_t left, padded;

    if (!w)
        return -ANCIL_ERROR_EINVAL;
    if (w->status != 0)
        return w->status;
    if (!data && len != 0)
        return w->status = -ANCIL_ERROR_EINVAL;
    left = w->size - w->len;
    if (w->len > w->size || left < ANCIL_HEADER || len > left - ANCIL_HEADER)
        return w->status = -ANCIL_ERROR_ENOBUFS;
    padded = ANCIL_CMSG_ALIGN(len);
    to = w->buf + w->len;
    /* All padding is in the last word. What follows overwrites the rest of it. */
    ancil_store_size_(to + ANCIL_HEADER + padded - ANCIL_WORD, 0);
    ancil_store_size_(to, ANCIL_HEADER + len);
    ancil_store_int_(to + ANCIL_WORD, level);
    ancil_store_int_(to + ANCIL_WORD + 4, type);
    if (len != 0)
        ANCIL_COPY_(to + ANCIL_HEADER, data, len);
    w->len += ANCIL_HEADER + padded;
    return 0;
}

ANCIL_INLINE int ancil_writer_put_fds(struct ancil_writer *w, const int *fds,
                                      size_t n) ANCIL_NOTHROW
{
    /* A product that would wrap around becomes a length that fits in no buffer. */
    const size_t len = n > ANCIL_LONGEST / sizeof *fds ? ANCIL_LONGEST : n * sizeof *fds;

    return ancil_writer_put(w, ANCIL_SOL_SOCKET, ANCIL_SCM_RIGHTS, fds, len);
}

ANCIL_INLINE int ancil_writer_status(const struct ancil_writer *w) ANCIL_NOTHROW
{
    return w ? w->status : -ANCIL_ERROR_EINVAL;
}

ANCIL_INLINE size_t ancil_writer_finish(const struct ancil_writer *w) ANCIL_NOTHROW
{
    return w ? w->len : 0;
}

#endif /* ANCIL_NO_INLINE */

#ifdef __cplusplus
}
#endif

#endif /* ANCIL_INLINE_H */
