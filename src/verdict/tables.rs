//! Protocols whose rules are little more than a table, each with the kernel function that has them.

use super::refusal::{Reason, Refusal};
use super::rule::{Context, Rule, apply, ensure, fits, int, unless, walk};
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

/// `SCTP_UNORDERED` and others, up to `SCTP_EOF`.
const SCTP_FLAGS: u16 = 0x27f;

const SCTP: &[Rule] = &[
    Rule::new(SCTP_INIT, Exactly(size_of::<SctpInitmsg>())),
    Rule::new(SCTP_SNDRCV, Exactly(size_of::<SctpSndrcvinfo>())).only_bits(4, SCTP_FLAGS),
    Rule::new(SCTP_SNDINFO, Exactly(size_of::<SctpSndinfo>())).only_bits(2, SCTP_FLAGS),
    Rule::new(SCTP_PRINFO, Exactly(size_of::<SctpPrinfo>())).only_bits(0, 0x30),
    Rule::new(SCTP_AUTHINFO, Exactly(size_of::<SctpAuthinfo>())),
    Rule::new(SCTP_DSTADDRV4, AtLeast(0)), // of these the length matters to a new association only
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
    Rule::new(RXRPC_USER_CALL_ID, AtLeast(0)), // the sender's word
    Rule::new(RXRPC_ABORT, Exactly(4)),
    Rule::new(RXRPC_EXCLUSIVE_CALL, Exactly(0)).since(4, 9),
    Rule::new(RXRPC_UPGRADE_SERVICE, Exactly(0)).since(4, 14),
    Rule::new(RXRPC_TX_LENGTH, Exactly(8)).since(4, 14),
    Rule::new(RXRPC_SET_CALL_TIMEOUT, AtLeast(4)).since(4, 16),
    Rule::new(RXRPC_CHARGE_ACCEPT, Exactly(0)).since(5, 10),
];

const IUCV: &[Rule] = &[Rule::new(SCM_IUCV_TRGCLS, Exactly(4))];

const DCCP: &[Rule] = &[Rule::new(DCCP_SCM_PRIORITY, Exactly(4))];

fn vector_is_there(raw: &Raw<'_>) -> Result<(), Reason> {
    let (ivlen, vector) = u32::read_from_prefix(raw.data).map_err(|_| Reason::Length)?;
    ensure(
        usize::try_from(ivlen).is_ok_and(|ivlen| ivlen <= vector.len()),
        Reason::Length,
    )
}

/// The one payload whose size the kernel expects to be the sender's word.
fn one_word(context: &Context<'_>, raw: &Raw<'_>) -> Result<(), Reason> {
    fits(
        Exactly(if context.facts.compat {
            size_of::<u32>()
        } else {
            size_of::<usize>()
        }),
        raw,
    )
}

fn not_zero(raw: &Raw<'_>) -> Result<(), Reason> {
    ensure(int(raw)? != 0, Reason::Value)
}

fn not_negative(raw: &Raw<'_>) -> Result<(), Reason> {
    i64::read_from_bytes(raw.data)
        .ok()
        .filter(|length| *length >= 0)
        .map(drop)
        .ok_or(Reason::Value)
}

/// One to three of them. The first one's limit depends on how the kernel was built; the others' is an hour.
fn timeouts(raw: &Raw<'_>) -> Result<(), Reason> {
    unless(![4, 8, 12].contains(&raw.data.len()), Reason::Length)?;
    let long = Array::<u32>::new(raw.data)
        .iter()
        .skip(1)
        .any(|milliseconds| milliseconds > 60 * 60 * 1000);
    unless(long, Reason::Range)
}

/// Messages of this level by this table; all others are skipped.
fn owned(context: &Context<'_>, level: i32, rules: &[Rule]) -> Result<(), Refusal> {
    walk(context, |raw| {
        if raw.level == level {
            apply(rules, context, raw)
        } else {
            Ok(())
        }
    })
}

/// Kernel `tls_process_cmsg`: a control buffer without a message of its own is refused, too.
#[inline(never)]
pub(super) fn tls(context: &Context<'_>) -> Result<(), Refusal> {
    let mut found = context.control.is_empty();
    walk(context, |raw| {
        if raw.level != SOL_TLS {
            return Ok(());
        }
        found = true;
        apply(TLS, context, raw)?;
        unless(context.flags.contains(MsgFlags::MSG_MORE), Reason::Record)
    })?;
    if found {
        Ok(())
    } else {
        Err(Reason::Missing.into())
    }
}

/// Kernel `af_alg_cmsg_send`.
#[inline(never)]
pub(super) fn alg(context: &Context<'_>) -> Result<(), Refusal> {
    walk(context, |raw| {
        if raw.level != SOL_ALG {
            return Ok(());
        }
        apply(ALG, context, raw)?;
        if ALG_SET_IV.is(raw) {
            vector_is_there(raw)
        } else {
            Ok(())
        }
    })
}

/// Kernel `sctp_msghdr_parse`.
#[inline(never)]
pub(super) fn sctp(context: &Context<'_>) -> Result<(), Refusal> {
    owned(context, SOL_SCTP, SCTP)
}

/// Kernel `dccp_msghdr_parse`.
#[inline(never)]
pub(super) fn dccp(context: &Context<'_>) -> Result<(), Refusal> {
    owned(context, SOL_DCCP, DCCP)
}

/// Kernel `iucv_sock_sendmsg`: one message at most.
#[inline(never)]
pub(super) fn iucv(context: &Context<'_>) -> Result<(), Refusal> {
    let mut found = false;
    walk(context, |raw| {
        if raw.level != SOL_IUCV {
            return Ok(());
        }
        unless(
            core::mem::replace(&mut found, SCM_IUCV_TRGCLS.is(raw)),
            Reason::Twice,
        )?;
        apply(IUCV, context, raw)
    })
}

/// Kernel `rds_rm_size` and `rds_cmsg_send`: a transfer or one atomic operation, or else memory, a key, a cookie.
#[inline(never)]
pub(super) fn rds(context: &Context<'_>) -> Result<(), Refusal> {
    let (mut active, mut passive) = (false, false);
    walk(context, |raw| {
        if raw.level != SOL_RDS {
            return Ok(());
        }
        apply(RDS, context, raw)?;
        let is_passive = RDS_CMSG_RDMA_DEST.is(raw)
            || RDS_CMSG_RDMA_MAP.is(raw)
            || RDS_CMSG_ZCOPY_COOKIE.is(raw);
        if if is_passive {
            active
        } else {
            active || passive
        } {
            return Err(Reason::Twice);
        }
        passive |= is_passive;
        active |= !is_passive;
        Ok(())
    })
}

/// Kernel `rxrpc_sendmsg_cmsg`, for a send without `MSG_OOB`.
#[inline(never)]
pub(super) fn rxrpc(context: &Context<'_>) -> Result<(), Refusal> {
    let (mut call, mut command, mut length) = (false, false, false);
    let once = |seen: &mut bool| unless(core::mem::replace(seen, true), Reason::Twice);
    walk(context, |raw| {
        if raw.level != SOL_RXRPC {
            return Ok(());
        }
        if RXRPC_ABORT.is(raw) || RXRPC_CHARGE_ACCEPT.is(raw) {
            once(&mut command)?;
        }
        if RXRPC_TX_LENGTH.is(raw) {
            once(&mut length)?;
        }
        call |= RXRPC_USER_CALL_ID.is(raw);
        apply(RXRPC, context, raw)?;
        if RXRPC_USER_CALL_ID.is(raw) {
            one_word(context, raw)
        } else if RXRPC_ABORT.is(raw) {
            not_zero(raw)
        } else if RXRPC_TX_LENGTH.is(raw) {
            not_negative(raw)
        } else if RXRPC_SET_CALL_TIMEOUT.is(raw) {
            timeouts(raw)
        } else {
            Ok(())
        }
    })?;
    unless(!call, Reason::Missing)?;
    if command && length {
        Err(Reason::Twice.into())
    } else {
        Ok(())
    }
}
