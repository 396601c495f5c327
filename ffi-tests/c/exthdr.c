/*
 * Compares ancil_opt_* and ancil_rth_* with inet6_opt_* and inet6_rth_* of RFC 3542, where the libc
 * has them, and checks what they return for hostile, full and missing buffers. Run by tests/api.rs.
 */
#define _GNU_SOURCE
#include <ancil.h>
#include "check.h"

#include <errno.h>
#include <netinet/in.h>
#include <stdint.h>
#include <string.h>

static const unsigned char data[300] = { 1, 2, 3, 4, 5, 6, 7, 8, 9, 10 };

/* Writes three options, which glibc aligns in the same way. Returns the length of the header. */
static size_t write_options(unsigned char *buf, size_t size)
{
    struct ancil_opt_writer w;

    CHECK(ancil_opt_writer_init(&w, buf, size) == 0);
    CHECK(ancil_opt_writer_put(&w, 5, 2, 0, data, 2) == 0);
    CHECK(ancil_opt_writer_put(&w, 194, 4, 2, data, 4) == 0);
    CHECK(ancil_opt_writer_put(&w, 201, 8, 6, data, 16) == 0);
    return ancil_opt_writer_finish(&w);
}

static void options(void)
{
    static const struct { unsigned char type; size_t len; } expected[] = {
        { 5, 2 }, { 194, 4 }, { 201, 16 },
    };
    unsigned char buf[64];
    struct ancil_opt o;
    size_t len, offset = 0, i;

    memset(buf, 0xaa, sizeof buf);
    len = write_options(buf, sizeof buf);
    CHECK(len == 32 && buf[0] == 0 && buf[1] == 3);
    for (i = 0; i < 3; i++) {
        CHECK(ancil_opt_next(buf, sizeof buf, &offset, &o) == 1);
        CHECK(o.type == expected[i].type && o.len == expected[i].len);
        CHECK(memcmp(o.data, data, o.len) == 0);
    }
    CHECK(ancil_opt_next(buf, sizeof buf, &offset, &o) == 0 && o.type == 201 && offset == len);
    CHECK(ancil_opt_next(buf, sizeof buf, &offset, &o) == 0);
    CHECK(ancil_opt_find(buf, len, 194, &o) == 1 && o.len == 4);
    CHECK(ancil_opt_find(buf, len, 7, &o) == 0 && o.len == 4);
    CHECK(ancil_opt_find(buf, len - 1, 194, &o) == -EBADMSG);
    offset = 0;
    CHECK(ancil_opt_next(buf, len - 1, &offset, &o) == -EBADMSG && offset == 0);
    offset = SIZE_MAX;
    CHECK(ancil_opt_next(buf, len, &offset, &o) == 0);
    offset = 0;
    buf[3] = 30; /* the first option reaches past the end */
    CHECK(ancil_opt_next(buf, len, &offset, &o) == -EBADMSG && offset == len);
    CHECK(ancil_opt_next(buf, len, &offset, &o) == 0);
    CHECK(ancil_opt_find(buf, len, 5, &o) == -EBADMSG);
    CHECK(ancil_opt_next(NULL, 99, &offset, &o) == -EBADMSG);
    CHECK(ancil_opt_next(buf, len, NULL, &o) == -EINVAL);
    CHECK(ancil_opt_next(buf, len, &offset, NULL) == -EINVAL);
    CHECK(ancil_opt_find(buf, len, 5, NULL) == -EINVAL);
}

static void options_that_cannot_be_written(void)
{
    unsigned char buf[16], before[16];
    struct ancil_opt_writer w;

    CHECK(ancil_opt_writer_init(NULL, buf, sizeof buf) == -EINVAL);
    CHECK(ancil_opt_writer_init(&w, buf, 7) == -ENOBUFS && ancil_opt_writer_finish(&w) == 0);
    CHECK(ancil_opt_writer_put(&w, 5, 1, 0, data, 0) == -ENOBUFS);
    CHECK(ancil_opt_writer_init(&w, NULL, 64) == -ENOBUFS && ancil_opt_writer_finish(&w) == 0);
    CHECK(ancil_opt_writer_init(&w, buf, sizeof buf) == 0 && ancil_opt_writer_finish(&w) == 8);
    CHECK(ancil_opt_writer_put(&w, 5, 1, 0, data, 3) == 0);
    memcpy(before, buf, sizeof buf);
    CHECK(ancil_opt_writer_put(&w, 5, 1, 0, data, 8) == -ENOBUFS);
    CHECK(ancil_opt_writer_put(&w, 0, 1, 0, data, 1) == -EINVAL);
    CHECK(ancil_opt_writer_put(&w, 1, 1, 0, data, 1) == -EINVAL);
    CHECK(ancil_opt_writer_put(&w, 5, 3, 0, data, 1) == -EINVAL);
    CHECK(ancil_opt_writer_put(&w, 5, 4, 4, data, 1) == -EINVAL);
    CHECK(ancil_opt_writer_put(&w, 5, 1, 0, data, 256) == -EINVAL);
    CHECK(ancil_opt_writer_put(&w, 5, 1, 0, NULL, 1) == -EINVAL);
    CHECK(ancil_opt_writer_put(NULL, 5, 1, 0, data, 1) == -EINVAL);
    CHECK(ancil_opt_writer_finish(NULL) == 0 && ancil_opt_writer_finish(&w) == 8);
    CHECK(memcmp(buf, before, sizeof buf) == 0);
    CHECK(ancil_opt_writer_put(&w, 5, 1, 0, data, 7) == 0 && ancil_opt_writer_finish(&w) == 16);
}

/* A header has 2048 bytes at most. */
static void longest(void)
{
    static unsigned char buf[4096];
    struct ancil_opt_writer w;
    int i;

    memset(buf, 0xaa, sizeof buf);
    CHECK(ancil_opt_writer_init(&w, buf, sizeof buf) == 0);
    for (i = 0; i < 7; i++)
        CHECK(ancil_opt_writer_put(&w, 5, 1, 0, data, 255) == 0);
    CHECK(ancil_opt_writer_put(&w, 5, 1, 0, data, 246) == -ENOBUFS);
    CHECK(ancil_opt_writer_put(&w, 5, 1, 0, data, 245) == 0);
    CHECK(ancil_opt_writer_finish(&w) == 2048 && buf[1] == 255 && buf[2048] == 0xaa);
}

static struct ancil_in6_addr address(unsigned char n)
{
    struct ancil_in6_addr a;

    memset(&a, n, sizeof a);
    return a;
}

static void routing_headers(void)
{
    /* RPL: an address of 2 bytes, then one of 8, and 6 bytes of padding. */
    const unsigned char rpl[] = {
        0, 2, 3, 2, 0xe8, 0x60, 0, 0, 1, 1, 2, 2, 2, 2, 2, 2, 2, 2, 0, 0, 0, 0, 0, 0,
    };
    const struct ancil_in6_addr segments[] = { address(1), address(2) }, destination = address(9);
    unsigned char buf[ANCIL_CMSG_LEN(40)], before[sizeof buf];
    struct ancil_in6_addr found = address(7);
    int type;

    CHECK(ancil_rth_len(0) == 8 && ancil_rth_len(2) == 40 && ancil_rth_len(SIZE_MAX) == SIZE_MAX);
    memset(buf, 0xaa, sizeof buf);
    memcpy(before, buf, sizeof buf);
    CHECK(ancil_rth_write(buf, 39, 0, segments, 2) == -ENOBUFS);
    CHECK(ancil_rth_write(NULL, 40, 0, segments, 2) == -ENOBUFS);
    CHECK(ancil_rth_write(buf, sizeof buf, 2, segments, 2) == -EINVAL);
    CHECK(ancil_rth_write(buf, sizeof buf, 4, segments, 0) == -EINVAL);
    CHECK(ancil_rth_write(buf, sizeof buf, 0, NULL, 2) == -EINVAL);
    for (type = -1; type < 300; type++)
        if (type != 0 && type != 3 && type != 4)
            CHECK(ancil_rth_write(buf, sizeof buf, type, segments, 2) == -EINVAL);
    CHECK(memcmp(buf, before, sizeof buf) == 0);
    for (type = 0; type < 5; type += type ? 1 : 3) {
        CHECK(ancil_rth_write(buf, sizeof buf, type, segments, 2) == 0);
        CHECK(buf[1] == 4 && buf[2] == type && buf[3] == (type == 4 ? 1 : 2));
        CHECK(ancil_rth_segments(buf, 40) == 2 && buf[40] == 0xaa);
        CHECK(ancil_rth_segment(buf, 40, 1, NULL, &found) == 1);
        CHECK(memcmp(&found, &segments[1], sizeof found) == 0);
        CHECK(ancil_rth_segment(buf, 40, 2, NULL, &found) == 0);
    }
    CHECK(ancil_rth_segments(buf, 39) == -EBADMSG && ancil_rth_segments(NULL, 40) == -EBADMSG);
    CHECK(ancil_rth_segment(buf, 39, 0, NULL, &found) == -EBADMSG);
    CHECK(ancil_rth_segment(buf, 40, 0, NULL, NULL) == -EINVAL);
    buf[3] = 3; /* more segments left than there are */
    CHECK(ancil_rth_segments(buf, 40) == -EBADMSG);
    buf[2] = 253; /* a type for experiments */
    CHECK(ancil_rth_segments(buf, 40) == 0);
    CHECK(memcmp(&found, &segments[1], sizeof found) == 0);

    CHECK(ancil_rth_segments(rpl, sizeof rpl) == 2);
    CHECK(ancil_rth_segment(rpl, sizeof rpl, 0, &destination, &found) == 1);
    CHECK(found.octets[13] == 9 && found.octets[14] == 1 && found.octets[15] == 1);
    CHECK(ancil_rth_segment(rpl, sizeof rpl, 1, NULL, &found) == 1);
    CHECK(found.octets[7] == 0 && found.octets[8] == 2 && found.octets[15] == 2);
}

#ifdef __GLIBC__

static void equals_glibc(void)
{
    unsigned char ours[64], theirs[64] = { 0 };
    const struct ancil_in6_addr segments[] = { address(1), address(2) };
    const size_t len = write_options(ours, sizeof ours);
    void *to, *header;
    int end;

    end = inet6_opt_init(theirs, 32);
    end = inet6_opt_append(theirs, 32, end, 5, 2, 2, &to);
    memcpy(to, data, 2);
    end = inet6_opt_append(theirs, 32, end, 194, 4, 4, &to);
    memcpy(to, data, 4);
    end = inet6_opt_append(theirs, 32, end, 201, 16, 8, &to);
    memcpy(to, data, 16);
    CHECK((size_t)inet6_opt_finish(theirs, 32, end) == len && memcmp(ours, theirs, len) == 0);

    CHECK(inet6_rth_space(IPV6_RTHDR_TYPE_0, 2) == ancil_rth_len(2));
    header = inet6_rth_init(theirs, sizeof theirs, IPV6_RTHDR_TYPE_0, 2);
    CHECK(header && inet6_rth_add(header, (const void *)&segments[0]) == 0);
    CHECK(inet6_rth_add(header, (const void *)&segments[1]) == 0);
    CHECK(ancil_rth_write(ours, sizeof ours, 0, segments, 2) == 0);
    CHECK(memcmp(ours, theirs, ancil_rth_len(2)) == 0);
    CHECK(inet6_rth_segments(ours) == ancil_rth_segments(theirs, sizeof theirs));
}

#else

static void equals_glibc(void)
{
}

#endif

int main(void)
{
    options();
    options_that_cannot_be_written();
    longest();
    routing_headers();
    equals_glibc();
    puts("ok");
    return 0;
}
