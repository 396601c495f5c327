//! Space for any address: kernel `include/uapi/linux/socket.h`.
#![forbid(unsafe_code)]

use super::bytes_of;
use zerocopy::{FromBytes, Immutable, IntoBytes, KnownLayout};

/// `struct sockaddr_storage`: space for an address of any family, for
/// [`MsgHdrMut::name`](crate::MsgHdrMut::name). What arrives there [`Address::parse`](crate::addr::Address::parse) reads.
///
/// ```
/// use ancil::MsgHdrMut;
/// use ancil::addr::SockaddrStorage;
///
/// let mut from = SockaddrStorage::new();
/// let message = MsgHdrMut::new().name(from.as_mut_bytes());
/// # assert_eq!(message.msg_name().len(), 128);
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, FromBytes, IntoBytes, KnownLayout, Immutable)]
#[repr(C, align(8))]
pub struct SockaddrStorage {
    /// `AF_*`.
    pub ss_family: u16,
    /// What the family has behind that.
    pub data: [u8; 126],
}

const _: () = assert!(size_of::<SockaddrStorage>() == 128 && align_of::<SockaddrStorage>() == 8);

bytes_of!(SockaddrStorage);

impl SockaddrStorage {
    /// Zeros.
    pub const fn new() -> Self {
        Self {
            ss_family: 0,
            data: [0; 126],
        }
    }

    /// The bytes, to be written.
    pub fn as_mut_bytes(&mut self) -> &mut [u8] {
        IntoBytes::as_mut_bytes(self)
    }
}

impl Default for SockaddrStorage {
    fn default() -> Self {
        Self::new()
    }
}
