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
    struct ancil_nl_attr ours, found;
    size_t count = 0;
    int left = (int)size, status;

    for (; RTA_OK(theirs, left); theirs = RTA_NEXT(theirs, left), count++) {
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
    CHECK(ancil_nl_attr_next(r, &ours) == 0);
    return count;
}

/*
 * Checks the same of messages, whose attributes follow four bytes. Returns the number of
 * attributes.
 */
static size_t same_messages(unsigned char *datagram, size_t size)
{
    struct nlmsghdr *theirs = (struct nlmsghdr *)(void *)datagram;
    struct ancil_nl_reader r, attrs;
    struct ancil_nl_message ours;
    size_t count = 0;
    int left = (int)size, status;

    ancil_nl_reader_init(&r, datagram, size);
    for (; NLMSG_OK(theirs, left); theirs = NLMSG_NEXT(theirs, left)) {
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
    CHECK(ancil_nl_message_next(&r, &ours) == (left >= NLMSG_HDRLEN ? -EBADMSG : 0));
    CHECK(ancil_nl_message_next(&r, &ours) == 0);
    return count;
}

/* Makes random calls. Returns the number of attributes in the finished messages. */
static size_t write_some(struct ancil_nl_writer *w)
{
    static const unsigned char data[] = "any bytes, thirty of them or so";
    size_t depth = 0, steps = below(30), counts[32] = { 0 }, done = 0;
    int open = 0;

    while (steps-- > 0) {
        const size_t len = below(sizeof data), before = w->len;
        const uint16_t type = (uint16_t)(1 + below(9));
        int status;

        switch (below(8)) {
        case 0:
            status = ancil_nl_writer_begin(w, type, 1, (uint32_t)steps);
            CHECK(status == (open ? -EINVAL : w->size - before < 16 ? -ENOBUFS : 0));
            if (status == 0 && (open = 1, counts[0] = 0, ancil_nl_writer_put(w, data, 4)) < 0)
                CHECK(ancil_nl_writer_cancel(w) == 0), open = 0;
            break;
        case 1: case 2: case 3:
            status = ancil_nl_writer_attr(w, type, data, len);
            CHECK(status
                  == (!open ? -EINVAL : w->size - before < ANCIL_NLA_SPACE(len) ? -ENOBUFS : 0));
            counts[depth] += status == 0;
            break;
        case 4: case 5:
            status = ancil_nl_writer_nest_begin(w, type);
            CHECK(status == (!open ? -EINVAL : w->size - before < 4 ? -ENOBUFS : 0));
            if (status == 0)
                counts[++depth] = 0;
            break;
        case 6:
            CHECK(ancil_nl_writer_nest_end(w) == (depth > 0 ? 0 : -EINVAL));
            if (depth > 0)
                depth--, counts[depth] += counts[depth + 1] + 1;
            break;
        default:
            if (below(3) == 0) {
                CHECK(ancil_nl_writer_cancel(w) == (open ? 0 : -EINVAL));
                depth > 0 ? (void)depth-- : (void)(open = 0);
                break;
            }
            status = ancil_nl_writer_end(w);
            CHECK(status == (open && depth == 0 ? 0 : -EINVAL));
            if (status == 0)
                done += counts[0], open = 0;
        }
    }
    return done;
}

static void reports(void)
{
    struct { struct nlmsgerr error; char words[8]; } failed = {
        { -ENODEV, { 16, RTM_GETLINK, 1, 7, 0 } }, "",
    };
    struct ancil_nl_message m = { { 0, NLMSG_ERROR, NLM_F_CAPPED, 7, 0 }, &failed, sizeof failed };
    struct ancil_nl_report e;
    struct ancil_nl_attr a;
    const struct nlattr words = { 8, NLMSGERR_ATTR_MSG };

    memcpy(failed.words, &words, sizeof words);
    memcpy(failed.words + 4, "bad", 4);
    CHECK(ancil_nl_message_report(&m, &e) == 1 && e.error == -ENODEV && e.seq == 7);
    CHECK(ancil_nl_attr_next(&e.attrs, &a) == 0);
    m.header.nlmsg_flags |= NLM_F_ACK_TLVS;
    CHECK(ancil_nl_message_report(&m, &e) == 1);
    CHECK(ancil_nl_attr_find(&e.attrs, NLMSGERR_ATTR_MSG, &a) == 1);
    CHECK(strcmp(ancil_nl_attr_string(&a), "bad") == 0);
    failed.error.error = 1;
    CHECK(ancil_nl_message_report(&m, &e) == -EBADMSG && e.error == -ENODEV);
    failed.error.error = 0;
    CHECK(ancil_nl_message_report(&m, &e) == 1 && e.error == 0);
    m.len = sizeof failed.error - 1;
    CHECK(ancil_nl_message_report(&m, &e) == -EBADMSG);
    m.header.nlmsg_type = NLMSG_DONE;
    CHECK(ancil_nl_message_report(&m, &e) == 1 && e.error == 0);
    m.header.nlmsg_type = RTM_NEWLINK;
    CHECK(ancil_nl_message_report(&m, &e) == 0);
}

static void null_is_empty(void)
{
    struct ancil_nl_reader r;
    struct ancil_nl_message m;
    struct ancil_nl_attr a;
    struct ancil_nl_writer w;

    ancil_nl_reader_init(NULL, NULL, 0);
    ancil_nl_reader_init(&r, NULL, 99);
    CHECK(ancil_nl_message_next(&r, &m) == 0 && ancil_nl_attr_next(&r, &a) == 0);
    CHECK(ancil_nl_message_next(NULL, &m) == -EINVAL && ancil_nl_message_next(&r, NULL) == -EINVAL);
    CHECK(ancil_nl_attr_next(NULL, &a) == -EINVAL && ancil_nl_attr_next(&r, NULL) == -EINVAL);
    CHECK(ancil_nl_attr_find(NULL, 1, &a) == -EINVAL && ancil_nl_attr_find(&r, 1, &a) == 0);
    CHECK(ancil_nl_message_split(NULL, NULL, 0, NULL) == -EINVAL);
    CHECK(ancil_nl_message_report(NULL, NULL) == -EINVAL);
    CHECK(ancil_nl_attr_get(NULL, NULL, 0) == -EINVAL && ancil_nl_attr_string(NULL) == NULL);
    ancil_nl_writer_init(NULL, NULL, 0);
    ancil_nl_writer_init(&w, NULL, 99);
    CHECK(ancil_nl_writer_begin(&w, 1, 1, 1) == -ENOBUFS && ancil_nl_writer_finish(&w) == 0);
    CHECK(ancil_nl_writer_begin(NULL, 1, 1, 1) == -EINVAL && ancil_nl_writer_finish(NULL) == 0);
    ancil_nl_writer_init(&w, request, sizeof request);
    CHECK(ancil_nl_writer_begin(&w, 1, 1, 1) == 0 && ancil_nl_writer_put(&w, NULL, 1) == -EINVAL);
    CHECK(ancil_nl_writer_attr(&w, 1, request, SIZE_MAX) == -ENOBUFS);
    CHECK(ancil_nl_writer_attr(&w, 1, NULL, 0) == 0);
    CHECK(ancil_nl_writer_finish(&w) == 0 && ancil_nl_writer_end(&w) == 0);
    CHECK(ancil_nl_writer_finish(&w) == 20);
}

static void too_long(void)
{
    static unsigned char big[1 << 18], data[65532];
    struct ancil_nl_writer w;

    ancil_nl_writer_init(&w, big, sizeof big);
    CHECK(ancil_nl_writer_begin(&w, 1, 1, 1) == 0);
    CHECK(ancil_nl_writer_attr(&w, 1, data, sizeof data) == -EMSGSIZE);
    CHECK(ancil_nl_writer_nest_begin(&w, 1) == 0 && ancil_nl_writer_attr(&w, 1, data, 65531) == 0);
    CHECK(ancil_nl_writer_nest_begin(&w, 1) == -EMSGSIZE);
    CHECK(ancil_nl_writer_nest_end(&w) == -EMSGSIZE);
    CHECK(ancil_nl_writer_attr(&w, 1, data, 1) == 0 && ancil_nl_writer_end(&w) == 0);
    CHECK(ancil_nl_writer_finish(&w) == 24);
}

int main(void)
{
    unsigned cases;

    sizes();
    null_is_empty();
    reports();
    too_long();
    for (cases = 0; cases < CASES; cases++) {
        _Alignas(4) unsigned char whole[SIZE];
        unsigned char *exact;
        struct ancil_nl_writer w;
        size_t size = below(SIZE / 4) * 4, count, n;

        memset(whole, 0xaa, sizeof whole);
        ancil_nl_writer_init(&w, whole, size);
        count = write_some(&w);
        for (n = size; n < SIZE; n++)
            CHECK(whole[n] == 0xaa);
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
