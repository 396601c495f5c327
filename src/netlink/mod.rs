// SPDX-License-Identifier: MIT OR Apache-2.0
//! Netlink: messages ([`Nlmsghdr`]) and attributes ([`Nlattr`]), read from and written into your
//! own buffers.
//!
//! A datagram of a netlink socket carries one or more messages. A message carries the struct of its
//! family, followed by attributes. An attribute carries a value, or is a nest that carries further
//! attributes.
//!
//! ```text
//!  0          16                  NLMSG_SPACE                        nlmsg_len, rounded up to 4
//!  +----------+-------------------+-----------------------------------+------------ - -
//!  | nlmsghdr | ifinfomsg, say    | nlattr | data, padding | nlattr.. | next message
//!  +----------+-------------------+-----------------------------------+------------ - -
//! ```
//!
//! | to | use |
//! | --- | --- |
//! | read what arrived | [`Reader`], [`Message::split`], [`Attribute`]'s getters |
//! | know how a request ended | [`Message::report`]: acknowledgement, error number, explanation |
//! | write a request | [`Writer`], [`Body`] |
//! | size a buffer | [`nlmsg_space`], [`nla_space`] |
//! | send and receive | `io::sendmsg`, `io::recvmsg` (feature `libc`) |
//!
//! Headers are in the byte order of the machine, and buffers may have any alignment. [`Attributes`]
//! also reads the attributes of the control message `SCM_TIMESTAMPING_OPT_STATS`.
//!
//! ```
//! use ancil::netlink::{Nlattr, Nlmsghdr, nla_space, nlmsg_space};
//!
//! // A message with an attribute of 4 bytes.
//! assert_eq!(nlmsg_space(nla_space(4)), size_of::<Nlmsghdr>() + size_of::<Nlattr>() + 4);
//! ```
//!
//! Sources: `netlink(7)`, `netlink(3)`, `rtnetlink(7)`; kernel `include/uapi/linux/netlink.h`,
//! `include/net/netlink.h`, `net/netlink/af_netlink.c`.
//!
//! ```
//! use ancil::netlink::{Error, NLM_F_ACK, NLM_F_REQUEST, Nlmsghdr, Reader, Writer};
//! use zerocopy::{FromBytes, Immutable, IntoBytes};
//!
//! /// `struct ifinfomsg`: `rtnetlink(7)`.
//! #[derive(FromBytes, IntoBytes, Immutable, Default)]
//! #[repr(C)]
//! struct Ifinfomsg { family: u8, pad: u8, ty: u16, index: i32, flags: u32, change: u32 }
//! const RTM_NEWLINK: u16 = 16;
//! const IFLA_IFNAME: u16 = 3;
//! const IFLA_LINKINFO: u16 = 18;
//! const IFLA_INFO_KIND: u16 = 1;
//!
//! let mut buffer = [0; 256];
//! let mut writer = Writer::new(&mut buffer);
//! writer.message(Nlmsghdr::new(RTM_NEWLINK, NLM_F_REQUEST | NLM_F_ACK, 1), |message| {
//!     message.put(&Ifinfomsg::default())?;
//!     message.attribute(IFLA_IFNAME, b"br0\0")?;
//!     message.nest(IFLA_LINKINFO, |info| info.attribute(IFLA_INFO_KIND, b"bridge"))
//! })?;
//!
//! for message in Reader::new(writer.finish()) {
//!     let (link, attributes) = message?.split::<Ifinfomsg>()?;
//!     let name = attributes.get(IFLA_IFNAME)?.expect("it was written").string();
//!     assert_eq!((link.index, name), (0, &b"br0"[..]));
//! }
//! # Ok::<(), Error>(())
//! ```
#![forbid(unsafe_code)]

mod attribute;
mod body;
mod error;
mod message;
mod nest;
mod numbers;
mod report;
mod size;
mod walk;
mod writer;

pub use attribute::{Attribute, Attributes, Nlattr};
pub use body::Body;
pub use error::{BadPayload, Error, ItemKind, Malformed, MalformedKind, WriteError};
pub use message::{Message, Nlmsghdr, Reader};
pub use numbers::*;
pub use report::{Nlmsgerr, Report};
pub use size::{
    NLA_HDRLEN, NLMSG_HDRLEN, nla_align, nla_length, nla_space, nlmsg_align, nlmsg_length,
    nlmsg_space,
};
pub use writer::Writer;
