/*
 * ancil/uring.h: the buffers of a multishot recvmsg of io_uring.
 * SPDX-License-Identifier: MIT OR Apache-2.0
 */
#ifndef ANCIL_URING_H
#define ANCIL_URING_H

#include "inline.h"

#ifdef __cplusplus
extern "C" {
#endif

/* ---- Written by header/, do not edit: ANCIL_UPDATE_HEADER=1 cargo build --features header ---- */

/*
 * What a buffer of a multishot recvmsg says. The pointers lead into the buffer; @control is not
 * const, so that descriptors can be taken out.
 */
struct ancil_uring_message {
    const void *name;    /* The sender's address */
    size_t name_size;    /* Bytes of the address in the buffer */
    size_t namelen;      /* Bytes of the whole address */
    void *control;       /* The control messages, for ancil_reader_init */
    size_t controllen;   /* Bytes of the control messages */
    const void *payload; /* The bytes of the message */
    size_t payload_size; /* Bytes of the message in the buffer */
    /* Bytes of the message as the kernel reported them: more if the request had MSG_TRUNC. */
    size_t payloadlen;
    unsigned int flags;  /* MSG_TRUNC, MSG_CTRUNC and others, without MSG_CMSG_CLOEXEC */
};

/*
 * Returns the size of a buffer for messages of up to @payload bytes, if the request is armed with a
 * msg_namelen of @name_space and a msg_controllen of @control_space; SIZE_MAX if the sum is larger.
 * The entry that submits the request should have MSG_CMSG_CLOEXEC in its own msg_flags: nobody else
 * sets it, and in the struct msghdr it is ignored.
 */
size_t ancil_uring_buffer_len(size_t name_space, size_t control_space,
                              size_t payload) ANCIL_NOTHROW;

/*
 * Reads a buffer that a multishot recvmsg filled: the @len bytes that the completion reported.
 * @name_space and @control_space are those of the request. Descriptors in the control messages
 * belong to the caller: ancil_take_fds. Returns 0 if *@m was set; -EMSGSIZE if the buffer has no
 * room for the spaces, so that it is of another request; -EINVAL if @m is NULL.
 */
ANCIL_NODISCARD
int ancil_uring_parse(void *buf, size_t len, size_t name_space, size_t control_space,
                      struct ancil_uring_message *m) ANCIL_NOTHROW;

/* ---- End of what header/ wrote ---- */

#ifdef __cplusplus
}
#endif

#endif /* ANCIL_URING_H */
