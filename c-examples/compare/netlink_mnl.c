/*
 * What ../netlink.c does, with libmnl.
 * SPDX-License-Identifier: MIT OR Apache-2.0 OR CC0-1.0
 */
#include <err.h>
#include <libmnl/libmnl.h>
#include <linux/rtnetlink.h>
#include <stdio.h>
#include <sys/socket.h>

/* Prints one interface: "1: lo, mtu 65536, address 00:00:00:00:00:00". */
static int show(const struct nlmsghdr *message, void *unused)
{
    const struct ifinfomsg *link = mnl_nlmsg_get_payload(message);
    const struct nlattr *a, *table[IFLA_MTU + 1] = { NULL };

    (void)unused;
    mnl_attr_for_each(a, message, sizeof *link)
        if (mnl_attr_type_valid(a, IFLA_MTU) > 0)
            table[mnl_attr_get_type(a)] = a;
    if (mnl_nlmsg_get_payload_len(message) < sizeof *link || !table[IFLA_MTU]
        || mnl_attr_validate(table[IFLA_MTU], MNL_TYPE_U32) < 0 || !table[IFLA_IFNAME]
        || mnl_attr_validate(table[IFLA_IFNAME], MNL_TYPE_NUL_STRING) < 0)
        errx(1, "a message is malformed");
    printf("%d: %s, mtu %u, address ", link->ifi_index, mnl_attr_get_str(table[IFLA_IFNAME]),
           (unsigned)mnl_attr_get_u32(table[IFLA_MTU]));
    a = table[IFLA_ADDRESS];
    for (size_t i = 0; a && i < mnl_attr_get_payload_len(a); i++)
        printf("%s%02x", i > 0 ? ":" : "", ((unsigned char *)mnl_attr_get_payload(a))[i]);
    puts("");
    return MNL_CB_OK;
}

int main(void)
{
    static char buffer[32768]; /* the longest datagram of an answer: netlink(7) */
    struct sockaddr_nl kernel = { .nl_family = AF_NETLINK };
    struct mnl_socket *s = mnl_socket_open2(NETLINK_ROUTE, SOCK_CLOEXEC);
    struct nlmsghdr *request = mnl_nlmsg_put_header(buffer);
    struct ifinfomsg *all = mnl_nlmsg_put_extra_header(request, sizeof *all);
    int status = MNL_CB_OK;

    request->nlmsg_type = RTM_GETLINK;
    request->nlmsg_flags = NLM_F_REQUEST | NLM_F_DUMP;
    request->nlmsg_seq = 1;
    all->ifi_family = AF_UNSPEC;
    /* A connected socket receives from the kernel only. */
    if (s == NULL || connect(mnl_socket_get_fd(s), (struct sockaddr *)&kernel, sizeof kernel) < 0
        || mnl_socket_sendto(s, request, request->nlmsg_len) < 0)
        err(1, "request");
    while (status == MNL_CB_OK) {
        const ssize_t n = mnl_socket_recvfrom(s, buffer, sizeof buffer);

        status = n < 0 ? MNL_CB_ERROR : mnl_cb_run(buffer, (size_t)n, 1, 0, show, NULL);
    }
    if (status == MNL_CB_ERROR)
        err(1, "answer");
    mnl_socket_close(s);
    return 0;
}
