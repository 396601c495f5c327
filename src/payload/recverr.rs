//! A report in the error queue with the address of its sender: `IP_RECVERR` of `ip(7)`,
//! `IPV6_RECVERR` of `ipv6(7)`, kernel `ip_recv_error` and `ipv6_recv_error`.
#![forbid(unsafe_code)]

use super::errqueue::SockExtendedErr;
use crate::addr::{AF_INET, AF_INET6, SockaddrIn, SockaddrIn6};
use crate::error::{Lengths, PayloadError};
use crate::show::{Printer, Show};
use crate::wire::encode::read_front;
use crate::wire::payload::{Bounded, Payload};
use core::fmt;
use zerocopy::{FromBytes, Immutable};

/// The payload of `IP_RECVERR` and `IPV6_RECVERR`: a report, and the address of its sender.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct RecvErr<A> {
    /// The report.
    pub error: SockExtendedErr,
    /// The address that follows the report, whatever its family is. `None` if the payload is too
    /// short to hold it: the `IP_RECVERR` of TLS and RDS sockets ends with the report.
    pub address: Option<A>,
}

/// The payload of `IP_RECVERR`.
pub type RecvErrV4 = RecvErr<SockaddrIn>;

/// The payload of `IPV6_RECVERR`.
pub type RecvErrV6 = RecvErr<SockaddrIn6>;

impl<A: Offender> RecvErr<A> {
    /// Returns the address of the sender of the report (`SO_EE_OFFENDER`).
    ///
    /// `None` if the payload has no address or one of another family. If the kernel knows no
    /// address, the family is `AF_UNSPEC`.
    #[doc(alias = "SO_EE_OFFENDER")]
    pub fn offender(&self) -> Option<&A> {
        self.address.as_ref().filter(|addr| addr.has_own_family())
    }
}

/// A socket address that may follow a [`SockExtendedErr`].
pub trait Offender: FromBytes + Immutable {
    /// Returns whether the address has the family that its type is for.
    fn has_own_family(&self) -> bool;
}

impl Offender for SockaddrIn {
    fn has_own_family(&self) -> bool {
        self.sin_family == AF_INET
    }
}

impl Offender for SockaddrIn6 {
    fn has_own_family(&self) -> bool {
        self.sin6_family == AF_INET6
    }
}

impl<A: Offender> Payload for RecvErr<A> {
    type Decoded<'a> = Self;

    fn decode(data: &[u8]) -> Result<Self, PayloadError> {
        let (error, rest) = read_front::<SockExtendedErr>(data).ok_or(PayloadError::Length(
            Lengths::AtLeast(size_of::<SockExtendedErr>()),
        ))?;
        let address = read_front(rest).map(|(addr, _)| addr);
        Ok(Self { error, address })
    }
}

impl<A: Offender> Bounded for RecvErr<A> {
    const MAX_LEN: usize = size_of::<SockExtendedErr>().saturating_add(size_of::<A>());
}

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

displayed!(RecvErrV4, RecvErrV6);

#[cfg(test)]
mod tests {
    use super::*;
    use std::string::String;
    use zerocopy::IntoBytes;

    fn decode(offender: &[u8]) -> RecvErr<SockaddrIn> {
        let error = SockExtendedErr {
            ee_errno: 111,
            ..SockExtendedErr::default()
        };
        let decoded = RecvErr::decode(&[error.as_bytes(), offender].concat()).unwrap();
        assert_eq!(decoded.error, error);
        decoded
    }

    fn address(sin_family: u16) -> SockaddrIn {
        SockaddrIn {
            sin_family,
            ..SockaddrIn::default()
        }
    }

    #[test]
    fn an_address_that_is_cut_off_is_not_decoded() {
        let addr = address(AF_INET);
        assert_eq!(decode(addr.as_bytes()).offender(), Some(&addr));
        for cut in 0..16 {
            assert_eq!(decode(&addr.as_bytes()[..cut]).address, None);
        }
        assert!(RecvErr::<SockaddrIn6>::decode(&[0; 15]).is_err());
    }

    #[test]
    fn an_address_of_another_family_is_kept_and_printed() {
        for (family, printed) in [(0, "AF_UNSPEC"), (99, "0x63 /* AF_??? */")] {
            let error = decode(address(family).as_bytes());
            assert_eq!(error.address, Some(address(family)));
            assert_eq!(error.offender(), None);
            let mut text = String::new();
            error.show(&mut text).unwrap();
            let offender = std::format!(", offender={{sa_family={printed}, ");
            assert!(text.contains(&offender), "{text}");
        }
    }
}
