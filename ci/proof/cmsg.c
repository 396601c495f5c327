/* The contracts of ancil/cmsg.h, of the text as it is shipped. */
#include <ancil/cmsg.h>

#define H sizeof (struct cmsghdr)
#define W sizeof (size_t)

/*@ logic integer aligned(integer n) = (n + W - 1) / W * W; */

/*@ requires 0 < here;
  @ assigns \nothing;
  @ ensures none: \result == 0
  @   <==> cmsg_len < H || here + aligned(cmsg_len) + H > end;
  @ ensures rule: \result != 0 ==> \result == here + aligned(cmsg_len);
  @ ensures forward: \result != 0 ==> \result >= here + H;
  @*/
size_t ancil_cmsg_after_(size_t here, size_t cmsg_len, size_t end);

/*@ requires \valid_read(m);
  @ assigns \nothing;
  @*/
struct cmsghdr *ancil_cmsg_firsthdr(const struct msghdr *m);

/*@ requires \valid_read(m) && (c != \null ==> \valid_read(c) && (size_t)c > 0);
  @ assigns \nothing;
  @*/
struct cmsghdr *ancil_cmsg_nxthdr(const struct msghdr *m, const struct cmsghdr *c);
