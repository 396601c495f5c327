/*
 * What the programs here share. Each of them includes one example of a page in man/ as example.c,
 * calls the function that it defines, and is named after that function. What the example prints is
 * compared with the page, so the program itself prints nothing.
 */
#ifndef SOCKETS_H
#define SOCKETS_H

#include "../check.h"

#include <ancil/inline.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

/* Ends the program: this kernel or user cannot do what the example needs. */
#define SKIP(reason) (printf("SKIPPED %s\n", reason), exit(0))

enum { MOST = 4096 }; /* bytes of control messages that received() keeps */

/* Makes two Unix sockets that are connected to each other. */
static inline void unix_pair(int type, int s[2])
{
    CHECK(socketpair(AF_UNIX, type | SOCK_CLOEXEC, 0, s) == 0);
}

/* Returns 127.0.0.@last with a port that is not used yet. */
static inline struct sockaddr_in loopback(unsigned last)
{
    struct sockaddr_in addr;

    memset(&addr, 0, sizeof addr);
    addr.sin_family = AF_INET;
    addr.sin_addr.s_addr = htonl((127u << 24) | last);
    return addr;
}

/* Returns a UDP socket that is bound to @addr, whose port becomes the socket's. */
static inline int udp_at(struct sockaddr_in *addr)
{
    const int s = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
    socklen_t len = sizeof *addr;

    CHECK(s >= 0 && bind(s, (struct sockaddr *)addr, len) == 0);
    CHECK(getsockname(s, (struct sockaddr *)addr, &len) == 0 && len == sizeof *addr);
    return s;
}

/* Returns a UDP socket that is connected to itself. */
static inline int udp_to_itself(void)
{
    struct sockaddr_in addr = loopback(1);
    const int s = udp_at(&addr);

    CHECK(connect(s, (struct sockaddr *)&addr, sizeof addr) == 0);
    return s;
}

/* Sets a socket option to 1. */
static inline void enable(int s, int level, int name)
{
    const int on = 1;

    CHECK(setsockopt(s, level, name, &on, sizeof on) == 0);
}

/* Receives a message with its control messages, and keeps both until the next call. */
static inline const struct msghdr *received(int s, size_t *bytes)
{
    static union { size_t align; unsigned char data[MOST]; } control;
    static char data[65536];
    static struct iovec iov;
    static struct msghdr msg;
    ssize_t n;

    iov.iov_base = data;
    iov.iov_len = sizeof data;
    memset(&msg, 0, sizeof msg);
    msg.msg_iov = &iov;
    msg.msg_iovlen = 1;
    msg.msg_control = control.data;
    msg.msg_controllen = sizeof control.data;
    n = recvmsg(s, &msg, MSG_CMSG_CLOEXEC);
    CHECK(n >= 0);
    *bytes = (size_t)n;
    return &msg;
}

/* Returns a descriptor that no other one equals, and from which @letter can be read. */
static inline int pipe_with(char letter)
{
    int ends[2];

    CHECK(pipe(ends) == 0 && write(ends[1], &letter, 1) == 1 && close(ends[1]) == 0);
    return ends[0];
}

/* Checks that a descriptor is the one that pipe_with made for @letter, and closes it. */
static inline void check_pipe(int fd, char letter)
{
    char byte;

    CHECK(read(fd, &byte, 1) == 1 && byte == letter && close(fd) == 0);
}

/* Sends a byte with @n descriptors, pipe_with('a') and so on, and closes them here. */
static inline void send_pipes(int s, size_t n)
{
    ANCIL_CONTROL_BUFFER(control, ANCIL_CMSG_SPACE(8 * sizeof (int)));
    char byte = 'x';
    struct iovec iov;
    struct msghdr msg;
    struct ancil_writer w;
    size_t i;
    int fds[8];

    iov.iov_base = &byte;
    iov.iov_len = 1;
    memset(&msg, 0, sizeof msg);
    msg.msg_iov = &iov;
    msg.msg_iovlen = 1;
    for (i = 0; i < n; i++)
        fds[i] = pipe_with((char)('a' + i));
    ancil_writer_init(&w, control.data, sizeof control.data);
    if (n > 0)
        ancil_writer_put_fds(&w, fds, n);
    CHECK(ANCIL_ATTACH(&msg, &w) == 0 && sendmsg(s, &msg, 0) == 1);
    for (i = 0; i < n; i++)
        CHECK(close(fds[i]) == 0);
}

/* Returns the number of open descriptors below 256. */
static inline int open_fds(void)
{
    int fd, n = 0;

    for (fd = 0; fd < 256; fd++)
        n += fcntl(fd, F_GETFD) >= 0;
    return n;
}

#endif /* SOCKETS_H */
