#include "example.c"
#include "sockets.h"

/* The time to live of a datagram among other messages, and none. */
int main(void)
{
    const int s = udp_to_itself(), ttl = 7;
    size_t bytes;

    enable(s, SOL_SOCKET, SO_TIMESTAMP);
    enable(s, IPPROTO_IP, IP_RECVTOS);
    CHECK(send(s, "x", 1, 0) == 1 && time_to_live(received(s, &bytes)) == -1);
    enable(s, IPPROTO_IP, IP_RECVTTL);
    CHECK(setsockopt(s, IPPROTO_IP, IP_TTL, &ttl, sizeof ttl) == 0);
    CHECK(send(s, "x", 1, 0) == 1 && time_to_live(received(s, &bytes)) == ttl);
    return 0;
}
