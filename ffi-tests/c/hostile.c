/*
 * Whose macros are these? CMSG_NXTHDR(m, NULL) is the first header only in ancil's, the system's crashes. The walk
 * ends at every hostile length. In C89 and in C++ too.
 */
#ifndef _GNU_SOURCE
#define _GNU_SOURCE
#endif
#ifdef SYSTEM_FIRST
#include <netinet/in.h>
#include <sys/socket.h>
#endif
#ifndef BY_PATH
#include <ancil/cmsg.h>
#include <ancil/cmsg.h>
#include <ancil.h>
#endif
#include <sys/socket.h>
#include <sys/socket.h>
#include <netinet/in.h>

#include <stdio.h>
#include <string.h>

int main(void)
{
    static const size_t lengths[] = { 0, 1, 15, SIZE_MAX, SIZE_MAX - 7, SIZE_MAX - 15, SIZE_MAX - 20, SIZE_MAX / 2 };
    static union { size_t align; char bytes[CMSG_SPACE(4) + CMSG_SPACE(4)]; } control;
    struct msghdr m;
    struct cmsghdr *c, *const none = NULL;
    const struct cmsghdr *constant;
    unsigned i;

    memset(&m, 0, sizeof m);
    memcpy(control.bytes + CMSG_LEN(0), "payload", 7);
    m.msg_control = control.bytes;
    m.msg_controllen = sizeof control.bytes;
    for (i = 0; i < sizeof lengths / sizeof *lengths; i++) {
        int steps = 0;
        CMSG_FIRSTHDR(&m)->cmsg_len = lengths[i];
        for (c = CMSG_FIRSTHDR(&m); c && steps < 9; c = CMSG_NXTHDR(&m, c))
            steps++;
        if (steps != 1) {
            printf("length %u: %d steps\n", i, steps);
            return 1;
        }
    }
    constant = CMSG_NXTHDR(&m, none);
    if (constant != CMSG_FIRSTHDR(&m) || memcmp(CMSG_DATA(constant), "payload", 7) != 0)
        return 2;
    puts("ancil's");
    return 0;
}
