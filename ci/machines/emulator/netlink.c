/* The part of the emulator probe about netlink. */
#include "emulator.h"
#include <linux/netlink.h>
#include <linux/rtnetlink.h>
#include <net/if.h>
#include <limits.h>
#include <sched.h>
#include <sys/ioctl.h>

struct request {
    struct nlmsghdr header;
    struct ifinfomsg info;
};

static struct request request_for(unsigned short type, unsigned short flags, int index)
{
    struct request request;

    memset(&request, 0, sizeof request);
    request.header.nlmsg_len = sizeof request;
    request.header.nlmsg_type = type;
    request.header.nlmsg_flags = NLM_F_REQUEST | flags;
    request.header.nlmsg_seq = 7;
    request.info.ifi_index = index;
    return request;
}

/* Sends a request of this type for the first network interface, or for all in a dump. */
static int ask(int s, unsigned short type, unsigned short flags, const struct ucred *me)
{
    struct request request = request_for(type, flags, flags & NLM_F_DUMP ? 0 : 1);
    struct iovec iov = { &request, sizeof request };
    struct msghdr m = { .msg_iov = &iov, .msg_iovlen = 1 };
    char space[CMSG_SPACE(sizeof *me)] = { 0 };
    struct cmsghdr *c;

    if (me) {
        m.msg_control = space;
        m.msg_controllen = sizeof space;
        c = CMSG_FIRSTHDR(&m);
        c->cmsg_level = SOL_SOCKET;
        c->cmsg_type = SCM_CREDENTIALS;
        c->cmsg_len = CMSG_LEN(sizeof *me);
        memcpy(CMSG_DATA(c), me, sizeof *me);
    }
    return sendmsg(s, &m, 0) == sizeof request;
}

/* Whether the attributes of the first network interface fill its message. */
static int link_is_whole(int s)
{
    static union { struct nlmsghdr header; char bytes[1 << 16]; } answer;
    struct rtattr *a;
    ssize_t n;
    int left;

    if (!ask(s, RTM_GETLINK, NLM_F_DUMP, NULL) || (n = recv(s, &answer, sizeof answer, 0)) < 0)
        return 0;
    if (!NLMSG_OK(&answer.header, (unsigned)n) || answer.header.nlmsg_type != RTM_NEWLINK)
        return 0;
    left = IFLA_PAYLOAD(&answer.header);
    for (a = IFLA_RTA(NLMSG_DATA(&answer.header)); RTA_OK(a, left); a = RTA_NEXT(a, left))
        ;
    return left <= 0;
}

/* Whether the error for an interface that does not exist is ENODEV and contains the request. */
static int error_is_whole(int s)
{
    const struct request request = request_for(RTM_GETLINK, 0, INT_MAX);
    static union { struct nlmsghdr header; char bytes[1 << 10]; } answer;
    const struct nlmsgerr *e = NLMSG_DATA(&answer.header);
    const ssize_t least = NLMSG_LENGTH(sizeof *e) + sizeof request.info;

    return send(s, &request, sizeof request, 0) == sizeof request &&
           recv(s, &answer, sizeof answer, 0) >= least &&
           answer.header.nlmsg_type == NLMSG_ERROR && answer.header.nlmsg_seq == 7 &&
           e->error == -ENODEV &&
           memcmp(&e->msg, &request.header, sizeof request.header) == 0 &&
           memcmp(e + 1, &request.info, sizeof request.info) == 0;
}

/* Checks that a notification of RTNLGRP_LINK carries the number of that group. To cause one, it
 * changes the loopback's MTU, in a network namespace of its own. */
static void group_number(void)
{
    struct sockaddr_nl address = { .nl_family = AF_NETLINK, .nl_groups = RTMGRP_LINK };
    struct ifreq mtu = { .ifr_name = "lo", .ifr_mtu = 1400 };
    int s, udp;

    if (unshare(CLONE_NEWNET) != 0 && unshare(CLONE_NEWUSER | CLONE_NEWNET) != 0)
        return;
    s = socket(AF_NETLINK, SOCK_RAW, NETLINK_ROUTE);
    udp = socket(AF_INET, SOCK_DGRAM, 0);
    check("NETLINK_PKTINFO",
          bind(s, (struct sockaddr *)&address, sizeof address) == 0 &&
              enable(s, SOL_NETLINK, NETLINK_PKTINFO) && ioctl(udp, SIOCSIFMTU, &mtu) == 0 &&
              receive_one(s, 64, 0) && int_received() == RTNLGRP_LINK);
    close(s);
    close(udp);
}

void netlink(void)
{
    const struct ucred me = { getpid(), getuid(), getgid() };
    const int s = socket(AF_NETLINK, SOCK_RAW, NETLINK_ROUTE);
    const int other = socket(AF_NETLINK, SOCK_RAW, NETLINK_ROUTE);
    const int error = socket(AF_NETLINK, SOCK_RAW, NETLINK_ROUTE);

    check("RTM_NEWLINK", link_is_whole(s));
    check("NLMSG_ERROR", error_is_whole(error));
    check("RTM_NEWNSID", ask(other, RTM_NEWNSID, NLM_F_ACK, NULL));
    check("NETLINK_CREDENTIALS", ask(other, RTM_GETLINK, 0, &me));
    close(s);
    close(other);
    close(error);
    group_number();
}
