#include "example.c"
#include "sockets.h"
#include <time.h>

/* The time lies between one before and one after. */
int main(void)
{
    const int s = udp_to_itself();
    struct timespec before, after;
    ancil_i64 seconds = -1;
    ancil_u32 nanoseconds = 0;
    char byte;

    CHECK(send(s, "x", 1, 0) == 1);
    CHECK(receive_with_time(s, &byte, 1, &seconds, &nanoseconds) == -ENOMSG && seconds == -1);
    enable(s, SOL_SOCKET, ANCIL_SO_TIMESTAMPNS_OLD);
    CHECK(clock_gettime(CLOCK_REALTIME, &before) == 0 && send(s, "y", 1, 0) == 1);
    CHECK(receive_with_time(s, &byte, 1, &seconds, &nanoseconds) == 0 && byte == 'y');
    CHECK(clock_gettime(CLOCK_REALTIME, &after) == 0 && nanoseconds < 1000000000);
    CHECK(before.tv_sec <= seconds && seconds <= after.tv_sec);
    CHECK(seconds > before.tv_sec || nanoseconds >= (ancil_u32)before.tv_nsec);
    CHECK(receive_with_time(-1, &byte, 1, &seconds, &nanoseconds) == -EBADF);
    CHECK(seconds < after.tv_sec || nanoseconds <= (ancil_u32)after.tv_nsec);
    return 0;
}
