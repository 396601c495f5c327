/*
 * Checks that ancil_format keeps snprintf's contract: for every size it writes at most that many
 * bytes, ends them with NUL, and returns the same length. Tries known, empty and hostile buffers.
 * Then checks the names. Run by tests/format.rs.
 */
#include <ancil.h>
#include "check.h"

#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>

enum { SPARE = 2, CANARY = 0x5a, MAX_TEXT = 1 << 14 };

static char whole[MAX_TEXT]; /* the text, with its NUL */
static char guarded[MAX_TEXT + 2 * SPARE];

static unsigned random_bits(void)
{
    static uint64_t state = 0x9e3779b97f4a7c15u;

    state = state * 6364136223846793005u + 1442695040888963407u;
    return (unsigned)(state >> 33);
}

/* Formats into `size` bytes between canaries and checks each byte. */
static void format_into(size_t size, const void *control, size_t controllen, size_t len)
{
    const size_t written = size == 0 ? 0 : (size - 1 < len ? size - 1 : len);
    char *const out = guarded + SPARE;
    size_t i;

    memset(guarded, CANARY, size + 2 * SPARE);
    CHECK(ancil_format(out, size, control, controllen) == len);
    CHECK(memcmp(out, whole, written) == 0);
    if (size > 0)
        CHECK(out[written] == '\0');
    for (i = 0; i < SPARE; i++) {
        CHECK(guarded[i] == CANARY);
        CHECK(out[size + i] == CANARY);
    }
    for (i = written + 1; i < size; i++)
        CHECK(out[i] == CANARY);
}

/* Formats into every size, up to two bytes more than the text takes. Returns the whole text. */
static const char *every_size(const void *control, size_t controllen)
{
    const size_t len = ancil_format(NULL, 0, control, controllen);
    size_t size;

    CHECK(len >= 2 && len + 1 + SPARE < MAX_TEXT);
    CHECK(ancil_format(NULL, 99, control, controllen) == len);
    CHECK(ancil_format(whole, 0, control, controllen) == len);
    CHECK(ancil_format(whole, MAX_TEXT, control, controllen) == len);
    CHECK(strlen(whole) == len);
    CHECK(whole[0] == '[' && whole[len - 1] == ']');
    for (size = 0; size <= len + 2; size++)
        format_into(size, control, controllen, len);
    return whole;
}

static void known(void)
{
    static union { size_t align; unsigned char bytes[2 * CMSG_SPACE(8)]; } control;
    struct ancil_writer w;
    const int fds[] = { 4, 5 };
    char expected[300];

    ancil_writer_init(&w, control.bytes, sizeof control.bytes);
    CHECK(ancil_writer_put_fds(&w, fds, 2) == 0);
    CHECK(ancil_writer_put(&w, SOL_SOCKET, 999, "\0" "7\"", 3) == 0);
    (void)snprintf(expected, sizeof expected,
                   "[{cmsg_len=%u, cmsg_level=SOL_SOCKET, cmsg_type=SCM_RIGHTS, "
                   "cmsg_data=[4, 5]}, "
                   "{cmsg_len=%u, cmsg_level=SOL_SOCKET, cmsg_type=0x3e7 /* SCM_??? */, "
                   "cmsg_data=\"\\0007\\\"\"}]",
                   (unsigned)CMSG_LEN(8), (unsigned)CMSG_LEN(3));
    CHECK(strcmp(every_size(control.bytes, CMSG_SPACE(8) + CMSG_SPACE(3)), expected) == 0);
    CHECK(strcmp(every_size(NULL, 0), "[]") == 0);
    CHECK(strcmp(every_size(NULL, 1000), "[]") == 0);
    CHECK(strcmp(every_size(control.bytes, 0), "[]") == 0);
}

/* Formats random bytes at any alignment, with a header of plausible fields in front. */
static void hostile(void)
{
    static unsigned char bytes[120];
    static const size_t lengths[] = {
        0, 1, CMSG_LEN(0), CMSG_LEN(3), CMSG_LEN(16), 100, SIZE_MAX, SIZE_MAX - 7,
    };
    static const int levels[] = { 0, 1, SOL_SOCKET, 6, 17, 41, 132, 276, 270, -1 };
    int round;

    for (round = 0; round < 400; round++) {
        const size_t start = random_bits() % 8, size = random_bits() % (sizeof bytes - 8);
        struct cmsghdr h;
        size_t i;

        for (i = 0; i < sizeof bytes; i++)
            bytes[i] = (unsigned char)random_bits();
        memset(&h, 0, sizeof h);
        h.cmsg_len = lengths[random_bits() % (sizeof lengths / sizeof *lengths)];
        h.cmsg_level = levels[random_bits() % (sizeof levels / sizeof *levels)];
        h.cmsg_type = (int)(random_bits() % 70);
        if (size >= sizeof h)
            memcpy(bytes + start, &h, sizeof h);
        (void)every_size(bytes + start, size);
    }
}

static void names(void)
{
    CHECK(strcmp(ancil_level_name(SOL_SOCKET), "SOL_SOCKET") == 0);
    CHECK(strcmp(ancil_level_name(0), "SOL_IP") == 0);
    CHECK(strcmp(ancil_level_name(41), "SOL_IPV6") == 0);
    CHECK(ancil_level_name(-1) == NULL);
    CHECK(ancil_level_name(999) == NULL);
    CHECK(strcmp(ancil_message_name(SOL_SOCKET, SCM_RIGHTS), "SCM_RIGHTS") == 0);
    CHECK(strcmp(ancil_message_name(0, 8), "IP_PKTINFO") == 0);
    CHECK(strcmp(ancil_message_name(41, 50), "IPV6_PKTINFO") == 0);
    CHECK(ancil_message_name(SOL_SOCKET, 999) == NULL);
    CHECK(ancil_message_name(SOL_SOCKET, -1) == NULL);
    CHECK(ancil_message_name(999, SCM_RIGHTS) == NULL);
    CHECK(ancil_message_name(-1, -1) == NULL);
}

int main(void)
{
    known();
    hostile();
    names();
    puts("ok");
    return 0;
}
