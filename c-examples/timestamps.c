/*
 * timestamps: sends a datagram to itself over loopback, and prints when the kernel sent it and when
 * it arrived. SO_TIMESTAMPING reports the first time in the socket's error queue, and the second
 * time with the datagram. Public domain.
 */
#define _GNU_SOURCE
#include <ancil.h>

#include <inttypes.h>
#include <linux/net_tstamp.h>
#include <netinet/in.h>
#include <poll.h>
#include <stdio.h>
#include <sys/socket.h>
#include <time.h>

/* Three times of 16 bytes each; IP_RECVERR, which says to which datagram they belong. */
#define CONTROL_SIZE \
    (ANCIL_CMSG_SPACE(3 * 16) \
     + ANCIL_CMSG_SPACE(sizeof (struct ancil_sock_extended_err) + sizeof (struct sockaddr_in)))

/*
 * Waits for `event`, receives one message and prints its time. Returns 1 if it has a time, 0 if
 * not, -1 on an error.
 */
static int show(int s, short event, int flags)
{
    ANCIL_CONTROL_BUFFER(control, CONTROL_SIZE);
    struct pollfd ready = { .fd = s, .events = event };
    struct ancil_reader r;
    struct ancil_message m;
    struct ancil_error what = { 0 };
    struct ancil_timestamping times = { 0 };
    char data[16];
    struct iovec iov = { .iov_base = data, .iov_len = sizeof data };
    struct msghdr msg = { .msg_iov = &iov, .msg_iovlen = 1,
                          .msg_control = control.data, .msg_controllen = sizeof control.data };
    const struct ancil_timestamp *const t = &times.software;
    int status;

    if (poll(&ready, 1, 5000) < 0 || recvmsg(s, &msg, flags | MSG_DONTWAIT) < 0)
        return perror(flags ? "error queue" : "receive"), -1;
    ancil_reader_init(&r, control.data, msg.msg_controllen);
    while ((status = ancil_reader_next(&r, &m)) > 0) {
        ancil_get_error(&m, &what);
        ancil_get_timestamping(&m, &times);
    }
    if (t->measured && flags)
        printf("datagram %u sent at %" PRId64 ".%09u\n", what.data, t->seconds, t->nanoseconds);
    else if (t->measured)
        printf("arrived at %" PRId64 ".%09u\n", t->seconds, t->nanoseconds);
    return status < 0 ? -1 : (int)t->measured;
}

int main(void)
{
    struct sockaddr_in addr = { .sin_family = AF_INET, .sin_addr = { htonl(INADDR_LOOPBACK) } };
    struct sockaddr *self = (struct sockaddr *)&addr;
    socklen_t len = sizeof addr;
    int s = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0), arrived = 0;
    int want = SOF_TIMESTAMPING_SOFTWARE | SOF_TIMESTAMPING_TX_SOFTWARE
               | SOF_TIMESTAMPING_RX_SOFTWARE | SOF_TIMESTAMPING_OPT_ID
               | SOF_TIMESTAMPING_OPT_TSONLY;

    if (s < 0 || bind(s, self, len) < 0 || getsockname(s, self, &len) < 0
        || connect(s, self, len) < 0)
        return perror("socket"), 1;
    if (setsockopt(s, SOL_SOCKET, ANCIL_SO_TIMESTAMPING_OLD, &want, sizeof want) < 0)
        return perror("SO_TIMESTAMPING"), 1;
    /* The kernel begins to stamp what arrives only a moment after the first socket asks for it. */
    for (int tries = 0; tries < 1000 && !arrived; tries++) {
        if (send(s, "what time is it?", 16, 0) < 0)
            return perror("send"), 1;
        if (show(s, POLLERR, MSG_ERRQUEUE) != 1)
            return fprintf(stderr, "the datagram was sent, but without a timestamp\n"), 1;
        arrived = show(s, POLLIN, 0);
        if (arrived < 0 || (!arrived && poll(NULL, 0, 10) < 0))
            return 1;
    }
    return arrived ? 0 : (fprintf(stderr, "the datagram arrived, but without a timestamp\n"), 1);
}
