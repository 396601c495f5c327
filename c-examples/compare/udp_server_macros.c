/*
 * What ../udp_server.c does, with the macros of cmsg(3).
 * SPDX-License-Identifier: MIT OR Apache-2.0 OR CC0-1.0
 */
#define _GNU_SOURCE
#include <err.h>
#include <netdb.h>
#include <netinet/in.h>
#include <netinet/udp.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

static struct addrinfo *resolve(const char *host)
{
    const struct addrinfo hints = { .ai_flags = AI_NUMERICHOST, .ai_socktype = SOCK_DGRAM };
    struct addrinfo *found;

    if (getaddrinfo(host, NULL, &hints, &found) != 0)
        errx(2, "%s is no address", host);
    return found;
}

static int open_socket(const char *host)
{
    struct addrinfo *own = resolve(host);
    int s = socket(own->ai_family, SOCK_DGRAM | SOCK_CLOEXEC, 0);

    if (s < 0 || bind(s, own->ai_addr, own->ai_addrlen) < 0)
        err(1, "%s", host);
    freeaddrinfo(own);
    return s;
}

/* Appends a control message. */
static void put(struct msghdr *msg, size_t size, int level, int type, const void *data, size_t len)
{
    struct cmsghdr c = { .cmsg_len = CMSG_LEN(len), .cmsg_level = level, .cmsg_type = type };
    unsigned char *at = (unsigned char *)msg->msg_control + msg->msg_controllen;

    if (msg->msg_controllen + CMSG_SPACE(len) > size)
        errx(1, "the control buffer is too small");
    memset(at, 0, CMSG_SPACE(len));
    memcpy(at, &c, sizeof c);
    memcpy(at + CMSG_LEN(0), data, len);
    msg->msg_controllen += CMSG_SPACE(len);
}

/* Receives what the kernel has joined, and sends it back. Returns the number of bytes. */
static size_t serve(int s)
{
    static char data[65536];
    union {
        struct cmsghdr align;
        char data[512];
    } control;
    struct sockaddr_in6 from;
    struct iovec iov = { .iov_base = data, .iov_len = sizeof data };
    struct msghdr msg = { .msg_iov = &iov, .msg_iovlen = 1 };
    struct in_pktinfo v4 = { 0 };
    struct in6_pktinfo v6 = { .ipi6_ifindex = 0 };
    const int ect0 = 2;
    unsigned char byte;
    uint16_t segment;
    int mark = 0, size = 0, is_v4 = 0;
    ssize_t got;

    msg.msg_name = &from;
    msg.msg_namelen = sizeof from;
    msg.msg_control = control.data;
    msg.msg_controllen = sizeof control.data;
    if ((got = recvmsg(s, &msg, 0)) < 0)
        err(1, "receive");
    for (struct cmsghdr *c = CMSG_FIRSTHDR(&msg); c; c = CMSG_NXTHDR(&msg, c)) {
        if (c->cmsg_level == IPPROTO_IP && c->cmsg_type == IP_PKTINFO
            && c->cmsg_len == CMSG_LEN(sizeof v4)) {
            memcpy(&v4, CMSG_DATA(c), sizeof v4);
            is_v4 = 1;
        }
        if (c->cmsg_level == IPPROTO_IPV6 && c->cmsg_type == IPV6_PKTINFO
            && c->cmsg_len == CMSG_LEN(sizeof v6))
            memcpy(&v6, CMSG_DATA(c), sizeof v6);
        if (c->cmsg_level == IPPROTO_IP && c->cmsg_type == IP_TOS
            && c->cmsg_len == CMSG_LEN(sizeof byte)) {
            memcpy(&byte, CMSG_DATA(c), sizeof byte);
            mark = byte & 3;
        }
        if (c->cmsg_level == IPPROTO_IPV6 && c->cmsg_type == IPV6_TCLASS
            && c->cmsg_len == CMSG_LEN(sizeof mark)) {
            memcpy(&mark, CMSG_DATA(c), sizeof mark);
            mark &= 3;
        }
        if (c->cmsg_level == SOL_UDP && c->cmsg_type == UDP_GRO
            && c->cmsg_len == CMSG_LEN(sizeof size))
            memcpy(&size, CMSG_DATA(c), sizeof size);
    }
    printf("asked: %zd bytes, segments of %d, mark %d\n", got, size, mark);
    msg.msg_controllen = 0;
    if (is_v4) {
        v4.ipi_ifindex = 0; /* the routing table decides */
        put(&msg, sizeof control.data, IPPROTO_IP, IP_PKTINFO, &v4, sizeof v4);
        put(&msg, sizeof control.data, IPPROTO_IP, IP_TOS, &ect0, sizeof ect0);
    } else {
        if (!IN6_IS_ADDR_LINKLOCAL(&v6.ipi6_addr))
            v6.ipi6_ifindex = 0;
        put(&msg, sizeof control.data, IPPROTO_IPV6, IPV6_PKTINFO, &v6, sizeof v6);
        put(&msg, sizeof control.data, IPPROTO_IPV6, IPV6_TCLASS, &ect0, sizeof ect0);
    }
    segment = (uint16_t)size;
    if (size > 0)
        put(&msg, sizeof control.data, SOL_UDP, UDP_SEGMENT, &segment, sizeof segment);
    iov.iov_len = (size_t)got;
    if (sendmsg(s, &msg, 0) < 0)
        warn("answer"); /* the next one may still be sent */
    return (size_t)got;
}

/* Sends three datagrams in one call, has the server answer them, and prints the answers. */
static void ask(int server, in_port_t port, const char *host)
{
    static char data[2500];
    struct addrinfo *to = resolve(host);
    const int v4 = to->ai_family == AF_INET, ect0 = 2, segment = 1000;
    const int level = v4 ? IPPROTO_IP : IPPROTO_IPV6, class = v4 ? IP_TOS : IPV6_TCLASS;
    const int s = open_socket(v4 ? "127.0.0.1" : "::1");
    ssize_t got;

    memcpy(to->ai_addr->sa_data, &port, sizeof port); /* the place in both families */
    if (connect(s, to->ai_addr, to->ai_addrlen) < 0
        || setsockopt(s, level, class, &ect0, sizeof ect0) < 0
        || setsockopt(s, SOL_UDP, UDP_SEGMENT, &segment, sizeof segment) < 0
        || send(s, data, sizeof data, 0) < 0)
        err(1, "%s", host);
    freeaddrinfo(to);
    for (size_t bytes = 0; bytes < sizeof data;)
        bytes += serve(server);
    for (size_t bytes = 0; bytes < sizeof data; bytes += (size_t)got)
        if ((got = recv(s, data, sizeof data, 0)) < 0
            || printf("%s answered %zd bytes\n", host, got) < 0)
            err(1, "no answer from %s", host);
    close(s);
}

int main(int argc, char **argv)
{
    static const int wanted[][2] = { { IPPROTO_IP, IP_PKTINFO },
                                     { IPPROTO_IP, IP_RECVTOS },
                                     { IPPROTO_IPV6, IPV6_RECVPKTINFO },
                                     { IPPROTO_IPV6, IPV6_RECVTCLASS },
                                     { SOL_UDP, UDP_GRO } };
    struct sockaddr_in6 own;
    socklen_t len = sizeof own;
    const int s = open_socket("::"), on = 1;

    alarm(20); /* ends the program if a datagram is lost */
    for (size_t i = 0; i < sizeof wanted / sizeof *wanted; i++)
        if (setsockopt(s, wanted[i][0], wanted[i][1], &on, sizeof on) < 0)
            err(1, "option %d", wanted[i][1]);
    if (getsockname(s, (struct sockaddr *)&own, &len) < 0)
        err(1, "getsockname");
    ask(s, own.sin6_port, argc > 1 ? argv[1] : "127.0.0.2");
    ask(s, own.sin6_port, argc > 2 ? argv[2] : "::1");
    return close(s);
}
