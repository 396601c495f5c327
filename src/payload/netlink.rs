// SPDX-License-Identifier: MIT OR Apache-2.0
//! `SOL_NETLINK`: `netlink(7)`, kernel `include/uapi/linux/netlink.h`.
#![forbid(unsafe_code)]

use zerocopy::{FromBytes, Immutable, IntoBytes};

/// `struct nl_pktinfo`: the multicast group that a message was sent to. Carried by
/// `NETLINK_PKTINFO`.
///
/// ```
/// use ancil::{Payload, payload::NlPktinfo};
/// assert_eq!(NlPktinfo::decode(&1u32.to_ne_bytes())?, NlPktinfo { group: 1 });
/// # Ok::<(), ancil::PayloadError>(())
/// ```
#[doc(alias = "nl_pktinfo")]
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, FromBytes, IntoBytes, Immutable)]
#[repr(C)]
pub struct NlPktinfo {
    /// Number of the group; 0 if the message was not sent to a group.
    pub group: u32,
}

const _: () = assert!(size_of::<NlPktinfo>() == 4);

shown!(NlPktinfo { group });
