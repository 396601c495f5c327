/*
 * Finds out what a user-mode emulator does to control messages and to the calls that carry them.
 * Prints the names of the features that do not behave as in the kernel, separated by spaces. It
 * uses only the system's macros, and not ancil, so a failure here is never ancil's. ci/machines.sh
 * runs it; ci/machines/emulator.txt says which tests need which feature.
 */
#include "emulator.h"

struct received_message received;
static unsigned char space[1024], sent[64], taken[64];

ssize_t send_bytes(int s, size_t bytes, int level, int type, const void *data, size_t len)
{
    struct iovec iov = { sent, bytes };
    struct msghdr m = { .msg_iov = &iov, .msg_iovlen = 1 };
    struct cmsghdr *c;

    memset(space, 0, sizeof space);
    if (data) {
        m.msg_control = space;
        m.msg_controllen = CMSG_SPACE(len);
        c = CMSG_FIRSTHDR(&m);
        c->cmsg_level = level;
        c->cmsg_type = type;
        c->cmsg_len = CMSG_LEN(len);
        memcpy(CMSG_DATA(c), data, len);
    }
    return sendmsg(s, &m, 0);
}

int receive_one(int s, size_t bytes, int flags)
{
    struct iovec iov = { taken, bytes };
    struct msghdr m = {
        .msg_iov = &iov, .msg_iovlen = 1, .msg_control = space, .msg_controllen = sizeof space
    };
    struct cmsghdr *c;

    memset(space, 0, sizeof space);
    memset(&received, 0, sizeof received);
    if (recvmsg(s, &m, flags) < 0 || !(c = CMSG_FIRSTHDR(&m)))
        return 0;
    received.level = c->cmsg_level;
    received.type = c->cmsg_type;
    received.len = c->cmsg_len - CMSG_LEN(0);
    if (received.len > sizeof received.data)
        return 0;
    memcpy(received.data, CMSG_DATA(c), received.len);
    return !(m.msg_flags & MSG_CTRUNC) && !CMSG_NXTHDR(&m, c);
}

int round_trip(int from, int to, int level, int type, const void *data, size_t len)
{
    return send_bytes(from, 1, level, type, data, len) == 1 && receive_one(to, 1, 0);
}

int is_received(int level, int type, const void *data, size_t len)
{
    return received.level == level && received.type == type && received.len == len &&
           memcmp(received.data, data, len) == 0;
}

int int_received(void)
{
    int value;
    memcpy(&value, received.data, sizeof value);
    return value;
}

void check(const char *name, int right)
{
    if (!right)
        printf("%s ", name);
    fflush(stdout);
}

int udp_to_itself(int family)
{
    struct sockaddr_storage address = { .ss_family = (sa_family_t)family };
    socklen_t len = family == AF_INET ? sizeof (struct sockaddr_in) : sizeof (struct sockaddr_in6);
    const int s = socket(family, SOCK_DGRAM, 0);

    if (family == AF_INET)
        ((struct sockaddr_in *)&address)->sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    else
        ((struct sockaddr_in6 *)&address)->sin6_addr = in6addr_loopback;
    if (bind(s, (struct sockaddr *)&address, len) != 0 ||
        getsockname(s, (struct sockaddr *)&address, &len) != 0 ||
        connect(s, (struct sockaddr *)&address, len) != 0)
        return -1;
    return s;
}

int enable(int s, int level, int option)
{
    const int on = 1;
    return setsockopt(s, level, option, &on, sizeof on) == 0;
}

int main(void)
{
    messages();
    calls();
    netlink(); /* last, because it moves the process to another network namespace */
    return 0;
}
