#include "example.c"
#include "sockets.h"

/* The kernel refuses what the function explains, and accepts what it is silent about. */
int main(void)
{
    ANCIL_CONTROL_BUFFER(control, ANCIL_CMSG_SPACE(sizeof (int)));
    const int s = udp_to_itself();
    char byte = 0;
    struct iovec iov = { &byte, 1 };
    struct msghdr msg;
    int ttl;

    for (ttl = 0; ttl < 2; ttl++) {
        struct ancil_writer w;

        memset(&msg, 0, sizeof msg);
        msg.msg_iov = &iov;
        msg.msg_iovlen = 1;
        ancil_writer_init(&w, control.data, sizeof control.data);
        ancil_writer_put_int(&w, ANCIL_SOL_IP, ANCIL_IP_TTL, ttl);
        CHECK(ANCIL_ATTACH(&msg, &w) == 0);
        CHECK(sendmsg(s, &msg, 0) == (ttl ? 1 : -1) && (ttl || errno == EINVAL));
        explain(s, &msg);
    }
    return 0;
}
