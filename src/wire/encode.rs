// SPDX-License-Identifier: MIT OR Apache-2.0
//! [`encode`]: the layout of a message, into memory that may be uninitialised. Also the bytes of a
//! value, and the value in bytes.

use super::abi::Abi;
use super::cmsg::{CmsgHdr32, CmsgHdr64};
use crate::error::NoSpace;
use core::mem::MaybeUninit;
use zerocopy::{FromBytes, Immutable, IntoBytes, transmute};

/// Bytes of the largest alignment: of the last word, which holds all padding.
const MAX_ALIGN: usize = 8;

/// A buffer that is only written to, and may be uninitialised.
///
/// Its methods store initialised bytes only. That makes [`OutBytes::new`] safe.
pub(crate) struct OutBytes<'b>(&'b mut [MaybeUninit<u8>]);

impl<'b> OutBytes<'b> {
    /// Views initialised bytes.
    #[inline]
    pub(crate) const fn new(bytes: &'b mut [u8]) -> Self {
        // SAFETY: `u8` and `MaybeUninit<u8>` have one layout, so the pointer and length describe
        // the same memory, which stays borrowed exclusively for 'b. It must hold initialised bytes
        // again when 'b ends: the field is private to this file, and the methods below store values
        // of `u8` and of `IntoBytes` types only, never an uninitialised `MaybeUninit`.
        Self(unsafe { core::slice::from_raw_parts_mut(bytes.as_mut_ptr().cast(), bytes.len()) })
    }

    /// Views bytes that need not be initialised.
    #[cfg(any(feature = "capi", feature = "libc"))]
    #[inline]
    pub(crate) const fn uninit(bytes: &'b mut [MaybeUninit<u8>]) -> Self {
        Self(bytes)
    }

    #[inline]
    pub(crate) const fn len(&self) -> usize {
        self.0.len()
    }

    /// Returns the first `n` bytes and the rest, or `None` if there are fewer.
    #[inline]
    pub(crate) const fn split_at(self, n: usize) -> Option<(Self, Self)> {
        match self.0.split_at_mut_checked(n) {
            Some((front, rest)) => Some((Self(front), Self(rest))),
            None => None,
        }
    }

    /// Copies `from` to the front, as much of it as fits. A `const fn` cannot call
    /// `copy_from_slice`, so this is a loop; the compiler makes `memcpy` of it.
    #[inline]
    pub(crate) const fn copy_from(&mut self, from: &[u8]) {
        let (ours, theirs) = (self.0.len(), from.len());
        let n = if theirs < ours { theirs } else { ours };
        let mut i = 0;
        #[expect(
            clippy::indexing_slicing,
            clippy::arithmetic_side_effects,
            reason = "i < n <= both lengths"
        )]
        while i < n {
            self.0[i] = MaybeUninit::new(from[i]);
            i += 1;
        }
    }

    /// Writes the header of a message to the front, if it is long enough.
    #[inline]
    const fn put_header(&mut self, abi: Abi, cmsg_len: usize, cmsg_level: i32, cmsg_type: i32) {
        if abi.len_size() == 4 {
            if let Some(front) = self.0.first_chunk_mut::<{ size_of::<CmsgHdr32>() }>() {
                *front = transmute!(CmsgHdr32 {
                    cmsg_len: cmsg_len as u32,
                    cmsg_level,
                    cmsg_type
                });
            }
        } else if let Some(front) = self.0.first_chunk_mut::<{ size_of::<CmsgHdr64>() }>() {
            *front = transmute!(CmsgHdr64 {
                cmsg_len: cmsg_len as u64,
                cmsg_level,
                cmsg_type
            });
        }
    }

    /// Zeroes the last word.
    #[inline]
    const fn zero_last_word(&mut self) {
        if let Some(last) = self.0.last_chunk_mut::<MAX_ALIGN>() {
            *last = [MaybeUninit::new(0); MAX_ALIGN];
        }
    }
}

/// Writes a message at `at` and returns the offset after it.
///
/// It is always inlined because with `Abi::NATIVE` it takes a handful of instructions.
#[inline(always)]
pub(crate) const fn encode(
    abi: Abi,
    buf: OutBytes<'_>,
    at: usize,
    level: i32,
    ty: i32,
    payload: &[u8],
) -> Result<usize, NoSpace> {
    let needed = abi.cmsg_space(payload.len());
    let Some((_, rest)) = buf.split_at(at) else {
        return Err(NoSpace { needed, left: 0 });
    };
    match begin_message(abi, rest, level, ty, payload.len()) {
        Ok((mut space, _)) => space.copy_from(payload),
        Err(e) => return Err(e),
    }
    Ok(at.wrapping_add(needed)) // at most the length of `buf`
}

/// Writes the header of a message to the front of `buf` and zeroes the padding. Returns the space
/// for the payload of `len` bytes with the padding, and the bytes after the message. All messages
/// are laid out here.
///
/// With 32-bit words `cmsg_len` must fit into 32 bits, which `compat` checks.
#[inline(always)]
pub(crate) const fn begin_message(
    abi: Abi,
    buf: OutBytes<'_>,
    level: i32,
    ty: i32,
    len: usize,
) -> Result<(OutBytes<'_>, OutBytes<'_>), NoSpace> {
    let (needed, left) = (abi.cmsg_space(len), buf.len());
    if let Some((mut message, rest)) = buf.split_at(needed) {
        // Header and payload overwrite their share of the last word afterwards.
        message.zero_last_word();
        message.put_header(abi, abi.cmsg_len(len), level, ty);
        if let Some((_, payload)) = message.split_at(abi.header_size()) {
            return Ok((payload, rest));
        }
    }
    Err(NoSpace { needed, left })
}

/// Returns the bytes of a value.
#[inline]
pub(super) const fn bytes_of<S: IntoBytes + Immutable>(value: &S) -> &[u8] {
    // SAFETY: `value` is borrowed for the lifetime of the slice, so its size_of::<S>() bytes are
    // live. `IntoBytes` guarantees that none of them is padding or uninitialised, and `Immutable`
    // that none changes while it is borrowed. `IntoBytes::as_bytes` does the same, but not in a
    // `const fn`.
    unsafe { core::slice::from_raw_parts((&raw const *value).cast::<u8>(), size_of::<S>()) }
}

/// Reads a value from all of `bytes`, or returns `None` if a `T` has another number of bytes.
///
/// `FromBytes::read_from_bytes` does the same, but calls functions that are not inlined at
/// opt-level "s", for every header and payload.
#[inline]
pub(crate) fn read_whole<T: FromBytes>(bytes: &[u8]) -> Option<T> {
    if bytes.len() != size_of::<T>() {
        return None;
    }
    // SAFETY: `bytes` has size_of::<T>() bytes, by the comparison above, and they are initialised,
    // because they are `u8`; so a T may be read from their start. `read_unaligned` needs no
    // alignment. `FromBytes` guarantees that a T may have any bytes.
    Some(unsafe { bytes.as_ptr().cast::<T>().read_unaligned() })
}

/// Reads a value from the first bytes of `bytes`. Returns the value and the bytes that follow, or
/// `None` if there are too few bytes.
#[inline]
pub(crate) fn read_front<T: FromBytes>(bytes: &[u8]) -> Option<(T, &[u8])> {
    let (front, rest) = bytes.split_at_checked(size_of::<T>())?;
    Some((read_whole(front)?, rest))
}

/// Messages as bytes, whatever they name: nobody sends them.
#[cfg(test)]
pub(crate) fn bytes_of_messages(messages: &[(i32, i32, &[u8])]) -> std::vec::Vec<u8> {
    let mut bytes = std::vec![0; 1024];
    let mut len = 0;
    for &(level, ty, payload) in messages {
        let buf = OutBytes::new(&mut bytes);
        len = encode(Abi::NATIVE, buf, len, level, ty, payload).unwrap();
    }
    bytes.truncate(len);
    bytes
}
