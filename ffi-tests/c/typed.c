/*
 * Compares the typed helpers with messages that the system's macros lay out and the system's
 * structs fill. Run by tests/api.rs.
 */
#define _GNU_SOURCE
#include <ancil.h>
#include "check.h"
#include "reads.h"

#include <arpa/inet.h>
#include <errno.h>
#include <limits.h>
#include <stdint.h>
#include <netinet/in.h>
#include <string.h>
#include <sys/socket.h>

enum { SIZE = 128 };

/*
 * Writes a message to `buf` with the system's macros. Returns its msg_controllen.
 */
static size_t by_system(unsigned char *buf, int level, int type, const void *data, size_t len)
{
    union { struct cmsghdr align; unsigned char bytes[SIZE]; } control;
    struct msghdr msg = { .msg_control = &control, .msg_controllen = CMSG_SPACE(len) };
    struct cmsghdr *c;

    memset(&control, 0, sizeof control);
    c = CMSG_FIRSTHDR(&msg);
    c->cmsg_len = CMSG_LEN(len);
    c->cmsg_level = level;
    c->cmsg_type = type;
    memcpy(CMSG_DATA(c), data, len);
    memcpy(buf, &control, CMSG_SPACE(len));
    return CMSG_SPACE(len);
}

/*
 * Checks that a helper writes what the system's macros write, and nothing to a buffer that is one
 * byte too short.
 */
#define WRITES(call, level, type, value) \
    do { \
        unsigned char want[SIZE], buf[SIZE], before[SIZE]; \
        const size_t len = by_system(want, level, type, &(value), sizeof (value)); \
        struct ancil_writer w; \
        memset(buf, 0xa5, SIZE); \
        memset(before, 0xa5, SIZE); \
        ancil_writer_init(&w, buf, len - 1); \
        CHECK((call) == -ENOBUFS && ancil_writer_finish(&w) == 0); \
        CHECK(memcmp(buf, before, SIZE) == 0); \
        ancil_writer_init(&w, buf, len); \
        CHECK((call) == 0 && ancil_writer_finish(&w) == len && memcmp(buf, want, len) == 0); \
        CHECK((call) == -ENOBUFS && ancil_writer_finish(&w) == len); \
        CHECK(memcmp(buf + len, before, SIZE - len) == 0); \
    } while (0)

static void writers(void)
{
    struct ucred me = { .pid = 7, .uid = 0xfffffffe, .gid = 9 };
    struct in_pktinfo v4 = { .ipi_ifindex = 3 };
    struct in6_pktinfo v6 = { .ipi6_ifindex = 4, .ipi6_addr = in6addr_loopback };
    struct in6_pktinfo any = { .ipi6_ifindex = 5 };
    unsigned char odd[17];
    uint16_t segment = 1200;
    int ttl = -64;

    v4.ipi_spec_dst.s_addr = htonl(0x7f000002);
    memcpy(odd + 1, &in6addr_loopback, 16);
    WRITES(ancil_writer_put_credentials(&w, 7, 0xfffffffe, 9), SOL_SOCKET, SCM_CREDENTIALS, me);
    WRITES(ancil_writer_put_pktinfo(&w, 3, v4.ipi_spec_dst.s_addr), IPPROTO_IP, IP_PKTINFO, v4);
    WRITES(ancil_writer_put_pktinfo6(&w, 4, &in6addr_loopback), IPPROTO_IPV6, IPV6_PKTINFO, v6);
    WRITES(ancil_writer_put_pktinfo6(&w, 4, odd + 1), IPPROTO_IPV6, IPV6_PKTINFO, v6);
    WRITES(ancil_writer_put_pktinfo6(&w, 5, NULL), IPPROTO_IPV6, IPV6_PKTINFO, any);
    WRITES(ancil_writer_put_udp_segment(&w, 1200), IPPROTO_UDP, 103, segment);
    WRITES(ancil_writer_put_int(&w, IPPROTO_IP, IP_TTL, -64), IPPROTO_IP, IP_TTL, ttl);
    CHECK(ancil_writer_put_credentials(NULL, 1, 2, 3) == -EINVAL);
    CHECK(ancil_writer_put_pktinfo(NULL, 1, 2) == -EINVAL);
    CHECK(ancil_writer_put_pktinfo6(NULL, 1, NULL) == -EINVAL);
    CHECK(ancil_writer_put_udp_segment(NULL, 1) == -EINVAL);
    CHECK(ancil_writer_put_int(NULL, 1, 2, 3) == -EINVAL);
}

static void readers(void)
{
    struct ancil_message none = { 0, 0, NULL, SIZE_MAX };
    {
        struct ucred from = { .pid = 7, .uid = 0xfffffffe, .gid = 9 };
        struct ancil_ucred out, before;
        READS(ancil_get_credentials(&m, &out), SOL_SOCKET, SCM_CREDENTIALS, from, n == sizeof from);
        CHECK(memcmp(&out, &from, sizeof from) == 0);
        CHECK(ancil_get_credentials(NULL, &out) == -EINVAL);
        CHECK(ancil_get_credentials(&none, NULL) == -EINVAL);
        CHECK(ancil_get_credentials(&none, &out) == 0);
    }
    {
        struct in_pktinfo info = { 3, { 5 }, { 6 } };
        struct ancil_in_pktinfo out, before;
        READS(ancil_get_pktinfo(&m, &out), IPPROTO_IP, IP_PKTINFO, info, n == sizeof info);
        CHECK(memcmp(&out, &info, sizeof info) == 0);
        CHECK(ancil_get_pktinfo(NULL, &out) == -EINVAL);
        CHECK(ancil_get_pktinfo(&none, NULL) == -EINVAL);
    }
    {
        struct in6_pktinfo info = { .ipi6_addr = in6addr_loopback, .ipi6_ifindex = 4 };
        struct ancil_in6_pktinfo out, before;
        READS(ancil_get_pktinfo6(&m, &out), IPPROTO_IPV6, IPV6_PKTINFO, info, n == sizeof info);
        CHECK(memcmp(&out, &info, sizeof info) == 0);
        CHECK(ancil_get_pktinfo6(NULL, &out) == -EINVAL);
        CHECK(ancil_get_pktinfo6(&none, NULL) == -EINVAL);
    }
    {
        int ttl = -64, out, before;
        unsigned char tos = 0xb8;
        READS(ancil_get_int(&m, IPPROTO_IP, IP_TTL, &out), IPPROTO_IP, IP_TTL, ttl,
              n == 1 || n == sizeof ttl);
        CHECK(out == -64);
        READS(ancil_get_int(&m, IPPROTO_IP, IP_TOS, &out), IPPROTO_IP, IP_TOS, tos,
              n == 1 || n == sizeof ttl);
        CHECK(out == 0xb8);
        CHECK(ancil_get_int(NULL, 1, 2, &out) == -EINVAL);
        CHECK(ancil_get_int(&none, 1, 2, NULL) == -EINVAL);
    }
}

int main(void)
{
    make_fence();
    writers();
    readers();
    puts("ok");
    return 0;
}
