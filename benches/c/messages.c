/*
 * Three jobs of a program that sends and receives messages: it walks over eight of them, writes
 * three, and decodes those of a QUIC packet. It uses the CMSG_* macros (the system's, or the
 * drop-in's) or, if INLINE is defined, ancil/inline.h. speed.sh counts the instructions.
 */
#define _GNU_SOURCE
#include <sys/socket.h>

#include <netinet/in.h>
#include <netinet/udp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#ifdef INLINE
#include <ancil/inline.h>
#endif

enum { SIZE = CMSG_SPACE(8) + CMSG_SPACE(12) + CMSG_SPACE(4), MOST = 8 * CMSG_SPACE(4) };

static union { struct cmsghdr first; char bytes[MOST]; } control;

/* A message to write. The compiler knows none of it. */
struct part {
    int level, type;
    const void *data;
    size_t len;
};

struct quic {
    struct timespec time;
    int gro;
    struct in_pktinfo to;
    unsigned char tos;
};

/* Copies the payload of one of the four messages. Returns whether it is one. */
static inline int decode(struct quic *q, int level, int type, const void *data, size_t len)
{
    if (level == SOL_SOCKET && type == SO_TIMESTAMPNS && len == sizeof q->time)
        memcpy(&q->time, data, sizeof q->time);
    else if (level == SOL_UDP && type == UDP_GRO && len == sizeof q->gro)
        memcpy(&q->gro, data, sizeof q->gro);
    else if (level == IPPROTO_IP && type == IP_PKTINFO && len == sizeof q->to)
        memcpy(&q->to, data, sizeof q->to);
    else if (level == IPPROTO_IP && type == IP_TOS && len == sizeof q->tos)
        memcpy(&q->tos, data, sizeof q->tos);
    else
        return 0;
    return 1;
}

#ifdef INLINE
__attribute__((__noinline__)) static int walk(struct msghdr *msg)
{
    struct ancil_reader r;
    struct ancil_message m;
    int sum = 0;

    ancil_reader_init(&r, msg->msg_control, msg->msg_controllen);
    ANCIL_FOR_EACH(&m, &r)
        sum += m.type;
    return sum;
}

__attribute__((__noinline__)) static int write(struct msghdr *msg, const struct part *p)
{
    struct ancil_writer w;

    ancil_writer_init(&w, control.bytes, SIZE);
    ancil_writer_put(&w, p[0].level, p[0].type, p[0].data, p[0].len);
    ancil_writer_put(&w, p[1].level, p[1].type, p[1].data, p[1].len);
    ancil_writer_put(&w, p[2].level, p[2].type, p[2].data, p[2].len);
    return ANCIL_ATTACH(msg, &w);
}

__attribute__((__noinline__)) static int quic(struct msghdr *msg, struct quic *q)
{
    struct ancil_reader r;
    struct ancil_message m;
    int found = 0;

    ancil_reader_init(&r, msg->msg_control, msg->msg_controllen);
    ANCIL_FOR_EACH(&m, &r)
        found += decode(q, m.level, m.type, m.data, m.len);
    return found;
}
#else
__attribute__((__noinline__)) static int walk(struct msghdr *msg)
{
    struct cmsghdr *c;
    int sum = 0;

    for (c = CMSG_FIRSTHDR(msg); c != NULL; c = CMSG_NXTHDR(msg, c))
        sum += c->cmsg_type;
    return sum;
}

static inline size_t put(struct cmsghdr *c, const struct part *p)
{
    c->cmsg_level = p->level;
    c->cmsg_type = p->type;
    c->cmsg_len = CMSG_LEN(p->len);
    memcpy(CMSG_DATA(c), p->data, p->len);
    return CMSG_SPACE(p->len);
}

__attribute__((__noinline__)) static int write(struct msghdr *msg, const struct part *p)
{
    struct cmsghdr *c;
    size_t len;

    /* Padding must not show what the memory held, and CMSG_NXTHDR before glibc 2.37 looks ahead. */
    memset(&control, 0, SIZE);
    msg->msg_control = &control;
    msg->msg_controllen = SIZE;
    if ((c = CMSG_FIRSTHDR(msg)) == NULL)
        return -1;
    len = put(c, &p[0]);
    if ((c = CMSG_NXTHDR(msg, c)) == NULL)
        return -1;
    len += put(c, &p[1]);
    if ((c = CMSG_NXTHDR(msg, c)) == NULL)
        return -1;
    len += put(c, &p[2]);
    msg->msg_controllen = len;
    return 0;
}

__attribute__((__noinline__)) static int quic(struct msghdr *msg, struct quic *q)
{
    struct cmsghdr *c;
    int found = 0;

    for (c = CMSG_FIRSTHDR(msg); c != NULL; c = CMSG_NXTHDR(msg, c))
        found += decode(q, c->cmsg_level, c->cmsg_type, CMSG_DATA(c), c->cmsg_len - CMSG_LEN(0));
    return found;
}
#endif

/* Prepares a message to be read. Returns where the next one goes. */
static size_t prepare(size_t at, int level, int type, const void *data, size_t len)
{
    struct cmsghdr *const c = (struct cmsghdr *)(void *)(control.bytes + at);

    c->cmsg_len = CMSG_LEN(len);
    c->cmsg_level = level;
    c->cmsg_type = type;
    memcpy(CMSG_DATA(c), data, len);
    return at + CMSG_SPACE(len);
}

int main(int argc, char **argv)
{
    static const int numbers[4] = { 1, 2, 3, 4 };
    struct part parts[3] = {
        { SOL_SOCKET, SCM_RIGHTS, numbers, 8 },
        { SOL_SOCKET, SCM_CREDENTIALS, numbers, 12 },
        { IPPROTO_IP, IP_TTL, numbers, 4 },
    };
    const char job = argc == 3 ? argv[1][0] : 0;
    const int times = argc == 3 ? atoi(argv[2]) : 0;
    int i, expected = 0, wrong = 0;
    struct quic q = { .gro = 0 };
    struct msghdr m;
    size_t len = 0;

    memset(&m, 0, sizeof m);
    if (job == 'w')
        for (i = 0; i < 8; i++)
            len = prepare(len, SOL_SOCKET, 1, numbers, sizeof (int));
    if (job == 'q') {
        len = prepare(len, SOL_SOCKET, SO_TIMESTAMPNS, numbers, sizeof q.time);
        len = prepare(len, SOL_UDP, UDP_GRO, numbers, sizeof q.gro);
        len = prepare(len, IPPROTO_IP, IP_PKTINFO, numbers, sizeof q.to);
        len = prepare(len, IPPROTO_IP, IP_TOS, numbers, sizeof q.tos);
    }
    m.msg_control = &control;
    m.msg_controllen = len;
    expected = job == 'w' ? 8 : job == 'q' ? 4 : 0;
    for (i = 0; i < times; i++) {
        /* What the program looks at may have changed, and what it writes is looked at. */
        __asm__ volatile("" : : "r"(&m), "r"(parts), "r"(&q) : "memory");
        wrong += (job == 'w' ? walk(&m) : job == 'p' ? write(&m, parts) : quic(&m, &q)) != expected;
        __asm__ volatile("" : : "r"(&m), "r"(&control), "r"(&q) : "memory");
    }
    return wrong != 0 || (job == 'p' && m.msg_controllen != SIZE);
}
