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

#ifdef ANCIL_FDS_H
/* A message without bytes may carry descriptors, too. Two are refused, and closed. */
static void an_empty_message_leaves_nothing_open(struct ucred *sender)
{
    const int two[2] = { 0, 1 };
    ANCIL_CONTROL_BUFFER(control, ANCIL_CMSG_SPACE(sizeof two));
    struct msghdr msg = { .msg_name = NULL };
    struct ancil_writer w;
    int s[2], lowest;

    CHECK(socketpair(AF_UNIX, SOCK_SEQPACKET, 0, s) == 0);
    ancil_writer_init(&w, control.data, sizeof control.data);
    ancil_writer_put_fds(&w, two, 2);
    CHECK(ANCIL_ATTACH(&msg, &w) == 0 && sendmsg(s[0], &msg, 0) == 0);
    lowest = dup(0);
    CHECK(lowest >= 0 && close(lowest) == 0);
    CHECK(receive(s[1], sender) == -1);
    CHECK(dup(0) == lowest && close(lowest) == 0 && close(s[0]) == 0 && close(s[1]) == 0);
}
#endif

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
#ifdef ANCIL_FDS_H
    an_empty_message_leaves_nothing_open(&sender);
#endif
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
