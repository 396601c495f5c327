//! `SOL_*`: the protocols that own control messages (`linux/socket.h`). The level of a message.
//!
//! A level is a number, and three protocols beside IP are number 0: there the family of the socket tells. The
//! numbers stand in `catalogue.rs`.
#![forbid(unsafe_code)]

use crate::addr::{AF_BLUETOOTH, AF_IEEE802154, AF_ISDN};
pub use crate::arch::SOL_SOCKET;
use crate::table::names::Names;

/// On sockets of which family a level is meant: a pattern.
macro_rules! family {
    () => {
        _
    };
    ($family:ident) => {
        $family
    };
}

macro_rules! project {
    ($( $(#[doc = $doc:literal])+ $NAME:ident = $number:literal $(on $family:ident)?; )+) => {
        $( $(#[doc = $doc])+ pub const $NAME: i32 = $number; )+

        /// A level by what it means, where its number is not enough.
        #[allow(non_camel_case_types, reason = "the levels' own names")]
        #[derive(Clone, Copy, PartialEq, Eq)]
        pub(crate) enum LevelId { SOL_SOCKET, $($NAME),+ }

        /// Who owns messages of this level on sockets of this family; 0 is no family in particular.
        pub(crate) const fn level_id(family: u16, level: i32) -> Option<LevelId> {
            match (level, family) {
                (SOL_SOCKET, _) => Some(LevelId::SOL_SOCKET),
                $( ($number, family!($($family)?)) => Some(LevelId::$NAME), )+
                _ => None,
            }
        }

        /// The owners' names in order, with a NUL behind each.
        const NAMES: &str = concat!("SOL_SOCKET\0", $( stringify!($NAME), "\0" ),+);
        static STARTS: Names<{ [LevelId::SOL_SOCKET, $( LevelId::$NAME ),+].len() }> = Names::of(NAMES);
    };
}

levels!(project);

/// The name of a level on sockets of this family, with a NUL behind it for C.
pub(crate) fn level_cname(family: u16, level: i32) -> Option<&'static str> {
    STARTS.get(NAMES, level_id(family, level)? as usize)
}

/// The name of a level: `SOL_SOCKET`. Of those that share number 0 it is `SOL_IP`.
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
    fn level_0_is_four_things() {
        let names =
            [0, AF_BLUETOOTH, AF_IEEE802154, AF_ISDN].map(|family| level_name_on(family, 0));
        assert_eq!(
            names,
            [
                Some("SOL_IP"),
                Some("SOL_HCI"),
                Some("SOL_IEEE802154"),
                Some("SOL_MISDN")
            ]
        );
        assert_eq!(
            (level_name_on(AF_BLUETOOTH, SOL_SOCKET), level_name(1000)),
            (Some("SOL_SOCKET"), None)
        );
    }
}
