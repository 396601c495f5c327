#include "example.c"
#include "rtnetlink.h"

/* The lines are those that the C library's list of interfaces gives. */
int main(void)
{
    static char expected[65536], said[65536];
    struct if_nameindex *const all = if_nameindex();
    FILE *const out = tmpfile();
    const int s = rtnetlink();
    size_t len = 0;

    CHECK(all && out && list_links(s, out) == 0);
    for (const struct if_nameindex *i = all; i->if_index; i++)
        len += (size_t)snprintf(expected + len, sizeof expected - len, "%u: %s\n", i->if_index,
                                i->if_name);
    rewind(out);
    CHECK(fread(said, 1, sizeof said - 1, out) == len && len > 0 && strcmp(said, expected) == 0);
    if_freenameindex(all);
    CHECK(close(s) == 0 && list_links(s, out) == -EBADF);
    return 0;
}
