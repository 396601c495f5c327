#include "example.c"
#include "sockets.h"
#include <sys/wait.h>

/* The sender is another process. Without SO_PASSCRED nothing is said about it. */
int main(void)
{
    struct ancil_ucred sender = { 0, 0, 0 };
    char text[8];
    int s[2], end;
    pid_t child;

    unix_pair(SOCK_DGRAM, s);
    CHECK(send(s[0], "x", 1, 0) == 1 && sender_of(s[1], text, 8, &sender) == -ENOMSG);
    enable(s[1], SOL_SOCKET, SO_PASSCRED);
    child = fork();
    if (child == 0)
        _exit(send(s[0], "hello", 5, 0) != 5);
    CHECK(child > 0 && waitpid(child, &end, 0) == child && end == 0);
    CHECK(sender_of(s[1], text, 8, &sender) == 0 && memcmp(text, "hello", 5) == 0);
    CHECK(sender_of(-1, text, 8, &sender) == -EBADF);
    CHECK(sender.pid == child && sender.uid == getuid() && sender.gid == getgid());
    return 0;
}
