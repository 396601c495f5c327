// SPDX-License-Identifier: MIT OR Apache-2.0
//! Protocols whose rules are little more than a table. Each function names the kernel function that
//! has the rules.

use super::refusal::{Fault, Reason, ensure};
use super::rule::{Context, Rule, at, check_length, int, read, set_once, walk_level};
use crate::arch::SOCK_STREAM;
use crate::error::Lengths::{self, AtLeast, Exactly};
use crate::msghdr::MsgFlags;
use crate::payload::*;
use crate::table::keys::*;
use crate::table::level::*;
use crate::wire::cmsg::Raw;
use crate::wire::encode::read_front;
use crate::wire::key::Key;

const TLS: &[Rule] = &[Rule::new(TLS_SET_RECORD_TYPE, AtLeast(1))];

const ALG: &[Rule] = &[
    Rule::new(ALG_SET_IV, AtLeast(4)),
    Rule::new(ALG_SET_OP, AtLeast(4)),
    Rule::new(ALG_SET_AEAD_ASSOCLEN, AtLeast(4))
        .between(0, i32::MAX)
        .since(6, 1),
    Rule::new(ALG_SET_AEAD_ASSOCLEN, AtLeast(4)),
];

/// All flags of a message: `SCTP_UNORDERED` and others, up to `SCTP_EOF`.
const SCTP_FLAGS: u16 = 0x27f;
const SCTP_ABORT: u16 = 4;
const SCTP_EOF: u16 = 0x200;
const SCTP_PR_MASK: u16 = 0x30;

const SCTP: &[Rule] = &[
    Rule::new(SCTP_INIT, Exactly(size_of::<SctpInitmsg>())),
    Rule::new(SCTP_SNDRCV, Exactly(size_of::<SctpSndrcvinfo>())),
    Rule::new(SCTP_SNDINFO, Exactly(size_of::<SctpSndinfo>())),
    Rule::new(SCTP_PRINFO, Exactly(size_of::<SctpPrinfo>())).since(4, 17),
    Rule::new(SCTP_AUTHINFO, Exactly(size_of::<SctpAuthinfo>())).since(4, 17),
    // The length of an address matters only for a new association.
    Rule::new(SCTP_DSTADDRV4, AtLeast(0)).since(4, 17),
    Rule::new(SCTP_DSTADDRV6, AtLeast(0)).since(4, 17),
];

const RDS_ATOMIC: Lengths = AtLeast(size_of::<RdsAtomicArgs>());
const RDS: &[Rule] = &[
    Rule::new(RDS_CMSG_RDMA_ARGS, AtLeast(size_of::<RdsRdmaArgs>())),
    Rule::new(RDS_CMSG_RDMA_DEST, AtLeast(8)),
    Rule::new(RDS_CMSG_RDMA_MAP, AtLeast(size_of::<RdsGetMrArgs>())),
    Rule::new(RDS_CMSG_ATOMIC_FADD, RDS_ATOMIC),
    Rule::new(RDS_CMSG_ATOMIC_CSWP, RDS_ATOMIC),
    Rule::new(RDS_CMSG_MASKED_ATOMIC_FADD, RDS_ATOMIC),
    Rule::new(RDS_CMSG_MASKED_ATOMIC_CSWP, RDS_ATOMIC),
    Rule::new(RDS_CMSG_ZCOPY_COOKIE, AtLeast(4)).since(4, 17),
];

const RXRPC: &[Rule] = &[
    Rule::new(RXRPC_USER_CALL_ID, AtLeast(0)), // `rxrpc` checks the length
    Rule::new(RXRPC_ABORT, Exactly(4)),
    Rule::new(RXRPC_ACCEPT, Exactly(0)).until(5, 10),
    Rule::new(RXRPC_EXCLUSIVE_CALL, Exactly(0)).since(4, 9),
    Rule::new(RXRPC_UPGRADE_SERVICE, Exactly(0)).since(4, 14),
    Rule::new(RXRPC_TX_LENGTH, Exactly(8)).since(4, 14),
    Rule::new(RXRPC_SET_CALL_TIMEOUT, AtLeast(4)).since(4, 16),
    Rule::new(RXRPC_CHARGE_ACCEPT, Exactly(0)).since(5, 10),
];

const IUCV: &[Rule] = &[Rule::new(SCM_IUCV_TRGCLS, Exactly(4))];

const DCCP: &[Rule] = &[Rule::new(DCCP_SCM_PRIORITY, Exactly(4))];

/// Checks that the payload holds as many bytes of initialization vector as its first word says.
fn check_iv(raw: &Raw<'_>) -> Result<(), Reason> {
    let (ivlen, iv) = read_front::<u32>(raw.data).ok_or(Reason::Length)?;
    let is_whole = usize::try_from(ivlen).is_ok_and(|ivlen| ivlen <= iv.len());
    ensure(is_whole, Reason::Length)
}

/// Checks one to three timeouts: hard, idle, normal. The last two are at most an hour. The limit of
/// the first depends on the kernel's configuration (`INT_MAX / HZ`) and is not checked.
fn check_timeouts(raw: &Raw<'_>) -> Result<(), Reason> {
    const HOUR: u32 = 60 * 60 * 1000; // milliseconds
    ensure([4, 8, 12].contains(&raw.data.len()), Reason::Length)?;
    let mut timeouts = Array::<u32>::new(raw.data).iter().skip(1);
    ensure(timeouts.all(|timeout| timeout <= HOUR), Reason::Timeout)
}

/// Kernel `tls_process_cmsg`, which also refuses a control buffer without a message of `SOL_TLS`.
pub(super) fn tls(context: &Context<'_>) -> Result<(), Fault> {
    let mut found = context.control.is_empty();
    let more = context.flags.contains(MsgFlags::MSG_MORE);
    walk_level(context, SOL_TLS, |raw| {
        found = true;
        context.check_rule(TLS, raw)?;
        ensure(!more, Reason::RecordContinued)
    })?;
    Ok(ensure(found, Reason::Missing)?)
}

/// Kernel `af_alg_cmsg_send` and `af_alg_sendmsg`, which checks only the last operation: 0 or 1, to
/// decrypt or to encrypt.
pub(super) fn alg(context: &Context<'_>) -> Result<(), Fault> {
    let mut op = Ok(());
    walk_level(context, SOL_ALG, |raw| {
        context.check_rule(ALG, raw)?;
        if ALG_SET_IV.is(raw) {
            check_iv(raw)?;
        } else if ALG_SET_OP.is(raw) {
            op = at(raw, ensure([0, 1].contains(&int(raw)?), Reason::Value));
        }
        Ok(())
    })?;
    op
}

/// Kernel `sctp_msghdr_parse` and `sctp_sendmsg_parse`.
pub(super) fn sctp(context: &Context<'_>) -> Result<(), Fault> {
    let (mut sndrcv, mut sndinfo) = (None, None);
    walk_level(context, SOL_SCTP, |raw| {
        context.check_rule(SCTP, raw)?;
        if SCTP_SNDRCV.is(raw) {
            let flags = only(read::<SctpSndrcvinfo>(raw)?.sinfo_flags, SCTP_FLAGS)?;
            sndrcv = Some(at(raw, check_end(context, flags)));
        } else if SCTP_SNDINFO.is(raw) {
            let flags = only(read::<SctpSndinfo>(raw)?.snd_flags, SCTP_FLAGS)?;
            sndinfo = Some(at(raw, check_end(context, flags)));
        } else if SCTP_PRINFO.is(raw) {
            only(read::<SctpPrinfo>(raw)?.pr_policy, SCTP_PR_MASK)?;
        }
        Ok(())
    })?;
    let found = sndinfo.or(sndrcv);
    found.unwrap_or_else(|| Ok(check_end(context, 0)?))
}

/// Returns `flags` if they have no bits but `bits`.
fn only(flags: u16, bits: u16) -> Result<u16, Reason> {
    ensure(flags & !bits == 0, Reason::Value)?;
    Ok(flags)
}

/// Checks whether the flags of a send suit its payload and the socket.
fn check_end(context: &Context<'_>, flags: u16) -> Result<(), Reason> {
    let ends = flags & (SCTP_EOF | SCTP_ABORT) != 0;
    let is_stream = context.socket.arguments().1 == SOCK_STREAM;
    let suits = match context.len {
        Some(0) => ends,
        Some(_) => flags & SCTP_EOF == 0,
        None => true,
    };
    ensure(suits && !(ends && is_stream), Reason::AssociationEnd)
}

/// Kernel `dccp_msghdr_parse`.
pub(super) fn dccp(context: &Context<'_>) -> Result<(), Fault> {
    walk_level(context, SOL_DCCP, |raw| context.check_rule(DCCP, raw))
}

/// Kernel `iucv_sock_sendmsg`, which accepts one message.
pub(super) fn iucv(context: &Context<'_>) -> Result<(), Fault> {
    let mut found = false;
    walk_level(context, SOL_IUCV, |raw| {
        set_once(&mut found)?;
        context.check_rule(IUCV, raw)
    })
}

/// Kernel `rds_rm_size` and `rds_cmsg_send`. A send has a transfer, an atomic operation or both, or
/// else a key and a cookie. The cookie goes with `MSG_ZEROCOPY`, and `MSG_ZEROCOPY` with a cookie.
pub(super) fn rds(context: &Context<'_>) -> Result<(), Fault> {
    let (mut has_transfer, mut has_atomic) = (false, false);
    let (mut has_key, mut has_cookie) = (false, false);
    let mut is_passive = false;
    let zerocopy = context.flags.contains(MsgFlags::MSG_ZEROCOPY);
    walk_level(context, SOL_RDS, |raw| {
        context.check_rule(RDS, raw)?;
        match raw.ty {
            RDS_CMSG_ZCOPY_COOKIE::TYPE => {
                (has_cookie, is_passive) = (true, true);
                ensure(zerocopy, Reason::NotZerocopy)
            }
            RDS_CMSG_RDMA_DEST::TYPE | RDS_CMSG_RDMA_MAP::TYPE => {
                is_passive = true;
                ensure(!has_key, Reason::Twice)?;
                // A key of 0 counts as none. The key of mapped memory is taken not to be 0.
                has_key = RDS_CMSG_RDMA_MAP.is(raw) || read::<u64>(raw)? != 0;
                Ok(())
            }
            RDS_CMSG_RDMA_ARGS::TYPE => set_once(&mut has_transfer),
            _ => set_once(&mut has_atomic),
        }
    })?;
    ensure(!(is_passive && (has_transfer || has_atomic)), Reason::Twice)?;
    Ok(ensure(has_cookie || !zerocopy, Reason::Missing)?)
}

/// Kernel `rxrpc_sendmsg_cmsg`, for a send without `MSG_OOB`.
pub(super) fn rxrpc(context: &Context<'_>) -> Result<(), Fault> {
    let (mut has_call_id, mut has_command, mut has_length) = (false, false, false);
    walk_level(context, SOL_RXRPC, |raw| {
        context.check_rule(RXRPC, raw)?;
        match raw.ty {
            RXRPC_USER_CALL_ID::TYPE => {
                has_call_id = true;
                // An `unsigned long` of the sender. No other payload depends on the sender's words.
                check_length(Exactly(context.facts.abi().len_size()), raw)
            }
            RXRPC_ABORT::TYPE => {
                set_once(&mut has_command)?;
                ensure(int(raw)? != 0, Reason::Value)
            }
            RXRPC_CHARGE_ACCEPT::TYPE | RXRPC_ACCEPT::TYPE => set_once(&mut has_command),
            RXRPC_TX_LENGTH::TYPE => {
                set_once(&mut has_length)?;
                ensure(read::<i64>(raw)? >= 0, Reason::Value)
            }
            RXRPC_SET_CALL_TIMEOUT::TYPE => check_timeouts(raw),
            _ => Ok(()),
        }
    })?;
    ensure(has_call_id, Reason::Missing)?;
    Ok(ensure(!(has_command && has_length), Reason::Twice)?)
}
