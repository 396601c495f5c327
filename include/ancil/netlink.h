/*
 * ancil/netlink.h: reads and writes netlink messages and their attributes.
 * SPDX-License-Identifier: MIT OR Apache-2.0
 */
#ifndef ANCIL_NETLINK_H
#define ANCIL_NETLINK_H

#include "types.h"

/* Sizes as NLMSG_* of <linux/netlink.h> and RTA_* of <linux/rtnetlink.h> compute them. */
#define ANCIL_NLMSG_ALIGN(n) ((ANCIL_CAST(size_t, n) + 3) & ~ANCIL_CAST(size_t, 3))
#define ANCIL_NLMSG_HDRLEN 16
#define ANCIL_NLMSG_LENGTH(n) (16 + ANCIL_CAST(size_t, n))
#define ANCIL_NLMSG_SPACE(n) ANCIL_NLMSG_ALIGN(ANCIL_NLMSG_LENGTH(n))
#define ANCIL_NLA_ALIGN(n) ANCIL_NLMSG_ALIGN(n)
#define ANCIL_NLA_HDRLEN 4
#define ANCIL_NLA_LENGTH(n) (4 + ANCIL_CAST(size_t, n))
#define ANCIL_NLA_SPACE(n) ANCIL_NLA_ALIGN(ANCIL_NLA_LENGTH(n))

#ifdef __cplusplus
extern "C" {
#endif

/* ---- Written by header/, do not edit: ANCIL_UPDATE_HEADER=1 cargo build --features header ---- */

/*
 * A walk over messages or attributes. Lives on your stack; set it up with ancil_nl_reader_init or
 * ancil_nl_message_attrs, then leave its fields alone.
 */
struct ancil_nl_reader {
    const void *data; /* What is walked over */
    size_t len;       /* Its length in bytes */
    size_t offset;    /* Where the next header is */
};

/*
 * struct nlmsghdr: the header of a message.
 *
 * A request may leave @nlmsg_pid 0, because the kernel knows the port. To find out who sent a
 * datagram, do not trust that field; look at the source address.
 */
struct ancil_nlmsghdr {
    ancil_u32 nlmsg_len;   /* Bytes of header and payload, without the padding that follows */
    ancil_u16 nlmsg_type;  /* Type: netlink's own (NLMSG_*) below 16, the family's from 16 on */
    ancil_u16 nlmsg_flags; /* Flags: NLM_F_* */
    ancil_u32 nlmsg_seq;   /* Number that the requester chooses and the answers repeat */
    ancil_u32 nlmsg_pid;   /* Port of the requester, which the answers repeat */
};

/* One netlink message. @data points into the datagram and may not be aligned: memcpy it out. */
struct ancil_nl_message {
    struct ancil_nlmsghdr header; /* The header, copied out */
    const void *data;             /* The payload */
    size_t len;                   /* Bytes of payload */
};

/* How a request ended, as the kernel reports it. */
struct ancil_nl_report {
    int error;                    /* 0, or a negative errno */
    ancil_u32 seq;                /* nlmsg_seq of the request */
    /*
     * What the kernel says about it (NLMSGERR_ATTR_*), if the option NETLINK_EXT_ACK is on: walk
     * over it with ancil_nl_attr_next.
     */
    struct ancil_nl_reader attrs;
};

/*
 * One netlink attribute. @data points into the message and may not be aligned: ancil_nl_attr_get.
 */
struct ancil_nl_attr {
    ancil_u16 type;   /* nla_type without its flags */
    /* The flags: NLA_F_NESTED, NLA_F_NET_BYTEORDER. Many senders set neither, whatever it is. */
    ancil_u16 flags;
    /*
     * The payload. If it is attributes, walk over it with ancil_nl_reader_init and
     * ancil_nl_attr_next.
     */
    const void *data;
    size_t len;       /* Bytes of payload */
};

/*
 * A datagram that is being filled. Lives on your stack; set it up with ancil_nl_writer_init, then
 * leave its fields alone.
 */
struct ancil_nl_writer {
    void *buf;   /* The buffer */
    size_t size; /* Its size in bytes */
    size_t end;  /* Bytes of finished messages */
    size_t len;  /* Bytes written, those of the open message included */
    size_t nest; /* Where the innermost open nest is; 0 for none */
};

/* struct nlattr: the header of an attribute. */
struct ancil_nlattr {
    ancil_u16 nla_len;  /* Bytes of header and payload, without the padding that follows */
    ancil_u16 nla_type; /* Type; the two highest bits are flags: NLA_F_* */
};

/* struct nlmsgerr: the front of an NLMSG_ERROR. */
struct ancil_nlmsgerr {
    ancil_i32 error;           /* A negative error number, or 0 for an acknowledgement */
    struct ancil_nlmsghdr msg; /* The header of the request */
};

/* @n rounded up to a multiple of 4: NLMSG_ALIGN. SIZE_MAX where that does not exist. */
size_t ancil_nlmsg_align(size_t n) ANCIL_NOTHROW;

/* What nlmsg_len is for a payload of @n bytes: NLMSG_LENGTH. SIZE_MAX where that does not exist. */
size_t ancil_nlmsg_length(size_t n) ANCIL_NOTHROW;

/*
 * Bytes that a message with @n bytes of payload takes: NLMSG_SPACE. SIZE_MAX where that does not
 * exist.
 */
size_t ancil_nlmsg_space(size_t n) ANCIL_NOTHROW;

/* @n rounded up to a multiple of 4: NLA_ALIGN. SIZE_MAX where that does not exist. */
size_t ancil_nla_align(size_t n) ANCIL_NOTHROW;

/* What nla_len is for @n bytes of data: RTA_LENGTH. SIZE_MAX where that does not exist. */
size_t ancil_nla_length(size_t n) ANCIL_NOTHROW;

/*
 * Bytes that an attribute with @n bytes of data takes: RTA_SPACE. SIZE_MAX where that does not
 * exist.
 */
size_t ancil_nla_space(size_t n) ANCIL_NOTHROW;

/*
 * Starts a walk over @len bytes at @data: the messages of a datagram, as it was received, with
 * ancil_nl_message_next; or attributes, the data of a nested one, say, with ancil_nl_attr_next.
 * They may hold anything and be aligned in any way.
 */
void ancil_nl_reader_init(struct ancil_nl_reader *r, const void *data, size_t len) ANCIL_NOTHROW;

/*
 * Takes one step. 1: *@m is the next message. 0: there is none. -EBADMSG: a header that is shorter
 * than itself or reaches past the end; *@m is as it was, and the walk is at its end. -EINVAL: a
 * pointer is NULL; the walk did not move.
 */
ANCIL_NODISCARD
int ancil_nl_message_next(struct ancil_nl_reader *r, struct ancil_nl_message *m) ANCIL_NOTHROW;

/*
 * Copies the struct of the family, @n bytes at the front of the message, to @to, and starts a walk
 * over the attributes after it. 0, or -EBADMSG: the message has fewer bytes than that; *@to and
 * *@attrs are as they were. -EINVAL: @m is NULL. Either of the others may be NULL if it is not
 * wanted.
 */
ANCIL_NODISCARD
int ancil_nl_message_split(const struct ancil_nl_message *m, void *to, size_t n,
                           struct ancil_nl_reader *attrs) ANCIL_NOTHROW;

/*
 * Whether this message says how a request ended: NLMSG_ERROR, which with error 0 is an
 * acknowledgement, or NLMSG_DONE, the end of a dump. 1: it does, and *@e is what it says. 0: it is
 * another message. -EBADMSG: it does, and is too short or has a number that is no error number.
 * -EINVAL: a pointer is NULL. *@e is as it was unless 1 is returned.
 */
ANCIL_NODISCARD
int ancil_nl_message_report(const struct ancil_nl_message *m,
                            struct ancil_nl_report *e) ANCIL_NOTHROW;

/* Takes one step. Returns what ancil_nl_message_next does, of attributes. */
ANCIL_NODISCARD
int ancil_nl_attr_next(struct ancil_nl_reader *r, struct ancil_nl_attr *a) ANCIL_NOTHROW;

/*
 * Looks for the first attribute of this type, flags aside, from where the walk is; the walk does
 * not move. 1: *@a is it. 0: there is none. -EBADMSG: a bad header comes before it. -EINVAL: a
 * pointer is NULL.
 */
ANCIL_NODISCARD
int ancil_nl_attr_find(const struct ancil_nl_reader *r, ancil_u16 type,
                       struct ancil_nl_attr *a) ANCIL_NOTHROW;

/*
 * Copies the number or struct that an attribute is. 0, or -EBADMSG: it does not have exactly @n
 * bytes; *@to is as it was. -EINVAL: @a is NULL. What came in network byte order is copied in it.
 */
ANCIL_NODISCARD
int ancil_nl_attr_get(const struct ancil_nl_attr *a, void *to, size_t n) ANCIL_NOTHROW;

/* The string that an attribute is, up to its first NUL; NULL if it has none. */
const char *ancil_nl_attr_string(const struct ancil_nl_attr *a) ANCIL_NOTHROW;

/* Starts to write into @size bytes at @buf, aligned in any way; they need not be zeroed. */
void ancil_nl_writer_init(struct ancil_nl_writer *w, void *buf, size_t size) ANCIL_NOTHROW;

/*
 * Begins a message of this nlmsg_type, nlmsg_flags and nlmsg_seq; nlmsg_pid is 0, as requests have
 * it. 0, or -ENOBUFS if its header does not fit: nothing was written then. -EINVAL: @w is NULL, or
 * a message is open.
 */
ANCIL_NODISCARD
int ancil_nl_writer_begin(struct ancil_nl_writer *w, ancil_u16 type, ancil_u16 flags,
                          ancil_u32 seq) ANCIL_NOTHROW;

/*
 * Appends @len bytes to the open message or nest, at a multiple of 4: the struct of the family. 0,
 * or -ENOBUFS if they do not fit with their padding, which is zeroed: nothing was written then.
 * -EINVAL: no message is open, @w is NULL, or @data is NULL and @len is not 0.
 */
ANCIL_NODISCARD
int ancil_nl_writer_put(struct ancil_nl_writer *w, const void *data, size_t len) ANCIL_NOTHROW;

/*
 * Appends an attribute with @len bytes of data to the open message or nest. @type is nla_type,
 * flags included. Returns what ancil_nl_writer_put does, or -EMSGSIZE if @len is more than 65531,
 * which no attribute has.
 */
ANCIL_NODISCARD
int ancil_nl_writer_attr(struct ancil_nl_writer *w, ancil_u16 type, const void *data,
                         size_t len) ANCIL_NOTHROW;

/*
 * Begins an attribute that carries attributes: what is appended from now on, until
 * ancil_nl_writer_nest_end, is inside. NLA_F_NESTED is set. They go as deep as you like. 0,
 * -ENOBUFS if its header does not fit, or -EMSGSIZE if the nest around it is too long already:
 * nothing was written then. -EINVAL: @w is NULL, or no message is open.
 */
ANCIL_NODISCARD
int ancil_nl_writer_nest_begin(struct ancil_nl_writer *w, ancil_u16 type) ANCIL_NOTHROW;

/*
 * Ends the innermost nest. 0, or -EMSGSIZE if it has more than 65535 bytes: it is taken back then.
 * -EINVAL: @w is NULL, or no nest is open.
 */
ANCIL_NODISCARD int ancil_nl_writer_nest_end(struct ancil_nl_writer *w) ANCIL_NOTHROW;

/*
 * Takes back what is open: the innermost nest, or if there is none the message, with all that was
 * appended to it. 0, or -EINVAL: @w is NULL, or nothing is open.
 */
int ancil_nl_writer_cancel(struct ancil_nl_writer *w) ANCIL_NOTHROW;

/*
 * Ends the open message. 0, or -EMSGSIZE if it has 2^32 bytes or more: it is open still. -EINVAL:
 * @w is NULL, no message is open, or a nest is.
 */
ANCIL_NODISCARD int ancil_nl_writer_end(struct ancil_nl_writer *w) ANCIL_NOTHROW;

/* Bytes of the messages that have ended: what to send. */
size_t ancil_nl_writer_finish(const struct ancil_nl_writer *w) ANCIL_NOTHROW;

/* ---- End of what header/ wrote ---- */

#ifdef __cplusplus
}
#endif

#endif /* ANCIL_NETLINK_H */
