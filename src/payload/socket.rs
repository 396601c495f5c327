//! `SOL_SOCKET`: `unix(7)`, `socket(7)`, kernel `include/linux/socket.h`.
#![forbid(unsafe_code)]

use crate::error::Errno;
use crate::show::{Printer, Show};
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

/// `struct scm_ts_pktinfo`: carried by `SCM_TIMESTAMPING_PKTINFO`.
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, FromBytes, IntoBytes, KnownLayout, Immutable,
)]
#[repr(C)]
pub struct ScmTsPktinfo {
    /// Interface that received the packet.
    pub if_index: u32,
    /// Bytes of the packet, with its link-layer header.
    pub pkt_length: u32,
    /// Zero.
    pub reserved: [u32; 2],
}

/// `struct sock_txtime`: the argument of the option SO_TXTIME, which allows `SCM_TXTIME`.
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, FromBytes, IntoBytes, KnownLayout, Immutable,
)]
#[repr(C)]
pub struct SockTxtime {
    /// The clock: CLOCK_MONOTONIC, CLOCK_TAI.
    pub clockid: i32,
    /// SOF_TXTIME_*.
    pub flags: u32,
}

const _: () = assert!(size_of::<ScmTsPktinfo>() == 16 && size_of::<SockTxtime>() == 8);
const _: () = assert!(size_of::<Ucred>() == 12 && core::mem::offset_of!(Ucred, gid) == 8);

impl Pidfd {
    /// The descriptor's number, or the error that the kernel met when it made one.
    pub const fn fd(self) -> Result<i32, Errno> {
        if self.0 < 0 {
            Err(Errno(self.0.saturating_neg()))
        } else {
            Ok(self.0)
        }
    }
}

impl Show for Ucred {
    #[inline(never)]
    fn show(&self, out: &mut impl Printer) -> fmt::Result {
        out.write_str("{pid=")?;
        self.pid.show(out)?;
        out.write_str(", uid=")?;
        id(out, self.uid)?;
        out.write_str(", gid=")?;
        id(out, self.gid)?;
        out.ascii(b'}')
    }
}

/// A user or a group; nobody is -1.
fn id(out: &mut impl Printer, id: u32) -> fmt::Result {
    if id == u32::MAX {
        out.write_str("-1")
    } else {
        id.show(out)
    }
}

displayed!(Ucred);
shown!(ScmTsPktinfo {
    if_index,
    pkt_length
});
shown!(SockTxtime { clockid, flags });

impl Show for Pidfd {
    const NUMBER: bool = true;

    fn show(&self, out: &mut impl Printer) -> fmt::Result {
        self.0.show(out)
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

    #[test]
    fn nobody_is_minus_one() {
        let shown = std::format!(
            "{}",
            Ucred {
                pid: -2,
                uid: u32::MAX,
                gid: u32::MAX - 1
            }
        );
        assert_eq!(shown, "{pid=-2, uid=-1, gid=4294967294}");
    }
}
