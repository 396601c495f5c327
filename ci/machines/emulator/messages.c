/* The part of the emulator probe about control messages of sockets other than netlink's. */
#include "emulator.h"
#include <linux/errqueue.h>
#include <netinet/tcp.h>
#include <netinet/udp.h>
#include <poll.h>
#include <sys/time.h>
#include <time.h>

/* In newer headers than these. */
enum { IP_PROTOCOL_ = 52, UDP_SEGMENT_ = 103, UDP_GRO_ = 104, TCP_INQ_ = 36 };

/* An int that is sent beside the data, and what arrives because of it. */
static void number(const char *name, int family, int level, int option, int send, int type, size_t len)
{
    const int value = 5, s = mirror(family);
    const unsigned char byte = 5;
    const void *const expected = len == 1 ? (const void *)&byte : &value;

    says(name, s >= 0 && switched_on(s, level, option) && there_and_back(s, s, level, send, &value, sizeof value) &&
                   same(level, type, expected, len));
    close(s);
}

/* An int that the kernel takes and that nobody receives. */
static void taken(const char *name, int s, int level, int type, int value)
{
    says(name, s >= 0 && sends(s, 1, level, type, &value, sizeof value) == 1);
    close(s);
}

/* A time of this hour, seconds first, in as many bytes as the system's struct has. */
static void stamp(const char *name, int option, int type, size_t len, size_t word)
{
    const int s = mirror(AF_INET);
    long long seconds = 0;
    int tries, right = 0;

    for (tries = 0; tries < 50 && !right && s >= 0 && switched_on(s, SOL_SOCKET, option); tries++) {
        if (!there_and_back(s, s, 0, 0, NULL, 0) || got.level != SOL_SOCKET || got.type != type || got.len != len)
            continue;
        if (word == 8)
            memcpy(&seconds, got.data, 8);
        else
            seconds = got_int();
        right = seconds > time(NULL) - 3600 && seconds < time(NULL) + 3600;
    }
    says(name, right);
    close(s);
}

/* What comes back from a port where nobody is: the error's number is this machine's, and who said it stands behind. */
static void refused(const char *name, int family, int level, int option, int type)
{
    struct sockaddr_storage there;
    socklen_t len = sizeof there;
    const int s = mirror(family), taken = mirror(family);
    const struct sockaddr_in here = { .sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
    const struct sockaddr_in6 here6 = { .sin6_family = AF_INET6, .sin6_addr = in6addr_loopback };
    const void *const offender = family == AF_INET ? (const void *)&here : &here6;
    struct pollfd error = { .fd = s };
    struct sock_extended_err e;

    says(name, s >= 0 && switched_on(s, level, option) && getsockname(taken, (struct sockaddr *)&there, &len) == 0 &&
                   connect(s, (struct sockaddr *)&there, len) == 0 && sends(s, 1, 0, 0, NULL, 0) == 1 &&
                   poll(&error, 1, 5000) == 1 && receives(s, 1, MSG_ERRQUEUE) && got.level == level &&
                   got.type == type && (memcpy(&e, got.data, sizeof e), e.ee_errno == ECONNREFUSED) &&
                   got.len == sizeof e + (family == AF_INET ? sizeof here : sizeof here6) &&
                   memcmp(got.data + sizeof e, offender, got.len - sizeof e) == 0);
    close(s);
    close(taken);
}

/* Twenty bytes as two datagrams, and put together again. */
static void segments(void)
{
    const unsigned short size = 10;
    const int s = mirror(AF_INET);
    char bytes[64];

    says("UDP_SEGMENT", sends(s, 20, IPPROTO_UDP, UDP_SEGMENT_, &size, sizeof size) == 20 &&
                            recv(s, bytes, sizeof bytes, MSG_DONTWAIT) == 10);
    while (recv(s, bytes, sizeof bytes, MSG_DONTWAIT) > 0)
        ;
    says("UDP_GRO", switched_on(s, IPPROTO_UDP, UDP_GRO_) &&
                        sends(s, 20, IPPROTO_UDP, UDP_SEGMENT_, &size, sizeof size) == 20 &&
                        receives(s, 20, MSG_DONTWAIT) && got.level == IPPROTO_UDP && got_int() == size);
    close(s);
}

/* A stream's bytes that are left. */
static void bytes_left(void)
{
    struct sockaddr_in here = { .sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
    socklen_t len = sizeof here;
    const int listener = socket(AF_INET, SOCK_STREAM, 0), a = socket(AF_INET, SOCK_STREAM, 0);
    struct pollfd there = { .events = POLLIN };
    struct tcp_info info;
    int b;

    if (bind(listener, (struct sockaddr *)&here, len) || listen(listener, 1) ||
        getsockname(listener, (struct sockaddr *)&here, &len) || connect(a, (struct sockaddr *)&here, len) ||
        (b = accept(listener, NULL, NULL)) < 0)
        return;
    there.fd = b;
    says("TCP_INQ", switched_on(b, IPPROTO_TCP, TCP_INQ_) && sends(a, 10, 0, 0, NULL, 0) == 10 &&
                        poll(&there, 1, 5000) == 1 && receives(b, 4, 0) && got_int() == 6);
    len = sizeof info;
    says("TCP_INFO", getsockopt(a, IPPROTO_TCP, TCP_INFO, &info, &len) == 0 && len == sizeof info);
    close(listener);
    close(a);
    close(b);
}

void messages(void)
{
    const int on = 1, off = 0;
    int pair[2], s, fd;
    struct ucred me = { getpid(), getuid(), getgid() };
    struct in_pktinfo info;
    struct in6_pktinfo info6;
    struct sockaddr_in here = { .sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };

    if (socketpair(AF_UNIX, SOCK_DGRAM, 0, pair) != 0)
        return;
    fd = pair[0];
    says("SCM_RIGHTS", there_and_back(pair[0], pair[1], SOL_SOCKET, SCM_RIGHTS, &fd, sizeof fd) &&
                           got.type == SCM_RIGHTS && got.len == sizeof fd);
    says("SCM_CREDENTIALS", setsockopt(pair[1], SOL_SOCKET, SO_PASSCRED, &on, sizeof on) == 0 &&
                                there_and_back(pair[0], pair[1], SOL_SOCKET, SCM_CREDENTIALS, &me, sizeof me) &&
                                same(SOL_SOCKET, SCM_CREDENTIALS, &me, sizeof me));
    number("IP_TTL", AF_INET, IPPROTO_IP, IP_RECVTTL, IP_TTL, IP_TTL, 4);
    number("IP_TOS", AF_INET, IPPROTO_IP, IP_RECVTOS, IP_TOS, IP_TOS, 1);
    number("IPV6_HOPLIMIT", AF_INET6, IPPROTO_IPV6, IPV6_RECVHOPLIMIT, IPV6_HOPLIMIT, IPV6_HOPLIMIT, 4);
    number("IPV6_TCLASS", AF_INET6, IPPROTO_IPV6, IPV6_RECVTCLASS, IPV6_TCLASS, IPV6_TCLASS, 4);
    number("IPV6_2292HOPLIMIT", AF_INET6, IPPROTO_IPV6, IPV6_2292HOPLIMIT, IPV6_2292HOPLIMIT, IPV6_2292HOPLIMIT, 4);
    taken("IPV6_DONTFRAG", mirror(AF_INET6), IPPROTO_IPV6, IPV6_DONTFRAG, 1);
    s = socket(AF_INET, SOCK_RAW, IPPROTO_RAW);
    if (s >= 0 && setsockopt(s, IPPROTO_IP, IP_HDRINCL, &off, sizeof off) == 0 &&
        connect(s, (struct sockaddr *)&here, sizeof here) == 0)
        taken("IP_PROTOCOL", s, IPPROTO_IP, IP_PROTOCOL_, IPPROTO_UDP);

    s = mirror(AF_INET);
    says("IP_PKTINFO", switched_on(s, IPPROTO_IP, IP_PKTINFO) && there_and_back(s, s, 0, 0, NULL, 0) &&
                           got.len == sizeof info && (memcpy(&info, got.data, sizeof info), info.ipi_ifindex == 1) &&
                           info.ipi_addr.s_addr == htonl(INADDR_LOOPBACK));
    s = mirror(AF_INET6);
    says("IPV6_PKTINFO", switched_on(s, IPPROTO_IPV6, IPV6_RECVPKTINFO) && there_and_back(s, s, 0, 0, NULL, 0) &&
                             got.len == sizeof info6 &&
                             (memcpy(&info6, got.data, sizeof info6), info6.ipi6_ifindex == 1));
    refused("IP_RECVERR", AF_INET, IPPROTO_IP, IP_RECVERR, IP_RECVERR);
    refused("IPV6_RECVERR", AF_INET6, IPPROTO_IPV6, IPV6_RECVERR, IPV6_RECVERR);
    segments();
    bytes_left();
    stamp("SO_TIMESTAMP_OLD", SO_TIMESTAMP, SO_TIMESTAMP, 2 * sizeof (long), sizeof (long));
    stamp("SO_TIMESTAMPNS_OLD", SO_TIMESTAMPNS, SO_TIMESTAMPNS, 2 * sizeof (long), sizeof (long));
    stamp("SO_TIMESTAMP_NEW", 63, 63, 16, 8);
    stamp("SO_TIMESTAMPNS_NEW", 64, 64, 16, 8);
}
