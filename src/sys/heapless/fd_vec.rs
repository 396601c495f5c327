// SPDX-License-Identifier: MIT OR Apache-2.0
//! [`FdVec`]: up to `N` descriptors, owned.

use super::owned_fd::OwnedRawFd;
use crate::sys::received::Received;
use crate::wire::fd::Fd;
use core::iter;
use heapless::Vec;
#[cfg(feature = "std")]
use std::os::fd::OwnedFd;

/// Up to `N` descriptors, owned: those that are still there on drop are closed.
///
/// [`fds`](FdVec::fds) is what `SCM_RIGHTS` is sent from.
///
/// ```
/// # #[cfg(feature = "std")] {
/// use ancil::{FdVec, IoVec, IoVecMut, MsgFlags, MsgHdr, MsgHdrMut, SCM_RIGHTS, UpTo, Writer};
/// use ancil::{io, space_of};
/// use std::{fs::File, os::unix::net::UnixDatagram};
///
/// let (here, there) = UnixDatagram::pair()?;
/// let mut fds = FdVec::<2>::new();
/// fds.push(File::open("/proc/self/comm")?).map_err(|_| "the FdVec is full")?;
/// let mut control = [0; space_of::<UpTo<SCM_RIGHTS, 2>>()];
/// let mut writer = Writer::new(&mut control);
/// writer.put(SCM_RIGHTS, fds.fds())?;
/// let vectors = [IoVec::new(b"!")];
/// let message = MsgHdr::new().iov(&vectors).control(writer.finish());
/// io::sendmsg(&here, &message, MsgFlags::empty())?;
///
/// let mut byte = [0];
/// let mut vectors = [IoVecMut::new(&mut byte)];
/// let mut message = MsgHdrMut::new().iov(&mut vectors).control(&mut control);
/// let mut received = io::recvmsg(&there, &mut message, MsgFlags::empty())?;
/// assert_eq!(fds.fill(&mut received), 0); // every descriptor fitted
/// assert_eq!(fds.into_fds().count(), 2);
/// # }
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Default)]
pub struct FdVec<const N: usize> {
    fds: Vec<OwnedRawFd, N>,
}

impl<const N: usize> FdVec<N> {
    /// Returns an empty collection.
    pub const fn new() -> Self {
        Self { fds: Vec::new() }
    }

    /// Takes the descriptors of all `SCM_RIGHTS` from `received`, in order, until the collection is
    /// full.
    ///
    /// Returns how many descriptors did not fit. `received` keeps them, and closes them on drop.
    #[must_use = "descriptors that did not fit are not in the collection"]
    pub fn fill(&mut self, received: &mut Received<'_>) -> usize {
        let free = N.saturating_sub(self.fds.len());
        for fd in received.take_raw_fds().take(free) {
            // SAFETY: the descriptor must be open and have no other owner. `received` was its owner
            // and has just given it away.
            let fd = unsafe { OwnedRawFd::new(fd) };
            // Never fails: the loop ends after `free` descriptors.
            let _ = self.fds.push(fd);
        }
        received.fds_left()
    }

    /// Borrows the descriptors, in order.
    pub fn fds(&self) -> &[Fd<'_>] {
        OwnedRawFd::as_fds(&self.fds)
    }

    /// Appends a descriptor.
    ///
    /// # Errors
    /// The descriptor itself, still open, if the collection is full.
    #[cfg(feature = "std")]
    pub fn push(&mut self, fd: impl Into<OwnedFd>) -> Result<(), OwnedFd> {
        let fd = OwnedRawFd::from(fd.into());
        self.fds.push(fd).map_err(OwnedFd::from)
    }

    /// Yields the descriptors, in order. Dropping the iterator closes those that it did not yield.
    #[cfg(feature = "std")]
    pub fn into_fds(self) -> impl Iterator<Item = OwnedFd> {
        self.into_owned_fds().map(OwnedFd::from)
    }

    /// Yields the descriptors, in order, as numbers. The caller must close each that is yielded;
    /// dropping the iterator closes the others.
    ///
    /// ```
    /// assert_eq!(ancil::FdVec::<4>::new().into_raw_fds().count(), 0);
    /// ```
    pub fn into_raw_fds(self) -> impl Iterator<Item = i32> {
        self.into_owned_fds().map(OwnedRawFd::into_raw)
    }

    /// Yields the descriptors, in order. The iterator of `heapless` contains a panic, so this pops
    /// them into an array, last first.
    fn into_owned_fds(mut self) -> impl Iterator<Item = OwnedRawFd> {
        let mut slots = [const { None }; N];
        let popped = iter::from_fn(|| self.fds.pop());
        for (slot, fd) in slots.iter_mut().rev().zip(popped) {
            *slot = Some(fd);
        }
        slots.into_iter().flatten()
    }
}
