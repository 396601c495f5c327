// SPDX-License-Identifier: MIT OR Apache-2.0
//! [`switch_of`]: the socket option that switches a message on, without its name.
//!
//! [`Key::OPTION`] is the same with the name. A table of names would hold pointers, which the
//! dynamic linker would have to relocate.
#![forbid(unsafe_code)]

use super::keys;
use super::level::*;
use super::lookup::message_id;
use crate::wire::key::Key;
use crate::wire::option::{OptionValue, SocketOption};

/// A socket option in three bytes.
#[derive(Clone, Copy)]
struct Switch {
    /// Whether its level is `SOL_SOCKET`, or that of the message.
    of_socket: bool,
    number: u8,
    value: OptionValue,
}

impl Switch {
    const fn of(level: i32, option: Option<SocketOption>) -> Option<Self> {
        let Some(option) = option else {
            return None;
        };
        let of_socket = option.level == SOL_SOCKET;
        assert!(of_socket || option.level == level);
        assert!(option.number >= 0 && option.number <= u8::MAX as i32);
        Some(Self {
            of_socket,
            number: option.number as u8,
            value: option.value,
        })
    }
}

macro_rules! define_switches {
    ($(
        $(#[doc = $doc:literal])+
        $NAME:ident = $level:ident, $number:literal, $sparc:literal, $printed:literal,
            $Variant:ident, $direction:ident, $received:ty, $sent:tt,
            [$($option:ident)?] $note:literal, $form:ident, $source:literal;
    )+) => {
        /// The options in the order of `MessageId`.
        static SWITCHES: &[Option<Switch>] =
            &[$( const { Switch::of($level, keys::$NAME::OPTION) } ),+];
    };
}

catalogue!(define_switches);

/// Returns level and number of the option for messages of this level and type on sockets of this
/// address family, and what it takes. `None` if the table does not know the message, or an option
/// for it.
pub(crate) fn switch_of(family: u16, level: i32, ty: i32) -> Option<(i32, i32, OptionValue)> {
    let switch = (*SWITCHES.get(message_id(family, level, ty)? as usize)?)?;
    let level = if switch.of_socket { SOL_SOCKET } else { level };
    Some((level, switch.number.into(), switch.value))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::table::entries::CATALOGUE;

    #[test]
    fn every_message_has_the_option_of_its_row() {
        for row in CATALOGUE {
            let switch = switch_of(row.family, row.level, row.ty);
            let expected = row.option.map(|o| (o.level, o.number, o.value));
            assert_eq!(switch, expected, "{}", row.name);
        }
        assert_eq!(switch_of(0, 1000, 1), None);
    }
}
