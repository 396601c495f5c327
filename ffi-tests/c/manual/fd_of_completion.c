#include "example.c"
#include "sockets.h"

enum { NAME = 16, HEADER = 4 * sizeof (ancil_u32) };

/* A buffer as the kernel fills it for a request with these spaces: with two descriptors, with none,
   and one that was cut. */
int main(void)
{
    union {
        size_t align;
        unsigned char bytes[200];
    } buf;
    const size_t space = ANCIL_CMSG_SPACE(2 * sizeof (int));
    const size_t len = ancil_uring_buffer_len(NAME, space, 5);
    const int before = open_fds();
    ancil_u32 header[4] = { 0, 0, 5, 0 };
    struct ancil_uring_message m;
    struct ancil_writer w;
    int s[2], fd;

    CHECK(len == HEADER + NAME + space + 5);
    CHECK(ancil_uring_buffer_len((size_t)-1, 1, 1) == (size_t)-1);
    memset(&buf, 0, sizeof buf);
    unix_pair(SOCK_STREAM, s);
    ancil_writer_init(&w, buf.bytes + HEADER + NAME, space);
    CHECK(ancil_writer_put_fds(&w, s, 2) == 0);
    header[1] = (ancil_u32)ancil_writer_finish(&w);
    memcpy(buf.bytes, header, sizeof header);
    memcpy(buf.bytes + len - 5, "hello", 5);
    CHECK(ancil_uring_parse(&buf, len, NAME, space, &m) == 0);
    CHECK(m.payload_size == 5 && memcmp(m.payload, "hello", 5) == 0 && m.payloadlen == 5);
    CHECK(m.name_size == 0 && m.namelen == 0 && m.flags == 0);

    fd = fd_of_completion(&buf, len, NAME, space);
    CHECK(fd == s[0] && open_fds() == before + 1); /* the second was closed */
    CHECK(fd_of_completion(&buf, len, NAME, space) == -ENOMSG);
    CHECK(fd_of_completion(&buf, len - 6, NAME, space) == -EMSGSIZE);
    CHECK(fd_of_completion(NULL, 0, NAME, space) == -EMSGSIZE);
    CHECK(ancil_uring_parse(&buf, len, NAME, space, NULL) == -EINVAL);
    close(fd);
    return 0;
}
