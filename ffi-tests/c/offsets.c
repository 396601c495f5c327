/*
 * No buffer has to be aligned: what is written, read, found, judged and printed at each of eight addresses in a row is
 * the same. Built to trap where C itself would load from an address that its type does not allow; on machines that
 * fault there, the library's own loads and stores are tried, too. Run by tests/offsets.rs.
 */
#include <ancil.h>
#include "check.h"

#include <string.h>
#include <sys/socket.h>

enum { SPACE = 256, OFFSETS = 8 };

static union { size_t align; unsigned char bytes[4 * SPACE + OFFSETS]; } memory, output;

int main(void)
{
    static unsigned char first[SPACE];
    static char text[4 * SPACE], other[4 * SPACE];
    const struct ancil_ucred me = { 1, 2, 3 };
    const int fds[3] = { 0, 1, 2 };
    size_t offset, size = 0, len = 0;

    for (offset = 0; offset < OFFSETS; offset++) {
        unsigned char *const control = memory.bytes + offset, *const data = output.bytes + (offset + 3) % OFFSETS;
        struct ancil_writer w;
        struct ancil_reader r;
        struct ancil_message m;

        memset(&memory, 0xa5, sizeof memory);
        memcpy(data, &me, sizeof me);
        ancil_writer_init(&w, control, SPACE);
        CHECK(ancil_writer_put(&w, SOL_SOCKET, SCM_RIGHTS, fds, sizeof fds) == 0);
        CHECK(ancil_writer_put(&w, SOL_SOCKET, 2, data, sizeof me) == 0);
        CHECK(ancil_writer_put(&w, 0x4d59, 1, "odd", 3) == 0);
        if (offset == 0) {
            size = ancil_writer_finish(&w);
            memcpy(first, control, size);
            len = ancil_format(text, sizeof text, control, size);
            CHECK(len < sizeof text && strstr(text, "SCM_RIGHTS") && strstr(text, "uid=2"));
        }
        CHECK(ancil_writer_finish(&w) == size && memcmp(control, first, size) == 0);
        CHECK(control[size] == 0xa5 && (offset == 0 || control[-1] == 0xa5));

        ancil_reader_init(&r, control, size);
        CHECK(ancil_reader_next(&r, &m) == 1 && m.len == sizeof fds && memcmp(m.data, fds, m.len) == 0);
        CHECK(ancil_reader_next(&r, &m) == 1 && m.type == 2 && memcmp(m.data, &me, sizeof me) == 0);
        CHECK(ancil_reader_next(&r, &m) == 1 && m.level == 0x4d59 && m.len == 3 && memcmp(m.data, "odd", 3) == 0);
        CHECK(ancil_reader_next(&r, &m) == 0);
        CHECK(ancil_find(control, size, SOL_SOCKET, 2, &m) == 1 && memcmp(m.data, &me, sizeof me) == 0);
        CHECK(ancil_format(other, sizeof other, control, size) == len && strcmp(other, text) == 0);
        CHECK(ancil_format((char *)data, 4 * SPACE, control, size) == len && strcmp((char *)data, text) == 0);
        CHECK(ancil_check_control(AF_UNIX, SOCK_STREAM, 0, control, size) == 0);
        CHECK(ancil_check_control(AF_UNIX, SOCK_STREAM, 0, control, size - sizeof (size_t)) < 0);
    }
    puts("ok");
    return 0;
}
