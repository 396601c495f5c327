//! [`SocketOption`]: what switches a control message on.
#![forbid(unsafe_code)]

/// A socket option that switches a control message on: arguments of `setsockopt(2)`.
///
/// `io::enable` and `io::disable` (feature `libc`) make that call.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct SocketOption {
    /// The name of the option: `SO_PASSCRED`.
    pub name: &'static str,
    /// Its level.
    pub level: i32,
    /// Its number on this machine.
    pub number: i32,
    /// The number of the option whose messages have times of 64 bits, where those of `number` have
    /// 32 bits. It is to be tried first; Linux before 5.1 does not know it (ENOPROTOOPT).
    pub time64: Option<i32>,
    /// What the option takes.
    pub value: OptionValue,
}

/// What a socket option takes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum OptionValue {
    /// An `int`: 1 switches the message on, and 0 off.
    Switch,
    /// An `int` of flags: 0 switches the message off.
    Flags,
    /// A struct of its own.
    Struct,
}
