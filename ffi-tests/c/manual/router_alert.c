#include "example.c"
#include "sockets.h"

/* A header with the option, a header without, one that is cut off, and none. */
int main(void)
{
    const unsigned char header[8] = { 0, 0, 5, 2, 0x12, 0x34, 1, 0 };
    unsigned char other[8];
    ANCIL_CONTROL_BUFFER(control, ANCIL_CMSG_SPACE(sizeof header));
    struct ancil_writer w;

    memcpy(other, header, sizeof other);
    other[2] = 7;
    CHECK(router_alert(NULL, 0) == -1);
    ancil_writer_init(&w, control.data, sizeof control.data);
    CHECK(ancil_writer_put(&w, IPPROTO_IPV6, ANCIL_IPV6_HOPOPTS, header, sizeof header) == 0);
    CHECK(router_alert(control.data, ancil_writer_finish(&w)) == 0x1234);
    ancil_writer_init(&w, control.data, sizeof control.data);
    CHECK(ancil_writer_put(&w, IPPROTO_IPV6, ANCIL_IPV6_HOPOPTS, other, sizeof other) == 0);
    CHECK(router_alert(control.data, ancil_writer_finish(&w)) == -1);
    ancil_writer_init(&w, control.data, sizeof control.data);
    CHECK(ancil_writer_put(&w, IPPROTO_IPV6, ANCIL_IPV6_HOPOPTS, header, 7) == 0);
    CHECK(router_alert(control.data, ancil_writer_finish(&w)) == -1);
    return 0;
}
