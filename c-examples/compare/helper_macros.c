/*
 * What ../helper.c does, with the macros of cmsg(3).
 * SPDX-License-Identifier: MIT OR Apache-2.0 OR CC0-1.0
 */
#define _GNU_SOURCE
#include <err.h>
#include <fcntl.h>
#include <grp.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

/* Sends a text and, unless it is negative, a descriptor. */
static void send_text(int s, char *text, int fd)
{
    union {
        struct cmsghdr align;
        char data[CMSG_SPACE(sizeof(int))];
    } control;
    struct iovec iov = { .iov_base = text, .iov_len = strlen(text) };
    struct msghdr msg = { .msg_iov = &iov, .msg_iovlen = 1 };
    struct cmsghdr *c;

    if (fd >= 0) {
        msg.msg_control = control.data;
        msg.msg_controllen = sizeof control.data;
        c = CMSG_FIRSTHDR(&msg);
        c->cmsg_level = SOL_SOCKET;
        c->cmsg_type = SCM_RIGHTS;
        c->cmsg_len = CMSG_LEN(sizeof fd);
        memcpy(CMSG_DATA(c), &fd, sizeof fd);
    }
    if (sendmsg(s, &msg, MSG_NOSIGNAL) < 0)
        err(1, "send");
}

/* Receives a text, its sender, and a descriptor or -1. Returns 0 if the other end is closed. */
static ssize_t receive(int s, char *text, size_t size, struct ucred *from, int *fd)
{
    union {
        struct cmsghdr align;
        char data[128];
    } control;
    struct iovec iov = { .iov_base = text, .iov_len = size - 1 };
    struct msghdr msg = { .msg_iov = &iov, .msg_iovlen = 1 };
    size_t fds = 0;
    ssize_t got;

    msg.msg_control = control.data;
    msg.msg_controllen = sizeof control.data;
    if ((got = recvmsg(s, &msg, MSG_CMSG_CLOEXEC)) < 0)
        err(1, "receive");
    text[got] = '\0';
    from->pid = 0;
    *fd = -1;
    for (struct cmsghdr *c = CMSG_FIRSTHDR(&msg); c; c = CMSG_NXTHDR(&msg, c)) {
        if (c->cmsg_level != SOL_SOCKET)
            continue;
        if (c->cmsg_type == SCM_CREDENTIALS && c->cmsg_len == CMSG_LEN(sizeof *from))
            memcpy(from, CMSG_DATA(c), sizeof *from);
        if (c->cmsg_type == SCM_RIGHTS)
            for (size_t at = 0; at + CMSG_LEN(sizeof *fd) <= c->cmsg_len; at += sizeof *fd) {
                if (fds++ > 0)
                    close(*fd); /* the last one is taken, or none if there are more */
                memcpy(fd, CMSG_DATA(c) + at, sizeof *fd);
            }
    }
    if (fds > 1) {
        close(*fd);
        *fd = -1;
    }
    return got;
}

/* Answers requests until the worker has ended. */
static void serve(int s, pid_t worker)
{
    char name[64];
    struct ucred from;
    int fd;

    while (receive(s, name, sizeof name, &from, &fd) > 0) {
        if (fd >= 0)
            close(fd); /* nobody asked for it */
        /* No other process has the worker's id before waitpid. */
        if (from.pid != worker) {
            printf("helper: process %d is not the worker: ignored\n", (int)from.pid);
            continue;
        }
        fd = strcmp(name, "kernel") ? -1 : open("/proc/sys/kernel/ostype", O_RDONLY | O_CLOEXEC);
        printf("helper: user %u %s %s\n", from.uid, fd < 0 ? "may not have" : "gets", name);
        send_text(s, fd < 0 ? "none for you" : "opened", fd);
        if (fd >= 0)
            close(fd);
    }
}

static void ask(int s, char *name)
{
    char text[64] = "";
    struct ucred from;
    int fd;

    send_text(s, name, -1);
    if (receive(s, text, sizeof text, &from, &fd) == 0)
        errx(1, "the helper has ended");
    if (fd >= 0 && (read(fd, text, sizeof text - 1) <= 0 || close(fd) < 0))
        errx(1, "a descriptor of nothing");
    printf("worker: %s: %.*s\n", name, (int)strcspn(text, "\n"), text);
}

int main(void)
{
    int ends[2], on = 1, status;
    pid_t worker;

    setlinebuf(stdout);
    if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, ends) < 0
        || setsockopt(ends[0], SOL_SOCKET, SO_PASSCRED, &on, sizeof on) < 0)
        err(1, "socket");
    send_text(ends[1], "kernel", -1); /* does not come from the worker */
    if ((worker = fork()) < 0)
        err(1, "fork");
    close(ends[worker != 0]);
    if (worker == 0) {
        /* In a setuid program, only the effective user is root. 65534 is nobody. */
        if ((geteuid() == 0 && (setgroups(0, NULL) < 0 || setgid(65534) < 0 || setuid(65534) < 0))
            || setuid(0) == 0)
            errx(1, "the worker cannot give up root");
        ask(ends[1], "kernel");
        ask(ends[1], "/etc/shadow");
        return 0;
    }
    serve(ends[0], worker);
    return waitpid(worker, &status, 0) < 0 || status != 0;
}
