//! The codec, the table of messages, and their text.

use crate::Entry;
use ancil::*;
use core::fmt::{self, Display};

type Wanted = (SO_TIMESTAMPNS, UDP_GRO, IP_PKTINFO, IP_TOS);

pub const PUBLIC: &[Entry] = public![
    cmsg_align,
    cmsg_len,
    cmsg_space,
    Abi::len_size,
    Abi::alignment,
    Abi::header_size,
    Abi::cmsg_align,
    Abi::cmsg_len,
    Abi::cmsg_space,
    Abi::check,
    Abi::next,
    space_of::<Wanted>,
    SocketOption::name,
    SocketOption::level,
    SocketOption::number,
    SocketOption::time64,
    SocketOption::value,
    space_for::<SCM_RIGHTS>,
    Key::is: fn(IP_TTL, &Raw) -> _,
    Raw::new,
    Raw::get::<IP_TTL>,
    cmsg_data,
    cmsg_firsthdr,
    cmsg_nxthdr,
    Reader::new,
    Reader::lenient,
    Reader::with_abi,
    Reader::as_bytes,
    Reader::offset,
    Reader::get::<IP_TTL>,
    Reader::get_all::<Wanted>,
    Reader::get_all_lossy::<Wanted>,
    Writer::new,
    Writer::put::<SCM_CREDENTIALS>,
    Writer::put::<SCM_RIGHTS>,
    Writer::put_raw,
    Writer::put_raw_unchecked,
    Writer::len,
    Writer::finish,
    ControlBuf::<100>::new,
    ControlBuf::<100>::as_control,
    ControlBuf::<100>::space,
    Control::parse,
    Control::from_raw,
    Control::as_bytes,
    Control::len,
    Control::is_empty,
    Control::reader,
    MalformedKind::cmsg_len,
    Errno::name,
    Errno::words,
    Message::parse,
    message_name,
    level::level_name,
    DisplayControl::new,
    DisplayControl::family,
    show::Printer::ascii: fn(&mut Sink, _) -> _,
    show::Printer::decimal: fn(&mut Sink, _) -> _,
    show::Printer::hex: fn(&mut Sink, _) -> _,
    show::Printer::hex_digits: fn(&mut Sink, _, _) -> _,
];

pub const UNNAMED: &[Entry] = unnamed![
    <Reader as Iterator>::next,
    <ForeignReader as Iterator>::next,
    <ControlBuf<100> as Default>::default,
    <Message as From<Raw>>::from,
    <Error as From<BadAddress>>::from,
    <Error as From<BadPayload>>::from,
    <Error as From<Malformed>>::from,
    <Error as From<NoSpace>>::from,
    <Error as From<PayloadError>>::from,
    <BadAddress as Display>::fmt,
    <BadPayload as Display>::fmt,
    <DisplayControl as Display>::fmt,
    <Errno as Display>::fmt,
    <Error as Display>::fmt,
    <Malformed as Display>::fmt,
    <MalformedKind as Display>::fmt,
    <Message as Display>::fmt,
    <NoSpace as Display>::fmt,
    <PayloadError as Display>::fmt,
];

/// Where `Printer` prints to.
struct Sink(usize);

impl fmt::Write for Sink {
    fn write_str(&mut self, text: &str) -> fmt::Result {
        self.0 ^= core::hint::black_box(text).len();
        Ok(())
    }
}

/// The functions of the trait that have no argument of the key's type.
pub const KEYS: &[Entry] = &[Entry {
    name: "Key::matches",
    address: <IP_TTL as Key>::matches as *const (),
}];

/// The generic functions that take a key, for the types of each row of the table.
macro_rules! rows {
    ($($NAME:ident $Variant:ident;)+) => {
        pub const BY_KEY: &[Entry] = unnamed![$( Raw::get::<$NAME>, Reader::get::<$NAME> ),+];
    };
}
catalogue!(keys_of rows;);
