/*
 * Compares the inline functions of ancil/inline.h with those of the library, which are the Rust
 * ones, and both with a specification in numbers of twice the width: arithmetic and stepping rule
 * for all numbers below 256, those near the limits, and random ones; reader and writer for all
 * small buffers of a few values. With an argument, fewer of them, for slow machines.
 *
 * A call is inline. A pointer to a function points to the library's.
 */
#include <ancil/inline.h>
#include "check.h"

#include <errno.h>
#include <stdint.h>
#include <string.h>

#ifdef __SIZEOF_INT128__
__extension__ typedef unsigned __int128 wide;
#else
typedef uint64_t wide;
#endif

enum { WORD = sizeof (size_t), HEADER = sizeof (size_t) + 8, LENGTHS = 9, MOST = 3 };

static size_t (*volatile const library_align)(size_t) = ancil_cmsg_align;
static size_t (*volatile const library_len)(size_t) = ancil_cmsg_len;
static size_t (*volatile const library_space)(size_t) = ancil_cmsg_space;
static size_t (*volatile const library_next)(size_t, size_t, size_t) = ancil_cmsg_next;
static void (*volatile const library_reader_init)(struct ancil_reader *, const void *,
                                                  size_t) = ancil_reader_init;
static int (*volatile const library_reader_next)(struct ancil_reader *,
                                                 struct ancil_message *) = ancil_reader_next;
static int (*volatile const library_reader_status)(const struct ancil_reader *) =
    ancil_reader_status;
static int (*volatile const library_find)(const void *, size_t, int, int,
                                          struct ancil_message *) = ancil_find;
static void (*volatile const library_writer_init)(struct ancil_writer *, void *, size_t) =
    ancil_writer_init;
static int (*volatile const library_put)(struct ancil_writer *, int, int, const void *, size_t) =
    ancil_writer_put;
static int (*volatile const library_put_fds)(struct ancil_writer *, const int *, size_t) =
    ancil_writer_put_fds;
static int (*volatile const library_writer_status)(const struct ancil_writer *) =
    ancil_writer_status;
static size_t (*volatile const library_finish)(const struct ancil_writer *) = ancil_writer_finish;

static size_t cases, followed;

#define SEED "88172645463325252"

static size_t random_size(void)
{
    static uint64_t state;

    if (state == 0)
        state = strtoull(SEED, NULL, 10);
    state ^= state << 13;
    state ^= state >> 7;
    state ^= state << 17;
    return (size_t)(state >> (state & 63)); /* of every magnitude */
}

/* ---- Arithmetic and the stepping rule. ---- */

static size_t saturated(wide n)
{
    return n > SIZE_MAX ? SIZE_MAX : (size_t)n;
}

static wide aligned(size_t n)
{
    return ((wide)n + WORD - 1) / WORD * WORD;
}

static void sizes(size_t n)
{
    const size_t align = saturated(aligned(n)), len = saturated((wide)n + HEADER);
    const size_t space = saturated(aligned(n) + HEADER);

    CHECK(ancil_cmsg_align(n) == align && library_align(n) == align);
    CHECK(ancil_cmsg_len(n) == len && library_len(n) == len);
    CHECK(ancil_cmsg_space(n) == space && library_space(n) == space);
}

static void step(size_t offset, size_t len, size_t controllen)
{
    const wide next = (wide)offset + aligned(len);
    const size_t expected = len < HEADER || next + HEADER > controllen ? ANCIL_CMSG_END
                                                                       : (size_t)next;

    CHECK(ancil_cmsg_next(offset, len, controllen) == expected);
    CHECK(library_next(offset, len, controllen) == expected);
    cases++;
    followed += expected != ANCIL_CMSG_END;
}

static void numbers(size_t small, size_t random)
{
    static const size_t around[] = { 0, HEADER, 256, UINT32_MAX, SIZE_MAX / 2, SIZE_MAX };
    static size_t extreme[(sizeof around / sizeof *around) * 49];
    const size_t most = sizeof extreme / sizeof *extreme;
    size_t i, j, k;

    for (i = 0; i < most; i++) /* from 24 below to 24 above, also past 0 and SIZE_MAX */
        extreme[i] = around[i / 49] + i % 49 - 24;
    for (i = 0; i < most; i++)
        sizes(extreme[i]);
    for (i = 0; i < most; i += small < 256 ? 7 : 1)
        for (j = 0; j < most; j++)
            for (k = 0; k < most; k += small < 256 ? 7 : 1)
                step(extreme[i], extreme[j], extreme[k]);
    for (i = 0; i < small; i++)
        for (j = 0; j < small; j++)
            for (k = 0; k < small; k++)
                step(i, j, k);
    for (i = 0; i < random; i++) {
        const size_t offset = random_size(), len = random_size(), any = random_size();
        /* Half of the buffers end at most 31 bytes before or after the next header would. */
        const size_t near = offset + (size_t)aligned(len) + HEADER + any % 63 - 31;

        sizes(any);
        step(offset, len, i % 2 ? any : near);
    }
}

/* ---- Loads and stores, which the proof of the other functions assumes. ---- */

static void unaligned(void)
{
    unsigned char bytes[3 * WORD], before[sizeof bytes];
    size_t at, i, n;
    int number;

    for (at = 0; at <= 2 * WORD; at++) {
        for (i = 0; i < sizeof bytes; i++)
            bytes[i] = before[i] = (unsigned char)(i * 37 + 1);
        memcpy(&n, bytes + at, sizeof n);
        CHECK(ancil_load_size_(bytes + at) == n);
        memcpy(&number, bytes + at, sizeof number);
        CHECK(ancil_load_int_(bytes + at) == number);
        n = ~n;
        memcpy(before + at, &n, sizeof n);
        ancil_store_size_(bytes + at, n);
        CHECK(memcmp(bytes, before, sizeof bytes) == 0);
        number = ~number;
        memcpy(before + at, &number, sizeof number);
        ancil_store_int_(bytes + at, number);
        CHECK(memcmp(bytes, before, sizeof bytes) == 0);
    }
}

/* ---- The reader. ---- */

static size_t length(size_t i)
{
    static const size_t lengths[LENGTHS] = {
        0, HEADER - 1, HEADER, HEADER + 1, HEADER + WORD - 1, HEADER + WORD, HEADER + WORD + 1,
        SIZE_MAX - 6, SIZE_MAX,
    };
    return lengths[i];
}

static int same_message(const struct ancil_message *a, const struct ancil_message *b)
{
    return a->level == b->level && a->type == b->type && a->data == b->data && a->len == b->len;
}

/* At the end of a buffer without errors it does not matter where the next header would be. */
static int same_reader(const struct ancil_reader *a, const struct ancil_reader *b)
{
    const int at_end = a->left == 0 && a->status == 0;

    return a->left == b->left && a->status == b->status && (at_end || a->next == b->next)
        && memcmp(&a->spare_int, &b->spare_int, sizeof a->spare_int + sizeof a->spare) == 0;
}

/* Walks inline, in the library, and with the two in turns. Their readers agree after each step. */
static void walk(const unsigned char *control, size_t size)
{
    struct ancil_reader r[3];
    struct ancil_message m[3];
    int status, turn = 0, i;

    memset(m, 0x5a, sizeof m);
    ancil_reader_init(&r[0], control, size);
    library_reader_init(&r[1], control, size);
    r[2] = r[0];
    do {
        const unsigned char *const header = r[0].next;

        CHECK(same_reader(&r[0], &r[1]) && same_reader(&r[0], &r[2]));
        status = ancil_reader_next(&r[0], &m[0]);
        CHECK(status >= 0 || r[0].next == header);
        CHECK(library_reader_next(&r[1], &m[1]) == status);
        CHECK((turn++ % 2 ? ancil_reader_next(&r[2], &m[2])
                          : library_reader_next(&r[2], &m[2])) == status);
        CHECK(same_message(&m[0], &m[1]) && same_message(&m[0], &m[2]));
    } while (status > 0);
    CHECK(same_reader(&r[0], &r[1]) && same_reader(&r[0], &r[2]));
    CHECK(ancil_reader_status(&r[0]) == status && library_reader_status(&r[0]) == status);
    for (i = 1; i <= MOST; i++) {
        const int found = ancil_find(control, size, 1, i, &m[0]);

        CHECK(library_find(control, size, 1, i, &m[1]) == found);
        CHECK(found <= 0 || same_message(&m[0], &m[1]));
    }
    cases++;
}

/* Reads up to three messages of each length, the buffer cut at each place. */
static void readers(void)
{
    union { size_t align; unsigned char bytes[MOST * (HEADER + 2 * WORD)]; } control;
    size_t combination, cut;

    for (combination = 0; combination < LENGTHS * LENGTHS * LENGTHS; combination++) {
        size_t at = 0, rest = combination;
        int i;

        memset(&control, 0xee, sizeof control);
        for (i = 1; i <= MOST; i++, rest /= LENGTHS) {
            const size_t len = length(rest % LENGTHS);
            const int level_and_type[2] = { 1, i };

            memcpy(control.bytes + at, &len, sizeof len);
            memcpy(control.bytes + at + WORD, level_and_type, sizeof level_and_type);
            at += len < HEADER || len > HEADER + 2 * WORD ? HEADER : (size_t)aligned(len);
        }
        for (cut = 0; cut <= sizeof control; cut++)
            walk(control.bytes, cut);
    }
}

/* ---- The writer. ---- */

/* Writes three messages into a buffer of this size, as `walk` reads them. */
static void write(size_t combination, size_t size)
{
    union { size_t align; unsigned char bytes[MOST * (HEADER + 2 * WORD)]; } buffer[3];
    struct ancil_writer w[3];
    int i, k;

    memset(buffer, 0xee, sizeof buffer);
    ancil_writer_init(&w[0], buffer[0].bytes, size);
    library_writer_init(&w[1], buffer[1].bytes, size);
    ancil_writer_init(&w[2], buffer[2].bytes, size);
    for (i = 0; i < MOST; i++, combination /= LENGTHS) {
        static const int data[] = { 0x01020304, 0x05060708, 0x090a0b0c, 0x0d0e0f10, 0x11121314 };
        const size_t len = length(combination % LENGTHS) - HEADER;
        const int *const from = len == SIZE_MAX ? NULL : data;
        const int fds = len == WORD, status = fds ? ancil_writer_put_fds(&w[0], from, len / 4)
                                                  : ancil_writer_put(&w[0], i, -i, from, len);

        CHECK((fds ? library_put_fds(&w[1], from, len / 4)
                   : library_put(&w[1], i, -i, from, len)) == status);
        CHECK((fds ? i % 2 ? ancil_writer_put_fds(&w[2], from, len / 4)
                           : library_put_fds(&w[2], from, len / 4)
                   : i % 2 ? ancil_writer_put(&w[2], i, -i, from, len)
                           : library_put(&w[2], i, -i, from, len)) == status);
        CHECK(ancil_writer_status(&w[0]) == status && library_writer_status(&w[1]) == status);
        for (k = 1; k < 3; k++) {
            CHECK(library_finish(&w[k]) == ancil_writer_finish(&w[0]));
            CHECK(memcmp(&w[0].size, &w[k].size, sizeof *w - WORD) == 0); /* all but `buf` */
            CHECK(memcmp(&buffer[0], &buffer[k], sizeof *buffer) == 0);
        }
    }
    walk(buffer[0].bytes, ancil_writer_finish(&w[0]));
}

static void writers(void)
{
    size_t combination, size;

    for (combination = 0; combination < LENGTHS * LENGTHS * LENGTHS; combination++)
        for (size = 0; size <= MOST * (HEADER + 2 * WORD); size++)
            write(combination, size);
}

/* A struct that was overwritten, and says that more was written than the buffer holds. */
static void more_than_its_buffer(void)
{
    static const size_t lens[] = { 5 * WORD, 8 * WORD, SIZE_MAX / 2 + 1, SIZE_MAX - 3 * WORD + 1 };
    unsigned char bytes[8 * WORD], before[sizeof bytes];
    struct ancil_writer w;
    size_t i;

    memset(bytes, 0xee, sizeof bytes);
    memcpy(before, bytes, sizeof bytes);
    for (i = 0; i < 2 * (sizeof lens / sizeof *lens); i++) {
        ancil_writer_init(&w, bytes, 4 * WORD);
        w.len = lens[i / 2];
        CHECK((i % 2 ? ancil_writer_put(&w, 1, 1, "", 1)
                     : library_put(&w, 1, 1, "", 1)) == -ENOBUFS);
        CHECK(memcmp(bytes, before, sizeof bytes) == 0);
    }
}

int main(int argc, char **argv)
{
    (void)argv;
    unaligned();
    readers();
    writers();
    more_than_its_buffer();
    numbers(argc > 1 ? 64 : 256, argc > 1 ? 100000 : 10000000);
    if (argc > 1)
        puts("ok");
    else
        printf("equal in %lu cases, %lu with a next header; the seed of 10 million is " SEED "\n",
               (unsigned long)cases, (unsigned long)followed);
    return 0;
}
