#include "example.c"
#include "sockets.h"

/* As many descriptors as one message holds arrive, and one more is an error. */
int main(void)
{
    static int fds[300];
    const struct msghdr *msg;
    struct ancil_message m;
    size_t bytes, i, n = 253;
    int s[2], status;

    unix_pair(SOCK_STREAM, s);
    for (i = 0; i < 300; i++)
        fds[i] = s[0];
    status = pass_fds(s[0], fds, n);
    if (status == -ENOMEM) /* musl copies control messages, but no more than 1024 bytes */
        status = pass_fds(s[0], fds, n = 252);
    CHECK(status == 0);
    msg = received(s[1], &bytes);
    CHECK(bytes == 1 && !(msg->msg_flags & MSG_CTRUNC));
    CHECK(ancil_find(msg->msg_control, msg->msg_controllen, SOL_SOCKET, SCM_RIGHTS, &m) == 1);
    CHECK(m.len == n * sizeof *fds);
    CHECK(ancil_close_fds(msg->msg_control, msg->msg_controllen, close) == (ptrdiff_t)n);
    CHECK(pass_fds(s[0], fds, 254) < 0 && pass_fds(s[0], fds, 300) == -ENOBUFS);
    fds[1] = -1;
    CHECK(pass_fds(s[0], fds, 2) == -EBADF);
    return 0;
}
