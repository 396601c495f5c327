/*
 * send_fds SOCKET FILE...: opens each FILE and passes its descriptor, together with our
 * credentials, to the program that listens on the Unix socket, such as recv_fds. Needs the header
 * ancil/inline.h, not the library.
 * SPDX-License-Identifier: MIT OR Apache-2.0 OR CC0-1.0
 */
#define _GNU_SOURCE
#include <ancil/inline.h>

#include <err.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

enum { MAX_FILES = 253 }; /* SCM_MAX_FD: the kernel passes no more in one message */

int main(int argc, char **argv)
{
    ANCIL_CONTROL_BUFFER(control, 2048);
    struct sockaddr_un addr = { .sun_family = AF_UNIX };
    struct ucred ours = { .pid = getpid(), .uid = getuid(), .gid = getgid() };
    struct iovec iov = { .iov_base = "files for you\n", .iov_len = 14 };
    struct msghdr msg = { .msg_iov = &iov, .msg_iovlen = 1 };
    struct ancil_writer w;
    int fds[MAX_FILES], n = argc - 2, s = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);

    if (n < 1 || n > MAX_FILES || strlen(argv[1]) >= sizeof addr.sun_path)
        errx(2, "usage: send_fds SOCKET FILE... (at most %d)", MAX_FILES);
    strcpy(addr.sun_path, argv[1]);
    if (s < 0 || connect(s, (struct sockaddr *)&addr, sizeof addr) < 0)
        err(1, "%s", argv[1]);
    for (int i = 0; i < n; i++)
        if ((fds[i] = open(argv[i + 2], O_RDONLY | O_CLOEXEC)) < 0)
            err(1, "%s", argv[i + 2]);
    ancil_writer_init(&w, control.data, sizeof control.data);
    ancil_writer_put_fds(&w, fds, (size_t)n);
    ancil_writer_put(&w, SOL_SOCKET, SCM_CREDENTIALS, &ours, sizeof ours);
    if (ANCIL_ATTACH(&msg, &w) < 0)
        errx(1, "the control buffer is too small");
    if (sendmsg(s, &msg, MSG_NOSIGNAL) < 0)
        err(1, "sendmsg");
    printf("sent %d descriptors from pid %d\n", n, (int)ours.pid);
    return 0;
}
