//! [`Refusal`]: the kernel's error number, the message that brought it about, and why.

use crate::errno::number::*;
use crate::error::{Errno, Malformed, MalformedKind};
use core::fmt;

/// Makes [`Reason`] of the table below: name, error number, words.
macro_rules! reasons {
    ($( $Name:ident = $errno:ident, $words:literal; )+) => {
        /// Why the kernel refuses a message.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        #[non_exhaustive]
        pub enum Reason {
            $( #[doc = concat!(stringify!($errno), ": ", $words, ".")] $Name, )+
        }

        impl Reason {
            /// The error number that the kernel gives for it.
            pub const fn errno(self) -> Errno {
                match self { $( Self::$Name => $errno, )+ }
            }

            /// The same in words.
            pub const fn words(self) -> &'static str {
                match self { $( Self::$Name => $words, )+ }
            }
        }
    };
}

reasons! {
    CompatFlag = EINVAL, "MSG_CMSG_COMPAT is the kernel's own flag";
    NameLength = EINVAL, "msg_namelen is negative, or too much for this kernel";
    NameUnreadable = EFAULT, "msg_name has fewer readable bytes than msg_namelen says";
    TooManyVectors = EMSGSIZE, "more vectors than UIO_MAXIOV";
    VectorLength = EINVAL, "a vector is longer than half of the address space";
    ControlLength = ENOBUFS, "msg_controllen is more than INT_MAX";
    Optmem = ENOBUFS, "the control messages are more than net.core.optmem_max allows the socket";
    CompatOptmem = ENOMEM, "the same, of a 32-bit program's messages when they are widened";
    CompatEmpty = EINVAL, "msg_control is NULL and msg_controllen is not 0, in a 32-bit program";
    ControlUnreadable = EFAULT, "msg_control has fewer readable bytes than msg_controllen says";

    DatagramLength = EMSGSIZE, "a datagram of the internet protocol has at most 65535 bytes";
    OutOfBand = EOPNOTSUPP, "the protocol has no out-of-band data";
    IcmpHeader = EINVAL, "a ping starts with the 8 bytes of an ICMP header";
    NoData = ENODATA, "netlink sends no empty message";
    Name = EINVAL, "the address is too short, or has no port, or another protocol than the socket";
    Family = EAFNOSUPPORT, "the address is of another family than the socket";
    NoDestination = EDESTADDRREQ, "the socket has no peer, and the message no address";
    NotConnected = ENOTCONN, "the socket has no peer, and the message no address";
    V6Only = ENETUNREACH, "the socket is for IPv6 only, and the destination is IPv4";

    TooShort = EINVAL, "cmsg_len is less than a header";
    PastEnd = EINVAL, "cmsg_len is more than the bytes left";
    Unknown = EINVAL, "the protocol does not accept messages of this type";
    Length = EINVAL, "the payload does not have the length of such a message";
    Value = EINVAL, "the payload holds a value out of range";
    Range = ERANGE, "the payload holds a limit of time out of range";
    Twice = EINVAL, "a second such message, or one that excludes it, came before";
    Missing = EINVAL, "the protocol needs a control message that is not there";
    OptionOff = EINVAL, "the socket's option for such messages is off";
    Capability = EPERM, "it takes a capability that the sender does not have";
    NoControl = EOPNOTSUPP, "the protocol takes no control messages";

    RightsOffUnix = EINVAL, "descriptors travel between sockets of AF_UNIX only";
    TooManyDescriptors = EINVAL, "more descriptors than SCM_MAX_FD";
    NotOpen = EBADF, "a descriptor is negative or not open";
    IoUring = EINVAL, "an io_uring cannot be sent";
    UnmappedId = EINVAL, "there is no such user or group in the sender's user namespace";
    Credentials = EPERM, "the credentials are not the sender's";
    NoProcess = ESRCH, "there is no process of this number";

    OnTcp = EINVAL, "TCP does not take such a message";
    Devmem = EINVAL, "device memory is sent with MSG_ZEROCOPY only";
    Record = EINVAL, "a record of a chosen type cannot be continued with MSG_MORE";
    Segments = EIO, "UDP-Lite does not cut a send into datagrams";
    IpOptions = EINVAL, "the options of the IP header are malformed, or such that take CAP_NET_RAW";
    HeaderIncluded = EINVAL, "with IP_HDRINCL the options are in the program's own header";
    NotMapped = EINVAL, "the source address is not an IPv4 one, and the destination is";
    NoInterface = ENODEV, "there is no interface of this number";
    OtherInterface = EINVAL, "the packet was to leave through another interface";
    NoScope = EINVAL, "a link-local source address needs an interface";
    Source = EINVAL, "the source address is not one of this host";
    RoutingHeader = EINVAL, "the kernel sends no routing header of this type and length";
}

impl Reason {
    /// Brought about by the message at this offset.
    pub(super) const fn at(self, offset: usize) -> Refusal {
        Refusal {
            offset: Some(offset),
            reason: self,
        }
    }
}

/// The first thing about a message that makes the kernel refuse it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Refusal {
    /// Which control message: the offset of its header, in bytes from the start of the control buffer. `None` if it
    /// is not one of them.
    pub offset: Option<usize>,
    /// Why.
    pub reason: Reason,
}

impl Refusal {
    /// What `sendmsg(2)` gives as errno.
    pub const fn errno(&self) -> Errno {
        self.reason.errno()
    }
}

impl From<Reason> for Refusal {
    fn from(reason: Reason) -> Self {
        Self {
            offset: None,
            reason,
        }
    }
}

impl From<Malformed> for Refusal {
    fn from(Malformed { offset, kind }: Malformed) -> Self {
        Self {
            offset: Some(offset),
            reason: kind.into(),
        }
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

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(offset) = self.offset {
            write!(f, "control message at offset {offset}: ")?;
        }
        write!(f, "{} ({:?})", self.reason, self.errno())
    }
}

impl core::error::Error for Refusal {}
