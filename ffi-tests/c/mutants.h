/*
 * Boundary mistakes that ordinary test suites do not catch, one per MUTANT. The comparison of
 * macros.c must fail with each of them.
 */
#ifndef MUTANTS_H
#define MUTANTS_H

#include <stddef.h>
#include <stdint.h>

#define WORD sizeof (size_t)

#if MUTANT == 1 /* SPACE adds a word when n is a multiple of the word */
#undef CMSG_SPACE
#define CMSG_SPACE(n) (CMSG_LEN(0) + ((n) / WORD + 1) * WORD)

#elif MUTANT == 2 /* NXTHDR lets a header hang HANG bytes past the end */
#define BOUND(controllen) ((controllen) > SIZE_MAX - HANG ? SIZE_MAX : (controllen) + HANG)

#elif MUTANT == 3 /* as musl's >=: a header without payload at the very end is not found */
#define BOUND(controllen) ((controllen) ? (controllen) - 1 : 0)

#elif MUTANT == 4 /* FIRSTHDR off by one: a header without payload is not found */
#define FIRST(controllen) ((controllen) > sizeof (struct cmsghdr))

#elif MUTANT == 5 /* FIRSTHDR off by one: a header without its last byte is found */
#define FIRST(controllen) ((controllen) + 1 >= sizeof (struct cmsghdr) && (controllen) + 1 != 0)

#elif MUTANT == 6 /* the sum wraps, as before glibc 2.37: a huge cmsg_len loops or goes back */
#define STEP(m, c) \
    (CMSG_ALIGN((c)->cmsg_len) + sizeof *(c) <= LEFT(m, c) ? AT(c, CMSG_ALIGN((c)->cmsg_len)) \
                                                           : NULL)

#elif MUTANT == 7 /* a cmsg_len shorter than a header goes on, as in the kernel and the BSDs */
#define STEP(m, c) \
    ((c)->cmsg_len < sizeof *(c) && LEFT(m, c) >= WORD + sizeof *(c) \
             && LEFT(m, c) <= SIZE_MAX / 2 \
         ? AT(c, WORD) \
         : ancil_cmsg_nxthdr(m, c))

#elif MUTANT == 8 /* a next header of a bad cmsg_len is not found, as before glibc 2.37 */
#define STEP(m, c) mutant_good(ancil_cmsg_nxthdr(m, c), LEFT(m, c))
static inline struct cmsghdr *mutant_good(struct cmsghdr *next, size_t left)
{
    return next && left <= 96 && next->cmsg_len > left ? NULL : next;
}

#elif MUTANT == 9 /* LEN without the header's padding */
#undef CMSG_LEN
#define CMSG_LEN(n) (sizeof (struct cmsghdr) - 4 + (n))

#elif MUTANT == 10 /* ALIGN adds a word when n is a multiple of the word */
#undef CMSG_ALIGN
#define CMSG_ALIGN(n) (((n) / WORD + 1) * WORD)

#elif MUTANT == 11 /* CMSG_NXTHDR(m, NULL) is not the first header */
#undef CMSG_NXTHDR
#define CMSG_NXTHDR(m, c) ((c) ? ancil_cmsg_nxthdr(m, c) : NULL)

#else
#error "no such mutant"
#endif

#define LEFT(m, c) \
    ((size_t)(m)->msg_controllen - (size_t)((const char *)(c) - (const char *)(m)->msg_control))
#define AT(c, n) ((struct cmsghdr *)((size_t)(c) + (n)))

#ifdef BOUND
#define STEP(m, c) mutant_bounded(m, c)
static inline struct cmsghdr *mutant_bounded(const struct msghdr *m, const struct cmsghdr *c)
{
    struct msghdr bounded = *m;

    bounded.msg_controllen = BOUND(m->msg_controllen);
    return ancil_cmsg_nxthdr(&bounded, c);
}
#endif

#ifdef STEP
static inline struct cmsghdr *mutant_next(const struct msghdr *m, const struct cmsghdr *c)
{
    return c && m->msg_control ? STEP(m, c) : ancil_cmsg_nxthdr(m, c);
}
#undef CMSG_NXTHDR
#define CMSG_NXTHDR(m, c) mutant_next(m, c)
#endif

#ifdef FIRST
#undef CMSG_FIRSTHDR
#define CMSG_FIRSTHDR(m) \
    (FIRST((size_t)(m)->msg_controllen) ? (struct cmsghdr *)(m)->msg_control : NULL)
#endif

#endif /* MUTANTS_H */
