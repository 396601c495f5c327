/*
 * pktinfo [4]: sends every datagram back to its sender, from the address at which it arrived, also
 * if this machine has several. It serves IPv6 and IPv4, or with the argument 4 only IPv4. An empty
 * datagram ends it. Public domain.
 */
#define _GNU_SOURCE
#include <ancil.h>

#include <arpa/inet.h>
#include <err.h>
#include <netinet/in.h>
#include <stdio.h>
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

/* Writes that the answer comes from the address that the datagram was sent to. */
static void answer_from(struct ancil_writer *w, const struct ancil_message *m)
{
    struct ancil_in_pktinfo v4;
    struct ancil_in6_pktinfo v6;
    char text[INET6_ADDRSTRLEN];

    if (ancil_get_pktinfo(m, &v4) > 0) {
        printf("to %s\n", inet_ntop(AF_INET, &v4.ipi_spec_dst, text, sizeof text));
        ancil_writer_put_pktinfo(w, 0, v4.ipi_spec_dst.s_addr);
    }
    if (ancil_get_pktinfo6(m, &v6) > 0) { /* IPv4 as well, as in ::ffff:127.0.0.1 */
        printf("to %s\n", inet_ntop(AF_INET6, &v6.ipi6_addr, text, sizeof text));
        ancil_writer_put_pktinfo6(w, 0, &v6.ipi6_addr);
    }
}

int main(int argc, char **argv)
{
    int s = bind_socket(argc > 1 && argv[1][0] == '4' ? AF_INET : AF_INET6);

    for (;;) {
        ANCIL_CONTROL_BUFFER(asked, 128);
        ANCIL_CONTROL_BUFFER(answer, 128);
        static char data[65536];
        union address from;
        struct iovec iov = { .iov_base = data, .iov_len = sizeof data };
        struct msghdr msg = { .msg_name = &from,
                              .msg_namelen = sizeof from,
                              .msg_iov = &iov,
                              .msg_iovlen = 1,
                              .msg_control = asked.data,
                              .msg_controllen = sizeof asked.data };
        struct ancil_reader r;
        struct ancil_writer w;
        struct ancil_message m;
        const ssize_t got = recvmsg(s, &msg, 0);

        if (got < 0)
            err(1, "recvmsg");
        if (got == 0)
            return 0;
        iov.iov_len = (size_t)got;
        ancil_reader_init(&r, asked.data, msg.msg_controllen);
        ancil_writer_init(&w, answer.data, sizeof answer.data);
        ANCIL_FOR_EACH(&m, &r)
            answer_from(&w, &m);
        if (ANCIL_ATTACH(&msg, &w) < 0 || sendmsg(s, &msg, 0) < 0)
            warn("sendmsg"); /* the next answer may still be sent */
    }
}
