/* One way to fail for all programs here: say where and what, exit with 1. */
#ifndef CHECK_H
#define CHECK_H

#include <stdio.h>
#include <stdlib.h>

#define CHECK(condition) \
    ((condition) ? (void)0 \
                 : (printf("%s:%d: MISMATCH: %s\n", __FILE__, __LINE__, #condition), fflush(stdout), exit(1)))

#endif /* CHECK_H */
