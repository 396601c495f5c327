// SPDX-License-Identifier: MIT OR Apache-2.0
//! [`IoVecs`]: up to `N` vectors.
#![forbid(unsafe_code)]

use crate::iov::IoVec;
use core::ops::{Deref, DerefMut};
use heapless::Vec;

/// Up to `N` vectors, pushed one by one: a message that is made of pieces, on the stack.
///
/// The kernel copies up to [`UIO_FASTIOV`](crate::limits::UIO_FASTIOV) vectors, 8, to its stack. It
/// allocates memory for more, and refuses more than [`UIO_MAXIOV`](crate::limits::UIO_MAXIOV),
/// 1024, in one call.
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
    vectors: Vec<IoVec<'a>, N>,
}

impl<'a, const N: usize> IoVecs<'a, N> {
    /// Returns an empty collection.
    pub const fn new() -> Self {
        Self {
            vectors: Vec::new(),
        }
    }

    /// Appends a vector.
    ///
    /// # Errors
    /// The vector itself, if the collection is full.
    pub fn push(&mut self, vector: impl Into<IoVec<'a>>) -> Result<(), IoVec<'a>> {
        self.vectors.push(vector.into())
    }

    /// Removes all vectors.
    ///
    /// ```
    /// use ancil::IoVecs;
    /// let mut vectors = IoVecs::<4>::new();
    /// vectors.push(b"one").map_err(|_| "full")?;
    /// vectors.clear();
    /// assert!(vectors.is_empty());
    /// # Ok::<(), &str>(())
    /// ```
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_full_collection_returns_the_vector() {
        let mut vectors = IoVecs::<2>::new();
        assert!(vectors.push(b"one").is_ok() && vectors.push(IoVec::new(b"two")).is_ok());
        let refused = vectors.push("three").unwrap_err();
        assert_eq!(refused.as_bytes(), b"three");
        assert!(vectors.iter().map(|v| v.as_bytes()).eq([b"one", b"two"]));
        let mut rest = &mut vectors[..];
        assert_eq!((crate::iov::advance(&mut rest, 4), rest.len()), (4, 1));
        vectors.clear();
        assert!(vectors.is_empty() && vectors.push(b"again").is_ok());
    }
}
