/*
 * netlink: lists the network interfaces as the kernel reports them over netlink: index, name, MTU
 * and hardware address. Public domain.
 */
#include <ancil.h>

#include <errno.h>
#include <linux/netlink.h>
#include <linux/rtnetlink.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>

/* Prints one interface: "1: lo, mtu 65536, address 00:00:00:00:00:00". */
static int show(const struct ancil_nl_message *m)
{
    struct ifinfomsg link;
    struct ancil_nl_reader attrs;
    struct ancil_nl_attr a, address = { .len = 0 };
    const char *name = NULL;
    __u32 mtu = 0;
    int status = ancil_nl_message_split(m, &link, sizeof link, &attrs);

    while (status >= 0 && (status = ancil_nl_attr_next(&attrs, &a)) > 0) {
        if (a.type == IFLA_IFNAME)
            name = ancil_nl_attr_string(&a);
        else if (a.type == IFLA_MTU)
            status = ancil_nl_attr_get(&a, &mtu, sizeof mtu);
        else if (a.type == IFLA_ADDRESS)
            address = a;
    }
    if (status < 0)
        return status;
    printf("%d: %s, mtu %u, address ", link.ifi_index, name ? name : "?", (unsigned)mtu);
    for (size_t i = 0; i < address.len; i++)
        printf("%s%02x", i > 0 ? ":" : "", ((const unsigned char *)address.data)[i]);
    puts("");
    return 0;
}

/*
 * Reads the messages of one datagram. Returns 1 if the answer goes on, 0 if it is complete, or a
 * negative errno.
 */
static int read_answer(const void *datagram, size_t length)
{
    struct ancil_nl_reader r;
    struct ancil_nl_message m;
    struct ancil_nl_report report;
    int status;

    ancil_nl_reader_init(&r, datagram, length);
    while ((status = ancil_nl_message_next(&r, &m)) > 0) {
        if (m.header.nlmsg_flags & NLM_F_DUMP_INTR)
            return -EINTR; /* the interfaces changed during the dump: run it again */
        if ((status = ancil_nl_message_report(&m, &report)) != 0)
            return status < 0 ? status : report.error; /* of NLMSG_DONE or NLMSG_ERROR */
        if (m.header.nlmsg_type == RTM_NEWLINK && (status = show(&m)) < 0)
            return status;
    }
    return status < 0 ? status : 1;
}

int main(void)
{
    static char buffer[32768]; /* the longest datagram of an answer: netlink(7) */
    struct ifinfomsg all = { .ifi_family = AF_UNSPEC };
    struct sockaddr_nl from;
    struct iovec iov = { .iov_base = buffer };
    struct msghdr msg = { .msg_iov = &iov, .msg_iovlen = 1 };
    struct ancil_nl_writer w;
    ssize_t n;
    int status = 1, s = socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, NETLINK_ROUTE);

    ancil_nl_writer_init(&w, buffer, sizeof buffer);
    if (ancil_nl_writer_begin(&w, RTM_GETLINK, NLM_F_REQUEST | NLM_F_DUMP, 1) < 0
        || ancil_nl_writer_put(&w, &all, sizeof all) < 0 || ancil_nl_writer_end(&w) < 0)
        return fputs("the buffer is too small\n", stderr), 1;
    iov.iov_len = ancil_nl_writer_finish(&w);
    if (s < 0 || sendmsg(s, &msg, 0) < 0) /* without an address, to the kernel */
        return perror("netlink"), 1;
    msg.msg_name = &from;
    while (status > 0) {
        iov.iov_len = sizeof buffer;
        msg.msg_namelen = sizeof from;
        if ((n = recvmsg(s, &msg, 0)) < 0)
            return perror("netlink"), 1;
        if (msg.msg_flags & MSG_TRUNC)
            return fputs("an answer was longer than the buffer\n", stderr), 1;
        if (from.nl_pid == 0) /* sent by the kernel, not by another process */
            status = read_answer(buffer, (size_t)n);
    }
    if (status < 0)
        fprintf(stderr, "netlink: %s\n", strerror(-status));
    return status < 0;
}
