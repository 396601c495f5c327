#include "example.c"
#include "sockets.h"

/* A header that is divided, and one that is not whole. */
int main(void)
{
    char a[] = "he", b[] = "ader", header[6];
    struct iovec iov[] = { { a, 2 }, { b, 4 } };

    CHECK(read_header(iov, 2, header, 6) == 1 && memcmp(header, "header", 6) == 0);
    CHECK(read_header(iov, 2, header, 7) == 0);
    CHECK(read_header(iov, 0, header, 0) == 1);
    return 0;
}
