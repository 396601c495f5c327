/*
 * broker SOCKET TARGET: receives a message from each connection to the Unix socket SOCKET, and
 * passes its text and descriptors on to the Unix socket TARGET, if our own user sent them. send_fds
 * and recv_fds are the other ends.
 * SPDX-License-Identifier: MIT OR Apache-2.0 OR CC0-1.0
 */
#define _GNU_SOURCE
#include <ancil.h>

#include <err.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

/* Passes a message on, as far as it may be. Returns what became of it. */
static const char *pass_on(const struct msghdr *got, int to)
{
    ANCIL_CONTROL_BUFFER(control, 2048);
    struct msghdr msg = { .msg_iov = got->msg_iov, .msg_iovlen = 1 };
    struct ancil_message m;
    struct ancil_ucred sender;
    struct ancil_writer w;

    if (ancil_find(got->msg_control, got->msg_controllen, SOL_SOCKET, SCM_CREDENTIALS, &m) <= 0
        || ancil_get_credentials(&m, &sender) <= 0 || sender.uid != getuid())
        return "refused: our user did not send it";
    if (ancil_find(got->msg_control, got->msg_controllen, SOL_SOCKET, SCM_RIGHTS, &m) <= 0
        || got->msg_flags & MSG_CTRUNC)
        return "refused: descriptors are missing";
    ancil_writer_init(&w, control.data, sizeof control.data);
    ancil_writer_put(&w, m.level, m.type, m.data, m.len);
    if (ANCIL_ATTACH(&msg, &w) < 0 || sendmsg(to, &msg, MSG_NOSIGNAL) < 0)
        return "lost: it could not be sent";
    return "passed on";
}

/* Receives one message and passes it on. Leaves none of its descriptors open. */
static void serve(int from, int to)
{
    ANCIL_CONTROL_BUFFER(control, 2048); /* the kernel passes at most 253 descriptors */
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
    ancil_close_fds(control.data, msg.msg_controllen, close);
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
