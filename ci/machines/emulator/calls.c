/* The part of the emulator probe about the system calls themselves. */
#include "emulator.h"
#include <fcntl.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <time.h>

static int pair[2];

/* Whether a receive without any vector says that there is nothing to receive. */
static int no_vectors(void)
{
    struct msghdr m;

    memset(&m, 0, sizeof m);
    return recvmsg(pair[1], &m, MSG_DONTWAIT) == -1 && errno == EAGAIN;
}

/* Whether a buffer for one descriptor of two, without its padding, receives that one alone. */
static int truncated(void)
{
    char space[CMSG_LEN(sizeof (int))], byte;
    struct iovec iov = { &byte, 1 };
    struct msghdr m = {
        .msg_iov = &iov, .msg_iovlen = 1, .msg_control = space, .msg_controllen = sizeof space
    };
    const int next = dup(0), fds[2] = { 0, 0 };

    close(next);
    if (send_bytes(pair[0], 1, SOL_SOCKET, SCM_RIGHTS, fds, sizeof fds) != 1 ||
        recvmsg(pair[1], &m, 0) != 1)
        return 0;
    /* The first descriptor is open now, and the number after it is free. */
    return m.msg_flags & MSG_CTRUNC && fcntl(next, F_GETFD) >= 0 &&
           fcntl(next + 1, F_GETFD) == -1;
}

/* Whether sending this message fails with this error. */
static int refused(int s, struct msghdr m, struct iovec iov, int error)
{
    m.msg_iov = &iov;
    m.msg_iovlen = 1;
    return sendmsg(s, &m, MSG_DONTWAIT) == -1 && errno == error;
}

/* Whether a header whose cmsg_len is shorter than a header is refused. */
static int malformed(void)
{
    static union { struct cmsghdr header; char bytes[64]; } space = { .header.cmsg_len = 3 };
    struct msghdr m = { .msg_control = &space, .msg_controllen = sizeof space };
    return refused(pair[0], m, (struct iovec){ &space, 1 }, EINVAL);
}

/* Whether more control bytes than any socket may send are refused. */
static int long_control(void)
{
    static union { struct cmsghdr header; char bytes[1 << 24]; } space;
    struct msghdr m = { .msg_control = &space, .msg_controllen = sizeof space };

    space.header.cmsg_len = sizeof space;
    space.header.cmsg_level = IPPROTO_IPV6; /* Unix sockets ignore this level */
    return refused(pair[0], m, (struct iovec){ &space, 1 }, ENOBUFS);
}

/* Whether the kernel cuts an excessive msg_namelen down to the longest address. */
static int long_name(void)
{
    static struct sockaddr_storage there;
    static char byte;
    socklen_t len = sizeof there;
    struct msghdr m = { .msg_name = &there, .msg_namelen = 0x7fffffff };
    const int s = udp_to_itself(AF_INET);

    m.msg_iov = &(struct iovec){ &byte, 1 };
    m.msg_iovlen = 1;
    return getsockname(s, (struct sockaddr *)&there, &len) == 0 &&
           sendmsg(s, &m, MSG_DONTWAIT) == 1;
}

/* Whether the length of a datagram is checked before the address of its bytes. */
static int far_vectors(void)
{
    struct msghdr m = { .msg_namelen = 0 };
    return refused(udp_to_itself(AF_INET), m, (struct iovec){ NULL, 1 << 17 }, EMSGSIZE);
}

/* Whether a negative msg_namelen is found before an excessive msg_iovlen. */
static int order(void)
{
    static struct iovec many[1025];
    static char byte;
    struct msghdr m = {
        .msg_name = &byte, .msg_namelen = (socklen_t)-1, .msg_iov = many, .msg_iovlen = 1025
    };

    return sendmsg(pair[0], &m, MSG_DONTWAIT) == -1 && errno == EINVAL;
}

enum { MANY = 1100 };
static struct mmsghdr batch[MANY];

/* Gives each message of the batch one vector of one byte. */
static void fill_batch(void)
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

/* Receives what is left of `all` datagrams after a call that returned n. */
static void receive_rest(int all, int n)
{
    for (n = n < 0 ? 0 : n; n < all; n++)
        receive_one(pair[1], 1, 0);
}

/* Whether recvmmsg with a timeout of 0 receives one of three datagrams. */
static int out_of_time(void)
{
    struct timespec none = { 0, 0 };
    int n;

    fill_batch();
    for (n = 0; n < 3; n++)
        send_bytes(pair[0], 1, 0, 0, NULL, 0);
    n = recvmmsg(pair[1], batch, 3, 0, &none);
    receive_rest(3, n);
    return n == 1;
}

/* Whether recvmmsg receives more datagrams at once than sendmmsg would send (1024). */
static int many(void)
{
    int status, n, i;
    pid_t sender;

    fill_batch();
    if ((sender = fork()) == 0) {
        for (i = 0; i < MANY; i++)
            send_bytes(pair[0], 1, 0, 0, NULL, 0);
        _exit(0);
    }
    n = recvmmsg(pair[1], batch, MANY, 0, NULL);
    receive_rest(MANY, n);
    waitpid(sender, &status, 0);
    return n == MANY;
}

/* Whether recvmmsg of two datagrams leaves the space for the name of a third as it was. */
static int batch_names(void)
{
    static unsigned char names[3][8];
    const int s = udp_to_itself(AF_INET);
    int i, n;

    fill_batch();
    memset(names, 0xaa, sizeof names);
    for (i = 0; i < 3; i++) {
        batch[i].msg_hdr.msg_name = names[i];
        batch[i].msg_hdr.msg_namelen = sizeof names[i];
    }
    for (i = 0; i < 2; i++)
        send_bytes(s, 1, 0, 0, NULL, 0);
    n = recvmmsg(s, batch, 3, MSG_DONTWAIT, NULL);
    close(s);
    return n == 2 && names[2][0] == 0xaa && memcmp(names[2], names[2] + 1, 7) == 0;
}

/* Whether 2^45 bytes of address space (2^27 with 32 bits) can be mapped, which are never used. */
static int address_space(void)
{
    const int flags = MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE;
    const size_t len = (size_t)1 << (sizeof (size_t) == 8 ? 45 : 27);

    return mmap(NULL, len, PROT_READ, flags, -1, 0) != MAP_FAILED;
}

/* Runs a check in a child process, because it may end the emulator. Returns whether it is right. */
static int in_child(int (*right)(void))
{
    int status = 1;
    const pid_t child = fork();

    if (child == 0) {
        dup2(2, 1); /* keeps the emulator's messages out of the list of names */
        _exit(!right());
    }
    return waitpid(child, &status, 0) == child && status == 0;
}

void calls(void)
{
    if (socketpair(AF_UNIX, SOCK_DGRAM, 0, pair) != 0)
        return;
    check("NO_VECTORS", no_vectors());
    check("MSG_CTRUNC", truncated());
    check("MALFORMED", in_child(malformed));
    check("LONG_CONTROL", in_child(long_control));
    check("LONG_NAME", in_child(long_name));
    check("FAR_VECTORS", in_child(far_vectors));
    check("ORDER", in_child(order));
    check("TIMEOUT", out_of_time());
    check("MANY", many());
    check("BATCH_NAMES", batch_names());
    check("MAP_NORESERVE", in_child(address_space));
}
