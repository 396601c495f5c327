#include "example.c"
#include "sockets.h"

/* An IP_TTL of a 32-bit program becomes that of a 64-bit one. */
int main(void)
{
    static const ancil_u32 narrow[] = { 16, 0, ANCIL_IP_TTL, 64 };
    const ancil_u64 cmsg_len = 20;
    unsigned char expected[24];
    size_t len = 0;
    void *wide;

    memset(expected, 0, sizeof expected);
    memcpy(expected, &cmsg_len, 8);
    memcpy(expected + 8, narrow + 1, 12);
    wide = widened(narrow, sizeof narrow, &len);
    CHECK(wide && len == sizeof expected && memcmp(wide, expected, len) == 0);
    free(wide);
    CHECK(widened(narrow, sizeof narrow - 1, &len) == NULL && errno == EINVAL);
    wide = widened(NULL, 0, &len);
    CHECK(wide && len == 0);
    free(wide);
    return 0;
}
