// SPDX-License-Identifier: MIT OR Apache-2.0
//! [`Payload`] and [`Encode`]: the types that messages carry, received and sent.
#![forbid(unsafe_code)]

use super::array::{Array, Bytes};
use super::encode::read_whole;
use crate::error::{Lengths, PayloadError};
use zerocopy::{FromBytes, Immutable, IntoBytes};

/// A payload that can be decoded.
///
/// Every struct that derives zerocopy's `FromBytes` and `Immutable` is a payload of exactly its own
/// size. A slice of such structs is a payload of any number of them.
///
/// ```
/// use ancil::{Payload, payload::Ucred};
///
/// let bytes = [7u32, 1000, 1000].map(u32::to_ne_bytes).concat();
/// assert_eq!(Ucred::decode(&bytes)?, Ucred { pid: 7, uid: 1000, gid: 1000 });
/// assert!(Ucred::decode(&bytes[1..]).is_err());
/// # Ok::<(), ancil::PayloadError>(())
/// ```
pub trait Payload {
    /// The type of the decoded value.
    type Decoded<'a>;

    /// Decodes a payload of any alignment.
    ///
    /// ```
    /// use ancil::Payload;
    /// assert_eq!(<[i32]>::decode(&[0; 8])?.len(), 2);
    /// # Ok::<(), ancil::PayloadError>(())
    /// ```
    ///
    /// # Errors
    /// [`PayloadError`] if the bytes have a length or a value that such a payload cannot have.
    fn decode(data: &[u8]) -> Result<Self::Decoded<'_>, PayloadError>;
}

/// A payload of any number of elements.
///
/// ```
/// use ancil::{Unbounded, payload::Fds};
/// assert_eq!((Fds::HEADER, Fds::ELEMENT), (0, 4));
/// ```
pub trait Unbounded: Payload {
    /// The bytes before the first element.
    const HEADER: usize = 0;
    /// The size of one element in bytes.
    const ELEMENT: usize;
}

/// A payload with a largest size.
///
/// ```
/// use ancil::{Bounded, payload::Ucred};
/// assert_eq!(Ucred::MAX_LEN, 12);
/// ```
#[diagnostic::on_unimplemented(
    message = "`{Self}` has no largest size",
    label = "a message of any number of elements",
    note = "name the largest number of elements: `UpTo<KEY, N>` in the place of `KEY`"
)]
pub trait Bounded: Payload {
    /// The largest size in bytes.
    const MAX_LEN: usize;
}

/// A payload that can be sent: every type that derives zerocopy's `IntoBytes` and `Immutable`, a
/// slice of such a type, [`Bytes`], and [`Fds`](crate::payload::Fds). No other crate implements it,
/// because safe code sends descriptors by this trait, and only those that it borrows.
///
/// ```
/// use ancil::{Encode, payload::Ucred};
///
/// let value = Ucred { pid: 1, uid: 0, gid: 0 };
/// assert_eq!(<Ucred as Encode>::bytes(&value).len(), 12);
/// assert_eq!(<[u16] as Encode>::bytes(&&[1, 2][..]).len(), 4);
/// ```
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot be sent as a payload",
    note = "derive zerocopy's `IntoBytes` and `Immutable` on a struct of your own"
)]
pub trait Encode: sealed::Sealed {
    /// What the caller passes: the value, or a slice that is borrowed for `'v`. Descriptors in it
    /// are borrowed for `'fd`.
    type In<'v, 'fd: 'v>;

    /// Returns the bytes of the value.
    fn bytes<'b, 'v, 'fd: 'v>(value: &'b Self::In<'v, 'fd>) -> &'b [u8];
}

pub(crate) mod sealed {
    #[expect(unnameable_types, reason = "no other crate may implement it")]
    pub trait Sealed {
        /// Whether the value borrows descriptors. All other values are nothing but bytes.
        const BORROWS_FDS: bool = false;
    }
}

impl<T: FromBytes + Immutable> Payload for T {
    type Decoded<'a> = T;

    #[inline]
    fn decode(data: &[u8]) -> Result<T, PayloadError> {
        match read_whole(data) {
            Some(value) => Ok(value),
            None => Err(PayloadError::Length(Lengths::Exactly(size_of::<T>()))),
        }
    }
}

#[diagnostic::do_not_recommend]
impl<T: FromBytes + Immutable> Bounded for T {
    const MAX_LEN: usize = size_of::<T>();
}

impl<T: FromBytes + Immutable + 'static> Payload for [T] {
    type Decoded<'a> = Array<'a, T>;

    #[inline]
    fn decode(data: &[u8]) -> Result<Array<'_, T>, PayloadError> {
        Ok(Array::new(data))
    }
}

impl<T: IntoBytes + Immutable> sealed::Sealed for T {}

#[diagnostic::do_not_recommend]
impl<T: IntoBytes + Immutable> Encode for T {
    type In<'v, 'fd: 'v> = T;

    #[inline]
    fn bytes<'b, 'v, 'fd: 'v>(value: &'b T) -> &'b [u8] {
        value.as_bytes()
    }
}

impl<T: FromBytes + Immutable + 'static> Unbounded for [T] {
    const ELEMENT: usize = size_of::<T>();
}

impl<T: IntoBytes + Immutable + 'static> sealed::Sealed for [T] {}

impl<T: IntoBytes + Immutable + 'static> Encode for [T] {
    type In<'v, 'fd: 'v> = &'v [T];

    #[inline]
    fn bytes<'b, 'v, 'fd: 'v>(value: &'b &'v [T]) -> &'b [u8] {
        value.as_bytes()
    }
}

impl Payload for Bytes {
    type Decoded<'a> = &'a [u8];

    #[inline]
    fn decode(data: &[u8]) -> Result<&[u8], PayloadError> {
        Ok(data)
    }
}

impl Unbounded for Bytes {
    const ELEMENT: usize = 1;
}

impl sealed::Sealed for Bytes {}

impl Encode for Bytes {
    type In<'v, 'fd: 'v> = &'v [u8];

    #[inline]
    fn bytes<'b, 'v, 'fd: 'v>(value: &'b &'v [u8]) -> &'b [u8] {
        value
    }
}
