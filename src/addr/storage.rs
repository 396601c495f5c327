// SPDX-License-Identifier: MIT OR Apache-2.0
//! Space for any address: kernel `include/uapi/linux/socket.h`.
#![forbid(unsafe_code)]

use super::impl_as_bytes;
use zerocopy::{FromBytes, Immutable, IntoBytes};

/// `struct sockaddr_storage`: space for an address of any family.
///
/// In Rust, [`MsgHdrMut::name`](crate::MsgHdrMut::name) takes its bytes for the kernel to write to,
/// and [`Address::parse`](crate::addr::Address::parse) reads what was written.
///
/// ```
/// use ancil::MsgHdrMut;
/// use ancil::addr::SockaddrStorage;
///
/// let mut from = SockaddrStorage::new();
/// let message = MsgHdrMut::new().name(from.as_mut_bytes());
/// # assert_eq!(message.msg_name().len(), 128);
/// assert_eq!(from.as_bytes(), [0; 128]);
/// ```
#[doc(alias = "sockaddr_storage")]
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, FromBytes, IntoBytes, Immutable)]
#[repr(C, align(8))]
pub struct SockaddrStorage {
    /// Family: `AF_*`.
    pub ss_family: u16,
    /// The rest of the address, as the family defines it.
    pub data: [u8; 126],
}

const _: () = assert!(size_of::<SockaddrStorage>() == 128 && align_of::<SockaddrStorage>() == 8);

impl_as_bytes!(SockaddrStorage);

impl SockaddrStorage {
    /// Returns a struct of zeros.
    ///
    /// ```
    /// use ancil::addr::SockaddrStorage;
    /// assert_eq!(SockaddrStorage::new().as_bytes().len(), 128);
    /// ```
    pub const fn new() -> Self {
        Self {
            ss_family: 0,
            data: [0; 126],
        }
    }

    /// Returns the bytes, for the kernel to write.
    pub fn as_mut_bytes(&mut self) -> &mut [u8] {
        IntoBytes::as_mut_bytes(self)
    }
}

impl Default for SockaddrStorage {
    fn default() -> Self {
        Self::new()
    }
}
