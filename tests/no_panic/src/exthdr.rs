//! IPv6 extension headers.

use crate::Entry;
use ancil::exthdr::{self, *};
use core::fmt::Display;

pub const PUBLIC: &[Entry] = public![
    exthdr::options_len,
    exthdr::routing_len,
    exthdr::write_routing,
    exthdr::Alignment::new,
    exthdr::Alignment::of_data,
    exthdr::Ipv6Options::parse,
    exthdr::Ipv6Options::offset,
    exthdr::Ipv6Options::get,
    exthdr::Ipv6OptionsWriter::new,
    exthdr::Ipv6OptionsWriter::put,
    exthdr::Ipv6OptionsWriter::finish,
    exthdr::RoutingHeader::parse,
    exthdr::RoutingHeader::segments,
    exthdr::RoutingHeader::rest,
    exthdr::RoutingType::new,
    exthdr::Segment::address,
    exthdr::Segment::full_address,
    exthdr::Segments::get,
];

pub const UNNAMED: &[Entry] = unnamed![
    <Ipv6Options as Iterator>::next,
    <Segments as Iterator>::next,
    <Segments as Iterator>::size_hint,
    <Segments as DoubleEndedIterator>::next_back,
    <Malformed as Display>::fmt,
    <MalformedKind as Display>::fmt,
    <WriteError as Display>::fmt,
];
