#include "example.c"
#include "sockets.h"

/* A message arrives after it is switched on, but not before; there is no option for SCM_RIGHTS. */
int main(void)
{
    const int s = udp_to_itself();
    const struct msghdr *msg;
    struct ancil_message m;
    size_t bytes;
    int i;

    for (i = 0; i < 2; i++) {
        CHECK(send(s, "x", 1, 0) == 1);
        msg = received(s, &bytes);
        CHECK(ancil_find(msg->msg_control, msg->msg_controllen, IPPROTO_IP, IP_PKTINFO, &m) == i);
        CHECK(switch_on(s, ANCIL_SOL_IP, ANCIL_IP_PKTINFO) == 0);
    }
    CHECK(switch_on(s, ANCIL_SOL_SOCKET, ANCIL_SCM_RIGHTS) == 0);
    CHECK(switch_on(-1, ANCIL_SOL_IP, ANCIL_IP_PKTINFO) == -EBADF);
    return 0;
}
