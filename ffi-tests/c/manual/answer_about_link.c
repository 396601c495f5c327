#include "example.c"
#include "rtnetlink.h"
#include <sys/ioctl.h>

/* The MTU is the one that an older interface of the kernel returns, and no counter stays unset. */
int main(void)
{
    char request[128];
    struct ifinfomsg link;
    struct ancil_nl_writer w;
    struct rtnl_link_stats64 stats;
    struct ifreq lo;
    ancil_u32 mtu = 0;
    const int s = rtnetlink(), udp = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
    int status = 0;

    memset(&link, 0, sizeof link);
    link.ifi_index = (int)if_nametoindex("lo");
    ancil_nl_writer_init(&w, request, sizeof request);
    ancil_nl_writer_begin(&w, RTM_GETLINK, NLM_F_REQUEST | NLM_F_ACK, 1);
    ancil_nl_writer_put(&w, &link, sizeof link);
    CHECK(ancil_nl_writer_end(&w) == 0);
    CHECK(send(s, request, ancil_nl_writer_finish(&w), 0) > 0);
    memset(&stats, 0xff, sizeof stats);
    while (status == 0)
        status = answer_about_link(s, &mtu, &stats);
    memset(&lo, 0, sizeof lo);
    strcpy(lo.ifr_name, "lo");
    CHECK(udp >= 0 && ioctl(udp, SIOCGIFMTU, &lo) == 0);
    CHECK(status == 1 && mtu == (ancil_u32)lo.ifr_mtu);
    CHECK(~stats.rx_packets != 0 && stats.rx_packets == stats.tx_packets);
    CHECK(answer_about_link(-1, &mtu, &stats) == -EBADF);
    return 0;
}
