//! `SOL_TIPC`: kernel `net/tipc/socket.c`, `include/uapi/linux/tipc.h`.
#![forbid(unsafe_code)]

use zerocopy::{FromBytes, Immutable, IntoBytes, KnownLayout};

/// Why a message came back: two words without a struct in the kernel. Carried by `TIPC_ERRINFO`.
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, FromBytes, IntoBytes, KnownLayout, Immutable,
)]
#[repr(C)]
pub struct TipcErrinfo {
    /// TIPC_ERR_*.
    pub error: u32,
    /// Bytes of it that came back.
    pub length: u32,
}

/// `struct tipc_service_range`: carried by `TIPC_DESTNAME`.
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, FromBytes, IntoBytes, KnownLayout, Immutable,
)]
#[repr(C)]
pub struct TipcServiceRange {
    /// Service.
    pub r#type: u32,
    /// First instance.
    pub lower: u32,
    /// Last instance.
    pub upper: u32,
}

const _: () = assert!(size_of::<TipcErrinfo>() == 8);
const _: () = assert!(size_of::<TipcServiceRange>() == 12);

shown!(TipcErrinfo { error, length });
shown!(TipcServiceRange {
    r#type,
    lower,
    upper
});
