// SPDX-License-Identifier: MIT OR Apache-2.0
//! [`TimestampingFlags`]: `SOF_TIMESTAMPING_*`.
#![forbid(unsafe_code)]

use zerocopy::{FromBytes, Immutable, IntoBytes};

/// `SOF_TIMESTAMPING_*`: which times the option `SO_TIMESTAMPING` asks for, and how they are
/// reported. The message `SO_TIMESTAMPING` asks for times of one packet, by the flags `TX_*`.
/// Source: `Documentation/networking/timestamping.rst`.
///
/// ```
/// use ancil::{SO_TIMESTAMPING, Writer, payload::TimestampingFlags, space_of};
///
/// let mut control = [0; space_of::<SO_TIMESTAMPING>()];
/// let mut writer = Writer::new(&mut control);
/// writer.put(SO_TIMESTAMPING, TimestampingFlags::TX_SOFTWARE)?; // when this packet leaves
/// # Ok::<(), ancil::Error>(())
/// ```
#[doc(alias = "SOF_TIMESTAMPING")]
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, FromBytes, IntoBytes, Immutable)]
#[repr(transparent)]
pub struct TimestampingFlags(u32);

bitflags::bitflags! {
    impl TimestampingFlags: u32 {
        /// Measure when the device sends.
        #[doc(alias = "SOF_TIMESTAMPING_TX_HARDWARE")]
        const TX_HARDWARE = 1;
        /// Measure when the packet leaves the kernel.
        #[doc(alias = "SOF_TIMESTAMPING_TX_SOFTWARE")]
        const TX_SOFTWARE = 1 << 1;
        /// Measure when the device receives.
        #[doc(alias = "SOF_TIMESTAMPING_RX_HARDWARE")]
        const RX_HARDWARE = 1 << 2;
        /// Measure when the packet enters the kernel.
        #[doc(alias = "SOF_TIMESTAMPING_RX_SOFTWARE")]
        const RX_SOFTWARE = 1 << 3;
        /// Report the times that the kernel measured.
        #[doc(alias = "SOF_TIMESTAMPING_SOFTWARE")]
        const SOFTWARE = 1 << 4;
        /// Has no effect since Linux 3.17.
        #[doc(alias = "SOF_TIMESTAMPING_SYS_HARDWARE")]
        const SYS_HARDWARE = 1 << 5;
        /// Report the times that the device measured.
        #[doc(alias = "SOF_TIMESTAMPING_RAW_HARDWARE")]
        const RAW_HARDWARE = 1 << 6;
        /// Number the packets; the number comes back with the time.
        #[doc(alias = "SOF_TIMESTAMPING_OPT_ID")]
        const OPT_ID = 1 << 7;
        /// Measure when the packet enters the scheduler of the device.
        #[doc(alias = "SOF_TIMESTAMPING_TX_SCHED")]
        const TX_SCHED = 1 << 8;
        /// Measure when the peer has acknowledged all bytes: TCP.
        #[doc(alias = "SOF_TIMESTAMPING_TX_ACK")]
        const TX_ACK = 1 << 9;
        /// Deliver all control messages of the packet with its time: IP.
        #[doc(alias = "SOF_TIMESTAMPING_OPT_CMSG")]
        const OPT_CMSG = 1 << 10;
        /// Report the time of a sent packet without its bytes.
        #[doc(alias = "SOF_TIMESTAMPING_OPT_TSONLY")]
        const OPT_TSONLY = 1 << 11;
        /// Report statistics of the connection with the time: `SCM_TIMESTAMPING_OPT_STATS`.
        #[doc(alias = "SOF_TIMESTAMPING_OPT_STATS")]
        const OPT_STATS = 1 << 12;
        /// Report the device that received: `SCM_TIMESTAMPING_PKTINFO`.
        #[doc(alias = "SOF_TIMESTAMPING_OPT_PKTINFO")]
        const OPT_PKTINFO = 1 << 13;
        /// Report both times of a sent packet, the kernel's and the device's.
        #[doc(alias = "SOF_TIMESTAMPING_OPT_TX_SWHW")]
        const OPT_TX_SWHW = 1 << 14;
        /// Convert the device's times to another clock of the device, the first one unless a
        /// `struct so_timestamping` names it. An `int` does not. Linux 5.14.
        #[doc(alias = "SOF_TIMESTAMPING_BIND_PHC")]
        const BIND_PHC = 1 << 15;
        /// Number the bytes of TCP from the last one that was written. Linux 6.2.
        #[doc(alias = "SOF_TIMESTAMPING_OPT_ID_TCP")]
        const OPT_ID_TCP = 1 << 16;
        /// Report only the times that this socket asked for. Linux 6.12.
        #[doc(alias = "SOF_TIMESTAMPING_OPT_RX_FILTER")]
        const OPT_RX_FILTER = 1 << 17;
        /// Measure when the device has sent: Bluetooth. Linux 6.15.
        #[doc(alias = "SOF_TIMESTAMPING_TX_COMPLETION")]
        const TX_COMPLETION = 1 << 18;
    }
}
