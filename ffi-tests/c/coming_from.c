/*
 * Calls the function of docs/coming-from.md, which reads a time to live by the system's macros. The
 * test writes it to coming_from.h.
 */
#include <netinet/in.h>
#include <string.h>
#include <sys/socket.h>

#include "coming_from.h"
#include "check.h"

int main(void)
{
    union { struct cmsghdr align; char bytes[CMSG_SPACE(sizeof (int))]; } buffer;
    const int ttl = 64;
    struct msghdr msg = { .msg_control = &buffer, .msg_controllen = sizeof buffer };
    struct cmsghdr *const c = CMSG_FIRSTHDR(&msg);

    memset(&buffer, 0, sizeof buffer);
    c->cmsg_level = IPPROTO_IP;
    c->cmsg_type = IP_TTL;
    c->cmsg_len = CMSG_LEN(sizeof ttl);
    memcpy(CMSG_DATA(c), &ttl, sizeof ttl);
    CHECK(ttl_of(&msg) == ttl);
    return 0;
}
