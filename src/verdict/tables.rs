//! Protocols whose rules are little more than a table. Each function names the kernel function that
//! has the rules.

use super::refusal::{Reason, Refusal, ensure};
use super::rule::{Context, Rule, check_length, check_message, int, walk_level};
use crate::error::Lengths::{AtLeast, Exactly};
use crate::msghdr::MsgFlags;
use crate::payload::*;
use crate::table::keys::*;
use crate::table::level::*;
use crate::wire::cmsg::Raw;
use zerocopy::FromBytes;

const TLS: &[Rule] = &[Rule::new(TLS_SET_RECORD_TYPE, AtLeast(1))];

const ALG: &[Rule] = &[
    Rule::new(ALG_SET_IV, AtLeast(4)),
    Rule::new(ALG_SET_OP, AtLeast(4)).between(0, 1),
    Rule::new(ALG_SET_AEAD_ASSOCLEN, AtLeast(4)).between(0, i32::MAX),
];

/// All flags of a message: `SCTP_UNORDERED` and others, up to `SCTP_EOF`.
const SCTP_FLAGS: u16 = 0x27f;

const SCTP: &[Rule] = &[
    Rule::new(SCTP_INIT, Exactly(size_of::<SctpInitmsg>())),
    Rule::new(SCTP_SNDRCV, Exactly(size_of::<SctpSndrcvinfo>())).only_bits(4, SCTP_FLAGS),
    Rule::new(SCTP_SNDINFO, Exactly(size_of::<SctpSndinfo>())).only_bits(2, SCTP_FLAGS),
    Rule::new(SCTP_PRINFO, Exactly(size_of::<SctpPrinfo>())).only_bits(0, 0x30),
    Rule::new(SCTP_AUTHINFO, Exactly(size_of::<SctpAuthinfo>())),
    // The length of an address matters only for a new association.
    Rule::new(SCTP_DSTADDRV4, AtLeast(0)),
    Rule::new(SCTP_DSTADDRV6, AtLeast(0)),
];

const RDS: &[Rule] = &[
    Rule::new(RDS_CMSG_RDMA_ARGS, AtLeast(size_of::<RdsRdmaArgs>())),
    Rule::new(RDS_CMSG_RDMA_DEST, AtLeast(8)),
    Rule::new(RDS_CMSG_RDMA_MAP, AtLeast(size_of::<RdsGetMrArgs>())),
    Rule::new(RDS_CMSG_ATOMIC_FADD, AtLeast(size_of::<RdsAtomicArgs>())),
    Rule::new(RDS_CMSG_ATOMIC_CSWP, AtLeast(size_of::<RdsAtomicArgs>())),
    Rule::new(
        RDS_CMSG_MASKED_ATOMIC_FADD,
        AtLeast(size_of::<RdsAtomicArgs>()),
    ),
    Rule::new(
        RDS_CMSG_MASKED_ATOMIC_CSWP,
        AtLeast(size_of::<RdsAtomicArgs>()),
    ),
    Rule::new(RDS_CMSG_ZCOPY_COOKIE, AtLeast(4)).since(4, 17),
];

const RXRPC: &[Rule] = &[
    Rule::new(RXRPC_USER_CALL_ID, AtLeast(0)), // see `check_call_id`
    Rule::new(RXRPC_ABORT, Exactly(4)),
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
    let (ivlen, iv) = u32::read_from_prefix(raw.data).map_err(|_| Reason::Length)?;
    let is_whole = usize::try_from(ivlen).is_ok_and(|ivlen| ivlen <= iv.len());
    ensure(is_whole, Reason::Length)
}

/// A call id is an `unsigned long` of the sender. No other payload has a size that depends on the
/// sender.
fn check_call_id(context: &Context<'_>, raw: &Raw<'_>) -> Result<(), Reason> {
    let size = if context.facts.compat {
        size_of::<u32>()
    } else {
        size_of::<usize>()
    };
    check_length(Exactly(size), raw)
}

fn check_tx_length(raw: &Raw<'_>) -> Result<(), Reason> {
    let length = i64::read_from_bytes(raw.data).map_err(|_| Reason::Length)?;
    ensure(length >= 0, Reason::Value)
}

/// Checks one to three timeouts: hard, idle, normal. The last two are at most an hour. The limit of
/// the first depends on the kernel's configuration (`INT_MAX / HZ`) and is not checked.
fn check_timeouts(raw: &Raw<'_>) -> Result<(), Reason> {
    const HOUR: u32 = 60 * 60 * 1000; // milliseconds
    ensure([4, 8, 12].contains(&raw.data.len()), Reason::Length)?;
    let mut timeouts = Array::<u32>::new(raw.data).iter().skip(1);
    ensure(timeouts.all(|timeout| timeout <= HOUR), Reason::Timeout)
}

/// Checks the messages of a level by a table alone.
fn check_level(context: &Context<'_>, level: i32, rules: &[Rule]) -> Result<(), Refusal> {
    walk_level(context, level, |raw| check_message(rules, context, raw))
}

/// Kernel `tls_process_cmsg`, which also refuses a control buffer without a message of `SOL_TLS`.
pub(super) fn tls(context: &Context<'_>) -> Result<(), Refusal> {
    let mut found = context.message.control.is_empty();
    let more = context.message.flags.contains(MsgFlags::MSG_MORE);
    walk_level(context, SOL_TLS, |raw| {
        found = true;
        check_message(TLS, context, raw)?;
        ensure(!more, Reason::RecordContinued)
    })?;
    Ok(ensure(found, Reason::Missing)?)
}

/// Kernel `af_alg_cmsg_send`.
pub(super) fn alg(context: &Context<'_>) -> Result<(), Refusal> {
    walk_level(context, SOL_ALG, |raw| {
        check_message(ALG, context, raw)?;
        if ALG_SET_IV.is(raw) {
            check_iv(raw)
        } else {
            Ok(())
        }
    })
}

/// Kernel `sctp_msghdr_parse`.
pub(super) fn sctp(context: &Context<'_>) -> Result<(), Refusal> {
    check_level(context, SOL_SCTP, SCTP)
}

/// Kernel `dccp_msghdr_parse`.
pub(super) fn dccp(context: &Context<'_>) -> Result<(), Refusal> {
    check_level(context, SOL_DCCP, DCCP)
}

/// Kernel `iucv_sock_sendmsg`, which accepts one message.
pub(super) fn iucv(context: &Context<'_>) -> Result<(), Refusal> {
    let mut found = false;
    walk_level(context, SOL_IUCV, |raw| {
        ensure(!found, Reason::Twice)?;
        found = true;
        check_message(IUCV, context, raw)
    })
}

/// Kernel `rds_rm_size` and `rds_cmsg_send`. A send has either a transfer or an atomic operation,
/// or else any of memory to map, a key and a cookie.
pub(super) fn rds(context: &Context<'_>) -> Result<(), Refusal> {
    let (mut active, mut passive) = (false, false);
    walk_level(context, SOL_RDS, |raw| {
        check_message(RDS, context, raw)?;
        let is_passive = RDS_CMSG_RDMA_DEST.is(raw)
            || RDS_CMSG_RDMA_MAP.is(raw)
            || RDS_CMSG_ZCOPY_COOKIE.is(raw);
        ensure(!active && (is_passive || !passive), Reason::Twice)?;
        passive |= is_passive;
        active |= !is_passive;
        Ok(())
    })
}

/// Kernel `rxrpc_sendmsg_cmsg`, for a send without `MSG_OOB`.
pub(super) fn rxrpc(context: &Context<'_>) -> Result<(), Refusal> {
    let (mut has_call_id, mut has_command, mut has_length) = (false, false, false);
    walk_level(context, SOL_RXRPC, |raw| {
        check_message(RXRPC, context, raw)?;
        if RXRPC_USER_CALL_ID.is(raw) {
            has_call_id = true;
            check_call_id(context, raw)
        } else if RXRPC_ABORT.is(raw) {
            set_once(&mut has_command)?;
            ensure(int(raw)? != 0, Reason::Value)
        } else if RXRPC_CHARGE_ACCEPT.is(raw) {
            set_once(&mut has_command)
        } else if RXRPC_TX_LENGTH.is(raw) {
            set_once(&mut has_length)?;
            check_tx_length(raw)
        } else if RXRPC_SET_CALL_TIMEOUT.is(raw) {
            check_timeouts(raw)
        } else {
            Ok(())
        }
    })?;
    ensure(has_call_id, Reason::Missing)?;
    Ok(ensure(!(has_command && has_length), Reason::Twice)?)
}

/// Sets `seen`, or refuses a message that was seen before.
fn set_once(seen: &mut bool) -> Result<(), Reason> {
    ensure(!*seen, Reason::Twice)?;
    *seen = true;
    Ok(())
}
