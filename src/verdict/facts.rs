// SPDX-License-Identifier: MIT OR Apache-2.0
//! What a verdict depends on besides the message: the socket, and what the kernel knows of the
//! system.

use crate::addr::{AF_INET, AF_INET6, In6Addr, InAddr};
use crate::arch::SOCK_STREAM;
use crate::limits::OPTMEM_MAX;
use crate::wire::abi::Abi;

bitflags::bitflags! {
    /// The capabilities of the sending thread that matter for control messages: `capabilities(7)`.
    ///
    /// A capability counts in a user namespace, and the kernel asks each of these in one namespace
    /// only. The bits are those of the line `CapEff` in `/proc/self/status`, which tells the
    /// capabilities in the sender's own user namespace. The sender has them in the other two if
    /// they are the same namespace, or below it.
    ///
    /// ```
    /// use ancil::verdict::{Capabilities, Facts};
    /// let mut facts = Facts::default();
    /// facts.capabilities = Capabilities::empty(); // an ordinary user
    /// # assert_ne!(facts, Facts::default());
    /// ```
    #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
    pub struct Capabilities: u64 {
        /// Allows credentials with any group, in the sender's own user namespace.
        const CAP_SETGID = 1 << 6;
        /// Allows credentials with any user, in the sender's own user namespace.
        const CAP_SETUID = 1 << 7;
        /// Allows marks and priorities, in the user namespace that owns the socket's network.
        const CAP_NET_ADMIN = 1 << 12;
        /// Allows marks, priorities, options of an IPv4 header and extension headers of IPv6, in
        /// the user namespace that owns the socket's network.
        const CAP_NET_RAW = 1 << 13;
        /// Allows credentials with any process, in the user namespace that owns the sender's
        /// namespace of process ids.
        const CAP_SYS_ADMIN = 1 << 21;
    }

    /// The connection and the options of a socket, as far as they matter for a verdict.
    ///
    /// ```
    /// use ancil::verdict::{Socket, State};
    /// let mut udp = Socket::new(libc::AF_INET, libc::SOCK_DGRAM, 0);
    /// udp.state.remove(State::CONNECTED);
    /// assert!(!udp.state.contains(State::CONNECTED));
    /// ```
    #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
    pub struct State: u32 {
        /// The socket has a peer; a packet socket is bound to an interface.
        const CONNECTED = 1;
        /// `SO_TXTIME` is set.
        const TXTIME = 1 << 1;
        /// `SO_TIMESTAMPING` is set with `SOF_TIMESTAMPING_OPT_ID`.
        const OPT_ID = 1 << 2;
        /// The peer of this IPv6 socket has an IPv4 address, such as `::ffff:127.0.0.1`.
        const TO_IPV4 = 1 << 3;
        /// `IP_HDRINCL` is set.
        const HDRINCL = 1 << 4;
        /// `IPV6_V6ONLY` is set.
        const V6ONLY = 1 << 5;
        /// The kernel encrypts what is sent: `TCP_ULP` is set to "tls", and `TLS_TX` is set.
        const TLS = 1 << 6;
        /// `TCP_ULP` is set to "espintcp".
        const ESPINTCP = 1 << 7;
        /// A datagram was begun with `MSG_MORE` or `UDP_CORK`, and this send adds to it.
        const CORKED = 1 << 8;
        /// This IPv6 socket of UDP is bound to an IPv4 address, such as `::ffff:127.0.0.1`. It
        /// sends to `127.0.0.1` if the address of the message is `::`.
        const FROM_IPV4 = 1 << 9;
        /// `SO_NO_CHECK` is set: UDP sends without checksums to IPv4 addresses.
        const NO_CHECK = 1 << 10;
        /// `UDP_NO_CHECK6_TX` is set: UDP sends without checksums to IPv6 addresses.
        const NO_CHECK6_TX = 1 << 11;
    }
}

/// The bits of the type in the second argument of `socket(2)`; the others are flags.
const SOCK_TYPE_MASK: i32 = 0xf;
pub(super) const SOCK_RAW: i32 = 3;
const IPPROTO_TCP: i32 = 6;
/// The protocol of a raw socket that sends packets of every protocol.
pub(super) const IPPROTO_RAW: i32 = 255;

/// A socket: the arguments of `socket(2)`, and what was done to the socket since. Make one with
/// [`Socket::new`], and change the fields that differ.
///
/// ```
/// use ancil::verdict::{Socket, State};
///
/// let mut tcp = Socket::new(libc::AF_INET6, libc::SOCK_STREAM, 0);
/// tcp.state.remove(State::CONNECTED);
/// assert_eq!(tcp.domain, libc::AF_INET6);
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub struct Socket {
    /// `AF_*`.
    pub domain: i32,
    /// `SOCK_*`. The flags `SOCK_CLOEXEC` and `SOCK_NONBLOCK` are ignored.
    pub ty: i32,
    /// `IPPROTO_*` and others; 0 for the default of `domain` and `ty`.
    pub protocol: i32,
    /// The connection and the options.
    pub state: State,
    /// The interface that an IPv6 packet leaves through if no message names one; 0 for none. The
    /// kernel takes it from the scope of a link-local destination, or else from `SO_BINDTODEVICE`,
    /// or else, for UDP, from the socket option `IPV6_PKTINFO`, and for ping from
    /// `IPV6_UNICAST_IF` or `IPV6_MULTICAST_IF`.
    pub interface: u32,
    /// Flow label and traffic class of an IPv6 packet if no message names them; 0 for none. With
    /// `IPV6_FLOWINFO_SEND`, they are those in the address of the message, or of `connect(2)`.
    pub flow_info: u32,
}

impl Socket {
    /// Describes the socket that `socket(2)` makes of these arguments, after it was connected and
    /// every option was set that a control message needs. A raw socket of `IPPROTO_RAW` has
    /// [`State::HDRINCL`] from the start.
    ///
    /// The arguments have the values of this machine: on mips, `SOCK_STREAM` is 2 and `SOCK_DGRAM`
    /// is 1.
    pub const fn new(domain: i32, ty: i32, protocol: i32) -> Self {
        let mut state = State::CONNECTED.union(State::TXTIME).union(State::OPT_ID);
        if ty & SOCK_TYPE_MASK == SOCK_RAW && protocol == IPPROTO_RAW {
            state = state.union(State::HDRINCL);
        }
        Self {
            domain,
            ty,
            protocol,
            state,
            interface: 0,
            flow_info: 0,
        }
    }

    /// Returns the arguments of `socket(2)`, the type without flags.
    pub(super) fn arguments(&self) -> (u16, i32, i32) {
        let domain = u16::try_from(self.domain).unwrap_or(u16::MAX); // u16::MAX is no family
        (domain, self.ty & SOCK_TYPE_MASK, self.protocol)
    }

    pub(super) fn is_ipv6(&self) -> bool {
        self.domain == i32::from(AF_INET6)
    }

    /// Whether the peer has an IPv4 address.
    pub(super) fn is_to_ipv4(&self) -> bool {
        self.domain == i32::from(AF_INET) || self.state.contains(State::TO_IPV4)
    }

    /// Returns what the kernel's `sk_is_tcp` does.
    pub(super) fn is_tcp(&self) -> bool {
        matches!(
            self.arguments(),
            (AF_INET | AF_INET6, SOCK_STREAM, 0 | IPPROTO_TCP)
        )
    }
}

/// A version of Linux: `Release(6, 18)`.
///
/// ```
/// use ancil::verdict::Release;
/// assert!(Release(4, 19) < Release::NEWEST);
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Release(
    /// The first number.
    pub u16,
    /// The second number.
    pub u16,
);

impl Release {
    /// The newest release whose rules this crate knows.
    pub const NEWEST: Self = Self(6, 18);
}

/// What exists, of one kind of things that a message can name: descriptors, processes, interfaces.
///
/// Facts are data, so list what exists, from `/proc/self/fd` or `getifaddrs(3)` for example. If
/// that is too much, as the users of a namespace are, list the existing ones among those that the
/// message names.
///
/// ```
/// use ancil::verdict::{Existing, Facts};
/// let mut facts = Facts::default();
/// facts.descriptors = Existing::Only(&[0, 1, 2]);
/// # assert_ne!(facts, Facts::default());
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Existing<'a, T> {
    /// Everything that the message names exists.
    All,
    /// These exist, and no others. They are searched from the start, so keep the list short.
    Only(&'a [T]),
}

impl<T: PartialEq> Existing<'_, T> {
    pub(super) fn contains(&self, item: &T) -> bool {
        match self {
            Self::All => true,
            Self::Only(items) => items.contains(item),
        }
    }
}

/// The identity of a process, for `SCM_CREDENTIALS`.
///
/// ```
/// use ancil::verdict::Process;
/// let daemon = Process { pid: 7, uids: [1000; 3], gids: [1000; 3] };
/// # assert_eq!(daemon.pid, 7);
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Process {
    /// The process id.
    pub pid: i32,
    /// The user ids: real, effective, saved.
    pub uids: [u32; 3],
    /// The group ids: real, effective, saved.
    pub gids: [u32; 3],
}

/// What a verdict depends on that neither the socket nor the message shows.
///
/// The default is favourable: the sender has every capability and enough memory, and everything
/// that a message names exists. Change the fields that differ:
///
/// ```
/// use ancil::verdict::{Existing, Facts};
///
/// let mut facts = Facts::default();
/// facts.descriptors = Existing::Only(&[0, 1, 2]);
/// facts.cipso = false;
/// # assert_ne!(facts, Facts::FAVOURABLE);
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub struct Facts<'a> {
    /// The kernel's version. Where rules differ between releases, the rules of this release count;
    /// a distributor's kernel of the same number may have later ones. The
    /// [module](super#other-releases) names the releases whose source was compared.
    pub release: Release,
    /// The capabilities of the sending thread, each in the user namespace that [`Capabilities`]
    /// says.
    pub capabilities: Capabilities,
    /// The sender. `None` means that the credentials in the message are the sender's own.
    pub sender: Option<Process>,
    /// Whether the sender is a 32-bit program on a 64-bit kernel.
    ///
    /// The control messages of such a program are laid out as
    /// [`Abi::LINUX_32`](crate::Abi::LINUX_32), and the kernel is stricter: after the last message,
    /// trailing bytes that are too few for a header are EINVAL, and too little memory is ENOMEM.
    pub compat: bool,
    /// How many bytes of payload go with the control messages of
    /// [`check_control`](super::check_control). `None`: as many as favour the sender.
    pub payload: Option<usize>,
    /// The MTU of the path (`IP_MTU`, `IPV6_MTU`), in bytes, for `UDP_SEGMENT`. If the packet has
    /// options in its IPv4 header or extension headers of IPv6, subtract their bytes.
    pub mtu: usize,
    /// `net.core.optmem_max`, in bytes.
    pub optmem_max: usize,
    /// How many bytes of `optmem_max` the socket already uses.
    pub optmem_used: usize,
    /// Whether the kernel knows the domain of interpretation that a CIPSO option names.
    pub cipso: bool,
    /// Whether the kernel has mobile IPv6 (`CONFIG_IPV6_MIP6`). Its routing header is the only one
    /// that the kernel sends.
    pub mip6: bool,
    /// The descriptors that the sender has open, for `SCM_RIGHTS`. Negative numbers are never open.
    pub descriptors: Existing<'a, i32>,
    /// The open descriptors that refer to an io_uring, which cannot be sent.
    pub io_urings: &'a [i32],
    /// The ids of processes, for `SCM_CREDENTIALS`. 0 and negative ids never exist.
    pub processes: Existing<'a, i32>,
    /// The ids of users that exist in the sender's user namespace. -1 never exists.
    pub users: Existing<'a, u32>,
    /// The ids of groups that exist in the sender's user namespace. -1 never exists.
    pub groups: Existing<'a, u32>,
    /// The indices of interfaces.
    pub interfaces: Existing<'a, u32>,
    /// The addresses that an IPv6 packet may have as its source: those of the host, or
    /// [`All`](Existing::All) if the socket may bind to any (`IP_FREEBIND`). The kernel accepts a
    /// link-local address only with the interface that has the address. `::` needs no entry.
    pub sources: Existing<'a, In6Addr>,
    /// The addresses that an IPv4 packet may have as its source: those of the host, or
    /// [`All`](Existing::All) if the socket has `IP_TRANSPARENT`. `0.0.0.0` needs no entry.
    pub sources_ipv4: Existing<'a, InAddr>,
    /// The flow labels that an IPv6 packet may have: those that the socket got from
    /// `IPV6_FLOWLABEL_MGR`. Since Linux 5.3 it is [`All`](Existing::All), unless a socket in this
    /// network namespace has had an exclusive label, and any socket of the machine has one now. 0
    /// needs no entry.
    pub flow_labels: Existing<'a, u32>,
}

impl Facts<'_> {
    /// The favourable facts, which are the default.
    pub const FAVOURABLE: Facts<'static> = Facts {
        release: Release::NEWEST,
        capabilities: Capabilities::all(),
        sender: None,
        compat: false,
        payload: None,
        mtu: usize::MAX,
        optmem_max: OPTMEM_MAX,
        optmem_used: 0,
        cipso: true,
        mip6: true,
        descriptors: Existing::All,
        io_urings: &[],
        processes: Existing::All,
        users: Existing::All,
        groups: Existing::All,
        interfaces: Existing::All,
        sources: Existing::All,
        sources_ipv4: Existing::All,
        flow_labels: Existing::All,
    };

    /// Returns how the sender lays out control messages.
    pub(super) fn abi(&self) -> Abi {
        match self.compat {
            true => Abi::LINUX_32,
            false => Abi::NATIVE,
        }
    }
}

impl Default for Facts<'_> {
    fn default() -> Self {
        Facts::FAVOURABLE
    }
}
