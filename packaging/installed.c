/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/*
 * A program, in C or C++, for an installed ancil: it uses the library, and the CMSG_* macros of
 * ancil/cmsg.h.
 */
#include <ancil.h>
#include <ancil/cmsg.h>

#include <stdio.h>
#include <string.h>

int main(void)
{
    ANCIL_CONTROL_BUFFER(control, ANCIL_CMSG_SPACE(sizeof (int)));
    struct ancil_writer w;
    struct msghdr m;
    int fd = 1;

    ancil_writer_init(&w, control.data, sizeof control.data);
    if (ancil_writer_put_fds(&w, &fd, 1) < 0)
        return 1;
    memset(&m, 0, sizeof m);
    m.msg_control = control.data;
    m.msg_controllen = ancil_writer_finish(&w);
    if (!CMSG_FIRSTHDR(&m) || CMSG_NXTHDR(&m, CMSG_FIRSTHDR(&m)))
        return 1;
    return printf("%s\n", ancil_version()) < 0;
}
