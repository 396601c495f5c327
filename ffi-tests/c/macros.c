/*
 * Compares the drop-in's macros, ANCIL_CMSG_* and ancil_cmsg_* with the system's macros and with a
 * model that counts in words and compares before each sum, so that nothing wraps. The sizes are
 * here, the walk is in walk.h.
 */
#define _GNU_SOURCE
#include <ancil.h>
#include <ancil/cmsg.h>
#ifdef MUTANT
#include "mutants.h"
#endif
#include "system.h"

#include <limits.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define WORD_SIZE sizeof (size_t)

/* Ends the program at the first mismatch. */
#define EQUAL(what, n, got, expected) \
    do { \
        const size_t got_ = (got), expected_ = (expected); \
        if (got_ != expected_) { \
            printf("MISMATCH %s(%zu): %zu, expected %zu\n", what, (size_t)(n), got_, expected_); \
            exit(1); \
        } \
    } while (0)

#include "walk.h"

/*
 * The macros in integer constant expressions: array bounds, enumerators, static initialisers, case
 * labels, bit fields.
 */
struct bounds {
    char theirs[CMSG_ALIGN(5) + CMSG_LEN(5) + CMSG_SPACE(5)];
    char ours[ANCIL_CMSG_ALIGN(5) + ANCIL_CMSG_LEN(5) + ANCIL_CMSG_SPACE(5)];
};
enum { ALIGN_5 = CMSG_ALIGN(5), LEN_5 = CMSG_LEN(5), SPACE_5 = CMSG_SPACE(5) };
enum {
    ANCIL_ALIGN_5 = ANCIL_CMSG_ALIGN(5),
    ANCIL_LEN_5 = ANCIL_CMSG_LEN(5),
    ANCIL_SPACE_5 = ANCIL_CMSG_SPACE(5)
};
static const size_t init[] = { CMSG_ALIGN(5), CMSG_LEN(5), CMSG_SPACE(5) };
static const size_t ancil_init[] = { ANCIL_CMSG_ALIGN(5), ANCIL_CMSG_LEN(5), ANCIL_CMSG_SPACE(5) };
struct bits { unsigned a : CMSG_ALIGN(1), b : ANCIL_CMSG_ALIGN(1); };

static void constants(void)
{
    ANCIL_CONTROL_BUFFER(one, ANCIL_CMSG_SPACE(sizeof (int)));
    static ANCIL_CONTROL_BUFFER(two, CMSG_SPACE(sizeof (int)) * 2);
    size_t n = 5;

    switch (n + 1000) {
    case CMSG_SPACE(sizeof (struct cmsghdr)): break;
    case ANCIL_CMSG_LEN(100): break;
    }
    EQUAL("array bound", 5, sizeof ((struct bounds *)0)->theirs, sizeof ((struct bounds *)0)->ours);
    EQUAL("enum CMSG_ALIGN", 5, ALIGN_5, ANCIL_ALIGN_5);
    EQUAL("enum CMSG_LEN", 5, LEN_5, ANCIL_LEN_5);
    EQUAL("enum CMSG_SPACE", 5, SPACE_5, ANCIL_SPACE_5);
    EQUAL("initialisers", 5, (size_t)memcmp(init, ancil_init, sizeof init), 0);
    EQUAL("struct bits", 0, sizeof (struct bits), sizeof (unsigned));
    EQUAL("ANCIL_CONTROL_BUFFER", 4, sizeof one.data, CMSG_SPACE(4));
    EQUAL("ANCIL_CONTROL_BUFFER", 8, sizeof two.data, 2 * CMSG_SPACE(4));
    EQUAL("ANCIL_CONTROL_BUFFER's alignment", 4, (size_t)one.data % WORD_SIZE, 0);
    EQUAL("ANCIL_CONTROL_BUFFER's alignment", 8, (size_t)two.data % WORD_SIZE, 0);
    EQUAL("type of CMSG_LEN", 0, sizeof CMSG_LEN((char)1), sizeof (size_t));
    EQUAL("ANCIL_CMSG_END", 0, ANCIL_CMSG_END, SIZE_MAX);

    /* An argument may be any expression, and is evaluated once. */
    EQUAL("CMSG_ALIGN's argument", 0, CMSG_ALIGN(n & 1 ? 9 : 3u), system_align(9));
    EQUAL("CMSG_LEN's argument", 0, CMSG_LEN(n & 1 ? 9 : 3u), system_len(9));
    EQUAL("CMSG_SPACE's argument", 0, CMSG_SPACE(n & 1 ? 9 : 3u), system_space(9));
#ifndef MUTANT
    EQUAL("CMSG_SPACE, argument", 5, CMSG_SPACE(n++), system_space(5));
    EQUAL("CMSG_SPACE, evaluations", 5, n, 6);
#endif
}

static size_t sum(size_t a, size_t b) { return a > SIZE_MAX - b ? SIZE_MAX : a + b; }

static void sizes_of(size_t n)
{
    const size_t header = sizeof (struct cmsghdr); /* a multiple of the word on Linux */
    const size_t padding = n % WORD_SIZE == 0 ? 0 : WORD_SIZE - n % WORD_SIZE;

    EQUAL("CMSG_ALIGN", n, CMSG_ALIGN(n), system_align(n));
    EQUAL("CMSG_LEN", n, CMSG_LEN(n), system_len(n));
    EQUAL("CMSG_SPACE", n, CMSG_SPACE(n), system_space(n));
    EQUAL("ANCIL_CMSG_ALIGN", n, ANCIL_CMSG_ALIGN(n), system_align(n));
    EQUAL("ANCIL_CMSG_LEN", n, ANCIL_CMSG_LEN(n), system_len(n));
    EQUAL("ANCIL_CMSG_SPACE", n, ANCIL_CMSG_SPACE(n), system_space(n));
    EQUAL("ancil_cmsg_align", n, ancil_cmsg_align(n), sum(n, padding));
    EQUAL("ancil_cmsg_len", n, ancil_cmsg_len(n), sum(n, header));
    EQUAL("ancil_cmsg_space", n, ancil_cmsg_space(n), sum(n, padding + header));
    /* The functions differ from the system's macros exactly where those wrap. */
    EQUAL("system's CMSG_ALIGN, wrap", n, system_align(n) == sum(n, padding),
          padding <= SIZE_MAX - n);
    EQUAL("system's CMSG_LEN, wrap", n, system_len(n) == sum(n, header), header <= SIZE_MAX - n);
    EQUAL("system's CMSG_SPACE, wrap", n, system_space(n) == sum(n, padding + header),
          padding + header <= SIZE_MAX - n);
}

int main(void)
{
    size_t n;
    unsigned bit;

    for (n = 0; n <= 4096; n++)
        sizes_of(n);
    for (n = SIZE_MAX - 4096; n != 0; n++)
        sizes_of(n);
    for (bit = 12; bit < sizeof n * CHAR_BIT; bit++)
        for (n = ((size_t)1 << bit) - 32; n <= ((size_t)1 << bit) + 32; n++)
            sizes_of(n);
    walk();
    constants();
    return 0;
}
