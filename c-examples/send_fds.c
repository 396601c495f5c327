/*
 * send_fds SOCKET FILE...: opens each FILE and passes its descriptor, together with our
 * credentials, to the program that listens on the Unix socket, such as recv_fds. Public domain.
 */
#define _GNU_SOURCE
#include <ancil.h>

#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

enum { MAX_FILES = 16 };

int main(int argc, char **argv)
{
    ANCIL_CONTROL_BUFFER(control, ANCIL_CMSG_SPACE(MAX_FILES * sizeof (int))
                                      + ANCIL_CMSG_SPACE(sizeof (struct ancil_ucred)));
    struct sockaddr_un addr = { .sun_family = AF_UNIX };
    struct ancil_writer w;
    char text[] = "files for you\n";
    struct iovec iov = { .iov_base = text, .iov_len = strlen(text) };
    struct msghdr msg = { .msg_iov = &iov, .msg_iovlen = 1 };
    int fds[MAX_FILES], n = argc - 2, s;

    if (n < 1 || n > MAX_FILES || strlen(argv[1]) >= sizeof addr.sun_path) {
        fprintf(stderr, "usage: %s SOCKET FILE... (at most %d)\n", argv[0], MAX_FILES);
        return 2;
    }
    for (int i = 0; i < n; i++) {
        fds[i] = open(argv[i + 2], O_RDONLY | O_CLOEXEC);
        if (fds[i] < 0)
            return perror(argv[i + 2]), 1;
    }

    ancil_writer_init(&w, control.data, sizeof control.data);
    if (ancil_writer_put_fds(&w, fds, (size_t)n) < 0
        || ancil_writer_put_credentials(&w, getpid(), getuid(), getgid()) < 0) {
        fprintf(stderr, "the control buffer is too small\n");
        return 1;
    }
    msg.msg_control = control.data;
    msg.msg_controllen = ancil_writer_finish(&w);

    strcpy(addr.sun_path, argv[1]);
    s = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (s < 0 || connect(s, (struct sockaddr *)&addr, sizeof addr) < 0)
        return perror(argv[1]), 1;
    if (sendmsg(s, &msg, MSG_NOSIGNAL) < 0)
        return perror("sendmsg"), 1;
    printf("sent %d descriptors from pid %d\n", n, (int)getpid());
    return 0;
}
