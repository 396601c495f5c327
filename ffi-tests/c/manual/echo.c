#include "example.c"
#include "sockets.h"

/* The answer comes from the address that was asked, which is not the first one of the machine. */
int main(void)
{
    struct sockaddr_in any = loopback(1), us = loopback(1), to = loopback(3), from;
    socklen_t len = sizeof from;
    char data[8];
    int server, s;

    any.sin_addr.s_addr = htonl(INADDR_ANY);
    server = udp_at(&any);
    s = udp_at(&us);
    to.sin_port = any.sin_port;
    CHECK(sendto(s, "x", 1, 0, (struct sockaddr *)&to, sizeof to) == 1);
    CHECK(echo(server) == -ENOMSG);
    enable(server, IPPROTO_IP, IP_PKTINFO);
    CHECK(sendto(s, "hello", 5, 0, (struct sockaddr *)&to, sizeof to) == 5);
    CHECK(echo(server) == 0);
    CHECK(recvfrom(s, data, sizeof data, 0, (struct sockaddr *)&from, &len) == 5);
    CHECK(memcmp(data, "hello", 5) == 0 && from.sin_addr.s_addr == to.sin_addr.s_addr);
    CHECK(echo(-1) == -EBADF);
    return 0;
}
