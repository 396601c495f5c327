//! The form that most rules have, and the walk over a control buffer that all of them share.

use super::facts::{Capabilities, Facts, Release, Socket, State};

use super::refusal::{Reason, Refusal};
use crate::error::Lengths;
use crate::msghdr::MsgFlags;
use crate::wire::abi::Abi;
use crate::wire::cmsg::Raw;
use crate::wire::key::Key;
use crate::wire::step::{Step, Tail};
use zerocopy::FromBytes;

/// Everything that a rule may ask.
pub(super) struct Context<'a> {
    pub socket: Socket,
    pub facts: &'a Facts<'a>,
    pub flags: MsgFlags,
    /// The messages, as soon as they are imported.
    pub control: &'a [u8],
}

impl<'a> Context<'a> {
    pub fn new(socket: Socket, facts: &'a Facts<'a>, flags: MsgFlags) -> Self {
        Self {
            socket,
            facts,
            flags,
            control: &[],
        }
    }

    /// Whether the kernel is of this release or a later one.
    pub fn since(&self, release: Release) -> bool {
        self.facts.release.number() >= release.number()
    }

    /// Whether all of this was done to the socket.
    pub fn is(&self, state: State) -> bool {
        self.socket.state.contains(state)
    }

    /// Whether the sender has one of these capabilities.
    pub fn capable(&self, any_of: Capabilities) -> Result<(), Reason> {
        ensure(
            self.facts.capabilities.intersects(any_of),
            Reason::Capability,
        )
    }
}

/// `Ok` if the condition holds.
pub(super) fn ensure(holds: bool, reason: Reason) -> Result<(), Reason> {
    if holds { Ok(()) } else { Err(reason) }
}

/// `Ok` if the condition does not hold.
pub(super) fn unless(holds: bool, reason: Reason) -> Result<(), Reason> {
    ensure(!holds, reason)
}

/// What a protocol asks of one type of message, but for conditions that no other has: those stand in its file. Data
/// only, without a pointer, so that a table of rules needs no relocation.
pub(super) struct Rule {
    ty: i32,
    since: Release,
    length: Lengths,
    value: Value,
}

/// What the start of a payload may be.
enum Value {
    Any,
    /// An `int` from the one to the other.
    Between(i32, i32),
    /// A `u16` at this offset with no bits but these.
    OnlyBits(usize, u16),
}

impl Rule {
    pub const fn new<P: ?Sized, S: ?Sized>(key: Key<P, S>, length: Lengths) -> Self {
        Self {
            ty: key.ty,
            since: Release::ANY,
            length,
            value: Value::Any,
        }
    }

    /// Unknown to older kernels.
    pub const fn since(mut self, major: u16, minor: u16) -> Self {
        self.since = Release(major, minor);
        self
    }

    /// An `int` in this range.
    pub const fn between(mut self, least: i32, most: i32) -> Self {
        self.value = Value::Between(least, most);
        self
    }

    /// A `u16` at the offset `at` that has no bits but `bits`.
    pub const fn only_bits(mut self, at: usize, bits: u16) -> Self {
        self.value = Value::OnlyBits(at, bits);
        self
    }

    /// Holds a message against it: the length, then the value.
    pub fn check(&self, raw: &Raw<'_>) -> Result<(), Reason> {
        fits(self.length, raw)?;
        let holds = match self.value {
            Value::Any => true,
            Value::Between(least, most) => (least..=most).contains(&int(raw)?),
            Value::OnlyBits(at, bits) => {
                let field = raw.data.get(at..).unwrap_or_default();
                u16::read_from_prefix(field).is_ok_and(|(value, _)| value & !bits == 0)
            }
        };
        ensure(holds, Reason::Value)
    }
}

/// The rule for this type of message.
pub(super) fn rule_of<'r>(
    rules: &'r [Rule],
    context: &Context<'_>,
    raw: &Raw<'_>,
) -> Result<&'r Rule, Reason> {
    rules
        .iter()
        .find(|rule| rule.ty == raw.ty && context.since(rule.since))
        .ok_or(Reason::Unknown)
}

/// Holds a message against the rules of the protocol that owns it.
pub(super) fn apply(rules: &[Rule], context: &Context<'_>, raw: &Raw<'_>) -> Result<(), Reason> {
    rule_of(rules, context, raw)?.check(raw)
}

/// Whether the payload has such a length.
pub(super) fn fits(length: Lengths, raw: &Raw<'_>) -> Result<(), Reason> {
    let n = raw.data.len();
    let fits = match length {
        Lengths::Exactly(only) => n == only,
        Lengths::AtLeast(least) => n >= least,
        Lengths::OneOf(one, other) => n == one || n == other,
    };
    ensure(fits, Reason::Length)
}

/// The `int` at the start of a payload, or its only byte.
pub(super) fn int(raw: &Raw<'_>) -> Result<i32, Reason> {
    match raw.data {
        [byte] => Ok((*byte).into()),
        data => i32::read_from_prefix(data)
            .map(|(value, _)| value)
            .map_err(|_| Reason::Length),
    }
}

/// Asks `each` about every message in order. A bad header ends the walk, as every parser of the kernel has it:
/// `for_each_cmsghdr` and `CMSG_OK`.
pub(super) fn walk<'a>(
    context: &Context<'a>,
    each: impl FnMut(&Raw<'a>) -> Result<(), Reason>,
) -> Result<(), Refusal> {
    walk_as(context, Tail::Native, each)
}

/// The same with a choice of what the end is.
pub(super) fn walk_as<'a>(
    context: &Context<'a>,
    tail: Tail,
    mut each: impl FnMut(&Raw<'a>) -> Result<(), Reason>,
) -> Result<(), Refusal> {
    let abi = if context.facts.compat {
        Abi::LINUX_32
    } else {
        Abi::NATIVE
    };
    let mut step = Step::new(context.control);
    while let Some(raw) = step.next(abi, tail)? {
        each(&raw).map_err(|reason| reason.at(raw.offset))?;
    }
    Ok(())
}
