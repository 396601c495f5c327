//! What the catalogue's rows become: keys, the enum [`Message`], names.
//!
//! # What one row becomes
//! The row
//! ```text
//! /// Process, user and group id of the sender; switched on by `SO_PASSCRED` (`unix(7)`).
//! SCM_CREDENTIALS = SOL_SOCKET, 2, both(Ucred), Credentials;
//! ```
//! is all there is to a message. It yields
//! ```text
//! pub const SCM_CREDENTIALS: Key<Ucred> = Key::new(SOL_SOCKET, 2);  // raw.get(..), writer.put(..), find(..)
//! Message::Credentials(Ucred)                                       // matched out of any buffer
//! message_name(SOL_SOCKET, 2) == Some("SCM_CREDENTIALS")            // for printing
//! #define ANCIL_SCM_CREDENTIALS 2                                   // in ancil.h
//! #[test] fn SCM_CREDENTIALS()                                      // written, read back, named
//! ```
//! and a compile error if another row has its level and type. A payload that no row had before is one
//! more `#[repr(C)]` struct in `payload/`; nothing else is to be touched.
#![forbid(unsafe_code)]

use crate::addr::{SockaddrIn, SockaddrIn6};
use crate::cmsg::Raw;
use crate::key::{Key, NotSent, Payload};
use crate::level::*;
use crate::payload::*;
use core::fmt;

/// The type of a row's key.
macro_rules! key {
    (both($p:ty)) => { Key<$p> };
    (both($p:ty, $s:ty)) => { Key<$p, $s> };
    (send($p:ty)) => { Key<$p> };
    (recv($p:ty)) => { Key<$p, NotSent> };
}

macro_rules! project {
    ($(
        $(#[doc = $doc:literal])+
        $NAME:ident = $level:ident, $ty:literal, $dir:ident($p:ty $(, $s:ty)?), $Variant:ident;
    )+) => {
        $(
            $(#[doc = $doc])+
            pub const $NAME: key!($dir($p $(, $s)?)) = Key::new($level, $ty);
        )+

        /// A control message, decoded: every one that the catalogue knows, and [`Unknown`](Message::Unknown).
        #[derive(Clone, Copy, Debug, PartialEq)]
        #[non_exhaustive]
        pub enum Message<'a> {
            $(
                $(#[doc = $doc])+
                $Variant(<$p as Payload>::Out<'a>),
            )+
            /// Any other, or one whose payload is not what it should be. Keeps all of it, to be sent again.
            Unknown(Raw<'a>),
        }

        impl<'a> From<Raw<'a>> for Message<'a> {
            fn from(raw: Raw<'a>) -> Self {
                let decoded = match (raw.level, raw.ty) {
                    $( ($level, $ty) => <$p as Payload>::decode(raw.data).ok().map(Self::$Variant), )+
                    _ => None,
                };
                decoded.unwrap_or(Self::Unknown(raw))
            }
        }

        /// The man page's name of a message: `SCM_RIGHTS`.
        pub const fn message_name(level: i32, ty: i32) -> Option<&'static str> {
            match (level, ty) {
                $( ($level, $ty) => Some(stringify!($NAME)), )+
                _ => None,
            }
        }

        /// Level and type of every row, for the checks below.
        const ROWS: &[(i32, i32)] = &[$( ($level, $ty) ),+];

        #[cfg(test)]
        #[allow(non_snake_case, reason = "each test has its message's name")]
        mod rows {
            use super::*;
            $( #[test] fn $NAME() {
                super::tests::round_trip(super::$NAME.level, super::$NAME.ty, stringify!($NAME), |m| matches!(m, Message::$Variant(_)));
            } )+
        }
    };
}

catalogue!(project);

// Two rows with one level and type: the second could never be decoded.
#[expect(clippy::indexing_slicing, reason = "at compile time only")]
const _: () = {
    let mut i = 0;
    while i < ROWS.len() {
        let mut j = i + 1;
        while j < ROWS.len() {
            assert!(ROWS[i].0 != ROWS[j].0 || ROWS[i].1 != ROWS[j].1, "two rows have the same level and type");
            j += 1;
        }
        i += 1;
    }
};

impl fmt::Display for Message<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{self:?}")
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Reader, Writer};

    /// A payload of some length that the message can have is written, read back, recognised and named;
    /// one of another length is kept as it is.
    pub(super) fn round_trip(level: i32, ty: i32, name: &str, is: fn(&Message<'_>) -> bool) {
        let zeros = [0; 64];
        let mut recognised = 0;
        for n in 0..zeros.len() {
            let mut buf = [0; 96];
            let mut writer = Writer::new(&mut buf);
            writer.put_raw(level, ty, &zeros[..n]).unwrap();
            let raw = Reader::new(writer.finish()).next().unwrap().unwrap();
            assert_eq!((raw.level, raw.ty, raw.data), (level, ty, &zeros[..n]));
            match Message::from(raw) {
                Message::Unknown(kept) => assert_eq!(kept, raw),
                message => {
                    assert!(is(&message), "{name} was taken for {message:?}");
                    recognised += 1;
                }
            }
        }
        assert_ne!(recognised, 0, "{name} is never recognised");
        assert_eq!(message_name(level, ty), Some(name));
    }
}
