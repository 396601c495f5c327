/*
 * What ../dump.c does for three kinds of messages, with the macros of cmsg(3). Of all others, this
 * program prints numbers.
 * SPDX-License-Identifier: MIT OR Apache-2.0 OR CC0-1.0
 */
#define _GNU_SOURCE
#include <err.h>
#include <netinet/in.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>

static void show_fds(const struct cmsghdr *c)
{
    int fd;

    printf("cmsg_level=SOL_SOCKET, cmsg_type=SCM_RIGHTS, cmsg_data=[");
    for (size_t at = 0; CMSG_LEN(at + sizeof fd) <= c->cmsg_len; at += sizeof fd) {
        memcpy(&fd, CMSG_DATA(c) + at, sizeof fd);
        printf("%s%d", at > 0 ? ", " : "", fd);
    }
    printf("]");
}

static void show(const struct cmsghdr *c)
{
    struct ucred from;
    int ttl;

    if (c->cmsg_level == SOL_SOCKET && c->cmsg_type == SCM_RIGHTS) {
        show_fds(c);
    } else if (c->cmsg_level == SOL_SOCKET && c->cmsg_type == SCM_CREDENTIALS
               && c->cmsg_len == CMSG_LEN(sizeof from)) {
        memcpy(&from, CMSG_DATA(c), sizeof from);
        printf("cmsg_level=SOL_SOCKET, cmsg_type=SCM_CREDENTIALS, ");
        printf("cmsg_data={pid=%d, uid=%u, gid=%u}", from.pid, from.uid, from.gid);
    } else if (c->cmsg_level == IPPROTO_IP && c->cmsg_type == IP_TTL
               && c->cmsg_len == CMSG_LEN(sizeof ttl)) {
        memcpy(&ttl, CMSG_DATA(c), sizeof ttl);
        printf("cmsg_level=SOL_IP, cmsg_type=IP_TTL, cmsg_data=[%d]", ttl);
    } else {
        printf("cmsg_level=%d, cmsg_type=%d, ...", c->cmsg_level, c->cmsg_type);
    }
}

int main(void)
{
    static union {
        struct cmsghdr align;
        unsigned char data[16384];
    } control;
    struct msghdr msg = { .msg_control = control.data };
    unsigned high, low;
    int digits;

    while ((digits = scanf("%1x%1x", &high, &low)) == 2 && msg.msg_controllen < sizeof control.data)
        control.data[msg.msg_controllen++] = (unsigned char)(high << 4 | low);
    if (digits != EOF || ferror(stdin))
        errx(2, "expected a control buffer in hex, at most %zu bytes", sizeof control.data);
    printf("[");
    for (struct cmsghdr *c = CMSG_FIRSTHDR(&msg); c; c = CMSG_NXTHDR(&msg, c)) {
        const size_t at = (size_t)((unsigned char *)c - control.data);

        printf("%s{cmsg_len=%zu", at > 0 ? ", " : "", (size_t)c->cmsg_len);
        if (c->cmsg_len < CMSG_LEN(0) || c->cmsg_len > msg.msg_controllen - at) {
            printf(" /* malformed, at offset %zu */}", at);
            break;
        }
        printf(", ");
        show(c);
        printf("}");
    }
    printf("]\n");
    return 0;
}
