/* Loops over I/O vectors, as they are commonly written by hand in C. */
#include <stddef.h>
#include <string.h>
#include <sys/uio.h>

size_t c_iov_to_buf(const struct iovec *iov, size_t n, size_t offset, void *buf, size_t bytes)
{
    size_t done = 0;

    for (size_t i = 0; i < n && done < bytes; i++) {
        if (offset >= iov[i].iov_len) {
            offset -= iov[i].iov_len;
            continue;
        }
        size_t len = iov[i].iov_len - offset;
        if (len > bytes - done)
            len = bytes - done;
        memcpy((char *)buf + done, (const char *)iov[i].iov_base + offset, len);
        done += len;
        offset = 0;
    }
    return done;
}

size_t c_iov_from_buf(const struct iovec *iov, size_t n, size_t offset, const void *buf,
                      size_t bytes)
{
    size_t done = 0;

    for (size_t i = 0; i < n && done < bytes; i++) {
        if (offset >= iov[i].iov_len) {
            offset -= iov[i].iov_len;
            continue;
        }
        size_t len = iov[i].iov_len - offset;
        if (len > bytes - done)
            len = bytes - done;
        memcpy((char *)iov[i].iov_base + offset, (const char *)buf + done, len);
        done += len;
        offset = 0;
    }
    return done;
}

/* Returns the equal bytes if all are equal, or 0. */
size_t c_iov_equal(const struct iovec *a, size_t a_count, const struct iovec *b, size_t b_count)
{
    size_t equal = 0, a_at = 0, b_at = 0;

    while (a_count > 0 && b_count > 0) {
        size_t len = a->iov_len - a_at;

        if (len > b->iov_len - b_at)
            len = b->iov_len - b_at;
        if (memcmp((const char *)a->iov_base + a_at, (const char *)b->iov_base + b_at, len) != 0)
            return 0;
        equal += len;
        a_at += len;
        b_at += len;
        if (a_at == a->iov_len)
            a++, a_count--, a_at = 0;
        if (b_at == b->iov_len)
            b++, b_count--, b_at = 0;
    }
    return a_count == b_count ? equal : 0;
}
