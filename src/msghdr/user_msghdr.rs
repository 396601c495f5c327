// SPDX-License-Identifier: MIT OR Apache-2.0
//! [`UserMsghdr`]: the kernel's `struct user_msghdr`, and slices from its pointers.

use core::ffi::c_void;
use core::mem::offset_of;
use core::{ptr, slice};

/// A message as the system calls `sendmsg(2)` and `recvmsg(2)` take it: `struct user_msghdr`,
/// kernel `include/linux/socket.h`. The same on every C library: feature `libc` converts to and
/// from the struct of the C library, which may have other types.
///
/// [`MsgHdr`](crate::MsgHdr) and [`MsgHdrMut`](crate::MsgHdrMut) make it from borrowed buffers, for
/// programs that make the system call themselves.
///
/// ```
/// use ancil::{ControlBuf, IP_TTL, MsgHdr, UserMsghdr, space_of};
///
/// static TTL: ControlBuf<{ space_of::<IP_TTL>() }> = ControlBuf::new().with(IP_TTL, 64);
/// let header: UserMsghdr = *MsgHdr::new().control(TTL.as_control()).as_user_msghdr();
/// assert_eq!((header.msg_controllen, header.msg_iovlen), (space_of::<IP_TTL>(), 0));
/// ```
#[doc(alias("msghdr", "user_msghdr"))]
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[repr(C)]
pub struct UserMsghdr {
    /// Start of the address, or null.
    pub msg_name: *mut c_void,
    /// Length of the address in bytes; as received, before it was cut to the space for it.
    pub msg_namelen: i32,
    /// Start of the vectors.
    pub msg_iov: *mut c_void,
    /// Number of vectors.
    pub msg_iovlen: usize,
    /// Start of the control messages.
    pub msg_control: *mut c_void,
    /// Length of the control messages in bytes.
    pub msg_controllen: usize,
    /// Flags, as received: `MSG_TRUNC` and others.
    pub msg_flags: u32,
}

const _: () = {
    const WORD: usize = size_of::<usize>();
    assert!(size_of::<UserMsghdr>() == 7 * WORD && align_of::<UserMsghdr>() == align_of::<usize>());
    assert!(offset_of!(UserMsghdr, msg_name) == 0);
    assert!(offset_of!(UserMsghdr, msg_namelen) == WORD);
    assert!(offset_of!(UserMsghdr, msg_iov) == 2 * WORD);
    assert!(offset_of!(UserMsghdr, msg_iovlen) == 3 * WORD);
    assert!(offset_of!(UserMsghdr, msg_control) == 4 * WORD);
    assert!(offset_of!(UserMsghdr, msg_controllen) == 5 * WORD);
    assert!(offset_of!(UserMsghdr, msg_flags) == 6 * WORD);
};

// SAFETY: its fields are plain addresses and integers, which any thread may hold. To use the memory
// at an address takes `unsafe`, or a MsgHdr or MsgHdrMut, whose PhantomData says what it borrows.
unsafe impl Send for UserMsghdr {}
// SAFETY: a shared UserMsghdr can only be read, and its fields are plain addresses and integers,
// which any number of threads may read. To use the memory at an address takes `unsafe`, or a MsgHdr
// or MsgHdrMut, whose PhantomData says what it borrows.
unsafe impl Sync for UserMsghdr {}

impl Default for UserMsghdr {
    fn default() -> Self {
        Self::EMPTY
    }
}

impl UserMsghdr {
    /// No address, no vectors, no control messages.
    pub const EMPTY: Self = Self {
        msg_name: ptr::null_mut(),
        msg_namelen: 0,
        msg_iov: ptr::null_mut(),
        msg_iovlen: 0,
        msg_control: ptr::null_mut(),
        msg_controllen: 0,
        msg_flags: 0,
    };

    /// Returns `msg_namelen` for a name of `len` bytes: `i32::MAX` if there are more. Nothing is
    /// lost, because Linux reads or writes at most 128.
    #[inline]
    pub(crate) const fn namelen(len: usize) -> i32 {
        if len > i32::MAX as usize {
            i32::MAX
        } else {
            len as i32
        }
    }

    /// Returns `msg_namelen` as a length. It is not negative: [`namelen`](UserMsghdr::namelen), the
    /// kernel, or somebody who vouches for it has written it.
    #[inline]
    pub(crate) const fn name_size(&self) -> usize {
        self.msg_namelen.unsigned_abs() as usize
    }
}

/// Returns the slice of `len` elements at `start`, or an empty one if `len` is 0.
///
/// # Safety
/// If `len` is not 0, `start` and `len` must be address and length of a slice of `T`, or of the
/// front of one, that may be borrowed for `'a`.
#[inline]
pub(super) const unsafe fn slice_or_empty<'a, T>(start: *const c_void, len: usize) -> &'a [T] {
    if len == 0 {
        return &[];
    }
    // SAFETY: `len` is not 0, so by the contract of this function these are address and length of a
    // slice that may be borrowed for `'a`.
    unsafe { slice::from_raw_parts(start.cast(), len) }
}

/// Returns the slice of `len` elements at `start`, to write, or an empty one if `len` is 0.
///
/// # Safety
/// If `len` is not 0, `start` and `len` must be address and length of a slice of `T`, or of the
/// front of one, that may be borrowed exclusively for `'a`.
#[inline]
pub(super) const unsafe fn slice_or_empty_mut<'a, T>(
    start: *mut c_void,
    len: usize,
) -> &'a mut [T] {
    if len == 0 {
        return &mut [];
    }
    // SAFETY: `len` is not 0, so by the contract of this function these are address and length of a
    // slice that may be borrowed exclusively for `'a`.
    unsafe { slice::from_raw_parts_mut(start.cast(), len) }
}
