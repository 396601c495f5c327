//! The sockets to send on, one or two of each kind that has a parser.

use ancil::MsgHdrMut;
use ancil::verdict::{Existing, Facts, Socket, State};
use std::io::Error;
use std::mem::size_of_val;
use std::net::{SocketAddr, TcpListener, TcpStream, UdpSocket};
use std::os::fd::{AsRawFd, FromRawFd, OwnedFd};

/// A socket, and what to send on it.
pub struct Target {
    pub name: &'static str,
    pub socket: Socket,
    pub fd: OwnedFd,
    pub data: Vec<u8>,
    pub to: Option<Vec<u8>>,
    /// Whether the tests vary flags, address and length.
    pub varied: bool,
    /// Numbers of bytes to send; none if only `data` suits.
    pub sizes: &'static [usize],
    /// The flow labels that the socket may use.
    pub flow_labels: Existing<'static, u32>,
    receivers: Vec<OwnedFd>,
}

const AF_PACKET: i32 = libc::AF_PACKET;
const IPPROTO_MPTCP: i32 = 262;
/// A protocol number reserved for experiments, which no program of this machine uses.
const IPPROTO_NONE: i32 = 253;

fn open(domain: i32, ty: i32, protocol: i32) -> Result<OwnedFd, Error> {
    // SAFETY: no memory is involved.
    let fd = unsafe { libc::socket(domain, ty | libc::SOCK_CLOEXEC, protocol) };
    // SAFETY: the call has just opened `fd`, and nothing else owns it.
    if fd < 0 {
        Err(Error::last_os_error())
    } else {
        Ok(unsafe { OwnedFd::from_raw_fd(fd) })
    }
}

pub fn set<T>(fd: &OwnedFd, level: i32, option: i32, value: T) -> Result<(), Error> {
    let len = size_of_val(&value) as libc::socklen_t;
    // SAFETY: the call reads `len` bytes of `value`.
    match unsafe {
        libc::setsockopt(
            fd.as_raw_fd(),
            level,
            option,
            (&raw const value).cast(),
            len,
        )
    } {
        0 => Ok(()),
        _ => Err(Error::last_os_error()),
    }
}

pub fn name(to: SocketAddr) -> Vec<u8> {
    let (family, port) = (
        if to.is_ipv4() {
            libc::AF_INET
        } else {
            libc::AF_INET6
        },
        to.port().to_be_bytes(),
    );
    let start = [&(family as u16).to_ne_bytes()[..], &port].concat();
    match to {
        SocketAddr::V4(to) => [&start[..], &to.ip().octets(), &[0; 8]].concat(),
        SocketAddr::V6(to) => [&start[..], &[0; 4], &to.ip().octets(), &[0; 4]].concat(),
    }
}

/// Describes a socket that is not connected and has no option set.
pub fn bare(domain: i32, ty: i32, protocol: i32) -> Socket {
    let mut socket = Socket::new(domain, ty, protocol);
    socket.state = State::empty();
    socket
}

impl Target {
    pub fn new(name: &'static str, socket: Socket, data: &[u8]) -> Result<Self, Error> {
        let fd = open(socket.domain, socket.ty, socket.protocol)?;
        Ok(Self::with(name, socket, fd, data))
    }

    fn with(name: &'static str, socket: Socket, fd: OwnedFd, data: &[u8]) -> Self {
        Self {
            name,
            socket,
            fd,
            data: data.into(),
            to: None,
            varied: true,
            sizes: &[],
            flow_labels: Existing::All,
            receivers: Vec::new(),
        }
    }

    /// Adds what only the socket shows to the facts about a message.
    pub fn facts<'a>(&self, mut facts: Facts<'a>) -> Facts<'a> {
        facts.flow_labels = self.flow_labels;
        facts
    }

    pub fn to(mut self, to: &str) -> Self {
        self.to = Some(name(to.parse().unwrap()));
        self
    }

    pub fn connect(&self, to: &[u8]) -> Result<(), Error> {
        let len = to.len() as libc::socklen_t;
        // SAFETY: the call reads `len` bytes of `to`.
        match unsafe { libc::connect(self.fd.as_raw_fd(), to.as_ptr().cast(), len) } {
            0 => Ok(()),
            _ => Err(Error::last_os_error()),
        }
    }

    pub fn bind(&self, own: &[u8]) -> Result<(), Error> {
        let len = own.len() as libc::socklen_t;
        // SAFETY: the call reads `len` bytes of `own`.
        match unsafe { libc::bind(self.fd.as_raw_fd(), own.as_ptr().cast(), len) } {
            0 => Ok(()),
            _ => Err(Error::last_os_error()),
        }
    }

    /// Sets the options that `SCM_TXTIME` and `SCM_TS_OPT_ID` need.
    fn with_options(mut self) -> Result<Self, Error> {
        const SO_TXTIME: i32 = 61;
        const OPT_ID: u32 = 1 << 7;
        set(
            &self.fd,
            libc::SOL_SOCKET,
            SO_TXTIME,
            [libc::CLOCK_MONOTONIC, 0],
        )?;
        set(&self.fd, libc::SOL_SOCKET, libc::SO_TIMESTAMPING, OPT_ID)?;
        self.socket.state |= State::TXTIME | State::OPT_ID;
        Ok(self)
    }

    fn pair(name: &'static str, ty: i32) -> Result<Self, Error> {
        let mut fds = [0; 2];
        // SAFETY: the call writes two descriptors to `fds`, which has two.
        if unsafe { libc::socketpair(libc::AF_UNIX, ty | libc::SOCK_CLOEXEC, 0, fds.as_mut_ptr()) }
            != 0
        {
            return Err(Error::last_os_error());
        }
        // SAFETY: the call has just opened both, and nothing else owns them.
        let [fd, other] = fds.map(|fd| unsafe { OwnedFd::from_raw_fd(fd) });
        let mut socket = bare(libc::AF_UNIX, ty, 0);
        socket.state = State::CONNECTED;
        let target = Self::with(name, socket, fd, &[0]);
        Ok(Self {
            varied: false,
            receivers: vec![other],
            ..target
        })
    }

    /// Makes a socket of AF_UNIX without a peer.
    fn alone(name: &'static str, ty: i32) -> Result<Self, Error> {
        crate::states::alone(name, bare(libc::AF_UNIX, ty, 0))
    }

    /// Makes a socket of UDP or UDP-Lite that sends to the port of a bound UDP socket. UDP-Lite has
    /// no receiver there, which the sender does not notice.
    pub fn udp(name: &'static str, domain: i32, protocol: i32, to: &str) -> Result<Self, Error> {
        let receiver = UdpSocket::bind(to)?;
        let mut to = receiver.local_addr()?;
        if let (libc::AF_INET6, SocketAddr::V4(v4)) = (domain, to) {
            to = SocketAddr::new(v4.ip().to_ipv6_mapped().into(), v4.port());
        }
        let mut target =
            Self::new(name, bare(domain, libc::SOCK_DGRAM, protocol), &[0])?.to(&to.to_string());
        target.receivers.push(receiver.into());
        Ok(target)
    }

    fn tcp() -> Result<Self, Error> {
        let listener = TcpListener::bind("127.0.0.1:0")?;
        let stream = TcpStream::connect(listener.local_addr()?)?;
        let receivers = vec![listener.accept()?.0.into()];
        let mut socket = bare(libc::AF_INET, libc::SOCK_STREAM, 0);
        socket.state = State::CONNECTED;
        let target = Self::with("tcp", socket, stream.into(), &[0]);
        Ok(Self {
            varied: false,
            receivers,
            ..target
        })
    }

    /// Makes a socket of multipath TCP, which ignores control messages.
    fn mptcp() -> Result<Self, Error> {
        let listener = TcpListener::bind("127.0.0.1:0")?;
        let mut target = Self::new(
            "mptcp",
            Socket::new(libc::AF_INET, libc::SOCK_STREAM, IPPROTO_MPTCP),
            &[0],
        )?;
        let to = name(listener.local_addr()?);
        target.connect(&to)?;
        target.receivers.push(listener.accept()?.0.into());
        target.varied = false;
        Ok(target)
    }

    fn packet() -> Result<Self, Error> {
        let mut target = Self::new("packet", bare(AF_PACKET, libc::SOCK_DGRAM, 0), &[0])?;
        // SAFETY: zero is a value of every field of `sockaddr_ll`.
        let mut to: libc::sockaddr_ll = unsafe { std::mem::zeroed() };
        (to.sll_family, to.sll_protocol, to.sll_halen) = (AF_PACKET as u16, 0x88b5u16.to_be(), 6);
        // SAFETY: the call reads a string that ends with NUL.
        to.sll_ifindex = unsafe { libc::if_nametoindex(c"lo".as_ptr()) } as i32;
        // SAFETY: `to` is initialised, and `sockaddr_ll` has no padding, so all its bytes are.
        let bytes =
            unsafe { std::slice::from_raw_parts((&raw const to).cast::<u8>(), size_of_val(&to)) };
        target.to = Some(bytes.into());
        Ok(target)
    }

    fn netlink() -> Result<Self, Error> {
        // struct nlmsghdr: length 16, type NLMSG_NOOP, no flags, so the kernel sends no answer.
        let nothing = [16u32.to_ne_bytes(), 1u32.to_ne_bytes(), [0; 4], [0; 4]].concat();
        let mut target = Self::new(
            "netlink",
            bare(libc::AF_NETLINK, libc::SOCK_RAW, libc::NETLINK_ROUTE),
            &nothing,
        )?;
        target.to = Some([&(libc::AF_NETLINK as u16).to_ne_bytes()[..], &[0; 10]].concat());
        Ok(target)
    }

    /// Makes a raw socket that sends IP headers of its own.
    fn hdrincl() -> Result<Self, Error> {
        let header = [
            &[0x45, 0, 0, 20, 0, 0, 0, 0, 64, 253, 0, 0][..],
            &[127, 0, 0, 1],
            &[127, 0, 0, 1],
        ]
        .concat();
        // `IPPROTO_RAW` implies IP_HDRINCL. Nothing else is on.
        let mut socket = Socket::new(libc::AF_INET, libc::SOCK_RAW, libc::IPPROTO_RAW);
        socket.state &= State::HDRINCL;
        let mut target = Self::new("raw4, hdrincl", socket, &header)?;
        target.varied = false;
        Ok(target.to("127.0.0.1:0"))
    }

    /// Empties the queues at both ends. Descriptors that arrived are closed.
    pub fn drain(&self) {
        let (mut control, mut bytes) = ([0; 2048], [0; 64]);
        for receiver in &self.receivers {
            let mut take = |flags| {
                let mut vectors = [ancil::IoVecMut::new(&mut bytes)];
                let mut message = MsgHdrMut::new().iov(&mut vectors).control(&mut control);
                ancil::io::recvmsg(
                    receiver,
                    &mut message,
                    flags | ancil::MsgFlags::MSG_DONTWAIT,
                )
                .is_ok()
            };
            while take(ancil::MsgFlags::empty()) {}
        }
        let mut vectors = [ancil::IoVecMut::new(&mut bytes)];
        let mut message = MsgHdrMut::new().iov(&mut vectors).control(&mut control);
        let queue = ancil::MsgFlags::MSG_ERRQUEUE | ancil::MsgFlags::MSG_DONTWAIT;
        let _ = ancil::io::recvmsg(&self.fd, &mut message, queue); // mostly empty
    }
}

/// Makes every target that this machine and user can have. The second list says why others are
/// missing.
pub fn all() -> (Vec<Target>, Vec<String>) {
    const ECHO: [u8; 8] = [8, 0, 0, 0, 0, 0, 0, 0];
    const ECHO6: [u8; 8] = [128, 0, 0, 0, 0, 0, 0, 0];
    use libc::{AF_INET, AF_INET6, SOCK_DGRAM, SOCK_RAW};
    let (udp, lite) = (Target::udp, libc::IPPROTO_UDPLITE);
    let made = [
        ("unix dgram", Target::pair("unix dgram", SOCK_DGRAM)),
        (
            "unix stream",
            Target::pair("unix stream", libc::SOCK_STREAM),
        ),
        (
            "unix seqpacket",
            Target::pair("unix seqpacket", libc::SOCK_SEQPACKET),
        ),
        (
            "unix dgram, alone",
            Target::alone("unix dgram, alone", SOCK_DGRAM),
        ),
        (
            "unix stream, alone",
            Target::alone("unix stream, alone", libc::SOCK_STREAM),
        ),
        (
            "unix seqpacket, alone",
            Target::alone("unix seqpacket, alone", libc::SOCK_SEQPACKET),
        ),
        ("netlink", Target::netlink()),
        ("udp4", udp("udp4", AF_INET, 0, "127.0.0.1:0")),
        (
            "udp4, options",
            udp("udp4, options", AF_INET, 0, "127.0.0.1:0").and_then(Target::with_options),
        ),
        ("udp6", udp("udp6", AF_INET6, 0, "[::1]:0")),
        (
            "udp6, options",
            udp("udp6, options", AF_INET6, 0, "[::1]:0").and_then(Target::with_options),
        ),
        (
            "udp6 to ipv4",
            udp("udp6 to ipv4", AF_INET6, 0, "127.0.0.1:0"),
        ),
        ("udplite4", udp("udplite4", AF_INET, lite, "127.0.0.1:0")),
        ("udplite6", udp("udplite6", AF_INET6, lite, "[::1]:0")),
        (
            "raw4",
            Target::new("raw4", bare(AF_INET, SOCK_RAW, IPPROTO_NONE), &[0; 8])
                .map(|t| t.to("127.0.0.1:0")),
        ),
        ("raw4, hdrincl", Target::hdrincl()),
        (
            "raw6",
            Target::new("raw6", bare(AF_INET6, SOCK_RAW, IPPROTO_NONE), &[0; 8])
                .map(|t| t.to("[::1]:0")),
        ),
        (
            "ping4",
            Target::new("ping4", bare(AF_INET, SOCK_DGRAM, 1), &ECHO).map(|t| t.to("127.0.0.1:0")),
        ),
        (
            "ping6",
            Target::new("ping6", bare(AF_INET6, SOCK_DGRAM, 58), &ECHO6).map(|t| t.to("[::1]:0")),
        ),
        ("tcp", Target::tcp()),
        ("mptcp", Target::mptcp()),
        ("packet", Target::packet()),
    ];
    let (mut targets, mut missing) = (Vec::new(), Vec::new());
    for (name, target) in made.into_iter().chain(crate::states::all()) {
        match target {
            Ok(target) => targets.push(target),
            Err(e) => missing.push(format!("{name}: {e}")),
        }
    }
    // While one socket owns an exclusive flow label, the others may not use any.
    let is_owned = |target: &Target| target.flow_labels != Existing::All;
    if targets.iter().any(is_owned) {
        let others = targets.iter_mut().filter(|target| !is_owned(target));
        others.for_each(|target| target.flow_labels = Existing::Only(&[]));
    }
    (targets, missing)
}

/// Makes the target of this name.
pub fn find(name: &str) -> Option<Target> {
    all().0.into_iter().find(|target| target.name == name)
}
