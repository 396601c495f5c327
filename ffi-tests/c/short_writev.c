/* Replaces writev: the first call is interrupted, each other call writes at most three bytes. */
#include <errno.h>
#include <sys/uio.h>
#include <unistd.h>

ssize_t short_writev(int fd, const struct iovec *iov, int n);

ssize_t short_writev(int fd, const struct iovec *iov, int n)
{
    static int calls;

    if (calls++ == 0)
        return errno = EINTR, -1;
    while (n > 0 && iov->iov_len == 0)
        iov++, n--;
    return n > 0 ? write(fd, iov->iov_base, iov->iov_len < 3 ? iov->iov_len : 3) : 0;
}
