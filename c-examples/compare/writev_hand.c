/*
 * What ../writev.c does, by hand.
 * SPDX-License-Identifier: MIT OR Apache-2.0 OR CC0-1.0
 */
#include <err.h>
#include <errno.h>
#include <string.h>
#include <sys/uio.h>
#include <unistd.h>

enum { MAX_VECTORS = 1024 }; /* UIO_MAXIOV: one call takes no more */

/* Writes all bytes, and changes the vectors meanwhile. Returns 0, or -1 if a call fails. */
static int writev_all(int fd, struct iovec *iov, size_t n)
{
    while (n > 0) {
        ssize_t done = writev(fd, iov, n < MAX_VECTORS ? (int)n : MAX_VECTORS);

        if (done < 0 && errno == EINTR)
            continue;
        if (done < 0)
            return -1;
        for (; n > 0 && (size_t)done >= iov->iov_len; iov++, n--)
            done -= (ssize_t)iov->iov_len;
        if (n > 0) {
            iov->iov_base = (char *)iov->iov_base + done;
            iov->iov_len -= (size_t)done;
        }
    }
    return 0;
}

int main(void)
{
    char begin[] = "[THIS IS", middle[] = " FROM ", end[] = "WRITEV]\n";
    struct iovec iov[] = { { .iov_base = begin, .iov_len = strlen(begin) },
                           { .iov_base = middle, .iov_len = strlen(middle) },
                           { .iov_base = end, .iov_len = strlen(end) } };

    if (writev_all(STDOUT_FILENO, iov, sizeof iov / sizeof *iov) < 0)
        err(1, "writev");
    return 0;
}
