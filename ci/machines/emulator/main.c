/*
 * What an emulator of user programs does to control messages and to the calls that carry them, found out by the
 * system's macros alone. Prints the names of what is not as the kernel has it, with spaces between. Not a test of
 * ancil: it never sees ancil. Used by ci/machines.sh; which tests need what: ci/machines/emulator.txt.
 */
#include "emulator.h"

struct arrived got;
static unsigned char space[1024], sent[64], taken[64];

ssize_t sends(int s, size_t bytes, int level, int type, const void *data, size_t len)
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

int receives(int s, size_t bytes, int flags)
{
    struct iovec iov = { taken, bytes };
    struct msghdr m = { .msg_iov = &iov, .msg_iovlen = 1, .msg_control = space, .msg_controllen = sizeof space };
    struct cmsghdr *c;

    memset(space, 0, sizeof space);
    memset(&got, 0, sizeof got);
    if (recvmsg(s, &m, flags) < 0 || !(c = CMSG_FIRSTHDR(&m)))
        return 0;
    got.level = c->cmsg_level;
    got.type = c->cmsg_type;
    got.len = c->cmsg_len - CMSG_LEN(0);
    if (got.len > sizeof got.data)
        return 0;
    memcpy(got.data, CMSG_DATA(c), got.len);
    return !(m.msg_flags & MSG_CTRUNC) && !CMSG_NXTHDR(&m, c);
}

int there_and_back(int from, int to, int level, int type, const void *data, size_t len)
{
    return sends(from, 1, level, type, data, len) == 1 && receives(to, 1, 0);
}

int same(int level, int type, const void *data, size_t len)
{
    return got.level == level && got.type == type && got.len == len && memcmp(got.data, data, len) == 0;
}

int got_int(void)
{
    int value;
    memcpy(&value, got.data, sizeof value);
    return value;
}

void says(const char *name, int right)
{
    if (!right)
        printf("%s ", name);
    fflush(stdout);
}

int mirror(int family)
{
    struct sockaddr_storage address = { .ss_family = (sa_family_t)family };
    socklen_t len = family == AF_INET ? sizeof (struct sockaddr_in) : sizeof (struct sockaddr_in6);
    const int s = socket(family, SOCK_DGRAM, 0);

    if (family == AF_INET)
        ((struct sockaddr_in *)&address)->sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    else
        ((struct sockaddr_in6 *)&address)->sin6_addr = in6addr_loopback;
    if (bind(s, (struct sockaddr *)&address, len) != 0 || getsockname(s, (struct sockaddr *)&address, &len) != 0 ||
        connect(s, (struct sockaddr *)&address, len) != 0)
        return -1;
    return s;
}

int switched_on(int s, int level, int option)
{
    const int on = 1;
    return setsockopt(s, level, option, &on, sizeof on) == 0;
}

int main(void)
{
    messages();
    calls();
    netlink(); /* leaves the network */
    return 0;
}
