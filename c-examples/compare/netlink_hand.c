/*
 * What ../netlink.c does, with the macros of <linux/netlink.h> and <linux/rtnetlink.h>.
 * SPDX-License-Identifier: MIT OR Apache-2.0 OR CC0-1.0
 */
#include <err.h>
#include <errno.h>
#include <linux/netlink.h>
#include <linux/rtnetlink.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>

/* Prints one interface: "1: lo, mtu 65536, address 00:00:00:00:00:00". */
static void show(struct nlmsghdr *message)
{
    struct ifinfomsg *link = NLMSG_DATA(message);
    struct rtattr *a, *table[IFLA_MTU + 1] = { NULL };
    int left = (int)message->nlmsg_len - (int)NLMSG_SPACE(sizeof *link);
    uint32_t mtu;

    if (message->nlmsg_len < NLMSG_LENGTH(sizeof *link))
        errx(1, "a message is malformed");
    for (a = IFLA_RTA(link); RTA_OK(a, left); a = RTA_NEXT(a, left))
        if ((a->rta_type & NLA_TYPE_MASK) <= IFLA_MTU)
            table[a->rta_type & NLA_TYPE_MASK] = a;
    if (!table[IFLA_MTU] || RTA_PAYLOAD(table[IFLA_MTU]) != sizeof mtu || !table[IFLA_IFNAME]
        || !memchr(RTA_DATA(table[IFLA_IFNAME]), 0, RTA_PAYLOAD(table[IFLA_IFNAME])))
        errx(1, "a message is malformed");
    memcpy(&mtu, RTA_DATA(table[IFLA_MTU]), sizeof mtu);
    printf("%d: %s, mtu %u, address ", link->ifi_index, (char *)RTA_DATA(table[IFLA_IFNAME]),
           (unsigned)mtu);
    a = table[IFLA_ADDRESS];
    for (size_t i = 0; a && i < RTA_PAYLOAD(a); i++)
        printf("%s%02x", i > 0 ? ":" : "", ((unsigned char *)RTA_DATA(a))[i]);
    puts("");
}

/*
 * Reads the messages of one datagram. Returns 0 if the answer goes on, 1 if it is complete, or a
 * negative errno.
 */
static int read_answer(struct nlmsghdr *message, size_t length)
{
    int error;

    for (; NLMSG_OK(message, length); message = NLMSG_NEXT(message, length)) {
        if (message->nlmsg_seq != 1)
            continue;
        if (message->nlmsg_flags & NLM_F_DUMP_INTR)
            return -EINTR; /* the interfaces changed during the dump: run it again */
        if (message->nlmsg_type == NLMSG_DONE || message->nlmsg_type == NLMSG_ERROR) {
            if (message->nlmsg_len < NLMSG_LENGTH(sizeof error))
                return -EBADMSG;
            memcpy(&error, NLMSG_DATA(message), sizeof error);
            return error < 0 ? error : 1;
        }
        show(message);
    }
    return 0;
}

int main(void)
{
    static union {
        struct nlmsghdr align;
        char bytes[32768]; /* the longest datagram of an answer: netlink(7) */
    } buffer;
    struct {
        struct nlmsghdr header;
        struct ifinfomsg link;
    } request = { { sizeof request, RTM_GETLINK, NLM_F_REQUEST | NLM_F_DUMP, 1, 0 },
                  { .ifi_family = AF_UNSPEC } };
    struct sockaddr_nl kernel = { .nl_family = AF_NETLINK };
    int status = 0, s = socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, NETLINK_ROUTE);

    /* A connected socket receives from the kernel only. */
    if (s < 0 || connect(s, (struct sockaddr *)&kernel, sizeof kernel) < 0
        || send(s, &request, sizeof request, 0) < 0)
        err(1, "request");
    while (status == 0) {
        const ssize_t n = recv(s, &buffer, sizeof buffer, MSG_TRUNC);

        if (n < 0)
            err(1, "answer");
        if ((size_t)n > sizeof buffer)
            errx(1, "answer: longer than the buffer");
        status = read_answer(&buffer.align, (size_t)n);
    }
    if (status < 0)
        errno = -status, err(1, "answer");
    return 0;
}
