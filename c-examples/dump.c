/*
 * dump: reads a control buffer in hex from standard input, with or without blanks between the
 * digits, and prints it as strace does. A malformed buffer is printed as far as it can be decoded.
 * Public domain.
 */
#include <ancil.h>

#include <ctype.h>
#include <stdio.h>
#include <string.h>

enum { MAX_BYTES = 16384 };

/*
 * Reads pairs of hex digits to the end of the file. Returns the number of bytes, or -1 if there is
 * anything else, a digit without its pair, or more than `size` bytes.
 */
static long read_hex(FILE *from, unsigned char *to, size_t size)
{
    static const char digits[] = "0123456789abcdef";
    size_t nibbles = 0;
    int c;

    while ((c = getc(from)) != EOF) {
        const char *digit = c ? strchr(digits, tolower(c)) : NULL;

        if (isspace(c))
            continue;
        if (!digit || nibbles / 2 == size)
            return -1;
        if (nibbles % 2 == 0)
            to[nibbles / 2] = (unsigned char)((digit - digits) << 4);
        else
            to[nibbles / 2] = (unsigned char)(to[nibbles / 2] | (digit - digits));
        nibbles++;
    }
    return ferror(from) || nibbles % 2 ? -1 : (long)(nibbles / 2);
}

int main(void)
{
    static unsigned char control[MAX_BYTES];
    static char text[16 * MAX_BYTES];
    long bytes = read_hex(stdin, control, sizeof control);
    size_t len;

    if (bytes < 0) {
        fprintf(stderr, "expected a control buffer in hex, at most %d bytes\n", MAX_BYTES);
        return 2;
    }
    len = ancil_format(text, sizeof text, control, (size_t)bytes);
    printf("%s%s\n", text, len < sizeof text ? "" : "... and more");
    return 0;
}
