/* What the programs share that talk to rtnetlink(7). */
#ifndef RTNETLINK_H
#define RTNETLINK_H

#include "sockets.h"

#include <linux/rtnetlink.h>
#include <net/if.h>
#include <sys/time.h>

/* Returns a socket that is connected to the kernel. A lost answer fails after ten seconds. */
static inline int rtnetlink(void)
{
    const int s = socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, NETLINK_ROUTE);
    const struct timeval limit = { .tv_sec = 10 };
    struct sockaddr_nl kernel;

    memset(&kernel, 0, sizeof kernel);
    kernel.nl_family = AF_NETLINK;
    CHECK(s >= 0 && connect(s, (struct sockaddr *)&kernel, sizeof kernel) == 0);
    CHECK(setsockopt(s, SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof limit) == 0);
    return s;
}

#endif /* RTNETLINK_H */
