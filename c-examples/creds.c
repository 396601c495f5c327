/*
 * creds SOCKET: exchanges credentials and a descriptor, both in one control buffer, with the
 * program at the other end of the Unix socket. Start it twice: the first one listens. Public
 * domain.
 */
#define _GNU_SOURCE
#include <ancil.h>

#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#define CONTROL_SIZE \
    (ANCIL_CMSG_SPACE(sizeof (struct ancil_ucred)) + ANCIL_CMSG_SPACE(sizeof (int)))

static int send_ours(int s)
{
    ANCIL_CONTROL_BUFFER(control, CONTROL_SIZE);
    struct ancil_writer w;
    struct iovec iov = { .iov_base = "hello", .iov_len = 5 };
    struct msghdr msg = { .msg_iov = &iov, .msg_iovlen = 1, .msg_control = control.data };
    int ends[2];

    if (pipe(ends) < 0 || dprintf(ends[1], "a pipe of process %d", (int)getpid()) < 0)
        return perror("pipe"), -1;
    ancil_writer_init(&w, control.data, sizeof control.data);
    if (ancil_writer_put_credentials(&w, getpid(), getuid(), getgid()) < 0
        || ancil_writer_put_fds(&w, ends, 1) < 0)
        return fprintf(stderr, "the control buffer is too small\n"), -1;
    msg.msg_controllen = ancil_writer_finish(&w);
    if (sendmsg(s, &msg, MSG_NOSIGNAL) < 0)
        return perror("send"), -1;
    return close(ends[0]) | close(ends[1]);
}

static int show_theirs(int s)
{
    ANCIL_CONTROL_BUFFER(control, CONTROL_SIZE);
    struct ancil_reader r;
    struct ancil_message m;
    struct ancil_ucred from;
    char text[64];
    struct iovec iov = { .iov_base = text, .iov_len = sizeof text };
    struct msghdr msg = { .msg_iov = &iov, .msg_iovlen = 1,
                          .msg_control = control.data, .msg_controllen = sizeof control.data };
    int fds[sizeof control.data / sizeof (int)]; /* never more than the buffer holds */
    int n, status, on = 1;

    /* Only a receiver of credentials needs this option. */
    if (setsockopt(s, SOL_SOCKET, SO_PASSCRED, &on, sizeof on) < 0
        || recvmsg(s, &msg, MSG_CMSG_CLOEXEC) <= 0)
        return perror("receive"), -1;
    ancil_reader_init(&r, control.data, msg.msg_controllen);
    while ((status = ancil_reader_next(&r, &m)) > 0) {
        if (ancil_get_credentials(&m, &from) > 0)
            printf("the kernel vouches for pid %d, uid %u, gid %u\n", (int)from.pid, from.uid,
                   from.gid);
        for (n = ancil_get_fds(&m, fds, sizeof fds / sizeof *fds); n > 0; close(fds[--n])) {
            ssize_t got = read(fds[n - 1], text, sizeof text);
            printf("a descriptor, it reads \"%.*s\"\n", got > 0 ? (int)got : 0, text);
        }
    }
    return status;
}

int main(int argc, char **argv)
{
    struct sockaddr_un addr = { .sun_family = AF_UNIX };
    int s = socket(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0);

    if (argc != 2 || strlen(argv[1]) >= sizeof addr.sun_path)
        return fprintf(stderr, "usage: %s SOCKET\n", argv[0]), 2;
    strcpy(addr.sun_path, argv[1]);
    if (connect(s, (struct sockaddr *)&addr, sizeof addr) < 0) {
        if (s < 0 || bind(s, (struct sockaddr *)&addr, sizeof addr) < 0 || listen(s, 1) < 0)
            return perror(argv[1]), 1;
        printf("listening on %s\n", argv[1]), fflush(stdout);
        if ((s = accept(s, NULL, NULL)) < 0 || unlink(argv[1]) < 0)
            return perror(argv[1]), 1;
    }
    return send_ours(s) < 0 || show_theirs(s) < 0;
}
