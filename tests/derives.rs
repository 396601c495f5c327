//! The public types have the common traits, as far as the traits make sense for them: a new type
//! belongs into one of these lists. That this file compiles is the test.

use ancil::addr::*;
use ancil::compat::*;
use ancil::iov::{Cursor, CursorMut};
use ancil::payload::*;
use ancil::verdict::*;
use ancil::*;
use std::fmt::{Debug, Display};
use std::hash::Hash;

/// A struct of the kernel, or another value of which all zero, or empty, is a good default.
fn plain<T: Debug + Clone + Copy + PartialEq + Eq + Hash + Default + Send + Sync>() {}

/// A value without a default.
fn value<T: Debug + Clone + Copy + PartialEq + Eq + Hash + Send + Sync>() {}

/// An error: it also has `Display`.
fn error<T: std::error::Error + Clone + Copy + PartialEq + Eq + Hash + Send + Sync + 'static>() {}

/// A borrowed view, or an iterator.
fn view<T: Debug + Clone + Send + Sync>() {}

/// A type that borrows exclusively.
fn exclusive<T: Debug + Send + Sync>() {}

/// A type that prints.
fn printed<T: Display>() {}

#[test]
fn structs_of_the_kernel() {
    plain::<CmsgHdr>();

    plain::<Be16>();
    plain::<Be32>();
    plain::<In6Addr>();
    plain::<InAddr>();
    plain::<SockaddrAlg>();
    plain::<SockaddrCan>();
    plain::<SockaddrIn6>();
    plain::<SockaddrIn>();
    plain::<SockaddrLl>();
    plain::<SockaddrNl>();
    plain::<SockaddrStorage>();
    plain::<SockaddrUn>();
    plain::<Le16>();
    plain::<SockaddrL2>();
    plain::<SockaddrMctp>();
    plain::<SockaddrMctpExt>();
    plain::<SockaddrVm>();

    plain::<datagram::Arrival>();
    plain::<datagram::Departure>();

    plain::<netlink::Nlattr>();
    plain::<netlink::Nlmsgerr>();
    plain::<netlink::Nlmsghdr>();

    plain::<IoVec32>();
    plain::<IoVec64>();
    plain::<MsgHdr32>();
    plain::<MsgHdr64>();

    plain::<DmabufCmsg>();
    plain::<DmabufToken>();
    plain::<In6Pktinfo>();
    plain::<InPktinfo>();
    plain::<Ip6Mtuinfo>();
    plain::<Ipv6OptHdr>();
    plain::<Ipv6RtHdr>();
    plain::<LlcPktinfo>();
    plain::<NlPktinfo>();
    plain::<RdsAtomicArgs>();
    plain::<RdsCmsgRxTrace>();
    plain::<RdsGetMrArgs>();
    plain::<RdsIovec>();
    plain::<RdsRdmaArgs>();
    plain::<RdsRdmaNotify>();
    plain::<RdsRxTraceSo>();
    plain::<RdsZcopyCookies>();
    plain::<RxgkChallenge>();
    plain::<RxrpcChallenge>();
    plain::<ScmTsPktinfo>();
    plain::<SctpAuthinfo>();
    plain::<SctpInitmsg>();
    plain::<SctpNxtinfo>();
    plain::<SctpPrinfo>();
    plain::<SctpRcvinfo>();
    plain::<SctpSndinfo>();
    plain::<SctpSndrcvinfo>();
    plain::<SockEeDataRfc4884>();
    plain::<SockExtendedErr>();
    plain::<SockTxtime>();
    plain::<TipcErrinfo>();
    plain::<TipcServiceRange>();
    plain::<TpacketAuxdata>();

    // Zeros would be root, and the descriptor 0. The default of a vector would need its length.
    value::<datagram::Ecn>();
    value::<Ucred>();
    value::<Pidfd>();
    value::<AlgIv<16>>();
}

#[test]
fn other_values() {
    plain::<Control<'_>>();
    plain::<UserMsghdr>();
    printed::<Control<'_>>();
    plain::<MsgFlags>();
    plain::<TimestampingFlags>();
    plain::<CanJ1939>();
    plain::<CanTp>();
    plain::<Facts<'_>>();
    plain::<Outgoing<'_>>();
    plain::<Timestamp>();
    plain::<Timestamps>();
    plain::<UnixAddr>();
    plain::<SendNumbers>();

    value::<Abi>();
    value::<Address<'_>>();
    value::<AlgIvPayload<'_>>();
    value::<Array<'_, i32>>();
    value::<CatalogueEntry>();
    value::<Challenged>();
    value::<Devmem>();
    value::<Direction>();
    value::<Existing<'_, i32>>();
    value::<Fd<'_>>();
    value::<SocketOption>();
    value::<OptionValue>();
    value::<io::Cause>();
    value::<exthdr::Alignment>();
    value::<exthdr::Ipv6Option<'_>>();
    value::<exthdr::Ipv6Options<'_>>();
    value::<exthdr::RoutingHeader<'_>>();
    value::<exthdr::RoutingType>();
    value::<exthdr::Segment<'_>>();
    value::<exthdr::Segments<'_>>();
    value::<Lengths>();
    value::<MctpAddr>();
    value::<Message<'_>>();
    value::<Origin>();
    value::<PacketAddr>();
    value::<Process>();
    value::<Raw<'_>>();
    value::<RecvErr<'_>>();
    value::<RecvErrV4>();
    value::<RecvErrV6>();
    value::<Release>();
    value::<Socket>();
    value::<TimestampPoint>();
    value::<Timestamping>();
    value::<Translation>();
    value::<UnixName<'_>>();
    value::<netlink::Attribute<'_>>();
    value::<netlink::Attributes<'_>>();
    value::<netlink::ItemKind>();
    value::<netlink::Message<'_>>();
    value::<netlink::Report<'_>>();

    // The defaults in `verdict` are favourable, which an empty set of flags is not.
    value::<Capabilities>();
    value::<State>();

    // Types without values, which stand for payloads.
    value::<AfAlgIv>();
    value::<Bytes>();
    value::<Fds>();
    value::<Nlattrs>();
    value::<OldTimeval>();
    value::<Timespec>();
    value::<Timeval>();
    value::<Tos>();
}

#[test]
fn errors() {
    error::<BadAddress>();
    error::<BadPayload>();
    error::<Errno>();
    error::<Error>();
    error::<Malformed>();
    error::<MalformedKind>();
    error::<NoSpace>();
    error::<datagram::DepartureError>();
    error::<PayloadError>();
    error::<Reason>();
    error::<Refusal>();
    error::<TooWide>();
    error::<ZerocopyError>();
    error::<Truncated>();
    error::<Unborrowed>();
    error::<io::Incomplete>();
    error::<io::OptionError>();
    error::<netlink::BadPayload>();
    error::<netlink::Error>();
    error::<netlink::Malformed>();
    error::<netlink::MalformedKind>();
    error::<netlink::WriteError>();
    error::<exthdr::Malformed>();
    error::<exthdr::MalformedKind>();
    error::<exthdr::WriteError>();
}

#[test]
fn views() {
    view::<ControlBuf<8>>();
    view::<Cursor<'_>>();
    view::<DisplayControl<'_>>();
    view::<Elements<'_, i32>>();
    view::<ForeignReader<'_>>();
    view::<IoVec<'_>>();
    view::<IoVecs<'_, 8>>();
    view::<MMsgHdr<'_>>();
    view::<MsgHdr<'_>>();
    view::<Reader<'_>>();
    view::<netlink::Reader<'_>>();

    exclusive::<CursorMut<'_>>();
    exclusive::<FdVec<8>>();
    exclusive::<IoVecMut<'_>>();
    exclusive::<MsgHdrMut<'_>>();
    exclusive::<Received<'_>>();
    exclusive::<Writer<'_>>();
    exclusive::<io::RecvBuffers<'_, 8>>();
    exclusive::<io::ReceivedMessages<'_>>();
    exclusive::<io::ReceivedFds<8>>();
    exclusive::<netlink::Body<'_>>();
    exclusive::<netlink::Writer<'_>>();
}

#[test]
fn text() {
    printed::<Address<'_>>();
    printed::<Array<'_, i32>>();
    printed::<Be16>();
    printed::<Le16>();
    printed::<MctpAddr>();
    printed::<SockaddrL2>();
    printed::<SockaddrMctp>();
    printed::<SockaddrMctpExt>();
    printed::<Be32>();
    printed::<Challenged>();
    printed::<Devmem>();
    printed::<DisplayControl<'_>>();
    printed::<In6Addr>();
    printed::<InAddr>();
    printed::<Message<'_>>();
    printed::<Pidfd>();
    printed::<RecvErr<'_>>();
    printed::<Timestamping>();
    printed::<netlink::Attributes<'_>>();
}
