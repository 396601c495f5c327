#include "example.c"
#include "sockets.h"

/* Both values arrive. */
int main(void)
{
    const int s = udp_to_itself();
    char byte = 0;
    struct iovec iov = { &byte, 1 };
    struct msghdr msg;
    const struct msghdr *got;
    struct ancil_reader r;
    struct ancil_message m;
    size_t bytes;
    int ttl = 0, tos = 0;

    enable(s, IPPROTO_IP, IP_RECVTTL);
    enable(s, IPPROTO_IP, IP_RECVTOS);
    memset(&msg, 0, sizeof msg);
    msg.msg_iov = &iov;
    msg.msg_iovlen = 1;
    CHECK(send_marked(s, &msg, 9, 0x68) == 0);
    got = received(s, &bytes);
    ancil_reader_init(&r, got->msg_control, got->msg_controllen);
    ANCIL_FOR_EACH(&m, &r) {
        CHECK(ancil_get_int(&m, IPPROTO_IP, IP_TTL, &ttl) >= 0);
        CHECK(ancil_get_int(&m, IPPROTO_IP, IP_TOS, &tos) >= 0);
    }
    CHECK(bytes == 1 && ttl == 9 && tos == 0x68);
    CHECK(send_marked(s, &msg, 300, 0) == -EINVAL);
    return 0;
}
