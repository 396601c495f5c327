// SPDX-License-Identifier: MIT OR Apache-2.0
//! Payloads that have one of two layouts, which their length tells apart.
#![forbid(unsafe_code)]

use crate::error::{Lengths, PayloadError};
use crate::wire::encode::read_whole;
use zerocopy::FromBytes;

/// Decodes a payload that is an `A` or a `B`. `B` is the longer type.
#[inline]
pub(super) fn decode_either<A: FromBytes, B: FromBytes, T>(
    data: &[u8],
    from_a: impl FnOnce(A) -> T,
    from_b: impl FnOnce(B) -> T,
) -> Result<T, PayloadError> {
    const { assert!(size_of::<A>() < size_of::<B>()) };
    if let Some(a) = read_whole(data) {
        return Ok(from_a(a));
    }
    match read_whole(data) {
        Some(b) => Ok(from_b(b)),
        None => {
            let lengths = Lengths::OneOf(size_of::<A>(), size_of::<B>());
            Err(PayloadError::Length(lengths))
        }
    }
}
