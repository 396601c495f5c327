#include "example.c"
#include "sockets.h"

enum { VECTORS = 3000 };

/* More vectors than one call takes, some of them empty, arrive in their order. */
int main(void)
{
    static struct iovec iov[VECTORS];
    static unsigned char out[VECTORS], in[VECTORS];
    size_t n = 0, got = 0;
    ssize_t now;
    int ends[2];

    for (size_t i = 0; i < VECTORS; i++) {
        out[n] = (unsigned char)(i % 251);
        iov[i].iov_base = &out[n];
        iov[i].iov_len = i % 3 != 0;
        n += i % 3 != 0;
    }
    CHECK(pipe(ends) == 0);
    CHECK(write_all(ends[1], iov, VECTORS) == 0 && close(ends[1]) == 0);
    while ((now = read(ends[0], in + got, sizeof in - got)) > 0)
        got += (size_t)now;
    CHECK(now == 0 && got == n && memcmp(in, out, n) == 0);
    CHECK(write_all(-1, NULL, 0) == 0);
    iov[0].iov_base = in;
    iov[0].iov_len = 1;
    CHECK(write_all(-1, iov, 1) == -1 && errno == EBADF);
    return 0;
}
