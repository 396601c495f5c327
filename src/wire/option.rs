//! [`SocketOption`]: what switches a control message on.
#![forbid(unsafe_code)]

/// A socket option that switches a control message on: arguments of `setsockopt(2)`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct SocketOption {
    /// The name of the option: `SO_PASSCRED`.
    pub name: &'static str,
    /// Its level.
    pub level: i32,
    /// Its number on this machine.
    pub number: i32,
}
