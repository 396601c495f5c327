#include "example.c"
#include "sockets.h"

/* The data arrives as three datagrams, each with the mark. */
int main(void)
{
    const int s = udp_to_itself();
    static char data[2500];
    const struct msghdr *msg;
    struct ancil_message m;
    size_t bytes;
    int tos, i, sent;

    enable(s, IPPROTO_IP, IP_RECVTOS);
    sent = send_segments(s, data, sizeof data, 1000);
    if (sent == -EIO || sent == -ENOPROTOOPT)
        SKIP("this kernel cannot cut datagrams");
    CHECK(sent == 0);
    for (i = 0; i < 3; i++) {
        msg = received(s, &bytes);
        CHECK(bytes == (i < 2 ? 1000 : 500));
        CHECK(ancil_find(msg->msg_control, msg->msg_controllen, IPPROTO_IP, IP_TOS, &m) == 1);
        CHECK(ancil_get_int(&m, IPPROTO_IP, IP_TOS, &tos) == 1 && tos == 2);
    }
    CHECK(recv(s, data, sizeof data, MSG_DONTWAIT) == -1 && errno == EAGAIN);
    CHECK(send_segments(-1, data, sizeof data, 1000) == -EBADF);
    return 0;
}
