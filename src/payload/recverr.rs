// SPDX-License-Identifier: MIT OR Apache-2.0
//! A report in the error queue with the address of its sender: `IP_RECVERR` of `ip(7)`,
//! `IPV6_RECVERR` of `ipv6(7)`, kernel `ip_recv_error` and `ipv6_recv_error`.
#![forbid(unsafe_code)]

use super::errqueue::SockExtendedErr;
use crate::addr::{AF_INET, AF_INET6, SockaddrIn, SockaddrIn6, family_of, show_inet_family};
use crate::error::{Lengths, PayloadError};
use crate::show::{Printer, Show};
use crate::wire::encode::read_front;
use crate::wire::payload::{Bounded, Payload};
use core::fmt;
use core::net::SocketAddr;

/// The value of `IP_RECVERR` and `IPV6_RECVERR`: a report, and the address of its sender.
///
/// ```
/// use ancil::addr::SockaddrIn;
/// use ancil::payload::{RecvErr, SockExtendedErr};
/// use core::net::SocketAddrV4;
///
/// let router = SockaddrIn::from("192.0.2.1:0".parse::<SocketAddrV4>()?);
/// let value = RecvErr { error: SockExtendedErr::default(), address: router.as_bytes() };
/// assert_eq!(value.offender().map(|addr| addr.ip()), Some([192, 0, 2, 1].into()));
/// # Ok::<(), core::net::AddrParseError>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct RecvErr<'a> {
    /// The report.
    pub error: SockExtendedErr,
    /// What follows the report: the socket address of its sender, whatever its family is. Empty in
    /// the `IP_RECVERR` of TLS and RDS sockets, which ends with the report.
    pub address: &'a [u8],
}

/// Marks the payload of `IP_RECVERR`; decodes into [`RecvErr`].
///
/// ```
/// use ancil::{Payload, payload::RecvErrV4};
/// let report = RecvErrV4::decode(&[0; 32])?; // what IP_RECVERR carries
/// assert_eq!(report.offender(), None);
/// # Ok::<(), ancil::PayloadError>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum RecvErrV4 {}

/// Marks the payload of `IPV6_RECVERR`; decodes into [`RecvErr`].
///
/// ```
/// use ancil::{Payload, payload::RecvErrV6};
/// let report = RecvErrV6::decode(&[0; 44])?; // what IPV6_RECVERR carries
/// assert_eq!(report.offender(), None);
/// # Ok::<(), ancil::PayloadError>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum RecvErrV6 {}

/// An address that is whole and of one of the two families that the internet has.
enum Offender {
    V4(SockaddrIn),
    V6(SockaddrIn6),
}

impl<'a> RecvErr<'a> {
    pub(crate) fn decode(data: &'a [u8]) -> Result<Self, PayloadError> {
        let at_least = Lengths::AtLeast(size_of::<SockExtendedErr>());
        let (error, address) = read_front(data).ok_or(PayloadError::Length(at_least))?;
        Ok(Self { error, address })
    }

    /// Returns the address of the sender of the report (`SO_EE_OFFENDER`), of either family in
    /// either message.
    ///
    /// `None` if `address` is empty, cut off or of another family. If the kernel knows no address,
    /// the family is `AF_UNSPEC`.
    #[doc(alias = "SO_EE_OFFENDER")]
    pub fn offender(&self) -> Option<SocketAddr> {
        Some(match self.split_offender()?.0 {
            Offender::V4(addr) => SocketAddr::V4(addr.into()),
            Offender::V6(addr) => SocketAddr::V6(addr.into()),
        })
    }

    /// Returns the bytes of the offender; none if there is no offender.
    #[cfg(feature = "capi")]
    pub(crate) fn offender_bytes(&self) -> &'a [u8] {
        let rest = self.split_offender().map(|(_, rest)| rest.len());
        let len = self.address.len();
        rest.and_then(|rest| self.address.get(..len.saturating_sub(rest)))
            .unwrap_or_default()
    }

    /// Returns the offender, and the bytes after it.
    fn split_offender(&self) -> Option<(Offender, &'a [u8])> {
        match family_of(self.address) {
            AF_INET => {
                let (addr, rest) = read_front(self.address)?;
                Some((Offender::V4(addr), rest))
            }
            AF_INET6 => {
                let (addr, rest) = read_front(self.address)?;
                Some((Offender::V6(addr), rest))
            }
            _ => None,
        }
    }
}

impl Payload for RecvErrV4 {
    type Decoded<'a> = RecvErr<'a>;

    fn decode(data: &[u8]) -> Result<RecvErr<'_>, PayloadError> {
        RecvErr::decode(data)
    }
}

impl Payload for RecvErrV6 {
    type Decoded<'a> = RecvErr<'a>;

    fn decode(data: &[u8]) -> Result<RecvErr<'_>, PayloadError> {
        RecvErr::decode(data)
    }
}

impl Bounded for RecvErrV4 {
    const MAX_LEN: usize = size_of::<SockExtendedErr>().saturating_add(size_of::<SockaddrIn>());
}

impl Bounded for RecvErrV6 {
    const MAX_LEN: usize = size_of::<SockExtendedErr>().saturating_add(size_of::<SockaddrIn6>());
}

/// Prints all bytes of the address: one that is cut off or of another family as a string, and what
/// follows a whole one as well.
impl Show for RecvErr<'_> {
    #[inline(never)]
    fn show(&self, out: &mut impl Printer) -> fmt::Result {
        self.error.show_fields(out)?;
        if self.address.is_empty() {
            return out.ascii(b'}');
        }
        out.write_str(", offender=")?;
        let Some((offender, rest)) = self.split_offender() else {
            show_inet_family(out, self.address)?;
            return out.ascii(b'}');
        };
        match offender {
            Offender::V4(addr) => addr.show(out)?,
            Offender::V6(addr) => addr.show(out)?,
        }
        if !rest.is_empty() {
            out.write_str(", ")?;
            rest.show(out)?;
        }
        out.ascii(b'}')
    }
}

displayed!(RecvErr<'_>);

#[cfg(test)]
mod tests {
    use super::*;
    use std::format;
    use std::string::{String, ToString};
    use std::vec::Vec;
    use zerocopy::IntoBytes;

    fn payload(address: &[u8]) -> Vec<u8> {
        let error = SockExtendedErr {
            ee_errno: 111,
            ..SockExtendedErr::default()
        };
        [error.as_bytes(), address].concat()
    }

    /// Returns the offender, and what is printed after the report.
    fn read(address: &[u8]) -> (Option<SocketAddr>, String) {
        let bytes = payload(address);
        let found = RecvErr::decode(&bytes).unwrap();
        assert_eq!((found.error.ee_errno, found.address), (111, address));
        let text = found.to_string();
        let (_, after) = text.split_once("ee_data=0").unwrap();
        (found.offender(), after.into())
    }

    #[test]
    fn an_offender_of_either_family_is_read() {
        let v4: SocketAddr = "127.0.0.1:0".parse().unwrap();
        let v6: SocketAddr = "[fe80::1%3]:0".parse().unwrap();
        let (SocketAddr::V4(in4), SocketAddr::V6(in6)) = (v4, v6) else {
            panic!()
        };
        let (in4, in6) = (SockaddrIn::from(in4), SockaddrIn6::from(in6));
        let printed = |addr: &dyn ToString| format!(", offender={}}}", addr.to_string());
        assert_eq!(read(in4.as_bytes()), (Some(v4), printed(&in4)));
        assert_eq!(read(in6.as_bytes()), (Some(v6), printed(&in6)));
        assert_eq!(read(&[]), (None, "}".into()));
    }

    #[test]
    fn what_follows_the_offender_is_printed() {
        let addr = SockaddrIn {
            sin_family: AF_INET,
            ..SockaddrIn::default()
        };
        let (offender, text) = read(&[addr.as_bytes(), b"\x01a"].concat());
        assert!(offender.is_some());
        assert_eq!(text, format!(", offender={addr}, \"\\1a\"}}"));
    }

    #[test]
    fn an_address_that_is_cut_off_or_of_another_family_is_printed_as_bytes() {
        let whole = SockaddrIn6 {
            sin6_family: AF_INET6,
            ..SockaddrIn6::default()
        };
        for cut in 1..28 {
            let (offender, text) = read(&whole.as_bytes()[..cut]);
            let zeros = "\\0".repeat(cut.saturating_sub(2));
            let expected = match cut {
                1 if cfg!(target_endian = "little") => "\"\\n\"".into(),
                1 => "\"\\0\"".into(),
                2 => "{sa_family=AF_INET6}".into(),
                _ => format!("{{sa_family=AF_INET6, sa_data=\"{zeros}\"}}"),
            };
            assert_eq!(
                (offender, text),
                (None, format!(", offender={expected}}}")),
                "{cut}"
            );
        }
        for (family, printed) in [(0u16, "AF_UNSPEC"), (99, "0x63 /* AF_??? */")] {
            let (offender, text) = read(&[&family.to_ne_bytes()[..], b"ab"].concat());
            let expected = format!(", offender={{sa_family={printed}, sa_data=\"ab\"}}}}");
            assert_eq!((offender, text), (None, expected));
        }
        assert!(RecvErr::decode(&[0; 15]).is_err());
    }
}
