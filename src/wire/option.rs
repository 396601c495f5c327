// SPDX-License-Identifier: MIT OR Apache-2.0
//! [`SocketOption`]: what switches a control message on.
#![forbid(unsafe_code)]

/// A socket option that switches a control message on: arguments of `setsockopt(2)`.
///
/// `io::enable` and `io::disable` (feature `libc`) make that call. Only the catalogue makes such
/// values, because a program could otherwise name an option that takes an address or a descriptor,
/// and set it without `unsafe`.
///
/// ```
/// use ancil::{IP_TTL, Key, OptionValue, SocketOption, level};
///
/// let option: SocketOption = IP_TTL::OPTION.unwrap();
/// assert_eq!((option.name(), option.level(), option.number()), ("IP_RECVTTL", level::SOL_IP, 12));
/// assert_eq!((option.value(), option.time64()), (OptionValue::Switch, None));
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct SocketOption {
    pub(crate) name: &'static str,
    pub(crate) level: i32,
    /// The address family on whose sockets the level means the option's protocol; 0 if the number
    /// of the level is enough.
    pub(crate) family: u16,
    pub(crate) number: i32,
    pub(crate) time64: Option<i32>,
    pub(crate) value: OptionValue,
}

impl SocketOption {
    /// Returns the name of the option: `SO_PASSCRED`.
    pub const fn name(&self) -> &'static str {
        self.name
    }

    /// Returns its level.
    pub const fn level(&self) -> i32 {
        self.level
    }

    /// Returns its number on this machine.
    pub const fn number(&self) -> i32 {
        self.number
    }

    /// Returns, on 32-bit machines, the number of the option whose messages have times of 64 bits.
    /// Try it first; Linux before 5.1 does not know it (ENOPROTOOPT).
    pub const fn time64(&self) -> Option<i32> {
        self.time64
    }

    /// Returns what the option takes.
    pub const fn value(&self) -> OptionValue {
        self.value
    }
}

/// What a socket option takes.
///
/// ```
/// use ancil::{Key, OptionValue, SO_TIMESTAMPING};
/// assert_eq!(SO_TIMESTAMPING::OPTION.unwrap().value(), OptionValue::Flags);
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum OptionValue {
    /// An `int`: 1 switches the message on, and 0 off.
    Switch,
    /// An `int` that is 1 from the start; 0 switches the message off.
    DefaultOn,
    /// The first byte of a struct: 1 switches the message on, and 0 off. A value of one byte leaves
    /// the rest of the struct as it is.
    Byte,
    /// An `int` of flags: 0 switches the message off.
    Flags,
    /// A struct of its own.
    Struct,
}

#[cfg(any(feature = "capi", feature = "libc"))]
impl OptionValue {
    /// Returns 1 or 0 in the form that the option takes: the first bytes of an array, and how many.
    pub(crate) const fn of_switch(self, on: bool) -> ([u8; 4], usize) {
        match self {
            Self::Byte => ([on as u8, 0, 0, 0], 1),
            _ => ((on as i32).to_ne_bytes(), 4),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_option_tells_what_it_was_made_of() {
        let (name, level, number, time64) = ("SO_OPTION", 7, 8, Some(9));
        let (family, value) = (0, OptionValue::Flags);
        let option = SocketOption {
            name,
            level,
            family,
            number,
            time64,
            value,
        };
        assert_eq!((option.name(), option.value()), (name, value));
        assert_eq!(
            (option.level(), option.number(), option.time64()),
            (level, number, time64)
        );
    }

    #[cfg(any(feature = "capi", feature = "libc"))]
    #[test]
    fn a_switch_is_an_int_or_one_byte() {
        for (on, number) in [(false, 0i32), (true, 1)] {
            let int = (number.to_ne_bytes(), 4);
            assert_eq!(OptionValue::Switch.of_switch(on), int);
            assert_eq!(OptionValue::DefaultOn.of_switch(on), int);
            let (bytes, len) = OptionValue::Byte.of_switch(on);
            assert_eq!((i32::from(bytes[0]), len), (number, 1));
        }
    }
}
