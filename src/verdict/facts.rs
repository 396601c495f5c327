//! What the kernel knows when it judges a message, and a pure function cannot.

use crate::addr::In6Addr;
use crate::addr::{AF_INET, AF_INET6};
use crate::arch::SOCK_STREAM;
use crate::limits::OPTMEM_MAX;

bitflags::bitflags! {
    /// Capabilities of the sending thread that count here, by their bits in `/proc/self/status` (`CapEff`):
    /// `capabilities(7)`.
    #[derive(Clone, Copy, Debug, PartialEq, Eq)]
    pub struct Capabilities: u64 {
        /// Credentials with any group.
        const CAP_SETGID = 1 << 6;
        /// Credentials with any user.
        const CAP_SETUID = 1 << 7;
        /// Marks and priorities.
        const CAP_NET_ADMIN = 1 << 12;
        /// Marks, priorities, options and extension headers of the internet protocol.
        const CAP_NET_RAW = 1 << 13;
        /// Credentials with any process.
        const CAP_SYS_ADMIN = 1 << 21;
    }
}

bitflags::bitflags! {
    /// What was done to a socket, as far as it matters here.
    #[derive(Clone, Copy, Debug, PartialEq, Eq)]
    pub struct State: u32 {
        /// It has a peer.
        const CONNECTED = 1;
        /// `SO_TXTIME` was set.
        const TXTIME = 1 << 1;
        /// `SO_TIMESTAMPING` was set with `SOF_TIMESTAMPING_OPT_ID`.
        const OPT_ID = 1 << 2;
        /// An IPv6 socket whose peer is an IPv4 one, such as `::ffff:127.0.0.1`.
        const TO_IPV4 = 1 << 3;
        /// `IP_HDRINCL` was set.
        const HDRINCL = 1 << 4;
        /// `IPV6_V6ONLY` was set.
        const V6ONLY = 1 << 5;
        /// The kernel encrypts what is sent: `TCP_ULP` was set to "tls", and `TLS_TX`.
        const TLS = 1 << 6;
        /// `TCP_ULP` was set to "espintcp".
        const ESPINTCP = 1 << 7;
        /// A datagram was begun with `MSG_MORE` or `UDP_CORK`, and this send adds to it.
        const CORKED = 1 << 8;
    }
}

/// A socket, by the arguments of `socket(2)` and by what was done to it since.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Socket {
    /// `AF_*`.
    pub domain: i32,
    /// `SOCK_*`; the flags `SOCK_CLOEXEC` and `SOCK_NONBLOCK` do not matter.
    pub ty: i32,
    /// `IPPROTO_*` and others; 0 for the usual one.
    pub protocol: i32,
    /// What was done to it.
    pub state: State,
    /// The interface that it is bound to, or that its destination's scope names; 0 for none.
    pub interface: u32,
}

impl Socket {
    /// The socket that `socket(2)` makes of these, connected, with every option on that a message may need. They are
    /// this machine's numbers: mips has `SOCK_STREAM` and `SOCK_DGRAM` the other way round.
    pub const fn new(domain: i32, ty: i32, protocol: i32) -> Self {
        let state = State::CONNECTED.union(State::TXTIME).union(State::OPT_ID);
        Self {
            domain,
            ty,
            protocol,
            state,
            interface: 0,
        }
    }
}

/// After the types are flags.
const SOCK_TYPE_MASK: i32 = 0xf;
const IPPROTO_TCP: i32 = 6;

impl Socket {
    /// The arguments of `socket(2)`, without flags.
    pub(super) fn arguments(&self) -> (u16, i32, i32) {
        let domain = u16::try_from(self.domain).unwrap_or(u16::MAX); // no family
        (domain, self.ty & SOCK_TYPE_MASK, self.protocol)
    }

    /// What the kernel's `sk_is_tcp` says.
    pub(super) fn is_tcp(&self) -> bool {
        matches!(
            self.arguments(),
            (AF_INET | AF_INET6, SOCK_STREAM, 0 | IPPROTO_TCP)
        )
    }
}

/// A version of Linux: `Release(6, 18)`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Release(
    /// The first number.
    pub u16,
    /// The second number.
    pub u16,
);

impl Release {
    /// The newest one whose rules are known here.
    pub const NEWEST: Self = Self(6, 18);
    /// In one number, which is compared in one step.
    pub(super) const fn number(self) -> u32 {
        (self.0 as u32) << 16 | self.1 as u32
    }

    /// Older than every rule.
    pub(super) const ANY: Self = Self(0, 0);
}

/// What a number in `SCM_RIGHTS` refers to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Descriptor {
    /// An open file.
    Open,
    /// Nothing.
    Closed,
    /// An io_uring, which cannot be sent.
    IoUring,
}

/// Which numbers in `SCM_RIGHTS` refer to what. Negative ones refer to nothing.
#[derive(Clone, Copy)]
pub enum Descriptors<'a> {
    /// All to open files.
    AllOpen,
    /// These to open files, all others to nothing.
    Open(&'a [i32]),
    /// As this says.
    Ask(&'a dyn Fn(i32) -> Descriptor),
}

impl Descriptors<'_> {
    #[inline(never)]
    pub(super) fn find(&self, number: i32) -> Descriptor {
        match self {
            Self::AllOpen => Descriptor::Open,
            Self::Open(open) if open.contains(&number) => Descriptor::Open,
            Self::Open(_) => Descriptor::Closed,
            Self::Ask(ask) => ask(number),
        }
    }
}

/// The identity of the sender, for `SCM_CREDENTIALS`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Process {
    /// Its number.
    pub pid: i32,
    /// Its users: real, effective, saved.
    pub uids: [u32; 3],
    /// Its groups: real, effective, saved.
    pub gids: [u32; 3],
}

/// What one of the facts says of `it`.
#[inline(never)]
pub(super) fn holds<T>(fact: Option<&dyn Fn(T) -> bool>, it: T) -> bool {
    fact.is_none_or(|fact| fact(it))
}

/// What the verdict depends on and neither the socket nor the message says.
///
/// The default is favourable: every capability, enough memory, everything exists that a message names.
#[derive(Clone, Copy)]
pub struct Facts<'a> {
    /// The kernel's version. Where rules differ, that of the numbered release counts; its distributor may have
    /// taken over newer ones.
    pub release: Release,
    /// Capabilities of the sending thread in the user namespace that owns the socket's network namespace.
    pub capabilities: Capabilities,
    /// The sender; `None` if the credentials in the message are its own.
    pub process: Option<Process>,
    /// Whether the sender is a 32-bit program on a 64-bit kernel. Its control messages are then laid out as such a
    /// program has them, [`Abi::LINUX_32`](crate::Abi::LINUX_32), and the kernel is stricter: bytes behind the last
    /// message that are too few for a header are EINVAL, and too little memory is ENOMEM.
    pub compat: bool,
    /// `net.core.optmem_max`, in bytes.
    pub optmem_max: usize,
    /// Bytes of it that the socket already uses.
    pub optmem_used: usize,
    /// Whether the kernel sends CIPSO labels with the domain of interpretation that a message names.
    pub cipso: bool,
    /// Whether the kernel has mobile IPv6 (`CONFIG_IPV6_MIP6`), whose routing header is the only one to be sent.
    pub mip6: bool,
    /// What the numbers in `SCM_RIGHTS` are.
    pub descriptors: Descriptors<'a>,
    /// Whether there is a process of this number; not asked for 0 and negative numbers. `None`, here and below: of
    /// every number.
    pub process_exists: Option<&'a dyn Fn(i32) -> bool>,
    /// Whether this user exists in the sender's user namespace; not asked for -1.
    pub user_mapped: Option<&'a dyn Fn(u32) -> bool>,
    /// Whether this group exists in the sender's user namespace; not asked for -1.
    pub group_mapped: Option<&'a dyn Fn(u32) -> bool>,
    /// Whether there is an interface of this number.
    pub interface_exists: Option<&'a dyn Fn(u32) -> bool>,
    /// Whether packets may leave from this IPv6 address: whether it is one of the host's, or whether the socket may
    /// bind to any. Not asked for `::`.
    pub source_usable: Option<&'a dyn Fn(In6Addr) -> bool>,
}

impl Facts<'_> {
    /// The favourable facts.
    pub const FAVOURABLE: Facts<'static> = Facts {
        release: Release::NEWEST,
        capabilities: Capabilities::all(),
        process: None,
        compat: false,
        optmem_max: OPTMEM_MAX,
        optmem_used: 0,
        cipso: true,
        mip6: true,
        descriptors: Descriptors::AllOpen,
        process_exists: None,
        user_mapped: None,
        group_mapped: None,
        interface_exists: None,
        source_usable: None,
    };
}

impl Default for Facts<'_> {
    fn default() -> Self {
        Facts::FAVOURABLE
    }
}
