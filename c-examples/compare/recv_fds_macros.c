/*
 * What ../recv_fds.c does, with the macros of cmsg(3).
 * SPDX-License-Identifier: MIT OR Apache-2.0 OR CC0-1.0
 */
#define _GNU_SOURCE
#include <err.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

static void show_fd(int fd)
{
    char text[256];
    ssize_t got = read(fd, text, sizeof text - 1);

    if (got < 0)
        err(1, "a descriptor");
    text[got] = '\0';
    printf("SCM_RIGHTS: a descriptor, it reads \"%.*s\"\n", (int)strcspn(text, "\n"), text);
    close(fd);
}

int main(int argc, char **argv)
{
    union {
        struct cmsghdr align;
        char data[2048];
    } control;
    struct sockaddr_un addr = { .sun_family = AF_UNIX };
    char text[256];
    struct iovec iov = { .iov_base = text, .iov_len = sizeof text };
    struct msghdr msg = { .msg_iov = &iov,
                          .msg_iovlen = 1,
                          .msg_control = control.data,
                          .msg_controllen = sizeof control.data };
    struct ucred from;
    ssize_t got;
    int fd, s, on = 1, listener = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);

    if (argc != 2 || strlen(argv[1]) >= sizeof addr.sun_path)
        errx(2, "usage: recv_fds SOCKET");
    strcpy(addr.sun_path, argv[1]);
    if (listener < 0 || setsockopt(listener, SOL_SOCKET, SO_PASSCRED, &on, sizeof on) < 0
        || bind(listener, (struct sockaddr *)&addr, sizeof addr) < 0 || listen(listener, 1) < 0)
        err(1, "%s", argv[1]);
    printf("listening on %s\n", argv[1]), fflush(stdout);
    s = accept4(listener, NULL, NULL, SOCK_CLOEXEC);
    if (s < 0 || close(listener) < 0 || unlink(argv[1]) < 0
        || (got = recvmsg(s, &msg, MSG_CMSG_CLOEXEC)) < 0)
        err(1, "receive");
    printf("text: %.*s", (int)got, text);
    for (struct cmsghdr *c = CMSG_FIRSTHDR(&msg); c; c = CMSG_NXTHDR(&msg, c)) {
        if (c->cmsg_level == SOL_SOCKET && c->cmsg_type == SCM_RIGHTS) {
            for (size_t at = 0; CMSG_LEN(at + sizeof fd) <= c->cmsg_len; at += sizeof fd) {
                memcpy(&fd, CMSG_DATA(c) + at, sizeof fd);
                show_fd(fd);
            }
        } else if (c->cmsg_level == SOL_SOCKET && c->cmsg_type == SCM_CREDENTIALS
                   && c->cmsg_len == CMSG_LEN(sizeof from)) {
            memcpy(&from, CMSG_DATA(c), sizeof from);
            printf("SCM_CREDENTIALS: pid %d, uid %u, gid %u\n", (int)from.pid, from.uid, from.gid);
        }
    }
    if (msg.msg_flags & MSG_CTRUNC)
        errx(1, "truncated: not all control messages arrived");
    return 0;
}
