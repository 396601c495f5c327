/* Writes eight control messages with the system's macros, and reads them, checking every length. */
#define _GNU_SOURCE
#include <netinet/in.h>
#include <stddef.h>
#include <string.h>
#include <sys/socket.h>

/* The payloads. `Eight` in src/cmsg.rs has the same layout. */
struct eight {
    int fds[2];
    struct ucred credentials;
    int tos, ttl;
    struct in_pktinfo in;
    struct in6_pktinfo in6;
    int hoplimit, tclass;
};

/* Returns the number of bytes written, or 0 if the messages do not fit. */
size_t c_cmsg_encode(void *control, size_t size, const struct eight *e)
{
    const struct {
        int level, type;
        const void *data;
        size_t len;
    } each[8] = {
        { SOL_SOCKET, SCM_RIGHTS, e->fds, sizeof e->fds },
        { SOL_SOCKET, SCM_CREDENTIALS, &e->credentials, sizeof e->credentials },
        { IPPROTO_IP, IP_TOS, &e->tos, sizeof e->tos },
        { IPPROTO_IP, IP_TTL, &e->ttl, sizeof e->ttl },
        { IPPROTO_IP, IP_PKTINFO, &e->in, sizeof e->in },
        { IPPROTO_IPV6, IPV6_PKTINFO, &e->in6, sizeof e->in6 },
        { IPPROTO_IPV6, IPV6_HOPLIMIT, &e->hoplimit, sizeof e->hoplimit },
        { IPPROTO_IPV6, IPV6_TCLASS, &e->tclass, sizeof e->tclass },
    };
    struct msghdr m;
    struct cmsghdr *c;
    size_t total = 0;

    /* CMSG_NXTHDR needs zeroes, and without them the padding would leak what the memory held. */
    memset(control, 0, size);
    memset(&m, 0, sizeof m);
    m.msg_control = control;
    m.msg_controllen = size;
    c = CMSG_FIRSTHDR(&m);
    for (size_t i = 0; i < 8; i++) {
        if (c == NULL || CMSG_SPACE(each[i].len) > size - total)
            return 0;
        c->cmsg_level = each[i].level;
        c->cmsg_type = each[i].type;
        c->cmsg_len = CMSG_LEN(each[i].len);
        memcpy(CMSG_DATA(c), each[i].data, each[i].len);
        total += CMSG_SPACE(each[i].len);
        c = CMSG_NXTHDR(&m, c);
    }
    return total;
}

/* Returns how many of the eight were found, or -1 if a message is malformed. */
int c_cmsg_decode(void *control, size_t size, struct eight *e)
{
    struct msghdr m;
    int found = 0;

    memset(&m, 0, sizeof m);
    m.msg_control = control;
    m.msg_controllen = size;
    for (struct cmsghdr *c = CMSG_FIRSTHDR(&m); c != NULL; c = CMSG_NXTHDR(&m, c)) {
        const size_t left = size - (size_t)((char *)c - (char *)control);
        void *to = NULL;
        size_t len = 0;

        if (c->cmsg_len < CMSG_LEN(0) || c->cmsg_len > left)
            return -1;
#define INTO(field) (to = &e->field, len = sizeof e->field)
        if (c->cmsg_level == SOL_SOCKET) {
            switch (c->cmsg_type) {
            case SCM_RIGHTS: INTO(fds); break;
            case SCM_CREDENTIALS: INTO(credentials); break;
            }
        } else if (c->cmsg_level == IPPROTO_IP) {
            switch (c->cmsg_type) {
            case IP_TOS: INTO(tos); break;
            case IP_TTL: INTO(ttl); break;
            case IP_PKTINFO: INTO(in); break;
            }
        } else if (c->cmsg_level == IPPROTO_IPV6) {
            switch (c->cmsg_type) {
            case IPV6_PKTINFO: INTO(in6); break;
            case IPV6_HOPLIMIT: INTO(hoplimit); break;
            case IPV6_TCLASS: INTO(tclass); break;
            }
        }
        if (to == NULL)
            continue;
        if (c->cmsg_len != CMSG_LEN(len))
            return -1;
        memcpy(to, CMSG_DATA(c), len);
        found++;
    }
    return found;
}
