/*
 * udp_server [ADDRESS [ADDRESS]]: a UDP server that answers from the address it was asked at, which
 * the kernel would otherwise choose. Take it for DNS, QUIC or RTP: datagrams of both families
 * arrive joined by the kernel (GRO) and with their congestion mark (ECN), and the kernel cuts the
 * answers again (GSO). A client in the program asks the addresses, 127.0.0.2 and ::1. Needs IPv6.
 * SPDX-License-Identifier: MIT OR Apache-2.0 OR CC0-1.0
 */
#define _GNU_SOURCE
#include <ancil.h>

#include <err.h>
#include <errno.h>
#include <netdb.h>
#include <netinet/in.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

static struct addrinfo *resolve(const char *host)
{
    struct addrinfo hints = { .ai_flags = AI_NUMERICHOST, .ai_socktype = SOCK_DGRAM }, *found;

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

/* Receives what the kernel has joined, and sends it back. Returns the number of bytes. */
static size_t serve(int s)
{
    static char data[65536];
    ANCIL_CONTROL_BUFFER(control, ANCIL_ARRIVAL_SPACE);
    struct sockaddr_in6 from;
    struct iovec iov = { .iov_base = data, .iov_len = sizeof data };
    struct msghdr msg = {
        .msg_name = &from, .msg_namelen = sizeof from, .msg_iov = &iov, .msg_iovlen = 1
    };
    struct ancil_arrival a;
    struct ancil_departure d = { .has_traffic_class = 1, .ecn = 2 }; /* ECT(0): slow down on CE */
    struct ancil_writer w;
    ssize_t got;

    msg.msg_control = control.data;
    msg.msg_controllen = sizeof control.data;
    if ((got = recvmsg(s, &msg, 0)) < 0
        || (errno = -ancil_get_arrival(control.data, msg.msg_controllen, &a)) > 0)
        err(1, "receive");
    printf("asked: %zd bytes, segments of %u, mark %d\n", got, a.segment_size, a.ecn);
    d.from = a.local;
    if (a.local.octets[0] == 0xfe && (a.local.octets[1] & 0xc0) == 0x80)
        d.interface = a.interface; /* any link may have this address */
    d.segment_size = a.segment_size;
    ancil_writer_init(&w, control.data, sizeof control.data);
    ancil_put_departure(&w, &d, &from, msg.msg_namelen);
    iov.iov_len = (size_t)got;
    if ((errno = -ANCIL_ATTACH(&msg, &w)) != 0 || sendmsg(s, &msg, 0) < 0)
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
        || setsockopt(s, ANCIL_SOL_UDP, ANCIL_UDP_SEGMENT, &segment, sizeof segment) < 0
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
    static const int wanted[] = { IPPROTO_IP,    IP_PKTINFO,   IPPROTO_IP,   IP_TOS,
                                  IPPROTO_IPV6,  IPV6_PKTINFO, IPPROTO_IPV6, IPV6_TCLASS,
                                  ANCIL_SOL_UDP, ANCIL_UDP_GRO };
    struct sockaddr_in6 own;
    socklen_t len = sizeof own;
    const int s = open_socket("::");
    struct ancil_sockopt o;

    alarm(20); /* ends the program if a datagram is lost */
    for (size_t i = 0; i < sizeof wanted / sizeof *wanted; i += 2)
        if (ancil_option(wanted[i], wanted[i + 1], &o) <= 0)
            errx(1, "no option for message %d", wanted[i + 1]);
        else if (setsockopt(s, o.level, o.name, o.value, o.len) < 0)
            err(1, "option %d", o.name);
    if (getsockname(s, (struct sockaddr *)&own, &len) < 0)
        err(1, "getsockname");
    ask(s, own.sin6_port, argc > 1 ? argv[1] : "127.0.0.2");
    ask(s, own.sin6_port, argc > 2 ? argv[2] : "::1");
    return close(s);
}
