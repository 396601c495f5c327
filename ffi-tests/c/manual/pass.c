#include "example.c"
#include "sockets.h"

/* A descriptor arrives, and an error of sendmsg is returned. */
int main(void)
{
    struct ancil_message m;
    const struct msghdr *msg;
    size_t bytes;
    int s[2], fd;

    unix_pair(SOCK_SEQPACKET, s);
    CHECK(pass(s[0], pipe_with('a')) == 0);
    msg = received(s[1], &bytes);
    CHECK(bytes == 1 && !(msg->msg_flags & MSG_CTRUNC));
    CHECK(ancil_find(msg->msg_control, msg->msg_controllen, SOL_SOCKET, SCM_RIGHTS, &m) == 1);
    CHECK(m.len == sizeof fd);
    memcpy(&fd, m.data, sizeof fd);
    check_pipe(fd, 'a');
    CHECK(pass(s[0], -1) == -EBADF);
    CHECK(close(s[1]) == 0 && pass(s[0], 0) == -EPIPE);
    return 0;
}
