//! [`Report`]: what every payload of the error queue says.
#![forbid(unsafe_code)]

use super::errqueue::SockExtendedErr;
use super::recverr::{Offender, RecvErr};
use crate::error::PayloadError;
use crate::wire::payload::Payload;

/// A report of the error queue, whatever message it came in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Report<'a> {
    pub error: SockExtendedErr,
    /// The socket address of whoever reports, as it lies in the payload. Empty if there is none.
    pub offender: &'a [u8],
}

/// A payload that begins with a [`SockExtendedErr`].
pub(crate) trait Reporting {
    /// Decodes the payload.
    fn report(data: &[u8]) -> Result<Report<'_>, PayloadError>;
}

impl Reporting for SockExtendedErr {
    fn report(data: &[u8]) -> Result<Report<'_>, PayloadError> {
        Ok(Report {
            error: Self::decode(data)?,
            offender: &[],
        })
    }
}

impl<A: Offender> Reporting for RecvErr<A> {
    fn report(data: &[u8]) -> Result<Report<'_>, PayloadError> {
        let decoded = Self::decode(data)?;
        let address = data.get(size_of::<SockExtendedErr>()..);
        let address = address.and_then(|rest| rest.get(..size_of::<A>()));
        Ok(Report {
            error: decoded.error,
            offender: match decoded.offender() {
                Some(_) => address.unwrap_or_default(),
                None => &[],
            },
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::addr::{AF_INET, AF_UNSPEC, SockaddrIn, SockaddrIn6};
    use std::vec::Vec;
    use zerocopy::IntoBytes;

    fn payload(family: u16, len: usize) -> Vec<u8> {
        let error = SockExtendedErr {
            ee_errno: 111,
            ..SockExtendedErr::default()
        };
        let address = SockaddrIn {
            sin_family: family,
            ..SockaddrIn::default()
        };
        let mut bytes = [error.as_bytes(), address.as_bytes()].concat();
        bytes.resize(len, 0xff);
        bytes
    }

    fn offender<R: Reporting>(data: &[u8]) -> Option<usize> {
        let report = R::report(data).ok()?;
        assert_eq!(report.error.ee_errno, 111);
        assert!(report.offender.is_empty() || report.offender.as_ptr() == data[16..].as_ptr());
        Some(report.offender.len())
    }

    #[test]
    fn the_offender_is_a_whole_address_of_the_right_family() {
        for len in 0..70 {
            let (known, unknown) = (payload(AF_INET, len), payload(AF_UNSPEC, len));
            let whole = |expected| (len >= 16).then_some(expected);
            let of_16 = if len >= 32 { 16 } else { 0 };
            assert_eq!(offender::<RecvErr<SockaddrIn>>(&known), whole(of_16));
            assert_eq!(offender::<RecvErr<SockaddrIn>>(&unknown), whole(0));
            assert_eq!(offender::<RecvErr<SockaddrIn6>>(&known), whole(0));
            assert_eq!(
                offender::<SockExtendedErr>(&known),
                (len == 16).then_some(0)
            );
        }
    }
}
