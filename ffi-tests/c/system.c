#define _GNU_SOURCE
#include "system.h"

#ifdef ANCIL_H
#error "this is the system's side of the comparison"
#endif

size_t system_align(size_t n) { return CMSG_ALIGN(n); }
size_t system_len(size_t n) { return CMSG_LEN(n); }
size_t system_space(size_t n) { return CMSG_SPACE(n); }
struct cmsghdr *system_firsthdr(struct msghdr *m) { return CMSG_FIRSTHDR(m); }
struct cmsghdr *system_nxthdr(struct msghdr *m, struct cmsghdr *c) { return CMSG_NXTHDR(m, c); }
unsigned char *system_data(struct cmsghdr *c) { return CMSG_DATA(c); }
