// SPDX-License-Identifier: MIT OR Apache-2.0
//! `SOL_SOCKET`: `unix(7)`, `socket(7)`, kernel `include/linux/socket.h`,
//! `include/uapi/linux/net_tstamp.h`.
#![forbid(unsafe_code)]

use crate::error::Errno;
use crate::show::{Printer, Show};
use core::fmt;
use core::mem::offset_of;
use zerocopy::{FromBytes, Immutable, IntoBytes};

/// `struct ucred`: the ids of the sender, which the kernel has checked. Carried by
/// `SCM_CREDENTIALS`.
///
/// A privileged sender may name other ids. Process 0 is no sender: the kernel reports it for what
/// was sent before `SO_PASSCRED` was on.
///
/// In Rust, [`SCM_CREDENTIALS`](crate::SCM_CREDENTIALS) says what to do about it.
///
/// ```
/// use ancil::{SCM_CREDENTIALS, Writer, payload::Ucred, space_of};
///
/// let mut buffer = [0; space_of::<SCM_CREDENTIALS>()];
/// let mut writer = Writer::new(&mut buffer);
/// writer.put(SCM_CREDENTIALS, Ucred { pid: 7, uid: 1000, gid: 1000 })?;
/// let sender = writer.finish().reader().get(SCM_CREDENTIALS)?.ok_or("no credentials")?;
/// assert_eq!(sender.uid, 1000);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[doc(alias = "ucred")]
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, FromBytes, IntoBytes, Immutable)]
#[repr(C)]
pub struct Ucred {
    /// Process id.
    pub pid: i32,
    /// User id.
    pub uid: u32,
    /// Group id.
    pub gid: u32,
}

const _: () = assert!(size_of::<Ucred>() == 12);
const _: () = assert!(offset_of!(Ucred, gid) == 8);

impl Show for Ucred {
    #[inline(never)]
    fn show(&self, out: &mut impl Printer) -> fmt::Result {
        out.write_str("{pid=")?;
        self.pid.show(out)?;
        out.write_str(", uid=")?;
        show_id(out, self.uid)?;
        out.write_str(", gid=")?;
        show_id(out, self.gid)?;
        out.ascii(b'}')
    }
}

/// Prints a user or group id. The largest `u32`, which stands for no id, prints as -1.
fn show_id(out: &mut impl Printer, id: u32) -> fmt::Result {
    match id {
        u32::MAX => out.write_str("-1"),
        _ => id.show(out),
    }
}

displayed!(Ucred);

/// The payload of `SCM_PIDFD`: a pidfd of the sender's process, which the receiver owns, or an
/// error number if the kernel could not make one.
///
/// ```
/// use ancil::{Errno, payload::Pidfd};
/// assert_eq!((Pidfd(5).fd(), Pidfd(-Errno::EMFILE.0).fd()), (Ok(5), Err(Errno::EMFILE)));
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, FromBytes, IntoBytes, Immutable)]
#[repr(transparent)]
pub struct Pidfd(
    /// The descriptor, or a negative error number.
    pub i32,
);

impl Pidfd {
    /// Returns the number of the descriptor.
    ///
    /// # Errors
    /// The error that the kernel met when it made the descriptor.
    pub const fn fd(self) -> Result<i32, Errno> {
        if self.0 < 0 {
            Err(Errno(self.0.saturating_neg()))
        } else {
            Ok(self.0)
        }
    }
}

impl Show for Pidfd {
    const NUMBER: bool = true;

    fn show(&self, out: &mut impl Printer) -> fmt::Result {
        self.0.show(out)
    }
}

displayed!(Pidfd);

/// `struct scm_ts_pktinfo`: origin of a packet that has a hardware timestamp. Carried by
/// `SCM_TIMESTAMPING_PKTINFO`.
///
/// ```
/// use ancil::{Payload, payload::ScmTsPktinfo};
/// let info = ScmTsPktinfo::decode(&[0; 16])?; // what SCM_TIMESTAMPING_PKTINFO carries
/// assert_eq!((info.if_index, info.pkt_length), (0, 0));
/// # Ok::<(), ancil::PayloadError>(())
/// ```
#[doc(alias = "scm_ts_pktinfo")]
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, FromBytes, IntoBytes, Immutable)]
#[repr(C)]
pub struct ScmTsPktinfo {
    /// Index of the interface of arrival; 0 if it is not known.
    pub if_index: u32,
    /// Length of the packet with its link-layer header, in bytes.
    pub pkt_length: u32,
    /// Zero.
    pub reserved: [u32; 2],
}

const _: () = assert!(size_of::<ScmTsPktinfo>() == 16);
const _: () = assert!(offset_of!(ScmTsPktinfo, reserved) == 8);

shown!(ScmTsPktinfo {
    if_index,
    pkt_length
});

/// `struct sock_txtime`: the argument of the option `SO_TXTIME`, which allows `SCM_TXTIME`.
///
/// ```
/// use ancil::payload::SockTxtime;
/// let by_tai = SockTxtime { clockid: libc::CLOCK_TAI, flags: 0 };
/// assert_eq!(size_of_val(&by_tai), 8); // io::enable_with(&socket, SCM_TXTIME, by_tai)
/// ```
#[doc(alias = "sock_txtime")]
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, FromBytes, IntoBytes, Immutable)]
#[repr(C)]
pub struct SockTxtime {
    /// The clock that `SCM_TXTIME` refers to: `CLOCK_TAI`, `CLOCK_MONOTONIC`.
    pub clockid: i32,
    /// Flags: `SOF_TXTIME_*`.
    pub flags: u32,
}

const _: () = assert!(size_of::<SockTxtime>() == 8);

shown!(SockTxtime { clockid, flags });

#[cfg(test)]
mod tests {
    use super::*;
    use std::string::ToString;

    #[test]
    fn a_negative_pidfd_is_an_error_number() {
        assert_eq!(Pidfd(7).fd(), Ok(7));
        assert_eq!(Pidfd(-3).fd(), Err(Errno(3)));
        assert_eq!(Pidfd(i32::MIN).fd(), Err(Errno(i32::MAX)));
    }

    #[test]
    fn an_absent_id_prints_as_minus_one() {
        let ids = Ucred {
            pid: -2,
            uid: u32::MAX,
            gid: u32::MAX - 1,
        };
        assert_eq!(ids.to_string(), "{pid=-2, uid=-1, gid=4294967294}");
    }
}
