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

/* The control message that arrived last. */
struct arrived {
    int level, type;
    size_t len;
    unsigned char data[512];
};
extern struct arrived got;

/* Sends bytes, with one control message if it has data; what sendmsg says. */
ssize_t sends(int s, size_t bytes, int level, int type, const void *data, size_t len);

/* Receives at most this many bytes. Whether there was just one control message, and whole. */
int receives(int s, size_t bytes, int flags);

/* One byte, and this control message if it has data: sent, and whether there was just one with it. */
int there_and_back(int from, int to, int level, int type, const void *data, size_t len);

/* Whether that was it. */
int same(int level, int type, const void *data, size_t len);

/* The int that came with it. */
int got_int(void);

/* Prints the name of what is not right. */
void says(const char *name, int right);

/* A UDP socket that is connected to itself. */
int mirror(int family);

int switched_on(int s, int level, int option);

/* The parts: control messages, netlink, system calls. */
void messages(void);
void netlink(void);
void calls(void);
