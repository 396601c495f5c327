/*
 * Compares the I/O vector functions with a model, which holds the vectors' bytes in one flat array,
 * for random cuts, offsets and lengths. Then tries elements that no memory can have. Every piece of
 * memory lies at a fence, so that an access one byte too far faults. Run by tests/iov.rs and
 * tests/sanitizers.rs.
 */
#define _GNU_SOURCE
#include <ancil.h>
#include "check.h"

#include <errno.h>
#include <limits.h>
#include <stdbool.h>
#include <stdint.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <unistd.h>

enum { CASES = 20000, PIECES = 7, LONGEST = 70, FLAT = PIECES * LONGEST, SETS = 2 };
/* The pages of the pieces, two for arrays of elements, one for a buffer, one for a slice. */
enum { ARRAYS = SETS * PIECES, BUFFER = ARRAYS + SETS, SLICE, PLACES };

static unsigned char *places[PLACES]; /* first bytes of pages, each between two fences */
static size_t page;

static void make_fences(void)
{
    unsigned char *map;

    page = (size_t)sysconf(_SC_PAGESIZE);
    map = mmap(NULL, (2 * PLACES + 1) * page, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    CHECK(map != MAP_FAILED);
    for (size_t i = 0; i < PLACES; i++) {
        places[i] = map + (2 * i + 1) * page;
        CHECK(mprotect(places[i], page, PROT_READ | PROT_WRITE) == 0);
    }
}

static uint64_t state;

static size_t below(size_t n)
{
    uint64_t z = (state += 0x9e3779b97f4a7c15u);

    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9u;
    z = (z ^ (z >> 27)) * 0x94d049bb133111ebu;
    return (size_t)(z ^ (z >> 31)) % n;
}

/* Returns a number up to n, often a boundary, sometimes far beyond. */
static size_t about(size_t n)
{
    switch (below(12)) {
    case 0: return 0;
    case 1: return 1;
    case 2: return n;
    case 3: return n + 1;
    case 4: return n > 0 ? n - 1 : 0;
    case 5: return SIZE_MAX - below(2);
    default: return below(n + 1);
    }
}

static size_t min(size_t a, size_t b) { return a < b ? a : b; }

/* Returns n bytes that begin just after a fence or end just before one. */
static void *fenced(size_t place, size_t n)
{
    return below(2) ? places[place] : places[place] + (page - n);
}

/* Returns n bytes that end just before a fence. */
static void *before_fence(size_t place, size_t n)
{
    return places[place] + (page - n);
}

struct set {
    struct iovec *iov; /* ends just before a fence */
    size_t n, size;
    unsigned char flat[FLAT];
};

/* Makes random vectors and their flat array, of few values, so that comparing gets far. */
static void make(struct set *s, size_t which)
{
    static const size_t longest[] = { 0, 1, 20, LONGEST };
    const size_t values = 1 + below(3);

    s->n = below(PIECES + 1);
    s->iov = before_fence(ARRAYS + which, s->n * sizeof *s->iov);
    s->size = 0;
    for (size_t i = 0; i < s->n; i++) {
        const size_t len = below(longest[below(4)] + 1);
        unsigned char *const at = fenced(which * PIECES + i, len);

        for (size_t j = 0; j < len; j++)
            s->flat[s->size++] = at[j] = (unsigned char)below(values);
        s->iov[i].iov_base = len == 0 && below(2) ? NULL : at;
        s->iov[i].iov_len = len;
    }
}

/* Returns whether the vectors hold these bytes. Does not use ancil. */
static bool holds(const struct iovec *iov, size_t n, const unsigned char *flat, size_t size)
{
    for (size_t i = 0; i < n; i++) {
        const size_t len = iov[i].iov_len;

        if (len > size || (len > 0 && memcmp(iov[i].iov_base, flat, len) != 0))
            return false;
        flat += len;
        size -= len;
    }
    return size == 0;
}

/* Returns how many of the `bytes` bytes from `offset` on exist. */
static size_t existing(size_t size, size_t offset, size_t bytes)
{
    return offset < size ? min(size - offset, bytes) : 0;
}

static void transfers(struct set *a, struct set *b)
{
    const size_t offset = about(a->size), bytes = below(a->size + 9);
    const size_t n = existing(a->size, offset, bytes);
    unsigned char *const buf = fenced(BUFFER, bytes);
    size_t from, limit, count;

    CHECK(ancil_iov_size(a->iov, a->n) == a->size);
    memset(buf, 0xaa, bytes);
    CHECK(ancil_iov_to_buf(a->iov, a->n, offset, buf, bytes) == n);
    CHECK(n == 0 || memcmp(buf, a->flat + offset, n) == 0);
    for (size_t i = n; i < bytes; i++)
        CHECK(buf[i] == 0xaa);

    for (size_t i = 0; i < bytes; i++)
        buf[i] = (unsigned char)below(256);
    CHECK(ancil_iov_from_buf(a->iov, a->n, offset, buf, bytes) == n);
    if (n > 0)
        memcpy(a->flat + offset, buf, n);
    CHECK(holds(a->iov, a->n, a->flat, a->size));

    from = about(b->size), limit = about(b->size);
    count = existing(a->size, offset, existing(b->size, from, limit));
    CHECK(ancil_iov_copy(a->iov, a->n, offset, b->iov, b->n, from, limit) == count);
    if (count > 0)
        memcpy(a->flat + offset, b->flat + from, count);
    CHECK(holds(a->iov, a->n, a->flat, a->size));
    CHECK(holds(b->iov, b->n, b->flat, b->size));

    limit = about(a->size), count = existing(a->size, offset, limit);
    CHECK(ancil_iov_fill(a->iov, a->n, offset, 0x377, limit) == count);
    if (count > 0)
        memset(a->flat + offset, 0x77, count);
    CHECK(holds(a->iov, a->n, a->flat, a->size));
}

static void searches(struct set *a, struct set *b)
{
    const size_t a_at = about(a->size), b_at = about(b->size), bytes = about(a->size);
    const size_t a_n = existing(a->size, a_at, bytes), b_n = existing(b->size, b_at, bytes);
    const int byte = (int)below(4);
    size_t same = 0, equal = 99, found = ANCIL_IOV_NONE, len = 99;
    bool zero = true;
    int order;
    const void *chunk;

    while (same < a_n && same < b_n && a->flat[a_at + same] == b->flat[b_at + same])
        same++;
    if (same < a_n && same < b_n)
        order = a->flat[a_at + same] < b->flat[b_at + same] ? -1 : 1;
    else
        order = a_n < b_n ? -1 : a_n > b_n;
    CHECK(ancil_iov_compare(a->iov, a->n, a_at, b->iov, b->n, b_at, bytes, &equal) == order);
    CHECK(equal == same);
    CHECK(ancil_iov_compare(b->iov, b->n, b_at, a->iov, a->n, a_at, bytes, NULL) == -order);
    CHECK(ancil_iov_compare(a->iov, a->n, a_at, a->iov, a->n, a_at, bytes, &equal) == 0);
    CHECK(equal == a_n);

    for (size_t i = 0; i < a_n; i++) {
        if (a->flat[a_at + i] != 0)
            zero = false;
        if (a->flat[a_at + i] == byte && found == ANCIL_IOV_NONE)
            found = a_at + i;
    }
    CHECK(ancil_iov_is_zero(a->iov, a->n, a_at, bytes) == (zero ? 1 : 0));
    CHECK(ancil_iov_find(a->iov, a->n, a_at, byte + 256, bytes) == found);

    chunk = ancil_iov_next_chunk(a->iov, a->n, a_at, &len);
    CHECK((chunk == NULL) == (a_at >= a->size) && (len == 0) == (chunk == NULL));
    CHECK(chunk == NULL || (len <= a->size - a_at && memcmp(chunk, a->flat + a_at, len) == 0));
}

static void arrays(struct set *s)
{
    const size_t offset = about(s->size), bytes = about(s->size);
    const size_t n = existing(s->size, offset, bytes);
    const size_t cut = min(bytes, s->size), count = ancil_iov_count(s->iov, s->n, offset, bytes);
    const size_t capacity = below(2) ? count : below(PIECES + 2);
    struct iovec *const dst = before_fence(SLICE, capacity * sizeof *dst);
    const size_t written = ancil_iov_slice(dst, capacity, s->iov, s->n, offset, bytes);
    const size_t sliced = ancil_iov_size(dst, written);
    struct iovec copy[PIECES], *front = copy;
    const struct iovec *at = s->iov;
    size_t left = s->n, place = offset, done, batch;

    CHECK(written == min(count, capacity) && sliced <= n && (written < count || sliced == n));
    CHECK(offset >= s->size || holds(dst, written, s->flat + offset, sliced));

    done = ancil_iov_seek(&at, &left, &place, bytes);
    CHECK(done == n && (left == 0) == (offset >= s->size || done == s->size - offset));
    if (left > 0) {
        CHECK(place < at->iov_len);
        CHECK(holds(s->iov, (size_t)(at - s->iov), s->flat, offset + done - place));
    }

    memcpy(copy, s->iov, s->n * sizeof *copy), left = s->n;
    CHECK(ancil_iov_advance(&front, &left, bytes) == cut);
    CHECK(front + left == copy + s->n && holds(front, left, s->flat + cut, s->size - cut));
    CHECK(left == 0 || front->iov_len > 0);

    memcpy(copy, s->iov, s->n * sizeof *copy), left = s->n;
    CHECK(ancil_iov_discard_back(copy, &left, bytes) == cut);
    CHECK(holds(copy, left, s->flat, s->size - cut));
    CHECK(left == 0 || copy[left - 1].iov_len > 0);

    memcpy(copy, s->iov, s->n * sizeof *copy), left = s->n;
    CHECK(ancil_iov_limit(copy, &left, bytes) == cut && holds(copy, left, s->flat, cut));
    CHECK(left == 0 || copy[left - 1].iov_len > 0);

    batch = ancil_iov_batch(s->iov, s->n, capacity, bytes);
    CHECK(batch <= s->n && batch <= capacity && ancil_iov_size(s->iov, batch) <= bytes);

    /* One element is cut in two; joined again, the elements that are not empty hold the same. */
    memcpy(copy, s->iov, s->n * sizeof *copy);
    if (s->n > 0 && s->n < PIECES) {
        const size_t i = below(s->n), first = below(copy[i].iov_len + 1);

        memmove(copy + i + 1, copy + i, (s->n - i) * sizeof *copy);
        copy[i].iov_len = first;
        copy[i + 1].iov_len -= first;
        if (copy[i + 1].iov_base != NULL)
            copy[i + 1].iov_base = (char *)copy[i + 1].iov_base + first;
        left = 0;
        for (done = 0; done < s->n; done++)
            left += s->iov[done].iov_len > 0;
        CHECK(ancil_iov_join(copy, s->n + 1) == left && holds(copy, left, s->flat, s->size));
    }
}

static void impossible(void)
{
    unsigned char a[8] = "abcdefg", b[16] = "0123456789ABCDE", out[64];
    struct iovec v[3] = { { a, 8 }, { b, SIZE_MAX }, { a, 8 } }, dst[4], *p = v;
    const struct iovec *at = v;
    size_t n = 3, offset = 0, len = 1;

    /* NULL and zero elements are empty. */
    CHECK(ancil_iov_size(NULL, 9) == 0 && ancil_iov_size(v, 0) == 0);
    CHECK(ancil_iov_to_buf(NULL, 9, 0, out, sizeof out) == 0);
    CHECK(ancil_iov_to_buf(v, 1, 0, NULL, 8) == 0);
    CHECK(ancil_iov_from_buf(NULL, 9, 0, out, 1) == 0 && ancil_iov_from_buf(v, 1, 0, NULL, 8) == 0);
    CHECK(ancil_iov_fill(NULL, 9, 0, 1, 1) == 0 && ancil_iov_copy(NULL, 1, 0, v, 1, 0, 1) == 0);
    CHECK(ancil_iov_compare(NULL, 9, 0, NULL, 0, 7, 1, NULL) == 0);
    CHECK(ancil_iov_is_zero(NULL, 9, 0, 9) == 1);
    CHECK(ancil_iov_find(NULL, 9, 0, 0, 1) == ANCIL_IOV_NONE);
    CHECK(ancil_iov_slice(NULL, 9, v, 1, 0, 8) == 0);
    CHECK(ancil_iov_slice(dst, 4, NULL, 9, 0, 8) == 0 && ancil_iov_count(NULL, 9, 0, 8) == 0);
    CHECK(ancil_iov_batch(NULL, 9, 9, 9) == 0 && ancil_iov_join(NULL, 9) == 0);
    CHECK(ancil_iov_next_chunk(NULL, 9, 0, &len) == NULL && len == 0);
    CHECK(ancil_iov_next_chunk(v, 1, 0, NULL) == a);
    CHECK(ancil_iov_advance(NULL, &n, 1) == 0 && ancil_iov_advance(&p, NULL, 1) == 0);
    CHECK(p == v && n == 3);
    CHECK(ancil_iov_discard_back(v, NULL, 1) == 0 && ancil_iov_limit(NULL, &n, 1) == 0 && n == 0);
    CHECK(ancil_iov_seek(NULL, &n, &offset, 1) == 0);
    CHECK(ancil_iov_seek(&at, &n, NULL, 1) == 0 && at == v);

    /* Sums saturate. Bytes of an element that a call does not reach need not exist. */
    CHECK(ancil_iov_size(v, 3) == SIZE_MAX);
    CHECK(ancil_iov_to_buf(v, 3, 0, out, 24) == 24);
    CHECK(memcmp(out, "abcdefg\0" "0123456789ABCDE", 24) == 0);
    CHECK(ancil_iov_to_buf(v, 3, 10, out, 4) == 4 && memcmp(out, "2345", 4) == 0);
    /* Past SSIZE_MAX in one element there is nothing. */
    CHECK(ancil_iov_to_buf(v, 3, SIZE_MAX, out, sizeof out) == 0);
    v[1].iov_len = SIZE_MAX - 7;
    CHECK(ancil_iov_to_buf(v, 3, SIZE_MAX, out, sizeof out) == 0);
    CHECK(ancil_iov_to_buf(v + 1, 2, SIZE_MAX - 7, out, sizeof out) == 8);
    CHECK(memcmp(out, "abcdefg", 8) == 0);
    CHECK(ancil_iov_to_buf(v + 1, 2, SIZE_MAX, out, sizeof out) == 1 && out[0] == '\0');
    CHECK(ancil_iov_slice(dst, 4, v, 3, 6, 20) == 2 && dst[0].iov_base == a + 6);
    CHECK(dst[0].iov_len == 2);
    CHECK(dst[1].iov_base == b && dst[1].iov_len == 18);
    CHECK(ancil_iov_batch(v, 3, 3, 100) == 1 && ancil_iov_batch(v + 1, 2, 2, 100) == 0);

    /* A function that reads or writes bytes ends at a hole; all others only count its length. */
    v[1].iov_base = NULL, v[1].iov_len = 5, n = 3, p = v;
    CHECK(ancil_iov_size(v, 3) == 21 && ancil_iov_to_buf(v, 3, 0, out, sizeof out) == 8);
    CHECK(ancil_iov_to_buf(v, 3, 9, out, sizeof out) == 0);
    CHECK(ancil_iov_to_buf(v, 3, 13, out, sizeof out) == 8);
    CHECK(ancil_iov_fill(v, 3, 4, 'x', 99) == 4 && memcmp(a, "abcdxxxx", 8) == 0);
    CHECK(ancil_iov_slice(dst, 4, v, 3, 9, 6) == 2 && dst[0].iov_base == NULL);
    CHECK(dst[0].iov_len == 4);
    CHECK(dst[1].iov_base == a && dst[1].iov_len == 2);
    CHECK(ancil_iov_advance(&p, &n, 10) == 10 && n == 2 && p == v + 1);
    CHECK(p->iov_base == NULL && p->iov_len == 3);
}

/*
 * Compares ancil_check_iov with sendmsg. On an unconnected socket, valid vectors get as far as
 * ENOTCONN.
 */
static void verdicts(void)
{
    static struct iovec v[1025];
    struct msghdr msg;
    const int s = socket(AF_UNIX, SOCK_STREAM, 0);
    const size_t lengths[] = { 0, 1, SSIZE_MAX, (size_t)SSIZE_MAX + 1, SIZE_MAX };
    const unsigned short counts[] = { 1, 2, 3, 514, 1025 };

    CHECK(s >= 0 && ancil_check_iov(NULL, 0) == 0);
    for (size_t k = 0; k < sizeof counts / sizeof *counts; k++) {
        const unsigned short n = counts[k];

        for (size_t i = 0; i < sizeof lengths / sizeof *lengths; i++) {
            int said;

            memset(&msg, 0, sizeof msg);
            msg.msg_iov = v;
            msg.msg_iovlen = n;
            v[n - 1].iov_len = lengths[i];
            said = ancil_check_iov(v, n);
            CHECK(sendmsg(s, &msg, MSG_NOSIGNAL) == -1);
            CHECK(said == -errno || (said == 0 && errno != EINVAL && errno != EMSGSIZE));
            v[n - 1].iov_len = 0;
        }
    }
    close(s);
}

/*
 * With any argument, sendmsg is not called: valgrind would report the invalid vectors that the
 * kernel refuses.
 */
int main(int argc, char **argv)
{
    static struct set a, b;

    (void)argv;
    make_fences();
    if (argc == 1)
        verdicts();
    for (uint64_t i = 0; i < CASES; i++) {
        state = i;
        make(&a, 0);
        make(&b, 1);
        /* The same bytes in one element, copied without ancil. */
        if (below(3) == 0 && a.n > 0) {
            b.n = 1, b.size = a.size;
            b.iov = before_fence(ARRAYS + 1, sizeof *b.iov);
            b.iov->iov_len = a.size;
            b.iov->iov_base = fenced(PIECES, a.size);
            memcpy(b.iov->iov_base, a.flat, a.size);
            memcpy(b.flat, a.flat, a.size);
        }
        searches(&a, &b);
        arrays(&a);
        transfers(&a, &b);
    }
    impossible();
    printf("iov: %d cases\n", CASES);
    return 0;
}
