/*
 * A 32-bit program that takes orders. Each line of standard input is one order; each line of
 * standard output answers one:
 *
 *     recv FD FLAGS SPACE [NUMBER ...]
 *         Receives one message, with SPACE bytes for its control messages. The answer is
 *         "BYTES FLAGS CONTROL-IN-HEX", or "-ERRNO". The NUMBERs are the descriptors that the
 *         message must get, so all other numbers up to the largest are occupied first.
 *     send FD FLAGS CONTROL-IN-HEX
 *         Sends one byte with these control messages, or on a netlink socket a message of 16 bytes
 *         that means nothing. The answer is "BYTES", or "-ERRNO".
 *     null FD CONTROLLEN
 *         Sends the same data with msg_control NULL. The answer is that of send.
 *
 * The system calls bypass the C library, which converts timestamps itself.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <unistd.h>

typedef char a_long_has_32_bits[sizeof (long) == 4 ? 1 : -1];

static unsigned char control[1 << 19];
static char answer[1 << 20];

static void occupy_all_but(char *numbers)
{
    int keep[64], n = 0, most = 0, i, j;
    char *number;

    for (number = strtok(numbers, " \n"); number && n < 64; number = strtok(NULL, " \n")) {
        keep[n] = atoi(number);
        if (keep[n] > most)
            most = keep[n];
        n++;
    }
    for (i = 3; i < most; i++) {
        for (j = 0; j < n && keep[j] != i; j++)
            ;
        if (j == n && fcntl(i, F_GETFD) < 0)
            dup2(0, i);
    }
}

static void receive(int fd, unsigned flags, size_t space, char *numbers)
{
    static char data[1 << 16];
    struct iovec vector = { data, sizeof data };
    struct msghdr m;
    long n;
    size_t i;

    occupy_all_but(numbers);
    memset(control, 0, sizeof control);
    memset(&m, 0, sizeof m);
    m.msg_iov = &vector;
    m.msg_iovlen = 1;
    m.msg_control = control;
    m.msg_controllen = space;
    n = syscall(SYS_recvmsg, fd, &m, flags);
    if (n < 0) {
        printf("-%d\n", errno);
        return;
    }
    for (i = 0; i < m.msg_controllen; i++)
        sprintf(answer + 2 * i, "%02x", control[i]);
    answer[2 * i] = 0;
    printf("%ld %d %s\n", n, m.msg_flags, answer);
}

static void transmit(int fd, unsigned flags, void *bytes, size_t len)
{
    static unsigned nothing[4] = { 16, 1, 0, 0 }; /* nlmsghdr: NLMSG_NOOP */
    struct sockaddr_storage name;
    socklen_t size = sizeof name;
    struct iovec vector = { nothing, 1 };
    struct msghdr m;
    long n;

    if (getsockname(fd, (struct sockaddr *)&name, &size) == 0 && name.ss_family == AF_NETLINK)
        vector.iov_len = sizeof nothing;
    memset(&m, 0, sizeof m);
    m.msg_iov = &vector;
    m.msg_iovlen = 1;
    m.msg_control = bytes;
    m.msg_controllen = len;
    n = syscall(SYS_sendmsg, fd, &m, flags | MSG_NOSIGNAL | MSG_DONTWAIT);
    printf("%ld\n", n < 0 ? -(long)errno : n);
}

static int digit(int c)
{
    return c <= '9' ? c - '0' : c - 'a' + 10;
}

int main(void)
{
    static char line[1 << 20];
    char word[8];
    int fd, at;
    unsigned flags, space;
    size_t len;
    char *hex;

    while (fgets(line, sizeof line, stdin)) {
        if (sscanf(line, "recv %d %u %u %n", &fd, &flags, &space, &at) == 3 &&
            space <= sizeof control) {
            receive(fd, flags, space, line + at);
        } else if (sscanf(line, "null %d %u", &fd, &space) == 2) {
            transmit(fd, 0, NULL, space);
        } else if (sscanf(line, "%7s %d %u %n", word, &fd, &flags, &at) == 3 &&
                   strcmp(word, "send") == 0) {
            for (len = 0, hex = line + at; len < sizeof control && *hex > ' '; hex += 2)
                control[len++] = (unsigned char)(digit(hex[0]) << 4 | digit(hex[1]));
            transmit(fd, flags, control, len);
        } else {
            return 1;
        }
        fflush(stdout);
    }
    return 0;
}
