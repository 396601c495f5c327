// SPDX-License-Identifier: MIT OR Apache-2.0
//! [`UserMsghdr`] and the C library's `msghdr`.

use crate::error::Errno;
use crate::msghdr::UserMsghdr;

#[allow(
    clippy::useless_conversion,
    clippy::unnecessary_cast,
    reason = "the types of the fields differ between C libraries"
)]
impl UserMsghdr {
    /// Returns the message as the C library declares it, where some of the kernel's fields are
    /// narrower or at other offsets. Feature `libc`.
    ///
    /// ```
    /// use ancil::{IoVec, MsgHdr, UserMsghdr};
    ///
    /// let vectors = [IoVec::new(b"hello")];
    /// let message = MsgHdr::new().iov(&vectors);
    /// let header: libc::msghdr = message.as_user_msghdr().to_libc()?; // for libc::sendmsg
    /// assert_eq!(UserMsghdr::from_libc(&header).msg_iovlen, 1);
    /// # Ok::<(), ancil::Errno>(())
    /// ```
    ///
    /// # Errors
    /// A length that does not fit its field: EINVAL for the address, EMSGSIZE for the vectors,
    /// ENOBUFS for the control messages, as Linux reports lengths that are too large.
    #[inline]
    pub fn to_libc(&self) -> Result<libc::msghdr, Errno> {
        // It cannot be a literal: some C libraries have padding fields with names of their own.
        // SAFETY: all bytes zero must be a valid value. msghdr consists of pointers and integers,
        // for which zero is valid.
        let mut header: libc::msghdr = unsafe { core::mem::zeroed() };
        header.msg_name = self.msg_name;
        header.msg_namelen = (self.msg_namelen.try_into()).map_err(|_| Errno(libc::EINVAL))?;
        header.msg_iov = self.msg_iov.cast();
        header.msg_iovlen = (self.msg_iovlen.try_into()).map_err(|_| Errno(libc::EMSGSIZE))?;
        header.msg_control = self.msg_control;
        header.msg_controllen =
            (self.msg_controllen.try_into()).map_err(|_| Errno(libc::ENOBUFS))?;
        header.msg_flags = self.msg_flags as i32;
        Ok(header)
    }

    /// Returns the message that the C library's struct describes. Feature `libc`.
    ///
    /// ```
    /// use ancil::UserMsghdr;
    /// let header = UserMsghdr::EMPTY.to_libc()?;
    /// assert_eq!(UserMsghdr::from_libc(&header), UserMsghdr::EMPTY);
    /// # Ok::<(), ancil::Errno>(())
    /// ```
    #[inline]
    pub const fn from_libc(header: &libc::msghdr) -> Self {
        Self {
            msg_name: header.msg_name,
            msg_namelen: Self::namelen(header.msg_namelen as usize),
            msg_iov: header.msg_iov.cast(),
            msg_iovlen: header.msg_iovlen as usize,
            msg_control: header.msg_control,
            msg_controllen: header.msg_controllen as usize,
            msg_flags: header.msg_flags as u32,
        }
    }
}
