#include "example.c"
#include "sockets.h"

/* Any number of descriptors is received, and none stays open but those that were asked for. */
int main(void)
{
    int s[2], fds[2], before;

    unix_pair(SOCK_STREAM, s);
    before = open_fds();
    for (size_t n = 0; n < 9; n++) {
        send_pipes(s[0], n);
        CHECK(receive_fds(s[1], fds, 2) == (ptrdiff_t)(n < 2 ? n : 2));
        for (size_t i = 0; i < n && i < 2; i++)
            check_pipe(fds[i], (char)('a' + i));
        CHECK(open_fds() == before);
    }
    CHECK(close(s[0]) == 0 && receive_fds(s[1], fds, 2) == 0);
    CHECK(close(s[1]) == 0 && receive_fds(s[1], fds, 2) == -EBADF);
    return 0;
}
