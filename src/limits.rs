// SPDX-License-Identifier: MIT OR Apache-2.0
//! The sizes at which Linux refuses a message or becomes slower.
//!
//! | of | more than | is |
//! | --- | --- | --- |
//! | vectors | [`UIO_MAXIOV`] | EMSGSIZE |
//! | bytes in one call | [`MAX_RW_COUNT`] | cut, without an error |
//! | bytes of control messages | [`CONTROL_MAX`], [`OPTMEM_MAX`] | ENOBUFS |
//! | descriptors in one send | [`SCM_MAX_FD`] | EINVAL |
//! | bytes of an address | [`NAME_MAX`] | cut, without an error |
//! | vectors, bytes of control messages | [`UIO_FASTIOV`], [`KERNEL_STACK_CONTROL`] | slower |
//!
//! [`verdict`](crate::verdict) knows what else Linux refuses.
#![forbid(unsafe_code)]

use crate::wire::abi::Abi;
use crate::wire::cmsg::HEADER;

/// Vectors that the kernel keeps on its stack. For a call with more vectors, the kernel allocates.
///
/// This holds for every call that takes vectors: `readv(2)`, `sendmsg(2)`, each message of a batch.
pub const UIO_FASTIOV: usize = 8;

/// The maximum number of vectors in one call or one message, and of messages in one `sendmmsg(2)`.
#[doc(alias = "IOV_MAX")]
pub const UIO_MAXIOV: usize = 1024;

/// The maximum number of descriptors in all `SCM_RIGHTS` of one send: kernel `include/net/scm.h`.
/// Before Linux 2.6.38 it was 255.
pub const SCM_MAX_FD: usize = 253;

/// Bytes of control messages that the kernel keeps on its stack during a send: a header and 20
/// bytes, the size of `in6_pktinfo`. That is 36 on 64-bit machines and 32 on 32-bit ones. Kernel
/// `____sys_sendmsg`.
pub const KERNEL_STACK_CONTROL: usize = HEADER + 20;

/// [`KERNEL_STACK_CONTROL`] of a 64-bit kernel, with which it compares the 64-bit form of a 32-bit
/// program's messages.
pub(super) const COMPAT_STACK_CONTROL: usize = Abi::LINUX_64.cmsg_len(20);

/// The maximum of `msg_controllen` in a send, in bytes: `INT_MAX`. More is ENOBUFS.
pub const CONTROL_MAX: usize = i32::MAX as usize;

/// The maximum number of bytes that one call moves, with pages of 4 KiB. The kernel truncates a
/// longer message to this length, without an error.
pub const MAX_RW_COUNT: usize = i32::MAX as usize & !0xfff;

/// The maximum number of bytes of an address that the kernel reads: `sizeof (struct
/// sockaddr_storage)`.
pub const NAME_MAX: usize = 128;

/// The default of `net.core.optmem_max` since Linux 6.8: how many bytes of the kernel's memory the
/// options and control messages of one socket can take.
pub const OPTMEM_MAX: usize = 128 * 1024;

/// The default of `net.core.optmem_max` before Linux 6.8: 20480 bytes on 64-bit machines, 10240 on
/// 32-bit ones.
pub const OPTMEM_MAX_BEFORE_6_8: usize = size_of::<usize>() * (2 * 1024 + 512);

/// Returns whether a send with this many bytes of control messages takes no memory for them, since
/// they fit the kernel's stack: at most [`KERNEL_STACK_CONTROL`].
///
/// ```
/// use ancil::{UpTo, space_of, IP_TTL, IPV6_PKTINFO, SCM_RIGHTS};
/// use ancil::limits::fits_kernel_stack;
/// assert!(fits_kernel_stack(space_of::<IP_TTL>()));
/// assert!(fits_kernel_stack(space_of::<UpTo<SCM_RIGHTS, 4>>()));
/// // The kernel's limit was chosen for IPV6_PKTINFO, which as the last message needs no padding.
/// assert!(fits_kernel_stack(ancil::cmsg_len(20)));
/// assert_eq!(fits_kernel_stack(space_of::<IPV6_PKTINFO>()), size_of::<usize>() == 4);
/// ```
pub const fn fits_kernel_stack(controllen: usize) -> bool {
    controllen <= KERNEL_STACK_CONTROL
}

const _: () = assert!(KERNEL_STACK_CONTROL == if size_of::<usize>() == 8 { 36 } else { 32 });
