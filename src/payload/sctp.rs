//! `SOL_SCTP`: RFC 6458, kernel `include/uapi/linux/sctp.h`.
#![forbid(unsafe_code)]

use core::mem::offset_of;
use zerocopy::{FromBytes, Immutable, IntoBytes, KnownLayout};

/// `struct sctp_initmsg`: limits of a new association; 0 leaves the default. Carried by `SCTP_INIT`.
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, FromBytes, IntoBytes, KnownLayout, Immutable,
)]
#[repr(C)]
pub struct SctpInitmsg {
    /// Streams that we want to send on.
    pub sinit_num_ostreams: u16,
    /// Streams that the peer may send on, at most.
    pub sinit_max_instreams: u16,
    /// Attempts to open it.
    pub sinit_max_attempts: u16,
    /// Longest time between attempts, in milliseconds.
    pub sinit_max_init_timeo: u16,
}

/// `struct sctp_sndrcvinfo`: carried by `SCTP_SNDRCV`.
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, FromBytes, IntoBytes, KnownLayout, Immutable,
)]
#[repr(C)]
pub struct SctpSndrcvinfo {
    /// Stream.
    pub sinfo_stream: u16,
    /// Sequence number in the stream, on receive.
    pub sinfo_ssn: u16,
    /// SCTP_UNORDERED and others.
    pub sinfo_flags: u16,
    /// Zero.
    pub pad: u16,
    /// The program's own tag, in the order that the peers agreed on.
    pub sinfo_ppid: u32,
    /// The program's own number, for errors.
    pub sinfo_context: u32,
    /// Milliseconds until the message may be given up; 0 for never.
    pub sinfo_timetolive: u32,
    /// Transmission sequence number, on receive.
    pub sinfo_tsn: u32,
    /// Cumulative one, on receive of unordered messages.
    pub sinfo_cumtsn: u32,
    /// Association.
    pub sinfo_assoc_id: i32,
}

/// `struct sctp_sndinfo`: carried by `SCTP_SNDINFO`.
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, FromBytes, IntoBytes, KnownLayout, Immutable,
)]
#[repr(C)]
pub struct SctpSndinfo {
    /// Stream.
    pub snd_sid: u16,
    /// SCTP_UNORDERED and others.
    pub snd_flags: u16,
    /// The program's own tag, in the order that the peers agreed on.
    pub snd_ppid: u32,
    /// The program's own number, for errors.
    pub snd_context: u32,
    /// Association.
    pub snd_assoc_id: i32,
}

/// `struct sctp_rcvinfo`: carried by `SCTP_RCVINFO`.
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, FromBytes, IntoBytes, KnownLayout, Immutable,
)]
#[repr(C)]
pub struct SctpRcvinfo {
    /// Stream.
    pub rcv_sid: u16,
    /// Sequence number in the stream.
    pub rcv_ssn: u16,
    /// SCTP_UNORDERED and others.
    pub rcv_flags: u16,
    /// Zero.
    pub pad: u16,
    /// The program's own tag, in the order that the peers agreed on.
    pub rcv_ppid: u32,
    /// Transmission sequence number.
    pub rcv_tsn: u32,
    /// Cumulative one, of unordered messages.
    pub rcv_cumtsn: u32,
    /// The association's number given by SCTP_CONTEXT.
    pub rcv_context: u32,
    /// Association.
    pub rcv_assoc_id: i32,
}

/// `struct sctp_nxtinfo`: carried by `SCTP_NXTINFO`.
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, FromBytes, IntoBytes, KnownLayout, Immutable,
)]
#[repr(C)]
pub struct SctpNxtinfo {
    /// Stream.
    pub nxt_sid: u16,
    /// SCTP_UNORDERED and others.
    pub nxt_flags: u16,
    /// The program's own tag, in the order that the peers agreed on.
    pub nxt_ppid: u32,
    /// Bytes of it that are here.
    pub nxt_length: u32,
    /// Association.
    pub nxt_assoc_id: i32,
}

/// `struct sctp_prinfo`: carried by `SCTP_PRINFO`.
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, FromBytes, IntoBytes, KnownLayout, Immutable,
)]
#[repr(C)]
pub struct SctpPrinfo {
    /// SCTP_PR_SCTP_*: what the value means.
    pub pr_policy: u16,
    /// Zero.
    pub pad: u16,
    /// Milliseconds, attempts or priority.
    pub pr_value: u32,
}

/// `struct sctp_authinfo`: carried by `SCTP_AUTHINFO`.
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, FromBytes, IntoBytes, KnownLayout, Immutable,
)]
#[repr(C)]
pub struct SctpAuthinfo {
    /// Number of the shared key.
    pub auth_keynumber: u16,
}

const _: () = assert!(size_of::<SctpInitmsg>() == 8);
const _: () = assert!(offset_of!(SctpInitmsg, sinit_max_init_timeo) == 6);
const _: () = assert!(size_of::<SctpSndrcvinfo>() == 32);
const _: () = assert!(offset_of!(SctpSndrcvinfo, sinfo_ppid) == 8);
const _: () = assert!(offset_of!(SctpSndrcvinfo, sinfo_assoc_id) == 28);
const _: () = assert!(size_of::<SctpSndinfo>() == 16);
const _: () = assert!(offset_of!(SctpSndinfo, snd_assoc_id) == 12);
const _: () = assert!(size_of::<SctpRcvinfo>() == 28);
const _: () = assert!(offset_of!(SctpRcvinfo, rcv_ppid) == 8);
const _: () = assert!(offset_of!(SctpRcvinfo, rcv_assoc_id) == 24);
const _: () = assert!(size_of::<SctpNxtinfo>() == 16);
const _: () = assert!(offset_of!(SctpNxtinfo, nxt_assoc_id) == 12);
const _: () = assert!(size_of::<SctpPrinfo>() == 8);
const _: () = assert!(offset_of!(SctpPrinfo, pr_value) == 4);
const _: () = assert!(size_of::<SctpAuthinfo>() == 2);

shown!(SctpInitmsg {
    sinit_num_ostreams,
    sinit_max_instreams,
    sinit_max_attempts,
    sinit_max_init_timeo
});
shown!(SctpSndrcvinfo {
    sinfo_stream,
    sinfo_ssn,
    sinfo_flags,
    sinfo_ppid,
    sinfo_context,
    sinfo_timetolive,
    sinfo_tsn,
    sinfo_cumtsn,
    sinfo_assoc_id
});
shown!(SctpSndinfo {
    snd_sid,
    snd_flags,
    snd_ppid,
    snd_context,
    snd_assoc_id
});
shown!(SctpRcvinfo {
    rcv_sid,
    rcv_ssn,
    rcv_flags,
    rcv_ppid,
    rcv_tsn,
    rcv_cumtsn,
    rcv_context,
    rcv_assoc_id
});
shown!(SctpNxtinfo {
    nxt_sid,
    nxt_flags,
    nxt_ppid,
    nxt_length,
    nxt_assoc_id
});
shown!(SctpPrinfo {
    pr_policy,
    pr_value
});
shown!(SctpAuthinfo { auth_keynumber });
