// SPDX-License-Identifier: MIT OR Apache-2.0
//! `SOL_*`: the protocols that control messages belong to (`linux/socket.h`).
//!
//! A level and a type name a message. Each level numbers its types: type 1 is `SCM_RIGHTS` at
//! [`SOL_SOCKET`], and `IP_TOS` at [`SOL_IP`]. Four levels are number 0; the family of the socket
//! tells which of them is meant.
#![forbid(unsafe_code)]

use super::names::Names;
use crate::addr::{AF_BLUETOOTH, AF_IEEE802154, AF_ISDN};
pub use crate::arch::SOL_SOCKET;

/// The address family whose sockets a level belongs to, as a pattern and as a number.
macro_rules! family {
    (pattern) => {
        _
    };
    (pattern $family:ident) => {
        $family
    };
    (number) => {
        0
    };
    (number $family:ident) => {
        $family
    };
}

macro_rules! define_levels {
    ($( $(#[doc = $doc:literal])+ $NAME:ident = $number:literal $(on $family:ident)?; )+) => {
        $( $(#[doc = $doc])+ pub const $NAME: i32 = $number; )+

        /// A level by its meaning: four levels share the number 0.
        #[allow(non_camel_case_types, reason = "the levels' own names")]
        #[derive(Clone, Copy, PartialEq, Eq)]
        pub(crate) enum LevelId { SOL_SOCKET, $($NAME),+ }

        impl LevelId {
            /// The address family whose sockets this level belongs to; 0 if the number of the
            /// level is enough.
            pub(crate) const fn family(self) -> u16 {
                match self {
                    Self::SOL_SOCKET => 0,
                    $( Self::$NAME => family!(number $($family)?), )+
                }
            }
        }

        /// What a level means on sockets of this address family. Family 0 stands for all families
        /// without a level 0 of their own.
        pub(crate) const fn level_id(family: u16, level: i32) -> Option<LevelId> {
            match (level, family) {
                (SOL_SOCKET, _) => Some(LevelId::SOL_SOCKET),
                $( ($number, family!(pattern $($family)?)) => Some(LevelId::$NAME), )+
                _ => None,
            }
        }

        /// The names in the order of [`LevelId`], each with a NUL after it.
        const NAMES: &str = concat!("SOL_SOCKET\0", $( stringify!($NAME), "\0" ),+);
        static STARTS: Names<{ [LevelId::SOL_SOCKET, $( LevelId::$NAME ),+].len() }> =
            Names::of(NAMES);
    };
}

levels!(define_levels);

/// The name of a level on sockets of this family, with a NUL after it for C.
pub(crate) fn level_cname(family: u16, level: i32) -> Option<&'static str> {
    STARTS.get(NAMES, level_id(family, level)? as usize)
}

/// Returns the name of a level: `SOL_SOCKET`. Of the four levels with number 0, that is `SOL_IP`.
///
/// ```
/// use ancil::level;
/// assert_eq!(level::level_name(level::SOL_SOCKET), Some("SOL_SOCKET"));
/// ```
pub fn level_name(level: i32) -> Option<&'static str> {
    level_name_on(0, level)
}

/// The name of a level on sockets of this family.
pub(crate) fn level_name_on(family: u16, level: i32) -> Option<&'static str> {
    level_cname(family, level)?.strip_suffix('\0')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_family_tells_what_level_0_is() {
        for (family, name) in [
            (0, "SOL_IP"),
            (AF_BLUETOOTH, "SOL_HCI"),
            (AF_IEEE802154, "SOL_IEEE802154"),
            (AF_ISDN, "SOL_MISDN"),
        ] {
            assert_eq!(level_name_on(family, 0), Some(name));
            assert_eq!(level_id(family, 0).unwrap().family(), family);
        }
        assert_eq!(level_name_on(AF_BLUETOOTH, SOL_SOCKET), Some("SOL_SOCKET"));
        assert_eq!(level_name(1000), None);
    }
}
