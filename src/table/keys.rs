//! One key per message, under its man-page name.
#![forbid(unsafe_code)]

use super::level::*;
use crate::addr::{Be32, In6Addr, InAddr, SockaddrIn, SockaddrIn6};
use crate::payload::*;
use crate::wire::key::{Key, NotSent};

/// What switches a message on, in a sentence.
macro_rules! availability {
    ([] "-") => {
        "The kernel only accepts such messages."
    };
    ([] $note:literal) => {
        concat!("Received: ", $note, ".")
    };
    ([$option:ident] $note:literal) => {
        concat!("Switched on by `", stringify!($option), "`", $note, ".")
    };
}

macro_rules! define_keys {
    ($(
        $(#[doc = $doc:literal])+
        $NAME:ident = $level:ident, $number:literal, $sparc:literal, $printed:literal,
            $Variant:ident, $direction:ident, $received:ty, $sent:ty,
            [$($option:ident)?] $note:tt, $form:ident, $source:literal;
    )+) => {
        /// The types as numbers of this machine, for patterns.
        pub(super) mod number {
            use crate::arch::by_arch;
            $( pub(in crate::table) const $NAME: i32 = by_arch($number, $sparc); )+
        }

        $(
            $(#[doc = $doc])+
            ///
            #[doc = availability!([$($option)?] $note)]
            #[doc = concat!("Source: ", $source, ".")]
            pub const $NAME: Key<$received, $sent> = Key::new($level, number::$NAME);
        )+
    };
}

catalogue!(define_keys);
