/*
 * ancil/types.h: the integers of <stdint.h> under names of our own. They are the same types, but
 * C89 does not have that header.
 * SPDX-License-Identifier: MIT OR Apache-2.0
 */
#ifndef ANCIL_TYPES_H
#define ANCIL_TYPES_H

#include "inline.h"

typedef unsigned char ancil_u8;
typedef unsigned short ancil_u16;
typedef unsigned int ancil_u32;
typedef short ancil_i16;
typedef int ancil_i32;
#ifdef __LP64__
typedef unsigned long ancil_u64;
typedef long ancil_i64;
#elif defined __GNUC__
__extension__ typedef unsigned long long ancil_u64;
__extension__ typedef long long ancil_i64;
#else
typedef unsigned long long ancil_u64;
typedef long long ancil_i64;
#endif

#endif /* ANCIL_TYPES_H */
