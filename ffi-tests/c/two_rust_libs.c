/* Calls two libraries that are written in Rust. Built by tests/libraries.rs. */
#include <ancil.h>

#include <stdint.h>
#include <stdio.h>

uint32_t other_double(uint32_t n);

int main(void)
{
    return printf("%d %d\n", (int)other_double(21), (int)ancil_cmsg_align(41)) < 0;
}
