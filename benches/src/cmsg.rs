//! Writing and reading eight control messages.

use ancil::addr::{Be32, In6Addr, InAddr};
use ancil::payload::{In6Pktinfo, InPktinfo, Ucred};
use ancil::{
    Error, Fd, IP_PKTINFO, IP_TOS, IP_TTL, IPV6_HOPLIMIT, IPV6_PKTINFO, IPV6_TCLASS, NoSpace,
    Reader, SCM_CREDENTIALS, SCM_RIGHTS, UpTo, Writer, space_of,
};

/// The payloads of the eight messages. `struct eight` in c/cmsg.c has the same layout.
#[derive(Clone, Copy, Debug, PartialEq)]
#[repr(C)]
pub struct Eight {
    pub fds: [i32; 2],
    pub credentials: Ucred,
    pub tos: i32,
    pub ttl: i32,
    pub in4: InPktinfo,
    pub in6: In6Pktinfo,
    pub hoplimit: i32,
    pub tclass: i32,
}

/// The bytes that the eight messages take in a control buffer.
pub const SPACE: usize = space_of::<(
    UpTo<SCM_RIGHTS, 2>,
    SCM_CREDENTIALS,
    IP_TOS,
    IP_TTL,
    IP_PKTINFO,
    IPV6_PKTINFO,
    IPV6_HOPLIMIT,
    IPV6_TCLASS,
)>();

/// A control buffer, with at least the alignment that the system's macros need.
#[repr(align(16))]
pub struct Control(pub [u8; SPACE]);

impl Eight {
    /// All fields are zero.
    pub const NONE: Self = Self {
        fds: [0; 2],
        credentials: Ucred {
            pid: 0,
            uid: 0,
            gid: 0,
        },
        tos: 0,
        ttl: 0,
        in4: InPktinfo {
            ipi_ifindex: 0,
            ipi_spec_dst: ANY,
            ipi_addr: ANY,
        },
        in6: In6Pktinfo {
            ipi6_addr: In6Addr { octets: [0; 16] },
            ipi6_ifindex: 0,
        },
        hoplimit: 0,
        tclass: 0,
    };

    /// Every field has a value other than zero.
    pub const SOME: Self = Self {
        fds: [3, 4],
        credentials: Ucred {
            pid: 1,
            uid: 2,
            gid: 3,
        },
        tos: 2,
        ttl: 64,
        in4: InPktinfo {
            ipi_ifindex: 1,
            ipi_spec_dst: HERE,
            ipi_addr: HERE,
        },
        in6: In6Pktinfo {
            ipi6_addr: In6Addr { octets: [1; 16] },
            ipi6_ifindex: 1,
        },
        hoplimit: 64,
        tclass: 1,
    };
}

const ANY: InAddr = InAddr {
    s_addr: Be32::new(0),
};
const HERE: InAddr = InAddr {
    s_addr: Be32::new(0x7f00_0001),
};

unsafe extern "C" {
    fn c_cmsg_encode(control: *mut u8, size: usize, e: *const Eight) -> usize;
    fn c_cmsg_decode(control: *const u8, size: usize, e: *mut Eight) -> i32;
}

/// Writes the eight messages with ancil. Returns their length.
#[inline(never)]
pub fn encode(control: &mut Control, e: &Eight) -> Result<usize, NoSpace> {
    let mut w = Writer::new(&mut control.0);
    // SAFETY: nobody sends these messages, so these need not be descriptors.
    w.put(SCM_RIGHTS, &e.fds.map(|fd| unsafe { Fd::borrow_raw(fd) }))?;
    w.put(SCM_CREDENTIALS, e.credentials)?;
    w.put(IP_TOS, e.tos)?;
    w.put(IP_TTL, e.ttl)?;
    w.put(IP_PKTINFO, e.in4)?;
    w.put(IPV6_PKTINFO, e.in6)?;
    w.put(IPV6_HOPLIMIT, e.hoplimit)?;
    w.put(IPV6_TCLASS, e.tclass)?;
    Ok(w.finish().len())
}

/// Reads the messages with ancil. Returns how many of the eight were found.
#[inline(never)]
pub fn decode(control: &Control, len: usize, e: &mut Eight) -> Result<i32, Error> {
    let mut found = 0;
    for raw in Reader::new(&control.0[..len]) {
        let raw = raw?;
        if let Some(fds) = raw.get(SCM_RIGHTS)? {
            for (slot, fd) in e.fds.iter_mut().zip(fds.iter()) {
                *slot = fd;
            }
        } else if let Some(credentials) = raw.get(SCM_CREDENTIALS)? {
            e.credentials = credentials;
        } else if let Some(tos) = raw.get(IP_TOS)? {
            e.tos = tos;
        } else if let Some(ttl) = raw.get(IP_TTL)? {
            e.ttl = ttl;
        } else if let Some(info) = raw.get(IP_PKTINFO)? {
            e.in4 = info;
        } else if let Some(info) = raw.get(IPV6_PKTINFO)? {
            e.in6 = info;
        } else if let Some(limit) = raw.get(IPV6_HOPLIMIT)? {
            e.hoplimit = limit;
        } else if let Some(class) = raw.get(IPV6_TCLASS)? {
            e.tclass = class;
        } else {
            continue;
        }
        found += 1;
    }
    Ok(found)
}

/// Writes the eight messages with the system's macros. Returns their length.
#[inline(never)]
pub fn encode_c(control: &mut Control, e: &Eight) -> usize {
    // SAFETY: C writes at most SPACE bytes to `control`, which has as many and is aligned for
    // headers, and reads `e`, whose layout is that of `struct eight`: both are `repr(C)` with the
    // same fields.
    unsafe { c_cmsg_encode(control.0.as_mut_ptr(), SPACE, e) }
}

/// Reads the messages with the system's macros. Returns how many of the eight were found, or -1 if
/// a message is malformed.
#[inline(never)]
pub fn decode_c(control: &Control, len: usize, e: &mut Eight) -> i32 {
    assert!(len <= SPACE);
    // SAFETY: C reads at most `len` bytes of `control`, which the assertion above bounds, and does
    // not write to them. `control` is aligned for headers. C writes to `e`, which is exclusive and
    // has the layout of `struct eight`: both are `repr(C)` with the same fields. All its fields are
    // integers, so C cannot leave an invalid value there.
    unsafe { c_cmsg_decode(control.0.as_ptr(), len, e) }
}
