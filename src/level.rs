//! `SOL_*`: the protocols that own control messages (`linux/socket.h`). The level of a message.
#![forbid(unsafe_code)]

pub use crate::arch::SOL_SOCKET;

/// IPv4: `ip(7)`.
pub const SOL_IP: i32 = 0;
/// UDP: `udp(7)`.
pub const SOL_UDP: i32 = 17;
/// IPv6: `ipv6(7)`.
pub const SOL_IPV6: i32 = 41;
