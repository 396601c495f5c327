#include "example.c"
#include "sockets.h"

/* The answers are those of sendmsg. */
int main(void)
{
    static struct iovec iov[1025];
    struct msghdr msg;
    char byte = 0;
    int s[2];

    unix_pair(SOCK_STREAM, s);
    memset(&msg, 0, sizeof msg);
    msg.msg_iov = iov;
    for (size_t i = 0; i < 1025; i++) {
        iov[i].iov_base = &byte;
        iov[i].iov_len = 1;
    }
    msg.msg_iovlen = 1024;
    CHECK(fits_in_one_call(iov, 1024) == 1 && sendmsg(s[0], &msg, 0) == 1024);
    msg.msg_iovlen = 1025;
    CHECK(fits_in_one_call(iov, 1025) == 0 && sendmsg(s[0], &msg, 0) == -1 && errno == EMSGSIZE);
    msg.msg_iovlen = 2;
    iov[1].iov_len = (size_t)-1;
    CHECK(fits_in_one_call(iov, 2) == -EINVAL && sendmsg(s[0], &msg, 0) == -1 && errno == EINVAL);
    return 0;
}
