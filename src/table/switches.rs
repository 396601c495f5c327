//! [`switch_of`]: the socket option that switches a message on, without its name.
//!
//! [`Key::OPTION`] is the same with the name. A table of names would hold pointers, which the
//! dynamic linker would have to relocate.
#![forbid(unsafe_code)]

use super::keys;
use super::lookup::message_id;
use crate::wire::key::Key;
use crate::wire::option::{OptionValue, SocketOption};

/// A socket option without its name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Switch {
    pub level: i32,
    pub number: i32,
    pub value: OptionValue,
}

impl Switch {
    const fn of(option: Option<SocketOption>) -> Option<Self> {
        match option {
            Some(option) => Some(Self {
                level: option.level,
                number: option.number,
                value: option.value,
            }),
            None => None,
        }
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
        static SWITCHES: &[Option<Switch>] = &[$( Switch::of(keys::$NAME::OPTION) ),+];
    };
}

catalogue!(define_switches);

/// Returns the option for messages of this level and type on sockets of this address family. `None`
/// if the table does not know the message, or an option for it.
pub(crate) fn switch_of(family: u16, level: i32, ty: i32) -> Option<Switch> {
    *SWITCHES.get(message_id(family, level, ty)? as usize)?
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::table::entries::CATALOGUE;

    #[test]
    fn every_message_has_the_option_of_its_row() {
        for row in CATALOGUE {
            let switch = switch_of(row.family, row.level, row.ty);
            assert_eq!(switch, Switch::of(row.option), "{}", row.name);
        }
        assert_eq!(switch_of(0, 1000, 1), None);
    }
}
