/*
 * One source for every dialect of C and C++ and for each way to get ancil's macros, built by
 * tests/dialects.rs. With BY_PATH it is a legacy program that knows nothing of ancil. It works with
 * ancil's macros only: their CMSG_NXTHDR(m, NULL) is the first header, while the system's crashes.
 */
#ifndef _GNU_SOURCE
#define _GNU_SOURCE
#endif
#ifdef SYSTEM_FIRST
#include <linux/socket.h>
#include <netinet/in.h>
#include <sys/socket.h>
#endif
#ifndef BY_PATH
#include <ancil/cmsg.h>
#include <ancil/cmsg.h>
#include <ancil.h>
#endif
#include <sys/socket.h>
#include <sys/socket.h>
#include <linux/socket.h>
#include <netinet/in.h>

#include <stdio.h>
#include <string.h>

#define MAX_SIZE (~sizeof (char) + 1) /* SIZE_MAX, which C89 lacks */

/*
 * The macros in integer constant expressions: array bounds, bit fields, enumerators, static
 * initialisers; below, case labels.
 */
struct bounds {
    char all[CMSG_ALIGN(5) + CMSG_LEN(5) + CMSG_SPACE(5)];
    unsigned bits : CMSG_ALIGN(1);
};
enum { ALIGN_5 = CMSG_ALIGN(5), LEN_5 = CMSG_LEN(5), SPACE_5 = CMSG_SPACE(5) };
static const size_t init[] = { CMSG_ALIGN(5), CMSG_LEN(5), CMSG_SPACE(5), 0 };

/*
 * The lines of a program that call the macros give no warning: with int, char and const arguments,
 * which are evaluated once.
 */
static int call_sites(void)
{
    int n = 4;
    unsigned char byte = 5;

    switch (init[2]) {
    case CMSG_SPACE(5): break;
    case CMSG_SPACE(sizeof (struct cmsghdr)): return 10;
    default: return 11;
    }
    if (sizeof (struct bounds) < ALIGN_5 + LEN_5 + SPACE_5
        || CMSG_LEN(n++) != CMSG_LEN(0) + 4 || n != 5)
        return 12;
    if (CMSG_SPACE(n) != init[2] || CMSG_SPACE(byte) != SPACE_5
        || CMSG_LEN(byte++) != init[1] || byte != 6)
        return 13;
    return CMSG_ALIGN(n & 1 ? n : 99) == init[0] ? 0 : 14;
}

/*
 * An inline function with external linkage may use the macros: clang warns there of static ones.
 */
#if defined __cplusplus
inline struct cmsghdr *next_of(const struct msghdr *m, const struct cmsghdr *c)
{
#if __cplusplus >= 201103L
    static_assert(noexcept(CMSG_NXTHDR(m, c)) && noexcept(CMSG_FIRSTHDR(m)), "they throw");
    static_assert(noexcept(CMSG_DATA(c)), "it throws");
#endif
    return CMSG_NXTHDR(m, c);
}
#elif defined __STDC_VERSION__ && __STDC_VERSION__ >= 199901L && !defined __TINYC__
extern inline struct cmsghdr *next_of(const struct msghdr *m, const struct cmsghdr *c)
{
    return CMSG_NXTHDR(m, c);
}
#else
#define next_of(m, c) CMSG_NXTHDR(m, c)
#endif

static int walks(void)
{
    static const size_t lengths[] = {
        0, 1, 15, MAX_SIZE, MAX_SIZE - 7, MAX_SIZE - 15, MAX_SIZE - 20, MAX_SIZE / 2,
    };
    static union { size_t align; char bytes[CMSG_SPACE(4) + CMSG_SPACE(4)]; } control;
    struct msghdr m, *once = &m;
    struct cmsghdr *c, *const none = NULL;
    const struct cmsghdr *constant;
    unsigned i;

    memset(&m, 0, sizeof m);
    memcpy(control.bytes + CMSG_LEN(0), "payload", 7);
    m.msg_control = control.bytes;
    m.msg_controllen = sizeof control.bytes;
    for (i = 0; i < sizeof lengths / sizeof *lengths; i++) {
        int steps = 0;
        /* In musl, this copies half of the number. */
        memcpy(&CMSG_FIRSTHDR(&m)->cmsg_len, &lengths[i], sizeof CMSG_FIRSTHDR(&m)->cmsg_len);
        for (c = CMSG_FIRSTHDR(&m); c && steps < 9; c = CMSG_NXTHDR(&m, c))
            steps++;
        if (steps != 1) {
            printf("length %u: %d steps\n", i, steps);
            return 1;
        }
    }
    CMSG_FIRSTHDR(&m)->cmsg_len = CMSG_LEN(4);
    c = next_of(&m, CMSG_FIRSTHDR(&m));
    c->cmsg_len = CMSG_LEN(0);
    m.msg_controllen = CMSG_SPACE(4) + 1; /* the second header lies past the end, in part */
    if (next_of(&m, CMSG_FIRSTHDR(&m)))
        return 4;
    for (i = 0; i <= CMSG_SPACE(4); i++) {
        m.msg_controllen = i; /* this one lies past the end as a whole */
        if (CMSG_NXTHDR(&m, c))
            return 5;
    }
    m.msg_controllen = sizeof control.bytes;
    constant = CMSG_NXTHDR(&m, none);
    if (constant != CMSG_FIRSTHDR(&m) || memcmp(CMSG_DATA(constant), "payload", 7) != 0)
        return 2;
    c = CMSG_FIRSTHDR(once++);
    once--;
    c->cmsg_len = CMSG_LEN(4);
    constant = c;
    c = CMSG_NXTHDR(once++, c++);
    return once == &m + 1 && CMSG_DATA(c) == CMSG_DATA(constant) + CMSG_SPACE(4) ? 0 : 3;
}

#ifdef BY_PATH
static int library(void) { return 0; }
#else
/*
 * Calls the C library, also from C++: sizes and alignment agree, and a message is written and read.
 */
static int library(void)
{
    ANCIL_CONTROL_BUFFER(control, ANCIL_CMSG_SPACE(2 * sizeof (int)));
    static ANCIL_CONTROL_BUFFER(two, ANCIL_CMSG_SPACE(1) * 2);
    struct ancil_writer w;
    struct ancil_reader r;
    struct ancil_message m;
    const int fds[2] = { 3, 4 };
    char text[20];

    (void)sprintf(text, "%d.%d.%d", ANCIL_VERSION_MAJOR, ANCIL_VERSION_MINOR, ANCIL_VERSION_PATCH);
    if (strcmp(text, ANCIL_VERSION) != 0 || strcmp(ancil_version(), ANCIL_VERSION) != 0)
        return 20;
    ancil_writer_init(&w, control.data, sizeof control.data);
    if (ancil_writer_put_fds(&w, fds, 2) != 0 || ancil_writer_finish(&w) != sizeof control.data)
        return 21;
    ancil_reader_init(&r, control.data, ancil_writer_finish(&w));
    if (ancil_reader_next(&r, &m) != 1 || m.level != ANCIL_SOL_SOCKET || m.type != ANCIL_SCM_RIGHTS
        || m.len != sizeof fds || memcmp(m.data, fds, sizeof fds) != 0
        || ancil_reader_next(&r, &m) != 0)
        return 22;
#if defined __cplusplus && __cplusplus >= 201103L
    static_assert(noexcept(ancil_iov_size(NULL, 0)) && noexcept(ancil_version()), "they throw");
#endif
    if (ancil_cmsg_next(0, MAX_SIZE, MAX_SIZE) != ANCIL_CMSG_END
        || ancil_iov_find(NULL, 0, 0, 0, 1) != ANCIL_IOV_NONE)
        return 23;
    if (sizeof (ancil_u8) != 1 || sizeof (ancil_u16) != 2 || sizeof (ancil_u32) != 4
        || sizeof (ancil_u64) != 8)
        return 24;
#ifdef UINT64_MAX /* With <stdint.h>: the types are the same, not only equally wide. */
    {
        uint8_t u8 = 0, *const p8 = &u8;
        uint16_t u16 = 0, *const p16 = &u16;
        uint32_t u32 = 0, *const p32 = &u32;
        uint64_t u64 = 0, *const p64 = &u64;
        ancil_u8 *const q8 = p8;
        ancil_u16 *const q16 = p16;
        ancil_u32 *const q32 = p32;
        ancil_u64 *const q64 = p64;
        if (*q8 + *q16 + *q32 + *q64 != 0)
            return 25;
    }
#endif
    return sizeof two.data == 2 * CMSG_SPACE(1) ? 0 : 26;
}
#endif

int main(void)
{
    int failed = walks();

    failed = failed ? failed : call_sites();
    failed = failed ? failed : library();
    if (!failed)
        puts("ancil's");
    return failed;
}
