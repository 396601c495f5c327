//! Payloads that have one of two layouts, which their length tells apart.
#![forbid(unsafe_code)]

use crate::error::{Lengths, PayloadError};
use zerocopy::FromBytes;

/// Decodes a payload that is an `A` or a `B`. `B` is the longer type.
#[inline]
pub(super) fn decode_either<A: FromBytes, B: FromBytes, T>(
    data: &[u8],
    from_a: impl FnOnce(A) -> T,
    from_b: impl FnOnce(B) -> T,
) -> Result<T, PayloadError> {
    const { assert!(size_of::<A>() < size_of::<B>()) };
    if let Ok(a) = A::read_from_bytes(data) {
        return Ok(from_a(a));
    }
    match B::read_from_bytes(data) {
        Ok(b) => Ok(from_b(b)),
        Err(_) => {
            let lengths = Lengths::OneOf(size_of::<A>(), size_of::<B>());
            Err(PayloadError::Length(lengths))
        }
    }
}
