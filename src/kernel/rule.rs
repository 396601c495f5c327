//! The form that most rules have, and the walk over a control buffer that all of them share.

use super::facts::{Capabilities, Facts, Release, Socket, State};
use super::refusal::{Reason, Refusal};
use crate::cmsg::Raw;
use crate::error::Lengths;
use crate::key::Key;
use crate::msghdr::MsgFlags;
use crate::reader::Reader;
use zerocopy::FromBytes;

/// Everything that a rule may ask.
#[derive(Clone, Copy)]
pub(super) struct Context<'a> {
    pub socket: &'a Socket,
    pub facts: &'a Facts<'a>,
    pub flags: MsgFlags,
}

impl Context<'_> {
    /// Whether the kernel is of this release or a later one.
    pub fn since(&self, release: Release) -> bool {
        self.facts.release >= release
    }

    /// Whether all of this was done to the socket.
    pub fn is(&self, state: State) -> bool {
        self.socket.state.contains(state)
    }

    /// Whether the sender has one of these capabilities.
    pub fn capable(&self, any_of: Capabilities) -> Result<(), Reason> {
        if self.facts.capabilities.intersects(any_of) { Ok(()) } else { Err(Reason::Capability) }
    }
}

/// One more condition of a message.
pub(super) type Check = fn(&Context<'_>, &Raw<'_>) -> Result<(), Reason>;

/// What a protocol asks of one type of message, in the order in which the kernel does.
pub(super) struct Rule {
    ty: i32,
    since: Release,
    before: Check,
    length: Lengths,
    after: Check,
}

impl Rule {
    pub const fn new<P: ?Sized, S: ?Sized>(key: Key<P, S>, length: Lengths) -> Self {
        Self { ty: key.ty, since: Release::ANY, before: nothing, length, after: nothing }
    }

    /// Unknown to older kernels.
    pub const fn since(mut self, major: u16, minor: u16) -> Self {
        self.since = Release(major, minor);
        self
    }

    /// Asked before the length.
    pub const fn before(mut self, check: Check) -> Self {
        self.before = check;
        self
    }

    /// Asked behind the length.
    pub const fn after(mut self, check: Check) -> Self {
        self.after = check;
        self
    }
}

const fn nothing(_: &Context<'_>, _: &Raw<'_>) -> Result<(), Reason> {
    Ok(())
}

/// Holds a message against the rules of the protocol that owns it.
pub(super) fn apply(rules: &[Rule], context: &Context<'_>, raw: &Raw<'_>) -> Result<(), Reason> {
    let rule = rules.iter().find(|rule| rule.ty == raw.ty && context.since(rule.since)).ok_or(Reason::Unknown)?;
    (rule.before)(context, raw)?;
    fits(rule.length, raw)?;
    (rule.after)(context, raw)
}

/// Whether the payload has such a length.
pub(super) fn fits(length: Lengths, raw: &Raw<'_>) -> Result<(), Reason> {
    let n = raw.data.len();
    let fits = match length {
        Lengths::Exactly(only) => n == only,
        Lengths::AtLeast(least) => n >= least,
        Lengths::OneOf(one, other) => n == one || n == other,
    };
    if fits { Ok(()) } else { Err(Reason::Length) }
}

/// The `int` at the start of a payload, or its only byte.
pub(super) fn int(raw: &Raw<'_>) -> Result<i32, Reason> {
    match raw.data {
        [byte] => Ok((*byte).into()),
        data => i32::read_from_prefix(data).map(|(value, _)| value).map_err(|_| Reason::Length),
    }
}

/// An `int` from `LEAST` to `MOST`.
pub(super) fn between<const LEAST: i32, const MOST: i32>(_: &Context<'_>, raw: &Raw<'_>) -> Result<(), Reason> {
    if (LEAST..=MOST).contains(&int(raw)?) { Ok(()) } else { Err(Reason::Value) }
}

/// A `u16` at the offset `AT`, with no bits but `BITS`.
pub(super) fn only_bits<const AT: usize, const BITS: u16>(_: &Context<'_>, raw: &Raw<'_>) -> Result<(), Reason> {
    let field = raw.data.get(AT..).unwrap_or_default();
    match u16::read_from_prefix(field) {
        Ok((value, _)) if value & !BITS == 0 => Ok(()),
        _ => Err(Reason::Value),
    }
}

/// Asks `each` about every message in order. A bad header ends the walk, as every parser of the kernel has it:
/// `for_each_cmsghdr` and `CMSG_OK`.
pub(super) fn walk<'a>(control: &'a [u8], mut each: impl FnMut(&Raw<'a>) -> Result<(), Reason>) -> Result<(), Refusal> {
    for raw in Reader::new(control) {
        let raw = raw?;
        each(&raw).map_err(|reason| Refusal { offset: Some(raw.offset), reason })?;
    }
    Ok(())
}
