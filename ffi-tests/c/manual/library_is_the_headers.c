#include "example.c"
#include "sockets.h"

int main(void)
{
    CHECK(library_is_the_headers() == 1);
    return 0;
}
