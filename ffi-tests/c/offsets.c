/*
 * Checks that no buffer has to be aligned: control messages are written, read, found, checked,
 * printed and translated with the same result at eight addresses in a row, and so are netlink
 * messages. The program is built to trap if C itself accesses an address that its type does not
 * allow. On machines that fault at such an access, the library's own loads and stores are checked
 * as well. Run by tests/offsets.rs.
 */
#include <ancil.h>
#include "check.h"

#include <string.h>
#include <sys/socket.h>

enum { SPACE = 256, OFFSETS = 8 };

static union { size_t align; unsigned char bytes[4 * SPACE + OFFSETS]; } memory, output;

/* Translates to the layout of the other word size, and back. */
static void translate(const unsigned char *control, size_t size, unsigned char *to,
                      unsigned char *back)
{
    const int wide = sizeof (size_t) == 8;
    const ptrdiff_t len =
        (wide ? ancil_compat_narrow : ancil_compat_widen)(to, SPACE, control, size);

    CHECK(len > 0 && (size_t)len != size);
    CHECK((wide ? ancil_compat_narrowed_len : ancil_compat_widened_len)(control, size) == len);
    CHECK((wide ? ancil_compat_widen : ancil_compat_narrow)(back, SPACE, to, (size_t)len)
          == (ptrdiff_t)size);
    CHECK(memcmp(back, control, size) == 0);
}

/* Writes and reads a message with a nest that holds a number. */
static void netlink(unsigned char *buffer, unsigned char *payload)
{
    const unsigned number = 0x12345678;
    struct ancil_nl_writer w;
    struct ancil_nl_reader r, attrs, inner;
    struct ancil_nl_message m;
    struct ancil_nl_attr a;
    unsigned family = 0, found = 0;

    memcpy(payload, &number, sizeof number);
    ancil_nl_writer_init(&w, buffer, SPACE);
    CHECK(ancil_nl_writer_begin(&w, 20, 1, 7) == 0);
    CHECK(ancil_nl_writer_put(&w, payload, sizeof number) == 0);
    CHECK(ancil_nl_writer_nest_begin(&w, 5) == 0);
    CHECK(ancil_nl_writer_attr(&w, 9, payload, sizeof number) == 0);
    CHECK(ancil_nl_writer_nest_end(&w) == 0 && ancil_nl_writer_end(&w) == 0);
    ancil_nl_reader_init(&r, buffer, ancil_nl_writer_finish(&w));
    CHECK(ancil_nl_message_next(&r, &m) == 1 && m.header.nlmsg_type == 20);
    CHECK(m.header.nlmsg_seq == 7);
    CHECK(ancil_nl_message_split(&m, &family, sizeof family, &attrs) == 0 && family == number);
    CHECK(ancil_nl_attr_next(&attrs, &a) == 1 && a.type == 5);
    ancil_nl_reader_init(&inner, a.data, a.len);
    CHECK(ancil_nl_attr_find(&inner, 9, &a) == 1);
    CHECK(ancil_nl_attr_get(&a, &found, sizeof found) == 0 && found == number);
    CHECK(ancil_nl_message_next(&r, &m) == 0);
}

int main(void)
{
    static unsigned char first[SPACE];
    static char text[4 * SPACE], other[4 * SPACE];
    const struct ancil_ucred me = { 1, 2, 3 };
    const int fds[3] = { 0, 1, 2 };
    size_t offset, size = 0, len = 0;

    for (offset = 0; offset < OFFSETS; offset++) {
        unsigned char *const control = memory.bytes + offset;
        unsigned char *const data = output.bytes + (offset + 3) % OFFSETS;
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
        CHECK(ancil_reader_next(&r, &m) == 1 && m.len == sizeof fds);
        CHECK(memcmp(m.data, fds, m.len) == 0);
        CHECK(ancil_reader_next(&r, &m) == 1 && m.type == 2 && memcmp(m.data, &me, sizeof me) == 0);
        CHECK(ancil_reader_next(&r, &m) == 1 && m.level == 0x4d59 && m.len == 3);
        CHECK(memcmp(m.data, "odd", 3) == 0);
        CHECK(ancil_reader_next(&r, &m) == 0);
        CHECK(ancil_find(control, size, SOL_SOCKET, 2, &m) == 1);
        CHECK(memcmp(m.data, &me, sizeof me) == 0);
        CHECK(ancil_format(other, sizeof other, control, size) == len && strcmp(other, text) == 0);
        CHECK(ancil_format((char *)data, 4 * SPACE, control, size) == len);
        CHECK(strcmp((char *)data, text) == 0);
        CHECK(ancil_check_control(AF_UNIX, SOCK_STREAM, 0, control, size) == 0);
        CHECK(ancil_check_control(AF_UNIX, SOCK_STREAM, 0, control, size - sizeof (size_t)) < 0);
        translate(control, size, data, control + SPACE + (offset + 5) % OFFSETS);
        netlink(control, data);
    }
    puts("ok");
    return 0;
}
