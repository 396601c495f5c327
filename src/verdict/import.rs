//! What the kernel checks before any protocol sees the message: `copy_msghdr_from_user`, `import_iovec`,
//! `____sys_sendmsg`.

use super::facts::{Facts, Release};
use super::refusal::{Reason, Refusal};
use super::rule::{Context, unless, walk_as};
use crate::limits::UIO_MAXIOV;
use crate::limits::{
    COMPAT_STACK_CONTROL, CONTROL_MAX, KERNEL_STACK_CONTROL, MAX_RW_COUNT, NAME_MAX,
};
use crate::msghdr::{MsgFlags, MsgHdr};
use crate::wire::abi::Abi;
use crate::wire::step::Tail;

/// The flag by which the kernel tells itself that a 32-bit program called it. 32-bit kernels do not know it.
const MSG_CMSG_COMPAT: u32 = if cfg!(target_pointer_width = "64") {
    0x8000_0000
} else {
    0
};

/// A message to send, all but its vectors, with lengths as wrong as a program can make them.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Outgoing<'a> {
    /// The flags of the call; what stands in `msg_flags` does not matter.
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
        let (name, control) = (message.msg_name(), message.msg_control());
        let namelen = i32::try_from(name.len()).unwrap_or(i32::MAX);
        let flags = MsgFlags::empty();
        Self {
            flags,
            name: Some(name),
            namelen,
            control: Some(control),
            controllen: control.len(),
        }
    }
}

/// What is left of a message when it is imported.
pub(super) struct Imported<'a> {
    pub name: &'a [u8],
    pub len: usize,
}

pub(super) fn import<'a>(
    context: &mut Context<'a>,
    message: &Outgoing<'a>,
    lengths: impl ExactSizeIterator<Item = usize>,
) -> Result<Imported<'a>, Refusal> {
    let compat = context.facts.compat;
    unless(
        !compat && context.flags.bits() & MSG_CMSG_COMPAT != 0,
        Reason::CompatFlag,
    )?;
    let name = name(context, message)?;
    // Of a 32-bit program half of the address space is less.
    let most = if compat {
        i32::MAX as usize
    } else {
        usize::MAX
    };
    let len = total(lengths.map(|len| if len > most { usize::MAX } else { len }))?;
    control(context, message.control, message.controllen)?;
    Ok(Imported { name, len })
}

/// Without a name its length does not matter; beyond the size of an address it is cut since Linux 3.14.
fn name<'a>(context: &Context<'_>, message: &Outgoing<'a>) -> Result<&'a [u8], Reason> {
    let Some(name) = message.name else {
        return Ok(&[]);
    };
    let namelen = usize::try_from(message.namelen).map_err(|_| Reason::NameLength)?;
    unless(
        namelen > NAME_MAX && !context.since(Release(3, 14)),
        Reason::NameLength,
    )?;
    name.get(..namelen.min(NAME_MAX))
        .ok_or(Reason::NameUnreadable)
}

/// What `sendmsg(2)` says to vectors of these lengths in bytes: the bytes that it takes of them, at most
/// [`MAX_RW_COUNT`]. Kernel `copy_msghdr_from_user` and `import_iovec`.
///
/// ```
/// use ancil::verdict::check_iov;
/// assert_eq!(check_iov([3, 4].into_iter()), Ok(7));
/// assert!(check_iov([0; 1025].into_iter()).is_err());
/// ```
///
/// # Errors
/// EMSGSIZE for more than [`UIO_MAXIOV`] of them; EINVAL for a length of more than `isize::MAX`, wherever it stands.
///
/// # Complexity
/// O(n), n at most [`UIO_MAXIOV`].
pub fn check_iov(lengths: impl ExactSizeIterator<Item = usize>) -> Result<usize, Refusal> {
    Ok(total(lengths)?)
}

fn total(lengths: impl ExactSizeIterator<Item = usize>) -> Result<usize, Reason> {
    unless(lengths.len() > UIO_MAXIOV, Reason::TooManyVectors)?;
    let mut total = 0usize;
    for len in lengths {
        unless(isize::try_from(len).is_err(), Reason::VectorLength)?;
        total = total.saturating_add(len).min(MAX_RW_COUNT);
    }
    Ok(total)
}

/// The control messages on their way into the socket's memory: `sock_kmalloc`, `copy_from_user`.
pub(super) fn control<'a>(
    context: &mut Context<'a>,
    control: Option<&'a [u8]>,
    controllen: usize,
) -> Result<(), Refusal> {
    let compat = context.facts.compat && controllen > 0;
    unless(controllen > CONTROL_MAX, Reason::ControlLength)?;
    unless(
        !compat && controllen > KERNEL_STACK_CONTROL && !has_room(context.facts, controllen),
        Reason::Optmem,
    )?;
    unless(compat && control.is_none(), Reason::CompatEmpty)?;
    context.control = control
        .unwrap_or_default()
        .get(..controllen)
        .ok_or(Reason::ControlUnreadable)?;
    if compat { widen(context) } else { Ok(()) }
}

/// Whether the socket may take so much memory.
fn has_room(facts: &Facts<'_>, len: usize) -> bool {
    len <= facts.optmem_max && facts.optmem_used.saturating_add(len) < facts.optmem_max
}

/// Those of a 32-bit program: `cmsghdr_from_user_compat_to_kern`, which looks at every header before any protocol does.
#[inline(never)]
fn widen(context: &Context<'_>) -> Result<(), Refusal> {
    let mut widened = 0usize;
    walk_as(context, Tail::Compat, |raw| {
        widened = widened.saturating_add(Abi::LINUX_64.cmsg_space(raw.data.len()));
        Ok(())
    })?;
    unless(
        widened > COMPAT_STACK_CONTROL && !has_room(context.facts, widened),
        Reason::CompatOptmem,
    )?;
    Ok(())
}
