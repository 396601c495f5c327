#include "example.c"
#include "sockets.h"

/* The buffer of the page: the last message is one byte shorter than its header says. */
int main(void)
{
    ANCIL_CONTROL_BUFFER(control, 256);
    static const int fds[2] = { 0, 1 };
    struct ancil_writer w;

    ancil_writer_init(&w, control.data, sizeof control.data);
    ancil_writer_put_fds(&w, fds, 2);
    ancil_writer_put_int(&w, ANCIL_SOL_IP, ANCIL_IP_TTL, 64);
    ancil_writer_put(&w, ANCIL_SOL_IP, ANCIL_IP_TOS, fds, sizeof fds);
    CHECK(ancil_writer_status(&w) == 0);
    list(control.data, ancil_writer_finish(&w) - 1);
    return 0;
}
