//! What messages carry.

use crate::Entry;
use ancil::addr::{SockaddrIn, SockaddrIn6};
use ancil::payload::{self, *};
use core::fmt::Display;

pub const PUBLIC: &[Entry] = public![
    payload::AlgIv::<16>::new,
    payload::AlgIv::<16>::payload,
    payload::Array::<i32>::len,
    payload::Array::<i32>::is_empty,
    payload::Array::<i32>::get,
    payload::Array::<i32>::iter,
    payload::In6Pktinfo::from_source,
    payload::In6Pktinfo::on_interface,
    payload::InPktinfo::from_source,
    payload::InPktinfo::on_interface,
    payload::Pidfd::fd,
    payload::RecvErr::<SockaddrIn>::offender,
    payload::SockExtendedErr::origin,
];

pub const FLAGS: &[Entry] = flags!(payload::TimestampingFlags);

pub const UNNAMED: &[Entry] = unnamed![
    RecvErr::<SockaddrIn6>::offender,
    <Elements<i32> as Iterator>::next,
    <Elements<i32> as Iterator>::nth,
    <Elements<i32> as Iterator>::size_hint,
    <Array<i32> as IntoIterator>::into_iter,
    <Array<i32> as PartialEq>::eq,
    <Array<i32> as Display>::fmt,
    <Challenged as Display>::fmt,
    <Devmem as Display>::fmt,
    <DmabufCmsg as Display>::fmt,
    <DmabufToken as Display>::fmt,
    <In6Pktinfo as Display>::fmt,
    <InPktinfo as Display>::fmt,
    <Ip6Mtuinfo as Display>::fmt,
    <Ipv6OptHdr as Display>::fmt,
    <Ipv6RtHdr as Display>::fmt,
    <LlcPktinfo as Display>::fmt,
    <NlPktinfo as Display>::fmt,
    <Pidfd as Display>::fmt,
    <RdsAtomicArgs as Display>::fmt,
    <RdsCmsgRxTrace as Display>::fmt,
    <RdsGetMrArgs as Display>::fmt,
    <RdsIovec as Display>::fmt,
    <RdsRdmaArgs as Display>::fmt,
    <RdsRdmaNotify as Display>::fmt,
    <RdsRxTraceSo as Display>::fmt,
    <RdsZcopyCookies as Display>::fmt,
    <RecvErrV4 as Display>::fmt,
    <RecvErrV6 as Display>::fmt,
    <RxgkChallenge as Display>::fmt,
    <RxrpcChallenge as Display>::fmt,
    <ScmTsPktinfo as Display>::fmt,
    <SctpAuthinfo as Display>::fmt,
    <SctpInitmsg as Display>::fmt,
    <SctpNxtinfo as Display>::fmt,
    <SctpPrinfo as Display>::fmt,
    <SctpRcvinfo as Display>::fmt,
    <SctpSndinfo as Display>::fmt,
    <SctpSndrcvinfo as Display>::fmt,
    <SockExtendedErr as Display>::fmt,
    <SockTxtime as Display>::fmt,
    <Timestamp as Display>::fmt,
    <Timestamping as Display>::fmt,
    <TipcErrinfo as Display>::fmt,
    <TipcServiceRange as Display>::fmt,
    <TpacketAuxdata as Display>::fmt,
    <Ucred as Display>::fmt,
];
