#include "example.c"
#include "sockets.h"

/* The text of one message, and of an empty buffer. */
int main(void)
{
    ANCIL_CONTROL_BUFFER(control, ANCIL_CMSG_SPACE(sizeof (int)));
    const int fd = 4;
    struct ancil_writer w;
    char expected[128], *text;

    ancil_writer_init(&w, control.data, sizeof control.data);
    CHECK(ancil_writer_put_fds(&w, &fd, 1) == 0);
    text = text_of(control.data, ancil_writer_finish(&w));
    snprintf(expected, sizeof expected,
             "[{cmsg_len=%d, cmsg_level=SOL_SOCKET, cmsg_type=SCM_RIGHTS, cmsg_data=[4]}]",
             (int)ANCIL_CMSG_LEN(sizeof fd));
    CHECK(text && strcmp(text, expected) == 0);
    free(text);
    text = text_of(NULL, 0);
    CHECK(text && strcmp(text, "[]") == 0);
    free(text);
    return 0;
}
