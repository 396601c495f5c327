/*
 * Translates control messages between 32-bit and 64-bit programs by hand, in one pass. Of the
 * payloads that are made of words, it knows SO_TIMESTAMPNS_OLD. It checks every length, and zeroes
 * padding. Each function returns the length, or -1.
 */
#include <stddef.h>
#include <stdint.h>
#include <string.h>

enum { SOCKET = 1, TIMESTAMPNS = 35 };

struct header32 {
    uint32_t len;
    int32_t level, type;
};

struct header64 {
    uint64_t len;
    int32_t level, type;
};

static size_t up(size_t n, size_t to)
{
    return (n + to - 1) & ~(to - 1);
}

size_t c_widen(unsigned char *dst, size_t size, const unsigned char *src, size_t len)
{
    size_t out = 0;

    while (len >= sizeof (struct header32)) {
        struct header32 h;
        struct header64 to;

        memcpy(&h, src, sizeof h);
        if (h.len < sizeof h || h.len > len)
            return (size_t)-1;
        const size_t n = h.len - sizeof h;
        const int words = h.level == SOCKET && h.type == TIMESTAMPNS && n == 8;
        const size_t payload = words ? 16 : n, space = sizeof to + up(payload, 8);

        if (space > size - out)
            return (size_t)-1;
        to.len = sizeof to + payload;
        to.level = h.level;
        to.type = h.type;
        memcpy(dst + out, &to, sizeof to);
        if (words) {
            int32_t from[2];

            memcpy(from, src + sizeof h, sizeof from);
            const int64_t wide[2] = { from[0], from[1] };
            memcpy(dst + out + sizeof to, wide, sizeof wide);
        } else {
            memcpy(dst + out + sizeof to, src + sizeof h, n);
            memset(dst + out + sizeof to + n, 0, space - sizeof to - n);
        }
        out += space;
        const size_t step = up(h.len, 4);
        if (step >= len)
            break;
        src += step;
        len -= step;
    }
    return out;
}

size_t c_narrow(unsigned char *dst, size_t size, const unsigned char *src, size_t len)
{
    size_t out = 0;

    while (len >= sizeof (struct header64)) {
        struct header64 h;
        struct header32 to;

        memcpy(&h, src, sizeof h);
        if (h.len < sizeof h || h.len > len)
            return (size_t)-1;
        const size_t n = (size_t)h.len - sizeof h;
        const int words = h.level == SOCKET && h.type == TIMESTAMPNS && n == 16;
        const size_t payload = words ? 8 : n, space = sizeof to + up(payload, 4);

        if (space > size - out)
            return (size_t)-1;
        to.len = (uint32_t)(sizeof to + payload);
        to.level = h.level;
        to.type = h.type;
        memcpy(dst + out, &to, sizeof to);
        if (words) {
            int64_t from[2];

            memcpy(from, src + sizeof h, sizeof from);
            const int32_t slim[2] = { (int32_t)from[0], (int32_t)from[1] };
            if (slim[0] != from[0] || slim[1] != from[1])
                return (size_t)-1;
            memcpy(dst + out + sizeof to, slim, sizeof slim);
        } else {
            memcpy(dst + out + sizeof to, src + sizeof h, n);
            memset(dst + out + sizeof to + n, 0, space - sizeof to - n);
        }
        out += space;
        const size_t step = up((size_t)h.len, 8);
        if (step >= len)
            break;
        src += step;
        len -= step;
    }
    return out;
}
