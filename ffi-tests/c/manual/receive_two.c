#include "example.c"
#include "sockets.h"

/* None, one and two descriptors are received; of three, none stays open. */
int main(void)
{
    int s[2], fds[2], before;
    char byte;

    unix_pair(SOCK_SEQPACKET, s);
    before = open_fds();
    for (size_t n = 0; n < 3; n++) {
        send_pipes(s[0], n);
        CHECK(receive_two(s[1], &byte, 1, fds) == (ptrdiff_t)n && byte == 'x');
        for (size_t i = 0; i < n; i++)
            check_pipe(fds[i], (char)('a' + i));
    }
    send_pipes(s[0], 3);
    CHECK(receive_two(s[1], &byte, 1, fds) == -EMSGSIZE);
    CHECK(open_fds() == before);
    CHECK(receive_two(-1, &byte, 1, fds) == -EBADF);
    return 0;
}
