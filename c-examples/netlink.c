/*
 * netlink: lists the network interfaces as the kernel reports them over netlink: index, name, MTU
 * and hardware address.
 * SPDX-License-Identifier: MIT OR Apache-2.0 OR CC0-1.0
 */
#include <ancil.h>

#include <err.h>
#include <errno.h>
#include <linux/rtnetlink.h>
#include <stdio.h>
#include <sys/socket.h>

/* Prints one interface: "1: lo, mtu 65536, address 00:00:00:00:00:00". */
static void show(const struct ancil_nl_message *m)
{
    struct ifinfomsg link;
    struct ancil_nl_attr a[IFLA_MTU + 1]; /* by type; IFLA_MTU is the highest of the three */
    const char *name;
    ancil_u32 mtu;

    if (ancil_nl_message_parse(m, &link, sizeof link, a, IFLA_MTU + 1) < 0
        || ancil_nl_attr_get(&a[IFLA_MTU], &mtu, sizeof mtu) < 0
        || (name = ancil_nl_attr_string(&a[IFLA_IFNAME])) == NULL)
        errx(1, "a message is malformed");
    printf("%d: %s, mtu %u, address ", link.ifi_index, name, mtu);
    for (size_t i = 0; i < a[IFLA_ADDRESS].len; i++)
        printf("%s%02x", i > 0 ? ":" : "", ((const unsigned char *)a[IFLA_ADDRESS].data)[i]);
    puts("");
}

int main(void)
{
    static char buffer[32768]; /* the longest datagram of an answer: netlink(7) */
    struct sockaddr_nl kernel = { .nl_family = AF_NETLINK };
    struct ifinfomsg all = { .ifi_family = AF_UNSPEC };
    struct ancil_nl_writer w;
    struct ancil_nl_reader r;
    struct ancil_nl_message m;
    int status, s = socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, NETLINK_ROUTE);

    ancil_nl_writer_init(&w, buffer, sizeof buffer);
    ancil_nl_writer_begin(&w, RTM_GETLINK, NLM_F_REQUEST | NLM_F_DUMP, 1);
    ancil_nl_writer_put(&w, &all, sizeof all);
    status = ancil_nl_writer_end(&w);
    /* A connected socket receives from the kernel only. */
    if (s < 0 || connect(s, (struct sockaddr *)&kernel, sizeof kernel) < 0
        || send(s, buffer, ancil_nl_writer_finish(&w), 0) < 0)
        err(1, "request");
    for (; status == 0; status = ancil_nl_reader_status(&r)) {
        const ssize_t n = recv(s, buffer, sizeof buffer, MSG_TRUNC);

        ancil_nl_reader_received(&r, buffer, sizeof buffer, n < 0 ? -errno : n);
        ANCIL_NL_FOR_EACH_ANSWER(&m, &r, 1)
            show(&m);
    }
    if (status < 0)
        errno = -status, err(1, "answer");
    return 0;
}
