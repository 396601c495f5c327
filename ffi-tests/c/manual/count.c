#include "example.c"
#include "sockets.h"

/* Three messages, of which the last is cut at every place; and a buffer of zeros. */
int main(void)
{
    static const unsigned char zeros[64];
    unsigned char control[256];
    struct ancil_writer w;
    size_t len, cut;

    ancil_writer_init(&w, control, sizeof control);
    for (int i = 0; i < 3; i++)
        CHECK(ancil_writer_put(&w, 0, 0, &i, (size_t)i) == 0);
    len = ancil_writer_finish(&w);
    CHECK(count(control, len) == 3);
    for (cut = 1; cut <= len; cut++)
        CHECK(count(control, len - cut) <= 3);
    CHECK(count(control, ANCIL_CMSG_LEN(0)) == 1 && count(control, ANCIL_CMSG_LEN(0) - 1) == 0);
    CHECK(count(zeros, sizeof zeros) == 1);
    return 0;
}
