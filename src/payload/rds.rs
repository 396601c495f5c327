// SPDX-License-Identifier: MIT OR Apache-2.0
//! `SOL_RDS`: `Documentation/networking/rds.rst`, kernel `include/uapi/linux/rds.h`.
#![forbid(unsafe_code)]

use core::mem::offset_of;
use zerocopy::{FromBytes, Immutable, IntoBytes};

/// `struct rds_iovec`: a range of memory.
///
/// ```
/// use ancil::payload::RdsIovec;
/// let memory = [0u8; 64];
/// let range = RdsIovec { addr: memory.as_ptr() as u64, bytes: 64 };
/// # assert_eq!(range.bytes, 64);
/// ```
#[doc(alias = "rds_iovec")]
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, FromBytes, IntoBytes, Immutable)]
#[repr(C)]
pub struct RdsIovec {
    /// Address of the first byte.
    pub addr: u64,
    /// Length in bytes.
    pub bytes: u64,
}

const _: () = assert!(size_of::<RdsIovec>() == 16);

shown!(RdsIovec { addr, bytes });

/// `struct rds_rdma_args`: a transfer from or to the memory of the peer. Carried by
/// `RDS_CMSG_RDMA_ARGS`.
///
/// ```
/// use ancil::payload::{RdsIovec, RdsRdmaArgs};
/// let read = RdsRdmaArgs {
///     cookie: 7, // from the peer's RDS_CMSG_RDMA_DEST
///     remote_vec: RdsIovec { addr: 0, bytes: 4096 },
///     ..RdsRdmaArgs::default() // Writer::put_raw_unchecked sends it
/// };
/// # assert_eq!(read.nr_local, 0);
/// ```
#[doc(alias = "rds_rdma_args")]
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, FromBytes, IntoBytes, Immutable)]
#[repr(C)]
pub struct RdsRdmaArgs {
    /// The key that the peer sent for its memory.
    pub cookie: u64,
    /// Range in the memory that `cookie` names, from its start.
    pub remote_vec: RdsIovec,
    /// Address of an array of `struct rds_iovec`.
    pub local_vec_addr: u64,
    /// Number of elements of that array.
    pub nr_local: u64,
    /// `RDS_RDMA_READWRITE` and other bits of that list.
    pub flags: u64,
    /// Number that `struct rds_rdma_notify` returns.
    pub user_token: u64,
}

const _: () = assert!(size_of::<RdsRdmaArgs>() == 56);
const _: () = assert!(offset_of!(RdsRdmaArgs, local_vec_addr) == 24);
const _: () = assert!(offset_of!(RdsRdmaArgs, user_token) == 48);

shown!(RdsRdmaArgs {
    cookie,
    remote_vec,
    local_vec_addr,
    nr_local,
    flags,
    user_token
});

/// `struct rds_get_mr_args`: memory to open to the peer. Carried by `RDS_CMSG_RDMA_MAP`.
///
/// ```
/// use ancil::payload::{RdsGetMrArgs, RdsIovec};
/// let opened = RdsGetMrArgs { vec: RdsIovec { addr: 0, bytes: 4096 }, ..Default::default() };
/// # assert_eq!(opened.vec.bytes, 4096); // Writer::put_raw_unchecked sends it
/// ```
#[doc(alias = "rds_get_mr_args")]
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, FromBytes, IntoBytes, Immutable)]
#[repr(C)]
pub struct RdsGetMrArgs {
    /// The range of local memory.
    pub vec: RdsIovec,
    /// Address at which the kernel stores the key, a `u64`.
    pub cookie_addr: u64,
    /// `RDS_RDMA_READWRITE` and other bits of that list.
    pub flags: u64,
}

const _: () = assert!(size_of::<RdsGetMrArgs>() == 32);
const _: () = assert!(offset_of!(RdsGetMrArgs, cookie_addr) == 16);

shown!(RdsGetMrArgs {
    vec,
    cookie_addr,
    flags
});

/// `struct rds_atomic_args`: an atomic operation on the memory of the peer. Carried by the four
/// messages `RDS_CMSG_ATOMIC_*` and `RDS_CMSG_MASKED_ATOMIC_*`. The operands are, in this order:
///
/// - `FADD`: the number to add
/// - `CSWP`: the number to compare with, the new number
/// - `MASKED_FADD`: the number to add, the mask of bits that do not carry
/// - `MASKED_CSWP`: as `CSWP`, followed by a mask for each of the two numbers
///
/// ```
/// use ancil::payload::RdsAtomicArgs;
/// let add_one = RdsAtomicArgs { cookie: 7, operands: [1, 0, 0, 0], ..Default::default() };
/// # assert_eq!(add_one.operands[0], 1); // Writer::put_raw_unchecked sends it
/// ```
#[doc(alias = "rds_atomic_args")]
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, FromBytes, IntoBytes, Immutable)]
#[repr(C)]
pub struct RdsAtomicArgs {
    /// The key that the peer sent for its memory.
    pub cookie: u64,
    /// Where the kernel stores the old value, a `u64`; a multiple of 8.
    pub local_addr: u64,
    /// Position of the word in the memory that `cookie` names.
    pub remote_addr: u64,
    /// The operands; the kernel ignores those that are not used.
    pub operands: [u64; 4],
    /// `RDS_RDMA_NOTIFY_ME` and other bits of that list.
    pub flags: u64,
    /// Number that `struct rds_rdma_notify` returns.
    pub user_token: u64,
}

const _: () = assert!(size_of::<RdsAtomicArgs>() == 72);
const _: () = assert!(offset_of!(RdsAtomicArgs, operands) == 24);
const _: () = assert!(offset_of!(RdsAtomicArgs, flags) == 56);

shown!(RdsAtomicArgs {
    cookie,
    local_addr,
    remote_addr,
    operands,
    flags,
    user_token
});

/// `struct rds_rdma_notify`: how a transfer ended. Carried by `RDS_CMSG_RDMA_STATUS`.
///
/// It has 12 bytes on i386, where a `u64` is aligned to 4 bytes, and 16 on all other machines.
///
/// ```
/// use ancil::{Payload, payload::RdsRdmaNotify};
/// let done = RdsRdmaNotify::decode(&[0; size_of::<RdsRdmaNotify>()])?;
/// assert_eq!(done.status, 0); // RDS_RDMA_SUCCESS
/// # Ok::<(), ancil::PayloadError>(())
/// ```
#[doc(alias = "rds_rdma_notify")]
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, FromBytes, Immutable)]
#[repr(C)]
pub struct RdsRdmaNotify {
    /// `user_token` of the request.
    pub user_token: u64,
    /// `RDS_RDMA_SUCCESS`, `RDS_RDMA_REMOTE_ERROR` or another of that list.
    pub status: i32,
}

const _: () = assert!(size_of::<RdsRdmaNotify>() == if align_of::<u64>() == 4 { 12 } else { 16 });
const _: () = assert!(offset_of!(RdsRdmaNotify, status) == 8);

shown!(RdsRdmaNotify { user_token, status });

/// `struct rds_cmsg_rx_trace`: how long a message took through the receive path. Carried by
/// `RDS_CMSG_RXPATH_LATENCY`.
///
/// It has 28 bytes on i386, where a `u64` is aligned to 4 bytes, and 32 on all other machines.
///
/// ```
/// use ancil::{Payload, payload::RdsCmsgRxTrace};
/// let trace = RdsCmsgRxTrace::decode(&[0; size_of::<RdsCmsgRxTrace>()])?;
/// let measured = trace.rx_trace.iter().take(trace.rx_traces.into());
/// assert_eq!(measured.count(), 0);
/// # Ok::<(), ancil::PayloadError>(())
/// ```
#[doc(alias = "rds_cmsg_rx_trace")]
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, FromBytes, Immutable)]
#[repr(C)]
pub struct RdsCmsgRxTrace {
    /// Number of points that were measured, at most 3.
    pub rx_traces: u8,
    /// The points: `RDS_MSG_RX_*`.
    pub rx_trace_pos: [u8; 3],
    /// The latency at each of these points, in nanoseconds.
    pub rx_trace: [u64; 3],
}

const _: () = assert!(size_of::<RdsCmsgRxTrace>() == if align_of::<u64>() == 4 { 28 } else { 32 });
const _: () = assert!(offset_of!(RdsCmsgRxTrace, rx_trace) == align_of::<u64>());

shown!(RdsCmsgRxTrace {
    rx_traces,
    rx_trace_pos,
    rx_trace
});

/// `struct rds_rx_trace_so`: which latencies `RDS_CMSG_RXPATH_LATENCY` is to report: the argument
/// of the option `SO_RDS_MSG_RXPATH_LATENCY`.
///
/// ```
/// use ancil::payload::RdsRxTraceSo;
/// let first_point = RdsRxTraceSo { rx_traces: 1, rx_trace_pos: [0, 0, 0] };
/// assert_eq!(size_of_val(&first_point), 4); // for io::enable_with
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, FromBytes, IntoBytes, Immutable)]
#[repr(C)]
pub struct RdsRxTraceSo {
    /// Number of points, at most 3; 0 switches the message off.
    pub rx_traces: u8,
    /// The points: `RDS_MSG_RX_*`.
    pub rx_trace_pos: [u8; 3],
}

const _: () = assert!(size_of::<RdsRxTraceSo>() == 4);

shown!(RdsRxTraceSo {
    rx_traces,
    rx_trace_pos
});

/// `struct rds_zcopy_cookies`: sends whose memory is free again. Carried by
/// `RDS_CMSG_ZCOPY_COMPLETION`.
///
/// ```
/// use ancil::payload::RdsZcopyCookies;
/// let done = RdsZcopyCookies { num: 2, cookies: [5, 6, 0, 0, 0, 0, 0, 0] };
/// assert!(done.cookies.iter().take(done.num as usize).eq(&[5, 6]));
/// ```
#[doc(alias = "rds_zcopy_cookies")]
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, FromBytes, IntoBytes, Immutable)]
#[repr(C)]
pub struct RdsZcopyCookies {
    /// Number of cookies that are valid, at most 8.
    pub num: u32,
    /// Numbers that `RDS_CMSG_ZCOPY_COOKIE` gave to the sends.
    pub cookies: [u32; 8],
}

const _: () = assert!(size_of::<RdsZcopyCookies>() == 36);
const _: () = assert!(offset_of!(RdsZcopyCookies, cookies) == 4);

shown!(RdsZcopyCookies { num, cookies });
