/*
 * ancil/message.h: what a control message says, decoded, and the option that switches it on.
 * SPDX-License-Identifier: MIT OR Apache-2.0
 */
#ifndef ANCIL_MESSAGE_H
#define ANCIL_MESSAGE_H

#include "payload.h"

#ifdef __cplusplus
extern "C" {
#endif

/* ---- Written by header/, do not edit: ANCIL_UPDATE_HEADER=1 cargo build --features header ---- */

/* The numbers in struct ancil_error. */
#define ANCIL_SO_EE_ORIGIN_NONE 0 /* Nobody reports: the kernel does not send it. */
#define ANCIL_SO_EE_ORIGIN_LOCAL 1 /* This machine reports. */
#define ANCIL_SO_EE_ORIGIN_ICMP 2 /* An ICMP message reports. */
#define ANCIL_SO_EE_ORIGIN_ICMP6 3 /* An ICMPv6 message reports. */
#define ANCIL_SO_EE_ORIGIN_TXSTATUS 4 /* Not an error: a status or a time comes with it. */
#define ANCIL_SO_EE_ORIGIN_TIMESTAMPING 4 /* SO_EE_ORIGIN_TXSTATUS by another name. */
#define ANCIL_SO_EE_ORIGIN_ZEROCOPY 5 /* Not an error: MSG_ZEROCOPY sends are done. */
#define ANCIL_SO_EE_ORIGIN_TXTIME 6 /* A packet was not sent at its SCM_TXTIME. */
#define ANCIL_SO_EE_RFC4884_FLAG_INVALID 1 /* In flags of an extension: it is invalid. */
#define ANCIL_SO_EE_CODE_ZEROCOPY_COPIED 1 /* ZEROCOPY: the kernel copied the bytes after all. */
#define ANCIL_SO_EE_CODE_TXTIME_INVALID_PARAM 1 /* TXTIME: the time is invalid. */
#define ANCIL_SO_EE_CODE_TXTIME_MISSED 2 /* TXTIME: it was too late. */
#define ANCIL_SCM_TSTAMP_SND 0 /* When the driver or the device sent it. */
#define ANCIL_SCM_TSTAMP_SCHED 1 /* When it entered the packet scheduler. */
#define ANCIL_SCM_TSTAMP_ACK 2 /* When the peer acknowledged its bytes. */
#define ANCIL_SCM_TSTAMP_COMPLETION 3 /* When the device reported it as sent. */

/* One time of a packet. */
struct ancil_timestamp {
    ancil_i64 seconds;     /* Seconds since 1970, or of the clock of a network device */
    ancil_u32 nanoseconds; /* Nanoseconds of the second: 0 to 999999999 */
    ancil_u32 measured;    /* 1; or 0 if this time was not measured: the other fields are 0, too */
};

/* The three times of a packet: struct scm_timestamping. */
struct ancil_timestamping {
    struct ancil_timestamp software;    /* By the system's clock: measured by the kernel */
    /* By the network device, converted to the system's clock: only before Linux 3.17. */
    struct ancil_timestamp transformed;
    struct ancil_timestamp hardware;    /* By the clock of the network device */
};

/*
 * An entry of a socket's error queue, which recvmsg takes out with MSG_ERRQUEUE. It is not always
 * an error. What @info and @data mean depends on @origin, ANCIL_SO_EE_ORIGIN_*:
 *
 * LOCAL, ICMP, ICMP6: @info is the MTU of the path if @error is EMSGSIZE. ICMP, ICMP6: @data says
 * where an extension is: ancil_get_extension. TIMESTAMPING: @info is ANCIL_SCM_TSTAMP_*, @data the
 * number of the packet (OPT_ID). ZEROCOPY: @info and @data are the numbers of the first and the
 * last send that are done. TXTIME: @info and @data are the lower and the upper half of the packet's
 * SCM_TXTIME.
 */
struct ancil_error {
    int error;            /* An errno, such as ECONNREFUSED. ENOMSG or 0 if nothing failed. */
    int origin;           /* Who reports: ANCIL_SO_EE_ORIGIN_* */
    int type;             /* Type of the ICMP message, if one reports */
    /* Code of the ICMP message, if one reports; otherwise ANCIL_SO_EE_CODE_*. */
    int code;
    ancil_u32 info;       /* See above */
    ancil_u32 data;       /* See above */
    /* Address of the host that reports, in the control buffer, at any alignment; or NULL. */
    const void *offender;
    /* Bytes of that sockaddr_in or sockaddr_in6, whichever its family says; or 0. */
    size_t offender_len;
};

/* Arguments of setsockopt that switch messages on. */
struct ancil_sockopt {
    int level;          /* SOL_SOCKET and others */
    int name;           /* SO_PASSCRED and others */
    ancil_u32 len;      /* Bytes of @value, or 0 if the value is yours to choose */
    /* The value that switches the messages on. Zeros of the same length switch them off. */
    ancil_u8 value[20];
};

/*
 * Reads a message of this level and type whose payload is an int or one byte: IP_TTL, IP_TOS,
 * IPV6_HOPLIMIT, IPV6_TCLASS, UDP_GRO and others. Returns 1 if *@value was set; 0 if @m is another
 * message; -EBADMSG if the payload has a wrong length or value; -EINVAL if a pointer is NULL.
 * Without 1, *@value is unchanged.
 */
int ancil_get_int(const struct ancil_message *m, int level, int type, int *value) ANCIL_NOTHROW;

/* Reads who sent the message: SCM_CREDENTIALS. Returns the same as ancil_get_int. */
int ancil_get_credentials(const struct ancil_message *m, struct ancil_ucred *from) ANCIL_NOTHROW;

/*
 * Reads where a datagram arrived: IP_PKTINFO. Answer from the address ipi_spec_dst. Returns the
 * same as ancil_get_int.
 */
int ancil_get_pktinfo(const struct ancil_message *m, struct ancil_in_pktinfo *info) ANCIL_NOTHROW;

/* Reads where a datagram arrived: IPV6_PKTINFO. Returns the same as ancil_get_int. */
int ancil_get_pktinfo6(const struct ancil_message *m, struct ancil_in6_pktinfo *info) ANCIL_NOTHROW;

/*
 * Reads the time of a packet by the system's clock, since 1970: SO_TIMESTAMP, SO_TIMESTAMPNS or the
 * software time of SO_TIMESTAMPING, old or new. Returns 1 if both values were set; 0 if @m is
 * another message, or has no such time; -EBADMSG if the payload has a wrong length, or a fraction
 * of a second or more; -EINVAL if a pointer is NULL. Without 1, both values are unchanged.
 */
int ancil_get_timestamp(const struct ancil_message *m, ancil_i64 *seconds,
                        ancil_u32 *nanoseconds) ANCIL_NOTHROW;

/*
 * Reads all times of SO_TIMESTAMPING, old or new. Returns the same as ancil_get_int; 0 also for the
 * flags that a program sends under this type.
 */
int ancil_get_timestamping(const struct ancil_message *m,
                           struct ancil_timestamping *times) ANCIL_NOTHROW;

/*
 * Reads an entry of the error queue from the message of any protocol that carries one: IP_RECVERR
 * (with an address or, from TLS and RDS sockets, without one), IPV6_RECVERR, PACKET_TX_TIMESTAMP,
 * BT_SCM_ERROR, SCM_CAN_RAW_ERRQUEUE, SCM_J1939_ERRQUEUE, VSOCK_RECVERR. Returns the same as
 * ancil_get_int.
 */
int ancil_get_error(const struct ancil_message *m, struct ancil_error *error) ANCIL_NOTHROW;

/*
 * Reads where the extension of an ICMP message is in the bytes that recvmsg stored with the entry:
 * RFC 4884, asked for by the socket option IP_RECVERR_RFC4884 or IPV6_RECVERR_RFC4884. Returns 1 if
 * *@to was set; 0 if no ICMP message reports, or it has no extension; -EINVAL if a pointer is NULL.
 * Without 1, *@to is unchanged.
 */
int ancil_get_extension(const struct ancil_error *error,
                        struct ancil_sock_ee_data_rfc4884 *to) ANCIL_NOTHROW;

/*
 * Looks up the socket option that switches messages of this level and type on. Without it, the
 * kernel does not deliver them or, as with SCM_TXTIME, does not accept them. Returns 1 if *@option
 * was set; 0 if there is no option to set; -EINVAL if @option is NULL. Without 1, *@option is
 * unchanged.
 *
 * To switch the messages on: setsockopt(s, o.level, o.name, o.value, o.len).
 *
 * If the option takes flags or a struct, len is 0, which setsockopt refuses: pass a value of your
 * own. SO_TIMESTAMPING takes an int of SOF_TIMESTAMPING_* flags, SO_TXTIME a struct sock_txtime,
 * SO_RDS_MSG_RXPATH_LATENCY a struct rds_rx_trace_so.
 *
 * There is no option for messages that are always delivered, such as SCM_RIGHTS, that are only
 * sent, that are switched on in another way, as TLS_GET_RECORD_TYPE by TCP_ULP, or that this
 * library does not know. Level 0 is SOL_IP here, not SOL_HCI, SOL_IEEE802154 or SOL_MISDN.
 */
int ancil_option(int level, int type, struct ancil_sockopt *option) ANCIL_NOTHROW;

/* ---- End of what header/ wrote ---- */

#ifdef __cplusplus
}
#endif

#endif /* ANCIL_MESSAGE_H */
