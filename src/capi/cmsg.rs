//! `ancil_cmsg_*`: arithmetic and the stepping rule.

use crate::wire::abi::{Abi, cmsg_align, cmsg_len, cmsg_space};

/// `n` rounded up to the alignment of control messages: CMSG_ALIGN. SIZE_MAX where that does not
/// exist. cbindgen:prefix=ANCIL_CONST
#[unsafe(no_mangle)]
pub extern "C" fn ancil_cmsg_align(n: usize) -> usize {
    cmsg_align(n)
}

/// What cmsg_len is for a payload of `n` bytes: CMSG_LEN. SIZE_MAX where that does not exist.
/// cbindgen:prefix=ANCIL_CONST
#[unsafe(no_mangle)]
pub extern "C" fn ancil_cmsg_len(n: usize) -> usize {
    cmsg_len(n)
}

/// Bytes that a payload of `n` bytes takes of a control buffer: CMSG_SPACE. SIZE_MAX where that
/// does not exist, which is more than any buffer has. cbindgen:prefix=ANCIL_CONST
#[unsafe(no_mangle)]
pub extern "C" fn ancil_cmsg_space(n: usize) -> usize {
    cmsg_space(n)
}

/// The stepping rule of CMSG_NXTHDR. A header at `offset` says `cmsg_len`: returns the offset of
/// the next header, if a whole one fits into `controllen` bytes there, or ANCIL_CMSG_END. Reads no
/// memory; right for any three numbers. cbindgen:prefix=ANCIL_CONST
#[unsafe(no_mangle)]
pub extern "C" fn ancil_cmsg_next(offset: usize, cmsg_len: usize, controllen: usize) -> usize {
    match Abi::NATIVE.next(offset, cmsg_len, controllen) {
        Some(next) => next,
        None => usize::MAX, // ANCIL_CMSG_END; no header starts there
    }
}
