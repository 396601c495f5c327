/*
 * Reads a dump of links in C: with the kernel's macros, with libmnl, and with libancil. Each visits
 * every attribute, also of the nests, and returns the number of attributes, the MTUs and the
 * lengths of the names, all added up; or -1 if something is malformed.
 */
#include <ancil/netlink.h>
#include <libmnl/libmnl.h>
#include <linux/if_link.h>
#include <linux/rtnetlink.h>
#include <stdint.h>
#include <string.h>
#include <sys/socket.h>

enum { TOP, IN_LINKINFO, IN_AF_SPEC, LEAVES };

/* Returns what the attributes in an attribute of this type are, or -1 if there are none. */
static inline int nested(int level, int type)
{
    if (level == TOP)
        return type == IFLA_LINKINFO ? IN_LINKINFO : type == IFLA_AF_SPEC ? IN_AF_SPEC : -1;
    if (level == IN_LINKINFO)
        return type == IFLA_INFO_DATA ? LEAVES : -1;
    return level == IN_AF_SPEC ? LEAVES : -1;
}

/* Adds what an attribute of a link says. Returns whether its length is right. */
static inline int decode(int level, int type, const void *data, size_t len, uint64_t *sum)
{
    uint32_t mtu;

    *sum += 1;
    if (level != TOP)
        return 1;
    if (type == IFLA_MTU) {
        if (len != sizeof mtu)
            return 0;
        memcpy(&mtu, data, sizeof mtu);
        *sum += mtu;
    } else if (type == IFLA_IFNAME) {
        const char *const end = memchr(data, 0, len);

        if (end == NULL)
            return 0;
        *sum += (size_t)(end - (const char *)data);
    }
    return 1;
}

static int macros(int level, struct rtattr *a, int len, uint64_t *sum)
{
    for (; RTA_OK(a, len); a = RTA_NEXT(a, len)) {
        const int type = a->rta_type & NLA_TYPE_MASK, inner = nested(level, type);

        if (!decode(level, type, RTA_DATA(a), RTA_PAYLOAD(a), sum))
            return 0;
        if (inner >= 0 && !macros(inner, RTA_DATA(a), (int)RTA_PAYLOAD(a), sum))
            return 0;
    }
    return 1;
}

uint64_t c_links_macros(void *datagram, size_t size)
{
    struct nlmsghdr *h = datagram;
    int len = (int)size;
    uint64_t sum = 0;

    for (; NLMSG_OK(h, len); h = NLMSG_NEXT(h, len)) {
        if (h->nlmsg_type != RTM_NEWLINK)
            continue;
        if (h->nlmsg_len < NLMSG_LENGTH(sizeof (struct ifinfomsg)))
            return UINT64_MAX;
        if (!macros(TOP, IFLA_RTA(NLMSG_DATA(h)), (int)IFLA_PAYLOAD(h), &sum))
            return UINT64_MAX;
    }
    return sum;
}

struct place {
    int level;
    uint64_t *sum;
};

static int mnl(const struct nlattr *a, void *to)
{
    struct place *p = to;
    const int type = mnl_attr_get_type(a), inner = nested(p->level, type);
    struct place nest = { inner, p->sum };

    if (!decode(p->level, type, mnl_attr_get_payload(a), mnl_attr_get_payload_len(a), p->sum))
        return MNL_CB_ERROR;
    return inner < 0 ? MNL_CB_OK : mnl_attr_parse_nested(a, mnl, &nest);
}

uint64_t c_links_mnl(void *datagram, size_t size)
{
    struct nlmsghdr *h = datagram;
    int len = (int)size;
    uint64_t sum = 0;
    struct place top = { TOP, &sum };

    for (; mnl_nlmsg_ok(h, len); h = mnl_nlmsg_next(h, &len)) {
        if (h->nlmsg_type != RTM_NEWLINK)
            continue;
        if (mnl_nlmsg_get_payload_len(h) < sizeof (struct ifinfomsg))
            return UINT64_MAX;
        if (mnl_attr_parse(h, sizeof (struct ifinfomsg), mnl, &top) != MNL_CB_OK)
            return UINT64_MAX;
    }
    return sum;
}

static int ancil(int level, struct ancil_nl_reader *r, uint64_t *sum)
{
    struct ancil_nl_attr a;

    ANCIL_NL_FOR_EACH_ATTR(&a, r) {
        const int inner = nested(level, a.type);
        struct ancil_nl_reader nest;

        if (!decode(level, a.type, a.data, a.len, sum))
            return 0;
        if (inner < 0)
            continue;
        ancil_nl_reader_init(&nest, a.data, a.len);
        if (!ancil(inner, &nest, sum))
            return 0;
    }
    return ancil_nl_reader_status(r) == 0;
}

uint64_t c_links_ancil(void *datagram, size_t size)
{
    struct ancil_nl_reader r, attrs;
    struct ancil_nl_message m;
    struct ifinfomsg link;
    uint64_t sum = 0;

    ancil_nl_reader_init(&r, datagram, size);
    ANCIL_NL_FOR_EACH(&m, &r) {
        if (m.header.nlmsg_type != RTM_NEWLINK)
            continue;
        if (ancil_nl_message_split(&m, &link, sizeof link, &attrs) != 0)
            return UINT64_MAX;
        if (!ancil(TOP, &attrs, &sum))
            return UINT64_MAX;
    }
    return ancil_nl_reader_status(&r) == 0 ? sum : UINT64_MAX;
}
