// SPDX-License-Identifier: MIT OR Apache-2.0
//! Which row a message belongs to, and its name.
#![forbid(unsafe_code)]

use super::keys;
use super::level::{LevelId, SOL_SOCKET, level_id};
use super::names::Names;
use crate::show::{Printer, Show};
use crate::wire::key::Key;
use core::fmt;

/// Level and type as one number, for which the compiler makes jump tables. It does not for a pair.
#[inline]
const fn number(level: LevelId, ty: i32) -> u64 {
    (level as u64) << 32 | ty as u32 as u64
}

macro_rules! define_lookup {
    ($(
        $(#[doc = $doc:literal])+
        $NAME:ident = $level:ident, $number:literal, $sparc:literal, $printed:literal,
            $Variant:ident, $direction:ident, $received:ty, $sent:tt,
            [$($option:ident)?] $note:literal, $form:ident, $source:literal;
    )+) => {
        /// A message that the table knows.
        #[allow(non_camel_case_types, reason = "the messages' own names")]
        #[derive(Clone, Copy)]
        pub(crate) enum MessageId { $($NAME),+ }

        /// Which message of the table this level and type are, on sockets of this address family.
        #[inline]
        pub(crate) const fn message_id(family: u16, level: i32, ty: i32) -> Option<MessageId> {
            // The most frequent levels come first, each with its own numbers only: among all
            // numbers the compiler searches for a message in six steps.
            if level == SOL_SOCKET {
                return of_level(LevelId::SOL_SOCKET, ty);
            }
            match level_id(family, level) {
                Some(LevelId::SOL_IP) => of_level(LevelId::SOL_IP, ty),
                Some(LevelId::SOL_IPV6) => of_level(LevelId::SOL_IPV6, ty),
                Some(LevelId::SOL_UDP) => of_level(LevelId::SOL_UDP, ty),
                Some(level) => of_level(level, ty),
                None => None,
            }
        }

        #[inline(always)]
        const fn of_level(level: LevelId, ty: i32) -> Option<MessageId> {
            match number(level, ty) {
                $( numbers::$NAME => Some(MessageId::$NAME), )+
                _ => None,
            }
        }

        /// The number of each message.
        mod numbers {
            use super::{LevelId, keys, number};
            use crate::wire::key::Key;
            $( pub(super) const $NAME: u64 = number(LevelId::$level, keys::$NAME::TYPE); )+
        }

        /// The printed names in the order of [`MessageId`], each with a NUL after it.
        const NAMES: &str = concat!($( $printed, "\0" ),+);
        static STARTS: Names<{ NUMBERS.len() }> = Names::of(NAMES);

        /// Level and type of every row, for the check below.
        const NUMBERS: &[(LevelId, i32)] = &[$( (LevelId::$level, keys::$NAME::TYPE) ),+];
    };
}

catalogue!(define_lookup);

/// The name of a message on sockets of this family, with a NUL after it for C.
pub(crate) fn message_cname(family: u16, level: i32, ty: i32) -> Option<&'static str> {
    STARTS.get(NAMES, message_id(family, level, ty)? as usize)
}

/// Returns the man-page name of a message: `SCM_RIGHTS`. Level 0 means `SOL_IP`.
///
/// ```
/// use ancil::{level, message_name};
/// assert_eq!(message_name(level::SOL_IP, 2), Some("IP_TTL"));
/// assert_eq!(message_name(level::SOL_IP, 999), None);
/// ```
pub fn message_name(level: i32, ty: i32) -> Option<&'static str> {
    message_name_on(0, level, ty)
}

/// Writes the name of a message or, if the table does not know it, its level and type.
#[inline(never)]
pub(crate) fn show_message(out: &mut impl Printer, level: i32, ty: i32) -> fmt::Result {
    match message_name(level, ty) {
        Some(name) => out.write_str(name),
        None => {
            out.write_str("control message (level ")?;
            level.show(out)?;
            out.write_str(", type ")?;
            ty.show(out)?;
            out.ascii(b')')
        }
    }
}

/// The name of a message on sockets of this family.
pub(crate) fn message_name_on(family: u16, level: i32, ty: i32) -> Option<&'static str> {
    message_cname(family, level, ty)?.strip_suffix('\0')
}

// Of two rows with one level and type, the second could never be decoded.
#[expect(clippy::indexing_slicing, reason = "at compile time only")]
const _: () = {
    let mut i = 0;
    while i < NUMBERS.len() {
        let mut j = i + 1;
        while j < NUMBERS.len() {
            assert!(
                NUMBERS[i].0 as u8 != NUMBERS[j].0 as u8 || NUMBERS[i].1 != NUMBERS[j].1,
                "two rows have the same level and type"
            );
            j += 1;
        }
        i += 1;
    }
};
