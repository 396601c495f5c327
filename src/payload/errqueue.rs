//! The error queue: `IP_RECVERR`, `IPV6_RECVERR`. `ip(7)`, kernel `include/uapi/linux/errqueue.h`.
#![forbid(unsafe_code)]

use crate::addr::{AF_INET, AF_INET6, SockaddrIn, SockaddrIn6};
use crate::error::{Lengths, PayloadError};
use crate::show::{Printer, Show};
use crate::wire::key::{Bounded, Payload};
use core::fmt;
use zerocopy::{FromBytes, Immutable, IntoBytes, KnownLayout};

/// `struct sock_extended_err`: what happened to a packet sent before.
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, FromBytes, IntoBytes, KnownLayout, Immutable,
)]
#[repr(C)]
pub struct SockExtendedErr {
    /// Error number.
    pub ee_errno: u32,
    /// Who reports it: `SO_EE_ORIGIN_*`.
    pub ee_origin: u8,
    /// ICMP type, where an ICMP message reports it.
    pub ee_type: u8,
    /// ICMP code, where an ICMP message reports it.
    pub ee_code: u8,
    /// Zero.
    pub ee_pad: u8,
    /// More, by origin: the MTU for EMSGSIZE; the kind of timestamp.
    pub ee_info: u32,
    /// More, by origin: the key of a timestamp.
    pub ee_data: u32,
}

/// Who put a [`SockExtendedErr`] into the error queue, and what its other fields say then.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Origin {
    /// `SO_EE_ORIGIN_LOCAL`: this machine; `ee_info` is the MTU if the error is EMSGSIZE.
    Local,
    /// `SO_EE_ORIGIN_ICMP`: an ICMP message of this type and code.
    Icmp {
        /// Its type.
        ty: u8,
        /// Its code.
        code: u8,
    },
    /// `SO_EE_ORIGIN_ICMP6`: an ICMPv6 message of this type and code.
    Icmp6 {
        /// Its type.
        ty: u8,
        /// Its code.
        code: u8,
    },
    /// `SO_EE_ORIGIN_TIMESTAMPING`: no error, a timestamp stands beside it.
    Timestamp {
        /// What was measured.
        what: TimestampPoint,
        /// The number of the packet, if `SOF_TIMESTAMPING_OPT_ID` is on: counted, or `SCM_TS_OPT_ID`.
        key: u32,
    },
    /// `SO_EE_ORIGIN_ZEROCOPY`: no error, these sends no longer use the program's memory.
    Zerocopy {
        /// Number of the first send.
        first: u32,
        /// Number of the last one.
        last: u32,
        /// Whether the kernel copied the bytes after all.
        copied: bool,
    },
    /// `SO_EE_ORIGIN_TXTIME`: the packet was not sent at its `SCM_TXTIME`.
    Txtime {
        /// `SO_EE_CODE_TXTIME_MISSED`: it was too late. Otherwise the parameters were wrong.
        missed: bool,
        /// The time that was asked for, in nanoseconds.
        time: u64,
    },
    /// Another: `ee_origin`.
    Other(u8),
}

/// Where a packet was when it was timestamped: `SCM_TSTAMP_*`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum TimestampPoint {
    /// `SCM_TSTAMP_SND`: leaving for the device, or the device.
    Sent,
    /// `SCM_TSTAMP_SCHED`: entering the packet scheduler.
    Scheduled,
    /// `SCM_TSTAMP_ACK`: acknowledged by the peer.
    Acknowledged,
    /// `SCM_TSTAMP_COMPLETION`: reported complete by the device.
    Completed,
    /// Another number.
    Other(u32),
}

/// An error and, where the kernel adds it, the address that it came from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RecvErr<A> {
    /// The error.
    pub error: SockExtendedErr,
    /// The address after the error, as it lies there; `None` if the message is too short to hold one, as other error
    /// queues leave it.
    pub address: Option<A>,
}

impl<A: Offender> RecvErr<A> {
    /// `SO_EE_OFFENDER`: who reported it. `None` if there is no address, or one of another family, such as none.
    pub fn offender(&self) -> Option<&A> {
        self.address
            .as_ref()
            .filter(|addr| addr.family() == A::FAMILY)
    }
}

/// The address behind a [`SockExtendedErr`].
pub trait Offender: FromBytes + KnownLayout + Immutable {
    /// `sa_family` of such an address.
    const FAMILY: u16;
    /// `sa_family` of this one.
    fn family(&self) -> u16;
}

const _: () = assert!(size_of::<SockExtendedErr>() == 16);
const _: () = assert!(core::mem::offset_of!(SockExtendedErr, ee_info) == 8);
const _: () = assert!(core::mem::offset_of!(SockExtendedErr, ee_data) == 12);

impl SockExtendedErr {
    /// Who reports, and what it means. Source: `linux/errqueue.h`.
    pub const fn origin(&self) -> Origin {
        let Self {
            ee_origin,
            ee_type: ty,
            ee_code: code,
            ee_info,
            ee_data,
            ..
        } = *self;
        match ee_origin {
            1 => Origin::Local,
            2 => Origin::Icmp { ty, code },
            3 => Origin::Icmp6 { ty, code },
            4 => {
                let what = match ee_info {
                    0 => TimestampPoint::Sent,
                    1 => TimestampPoint::Scheduled,
                    2 => TimestampPoint::Acknowledged,
                    3 => TimestampPoint::Completed,
                    other => TimestampPoint::Other(other),
                };
                Origin::Timestamp { what, key: ee_data }
            }
            5 => Origin::Zerocopy {
                first: ee_info,
                last: ee_data,
                copied: code & 1 != 0,
            },
            6 => Origin::Txtime {
                missed: code == 2,
                time: (ee_data as u64) << 32 | ee_info as u64,
            },
            other => Origin::Other(other),
        }
    }
}

impl Offender for SockaddrIn {
    const FAMILY: u16 = AF_INET;
    fn family(&self) -> u16 {
        self.sin_family
    }
}

impl Offender for SockaddrIn6 {
    const FAMILY: u16 = AF_INET6;
    fn family(&self) -> u16 {
        self.sin6_family
    }
}

impl<A: Offender> Payload for RecvErr<A> {
    type Decoded<'a> = Self;

    fn decode(data: &[u8]) -> Result<Self, PayloadError> {
        match SockExtendedErr::read_from_prefix(data) {
            Ok((error, rest)) => {
                let address = A::read_from_prefix(rest).ok().map(|(addr, _)| addr);
                Ok(Self { error, address })
            }
            Err(_) => Err(PayloadError::Length(Lengths::AtLeast(size_of::<
                SockExtendedErr,
            >()))),
        }
    }
}

impl<A: Offender> Bounded for RecvErr<A> {
    const MAX_LEN: usize = size_of::<SockExtendedErr>().saturating_add(size_of::<A>());
}

impl SockExtendedErr {
    /// Without the bracket at the end.
    #[inline(never)]
    fn show_fields(&self, out: &mut impl Printer) -> fmt::Result {
        let Self {
            ee_errno,
            ee_origin,
            ee_type,
            ee_code,
            ee_info,
            ee_data,
            ..
        } = *self;
        let octets = [
            (", ee_origin=", ee_origin),
            (", ee_type=", ee_type),
            (", ee_code=", ee_code),
        ];
        out.write_str("{ee_errno=")?;
        ee_errno.show(out)?;
        for (name, octet) in octets {
            out.write_str(name)?;
            octet.show(out)?;
        }
        out.write_str(", ee_info=")?;
        ee_info.show(out)?;
        out.write_str(", ee_data=")?;
        ee_data.show(out)
    }
}

impl Show for SockExtendedErr {
    fn show(&self, out: &mut impl Printer) -> fmt::Result {
        self.show_fields(out)?;
        out.ascii(b'}')
    }
}

displayed!(SockExtendedErr);

impl<A: Show> Show for RecvErr<A> {
    #[inline(never)]
    fn show(&self, out: &mut impl Printer) -> fmt::Result {
        self.error.show_fields(out)?;
        if let Some(addr) = &self.address {
            out.write_str(", offender=")?;
            addr.show(out)?;
        }
        out.ascii(b'}')
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::vec::Vec;

    fn bytes(offender: &[u8]) -> Vec<u8> {
        [
            SockExtendedErr {
                ee_errno: 111,
                ..Default::default()
            }
            .as_bytes(),
            offender,
        ]
        .concat()
    }

    #[test]
    fn the_origin_says_what_the_numbers_mean() {
        let of = |ee_origin, ee_code, ee_info, ee_data| {
            SockExtendedErr {
                ee_origin,
                ee_type: 3,
                ee_code,
                ee_info,
                ee_data,
                ..Default::default()
            }
            .origin()
        };
        assert_eq!(of(2, 4, 0, 0), Origin::Icmp { ty: 3, code: 4 });
        assert_eq!(
            of(4, 0, 1, 9),
            Origin::Timestamp {
                what: TimestampPoint::Scheduled,
                key: 9
            }
        );
        assert_eq!(
            of(5, 1, 3, 7),
            Origin::Zerocopy {
                first: 3,
                last: 7,
                copied: true
            }
        );
        assert_eq!(
            of(6, 2, 5, 1),
            Origin::Txtime {
                missed: true,
                time: 0x1_0000_0005
            }
        );
        assert_eq!(
            (of(1, 0, 0, 0), of(9, 0, 0, 0)),
            (Origin::Local, Origin::Other(9))
        );
    }

    #[test]
    fn the_offender_is_there_only_if_it_fits() {
        let addr = SockaddrIn {
            sin_family: AF_INET,
            ..Default::default()
        };
        let whole = RecvErr::<SockaddrIn>::decode(&bytes(addr.as_bytes())).unwrap();
        assert_eq!((whole.error.ee_errno, whole.offender()), (111, Some(&addr)));
        for cut in 0..16 {
            assert_eq!(
                RecvErr::<SockaddrIn>::decode(&bytes(&addr.as_bytes()[..cut]))
                    .unwrap()
                    .address,
                None
            );
        }
        // AF_UNSPEC: the kernel had no address to tell.
        assert_eq!(
            RecvErr::<SockaddrIn>::decode(&bytes(&[0; 16]))
                .unwrap()
                .offender(),
            None
        );
        assert!(RecvErr::<SockaddrIn6>::decode(&[0; 15]).is_err());
    }
}
