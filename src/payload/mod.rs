// SPDX-License-Identifier: MIT OR Apache-2.0
//! The payloads of control messages: one struct per kernel struct, one file per kernel family.
//!
//! A payload is what follows the header of a control message. Most are one struct of the kernel's,
//! and decode to that struct:
//!
//! ```
//! use ancil::payload::{InPktinfo, Ucred};
//! use ancil::{IP_PKTINFO, SCM_CREDENTIALS, Writer, space_of};
//!
//! let mut buffer = [0; space_of::<(SCM_CREDENTIALS, IP_PKTINFO)>()];
//! let mut writer = Writer::new(&mut buffer);
//! writer.put(SCM_CREDENTIALS, Ucred { pid: 7, uid: 1000, gid: 1000 })?;
//! writer.put(IP_PKTINFO, InPktinfo::on_interface(2))?;
//! let reader = writer.finish().reader();
//! assert_eq!(reader.get(SCM_CREDENTIALS)?.map(|sender| sender.uid), Some(1000));
//! # Ok::<(), ancil::Error>(())
//! ```
//!
//! The others decode to something else. An enum without variants stands for such a payload:
//!
//! | payload | decodes to | since |
//! | --- | --- | --- |
//! | [`Fds`], `[u32]` | [`Array`] | it has any number of elements |
//! | [`Bytes`], [`AfAlgIv`] | `&[u8]` | it is bytes of any number |
//! | [`Timeval`], [`OldTimeval`], [`Timespec`] | [`Timestamp`] | the layout differs by machine |
//! | [`RecvErrV4`], [`RecvErrV6`] | [`RecvErr`] | an address of any family follows it |
//! | [`Nlattrs`] | [`Attributes`](crate::netlink::Attributes) | it is a list of attributes |
//! | [`Tos`] | `i32` | it arrives as one byte or four |
//!
//! Every struct has the kernel's layout, which constant assertions check, and prints as `strace(1)`
//! prints it.
#![forbid(unsafe_code)]

// These files print with two macros of `crate::show`, which `lib.rs` declares first and with
// `#[macro_use]`: `displayed!` implements `Display` by `Show`, and `shown!` implements both from a
// list of fields. Padding and reserved fields are left out of that list.

#[macro_use]
mod numbers;

mod alg;
mod attributes;
mod devmem;
mod either;
mod errqueue;
mod ip;
mod ipv6;
mod netlink;
mod packet;
mod rds;
mod recverr;
mod rxrpc;
mod sctp;
mod socket;
mod time;
mod timestamping;
mod tipc;

pub use crate::wire::array::{Array, Bytes, Elements};
pub use crate::wire::fd::Fds;
pub use alg::{AfAlgIv, AlgIv, AlgIvPayload};
pub use attributes::Nlattrs;
pub use devmem::{Devmem, DmabufCmsg, DmabufToken};
pub use errqueue::{Origin, SockEeDataRfc4884, SockExtendedErr, TimestampPoint};
pub use ip::{InPktinfo, Tos};
pub use ipv6::{In6Pktinfo, Ip6Mtuinfo, Ipv6OptHdr, Ipv6RtHdr};
pub use netlink::NlPktinfo;
pub use packet::{LlcPktinfo, TpacketAuxdata};
pub use rds::{
    RdsAtomicArgs, RdsCmsgRxTrace, RdsGetMrArgs, RdsIovec, RdsRdmaArgs, RdsRdmaNotify,
    RdsRxTraceSo, RdsZcopyCookies,
};
pub use recverr::{RecvErr, RecvErrV4, RecvErrV6};
pub use rxrpc::{Challenged, RxgkChallenge, RxrpcChallenge};
pub use sctp::{
    SctpAuthinfo, SctpInitmsg, SctpNxtinfo, SctpPrinfo, SctpRcvinfo, SctpSndinfo, SctpSndrcvinfo,
};
pub use socket::{Pidfd, ScmTsPktinfo, SockTxtime, Ucred};
pub use time::{OldTimeval, Timespec, Timestamp, Timestamping, Timestamps, Timeval};
pub use timestamping::TimestampingFlags;
pub use tipc::{TipcErrinfo, TipcServiceRange};

use crate::show::{self, Printer, Show};
use core::fmt;
use zerocopy::{FromBytes, Immutable};

impl<T: FromBytes + Immutable + Show> Show for Array<'_, T> {
    fn show(&self, out: &mut impl Printer) -> fmt::Result {
        show::show_list_with_rest(out, self.iter(), self.rest())
    }
}

impl<T: FromBytes + Immutable + Show> fmt::Display for Array<'_, T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.show(f)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::string::ToString;
    use zerocopy::IntoBytes;

    #[test]
    fn an_array_prints_its_elements_in_brackets() {
        let array = Array::<i32>::new([3i32, -1].as_bytes());
        assert_eq!(array.to_string(), "[3, -1]");
    }

    #[test]
    fn an_array_prints_the_bytes_after_its_last_element() {
        let bytes = [3i32.as_bytes(), b"\x01ab"].concat();
        assert_eq!(Array::<i32>::new(&bytes).to_string(), r#"[3, "\1ab"]"#);
        assert_eq!(Array::<i32>::new(&bytes[4..]).to_string(), r#"["\1ab"]"#);
        assert_eq!(Array::<i32>::new(&[]).to_string(), "[]");
    }
}
