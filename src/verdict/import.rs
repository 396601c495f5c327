// SPDX-License-Identifier: MIT OR Apache-2.0
//! What the kernel checks before any protocol sees the message: `copy_msghdr_from_user`,
//! `import_iovec`, `____sys_sendmsg`.

use super::facts::{Facts, Socket};
use super::refusal::{Fault, Reason, Refusal, ensure};
use super::rule::Context;
use crate::limits::{
    COMPAT_STACK_CONTROL, CONTROL_MAX, KERNEL_STACK_CONTROL, MAX_RW_COUNT, NAME_MAX, UIO_MAXIOV,
};
use crate::msghdr::{MsgFlags, MsgHdr};
use crate::wire::abi::Abi;
use crate::wire::step::{Step, Tail};

/// The flag by which a 64-bit kernel remembers that a 32-bit program made the call. On 32-bit
/// kernels the flag is 0.
const MSG_CMSG_COMPAT: u32 = if cfg!(target_pointer_width = "64") {
    0x8000_0000
} else {
    0
};

/// The longest vector that a program of the kernel's own word size may have, in bytes.
const MAX_VECTOR: usize = isize::MAX as usize;
/// The longest vector that a 32-bit program on a 64-bit kernel may have, in bytes.
const COMPAT_MAX_VECTOR: usize = i32::MAX as usize;

/// A message to send, without its vectors. The lengths may be as wrong as a program can make them.
///
/// ```
/// use ancil::verdict::{Facts, Outgoing, Reason, Socket, check_sendmsg};
///
/// let udp = Socket::new(libc::AF_INET, libc::SOCK_DGRAM, 0);
/// let message = Outgoing { control: None, controllen: 16, ..Outgoing::default() }; // NULL, 16
/// let lengths = [100].into_iter();
/// let refusal = check_sendmsg(&udp, &Facts::default(), &message, lengths).unwrap_err();
/// assert_eq!(refusal.reason, Reason::ControlUnreadable);
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct Outgoing<'a> {
    /// The flags of the call, with `MSG_DONTWAIT` if the socket has `O_NONBLOCK`. The kernel
    /// ignores `msg_flags`.
    pub flags: MsgFlags,
    /// The readable bytes at `msg_name`; `None` if it is NULL.
    pub name: Option<&'a [u8]>,
    /// `msg_namelen`.
    pub namelen: i32,
    /// The readable bytes at `msg_control`; `None` if it is NULL.
    pub control: Option<&'a [u8]>,
    /// `msg_controllen`.
    pub controllen: usize,
}

impl<'a> From<&MsgHdr<'a>> for Outgoing<'a> {
    fn from(message: &MsgHdr<'a>) -> Self {
        let (name, control) = (message.msg_name(), message.msg_control().as_bytes());
        Self {
            flags: MsgFlags::empty(),
            name: Some(name),
            namelen: i32::try_from(name.len()).unwrap_or(i32::MAX),
            control: Some(control),
            controllen: control.len(),
        }
    }
}

pub(super) fn import<'a>(
    socket: &'a Socket,
    facts: &'a Facts<'a>,
    message: &Outgoing<'a>,
    lengths: impl ExactSizeIterator<Item = usize>,
) -> Result<Context<'a>, Fault> {
    let is_internal = message.flags.bits() & MSG_CMSG_COMPAT != 0;
    ensure(facts.compat || !is_internal, Reason::CompatFlag)?;
    let max_vector = match facts.compat {
        true => COMPAT_MAX_VECTOR,
        false => MAX_VECTOR,
    };
    // In the kernel's order.
    Ok(Context {
        socket,
        facts,
        flags: message.flags,
        name: import_name(message)?,
        len: Some(import_vectors(lengths, max_vector)?),
        control: import_control(facts, message.control, message.controllen)?,
    })
}

/// Without a name, the kernel ignores the length. It truncates a longer name to [`NAME_MAX`] bytes.
fn import_name<'a>(message: &Outgoing<'a>) -> Result<&'a [u8], Reason> {
    let Some(name) = message.name else {
        return Ok(&[]);
    };
    let namelen = usize::try_from(message.namelen).map_err(|_| Reason::NameLength)?;
    name.get(..namelen.min(NAME_MAX))
        .ok_or(Reason::NameUnreadable)
}

/// Judges the vectors of `sendmsg(2)` by their lengths, and returns how many bytes the call takes
/// of them: at most [`MAX_RW_COUNT`]. Kernel `copy_msghdr_from_user` and `import_iovec`.
///
/// ```
/// use ancil::verdict::check_iov;
/// assert_eq!(check_iov([3, 4].into_iter()), Ok(7));
/// assert!(check_iov([0; 1025].into_iter()).is_err());
/// ```
///
/// # Errors
/// EMSGSIZE for more than [`UIO_MAXIOV`] vectors, and EINVAL if any length is more than
/// `isize::MAX`.
///
/// # Complexity
/// O(n), n at most [`UIO_MAXIOV`].
pub fn check_iov(lengths: impl ExactSizeIterator<Item = usize>) -> Result<usize, Refusal> {
    Ok(import_vectors(lengths, MAX_VECTOR)?)
}

fn import_vectors(
    lengths: impl ExactSizeIterator<Item = usize>,
    max_vector: usize,
) -> Result<usize, Reason> {
    ensure(lengths.len() <= UIO_MAXIOV, Reason::TooManyVectors)?;
    let mut total = 0usize;
    for len in lengths {
        ensure(len <= max_vector, Reason::VectorLength)?;
        total = total.saturating_add(len).min(MAX_RW_COUNT);
    }
    Ok(total)
}

/// Copies the control messages into memory of the socket: `sock_kmalloc`, `copy_from_user`; for a
/// 32-bit program, `cmsghdr_from_user_compat_to_kern`.
pub(super) fn import_control<'a>(
    facts: &Facts<'_>,
    control: Option<&'a [u8]>,
    controllen: usize,
) -> Result<&'a [u8], Fault> {
    ensure(controllen <= CONTROL_MAX, Reason::ControlLength)?;
    let compat = facts.compat && controllen > 0;
    let fits = compat || controllen <= KERNEL_STACK_CONTROL || optmem_fits(facts, controllen);
    ensure(fits, Reason::Optmem)?;
    ensure(!compat || control.is_some(), Reason::CompatEmpty)?;
    let control = control
        .unwrap_or_default()
        .get(..controllen)
        .ok_or(Reason::ControlUnreadable)?;
    if compat {
        check_widened(facts, control)?;
    }
    Ok(control)
}

/// Whether the socket may take `len` bytes of memory: `sock_kmalloc`.
fn optmem_fits(facts: &Facts<'_>, len: usize) -> bool {
    len <= facts.optmem_max && facts.optmem_used.saturating_add(len) < facts.optmem_max
}

/// Checks every header of a 32-bit program's messages, and whether the memory suffices for their
/// 64-bit form: `cmsghdr_from_user_compat_to_kern`.
fn check_widened(facts: &Facts<'_>, control: &[u8]) -> Result<(), Fault> {
    let mut widened = 0usize;
    let mut step = Step::new(control);
    while let Some(raw) = step.next(Abi::LINUX_32, Tail::Compat)? {
        widened = widened.saturating_add(Abi::LINUX_64.cmsg_space(raw.data.len()));
    }
    let fits = widened <= COMPAT_STACK_CONTROL || optmem_fits(facts, widened);
    Ok(ensure(fits, Reason::CompatOptmem)?)
}
