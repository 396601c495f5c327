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
pub trait Payload {
    /// The type of the decoded value.
    type Decoded<'a>;

    /// Decodes a payload of any alignment.
    ///
    /// # Errors
    /// [`PayloadError`] if the bytes have a length or a value that such a payload cannot have.
    fn decode(data: &[u8]) -> Result<Self::Decoded<'_>, PayloadError>;
}

/// A payload of any number of elements.
pub trait Unbounded: Payload {
    /// The bytes before the first element.
    const HEADER: usize = 0;
    /// The size of one element in bytes.
    const ELEMENT: usize;
}

/// A payload with a largest size.
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
