/* The part of the emulator probe about control messages of sockets other than netlink's. */
#include "emulator.h"
#include <linux/errqueue.h>
#include <netinet/tcp.h>
#include <netinet/udp.h>
#include <poll.h>
#include <sys/time.h>
#include <time.h>

/* Numbers of the kernel that older headers lack. */
enum { IP_PROTOCOL_ = 52, UDP_SEGMENT_ = 103, UDP_GRO_ = 104, TCP_INQ_ = 36 };

/* Checks that an int that is sent with a datagram arrives with it, in `len` bytes: 4, or 1. */
static void int_arrives(const char *name, int family, int level, int option, int type, size_t len)
{
    const int value = 5, s = udp_to_itself(family);
    const unsigned char byte = 5;
    const void *const expected = len == 1 ? (const void *)&byte : &value;

    check(name, s >= 0 && enable(s, level, option) &&
                    round_trip(s, s, level, type, &value, sizeof value) &&
                    is_received(level, type, expected, len));
    close(s);
}

/* Checks that the kernel accepts an int, which no receiver sees. */
static void int_accepted(const char *name, int s, int level, int type, int value)
{
    check(name, s >= 0 && send_bytes(s, 1, level, type, &value, sizeof value) == 1);
    close(s);
}

/* Checks that a timestamp has `len` bytes and is less than an hour off. It begins with the seconds,
 * in `word` bytes. */
static void timestamp(const char *name, int option, int type, size_t len, size_t word)
{
    const int s = udp_to_itself(AF_INET);
    long long seconds = 0;
    int tries, right = 0;

    for (tries = 0; tries < 50 && !right && s >= 0 && enable(s, SOL_SOCKET, option); tries++) {
        if (!round_trip(s, s, 0, 0, NULL, 0) || received.level != SOL_SOCKET ||
            received.type != type || received.len != len)
            continue;
        if (word == 8)
            memcpy(&seconds, received.data, 8);
        else
            seconds = int_received();
        right = seconds > time(NULL) - 3600 && seconds < time(NULL) + 3600;
    }
    check(name, right);
    close(s);
}

/* Checks the error of a datagram that no socket receives: it has this machine's number for
 * ECONNREFUSED, and the address of the host that refused it follows. */
static void connection_refused(const char *name, int family, int level, int type)
{
    struct sockaddr_storage there;
    socklen_t len = sizeof there;
    const int s = udp_to_itself(family), taken = udp_to_itself(family);
    const struct sockaddr_in here = {
        .sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)
    };
    const struct sockaddr_in6 here6 = { .sin6_family = AF_INET6, .sin6_addr = in6addr_loopback };
    const void *const offender = family == AF_INET ? (const void *)&here : &here6;
    const size_t offender_len = family == AF_INET ? sizeof here : sizeof here6;
    struct pollfd error = { .fd = s };
    struct sock_extended_err e;

    check(name, s >= 0 && enable(s, level, type) &&
                    getsockname(taken, (struct sockaddr *)&there, &len) == 0 &&
                    connect(s, (struct sockaddr *)&there, len) == 0 &&
                    send_bytes(s, 1, 0, 0, NULL, 0) == 1 && poll(&error, 1, 5000) == 1 &&
                    receive_one(s, 1, MSG_ERRQUEUE) &&
                    received.level == level && received.type == type &&
                    (memcpy(&e, received.data, sizeof e), e.ee_errno == ECONNREFUSED) &&
                    received.len == sizeof e + offender_len &&
                    memcmp(received.data + sizeof e, offender, offender_len) == 0);
    close(s);
    close(taken);
}

/* Checks that 20 bytes are sent as two datagrams, and are received as one with UDP_GRO. */
static void segments(void)
{
    const unsigned short size = 10;
    const int s = udp_to_itself(AF_INET);
    char bytes[64];

    check("UDP_SEGMENT", send_bytes(s, 20, IPPROTO_UDP, UDP_SEGMENT_, &size, sizeof size) == 20 &&
                             recv(s, bytes, sizeof bytes, MSG_DONTWAIT) == 10);
    while (recv(s, bytes, sizeof bytes, MSG_DONTWAIT) > 0)
        ;
    check("UDP_GRO", enable(s, IPPROTO_UDP, UDP_GRO_) &&
                         send_bytes(s, 20, IPPROTO_UDP, UDP_SEGMENT_, &size, sizeof size) == 20 &&
                         receive_one(s, 20, MSG_DONTWAIT) &&
                         received.level == IPPROTO_UDP && int_received() == size);
    close(s);
}

/* Checks the number of bytes that are left in a TCP stream, and the length of TCP_INFO. */
static void tcp(void)
{
    struct sockaddr_in here = {
        .sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)
    };
    socklen_t len = sizeof here;
    const int listener = socket(AF_INET, SOCK_STREAM, 0), a = socket(AF_INET, SOCK_STREAM, 0);
    struct pollfd there = { .events = POLLIN };
    struct tcp_info info;
    int b;

    if (bind(listener, (struct sockaddr *)&here, len) || listen(listener, 1) ||
        getsockname(listener, (struct sockaddr *)&here, &len) ||
        connect(a, (struct sockaddr *)&here, len) || (b = accept(listener, NULL, NULL)) < 0)
        return;
    there.fd = b;
    check("TCP_INQ", enable(b, IPPROTO_TCP, TCP_INQ_) && send_bytes(a, 10, 0, 0, NULL, 0) == 10 &&
                         poll(&there, 1, 5000) == 1 && receive_one(b, 4, 0) && int_received() == 6);
    len = sizeof info;
    check("TCP_INFO",
          getsockopt(a, IPPROTO_TCP, TCP_INFO, &info, &len) == 0 && len == sizeof info);
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
    struct sockaddr_in here = {
        .sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)
    };

    if (socketpair(AF_UNIX, SOCK_DGRAM, 0, pair) != 0)
        return;
    fd = pair[0];
    check("SCM_RIGHTS",
          round_trip(pair[0], pair[1], SOL_SOCKET, SCM_RIGHTS, &fd, sizeof fd) &&
              received.type == SCM_RIGHTS && received.len == sizeof fd);
    check("SCM_CREDENTIALS",
          setsockopt(pair[1], SOL_SOCKET, SO_PASSCRED, &on, sizeof on) == 0 &&
              round_trip(pair[0], pair[1], SOL_SOCKET, SCM_CREDENTIALS, &me, sizeof me) &&
              is_received(SOL_SOCKET, SCM_CREDENTIALS, &me, sizeof me));
    int_arrives("IP_TTL", AF_INET, IPPROTO_IP, IP_RECVTTL, IP_TTL, 4);
    int_arrives("IP_TOS", AF_INET, IPPROTO_IP, IP_RECVTOS, IP_TOS, 1);
    int_arrives("IPV6_HOPLIMIT", AF_INET6, IPPROTO_IPV6, IPV6_RECVHOPLIMIT, IPV6_HOPLIMIT, 4);
    int_arrives("IPV6_TCLASS", AF_INET6, IPPROTO_IPV6, IPV6_RECVTCLASS, IPV6_TCLASS, 4);
    int_arrives("IPV6_2292HOPLIMIT", AF_INET6, IPPROTO_IPV6, IPV6_2292HOPLIMIT, IPV6_2292HOPLIMIT,
                4);
    int_accepted("IPV6_DONTFRAG", udp_to_itself(AF_INET6), IPPROTO_IPV6, IPV6_DONTFRAG, 1);
    s = socket(AF_INET, SOCK_RAW, IPPROTO_RAW);
    if (s >= 0 && setsockopt(s, IPPROTO_IP, IP_HDRINCL, &off, sizeof off) == 0 &&
        connect(s, (struct sockaddr *)&here, sizeof here) == 0)
        int_accepted("IP_PROTOCOL", s, IPPROTO_IP, IP_PROTOCOL_, IPPROTO_UDP);

    s = udp_to_itself(AF_INET);
    check("IP_PKTINFO",
          enable(s, IPPROTO_IP, IP_PKTINFO) && round_trip(s, s, 0, 0, NULL, 0) &&
              received.len == sizeof info &&
              (memcpy(&info, received.data, sizeof info), info.ipi_ifindex == 1) &&
              info.ipi_addr.s_addr == htonl(INADDR_LOOPBACK) &&
              send_bytes(s, 1, IPPROTO_IP, IP_PKTINFO, &info, sizeof info) == 1);
    s = udp_to_itself(AF_INET6);
    check("IPV6_PKTINFO",
          enable(s, IPPROTO_IPV6, IPV6_RECVPKTINFO) && round_trip(s, s, 0, 0, NULL, 0) &&
              received.len == sizeof info6 &&
              (memcpy(&info6, received.data, sizeof info6), info6.ipi6_ifindex == 1) &&
              send_bytes(s, 1, IPPROTO_IPV6, IPV6_PKTINFO, &info6, sizeof info6) == 1);
    connection_refused("IP_RECVERR", AF_INET, IPPROTO_IP, IP_RECVERR);
    connection_refused("IPV6_RECVERR", AF_INET6, IPPROTO_IPV6, IPV6_RECVERR);
    segments();
    tcp();
    s = udp_to_itself(AF_INET);
    check("SO_RXQ_OVFL", enable(s, SOL_SOCKET, SO_RXQ_OVFL));
    close(s);
    timestamp("SO_TIMESTAMP_OLD", SO_TIMESTAMP, SO_TIMESTAMP, 2 * sizeof (long), sizeof (long));
    timestamp("SO_TIMESTAMPNS_OLD", SO_TIMESTAMPNS, SO_TIMESTAMPNS, 2 * sizeof (long),
              sizeof (long));
    timestamp("SO_TIMESTAMP_NEW", 63, 63, 16, 8);
    timestamp("SO_TIMESTAMPNS_NEW", 64, 64, 16, 8);
}
