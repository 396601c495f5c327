// SPDX-License-Identifier: MIT OR Apache-2.0
//! [`MsgHdrMut`]: space for a message to receive.

use super::user_msghdr::{UserMsghdr, slice_or_empty, slice_or_empty_mut};
use crate::iov::{IoVec, IoVecMut, readable};
use core::fmt;
use core::marker::PhantomData;

/// Space for a message to receive: for the sender's address, the bytes, and the control messages.
/// `recvmsg(2)`.
///
/// It has the groups of [`MsgHdr`](crate::MsgHdr) in the same layout. The kernel writes to each.
/// One `MsgHdrMut` serves any number of calls: no call changes its lengths.
///
/// ```
/// use ancil::{UpTo, space_of, ControlBuf, IoVecMut, MsgHdrMut, SCM_CREDENTIALS, SCM_RIGHTS};
///
/// let (mut head, mut body) = ([0; 4], [0; 1500]);
/// let mut vectors = [IoVecMut::new(&mut head), IoVecMut::new(&mut body)];
/// let mut control = ControlBuf::<{ space_of::<(UpTo<SCM_RIGHTS, 2>, SCM_CREDENTIALS)>() }>::new();
/// let message = MsgHdrMut::new().iov(&mut vectors).control(control.space());
/// # assert_eq!(message.msg_iov().len(), 2);
/// ```
#[doc(alias("msghdr", "user_msghdr"))]
#[repr(transparent)]
pub struct MsgHdrMut<'a> {
    /// Invariant: name, iov and control are each address and length of a `&'a mut` slice, or of the
    /// front of one, or their length is 0. Those of iov are a `&'a mut [IoVecMut<'v>]`, where `'v`
    /// outlives `'a`, the others a `&'a mut [u8]`.
    raw: UserMsghdr,
    groups: PhantomData<&'a mut [u8]>,
}

impl<'a> MsgHdrMut<'a> {
    /// Returns a message without space.
    #[inline]
    pub const fn new() -> Self {
        Self {
            raw: UserMsghdr::EMPTY,
            groups: PhantomData,
        }
    }

    /// Sets the space for the sender's address. 128 bytes hold every address.
    ///
    /// ```
    /// use ancil::{MsgHdrMut, addr::SockaddrStorage};
    /// let mut from = SockaddrStorage::new();
    /// let message = MsgHdrMut::new().name(from.as_mut_bytes());
    /// assert_eq!(message.msg_name().len(), 128);
    /// ```
    #[must_use]
    #[inline]
    pub const fn name(mut self, name: &'a mut [u8]) -> Self {
        self.raw.msg_name = name.as_mut_ptr().cast();
        self.raw.msg_namelen = UserMsghdr::namelen(name.len());
        self
    }

    /// Sets the vectors of the space for the bytes. Linux takes at most
    /// [`UIO_MAXIOV`](crate::limits::UIO_MAXIOV), and refuses more with EMSGSIZE.
    #[must_use]
    #[inline]
    pub const fn iov(mut self, vectors: &'a mut [IoVecMut<'_>]) -> Self {
        self.raw.msg_iov = vectors.as_mut_ptr().cast();
        self.raw.msg_iovlen = vectors.len();
        self
    }

    /// Sets the space for the control messages: [`space_of`](crate::space_of) the keys that are
    /// expected.
    #[must_use]
    #[inline]
    pub const fn control(mut self, control: &'a mut [u8]) -> Self {
        self.raw.msg_control = control.as_mut_ptr().cast();
        self.raw.msg_controllen = control.len();
        self
    }

    /// Returns the space for the address.
    ///
    /// ```
    /// assert_eq!(ancil::MsgHdrMut::new().name(&mut [0; 16]).msg_name().len(), 16);
    /// ```
    #[inline]
    pub const fn msg_name(&self) -> &[u8] {
        // SAFETY: by the invariant of `raw`, these are address and length of a `&'a mut [u8]`, or
        // the length is 0. The result borrows `self`, which has that slice.
        unsafe { slice_or_empty(self.raw.msg_name, self.raw.name_size()) }
    }

    /// Returns the vectors.
    ///
    /// ```
    /// use ancil::{IoVecMut, MsgHdrMut};
    /// let mut bytes = [0; 100];
    /// assert_eq!(MsgHdrMut::new().iov(&mut [IoVecMut::new(&mut bytes)]).msg_iov().len(), 1);
    /// ```
    #[inline]
    pub const fn msg_iov(&self) -> &[IoVecMut<'_>] {
        // SAFETY: by the invariant of `raw`, these are address and length of a
        // `&'a mut [IoVecMut<'v>]`, or the length is 0. The result borrows `self`, which has that
        // slice. It is a shared slice, so `'v` may be shortened in it: nobody can write a vector of
        // shorter life to it.
        unsafe { slice_or_empty(self.raw.msg_iov, self.raw.msg_iovlen) }
    }

    /// Returns the space for the control messages.
    ///
    /// ```
    /// assert_eq!(ancil::MsgHdrMut::new().control(&mut [0; 64]).msg_control().len(), 64);
    /// ```
    #[inline]
    pub const fn msg_control(&self) -> &[u8] {
        // SAFETY: by the invariant of `raw`, these are address and length of a `&'a mut [u8]`, or
        // the length is 0. The result borrows `self`, which has that slice.
        unsafe { slice_or_empty(self.raw.msg_control, self.raw.msg_controllen) }
    }

    /// Returns the message as the system call takes it, for programs that make the call
    /// themselves. The call writes lengths and flags to this copy, which
    /// [`Received::from_call`](crate::Received::from_call) reads, so the message itself keeps the
    /// lengths that were set.
    ///
    /// ```
    /// use ancil::MsgHdrMut;
    /// let mut control = [0; 64];
    /// let mut message = MsgHdrMut::new().control(&mut control);
    /// let header = message.to_user_msghdr(); // recvmsg takes its address
    /// assert_eq!(header.msg_controllen, 64);
    /// ```
    #[inline]
    pub const fn to_user_msghdr(&mut self) -> UserMsghdr {
        self.raw
    }

    /// Takes a message that another library, or a C program, has prepared for `recvmsg(2)`.
    ///
    /// ```
    /// use ancil::{MsgHdrMut, UserMsghdr};
    ///
    /// // SAFETY: every length is 0.
    /// let message = unsafe { MsgHdrMut::from_user_msghdr(UserMsghdr::EMPTY) };
    /// assert!(message.msg_control().is_empty());
    /// ```
    ///
    /// # Safety
    /// Name, vectors, the bytes of the vectors, and the space for control messages must be
    /// initialised, and valid for reads and writes for `'a`, or their length must be 0. Nobody else
    /// may use them meanwhile. `msg_namelen` must not be negative.
    #[inline]
    pub const unsafe fn from_user_msghdr(raw: UserMsghdr) -> Self {
        Self {
            raw,
            groups: PhantomData,
        }
    }

    /// Returns name, vectors and control, to own what a call received into them. The vectors can
    /// only be read: their bytes are what was received.
    #[inline]
    pub(crate) const fn into_groups(self) -> (&'a mut [u8], &'a [IoVec<'a>], &'a mut [u8]) {
        let raw = self.raw;
        // SAFETY: by the invariant of `raw`, each pair is address and length of a `&'a mut` slice
        // of this type, or the length is 0. `self` has those borrows and ends here, so nobody else
        // has access to the slices. The vectors become a shared slice, in which their lifetime may
        // be shortened.
        unsafe {
            let vectors: &[IoVecMut<'_>] = slice_or_empty(raw.msg_iov, raw.msg_iovlen);
            (
                slice_or_empty_mut(raw.msg_name, raw.name_size()),
                readable(vectors),
                slice_or_empty_mut(raw.msg_control, raw.msg_controllen),
            )
        }
    }

    /// Returns this message for as long as `self` is borrowed exclusively.
    #[inline]
    pub(crate) const fn reborrow(&mut self) -> MsgHdrMut<'_> {
        MsgHdrMut {
            raw: self.raw,
            groups: PhantomData,
        }
    }
}

impl Default for MsgHdrMut<'_> {
    fn default() -> Self {
        Self::new()
    }
}

impl fmt::Debug for MsgHdrMut<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("MsgHdrMut")
            .field("msg_name", &self.msg_name())
            .field("msg_iov", &self.msg_iov())
            .field("msg_control", &self.msg_control())
            .finish()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn groups_are_returned_as_they_were_set() {
        let (mut name, mut bytes, mut control) = (*b"name", *b"bytes", *b"control");
        let mut vectors = [IoVecMut::new(&mut bytes)];
        let mut message = MsgHdrMut::new()
            .name(&mut name)
            .iov(&mut vectors)
            .control(&mut control);
        assert_eq!(message.msg_name(), b"name");
        assert_eq!(message.msg_control(), b"control");
        assert_eq!(&*message.msg_iov()[0], b"bytes");

        let (name, iov, control) = message.reborrow().into_groups();
        assert_eq!(&*iov[0], b"bytes");
        assert_eq!((&*name, &*control), (&b"name"[..], &b"control"[..]));
        (name[0], control[0]) = (b'N', b'C');
        assert_eq!(
            (message.msg_name(), message.msg_control()),
            (&b"Name"[..], &b"Control"[..])
        );
        vectors[0][0] = 0; // the vectors are no longer borrowed
    }
}
