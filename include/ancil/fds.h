/*
 * ancil/fds.h: takes the descriptors out of a control buffer that was received, and closes those
 * that nobody took.
 * SPDX-License-Identifier: MIT OR Apache-2.0
 *
 * It needs ancil/inline.h beside it, and nothing else: its functions are all inline. Any project
 * may copy the two files.
 *
 *   n = ancil_take_fds(msg.msg_control, msg.msg_controllen, fds, 4);
 *   ancil_close_fds(msg.msg_control, msg.msg_controllen, close);
 */
#ifndef ANCIL_FDS_H
#define ANCIL_FDS_H

#include "inline.h"

#ifdef __cplusplus
extern "C" {
#endif

/*
 * Calls the caller's function, which must not touch the buffer. In C++ it may throw: so does
 * close(2) if the thread is cancelled (pthread_cancel).
 */
ANCIL_INLINE void ancil_close_(int (*close)(int), int fd)
{
    close(fd);
}

/*
 * Visits the descriptors in SCM_RIGHTS and SCM_PIDFD, or in the messages of one of these types if
 * @type is not 0. The first @n are moved to @fds; the others are closed if @close is not NULL.
 * Those become -1 in the buffer, and -1 is passed over. Returns how many there were, or a status.
 */
ANCIL_INLINE ptrdiff_t ancil_visit_fds_(void *control, size_t controllen, int type, int *fds,
                                       size_t n, int (*close)(int))
{
    unsigned char *const start = ANCIL_CAST_(unsigned char *, control);
    struct ancil_reader r;
    struct ancil_message m;
    ptrdiff_t found = 0;

    ancil_reader_init(&r, control, controllen);
    /*@ loop invariant walk: ancil_reader_ok(&r) && r.left <= controllen;
      @ loop invariant place: r.left > 0 ==> control != \null && controllen <= ANCIL_LONGEST
      @   && r.next == start + (controllen - r.left);
      @ loop invariant count: 0 <= found <= controllen - r.left;
      @ loop invariant taken: n <= \at(n, Pre) && fds == \at(fds, Pre) + (\at(n, Pre) - n);
      @ loop assigns r, m, found, n, fds, start[0 .. controllen - 1],
      @   \at(fds, Pre)[0 .. \at(n, Pre) - 1];
      @ loop variant r.left; */
    ANCIL_FOR_EACH(&m, &r) {
        ptrdiff_t at = ANCIL_CAST_(const unsigned char *, m.data) - start;

        if (m.level != ANCIL_SOL_SOCKET || (type != 0 && m.type != type)
            || (m.type != ANCIL_SCM_RIGHTS && m.type != ANCIL_SCM_PIDFD))
            continue;
        /*@ loop invariant place: control != \null && 0 <= at
          @   && at + m.len <= controllen <= ANCIL_LONGEST;
          @ loop invariant count: 0 <= found <= controllen - r.left;
          @ loop invariant rest: found + m.len <= controllen - r.left;
          @ loop invariant taken: n <= \at(n, Pre) && fds == \at(fds, Pre) + (\at(n, Pre) - n);
          @ loop assigns m.len, at, found, n, fds, start[0 .. controllen - 1],
          @   \at(fds, Pre)[0 .. \at(n, Pre) - 1];
          @ loop variant m.len; */
        for (; m.len >= 4; m.len -= 4, at += 4) { /* sizeof (int) */
            const int fd = ancil_load_int_(start + at);

            if (fd == -1)
                continue;
            if (n > 0) {
                *fds++ = fd;
                n--;
                ancil_store_int_(start + at, -1);
            } else if (close) {
                ancil_store_int_(start + at, -1); /* first: close may not return */
                if (fd >= 0)
                    ancil_close_(close, fd);
            }
            found++;
        }
    }
    return r.status ? r.status : found;
}

/* Moves the one descriptor in messages of a type to *fd, if it is the only one. */
ANCIL_INLINE int ancil_take_only_(void *control, size_t controllen, int type, int *fd) ANCIL_NOTHROW
{
    const ptrdiff_t found = ancil_visit_fds_(control, controllen, type, NULL, 0, NULL);

    if (!fd)
        return -ANCIL_ERROR_EINVAL;
    if (found < 0)
        return ANCIL_CAST_(int, found);
    if (found != 1)
        return found == 0 ? -ANCIL_ERROR_ENOMSG : -ANCIL_ERROR_EMSGSIZE;
    if (ancil_visit_fds_(control, controllen, type, fd, 1, NULL) != 1)
        return -ANCIL_ERROR_ENOMSG;
    return *fd < 0 ? *fd : 0;
}

/*
 * Moves up to @n descriptors of SCM_RIGHTS from a received control buffer to @fds: they are yours
 * to close, and are replaced by -1 in the buffer. Returns how many were moved. If more arrived,
 * they are left for another call, or for ancil_close_fds, whose result tells. If @fds is NULL,
 * nothing is moved, and the result is how many there are. If the result is negative, it is a status
 * of ancil_reader_status, and nothing was moved.
 */
ANCIL_NODISCARD ANCIL_INLINE ptrdiff_t ancil_take_fds(void *control, size_t controllen, int *fds,
                                                      size_t n) ANCIL_NOTHROW
{
    const int type = ANCIL_SCM_RIGHTS;
    ptrdiff_t moved = ancil_visit_fds_(control, controllen, type, NULL, 0, NULL);

    if (moved <= 0 || !fds)
        return moved;
    if (ANCIL_CAST_(size_t, moved) > n)
        moved = ANCIL_CAST_(ptrdiff_t, n);
    ancil_visit_fds_(control, controllen, type, fds, ANCIL_CAST_(size_t, moved), NULL);
    return moved;
}

/*
 * Moves the descriptor of SCM_RIGHTS to *fd, if there is exactly one. Returns 0; -ENOMSG if there
 * is none; -EMSGSIZE if there are more; or a status of ancil_reader_status. Unless it is 0, nothing
 * was moved: call ancil_close_fds. If the kernel put a negative errno in the place of the
 * descriptor, that is moved to *fd, and returned.
 */
ANCIL_NODISCARD ANCIL_INLINE int ancil_take_fd(void *control, size_t controllen,
                                               int *fd) ANCIL_NOTHROW
{
    return ancil_take_only_(control, controllen, ANCIL_SCM_RIGHTS, fd);
}

/*
 * Moves the descriptor of SCM_PIDFD to *pidfd. Returns what ancil_take_fd does: a negative errno of
 * the kernel if the sender has ended.
 */
ANCIL_NODISCARD ANCIL_INLINE int ancil_take_pidfd(void *control, size_t controllen,
                                                  int *pidfd) ANCIL_NOTHROW
{
    return ancil_take_only_(control, controllen, ANCIL_SCM_PIDFD, pidfd);
}

/*
 * Closes every descriptor in SCM_RIGHTS and SCM_PIDFD that nobody took, also after MSG_CTRUNC.
 * @close is close(2), or a function of yours. Returns how many there were, or a status of
 * ancil_reader_status: what precedes a bad header is closed. A second call finds none.
 */
ANCIL_INLINE ptrdiff_t ancil_close_fds(void *control, size_t controllen, int (*close)(int))
{
    return close ? ancil_visit_fds_(control, controllen, 0, NULL, 0, close) : -ANCIL_ERROR_EINVAL;
}

#ifdef __cplusplus
}
#endif

#endif /* ANCIL_FDS_H */
