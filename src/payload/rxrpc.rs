//! `SOL_RXRPC`: `Documentation/networking/rxrpc.rst`, kernel `include/uapi/linux/rxrpc.h`.
#![forbid(unsafe_code)]

use crate::error::{Lengths, PayloadError};
use crate::show::{Printer, Show};
use crate::wire::key::{Bounded, Payload};
use core::fmt;
use zerocopy::{FromBytes, Immutable, IntoBytes, KnownLayout};

/// `struct rxrpc_challenge`: what every challenge begins with.
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, FromBytes, IntoBytes, KnownLayout, Immutable,
)]
#[repr(C)]
pub struct RxrpcChallenge {
    /// The service.
    pub service_id: u16,
    /// The kind of security.
    pub security_index: u8,
    /// Not to be looked at.
    pub pad: u8,
}

/// `struct rxgk_challenge`: a challenge of the security class RxGK.
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, FromBytes, IntoBytes, KnownLayout, Immutable,
)]
#[repr(C)]
pub struct RxgkChallenge {
    /// What every challenge begins with.
    pub base: RxrpcChallenge,
    /// Kind of encryption.
    pub enctype: u32,
}

const _: () = assert!(size_of::<RxrpcChallenge>() == 4);
const _: () = assert!(size_of::<RxgkChallenge>() == 8);

shown!(RxrpcChallenge {
    service_id,
    security_index
});
shown!(RxgkChallenge { base, enctype });

/// What `RXRPC_CHALLENGED` carries: more of it for some classes of security.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Challenged {
    /// A class that says no more.
    Other(RxrpcChallenge),
    /// RxGK.
    Rxgk(RxgkChallenge),
}

impl Payload for Challenged {
    type Decoded<'a> = Self;

    fn decode(data: &[u8]) -> Result<Self, PayloadError> {
        if let Ok(challenge) = RxrpcChallenge::read_from_bytes(data) {
            return Ok(Self::Other(challenge));
        }
        let wrong = PayloadError::Length(Lengths::OneOf(
            size_of::<RxrpcChallenge>(),
            size_of::<RxgkChallenge>(),
        ));
        RxgkChallenge::read_from_bytes(data)
            .map(Self::Rxgk)
            .map_err(|_| wrong)
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn some_classes_say_more() {
        let base = RxrpcChallenge {
            service_id: 7,
            security_index: 2,
            pad: 0,
        };
        assert_eq!(
            Challenged::decode(base.as_bytes()),
            Ok(Challenged::Other(base))
        );
        let whole = RxgkChallenge { base, enctype: 17 };
        assert_eq!(
            Challenged::decode(whole.as_bytes()),
            Ok(Challenged::Rxgk(whole))
        );
        assert!(Challenged::decode(&[0; 6]).is_err());
    }
}
