// SPDX-License-Identifier: MIT OR Apache-2.0
//! [`CATALOGUE`]: the table as data, for programs, tests and the documentation.
#![forbid(unsafe_code)]

use super::level::*;
use crate::arch::{self, by_arch};
use crate::wire::option::{OptionValue, SocketOption};

/// How the kernel treats a control message.
///
/// ```
/// use ancil::{CATALOGUE, Direction};
/// let gso = CATALOGUE.iter().find(|row| row.name == "UDP_SEGMENT").unwrap();
/// assert_eq!(gso.direction, Direction::Send);
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Direction {
    /// It hands such messages out and accepts them.
    Both,
    /// It only hands them out.
    Recv,
    /// It only accepts them.
    Send,
}

/// What is known of a control message: a row of [`CATALOGUE`].
///
/// ```
/// use ancil::{CATALOGUE, CatalogueEntry};
///
/// let switched_on_by_pktinfo = |row: &&CatalogueEntry| row.switched_on_by == "IPV6_RECVPKTINFO";
/// let row = CATALOGUE.iter().find(switched_on_by_pktinfo).unwrap();
/// assert_eq!((row.name, row.level_name, row.ty), ("IPV6_PKTINFO", "SOL_IPV6", 50));
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub struct CatalogueEntry {
    /// What it says, in a sentence.
    pub summary: &'static str,
    /// The name of its key: `SCM_RIGHTS`.
    pub name: &'static str,
    /// The name that man pages and `strace(1)` give it. It differs from `name` where two messages
    /// share a name: `IP_SCM_SECURITY` prints as `SCM_SECURITY`.
    pub printed_name: &'static str,
    /// The name of its level: `SOL_SOCKET`.
    pub level_name: &'static str,
    /// `cmsg_level`.
    pub level: i32,
    /// The address family (`AF_*`) on whose sockets the level means this protocol; 0 if the number
    /// of the level is enough.
    pub family: u16,
    /// `cmsg_type` on this machine.
    pub ty: i32,
    /// `cmsg_type` on sparc, which has numbers of its own at `SOL_SOCKET`.
    pub ty_sparc: i32,
    /// How the kernel treats it.
    pub direction: Direction,
    /// The Rust type of its payload.
    pub received: &'static str,
    /// The Rust type of what may be sent; `NotSent` if the kernel only hands it out; `Memory` if it
    /// holds addresses, so that only unsafe code sends it.
    pub sent: &'static str,
    /// The socket option that switches it on, if there is one.
    pub option: Option<SocketOption>,
    /// What switches it on, in words; `-` if the kernel only accepts it.
    pub switched_on_by: &'static str,
    /// The man page, RFC or kernel file that describes it, and the first Linux that has it.
    pub source: &'static str,
}

macro_rules! define_options {
    ($( $NAME:ident = $level:ident, $number:expr, $sparc:literal, $value:ident; )+) => {
        /// Every option, for the column of that name.
        pub(crate) mod option {
            use super::*;
            $( pub(crate) const $NAME: SocketOption = SocketOption {
                name: stringify!($NAME),
                level: $level,
                family: LevelId::$level.family(),
                number: by_arch($number, $sparc),
                time64: None,
                value: OptionValue::$value,
            }; )+
        }
    };
}

options!(define_options);

macro_rules! define_entries {
    ($(
        $(#[doc = $doc:literal])+
        $NAME:ident = $level:ident, $number:literal, $sparc:literal, $printed:literal,
            $Variant:ident, $direction:ident, $received:ty, $sent:tt,
            [$($option:ident)?] $note:literal, $form:ident, $source:literal;
    )+) => {
        /// Every control message that Linux knows: 127 messages in 120 rows.
        ///
        /// A row is a level and a type. Each stands for one message, except 7 that stand for two: 6
        /// for what is sent and what arrives (`SO_PRIORITY`, `SO_MARK`, `SO_TIMESTAMPING` old and
        /// new, `SCM_DEVMEM_DMABUF`, `IP_TOS`), and `IP_RECVERR`, which comes without the address
        /// of the offender on some sockets. [`Message`](crate::Message) has a variant for each row,
        /// and `Unknown` and `BadPayload`.
        ///
        /// "Both", "Recv" and "Send" say how the kernel treats a message: see [`Direction`]. "Sent"
        /// is the type that may be sent. `raw.get(KEY)` decodes a message, and
        /// `writer.put(KEY, value)` writes one; a message that the kernel only hands out cannot be
        /// written by its key.
        ///
        /// | name | level | type | | received | sent | switched on by | source |
        /// | --- | --- | --- | --- | --- | --- | --- | --- |
        $(
            #[doc = concat!(
                "| [`", stringify!($NAME), "`](crate::", stringify!($NAME), ") | ",
                stringify!($level), " | ", stringify!($number), " | ", stringify!($direction),
                " | `", stringify!($received), "` | `", stringify!($sent), "` | ",
                $(stringify!($option),)? $note, " | ", $source, " |"
            )]
        )+
        pub const CATALOGUE: &[CatalogueEntry] = &[$(
            CatalogueEntry {
                summary: concat!($($doc),+).trim_ascii(),
                name: stringify!($NAME),
                printed_name: $printed,
                level_name: stringify!($level),
                level: $level,
                family: LevelId::$level.family(),
                ty: by_arch($number, $sparc),
                ty_sparc: $sparc,
                direction: Direction::$direction,
                received: stringify!($received),
                sent: stringify!($sent),
                option: (&[$(option::$option)?] as &[SocketOption]).first().copied(),
                switched_on_by: concat!($(stringify!($option),)? $note),
                source: $source,
            }
        ),+];
    };
}

catalogue!(define_entries);

// "-" stands for messages that no option concerns because they are only sent.
#[expect(clippy::indexing_slicing, reason = "at compile time only")]
const _: () = {
    let mut i = 0;
    while i < CATALOGUE.len() {
        let row = &CATALOGUE[i];
        if let [b'-'] = row.switched_on_by.as_bytes() {
            assert!(
                matches!(row.direction, Direction::Send),
                "a note is missing"
            );
        }
        i += 1;
    }
};
