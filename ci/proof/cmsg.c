/* The contracts of ancil/cmsg.h, of the text as it is shipped. */

/* <sys/socket.h> is the file beside this one, which comes after Frama-C's own. */
#define ANCIL_CMSG_READS_SYSTEM_
#include <ancil/cmsg.h>

#define H sizeof (struct cmsghdr)
#define W sizeof (size_t)

/*@ logic integer aligned(integer n) = (n + W - 1) / W * W; */

/* The address of the next header, or 0. */
/*@ logic integer next(integer here, integer cmsg_len, integer end) =
  @   cmsg_len < H || here + aligned(cmsg_len) + H > end ? 0 : here + aligned(cmsg_len);
  @*/

/*@ requires 0 < here;
  @ assigns \nothing;
  @ ensures rule: \result == next(here, cmsg_len, end);
  @ ensures forward: \result != 0 ==> \result >= here + H;
  @*/
size_t ancil_cmsg_after_(size_t here, size_t cmsg_len, size_t end);

/*@ requires \valid_read(m);
  @ assigns \nothing;
  @ ensures rule: (size_t)\result == (m->msg_controllen >= H ? (size_t)m->msg_control : 0);
  @*/
struct cmsghdr *ancil_cmsg_firsthdr(const struct msghdr *m);

/*@ requires \valid_read(m) && (c != \null ==> \valid_read(c) && (size_t)c > 0);
  @ assigns \nothing;
  @ ensures first: c == \null
  @   ==> (size_t)\result == (m->msg_controllen >= H ? (size_t)m->msg_control : 0);
  @ ensures rule: c != \null ==> (size_t)\result == next((size_t)c, c->cmsg_len,
  @   (size_t)((size_t)m->msg_control + m->msg_controllen));
  @*/
struct cmsghdr *ancil_cmsg_nxthdr(const struct msghdr *m, const struct cmsghdr *c);
