/* What the parts of the emulator probe share. */
#ifndef _GNU_SOURCE
#define _GNU_SOURCE
#endif
#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

/* The control message that was received last. */
struct received_message {
    int level, type;
    size_t len;
    unsigned char data[512];
};
extern struct received_message received;

/* Sends bytes, with one control message unless `data` is NULL. Returns what sendmsg returns. */
ssize_t send_bytes(int s, size_t bytes, int level, int type, const void *data, size_t len);

/* Receives at most this many bytes. Returns whether exactly one control message came with them, and
 * was not truncated. */
int receive_one(int s, size_t bytes, int flags);

/* Sends one byte, with one control message unless `data` is NULL, and receives it. Returns whether
 * exactly one control message came with it. */
int round_trip(int from, int to, int level, int type, const void *data, size_t len);

/* Whether the message that was received last is this one. */
int is_received(int level, int type, const void *data, size_t len);

/* The payload of the message that was received last, as an int. */
int int_received(void);

/* Prints the name of a feature, unless it was `right`: unless it behaved as in the kernel. */
void check(const char *name, int right);

/* Returns a UDP socket that is connected to itself, or -1. */
int udp_to_itself(int family);

/* Sets a socket option to 1. Returns whether the option exists. */
int enable(int s, int level, int option);

/* The parts: control messages, netlink, system calls. */
void messages(void);
void netlink(void);
void calls(void);
