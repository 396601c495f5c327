/*
 * ping [ADDRESS]: sends one ICMP echo request with 40 bytes of data, and prints the control
 * messages of the answer: its time to live, the interface and the time of its arrival.
 * SPDX-License-Identifier: MIT OR Apache-2.0 OR CC0-1.0
 */
#define _GNU_SOURCE
#include <ancil.h>

#include <arpa/inet.h>
#include <err.h>
#include <errno.h>
#include <inttypes.h>
#include <net/if.h>
#include <netinet/ip_icmp.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

union packet {
    struct {
        struct icmphdr head;
        char data[40];
    } echo;
    uint16_t words[24];
};

static void show(const struct ancil_message *m)
{
    struct ancil_in_pktinfo info;
    int64_t seconds;
    uint32_t nanoseconds;
    int ttl;
    char name[IF_NAMESIZE];

    if (ancil_get_int(m, IPPROTO_IP, IP_TTL, &ttl) > 0)
        printf("ttl %d\n", ttl);
    if (ancil_get_pktinfo(m, &info) > 0)
        printf("interface %s\n", if_indextoname((unsigned)info.ipi_ifindex, name) ? name : "?");
    if (ancil_get_timestamp(m, &seconds, &nanoseconds) > 0)
        printf("arrived at %" PRId64 ".%09" PRIu32 "\n", seconds, nanoseconds);
}

int main(int argc, char **argv)
{
    ANCIL_CONTROL_BUFFER(control, 256);
    struct sockaddr_in to = { .sin_family = AF_INET, .sin_addr = { htonl(INADDR_LOOPBACK) } };
    union packet out = { .echo.head = { .type = ICMP_ECHO, .un.echo.id = (uint16_t)getpid() } };
    unsigned char data[256] = { 0 };
    struct iovec iov = { .iov_base = data, .iov_len = sizeof data };
    struct msghdr msg = { .msg_iov = &iov, .msg_iovlen = 1, .msg_control = control.data };
    struct timeval limit = { .tv_sec = 5 };
    struct ancil_reader r;
    struct ancil_message m;
    int s = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, IPPROTO_ICMP);
    int on = 1, raw = s < 0 && errno == EACCES;
    uint32_t sum = 0;
    ssize_t got;
    size_t at;

    if (argc > 1 && inet_pton(AF_INET, argv[1], &to.sin_addr) != 1)
        errx(2, "usage: ping [IPV4-ADDRESS]");
    if (raw && (s = socket(AF_INET, SOCK_RAW | SOCK_CLOEXEC, IPPROTO_ICMP)) < 0 && errno == EPERM)
        errx(1, "this process lacks CAP_NET_RAW, and a group in net.ipv4.ping_group_range");
    if (s < 0 || setsockopt(s, IPPROTO_IP, IP_RECVTTL, &on, sizeof on) < 0
        || setsockopt(s, IPPROTO_IP, IP_PKTINFO, &on, sizeof on) < 0
        || setsockopt(s, SOL_SOCKET, SO_TIMESTAMPNS, &on, sizeof on) < 0
        || setsockopt(s, SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof limit) < 0)
        err(1, "socket");
    snprintf(out.echo.data, sizeof out.echo.data, "a question from process %d", (int)getpid());
    for (size_t i = 0; i < sizeof out.words / sizeof *out.words; i++)
        sum += out.words[i];
    out.echo.head.checksum = (uint16_t) ~(sum % 0xffff); /* RFC 1071 */
    if (sendto(s, &out, sizeof out, 0, (struct sockaddr *)&to, sizeof to) < 0)
        err(1, "send");
    do { /* A raw socket receives every ICMP message of this machine, each with its IP header. */
        msg.msg_controllen = sizeof control.data;
        if ((got = recvmsg(s, &msg, 0)) < 0)
            err(1, "no answer");
        at = raw ? (data[0] & 15u) * 4 : 0;
    } while ((size_t)got != at + sizeof out || data[at] != ICMP_ECHOREPLY
             || memcmp(data + at + sizeof out.echo.head, out.echo.data, 40) != 0);
    printf("%zu bytes from %s by a %s socket\n", sizeof out, inet_ntoa(to.sin_addr),
           raw ? "raw" : "ping");
    ancil_reader_init(&r, control.data, msg.msg_controllen);
    ANCIL_FOR_EACH(&m, &r)
        show(&m);
    if (ancil_reader_status(&r) < 0 || msg.msg_flags & MSG_CTRUNC)
        errx(1, "control messages are missing");
    return 0;
}
