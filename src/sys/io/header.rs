//! The kernel's `struct mmsghdr`, to receive.

use crate::mmsghdr::MMsgHdr;
use crate::msghdr::UserMsghdr;
use core::ffi::c_uint;
use core::mem::offset_of;

/// Space for one message of a batch to receive: the kernel's `struct mmsghdr`.
#[derive(Clone, Copy)]
#[repr(C)]
pub(super) struct Header {
    pub(super) msg_hdr: UserMsghdr,
    pub(super) msg_len: c_uint,
}

impl Header {
    pub(super) const EMPTY: Self = Self {
        msg_hdr: UserMsghdr::EMPTY,
        msg_len: 0,
    };
}

// SAFETY: its pointers are used by recvmmsg alone, which has written them anew just before.
unsafe impl Send for Header {}
// SAFETY: as above; nothing can be done through a shared one.
unsafe impl Sync for Header {}

// The kernel takes an array of these, and so do C libraries, whose own declarations may differ in the type of
// a length and in padding: musl's has an int and four bytes of zero where the kernel reads eight bytes.
const _: () = {
    const LEN: usize = 7 * size_of::<usize>();
    assert!(
        size_of::<Header>() == size_of::<MMsgHdr<'_>>()
            && size_of::<Header>() == size_of::<libc::mmsghdr>()
    );
    assert!(align_of::<Header>() == align_of::<libc::mmsghdr>());
    assert!(offset_of!(Header, msg_len) == LEN && offset_of!(libc::mmsghdr, msg_len) == LEN);
    assert!(
        offset_of!(libc::mmsghdr, msg_hdr) == 0
            && size_of::<libc::msghdr>() == size_of::<UserMsghdr>()
    );
    assert!(offset_of!(libc::msghdr, msg_name) == offset_of!(UserMsghdr, msg_name));
    assert!(offset_of!(libc::msghdr, msg_namelen) == offset_of!(UserMsghdr, msg_namelen));
    assert!(offset_of!(libc::msghdr, msg_iov) == offset_of!(UserMsghdr, msg_iov));
    assert!(offset_of!(libc::msghdr, msg_control) == offset_of!(UserMsghdr, msg_control));
    assert!(offset_of!(libc::msghdr, msg_flags) == offset_of!(UserMsghdr, msg_flags));
};
