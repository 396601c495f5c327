/*
 * Compares what ancil_get_error, ancil_get_timestamp and ancil_get_timestamping read with messages
 * that the system's structs fill. Run by tests/api.rs.
 */
#define _GNU_SOURCE
#include <ancil.h>
#include "check.h"
#include "reads.h"

#include <errno.h>
#include <stddef.h>
#include <time.h> /* errqueue.h needs it */
#include <linux/errqueue.h>
#include <netinet/in.h>
#include <stdint.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/time.h>

static const struct sock_extended_err report = {
    .ee_errno = 111, .ee_origin = SO_EE_ORIGIN_ICMP, .ee_type = 5, .ee_code = 6,
    .ee_info = 0xfffffff0, .ee_data = 0xfffffff1,
};

static int is_report(const struct ancil_error *e)
{
    return e->error == 111 && e->origin == ANCIL_SO_EE_ORIGIN_ICMP && e->type == 5 && e->code == 6
           && e->info == 0xfffffff0 && e->data == 0xfffffff1;
}

/*
 * Messages that end with the report, also at SOL_IP: TLS and RDS sockets send those.
 */
static void errors_without_an_offender(void)
{
    static const struct { int level, type, may_be_longer; } rows[] = {
        { IPPROTO_IP, IP_RECVERR, 1 },
        { IPPROTO_IPV6, IPV6_RECVERR, 1 },
        { ANCIL_SOL_PACKET, ANCIL_PACKET_TX_TIMESTAMP, 0 },
        { ANCIL_SOL_BLUETOOTH, ANCIL_BT_SCM_ERROR, 0 },
        { ANCIL_SOL_CAN_RAW, ANCIL_SCM_CAN_RAW_ERRQUEUE, 0 },
        { ANCIL_SOL_CAN_J1939, ANCIL_SCM_J1939_ERRQUEUE, 0 },
        { ANCIL_SOL_VSOCK, ANCIL_VSOCK_RECVERR, 0 },
    };
    struct ancil_message none = { 0, 0, NULL, SIZE_MAX };
    struct ancil_error out, before;
    size_t i;

    for (i = 0; i < sizeof rows / sizeof *rows; i++) {
        READS(ancil_get_error(&m, &out), rows[i].level, rows[i].type, report,
              n == 16 || (rows[i].may_be_longer && n > 16 && n < MAX_LEN));
        CHECK(is_report(&out) && out.offender == NULL && out.offender_len == 0);
    }
    CHECK(ancil_get_error(NULL, &out) == -EINVAL);
    CHECK(ancil_get_error(&none, NULL) == -EINVAL);
    CHECK(ancil_get_error(&none, &out) == 0);
    none.level = IPPROTO_IP, none.type = IP_RECVERR;
    CHECK(ancil_get_error(&none, &out) == -EBADMSG && is_report(&out)); /* unchanged */
}

/*
 * Checks that the offender is the address after the report, unless it is cut short or of another
 * family.
 */
static void offender(int level, int type, void *payload, size_t len, sa_family_t family)
{
    const size_t address_len = len - sizeof report;
    struct ancil_error e;
    struct ancil_message m;

    memcpy((unsigned char *)payload + sizeof report, &family, sizeof family);
    m = message(level, type, payload, len);
    CHECK(ancil_get_error(&m, &e) == 1 && is_report(&e) && e.offender_len == address_len);
    CHECK(e.offender == (const unsigned char *)m.data + sizeof report);
    CHECK(memcmp(e.offender, (unsigned char *)payload + sizeof report, address_len) == 0);
    m = message(level, type, payload, len - 1);
    CHECK(ancil_get_error(&m, &e) == 1 && is_report(&e));
    CHECK(e.offender == NULL && e.offender_len == 0);
    memset((unsigned char *)payload + sizeof report, 0, sizeof family); /* AF_UNSPEC: unknown */
    m = message(level, type, payload, len);
    CHECK(ancil_get_error(&m, &e) == 1 && is_report(&e));
    CHECK(e.offender == NULL && e.offender_len == 0);
}

static void offenders(void)
{
    struct { struct sock_extended_err report; struct sockaddr_in from; } v4 = {
        .report = report, .from = { .sin_addr = { htonl(0x7f000001) } },
    };
    struct { struct sock_extended_err report; struct sockaddr_in6 from; } v6 = {
        .report = report, .from = { .sin6_addr = IN6ADDR_LOOPBACK_INIT },
    };

    /* The family of the address decides, not the message. */
    offender(IPPROTO_IP, IP_RECVERR, &v4, sizeof v4, AF_INET);
    offender(IPPROTO_IP, IP_RECVERR, &v6, sizeof v6, AF_INET6);
    offender(IPPROTO_IPV6, IPV6_RECVERR, &v4, sizeof v4, AF_INET);
    offender(IPPROTO_IPV6, IPV6_RECVERR, &v6, sizeof v6, AF_INET6);
}

/* The extension of an ICMP message, which the system has in a union with ee_data. */
static void extensions(void)
{
    struct sock_extended_err e = { .ee_origin = SO_EE_ORIGIN_ICMP6 };
    struct ancil_message m;
    struct ancil_error out;
    struct ancil_sock_ee_data_rfc4884 view = { 7, 7, 7 };

    m = message(IPPROTO_IPV6, IPV6_RECVERR, &e, sizeof e);
    CHECK(ancil_get_error(&m, &out) == 1 && ancil_get_extension(&out, &view) == 0);
    e.ee_rfc4884.len = 0x1234;
    e.ee_rfc4884.flags = ANCIL_SO_EE_RFC4884_FLAG_INVALID;
    m = message(IPPROTO_IPV6, IPV6_RECVERR, &e, sizeof e);
    CHECK(ancil_get_error(&m, &out) == 1);
    CHECK(ancil_get_extension(&out, NULL) == -EINVAL);
    CHECK(ancil_get_extension(NULL, &view) == -EINVAL);
    out.origin = ANCIL_SO_EE_ORIGIN_LOCAL;
    CHECK(ancil_get_extension(&out, &view) == 0);
    out.origin = 0x102;
    CHECK(ancil_get_extension(&out, &view) == 0 && view.len == 7 && view.flags == 7);
    out.origin = ANCIL_SO_EE_ORIGIN_ICMP6;
    CHECK(ancil_get_extension(&out, &view) == 1);
    CHECK(view.len == 0x1234 && view.flags == 1 && view.reserved == 0);
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
    CHECK(GET == 0 && IS(1, 2)); /* only a time by the device's clock */
    m = message(SOL_SOCKET, ANCIL_SO_TIMESTAMPING_NEW, &flags, sizeof flags);
    CHECK(GET == 0 && IS(1, 2));
    m = message(SOL_SOCKET, ANCIL_SO_TIMESTAMPNS_NEW, bad, sizeof bad);
    CHECK(GET == -EBADMSG && IS(1, 2));
    CHECK(ancil_get_timestamp(NULL, &out.seconds, &out.nanoseconds) == -EINVAL);
    m = message(SOL_SOCKET, ANCIL_SO_TIMESTAMPNS_NEW, nano64, sizeof nano64);
    CHECK(ancil_get_timestamp(&m, NULL, &out.nanoseconds) == -EINVAL);
    CHECK(ancil_get_timestamp(&m, &out.seconds, NULL) == -EINVAL && IS(1, 2));
}

static int is_time(const struct ancil_timestamp *t, int64_t seconds, uint32_t nanoseconds)
{
    return t->measured == 1 && t->seconds == seconds && t->nanoseconds == nanoseconds;
}

static int is_absent(const struct ancil_timestamp *t)
{
    return t->measured == 0 && t->seconds == 0 && t->nanoseconds == 0;
}

static void three_times(void)
{
    static const int64_t wide[3][2] = { { -1, 2 }, { 3, 4 }, { 0, 999999999 } };
    static const int32_t narrow[3][2] = { { -1, 2 }, { 3, 4 }, { 0, 999999999 } };
    static const int types[2] = { ANCIL_SO_TIMESTAMPING_OLD, ANCIL_SO_TIMESTAMPING_NEW };
    int64_t one[3][2], bad[3][2] = { { 1, 2 }, { 3, 4 }, { 5, 1000000000 } };
    struct ancil_timestamping out, before;
    struct ancil_timestamp *slots[3];
    struct ancil_message m;
    uint32_t flags = 3;
    size_t i, k;

    slots[0] = &out.software, slots[1] = &out.transformed, slots[2] = &out.hardware;
    for (i = 0; i < 2; i++) {
        READS(ancil_get_timestamping(&m, &out), SOL_SOCKET, types[i], wide,
              n == 4 || n == 24 || n == 48);
        CHECK(is_time(slots[0], -1, 2) && is_time(slots[1], 3, 4));
        CHECK(is_time(slots[2], 0, 999999999));
        READS(ancil_get_timestamping(&m, &out), SOL_SOCKET, types[i], narrow,
              n == 4 || n == 24 || n == 48);
        CHECK(is_time(slots[0], -1, 2) && is_time(slots[1], 3, 4));
        CHECK(is_time(slots[2], 0, 999999999));
    }
    for (i = 0; i < 3; i++) {
        memset(one, 0, sizeof one);
        one[i][0] = 7;
        m = message(SOL_SOCKET, ANCIL_SO_TIMESTAMPING_NEW, one, sizeof one);
        CHECK(ancil_get_timestamping(&m, &out) == 1);
        for (k = 0; k < 3; k++)
            CHECK(k == i ? is_time(slots[k], 7, 0) : is_absent(slots[k]));
    }
    memcpy(&before, &out, sizeof out);
    m = message(SOL_SOCKET, ANCIL_SO_TIMESTAMPING_NEW, bad, sizeof bad);
    CHECK(ancil_get_timestamping(&m, &out) == -EBADMSG);
    m = message(SOL_SOCKET, ANCIL_SO_TIMESTAMPING_NEW, &flags, sizeof flags);
    CHECK(ancil_get_timestamping(&m, &out) == 0);
    m.len = SIZE_MAX, m.data = NULL;
    CHECK(ancil_get_timestamping(&m, &out) == -EBADMSG);
    m = message(SOL_SOCKET, ANCIL_SO_TIMESTAMPNS_NEW, wide, 16);
    CHECK(ancil_get_timestamping(&m, &out) == 0);
    CHECK(ancil_get_timestamping(NULL, &out) == -EINVAL);
    CHECK(ancil_get_timestamping(&m, NULL) == -EINVAL);
    CHECK(memcmp(&before, &out, sizeof out) == 0);
}

int main(void)
{
    make_fence();
    errors_without_an_offender();
    offenders();
    extensions();
    timestamps();
    three_times();
    puts("ok");
    return 0;
}
