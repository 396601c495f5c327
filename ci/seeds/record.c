/*
 * A library for LD_PRELOAD: stores what the program's calls carried, as seeds for the fuzzers, in
 * $ANCIL_SEEDS/control, netlink and address. Of what has the same shape, the first is kept.
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/uio.h>
#include <unistd.h>

/* Longer ones have nothing that these do not have. */
#define MOST 300

static uint64_t mix(uint64_t hash, const void *bytes, size_t n)
{
    const unsigned char *at = bytes;
    while (n-- > 0)
        hash = (hash ^ *at++) * UINT64_C(0x100000001b3);
    return hash;
}

static void store(const char *kind, uint64_t shape, const void *bytes, size_t n)
{
    char path[4096];
    const char *to = getenv("ANCIL_SEEDS");
    if (to == NULL || n == 0 || n > MOST)
        return;
    snprintf(path, sizeof path, "%s/%s/%016llx", to, kind, (unsigned long long)shape);
    const int fd = open(path, O_CREAT | O_EXCL | O_WRONLY | O_CLOEXEC, 0644);
    if (fd < 0)
        return;
    if (write(fd, bytes, n) != (ssize_t)n)
        abort();
    close(fd);
}

static void store_control(struct msghdr *m)
{
    uint64_t shape = UINT64_C(0xcbf29ce484222325);
    for (struct cmsghdr *c = CMSG_FIRSTHDR(m); c != NULL; c = CMSG_NXTHDR(m, c))
        shape = mix(shape, c, sizeof *c);
    if (m->msg_control != NULL)
        store("control", shape, m->msg_control, m->msg_controllen);
}

static void store_name(const void *name, size_t n)
{
    sa_family_t family;
    if (name == NULL || n < sizeof family || n > MOST)
        return;
    memcpy(&family, name, sizeof family);
    store("address", mix(mix(0, &family, sizeof family), &n, sizeof n), name, n);
}

/* A datagram of netlink. Its shape is nlmsg_type and nlmsg_flags of its first message. */
static void store_netlink(int fd, const void *bytes, size_t n)
{
    int domain = 0;
    socklen_t size = sizeof domain;
    if (getsockopt(fd, SOL_SOCKET, SO_DOMAIN, &domain, &size) != 0 || domain != AF_NETLINK)
        return;
    if (n >= 16)
        store("netlink", mix(0, (const char *)bytes + 4, 4), bytes, n);
}

static void store_message(int fd, struct msghdr *m, ssize_t n)
{
    if (n < 0)
        return;
    store_control(m);
    store_name(m->msg_name, m->msg_namelen);
    if (m->msg_iovlen > 0 && (size_t)n <= m->msg_iov->iov_len)
        store_netlink(fd, m->msg_iov->iov_base, (size_t)n);
}

#define NEXT(name) ((typeof(&name))dlsym(RTLD_NEXT, #name))

ssize_t sendmsg(int fd, const struct msghdr *m, int flags)
{
    const ssize_t n = NEXT(sendmsg)(fd, m, flags);
    struct msghdr copy = *m;
    store_message(fd, &copy, n);
    return n;
}

ssize_t recvmsg(int fd, struct msghdr *m, int flags)
{
    const ssize_t n = NEXT(recvmsg)(fd, m, flags);
    store_message(fd, m, n);
    return n;
}

ssize_t send(int fd, const void *bytes, size_t size, int flags)
{
    const ssize_t n = NEXT(send)(fd, bytes, size, flags);
    if (n > 0)
        store_netlink(fd, bytes, (size_t)n);
    return n;
}

ssize_t recv(int fd, void *bytes, size_t size, int flags)
{
    const ssize_t n = NEXT(recv)(fd, bytes, size, flags);
    if (n > 0 && (size_t)n <= size)
        store_netlink(fd, bytes, (size_t)n);
    return n;
}

int bind(int fd, const struct sockaddr *name, socklen_t n)
{
    store_name(name, n);
    return NEXT(bind)(fd, name, n);
}
