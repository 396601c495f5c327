//! Collections of a fixed capacity, without an allocator: [`IoVecs`] and, with feature `libc`, [`FdVec`].
#![forbid(unsafe_code)]

use crate::iov::IoVec;
use core::ops::{Deref, DerefMut};

/// Up to `N` vectors, collected one by one: a message that is made of pieces, on the stack.
///
/// With up to [`UIO_FASTIOV`](crate::limits::UIO_FASTIOV) of them, 8, the kernel copies them to its stack; it allocates
/// for more, and refuses more than [`UIO_MAXIOV`](crate::limits::UIO_MAXIOV), 1024, in one call.
///
/// ```
/// use ancil::{IoVec, IoVecs, MsgHdr};
/// use ancil::limits::UIO_FASTIOV;
///
/// let mut vectors = IoVecs::<UIO_FASTIOV>::new();
/// vectors.push(b"header")?;
/// for piece in [&b"one"[..], b"two"] {
///     vectors.push(piece)?;
/// }
/// let message = MsgHdr::new().iov(&vectors);
/// assert_eq!(message.msg_iov().len(), 3);
/// # Ok::<(), IoVec<'_>>(())
/// ```
#[derive(Clone, Debug, Default)]
pub struct IoVecs<'a, const N: usize> {
    vectors: ::heapless::Vec<IoVec<'a>, N>,
}

impl<'a, const N: usize> IoVecs<'a, N> {
    /// None yet.
    pub const fn new() -> Self {
        Self {
            vectors: ::heapless::Vec::new(),
        }
    }

    /// Appends one.
    ///
    /// # Errors
    /// The vector, if there are `N` already.
    pub fn push(&mut self, vector: impl Into<IoVec<'a>>) -> Result<(), IoVec<'a>> {
        self.vectors.push(vector.into())
    }

    /// Removes all of them.
    pub fn clear(&mut self) {
        self.vectors.clear();
    }
}

impl<'a, const N: usize> Deref for IoVecs<'a, N> {
    type Target = [IoVec<'a>];

    fn deref(&self) -> &Self::Target {
        &self.vectors
    }
}

impl<const N: usize> DerefMut for IoVecs<'_, N> {
    fn deref_mut(&mut self) -> &mut Self::Target {
        &mut self.vectors
    }
}

#[cfg(feature = "libc")]
pub use owned::FdVec;

#[cfg(feature = "libc")]
mod owned {
    use crate::sys::received::{Owned, Received};
    use core::ops::Deref;
    #[cfg(feature = "std")]
    use std::os::fd::{AsFd, BorrowedFd, OwnedFd};
    use zerocopy::{FromBytes, IntoBytes};

    /// Up to `N` descriptors, owned: those that are still there when this is dropped are closed.
    ///
    /// To look at it is a slice of their numbers, which is what `SCM_RIGHTS` is sent from.
    ///
    /// ```
    /// # #[cfg(feature = "std")] {
    /// use ancil::{FdVec, IoVec, IoVecMut, MsgFlags, MsgHdr, MsgHdrMut, SCM_RIGHTS, Writer, io};
    /// use std::{fs::File, os::unix::net::UnixDatagram};
    ///
    /// let (here, there) = UnixDatagram::pair()?;
    /// let mut fds = FdVec::<2>::new();
    /// fds.push(File::open("/proc/self/comm")?).map_err(|_| "no room")?;
    /// let mut control = [0; SCM_RIGHTS.space_for(2)];
    /// let mut writer = Writer::new(&mut control);
    /// writer.put(SCM_RIGHTS, &fds)?;
    /// io::sendmsg(&here, &MsgHdr::new().iov(&[IoVec::new(b"!")]).control(writer.finish()), MsgFlags::empty())?;
    ///
    /// let mut byte = [0];
    /// let mut iov = [IoVecMut::new(&mut byte)];
    /// let mut message = MsgHdrMut::new().iov(&mut iov).control(&mut control);
    /// let mut received = io::recvmsg(&there, &mut message, MsgFlags::empty())?;
    /// assert_eq!(fds.fill(&mut received), 0); // all that arrived are here now
    /// assert_eq!(fds.into_fds().count(), 2);
    /// # }
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[derive(Debug, Default)]
    pub struct FdVec<const N: usize> {
        fds: ::heapless::Vec<Owned, N>,
    }

    impl<const N: usize> FdVec<N> {
        /// None yet.
        pub const fn new() -> Self {
            Self {
                fds: ::heapless::Vec::new(),
            }
        }

        /// Takes the descriptors of all `SCM_RIGHTS`, in order, as many as there is room for.
        ///
        /// Returns how many did not fit: those stay with `received`, which closes them in the end.
        #[must_use = "descriptors that did not fit are not here"]
        pub fn fill(&mut self, received: &mut Received<'_>) -> usize {
            let room = N.saturating_sub(self.fds.len());
            for fd in received.take_owned().take(room) {
                let _fits = self.fds.push(fd).is_ok();
            }
            received.fds_left()
        }

        /// Appends one.
        ///
        /// # Errors
        /// The descriptor, still open, if there are `N` already.
        #[cfg(feature = "std")]
        pub fn push(&mut self, fd: impl Into<OwnedFd>) -> Result<(), OwnedFd> {
            self.fds.push(Owned::from(fd.into())).map_err(OwnedFd::from)
        }

        /// Borrows them, in order.
        #[cfg(feature = "std")]
        pub fn fds(&self) -> impl ExactSizeIterator<Item = BorrowedFd<'_>> {
            self.fds.iter().map(AsFd::as_fd)
        }

        /// Hands them over, in order. Those that the iterator was not asked for are closed with it.
        #[cfg(feature = "std")]
        pub fn into_fds(self) -> impl Iterator<Item = OwnedFd> {
            self.in_turn().map(OwnedFd::from)
        }

        /// Hands them over as numbers, in order: the caller is to close each that is yielded. The others are
        /// closed with the iterator.
        pub fn into_raw_fds(self) -> impl Iterator<Item = i32> {
            self.in_turn().map(Owned::into_raw)
        }

        /// All of them, in order. heapless' own iterator has a panic in it.
        fn in_turn(mut self) -> impl Iterator<Item = Owned> {
            let mut slots = [const { None }; N];
            for (slot, fd) in slots
                .iter_mut()
                .rev()
                .zip(core::iter::from_fn(|| self.fds.pop()))
            {
                *slot = Some(fd);
            }
            slots.into_iter().flatten()
        }
    }

    impl<const N: usize> Deref for FdVec<N> {
        type Target = [i32];

        fn deref(&self) -> &[i32] {
            // An Owned is nothing but its number, so this never fails.
            <[i32]>::ref_from_bytes(self.fds.as_bytes()).unwrap_or_default()
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_full_collection_gives_the_vector_back() {
        let mut vectors = IoVecs::<2>::new();
        assert!(vectors.push(b"one").is_ok() && vectors.push(IoVec::new(b"two")).is_ok());
        assert_eq!(
            vectors.push("three").map_err(|vector| vector.as_bytes()),
            Err(&b"three"[..])
        );
        assert_eq!(
            vectors
                .iter()
                .map(|vector| vector.as_bytes())
                .collect::<std::vec::Vec<_>>(),
            [b"one", b"two"]
        );
        let mut rest = &mut vectors[..];
        assert_eq!((crate::iov::advance(&mut rest, 4), rest.len()), (4, 1));
        vectors.clear();
        assert!(vectors.is_empty() && vectors.push(b"again").is_ok());
    }
}
