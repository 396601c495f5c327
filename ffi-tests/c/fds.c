/*
 * Sends and receives descriptors over a real socket with ancil/inline.h and ancil/fds.h alone, and
 * takes and closes them in buffers of every kind. C and C++, without the library.
 */
#include <ancil/fds.h>
#include "check.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

enum { FDS = 4, SPACE = ANCIL_CMSG_SPACE(FDS * sizeof (int)) };

static int closed[16], closed_n;

/* Stands in for close(2) where the numbers are not descriptors. */
static int remember(int fd)
{
    closed[closed_n++] = fd;
    return 0;
}

static int is_open(int fd)
{
    return fcntl(fd, F_GETFD) >= 0;
}

/* Sends so many copies of standard input. */
static void send_fds(int s, size_t n)
{
    static const int fds[FDS] = { 0, 0, 0, 0 };
    ANCIL_CONTROL_BUFFER(control, SPACE);
    struct ancil_writer w;
    struct msghdr msg;
    struct iovec part;
    char byte = 'x';

    part.iov_base = &byte;
    part.iov_len = 1;
    memset(&msg, 0, sizeof msg);
    msg.msg_iov = &part;
    msg.msg_iovlen = 1;
    ancil_writer_init(&w, control.data, sizeof control.data);
    ancil_writer_put_fds(&w, fds, n);
    CHECK(ANCIL_ATTACH(&msg, &w) == 0);
    CHECK(msg.msg_control == &control && msg.msg_controllen == ancil_cmsg_space(n * sizeof *fds));
    CHECK(sendmsg(s, &msg, 0) == 1);
}

/* Receives into @control, of @size bytes. Returns the msg_controllen. */
static size_t receive(int s, void *control, size_t size)
{
    struct msghdr msg;
    struct iovec part;
    char byte;

    part.iov_base = &byte;
    part.iov_len = 1;
    memset(&msg, 0, sizeof msg);
    msg.msg_iov = &part;
    msg.msg_iovlen = 1;
    msg.msg_control = control;
    msg.msg_controllen = ANCIL_AS_(msg.msg_controllen, size);
    CHECK(recvmsg(s, &msg, MSG_CMSG_CLOEXEC) == 1);
    return msg.msg_controllen;
}

static void over_a_socket(void)
{
    ANCIL_CONTROL_BUFFER(control, SPACE);
    int s[2], fds[FDS] = { 0, 0, 4711, 0 }, fd = 4711;
    size_t len;

    CHECK(socketpair(AF_UNIX, SOCK_STREAM, 0, s) == 0);
    send_fds(s[0], 3);
    len = receive(s[1], control.data, sizeof control.data);
    CHECK(ancil_take_fd(control.data, len, &fd) == -EMSGSIZE && fd == 4711);
    CHECK(ancil_take_fds(control.data, len, NULL, 0) == 3); /* a question */
    CHECK(ancil_take_fds(control.data, len, fds, 0) == 0);
    CHECK(ancil_take_fds(control.data, len, fds, 2) == 2 && fds[2] == 4711); /* one is left */
    CHECK(is_open(fds[0]) && is_open(fds[1]) && fds[0] != fds[1]);
    CHECK(ancil_take_fd(control.data, len, &fd) == 0 && is_open(fd));
    CHECK(ancil_take_fd(control.data, len, &fd) == -ENOMSG);
    CHECK(ancil_close_fds(control.data, len, close) == 0);
    CHECK(is_open(fds[0]) && is_open(fds[1]) && is_open(fd));
    CHECK(close(fds[0]) == 0 && close(fds[1]) == 0 && close(fd) == 0);

    send_fds(s[0], FDS);
    len = receive(s[1], control.data, sizeof control.data);
    CHECK(ancil_take_fds(control.data, len, fds, 1) == 1);
    CHECK(ancil_close_fds(control.data, len, close) == FDS - 1);
    CHECK(ancil_close_fds(control.data, len, close) == 0);
    CHECK(is_open(fds[0]) && close(fds[0]) == 0 && fcntl(fds[0], F_GETFD) == -1);
    CHECK(!is_open(fds[0] + 1)); /* the others had the numbers that follow */
    CHECK(close(s[0]) == 0 && close(s[1]) == 0);
}

/* Writes SCM_RIGHTS with two descriptors, a foreign message, SCM_PIDFD, and SCM_RIGHTS with one. */
static size_t four_messages(unsigned char *control, size_t size)
{
    static const int first[] = { 100, -EACCES }, pidfd = 300, last = 400;
    struct ancil_writer w;

    ancil_writer_init(&w, control, size);
    ancil_writer_put_fds(&w, first, 2);
    ancil_writer_put(&w, 0, ANCIL_SCM_RIGHTS, &last, sizeof last);
    ancil_writer_put(&w, ANCIL_SOL_SOCKET, ANCIL_SCM_PIDFD, &pidfd, sizeof pidfd);
    ancil_writer_put_fds(&w, &last, 1);
    CHECK(ancil_writer_status(&w) == 0);
    return ancil_writer_finish(&w);
}

/* Each step, at every alignment of the buffer. */
static void several_messages(void)
{
    unsigned char bytes[160], before[sizeof bytes];
    size_t shift;

    memset(bytes, 0xee, sizeof bytes);
    for (shift = 0; shift < sizeof (size_t); shift++) {
        unsigned char *const control = bytes + shift;
        size_t len = four_messages(control, sizeof bytes - shift);
        int fds[8] = { 0 }, fd = 0;

        CHECK(ancil_take_fds(control, len, fds, 8) == 3);
        CHECK(fds[0] == 100 && fds[1] == -EACCES && fds[2] == 400 && fds[3] == 0);
        CHECK(ancil_take_fds(control, len, fds, 8) == 0);
        CHECK(ancil_take_pidfd(control, len, &fd) == 0 && fd == 300);
        CHECK(ancil_take_pidfd(control, len, &fd) == -ENOMSG);
        closed_n = 0;
        CHECK(ancil_close_fds(control, len, remember) == 0 && closed_n == 0);

        len = four_messages(control, sizeof bytes - shift);
        CHECK(ancil_close_fds(control, len, remember) == 4 && closed_n == 3);
        CHECK(closed[0] == 100 && closed[1] == 300 && closed[2] == 400);

        /* A cut in the last header: nothing is taken, but what can be found is closed. */
        len = four_messages(control, sizeof bytes - shift) - sizeof (size_t);
        memcpy(before, bytes, sizeof bytes);
        fds[0] = 7;
        CHECK(ancil_take_fds(control, len, fds, 8) == -EBADMSG && fds[0] == 7);
        CHECK(ancil_take_fd(control, len, &fd) == -EBADMSG && fd == 300);
        CHECK(ancil_take_pidfd(control, len, &fd) == -EBADMSG && fd == 300);
        CHECK(memcmp(before, bytes, sizeof bytes) == 0);
        closed_n = 0;
        CHECK(ancil_close_fds(control, len, remember) == -EBADMSG && closed_n == 2);
    }
}

/* What the kernel puts in the place of a descriptor is no descriptor, but why there is none. */
static void an_error_in_place_of_a_descriptor(void)
{
    unsigned char control[64];
    const int denied = -EACCES, ended = -EINVAL;
    struct ancil_writer w;
    int fd = 0;

    ancil_writer_init(&w, control, sizeof control);
    ancil_writer_put_fds(&w, &denied, 1);
    ancil_writer_put(&w, ANCIL_SOL_SOCKET, ANCIL_SCM_PIDFD, &ended, sizeof ended);
    CHECK(ancil_take_fd(control, ancil_writer_finish(&w), &fd) == -EACCES && fd < 0);
    CHECK(ancil_take_pidfd(control, ancil_writer_finish(&w), &fd) == -EINVAL && fd < 0);
    closed_n = 0;
    CHECK(ancil_close_fds(control, ancil_writer_finish(&w), remember) >= 0 && closed_n == 0);
}

/* A payload that is not a whole number of descriptors, and arguments that are none. */
static void odd_arguments(void)
{
    unsigned char control[64];
    const int numbers[2] = { 5, 6 };
    struct ancil_writer w;
    int fds[2] = { 0, 0 }, fd = 0;

    ancil_writer_init(&w, control, sizeof control);
    ancil_writer_put(&w, ANCIL_SOL_SOCKET, ANCIL_SCM_RIGHTS, numbers, 7);
    CHECK(ancil_take_fds(control, ancil_writer_finish(&w), fds, 2) == 1 && fds[0] == 5);
    CHECK(ancil_take_fds(control, ancil_writer_finish(&w), NULL, 2) == 0);
    ancil_writer_init(&w, control, sizeof control);
    ancil_writer_put_fds(&w, numbers, 2);
    CHECK(ancil_take_fds(control, ancil_writer_finish(&w), NULL, 2) == 2); /* none was moved */
    CHECK(ancil_take_fd(control, ancil_writer_finish(&w), NULL) == -EINVAL);
    CHECK(ancil_close_fds(control, ancil_writer_finish(&w), NULL) == -EINVAL);
    CHECK(ancil_take_fds(NULL, 0, fds, 2) == 0 && ancil_take_fds(NULL, 99, fds, 2) == 0);
    CHECK(ancil_take_fd(NULL, 99, &fd) == -ENOMSG && ancil_close_fds(NULL, 9, remember) == 0);
    CHECK(ancil_take_fds(control, ANCIL_CMSG_END, fds, 2) == -EINVAL);
    CHECK(ancil_close_fds(control, ANCIL_CMSG_END, remember) == -EINVAL);
}

/* After an error, nothing is attached, not even what was attached before. */
static void attach_nothing_after_an_error(void)
{
    unsigned char control[ANCIL_CMSG_SPACE(sizeof (int))];
    const int fds[4] = { 0, 1, 2, 3 };
    struct ancil_writer w;
    struct msghdr msg;

    memset(&msg, 0xff, sizeof msg);
    ancil_writer_init(&w, control, sizeof control);
    ancil_writer_put_fds(&w, fds, 1);
    ancil_writer_put_fds(&w, fds, 4);
    CHECK(ANCIL_ATTACH(&msg, &w) == -ENOBUFS);
    CHECK(msg.msg_control == NULL && msg.msg_controllen == 0);
    CHECK(ancil_writer_finish(&w) == sizeof control); /* what was written */
}

/* ANCIL_FOR_EACH runs a statement for each message, and keeps the status. */
static void for_each(void)
{
    unsigned char control[160];
    struct ancil_reader r;
    struct ancil_message m;
    size_t len = four_messages(control, sizeof control), n = 0;

    ancil_reader_init(&r, control, len);
    ANCIL_FOR_EACH(&m, &r)
        n += m.len;
    CHECK(n == 5 * sizeof (int) && ancil_reader_status(&r) == 0);
    ancil_reader_init(&r, control, len - sizeof (size_t));
    n = 0;
    ANCIL_FOR_EACH(&m, &r) {
        if (m.level == 0)
            continue;
        n++;
    }
    CHECK(n == 2 && ancil_reader_status(&r) == -EBADMSG);
}

int main(void)
{
    over_a_socket();
    several_messages();
    an_error_in_place_of_a_descriptor();
    odd_arguments();
    attach_nothing_after_an_error();
    for_each();
    puts("ok");
    return 0;
}
