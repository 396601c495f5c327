#include "example.c"
#include "sockets.h"

/* One descriptor is received; none, two, and more than fit, are errors, and none stays open. */
int main(void)
{
    int s[2], before;

    unix_pair(SOCK_STREAM, s);
    before = open_fds();
    for (size_t n = 0; n < 5; n++) {
        int fd;

        send_pipes(s[0], n);
        fd = receive_fd(s[1]);
        if (n == 1)
            check_pipe(fd, 'a');
        else
            CHECK(fd == (n == 0 ? -ENOMSG : -EMSGSIZE));
        CHECK(open_fds() == before);
    }
    CHECK(close(s[1]) == 0 && receive_fd(s[1]) == -EBADF);
    return 0;
}
