/*
 * Compares the typed helpers with messages that the system's macros lay out and the system's
 * structs fill. Run by tests/api.rs.
 */
#define _GNU_SOURCE
#include <ancil.h>
#include "check.h"

#include <arpa/inet.h>
#include <errno.h>
#include <limits.h>
#include <stdint.h>
#include <time.h> /* errqueue.h needs it */
#include <linux/errqueue.h>
#include <netinet/in.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

enum { SIZE = 128, MAX_LEN = 80 };

static unsigned char *fence; /* the end of a page; an access from here on faults */

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

/*
 * Returns a message whose payload ends just before the fence, so that a read past its end faults.
 */
static struct ancil_message message(int level, int type, const void *data, size_t len)
{
    struct ancil_message m = { level, type, fence - len, len };

    if (len)
        memcpy(fence - len, data, len);
    return m;
}

/*
 * Checks a getter with messages of this level and type. It refuses lengths up to MAX_LEN for which
 * `right` is false. It returns 0 for another level or type. In both cases `out` is unchanged. At
 * the end, `out` holds what the getter returns for `value`, which lies at eight addresses in a row.
 */
#define READS(call, level_, type_, value, right) \
    do { \
        static unsigned char zero[MAX_LEN]; \
        struct ancil_message m; \
        size_t n; \
        memset(&out, 0xa5, sizeof out); \
        memcpy(&before, &out, sizeof out); \
        for (n = 0; n <= MAX_LEN; n++) { \
            m = message(level_, type_, zero, n == MAX_LEN ? 0 : n); \
            if (!(right)) \
                CHECK((call) == -EBADMSG && memcmp(&before, &out, sizeof out) == 0); \
            m.level ^= 0x100; \
            CHECK((call) == 0); \
            m.level ^= 0x100, m.type ^= 0x200; \
            CHECK((call) == 0 && memcmp(&before, &out, sizeof out) == 0); \
        } \
        for (n = 8; n-- > 0;) { \
            m = message(level_, type_, &(value), sizeof (value)); \
            m.data = memmove(fence - sizeof (value) - n, m.data, sizeof (value)); \
            CHECK((call) == 1); \
        } \
    } while (0)

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
    {
        struct { struct sock_extended_err error; struct sockaddr_in from; } icmp = {
            .error = {
                .ee_errno = 111, .ee_info = 3, .ee_data = 4, .ee_origin = 2, .ee_type = 5,
            },
        };
        struct ancil_sock_extended_err out, before;
        READS(ancil_get_recverr(&m, &out), IPPROTO_IP, IP_RECVERR, icmp, n >= 16 && n < MAX_LEN);
        CHECK(memcmp(&out, &icmp, sizeof out) == 0);
        READS(ancil_get_recverr(&m, &out), IPPROTO_IPV6, IPV6_RECVERR, icmp.error,
              n >= 16 && n < MAX_LEN);
        CHECK(memcmp(&out, &icmp, sizeof out) == 0);
        CHECK(ancil_get_recverr(NULL, &out) == -EINVAL);
        CHECK(ancil_get_recverr(&none, NULL) == -EINVAL);
    }
}

static void timestamps(void)
{
    struct { int64_t seconds; uint32_t nanoseconds; } out, before;
    struct timeval micro = { 1700000000, 999999 };
    struct timespec nano = { -5, 999999999 }, three[3] = { { 1, 2 }, { 0, 0 }, { 3, 4 } };
    const int64_t micro64[2] = { 1700000000, 999999 }, nano64[2] = { -5, 999999999 };
    const int32_t nano32[2] = { -5, 999999999 };
    int64_t bad[2] = { 5, 1000000000 };
    uint32_t flags = 3;
    struct ancil_message m;

#define GET ancil_get_timestamp(&m, &out.seconds, &out.nanoseconds)
#define IS(s, n) (out.seconds == (s) && out.nanoseconds == (n))
    READS(GET, SOL_SOCKET, ANCIL_SO_TIMESTAMP_OLD, micro, n == 8 || n == 16);
    CHECK(IS(1700000000, 999999000));
    READS(GET, SOL_SOCKET, ANCIL_SO_TIMESTAMP_NEW, micro64, n == 8 || n == 16);
    CHECK(IS(1700000000, 999999000));
    READS(GET, SOL_SOCKET, ANCIL_SO_TIMESTAMPNS_OLD, nano, n == 8 || n == 16);
    CHECK(IS(-5, 999999999));
    READS(GET, SOL_SOCKET, ANCIL_SO_TIMESTAMPNS_OLD, nano32, n == 8 || n == 16);
    CHECK(IS(-5, 999999999));
    READS(GET, SOL_SOCKET, ANCIL_SO_TIMESTAMPNS_NEW, nano64, n == 8 || n == 16);
    CHECK(IS(-5, 999999999));
    READS(GET, SOL_SOCKET, ANCIL_SO_TIMESTAMPING_OLD, three, n == 4 || n == 24 || n == 48);
    CHECK(IS(1, 2));
    three[0] = three[1];
    m = message(SOL_SOCKET, ANCIL_SO_TIMESTAMPING_OLD, three, sizeof three);
    CHECK(GET == 2 && IS(3, 4)); /* by the device's clock */
    three[2] = three[1];
    m = message(SOL_SOCKET, ANCIL_SO_TIMESTAMPING_OLD, three, sizeof three);
    CHECK(GET == 0 && IS(3, 4));
    m = message(SOL_SOCKET, ANCIL_SO_TIMESTAMPING_NEW, &flags, sizeof flags);
    CHECK(GET == 0 && IS(3, 4));
    m = message(SOL_SOCKET, ANCIL_SO_TIMESTAMPNS_NEW, bad, sizeof bad);
    CHECK(GET == -EBADMSG && IS(3, 4));
    CHECK(ancil_get_timestamp(NULL, &out.seconds, &out.nanoseconds) == -EINVAL);
    m = message(SOL_SOCKET, ANCIL_SO_TIMESTAMPNS_NEW, nano64, sizeof nano64);
    CHECK(ancil_get_timestamp(&m, NULL, &out.nanoseconds) == -EINVAL);
    CHECK(ancil_get_timestamp(&m, &out.seconds, NULL) == -EINVAL && IS(3, 4));
}

static void descriptors(void)
{
    const int sent[5] = { 3, 4, 5, 6, 7 };
    int got[6], i;
    struct ancil_message m;
    size_t len, n;

    for (len = 0; len <= sizeof sent; len++)
        for (n = 0; n <= 6; n++) {
            const int holds = (int)(len / sizeof (int)), copied = holds < (int)n ? holds : (int)n;

            memset(got, 0xa5, sizeof got);
            m = message(SOL_SOCKET, SCM_RIGHTS, sent, len);
            CHECK(ancil_get_fds(&m, got, n) == holds);
            for (i = 0; i < 6; i++)
                CHECK(got[i] == (i < copied ? sent[i] : (int)0xa5a5a5a5));
            CHECK(ancil_get_fds(&m, NULL, n) == holds);
        }
    CHECK(ancil_get_fds(&m, got, SIZE_MAX) == 5 && got[5] == (int)0xa5a5a5a5);
    m.type = SCM_CREDENTIALS;
    CHECK(ancil_get_fds(&m, got, 6) == 0);
    m.type = SCM_RIGHTS, m.data = NULL;
    CHECK(ancil_get_fds(&m, got, 6) == 0);
    CHECK(ancil_get_fds(NULL, got, 6) == -EINVAL && ancil_get_fds(NULL, NULL, 0) == -EINVAL);
}

int main(void)
{
    const size_t page = (size_t)sysconf(_SC_PAGESIZE);
    unsigned char *const map =
        mmap(NULL, 2 * page, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

    CHECK(map != MAP_FAILED && mprotect(map + page, page, PROT_NONE) == 0);
    fence = map + page;
    writers();
    readers();
    timestamps();
    descriptors();
    puts("ok");
    return 0;
}
