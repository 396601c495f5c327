#include "example.c"
#include "sockets.h"

/* The values of a datagram among other messages, and a malformed buffer. */
int main(void)
{
    static unsigned char bad[64];
    const int s = udp_to_itself(), sent_ttl = 7, sent_tos = 0x48;
    struct msghdr malformed;
    unsigned char tos = 1;
    int ttl = -1;
    size_t bytes;

    enable(s, SOL_SOCKET, SO_TIMESTAMP);
    enable(s, IPPROTO_IP, IP_RECVTTL);
    enable(s, IPPROTO_IP, IP_RECVTOS);
    CHECK(setsockopt(s, IPPROTO_IP, IP_TTL, &sent_ttl, sizeof sent_ttl) == 0);
    CHECK(setsockopt(s, IPPROTO_IP, IP_TOS, &sent_tos, sizeof sent_tos) == 0);
    CHECK(send(s, "x", 1, 0) == 1);
    CHECK(how_it_arrived(received(s, &bytes), &ttl, &tos) == 0);
    CHECK(ttl == sent_ttl && tos == sent_tos);

    memset(&malformed, 0, sizeof malformed);
    malformed.msg_control = bad;
    malformed.msg_controllen = sizeof bad;
    CHECK(how_it_arrived(&malformed, &ttl, &tos) == -EBADMSG);
    malformed.msg_controllen = 0;
    CHECK(how_it_arrived(&malformed, &ttl, &tos) == 0);
    CHECK(ttl == sent_ttl && tos == sent_tos);
    return 0;
}
