// SPDX-License-Identifier: MIT OR Apache-2.0
//! [`RecvHeader`]: the kernel's `struct mmsghdr`, for a message to receive.

use crate::mmsghdr::MMsgHdr;
use crate::msghdr::UserMsghdr;
use core::ffi::c_uint;
use core::mem::offset_of;

/// The header of one message in a batch to receive: the kernel's `struct mmsghdr`.
#[derive(Clone, Copy)]
#[repr(C)]
pub(super) struct RecvHeader {
    pub(super) msg_hdr: UserMsghdr,
    /// Bytes received.
    pub(super) msg_len: c_uint,
}

impl RecvHeader {
    pub(super) const EMPTY: Self = Self {
        msg_hdr: UserMsghdr::EMPTY,
        msg_len: 0,
    };
}

// The kernel takes arrays of this struct, and so do C libraries. Their declarations may differ in
// the type of a length and in padding: musl declares an int and four bytes of zero where the kernel
// reads a length of eight bytes.
const _: () = {
    const LEN: usize = 7 * size_of::<usize>();
    assert!(size_of::<RecvHeader>() == size_of::<MMsgHdr<'_>>());
    assert!(size_of::<RecvHeader>() == size_of::<libc::mmsghdr>());
    assert!(align_of::<RecvHeader>() == align_of::<libc::mmsghdr>());
    assert!(offset_of!(RecvHeader, msg_len) == LEN);
    assert!(offset_of!(libc::mmsghdr, msg_len) == LEN);
    assert!(offset_of!(libc::mmsghdr, msg_hdr) == 0);
    assert!(size_of::<libc::msghdr>() == size_of::<UserMsghdr>());
    assert!(offset_of!(libc::msghdr, msg_name) == offset_of!(UserMsghdr, msg_name));
    assert!(offset_of!(libc::msghdr, msg_namelen) == offset_of!(UserMsghdr, msg_namelen));
    assert!(offset_of!(libc::msghdr, msg_iov) == offset_of!(UserMsghdr, msg_iov));
    assert!(offset_of!(libc::msghdr, msg_control) == offset_of!(UserMsghdr, msg_control));
    assert!(offset_of!(libc::msghdr, msg_flags) == offset_of!(UserMsghdr, msg_flags));
};
