/* Includes <sys/socket.h>: tests/dialects.rs checks which names that declares. */
#include <sys/socket.h>

extern int nothing;
