#include "example.c"
#include "sockets.h"

/* The hop limit among other messages, and none. */
int main(void)
{
    ANCIL_CONTROL_BUFFER(control, 2 * ANCIL_CMSG_SPACE(sizeof (int)));
    struct ancil_writer w;
    struct msghdr msg;

    memset(&msg, 0, sizeof msg);
    CHECK(hop_limit(&msg) == -1);
    ancil_writer_init(&w, control.data, sizeof control.data);
    ancil_writer_put_int(&w, ANCIL_SOL_IPV6, ANCIL_IPV6_TCLASS, 3);
    CHECK(ANCIL_ATTACH(&msg, &w) == 0 && hop_limit(&msg) == -1);
    ancil_writer_put_int(&w, ANCIL_SOL_IPV6, ANCIL_IPV6_HOPLIMIT, 64);
    CHECK(ANCIL_ATTACH(&msg, &w) == 0 && hop_limit(&msg) == 64);
    return 0;
}
