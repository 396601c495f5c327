/*
 * recv_fds SOCKET: listens on the Unix socket, receives one message, prints who sent it, and prints
 * the first line of every file whose descriptor came with it. send_fds is the other end. Public
 * domain.
 */
#define _GNU_SOURCE
#include <ancil.h>

#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

enum { MAX_FILES = 16 };
#define CONTROL_SIZE \
    (ANCIL_CMSG_SPACE(MAX_FILES * sizeof (int)) + ANCIL_CMSG_SPACE(sizeof (struct ancil_ucred)))

static void show_fd(int fd)
{
    char text[256];
    ssize_t got = read(fd, text, sizeof text);
    const char *newline = got > 0 ? memchr(text, '\n', (size_t)got) : NULL;
    int line = newline ? (int)(newline - text) : got > 0 ? (int)got : 0;

    printf("SCM_RIGHTS: a descriptor, it reads \"%.*s\"\n", line, text);
    close(fd);
}

static void show(const struct ancil_message *m)
{
    struct ancil_ucred from;
    int fds[CONTROL_SIZE / sizeof (int)]; /* never more than the control buffer holds */
    int n = ancil_get_fds(m, fds, sizeof fds / sizeof *fds);

    for (int i = 0; i < n; i++)
        show_fd(fds[i]);
    if (ancil_get_credentials(m, &from) > 0)
        printf("SCM_CREDENTIALS: pid %d, uid %u, gid %u\n", (int)from.pid, from.uid, from.gid);
}

int main(int argc, char **argv)
{
    ANCIL_CONTROL_BUFFER(control, CONTROL_SIZE);
    struct sockaddr_un addr = { .sun_family = AF_UNIX };
    struct ancil_reader r;
    struct ancil_message m;
    char text[256];
    struct iovec iov = { .iov_base = text, .iov_len = sizeof text };
    struct msghdr msg = { .msg_iov = &iov, .msg_iovlen = 1,
                          .msg_control = control.data, .msg_controllen = sizeof control.data };
    ssize_t got;
    int listener, s, status, on = 1;

    if (argc != 2 || strlen(argv[1]) >= sizeof addr.sun_path) {
        fprintf(stderr, "usage: %s SOCKET\n", argv[0]);
        return 2;
    }
    strcpy(addr.sun_path, argv[1]);
    listener = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (listener < 0 || setsockopt(listener, SOL_SOCKET, SO_PASSCRED, &on, sizeof on) < 0
        || bind(listener, (struct sockaddr *)&addr, sizeof addr) < 0 || listen(listener, 1) < 0)
        return perror(argv[1]), 1;
    printf("listening on %s\n", argv[1]);
    fflush(stdout);
    s = accept(listener, NULL, NULL);
    unlink(argv[1]);
    if (s < 0 || (got = recvmsg(s, &msg, MSG_CMSG_CLOEXEC)) < 0)
        return perror("receive"), 1;

    printf("text: %.*s", (int)got, text);
    ancil_reader_init(&r, msg.msg_control, msg.msg_controllen);
    while ((status = ancil_reader_next(&r, &m)) > 0)
        show(&m);
    if (msg.msg_flags & MSG_CTRUNC)
        printf("truncated: the control buffer was too small\n");
    return status < 0;
}
