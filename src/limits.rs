//! The sizes at which Linux says no, or becomes slower.

use crate::wire::abi::Abi;
use crate::wire::cmsg::HEADER;

/// Vectors that the kernel keeps on its stack: a call with no more of them allocates nothing for them.
///
/// The fast path of every call that takes vectors: `readv(2)`, `sendmsg(2)`, each message of a batch.
pub const UIO_FASTIOV: usize = 8;

/// Vectors that one call or one message can have at most, and messages that one `sendmmsg(2)` takes.
pub const UIO_MAXIOV: usize = 1024;

/// Descriptors that all `SCM_RIGHTS` of one send can have at most: kernel `include/net/scm.h`. 255 before
/// Linux 2.6.38.
pub const SCM_MAX_FD: usize = 253;

/// Bytes of control messages that the kernel keeps on its stack while it sends: a header and 20 bytes, the size
/// of `in6_pktinfo`. 36 on 64-bit machines, 32 on 32-bit ones. Kernel `____sys_sendmsg`.
pub const KERNEL_STACK_CONTROL: usize = HEADER + 20;

/// [`KERNEL_STACK_CONTROL`] of a 64-bit kernel, for what a 32-bit program's messages become there.
pub(super) const COMPAT_STACK_CONTROL: usize = Abi::LINUX_64.cmsg_len(20);

/// Bytes of control messages that one send can have at most: `INT_MAX`; more are ENOBUFS.
pub const CONTROL_MAX: usize = i32::MAX as usize;

/// Bytes that one call moves at most, with pages of 4 KiB: a longer message is cut off there, without an error.
pub const MAX_RW_COUNT: usize = i32::MAX as usize & !0xfff;

/// Bytes of an address that the kernel looks at: `sizeof (struct sockaddr_storage)`.
pub const NAME_MAX: usize = 128;

/// Bytes that the options and control messages of one socket can take of the kernel's memory:
/// `net.core.optmem_max` as it is since Linux 6.8.
pub const OPTMEM_MAX: usize = 128 * 1024;

/// [`OPTMEM_MAX`] before: 20480 bytes on 64-bit machines, 10240 on 32-bit ones.
pub const OPTMEM_MAX_BEFORE_6_8: usize = size_of::<usize>() * (2 * 1024 + 512);

/// Whether a send with this many bytes of control messages needs no memory for them but the kernel's stack:
/// whether it is at most [`KERNEL_STACK_CONTROL`].
///
/// ```
/// use ancil::{IP_TTL, IPV6_PKTINFO, SCM_RIGHTS};
/// use ancil::limits::fits_kernel_stack;
/// assert!(fits_kernel_stack(IP_TTL.space()) && fits_kernel_stack(SCM_RIGHTS.space_for(4)));
/// // The message that the limit was made for fits without its padding: as the last one it needs none.
/// assert!(fits_kernel_stack(ancil::cmsg_len(20)));
/// assert_eq!(fits_kernel_stack(IPV6_PKTINFO.space()), size_of::<usize>() == 4);
/// ```
pub const fn fits_kernel_stack(controllen: usize) -> bool {
    controllen <= KERNEL_STACK_CONTROL
}

const _: () = assert!(KERNEL_STACK_CONTROL == if size_of::<usize>() == 8 { 36 } else { 32 });
