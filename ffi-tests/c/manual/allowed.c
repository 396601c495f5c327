#include "example.c"
#include "sockets.h"

/* Marks need a capability, and a type of service does not. */
int main(void)
{
    ANCIL_CONTROL_BUFFER(control, ANCIL_CMSG_SPACE(sizeof (int)));
    struct ancil_writer w;

    ancil_writer_init(&w, control.data, sizeof control.data);
    CHECK(ancil_writer_put_int(&w, ANCIL_SOL_IP, ANCIL_IP_TOS, 2) == 0);
    CHECK(allowed(control.data, ancil_writer_finish(&w)) == 1);
    CHECK(allowed(NULL, 0) == 1);
    ancil_writer_init(&w, control.data, sizeof control.data);
    CHECK(ancil_writer_put_int(&w, ANCIL_SOL_SOCKET, ANCIL_SO_MARK, 1) == 0);
    CHECK(allowed(control.data, ancil_writer_finish(&w)) == 0);
    return 0;
}
