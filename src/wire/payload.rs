//! [`Payload`] and [`Encode`]: the types that messages carry, received and sent.
#![forbid(unsafe_code)]

use super::array::{Array, Bytes};
use crate::error::{Lengths, PayloadError};
use zerocopy::{FromBytes, Immutable, IntoBytes, KnownLayout};

/// A payload that can be decoded.
///
/// Every struct that derives zerocopy's `FromBytes`, `Immutable` and `KnownLayout` is a payload of
/// exactly its own size. A slice of such structs is a payload of any number of them.
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
pub trait Bounded: Payload {
    /// The largest size in bytes.
    const MAX_LEN: usize;
}

/// A payload that can be sent.
///
/// Every type that derives zerocopy's `IntoBytes` and `Immutable` can be sent, and so can a slice
/// of such a type.
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot be sent as a payload",
    note = "derive zerocopy's `IntoBytes` and `Immutable` on a struct of your own"
)]
pub trait Encode {
    /// What the caller passes: the value, or a slice.
    type In<'a>;

    /// Returns the bytes of the value.
    fn bytes<'v>(value: &'v Self::In<'_>) -> &'v [u8];
}

impl<T: FromBytes + Immutable + KnownLayout> Payload for T {
    type Decoded<'a> = T;

    #[inline]
    fn decode(data: &[u8]) -> Result<T, PayloadError> {
        match T::read_from_bytes(data) {
            Ok(value) => Ok(value),
            Err(_) => Err(PayloadError::Length(Lengths::Exactly(size_of::<T>()))),
        }
    }
}

impl<T: FromBytes + Immutable + KnownLayout> Bounded for T {
    const MAX_LEN: usize = size_of::<T>();
}

impl<T: FromBytes + Immutable + KnownLayout + 'static> Payload for [T] {
    type Decoded<'a> = Array<'a, T>;

    #[inline]
    fn decode(data: &[u8]) -> Result<Array<'_, T>, PayloadError> {
        Ok(Array::new(data))
    }
}

#[diagnostic::do_not_recommend]
impl<T: IntoBytes + Immutable> Encode for T {
    type In<'a> = T;

    #[inline]
    fn bytes(value: &T) -> &[u8] {
        value.as_bytes()
    }
}

impl<T: FromBytes + Immutable + KnownLayout + 'static> Unbounded for [T] {
    const ELEMENT: usize = size_of::<T>();
}

impl<T: IntoBytes + Immutable + 'static> Encode for [T] {
    type In<'a> = &'a [T];

    #[inline]
    fn bytes<'v>(value: &'v &[T]) -> &'v [u8] {
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

impl Encode for Bytes {
    type In<'a> = &'a [u8];

    #[inline]
    fn bytes<'v>(value: &'v &[u8]) -> &'v [u8] {
        value
    }
}
