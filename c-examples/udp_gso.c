/*
 * udp_gso: sends several datagrams over loopback in one system call, cut by the kernel
 * (UDP_SEGMENT), and receives them in one call, joined by the kernel (UDP_GRO). Needs Linux 5.0.
 * Public domain.
 */
#define _GNU_SOURCE
#include <ancil.h>

#include <netinet/in.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>

enum { SEGMENT = 1000, BYTES = 3500 };

static int send_all(int s, char *data)
{
    ANCIL_CONTROL_BUFFER(control, ANCIL_CMSG_SPACE(sizeof (uint16_t)));
    struct ancil_writer w;
    struct iovec iov = { .iov_base = data, .iov_len = BYTES };
    struct msghdr msg = { .msg_iov = &iov, .msg_iovlen = 1, .msg_control = control.data };
    ssize_t sent;

    ancil_writer_init(&w, control.data, sizeof control.data);
    if (ancil_writer_put_udp_segment(&w, SEGMENT) < 0)
        return fprintf(stderr, "the control buffer is too small\n"), -1;
    msg.msg_controllen = ancil_writer_finish(&w);
    sent = sendmsg(s, &msg, 0);
    if (sent < 0)
        return perror("UDP_SEGMENT"), -1;
    printf("sent %zd bytes in datagrams of %d\n", sent, SEGMENT);
    return 0;
}

/* Receives one datagram, or several joined ones. Returns the number of bytes, or -1. */
static ssize_t receive(int s, char *data, size_t size)
{
    ANCIL_CONTROL_BUFFER(control, ANCIL_CMSG_SPACE(sizeof (int)));
    struct ancil_message m;
    struct iovec iov = { .iov_base = data, .iov_len = size };
    struct msghdr msg = { .msg_iov = &iov, .msg_iovlen = 1,
                          .msg_control = control.data, .msg_controllen = sizeof control.data };
    ssize_t got = recvmsg(s, &msg, 0);
    int segment = (int)got; /* a datagram alone comes without UDP_GRO */

    if (got < 0)
        return perror("recvmsg"), -1;
    if (ancil_find(control.data, msg.msg_controllen, ANCIL_SOL_UDP, ANCIL_UDP_GRO, &m) > 0)
        ancil_get_int(&m, ANCIL_SOL_UDP, ANCIL_UDP_GRO, &segment);
    printf("received %zd bytes in datagrams of %d\n", got, segment);
    return got;
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
        return perror("socket"), 1;
    if (setsockopt(s, ANCIL_SOL_UDP, ANCIL_UDP_GRO, &on, sizeof on) < 0)
        return perror("UDP_GRO"), 1;
    if (send_all(s, out) < 0)
        return 1;
    for (ssize_t got, all = 0; all < BYTES; all += got) {
        got = receive(s, in + all, sizeof in - (size_t)all);
        if (got <= 0)
            return 1;
    }
    if (memcmp(in, out, BYTES) != 0)
        return fprintf(stderr, "received other bytes than were sent\n"), 1;
    return 0;
}
