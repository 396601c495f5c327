//! Netlink.

use crate::Entry;
use ancil::netlink::{self, *};
use core::fmt::Display;

/// What fills a message, or an attribute that holds attributes.
type Fill = fn(&mut Body<'static>) -> Result<(), WriteError>;

pub const PUBLIC: &[Entry] = public![
    netlink::nla_align,
    netlink::nla_length,
    netlink::nla_space,
    netlink::nlmsg_align,
    netlink::nlmsg_length,
    netlink::nlmsg_space,
    netlink::Attribute::ty,
    netlink::Attribute::is_nested,
    netlink::Attribute::is_net_byteorder,
    netlink::Attribute::nested,
    netlink::Attribute::get::<[u16; 3]>,
    netlink::Attribute::u8,
    netlink::Attribute::u16,
    netlink::Attribute::u32,
    netlink::Attribute::u64,
    netlink::Attribute::be16,
    netlink::Attribute::be32,
    netlink::Attribute::be64,
    netlink::Attribute::number,
    netlink::Attribute::get_lenient::<[u16; 3]>,
    netlink::Attribute::string,
    netlink::Attributes::new,
    netlink::Attributes::offset,
    netlink::Attributes::rest,
    netlink::Attributes::get,
    netlink::Body::put: fn(_, &'static [u8; 3]) -> _,
    netlink::Body::attribute: fn(_, _, &'static [u8]) -> _,
    netlink::Body::nest: fn(_, _, Fill) -> _,
    netlink::Body::left,
    netlink::Message::split::<[u32; 5]>,
    netlink::Message::attributes,
    netlink::Message::interrupted,
    netlink::Message::report,
    netlink::Nlmsghdr::new,
    netlink::Reader::new,
    netlink::Reader::offset,
    netlink::Report::text,
    netlink::Report::bad_attribute_offset,
    netlink::Writer::new,
    netlink::Writer::message: fn(_, _, Fill) -> _,
    netlink::Writer::len,
    netlink::Writer::finish,
];

pub const UNNAMED: &[Entry] = unnamed![
    <Attributes as Iterator>::next,
    <Reader as Iterator>::next,
    <Attributes as Display>::fmt,
    <BadPayload as Display>::fmt,
    <Error as Display>::fmt,
    <ItemKind as Display>::fmt,
    <Malformed as Display>::fmt,
    <MalformedKind as Display>::fmt,
    <WriteError as Display>::fmt,
    <Error as From<BadPayload>>::from,
    <Error as From<Malformed>>::from,
    <Error as From<WriteError>>::from,
];
