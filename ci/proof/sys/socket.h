/* The two structs of <sys/socket.h> that ancil/cmsg.h reads, as the kernel lays them out. */
#include <stddef.h>
struct cmsghdr {
    size_t cmsg_len;
    int cmsg_level, cmsg_type;
};
struct msghdr {
    void *msg_control;
    size_t msg_controllen;
};
