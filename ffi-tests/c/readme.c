/*
 * Calls the function `receive` of README.md, which the test writes to readme.h: once by ancil's
 * headers, once by the macros. It receives a descriptor and the process that sent it.
 */
#define _GNU_SOURCE
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "readme.h"
#include "check.h"

int main(void)
{
    const int sent = 0, on = 1;
    union { struct cmsghdr align; char data[CMSG_SPACE(sizeof sent)]; } control;
    char byte = 'x';
    struct iovec iov = { &byte, 1 };
    struct msghdr msg = { .msg_iov = &iov, .msg_iovlen = 1, .msg_control = control.data,
                          .msg_controllen = sizeof control.data };
    struct cmsghdr *const c = CMSG_FIRSTHDR(&msg);
    struct ucred sender;
    int s[2], fd;

#if defined EXPECT_DROPIN != defined ANCIL_CMSG_H
#error "The macros are not those that were asked for."
#endif
    CHECK(socketpair(AF_UNIX, SOCK_STREAM, 0, s) == 0);
    CHECK(setsockopt(s[1], SOL_SOCKET, SO_PASSCRED, &on, sizeof on) == 0);
    memset(&control, 0, sizeof control);
    c->cmsg_len = CMSG_LEN(sizeof sent);
    c->cmsg_level = SOL_SOCKET;
    c->cmsg_type = SCM_RIGHTS;
    memcpy(CMSG_DATA(c), &sent, sizeof sent);
    CHECK(sendmsg(s[0], &msg, 0) == 1);
    fd = receive(s[1], &sender);
    CHECK(fd > s[1] && close(fd) == 0 && sender.pid == getpid());
    CHECK(close(s[0]) == 0);
    CHECK(receive(s[1], &sender) == -1); /* the peer has closed the socket */
    return 0;
}
