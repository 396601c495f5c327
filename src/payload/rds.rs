//! `SOL_RDS`: `Documentation/networking/rds.rst`, kernel `include/uapi/linux/rds.h`.
#![forbid(unsafe_code)]

use core::mem::offset_of;
use zerocopy::{FromBytes, Immutable, IntoBytes, KnownLayout};

/// `struct rds_iovec`: a stretch of memory.
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, FromBytes, IntoBytes, KnownLayout, Immutable,
)]
#[repr(C)]
pub struct RdsIovec {
    /// Where it starts.
    pub addr: u64,
    /// How long it is.
    pub bytes: u64,
}

/// `struct rds_rdma_args`: carried by `RDS_CMSG_RDMA_ARGS`.
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, FromBytes, IntoBytes, KnownLayout, Immutable,
)]
#[repr(C)]
pub struct RdsRdmaArgs {
    /// The key that the peer gave.
    pub cookie: u64,
    /// The peer's memory.
    pub remote_vec: RdsIovec,
    /// Address of an array of `struct rds_iovec`: ours.
    pub local_vec_addr: u64,
    /// Its number of elements.
    pub nr_local: u64,
    /// RDS_RDMA_*.
    pub flags: u64,
    /// Comes back in `struct rds_rdma_notify`.
    pub user_token: u64,
}

/// `struct rds_get_mr_args`: carried by `RDS_CMSG_RDMA_MAP`.
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, FromBytes, IntoBytes, KnownLayout, Immutable,
)]
#[repr(C)]
pub struct RdsGetMrArgs {
    /// The memory to open.
    pub vec: RdsIovec,
    /// Where the kernel is to store the key.
    pub cookie_addr: u64,
    /// RDS_RDMA_*.
    pub flags: u64,
}

/// `struct rds_atomic_args`: carried by the four `RDS_CMSG_*ATOMIC_*`.
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, FromBytes, IntoBytes, KnownLayout, Immutable,
)]
#[repr(C)]
pub struct RdsAtomicArgs {
    /// The key that the peer gave.
    pub cookie: u64,
    /// Where the kernel is to store the old value; a multiple of 8.
    pub local_addr: u64,
    /// The word of the peer's memory.
    pub remote_addr: u64,
    /// By operation: compare, swap; add; compare, swap and their masks; add and its mask.
    pub operands: [u64; 4],
    /// RDS_RDMA_*.
    pub flags: u64,
    /// Comes back in `struct rds_rdma_notify`.
    pub user_token: u64,
}

/// `struct rds_rdma_notify`: carried by `RDS_CMSG_RDMA_STATUS`. 12 bytes on i386, 16 on every other machine.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, FromBytes, KnownLayout, Immutable)]
#[repr(C)]
pub struct RdsRdmaNotify {
    /// The request's.
    pub user_token: u64,
    /// RDS_RDMA_*: how it ended.
    pub status: i32,
}

/// `struct rds_cmsg_rx_trace`: carried by `RDS_CMSG_RXPATH_LATENCY`. 28 bytes on i386, 32 on every other machine.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, FromBytes, KnownLayout, Immutable)]
#[repr(C)]
pub struct RdsCmsgRxTrace {
    /// Number of points measured, at most 3.
    pub rx_traces: u8,
    /// Which points.
    pub rx_trace_pos: [u8; 3],
    /// Nanoseconds at each.
    pub rx_trace: [u64; 3],
}

/// `struct rds_zcopy_cookies`: carried by `RDS_CMSG_ZCOPY_COMPLETION`.
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, FromBytes, IntoBytes, KnownLayout, Immutable,
)]
#[repr(C)]
pub struct RdsZcopyCookies {
    /// How many of them count.
    pub num: u32,
    /// The numbers given by `RDS_CMSG_ZCOPY_COOKIE`.
    pub cookies: [u32; 8],
}

const _: () = assert!(size_of::<RdsIovec>() == 16);
const _: () = assert!(size_of::<RdsRdmaArgs>() == 56);
const _: () = assert!(offset_of!(RdsRdmaArgs, local_vec_addr) == 24);
const _: () = assert!(offset_of!(RdsRdmaArgs, user_token) == 48);
const _: () = assert!(size_of::<RdsGetMrArgs>() == 32);
const _: () = assert!(offset_of!(RdsGetMrArgs, cookie_addr) == 16);
const _: () = assert!(size_of::<RdsAtomicArgs>() == 72);
const _: () = assert!(offset_of!(RdsAtomicArgs, operands) == 24);
const _: () = assert!(offset_of!(RdsAtomicArgs, flags) == 56);
const _: () = assert!(offset_of!(RdsRdmaNotify, status) == 8);
const _: () = assert!(offset_of!(RdsCmsgRxTrace, rx_trace) == align_of::<u64>());
const _: () = assert!(size_of::<RdsZcopyCookies>() == 36);
const _: () = assert!(offset_of!(RdsZcopyCookies, cookies) == 4);

shown!(RdsIovec { addr, bytes });
shown!(RdsRdmaArgs {
    cookie,
    remote_vec,
    local_vec_addr,
    nr_local,
    flags,
    user_token
});
shown!(RdsGetMrArgs {
    vec,
    cookie_addr,
    flags
});
shown!(RdsAtomicArgs {
    cookie,
    local_addr,
    remote_addr,
    operands,
    flags,
    user_token
});
shown!(RdsRdmaNotify { user_token, status });
shown!(RdsCmsgRxTrace {
    rx_traces,
    rx_trace_pos,
    rx_trace
});
shown!(RdsZcopyCookies { num, cookies });

const _: () = assert!(size_of::<RdsRdmaNotify>() == if align_of::<u64>() == 4 { 12 } else { 16 });
const _: () = assert!(size_of::<RdsCmsgRxTrace>() == if align_of::<u64>() == 4 { 28 } else { 32 });
