/*
 * What ../pktinfo.c does, with the macros of cmsg(3). Public domain.
 */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <err.h>
#include <netinet/in.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>

union address {
    struct sockaddr any;
    struct sockaddr_in v4;
    struct sockaddr_in6 v6;
};

static int bind_socket(int family)
{
    union address addr = { .any.sa_family = (sa_family_t)family };
    socklen_t len = family == AF_INET ? sizeof addr.v4 : sizeof addr.v6;
    int s = socket(family, SOCK_DGRAM | SOCK_CLOEXEC, 0), on = 1, off = 0;

    if (s < 0)
        err(1, "socket");
    if (family == AF_INET ? setsockopt(s, IPPROTO_IP, IP_PKTINFO, &on, sizeof on) < 0
                          : setsockopt(s, IPPROTO_IPV6, IPV6_RECVPKTINFO, &on, sizeof on) < 0
                                || setsockopt(s, IPPROTO_IPV6, IPV6_V6ONLY, &off, sizeof off) < 0)
        err(1, "setsockopt");
    if (bind(s, &addr.any, len) < 0 || getsockname(s, &addr.any, &len) < 0)
        err(1, "bind");
    /* sin6_port lies at the same offset. */
    printf("port %d\n", ntohs(addr.v4.sin_port)), fflush(stdout);
    return s;
}

/* Turns where a datagram arrived into where its answer comes from: the same struct. */
static void answer_from(struct cmsghdr *c)
{
    struct in_pktinfo v4;
    struct in6_pktinfo v6;
    char text[INET6_ADDRSTRLEN];

    if (c->cmsg_level == IPPROTO_IP && c->cmsg_type == IP_PKTINFO
        && c->cmsg_len == CMSG_LEN(sizeof v4)) {
        memcpy(&v4, CMSG_DATA(c), sizeof v4);
        printf("to %s\n", inet_ntop(AF_INET, &v4.ipi_spec_dst, text, sizeof text));
        v4.ipi_ifindex = 0; /* leaves the interface to the routing table */
        memcpy(CMSG_DATA(c), &v4, sizeof v4);
    }
    if (c->cmsg_level == IPPROTO_IPV6 && c->cmsg_type == IPV6_PKTINFO
        && c->cmsg_len == CMSG_LEN(sizeof v6)) { /* IPv4 as well, as in ::ffff:127.0.0.1 */
        memcpy(&v6, CMSG_DATA(c), sizeof v6);
        printf("to %s\n", inet_ntop(AF_INET6, &v6.ipi6_addr, text, sizeof text));
        v6.ipi6_ifindex = 0;
        memcpy(CMSG_DATA(c), &v6, sizeof v6);
    }
}

int main(int argc, char **argv)
{
    int s = bind_socket(argc > 1 && argv[1][0] == '4' ? AF_INET : AF_INET6);

    for (;;) {
        union {
            struct cmsghdr align;
            char data[128];
        } control;
        static char data[65536];
        union address from;
        struct iovec iov = { .iov_base = data, .iov_len = sizeof data };
        struct msghdr msg = { .msg_name = &from,
                              .msg_namelen = sizeof from,
                              .msg_iov = &iov,
                              .msg_iovlen = 1,
                              .msg_control = control.data,
                              .msg_controllen = sizeof control.data };
        const ssize_t got = recvmsg(s, &msg, 0);

        if (got < 0)
            err(1, "recvmsg");
        if (got == 0)
            return 0;
        iov.iov_len = (size_t)got;
        for (struct cmsghdr *c = CMSG_FIRSTHDR(&msg); c; c = CMSG_NXTHDR(&msg, c))
            answer_from(c);
        if (sendmsg(s, &msg, 0) < 0)
            warn("sendmsg"); /* the next answer may still be sent */
    }
}
