// SPDX-License-Identifier: MIT OR Apache-2.0
//! `SOL_SCTP`: RFC 6458, kernel `include/uapi/linux/sctp.h`.
//!
//! The kernel passes payload protocol identifiers (`*_ppid`) through unchanged. By convention, the
//! programs at both ends write them in network byte order.
#![forbid(unsafe_code)]

use core::mem::offset_of;
use zerocopy::{FromBytes, Immutable, IntoBytes};

/// `struct sctp_initmsg`: parameters of a new association; 0 keeps a default. Carried by
/// `SCTP_INIT`.
///
/// ```
/// use ancil::payload::SctpInitmsg;
/// let ten_streams = SctpInitmsg { sinit_num_ostreams: 10, ..SctpInitmsg::default() };
/// # assert_eq!(ten_streams.sinit_max_attempts, 0); // put(SCTP_INIT, ten_streams)
/// ```
#[doc(alias = "sctp_initmsg")]
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, FromBytes, IntoBytes, Immutable)]
#[repr(C)]
pub struct SctpInitmsg {
    /// Number of streams to send on.
    pub sinit_num_ostreams: u16,
    /// Largest number of streams that the peer may send on.
    pub sinit_max_instreams: u16,
    /// Largest number of attempts to open the association.
    pub sinit_max_attempts: u16,
    /// Longest time between two attempts, in milliseconds.
    pub sinit_max_init_timeo: u16,
}

const _: () = assert!(size_of::<SctpInitmsg>() == 8);
const _: () = assert!(offset_of!(SctpInitmsg, sinit_max_init_timeo) == 6);

shown!(SctpInitmsg {
    sinit_num_ostreams,
    sinit_max_instreams,
    sinit_max_attempts,
    sinit_max_init_timeo
});

/// `struct sctp_sndrcvinfo`: how to send a message, or how it was received. Carried by
/// `SCTP_SNDRCV`, which RFC 6458 replaces with `SCTP_SNDINFO` and `SCTP_RCVINFO`.
///
/// On send, `sinfo_context` is the program's own number, returned with the message if sending
/// fails. On receive, it is the number set for the association by the option `SCTP_CONTEXT`.
///
/// ```
/// use ancil::payload::SctpSndrcvinfo;
/// let on_stream_3 = SctpSndrcvinfo { sinfo_stream: 3, ..SctpSndrcvinfo::default() };
/// # assert_eq!(on_stream_3.pad, 0); // put(SCTP_SNDRCV, on_stream_3)
/// ```
#[doc(alias = "sctp_sndrcvinfo")]
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, FromBytes, IntoBytes, Immutable)]
#[repr(C)]
pub struct SctpSndrcvinfo {
    /// Stream number.
    pub sinfo_stream: u16,
    /// On receive, the sequence number in the stream.
    pub sinfo_ssn: u16,
    /// Flags: `SCTP_UNORDERED` and others of `enum sctp_sinfo_flags`.
    pub sinfo_flags: u16,
    /// Padding; zero.
    pub pad: u16,
    /// Payload protocol identifier: the program's own tag.
    pub sinfo_ppid: u32,
    /// Number of the program, or of the association.
    pub sinfo_context: u32,
    /// On send, milliseconds until it may be given up; 0 for never.
    pub sinfo_timetolive: u32,
    /// On receive, the transmission sequence number.
    pub sinfo_tsn: u32,
    /// If unordered, the cumulative transmission sequence number.
    pub sinfo_cumtsn: u32,
    /// Id of the association.
    pub sinfo_assoc_id: i32,
}

const _: () = assert!(size_of::<SctpSndrcvinfo>() == 32);
const _: () = assert!(offset_of!(SctpSndrcvinfo, sinfo_ppid) == 8);
const _: () = assert!(offset_of!(SctpSndrcvinfo, sinfo_assoc_id) == 28);

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

/// `struct sctp_sndinfo`: how to send a message. Carried by `SCTP_SNDINFO`.
///
/// ```
/// use ancil::payload::SctpSndinfo;
/// let ppid = 51u32.to_be(); // both ends agree on network byte order
/// let on_stream_3 = SctpSndinfo { snd_sid: 3, snd_ppid: ppid, ..SctpSndinfo::default() };
/// # assert_eq!(on_stream_3.snd_flags, 0); // put(SCTP_SNDINFO, on_stream_3)
/// ```
#[doc(alias = "sctp_sndinfo")]
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, FromBytes, IntoBytes, Immutable)]
#[repr(C)]
pub struct SctpSndinfo {
    /// Stream number.
    pub snd_sid: u16,
    /// Flags: `SCTP_UNORDERED` and others of `enum sctp_sinfo_flags`.
    pub snd_flags: u16,
    /// Payload protocol identifier: the program's own tag.
    pub snd_ppid: u32,
    /// The program's own number, returned if sending fails.
    pub snd_context: u32,
    /// Id of the association.
    pub snd_assoc_id: i32,
}

const _: () = assert!(size_of::<SctpSndinfo>() == 16);
const _: () = assert!(offset_of!(SctpSndinfo, snd_assoc_id) == 12);

shown!(SctpSndinfo {
    snd_sid,
    snd_flags,
    snd_ppid,
    snd_context,
    snd_assoc_id
});

/// `struct sctp_rcvinfo`: how a message was received. Carried by `SCTP_RCVINFO`.
///
/// ```
/// use ancil::{Payload, payload::SctpRcvinfo};
/// let info = SctpRcvinfo::decode(&[0; 28])?;
/// assert_eq!(u32::from_be(info.rcv_ppid), 0);
/// # Ok::<(), ancil::PayloadError>(())
/// ```
#[doc(alias = "sctp_rcvinfo")]
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, FromBytes, IntoBytes, Immutable)]
#[repr(C)]
pub struct SctpRcvinfo {
    /// Stream number.
    pub rcv_sid: u16,
    /// Sequence number in the stream.
    pub rcv_ssn: u16,
    /// Flags: `SCTP_UNORDERED` and others of `enum sctp_sinfo_flags`.
    pub rcv_flags: u16,
    /// Padding; zero.
    pub pad: u16,
    /// Payload protocol identifier: the program's own tag.
    pub rcv_ppid: u32,
    /// Transmission sequence number.
    pub rcv_tsn: u32,
    /// If unordered, the cumulative transmission sequence number.
    pub rcv_cumtsn: u32,
    /// The number set for the association by the option `SCTP_CONTEXT`.
    pub rcv_context: u32,
    /// Id of the association.
    pub rcv_assoc_id: i32,
}

const _: () = assert!(size_of::<SctpRcvinfo>() == 28);
const _: () = assert!(offset_of!(SctpRcvinfo, rcv_ppid) == 8);
const _: () = assert!(offset_of!(SctpRcvinfo, rcv_assoc_id) == 24);

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

/// `struct sctp_nxtinfo`: the message that the next `recvmsg` will return. Carried by
/// `SCTP_NXTINFO`.
///
/// ```
/// use ancil::{Payload, payload::SctpNxtinfo};
/// let next = SctpNxtinfo::decode(&[0; 16])?;
/// assert_eq!(next.nxt_length, 0); // the space that the next recvmsg needs
/// # Ok::<(), ancil::PayloadError>(())
/// ```
#[doc(alias = "sctp_nxtinfo")]
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, FromBytes, IntoBytes, Immutable)]
#[repr(C)]
pub struct SctpNxtinfo {
    /// Stream number.
    pub nxt_sid: u16,
    /// Flags: `SCTP_UNORDERED`, `SCTP_NOTIFICATION`.
    pub nxt_flags: u16,
    /// Payload protocol identifier: the program's own tag.
    pub nxt_ppid: u32,
    /// Bytes of the message that have arrived so far.
    pub nxt_length: u32,
    /// Id of the association.
    pub nxt_assoc_id: i32,
}

const _: () = assert!(size_of::<SctpNxtinfo>() == 16);
const _: () = assert!(offset_of!(SctpNxtinfo, nxt_assoc_id) == 12);

shown!(SctpNxtinfo {
    nxt_sid,
    nxt_flags,
    nxt_ppid,
    nxt_length,
    nxt_assoc_id
});

/// `struct sctp_prinfo`: when a message may be given up. Carried by `SCTP_PRINFO`.
///
/// ```
/// use ancil::payload::SctpPrinfo;
/// let within_a_second = SctpPrinfo { pr_policy: 0x10, pad: 0, pr_value: 1000 };
/// # assert_eq!(size_of_val(&within_a_second), 8); // SCTP_PR_SCTP_TTL
/// ```
#[doc(alias = "sctp_prinfo")]
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, FromBytes, IntoBytes, Immutable)]
#[repr(C)]
pub struct SctpPrinfo {
    /// What `pr_value` means: `SCTP_PR_SCTP_*`.
    pub pr_policy: u16,
    /// Padding; zero.
    pub pad: u16,
    /// Milliseconds (`TTL`), retransmissions (`RTX`) or a priority (`PRIO`).
    pub pr_value: u32,
}

const _: () = assert!(size_of::<SctpPrinfo>() == 8);
const _: () = assert!(offset_of!(SctpPrinfo, pr_value) == 4);

shown!(SctpPrinfo {
    pr_policy,
    pr_value
});

/// `struct sctp_authinfo`: the key that authenticates a message. Carried by `SCTP_AUTHINFO`.
///
/// ```
/// use ancil::payload::SctpAuthinfo;
/// assert_eq!(SctpAuthinfo { auth_keynumber: 1 }.auth_keynumber, 1); // put(SCTP_AUTHINFO, ..)
/// ```
#[doc(alias = "sctp_authinfo")]
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, FromBytes, IntoBytes, Immutable)]
#[repr(C)]
pub struct SctpAuthinfo {
    /// Number of the shared key.
    pub auth_keynumber: u16,
}

const _: () = assert!(size_of::<SctpAuthinfo>() == 2);

shown!(SctpAuthinfo { auth_keynumber });
