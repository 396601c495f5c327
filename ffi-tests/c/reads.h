/*
 * Checks a function that reads one message, with payloads of every length at the end of a page.
 */
#ifndef READS_H
#define READS_H

#include <ancil.h>
#include "check.h"

#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

enum { MAX_LEN = 80 };

static unsigned char *fence; /* the end of a page; an access from here on faults */

static void make_fence(void)
{
    const size_t page = (size_t)sysconf(_SC_PAGESIZE);
    unsigned char *const map =
        mmap(NULL, 2 * page, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

    CHECK(map != MAP_FAILED && mprotect(map + page, page, PROT_NONE) == 0);
    fence = map + page;
}

/*
 * Returns a message whose payload ends just before the fence, so that a read past its end faults.
 */
static struct ancil_message message(int level, int type, const void *data, size_t len)
{
    struct ancil_message m = { level, type, fence - len, len };

    if (len)
        memcpy(fence - len, data, len);
    return m;
}

/*
 * Checks a getter with messages of this level and type. It refuses lengths up to MAX_LEN for which
 * `right` is false. It returns 0 for another level or type. In both cases `out` is unchanged. At
 * the end, `out` holds what the getter returns for `value`, which lies at eight addresses in a row.
 */
#define READS(call, level_, type_, value, right) \
    do { \
        static unsigned char zero[MAX_LEN]; \
        struct ancil_message m; \
        size_t n; \
        memset(&out, 0xa5, sizeof out); \
        memcpy(&before, &out, sizeof out); \
        for (n = 0; n <= MAX_LEN; n++) { \
            m = message(level_, type_, zero, n == MAX_LEN ? 0 : n); \
            if (!(right)) \
                CHECK((call) == -EBADMSG && memcmp(&before, &out, sizeof out) == 0); \
            m.level ^= 0x100; \
            CHECK((call) == 0); \
            m.level ^= 0x100, m.type ^= 0x200; \
            CHECK((call) == 0 && memcmp(&before, &out, sizeof out) == 0); \
        } \
        for (n = 8; n-- > 0;) { \
            m = message(level_, type_, &(value), sizeof (value)); \
            m.data = memmove(fence - sizeof (value) - n, m.data, sizeof (value)); \
            CHECK((call) == 1); \
        } \
    } while (0)

#endif
