#include "example.c"
#include "sockets.h"
#include <poll.h>

/* Nobody has the port, and then the queue is empty. */
int main(void)
{
    struct sockaddr_in addr = loopback(1);
    const int s = udp_to_itself(), taken = udp_at(&addr);
    struct pollfd error = { .fd = s };
    ancil_u32 mtu = 1;

    enable(s, IPPROTO_IP, IP_RECVERR);
    CHECK(connect(s, (struct sockaddr *)&addr, sizeof addr) == 0 && close(taken) == 0);
    CHECK(next_error(s, &mtu) == -EAGAIN && mtu == 1);
    CHECK(send(s, "x", 1, 0) == 1 && poll(&error, 1, 10000) == 1);
    CHECK(next_error(s, &mtu) == -ECONNREFUSED && mtu == 0);
    CHECK(next_error(s, &mtu) == -EAGAIN);
    return 0;
}
