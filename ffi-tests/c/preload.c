/*
 * A program as it may be installed: it knows nothing of ancil. It steps once over a control buffer, by the system's
 * CMSG_NXTHDR, and prints the offset of what that returns, or "end". tests/preload.rs has the cases.
 * usage: preload OFFSET|NULL CMSG_LEN CONTROLLEN    the header at OFFSET says CMSG_LEN
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

int main(int argc, char **argv)
{
    static union { struct cmsghdr align; char bytes[4096]; } control;
    struct msghdr m;
    struct cmsghdr *c = NULL;

    if (argc != 4)
        return 2;
    memset(&m, 0, sizeof m);
    m.msg_control = control.bytes;
    m.msg_controllen = (size_t)strtoull(argv[3], NULL, 0);
    if (strcmp(argv[1], "NULL") != 0) {
        c = &control.align + strtoull(argv[1], NULL, 0) / sizeof (struct cmsghdr);
        c->cmsg_len = (size_t)strtoull(argv[2], NULL, 0);
    }
    c = CMSG_NXTHDR(&m, c);
    if (!c)
        return puts("end") < 0;
    return printf("%td\n", (char *)c - control.bytes) < 0;
}
