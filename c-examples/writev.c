/*
 * writev: prints three buffers with one system call, "[THIS IS FROM WRITEV]". Where that writes only a part, as to a
 * pipe that is full, it goes on with the rest. Public domain.
 */
#include <ancil.h>

#include <errno.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

enum { MOST = 1024 }; /* UIO_MAXIOV: what one call takes */

/* Writes all of it, and changes the vectors meanwhile. -1 with errno if it cannot. */
static int writev_all(int fd, struct iovec *iov, size_t n)
{
    while (ancil_iov_size(iov, n) > 0) {
        ssize_t done = writev(fd, iov, (int)ancil_iov_batch(iov, n, MOST, SIZE_MAX));

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
    struct iovec iov[] = {
        { .iov_base = begin, .iov_len = strlen(begin) },
        { .iov_base = middle, .iov_len = strlen(middle) },
        { .iov_base = end, .iov_len = strlen(end) },
    };

    if (writev_all(STDOUT_FILENO, iov, sizeof iov / sizeof *iov) < 0)
        return perror("writev"), 1;
    return 0;
}
