// SPDX-License-Identifier: MIT OR Apache-2.0
//! `ancil_cmsg_*`: arithmetic and the stepping rule.
//!
//! `include/ancil/inline.h` is where C reads about these functions, and has them inline, too.

use crate::wire::abi::{Abi, cmsg_align, cmsg_len, cmsg_space};

/// `CMSG_ALIGN`.
#[unsafe(no_mangle)]
pub extern "C" fn ancil_cmsg_align(n: usize) -> usize {
    cmsg_align(n)
}

/// `CMSG_LEN`.
#[unsafe(no_mangle)]
pub extern "C" fn ancil_cmsg_len(n: usize) -> usize {
    cmsg_len(n)
}

/// `CMSG_SPACE`.
#[unsafe(no_mangle)]
pub extern "C" fn ancil_cmsg_space(n: usize) -> usize {
    cmsg_space(n)
}

/// `CMSG_NXTHDR`.
#[unsafe(no_mangle)]
pub extern "C" fn ancil_cmsg_next(offset: usize, cmsg_len: usize, controllen: usize) -> usize {
    match Abi::NATIVE.next(offset, cmsg_len, controllen) {
        Some(next) => next,
        None => usize::MAX, // ANCIL_CMSG_END; no header starts there
    }
}
