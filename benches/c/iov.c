/* Gathers and scatters at an offset, as is commonly written by hand in C. */
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
