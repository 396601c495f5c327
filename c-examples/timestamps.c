/*
 * timestamps: sends a datagram to itself over loopback, and prints when the kernel sent it and when
 * it arrived. SO_TIMESTAMPING reports the first time in the socket's error queue, and the second
 * time with the datagram. Public domain.
 */
#define _GNU_SOURCE
#include <ancil.h>

#include <err.h>
#include <inttypes.h>
#include <linux/net_tstamp.h>
#include <netinet/in.h>
#include <poll.h>
#include <stdio.h>
#include <sys/socket.h>
#include <time.h>

/* Waits for `event`, receives one message and prints its time. Returns 0 if it has none. */
static unsigned show(int s, short event, int flags)
{
    ANCIL_CONTROL_BUFFER(control, 256);
    struct pollfd ready = { .fd = s, .events = event };
    char data[16];
    struct iovec iov = { .iov_base = data, .iov_len = sizeof data };
    struct msghdr msg = { .msg_iov = &iov, .msg_iovlen = 1 };
    struct ancil_reader r;
    struct ancil_message m;
    struct ancil_error what = { 0 };
    struct ancil_timestamping times = { 0 };
    const struct ancil_timestamp *const t = &times.software;

    msg.msg_control = control.data;
    msg.msg_controllen = sizeof control.data;
    if (poll(&ready, 1, 5000) < 0 || recvmsg(s, &msg, flags | MSG_DONTWAIT) < 0)
        err(1, flags ? "error queue" : "receive");
    ancil_reader_init(&r, control.data, msg.msg_controllen);
    ANCIL_FOR_EACH(&m, &r) {
        ancil_get_error(&m, &what);
        ancil_get_timestamping(&m, &times);
    }
    if (ancil_reader_status(&r) < 0 || msg.msg_flags & MSG_CTRUNC)
        errx(1, "control messages are missing");
    if (t->measured && what.origin == ANCIL_SO_EE_ORIGIN_TIMESTAMPING)
        printf("datagram %u sent at %" PRId64 ".%09u\n", what.data, t->seconds, t->nanoseconds);
    else if (t->measured)
        printf("arrived at %" PRId64 ".%09u\n", t->seconds, t->nanoseconds);
    return t->measured;
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
