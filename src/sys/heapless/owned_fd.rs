// SPDX-License-Identifier: MIT OR Apache-2.0
//! [`OwnedRawFd`]: a descriptor that is closed on drop, without `std`.

use crate::wire::fd::Fd;
use core::mem::ManuallyDrop;
#[cfg(feature = "std")]
use std::os::fd::{FromRawFd, IntoRawFd, OwnedFd};

/// A descriptor that is closed on drop: what `std` calls `OwnedFd`, without `std`.
///
/// Invariant: the number is an open descriptor that nobody else owns.
#[derive(Debug)]
#[repr(transparent)]
pub(super) struct OwnedRawFd(i32);

impl OwnedRawFd {
    /// Takes ownership of a descriptor.
    ///
    /// # Safety
    /// `fd` must be an open descriptor that nobody else owns.
    pub(super) const unsafe fn new(fd: i32) -> Self {
        Self(fd)
    }

    /// Borrows the descriptors.
    pub(super) const fn as_fds(owned: &[Self]) -> &[Fd<'_>] {
        // SAFETY: both types are transparent over an i32, so the slices have one layout. An Fd must
        // be an open descriptor that stays open while it is borrowed: by the invariant of the type
        // it is open, and it is closed only on drop or given away by `into_raw`. Both need the
        // owner, which the result borrows.
        unsafe { core::slice::from_raw_parts(owned.as_ptr().cast(), owned.len()) }
    }

    /// Returns the number and gives up ownership: the caller must close the descriptor.
    pub(super) fn into_raw(self) -> i32 {
        ManuallyDrop::new(self).0
    }
}

impl Drop for OwnedRawFd {
    fn drop(&mut self) {
        // The result is ignored: Linux frees the number even if close(2) reports an error.
        // SAFETY: nobody may use a descriptor that is closed here. By the invariant of the type,
        // `self` is its only owner, and `self` ends here.
        unsafe { libc::close(self.0) };
    }
}

#[cfg(feature = "std")]
impl From<OwnedRawFd> for OwnedFd {
    fn from(fd: OwnedRawFd) -> Self {
        // SAFETY: an OwnedFd must be the only owner of an open descriptor. By the invariant of
        // OwnedRawFd, `fd` was that owner; `into_raw` gave up its ownership without closing.
        unsafe { Self::from_raw_fd(fd.into_raw()) }
    }
}

#[cfg(feature = "std")]
impl From<OwnedFd> for OwnedRawFd {
    fn from(fd: OwnedFd) -> Self {
        Self(fd.into_raw_fd())
    }
}
