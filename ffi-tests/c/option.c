/*
 * Compares ancil_option with the system's numbers and with the kernel, and checks the words of
 * ancil_check_text. Run by tests/api.rs.
 */
#define _GNU_SOURCE
#include <ancil.h>
#include "check.h"

#include <errno.h>
#include <netinet/in.h>
#include <stdint.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#ifndef SO_TIMESTAMP_OLD /* this libc has one form only */
#define SO_TIMESTAMP_OLD SO_TIMESTAMP
#define SO_TIMESTAMPING_OLD SO_TIMESTAMPING
#endif

/*
 * Checks the numbers, and that the value is 1 in `len` bytes.
 */
static struct ancil_sockopt option(int level, int type, int number, unsigned len)
{
    static const unsigned char byte = 1;
    static const int on = 1;
    struct ancil_sockopt o;

    memset(&o, 0xa5, sizeof o);
    CHECK(ancil_option(level, type, &o) == 1);
    CHECK(o.level == level && o.name == number && o.len == len);
    CHECK(memcmp(o.value, len == 1 ? (const void *)&byte : &on, len) == 0);
    return o;
}

static void numbers(void)
{
    struct ancil_sockopt o, before;

    option(SOL_SOCKET, ANCIL_SO_TIMESTAMP_OLD, SO_TIMESTAMP_OLD, 4);
    option(SOL_SOCKET, ANCIL_SO_RXQ_OVFL, SO_RXQ_OVFL, 4);
    option(IPPROTO_IP, IP_TOS, IP_RECVTOS, 4);
    option(IPPROTO_IP, IP_RECVERR, IP_RECVERR, 4);
    option(IPPROTO_IPV6, IPV6_PKTINFO, IPV6_RECVPKTINFO, 4);
    option(IPPROTO_IPV6, IPV6_HOPLIMIT, IPV6_RECVHOPLIMIT, 4);
    option(IPPROTO_SCTP, ANCIL_SCTP_SNDRCV, 11, 1); /* SCTP_EVENTS: the first byte of a struct */
    /* The value is the caller's to choose. */
    option(SOL_SOCKET, ANCIL_SO_TIMESTAMPING_OLD, SO_TIMESTAMPING_OLD, 0);
    option(SOL_SOCKET, ANCIL_SCM_TXTIME, SO_TXTIME, 0);

    memset(&o, 0xa5, sizeof o);
    memcpy(&before, &o, sizeof o);
    CHECK(ancil_option(SOL_SOCKET, SCM_RIGHTS, &o) == 0);           /* always delivered */
    CHECK(ancil_option(ANCIL_SOL_UDP, ANCIL_UDP_SEGMENT, &o) == 0); /* only sent */
    CHECK(ancil_option(ANCIL_SOL_TLS, ANCIL_TLS_GET_RECORD_TYPE, &o) == 0);
    CHECK(ancil_option(-1, INT32_MIN, &o) == 0 && ancil_option(SOL_SOCKET, -1, &o) == 0);
    CHECK(memcmp(&before, &o, sizeof o) == 0);
    CHECK(ancil_option(SOL_SOCKET, SCM_CREDENTIALS, NULL) == -EINVAL);
}

/*
 * Checks that the kernel has the option off, sets it, and has it on.
 */
static void switch_on(int domain, int level, int type, int number)
{
    const struct ancil_sockopt o = option(level, type, number, 4);
    const int s = socket(domain, SOCK_DGRAM, 0);
    int is = -1;
    socklen_t len = sizeof is;

    CHECK(s >= 0);
    CHECK(getsockopt(s, o.level, o.name, &is, &len) == 0 && is == 0);
    CHECK(setsockopt(s, o.level, o.name, o.value, o.len) == 0);
    CHECK(getsockopt(s, o.level, o.name, &is, &len) == 0 && is == 1);
    close(s);
}

static void kernel(void)
{
    const int s = socket(AF_INET, SOCK_DGRAM, 0);
    struct ancil_sockopt o;

    switch_on(AF_UNIX, SOL_SOCKET, SCM_CREDENTIALS, SO_PASSCRED);
    switch_on(AF_INET, IPPROTO_IP, IP_TOS, IP_RECVTOS);
    switch_on(AF_INET, IPPROTO_IP, IP_PKTINFO, IP_PKTINFO);
    /* A value that the caller forgot to choose is refused. */
    CHECK(s >= 0 && ancil_option(SOL_SOCKET, ANCIL_SO_TIMESTAMPING_OLD, &o) == 1);
    CHECK(setsockopt(s, o.level, o.name, o.value, o.len) == -1);
    close(s);
}

static char words[256];

/*
 * Writes the text for a UDP socket to `words`, and returns its length.
 */
static size_t text(size_t size, const void *control, size_t controllen,
                   const struct ancil_facts *facts)
{
    memset(words, 0x55, sizeof words);
    return ancil_check_text(words, size, AF_INET, SOCK_DGRAM, 0, control, controllen, facts);
}

static void verdicts(void)
{
    static const char because[] =
        "IP_TTL at offset 0: the payload holds a value out of range (EINVAL)";
    ANCIL_CONTROL_BUFFER(control, ANCIL_CMSG_SPACE(sizeof (int)));
    const size_t len = sizeof control.data, all = sizeof because - 1;
    struct ancil_facts facts;
    struct ancil_writer w;
    size_t size, i;

    ancil_writer_init(&w, control.data, len);
    CHECK(ancil_writer_put_int(&w, IPPROTO_IP, IP_TTL, 256) == 0);
    for (size = 0; size < sizeof words; size++) {
        const size_t kept = size == 0 || size > all ? all : size - 1;

        CHECK(text(size, control.data, len, NULL) == all);
        CHECK(size == 0 || (memcmp(words, because, kept) == 0 && words[kept] == 0));
        for (i = size == 0 ? 0 : kept + 1; i < sizeof words; i++)
            CHECK(words[i] == 0x55);
    }
    for (i = 0; i < 2; i++) /* NULL has no room, whatever the size is */
        CHECK(ancil_check_text(NULL, i ? SIZE_MAX : 0, AF_INET, SOCK_DGRAM, 0, control.data, len,
                               NULL) == all);
    CHECK(text(9, control.data, 0, NULL) == 0 && words[0] == 0 && words[1] == 0x55);
    CHECK(text(200, NULL, 0, NULL) == 0);
    CHECK(text(200, NULL, 1, NULL) > 0 && strstr(words, "(EFAULT)"));
    CHECK(text(200, NULL, SIZE_MAX, NULL) > 0 && strstr(words, "(ENOBUFS)"));

    memset(&facts, 0, sizeof facts);
    ancil_writer_init(&w, control.data, len);
    CHECK(ancil_writer_put_int(&w, SOL_SOCKET, ANCIL_SO_MARK, 1) == 0);
    CHECK(text(200, control.data, len, &facts) == 0);
    facts.fds_len = SIZE_MAX; /* NULL has no descriptors, whatever their number is */
    facts.lacking = ~facts.lacking;
    CHECK(ancil_check_control_with(AF_INET, SOCK_DGRAM, 0, control.data, len, &facts) == -EPERM);
    CHECK(text(200, control.data, len, &facts) > 0);
    CHECK(strcmp(words, "SO_MARK at offset 0: the sender lacks a capability that the message needs "
                        "(EPERM)") == 0);
}

int main(void)
{
    numbers();
    kernel();
    verdicts();
    puts("ok");
    return 0;
}
