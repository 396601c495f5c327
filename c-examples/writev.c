/*
 * writev: prints "[THIS IS FROM WRITEV]" from three buffers with one system call. If the call
 * writes only a part, as to a pipe that is almost full, the program goes on with the rest.
 * SPDX-License-Identifier: MIT OR Apache-2.0 OR CC0-1.0
 */
#include <ancil.h>

#include <err.h>
#include <errno.h>
#include <stdint.h>
#include <string.h>
#include <sys/uio.h>
#include <unistd.h>

enum { MAX_VECTORS = 1024 }; /* UIO_MAXIOV: one call takes no more */

/* Writes all bytes, and changes the vectors meanwhile. Returns 0, or -1 if a call fails. */
static int writev_all(int fd, struct iovec *iov, size_t n)
{
    while (ancil_iov_size(iov, n) > 0) {
        ssize_t done = writev(fd, iov, (int)ancil_iov_batch(iov, n, MAX_VECTORS, SIZE_MAX));

        if (done > 0)
            ancil_iov_advance(&iov, &n, (size_t)done);
        else if (done == 0 || errno != EINTR)
            return -1;
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
