#include "example.c"
#include "sockets.h"

/* A header in a buffer that is large enough, and in one that is not. */
int main(void)
{
    const unsigned char expected[8] = { 0, 0, 5, 2, 0x12, 0x34, 1, 0 };
    unsigned char header[8];

    CHECK(ask_routers(header, sizeof header, 0x1234) == 8);
    CHECK(memcmp(header, expected, sizeof header) == 0);
    CHECK(ask_routers(header, 7, 0x1234) == -ENOBUFS);
    return 0;
}
