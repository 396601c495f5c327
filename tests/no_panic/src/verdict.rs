//! What the kernel would answer.

use crate::Entry;
use ancil::verdict::{self, *};
use ancil::{MalformedKind, MsgHdr, limits};
use core::fmt::Display;

/// The lengths of vectors.
type Lengths = core::iter::Copied<core::slice::Iter<'static, usize>>;

pub const PUBLIC: &[Entry] = public![
    limits::fits_kernel_stack,
    verdict::check_control,
    verdict::check_iov: fn(Lengths) -> _,
    verdict::check_sendmsg: fn(_, _, _, Lengths) -> _,
    verdict::Reason::errno,
    verdict::Reason::words,
    verdict::Refusal::errno,
    verdict::Socket::new,
];

pub const CAPABILITIES: &[Entry] = flags!(verdict::Capabilities);
pub const STATE: &[Entry] = flags!(verdict::State);

pub const UNNAMED: &[Entry] = unnamed![
    <Facts as Default>::default,
    <Outgoing as From<&'static MsgHdr>>::from,
    <Reason as From<MalformedKind>>::from,
    <Reason as Display>::fmt,
    <Refusal as From<Reason>>::from,
    <Refusal as Display>::fmt,
];
