// SPDX-License-Identifier: MIT OR Apache-2.0
//! The numbers of netlink itself: `netlink(7)`, kernel `include/uapi/linux/netlink.h`.
//!
//! The numbers of a netlink family (`RTM_*`, `IFLA_*`) are in the header of that family.
#![forbid(unsafe_code)]

// Families: the third argument of socket(2).

/// Links, addresses, routes, rules, queues: `rtnetlink(7)`.
pub const NETLINK_ROUTE: i32 = 0;
/// The sockets of the system: `sock_diag(7)`.
pub const NETLINK_SOCK_DIAG: i32 = 4;
/// IPsec.
pub const NETLINK_XFRM: i32 = 6;
/// Audit.
pub const NETLINK_AUDIT: i32 = 9;
/// The kernel connector, which reports process events among others.
pub const NETLINK_CONNECTOR: i32 = 11;
/// Netfilter.
pub const NETLINK_NETFILTER: i32 = 12;
/// Device events.
pub const NETLINK_KOBJECT_UEVENT: i32 = 15;
/// Generic netlink, which numbers its families at run time.
pub const NETLINK_GENERIC: i32 = 16;

// Socket options of level SOL_NETLINK.

/// Joins the multicast group of this number.
pub const NETLINK_ADD_MEMBERSHIP: i32 = 1;
/// Leaves the multicast group of this number.
pub const NETLINK_DROP_MEMBERSHIP: i32 = 2;
/// Keeps errors from repeating the payload of the request: [`NLM_F_CAPPED`]. Since Linux 4.3.
pub const NETLINK_CAP_ACK: i32 = 10;
/// Adds attributes to errors and acknowledgements: [`NLM_F_ACK_TLVS`]. Since Linux 4.12.
pub const NETLINK_EXT_ACK: i32 = 11;
/// Makes the kernel check dump requests strictly. Since Linux 4.20.
pub const NETLINK_GET_STRICT_CHK: i32 = 12;

// nlmsg_type.

/// Nothing: skip the message.
pub const NLMSG_NOOP: u16 = 1;
/// An error, or an acknowledgement if its error number is 0:
/// [`Message::report`](super::Message::report).
pub const NLMSG_ERROR: u16 = 2;
/// With [`NLM_F_MULTI`], the end of an answer of several messages. Without, an event of a family
/// that does not number its messages, such as the connector's.
pub const NLMSG_DONE: u16 = 3;
/// Lost data. Linux never sends this: a socket whose queue overflows fails with `ENOBUFS`.
pub const NLMSG_OVERRUN: u16 = 4;
/// The first type of a family. Smaller types are netlink's own.
pub const NLMSG_MIN_TYPE: u16 = 16;

// nlmsg_flags of every message.

/// The message is a request. The kernel ignores messages without this flag.
pub const NLM_F_REQUEST: u16 = 0x01;
/// The message is part of an answer of several messages, which [`NLMSG_DONE`] ends.
pub const NLM_F_MULTI: u16 = 0x02;
/// Asks for an acknowledgement.
pub const NLM_F_ACK: u16 = 0x04;
/// Asks for the notifications that the request causes.
pub const NLM_F_ECHO: u16 = 0x08;
/// The dump is inconsistent, because something changed while it was made.
pub const NLM_F_DUMP_INTR: u16 = 0x10;
/// The dump was filtered as requested.
pub const NLM_F_DUMP_FILTERED: u16 = 0x20;

// nlmsg_flags of a request to get.

/// In a request to get: asks for the whole table.
pub const NLM_F_ROOT: u16 = 0x100;
/// In a request to get: asks for every entry that matches.
pub const NLM_F_MATCH: u16 = 0x200;
/// In a request to get: asks for a snapshot. `netlink(7)` demands `CAP_NET_ADMIN` for it; Linux
/// ignores the flag.
pub const NLM_F_ATOMIC: u16 = 0x400;
/// In a request to get: asks for all entries.
pub const NLM_F_DUMP: u16 = NLM_F_ROOT | NLM_F_MATCH;

// nlmsg_flags of a request to create.

/// In a request to create: replaces an object that exists.
pub const NLM_F_REPLACE: u16 = 0x100;
/// In a request to create: fails if the object exists.
pub const NLM_F_EXCL: u16 = 0x200;
/// In a request to create: creates the object if it does not exist.
pub const NLM_F_CREATE: u16 = 0x400;
/// In a request to create: adds the object at the end of the list.
pub const NLM_F_APPEND: u16 = 0x800;

// nlmsg_flags of a request to delete.

/// In a request to delete: does not delete recursively.
pub const NLM_F_NONREC: u16 = 0x100;
/// In a request to delete: deletes several objects at once.
pub const NLM_F_BULK: u16 = 0x200;

// nlmsg_flags of NLMSG_ERROR and NLMSG_DONE.

/// In [`NLMSG_ERROR`]: the payload of the request is not repeated.
pub const NLM_F_CAPPED: u16 = 0x100;
/// In [`NLMSG_ERROR`] and [`NLMSG_DONE`]: attributes follow.
pub const NLM_F_ACK_TLVS: u16 = 0x200;

// nla_type of the attributes of NLMSG_ERROR: enum nlmsgerr_attrs.

/// What is wrong, in words.
pub const NLMSGERR_ATTR_MSG: u16 = 1;
/// The offset of the attribute that is wrong, in bytes from the header of the request: u32.
pub const NLMSGERR_ATTR_OFFS: u16 = 2;
/// On success, data that the family defines, such as the identity of the object that was created.
pub const NLMSGERR_ATTR_COOKIE: u16 = 3;
/// The rule that the attribute breaks, nested: `enum netlink_policy_type_attr`.
pub const NLMSGERR_ATTR_POLICY: u16 = 4;
/// The type of the attribute that is missing: u32.
pub const NLMSGERR_ATTR_MISS_TYPE: u16 = 5;
/// The offset of the nest that lacks the attribute, in bytes from the header of the request: u32.
pub const NLMSGERR_ATTR_MISS_NEST: u16 = 6;

// The two flags in nla_type, and the rest of it.

/// The attribute carries attributes.
pub const NLA_F_NESTED: u16 = 0x8000;
/// The payload of the attribute is in network byte order.
pub const NLA_F_NET_BYTEORDER: u16 = 0x4000;
/// Selects the type: the bits of `nla_type` that are not flags.
pub const NLA_TYPE_MASK: u16 = !(NLA_F_NESTED | NLA_F_NET_BYTEORDER);
