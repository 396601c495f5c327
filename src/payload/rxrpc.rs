// SPDX-License-Identifier: MIT OR Apache-2.0
//! `SOL_RXRPC`: `Documentation/networking/rxrpc.rst`, kernel `include/uapi/linux/rxrpc.h`.
#![forbid(unsafe_code)]

use super::either::decode_either;
use crate::error::PayloadError;
use crate::show::{Printer, Show};
use crate::wire::payload::{Bounded, Payload};
use core::fmt;
use core::mem::offset_of;
use zerocopy::{FromBytes, Immutable, IntoBytes};

/// `struct rxrpc_challenge`: the start of every challenge.
///
/// ```
/// use ancil::payload::RxrpcChallenge;
/// let challenge = RxrpcChallenge { service_id: 52, security_index: 2, pad: 0 };
/// assert_eq!(challenge.security_index, 2); // RXRPC_SECURITY_RXKAD
/// ```
#[doc(alias = "rxrpc_challenge")]
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, FromBytes, IntoBytes, Immutable)]
#[repr(C)]
pub struct RxrpcChallenge {
    /// Id of the service that sends the challenge.
    pub service_id: u16,
    /// Security class: `RXRPC_SECURITY_*`.
    pub security_index: u8,
    /// Padding of any value: the kernel does not set it.
    pub pad: u8,
}

const _: () = assert!(size_of::<RxrpcChallenge>() == 4);
const _: () = assert!(offset_of!(RxrpcChallenge, security_index) == 2);

shown!(RxrpcChallenge {
    service_id,
    security_index
});

/// `struct rxgk_challenge`: a challenge of the security class RxGK.
///
/// ```
/// use ancil::payload::{RxgkChallenge, RxrpcChallenge};
/// let base = RxrpcChallenge { service_id: 52, security_index: 6, pad: 0 };
/// assert_eq!(RxgkChallenge { base, enctype: 18 }.enctype, 18);
/// ```
#[doc(alias = "rxgk_challenge")]
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, FromBytes, IntoBytes, Immutable)]
#[repr(C)]
pub struct RxgkChallenge {
    /// The start, common to all classes.
    pub base: RxrpcChallenge,
    /// Number of the Kerberos encryption type.
    pub enctype: u32,
}

const _: () = assert!(size_of::<RxgkChallenge>() == 8);
const _: () = assert!(offset_of!(RxgkChallenge, enctype) == 4);

shown!(RxgkChallenge { base, enctype });

/// The payload of `RXRPC_CHALLENGED`, whose length depends on the security class.
///
/// ```
/// use ancil::{Payload, payload::Challenged};
/// assert!(matches!(Challenged::decode(&[0; 4])?, Challenged::Other(_)));
/// assert!(matches!(Challenged::decode(&[0; 8])?, Challenged::Rxgk(_)));
/// # Ok::<(), ancil::PayloadError>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Challenged {
    /// A challenge of a class that adds no fields.
    Other(RxrpcChallenge),
    /// A challenge of the class RxGK.
    Rxgk(RxgkChallenge),
}

impl Payload for Challenged {
    type Decoded<'a> = Self;

    fn decode(data: &[u8]) -> Result<Self, PayloadError> {
        decode_either(data, Self::Other, Self::Rxgk)
    }
}

impl Bounded for Challenged {
    const MAX_LEN: usize = size_of::<RxgkChallenge>();
}

impl Show for Challenged {
    fn show(&self, out: &mut impl Printer) -> fmt::Result {
        match self {
            Self::Other(challenge) => challenge.show(out),
            Self::Rxgk(challenge) => challenge.show(out),
        }
    }
}

displayed!(Challenged);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_length_tells_the_class() {
        let base = RxrpcChallenge {
            service_id: 7,
            security_index: 2,
            pad: 0,
        };
        let rxgk = RxgkChallenge { base, enctype: 17 };
        let decoded = Challenged::decode(base.as_bytes());
        assert_eq!(decoded, Ok(Challenged::Other(base)));
        let decoded = Challenged::decode(rxgk.as_bytes());
        assert_eq!(decoded, Ok(Challenged::Rxgk(rxgk)));
        assert!(Challenged::decode(&[0; 6]).is_err());
    }
}
