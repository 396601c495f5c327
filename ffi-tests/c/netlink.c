/*
 * Compares ANCIL_NLMSG_* and ANCIL_NLA_* with the system's macros. Then writes random messages with
 * ancil, reads them with ancil and the system's macros, damages them at random, and reads them with
 * both again. Run by tests/netlink.rs, with sanitizers.
 */
#include <ancil.h>
#include "check.h"

#include <errno.h>
#include <limits.h>
#include <linux/netlink.h>
#include <linux/rtnetlink.h>
#include <stdint.h>
#include <string.h>

/* The system's macros mix int and unsigned. */
#pragma GCC diagnostic ignored "-Wsign-conversion"

enum { CASES = 20000, SIZE = 256 };

static uint64_t state;

static size_t below(size_t n)
{
    uint64_t z = (state += 0x9e3779b97f4a7c15u);

    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9u;
    z = (z ^ (z >> 27)) * 0x94d049bb133111ebu;
    return (size_t)(z ^ (z >> 31)) % n;
}

/* The macros in constant expressions. */
static unsigned char request[ANCIL_NLMSG_SPACE(sizeof (struct ifinfomsg) + ANCIL_NLA_SPACE(5))];
enum {
    OF_FIVE = ANCIL_NLMSG_LENGTH(5) + ANCIL_NLA_LENGTH(5) + ANCIL_NLMSG_ALIGN(5)
              + ANCIL_NLA_ALIGN(5)
};

static void sizes_of(size_t n)
{
    CHECK(ANCIL_NLMSG_ALIGN(n) == NLMSG_ALIGN(n));
    CHECK(ANCIL_NLMSG_LENGTH(n) == NLMSG_LENGTH(n));
    CHECK(ANCIL_NLMSG_SPACE(n) == NLMSG_SPACE(n));
    CHECK(ANCIL_NLA_ALIGN(n) == NLA_ALIGN(n));
    CHECK(ANCIL_NLA_LENGTH(n) == RTA_LENGTH(n));
    CHECK(ANCIL_NLA_SPACE(n) == RTA_SPACE(n));
    CHECK(ancil_nlmsg_align(n) == NLMSG_ALIGN(n) && ancil_nla_align(n) == NLA_ALIGN(n));
    CHECK(ancil_nlmsg_length(n) == NLMSG_LENGTH(n) && ancil_nla_length(n) == RTA_LENGTH(n));
    CHECK(ancil_nlmsg_space(n) == NLMSG_SPACE(n) && ancil_nla_space(n) == RTA_SPACE(n));
}

static void sizes(void)
{
    CHECK(sizeof request == 44 && OF_FIVE == 21 + 9 + 8 + 8);
    CHECK(ANCIL_NLMSG_HDRLEN == NLMSG_HDRLEN && ANCIL_NLA_HDRLEN == NLA_HDRLEN);
    for (size_t n = 0; n <= 70000; n++)
        sizes_of(n);
    /* Some of the system's macros calculate in int, so larger sizes are not compared with them. */
    for (unsigned bit = 17; bit < 31; bit++)
        for (size_t n = ((size_t)1 << bit) - 32; n <= ((size_t)1 << bit) + 32; n++)
            sizes_of(n);
    for (size_t n = SIZE_MAX; n > SIZE_MAX - 64; n--) {
        CHECK(ancil_nlmsg_align(n) == (n > SIZE_MAX - 3 ? SIZE_MAX : (n + 3) / 4 * 4));
        CHECK(ancil_nla_align(n) == ancil_nlmsg_align(n));
        CHECK(ancil_nlmsg_length(n) == (n > SIZE_MAX - 16 ? SIZE_MAX : n + 16));
        CHECK(ancil_nla_length(n) == (n > SIZE_MAX - 4 ? SIZE_MAX : n + 4));
        CHECK(ancil_nlmsg_space(n) == (n > SIZE_MAX - 19 ? SIZE_MAX : (n + 19) / 4 * 4));
        CHECK(ancil_nla_space(n) == (n > SIZE_MAX - 7 ? SIZE_MAX : (n + 7) / 4 * 4));
    }
}

/*
 * Checks that the system's macros and ancil find the same attributes, also in nests. Returns their
 * number.
 */
static size_t same_attributes(struct ancil_nl_reader *r, unsigned char *data, size_t size,
                              unsigned depth)
{
    struct rtattr *theirs = (struct rtattr *)(void *)data;
    struct ancil_nl_reader loop = *r;
    struct ancil_nl_attr ours, found;
    size_t count = 0, here = 0;
    int left = (int)size, status;

    for (; RTA_OK(theirs, left); theirs = RTA_NEXT(theirs, left), count++, here++) {
        const unsigned type = theirs->rta_type & NLA_TYPE_MASK;
        unsigned char copy[SIZE];

        CHECK(ancil_nl_attr_find(r, (uint16_t)type, &found) == 1);
        CHECK(found.type == type && found.data == RTA_DATA(theirs));
        CHECK(ancil_nl_attr_next(r, &ours) == 1);
        CHECK(ours.type == type && (ours.type | ours.flags) == theirs->rta_type);
        CHECK(ours.data == RTA_DATA(theirs) && ours.len == RTA_PAYLOAD(theirs));
        CHECK(ancil_nl_attr_get(&ours, copy, ours.len) == 0);
        CHECK(memcmp(copy, ours.data, ours.len) == 0);
        CHECK(ancil_nl_attr_get(&ours, copy, ours.len + 1) == -EBADMSG);
        CHECK(ancil_nl_attr_string(&ours) == (memchr(ours.data, 0, ours.len) ? ours.data : NULL));
        if (ours.flags & NLA_F_NESTED && depth > 0) {
            struct ancil_nl_reader nested;

            ancil_nl_reader_init(&nested, ours.data, ours.len);
            count += same_attributes(&nested, RTA_DATA(theirs), RTA_PAYLOAD(theirs), depth - 1);
        }
    }
    /*
     * RTA_NEXT makes `left` negative if the last attribute lacks its padding. If bytes for a header
     * are left, ancil reports that this header is malformed.
     */
    status = ancil_nl_attr_next(r, &ours);
    CHECK(status == (left >= (int)sizeof (struct rtattr) ? -EBADMSG : 0));
    CHECK(ancil_nl_attr_next(r, &ours) == 0 && ancil_nl_reader_status(r) == status);
    ANCIL_NL_FOR_EACH_ATTR(&ours, &loop)
        here--;
    CHECK(here == 0 && ancil_nl_reader_status(&loop) == status);
    return count;
}

/*
 * Checks the same of messages, whose attributes follow four bytes. Returns the number of
 * attributes.
 */
static size_t same_messages(unsigned char *datagram, size_t size)
{
    struct nlmsghdr *theirs = (struct nlmsghdr *)(void *)datagram;
    struct ancil_nl_reader r, attrs, loop;
    struct ancil_nl_message ours;
    size_t count = 0, messages = 0;
    int left = (int)size, status;

    ancil_nl_reader_init(&r, datagram, size);
    for (; NLMSG_OK(theirs, left); theirs = NLMSG_NEXT(theirs, left), messages++) {
        uint32_t family;

        CHECK(ancil_nl_message_next(&r, &ours) == 1);
        CHECK(memcmp(&ours.header, theirs, sizeof *theirs) == 0);
        CHECK(ours.data == NLMSG_DATA(theirs) && ours.len == NLMSG_PAYLOAD(theirs, 0));
        status = ancil_nl_message_split(&ours, &family, sizeof family, &attrs);
        CHECK(status == (ours.len < sizeof family ? -EBADMSG : 0));
        if (status == 0) {
            CHECK(memcmp(&family, ours.data, sizeof family) == 0);
            count += same_attributes(&attrs, (unsigned char *)NLMSG_DATA(theirs) + 4,
                                     ours.len - 4, 9);
        }
    }
    status = ancil_nl_message_next(&r, &ours);
    CHECK(status == (left >= NLMSG_HDRLEN ? -EBADMSG : 0));
    CHECK(ancil_nl_message_next(&r, &ours) == 0 && ancil_nl_reader_status(&r) == status);
    ancil_nl_reader_received(&loop, datagram, size, (ptrdiff_t)size);
    ANCIL_NL_FOR_EACH(&ours, &loop)
        messages--;
    CHECK(messages == 0 && ancil_nl_reader_status(&loop) == status);
    return count;
}

/* The calls that write. */
enum call { BEGIN, PUT, ATTR, NEST_BEGIN, NEST_END, NEST_CANCEL, END, CALLS };

/* What a writer must have done. */
struct model {
    size_t depth;      /* of the open nests */
    size_t counts[32]; /* of the attributes, at each depth */
    size_t finished;   /* attributes of finished messages */
    int open, error;
};

/* Returns what a call must return if `left` bytes are left and no earlier call has failed. */
static int expected(const struct model *m, enum call call, size_t len, size_t left)
{
    const size_t needed[CALLS] = { 16, ANCIL_NLMSG_ALIGN(len), ANCIL_NLA_SPACE(len), 4, 0, 0, 0 };
    const int in_nest = call == NEST_END || call == NEST_CANCEL;

    if (m->open != (call != BEGIN) || (in_nest && m->depth == 0) || (call == END && m->depth > 0))
        return -EINVAL;
    return needed[call] > left ? -ENOBUFS : 0;
}

/* Checks a call. It changes nothing after the written part, and nothing at all if it fails. */
static void make(struct ancil_nl_writer *w, struct model *m, enum call call,
                 const unsigned char *whole)
{
    static const unsigned char data[] = "any bytes, thirty of them or so";
    const uint16_t type = (uint16_t)(1 + below(9));
    const size_t len = call == PUT ? 4 : below(sizeof data), finished = ancil_nl_writer_finish(w);
    const size_t left = w->size - ANCIL_NLMSG_ALIGN(w->len);
    unsigned char before[SIZE];
    size_t written;
    int status = 0;

    m->error = m->error != 0 ? m->error : expected(m, call, len, left);
    memcpy(before, whole, SIZE);
    switch (call) {
    case BEGIN: status = ancil_nl_writer_begin(w, type, 1, 1 + (len & 1)); break;
    case PUT: status = ancil_nl_writer_put(w, data, len); break;
    case ATTR: status = ancil_nl_writer_attr(w, type, data, len); break;
    case NEST_BEGIN: status = ancil_nl_writer_nest_begin(w, type); break;
    case NEST_END: status = ancil_nl_writer_nest_end(w); break;
    case NEST_CANCEL: status = ancil_nl_writer_nest_cancel(w); break;
    case END: case CALLS: status = ancil_nl_writer_end(w); break;
    }
    CHECK(status == m->error && ancil_nl_writer_status(w) == status);
    CHECK(ancil_nl_writer_finish(w) == (call == END && status == 0 ? w->len : finished));
    written = status < 0 ? 0 : ANCIL_NLMSG_ALIGN(w->len);
    CHECK(memcmp(before + written, whole + written, SIZE - written) == 0);
    if (status < 0)
        return;
    switch (call) {
    case BEGIN: m->open = 1, m->counts[0] = 0; break;
    case PUT: break;
    case ATTR: m->counts[m->depth]++; break;
    case NEST_BEGIN: m->counts[++m->depth] = 0; break;
    case NEST_END: m->depth--, m->counts[m->depth] += m->counts[m->depth + 1] + 1; break;
    case NEST_CANCEL: m->depth--; break;
    case END: case CALLS: m->open = 0, m->finished += m->counts[0]; break;
    }
}

/* Makes random calls. Returns the number of attributes in the finished messages. */
static size_t write_some(struct ancil_nl_writer *w, const unsigned char *whole)
{
    struct model m = { 0 };

    for (size_t steps = below(30); steps > 0; steps--) {
        const enum call call = (enum call)below(CALLS);

        if (m.error != 0 && below(2)) {
            ancil_nl_writer_cancel(w);
            CHECK(ancil_nl_writer_status(w) == 0 && w->len == ancil_nl_writer_finish(w));
            m.error = 0, m.open = 0, m.depth = 0;
        }
        /* `same_messages` expects four bytes in front of the attributes, and no others. */
        if (call == PUT || (expected(&m, call, 0, SIZE) < 0 && below(16)))
            continue;
        make(w, &m, call, whole);
        if (call == BEGIN && m.error == 0)
            make(w, &m, PUT, whole);
    }
    return m.finished;
}

int main(void)
{
    unsigned cases;

    sizes();
    for (cases = 0; cases < CASES; cases++) {
        _Alignas(4) unsigned char whole[SIZE];
        unsigned char *exact;
        struct ancil_nl_writer w;
        size_t size = below(SIZE), count, n;

        memset(whole, 0xaa, sizeof whole);
        ancil_nl_writer_init(&w, whole, size);
        count = write_some(&w, whole);
        n = ancil_nl_writer_finish(&w);
        CHECK(n <= size && same_messages(whole, n) == count);
        if (n == 0)
            continue;
        /* Cut off and damaged, in memory of exactly that size. */
        n -= below(n) & (below(2) ? 0 : 7);
        exact = malloc(n);
        CHECK(exact != NULL);
        memcpy(exact, whole, n);
        for (size_t bits = 1 + below(3); bits > 0; bits--)
            exact[below(n < 32 || below(2) ? n : 32)] ^= (unsigned char)(1u << below(8));
        same_messages(exact, n);
        free(exact);
    }
    printf("netlink: %u cases\n", cases);
    return 0;
}
