// SPDX-License-Identifier: MIT OR Apache-2.0
//! [`IoVec`] and [`IoVecMut`]: slices of bytes in the layout of `struct iovec`.

use super::iovec::Iovec;
use core::fmt;
use core::marker::PhantomData;
use core::mem::MaybeUninit;
use core::ops::{Deref, DerefMut};
use core::slice;
use sealed::Sealed;

/// Bytes to send: a `&[u8]` in the kernel's layout, `struct iovec`.
///
/// The pointer is never null, even if there are no bytes.
///
/// ```
/// use ancil::IoVec;
///
/// let vectors = [IoVec::new(b"head"), IoVec::from("body")]; // the kernel takes this as it is
/// assert_eq!((vectors[1].as_bytes(), vectors[1].len()), (&b"body"[..], 4));
/// ```
#[doc(alias = "iovec")]
#[derive(Clone, Copy)]
#[repr(transparent)]
pub struct IoVec<'a> {
    /// Invariant: address and length of a `&'a [u8]`.
    raw: Iovec,
    bytes: PhantomData<&'a [u8]>,
}

/// Space to receive into: a `&mut [u8]` in the kernel's layout, `struct iovec`.
///
/// Its bytes can also be read. [`readable`] returns a slice of these as one to send from.
///
/// ```
/// use ancil::IoVecMut;
///
/// let mut bytes = [0; 4];
/// let mut vector = IoVecMut::new(&mut bytes);
/// vector[0] = 7;
/// assert_eq!(vector.into_bytes(), [7, 0, 0, 0]);
/// ```
#[doc(alias = "iovec")]
#[repr(transparent)]
pub struct IoVecMut<'a> {
    /// Invariant: address and length of a `&'a mut [u8]`, which no other value has.
    raw: Iovec,
    bytes: PhantomData<&'a mut [u8]>,
}

/// Space to receive into that need not be initialised: a `&mut [MaybeUninit<u8>]` in the kernel's
/// layout, `struct iovec`. [`MsgHdrUninit`](crate::MsgHdrUninit) takes a slice of these.
///
/// Its bytes cannot be read, unlike those of an [`IoVecMut`]. What was received is initialised:
/// [`Received`](crate::Received) returns that part.
///
/// ```
/// use ancil::IoVecUninit;
/// use std::mem::MaybeUninit;
///
/// let mut bytes = [MaybeUninit::uninit(); 65536];
/// assert_eq!(IoVecUninit::new(&mut bytes).len(), 65536);
/// ```
#[doc(alias = "iovec")]
#[repr(transparent)]
pub struct IoVecUninit<'a> {
    /// Invariant: address and length of a `&'a mut [MaybeUninit<u8>]`, which no other value has.
    raw: Iovec,
    bytes: PhantomData<&'a mut [MaybeUninit<u8>]>,
}

impl<'a> IoVecUninit<'a> {
    /// Returns the vector of this space.
    #[inline]
    pub const fn new(space: &'a mut [MaybeUninit<u8>]) -> Self {
        let raw = Iovec {
            iov_base: space.as_mut_ptr().cast(),
            iov_len: space.len(),
        };
        Self {
            raw,
            bytes: PhantomData,
        }
    }

    /// Returns the bytes of the space.
    #[inline]
    #[expect(
        clippy::len_without_is_empty,
        reason = "a size in bytes, not a collection's"
    )]
    pub const fn len(&self) -> usize {
        self.raw.iov_len
    }
}

impl<'a> From<&'a mut [MaybeUninit<u8>]> for IoVecUninit<'a> {
    #[inline]
    fn from(space: &'a mut [MaybeUninit<u8>]) -> Self {
        Self::new(space)
    }
}

impl fmt::Debug for IoVecUninit<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Iovec { iov_base, iov_len } = self.raw;
        f.debug_struct("IoVecUninit")
            .field("iov_base", &iov_base)
            .field("iov_len", &iov_len)
            .finish()
    }
}

impl<'a> IoVec<'a> {
    /// Returns the vector of these bytes.
    #[inline]
    pub const fn new(bytes: &'a [u8]) -> Self {
        let raw = Iovec {
            iov_base: bytes.as_ptr().cast_mut().cast(),
            iov_len: bytes.len(),
        };
        Self {
            raw,
            bytes: PhantomData,
        }
    }

    /// Returns the bytes.
    #[inline]
    pub const fn as_bytes(self) -> &'a [u8] {
        // SAFETY: by the invariant of IoVec, `raw` is address and length of a `&'a [u8]`.
        unsafe { slice::from_raw_parts(self.raw.iov_base.cast_const().cast(), self.raw.iov_len) }
    }
}

impl<'a> IoVecMut<'a> {
    /// Returns the vector of these bytes.
    #[inline]
    pub const fn new(bytes: &'a mut [u8]) -> Self {
        let raw = Iovec {
            iov_base: bytes.as_mut_ptr().cast(),
            iov_len: bytes.len(),
        };
        Self {
            raw,
            bytes: PhantomData,
        }
    }

    /// Returns the bytes, borrowed as long as they were when the vector was made.
    #[inline]
    pub const fn into_bytes(self) -> &'a mut [u8] {
        // SAFETY: by the invariant of IoVecMut, `raw` is address and length of a `&'a mut [u8]`
        // that no other value has. An IoVecMut is not Copy, and this one ends here.
        unsafe { slice::from_raw_parts_mut(self.raw.iov_base.cast(), self.raw.iov_len) }
    }
}

impl Deref for IoVec<'_> {
    type Target = [u8];

    #[inline]
    fn deref(&self) -> &[u8] {
        self.as_bytes()
    }
}

impl Deref for IoVecMut<'_> {
    type Target = [u8];

    #[inline]
    fn deref(&self) -> &[u8] {
        // SAFETY: by the invariant of IoVecMut, `raw` is address and length of a slice to which
        // only `self` gives access. `self` is borrowed as long as the result, so nobody writes the
        // bytes.
        unsafe { slice::from_raw_parts(self.raw.iov_base.cast_const().cast(), self.raw.iov_len) }
    }
}

impl DerefMut for IoVecMut<'_> {
    #[inline]
    fn deref_mut(&mut self) -> &mut [u8] {
        // SAFETY: by the invariant of IoVecMut, `raw` is address and length of a slice to which
        // only `self` gives access. `self` is borrowed exclusively as long as the result.
        unsafe { slice::from_raw_parts_mut(self.raw.iov_base.cast(), self.raw.iov_len) }
    }
}

impl Default for IoVec<'_> {
    fn default() -> Self {
        Self::new(&[])
    }
}

impl Default for IoVecMut<'_> {
    fn default() -> Self {
        Self::new(&mut [])
    }
}

impl<'a, T: AsRef<[u8]> + ?Sized> From<&'a T> for IoVec<'a> {
    fn from(bytes: &'a T) -> Self {
        Self::new(bytes.as_ref())
    }
}

impl<'a, T: AsMut<[u8]> + ?Sized> From<&'a mut T> for IoVecMut<'a> {
    fn from(bytes: &'a mut T) -> Self {
        Self::new(bytes.as_mut())
    }
}

impl fmt::Debug for IoVec<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        (**self).fmt(f)
    }
}

impl fmt::Debug for IoVecMut<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        (**self).fmt(f)
    }
}

mod sealed {
    /// # Safety
    /// The type must be `repr(transparent)` over `Iovec`, so that a slice of either can be read as
    /// a slice of the other.
    #[expect(unnameable_types, reason = "no other crate may implement it")]
    pub unsafe trait Sealed: core::ops::Deref<Target = [u8]> {}
}

// SAFETY: IoVec is repr(transparent), and its only field that is not zero-sized is an Iovec.
unsafe impl Sealed for IoVec<'_> {}
// SAFETY: IoVecMut is repr(transparent), and its only field that is not zero-sized is an Iovec.
unsafe impl Sealed for IoVecMut<'_> {}

/// [`IoVec`] or [`IoVecMut`].
///
/// ```
/// use ancil::{IoVec, IoVecMut, iov};
///
/// fn first_byte(vectors: &[impl iov::Vector]) -> Option<u8> {
///     vectors.iter().find_map(|vector| vector.first().copied())
/// }
/// assert_eq!(first_byte(&[IoVec::new(b""), IoVec::new(b"x")]), Some(b'x'));
/// assert_eq!(first_byte(&[IoVecMut::new(&mut [])]), None);
/// ```
pub trait Vector: Sealed {}

impl Vector for IoVec<'_> {}
impl Vector for IoVecMut<'_> {}

/// Returns the vector that `entry` describes.
///
/// # Safety
/// `entry` must have what the invariant of the field `raw` of `V` demands.
#[inline(always)]
pub(super) const unsafe fn from_entry<V: Vector>(entry: Iovec) -> V {
    // SAFETY: by the contract of Sealed, a `V` has the layout of an Iovec. That the entry is valid
    // as a `V` is the contract of this function. An Iovec is Copy, so reading it moves nothing out.
    unsafe { (&raw const entry).cast::<V>().read() }
}

/// Returns the entries of the vectors, to read them.
#[inline]
pub(super) const fn as_entries<V: Vector>(vectors: &[V]) -> &[Iovec] {
    // SAFETY: by the contract of Sealed, a `V` has the layout of an Iovec, of which any bytes of
    // two initialised words are a valid value. The result borrows `vectors`.
    unsafe { slice::from_raw_parts(vectors.as_ptr().cast(), vectors.len()) }
}

/// Returns the entries of the spaces, to read them.
#[inline]
pub(super) const fn entries_of_spaces<'a>(spaces: &'a [IoVecUninit<'_>]) -> &'a [Iovec] {
    // SAFETY: IoVecUninit is repr(transparent) over Iovec, of which any bytes of two initialised
    // words are a valid value. The result borrows `spaces`.
    unsafe { slice::from_raw_parts(spaces.as_ptr().cast(), spaces.len()) }
}

/// Returns the entries of the vectors, to change them.
///
/// # Safety
/// When the borrow ends, each entry must have what the invariant of the field `raw` of `V` demands.
/// It has, if the caller only makes an entry shorter, or exchanges entries, or writes an entry that
/// was taken from a vector of type `V` that no longer exists.
#[inline]
pub(super) const unsafe fn as_entries_mut<V: Vector>(vectors: &mut [V]) -> &mut [Iovec] {
    // SAFETY: by the contract of Sealed, a `V` has the layout of an Iovec. The result borrows
    // `vectors` exclusively. What is written through it is a valid `V`, by the contract of this
    // function.
    unsafe { slice::from_raw_parts_mut(vectors.as_mut_ptr().cast(), vectors.len()) }
}

/// Returns the same vectors, to send from: what was received goes out again without a copy.
///
/// ```
/// use ancil::{IoVecMut, MsgHdr, iov};
///
/// let mut bytes = *b"received";
/// let vectors = [IoVecMut::new(&mut bytes)];
/// let message = MsgHdr::new().iov(iov::readable(&vectors));
/// assert_eq!(message.msg_iov()[0].as_bytes(), b"received");
/// ```
#[inline]
pub const fn readable<'a>(vectors: &'a [IoVecMut<'_>]) -> &'a [IoVec<'a>] {
    // SAFETY: both types are repr(transparent) over Iovec, so the cast keeps the layout. Each entry
    // is address and length of a slice to which only its IoVecMut gives access. For `'a` that is
    // borrowed, so nobody writes the bytes: the entry is a `&'a [u8]`, as an IoVec<'a> demands.
    unsafe { slice::from_raw_parts(vectors.as_ptr().cast(), vectors.len()) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::format;

    #[test]
    fn vectors_are_printed_as_their_bytes() {
        let mut bytes = *b"ab";
        assert_eq!(format!("{:?}", IoVec::new(&bytes)), "[97, 98]");
        assert_eq!(format!("{:?}", IoVecMut::new(&mut bytes)), "[97, 98]");
    }

    /// The bytes may be uninitialised, so they are not printed.
    #[test]
    fn a_space_is_printed_as_address_and_length() {
        let mut bytes = [MaybeUninit::uninit(); 3];
        let address = bytes.as_ptr();
        let space = IoVecUninit::new(&mut bytes);
        assert_eq!(space.len(), 3);
        assert_eq!(
            format!("{space:?}"),
            format!("IoVecUninit {{ iov_base: {address:?}, iov_len: 3 }}")
        );
    }
}
