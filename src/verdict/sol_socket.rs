//! `SOL_SOCKET` on all sockets but those of `AF_UNIX` and netlink: kernel `__sock_cmsg_send`.

use super::facts::{Capabilities, Release, State};
use super::refusal::{Reason, Refusal};
use super::rule::{Context, Rule, ensure, int, rule_of, walk};
use crate::error::Lengths::{AtLeast, Exactly};
use crate::msghdr::MsgFlags;
use crate::table::keys::*;
use crate::table::level::SOL_SOCKET;
use crate::wire::cmsg::Raw;

const RULES: &[Rule] = &[
    Rule::new(SCM_RIGHTS, AtLeast(0)), // those two are AF_UNIX's, and ignored
    Rule::new(SCM_CREDENTIALS, AtLeast(0)),
    Rule::new(SO_PRIORITY, Exactly(4)).since(6, 14),
    Rule::new(SO_MARK, Exactly(4)),
    Rule::new(SO_TIMESTAMPING_OLD, Exactly(4)),
    Rule::new(SO_TIMESTAMPING_NEW, Exactly(4)).since(6, 8),
    Rule::new(SCM_TXTIME, Exactly(8)).since(4, 19),
    Rule::new(SCM_TS_OPT_ID, Exactly(4)).since(6, 13),
    Rule::new(SCM_DEVMEM_DMABUF, Exactly(4)).since(6, 16),
];

/// What a send can ask to be told the time of: `SOF_TIMESTAMPING_TX_RECORD_MASK`.
const TX_RECORD: i32 = 0x4_0303;
/// The same without `SOF_TIMESTAMPING_TX_COMPLETION`.
const TX_RECORD_BEFORE_6_15: i32 = 0x303;

fn mark(context: &Context<'_>) -> Result<(), Reason> {
    let raw = if context.since(Release(5, 18)) {
        Capabilities::CAP_NET_RAW
    } else {
        Capabilities::empty()
    };
    context.capable(raw | Capabilities::CAP_NET_ADMIN)
}

fn priority(context: &Context<'_>, raw: &Raw<'_>) -> Result<(), Reason> {
    if (0..=6).contains(&int(raw)?) {
        return Ok(());
    }
    context.capable(Capabilities::CAP_NET_RAW | Capabilities::CAP_NET_ADMIN)
}

fn times(context: &Context<'_>, raw: &Raw<'_>) -> Result<(), Reason> {
    let allowed = if context.since(Release(6, 15)) {
        TX_RECORD
    } else {
        TX_RECORD_BEFORE_6_15
    };
    ensure(int(raw)? & !allowed == 0, Reason::Value)
}

fn txtime(context: &Context<'_>) -> Result<(), Reason> {
    ensure(context.is(State::TXTIME), Reason::OptionOff)
}

fn opt_id(context: &Context<'_>) -> Result<(), Reason> {
    if context.socket.is_tcp() {
        Err(Reason::OnTcp)
    } else if context.is(State::OPT_ID) {
        Ok(())
    } else {
        Err(Reason::OptionOff)
    }
}

/// One message of `SOL_SOCKET`.
#[inline(never)]
pub(super) fn check(context: &Context<'_>, raw: &Raw<'_>) -> Result<(), Reason> {
    let rule = rule_of(RULES, context, raw)?;
    if SO_MARK.is(raw) {
        mark(context)?;
    } else if SCM_TXTIME.is(raw) {
        txtime(context)?;
    } else if SCM_TS_OPT_ID.is(raw) {
        opt_id(context)?;
    }
    rule.check(raw)?;
    if SO_PRIORITY.is(raw) {
        priority(context, raw)
    } else if SO_TIMESTAMPING_OLD.is(raw) || SO_TIMESTAMPING_NEW.is(raw) {
        times(context, raw)
    } else {
        Ok(())
    }
}

/// A control buffer of a protocol that has no messages of its own: kernel `sock_cmsg_send`. TCP, packet and others.
#[inline(never)]
pub(super) fn check_all(context: &Context<'_>) -> Result<(), Refusal> {
    walk(context, |raw| {
        if raw.level == SOL_SOCKET {
            check(context, raw)
        } else {
            Ok(())
        }
    })
}

/// A control buffer of TCP: kernel `tcp_sendmsg_locked`. The last buffer of device memory that it names is the one
/// to send from, which goes with `MSG_ZEROCOPY` only.
#[inline(never)]
pub(super) fn check_tcp(context: &Context<'_>) -> Result<(), Refusal> {
    let mut devmem = None;
    walk(context, |raw| {
        if raw.level != SOL_SOCKET {
            return Ok(());
        }
        check(context, raw)?;
        if SCM_DEVMEM_DMABUF.is(raw) {
            devmem = (int(raw)? != 0).then_some(raw.offset);
        }
        Ok(())
    })?;
    match devmem {
        Some(offset) if !context.flags.contains(MsgFlags::MSG_ZEROCOPY) => {
            Err(Reason::Devmem.at(offset))
        }
        _ => Ok(()),
    }
}
