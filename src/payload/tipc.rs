// SPDX-License-Identifier: MIT OR Apache-2.0
//! `SOL_TIPC`: kernel `net/tipc/socket.c`, `include/uapi/linux/tipc.h`.
#![forbid(unsafe_code)]

use core::mem::offset_of;
use zerocopy::{FromBytes, Immutable, IntoBytes};

/// Why a message came back. Carried by `TIPC_ERRINFO`; in the kernel, an array of two `u32` without
/// a name.
///
/// ```
/// use ancil::{Payload, payload::TipcErrinfo};
/// let back = TipcErrinfo::decode(&[2u32, 100].map(u32::to_ne_bytes).concat())?;
/// assert_eq!((back.error, back.length), (2, 100)); // TIPC_ERR_NO_PORT, 100 bytes
/// # Ok::<(), ancil::PayloadError>(())
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, FromBytes, IntoBytes, Immutable)]
#[repr(C)]
pub struct TipcErrinfo {
    /// The error: `TIPC_ERR_*` or `TIPC_CONN_SHUTDOWN`.
    pub error: u32,
    /// Bytes of the message that came back, in `TIPC_RETDATA`.
    pub length: u32,
}

const _: () = assert!(size_of::<TipcErrinfo>() == 8);

shown!(TipcErrinfo { error, length });

/// `struct tipc_service_range`: the services that a message was sent to. Carried by
/// `TIPC_DESTNAME`.
///
/// ```
/// use ancil::{Payload, payload::TipcServiceRange};
/// let to = TipcServiceRange::decode(&[18888u32, 1, 1].map(u32::to_ne_bytes).concat())?;
/// assert_eq!((to.r#type, to.lower, to.upper), (18888, 1, 1));
/// # Ok::<(), ancil::PayloadError>(())
/// ```
#[doc(alias = "tipc_service_range")]
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, FromBytes, IntoBytes, Immutable)]
#[repr(C)]
pub struct TipcServiceRange {
    /// Type of the service.
    pub r#type: u32,
    /// First instance.
    pub lower: u32,
    /// Last instance, included.
    pub upper: u32,
}

const _: () = assert!(size_of::<TipcServiceRange>() == 12);
const _: () = assert!(offset_of!(TipcServiceRange, upper) == 8);

shown!(TipcServiceRange {
    r#type,
    lower,
    upper
});
