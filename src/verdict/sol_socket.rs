// SPDX-License-Identifier: MIT OR Apache-2.0
//! `SOL_SOCKET` on all sockets but those of `AF_UNIX` and netlink: kernel `__sock_cmsg_send`.

use super::facts::{Capabilities, State};
use super::refusal::{Fault, Reason, ensure};
use super::rule::{Context, Rule, at, int, walk_level};
use crate::error::Lengths::{AtLeast, Exactly};
use crate::msghdr::MsgFlags;
use crate::table::keys::*;
use crate::table::level::SOL_SOCKET;
use crate::wire::cmsg::Raw;
use crate::wire::key::Key;

const RULES: &[Rule] = &[
    // The kernel ignores these two, which are for AF_UNIX.
    Rule::new(SCM_RIGHTS, AtLeast(0)).since(4, 9),
    Rule::new(SCM_CREDENTIALS, AtLeast(0)).since(4, 9),
    Rule::new(SO_PRIORITY, Exactly(4)).since(6, 14),
    Rule::new(SO_MARK, Exactly(4)),
    // Since 6.15 with `SOF_TIMESTAMPING_TX_COMPLETION`.
    timestamps(SO_TIMESTAMPING_OLD, 0x4_0303).since(6, 15),
    timestamps(SO_TIMESTAMPING_NEW, 0x4_0303).since(6, 15),
    timestamps(SO_TIMESTAMPING_OLD, 0x303).since(4, 9),
    timestamps(SO_TIMESTAMPING_NEW, 0x303).since(6, 8),
    Rule::new(SCM_TXTIME, Exactly(8)).since(4, 19),
    Rule::new(SCM_TS_OPT_ID, Exactly(4)).since(6, 13),
    Rule::new(SCM_DEVMEM_DMABUF, Exactly(4)).since(6, 16),
];

/// Allows a message to request the timestamps of `SOF_TIMESTAMPING_TX_RECORD_MASK`.
const fn timestamps<K: Key>(key: K, mask: i32) -> Rule {
    Rule::new(key, Exactly(4)).bits(mask)
}

/// Checks one message of `SOL_SOCKET`.
pub(super) fn check(context: &Context<'_>, raw: &Raw<'_>) -> Result<(), Reason> {
    let network = Capabilities::CAP_NET_ADMIN | Capabilities::CAP_NET_RAW;
    // Of these messages, the kernel checks the length last.
    match raw.ty {
        SO_MARK::TYPE if context.since(5, 18) => context.ensure_capable(network)?,
        SO_MARK::TYPE => context.ensure_capable(Capabilities::CAP_NET_ADMIN)?,
        SCM_TXTIME::TYPE => ensure(context.has(State::TXTIME), Reason::OptionOff)?,
        SCM_TS_OPT_ID::TYPE => {
            ensure(!context.socket.is_tcp(), Reason::NotOnTcp)?;
            ensure(context.has(State::OPT_ID), Reason::OptionOff)?;
        }
        _ => {}
    }
    context.check_rule(RULES, raw)?;
    if SO_PRIORITY.is(raw) && !(0..=6).contains(&int(raw)?) {
        context.ensure_capable(network)?;
    }
    Ok(())
}

/// Checks a control buffer of sockets without messages of their own: kernel `sock_cmsg_send`.
///
/// TCP sends from the device memory that the last `SCM_DEVMEM_DMABUF` names, and only with
/// `MSG_ZEROCOPY`: kernel `tcp_sendmsg_locked`. Other protocols ignore the message.
pub(super) fn check_all(context: &Context<'_>) -> Result<(), Fault> {
    let zerocopy = !context.socket.is_tcp() || context.flags.contains(MsgFlags::MSG_ZEROCOPY);
    let mut memory = Ok(());
    walk_level(context, SOL_SOCKET, |raw| {
        check(context, raw)?;
        if SCM_DEVMEM_DMABUF.is(raw) {
            memory = at(raw, ensure(zerocopy || int(raw)? == 0, Reason::NotZerocopy));
        }
        Ok(())
    })?;
    memory
}
