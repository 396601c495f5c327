/* Checks the C API against hostile buffers, full buffers, NULL and 0. Run by tests/api.rs. */
#define _GNU_SOURCE
#include <ancil.h>
#include "check.h"

#include <errno.h>
#include <stdint.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <unistd.h>

enum { HEADER = sizeof (struct cmsghdr), WORD = sizeof (size_t), LIMIT = 160 };

static unsigned char *start; /* the first byte of a page; an access before it faults */
static unsigned char *fence; /* one past its last byte; an access from here on faults */

static void make_fences(void)
{
    const size_t page = (size_t)sysconf(_SC_PAGESIZE);
    unsigned char *const map = mmap(NULL, 3 * page, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

    CHECK(map != MAP_FAILED);
    start = map + page;
    fence = map + 2 * page;
    CHECK(mprotect(start, page, PROT_READ | PROT_WRITE) == 0);
}

static unsigned random_bits(void)
{
    static uint64_t state = 88172645463325252u;

    state ^= state << 13;
    state ^= state >> 7;
    state ^= state << 17;
    return (unsigned)(state >> 16);
}

static void put_header(unsigned char *at, size_t len, int level, int type)
{
    struct cmsghdr h;

    memset(&h, 0, sizeof h);
    h.cmsg_len = len;
    h.cmsg_level = level;
    h.cmsg_type = type;
    memcpy(at, &h, sizeof h);
    memcpy(at, &len, sizeof len); /* musl's struct has only its low 32 bits */
}

/*
 * Walks over a buffer of any content and checks that all messages lie inside of it, in order.
 * Returns the status that ended the walk.
 */
static int walk(const unsigned char *control, size_t size)
{
    struct ancil_reader r;
    struct ancil_message m = { -1, -1, NULL, 99 }, before, found;
    size_t past = 0;
    unsigned n = 0;
    int status;

    ancil_reader_init(&r, control, size);
    for (;;) {
        memcpy(&before, &m, sizeof m);
        status = ancil_reader_next(&r, &m);
        if (status <= 0)
            break;
        CHECK((const unsigned char *)m.data >= control + past + HEADER);
        CHECK((const unsigned char *)m.data + m.len <= control + size);
        past = (size_t)((const unsigned char *)m.data - control) + m.len;
        CHECK(++n <= size / HEADER);
        CHECK(ancil_find(control, size, m.level, m.type, &found) == 1);
        CHECK(found.level == m.level && found.type == m.type && found.data <= m.data);
    }
    CHECK(status == 0 || status == -EBADMSG);
    CHECK(ancil_reader_status(&r) == status);
    CHECK(memcmp(&before, &m, sizeof m) == 0); /* unchanged */
    CHECK(ancil_reader_next(&r, &m) == 0);     /* the walk stays at its end */
    CHECK(ancil_reader_next(&r, &m) == 0);
    CHECK(ancil_find(control, size, 0x7e57, 0x7e57, &found) == status);
    return status;
}

/* Tries one header with each hostile length, at the start of the page and at its end. */
static void hostile_lengths(void)
{
    static const size_t extreme[] = {
        SIZE_MAX, SIZE_MAX - 7, SIZE_MAX - 8, SIZE_MAX - 15, SIZE_MAX - 16, SIZE_MAX - 20,
        SIZE_MAX - 23, SIZE_MAX / 2, SIZE_MAX / 2 + 1, SIZE_MAX / 2 + 17, UINT32_MAX,
        UINT32_MAX - 7,
    };
    size_t size, i;

    for (size = 0; size <= LIMIT; size++)
        for (i = 0; i <= LIMIT + 40 + sizeof extreme / sizeof *extreme; i++) {
            const size_t len = i <= LIMIT + 40 ? i : extreme[i - LIMIT - 41];
            unsigned char *side[2];
            int k;

            side[0] = fence - size;
            side[1] = start;
            for (k = 0; k < 2; k++) {
                unsigned char *const control = side[k];
                int status;

                memset(control, 0xff, size);
                if (size >= HEADER)
                    put_header(control, len, 1, 2);
                status = walk(control, size);
                if (size < HEADER)
                    CHECK(status == 0);
                else if (len < HEADER || len > size)
                    CHECK(status == -EBADMSG);
                else if (ancil_cmsg_next(0, len, size) == ANCIL_CMSG_END)
                    CHECK(status == 0);
                else /* the next header is all ones, so its length is too large */
                    CHECK(status == -EBADMSG);
            }
        }
}

/* Tries random content, half of it with lengths that are nearly right, so that walks get far. */
static void random_buffers(void)
{
    unsigned long round;
    unsigned good = 0;

    for (round = 0; round < 200000; round++) {
        const size_t size = random_bits() % LIMIT;
        unsigned char *const control = round & 1 ? fence - size : start + round % WORD;
        size_t i;

        for (i = 0; i < size; i++)
            control[i] = (unsigned char)random_bits();
        if (round & 2) {
            for (i = 0; i + HEADER <= size; i += ancil_cmsg_align(HEADER + random_bits() % 24u))
                put_header(control + i, HEADER + random_bits() % 24u, (int)(random_bits() % 3), 0);
        }
        good += walk(control, size) == 0;
    }
    CHECK(good > 1000 && good < 199000);
}

/* Reads a well-formed buffer back message by message. */
static void good_buffer(unsigned char *control, size_t size)
{
    struct ancil_reader r;
    struct ancil_message m;
    size_t n;

    ancil_reader_init(&r, control, size);
    for (n = 0; n < 9; n++) {
        CHECK(ancil_reader_next(&r, &m) == 1);
        CHECK(m.level == (int)n && m.type == -(int)n && m.len == n);
        CHECK(memcmp(m.data, "12345678", n) == 0);
        CHECK(ancil_find(control, size, (int)n, -(int)n, &m) == 1 && m.len == n);
    }
    CHECK(ancil_reader_next(&r, &m) == 0);
    CHECK(ancil_find(control, size, 3, 3, &m) == 0);
}

/* Writes to buffers of every size and alignment. Bytes that no message covers stay unchanged. */
static void writer(void)
{
    static unsigned char before[1024];
    size_t size, shift, n, total = 0;

    for (n = 0; n < 9; n++)
        total += ancil_cmsg_space(n);
    for (shift = 0; shift < 8; shift++)
        for (size = 0; size <= total + 9; size++) {
            unsigned char *const buf = fence - shift - size;
            struct ancil_writer w;
            size_t used = 0;

            memset(start, 0xa5, (size_t)(fence - start));
            ancil_writer_init(&w, buf, size);
            CHECK(ancil_writer_finish(&w) == 0);
            for (n = 0; n < 9; n++) {
                size_t i;

                memcpy(before, buf, size);
                if (used + ancil_cmsg_space(n) > size) {
                    CHECK(ancil_writer_put(&w, (int)n, -(int)n, "12345678", n) == -ENOBUFS);
                    CHECK(ancil_writer_put(&w, 1, 2, NULL, 0) == -ENOBUFS); /* it would fit */
                    CHECK(ancil_writer_status(&w) == -ENOBUFS);
                    CHECK(memcmp(before, buf, size) == 0);
                    CHECK(ancil_writer_finish(&w) == used);
                    break;
                }
                CHECK(ancil_writer_status(&w) == 0);
                CHECK(ancil_writer_put(&w, (int)n, -(int)n, "12345678", n) == 0);
                CHECK(memcmp(before, buf, used) == 0);
                for (i = HEADER + n; i < ancil_cmsg_space(n); i++)
                    CHECK(buf[used + i] == 0); /* padding */
                used += ancil_cmsg_space(n);
                CHECK(memcmp(before + used, buf + used, size - used) == 0);
                CHECK(ancil_writer_finish(&w) == used);
            }
            for (n = 0; n < 64; n++)
                CHECK(buf[-1 - (long)n] == 0xa5);
            for (n = 0; n < shift; n++)
                CHECK(buf[size + n] == 0xa5);
            if (size >= total) {
                CHECK(used == total);
                good_buffer(buf, used);
            }
        }
}

static void writer_limits(void)
{
    ANCIL_CONTROL_BUFFER(control, ANCIL_CMSG_SPACE(3 * sizeof (int)));
    static const size_t huge[] = {
        SIZE_MAX, SIZE_MAX / 2, SIZE_MAX / 4, SIZE_MAX / 4 + 1, SIZE_MAX / 4 + 2, SIZE_MAX - 15,
        SIZE_MAX - 16, 1000,
    };
    const int fds[3] = { 3, 4, 5 };
    struct ancil_writer w;
    struct ancil_message m;
    unsigned char before[sizeof control];
    size_t i;

    memset(&control, 0xa5, sizeof control);
    memcpy(before, &control, sizeof control);
    for (i = 0; i < sizeof huge / sizeof *huge; i++) {
        ancil_writer_init(&w, control.data, sizeof control.data);
        CHECK(ancil_writer_put_fds(&w, fds, huge[i]) == -ENOBUFS);
        ancil_writer_init(&w, control.data, sizeof control.data);
        CHECK(ancil_writer_put(&w, 1, 2, fds, huge[i]) == -ENOBUFS);
        CHECK(ancil_writer_finish(&w) == 0 && memcmp(before, &control, sizeof control) == 0);
    }
    ancil_writer_init(&w, control.data, sizeof control.data);
    CHECK(ancil_writer_put_fds(&w, fds, 3) == 0);
    CHECK(ancil_writer_finish(&w) == ANCIL_CMSG_SPACE(sizeof fds));
    CHECK(ancil_writer_put(&w, 1, 2, NULL, 0) == -ENOBUFS);
    CHECK(ancil_find(control.data, ancil_writer_finish(&w), SOL_SOCKET, SCM_RIGHTS, &m) == 1);
    CHECK(m.level == SOL_SOCKET && m.type == SCM_RIGHTS && m.len == sizeof fds);
    CHECK(memcmp(m.data, fds, m.len) == 0);
}

static void null_is_empty(void)
{
    const int fd = 0;
    struct ancil_reader r;
    struct ancil_writer w;
    struct ancil_message m = { 1, 2, NULL, 3 };
    unsigned char buf[64];

    ancil_reader_init(NULL, NULL, 0);
    ancil_reader_init(NULL, buf, sizeof buf);
    CHECK(ancil_reader_next(NULL, &m) == -EINVAL && ancil_reader_next(NULL, NULL) == -EINVAL);
    ancil_reader_init(&r, NULL, 0);
    CHECK(ancil_reader_next(&r, &m) == 0 && ancil_reader_next(&r, NULL) == -EINVAL);
    ancil_reader_init(&r, NULL, SIZE_MAX);
    CHECK(ancil_reader_next(&r, &m) == 0);
    ancil_reader_init(&r, buf, 0);
    CHECK(ancil_reader_next(&r, &m) == 0);
    CHECK(ancil_find(NULL, 0, 1, 2, &m) == 0 && ancil_find(NULL, SIZE_MAX, 1, 2, &m) == 0);
    CHECK(ancil_find(NULL, 0, 1, 2, NULL) == -EINVAL);
    CHECK(m.level == 1 && m.type == 2 && m.len == 3);

    ancil_writer_init(NULL, NULL, 0);
    CHECK(ancil_writer_put(NULL, 1, 2, NULL, 0) == -EINVAL);
    CHECK(ancil_writer_put_fds(NULL, NULL, 0) == -EINVAL);
    CHECK(ancil_writer_finish(NULL) == 0 && ancil_writer_status(NULL) == -EINVAL);
    CHECK(ancil_reader_status(NULL) == -EINVAL);
    ancil_writer_init(&w, NULL, 0);
    CHECK(ancil_writer_put(&w, 1, 2, NULL, 0) == -ENOBUFS);
    ancil_writer_init(&w, NULL, SIZE_MAX);
    CHECK(ancil_writer_put(&w, 1, 2, "x", 1) == -ENOBUFS);
    CHECK(ancil_writer_put(&w, 1, 2, NULL, 1) == -ENOBUFS); /* the first error stays */
    CHECK(ancil_writer_finish(&w) == 0);
    ancil_writer_init(&w, buf, sizeof buf);
    CHECK(ancil_writer_put(&w, 1, 2, NULL, 1) == -EINVAL && ancil_writer_status(&w) == -EINVAL);
    ancil_writer_init(&w, buf, sizeof buf);
    CHECK(ancil_writer_put_fds(&w, NULL, 2) == -EINVAL);
    CHECK(ancil_writer_put_fds(&w, &fd, 1) == -EINVAL && ancil_writer_finish(&w) == 0);
    ancil_writer_init(&w, buf, sizeof buf);
    CHECK(ancil_writer_put(&w, 1, 2, NULL, 0) == 0 && ancil_writer_put_fds(&w, NULL, 0) == 0);
    CHECK(ancil_writer_finish(&w) == 2 * HEADER);
    ancil_reader_init(&r, buf, ancil_writer_finish(&w));
    CHECK(ancil_reader_next(&r, NULL) == -EINVAL);
    CHECK(ancil_reader_next(&r, &m) == 1 && m.data == buf + HEADER); /* the walk did not move */
}

/* A length that no memory has is not believed. */
static void absurd_lengths(void)
{
    static const size_t absurd[] = { SIZE_MAX, SIZE_MAX - 7, SIZE_MAX / 2 + 1 };
    size_t i;

    for (i = 0; i < sizeof absurd / sizeof *absurd; i++) {
        struct ancil_reader r;
        struct ancil_writer w;
        struct ancil_message m = { 1, 2, NULL, 3 };

        ancil_reader_init(&r, fence, absurd[i]);
        CHECK(ancil_reader_next(&r, &m) == 0 && ancil_reader_status(&r) == -EINVAL);
        CHECK(ancil_find(fence, absurd[i], 1, 2, &m) == -EINVAL && m.len == 3);
        ancil_writer_init(&w, fence, absurd[i]);
        CHECK(ancil_writer_put(&w, 1, 2, NULL, 0) == -EINVAL);
        CHECK(ancil_writer_status(&w) == -EINVAL && ancil_writer_finish(&w) == 0);
    }
}

int main(int argc, char **argv)
{
    CHECK(argc == 2);
    CHECK(strcmp(ancil_version(), argv[1]) == 0 && strcmp(ANCIL_VERSION, argv[1]) == 0);
    errno = 4711;
    make_fences();
    hostile_lengths();
    random_buffers();
    writer();
    writer_limits();
    null_is_empty();
    absurd_lengths();
    CHECK(errno == 4711);
    puts("ok");
    return 0;
}
