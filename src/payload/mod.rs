//! What control messages carry: one wire struct per kernel struct, one file per kernel family.
//!
//! Every struct is plain bytes of the kernel's layout, checked by constant assertions, and prints as
//! `strace(1)` does.
#![forbid(unsafe_code)]

mod alg;
mod attributes;
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

use crate::show::{self, Printer, Show};
pub use alg::{AfAlgIv, AlgIv, AlgIvPayload};
pub use attributes::Nlattrs;
pub use devmem::{Devmem, DmabufCmsg, DmabufToken};
pub use errqueue::{Offender, Origin, RecvErr, SockExtendedErr, TimestampPoint};
pub use ip::{InPktinfo, Tos};
pub use ipv6::{In6Pktinfo, Ip6Mtuinfo, Ipv6OptHdr, Ipv6RtHdr};
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
pub use socket::{Pidfd, ScmTsPktinfo, SockTxtime, Ucred};
pub use time::{OldTimeval, Timespec, Timestamp, Timestamping, Timestamps, Timeval};
pub use tipc::{TipcErrinfo, TipcServiceRange};

pub use crate::wire::array::{Array, Bytes, Elements};
use core::fmt;
use zerocopy::{FromBytes, Immutable, KnownLayout};

impl<T: FromBytes + Immutable + KnownLayout + Show> Show for Array<'_, T> {
    fn show(&self, out: &mut impl Printer) -> fmt::Result {
        show::show_list(out, self.iter())
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
