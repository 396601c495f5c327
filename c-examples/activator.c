/*
 * activator SERVICE: starts the program SERVICE with a listening socket, as systemd does by socket
 * activation, keeps the connection that it sends to be stored (FDSTORE=1 of sd_notify(3)), and
 * starts it again with both. Take it to test a service such as service.c. Needs the headers
 * ancil/inline.h and ancil/fds.h, not the library.
 * SPDX-License-Identifier: MIT OR Apache-2.0 OR CC0-1.0
 */
#define _GNU_SOURCE
#include <ancil/fds.h>

#include <err.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

enum { FIRST = 3 }; /* the first descriptor that a service inherits */

/* Becomes the service, which inherits these descriptors. The second may be -1. */
static void become(char *program, int web, int connection)
{
    char pid[16];

    /* First to higher numbers: otherwise one copy may replace what the other is of. */
    web = fcntl(web, F_DUPFD_CLOEXEC, FIRST + 2);
    if (connection >= 0 && (connection = fcntl(connection, F_DUPFD_CLOEXEC, FIRST + 2)) < 0)
        err(1, "the connection");
    snprintf(pid, sizeof pid, "%d", (int)getpid());
    if (dup2(web, FIRST) < 0 || (connection >= 0 && dup2(connection, FIRST + 1) < 0)
        || setenv("LISTEN_PID", pid, 1) < 0
        || setenv("LISTEN_FDS", connection < 0 ? "1" : "2", 1) < 0
        || setenv("LISTEN_FDNAMES", connection < 0 ? "web" : "web:connection", 1) < 0)
        err(1, "the environment");
    execl(program, program, (char *)NULL);
    err(1, "%s", program);
}

/* Returns the descriptor that the service has sent to be stored, or -1. */
static int stored(int inbox, pid_t service)
{
    ANCIL_CONTROL_BUFFER(control, 128);
    char text[256];
    struct iovec iov = { .iov_base = text, .iov_len = sizeof text - 1 };
    struct msghdr msg = { .msg_iov = &iov, .msg_iovlen = 1 };
    struct ancil_message m;
    struct ucred from = { 0 };
    ssize_t got;
    int fd = -1;

    msg.msg_control = control.data;
    msg.msg_controllen = sizeof control.data;
    if ((got = recvmsg(inbox, &msg, MSG_CMSG_CLOEXEC)) < 0)
        return -1;
    text[got] = '\0';
    if (ancil_find(control.data, msg.msg_controllen, SOL_SOCKET, SCM_CREDENTIALS, &m) > 0
        && m.len == sizeof from)
        memcpy(&from, m.data, sizeof from);
    if (from.pid != service || strcmp(text, "FDSTORE=1\nFDNAME=connection") != 0
        || ancil_take_fd(control.data, msg.msg_controllen, &fd) < 0)
        warnx("process %d has sent something else", (int)from.pid); /* anybody can send here */
    ancil_close_fds(control.data, msg.msg_controllen, close);
    return fd;
}

/* Opens a listening socket, or one for notifications, that does not wait. Finds its address. */
static int open_socket(int type, struct sockaddr *own, socklen_t len, socklen_t *size)
{
    const int s = socket(own->sa_family, type | SOCK_CLOEXEC | SOCK_NONBLOCK, 0), on = 1;

    if (s < 0 || bind(s, own, len) < 0 || getsockname(s, own, size) < 0
        || (type == SOCK_STREAM ? listen(s, 8)
                                : setsockopt(s, SOL_SOCKET, SO_PASSCRED, &on, sizeof on))
               < 0)
        err(1, "socket");
    return s;
}

int main(int argc, char **argv)
{
    struct sockaddr_in web = { .sin_family = AF_INET, .sin_addr = { htonl(INADDR_LOOPBACK) } };
    struct sockaddr_un own = { .sun_family = AF_UNIX };
    socklen_t web_len = sizeof web, own_len = sizeof own;
    const int listener = open_socket(SOCK_STREAM, (struct sockaddr *)&web, web_len, &web_len);
    /* Without a name, the kernel chooses one in the abstract namespace. */
    const int inbox =
        open_socket(SOCK_DGRAM, (struct sockaddr *)&own, sizeof own.sun_family, &own_len);
    const int client = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    char text[256] = "@";
    int connection = -1;
    siginfo_t end;
    ssize_t got;

    if (argc != 2)
        errx(2, "usage: activator SERVICE");
    if (connect(client, (struct sockaddr *)&web, web_len) < 0)
        err(1, "connect"); /* nobody accepts yet */
    memcpy(text + 1, own.sun_path + 1, own_len - sizeof own.sun_family - 1);
    if (setenv("NOTIFY_SOCKET", text, 1) < 0)
        err(1, "NOTIFY_SOCKET");
    for (int run = 0; run < 2; run++) {
        const pid_t service = fork();

        if (service == 0)
            become(argv[1], listener, connection);
        if (waitid(P_PID, (id_t)service, &end, WEXITED | WNOWAIT) < 0 || end.si_status != 0)
            errx(1, "%s fails", argv[1]);
        if (connection < 0 && (connection = stored(inbox, service)) < 0)
            errx(1, "%s has nothing stored", argv[1]);
        waitpid(service, NULL, 0); /* before this, no other process gets its id */
    }
    close(connection);
    while ((got = read(client, text, sizeof text)) > 0)
        fwrite(text, 1, (size_t)got, stdout);
    return got < 0;
}
