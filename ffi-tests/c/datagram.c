/*
 * Compares the arrival and the departure of a datagram with messages that the system's macros lay
 * out and the system's structs fill. Run by tests/api.rs, whose arguments are the sizes of both
 * buffers in Rust.
 */
#define _GNU_SOURCE
#include <ancil.h>
#include "check.h"

#include <arpa/inet.h>
#include <errno.h>
#include <limits.h>
#include <netinet/in.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

enum { SIZE = 512 };

static union { struct cmsghdr align; unsigned char bytes[SIZE]; } control;
static struct msghdr msg;

static void begin(void)
{
    memset(&control, 0, sizeof control);
    msg.msg_control = control.bytes;
    msg.msg_controllen = 0;
}

/* Appends a message by the system's macros. */
static void put(int level, int type, const void *data, size_t len)
{
    struct msghdr one;
    struct cmsghdr *c;

    memset(&one, 0, sizeof one);
    one.msg_control = control.bytes + msg.msg_controllen;
    one.msg_controllen = CMSG_SPACE(len);
    CHECK((size_t)msg.msg_controllen + CMSG_SPACE(len) <= sizeof control);
    c = CMSG_FIRSTHDR(&one);
    c->cmsg_len = CMSG_LEN(len);
    c->cmsg_level = level;
    c->cmsg_type = type;
    memcpy(CMSG_DATA(c), data, len);
    msg.msg_controllen += CMSG_SPACE(len);
}

static void put_int(int level, int type, int value)
{
    put(level, type, &value, sizeof value);
}

static int is(const struct ancil_ip *ip, int family, const char *text)
{
    char shown[INET6_ADDRSTRLEN];

    return ip->family == family && inet_ntop(family, ip->octets, shown, sizeof shown)
        && strcmp(shown, text) == 0;
}

static struct ancil_ip ip(int family, const char *text)
{
    struct ancil_ip ip = { family, { 0 } };

    CHECK(inet_pton(family, text, ip.octets) == 1);
    return ip;
}

static void arrivals(void)
{
    const struct ancil_arrival nothing = { .interface = 0 };
    struct ancil_arrival a, before;
    struct in_pktinfo v4 = { .ipi_ifindex = 3 };
    struct in6_pktinfo v6 = { .ipi6_ifindex = 4 };
    const unsigned char tos = 0xb9;
    const ancil_i64 time[2] = { 5, 6 };

    CHECK(ancil_get_arrival(NULL, SIZE_MAX, &a) == 0 && memcmp(&a, &nothing, sizeof a) == 0);
    CHECK(ancil_get_arrival(control.bytes, 0, NULL) == -EINVAL);

    begin();
    v4.ipi_addr.s_addr = inet_addr("224.0.0.251");
    v4.ipi_spec_dst.s_addr = inet_addr("192.0.2.1");
    put(SOL_SOCKET, ANCIL_SO_TIMESTAMPNS_NEW, time, sizeof time);
    put(IPPROTO_IP, IP_PKTINFO, &v4, sizeof v4);
    put(IPPROTO_IP, IP_TOS, &tos, sizeof tos);
    put_int(IPPROTO_IP, IP_TTL, 64);
    put_int(IPPROTO_UDP, ANCIL_UDP_GRO, 1200);
    put_int(SOL_SOCKET, SO_RXQ_OVFL, 7);
    CHECK(ancil_get_arrival(control.bytes, msg.msg_controllen, &a) == 0);
    CHECK(is(&a.to, AF_INET, "224.0.0.251") && is(&a.local, AF_INET, "192.0.2.1"));
    CHECK(a.interface == 3 && a.segment_size == 1200 && a.drops == 7);
    CHECK(a.has_traffic_class == 1 && a.ecn == 1 && a.dscp == 46);
    CHECK(a.has_hop_limit == 1 && a.hop_limit == 64);
    CHECK(a.timestamp.measured == 1 && a.timestamp.seconds == 5 && a.timestamp.nanoseconds == 6);

    put_int(IPPROTO_IP, IP_TTL, 256);
    memcpy(&before, &a, sizeof a);
    CHECK(ancil_get_arrival(control.bytes, msg.msg_controllen, &a) == -EBADMSG);
    CHECK(memcmp(&before, &a, sizeof a) == 0);

    begin();
    CHECK(inet_pton(AF_INET6, "::ffff:192.0.2.1", &v6.ipi6_addr) == 1);
    put(IPPROTO_IPV6, IPV6_PKTINFO, &v6, sizeof v6);
    CHECK(ancil_get_arrival(control.bytes, msg.msg_controllen, &a) == 0);
    CHECK(is(&a.to, AF_INET, "192.0.2.1") && is(&a.local, AF_INET, "192.0.2.1"));
    CHECK(a.interface == 4 && a.has_traffic_class == 0 && a.has_hop_limit == 0);
    CHECK(a.timestamp.measured == 0 && a.segment_size == 0);

    begin();
    CHECK(inet_pton(AF_INET6, "ff02::fb", &v6.ipi6_addr) == 1);
    put(IPPROTO_IPV6, IPV6_PKTINFO, &v6, sizeof v6);
    put_int(IPPROTO_IPV6, IPV6_TCLASS, 0);
    put_int(IPPROTO_IPV6, IPV6_HOPLIMIT, 0);
    CHECK(ancil_get_arrival(control.bytes, msg.msg_controllen, &a) == 0);
    CHECK(is(&a.to, AF_INET6, "ff02::fb") && a.local.family == 0);
    CHECK(a.has_traffic_class == 1 && a.ecn == 0 && a.dscp == 0);
    CHECK(a.has_hop_limit == 1 && a.hop_limit == 0);
}

/* Checks that a departure becomes the messages in `control`, and does not fit in less. */
static void departs(const struct ancil_departure *d, const void *to, size_t tolen)
{
    const size_t len = msg.msg_controllen;
    unsigned char buf[SIZE], before[SIZE];
    struct ancil_writer w;
    size_t size;

    memset(before, 0xa5, SIZE);
    for (size = 0; size <= len; size++) {
        memcpy(buf, before, SIZE);
        ancil_writer_init(&w, buf, size);
        if (size < len) {
            CHECK(ancil_put_departure(&w, d, to, tolen) == -ENOBUFS);
            CHECK(ancil_writer_status(&w) == -ENOBUFS && ancil_writer_finish(&w) == 0);
            CHECK(memcmp(buf, before, SIZE) == 0);
        }
    }
    CHECK(ancil_put_departure(&w, d, to, tolen) == 0 && ancil_writer_finish(&w) == len);
    CHECK(memcmp(buf, control.bytes, len) == 0);
}

static void fails(struct ancil_departure d, const void *to, size_t tolen, int error)
{
    unsigned char buf[SIZE];
    struct ancil_writer w;

    ancil_writer_init(&w, buf, sizeof buf);
    CHECK(ancil_put_departure(&w, &d, to, tolen) == error);
    CHECK(ancil_writer_status(&w) == error && ancil_writer_finish(&w) == 0);
    CHECK(ancil_writer_put_int(&w, 0, 0, 0) == error);
}

static void departures(void)
{
    const struct ancil_departure nothing = { .interface = 0 };
    struct ancil_departure d = {
        .interface = 3, .has_traffic_class = 1, .ecn = 1, .dscp = 46,
        .has_hop_limit = 1, .hop_limit = 9, .segment_size = 1200, .txtime = 5,
    };
    struct sockaddr_in to4 = { .sin_family = AF_INET };
    struct sockaddr_in6 to6 = { .sin6_family = AF_INET6 };
    struct in_pktinfo v4 = { .ipi_ifindex = 3 };
    struct in6_pktinfo v6 = { .ipi6_ifindex = 3 };
    const uint16_t segment = 1200;
    const uint64_t txtime = 5;
    struct ancil_departure bad;
    int mapped;

    begin();
    departs(&nothing, &to4, sizeof to4);
    departs(&nothing, &to6, 24);

    d.from = ip(AF_INET, "192.0.2.1");
    memcpy(&v4.ipi_spec_dst, d.from.octets, 4);
    CHECK(inet_pton(AF_INET6, "::ffff:192.0.2.9", &to6.sin6_addr) == 1);
    for (mapped = 0; mapped < 2; mapped++) {
        begin();
        put(IPPROTO_IP, IP_PKTINFO, &v4, sizeof v4);
        put_int(IPPROTO_IP, IP_TOS, 0xb9);
        put_int(IPPROTO_IP, IP_TTL, 9);
        put(IPPROTO_UDP, ANCIL_UDP_SEGMENT, &segment, sizeof segment);
        put(SOL_SOCKET, ANCIL_SCM_TXTIME, &txtime, sizeof txtime);
        departs(&d, mapped ? (void *)&to6 : (void *)&to4, mapped ? sizeof to6 : sizeof to4);
    }
    bad = d, bad.interface = (ancil_u32)INT_MAX + 1;
    fails(bad, &to4, sizeof to4, -ENODEV);
    bad = d, bad.hop_limit = 0;
    fails(bad, &to4, sizeof to4, -EINVAL);
    fails(bad, &to6, sizeof to6, -EINVAL); /* a mapped address */
    to6.sin6_addr = in6addr_loopback;
    fails(d, &to6, sizeof to6, -EAFNOSUPPORT);

    d.from = ip(AF_INET6, "2001:db8::1");
    memcpy(&v6.ipi6_addr, d.from.octets, 16);
    begin();
    put(IPPROTO_IPV6, IPV6_PKTINFO, &v6, sizeof v6);
    put_int(IPPROTO_IPV6, IPV6_TCLASS, 0xb9);
    put_int(IPPROTO_IPV6, IPV6_HOPLIMIT, 9);
    put(IPPROTO_UDP, ANCIL_UDP_SEGMENT, &segment, sizeof segment);
    put(SOL_SOCKET, ANCIL_SCM_TXTIME, &txtime, sizeof txtime);
    departs(&d, &to6, sizeof to6);
    CHECK(msg.msg_controllen == ANCIL_DEPARTURE_SPACE);
    bad = nothing, bad.has_hop_limit = 1;
    begin();
    put_int(IPPROTO_IPV6, IPV6_HOPLIMIT, 0);
    departs(&bad, &to6, sizeof to6);

    fails(d, &to4, sizeof to4, -EAFNOSUPPORT);
    fails(d, &to6, 23, -EINVAL);
    fails(d, &to4, 15, -EINVAL);
    fails(d, &to4, 1, -EINVAL);
    fails(d, NULL, 9, -EINVAL);
    to4.sin_family = AF_UNIX;
    fails(d, &to4, sizeof to4, -EAFNOSUPPORT);
    bad = d, bad.ecn = 4;
    fails(bad, &to6, sizeof to6, -EINVAL);
    bad = d, bad.ecn = -1;
    fails(bad, &to6, sizeof to6, -EINVAL);
    bad = d, bad.dscp = 64;
    fails(bad, &to6, sizeof to6, -EINVAL);
    bad = d, bad.hop_limit = 256;
    fails(bad, &to6, sizeof to6, -EINVAL);
    bad = d, bad.segment_size = 65536;
    fails(bad, &to6, sizeof to6, -EINVAL);
    bad = d, bad.from.family = AF_UNIX;
    fails(bad, &to6, sizeof to6, -EAFNOSUPPORT);
    CHECK(ancil_put_departure(NULL, &d, &to6, sizeof to6) == -EINVAL);
    {
        struct ancil_writer w;
        ancil_writer_init(&w, control.bytes, sizeof control.bytes);
        CHECK(ancil_put_departure(&w, NULL, &to6, sizeof to6) == -EINVAL);
    }
}

int main(int argc, char **argv)
{
    arrivals();
    departures();
    /* The numbers are those of Rust, which may have been compiled for another word size. */
    if (argc > 3 && strtoul(argv[3], NULL, 10) == sizeof (size_t)) {
        CHECK(strtoul(argv[1], NULL, 10) == ANCIL_ARRIVAL_SPACE);
        CHECK(strtoul(argv[2], NULL, 10) == ANCIL_DEPARTURE_SPACE);
    }
    puts("ok");
    return 0;
}
