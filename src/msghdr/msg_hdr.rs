// SPDX-License-Identifier: MIT OR Apache-2.0
//! [`MsgHdr`]: a message to send.

use super::flags::MsgFlags;
use super::user_msghdr::{UserMsghdr, slice_or_empty};
use crate::iov::IoVec;
use crate::wire::control::Control;
use core::fmt;
use core::marker::PhantomData;

/// A message to send: its destination, its bytes, its control messages and its flags. `sendmsg(2)`.
///
/// ```text
///   MsgHdr                              the caller's memory
///  +-------------------------+
///  | msg_name    msg_namelen | ------> [ sockaddr ]                  destination, or sender
///  +-------------------------+
///  | msg_iov     msg_iovlen  | ------> [ IoVec | IoVec | IoVec ]     the bytes, in pieces
///  +-------------------------+             |       |       |
///  |                         |             v       v       v
///  |                         |          [bytes] [bytes] [bytes]
///  +-------------------------+
///  | msg_control  ~len       | ------> [ cmsghdr data | cmsghdr .. ] the control messages
///  +-------------------------+
///  | msg_flags               |         MSG_TRUNC, MSG_CTRUNC, MSG_EOR ..
///  +-------------------------+
/// ```
///
/// Every group (name, vectors, control) may be left out. The layout is that of the kernel's `struct
/// user_msghdr`, so the system call takes a pointer to this: 56 bytes on 64-bit machines, 28 on
/// 32-bit ones.
///
/// ```
/// use ancil::{space_of, IP_TTL, IoVec, MsgHdr, Writer};
///
/// let mut buffer = [0; space_of::<IP_TTL>()];
/// let mut writer = Writer::new(&mut buffer);
/// writer.put(IP_TTL, 1)?;
/// let vectors = [IoVec::new(b"head"), IoVec::new(b"body")];
/// let message = MsgHdr::new().iov(&vectors).control(writer.finish());
/// assert_eq!(message.msg_control().len(), space_of::<IP_TTL>());
/// # Ok::<(), ancil::NoSpace>(())
/// ```
#[doc(alias("msghdr", "user_msghdr"))]
#[derive(Clone, Copy)]
#[repr(transparent)]
pub struct MsgHdr<'a> {
    /// Invariant: name, iov and control are each address and length of a `&'a` slice, or of the
    /// front of one, or their length is 0. Those of iov are a `&'a [IoVec<'a>]`, the others a
    /// `&'a [u8]`. Those of control may be sent as a [`Control<'a>`](Control).
    raw: UserMsghdr,
    groups: PhantomData<(&'a [u8], &'a [IoVec<'a>])>,
}

impl<'a> MsgHdr<'a> {
    /// Returns a message without address, bytes and control messages.
    #[inline]
    pub const fn new() -> Self {
        Self {
            raw: UserMsghdr::EMPTY,
            groups: PhantomData,
        }
    }

    /// Sets the destination: the bytes of a socket address, as in `bind(2)`. Linux reads at most
    /// 128.
    ///
    /// ```
    /// # use ancil::{IoVec, MsgHdr};
    /// # use ancil::addr::SockaddrIn;
    /// let to = SockaddrIn::from("127.0.0.1:53".parse::<core::net::SocketAddrV4>()?);
    /// let vectors = [IoVec::new(b"question")];
    /// let message = MsgHdr::new().name(to.as_bytes()).iov(&vectors);
    /// # assert_eq!(message.msg_name().len(), 16);
    /// # Ok::<(), core::net::AddrParseError>(())
    /// ```
    #[must_use]
    #[inline]
    pub const fn name(mut self, name: &'a [u8]) -> Self {
        self.raw.msg_name = name.as_ptr().cast_mut().cast();
        self.raw.msg_namelen = UserMsghdr::namelen(name.len());
        self
    }

    /// Sets the vectors of the bytes. Linux takes at most
    /// [`UIO_MAXIOV`](crate::limits::UIO_MAXIOV), and refuses more with EMSGSIZE.
    #[must_use]
    #[inline]
    pub const fn iov(mut self, vectors: &'a [IoVec<'a>]) -> Self {
        self.raw.msg_iov = vectors.as_ptr().cast_mut().cast();
        self.raw.msg_iovlen = vectors.len();
        self
    }

    /// Sets the control messages, such as [`Writer::finish`](crate::Writer::finish) returns them.
    #[must_use]
    #[inline]
    pub const fn control(mut self, control: Control<'a>) -> Self {
        self.raw.msg_control = control.as_bytes().as_ptr().cast_mut().cast();
        self.raw.msg_controllen = control.len();
        self
    }

    /// Sets the flags of this message in a batch: `MSG_EOR`. `sendmsg(2)` ignores them, because it
    /// has an argument for flags.
    ///
    /// ```
    /// use ancil::{MsgFlags, MsgHdr};
    /// let message = MsgHdr::new().flags(MsgFlags::MSG_EOR);
    /// assert_eq!(message.msg_flags(), MsgFlags::MSG_EOR);
    /// ```
    #[must_use]
    #[inline]
    pub const fn flags(mut self, flags: MsgFlags) -> Self {
        self.raw.msg_flags = flags.bits();
        self
    }

    /// Returns the address.
    ///
    /// ```
    /// assert_eq!(ancil::MsgHdr::new().name(&[1, 2]).msg_name(), [1, 2]);
    /// ```
    #[inline]
    pub const fn msg_name(&self) -> &'a [u8] {
        // SAFETY: by the invariant of `raw`, these are address and length of a `&'a [u8]`, or the
        // length is 0. `name` writes both.
        unsafe { slice_or_empty(self.raw.msg_name, self.raw.name_size()) }
    }

    /// Returns the vectors.
    ///
    /// ```
    /// use ancil::{IoVec, MsgHdr};
    /// let vectors = [IoVec::new(b"head"), IoVec::new(b"body")];
    /// assert_eq!(MsgHdr::new().iov(&vectors).msg_iov().len(), 2);
    /// ```
    #[inline]
    pub const fn msg_iov(&self) -> &'a [IoVec<'a>] {
        // SAFETY: by the invariant of `raw`, these are address and length of a `&'a [IoVec<'a>]`,
        // or the length is 0. `iov` writes both.
        unsafe { slice_or_empty(self.raw.msg_iov, self.raw.msg_iovlen) }
    }

    /// Returns the control messages.
    #[inline]
    pub const fn msg_control(&self) -> Control<'a> {
        // SAFETY: by the invariant of `raw`, these are address and length of a `&'a [u8]` that may
        // be sent as a Control<'a>, or the length is 0.
        unsafe {
            Control::from_raw(slice_or_empty(
                self.raw.msg_control,
                self.raw.msg_controllen,
            ))
        }
    }

    /// Returns the flags.
    ///
    /// ```
    /// assert!(ancil::MsgHdr::new().msg_flags().is_empty());
    /// ```
    #[inline]
    pub const fn msg_flags(&self) -> MsgFlags {
        MsgFlags::from_bits_retain(self.raw.msg_flags)
    }

    /// Returns the message as the system call takes it, for programs that make the call
    /// themselves.
    ///
    /// ```
    /// use ancil::{IoVec, MsgHdr};
    ///
    /// let vectors = [IoVec::new(b"head"), IoVec::new(b"body")];
    /// let message = MsgHdr::new().iov(&vectors);
    /// let address = std::ptr::from_ref(message.as_user_msghdr()); // the argument of sendmsg
    /// # assert!(!address.is_null());
    /// assert_eq!(message.as_user_msghdr().msg_iovlen, 2);
    /// ```
    #[inline]
    pub const fn as_user_msghdr(&self) -> &UserMsghdr {
        &self.raw
    }

    /// Takes a message that another library, or a C program, has prepared for `sendmsg(2)`.
    ///
    /// ```
    /// use ancil::{MsgHdr, UserMsghdr};
    ///
    /// // SAFETY: every length is 0.
    /// let message = unsafe { MsgHdr::from_user_msghdr(UserMsghdr::EMPTY) };
    /// assert!(message.msg_iov().is_empty());
    /// ```
    ///
    /// # Safety
    /// Name, vectors, the bytes of the vectors, and control messages must be valid for reads for
    /// `'a`, or their length must be 0. Nobody may write to them meanwhile. The control messages
    /// must be what [`Control::from_raw`] requires. `msg_namelen` must not be negative.
    #[inline]
    pub const unsafe fn from_user_msghdr(raw: UserMsghdr) -> Self {
        Self {
            raw,
            groups: PhantomData,
        }
    }
}

impl Default for MsgHdr<'_> {
    fn default() -> Self {
        Self::new()
    }
}

impl fmt::Debug for MsgHdr<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("MsgHdr")
            .field("msg_name", &self.msg_name())
            .field("msg_iov", &self.msg_iov())
            .field("msg_control", &self.msg_control().as_bytes())
            .field("msg_flags", &self.msg_flags())
            .finish()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Writer;

    #[test]
    fn groups_are_returned_as_they_were_set() {
        let empty = MsgHdr::new();
        assert!(empty.msg_name().is_empty());
        assert!(empty.msg_iov().is_empty());
        assert!(empty.msg_control().is_empty());

        let vectors = [IoVec::new(b"one"), IoVec::new(b"two")];
        let mut bytes = [0; 32];
        let mut writer = Writer::new(&mut bytes);
        writer.put_raw(1, 2, b"message").unwrap();
        let control = writer.finish();
        let full = MsgHdr::new()
            .name(b"name")
            .iov(&vectors)
            .control(control)
            .flags(MsgFlags::MSG_EOR);
        assert_eq!(full.msg_name(), b"name");
        assert_eq!(full.msg_control(), control);
        assert_eq!(full.msg_iov().len(), 2);
        assert_eq!(full.msg_iov()[1].as_bytes(), b"two");
        assert_eq!(full.msg_flags(), MsgFlags::MSG_EOR);
    }
}
