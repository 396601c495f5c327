// SPDX-License-Identifier: MIT OR Apache-2.0
//! [`Rule`], the form that most rules have, and the walk over the control buffer that all protocols
//! share.

use super::facts::{Capabilities, Facts, Release, Socket, State};
use super::refusal::{Fault, Reason, Refusal, ensure};
use crate::error::Lengths;
use crate::msghdr::MsgFlags;
use crate::wire::cmsg::Raw;
use crate::wire::encode::read_front;
use crate::wire::key::Key;
use crate::wire::step::{Step, Tail};
use core::mem;
use zerocopy::FromBytes;

/// Everything that a rule may depend on.
pub(super) struct Context<'a> {
    pub socket: &'a Socket,
    pub facts: &'a Facts<'a>,
    // The message as the kernel has imported it.
    pub flags: MsgFlags,
    pub name: &'a [u8],
    /// Bytes in all vectors; `None` if not known.
    pub len: Option<usize>,
    pub control: &'a [u8],
}

impl Context<'_> {
    /// Whether the kernel is of this release or a later one.
    pub fn since(&self, major: u16, minor: u16) -> bool {
        self.facts.release >= Release(major, minor)
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

    /// Finds the rule for the type of a message, and checks the length of the message, then its
    /// value.
    ///
    /// Inlined, the search in a table with consecutive types would become a table of pointers to
    /// its rules, which the dynamic linker would have to relocate.
    #[inline(never)]
    pub fn check_rule(&self, rules: &[Rule], raw: &Raw<'_>) -> Result<(), Reason> {
        let is_valid = |rule: &&Rule| (rule.since..rule.until).contains(&self.facts.release);
        let rules = rules.iter().filter(|rule| rule.ty == raw.ty);
        let newest = rules.filter(is_valid).max_by_key(|rule| rule.since);
        let rule = newest.ok_or(Reason::Unknown)?;
        check_length(rule.length, raw)?;
        let valid = match rule.value {
            Value::Any => true,
            Value::Between(min, max) => (min..=max).contains(&int(raw)?),
            Value::Bits(bits) => int(raw)? & !bits == 0,
        };
        ensure(valid, Reason::Value)
    }
}

/// What a protocol demands of one type of message. Conditions of a single type are code in the
/// file of its protocol. If a type has several rules, the newest that the release has is valid.
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
    Bits(i32),
}

impl Rule {
    pub const fn new<K: Key>(_: K, length: Lengths) -> Self {
        Self {
            ty: K::TYPE,
            since: Release(0, 0),
            until: Release(u16::MAX, u16::MAX),
            length,
            value: Value::Any,
        }
    }

    /// Older kernels have an older rule for the message, or do not know it.
    pub const fn since(mut self, major: u16, minor: u16) -> Self {
        self.since = Release(major, minor);
        self
    }

    /// Kernels from this release on do not know the message.
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
    pub const fn bits(mut self, bits: i32) -> Self {
        self.value = Value::Bits(bits);
        self
    }
}

pub(super) fn check_length(length: Lengths, raw: &Raw<'_>) -> Result<(), Reason> {
    ensure(length.contains(raw.data.len()), Reason::Length)
}

/// Returns the value at the start of a payload.
pub(super) fn read<T: FromBytes>(raw: &Raw<'_>) -> Result<T, Reason> {
    let (value, _) = read_front(raw.data).ok_or(Reason::Length)?;
    Ok(value)
}

/// Returns the `int` at the start of a payload, or the payload's only byte.
pub(super) fn int(raw: &Raw<'_>) -> Result<i32, Reason> {
    match raw.data {
        [byte] => Ok((*byte).into()),
        _ => read(raw),
    }
}

/// Adds the place of the message to the reason. The kernel looks at some things after the last
/// message only; what was found out before is kept as such a result.
pub(super) fn at(raw: &Raw<'_>, verdict: Result<(), Reason>) -> Result<(), Fault> {
    verdict.map_err(|reason| reason.at(raw.offset))
}

/// Adds level and type of the message to a fault in this control buffer.
#[cold]
#[inline(never)]
pub(super) fn refusal(fault: Fault, facts: &Facts<'_>, control: Option<&[u8]>) -> Refusal {
    let offset = fault.offset();
    let found = offset.and_then(|offset| {
        let mut step = Step::resume(control.unwrap_or_default(), offset);
        step.next(facts.abi(), Tail::Native).ok().flatten()
    });
    Refusal {
        offset,
        message: found.map(|raw| (raw.level, raw.ty)),
        reason: fault.reason,
    }
}

/// Calls `check` with every message in order. A malformed header ends the walk with an error, as in
/// every parser of the kernel: `for_each_cmsghdr` and `CMSG_OK`.
pub(super) fn walk<'a>(
    context: &Context<'a>,
    mut check: impl FnMut(&Raw<'a>) -> Result<(), Reason>,
) -> Result<(), Fault> {
    let mut step = Step::new(context.control);
    while let Some(raw) = step.next(context.facts.abi(), Tail::Native)? {
        at(&raw, check(&raw))?;
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
        if raw.level != level {
            return Ok(());
        }
        check(raw)
    })
}

/// Sets `seen`, or refuses a message that was seen before.
pub(super) fn set_once(seen: &mut bool) -> Result<(), Reason> {
    ensure(!mem::replace(seen, true), Reason::Twice)
}
