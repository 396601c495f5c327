/*
 * Calls what the guide for C (docs/c.md) defines. The test writes its blocks to guide.h, one after
 * another, and compares what this program prints.
 */
#define _GNU_SOURCE
#include "guide.h"
#include "check.h"

#include <unistd.h>

static void descriptors_are_passed(void)
{
    const int sent[3] = { 0, 1, 2 };
    int s[2], fds[1];

    CHECK(socketpair(AF_UNIX, SOCK_STREAM, 0, s) == 0);
    CHECK(pass(s[0], sent, 3) == -ENOBUFS);
    CHECK(pass(s[0], sent, 2) == 0);
    CHECK(take(s[1], fds, 1) == 1); /* the second is closed */
    CHECK(dup(0) == fds[0] + 1 && close(fds[0] + 1) == 0);
    CHECK(close(fds[0]) == 0 && close(s[0]) == 0 && close(s[1]) == 0);
}

static void messages_are_shown(void)
{
    ANCIL_CONTROL_BUFFER(control, 256);
    struct ticket ticket = { 7, 2 };
    struct msghdr msg = { 0 };
    struct ancil_writer w;

    ancil_writer_init(&w, control.data, sizeof control.data);
    ancil_writer_put_credentials(&w, 812, 1000, 1000);
    ancil_writer_put_int(&w, ANCIL_SOL_IP, ANCIL_IP_TTL, 64);
    put_ticket(&w, &ticket);
    CHECK(ANCIL_ATTACH(&msg, &w) == 0);
    CHECK(show(msg.msg_control, msg.msg_controllen) == 0);
    CHECK(show(msg.msg_control, msg.msg_controllen - 4) == -EBADMSG);
    CHECK(ttl_of(msg.msg_control, msg.msg_controllen) == 64);
    CHECK(ttl_of(NULL, 0) == -ENOMSG);
    memset(&ticket, 0, sizeof ticket);
    CHECK(get_ticket(msg.msg_control, msg.msg_controllen, &ticket) == 0);
    CHECK(ticket.number == 7 && ticket.row == 2 && get_ticket(NULL, 0, &ticket) == -ENOMSG);
    CHECK(payload_with_ancil(&msg) == 12 + 4 + 8 && payload_with_macros(&msg) == 12 + 4 + 8);
}

static void a_datagram_is_answered(void)
{
    const struct timeval patience = { 5, 0 };
    struct sockaddr_in6 addr = { .sin6_family = AF_INET6, .sin6_addr = IN6ADDR_LOOPBACK_INIT };
    struct sockaddr *const name = (struct sockaddr *)&addr;
    socklen_t len = sizeof addr;
    char got[8];
    const int server = socket(AF_INET6, SOCK_DGRAM, 0), client = socket(AF_INET6, SOCK_DGRAM, 0);

    if (server < 0 || client < 0 || bind(server, name, len) < 0) {
        puts("SKIPPED no IPv6 here");
        exit(0);
    }
    CHECK(deliver(server, ANCIL_SOL_IPV6, ANCIL_IPV6_PKTINFO) == 0);
    CHECK(deliver(server, ANCIL_SOL_SOCKET, ANCIL_SCM_RIGHTS) == 0);
    CHECK(deliver(server, ANCIL_SOL_SOCKET, ANCIL_SO_TIMESTAMPING_OLD) == -EINVAL);
    CHECK(getsockname(server, name, &len) == 0 && connect(client, name, len) == 0);
    CHECK(setsockopt(client, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience) == 0);
    CHECK(send(client, "ask", 3, 0) == 3 && answer(server) == 0);
    CHECK(recv(client, got, sizeof got, 0) == 3 && memcmp(got, "ask", 3) == 0);
    CHECK(close(server) == 0 && close(client) == 0);
}

/* With an argument, only the datagram. */
int main(int argc, char **argv)
{
    (void)argv;
    if (argc > 1) {
        a_datagram_is_answered();
        return 0;
    }
    descriptors_are_passed();
    messages_are_shown();
    return 0;
}
