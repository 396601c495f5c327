// SPDX-License-Identifier: MIT OR Apache-2.0
//! [`Truncated`]: the error of a message that lost something.

use crate::msghdr::MsgFlags;
use core::fmt;

/// A message of which bytes or control messages are missing:
/// [`Received::whole`](super::Received::whole).
///
/// ```
/// use ancil::{MsgFlags, Received, Truncated};
///
/// # unsafe fn close(_: i32) {}
/// # // SAFETY: there are no descriptors.
/// # let received = unsafe { Received::from_control(9, MsgFlags::MSG_TRUNC, &mut [], close) };
/// let Err(Truncated { flags }) = received.whole() else { panic!() };
/// assert_eq!(flags, MsgFlags::MSG_TRUNC);
/// ```
#[doc(alias("lost descriptors", "EMFILE"))]
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Truncated {
    /// What the kernel reported, `MSG_TRUNC` or `MSG_CTRUNC` among it.
    pub flags: MsgFlags,
}

impl fmt::Display for Truncated {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self.flags.contains(MsgFlags::MSG_TRUNC) {
            true => "the message was longer than the space for its bytes",
            false => "control messages or descriptors are missing",
        })
    }
}

impl core::error::Error for Truncated {}

#[cfg(feature = "std")]
impl From<Truncated> for std::io::Error {
    fn from(e: Truncated) -> Self {
        Self::new(std::io::ErrorKind::InvalidData, e)
    }
}
