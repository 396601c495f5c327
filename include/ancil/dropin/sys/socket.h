/*
 * ancil, the drop-in by include path: with -I<includedir>/ancil/dropin, a source that includes
 * <sys/socket.h>
 * gets the system's, and then ancil's CMSG_* macros.
 * SPDX-License-Identifier: MIT OR Apache-2.0
 */
#ifndef ANCIL_DROPIN_SYS_SOCKET_H
#define ANCIL_DROPIN_SYS_SOCKET_H

#ifdef __GNUC__
#pragma GCC system_header /* #include_next is an extension, and -Wpedantic says so */
#endif
#include_next <sys/socket.h>
#include "../../cmsg.h"

#endif /* ANCIL_DROPIN_SYS_SOCKET_H */
