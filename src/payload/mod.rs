//! What control messages carry: one wire struct per kernel struct, one file per kernel family.
//!
//! Every struct is plain bytes of the kernel's layout, checked by constant assertions, and prints as
//! `strace(1)` does.
#![forbid(unsafe_code)]

#[macro_use]
mod show;

mod alg;
mod attributes;
mod be;
mod devmem;
mod errqueue;
mod ip;
mod ipv6;
mod netlink;
mod packet;
mod rds;
mod rxrpc;
mod sctp;
mod socket;
mod time;
mod tipc;

pub use alg::{AfAlgIv, AlgIv, AlgIvPayload};
pub use attributes::Nlattrs;
pub use be::{Be16, Be32};
pub use devmem::{Devmem, DmabufCmsg, DmabufToken};
pub use errqueue::{Offender, Origin, Passage, RecvErr, SockExtendedErr};
pub use ip::{InAddr, InPktinfo, Tos};
pub use ipv6::{In6Addr, In6Pktinfo, Ip6Mtuinfo, Ipv6OptHdr, Ipv6RtHdr};
pub use netlink::NlPktinfo;
pub use packet::{LlcPktinfo, TpacketAuxdata};
pub use rds::{
    RdsAtomicArgs, RdsCmsgRxTrace, RdsGetMrArgs, RdsIovec, RdsRdmaArgs, RdsRdmaNotify,
    RdsZcopyCookies,
};
pub use rxrpc::{Challenged, RxgkChallenge, RxrpcChallenge};
pub use sctp::{
    SctpAuthinfo, SctpInitmsg, SctpNxtinfo, SctpPrinfo, SctpRcvinfo, SctpSndinfo, SctpSndrcvinfo,
};
#[cfg(feature = "capi")]
pub(crate) use show::Room;
pub(crate) use show::{Octets, alone, displayed};
pub use show::{Out, Show};
pub use socket::{Pidfd, ScmTsPktinfo, SockTxtime, Ucred};
pub use time::{OldTimeval, Timespec, Timestamp, Timestamping, Timestamps, Timeval};
pub use tipc::{TipcErrinfo, TipcServiceRange};

use crate::error::PayloadError;
use crate::key::{Payload, Unbounded};
use core::fmt;
use core::iter::FusedIterator;
use core::marker::PhantomData;
use core::slice::ChunksExact;
use zerocopy::{FromBytes, Immutable, KnownLayout};

/// Marks a payload of any bytes, of any number; decodes into them, and is sent from them.
pub enum Bytes {}

impl Payload for Bytes {
    type Out<'a> = &'a [u8];

    #[inline]
    fn decode(data: &[u8]) -> Result<&[u8], PayloadError> {
        Ok(data)
    }
}

impl Unbounded for Bytes {
    const ELEMENT: usize = 1;
}

/// Elements of `T` as they lie in a payload, aligned in any way; read by value.
///
/// There are as many as fit: bytes behind the last whole element are no element, as the kernel counts.
pub struct Array<'a, T> {
    data: &'a [u8],
    element: PhantomData<fn() -> T>,
}

/// Iterates over an [`Array`].
pub struct Elements<'a, T> {
    chunks: ChunksExact<'a, u8>,
    element: PhantomData<fn() -> T>,
}

impl<'a, T: FromBytes + Immutable + KnownLayout> Array<'a, T> {
    pub(crate) const fn new(data: &'a [u8]) -> Self {
        Self {
            data,
            element: PhantomData,
        }
    }

    /// The number of elements.
    pub fn len(&self) -> usize {
        self.iter().len()
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The element at `index`.
    pub fn get(&self, index: usize) -> Option<T> {
        self.iter().nth(index)
    }

    /// Every element in order.
    #[inline]
    pub fn iter(&self) -> Elements<'a, T> {
        let data = if size_of::<T>() == 0 { &[] } else { self.data };
        Elements {
            chunks: data.chunks_exact(size_of::<T>().max(1)),
            element: PhantomData,
        }
    }
}

impl<T: FromBytes> Iterator for Elements<'_, T> {
    type Item = T;

    #[inline]
    fn next(&mut self) -> Option<T> {
        T::read_from_bytes(self.chunks.next()?).ok()
    }

    fn nth(&mut self, n: usize) -> Option<T> {
        T::read_from_bytes(self.chunks.nth(n)?).ok()
    }

    fn size_hint(&self) -> (usize, Option<usize>) {
        self.chunks.size_hint()
    }
}

impl<T: FromBytes> ExactSizeIterator for Elements<'_, T> {}
impl<T: FromBytes> FusedIterator for Elements<'_, T> {}

impl<'a, T: FromBytes + Immutable + KnownLayout> IntoIterator for Array<'a, T> {
    type Item = T;
    type IntoIter = Elements<'a, T>;

    fn into_iter(self) -> Elements<'a, T> {
        self.iter()
    }
}

impl<T> Clone for Array<'_, T> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<T> Copy for Array<'_, T> {}

impl<T: FromBytes + Immutable + KnownLayout + PartialEq> PartialEq for Array<'_, T> {
    fn eq(&self, other: &Self) -> bool {
        self.iter().eq(other.iter())
    }
}

impl<T: FromBytes + Immutable + KnownLayout + fmt::Debug> fmt::Debug for Array<'_, T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_list().entries(self.iter()).finish()
    }
}

impl<T: FromBytes + Immutable + KnownLayout + Show> Show for Array<'_, T> {
    fn show(&self, out: &mut impl Out) -> fmt::Result {
        show::list(out, self.iter())
    }
}

impl<T: FromBytes + Immutable + KnownLayout + Show> fmt::Display for Array<'_, T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.show(f)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::format;
    use std::vec::Vec;

    #[test]
    fn spare_bytes_are_no_element() {
        let bytes: Vec<u8> = [3i32, -1]
            .iter()
            .flat_map(|n| n.to_ne_bytes())
            .chain([9, 9, 9])
            .collect();
        let array = Array::<i32>::new(&bytes);
        assert_eq!(
            (array.len(), array.get(1), array.get(2)),
            (2, Some(-1), None)
        );
        assert_eq!(array.into_iter().collect::<Vec<_>>(), [3, -1]);
        assert_eq!(array, Array::new(&bytes[..8]));
        assert_eq!(format!("{array} {array:?}"), "[3, -1] [3, -1]");
    }

    #[test]
    fn elements_without_size_are_none() {
        assert!(Array::<()>::new(&[1, 2]).is_empty());
        assert_eq!(Array::<()>::new(&[1, 2]).iter().count(), 0);
    }
}
