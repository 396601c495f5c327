/* Part of macros.c: compares CMSG_FIRSTHDR, CMSG_NXTHDR, CMSG_DATA and ancil_cmsg_next. */

#define BUFFER 256
#define NONE SIZE_MAX

typedef __typeof__(((struct cmsghdr *)0)->cmsg_len) cmsg_len_type;
typedef __typeof__(((struct msghdr *)0)->msg_controllen) controllen_type;

static union { size_t align; unsigned char bytes[BUFFER]; } guarded[3];
static unsigned char *const control = guarded[1].bytes;
static size_t numbers[512];
static unsigned numbers_n, first_extreme;

/*
 * Makes a list of every small number, then of the numbers near those at which a sum wraps: the
 * largest of size_t, of a signed size_t, and of 32 bits.
 */
static void make_numbers(void)
{
    size_t n;

    for (n = 0; n <= 96; n++)
        numbers[numbers_n++] = n;
    first_extreme = numbers_n;
    for (n = 0; n <= 64; n++)
        numbers[numbers_n++] = SIZE_MAX - n;
    for (n = 0; n <= 48; n++)
        numbers[numbers_n++] = SIZE_MAX / 2 - 24 + n;
    for (n = 0; n <= 48; n++)
        numbers[numbers_n++] = (size_t)UINT32_MAX - 24 + n;
}

/*
 * The rule of glibc since 2.37, counted in words and the bytes left over. Returns the offset of the
 * next header, after which at least `spare` bytes must follow, or NONE.
 */
static size_t model(size_t offset, size_t len, size_t controllen, size_t spare)
{
    const size_t step = len / WORD_SIZE + (len % WORD_SIZE != 0);
    const size_t header = sizeof (struct cmsghdr) / WORD_SIZE;
    const size_t over = offset % WORD_SIZE + spare;
    const size_t words = offset / WORD_SIZE + step + header + over / WORD_SIZE;

    if (len < sizeof (struct cmsghdr) || words > controllen / WORD_SIZE
        || (words == controllen / WORD_SIZE && over % WORD_SIZE > controllen % WORD_SIZE))
        return NONE;
    return offset + step * WORD_SIZE;
}

static size_t offset_of(const struct cmsghdr *c)
{
    return c ? (size_t)((const unsigned char *)(const void *)c - control) : NONE;
}

/* Ends the program with a message. Offsets are printed as signed numbers, so that NONE is -1. */
static void differ(const char *what, size_t offset, size_t len, size_t controllen, size_t got,
                   size_t expected)
{
    printf("MISMATCH %s, header at %zu, cmsg_len %zu, msg_controllen %zu: %zd, expected %zd\n",
           what, offset, len, controllen, (ssize_t)got, (ssize_t)expected);
    exit(1);
}

static void first(struct msghdr *m, size_t controllen)
{
    const size_t expected = controllen >= sizeof (struct cmsghdr) ? 0 : NONE;
    struct msghdr *once = m;

    m->msg_controllen = (controllen_type)controllen;
    if (m->msg_controllen != controllen)
        return; /* 32 bits in musl */
    m->msg_control = control;
    if (offset_of(system_firsthdr(m)) != expected)
        differ("system's CMSG_FIRSTHDR", 0, 0, controllen, offset_of(system_firsthdr(m)), expected);
    if (offset_of(CMSG_FIRSTHDR(m)) != expected)
        differ("CMSG_FIRSTHDR", 0, 0, controllen, offset_of(CMSG_FIRSTHDR(m)), expected);
    if (offset_of(CMSG_NXTHDR(m, (struct cmsghdr *)NULL)) != expected)
        differ("CMSG_NXTHDR(m, NULL)", 0, 0, controllen, NONE, expected);
#ifndef MUTANT
    if (offset_of(CMSG_FIRSTHDR(once++)) != expected || once != m + 1)
        differ("CMSG_FIRSTHDR, evaluations", 0, 0, controllen, 0, 0);
#endif
    m->msg_control = NULL;
    ((struct cmsghdr *)(void *)control)->cmsg_len = sizeof (struct cmsghdr);
    if (CMSG_FIRSTHDR(m) || system_firsthdr(m))
        differ("CMSG_FIRSTHDR of NULL", 0, 0, controllen, 0, NONE);
    if (CMSG_NXTHDR(m, (struct cmsghdr *)NULL)
        || (controllen < BUFFER && CMSG_NXTHDR(m, (struct cmsghdr *)(void *)control)))
        differ("CMSG_NXTHDR of NULL", 0, 0, controllen, 0, NONE);
    m->msg_control = control;
}

/* The spare bytes that this system's CMSG_NXTHDR requires: musl needs one more byte than glibc. */
#ifdef __GLIBC__
#define SPARE 0
#else
#define SPARE 1
#endif

static void next(struct msghdr *m, size_t offset, size_t len, size_t controllen,
                 int system_is_fixed)
{
    struct cmsghdr *const here = (struct cmsghdr *)(void *)(control + offset);
    const size_t expected = model(offset, len, controllen, 0);
    size_t got = ancil_cmsg_next(offset, len, controllen);

    if (got != expected)
        differ("ancil_cmsg_next", offset, len, controllen, got, expected);
    here->cmsg_len = (cmsg_len_type)len;
    m->msg_controllen = (controllen_type)controllen;
    if (here->cmsg_len != len || m->msg_controllen != controllen)
        return; /* 32 bits in musl */
    got = offset_of(CMSG_NXTHDR(m, here));
    /* The drop-in ends the walk if the buffer would reach past the end of the address space. */
    if (got != expected && (got != NONE || controllen <= SIZE_MAX - (size_t)control))
        differ("CMSG_NXTHDR", offset, len, controllen, got, expected);
    if (controllen < offset || (!system_is_fixed && (len > 96 || controllen > 96)))
        return; /* the system's macro is undefined past the end, and in old glibc if a sum wraps */
    got = offset_of(system_nxthdr(m, here));
    if (got != model(offset, len, controllen, SPARE))
        differ("system's CMSG_NXTHDR", offset, len, controllen, got,
               model(offset, len, controllen, SPARE));
}

static void walk(void)
{
    struct msghdr messages[2] = { { .msg_control = control }, { .msg_control = NULL } };
    struct msghdr *const m = messages;
    struct cmsghdr *const here = (struct cmsghdr *)(void *)control;
    int system_is_fixed;
    unsigned i, j, fill;
    size_t offset;

    make_numbers();
    here->cmsg_len = (cmsg_len_type)SIZE_MAX;
    m->msg_controllen = BUFFER;
    system_is_fixed = system_nxthdr(m, here) == NULL;
    printf("the system's CMSG_NXTHDR %s a cmsg_len of SIZE_MAX\n",
           system_is_fixed ? "rejects" : "follows");

    for (i = 0; i < numbers_n; i++)
        first(m, numbers[i]);
    /* The next header is all zeros, then all ones: neither may change the result. */
    for (fill = 0; fill <= (system_is_fixed ? 0xffu : 0); fill += 0xff) {
        memset(guarded, (int)fill, sizeof guarded);
        for (offset = 0; offset <= 72; offset += WORD_SIZE) {
            for (i = 0; i < numbers_n; i++)
                for (j = 0; j < numbers_n; j++)
                    next(m, offset, numbers[i], numbers[j], system_is_fixed);
            memset(control, (int)fill, BUFFER);
        }
        for (i = 0; i < BUFFER; i++)
            if (guarded[0].bytes[i] != fill || guarded[2].bytes[i] != fill)
                differ("canary", i, 0, 0, 0, 0);
    }
    /* All three numbers are extreme; ancil_cmsg_next needs no buffer. */
    for (i = first_extreme; i < numbers_n; i++)
        for (j = 0; j < numbers_n * numbers_n; j++) {
            const size_t len = numbers[j / numbers_n], controllen = numbers[j % numbers_n];
            const size_t expected = model(numbers[i], len, controllen, 0);
            if (ancil_cmsg_next(numbers[i], len, controllen) != expected)
                differ("ancil_cmsg_next", numbers[i], len, controllen,
                       ancil_cmsg_next(numbers[i], len, controllen), expected);
        }
    m->msg_control = control;
    here->cmsg_len = sizeof *here;
    EQUAL("CMSG_DATA", 0, (size_t)(CMSG_DATA(here) - control),
          (size_t)(system_data(here) - control));
    EQUAL("CMSG_DATA of const", 0, (size_t)(CMSG_DATA((const struct cmsghdr *)here) - control),
          sizeof *here);
}
