/*
 * Calls the function `receive` of README.md, which the test writes to readme.h: once by ancil's
 * headers, once by the macros. It receives a descriptor and the process that sent it.
 */
#include "readme.h"
#include "check.h"

#include <fcntl.h>
#include <unistd.h>

/* Fills the stack with messages that hold the descriptor 9, from a word of the stack on. */
static __attribute__((noinline)) void fill_stack(size_t from)
{
    enum { WORDS = CMSG_SPACE(sizeof (int)) / sizeof (size_t) };
    union { struct cmsghdr header; size_t words[WORDS]; } message = { .words = { 0 } };
    const int fd = 9;
    volatile size_t stack[512];
    size_t i;

    message.header.cmsg_len = CMSG_LEN(sizeof fd);
    message.header.cmsg_level = SOL_SOCKET;
    message.header.cmsg_type = SCM_RIGHTS;
    memcpy(CMSG_DATA(&message.header), &fd, sizeof fd);
    for (i = 0; i < 512; i++)
        stack[i] = message.words[(i + from) % WORDS];
    CHECK(stack[from] == message.words[2 * from % WORDS]);
}

/* If recvmsg fails, the control buffer holds what the stack held, and none of it is closed. */
static void a_failed_call_closes_nothing(int s, struct ucred *sender)
{
    size_t from;

    CHECK(dup2(s, 9) == 9 && fcntl(9, F_SETFL, O_NONBLOCK) == 0);
    for (from = 0; from < CMSG_SPACE(sizeof (int)) / sizeof (size_t); from++) {
        fill_stack(from);
        CHECK(receive(s, sender) == -1);
        CHECK(fcntl(9, F_GETFD) >= 0);
    }
    CHECK(close(9) == 0 && fcntl(s, F_SETFL, 0) == 0);
}

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
    a_failed_call_closes_nothing(s[1], &sender);
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
