// SPDX-License-Identifier: MIT OR Apache-2.0
//! [`Outcome`] and [`Space`]: what a receiving call left in the caller's buffers.
#![forbid(unsafe_code)]

use crate::iov::{IoVec, IoVecUninit};
use crate::msghdr::UserMsghdr;

/// Where the bytes of a message are.
#[derive(Clone, Copy)]
pub(super) enum Space<'r> {
    Buffer(&'r [u8]),
    Vectors(&'r [IoVec<'r>]),
    /// Only `Received::from_uninit_call` makes it. Invariant: the bytes received are initialised.
    Uninit(&'r [IoVecUninit<'r>]),
}

/// What the kernel reports of a message that it wrote to the caller's buffers.
#[derive(Default)]
pub(super) struct Outcome {
    pub(super) bytes: usize,
    pub(super) name_len: usize,
    pub(super) control_len: usize,
    /// `msg_flags`.
    pub(super) flags: u32,
}

impl Outcome {
    /// Returns what a call reported that returned `bytes`.
    #[inline]
    pub(super) const fn new(bytes: usize, reported: &UserMsghdr) -> Self {
        Self {
            bytes,
            name_len: reported.name_size(),
            control_len: reported.msg_controllen,
            flags: reported.msg_flags,
        }
    }
}
