// SPDX-License-Identifier: MIT OR Apache-2.0
//! [`zero_extended`]: how a struct is read that has more or fewer fields in other kernels.
#![forbid(unsafe_code)]

use zerocopy::{FromBytes, IntoBytes};

/// Copies as many of `bytes` as fit into a `T`, and fills the rest with zeros.
#[inline]
pub(crate) fn zero_extended<T: FromBytes + IntoBytes>(bytes: &[u8]) -> T {
    let mut value = T::new_zeroed();
    let front = bytes.get(..size_of::<T>()).unwrap_or(bytes);
    _ = front.write_to_prefix(value.as_mut_bytes()); // it fits
    value
}
