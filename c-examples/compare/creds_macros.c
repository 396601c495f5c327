/*
 * What ../creds.c does, with the macros of cmsg(3). Public domain.
 */
#define _GNU_SOURCE
#include <err.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

union control {
    struct cmsghdr align;
    char data[CMSG_SPACE(sizeof(struct ucred)) + CMSG_SPACE(sizeof(int))];
};

static void send_ours(int s)
{
    union control control = { .data = { 0 } }; /* glibc before 2.37 reads ahead in CMSG_NXTHDR */
    struct ucred ours = { .pid = getpid(), .uid = getuid(), .gid = getgid() };
    struct iovec iov = { .iov_base = "hello", .iov_len = 5 };
    struct msghdr msg = { .msg_iov = &iov, .msg_iovlen = 1 };
    struct cmsghdr *c;
    int ends[2];

    if (pipe(ends) < 0 || dprintf(ends[1], "a pipe of process %d", (int)getpid()) < 0)
        err(1, "pipe");
    msg.msg_control = control.data;
    msg.msg_controllen = sizeof control.data;
    c = CMSG_FIRSTHDR(&msg);
    c->cmsg_level = SOL_SOCKET;
    c->cmsg_type = SCM_CREDENTIALS;
    c->cmsg_len = CMSG_LEN(sizeof ours);
    memcpy(CMSG_DATA(c), &ours, sizeof ours);
    c = CMSG_NXTHDR(&msg, c);
    c->cmsg_level = SOL_SOCKET;
    c->cmsg_type = SCM_RIGHTS;
    c->cmsg_len = CMSG_LEN(sizeof *ends);
    memcpy(CMSG_DATA(c), ends, sizeof *ends);
    if (sendmsg(s, &msg, MSG_NOSIGNAL) < 0)
        err(1, "send");
    close(ends[0]);
    close(ends[1]);
}

static void show_theirs(int s)
{
    union control control;
    char text[64];
    struct iovec iov = { .iov_base = text, .iov_len = sizeof text };
    struct msghdr msg = { .msg_iov = &iov, .msg_iovlen = 1 };
    struct ucred from;
    int fd = -1, fds = 0, vouched = 0, on = 1;
    ssize_t got;

    msg.msg_control = control.data;
    msg.msg_controllen = sizeof control.data;
    /* Only a receiver of credentials needs this option. */
    if (setsockopt(s, SOL_SOCKET, SO_PASSCRED, &on, sizeof on) < 0
        || recvmsg(s, &msg, MSG_CMSG_CLOEXEC) < 0)
        err(1, "receive");
    for (struct cmsghdr *c = CMSG_FIRSTHDR(&msg); c; c = CMSG_NXTHDR(&msg, c)) {
        if (c->cmsg_level == SOL_SOCKET && c->cmsg_type == SCM_RIGHTS) {
            for (size_t at = 0; CMSG_LEN(at + sizeof fd) <= c->cmsg_len; at += sizeof fd) {
                if (fds++ > 0) /* there is padding with room for a second one */
                    close(fd);
                memcpy(&fd, CMSG_DATA(c) + at, sizeof fd);
            }
        } else if (c->cmsg_level == SOL_SOCKET && c->cmsg_type == SCM_CREDENTIALS
                   && c->cmsg_len == CMSG_LEN(sizeof from)) {
            memcpy(&from, CMSG_DATA(c), sizeof from);
            vouched = 1;
        }
    }
    if (fds != 1 || !vouched || msg.msg_flags & MSG_CTRUNC)
        errx(1, "expected credentials and one descriptor");
    printf("the kernel vouches for pid %d, uid %u, gid %u\n", from.pid, from.uid, from.gid);
    if ((got = read(fd, text, sizeof text)) < 0)
        err(1, "a descriptor");
    printf("a descriptor, it reads \"%.*s\"\n", (int)got, text);
    close(fd);
}

int main(int argc, char **argv)
{
    struct sockaddr_un addr = { .sun_family = AF_UNIX };
    int s = socket(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0);

    if (argc != 2 || strlen(argv[1]) >= sizeof addr.sun_path)
        errx(2, "usage: creds SOCKET");
    strcpy(addr.sun_path, argv[1]);
    if (s < 0)
        err(1, "socket");
    if (connect(s, (struct sockaddr *)&addr, sizeof addr) < 0) {
        const int listener = s;

        if (bind(listener, (struct sockaddr *)&addr, sizeof addr) < 0 || listen(listener, 1) < 0)
            err(1, "%s", argv[1]);
        printf("listening on %s\n", argv[1]), fflush(stdout);
        s = accept4(listener, NULL, NULL, SOCK_CLOEXEC);
        if (s < 0 || close(listener) < 0 || unlink(argv[1]) < 0)
            err(1, "%s", argv[1]);
    }
    send_ours(s);
    show_theirs(s);
    return 0;
}
