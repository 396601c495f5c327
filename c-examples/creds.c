/*
 * creds SOCKET: exchanges credentials and a descriptor, both in one control buffer, with the
 * program at the other end of the Unix socket. Start it twice: the first one listens. Public
 * domain.
 */
#define _GNU_SOURCE
#include <ancil.h>

#include <err.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

static void send_ours(int s)
{
    ANCIL_CONTROL_BUFFER(control, 128);
    struct iovec iov = { .iov_base = "hello", .iov_len = 5 };
    struct msghdr msg = { .msg_iov = &iov, .msg_iovlen = 1 };
    struct ancil_writer w;
    int ends[2];

    if (pipe(ends) < 0 || dprintf(ends[1], "a pipe of process %d", (int)getpid()) < 0)
        err(1, "pipe");
    ancil_writer_init(&w, control.data, sizeof control.data);
    ancil_writer_put_credentials(&w, getpid(), getuid(), getgid());
    ancil_writer_put_fds(&w, ends, 1);
    if (ANCIL_ATTACH(&msg, &w) < 0)
        errx(1, "the control buffer is too small");
    if (sendmsg(s, &msg, MSG_NOSIGNAL) < 0)
        err(1, "send");
    close(ends[0]);
    close(ends[1]);
}

static void show_theirs(int s)
{
    ANCIL_CONTROL_BUFFER(control, 128);
    char text[64];
    struct iovec iov = { .iov_base = text, .iov_len = sizeof text };
    struct msghdr msg = { .msg_iov = &iov, .msg_iovlen = 1 };
    struct ancil_message m;
    struct ancil_ucred from;
    int fd, status, on = 1;
    ssize_t got;

    msg.msg_control = control.data;
    msg.msg_controllen = sizeof control.data;
    /* Only a receiver of credentials needs this option. */
    if (setsockopt(s, SOL_SOCKET, SO_PASSCRED, &on, sizeof on) < 0
        || recvmsg(s, &msg, MSG_CMSG_CLOEXEC) < 0)
        err(1, "receive");
    status = ancil_take_fd(control.data, msg.msg_controllen, &fd);
    ancil_close_fds(control.data, msg.msg_controllen, close); /* if more than one came */
    if (status < 0 || msg.msg_flags & MSG_CTRUNC
        || ancil_find(control.data, msg.msg_controllen, SOL_SOCKET, SCM_CREDENTIALS, &m) <= 0
        || ancil_get_credentials(&m, &from) <= 0)
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
