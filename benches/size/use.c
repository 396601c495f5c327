/*
 * A program with one use of control messages, which sizes.sh compiles. -DUSE=1 to 6 selects the
 * use. It is written with ancil's functions (-DANCIL) or with the macros (-DMACROS), which are the
 * libc's or the drop-in's. The program without a use has neither; the others are compared with it.
 */
#define _GNU_SOURCE
#include <netinet/in.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#ifndef MACROS
#include <ancil.h>
#endif

#define WALK 1
#define SEND 2
#define RECEIVE 3
#define TYPED 4
#define FORMAT 5

/* All programs refer to these functions, so that calls to them do not make a difference. */
void *volatile used[] = {
    (void *) sendmsg, (void *) recvmsg,
    (void *) memcpy, (void *) memmove, (void *) memset, (void *) memcmp,
};
struct msghdr message;
volatile size_t sink;

#if defined ANCIL && USE == WALK
static size_t use(struct msghdr *msg)
{
    struct ancil_reader r;
    struct ancil_message m;
    size_t n = 0;

    ancil_reader_init(&r, msg->msg_control, msg->msg_controllen);
    while (ancil_reader_next(&r, &m) == 1)
        n += m.len;
    return n;
}
#elif defined ANCIL && USE == SEND
static size_t use(struct msghdr *msg)
{
    static const int fds[2] = { 0, 1 };
    ANCIL_CONTROL_BUFFER(control, ANCIL_CMSG_SPACE(sizeof fds));
    struct ancil_writer w;

    ancil_writer_init(&w, control.data, sizeof control.data);
    if (ancil_writer_put_fds(&w, fds, 2) < 0)
        return 0;
    msg->msg_control = control.data;
    msg->msg_controllen = ancil_writer_finish(&w);
    return (size_t) sendmsg(0, msg, 0);
}
#elif defined ANCIL && USE == RECEIVE
static size_t use(struct msghdr *msg)
{
    ANCIL_CONTROL_BUFFER(control, ANCIL_CMSG_SPACE(2 * sizeof (int)));
    int fds[2];

    msg->msg_control = control.data;
    msg->msg_controllen = sizeof control.data;
    if (recvmsg(0, msg, 0) < 0 || ancil_take_fds(control.data, msg->msg_controllen, fds, 2) < 1)
        return 0;
    return (size_t) fds[0];
}
#elif defined ANCIL && USE == TYPED
static size_t use(struct msghdr *msg)
{
    struct ancil_message m;
    struct ancil_reader r;
    struct ancil_in_pktinfo info;
    ancil_i64 seconds;
    ancil_u32 nanoseconds;
    size_t n = 0;

    ancil_reader_init(&r, msg->msg_control, msg->msg_controllen);
    while (ancil_reader_next(&r, &m) == 1) {
        if (ancil_get_pktinfo(&m, &info) == 1)
            n += (size_t) info.ipi_ifindex;
        else if (ancil_get_timestamp(&m, &seconds, &nanoseconds) > 0)
            n += nanoseconds;
    }
    return n;
}
#elif defined ANCIL && USE == FORMAT
static size_t use(struct msghdr *msg)
{
    char out[200];

    return ancil_format(out, sizeof out, msg->msg_control, msg->msg_controllen);
}
#elif defined MACROS && USE == WALK
static size_t use(struct msghdr *msg)
{
    struct cmsghdr *c;
    size_t n = 0;

    for (c = CMSG_FIRSTHDR(msg); c != NULL; c = CMSG_NXTHDR(msg, c))
        n += c->cmsg_len - CMSG_LEN(0);
    return n;
}
#elif defined MACROS && USE == SEND
static size_t use(struct msghdr *msg)
{
    static const int fds[2] = { 0, 1 };
    union {
        char data[CMSG_SPACE(sizeof fds)];
        struct cmsghdr align;
    } control;
    struct cmsghdr *c;

    msg->msg_control = control.data;
    msg->msg_controllen = sizeof control.data;
    c = CMSG_FIRSTHDR(msg);
    c->cmsg_level = SOL_SOCKET;
    c->cmsg_type = SCM_RIGHTS;
    c->cmsg_len = CMSG_LEN(sizeof fds);
    memcpy(CMSG_DATA(c), fds, sizeof fds);
    return (size_t) sendmsg(0, msg, 0);
}
#elif defined MACROS && USE == RECEIVE
static size_t use(struct msghdr *msg)
{
    union {
        char data[CMSG_SPACE(2 * sizeof (int))];
        struct cmsghdr align;
    } control;
    struct cmsghdr *c;
    int fds[2];

    msg->msg_control = control.data;
    msg->msg_controllen = sizeof control.data;
    if (recvmsg(0, msg, 0) < 0)
        return 0;
    for (c = CMSG_FIRSTHDR(msg); c != NULL; c = CMSG_NXTHDR(msg, c))
        if (c->cmsg_level == SOL_SOCKET && c->cmsg_type == SCM_RIGHTS
            && c->cmsg_len <= CMSG_LEN(sizeof fds)) {
            memcpy(fds, CMSG_DATA(c), c->cmsg_len - CMSG_LEN(0));
            return (size_t) fds[0];
        }
    return 0;
}
#elif defined MACROS && USE == TYPED
static size_t use(struct msghdr *msg)
{
    struct cmsghdr *c;
    struct in_pktinfo info;
    struct timespec at;
    size_t n = 0;

    for (c = CMSG_FIRSTHDR(msg); c != NULL; c = CMSG_NXTHDR(msg, c)) {
        if (c->cmsg_level == IPPROTO_IP && c->cmsg_type == IP_PKTINFO) {
            memcpy(&info, CMSG_DATA(c), sizeof info);
            n += (size_t) info.ipi_ifindex;
        } else if (c->cmsg_level == SOL_SOCKET && c->cmsg_type == SO_TIMESTAMPNS) {
            memcpy(&at, CMSG_DATA(c), sizeof at);
            n += (size_t) at.tv_nsec;
        }
    }
    return n;
}
#else
static size_t use(struct msghdr *msg)
{
    return msg->msg_controllen;
}
#endif

int main(void)
{
    sink = use(&message);
    return 0;
}
