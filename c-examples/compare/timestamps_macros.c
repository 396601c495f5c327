/*
 * What ../timestamps.c does, with the macros of cmsg(3). Public domain.
 */
#define _GNU_SOURCE
#include <err.h>
#include <time.h> /* the next one needs it */
#include <linux/errqueue.h>
#include <linux/net_tstamp.h>
#include <netinet/in.h>
#include <poll.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>

/* Waits for `event`, receives one message and prints its time. Returns 0 if it has none. */
static int show(int s, short event, int flags)
{
    union {
        struct cmsghdr align;
        char data[256];
    } control;
    struct pollfd ready = { .fd = s, .events = event };
    char data[16];
    struct iovec iov = { .iov_base = data, .iov_len = sizeof data };
    struct msghdr msg = { .msg_iov = &iov, .msg_iovlen = 1 };
    struct sock_extended_err what = { 0 };
    struct scm_timestamping times = { 0 };
    const struct timespec *const t = &times.ts[0];
    int measured;

    msg.msg_control = control.data;
    msg.msg_controllen = sizeof control.data;
    if (poll(&ready, 1, 5000) < 0 || recvmsg(s, &msg, flags | MSG_DONTWAIT) < 0)
        err(1, flags ? "error queue" : "receive");
    for (struct cmsghdr *c = CMSG_FIRSTHDR(&msg); c; c = CMSG_NXTHDR(&msg, c)) {
        if (c->cmsg_level == IPPROTO_IP && c->cmsg_type == IP_RECVERR
            && c->cmsg_len >= CMSG_LEN(sizeof what))
            memcpy(&what, CMSG_DATA(c), sizeof what);
        if (c->cmsg_level == SOL_SOCKET && c->cmsg_type == SCM_TIMESTAMPING
            && c->cmsg_len == CMSG_LEN(sizeof times))
            memcpy(&times, CMSG_DATA(c), sizeof times);
    }
    if (msg.msg_flags & MSG_CTRUNC)
        errx(1, "control messages are missing");
    measured = t->tv_sec != 0 || t->tv_nsec != 0;
    if (measured && what.ee_origin == SO_EE_ORIGIN_TIMESTAMPING)
        printf("datagram %u sent at %jd.%09ld\n", what.ee_data, (intmax_t)t->tv_sec, t->tv_nsec);
    else if (measured)
        printf("arrived at %jd.%09ld\n", (intmax_t)t->tv_sec, t->tv_nsec);
    return measured;
}

int main(void)
{
    struct sockaddr_in addr = { .sin_family = AF_INET, .sin_addr = { htonl(INADDR_LOOPBACK) } };
    struct sockaddr *self = (struct sockaddr *)&addr;
    socklen_t len = sizeof addr;
    int s = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
    int want = SOF_TIMESTAMPING_SOFTWARE | SOF_TIMESTAMPING_TX_SOFTWARE
               | SOF_TIMESTAMPING_RX_SOFTWARE | SOF_TIMESTAMPING_OPT_ID
               | SOF_TIMESTAMPING_OPT_TSONLY;

    if (s < 0 || bind(s, self, len) < 0 || getsockname(s, self, &len) < 0
        || connect(s, self, len) < 0)
        err(1, "socket");
    if (setsockopt(s, SOL_SOCKET, SO_TIMESTAMPING, &want, sizeof want) < 0)
        err(1, "SO_TIMESTAMPING");
    /* The kernel begins to stamp what arrives only a moment after the first socket asks for it. */
    for (int tries = 0; tries < 1000; tries++, poll(NULL, 0, 10)) {
        if (send(s, "what time is it?", 16, 0) < 0)
            err(1, "send");
        if (!show(s, POLLERR, MSG_ERRQUEUE))
            errx(1, "the datagram was sent, but without a timestamp");
        if (show(s, POLLIN, 0))
            return 0;
    }
    errx(1, "the datagram arrived, but without a timestamp");
}
