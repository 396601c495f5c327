// SPDX-License-Identifier: MIT OR Apache-2.0
//! `ancil_nl_*`, `ancil_nlmsg_*`, `ancil_nla_*`: netlink messages and their attributes.

// The header has the sections in this order; blank lines keep rustfmt from sorting them.
mod size;

mod reader;

mod message;

mod attr;

mod writer;
