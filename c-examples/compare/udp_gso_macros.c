/*
 * What ../udp_gso.c does, with the macros of cmsg(3). Public domain.
 */
#define _GNU_SOURCE
#include <err.h>
#include <netinet/in.h>
#include <netinet/udp.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>

enum { SEGMENT = 1000, BYTES = 3500 };

static void send_all(int s, char *data)
{
    union {
        struct cmsghdr align;
        char data[CMSG_SPACE(sizeof(uint16_t))];
    } control;
    struct iovec iov = { .iov_base = data, .iov_len = BYTES };
    struct msghdr msg = { .msg_iov = &iov, .msg_iovlen = 1 };
    const uint16_t segment = SEGMENT;
    struct cmsghdr *c;
    ssize_t sent;

    msg.msg_control = control.data;
    msg.msg_controllen = sizeof control.data;
    c = CMSG_FIRSTHDR(&msg);
    c->cmsg_level = SOL_UDP;
    c->cmsg_type = UDP_SEGMENT;
    c->cmsg_len = CMSG_LEN(sizeof segment);
    memcpy(CMSG_DATA(c), &segment, sizeof segment);
    if ((sent = sendmsg(s, &msg, 0)) < 0)
        err(1, "UDP_SEGMENT");
    printf("sent %zd bytes in datagrams of %d\n", sent, SEGMENT);
}

/* Receives one datagram, or several joined ones. Returns the number of bytes. */
static size_t receive(int s, char *data, size_t size)
{
    union {
        struct cmsghdr align;
        char data[CMSG_SPACE(sizeof(int))];
    } control;
    struct iovec iov = { .iov_base = data, .iov_len = size };
    struct msghdr msg = { .msg_iov = &iov, .msg_iovlen = 1 };
    ssize_t got;
    int segment;

    msg.msg_control = control.data;
    msg.msg_controllen = sizeof control.data;
    if ((got = recvmsg(s, &msg, 0)) < 0)
        err(1, "recvmsg");
    if (msg.msg_flags & (MSG_TRUNC | MSG_CTRUNC))
        errx(1, "a buffer is too small");
    segment = (int)got; /* a datagram alone comes without UDP_GRO */
    for (struct cmsghdr *c = CMSG_FIRSTHDR(&msg); c; c = CMSG_NXTHDR(&msg, c))
        if (c->cmsg_level == SOL_UDP && c->cmsg_type == UDP_GRO
            && c->cmsg_len == CMSG_LEN(sizeof segment))
            memcpy(&segment, CMSG_DATA(c), sizeof segment);
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
    if (setsockopt(s, SOL_UDP, UDP_GRO, &on, sizeof on) < 0)
        err(1, "UDP_GRO");
    send_all(s, out);
    for (size_t got = 0; got < BYTES;)
        got += receive(s, in + got, sizeof in - got);
    if (memcmp(in, out, BYTES) != 0)
        errx(1, "received other bytes than were sent");
    return 0;
}
