/*
 * What an emulator of user programs does to control messages, found out by the system's macros alone. Prints the names
 * of messages that do not go through it as the kernel has them, with spaces between. Not a test of ancil: it never
 * sees ancil. Used by ci/machines.sh.
 */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <linux/netlink.h>
#include <linux/rtnetlink.h>
#include <netinet/in.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <time.h>
#include <unistd.h>

#ifndef SO_INQ
#define SO_INQ 84
#endif

static int got_level, got_type;
static size_t got_len;
static unsigned char got[512], space[1024];

/* Sends one byte, with one control message if it has data, to the socket itself or its peer; receives one message. */
static int there_and_back(int from, int to, int level, int type, const void *data, size_t len)
{
    char byte = 'x';
    struct iovec iov = { &byte, 1 };
    struct msghdr m = { .msg_iov = &iov, .msg_iovlen = 1 };
    struct cmsghdr *c;

    memset(space, 0, sizeof space);
    if (data) {
        m.msg_control = space;
        m.msg_controllen = CMSG_SPACE(len);
        c = CMSG_FIRSTHDR(&m);
        c->cmsg_level = level;
        c->cmsg_type = type;
        c->cmsg_len = CMSG_LEN(len);
        memcpy(CMSG_DATA(c), data, len);
    }
    if (sendmsg(from, &m, 0) != 1)
        return 0;
    memset(space, 0, sizeof space);
    m.msg_control = space;
    m.msg_controllen = sizeof space;
    got_len = 0;
    if (recvmsg(to, &m, 0) != 1 || !(c = CMSG_FIRSTHDR(&m)))
        return 0;
    got_level = c->cmsg_level;
    got_type = c->cmsg_type;
    got_len = c->cmsg_len - CMSG_LEN(0);
    if (got_len > sizeof got)
        return 0;
    memcpy(got, CMSG_DATA(c), got_len);
    return !(m.msg_flags & MSG_CTRUNC) && !CMSG_NXTHDR(&m, c);
}

static int same(int level, int type, const void *data, size_t len)
{
    return got_level == level && got_type == type && got_len == len && memcmp(got, data, len) == 0;
}

static void says(const char *name, int right)
{
    if (!right)
        printf("%s ", name);
}

/* A UDP socket that is connected to itself. */
static int mirror(int family)
{
    struct sockaddr_storage address = { .ss_family = (sa_family_t)family };
    socklen_t len = family == AF_INET ? sizeof (struct sockaddr_in) : sizeof (struct sockaddr_in6);
    const int s = socket(family, SOCK_DGRAM, 0);

    if (family == AF_INET)
        ((struct sockaddr_in *)&address)->sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    else
        ((struct sockaddr_in6 *)&address)->sin6_addr = in6addr_loopback;
    if (bind(s, (struct sockaddr *)&address, len) != 0 || getsockname(s, (struct sockaddr *)&address, &len) != 0 ||
        connect(s, (struct sockaddr *)&address, len) != 0)
        return -1;
    return s;
}

static int switched_on(int s, int level, int option)
{
    const int on = 1;
    return setsockopt(s, level, option, &on, sizeof on) == 0;
}

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

/* A time of this hour, seconds first, in as many bytes as the system's struct has. */
static void stamp(const char *name, int option, int type, size_t len, size_t word)
{
    const int s = mirror(AF_INET);
    long long seconds = 0;
    int tries, right = 0;

    for (tries = 0; tries < 50 && !right && s >= 0 && switched_on(s, SOL_SOCKET, option); tries++) {
        if (!there_and_back(s, s, 0, 0, NULL, 0) || got_level != SOL_SOCKET || got_type != type || got_len != len)
            continue;
        if (word == 8) {
            memcpy(&seconds, got, 8);
        } else {
            int narrow;
            memcpy(&narrow, got, sizeof narrow);
            seconds = narrow;
        }
        right = seconds > time(NULL) - 3600 && seconds < time(NULL) + 3600;
    }
    says(name, right);
    close(s);
}

/* Whether the attributes of the first network interface end where its message ends. */
static int link_is_whole(void)
{
    static union { struct nlmsghdr header; char bytes[1 << 16]; } answer;
    struct { struct nlmsghdr header; struct ifinfomsg info; } ask;
    const int s = socket(AF_NETLINK, SOCK_RAW, NETLINK_ROUTE);
    struct rtattr *a;
    ssize_t n;
    int left;

    memset(&ask, 0, sizeof ask);
    ask.header.nlmsg_len = sizeof ask;
    ask.header.nlmsg_type = RTM_GETLINK;
    ask.header.nlmsg_flags = NLM_F_REQUEST | NLM_F_DUMP;
    if (s < 0 || send(s, &ask, sizeof ask, 0) != sizeof ask || (n = recv(s, &answer, sizeof answer, 0)) < 0)
        return 0;
    close(s);
    if (!NLMSG_OK(&answer.header, (unsigned)n) || answer.header.nlmsg_type != RTM_NEWLINK)
        return 0;
    left = IFLA_PAYLOAD(&answer.header);
    for (a = IFLA_RTA(NLMSG_DATA(&answer.header)); RTA_OK(a, left); a = RTA_NEXT(a, left))
        ;
    return left <= 0;
}

int main(void)
{
    int pair[2], s, fd, on = 1;
    struct ucred me = { getpid(), getuid(), getgid() };
    struct in_pktinfo info;
    struct in6_pktinfo info6;

    if (socketpair(AF_UNIX, SOCK_DGRAM, 0, pair) != 0)
        return 1;
    fd = pair[0];
    says("SCM_RIGHTS", there_and_back(pair[0], pair[1], SOL_SOCKET, SCM_RIGHTS, &fd, sizeof fd) &&
                           got_type == SCM_RIGHTS && got_len == sizeof fd);
    says("SCM_CREDENTIALS", setsockopt(pair[1], SOL_SOCKET, SO_PASSCRED, &on, sizeof on) == 0 &&
                                there_and_back(pair[0], pair[1], SOL_SOCKET, SCM_CREDENTIALS, &me, sizeof me) &&
                                same(SOL_SOCKET, SCM_CREDENTIALS, &me, sizeof me));
    number("IP_TTL", AF_INET, IPPROTO_IP, IP_RECVTTL, IP_TTL, IP_TTL, 4);
    number("IP_TOS", AF_INET, IPPROTO_IP, IP_RECVTOS, IP_TOS, IP_TOS, 1);
    number("IPV6_HOPLIMIT", AF_INET6, IPPROTO_IPV6, IPV6_RECVHOPLIMIT, IPV6_HOPLIMIT, IPV6_HOPLIMIT, 4);
    number("IPV6_TCLASS", AF_INET6, IPPROTO_IPV6, IPV6_RECVTCLASS, IPV6_TCLASS, IPV6_TCLASS, 4);

    s = mirror(AF_INET);
    says("IP_PKTINFO", switched_on(s, IPPROTO_IP, IP_PKTINFO) && there_and_back(s, s, 0, 0, NULL, 0) &&
                           got_len == sizeof info && (memcpy(&info, got, sizeof info), info.ipi_ifindex == 1) &&
                           info.ipi_addr.s_addr == htonl(INADDR_LOOPBACK));
    s = mirror(AF_INET6);
    says("IPV6_PKTINFO", switched_on(s, IPPROTO_IPV6, IPV6_RECVPKTINFO) && there_and_back(s, s, 0, 0, NULL, 0) &&
                             got_len == sizeof info6 && (memcpy(&info6, got, sizeof info6), info6.ipi6_ifindex == 1));
    stamp("SO_TIMESTAMP_OLD", SO_TIMESTAMP, SO_TIMESTAMP, 2 * sizeof (long), sizeof (long));
    stamp("SO_TIMESTAMPNS_OLD", SO_TIMESTAMPNS, SO_TIMESTAMPNS, 2 * sizeof (long), sizeof (long));
    stamp("SO_TIMESTAMP_NEW", 63, 63, 16, 8);
    stamp("SO_TIMESTAMPNS_NEW", 64, 64, 16, 8);
    says("RTM_NEWLINK", link_is_whole());
    return 0;
}
