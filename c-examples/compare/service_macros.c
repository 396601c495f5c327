/*
 * What ../service.c does, with the macros of cmsg(3).
 * SPDX-License-Identifier: MIT OR Apache-2.0 OR CC0-1.0
 */
#define _GNU_SOURCE
#include <err.h>
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
    union {
        struct cmsghdr align;
        char data[CMSG_SPACE(sizeof(int))];
    } control;
    struct sockaddr_un to = { .sun_family = AF_UNIX };
    struct iovec iov = { .iov_base = text, .iov_len = strlen(text) };
    struct msghdr msg = { .msg_name = &to, .msg_iov = &iov, .msg_iovlen = 1 };
    const char *address = getenv("NOTIFY_SOCKET");
    const int s = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
    struct cmsghdr *c;

    if (!address || strlen(address) >= sizeof to.sun_path || s < 0)
        errx(1, "no service manager");
    memcpy(to.sun_path, address, strlen(address));
    if (address[0] == '@')
        to.sun_path[0] = '\0';
    msg.msg_namelen = (socklen_t)(offsetof(struct sockaddr_un, sun_path) + strlen(address));
    msg.msg_control = control.data;
    msg.msg_controllen = sizeof control.data;
    c = CMSG_FIRSTHDR(&msg);
    c->cmsg_level = SOL_SOCKET;
    c->cmsg_type = SCM_RIGHTS;
    c->cmsg_len = CMSG_LEN(sizeof fd);
    memcpy(CMSG_DATA(c), &fd, sizeof fd);
    if (sendmsg(s, &msg, MSG_NOSIGNAL) < 0)
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
