// SPDX-License-Identifier: MIT OR Apache-2.0
//! `SOL_PACKET` and `SOL_LLC`: `packet(7)`, kernel `include/uapi/linux/if_packet.h` and `llc.h`.
#![forbid(unsafe_code)]

use core::mem::offset_of;
use zerocopy::{FromBytes, Immutable, IntoBytes};

/// `struct tpacket_auxdata`: lengths, offsets and VLAN tag of a frame. Carried by
/// `PACKET_AUXDATA`.
///
/// ```
/// use ancil::{Payload, payload::TpacketAuxdata};
/// let frame = TpacketAuxdata::decode(&[0; 20])?;
/// assert!(frame.tp_snaplen >= frame.tp_len); // the filter kept the whole frame
/// # Ok::<(), ancil::PayloadError>(())
/// ```
#[doc(alias = "tpacket_auxdata")]
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, FromBytes, IntoBytes, Immutable)]
#[repr(C)]
pub struct TpacketAuxdata {
    /// Flags: `TP_STATUS_*`.
    pub tp_status: u32,
    /// Length of the frame, in bytes.
    pub tp_len: u32,
    /// Bytes of the frame that the socket's filter kept.
    pub tp_snaplen: u32,
    /// Offset of the link-layer header, in bytes.
    pub tp_mac: u16,
    /// Offset of the network header, in bytes.
    pub tp_net: u16,
    /// Control information of the VLAN tag, if `TP_STATUS_VLAN_VALID`.
    pub tp_vlan_tci: u16,
    /// Protocol of the VLAN tag, if `TP_STATUS_VLAN_TPID_VALID`.
    pub tp_vlan_tpid: u16,
}

const _: () = assert!(size_of::<TpacketAuxdata>() == 20);
const _: () = assert!(offset_of!(TpacketAuxdata, tp_mac) == 12);
const _: () = assert!(offset_of!(TpacketAuxdata, tp_vlan_tpid) == 18);

shown!(TpacketAuxdata {
    tp_status,
    tp_len,
    tp_snaplen,
    tp_mac,
    tp_net,
    tp_vlan_tci,
    tp_vlan_tpid
});

/// `struct llc_pktinfo`: where a frame arrived. Carried by `LLC_OPT_PKTINFO`.
///
/// ```
/// use ancil::{Payload, payload::LlcPktinfo};
/// let info = LlcPktinfo::decode(&[0; size_of::<LlcPktinfo>()])?;
/// assert_eq!(info.lpi_mac, [0; 6]);
/// # Ok::<(), ancil::PayloadError>(())
/// ```
#[doc(alias = "llc_pktinfo")]
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, FromBytes, Immutable)]
#[repr(C)]
pub struct LlcPktinfo {
    /// Index of the interface.
    pub lpi_ifindex: i32,
    /// Service access point that the frame was sent to: `LLC_SAP_*`.
    pub lpi_sap: u8,
    /// Hardware address that the frame was sent to.
    pub lpi_mac: [u8; 6],
}

const _: () = assert!(size_of::<LlcPktinfo>() == 12);
const _: () = assert!(offset_of!(LlcPktinfo, lpi_mac) == 5);

shown!(LlcPktinfo {
    lpi_ifindex,
    lpi_sap,
    lpi_mac
});
