/*
 * Checks the netlink calls one by one: what each does with NULL, with what is too long, and with
 * what the kernel may send. Run by tests/netlink.rs, with sanitizers.
 */
#include <ancil.h>
#include "check.h"

#include <errno.h>
#include <limits.h>
#include <linux/if_link.h>
#include <linux/netlink.h>
#include <linux/rtnetlink.h>
#include <stdint.h>
#include <string.h>

static void null_is_empty(void)
{
    unsigned char buffer[20];
    char text[2] = "x";
    uint32_t number = 1;
    struct ancil_nl_reader r;
    struct ancil_nl_message m;
    struct ancil_nl_attr a;
    struct ancil_nl_writer w;

    ancil_nl_reader_init(NULL, NULL, 0);
    ancil_nl_reader_received(NULL, NULL, 0, 0);
    ancil_nl_reader_init(&r, NULL, 99);
    CHECK(ancil_nl_message_next(&r, &m) == 0 && ancil_nl_attr_next(&r, &a) == 0);
    CHECK(ancil_nl_answer_next(&r, 1, &m) == 0 && ancil_nl_reader_status(&r) == 0);
    CHECK(ancil_nl_message_next(NULL, &m) == -EINVAL && ancil_nl_message_next(&r, NULL) == -EINVAL);
    CHECK(ancil_nl_answer_next(NULL, 1, &m) == -EINVAL);
    CHECK(ancil_nl_answer_next(&r, 1, NULL) == -EINVAL && ancil_nl_reader_status(NULL) == -EINVAL);
    CHECK(ancil_nl_attr_next(NULL, &a) == -EINVAL && ancil_nl_attr_next(&r, NULL) == -EINVAL);
    CHECK(ancil_nl_attr_find(NULL, 1, &a) == -EINVAL && ancil_nl_attr_find(&r, 1, &a) == 0);
    CHECK(ancil_nl_attr_parse(NULL, &a, 1) == -EINVAL && ancil_nl_attr_parse(&r, NULL, 9) == 0);
    CHECK(ancil_nl_message_split(NULL, NULL, 0, NULL) == -EINVAL);
    CHECK(ancil_nl_message_parse(NULL, NULL, 0, NULL, 0) == -EINVAL);
    CHECK(ancil_nl_message_report(NULL, NULL) == -EINVAL);
    CHECK(ancil_nl_attr_get(NULL, NULL, 0) == -EINVAL && ancil_nl_attr_string(NULL) == NULL);
    CHECK(ancil_nl_attr_copy(NULL, &number, sizeof number) == 0 && number == 0);
    CHECK(ancil_nl_attr_copy_string(NULL, text, sizeof text) == 0 && text[0] == 0);
    ancil_nl_writer_init(NULL, NULL, 0);
    ancil_nl_writer_init(&w, NULL, 99);
    CHECK(ancil_nl_writer_begin(&w, 1, 1, 1) == -ENOBUFS && ancil_nl_writer_finish(&w) == 0);
    CHECK(ancil_nl_writer_begin(NULL, 1, 1, 1) == -EINVAL && ancil_nl_writer_finish(NULL) == 0);
    CHECK(ancil_nl_writer_end(NULL) == -EINVAL && ancil_nl_writer_status(NULL) == -EINVAL);
    ancil_nl_writer_cancel(NULL);
    ancil_nl_writer_init(&w, buffer, sizeof buffer);
    CHECK(ancil_nl_writer_begin(&w, 1, 1, 1) == 0 && ancil_nl_writer_attr(&w, 1, NULL, 0) == 0);
    CHECK(ancil_nl_writer_put(&w, NULL, 0) == 0 && ancil_nl_writer_put(&w, NULL, 1) == -EINVAL);
    ancil_nl_writer_cancel(&w);
    CHECK(ancil_nl_writer_begin(&w, 1, 1, 1) == 0 && ancil_nl_writer_attr(&w, 1, NULL, 0) == 0);
    CHECK(ancil_nl_writer_finish(&w) == 0 && ancil_nl_writer_end(&w) == 0);
    CHECK(ancil_nl_writer_finish(&w) == 20);
}

static void reports(void)
{
    struct { struct nlmsgerr error; char words[8]; } failed = {
        { -ENODEV, { 16, RTM_GETLINK, 1, 7, 0 } }, "",
    };
    struct ancil_nl_message m = { { 0, NLMSG_ERROR, NLM_F_CAPPED, 7, 0 }, &failed, sizeof failed };
    struct ancil_nl_report e;
    struct ancil_nl_attr a;
    const struct nlattr words = { 8, NLMSGERR_ATTR_MSG };

    memcpy(failed.words, &words, sizeof words);
    memcpy(failed.words + 4, "bad", 4);
    CHECK(ancil_nl_message_report(&m, &e) == 1 && e.error == -ENODEV && e.seq == 7);
    CHECK(ancil_nl_attr_next(&e.attrs, &a) == 0);
    m.header.nlmsg_flags |= NLM_F_ACK_TLVS;
    CHECK(ancil_nl_message_report(&m, &e) == 1);
    CHECK(ancil_nl_attr_find(&e.attrs, NLMSGERR_ATTR_MSG, &a) == 1);
    CHECK(strcmp(ancil_nl_attr_string(&a), "bad") == 0);
    failed.error.error = 1;
    CHECK(ancil_nl_message_report(&m, &e) == -EBADMSG && e.error == -ENODEV);
    failed.error.error = 0;
    CHECK(ancil_nl_message_report(&m, &e) == 1 && e.error == 0);
    m.len = sizeof failed.error - 1;
    CHECK(ancil_nl_message_report(&m, &e) == -EBADMSG);
    /* The end of a dump has NLM_F_MULTI, and may be too short for an error. */
    m.header.nlmsg_type = NLMSG_DONE;
    failed.error.error = -EPERM;
    CHECK(ancil_nl_message_report(&m, &e) == 0);
    m.header.nlmsg_flags |= NLM_F_MULTI;
    CHECK(ancil_nl_message_report(&m, &e) == 1 && e.error == -EPERM);
    for (m.len = 0; m.len < 4; m.len++) {
        CHECK(ancil_nl_message_report(&m, &e) == 1 && e.error == 0);
    }
    m.header.nlmsg_type = RTM_NEWLINK;
    CHECK(ancil_nl_message_report(&m, &e) == 0);
}

enum { SIZE = 3 << 16 };
static unsigned char buffer[SIZE], before[SIZE], data[65532];

/* Checks that a call failed and changed no byte, and that the writer can go on after a cancel. */
static void refused(struct ancil_nl_writer *w, int status, int expected)
{
    CHECK(status == expected && ancil_nl_writer_status(w) == expected);
    CHECK(memcmp(buffer, before, SIZE) == 0);
    CHECK(ancil_nl_writer_attr(w, 1, NULL, 0) == expected && ancil_nl_writer_end(w) == expected);
    CHECK(memcmp(buffer, before, SIZE) == 0 && ancil_nl_writer_finish(w) == 20);
    ancil_nl_writer_cancel(w);
    CHECK(ancil_nl_writer_status(w) == 0 && memcmp(buffer, before, SIZE) == 0);
    CHECK(ancil_nl_writer_begin(w, 1, 1, 1) == 0 && ancil_nl_writer_put(w, data, 1) == 0);
    CHECK(ancil_nl_writer_nest_begin(w, 1) == 0 && ancil_nl_writer_attr(w, 1, data, 4) == 0);
    memcpy(before, buffer, SIZE);
}

/* Every error of every call, after one finished message and with a message and a nest open. */
static void every_error(void)
{
    struct ancil_nl_writer w;

    memset(buffer, 0xaa, SIZE);
    ancil_nl_writer_init(&w, buffer, SIZE - 1);
    CHECK(ancil_nl_writer_begin(&w, 1, 1, 1) == 0 && ancil_nl_writer_put(&w, data, 3) == 0);
    CHECK(ancil_nl_writer_end(&w) == 0 && ancil_nl_writer_finish(&w) == 20);
    memcpy(before, buffer, SIZE);
    /* Between messages. */
    refused(&w, ancil_nl_writer_put(&w, data, 1), -EINVAL);
    refused(&w, ancil_nl_writer_begin(&w, 1, 1, 1), -EINVAL);
    refused(&w, ancil_nl_writer_put(&w, NULL, 1), -EINVAL);
    refused(&w, ancil_nl_writer_put(&w, data, SIZE - 52), -ENOBUFS);
    refused(&w, ancil_nl_writer_put(&w, data, SIZE_MAX), -ENOBUFS);
    refused(&w, ancil_nl_writer_attr(&w, 1, NULL, 1), -EINVAL);
    refused(&w, ancil_nl_writer_attr(&w, 1, data, sizeof data), -EMSGSIZE);
    refused(&w, ancil_nl_writer_attr(&w, 1, data, SIZE_MAX), -EMSGSIZE);
    refused(&w, ancil_nl_writer_end(&w), -EINVAL); /* the nest is open */

    CHECK(ancil_nl_writer_attr(&w, 1, data, 65531) == 0);
    memcpy(before, buffer, SIZE);
    refused(&w, ancil_nl_writer_nest_begin(&w, 1), -EMSGSIZE);
    CHECK(ancil_nl_writer_attr(&w, 1, data, 65531) == 0);
    memcpy(before, buffer, SIZE);
    refused(&w, ancil_nl_writer_nest_end(&w), -EMSGSIZE);
    CHECK(ancil_nl_writer_put(&w, data, 60000) == 0 && ancil_nl_writer_put(&w, data, 65000) == 0);
    memcpy(before, buffer, SIZE);
    refused(&w, ancil_nl_writer_nest_begin(&w, 1), -EMSGSIZE);

    CHECK(ancil_nl_writer_nest_end(&w) == 0 && ancil_nl_writer_put(&w, data, 65532) == 0);
    CHECK(ancil_nl_writer_put(&w, data, 65532) == 0 && w.len == 52 + 2 * 65532);
    memcpy(before, buffer, SIZE);
    refused(&w, ancil_nl_writer_attr(&w, 1, data, 65528), -ENOBUFS);
    CHECK(ancil_nl_writer_nest_end(&w) == 0);
    memcpy(before, buffer, SIZE);
    refused(&w, ancil_nl_writer_nest_end(&w), -EINVAL);
    CHECK(ancil_nl_writer_nest_cancel(&w) == 0 && w.len == 37);
    memcpy(before, buffer, SIZE);
    refused(&w, ancil_nl_writer_nest_cancel(&w), -EINVAL);
    /* Three bytes are left, fewer than the header of a nest. */
    CHECK(ancil_nl_writer_nest_cancel(&w) == 0);
    while (SIZE - 40 - w.len > 65532)
        CHECK(ancil_nl_writer_put(&w, data, 65532) == 0);
    CHECK(ancil_nl_writer_put(&w, data, SIZE - 4 - ANCIL_NLMSG_ALIGN(w.len)) == 0);
    memcpy(before, buffer, SIZE);
    refused(&w, ancil_nl_writer_nest_begin(&w, 1), -ENOBUFS);
}

/* A buffer that fills up: what is finished is sent, and what did not fit is written again. */
static void batches(void)
{
    struct ancil_nl_writer w;
    unsigned char small[100];
    uint32_t seq = 1;
    size_t sent = 0, batches = 0;

    ancil_nl_writer_init(&w, small, sizeof small);
    while (seq <= 10) {
        ancil_nl_writer_begin(&w, RTM_NEWLINK, NLM_F_REQUEST, seq);
        ancil_nl_writer_attr(&w, 1, "hello", 6);
        if (ancil_nl_writer_end(&w) == 0) {
            seq++;
        } else {
            CHECK(ancil_nl_writer_status(&w) == -ENOBUFS && ancil_nl_writer_finish(&w) == 84);
            sent += ancil_nl_writer_finish(&w), batches++;
            ancil_nl_writer_init(&w, small, sizeof small);
        }
    }
    CHECK(batches == 3 && ancil_nl_writer_finish(&w) == 28 && sent == 9 * 28);
}

/* Attributes whose struct, number or string is shorter or longer than what is asked for. */
static void copies(void)
{
    struct ancil_nl_attr a = { IFLA_STATS64, 0, "abcdefgh", 8 };
    unsigned char to[12];
    char text[8];

    memset(to, 0xaa, sizeof to);
    CHECK(ancil_nl_attr_get(&a, to, 7) == -EBADMSG && ancil_nl_attr_get(&a, to, 9) == -EBADMSG);
    CHECK(to[0] == 0xaa);
    CHECK(ancil_nl_attr_copy(&a, to, 4) == 8 && memcmp(to, "abcd\xaa", 5) == 0);
    CHECK(ancil_nl_attr_copy(&a, to, 8) == 8 && memcmp(to, "abcdefgh\xaa", 9) == 0);
    CHECK(ancil_nl_attr_copy(&a, to, 11) == 8 && memcmp(to, "abcdefgh\0\0\0\xaa", 12) == 0);
    CHECK(ancil_nl_attr_copy(&a, NULL, 11) == 8 && ancil_nl_attr_copy(&a, to, 0) == 8);

    CHECK(ancil_nl_attr_string(&a) == NULL);
    memset(text, 'x', sizeof text);
    CHECK(ancil_nl_attr_copy_string(&a, text, sizeof text) == 8 && strcmp(text, "abcdefg") == 0);
    CHECK(ancil_nl_attr_copy_string(&a, text, 1) == 8 && strcmp(text, "") == 0);
    CHECK(text[1] == 'b' && ancil_nl_attr_copy_string(&a, text, 0) == 8 && text[1] == 'b');
    CHECK(ancil_nl_attr_copy_string(&a, NULL, 0) == 8);
    a.len = 7; /* exactly the size of the buffer, with the NUL */
    CHECK(ancil_nl_attr_copy_string(&a, text, sizeof text) == 7 && strcmp(text, "abcdefg") == 0);
    a.data = "lo\0more", a.len = 7;
    memset(text, 'x', sizeof text);
    CHECK(ancil_nl_attr_copy_string(&a, text, sizeof text) == 2 && strcmp(text, "lo") == 0);
    CHECK(text[3] == 'x' && strcmp(ancil_nl_attr_string(&a), "lo") == 0);
    a.len = 0;
    CHECK(ancil_nl_attr_copy_string(&a, text, sizeof text) == 0 && strcmp(text, "") == 0);
    CHECK(ancil_nl_attr_string(&a) == NULL);
}

static void tables(void)
{
    unsigned char bytes[44];
    char front[5] = "";
    struct ancil_nl_writer w;
    struct ancil_nl_reader r;
    struct ancil_nl_message m;
    struct ancil_nl_attr table[5], a;

    ancil_nl_writer_init(&w, bytes, sizeof bytes);
    ancil_nl_writer_begin(&w, 1, 1, 1);
    ancil_nl_writer_put(&w, "abcd", 4);
    ancil_nl_writer_attr(&w, NLA_F_NESTED | 3, "ab", 2);
    ancil_nl_writer_attr(&w, 3, "second", 4);
    ancil_nl_writer_attr(&w, 1, NULL, 0);
    ancil_nl_writer_attr(&w, 5, NULL, 0);
    CHECK(ancil_nl_writer_end(&w) == 0 && ancil_nl_writer_finish(&w) == 44);
    ancil_nl_reader_init(&r, bytes + 20, 24);
    CHECK(ancil_nl_attr_parse(&r, table, 5) == 0);
    for (unsigned type = 0; type < 5; type++) {
        const int found = ancil_nl_attr_find(&r, (uint16_t)type, &a);

        CHECK(found == (type == 1 || type == 3) && (table[type].data != NULL) == found);
        CHECK(table[type].len == (type == 3 ? 2 : 0) && table[type].type == (found ? type : 0));
        CHECK(!found || (table[type].data == a.data && table[type].flags == a.flags));
    }
    CHECK(ancil_nl_attr_next(&r, &a) == 1 && a.type == 3 && a.len == 2);
    CHECK(ancil_nl_attr_parse(&r, table, 5) == 0 && table[3].len == 4); /* the rest of the walk */
    CHECK(ancil_nl_attr_parse(&r, table, 0) == 0 && table[3].len == 4);
    ancil_nl_reader_init(&r, bytes + 20, 11); /* cuts off the second attribute */
    CHECK(ancil_nl_attr_parse(&r, table, 5) == 0 && table[3].len == 2 && table[1].data == NULL);
    ancil_nl_reader_init(&r, bytes + 20, 15);
    CHECK(ancil_nl_attr_parse(&r, table, 2) == -EBADMSG && table[3].len == 2);
    CHECK(ancil_nl_attr_find(&r, 3, &a) == 1 && ancil_nl_attr_find(&r, 1, &a) == -EBADMSG);

    ancil_nl_reader_init(&r, bytes, sizeof bytes);
    CHECK(ancil_nl_message_next(&r, &m) == 1);
    CHECK(ancil_nl_message_parse(&m, front, 4, table, 2) == 0 && strcmp(front, "abcd") == 0);
    CHECK(table[0].data == NULL && table[1].data != NULL && table[3].len == 2);
    CHECK(ancil_nl_message_parse(&m, NULL, 4, NULL, 9) == 0);
    front[0] = 'x', table[0] = table[1];
    CHECK(ancil_nl_message_parse(&m, front, 29, table, 2) == -EBADMSG);
    m.len = 4 + 15;
    CHECK(ancil_nl_message_parse(&m, front, 4, table, 2) == -EBADMSG);
    CHECK(front[0] == 'x' && table[0].data != NULL);
}

static void received(void)
{
    const struct nlmsghdr header = { 16, RTM_NEWLINK, 0, 1, 0 };
    struct ancil_nl_reader r;
    struct ancil_nl_message m;

    ancil_nl_reader_received(&r, &header, sizeof header, 16);
    CHECK(ancil_nl_message_next(&r, &m) == 1 && ancil_nl_message_next(&r, &m) == 0);
    CHECK(ancil_nl_reader_status(&r) == 0);
    ancil_nl_reader_received(&r, &header, sizeof header, 17);
    CHECK(ancil_nl_message_next(&r, &m) == 0 && ancil_nl_reader_status(&r) == -EMSGSIZE);
    CHECK(ancil_nl_answer_next(&r, 1, &m) == 0 && ancil_nl_reader_status(&r) == -EMSGSIZE);
    ancil_nl_reader_received(&r, &header, sizeof header, -ENOBUFS);
    CHECK(ancil_nl_message_next(&r, &m) == 0 && ancil_nl_reader_status(&r) == -ENOBUFS);
    ancil_nl_reader_received(&r, &header, sizeof header, 0);
    CHECK(ancil_nl_message_next(&r, &m) == 0 && ancil_nl_reader_status(&r) == 0);
}

/* Appends a message with a number as its payload. */
static void message(struct ancil_nl_writer *w, uint16_t type, uint16_t flags, uint32_t seq, int n)
{
    ancil_nl_writer_begin(w, type, flags, seq);
    ancil_nl_writer_put(w, &n, sizeof n);
    CHECK(ancil_nl_writer_end(w) == 0);
}

/* Reads the answer to request 7. Returns the status, or a message's type if that is 0. */
static int answer(const struct ancil_nl_writer *w, unsigned messages)
{
    struct ancil_nl_reader r;
    struct ancil_nl_message m = { { 0, 0, 0, 0, 0 }, NULL, 0 };
    unsigned found = 0;

    ancil_nl_reader_init(&r, w->buf, ancil_nl_writer_finish(w));
    ANCIL_NL_FOR_EACH_ANSWER(&m, &r, 7) {
        CHECK(m.header.nlmsg_type == RTM_NEWLINK && m.header.nlmsg_seq == 7 && m.len == 4);
        found++;
    }
    CHECK(found == messages);
    CHECK(ancil_nl_answer_next(&r, 7, &m) == 0); /* and the status stays */
    return ancil_nl_reader_status(&r);
}

static void answers(void)
{
    unsigned char bytes[200], event[20];
    struct nlmsgerr refusal = { -EPERM, { 16, RTM_GETLINK, 1, 7, 0 } };
    struct ancil_nl_writer w, part;
    struct ancil_nl_reader r;
    struct ancil_nl_message m;

    ancil_nl_writer_init(&w, bytes, sizeof bytes);
    CHECK(answer(&w, 0) == 0);
    message(&w, RTM_NEWLINK, NLM_F_MULTI, 7, 1);
    message(&w, RTM_NEWLINK, NLM_F_DUMP_INTR, 6, 1); /* of another request, as the next one */
    message(&w, NLMSG_DONE, NLM_F_MULTI, 6, -EPERM);
    message(&w, RTM_NEWLINK, NLM_F_MULTI, 7, 2);
    CHECK(answer(&w, 2) == 0);
    part = w;
    message(&w, NLMSG_DONE, NLM_F_MULTI, 7, 0);
    CHECK(answer(&w, 2) == 1);
    w = part;
    message(&w, NLMSG_DONE, NLM_F_MULTI, 7, -EPERM);
    CHECK(answer(&w, 2) == -EPERM);
    w = part;
    message(&w, NLMSG_DONE, NLM_F_MULTI, 7, 1);
    CHECK(answer(&w, 2) == -EBADMSG);
    /* Without NLM_F_MULTI, NLMSG_DONE ends nothing, and its payload may be any. */
    ancil_nl_writer_init(&w, event, sizeof event);
    message(&w, NLMSG_DONE, 0, 7, 1);
    ancil_nl_reader_init(&r, event, ancil_nl_writer_finish(&w));
    CHECK(ancil_nl_answer_next(&r, 7, &m) == 1 && m.header.nlmsg_type == NLMSG_DONE);
    CHECK(ancil_nl_answer_next(&r, 7, &m) == 0 && ancil_nl_reader_status(&r) == 0);
    w = part;
    message(&w, RTM_NEWLINK, NLM_F_MULTI | NLM_F_DUMP_INTR, 7, 3);
    CHECK(answer(&w, 2) == -EINTR);
    w = part;
    message(&w, NLMSG_DONE, NLM_F_MULTI | NLM_F_DUMP_INTR, 7, 0);
    CHECK(answer(&w, 2) == -EINTR);
    w = part;
    ancil_nl_writer_begin(&w, NLMSG_ERROR, NLM_F_CAPPED, 7);
    ancil_nl_writer_put(&w, &refusal, sizeof refusal);
    CHECK(ancil_nl_writer_end(&w) == 0 && answer(&w, 2) == -EPERM);
    w = part;
    refusal.error = 0;
    ancil_nl_writer_begin(&w, NLMSG_ERROR, NLM_F_CAPPED, 7);
    ancil_nl_writer_put(&w, &refusal, sizeof refusal);
    CHECK(ancil_nl_writer_end(&w) == 0 && answer(&w, 2) == 1);
    w = part;
    message(&w, RTM_NEWLINK, 0, 7, 3);
    CHECK(answer(&w, 3) == 0);
    bytes[80] = 15; /* nlmsg_len of the last message, whatever the byte order */
    bytes[83] = 15;
    CHECK(answer(&w, 2) == -EBADMSG);
}

int main(void)
{
    null_is_empty();
    reports();
    every_error();
    batches();
    copies();
    tables();
    received();
    answers();
    puts("netlink: every call");
    return 0;
}
