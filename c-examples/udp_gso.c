/*
 * udp_gso: sends several datagrams over loopback in one system call, cut by the kernel
 * (UDP_SEGMENT), and receives them in one call, joined by the kernel (UDP_GRO). Needs Linux 5.0.
 * Public domain.
 */
#define _GNU_SOURCE
#include <ancil.h>

#include <err.h>
#include <netinet/in.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>

enum { SEGMENT = 1000, BYTES = 3500 };

static void send_all(int s, char *data)
{
    ANCIL_CONTROL_BUFFER(control, 64);
    struct iovec iov = { .iov_base = data, .iov_len = BYTES };
    struct msghdr msg = { .msg_iov = &iov, .msg_iovlen = 1 };
    struct ancil_writer w;
    ssize_t sent;

    ancil_writer_init(&w, control.data, sizeof control.data);
    ancil_writer_put_udp_segment(&w, SEGMENT);
    if (ANCIL_ATTACH(&msg, &w) < 0)
        errx(1, "the control buffer is too small");
    if ((sent = sendmsg(s, &msg, 0)) < 0)
        err(1, "UDP_SEGMENT");
    printf("sent %zd bytes in datagrams of %d\n", sent, SEGMENT);
}

/* Receives one datagram, or several joined ones. Returns the number of bytes. */
static size_t receive(int s, char *data, size_t size)
{
    ANCIL_CONTROL_BUFFER(control, 64);
    struct iovec iov = { .iov_base = data, .iov_len = size };
    struct msghdr msg = { .msg_iov = &iov, .msg_iovlen = 1 };
    struct ancil_message m;
    ssize_t got;
    int segment;

    msg.msg_control = control.data;
    msg.msg_controllen = sizeof control.data;
    if ((got = recvmsg(s, &msg, 0)) < 0)
        err(1, "recvmsg");
    if (msg.msg_flags & (MSG_TRUNC | MSG_CTRUNC))
        errx(1, "a buffer is too small");
    segment = (int)got; /* a datagram alone comes without UDP_GRO */
    if (ancil_find(control.data, msg.msg_controllen, ANCIL_SOL_UDP, ANCIL_UDP_GRO, &m) > 0)
        ancil_get_int(&m, ANCIL_SOL_UDP, ANCIL_UDP_GRO, &segment);
    printf("received %zd bytes in datagrams of %d\n", got, segment);
    return (size_t)got;
}

int main(void)
{
    struct sockaddr_in addr = { .sin_family = AF_INET, .sin_addr = { htonl(INADDR_LOOPBACK) } };
    socklen_t len = sizeof addr;
    struct sockaddr *self = (struct sockaddr *)&addr;
    static char out[BYTES], in[65536];
    int s = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0), on = 1;

    for (int i = 0; i < BYTES; i++)
        out[i] = (char)('a' + i % 26);
    if (s < 0 || bind(s, self, len) < 0 || getsockname(s, self, &len) < 0
        || connect(s, self, len) < 0)
        err(1, "socket");
    if (setsockopt(s, ANCIL_SOL_UDP, ANCIL_UDP_GRO, &on, sizeof on) < 0)
        err(1, "UDP_GRO");
    send_all(s, out);
    for (size_t got = 0; got < BYTES;)
        got += receive(s, in + got, sizeof in - got);
    if (memcmp(in, out, BYTES) != 0)
        errx(1, "received other bytes than were sent");
    return 0;
}
