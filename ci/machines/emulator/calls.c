/* The part of the emulator probe about the calls themselves. */
#include "emulator.h"
#include <fcntl.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <time.h>

static int pair[2];

/* Whether nothing is there to receive by a call without any vector. */
static int no_vectors(void)
{
    struct msghdr m;

    memset(&m, 0, sizeof m);
    return recvmsg(pair[1], &m, MSG_DONTWAIT) == -1 && errno == EAGAIN;
}

/* Two descriptors to a buffer with room for one, which is no room for its padding either. */
static int truncated(void)
{
    char space[CMSG_LEN(sizeof (int))], byte;
    struct iovec iov = { &byte, 1 };
    struct msghdr m = { .msg_iov = &iov, .msg_iovlen = 1, .msg_control = space, .msg_controllen = sizeof space };
    const int next = dup(0), fds[2] = { 0, 0 };

    close(next);
    if (sends(pair[0], 1, SOL_SOCKET, SCM_RIGHTS, fds, sizeof fds) != 1 || recvmsg(pair[1], &m, 0) != 1)
        return 0;
    /* One is open now, and the number behind it is free. */
    return m.msg_flags & MSG_CTRUNC && fcntl(next, F_GETFD) >= 0 && fcntl(next + 1, F_GETFD) == -1;
}

/* What the kernel refuses, each for its own reason. */
static int refused(int s, struct msghdr m, struct iovec iov, int error)
{
    m.msg_iov = &iov;
    m.msg_iovlen = 1;
    return sendmsg(s, &m, MSG_DONTWAIT) == -1 && errno == error;
}

/* A header that says it is shorter than a header. */
static int malformed(void)
{
    static union { struct cmsghdr header; char bytes[64]; } space = { .header.cmsg_len = 3 };
    struct msghdr m = { .msg_control = &space, .msg_controllen = sizeof space };
    return refused(pair[0], m, (struct iovec){ &space, 1 }, EINVAL);
}

/* More control messages than any socket may have. */
static int long_control(void)
{
    static union { struct cmsghdr header; char bytes[1 << 24]; } space;
    struct msghdr m = { .msg_control = &space, .msg_controllen = sizeof space };

    space.header.cmsg_len = sizeof space;
    space.header.cmsg_level = IPPROTO_IPV6; /* which these sockets skip */
    return refused(pair[0], m, (struct iovec){ &space, 1 }, ENOBUFS);
}

/* An address with a length that the kernel cuts down to the longest address. */
static int long_name(void)
{
    static struct sockaddr_storage there;
    static char byte;
    socklen_t len = sizeof there;
    struct msghdr m = { .msg_name = &there, .msg_namelen = 0x7fffffff };
    const int s = mirror(AF_INET);

    m.msg_iov = &(struct iovec){ &byte, 1 };
    m.msg_iovlen = 1;
    return getsockname(s, (struct sockaddr *)&there, &len) == 0 && sendmsg(s, &m, MSG_DONTWAIT) == 1;
}

/* A datagram that is too long before anybody looks where it lies. */
static int far_vectors(void)
{
    struct msghdr m = { .msg_namelen = 0 };
    return refused(mirror(AF_INET), m, (struct iovec){ NULL, 1 << 17 }, EMSGSIZE);
}

/* Of two faults the first one counts: a name's length below 0, and more vectors than there may be. */
static int order(void)
{
    static struct iovec many[1025];
    static char byte;
    struct msghdr m = { .msg_name = &byte, .msg_namelen = (socklen_t)-1, .msg_iov = many, .msg_iovlen = 1025 };
    return sendmsg(pair[0], &m, MSG_DONTWAIT) == -1 && errno == EINVAL;
}

enum { MANY = 1100 };
static struct mmsghdr batch[MANY];

/* A vector of one byte for each of the batch. */
static void fill(void)
{
    static struct iovec iov[MANY];
    static char bytes[MANY];
    int i;

    memset(batch, 0, sizeof batch);
    for (i = 0; i < MANY; i++) {
        iov[i] = (struct iovec){ &bytes[i], 1 };
        batch[i].msg_hdr.msg_iov = &iov[i];
        batch[i].msg_hdr.msg_iovlen = 1;
    }
}

/* Receives what a call that received n has left. */
static void rest(int all, int n)
{
    for (n = n < 0 ? 0 : n; n < all; n++)
        receives(pair[1], 1, 0);
}

/* If there is no time, one of three datagrams is received. */
static int out_of_time(void)
{
    struct timespec none = { 0, 0 };
    int n;

    fill();
    for (n = 0; n < 3; n++)
        sends(pair[0], 1, 0, 0, NULL, 0);
    n = recvmmsg(pair[1], batch, 3, 0, &none);
    rest(3, n);
    return n == 1;
}

/* More datagrams than sendmmsg would take at once are received at once. */
static int many(void)
{
    int status, n, i;
    pid_t sender;

    fill();
    if ((sender = fork()) == 0) {
        for (i = 0; i < MANY; i++)
            sends(pair[0], 1, 0, 0, NULL, 0);
        _exit(0);
    }
    n = recvmmsg(pair[1], batch, MANY, 0, NULL);
    rest(MANY, n);
    waitpid(sender, &status, 0);
    return n == MANY;
}

/* As much address space as a program of 64 bits can have, never used. */
static int room(void)
{
    const int flags = MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE;
    return mmap(NULL, (size_t)1 << (sizeof (size_t) == 8 ? 45 : 27), PROT_READ, flags, -1, 0) != MAP_FAILED;
}

/* Whether it is right, and not the end of the emulator. */
static int survives(int (*right)(void))
{
    int status = 1;
    const pid_t child = fork();

    if (child == 0) {
        dup2(2, 1); /* where the emulator's last words do not stand among the names */
        _exit(!right());
    }
    return waitpid(child, &status, 0) == child && status == 0;
}

void calls(void)
{
    if (socketpair(AF_UNIX, SOCK_DGRAM, 0, pair) != 0)
        return;
    says("NO_VECTORS", no_vectors());
    says("MSG_CTRUNC", truncated());
    says("MALFORMED", survives(malformed));
    says("LONG_CONTROL", survives(long_control));
    says("LONG_NAME", survives(long_name));
    says("FAR_VECTORS", survives(far_vectors));
    says("ORDER", survives(order));
    says("TIMEOUT", out_of_time());
    says("MANY", many());
    says("MAP_NORESERVE", survives(room));
}
