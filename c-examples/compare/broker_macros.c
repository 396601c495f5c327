/*
 * What ../broker.c does, with the macros of cmsg(3).
 * SPDX-License-Identifier: MIT OR Apache-2.0 OR CC0-1.0
 */
#define _GNU_SOURCE
#include <err.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

/* Passes a message on, as far as it may be. Returns what became of it. */
static const char *pass_on(struct msghdr *got, int to)
{
    struct msghdr msg = { .msg_iov = got->msg_iov, .msg_iovlen = 1 };
    struct cmsghdr *c, *credentials = NULL, *rights = NULL;
    struct ucred sender;

    for (c = CMSG_FIRSTHDR(got); c; c = CMSG_NXTHDR(got, c)) {
        if (c->cmsg_level == SOL_SOCKET && c->cmsg_type == SCM_CREDENTIALS
            && c->cmsg_len == CMSG_LEN(sizeof sender))
            credentials = c;
        else if (c->cmsg_level == SOL_SOCKET && c->cmsg_type == SCM_RIGHTS)
            rights = c;
    }
    if (!credentials)
        return "refused: our user did not send it";
    memcpy(&sender, CMSG_DATA(credentials), sizeof sender);
    if (sender.uid != getuid())
        return "refused: our user did not send it";
    if (!rights || got->msg_flags & MSG_CTRUNC)
        return "refused: descriptors are missing";
    msg.msg_control = rights; /* as it was received */
    msg.msg_controllen = CMSG_ALIGN(rights->cmsg_len);
    if (sendmsg(to, &msg, MSG_NOSIGNAL) < 0)
        return "lost: it could not be sent";
    return "passed on";
}

static void close_fds(struct msghdr *msg)
{
    for (struct cmsghdr *c = CMSG_FIRSTHDR(msg); c; c = CMSG_NXTHDR(msg, c)) {
        int fd;

        if (c->cmsg_level != SOL_SOCKET || c->cmsg_type != SCM_RIGHTS)
            continue;
        for (size_t at = 0; CMSG_LEN(at + sizeof fd) <= c->cmsg_len; at += sizeof fd) {
            memcpy(&fd, CMSG_DATA(c) + at, sizeof fd);
            close(fd);
        }
    }
}

/* Receives one message and passes it on. Leaves none of its descriptors open. */
static void serve(int from, int to)
{
    union {
        struct cmsghdr align;
        char data[2048]; /* the kernel passes at most 253 descriptors */
    } control;
    char text[256];
    struct iovec iov = { .iov_base = text, .iov_len = sizeof text };
    struct msghdr msg = { .msg_iov = &iov, .msg_iovlen = 1 };
    ssize_t bytes;

    msg.msg_control = control.data;
    msg.msg_controllen = sizeof control.data;
    if ((bytes = recvmsg(from, &msg, MSG_CMSG_CLOEXEC)) < 0) {
        warn("recvmsg");
        return;
    }
    iov.iov_len = (size_t)bytes;
    puts(pass_on(&msg, to));
    close_fds(&msg);
}

int main(int argc, char **argv)
{
    struct sockaddr_un here = { .sun_family = AF_UNIX }, there = here;
    int on = 1, listener = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);

    if (argc != 3 || strlen(argv[1]) >= sizeof here.sun_path
        || strlen(argv[2]) >= sizeof there.sun_path)
        errx(2, "usage: broker SOCKET TARGET");
    strcpy(here.sun_path, argv[1]);
    strcpy(there.sun_path, argv[2]);
    if (listener < 0 || setsockopt(listener, SOL_SOCKET, SO_PASSCRED, &on, sizeof on) < 0
        || bind(listener, (struct sockaddr *)&here, sizeof here) < 0 || listen(listener, 8) < 0)
        err(1, "%s", argv[1]);
    printf("listening on %s\n", argv[1]);
    for (;;) {
        int from, to;

        fflush(stdout);
        from = accept4(listener, NULL, NULL, SOCK_CLOEXEC);
        to = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
        if (from < 0 || to < 0)
            err(1, "accept");
        if (connect(to, (struct sockaddr *)&there, sizeof there) < 0)
            warn("%s", argv[2]);
        else
            serve(from, to);
        close(from);
        close(to);
    }
}
