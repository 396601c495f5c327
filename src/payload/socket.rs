//! `SOL_SOCKET`: `unix(7)`, `socket(7)`, kernel `include/linux/socket.h`.
#![forbid(unsafe_code)]

use crate::error::Errno;
use core::fmt;
use zerocopy::{FromBytes, Immutable, IntoBytes, KnownLayout};

/// `struct ucred`: who sent the message, as the kernel vouches. Carried by `SCM_CREDENTIALS`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, FromBytes, IntoBytes, KnownLayout, Immutable)]
#[repr(C)]
pub struct Ucred {
    /// Process.
    pub pid: i32,
    /// User.
    pub uid: u32,
    /// Group.
    pub gid: u32,
}

/// The payload of `SCM_PIDFD`: a descriptor of the sender's process, or why there is none.
///
/// The receiver owns the descriptor.
#[derive(Clone, Copy, Debug, PartialEq, Eq, FromBytes, IntoBytes, KnownLayout, Immutable)]
#[repr(transparent)]
pub struct Pidfd(
    /// The descriptor, or a negative error number.
    pub i32,
);

const _: () = assert!(size_of::<Ucred>() == 12 && core::mem::offset_of!(Ucred, gid) == 8);

impl Pidfd {
    /// The descriptor's number, or the error that the kernel met when it made one.
    pub const fn fd(self) -> Result<i32, Errno> {
        if self.0 < 0 { Err(Errno(self.0.saturating_neg())) } else { Ok(self.0) }
    }
}

impl fmt::Display for Ucred {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{{pid={}, uid={}, gid={}}}", self.pid, self.uid, self.gid)
    }
}

impl fmt::Display for Pidfd {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "[{}]", self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_negative_pidfd_is_an_error_number() {
        assert_eq!(Pidfd(7).fd(), Ok(7));
        assert_eq!(Pidfd(-3).fd(), Err(Errno(3)));
        assert_eq!(Pidfd(i32::MIN).fd(), Err(Errno(i32::MAX)));
    }
}
