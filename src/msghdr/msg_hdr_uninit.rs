// SPDX-License-Identifier: MIT OR Apache-2.0
//! [`MsgHdrUninit`]: space for a message to receive that need not be initialised.

use super::user_msghdr::{UserMsghdr, slice_or_empty, slice_or_empty_mut};
use crate::iov::IoVecUninit;
use core::fmt;
use core::marker::PhantomData;
use core::mem::MaybeUninit;

/// Space for a message to receive, as [`MsgHdrMut`](crate::MsgHdrMut), but of bytes that need not
/// be initialised: a program need not zero a buffer that the kernel fills.
///
/// ```
/// use ancil::{IoVecUninit, MsgHdrUninit, SCM_CREDENTIALS, space_of};
/// use std::mem::MaybeUninit;
///
/// let mut bytes = [MaybeUninit::uninit(); 65536];
/// let mut control = [MaybeUninit::uninit(); space_of::<SCM_CREDENTIALS>()];
/// let mut vectors = [IoVecUninit::new(&mut bytes)];
/// let mut message = MsgHdrUninit::new().iov(&mut vectors).control(&mut control);
/// # assert_eq!(message.to_user_msghdr().msg_iovlen, 1);
/// ```
#[doc(alias("msghdr", "user_msghdr"))]
#[repr(transparent)]
pub struct MsgHdrUninit<'a> {
    /// Invariant: name, iov and control are each address and length of a `&'a mut` slice, or of the
    /// front of one, or their length is 0. Those of iov are a `&'a mut [IoVecUninit<'v>]`, where
    /// `'v` outlives `'a`, the others a `&'a mut [MaybeUninit<u8>]`.
    raw: UserMsghdr,
    groups: PhantomData<&'a mut [MaybeUninit<u8>]>,
}

impl<'a> MsgHdrUninit<'a> {
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
    /// use ancil::MsgHdrUninit;
    /// use std::mem::MaybeUninit;
    /// let mut from = [MaybeUninit::uninit(); 128];
    /// let mut message = MsgHdrUninit::new().name(&mut from);
    /// assert_eq!(message.to_user_msghdr().msg_namelen, 128);
    /// ```
    #[must_use]
    #[inline]
    pub const fn name(mut self, name: &'a mut [MaybeUninit<u8>]) -> Self {
        self.raw.msg_name = name.as_mut_ptr().cast();
        self.raw.msg_namelen = UserMsghdr::namelen(name.len());
        self
    }

    /// Sets the vectors of the space for the bytes.
    #[must_use]
    #[inline]
    pub const fn iov(mut self, vectors: &'a mut [IoVecUninit<'_>]) -> Self {
        self.raw.msg_iov = vectors.as_mut_ptr().cast();
        self.raw.msg_iovlen = vectors.len();
        self
    }

    /// Sets the space for the control messages.
    #[must_use]
    #[inline]
    pub const fn control(mut self, control: &'a mut [MaybeUninit<u8>]) -> Self {
        self.raw.msg_control = control.as_mut_ptr().cast();
        self.raw.msg_controllen = control.len();
        self
    }

    /// Returns the message as the system call takes it. The call writes lengths and flags to this
    /// copy, which [`Received::from_uninit_call`](crate::Received::from_uninit_call) reads, so the
    /// message itself keeps the lengths that were set.
    ///
    /// The space for control messages is zeroed: the kernel does not write the padding between
    /// them.
    ///
    /// ```
    /// let mut message = ancil::MsgHdrUninit::new();
    /// let header = message.to_user_msghdr(); // recvmsg takes its address
    /// assert_eq!(header.msg_controllen, 0);
    /// ```
    #[inline]
    pub fn to_user_msghdr(&mut self) -> UserMsghdr {
        self.control_space().fill(MaybeUninit::new(0));
        self.raw
    }

    fn control_space(&mut self) -> &mut [MaybeUninit<u8>] {
        // SAFETY: by the invariant of `raw`, these are address and length of a `&'a mut` slice of
        // bytes that may be uninitialised, or the length is 0. `self` is borrowed exclusively as
        // long as the result, so nobody else has access to the slice.
        unsafe { slice_or_empty_mut(self.raw.msg_control, self.raw.msg_controllen) }
    }

    /// Returns what a call wrote: name, vectors and control.
    ///
    /// # Safety
    /// The first `name_len` bytes of the space for the name must be initialised, or all if there
    /// are fewer, and all bytes of the space for control messages.
    pub(crate) unsafe fn groups(
        &mut self,
        name_len: usize,
    ) -> (&[u8], &[IoVecUninit<'_>], &mut [u8]) {
        let raw = self.raw;
        // SAFETY: by the invariant of `raw`, each pair is address and length of a `&'a mut` slice
        // of bytes that may be uninitialised, or the length is 0. `self` has those borrows and is
        // borrowed exclusively as long as the results live, so nobody else has access to them. Of
        // the bytes only those become `u8` that are initialised by the contract of this function.
        // The vectors become a shared slice, in which their lifetime may be shortened.
        unsafe {
            (
                slice_or_empty(raw.msg_name, raw.name_size().min(name_len)),
                slice_or_empty(raw.msg_iov, raw.msg_iovlen),
                slice_or_empty_mut(raw.msg_control, raw.msg_controllen),
            )
        }
    }
}

impl Default for MsgHdrUninit<'_> {
    fn default() -> Self {
        Self::new()
    }
}

impl fmt::Debug for MsgHdrUninit<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.raw.fmt(f)
    }
}
