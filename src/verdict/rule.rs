//! [`Rule`], the form that most rules have, and the walk over the control buffer that all protocols
//! share.

use super::facts::{Capabilities, Facts, Release, Socket, State};
use super::import::Imported;
use super::refusal::{Fault, Reason, Refusal, ensure};
use crate::error::{Lengths, Malformed};
use crate::wire::abi::Abi;
use crate::wire::cmsg::Raw;
use crate::wire::key::Key;
use crate::wire::step::{Step, Tail};
use zerocopy::FromBytes;

/// Everything that a rule may depend on.
pub(super) struct Context<'a> {
    pub socket: &'a Socket,
    pub facts: &'a Facts<'a>,
    pub imported: Imported<'a>,
}

impl Context<'_> {
    /// Whether the kernel is of this release or a later one.
    pub fn is_at_least(&self, release: Release) -> bool {
        self.facts.release >= release
    }

    /// Whether the socket is in this state.
    pub fn has(&self, state: State) -> bool {
        self.socket.state.contains(state)
    }

    /// Whether the sender has one of these capabilities.
    pub fn is_capable(&self, any_of: Capabilities) -> bool {
        self.facts.capabilities.intersects(any_of)
    }

    /// Checks that the sender has one of these capabilities.
    pub fn ensure_capable(&self, any_of: Capabilities) -> Result<(), Reason> {
        ensure(self.is_capable(any_of), Reason::Capability)
    }
}

/// What a protocol demands of one type of message. Conditions of a single type are code in the
/// file of its protocol.
///
/// A rule holds no pointer, so that the tables of rules need no relocations.
pub(super) struct Rule {
    ty: i32,
    since: Release,
    /// The first release without this rule.
    until: Release,
    length: Lengths,
    value: Value,
}

/// The values that the start of a payload may have.
enum Value {
    Any,
    /// An `int` from the first number to the second, both included.
    Between(i32, i32),
    /// An `int` that has only these bits.
    IntBits(i32),
    /// A `u16` at this offset that has only these bits.
    OnlyBits(usize, u16),
}

impl Rule {
    pub const fn new<K: Key>(_: K, length: Lengths) -> Self {
        Self {
            ty: K::TYPE,
            since: Release::OLDEST,
            until: Release::NEVER,
            length,
            value: Value::Any,
        }
    }

    /// Older kernels do not know the message.
    pub const fn since(mut self, major: u16, minor: u16) -> Self {
        self.since = Release(major, minor);
        self
    }

    /// The kernel has another rule, or none, for the message from this release on.
    pub const fn until(mut self, major: u16, minor: u16) -> Self {
        self.until = Release(major, minor);
        self
    }

    /// The payload is an `int` from `min` to `max`.
    pub const fn between(mut self, min: i32, max: i32) -> Self {
        self.value = Value::Between(min, max);
        self
    }

    /// The payload is an `int` that has no bits but `bits`.
    pub const fn int_bits(mut self, bits: i32) -> Self {
        self.value = Value::IntBits(bits);
        self
    }

    /// The payload has a `u16` at `offset`, which has no bits but `bits`.
    pub const fn only_bits(mut self, offset: usize, bits: u16) -> Self {
        self.value = Value::OnlyBits(offset, bits);
        self
    }

    /// Checks the length of a message, then its value. Not inlined, because all protocols call it.
    #[inline(never)]
    pub fn check(&self, raw: &Raw<'_>) -> Result<(), Reason> {
        check_length(self.length, raw)?;
        let valid = match self.value {
            Value::Any => true,
            Value::Between(min, max) => (min..=max).contains(&int(raw)?),
            Value::IntBits(bits) => int(raw)? & !bits == 0,
            Value::OnlyBits(offset, bits) => short(raw, offset) & !bits == 0,
        };
        ensure(valid, Reason::Value)
    }
}

/// Returns the rule for the type of a message.
///
/// Inlined, the search in a table with consecutive types would become a table of pointers to its
/// rules, which the dynamic linker would have to relocate.
#[inline(never)]
pub(super) fn find_rule<'r>(
    rules: &'r [Rule],
    context: &Context<'_>,
    raw: &Raw<'_>,
) -> Result<&'r Rule, Reason> {
    rules
        .iter()
        .find(|rule| {
            let releases = rule.since..rule.until;
            rule.ty == raw.ty && releases.contains(&context.facts.release)
        })
        .ok_or(Reason::Unknown)
}

pub(super) fn check_length(length: Lengths, raw: &Raw<'_>) -> Result<(), Reason> {
    let len = raw.data.len();
    let valid = match length {
        Lengths::Exactly(n) => len == n,
        Lengths::AtLeast(n) => len >= n,
        Lengths::OneOf(a, b) => len == a || len == b,
    };
    ensure(valid, Reason::Length)
}

/// Returns the `int` at the start of a payload, or the payload's only byte.
pub(super) fn int(raw: &Raw<'_>) -> Result<i32, Reason> {
    match raw.data {
        [byte] => Ok((*byte).into()),
        data => i32::read_from_prefix(data)
            .map(|(value, _)| value)
            .map_err(|_| Reason::Length),
    }
}

/// Returns the `u16` at an offset of a payload whose length was checked.
pub(super) fn short(raw: &Raw<'_>, offset: usize) -> u16 {
    let field = raw.data.get(offset..).and_then(<[u8]>::first_chunk);
    field.map_or(0, |bytes| u16::from_ne_bytes(*bytes))
}

/// Adds level and type of the message to a fault in this control buffer.
#[cold]
#[inline(never)]
pub(super) fn refusal(fault: Fault, facts: &Facts<'_>, control: Option<&[u8]>) -> Refusal {
    let offset = fault.offset();
    let found = offset.and_then(|offset| {
        let mut step = Step::resume(control.unwrap_or_default(), offset);
        next(&mut step, facts).ok().flatten()
    });
    Refusal {
        offset,
        message: found.map(|raw| (raw.level, raw.ty)),
        reason: fault.reason,
    }
}

/// Returns the next message in the layout of the sender.
#[inline(always)]
fn next<'a>(step: &mut Step<'a>, facts: &Facts<'_>) -> Result<Option<Raw<'a>>, Malformed> {
    let abi = if facts.compat {
        Abi::LINUX_32
    } else {
        Abi::NATIVE
    };
    step.next(abi, Tail::Native)
}

/// Calls `check` with every message in order. A malformed header ends the walk with an error, as in
/// every parser of the kernel: `for_each_cmsghdr` and `CMSG_OK`.
pub(super) fn walk<'a>(
    context: &Context<'a>,
    mut check: impl FnMut(&Raw<'a>) -> Result<(), Reason>,
) -> Result<(), Fault> {
    let mut step = Step::new(context.imported.control);
    while let Some(raw) = next(&mut step, context.facts)? {
        check(&raw).map_err(|reason| reason.at(raw.offset))?;
    }
    Ok(())
}

/// Calls `check` with every message of `level`. Of messages of other levels, only the header is
/// checked.
pub(super) fn walk_level<'a>(
    context: &Context<'a>,
    level: i32,
    mut check: impl FnMut(&Raw<'a>) -> Result<(), Reason>,
) -> Result<(), Fault> {
    walk(context, |raw| {
        if raw.level == level {
            check(raw)
        } else {
            Ok(())
        }
    })
}
