/*
 * ancil/netlink.h: reads and writes netlink messages and their attributes.
 * SPDX-License-Identifier: MIT OR Apache-2.0
 */
#ifndef ANCIL_NETLINK_H
#define ANCIL_NETLINK_H

#include "types.h"

/* Sizes as NLMSG_* of <linux/netlink.h> and RTA_* of <linux/rtnetlink.h> compute them. */
#define ANCIL_NLMSG_ALIGN(n) ((ANCIL_CAST_(size_t, n) + 3) & ~ANCIL_CAST_(size_t, 3))
#define ANCIL_NLMSG_HDRLEN 16
#define ANCIL_NLMSG_LENGTH(n) (16 + ANCIL_CAST_(size_t, n))
#define ANCIL_NLMSG_SPACE(n) ANCIL_NLMSG_ALIGN(ANCIL_NLMSG_LENGTH(n))
#define ANCIL_NLA_ALIGN(n) ANCIL_NLMSG_ALIGN(n)
#define ANCIL_NLA_HDRLEN 4
#define ANCIL_NLA_LENGTH(n) (4 + ANCIL_CAST_(size_t, n))
#define ANCIL_NLA_SPACE(n) ANCIL_NLA_ALIGN(ANCIL_NLA_LENGTH(n))

/*
 * Run the statement that follows for each message of a datagram, for each message of an answer, and
 * for each attribute. After it, ask for ancil_nl_reader_status.
 */
#define ANCIL_NL_FOR_EACH(m, r) while (ancil_nl_message_next((r), (m)) > 0)
#define ANCIL_NL_FOR_EACH_ANSWER(m, r, seq) while (ancil_nl_answer_next((r), (seq), (m)) > 0)
#define ANCIL_NL_FOR_EACH_ATTR(a, r) while (ancil_nl_attr_next((r), (a)) > 0)

#ifdef __cplusplus
extern "C" {
#endif

/* ---- Written by header/, do not edit: ANCIL_UPDATE_HEADER=1 cargo build --features header ---- */

/*
 * A walk over messages or attributes. It lives on your stack. Set it up with ancil_nl_reader_init,
 * ancil_nl_reader_received or ancil_nl_message_split, then leave its fields alone.
 */
struct ancil_nl_reader {
    const void *data; /* The bytes to walk over */
    size_t len;       /* Their number */
    size_t offset;    /* The offset of the next header */
    int status;       /* What ancil_nl_reader_status returns */
    size_t spare[2];  /* Unused: room for later versions */
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

/*
 * A netlink message. @data points into the datagram and may not be aligned, so copy it out with
 * ancil_nl_message_split or memcpy.
 */
struct ancil_nl_message {
    struct ancil_nlmsghdr header; /* A copy of the header */
    const void *data;             /* The payload */
    size_t len;                   /* The length of the payload in bytes */
};

/*
 * A netlink attribute. @data points into the message and may not be aligned, so copy it out with
 * ancil_nl_attr_get or ancil_nl_attr_copy.
 */
struct ancil_nl_attr {
    ancil_u16 type;   /* The nla_type without its flags */
    /* The flags: NLA_F_NESTED, NLA_F_NET_BYTEORDER. Many senders set neither of them. */
    ancil_u16 flags;
    /*
     * The payload. If it is attributes, walk over them with ancil_nl_reader_init and
     * ancil_nl_attr_next.
     */
    const void *data;
    size_t len;       /* The length of the payload in bytes */
};

/* How a request ended, as the kernel reports it. */
struct ancil_nl_report {
    int error;                    /* 0, or a negative errno */
    ancil_u32 seq;                /* The nlmsg_seq of the request */
    /*
     * The details (NLMSGERR_ATTR_*) that the kernel adds if the socket has the option
     * NETLINK_EXT_ACK.
     */
    struct ancil_nl_reader attrs;
};

/*
 * Messages that are being written into a buffer. The writer lives on your stack. Set it up with
 * ancil_nl_writer_init, then leave its fields alone.
 *
 * A writer remembers its first error. From then on, the functions that write do nothing and return
 * that error, until ancil_nl_writer_cancel. So one check is enough: that of ancil_nl_writer_end. A
 * call that fails leaves the buffer unchanged.
 */
struct ancil_nl_writer {
    void *buf;       /* The buffer */
    size_t size;     /* Its size in bytes */
    size_t end;      /* The bytes of finished messages */
    size_t len;      /* The bytes written, with those of the open message */
    size_t nest;     /* The offset of the innermost open nest; 0 if no nest is open */
    int status;      /* What ancil_nl_writer_status returns */
    size_t spare[2]; /* Unused: room for later versions */
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

/* Returns @n rounded up to a multiple of 4, like NLMSG_ALIGN; SIZE_MAX if that overflows. */
size_t ancil_nlmsg_align(size_t n) ANCIL_NOTHROW;

/*
 * Returns the nlmsg_len of a message with @n bytes of payload, like NLMSG_LENGTH; SIZE_MAX if that
 * overflows.
 */
size_t ancil_nlmsg_length(size_t n) ANCIL_NOTHROW;

/*
 * Returns how many bytes a message with @n bytes of payload takes, like NLMSG_SPACE; SIZE_MAX if
 * that overflows.
 */
size_t ancil_nlmsg_space(size_t n) ANCIL_NOTHROW;

/* Returns @n rounded up to a multiple of 4, like RTA_ALIGN; SIZE_MAX if that overflows. */
size_t ancil_nla_align(size_t n) ANCIL_NOTHROW;

/*
 * Returns the nla_len of an attribute with @n bytes of data, like RTA_LENGTH; SIZE_MAX if that
 * overflows.
 */
size_t ancil_nla_length(size_t n) ANCIL_NOTHROW;

/*
 * Returns how many bytes an attribute with @n bytes of data takes, like RTA_SPACE; SIZE_MAX if that
 * overflows.
 */
size_t ancil_nla_space(size_t n) ANCIL_NOTHROW;

/*
 * Starts a walk over @len bytes at @data: the messages of a datagram, or attributes, such as the
 * data of a nest. The bytes may hold anything and have any alignment.
 */
void ancil_nl_reader_init(struct ancil_nl_reader *r, const void *data, size_t len) ANCIL_NOTHROW;

/*
 * Starts a walk over the messages of a datagram that was received into @size bytes at @buf. @n is
 * the length of the whole datagram, as recv with MSG_TRUNC returns it, or -errno if that failed. If
 * @n is negative, the walk ends at once with the status @n. If @n is more than @size, the datagram
 * was cut off, and the walk ends at once with the status -EMSGSIZE.
 */
void ancil_nl_reader_received(struct ancil_nl_reader *r, const void *buf, size_t size,
                              ptrdiff_t n) ANCIL_NOTHROW;

/*
 * Returns 0, or the error that ended the walk. After a walk with ancil_nl_answer_next, returns 1 if
 * the answer is complete, and 0 if the next datagram continues it. Returns -EINVAL if @r is NULL.
 */
ANCIL_NODISCARD int ancil_nl_reader_status(const struct ancil_nl_reader *r) ANCIL_NOTHROW;

/*
 * Takes one step over the messages of a datagram. Returns 1 if *@m is the next message, 0 if there
 * are no more, or -EBADMSG if the length in a header is less than the header or reaches past the
 * end: the walk ends there. Returns -EINVAL if a pointer is NULL: the walk does not move. *@m is
 * unchanged unless 1 is returned.
 */
ANCIL_NODISCARD
int ancil_nl_message_next(struct ancil_nl_reader *r, struct ancil_nl_message *m) ANCIL_NOTHROW;

/*
 * Takes one step over the answer to the request that had this nlmsg_seq. Messages with another
 * nlmsg_seq are skipped. To look for the answer to another request, start the walk again: the
 * status is about one answer.
 *
 * Returns 1 if *@m is the next message of the answer, and 0 if the datagram has no more of them.
 * After 0, ancil_nl_reader_status tells whether the answer is complete: the acknowledgement, or the
 * end of the dump, has arrived. So the request must have NLM_F_ACK or NLM_F_DUMP.
 *
 * Returns the -errno with which the kernel refuses the request. Returns -EINTR if the dump is
 * inconsistent, because something changed meanwhile: repeat the request, with another @seq. Other
 * errors are those of ancil_nl_message_next, and -EBADMSG for a report that makes no sense. An
 * error ends the walk. *@m is unchanged unless 1 is returned.
 */
ANCIL_NODISCARD
int ancil_nl_answer_next(struct ancil_nl_reader *r, ancil_u32 seq,
                         struct ancil_nl_message *m) ANCIL_NOTHROW;

/*
 * Copies the struct of the family, the first @n bytes of the payload, to @to, and starts a walk
 * over the attributes that follow. @to or @attrs may be NULL if you do not need it. Returns 0,
 * -EBADMSG if the payload is shorter, or -EINVAL if @m is NULL. After an error *@to and *@attrs are
 * unchanged.
 */
ANCIL_NODISCARD
int ancil_nl_message_split(const struct ancil_nl_message *m, void *to, size_t n,
                           struct ancil_nl_reader *attrs) ANCIL_NOTHROW;

/*
 * Copies the struct of the family like ancil_nl_message_split, and fills a table with the
 * attributes that follow like ancil_nl_attr_parse. Returns 0, -EBADMSG if the payload is shorter
 * than @n bytes or the header of an attribute is bad, or -EINVAL if @m is NULL. After an error *@to
 * and the table are unchanged.
 */
ANCIL_NODISCARD
int ancil_nl_message_parse(const struct ancil_nl_message *m, void *to, size_t n,
                           struct ancil_nl_attr *table, size_t types) ANCIL_NOTHROW;

/*
 * Reads how a request ended, if this message says so. Two types do: NLMSG_ERROR, which with error 0
 * is an acknowledgement, and NLMSG_DONE with NLM_F_MULTI, the end of a dump. Without that flag,
 * NLMSG_DONE is a message like others, such as an event of the connector. Returns 1 if *@e is the
 * report, 0 if the message is another one, -EBADMSG if an NLMSG_ERROR is too short or a number is
 * not an error number, or -EINVAL if a pointer is NULL. *@e is unchanged unless 1 is returned.
 */
ANCIL_NODISCARD
int ancil_nl_message_report(const struct ancil_nl_message *m,
                            struct ancil_nl_report *e) ANCIL_NOTHROW;

/* Takes one step over attributes. Returns what ancil_nl_message_next does. */
ANCIL_NODISCARD
int ancil_nl_attr_next(struct ancil_nl_reader *r, struct ancil_nl_attr *a) ANCIL_NOTHROW;

/*
 * Looks for the first attribute of this type, whatever its flags, among those that the walk has not
 * passed yet. The walk does not move. Returns 1 if *@a is the attribute, 0 if there is none,
 * -EBADMSG if a bad header comes before such an attribute, or -EINVAL if a pointer is NULL. *@a is
 * unchanged unless 1 is returned.
 */
ANCIL_NODISCARD
int ancil_nl_attr_find(const struct ancil_nl_reader *r, ancil_u16 type,
                       struct ancil_nl_attr *a) ANCIL_NOTHROW;

/*
 * Looks for the attributes of all types below @types: table[type] becomes the first attribute of
 * that type, whatever its flags. The entry of a type without an attribute has the data NULL and the
 * len 0. Only attributes that the walk has not passed yet are found. The walk does not move.
 * Returns 0, -EBADMSG if a header is bad, or -EINVAL if @r is NULL. After an error the table is
 * unchanged.
 */
ANCIL_NODISCARD
int ancil_nl_attr_parse(const struct ancil_nl_reader *r, struct ancil_nl_attr *table,
                        size_t types) ANCIL_NOTHROW;

/*
 * Copies the number or struct that an attribute carries, in the byte order in which it came.
 * Returns 0, -EBADMSG if the attribute does not have exactly @n bytes, or -EINVAL if @a is NULL.
 * After an error *@to is unchanged.
 */
ANCIL_NODISCARD
int ancil_nl_attr_get(const struct ancil_nl_attr *a, void *to, size_t n) ANCIL_NOTHROW;

/*
 * Copies a struct that has fewer or more fields in other kernels, such as rtnl_link_stats64. If the
 * attribute has fewer than @n bytes, the rest of *@to is zeroed. If the attribute has more, the
 * surplus is ignored. Returns the length of the attribute in bytes, or 0 if @a is NULL.
 */
size_t ancil_nl_attr_copy(const struct ancil_nl_attr *a, void *to, size_t n) ANCIL_NOTHROW;

/*
 * Returns the string that an attribute carries, in place. Returns NULL if the attribute has no NUL,
 * which an attribute that the kernel declares as NLA_STRING may lack: copy such a string with
 * ancil_nl_attr_copy_string, which takes either.
 */
const char *ancil_nl_attr_string(const struct ancil_nl_attr *a) ANCIL_NOTHROW;

/*
 * Copies the string that an attribute carries: its data up to the first NUL, or all of its data if
 * there is no NUL. Like snprintf, writes at most @size bytes, of which the last is a NUL, and
 * returns the length of the whole string. So a result of @size or more means that the copy was cut
 * off. @out may be NULL if @size is 0. The string is empty if @a is NULL.
 */
size_t ancil_nl_attr_copy_string(const struct ancil_nl_attr *a, char *out,
                                 size_t size) ANCIL_NOTHROW;

/* Starts to write into @size bytes at @buf, which may hold anything and have any alignment. */
void ancil_nl_writer_init(struct ancil_nl_writer *w, void *buf, size_t size) ANCIL_NOTHROW;

/*
 * Begins a message with this nlmsg_type, nlmsg_flags and nlmsg_seq. nlmsg_pid is 0, which is right
 * for a request. Returns 0, -ENOBUFS if the header does not fit, or -EINVAL if @w is NULL or a
 * message is open.
 */
int ancil_nl_writer_begin(struct ancil_nl_writer *w, ancil_u16 type, ancil_u16 flags,
                          ancil_u32 seq) ANCIL_NOTHROW;

/*
 * Appends @len bytes, such as the struct of the family, to the open message or nest, at a multiple
 * of 4. Padding is zeroed. Returns 0, -ENOBUFS if the bytes do not fit with their padding, or
 * -EINVAL if @w is NULL, if @data is NULL and @len is not 0, or if no message is open.
 */
int ancil_nl_writer_put(struct ancil_nl_writer *w, const void *data, size_t len) ANCIL_NOTHROW;

/*
 * Appends an attribute with @len bytes of data to the open message or nest. @type is the nla_type
 * with its flags. Returns what ancil_nl_writer_put does, or -EMSGSIZE if @len is more than 65531,
 * the most that an attribute can have.
 */
int ancil_nl_writer_attr(struct ancil_nl_writer *w, ancil_u16 type, const void *data,
                         size_t len) ANCIL_NOTHROW;

/*
 * Begins a nest: an attribute that carries the attributes which are appended until
 * ancil_nl_writer_nest_end. Sets NLA_F_NESTED. Nests can have any depth. Returns 0, -ENOBUFS if the
 * header does not fit, -EMSGSIZE if the nest around it is too long already, or -EINVAL if @w is
 * NULL or no message is open.
 */
int ancil_nl_writer_nest_begin(struct ancil_nl_writer *w, ancil_u16 type) ANCIL_NOTHROW;

/*
 * Ends the innermost nest. Returns 0, -EMSGSIZE if the nest has more than 65535 bytes, or -EINVAL
 * if @w is NULL or no nest is open.
 */
int ancil_nl_writer_nest_end(struct ancil_nl_writer *w) ANCIL_NOTHROW;

/*
 * Drops the innermost nest with all that was appended to it, for instance because it turned out to
 * be empty. Returns 0, or -EINVAL if @w is NULL or no nest is open.
 */
int ancil_nl_writer_nest_cancel(struct ancil_nl_writer *w) ANCIL_NOTHROW;

/*
 * Finishes the open message, unless the writer remembers an error. Returns what
 * ancil_nl_writer_status does. Errors of this call are -EMSGSIZE if the message has 2^32 bytes or
 * more, and -EINVAL if @w is NULL, no message is open, or a nest is open.
 */
ANCIL_NODISCARD int ancil_nl_writer_end(struct ancil_nl_writer *w) ANCIL_NOTHROW;

/*
 * Drops the open message with its nests, if a message is open, and forgets the error, if there was
 * one. The finished messages stay, and the next message can begin.
 */
void ancil_nl_writer_cancel(struct ancil_nl_writer *w) ANCIL_NOTHROW;

/*
 * Returns 0, or the first error since ancil_nl_writer_init or ancil_nl_writer_cancel. Returns
 * -EINVAL if @w is NULL.
 */
ANCIL_NODISCARD int ancil_nl_writer_status(const struct ancil_nl_writer *w) ANCIL_NOTHROW;

/* Returns the length of the finished messages in bytes. They can be sent whatever the status is. */
size_t ancil_nl_writer_finish(const struct ancil_nl_writer *w) ANCIL_NOTHROW;

/* ---- End of what header/ wrote ---- */

#ifdef __cplusplus
}
#endif

#endif /* ANCIL_NETLINK_H */
