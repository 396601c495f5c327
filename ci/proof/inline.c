/*
 * The contracts of ancil/inline.h and ancil/fds.h, which ci/proof.sh proves of the text as it is
 * shipped. They stand here, after the headers, so that they do not disturb readers of the headers.
 *
 * Assumed, and not proved: memcpy, and the four functions that load and store a number at any
 * address, which are a memcpy of a fixed size (ffi-tests/c/inline.c tests them).
 *
 * Not specified, and so not proved: what a NULL reader, writer or message does, that ancil_find
 * returns the first message, and which descriptors ancil/fds.h moves (ffi-tests/c/api.c, inline.c
 * and fds.c test these).
 */
#include <stddef.h>

/*@ requires \valid((unsigned char *)to + (0 .. n - 1));
  @ requires \valid_read((unsigned char *)from + (0 .. n - 1));
  @ requires \separated((unsigned char *)to + (0 .. n - 1), (unsigned char *)from + (0 .. n - 1));
  @ assigns ((unsigned char *)to)[0 .. n - 1] \from ((unsigned char *)from)[0 .. n - 1];
  @ ensures \forall integer i; 0 <= i < n
  @   ==> ((unsigned char *)to)[i] == \old(((unsigned char *)from)[i]);
  @*/
void *__builtin_memcpy(void *to, const void *from, size_t n);

#include <ancil/fds.h>

#define W ANCIL_WORD
#define H ANCIL_HEADER
#define MAX ANCIL_CMSG_END

/*@ axiomatic Specification {
  @   logic integer aligned(integer n) = (n + W - 1) / W * W;
  @   logic integer step(integer cmsg_len, integer left) =
  @     aligned(cmsg_len) + H <= left ? aligned(cmsg_len) : left;
  @ }
  @*/

/* ---- Loads and stores: assumed. ---- */

/* The number at an address, in whatever byte order. It changes only if one of its bytes does. */
/*@ axiomatic Memory {
  @   logic integer size_at{L}(unsigned char *from) reads from[0 .. W - 1];
  @   logic integer int_at{L}(unsigned char *from) reads from[0 .. 3];
  @   axiom same_size{L1, L2}: \forall unsigned char *p;
  @     (\forall integer i; 0 <= i < W ==> \at(p[i], L1) == \at(p[i], L2))
  @     ==> size_at{L1}(p) == size_at{L2}(p);
  @   axiom same_int{L1, L2}: \forall unsigned char *p;
  @     (\forall integer i; 0 <= i < 4 ==> \at(p[i], L1) == \at(p[i], L2))
  @     ==> int_at{L1}(p) == int_at{L2}(p);
  @ }
  @*/

/*@ requires \valid_read(from + (0 .. W - 1));
  @ assigns \nothing;
  @ ensures \result == size_at(from);
  @*/
size_t ancil_load_size_(const unsigned char *from);
/*@ requires \valid_read(from + (0 .. 3));
  @ assigns \nothing;
  @ ensures \result == int_at(from);
  @*/
int ancil_load_int_(const unsigned char *from);
/*@ requires \valid(to + (0 .. W - 1));
  @ assigns to[0 .. W - 1];
  @ ensures size_at(to) == n;
  @ ensures n == 0 ==> \forall unsigned char *p; to <= p < to + W ==> *p == 0;
  @*/
void ancil_store_size_(unsigned char *to, size_t n);
/*@ requires \valid(to + (0 .. 3));
  @ assigns to[0 .. 3];
  @ ensures int_at(to) == n;
  @*/
void ancil_store_int_(unsigned char *to, int n);

/* ---- Arithmetic. ---- */

/*@ assigns \nothing;
  @ ensures \result == (aligned(n) <= MAX ? aligned(n) : MAX);
  @*/
size_t ancil_cmsg_align(size_t n);

/*@ assigns \nothing;
  @ ensures \result == (H + n <= MAX ? H + n : MAX);
  @*/
size_t ancil_cmsg_len(size_t n);

/*@ assigns \nothing;
  @ ensures \result == (H + aligned(n) <= MAX ? H + aligned(n) : MAX);
  @*/
size_t ancil_cmsg_space(size_t n);

/*@ requires H <= cmsg_len <= left;
  @ assigns \nothing;
  @ ensures rule: \result == step(cmsg_len, left);
  @ ensures forward: cmsg_len <= \result <= left;
  @*/
size_t ancil_cmsg_step_(size_t cmsg_len, size_t left);

/*@ assigns \nothing;
  @ ensures rule: \result == (cmsg_len >= H && offset + aligned(cmsg_len) + H <= controllen
  @                           ? offset + aligned(cmsg_len) : MAX);
  @*/
size_t ancil_cmsg_next(size_t offset, size_t cmsg_len, size_t controllen);

/* ---- The reader. ---- */

/*@ predicate readable(unsigned char *p, integer n) =
  @   0 <= n <= ANCIL_LONGEST && (n > 0 ==> \valid_read(p + (0 .. n - 1)));
  @*/

/*@ requires \valid(r);
  @ requires control != \null && controllen <= ANCIL_LONGEST
  @   ==> readable((unsigned char *)control, controllen);
  @ assigns *r;
  @ ensures ready: ancil_reader_ok(r);
  @ ensures whole: control != \null && H <= controllen <= ANCIL_LONGEST
  @   ==> r->left == controllen && r->next == (unsigned char *)control;
  @ ensures empty: control == \null || controllen < H ==> r->left == 0 && r->status == 0;
  @ ensures absurd: control != \null && controllen > ANCIL_LONGEST
  @   ==> r->left == 0 && r->status == -ANCIL_ERROR_EINVAL;
  @*/
void ancil_reader_init(struct ancil_reader *r, const void *control, size_t controllen);

/*@ requires \valid(r) && \valid(m) && \separated(r, m) && ancil_reader_ok(r);
  @ requires \separated(r, r->next + (0 .. r->left - 1));
  @ requires \separated(m, r->next + (0 .. r->left - 1));
  @ assigns *r, *m;
  @ ensures outcome: \result == 1 || \result == 0 || \result == -ANCIL_ERROR_EBADMSG;
  @ ensures ready: ancil_reader_ok(r);
  @ ensures end: \result == 0 <==> \old(r->left) == 0;
  @ ensures error: \result < 0 ==> r->status == \result && r->left == 0;
  @ ensures kept: \result >= 0 ==> r->status == \old(r->status);
  @ ensures untouched: \result != 1 ==> *m == \old(*m);
  @ ensures bad: \old(r->left) > 0 ==> (\result < 0
  @   <==> size_at(\old(r->next)) < H || size_at(\old(r->next)) > \old(r->left));
  @ ensures message: \result == 1 ==> m->level == int_at(\old(r->next) + W)
  @   && m->type == int_at(\old(r->next) + W + 4)
  @   && (unsigned char *)m->data == \old(r->next) + H
  @   && m->len == size_at(\old(r->next)) - H;
  @ ensures step: \result == 1
  @   ==> r->left == \old(r->left) - step(size_at(\old(r->next)), \old(r->left))
  @   && r->next == \old(r->next) + step(size_at(\old(r->next)), \old(r->left));
  @ ensures inside: \result == 1 ==>
  @   r->next + r->left == \old(r->next) + \old(r->left) && r->left <= \old(r->left);
  @ ensures forward: \result == 1 ==> r->left <= \old(r->left) - H;
  @ ensures payload: \result == 1 ==> r->left + H + m->len <= \old(r->left);
  @*/
int ancil_reader_next(struct ancil_reader *r, struct ancil_message *m);

/*@ requires \valid_read(r);
  @ assigns \nothing;
  @ ensures \result == r->status;
  @*/
int ancil_reader_status(const struct ancil_reader *r);

/*@ requires \valid(m);
  @ requires control != \null && controllen <= ANCIL_LONGEST
  @   ==> readable((unsigned char *)control, controllen);
  @ requires \separated(m, (unsigned char *)control + (0 .. controllen - 1));
  @ assigns *m;
  @ ensures outcome: \result == 1 || \result == 0 || \result == -ANCIL_ERROR_EBADMSG
  @   || \result == -ANCIL_ERROR_EINVAL;
  @ ensures found: \result == 1 ==> m->level == level && m->type == type;
  @ ensures inside: \result == 1 ==> \exists integer at; 0 <= at
  @   && at + H + m->len <= controllen
  @   && (unsigned char *)m->data == (unsigned char *)control + at + H
  @   && m->len == size_at((unsigned char *)control + at) - H;
  @ ensures untouched: \result != 1 ==> *m == \old(*m);
  @*/
int ancil_find(const void *control, size_t controllen, int level, int type,
               struct ancil_message *m);

/* ---- The writer. ---- */

/*@ predicate writer_ok(struct ancil_writer *w) =
  @   0 <= w->len <= w->size <= ANCIL_LONGEST && w->size % W == 0 && w->len % W == 0
  @   && (w->size > 0 ==> \valid(w->buf + (0 .. w->size - 1)))
  @   && \separated(w, w->buf + (0 .. w->size - 1));
  @*/

/*@ requires \valid(w);
  @ requires buf != \null && size <= ANCIL_LONGEST && size > 0
  @   ==> \valid((unsigned char *)buf + (0 .. size - 1));
  @ requires \separated(w, (unsigned char *)buf + (0 .. size - 1));
  @ assigns *w;
  @ ensures ready: writer_ok(w) && w->len == 0;
  @ ensures status: w->status ==
  @   (buf != \null && size > ANCIL_LONGEST ? -ANCIL_ERROR_EINVAL : 0);
  @ ensures size: buf != \null && size <= ANCIL_LONGEST
  @   ==> w->buf == (unsigned char *)buf && w->size == size - size % W;
  @*/
void ancil_writer_init(struct ancil_writer *w, void *buf, size_t size);

/*@ requires \valid(w) && writer_ok(w);
  @ requires data != \null && len > 0 && len <= w->size
  @   ==> \valid_read((unsigned char *)data + (0 .. len - 1));
  @ requires \separated((unsigned char *)data + (0 .. len - 1),
  @                     w->buf + (0 .. w->size - 1), w);
  @ assigns w->len, w->status, w->buf[w->len .. w->size - 1];
  @ ensures ready: writer_ok(w);
  @ ensures sticky: \old(w->status) != 0 ==> \result == \old(w->status);
  @ ensures fits: \old(w->status) == 0 && (data != \null || len == 0) ==>
  @   (\result == 0 <==> H + aligned(len) <= w->size - \old(w->len));
  @ ensures written: \result == 0 ==> w->len == \old(w->len) + H + aligned(len);
  @ ensures length: \result == 0 ==> size_at(w->buf + \old(w->len)) == H + len;
  @ ensures level: \result == 0 ==> int_at(w->buf + \old(w->len) + W) == level;
  @ ensures type: \result == 0 ==> int_at(w->buf + \old(w->len) + W + 4) == type;
  @ ensures payload: \result == 0 ==> \forall integer i; 0 <= i < len
  @   ==> w->buf[\old(w->len) + H + i] == ((unsigned char *)data)[i];
  @ ensures padding: \result == 0 ==> \forall integer i; \old(w->len) + H + len <= i < w->len
  @   ==> w->buf[i] == 0;
  @ ensures nothing: \result != 0 ==> w->len == \old(w->len);
  @ ensures status: w->status == \result;
  @*/
int ancil_writer_put(struct ancil_writer *w, int level, int type, const void *data, size_t len);

/*@ requires \valid(w) && writer_ok(w);
  @ requires fds != \null && 0 < n <= w->size / 4
  @   ==> \valid_read((unsigned char *)fds + (0 .. 4 * n - 1));
  @ requires \separated((unsigned char *)fds + (0 .. \min(4 * n, ANCIL_LONGEST) - 1),
  @                     w->buf + (0 .. w->size - 1), w);
  @ assigns w->len, w->status, w->buf[w->len .. w->size - 1];
  @ ensures ready: writer_ok(w);
  @ ensures sticky: \old(w->status) != 0 ==> \result == \old(w->status);
  @ ensures fits: \old(w->status) == 0 && (fds != \null || n == 0) ==>
  @   (\result == 0 <==> H + aligned(4 * n) <= w->size - \old(w->len));
  @ ensures status: w->status == \result;
  @*/
int ancil_writer_put_fds(struct ancil_writer *w, const int *fds, size_t n);

/*@ requires \valid_read(w);
  @ assigns \nothing;
  @ ensures \result == w->status;
  @*/
int ancil_writer_status(const struct ancil_writer *w);

/*@ requires \valid_read(w);
  @ assigns \nothing;
  @ ensures \result == w->len;
  @*/
size_t ancil_writer_finish(const struct ancil_writer *w);

/* ---- Descriptors. The caller's close function is assumed not to touch the buffer. ---- */

/*@ assigns \nothing; */
void ancil_close_(int (*close)(int), int fd);

/*@ requires control != \null && 0 < controllen <= ANCIL_LONGEST
  @   ==> \valid((unsigned char *)control + (0 .. controllen - 1));
  @ requires n > 0 ==> \valid(fds + (0 .. n - 1));
  @ requires \separated(fds + (0 .. n - 1), (unsigned char *)control + (0 .. controllen - 1));
  @ assigns ((unsigned char *)control)[0 .. controllen - 1], fds[0 .. n - 1];
  @ ensures -ANCIL_ERROR_EBADMSG <= \result <= ANCIL_LONGEST;
  @*/
ptrdiff_t ancil_visit_fds_(void *control, size_t controllen, int type, int *fds, size_t n,
                           int (*close)(int));

/*@ predicate takes(unsigned char *control, integer controllen, int *fds, integer n) =
  @   (control != \null && 0 < controllen <= ANCIL_LONGEST
  @     ==> \valid(control + (0 .. controllen - 1)))
  @   && (fds != \null && n > 0 ==> \valid(fds + (0 .. n - 1)))
  @   && \separated(fds + (0 .. n - 1), control + (0 .. controllen - 1));
  @*/

/*@ requires takes((unsigned char *)control, controllen, fd, 1);
  @ assigns ((unsigned char *)control)[0 .. controllen - 1], *fd;
  @ ensures status: \result <= 0;
  @ ensures taken: \result == 0 ==> *fd >= 0;
  @*/
int ancil_take_only_(void *control, size_t controllen, int type, int *fd);

/*@ requires takes((unsigned char *)control, controllen, fds, n);
  @ assigns ((unsigned char *)control)[0 .. controllen - 1], fds[0 .. n - 1];
  @ ensures -ANCIL_ERROR_EBADMSG <= \result <= ANCIL_LONGEST;
  @ ensures bounded: fds != \null ==> \result <= n;
  @*/
ptrdiff_t ancil_take_fds(void *control, size_t controllen, int *fds, size_t n);

/*@ requires takes((unsigned char *)control, controllen, fd, 1);
  @ assigns ((unsigned char *)control)[0 .. controllen - 1], *fd;
  @ ensures status: \result <= 0;
  @ ensures taken: \result == 0 ==> *fd >= 0;
  @*/
int ancil_take_fd(void *control, size_t controllen, int *fd);

/*@ requires takes((unsigned char *)control, controllen, pidfd, 1);
  @ assigns ((unsigned char *)control)[0 .. controllen - 1], *pidfd;
  @ ensures status: \result <= 0;
  @ ensures taken: \result == 0 ==> *pidfd >= 0;
  @*/
int ancil_take_pidfd(void *control, size_t controllen, int *pidfd);

/*@ requires takes((unsigned char *)control, controllen, \null, 0);
  @ assigns ((unsigned char *)control)[0 .. controllen - 1];
  @ ensures -ANCIL_ERROR_EBADMSG <= \result <= ANCIL_LONGEST;
  @*/
ptrdiff_t ancil_close_fds(void *control, size_t controllen, int (*close)(int));
