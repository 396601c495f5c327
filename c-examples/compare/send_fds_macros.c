/*
 * What ../send_fds.c does, with the macros of cmsg(3).
 * SPDX-License-Identifier: MIT OR Apache-2.0 OR CC0-1.0
 */
#define _GNU_SOURCE
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
    union {
        struct cmsghdr align;
        char data[CMSG_SPACE(MAX_FILES * sizeof(int)) + CMSG_SPACE(sizeof(struct ucred))];
    } control = { .data = { 0 } }; /* glibc before 2.37 reads ahead in CMSG_NXTHDR */
    struct sockaddr_un addr = { .sun_family = AF_UNIX };
    struct ucred ours = { .pid = getpid(), .uid = getuid(), .gid = getgid() };
    struct iovec iov = { .iov_base = "files for you\n", .iov_len = 14 };
    struct msghdr msg = { .msg_iov = &iov, .msg_iovlen = 1, .msg_control = control.data };
    struct cmsghdr *c;
    int fds[MAX_FILES], n = argc - 2, s = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    size_t bytes;

    if (n < 1 || n > MAX_FILES || strlen(argv[1]) >= sizeof addr.sun_path)
        errx(2, "usage: send_fds SOCKET FILE... (at most %d)", MAX_FILES);
    strcpy(addr.sun_path, argv[1]);
    if (s < 0 || connect(s, (struct sockaddr *)&addr, sizeof addr) < 0)
        err(1, "%s", argv[1]);
    for (int i = 0; i < n; i++)
        if ((fds[i] = open(argv[i + 2], O_RDONLY | O_CLOEXEC)) < 0)
            err(1, "%s", argv[i + 2]);
    bytes = (size_t)n * sizeof *fds;
    msg.msg_controllen = CMSG_SPACE(bytes) + CMSG_SPACE(sizeof ours);
    c = CMSG_FIRSTHDR(&msg);
    c->cmsg_level = SOL_SOCKET;
    c->cmsg_type = SCM_RIGHTS;
    c->cmsg_len = CMSG_LEN(bytes);
    memcpy(CMSG_DATA(c), fds, bytes);
    c = CMSG_NXTHDR(&msg, c);
    c->cmsg_level = SOL_SOCKET;
    c->cmsg_type = SCM_CREDENTIALS;
    c->cmsg_len = CMSG_LEN(sizeof ours);
    memcpy(CMSG_DATA(c), &ours, sizeof ours);
    if (sendmsg(s, &msg, MSG_NOSIGNAL) < 0)
        err(1, "sendmsg");
    printf("sent %d descriptors from pid %d\n", n, (int)ours.pid);
    return 0;
}
