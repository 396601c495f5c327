#include "example.c"
#include "sockets.h"

/* Writes messages of these types, with their place as payload. Returns their length. */
static size_t messages(void *buf, size_t size, const int *types, int n)
{
    struct ancil_writer w;

    ancil_writer_init(&w, buf, size);
    for (int i = 0; i < n; i++)
        ancil_writer_put(&w, 1, types[i], &types[i], sizeof *types);
    CHECK(ancil_writer_status(&w) == 0);
    return ancil_writer_finish(&w);
}

/* Messages are left out, a copy may be too long, and the last message may be cut off. */
int main(void)
{
    static const int all[] = { 5, 6, 5, 7 }, rest[] = { 6, 7 };
    unsigned char from[256], to[256], expected[256];
    const size_t len = messages(from, sizeof from, all, 4);
    const size_t left = messages(expected, sizeof expected, rest, 2);
    const size_t padding = ANCIL_CMSG_SPACE(sizeof *all) - ANCIL_CMSG_LEN(sizeof *all);

    CHECK(without(1, 5, to, sizeof to, from, len) == (ptrdiff_t)left);
    CHECK(memcmp(to, expected, left) == 0);
    CHECK(without(1, 5, to, left, from, len) == (ptrdiff_t)left);
    CHECK(without(1, 5, to, left - 1, from, len) == -ENOBUFS);
    CHECK(without(2, 5, to, sizeof to, from, len) == (ptrdiff_t)len);
    CHECK(without(1, 5, to, sizeof to, from, len - padding - 1) == -EBADMSG);
    CHECK(without(1, 5, to, sizeof to, NULL, 0) == 0);
    return 0;
}
