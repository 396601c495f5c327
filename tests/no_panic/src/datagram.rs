//! What the messages of a datagram say.

use crate::Entry;
use ancil::Reader;
use ancil::datagram::{self, *};
use core::fmt::Display;

pub const PUBLIC: &[Entry] = public![
    datagram::traffic_class,
    datagram::Departure::answer,
    datagram::Departure::put,
    datagram::Ecn::of,
];

pub const UNNAMED: &[Entry] = unnamed![
    Reader::get_all::<Arrival>,
    Reader::get_all_lossy::<Arrival>,
    <DepartureError as Display>::fmt,
    <DepartureError as From<ancil::NoSpace>>::from,
];
