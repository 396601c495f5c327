/* A program's view of <sys/socket.h>: tests/dialects.rs asks which names it brings. */
#include <sys/socket.h>

extern int nothing;
