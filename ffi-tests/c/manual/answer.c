#include "example.c"
#include "sockets.h"

/* Returns a UDP socket of IPv6 at @addr, whose port becomes the socket's, that receives it all. */
static int server_at(struct sockaddr_in6 *addr, int v6only)
{
    const int s = socket(AF_INET6, SOCK_DGRAM | SOCK_CLOEXEC, 0);
    socklen_t len = sizeof *addr;

    if (s < 0)
        SKIP("no IPv6");
    CHECK(setsockopt(s, IPPROTO_IPV6, IPV6_V6ONLY, &v6only, sizeof v6only) == 0);
    if (bind(s, (struct sockaddr *)addr, len) < 0)
        SKIP("no address of IPv6");
    CHECK(getsockname(s, (struct sockaddr *)addr, &len) == 0);
    CHECK(prepare(s, AF_INET6) == 0);
    return s;
}

/* Asks @server from @s, and checks that the answer has the traffic class of the question. */
static void ask(int server, int s, const void *to, socklen_t tolen, void *from, socklen_t len)
{
    const struct msghdr *msg;
    struct ancil_arrival arrival;
    char byte;
    size_t n;

    CHECK(sendto(s, "hello", 5, 0, (const struct sockaddr *)to, tolen) == 5);
    CHECK(answer(server) == 0);
    msg = received(s, &n);
    CHECK(n == 5 && ancil_get_arrival(msg->msg_control, msg->msg_controllen, &arrival) == 0);
    CHECK(arrival.has_traffic_class == 1 && arrival.dscp == 46 && arrival.ecn == 1);
    CHECK(sendto(s, "hello", 5, 0, (const struct sockaddr *)to, tolen) == 5);
    CHECK(answer(server) == 0);
    CHECK(recvfrom(s, &byte, 1, 0, (struct sockaddr *)from, &len) == 1 && byte == 'h');
}

/* One server answers peers of both families from the address that each has asked. */
int main(void)
{
    struct sockaddr_in us = loopback(1), to = loopback(3), from;
    struct sockaddr_in6 any, us6, to6, from6;
    const int class = 46 << 2 | 1;
    int server, s, s6;

    memset(&any, 0, sizeof any);
    any.sin6_family = AF_INET6;
    us6 = any;
    us6.sin6_addr = in6addr_loopback;
    s6 = server_at(&us6, 1);
    server = server_at(&any, 0);
    s = udp_at(&us);
    enable(s, IPPROTO_IP, IP_RECVTOS);
    CHECK(setsockopt(s, IPPROTO_IP, IP_TOS, &class, sizeof class) == 0);
    CHECK(setsockopt(s6, IPPROTO_IPV6, IPV6_TCLASS, &class, sizeof class) == 0);

    to.sin_port = any.sin6_port;
    ask(server, s, &to, sizeof to, &from, sizeof from);
    CHECK(from.sin_port == to.sin_port && from.sin_addr.s_addr == to.sin_addr.s_addr);

    to6 = us6;
    to6.sin6_port = any.sin6_port;
    ask(server, s6, &to6, sizeof to6, &from6, sizeof from6);
    CHECK(memcmp(&from6.sin6_addr, &in6addr_loopback, 16) == 0);
    CHECK(prepare(s, AF_INET) == 0);
    CHECK(prepare(-1, AF_INET) == -EBADF && answer(-1) == -EBADF);
    return 0;
}
