#include "example.c"
#include "rtnetlink.h"

/* The kernel answers about the interface that was asked for, and knows no other name. */
int main(void)
{
    char buf[8192];
    struct ifinfomsg link;
    struct ancil_nl_reader r;
    struct ancil_nl_message m;
    const int s = rtnetlink();
    size_t len = ask(buf, sizeof buf, "lo"), answers = 0;
    ssize_t n;
    int status = 0;

    CHECK(ask(buf, len - 1, "lo") == 0 && ask(buf, len, "lo") == len);
    CHECK(send(s, buf, len, 0) == (ssize_t)len);
    while (status == 0) {
        n = recv(s, buf, sizeof buf, MSG_TRUNC);
        ancil_nl_reader_received(&r, buf, sizeof buf, n < 0 ? -errno : n);
        ANCIL_NL_FOR_EACH_ANSWER(&m, &r, 1) {
            CHECK(ancil_nl_message_split(&m, &link, sizeof link, NULL) == 0);
            CHECK(link.ifi_index == (int)if_nametoindex("lo"));
            answers++;
        }
        status = ancil_nl_reader_status(&r);
    }
    CHECK(status == 1 && answers == 1);
    len = ask(buf, sizeof buf, "nobody has this");
    CHECK(send(s, buf, len, 0) == (ssize_t)len);
    n = recv(s, buf, sizeof buf, MSG_TRUNC);
    ancil_nl_reader_received(&r, buf, sizeof buf, n < 0 ? -errno : n);
    CHECK(ancil_nl_answer_next(&r, 1, &m) == -ENODEV);
    return 0;
}
