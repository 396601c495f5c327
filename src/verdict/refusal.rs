// SPDX-License-Identifier: MIT OR Apache-2.0
//! [`Refusal`]: why the kernel refuses a message, with which error number, and which control
//! message is the cause.

use crate::errno::number::*;
use crate::error::{Errno, Malformed, MalformedKind};
use crate::limits::CONTROL_MAX;
use crate::show::{Printer, Show};
use crate::table::lookup::show_message;
use crate::table::names::Names;
use core::fmt;

/// Defines [`Reason`] by a table of names, error numbers and descriptions.
macro_rules! reasons {
    ($( $Name:ident = $errno:ident, $words:literal; )+) => {
        /// Why the kernel refuses a message.
        ///
        /// ```
        /// use ancil::{Errno, verdict::Reason};
        /// assert_eq!(Reason::NotOpen.errno(), Errno::EBADF);
        /// assert_eq!(Reason::NotOpen.words(), "a descriptor is negative or not open");
        /// ```
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        #[non_exhaustive]
        pub enum Reason {
            $( #[doc = concat!(stringify!($errno), ": ", $words, ".")] $Name, )+
        }

        impl Reason {
            /// Returns the error number with which the kernel refuses the message.
            pub const fn errno(self) -> Errno {
                match self { $( Self::$Name => $errno, )+ }
            }

            /// Returns a description in English.
            pub const fn words(self) -> &'static str {
                match self { $( Self::$Name => $words, )+ }
            }
        }

        /// The descriptions with the names of the error numbers, in the order of [`Reason`], each
        /// with a NUL after it. The C library prints these, because it has no tables of pointers.
        const TEXTS: &str = concat!($( $words, " (", stringify!($errno), ")\0" ),+);
        static STARTS: Names<{ [$( Reason::$Name ),+].len() }> = Names::of(TEXTS);
    };
}

reasons! {
    CompatFlag = EINVAL, "MSG_CMSG_COMPAT is an internal flag of the kernel";
    NameLength = EINVAL, "msg_namelen is negative";
    NameUnreadable = EFAULT, "msg_name has fewer readable bytes than msg_namelen says";
    TooManyVectors = EMSGSIZE, "more vectors than UIO_MAXIOV";
    VectorLength = EINVAL, "a vector is longer than half of the address space";
    ControlLength = ENOBUFS, "msg_controllen is more than INT_MAX";
    Optmem = ENOBUFS, "the control messages exceed net.core.optmem_max of the socket";
    CompatOptmem = ENOMEM,
        "the 64-bit form of a 32-bit program's control messages exceeds net.core.optmem_max";
    CompatEmpty = EINVAL, "msg_control of a 32-bit program is NULL, but msg_controllen is not 0";
    ControlUnreadable = EFAULT, "msg_control has fewer readable bytes than msg_controllen says";

    DatagramLength = EMSGSIZE, "a datagram of the internet protocol has at most 65535 bytes";
    OutOfBand = EOPNOTSUPP, "the protocol has no out-of-band data";
    IcmpHeader = EINVAL, "a ping starts with an ICMP header of 8 bytes";
    NoData = ENODATA, "netlink sends no empty message";
    Name = EINVAL, "the address is too short, has no port, or does not suit the protocol";
    Family = EAFNOSUPPORT, "the address is of another family than the socket";
    NoDestination = EDESTADDRREQ, "the socket has no peer, and the message no address";
    NotConnected = ENOTCONN, "the socket is not connected, and the message has no address";
    Connected = EISCONN, "a connected stream socket accepts no address";
    StreamName = EOPNOTSUPP, "a stream socket accepts no address";
    NeverConnected = EPIPE, "the TCP socket was never connected";
    InProgress = EINPROGRESS, "MSG_FASTOPEN begins the connection, which takes a while";
    FastOpenName = EOPNOTSUPP, "MSG_FASTOPEN cannot connect to an address of AF_UNSPEC";
    NoDevice = ENXIO, "neither the packet socket nor the address names an interface";
    V6Only = ENETUNREACH, "the socket is for IPv6 only, but the destination is an IPv4 address";

    TooShort = EINVAL, "cmsg_len is less than the length of a header";
    PastEnd = EINVAL, "cmsg_len is more than the bytes left";
    Unknown = EINVAL, "the protocol does not accept messages of this type";
    Length = EINVAL, "the payload has the wrong length for a message of this type";
    Value = EINVAL, "the payload holds a value out of range";
    Timeout = ERANGE, "the payload holds a timeout out of range";
    Twice = EINVAL, "an earlier message is of this type, or of a type that excludes this one";
    Missing = EINVAL, "a control message that the protocol needs is missing";
    OptionOff = EINVAL, "the socket option that messages of this type need is off";
    Capability = EPERM, "the sender lacks a capability that the message needs";
    NoControl = EOPNOTSUPP, "the protocol accepts no control messages";

    RightsOutsideUnix = EINVAL, "only sockets of AF_UNIX can pass descriptors";
    TooManyDescriptors = EINVAL, "more descriptors than SCM_MAX_FD";
    NotOpen = EBADF, "a descriptor is negative or not open";
    IoUring = EINVAL, "a descriptor refers to an io_uring, which cannot be sent";
    UnmappedId = EINVAL, "the user or group does not exist in the sender's user namespace";
    Credentials = EPERM, "the credentials are not the sender's";
    NoProcess = ESRCH, "there is no process with this id";

    NotOnTcp = EINVAL, "TCP does not accept messages of this type";
    NotZerocopy = EINVAL, "messages of this type can be sent only with MSG_ZEROCOPY";
    RecordContinued = EINVAL, "a TLS record of a chosen type cannot be continued with MSG_MORE";
    SegmentLength = EMSGSIZE, "a segment and its headers are longer than the MTU of the path";
    SegmentCount = EINVAL, "the payload has too many segments of this size";
    SegmentChecksum = EINVAL, "segments need checksums, which the socket has switched off";
    Segments = EIO, "UDP-Lite cannot cut a send into datagrams";
    AssociationEnd = EINVAL,
        "SCTP_EOF, SCTP_ABORT or their lack does not suit the payload or a socket of SOCK_STREAM";
    IpOptions = EINVAL, "the options of the IP header are malformed or need CAP_NET_RAW";
    HeaderIncluded = EINVAL, "with IP_HDRINCL, the options belong into the sender's own IP header";
    NotMapped = EINVAL, "the destination is an IPv4 address, but the source is not";
    NoInterface = ENODEV, "there is no interface with this index";
    OtherInterface = EINVAL, "the socket or an earlier message chose another interface";
    NoScope = EINVAL, "a link-local source address needs an interface";
    Source = EINVAL, "the source is not an address of this host, or not of a single host";
    FlowLabel = EINVAL, "the socket does not own the flow label, and another has an exclusive one";
    Unreachable = ENETUNREACH, "the IPv4 source is not an address of this host";
    RoutingHeader = EINVAL, "the kernel sends no routing header of this type and length";
}

/// Checks a condition of the kernel.
pub(super) fn ensure(condition: bool, reason: Reason) -> Result<(), Reason> {
    if condition { Ok(()) } else { Err(reason) }
}

impl Reason {
    /// Adds the offset of the control message that is the cause.
    pub(super) const fn at(self, offset: usize) -> Fault {
        Fault {
            offset: offset as u32,
            reason: self,
        }
    }
}

/// What the rules return: a [`Refusal`] that fits in a register. `rule::refusal` looks level and
/// type up at the end.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Fault {
    /// `NOWHERE`, or the offset. It fits, because `import_control` refuses longer buffers first.
    offset: u32,
    pub reason: Reason,
}

const NOWHERE: usize = u32::MAX as usize;
const _: () = assert!(CONTROL_MAX < NOWHERE);

impl Fault {
    /// The offset of the control message that is the cause, if one is.
    pub fn offset(self) -> Option<usize> {
        let offset = self.offset as usize;
        (offset != NOWHERE).then_some(offset)
    }
}

/// The first fault that the kernel finds in a message, for which the kernel refuses it.
///
/// ```
/// use ancil::verdict::{Facts, Reason, Refusal, Socket, check_control};
///
/// let tcp = Socket::new(libc::AF_INET, libc::SOCK_STREAM, 0);
/// let refusal: Refusal = check_control(&tcp, &Facts::default(), &[0; 16]).unwrap_err();
/// assert_eq!((refusal.offset, refusal.reason), (Some(0), Reason::TooShort));
/// println!("{refusal}, errno {}", refusal.errno());
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Refusal {
    /// The control message that is the cause: the offset of its header, in bytes from the start of
    /// the control buffer. `None` if the cause is something else.
    pub offset: Option<usize>,
    /// Level and type of that control message. `None` if there is none, or its header is malformed.
    pub message: Option<(i32, i32)>,
    /// What is wrong.
    pub reason: Reason,
}

impl Refusal {
    /// Returns the errno of `sendmsg(2)`.
    pub const fn errno(&self) -> Errno {
        self.reason.errno()
    }
}

impl From<Reason> for Refusal {
    fn from(reason: Reason) -> Self {
        Self {
            offset: None,
            message: None,
            reason,
        }
    }
}

impl From<Reason> for Fault {
    fn from(reason: Reason) -> Self {
        reason.at(NOWHERE)
    }
}

impl From<Malformed> for Fault {
    fn from(Malformed { offset, kind }: Malformed) -> Self {
        Reason::from(kind).at(offset)
    }
}

impl From<MalformedKind> for Reason {
    fn from(kind: MalformedKind) -> Self {
        match kind {
            MalformedKind::TooShort { .. } => Self::TooShort,
            MalformedKind::PastEnd { .. } => Self::PastEnd,
        }
    }
}

impl fmt::Display for Reason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.words())
    }
}

impl Show for Refusal {
    fn show(&self, out: &mut impl Printer) -> fmt::Result {
        if let Some(offset) = self.offset {
            match self.message {
                Some((level, ty)) => show_message(out, level, ty)?,
                None => out.write_str("control message")?,
            }
            out.write_str(" at offset ")?;
            offset.show(out)?;
            out.write_str(": ")?;
        }
        let text = STARTS.get(TEXTS, self.reason as usize);
        let text = text.and_then(|text| text.strip_suffix('\0'));
        out.write_str(text.unwrap_or_default())
    }
}

displayed!(Refusal);

impl core::error::Error for Reason {}
impl core::error::Error for Refusal {}

#[cfg(test)]
mod tests {
    use super::*;
    use std::format;
    use std::string::{String, ToString};

    fn text(offset: usize, message: Option<(i32, i32)>, reason: Reason) -> String {
        let offset = Some(offset);
        let refusal = Refusal {
            offset,
            message,
            reason,
        };
        refusal.to_string()
    }

    #[test]
    fn a_refusal_names_the_message_the_place_the_rule_and_the_errno() {
        let value = "the payload holds a value out of range (EINVAL)";
        assert_eq!(
            text(24, Some((0, 2)), Reason::Value),
            format!("IP_TTL at offset 24: {value}")
        );
        assert_eq!(
            text(0, Some((7, -8)), Reason::Value),
            format!("control message (level 7, type -8) at offset 0: {value}")
        );
        assert_eq!(
            text(16, None, Reason::TooShort),
            "control message at offset 16: cmsg_len is less than the length of a header (EINVAL)"
        );
        assert_eq!(Refusal::from(Reason::Value).to_string(), value);
    }

    /// `ancil_check_text` promises it.
    #[test]
    fn no_text_is_too_long_for_200_bytes() {
        let place = text(usize::MAX, Some((i32::MIN, i32::MIN)), Reason::Name);
        let place = place.len() - Reason::Name.words().len();
        let longest = TEXTS.split('\0').map(str::len).max().unwrap();
        assert!(place + longest < 200, "{place} + {longest}");
    }

    #[test]
    fn each_text_has_the_words_and_the_errno_of_its_reason() {
        for reason in [Reason::CompatFlag, Reason::NotOpen, Reason::RoutingHeader] {
            let text = format!("{} ({:?})", reason.words(), reason.errno());
            assert_eq!(Refusal::from(reason).to_string(), text);
        }
    }
}
