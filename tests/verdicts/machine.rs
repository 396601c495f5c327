//! What the tests have to know of the machine, and the two things that they change about their own thread.

use ancil::addr::In6Addr;
use ancil::verdict::{Capabilities, Descriptor, Descriptors, Facts, Process, Release};
use std::fs;
use std::net::Ipv6Addr;
use std::os::fd::{AsRawFd, FromRawFd, OwnedFd};

/// What can be found out once.
pub struct Machine {
    pub release: Release,
    pub optmem_max: usize,
    pub process: Process,
    pub cipso: bool,
    pub mip6: bool,
    users: Map,
    groups: Map,
    /// Whether the process numbers are those of this thread's user namespace.
    own_processes: bool,
    /// An io_uring, where this kernel has them.
    uring: Option<OwnedFd>,
}

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

/// Whether this number exists in a user namespace.
type Map = Box<dyn Fn(u32) -> bool>;

/// Lines of three: first number inside, first number outside, how many.
fn map(path: &str) -> Map {
    let text = fs::read_to_string(path).unwrap();
    let numbers: Vec<u64> = text
        .split_whitespace()
        .map(|number| number.parse().unwrap())
        .collect();
    Box::new(move |id| {
        numbers
            .chunks_exact(3)
            .any(|range| (range[0]..range[0] + range[2]).contains(&id.into()))
    })
}

/// `ioctl_nsfs(2)`: the user namespace that owns the numbers of processes.
fn own_processes() -> bool {
    use std::os::unix::fs::MetadataExt;
    const NS_GET_USERNS: u64 = 0xb701;
    let of_pids = fs::File::open("/proc/self/ns/pid").unwrap();
    // SAFETY: it takes no argument.
    let owner = unsafe { libc::ioctl(of_pids.as_raw_fd(), NS_GET_USERNS as _) };
    // SAFETY: a descriptor that was just opened, of nobody else. Those of others are not given out.
    let owner = (owner >= 0).then(|| fs::File::from(unsafe { OwnedFd::from_raw_fd(owner) }));
    let own = fs::metadata("/proc/self/ns/user").unwrap().ino();
    owner.is_some_and(|owner| owner.metadata().unwrap().ino() == own)
}

/// Whether the kernel was built with this, as far as it tells.
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
    let mut parameters = [0u32; 30]; // struct io_uring_params
    // SAFETY: the structure that the call reads and writes; all zero is valid.
    let fd = unsafe { libc::syscall(libc::SYS_io_uring_setup, 1, &raw mut parameters) };
    // SAFETY: a descriptor that was just opened, of nobody else.
    i32::try_from(fd)
        .ok()
        .filter(|fd| *fd >= 0)
        .map(|fd| unsafe { OwnedFd::from_raw_fd(fd) })
}

fn process() -> Process {
    let (mut uids, mut gids) = ([0; 3], [0; 3]);
    // SAFETY: three places to write for each call.
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
    // SAFETY: plain bytes, which it fills.
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
        Self {
            release: release(),
            optmem_max: number("/proc/sys/net/core/optmem_max").unwrap(),
            process: process(),
            // With labels the kernel knows those domains only that an administrator named.
            cipso: !configured("CONFIG_NETLABEL"),
            mip6: configured("CONFIG_IPV6_MIP6"),
            own_processes: own_processes(),
            users: map("/proc/self/uid_map"),
            groups: map("/proc/self/gid_map"),
            uring: uring(),
        }
    }

    /// The facts, for a thread that has these capabilities.
    pub fn facts<'a>(
        &'a self,
        held: Capabilities,
        descriptor: &'a dyn Fn(i32) -> Descriptor,
    ) -> Facts<'a> {
        Facts {
            release: self.release,
            capabilities: if self.own_processes {
                held
            } else {
                held - Capabilities::CAP_SYS_ADMIN
            },
            process: Some(self.process),
            compat: compat(),
            optmem_max: self.optmem_max,
            optmem_used: 0,
            cipso: self.cipso,
            mip6: self.mip6,
            descriptors: Descriptors::Ask(descriptor),
            process_exists: Some(&process_exists),
            user_mapped: Some(&self.users),
            group_mapped: Some(&self.groups),
            interface_exists: Some(&interface_exists),
            source_usable: Some(&|address: In6Addr| Ipv6Addr::from(address) == Ipv6Addr::LOCALHOST),
        }
    }

    pub fn descriptor(&self, fd: i32) -> Descriptor {
        if self
            .uring
            .as_ref()
            .is_some_and(|uring| uring.as_raw_fd() == fd)
        {
            return Descriptor::IoUring;
        }
        // SAFETY: it only asks.
        if unsafe { libc::fcntl(fd, libc::F_GETFD) } >= 0 {
            Descriptor::Open
        } else {
            Descriptor::Closed
        }
    }

    /// The number of an io_uring, or of nothing.
    pub fn uring(&self) -> i32 {
        self.uring.as_ref().map_or(-1, AsRawFd::as_raw_fd)
    }
}

pub fn errno() -> i32 {
    std::io::Error::last_os_error().raw_os_error().unwrap()
}

fn process_exists(pid: i32) -> bool {
    // SAFETY: signal 0 is none.
    unsafe { libc::kill(pid, 0) == 0 || errno() == libc::EPERM }
}

pub fn interface_exists(index: u32) -> bool {
    let mut name = [0; libc::IF_NAMESIZE];
    // SAFETY: room for a name.
    !unsafe { libc::if_indextoname(index, name.as_mut_ptr()) }.is_null()
}

/// A network of this thread's own with nothing in it but the loopback interface, so that no test message can leave
/// the machine. Where this user may not have one, the host's own loopback serves.
pub fn leave_the_network() -> bool {
    // SAFETY: it changes the network of this thread alone.
    if unsafe { libc::unshare(libc::CLONE_NEWNET) } != 0 {
        return false;
    }
    // SAFETY: zero is a value of every field, of which one member of the union is read.
    let mut request: libc::ifreq = unsafe { std::mem::zeroed() };
    request.ifr_name[..2].copy_from_slice(&[b'l' as _, b'o' as _]);
    request.ifr_ifru.ifru_flags = libc::IFF_UP as _;
    // SAFETY: the request that this call takes.
    let up = unsafe {
        let socket = OwnedFd::from_raw_fd(libc::socket(libc::AF_INET, libc::SOCK_DGRAM, 0));
        libc::ioctl(socket.as_raw_fd(), libc::SIOCSIFFLAGS, &raw const request)
    };
    assert_eq!(up, 0, "lo: {}", std::io::Error::last_os_error());
    let _ = fs::write("/proc/sys/net/ipv4/ping_group_range", "0 2147483647"); // or there is no ping
    true
}

/// `capget(2)` and `capset(2)` of this thread: header, then effective, permitted, inheritable, twice 32 bits.
const VERSION_3: u32 = 0x2008_0522;

fn capabilities() -> [u32; 6] {
    let (header, mut sets) = ([VERSION_3, 0], [0; 6]);
    // SAFETY: the structures that the call reads and writes.
    assert_eq!(
        unsafe { libc::syscall(libc::SYS_capget, &raw const header, &raw mut sets) },
        0
    );
    sets
}

/// The capabilities that this thread has, of those that matter.
pub fn held() -> Capabilities {
    Capabilities::from_bits_truncate(capabilities()[0].into())
}

/// Takes all of those that matter from this thread but these, and gives back these if it had them at its start.
pub fn keep_capabilities(kept: Capabilities) {
    let header = [VERSION_3, 0];
    let mut sets = capabilities();
    sets[0] = sets[0] & !(Capabilities::all().bits() as u32) | sets[1] & kept.bits() as u32;
    // SAFETY: the structures that the call reads.
    assert_eq!(
        unsafe { libc::syscall(libc::SYS_capset, &raw const header, &raw const sets) },
        0
    );
    assert!(kept.contains(held()));
}
