/* The system's CMSG_* macros as functions. system.c defines them without ancil's headers. */
#ifndef SYSTEM_H
#define SYSTEM_H

#include <stddef.h>
#include <sys/socket.h>

size_t system_align(size_t n);
size_t system_len(size_t n);
size_t system_space(size_t n);
struct cmsghdr *system_firsthdr(struct msghdr *m);
struct cmsghdr *system_nxthdr(struct msghdr *m, struct cmsghdr *c);
unsigned char *system_data(struct cmsghdr *c);

#endif /* SYSTEM_H */
