//! The numbers of netlink itself: `netlink(7)`, kernel `include/uapi/linux/netlink.h`. Those of its families stand in
//! their headers.
#![forbid(unsafe_code)]

macro_rules! numbers {
    ($ty:ty: $( $words:literal $NAME:ident = $number:expr; )+) => {
        $( #[doc = $words] pub const $NAME: $ty = $number; )+
    };
}

// Families: the third argument of socket(2).
numbers! { i32:
    "Links, addresses, routes, rules, queues: `rtnetlink(7)`." NETLINK_ROUTE = 0;
    "Sockets of the system: `sock_diag(7)`." NETLINK_SOCK_DIAG = 4;
    "IPsec." NETLINK_XFRM = 6;
    "Audit." NETLINK_AUDIT = 9;
    "The kernel connector, for process events among others." NETLINK_CONNECTOR = 11;
    "Netfilter." NETLINK_NETFILTER = 12;
    "Events of devices." NETLINK_KOBJECT_UEVENT = 15;
    "Generic netlink, which numbers its families at run time." NETLINK_GENERIC = 16;
}

// Options of level SOL_NETLINK.
numbers! { i32:
    "Joins a multicast group, by its number." NETLINK_ADD_MEMBERSHIP = 1;
    "Leaves a multicast group." NETLINK_DROP_MEMBERSHIP = 2;
    "Errors do not repeat the payload of the request: [`NLM_F_CAPPED`]. Linux 4.3." NETLINK_CAP_ACK = 10;
    "Errors and acknowledgements carry attributes: [`NLM_F_ACK_TLVS`]. Linux 4.12." NETLINK_EXT_ACK = 11;
    "Requests for dumps are checked strictly. Linux 4.20." NETLINK_GET_STRICT_CHK = 12;
}

// nlmsg_type.
numbers! { u16:
    "Nothing: to be passed over." NLMSG_NOOP = 1;
    "An error, or with error number 0 an acknowledgement: [`Message::report`](super::Message::report)." NLMSG_ERROR = 2;
    "The end of an answer of several messages." NLMSG_DONE = 3;
    "Data was lost. No Linux sends it: a socket whose queue overflows says `ENOBUFS`." NLMSG_OVERRUN = 4;
    "The types below are netlink's own; a family's begin here." NLMSG_MIN_TYPE = 16;
}

// nlmsg_flags of every message.
numbers! { u16:
    "It is a request. The kernel passes over messages without." NLM_F_REQUEST = 0x01;
    "It is part of an answer of several messages, which [`NLMSG_DONE`] ends." NLM_F_MULTI = 0x02;
    "An acknowledgement is wanted." NLM_F_ACK = 0x04;
    "The notification that the request causes is wanted." NLM_F_ECHO = 0x08;
    "Something changed during the dump: it is inconsistent." NLM_F_DUMP_INTR = 0x10;
    "The dump was filtered as requested." NLM_F_DUMP_FILTERED = 0x20;
}

// nlmsg_flags, by what the message is.
numbers! { u16:
    "Of a request to get: the whole table." NLM_F_ROOT = 0x100;
    "Of a request to get: all that match." NLM_F_MATCH = 0x200;
    "Of a request to get: a snapshot. Needs `CAP_NET_ADMIN`, and nothing heeds it." NLM_F_ATOMIC = 0x400;
    "Of a request to get: all there is." NLM_F_DUMP = NLM_F_ROOT | NLM_F_MATCH;
    "Of a request to make something new: replaces what is there." NLM_F_REPLACE = 0x100;
    "Of a request to make something new: fails if it is there." NLM_F_EXCL = 0x200;
    "Of a request to make something new: makes it if it is not there." NLM_F_CREATE = 0x400;
    "Of a request to make something new: adds it at the end of the list." NLM_F_APPEND = 0x800;
    "Of a request to delete: not what is below it." NLM_F_NONREC = 0x100;
    "Of a request to delete: several at once." NLM_F_BULK = 0x200;
    "Of [`NLMSG_ERROR`]: it does not repeat the request's payload." NLM_F_CAPPED = 0x100;
    "Of [`NLMSG_ERROR`] and [`NLMSG_DONE`]: attributes follow." NLM_F_ACK_TLVS = 0x200;
}

// nla_type of the attributes of NLMSG_ERROR: enum nlmsgerr_attrs.
numbers! { u16:
    "What is wrong, in words." NLMSGERR_ATTR_MSG = 1;
    "Offset of the attribute that is wrong, in bytes from the request's header: u32." NLMSGERR_ATTR_OFFS = 2;
    "What the family says about its success." NLMSGERR_ATTR_COOKIE = 3;
    "What the attribute has to be, nested: `enum netlink_policy_type_attr`." NLMSGERR_ATTR_POLICY = 4;
    "Type of the attribute that is missing: u32." NLMSGERR_ATTR_MISS_TYPE = 5;
    "Offset of the nest in which it is missing, in bytes from the request's header: u32." NLMSGERR_ATTR_MISS_NEST = 6;
}

// nla_type.
numbers! { u16:
    "The attribute carries attributes." NLA_F_NESTED = 0x8000;
    "The attribute's number is in network byte order." NLA_F_NET_BYTEORDER = 0x4000;
    "What is left of `nla_type` is the type." NLA_TYPE_MASK = !(NLA_F_NESTED | NLA_F_NET_BYTEORDER);
}
