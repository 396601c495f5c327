#include "example.c"
#include "sockets.h"

/* Bytes in several elements, among them an empty one. */
int main(void)
{
    unsigned char a[] = { 1, 2, 3 }, b[] = { 200, 100 };
    struct iovec iov[] = { { a, sizeof a }, { NULL, 0 }, { b, sizeof b } };

    CHECK(sum(iov, 3) == 306 && sum(iov, 1) == 6 && sum(iov, 0) == 0);
    return 0;
}
