/* CHECK, with which all programs here fail: it prints what is false and where, and exits with 1. */
#ifndef CHECK_H
#define CHECK_H

#include <stdio.h>
#include <stdlib.h>

#define CHECK(condition) \
    ((condition) ? (void)0 \
                 : (printf("%s:%d: MISMATCH: %s\n", __FILE__, __LINE__, #condition), \
                    fflush(stdout), exit(1)))

#endif /* CHECK_H */
