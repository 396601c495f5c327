//! What the catalogue's rows become: keys, the enum [`Message`], names.
//!
//! # What one row becomes
//! The row
//! ```text
//! /// Process, user and group id of the sender, as the kernel vouches.
//! SCM_CREDENTIALS = SOL_SOCKET, 2, both(Ucred), Credentials, "SO_PASSCRED", "unix(7)";
//! ```
//! is all there is to a message. It yields
//! ```text
//! pub const SCM_CREDENTIALS: Key<Ucred> = Key::new(SOL_SOCKET, 2);  // raw.get(..), writer.put(..), reader.get(..)
//! Message::Credentials(Ucred)                                       // matched out of any buffer, and printed
//! message_name(SOL_SOCKET, 2) == Some("SCM_CREDENTIALS")
//! | SCM_CREDENTIALS | SOL_SOCKET | 2 | both | Ucred | ...           // a row of catalogue_table
//! #define ANCIL_SCM_CREDENTIALS 2                                   // in ancil.h
//! #[test] fn SCM_CREDENTIALS()                                      // written, read back, named
//! ```
//! and a compile error if another row has its level and type. A payload that no row had before is one
//! more `#[repr(C)]` struct in `payload/`, with a line `shown!` of the fields to print, its name in the list of `payload/mod.rs`. Only a
//! message that prints unlike others of its type has a line in `format.rs` as well.
#![forbid(unsafe_code)]

use crate::addr::{Be32, In6Addr, InAddr, SockaddrIn, SockaddrIn6};
use crate::error::BadPayload;
use crate::payload::*;
use crate::show::{Printer, Show, show_in_brackets};
use crate::table::level::*;
use crate::table::names::Names;
use crate::wire::cmsg::Raw;
use crate::wire::key::{Key, NotSent, Payload};
use core::fmt;

/// The type of a row's key.
macro_rules! key {
    (both($p:ty $(, $s:ty)?)) => { Key<$p $(, $s)?> };
    (send($p:ty $(, $s:ty)?)) => { Key<$p $(, $s)?> };
    (recv($p:ty)) => { Key<$p, NotSent> };
}

/// A row's type number on this machine.
macro_rules! number {
    ($ty:literal) => {
        $ty
    };
    ($ty:literal $sparc:literal) => {
        by_arch($ty, $sparc)
    };
}

/// A row's name as it is printed.
macro_rules! printed {
    ($NAME:ident) => {
        stringify!($NAME)
    };
    ($NAME:ident $printed:literal) => {
        $printed
    };
}

macro_rules! project {
    ($(
        #[doc = $doc:literal]
        $NAME:ident = $level:ident, $ty:literal $((sparc $sparc:literal))?, $dir:ident($p:ty $(, $s:ty)?), $Variant:ident,
            $option:literal, $source:literal $(, as $printed:literal)?;
    )+) => {
        /// The type numbers of this machine, for patterns.
        mod number {
            use crate::arch::by_arch;
            $( pub(super) const $NAME: i32 = number!($ty $($sparc)?); )+
        }

        $(
            #[doc = $doc]
            #[doc = concat!("\n\nSwitched on by: ", $option, ". Source: ", $source, ".")]
            pub const $NAME: key!($dir($p $(, $s)?)) = Key::new($level, number::$NAME);
        )+

        /// A control message, decoded: every one that the catalogue knows, and [`Unknown`](Message::Unknown).
        #[derive(Clone, Copy, Debug, PartialEq)]
        #[non_exhaustive]
        pub enum Message<'a> {
            $(
                #[doc = concat!("[`", stringify!($NAME), "`]:")]
                #[doc = $doc]
                $Variant(<$p as Payload>::Decoded<'a>),
            )+
            /// Any other, or one whose payload is not what it should be. Keeps all of it, to be sent again.
            Unknown(Raw<'a>),
        }

        impl<'a> Message<'a> {
            /// Decodes a message of a socket of this family (`AF_*`). Only where a level's number means several
            /// protocols does the family matter: level 0 is IP, but on Bluetooth, IEEE 802.15.4 and ISDN sockets.
            pub fn parse(family: u16, raw: Raw<'a>) -> Self {
                let decoded = match message_id(family, raw.level, raw.ty) {
                    $( Some(MessageId::$NAME) => <$p as Payload>::decode(raw.data).ok().map(Self::$Variant), )+
                    None => None,
                };
                decoded.unwrap_or(Self::Unknown(raw))
            }

        }

        impl Message<'_> {
            /// As all messages print whose value is of this type.
            pub(crate) fn show_usual(&self, out: &mut impl Printer) -> fmt::Result {
                match self {
                    $( Self::$Variant(payload) => show_in_brackets(payload, out), )+
                    Self::Unknown(raw) => raw.data.show(out),
                }
            }
        }

        /// The rows, by name.
        #[allow(non_camel_case_types, reason = "the messages' own names")]
        #[derive(Clone, Copy)]
        pub(crate) enum MessageId { $($NAME),+ }

        /// The row of a message of a socket of this family.
        #[inline]
        pub(crate) const fn message_id(family: u16, level: i32, ty: i32) -> Option<MessageId> {
            match (level_id(family, level), ty) {
                $( (Some(LevelId::$level), number::$NAME) => Some(MessageId::$NAME), )+
                _ => None,
            }
        }

        /// The names in order, with a NUL behind each.
        const NAMES: &str = concat!($( printed!($NAME $($printed)?), "\0" ),+);
        static STARTS: Names<{ ROWS.len() }> = Names::of(NAMES);

        /// Every control message that Linux knows.
        ///
        /// `dir` is how the kernel treats it: `recv`, it hands such messages out; `send`, it accepts them; `both`. The
        /// payload is what it decodes to, and what is sent where that differs. `raw.get(KEY)` decodes one,
        /// `writer.put(KEY, value)` writes one; one that the kernel never accepts cannot be written by its key.
        ///
        /// | name | level | type | dir | payload | switched on by | source |
        /// | --- | --- | --- | --- | --- | --- | --- |
        $(
            #[doc = concat!(
                "| [`", stringify!($NAME), "`] | ", stringify!($level), " | ", stringify!($ty), " | ", stringify!($dir), " | `",
                stringify!($p $(, $s)?), "` | ", $option, " | ", $source, " |"
            )]
        )+
        pub mod catalogue_table {
            #[allow(unused_imports, reason = "what the table links to")]
            use super::*;
        }

        /// LevelId and type of every row, for the check below.
        const ROWS: &[(LevelId, i32)] = &[$( (LevelId::$level, number::$NAME) ),+];

        #[cfg(test)]
        #[allow(non_snake_case, reason = "each test has its message's name")]
        mod rows {
            use super::*;
            $( #[test] fn $NAME() {
                tests::round_trip(LevelId::$level, super::$NAME.level, super::$NAME.ty, printed!($NAME $($printed)?), |m| {
                    matches!(m, Message::$Variant(_))
                });
            } )+
        }
    };
}

catalogue!(project);

/// The name of a message on sockets of this family, with a NUL behind it for C.
pub(crate) fn message_cname(family: u16, level: i32, ty: i32) -> Option<&'static str> {
    STARTS.get(NAMES, message_id(family, level, ty)? as usize)
}

/// The man page's name of a message: `SCM_RIGHTS`. At level 0 it is IP's.
pub fn message_name(level: i32, ty: i32) -> Option<&'static str> {
    message_name_on(0, level, ty)
}

/// The name of a message on sockets of this family.
pub(crate) fn message_name_on(family: u16, level: i32, ty: i32) -> Option<&'static str> {
    message_cname(family, level, ty)?.strip_suffix('\0')
}

// Two rows with one level and type: the second could never be decoded.
#[expect(clippy::indexing_slicing, reason = "at compile time only")]
const _: () = {
    let mut i = 0;
    while i < ROWS.len() {
        let mut j = i + 1;
        while j < ROWS.len() {
            assert!(
                ROWS[i].0 as u8 != ROWS[j].0 as u8 || ROWS[i].1 != ROWS[j].1,
                "two rows have the same level and type"
            );
            j += 1;
        }
        i += 1;
    }
};

impl<'a> From<Raw<'a>> for Message<'a> {
    fn from(raw: Raw<'a>) -> Self {
        Self::parse(0, raw)
    }
}

/// Here and not beside the type, for the name.
impl fmt::Display for BadPayload {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self {
            level,
            ty,
            offset,
            len,
            cause,
        } = self;
        match message_name(*level, *ty) {
            Some(name) => write!(f, "{name}")?,
            None => write!(f, "control message (level {level}, type {ty})")?,
        }
        write!(f, " at offset {offset}: payload of {len} bytes: {cause}")
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::addr::{AF_BLUETOOTH, AF_IEEE802154, AF_ISDN};
    use crate::{Reader, Writer};

    /// A payload of each length is written and read back; at some it is recognised and named, at all others kept.
    pub(super) fn round_trip(
        owner: LevelId,
        level: i32,
        ty: i32,
        name: &str,
        is: fn(&Message<'_>) -> bool,
    ) {
        let family = [0, AF_BLUETOOTH, AF_IEEE802154, AF_ISDN]
            .into_iter()
            .find(|&f| crate::table::level::level_id(f, level) == Some(owner));
        let zeros = [0; 100];
        let mut recognised = 0;
        for n in 0..zeros.len() {
            let mut buf = [0; 128];
            let mut writer = Writer::new(&mut buf);
            writer.put_raw(level, ty, &zeros[..n]).unwrap();
            let raw = Reader::new(writer.finish()).next().unwrap().unwrap();
            assert_eq!((raw.level, raw.ty, raw.data), (level, ty, &zeros[..n]));
            match Message::parse(family.unwrap(), raw) {
                Message::Unknown(kept) => assert_eq!(kept, raw),
                message => {
                    assert!(is(&message), "{name} was taken for {message:?}");
                    recognised += 1;
                }
            }
        }
        assert_ne!(recognised, 0, "{name} is never recognised");
        assert_eq!(message_name_on(family.unwrap(), level, ty), Some(name));
    }

    #[test]
    fn one_number_means_different_things_by_family() {
        let raw = Raw::new(0, 1, &[1, 0, 0, 0]);
        assert!(matches!(Message::from(raw), Message::IpTos(_)));
        assert!(matches!(
            Message::parse(AF_BLUETOOTH, raw),
            Message::HciCmsgDir(_)
        ));
        assert!(matches!(Message::parse(AF_ISDN, raw), Message::Unknown(_)));
    }
}
