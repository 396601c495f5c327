/*
 * What ../timestamps.c does, with the macros of cmsg(3).
 * SPDX-License-Identifier: MIT OR Apache-2.0 OR CC0-1.0
 */
#define _GNU_SOURCE
#include <err.h>
#include <errno.h>
#include <arpa/inet.h>
#include <time.h> /* linux/errqueue.h needs it */
#include <linux/errqueue.h>
#include <linux/net_tstamp.h>
#include <linux/sockios.h>
#include <net/if.h>
#include <netinet/in.h>
#include <poll.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <unistd.h>

/* Prints a time, if it was measured. Returns whether it was. */
static int print(const char *what, const struct timespec *t, const char *clock)
{
    if (t->tv_sec == 0 && t->tv_nsec == 0)
        return 0;
    printf("%s at %jd.%09ld by the clock of the %s\n", what, (intmax_t)t->tv_sec, t->tv_nsec,
           clock);
    return 1;
}

/* Receives one message, if there is one, and prints its times. Returns whether it has one. */
static int show(int s, int flags)
{
    union {
        struct cmsghdr align;
        char data[256];
    } control;
    char data[16], what[40] = "a datagram arrived";
    struct iovec iov = { .iov_base = data, .iov_len = sizeof data };
    struct msghdr msg = { .msg_iov = &iov, .msg_iovlen = 1 };
    struct sock_extended_err e = { 0 };
    struct scm_timestamping times = { 0 };

    msg.msg_control = control.data;
    msg.msg_controllen = sizeof control.data;
    if (recvmsg(s, &msg, flags | MSG_DONTWAIT) < 0) {
        if (errno != EAGAIN && errno != ECONNREFUSED)
            err(1, flags ? "error queue" : "receive");
        return 0;
    }
    for (struct cmsghdr *c = CMSG_FIRSTHDR(&msg); c; c = CMSG_NXTHDR(&msg, c)) {
        if (c->cmsg_level == IPPROTO_IP && c->cmsg_type == IP_RECVERR
            && c->cmsg_len >= CMSG_LEN(sizeof e))
            memcpy(&e, CMSG_DATA(c), sizeof e);
        if (c->cmsg_level == SOL_SOCKET && c->cmsg_type == SCM_TIMESTAMPING
            && c->cmsg_len == CMSG_LEN(sizeof times))
            memcpy(&times, CMSG_DATA(c), sizeof times);
    }
    if (msg.msg_flags & MSG_CTRUNC)
        errx(1, "control messages are missing");
    if (e.ee_origin == SO_EE_ORIGIN_TIMESTAMPING)
        snprintf(what, sizeof what, "datagram %u left", e.ee_data);
    return print(what, &times.ts[0], "kernel") | print(what, &times.ts[2], "card");
}

/* Has the card of this interface stamp all packets. */
static void stamp_in_hardware(int s, const char *interface)
{
    struct hwtstamp_config config = { .tx_type = HWTSTAMP_TX_ON, .rx_filter = HWTSTAMP_FILTER_ALL };
    struct ifreq request = { .ifr_data = (char *)&config };

    strncpy(request.ifr_name, interface, IFNAMSIZ - 1);
    if (ioctl(s, SIOCSHWTSTAMP, &request) < 0)
        err(1, "the clock of %s", interface);
}

int main(int argc, char **argv)
{
    struct sockaddr_in addr = { .sin_family = AF_INET }, to = addr;
    socklen_t len = sizeof addr;
    int s = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0), stamped = 0;
    const int card = argc > 2;
    const int want =
        SOF_TIMESTAMPING_SOFTWARE | SOF_TIMESTAMPING_RAW_HARDWARE | SOF_TIMESTAMPING_TX_SOFTWARE
        | SOF_TIMESTAMPING_TX_HARDWARE | SOF_TIMESTAMPING_RX_SOFTWARE | SOF_TIMESTAMPING_RX_HARDWARE
        | SOF_TIMESTAMPING_OPT_ID | SOF_TIMESTAMPING_OPT_TSONLY | SOF_TIMESTAMPING_OPT_TX_SWHW;
    struct pollfd ready = { .fd = s, .events = POLLIN };

    if (s < 0 || bind(s, (struct sockaddr *)&addr, len) < 0
        || getsockname(s, (struct sockaddr *)&addr, &len) < 0)
        err(1, "socket");
    to.sin_port = card ? htons(9) : addr.sin_port;
    if (inet_pton(AF_INET, card ? argv[2] : "127.0.0.1", &to.sin_addr) != 1)
        errx(2, "%s is no address", argv[2]);
    if (card)
        stamp_in_hardware(s, argv[1]);
    if (connect(s, (struct sockaddr *)&to, len) < 0
        || setsockopt(s, SOL_SOCKET, SO_TIMESTAMPING, &want, sizeof want) < 0)
        err(1, "SO_TIMESTAMPING");
    /* The kernel begins in the background to stamp what arrives: the first may have no time. */
    for (int tries = 0; stamped < 3 && tries < 20; tries++) {
        int left = 0, arrived = 0;

        /* The next call reports that the other host has refused a datagram. */
        if (send(s, "when?", 5, 0) < 0 && errno != ECONNREFUSED)
            err(1, "send");
        /* A card reports later than the kernel, and the other host may not answer. */
        while ((card || !left || !arrived) && poll(&ready, 1, 500) > 0) {
            left |= show(s, MSG_ERRQUEUE);
            arrived |= show(s, 0);
        }
        stamped += left && (arrived || card);
    }
    close(s);
    return stamped < 3;
}
