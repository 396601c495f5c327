/*
 * What a C program does with control messages. build.rs compiles this file many times: with each
 * compiler, and with
 *   - the CMSG_* macros of glibc, of musl or of the drop-in, which check no length;
 *   - the same, if CHECK is defined, with the checks that a careful program adds;
 *   - ancil/inline.h, if INLINE is defined; with ANCIL_NO_INLINE, its functions are in libancil.
 * NAME is that of the struct by which Rust finds the functions. Each returns a sum of all that it
 * decoded, or -1 if something is malformed.
 */
#define _GNU_SOURCE
#include <netinet/in.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#ifdef INLINE
#include <ancil/inline.h>
#endif

/* Not every <netinet/udp.h> has them. */
enum { OUR_SOL_UDP = 17, OUR_UDP_GRO = 104, OUR_SO_TIMESTAMPNS = 35 };

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

/* Keeps a struct in memory, as that of a caller is. */
#define IN_MEMORY(q) __asm__ volatile("" : : "r"(q) : "memory")

/* Copies the payload of one of the four messages. */
static inline void decode(struct quic *q, int level, int type, const void *data, size_t len)
{
    if (level == SOL_SOCKET && type == OUR_SO_TIMESTAMPNS && len == sizeof q->time)
        memcpy(&q->time, data, sizeof q->time);
    else if (level == OUR_SOL_UDP && type == OUR_UDP_GRO && len == sizeof q->gro)
        memcpy(&q->gro, data, sizeof q->gro);
    else if (level == IPPROTO_IP && type == IP_PKTINFO && len == sizeof q->to)
        memcpy(&q->to, data, sizeof q->to);
    else if (level == IPPROTO_IP && type == IP_TOS && len == sizeof q->tos)
        memcpy(&q->tos, data, sizeof q->tos);
}

static inline uint64_t sum_of(const struct quic *q)
{
    IN_MEMORY(q);
    return (uint64_t)q->time.tv_sec + (uint64_t)q->time.tv_nsec + (unsigned)q->gro
        + (unsigned)q->to.ipi_ifindex + ntohl(q->to.ipi_addr.s_addr) + q->tos;
}

#ifdef INLINE
static uint64_t walk(struct msghdr *msg)
{
    struct ancil_reader r;
    struct ancil_message m;
    uint64_t sum = 0;

    ancil_reader_init(&r, msg->msg_control, msg->msg_controllen);
    ANCIL_FOR_EACH(&m, &r)
        sum += m.len + (unsigned)m.type;
    return ancil_reader_status(&r) == 0 ? sum : UINT64_MAX;
}

static uint64_t find(struct msghdr *msg)
{
    struct ancil_message m;
    struct in6_pktinfo info;

    if (ancil_find(msg->msg_control, msg->msg_controllen, IPPROTO_IPV6, IPV6_PKTINFO, &m) != 1
        || m.len != sizeof info)
        return UINT64_MAX;
    memcpy(&info, m.data, sizeof info);
    return info.ipi6_ifindex;
}

static uint64_t quic(struct msghdr *msg)
{
    struct ancil_reader r;
    struct ancil_message m;
    struct quic q;

    memset(&q, 0, sizeof q);
    IN_MEMORY(&q);
    ancil_reader_init(&r, msg->msg_control, msg->msg_controllen);
    ANCIL_FOR_EACH(&m, &r)
        decode(&q, m.level, m.type, m.data, m.len);
    return ancil_reader_status(&r) == 0 ? sum_of(&q) : UINT64_MAX;
}

static uint64_t write(struct msghdr *msg, void *control, size_t size, const struct part *p)
{
    struct ancil_writer w;

    ancil_writer_init(&w, control, size);
    ancil_writer_put(&w, p[0].level, p[0].type, p[0].data, p[0].len);
    ancil_writer_put(&w, p[1].level, p[1].type, p[1].data, p[1].len);
    ancil_writer_put(&w, p[2].level, p[2].type, p[2].data, p[2].len);
    return ANCIL_ATTACH(msg, &w) == 0 ? msg->msg_controllen : UINT64_MAX;
}
#else
/* Whether the length in the header at `c` is invalid. */
#ifdef CHECK
#define BAD(c, m) \
    ((c)->cmsg_len < CMSG_LEN(0) || (c)->cmsg_len \
        > (m)->msg_controllen - (size_t)((char *)(c) - (char *)(m)->msg_control))
#else
#define BAD(c, m) 0
#endif

static uint64_t walk(struct msghdr *m)
{
    struct cmsghdr *c;
    uint64_t sum = 0;

    for (c = CMSG_FIRSTHDR(m); c != NULL; c = CMSG_NXTHDR(m, c)) {
        if (BAD(c, m))
            return UINT64_MAX;
        sum += c->cmsg_len - CMSG_LEN(0) + (unsigned)c->cmsg_type;
    }
    return sum;
}

static uint64_t find(struct msghdr *m)
{
    struct cmsghdr *c;
    struct in6_pktinfo info;

    for (c = CMSG_FIRSTHDR(m); c != NULL; c = CMSG_NXTHDR(m, c)) {
        if (BAD(c, m))
            return UINT64_MAX;
        if (c->cmsg_level == IPPROTO_IPV6 && c->cmsg_type == IPV6_PKTINFO) {
            if (c->cmsg_len != CMSG_LEN(sizeof info))
                return UINT64_MAX;
            memcpy(&info, CMSG_DATA(c), sizeof info);
            return info.ipi6_ifindex;
        }
    }
    return UINT64_MAX;
}

static uint64_t quic(struct msghdr *m)
{
    struct cmsghdr *c;
    struct quic q;

    memset(&q, 0, sizeof q);
    IN_MEMORY(&q);
    for (c = CMSG_FIRSTHDR(m); c != NULL; c = CMSG_NXTHDR(m, c)) {
        if (BAD(c, m))
            return UINT64_MAX;
        decode(&q, c->cmsg_level, c->cmsg_type, CMSG_DATA(c), c->cmsg_len - CMSG_LEN(0));
    }
    return sum_of(&q);
}

static inline size_t put(struct cmsghdr *c, const struct part *p)
{
    c->cmsg_level = p->level;
    c->cmsg_type = p->type;
    c->cmsg_len = CMSG_LEN(p->len);
    memcpy(CMSG_DATA(c), p->data, p->len);
    return CMSG_SPACE(p->len);
}

static uint64_t write(struct msghdr *m, void *control, size_t size, const struct part *p)
{
    struct cmsghdr *c;
    size_t len;

    /* Padding must not show what the memory held, and CMSG_NXTHDR before glibc 2.37 looks ahead. */
    memset(control, 0, size);
    m->msg_control = control;
    m->msg_controllen = size;
    if ((c = CMSG_FIRSTHDR(m)) == NULL)
        return UINT64_MAX;
    len = put(c, &p[0]);
    if ((c = CMSG_NXTHDR(m, c)) == NULL)
        return UINT64_MAX;
    len += put(c, &p[1]);
    if ((c = CMSG_NXTHDR(m, c)) == NULL)
        return UINT64_MAX;
    len += put(c, &p[2]);
    m->msg_controllen = len;
    return len;
}
#endif

const struct {
    uint64_t (*walk)(struct msghdr *);
    uint64_t (*find)(struct msghdr *);
    uint64_t (*quic)(struct msghdr *);
    uint64_t (*write)(struct msghdr *, void *, size_t, const struct part *);
} NAME = { walk, find, quic, write };
