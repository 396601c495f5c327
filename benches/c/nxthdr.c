/*
 * Walks over N control messages R times and prints the nanoseconds of one step. The arguments are N
 * and R. nxthdr.sh builds it with the system's macros and with ancil's.
 */
#define _GNU_SOURCE
#include <sys/socket.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum { MAX_MESSAGES = 64, STRIDE = CMSG_SPACE(sizeof (int)) };
static union { struct cmsghdr first; char bytes[MAX_MESSAGES * STRIDE]; } control;

/* Looks at every header, as a receiver does. */
__attribute__((__noinline__)) static int walk(struct msghdr *m)
{
    int sum = 0;
    struct cmsghdr *c;

    for (c = CMSG_FIRSTHDR(m); c != NULL; c = CMSG_NXTHDR(m, c))
        sum += c->cmsg_type;
    return sum;
}

static double now(void)
{
    struct timespec t;

    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec * 1e9 + (double)t.tv_nsec;
}

int main(int argc, char **argv)
{
    const int n = argc > 2 ? atoi(argv[1]) : 1, times = argc > 2 ? atoi(argv[2]) : 1;
    struct msghdr m;
    double start;
    int i, sum = 0;

    if (n < 1 || n > MAX_MESSAGES)
        return 1;
    memset(&m, 0, sizeof m);
    m.msg_control = &control;
    m.msg_controllen = (unsigned)n * STRIDE;
    for (i = 0; i < n; i++) {
        struct cmsghdr *const c = (struct cmsghdr *)(void *)(control.bytes + (unsigned)i * STRIDE);
        c->cmsg_len = CMSG_LEN(sizeof (int));
        c->cmsg_type = 1;
    }
    start = now();
    for (i = 0; i < times; i++) {
        __asm__ volatile("" : : "r"(&m) : "memory"); /* recvmsg could have changed it */
        sum += walk(&m);
    }
    printf("%.2f\n", (now() - start) / times / n);
    return sum == n * times ? 0 : 2;
}
