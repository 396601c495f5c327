/*
 * A legacy program, which passes a descriptor to itself over a socketpair with the CMSG_* macros.
 * It knows nothing of ancil: tests/dropin.rs builds it with -Iinclude/ancil/dropin, or with
 * -include ancil/cmsg.h.
 */
#include <sys/socket.h>

#include <stdio.h>
#include <string.h>
#include <sys/types.h>
#include <unistd.h>

static int fail(const char *what)
{
    printf("failed: %s\n", what);
    return 1;
}

int main(void)
{
    union { struct cmsghdr header; char bytes[CMSG_SPACE(sizeof (int))]; } control;
    struct msghdr m;
    struct cmsghdr *c;
    struct iovec iov;
    char byte = 'x';
    int pair[2], ends[2], fd = -1, steps = 0;

    if (socketpair(AF_UNIX, SOCK_STREAM, 0, pair) != 0 || pipe(ends) != 0)
        return fail("setup");
    memset(&m, 0, sizeof m);
    memset(&control, 0, sizeof control);
    iov.iov_base = &byte;
    iov.iov_len = 1;
    m.msg_iov = &iov;
    m.msg_iovlen = 1;
    m.msg_control = &control;
    m.msg_controllen = sizeof control;
    c = CMSG_FIRSTHDR(&m);
    c->cmsg_level = SOL_SOCKET;
    c->cmsg_type = SCM_RIGHTS;
    c->cmsg_len = CMSG_LEN(sizeof (int));
    memcpy(CMSG_DATA(c), &ends[1], sizeof (int));
    if (CMSG_NXTHDR(&m, c))
        return fail("a second header");
    if (sendmsg(pair[0], &m, 0) != 1)
        return fail("sendmsg");
    memset(&control, 0, sizeof control);
    if (recvmsg(pair[1], &m, 0) != 1)
        return fail("recvmsg");
    for (c = CMSG_FIRSTHDR(&m); c; c = CMSG_NXTHDR(&m, c), steps++)
        if (c->cmsg_level == SOL_SOCKET && c->cmsg_type == SCM_RIGHTS
            && c->cmsg_len == CMSG_LEN(sizeof (int)))
            memcpy(&fd, CMSG_DATA(c), sizeof fd);
    if (steps != 1 || fd < 0 || fd == ends[1] || write(fd, "y", 1) != 1
        || read(ends[0], &byte, 1) != 1 || byte != 'y')
        return fail("the descriptor");
    puts("passed");
    return 0;
}
