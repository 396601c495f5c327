/*
 * dump: reads a control buffer in hex from standard input, with or without blanks between the
 * digits, and prints it as strace does. A malformed buffer is printed as far as it can be decoded.
 * SPDX-License-Identifier: MIT OR Apache-2.0 OR CC0-1.0
 */
#include <ancil.h>

#include <err.h>
#include <stdio.h>

int main(void)
{
    static unsigned char control[16384];
    static char text[16 * sizeof control];
    unsigned high, low;
    size_t bytes = 0, len;
    int digits;

    while ((digits = scanf("%1x%1x", &high, &low)) == 2 && bytes < sizeof control)
        control[bytes++] = (unsigned char)(high << 4 | low);
    if (digits != EOF || ferror(stdin))
        errx(2, "expected a control buffer in hex, at most %zu bytes", sizeof control);
    len = ancil_format(text, sizeof text, control, bytes);
    printf("%s%s\n", text, len < sizeof text ? "" : "... and more");
    return 0;
}
