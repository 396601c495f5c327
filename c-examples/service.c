/*
 * service: a service that systemd activates by a socket, without libsystemd. It inherits the socket
 * (sd_listen_fds(3)), and has a connection stored, so that it can restart without losing it
 * (FDSTORE=1 of sd_notify(3)). activator.c starts it, as systemd would. Needs the header
 * ancil/inline.h, not the library.
 * SPDX-License-Identifier: MIT OR Apache-2.0 OR CC0-1.0
 */
#define _GNU_SOURCE
#include <ancil/inline.h>

#include <err.h>
#include <errno.h>
#include <fcntl.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

enum { FIRST = 3 }; /* the first descriptor that a service inherits */

/*
 * Returns the descriptor of this name that the process inherited, or -1. Programs that the process
 * executes inherit none.
 */
static int inherited(const char *name)
{
    const char *pid = getenv("LISTEN_PID"), *fds = getenv("LISTEN_FDS");
    const char *names = getenv("LISTEN_FDNAMES");
    const size_t len = strlen(name);
    int found = -1;

    if (!pid || !fds || !names || atoi(pid) != getpid())
        return -1; /* the variables are those of another process */
    for (int fd = FIRST, n = atoi(fds); fd - FIRST < n && *names; fd++) {
        if (fcntl(fd, F_SETFD, FD_CLOEXEC) < 0)
            return -1; /* it is not open */
        if (strncmp(names, name, len) == 0 && (names[len] == ':' || names[len] == '\0'))
            found = fd;
        names += strcspn(names, ":");
        names += *names == ':';
    }
    return found;
}

/* Tells the service manager something, and passes a descriptor to it. */
static void notify(char *text, int fd)
{
    ANCIL_CONTROL_BUFFER(control, 64);
    struct sockaddr_un to = { .sun_family = AF_UNIX };
    struct iovec iov = { .iov_base = text, .iov_len = strlen(text) };
    struct msghdr msg = { .msg_name = &to, .msg_iov = &iov, .msg_iovlen = 1 };
    const char *address = getenv("NOTIFY_SOCKET");
    const int s = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
    struct ancil_writer w;

    if (!address || strlen(address) >= sizeof to.sun_path || s < 0)
        errx(1, "no service manager");
    memcpy(to.sun_path, address, strlen(address));
    if (address[0] == '@')
        to.sun_path[0] = '\0';
    msg.msg_namelen = (socklen_t)(offsetof(struct sockaddr_un, sun_path) + strlen(address));
    ancil_writer_init(&w, control.data, sizeof control.data);
    ancil_writer_put_fds(&w, &fd, 1);
    if ((errno = -ANCIL_ATTACH(&msg, &w)) != 0 || sendmsg(s, &msg, MSG_NOSIGNAL) < 0)
        err(1, "%s", address);
    close(s);
}

/* Uses the connection that an earlier service had stored, or a new one. */
int main(void)
{
    const int stored = inherited("connection");
    const int s = stored >= 0 ? stored : accept4(inherited("web"), NULL, NULL, SOCK_CLOEXEC);

    if (s < 0)
        err(1, "no socket");
    if (dprintf(s, "service %d on a %s connection\n", (int)getpid(), stored < 0 ? "new" : "stored")
        < 0)
        err(1, "write");
    if (stored < 0)
        notify("FDSTORE=1\nFDNAME=connection", s);
    return close(s);
}
