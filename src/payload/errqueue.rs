// SPDX-License-Identifier: MIT OR Apache-2.0
//! Reports in the error queue: `ip(7)`, `Documentation/networking/timestamping.rst`, kernel
//! `include/uapi/linux/errqueue.h`.
#![forbid(unsafe_code)]

use crate::show::{Printer, Show};
use core::fmt;
use core::mem::offset_of;
use number::*;
use zerocopy::{FromBytes, Immutable, IntoBytes};

/// `struct sock_extended_err`: what happened to a packet that was sent before.
///
/// ```
/// use ancil::payload::{Origin, SockExtendedErr};
///
/// let report = SockExtendedErr { ee_errno: 111, ee_origin: 2, ee_type: 3, ..Default::default() };
/// assert_eq!(report.origin(), Origin::Icmp { ty: 3, code: 0 });
/// assert_eq!(report.rfc4884(), None);
/// ```
#[doc(alias = "sock_extended_err")]
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, FromBytes, IntoBytes, Immutable)]
#[repr(C)]
pub struct SockExtendedErr {
    /// `errno(3)`; `ENOMSG` for a timestamp, 0 for `SO_EE_ORIGIN_ZEROCOPY`.
    pub ee_errno: u32,
    /// Who reports: `SO_EE_ORIGIN_*`.
    pub ee_origin: u8,
    /// Type of the ICMP message, if one reports.
    pub ee_type: u8,
    /// Code of the ICMP message, if one reports; otherwise `SO_EE_CODE_*`.
    pub ee_code: u8,
    /// Padding; zero.
    pub ee_pad: u8,
    /// By origin: the MTU for `EMSGSIZE`, `SCM_TSTAMP_*` for a timestamp.
    pub ee_info: u32,
    /// By origin: the key of a timestamp, for example; a `struct sock_ee_data_rfc4884` from ICMP.
    pub ee_data: u32,
}

const _: () = assert!(size_of::<SockExtendedErr>() == 16);
const _: () = assert!(offset_of!(SockExtendedErr, ee_info) == 8);
const _: () = assert!(offset_of!(SockExtendedErr, ee_data) == 12);

/// `struct sock_ee_data_rfc4884`: where the extension of an ICMP message (RFC 4884) is in the bytes
/// that come with the report. It lies in `ee_data`.
///
/// ```
/// use ancil::payload::SockEeDataRfc4884;
/// let extension = SockEeDataRfc4884 { len: 128, flags: 0, reserved: 0 };
/// assert!(!extension.is_invalid()); // it begins at byte 128 of what came with the report
/// ```
#[doc(alias = "sock_ee_data_rfc4884")]
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, FromBytes, IntoBytes, Immutable)]
#[repr(C)]
pub struct SockEeDataRfc4884 {
    /// The offset of the extension in those bytes, in bytes.
    pub len: u16,
    /// Flags: `SO_EE_RFC4884_FLAG_INVALID`.
    pub flags: u8,
    /// Zero.
    pub reserved: u8,
}

const _: () = assert!(size_of::<SockEeDataRfc4884>() == size_of::<u32>());
const _: () = assert!(offset_of!(SockEeDataRfc4884, flags) == 2);

shown!(SockEeDataRfc4884 { len, flags });

impl SockEeDataRfc4884 {
    /// Returns whether the extension has an invalid version, checksum or length
    /// (`SO_EE_RFC4884_FLAG_INVALID`).
    #[doc(alias = "SO_EE_RFC4884_FLAG_INVALID")]
    pub const fn is_invalid(&self) -> bool {
        self.flags & SO_EE_RFC4884_FLAG_INVALID != 0
    }
}

macro_rules! define_numbers {
    ($( $(#[doc = $doc:literal])+ $NAME:ident: $number:ty = $value:literal; )+) => {
        #[allow(dead_code, reason = "C has them all")]
        mod number {
            $( $(#[doc = $doc])+ pub const $NAME: $number = $value; )+
        }
    };
}

report_numbers!(define_numbers);

/// Who put a [`SockExtendedErr`] into the error queue, with the meaning that its fields then have.
///
/// ```
/// use ancil::payload::{Origin, SockExtendedErr};
///
/// // The sends with MSG_ZEROCOPY from number 2 to number 5 are done.
/// let report = SockExtendedErr { ee_origin: 5, ee_info: 2, ee_data: 5, ..Default::default() };
/// let Origin::Zerocopy { first, last, copied } = report.origin() else { panic!() };
/// assert_eq!((first, last, copied), (2, 5, false));
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Origin {
    /// `SO_EE_ORIGIN_LOCAL`: this machine. `ee_info` is the MTU if the error is `EMSGSIZE`, and
    /// `J1939_EE_INFO_*` on a J1939 socket.
    #[doc(alias = "SO_EE_ORIGIN_LOCAL")]
    Local,
    /// `SO_EE_ORIGIN_ICMP`: an ICMP message.
    #[doc(alias = "SO_EE_ORIGIN_ICMP")]
    Icmp {
        /// Type of the message.
        ty: u8,
        /// Code of the message.
        code: u8,
    },
    /// `SO_EE_ORIGIN_ICMP6`: an ICMPv6 message.
    #[doc(alias = "SO_EE_ORIGIN_ICMP6")]
    Icmp6 {
        /// Type of the message.
        ty: u8,
        /// Code of the message.
        code: u8,
    },
    /// `SO_EE_ORIGIN_TIMESTAMPING`, the same number as `SO_EE_ORIGIN_TXSTATUS`: not an error. A
    /// timestamp or an `SCM_WIFI_STATUS` stands beside this message.
    #[doc(alias("SO_EE_ORIGIN_TIMESTAMPING", "SO_EE_ORIGIN_TXSTATUS"))]
    Timestamp {
        /// What was timestamped.
        point: TimestampPoint,
        /// Which packet, if `SOF_TIMESTAMPING_OPT_ID` is on: the number given by `SCM_TS_OPT_ID`,
        /// or else a count of packets, or of bytes on a stream socket.
        key: u32,
    },
    /// `SO_EE_ORIGIN_ZEROCOPY`: not an error. A range of sends no longer uses the program's memory.
    #[doc(alias = "SO_EE_ORIGIN_ZEROCOPY")]
    Zerocopy {
        /// Number of the first send; the first `MSG_ZEROCOPY` send of a socket is 0.
        first: u32,
        /// Number of the last send, included.
        last: u32,
        /// Whether the kernel copied the bytes after all.
        copied: bool,
    },
    /// `SO_EE_ORIGIN_TXTIME`: the packet was not sent at its `SCM_TXTIME`.
    #[doc(alias = "SO_EE_ORIGIN_TXTIME")]
    Txtime {
        /// Whether it was too late (`SO_EE_CODE_TXTIME_MISSED`). If not, the time was invalid.
        missed: bool,
        /// The `SCM_TXTIME` of the packet, in nanoseconds.
        time: u64,
    },
    /// Another origin: `ee_origin`.
    Other(u8),
}

/// The event on the way of a packet that a timestamp belongs to: `SCM_TSTAMP_*`.
///
/// ```
/// use ancil::payload::{Origin, SockExtendedErr, TimestampPoint};
///
/// let report = SockExtendedErr { ee_origin: 4, ee_info: 1, ee_data: 7, ..Default::default() };
/// let Origin::Timestamp { point, .. } = report.origin() else { panic!() };
/// assert_eq!(point, TimestampPoint::Scheduled); // of packet 7
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum TimestampPoint {
    /// `SCM_TSTAMP_SND`: the driver passed the packet to the device, or the device sent it.
    #[doc(alias = "SCM_TSTAMP_SND")]
    Sent,
    /// `SCM_TSTAMP_SCHED`: the packet entered the packet scheduler.
    #[doc(alias = "SCM_TSTAMP_SCHED")]
    Scheduled,
    /// `SCM_TSTAMP_ACK`: the peer acknowledged the bytes.
    #[doc(alias = "SCM_TSTAMP_ACK")]
    Acknowledged,
    /// `SCM_TSTAMP_COMPLETION`: the device reported that the packet is sent.
    #[doc(alias = "SCM_TSTAMP_COMPLETION")]
    Completed,
    /// Another number.
    Other(u32),
}

impl SockExtendedErr {
    /// Returns who reports, and what the other fields mean.
    pub const fn origin(&self) -> Origin {
        let (ty, code, info, data) = (self.ee_type, self.ee_code, self.ee_info, self.ee_data);
        match self.ee_origin {
            SO_EE_ORIGIN_LOCAL => Origin::Local,
            SO_EE_ORIGIN_ICMP => Origin::Icmp { ty, code },
            SO_EE_ORIGIN_ICMP6 => Origin::Icmp6 { ty, code },
            SO_EE_ORIGIN_TIMESTAMPING => Origin::Timestamp {
                point: TimestampPoint::new(info),
                key: data,
            },
            SO_EE_ORIGIN_ZEROCOPY => Origin::Zerocopy {
                first: info,
                last: data,
                copied: code & SO_EE_CODE_ZEROCOPY_COPIED != 0,
            },
            SO_EE_ORIGIN_TXTIME => Origin::Txtime {
                missed: code == SO_EE_CODE_TXTIME_MISSED,
                time: (data as u64) << 32 | info as u64,
            },
            other => Origin::Other(other),
        }
    }

    /// Returns where the extension of an ICMP message is in the bytes that come with the report.
    /// `None` if no ICMP message reports, or its extension is not known: the kernel looks for one
    /// if the socket has `IP_RECVERR_RFC4884` or `IPV6_RECVERR_RFC4884`, since Linux 5.9.
    #[doc(alias = "ee_rfc4884")]
    pub const fn rfc4884(&self) -> Option<SockEeDataRfc4884> {
        let is_icmp = matches!(self.ee_origin, SO_EE_ORIGIN_ICMP | SO_EE_ORIGIN_ICMP6);
        if !is_icmp || self.ee_data == 0 {
            return None;
        }
        // The struct and `ee_data` are members of one union: the bytes are the same.
        let [a, b, flags, reserved] = self.ee_data.to_ne_bytes();
        let len = u16::from_ne_bytes([a, b]);
        Some(SockEeDataRfc4884 {
            len,
            flags,
            reserved,
        })
    }

    /// Prints the fields without the closing brace: [`RecvErr`](super::RecvErr) adds one more.
    #[inline(never)]
    pub(super) fn show_fields(&self, out: &mut impl Printer) -> fmt::Result {
        let fields = [
            ("{ee_errno=", self.ee_errno),
            (", ee_origin=", self.ee_origin.into()),
            (", ee_type=", self.ee_type.into()),
            (", ee_code=", self.ee_code.into()),
            (", ee_info=", self.ee_info),
            (", ee_data=", self.ee_data),
        ];
        for (name, value) in fields {
            out.write_str(name)?;
            value.show(out)?;
        }
        Ok(())
    }
}

impl TimestampPoint {
    const fn new(ee_info: u32) -> Self {
        match ee_info {
            SCM_TSTAMP_SND => Self::Sent,
            SCM_TSTAMP_SCHED => Self::Scheduled,
            SCM_TSTAMP_ACK => Self::Acknowledged,
            SCM_TSTAMP_COMPLETION => Self::Completed,
            other => Self::Other(other),
        }
    }
}

impl Show for SockExtendedErr {
    fn show(&self, out: &mut impl Printer) -> fmt::Result {
        self.show_fields(out)?;
        out.ascii(b'}')
    }
}

displayed!(SockExtendedErr);

#[cfg(test)]
mod tests {
    use super::*;

    fn origin(ee_origin: u8, ee_code: u8, ee_info: u32, ee_data: u32) -> Origin {
        let report = SockExtendedErr {
            ee_origin,
            ee_type: 3,
            ee_code,
            ee_info,
            ee_data,
            ..SockExtendedErr::default()
        };
        report.origin()
    }

    #[test]
    fn the_origin_gives_the_other_fields_their_meaning() {
        assert_eq!(origin(1, 0, 0, 0), Origin::Local);
        assert_eq!(origin(2, 4, 0, 0), Origin::Icmp { ty: 3, code: 4 });
        assert_eq!(origin(3, 4, 0, 0), Origin::Icmp6 { ty: 3, code: 4 });
        let (point, key) = (TimestampPoint::Scheduled, 9);
        assert_eq!(origin(4, 0, 1, 9), Origin::Timestamp { point, key });
        let zerocopy = Origin::Zerocopy {
            first: 3,
            last: 7,
            copied: true,
        };
        assert_eq!(origin(5, 1, 3, 7), zerocopy);
        let (missed, time) = (true, 0x1_0000_0005);
        assert_eq!(origin(6, 2, 5, 1), Origin::Txtime { missed, time });
        assert_eq!(origin(9, 0, 0, 0), Origin::Other(9));
    }

    #[test]
    fn the_extension_of_an_icmp_message_lies_in_the_data() {
        let view = SockEeDataRfc4884 {
            len: 0x1234,
            flags: 1,
            reserved: 0,
        };
        // As the kernel writes it: a u16, then two bytes, on machines of either order.
        let bytes = [&0x1234u16.to_ne_bytes()[..], &[1, 0]].concat();
        let report = |ee_origin, bytes: &[u8]| SockExtendedErr {
            ee_origin,
            ee_data: u32::read_from_bytes(bytes).unwrap(),
            ..SockExtendedErr::default()
        };
        for (ee_origin, expected) in [(2, Some(view)), (3, Some(view)), (1, None), (4, None)] {
            assert_eq!(report(ee_origin, &bytes).rfc4884(), expected);
        }
        assert!(view.is_invalid() && !SockEeDataRfc4884::default().is_invalid());
        assert_eq!(report(2, &[0; 4]).rfc4884(), None);
    }
}
