//! The error queue: `IP_RECVERR`, `IPV6_RECVERR`. `ip(7)`, kernel `include/uapi/linux/errqueue.h`.
#![forbid(unsafe_code)]

use crate::addr::{AF_INET, AF_INET6, SockaddrIn, SockaddrIn6};
use crate::error::{Lengths, PayloadError};
use crate::key::{Bounded, Payload};
use core::fmt;
use zerocopy::{FromBytes, Immutable, IntoBytes, KnownLayout};

/// `struct sock_extended_err`: what happened to a packet sent before.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, FromBytes, IntoBytes, KnownLayout, Immutable)]
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

/// An error and, where the kernel adds it, the address that it came from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RecvErr<A> {
    /// The error.
    pub error: SockExtendedErr,
    /// `SO_EE_OFFENDER`: who reported it. `None` if the message is too short to hold an address, as
    /// other error queues leave it, or holds one of no family.
    pub offender: Option<A>,
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
    type Out<'a> = Self;

    fn decode(data: &[u8]) -> Result<Self, PayloadError> {
        match SockExtendedErr::read_from_prefix(data) {
            Ok((error, rest)) => {
                let offender = A::read_from_prefix(rest).ok().map(|(addr, _)| addr);
                Ok(Self { error, offender: offender.filter(|addr| addr.family() == A::FAMILY) })
            }
            Err(_) => Err(PayloadError::Length(Lengths::AtLeast(size_of::<SockExtendedErr>()))),
        }
    }
}

impl<A: Offender> Bounded for RecvErr<A> {
    const MAX_LEN: usize = size_of::<SockExtendedErr>().saturating_add(size_of::<A>());
}

impl fmt::Display for SockExtendedErr {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { ee_errno, ee_origin, ee_type, ee_code, ee_info, ee_data, .. } = self;
        write!(f, "{{ee_errno={ee_errno}, ee_origin={ee_origin}, ee_type={ee_type}, ee_code={ee_code}, ")?;
        write!(f, "ee_info={ee_info}, ee_data={ee_data}}}")
    }
}

impl<A: fmt::Display> fmt::Display for RecvErr<A> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.error.fmt(f)?;
        match &self.offender {
            Some(addr) => write!(f, ", offender={addr}"),
            None => Ok(()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::vec::Vec;

    fn bytes(offender: &[u8]) -> Vec<u8> {
        [SockExtendedErr { ee_errno: 111, ..Default::default() }.as_bytes(), offender].concat()
    }

    #[test]
    fn the_offender_is_there_only_if_it_fits() {
        let addr = SockaddrIn { sin_family: AF_INET, ..Default::default() };
        let whole = RecvErr::<SockaddrIn>::decode(&bytes(addr.as_bytes())).unwrap();
        assert_eq!((whole.error.ee_errno, whole.offender), (111, Some(addr)));
        for cut in 0..16 {
            assert_eq!(RecvErr::<SockaddrIn>::decode(&bytes(&addr.as_bytes()[..cut])).unwrap().offender, None);
        }
        // AF_UNSPEC: the kernel had no address to tell.
        assert_eq!(RecvErr::<SockaddrIn>::decode(&bytes(&[0; 16])).unwrap().offender, None);
        assert!(RecvErr::<SockaddrIn6>::decode(&[0; 15]).is_err());
    }
}
