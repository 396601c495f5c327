//! What the tests must know of the machine, and the two things that they change about their own
//! thread.

use ancil::addr::{Be32, In6Addr, InAddr};
use ancil::verdict::{Capabilities, Existing, Facts, Process, Release};
use ancil::{IP_PKTINFO, IPV6_2292PKTINFO, IPV6_PKTINFO, Key, Reader};
use ancil::{SCM_CREDENTIALS, SCM_RIGHTS};
use std::fs;
use std::net::UdpSocket;
use std::ops::Range;
use std::os::fd::{AsRawFd, FromRawFd, OwnedFd};

/// The facts that hold for all messages.
pub struct Machine {
    pub release: Release,
    pub optmem_max: usize,
    pub process: Process,
    pub cipso: bool,
    pub mip6: bool,
    users: IdMap,
    groups: IdMap,
    /// The capabilities that do not count, since another user namespace owns this thread's network,
    /// or its namespace of process ids.
    void: Capabilities,
    /// An io_uring, if this kernel has them.
    uring: Option<OwnedFd>,
}

/// Of the things that one message names, those that exist.
#[derive(Default)]
pub struct Found {
    descriptors: Vec<i32>,
    io_urings: Vec<i32>,
    processes: Vec<i32>,
    users: Vec<u32>,
    groups: Vec<u32>,
    interfaces: Vec<u32>,
}

/// The only IPv6 address of a machine without a network.
const LOCALHOST: In6Addr = In6Addr {
    octets: [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1],
};

const LOCALHOST_IPV4: InAddr = InAddr {
    s_addr: Be32::new(0x7f00_0001),
};

fn number(path: &str) -> Option<usize> {
    fs::read_to_string(path).ok()?.trim().parse().ok()
}

fn release() -> Release {
    let text = fs::read_to_string("/proc/sys/kernel/osrelease").unwrap();
    let mut numbers = text
        .split(|c: char| !c.is_ascii_digit())
        .map_while(|n| n.parse().ok());
    Release(numbers.next().unwrap(), numbers.next().unwrap())
}

/// The ids that exist in a user namespace.
struct IdMap(Vec<Range<u64>>);

impl IdMap {
    /// Reads lines of three numbers: first id inside, first id outside, number of ids.
    fn read(path: &str) -> Self {
        let text = fs::read_to_string(path).unwrap();
        let numbers: Vec<u64> = text
            .split_whitespace()
            .map(|number| number.parse().unwrap())
            .collect();
        let range = |line: &[u64]| line[0]..line[0] + line[2];
        Self(numbers.chunks_exact(3).map(range).collect())
    }

    fn contains(&self, id: u32) -> bool {
        self.0.iter().any(|range| range.contains(&id.into()))
    }
}

/// Whether this thread's user namespace owns its network or another namespace: `ioctl_nsfs(2)`.
fn owns(namespace: &str) -> bool {
    use std::os::unix::fs::MetadataExt;
    const NS_GET_USERNS: u64 = 0xb701;
    let namespace = fs::File::open(format!("/proc/thread-self/ns/{namespace}")).unwrap();
    // SAFETY: NS_GET_USERNS takes no argument and accesses no memory.
    let owner = unsafe { libc::ioctl(namespace.as_raw_fd(), NS_GET_USERNS as _) };
    // SAFETY: the call has just opened `owner`, and nothing else owns it.
    let owner = (owner >= 0).then(|| fs::File::from(unsafe { OwnedFd::from_raw_fd(owner) }));
    let own = fs::metadata("/proc/self/ns/user").unwrap().ino();
    owner.is_some_and(|owner| owner.metadata().unwrap().ino() == own)
}

/// Whether the kernel was built with this option. Without /proc/config.gz, it counts as not set.
fn configured(option: &str) -> bool {
    let config = std::process::Command::new("zcat")
        .arg("/proc/config.gz")
        .output();
    config.is_ok_and(|out| {
        out.stdout
            .split(|byte| *byte == b'\n')
            .any(|line| line == format!("{option}=y").as_bytes())
    })
}

fn uring() -> Option<OwnedFd> {
    let mut parameters = [0u32; 30];
    // SAFETY: the call reads and writes a `struct io_uring_params`, which has 30 words as
    // `parameters` has.
    let fd = unsafe { libc::syscall(libc::SYS_io_uring_setup, 1, &raw mut parameters) };
    // SAFETY: the call has just opened `fd`, and nothing else owns it.
    i32::try_from(fd)
        .ok()
        .filter(|fd| *fd >= 0)
        .map(|fd| unsafe { OwnedFd::from_raw_fd(fd) })
}

fn process() -> Process {
    let (mut uids, mut gids) = ([0; 3], [0; 3]);
    // SAFETY: each call writes three ids, through references to three of them.
    unsafe {
        libc::getresuid(&raw mut uids[0], &raw mut uids[1], &raw mut uids[2]);
        libc::getresgid(&raw mut gids[0], &raw mut gids[1], &raw mut gids[2]);
    }
    Process {
        pid: std::process::id() as i32,
        uids,
        gids,
    }
}

/// Whether this is a 32-bit program on a 64-bit kernel.
pub fn compat() -> bool {
    // SAFETY: zero is a value of every field of `utsname`, and `uname` writes to no other memory.
    let name = unsafe {
        let mut name: libc::utsname = std::mem::zeroed();
        libc::uname(&mut name);
        name
    };
    let machine: Vec<u8> = name
        .machine
        .iter()
        .map(|c| *c as u8)
        .take_while(|c| *c != 0)
        .collect();
    size_of::<usize>() == 4 && machine.ends_with(b"64")
}

impl Machine {
    pub fn look() -> Self {
        let mut void = Capabilities::empty();
        void.set(Capabilities::CAP_SYS_ADMIN, !owns("pid"));
        void.set(
            Capabilities::CAP_NET_ADMIN | Capabilities::CAP_NET_RAW,
            !owns("net"),
        );
        Self {
            release: release(),
            optmem_max: number("/proc/sys/net/core/optmem_max").unwrap(),
            process: process(),
            // With NetLabel, the kernel knows only the domains that an administrator has defined.
            cipso: !configured("CONFIG_NETLABEL"),
            mip6: configured("CONFIG_IPV6_MIP6"),
            void,
            users: IdMap::read("/proc/self/uid_map"),
            groups: IdMap::read("/proc/self/gid_map"),
            uring: uring(),
        }
    }

    /// Looks for everything that these control messages name.
    pub fn find(&self, control: &[u8]) -> Found {
        let mut found = Found::default();
        for raw in Reader::new(control).map_while(Result::ok) {
            let int = |bytes: &[u8]| i32::from_ne_bytes(bytes.try_into().unwrap());
            let ints: Vec<i32> = raw.data.chunks_exact(4).map(int).collect();
            if SCM_RIGHTS.is(&raw) {
                found.descriptors.extend(ints);
            } else if SCM_CREDENTIALS.is(&raw) && ints.len() == 3 {
                found.processes.push(ints[0]);
                found.users.push(ints[1] as u32);
                found.groups.push(ints[2] as u32);
            } else if IPV6_PKTINFO.is(&raw) || IPV6_2292PKTINFO.is(&raw) {
                found
                    .interfaces
                    .extend(ints.get(4).map(|index| *index as u32));
            } else if IP_PKTINFO.is(&raw) {
                found
                    .interfaces
                    .extend(ints.first().map(|index| *index as u32));
            }
        }
        found.interfaces.push(1); // the loopback interface, which addresses of packets name
        found.descriptors.retain(|fd| is_open(*fd));
        found.processes.retain(|pid| process_exists(*pid));
        found.users.retain(|id| self.users.contains(*id));
        found.groups.retain(|id| self.groups.contains(*id));
        found.interfaces.retain(|index| interface_exists(*index));
        found
            .io_urings
            .extend(self.uring.as_ref().map(AsRawFd::as_raw_fd));
        found
    }

    /// Returns the facts about a message, for a thread that has these capabilities.
    pub fn facts<'a>(&self, held: Capabilities, found: &'a Found) -> Facts<'a> {
        let mut facts = Facts::default();
        facts.release = self.release;
        facts.capabilities = held - self.void;
        facts.sender = Some(self.process);
        facts.compat = compat();
        facts.optmem_max = self.optmem_max;
        facts.cipso = self.cipso;
        facts.mip6 = self.mip6;
        facts.descriptors = Existing::Only(&found.descriptors);
        facts.io_urings = &found.io_urings;
        facts.processes = Existing::Only(&found.processes);
        facts.users = Existing::Only(&found.users);
        facts.groups = Existing::Only(&found.groups);
        facts.interfaces = Existing::Only(&found.interfaces);
        facts.sources = Existing::Only(&[LOCALHOST]);
        facts.sources_ipv4 = Existing::Only(&[LOCALHOST_IPV4]);
        facts.mtu = mtu();
        facts
    }

    /// Returns the descriptor of an io_uring, or -1.
    pub fn uring(&self) -> i32 {
        self.uring.as_ref().map_or(-1, AsRawFd::as_raw_fd)
    }
}

pub fn errno() -> i32 {
    std::io::Error::last_os_error().raw_os_error().unwrap()
}

fn is_open(fd: i32) -> bool {
    // SAFETY: F_GETFD takes no argument and accesses no memory.
    unsafe { libc::fcntl(fd, libc::F_GETFD) >= 0 }
}

fn process_exists(pid: i32) -> bool {
    // SAFETY: no memory is involved, and signal 0 only checks whether the process exists.
    pid > 0 && unsafe { libc::kill(pid, 0) == 0 || errno() == libc::EPERM }
}

pub fn interface_exists(index: u32) -> bool {
    let mut name = [0; libc::IF_NAMESIZE];
    // SAFETY: `name` has the IF_NAMESIZE bytes that the call may write.
    !unsafe { libc::if_indextoname(index, name.as_mut_ptr()) }.is_null()
}

/// The MTU of the loopback interface in a network of the tests' own.
pub const MTU: usize = 9000;

/// Returns the MTU of the loopback interface.
fn mtu() -> usize {
    // SAFETY: zero is a value of every field of `ifreq`.
    let mut request: libc::ifreq = unsafe { std::mem::zeroed() };
    request.ifr_name[..2].copy_from_slice(&[b'l' as _, b'o' as _]);
    let socket = UdpSocket::bind("0.0.0.0:0").unwrap();
    // SAFETY: the call reads and writes an `ifreq`.
    let got = unsafe { libc::ioctl(socket.as_raw_fd(), libc::SIOCGIFMTU, &raw mut request) };
    assert_eq!(got, 0, "lo: {}", std::io::Error::last_os_error());
    // SAFETY: SIOCGIFMTU has written this field.
    unsafe { request.ifr_ifru.ifru_mtu as usize }
}

thread_local! {
    /// Whether this thread has a network of its own.
    pub static ALONE: std::cell::Cell<bool> = const { std::cell::Cell::new(false) };
}

/// Gives this thread a network of its own, which has only the loopback interface, so that no test
/// message can leave the machine. Returns `false` if this user may not have one. The tests then use
/// the loopback interface of the host.
pub fn leave_the_network() -> bool {
    // SAFETY: no memory is involved, and only the network of this thread changes.
    if unsafe { libc::unshare(libc::CLONE_NEWNET) } != 0 {
        return false;
    }
    // SAFETY: zero is a value of every field of `ifreq`.
    let mut request: libc::ifreq = unsafe { std::mem::zeroed() };
    request.ifr_name[..2].copy_from_slice(&[b'l' as _, b'o' as _]);
    request.ifr_ifru.ifru_flags = libc::IFF_UP as _;
    let socket = UdpSocket::bind("0.0.0.0:0").unwrap();
    // SAFETY: the call reads an `ifreq`.
    let up = unsafe { libc::ioctl(socket.as_raw_fd(), libc::SIOCSIFFLAGS, &raw const request) };
    assert_eq!(up, 0, "lo: {}", std::io::Error::last_os_error());
    // Less than the longest datagram, and more than all extension headers of a generated message.
    request.ifr_ifru.ifru_mtu = MTU as _;
    // SAFETY: the call reads an `ifreq`.
    let set = unsafe { libc::ioctl(socket.as_raw_fd(), libc::SIOCSIFMTU, &raw const request) };
    assert_eq!(set, 0, "lo: {}", std::io::Error::last_os_error());
    let _ = fs::write("/proc/sys/net/ipv4/ping_group_range", "0 2147483647"); // enables ping
    ALONE.set(true);
    true
}

/// The version of `capget(2)` and `capset(2)` with 64 bits: effective, permitted and inheritable
/// capabilities, first the lower 32 bits of each.
const VERSION_3: u32 = 0x2008_0522;

fn capabilities() -> [u32; 6] {
    let (header, mut sets) = ([VERSION_3, 0], [0; 6]);
    // SAFETY: the call reads `header` and writes two structures of three words to `sets`.
    assert_eq!(
        unsafe { libc::syscall(libc::SYS_capget, &raw const header, &raw mut sets) },
        0
    );
    sets
}

/// Returns the capabilities of this thread that matter for a verdict.
pub fn held() -> Capabilities {
    Capabilities::from_bits_truncate(capabilities()[0].into())
}

/// Drops all capabilities that matter for a verdict but `kept`, and restores those of `kept` that
/// the thread had at its start.
pub fn keep_capabilities(kept: Capabilities) {
    let header = [VERSION_3, 0];
    let mut sets = capabilities();
    sets[0] = sets[0] & !(Capabilities::all().bits() as u32) | sets[1] & kept.bits() as u32;
    // SAFETY: the call reads `header` and two structures of three words from `sets`.
    assert_eq!(
        unsafe { libc::syscall(libc::SYS_capset, &raw const header, &raw const sets) },
        0
    );
    assert!(kept.contains(held()));
}
