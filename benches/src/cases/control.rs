//! Walking, finding, any message, credentials, writing.

use super::by_hand::{each, read};
use super::crates::{nix_message, rustix_credentials};
use super::samples::{self, pktinfo};
use super::{CHECKS, NO_CHECK};
use crate::job::{Case, FAILED, Job, job, job_on};
use ancil::payload::Ucred;
use ancil::{
    IP_PKTINFO, IP_TOS, IPV6_PKTINFO, IPV6_TCLASS, Message, NoSpace, Raw, Reader, SCM_CREDENTIALS,
    UDP_GRO, UDP_SEGMENT, Writer,
};
use nix::sys::socket::ControlMessageOwned as Nix;
use std::hint::black_box;

type Bytes = &'static [u8];

pub fn cases() -> Vec<Case> {
    let (eight, credentials) = (samples::eight(), samples::eight_credentials());
    let libc_checked = "libc, checked";
    vec![
        Case::new(
            "Walk over 8 messages",
            vec![
                job("ancil", CHECKS, eight, walk).goal(0.85, libc_checked),
                job(libc_checked, CHECKS, eight, |b| walk_libc(b, true)),
                job("libc", NO_CHECK, eight, |b| walk_libc(b, false)),
            ],
        ),
        Case::new(
            "Find the 6th of 8 messages",
            vec![
                job("ancil, get", CHECKS, eight, find).goal(1.05, libc_checked),
                job(libc_checked, CHECKS, eight, |b| find_libc(b, true)),
                job("libc", NO_CHECK, eight, |b| find_libc(b, false)),
            ],
        ),
        of_any("credentials", samples::one(SCM_CREDENTIALS, &[1; 12])),
        of_any("UDP_GRO", samples::one(UDP_GRO, &[1, 0, 0, 0])),
        of_any("IPV6_TCLASS", samples::one(IPV6_TCLASS, &[1, 0, 0, 0])),
        Case::new(
            "8 credentials",
            vec![
                job("ancil, Message", CHECKS, credentials, credentials_message).at_most(600),
                job("ancil, Raw::get", CHECKS, credentials, credentials_raw)
                    .goal(0.95, libc_checked),
                job(libc_checked, CHECKS, credentials, credentials_libc),
                job("rustix", "clips lengths", credentials, rustix_credentials),
                job(
                    "nix",
                    "trusts lengths",
                    nix_message(credentials),
                    |message| message.cmsgs().map_or(FAILED, |all| all.map(one_nix).sum()),
                ),
            ],
        ),
        Case::new("Write ECN, GSO and PKTINFO", writers()),
    ]
}

#[inline(always)]
fn walk(control: &[u8]) -> u64 {
    let mut sum = 0;
    for raw in Reader::new(control) {
        let Ok(raw) = raw else { return FAILED };
        sum += raw.data.len() as u64 + raw.ty as u64;
    }
    sum
}

#[inline(always)]
fn walk_libc(control: &[u8], check: bool) -> u64 {
    let mut sum = 0;
    let add = |c: &libc::cmsghdr, data: &[u8]| {
        sum += data.len() as u64 + c.cmsg_type as u64;
        true
    };
    // SAFETY: the sample is aligned, and ancil wrote it with its padding.
    if unsafe { each(control, check, add) } {
        sum
    } else {
        FAILED
    }
}

#[inline(always)]
fn find(control: &[u8]) -> u64 {
    match Reader::new(control).get(IPV6_PKTINFO) {
        Ok(Some(info)) => info.ipi6_ifindex.into(),
        _ => FAILED,
    }
}

#[inline(always)]
fn find_libc(control: &[u8], check: bool) -> u64 {
    let mut found = FAILED;
    let look = |c: &libc::cmsghdr, data: &[u8]| {
        if (c.cmsg_level, c.cmsg_type) != (libc::IPPROTO_IPV6, libc::IPV6_PKTINFO) {
            return true;
        }
        if !check || data.len() == size_of::<libc::in6_pktinfo>() {
            // SAFETY: the length was compared, or the sample is known. All fields are integers.
            found = unsafe { read::<libc::in6_pktinfo>(data) }
                .ipi6_ifindex
                .into();
        }
        false
    };
    // SAFETY: the sample is aligned, and ancil wrote it with its padding.
    unsafe { each(control, check, look) };
    found
}

/// A message that was walked to already is decoded, whatever it is; three kinds are of interest.
fn of_any(row: &'static str, control: Bytes) -> Case {
    let raw = Reader::new(control)
        .next()
        .expect("a message")
        .expect("well-formed");
    let jobs = vec![
        job("ancil, Message", CHECKS, raw, one_message).at_most(60),
        job("ancil, three Raw::get", CHECKS, raw, one_raw),
        job(
            "nix",
            "with a walk of this message; trusts lengths",
            nix_message(control),
            |message| {
                let mut all = message.cmsgs().into_iter().flatten();
                all.next().map_or(FAILED, one_nix)
            },
        ),
    ];
    let title = "Any message, three of which count";
    Case { title, row, jobs }
}

#[inline(always)]
fn of_credentials(pid: i32, uid: u32, gid: u32) -> u64 {
    pid as u64 + u64::from(uid) + u64::from(gid)
}

#[inline(always)]
fn one_message(raw: Raw<'_>) -> u64 {
    match Message::from(raw) {
        Message::Credentials(Ucred { pid, uid, gid }) => of_credentials(pid, uid, gid),
        Message::UdpGro(n) | Message::Ipv6Tclass(n) => n as u64,
        _ => FAILED,
    }
}

#[inline(always)]
fn one_raw(raw: Raw<'_>) -> u64 {
    if let Ok(Some(Ucred { pid, uid, gid })) = raw.get(SCM_CREDENTIALS) {
        of_credentials(pid, uid, gid)
    } else if let Ok(Some(n)) = raw.get(UDP_GRO) {
        n as u64
    } else if let Ok(Some(n)) = raw.get(IPV6_TCLASS) {
        n as u64
    } else {
        FAILED
    }
}

#[inline(always)]
fn one_nix(message: Nix) -> u64 {
    match message {
        Nix::ScmCredentials(u) => of_credentials(u.pid(), u.uid(), u.gid()),
        Nix::UdpGroSegments(n) | Nix::Ipv6TClass(n) => n as u64,
        _ => FAILED,
    }
}

#[inline(always)]
fn credentials_message(control: &[u8]) -> u64 {
    let mut sum = 0;
    for raw in Reader::new(control) {
        let Ok(raw) = raw else { return FAILED };
        if let Message::Credentials(Ucred { pid, uid, gid }) = Message::from(raw) {
            sum += of_credentials(pid, uid, gid);
        }
    }
    sum
}

#[inline(always)]
fn credentials_raw(control: &[u8]) -> u64 {
    let mut sum = 0;
    for raw in Reader::new(control) {
        let Ok(raw) = raw else { return FAILED };
        match raw.get(SCM_CREDENTIALS) {
            Ok(Some(Ucred { pid, uid, gid })) => sum += of_credentials(pid, uid, gid),
            Ok(None) => {}
            Err(_) => return FAILED,
        }
    }
    sum
}

#[inline(always)]
fn credentials_libc(control: &[u8]) -> u64 {
    let (mut sum, mut bad) = (0, false);
    let add = |c: &libc::cmsghdr, data: &[u8]| {
        if (c.cmsg_level, c.cmsg_type) == (libc::SOL_SOCKET, libc::SCM_CREDENTIALS) {
            bad = data.len() != size_of::<libc::ucred>();
            if bad {
                return false;
            }
            // SAFETY: the length was compared. All fields are integers.
            let u = unsafe { read::<libc::ucred>(data) };
            sum += of_credentials(u.pid, u.uid, u.gid);
        }
        true
    };
    // SAFETY: the sample is aligned.
    if unsafe { each(control, true, add) } && !bad {
        sum
    } else {
        FAILED
    }
}

const OUT: usize = ancil::space_of::<(IP_TOS, UDP_SEGMENT, IP_PKTINFO)>();
type Out = samples::Aligned<[u8; OUT]>;
const VALUES: (u8, u16) = (2, 1200);

fn writers() -> Vec<Job> {
    let duty = "checks the space; zeroes padding";
    let (mut ours, mut theirs) = (samples::Aligned([1; OUT]), samples::Aligned([2; OUT]));
    write(&mut ours);
    write_libc(&mut theirs);
    assert_eq!(ours.0, theirs.0, "the same bytes");
    vec![
        job_on("ancil", duty, ours, write).goal(1.0, "libc, checked"),
        job_on(
            "libc, checked",
            "checks the space once; zeroes all first",
            theirs,
            write_libc,
        ),
    ]
}

#[inline(always)]
fn write(out: &mut Out) -> u64 {
    let (ecn, segment) = black_box(VALUES);
    let mut write = || -> Result<usize, NoSpace> {
        let mut w = Writer::new(&mut out.0);
        w.put(IP_TOS, ecn.into())?;
        w.put(UDP_SEGMENT, segment)?;
        w.put(IP_PKTINFO, black_box(pktinfo()))?;
        Ok(w.finish().len())
    };
    write().map_or(FAILED, |len| len as u64)
}

#[inline(always)]
fn write_libc(out: &mut Out) -> u64 {
    let (ecn, segment) = black_box(VALUES);
    out.0.fill(0);
    // SAFETY: zero is a valid value of each field.
    let mut m: libc::msghdr = unsafe { std::mem::zeroed() };
    m.msg_control = out.0.as_mut_ptr().cast();
    m.msg_controllen = OUT as _;
    let mut len = 0;
    // SAFETY: the buffer is aligned, and has space for three messages of these sizes; each header
    // is checked for NULL before it is written.
    unsafe {
        let mut c = libc::CMSG_FIRSTHDR(&m);
        let mut put = |level, ty, data: *const u8, size: usize| {
            if c.is_null() {
                return false;
            }
            (*c).cmsg_level = level;
            (*c).cmsg_type = ty;
            (*c).cmsg_len = libc::CMSG_LEN(size as _) as _;
            std::ptr::copy_nonoverlapping(data, libc::CMSG_DATA(c), size);
            len += libc::CMSG_SPACE(size as _) as u64;
            c = libc::CMSG_NXTHDR(&m, c);
            true
        };
        let (ecn, info) = (i32::from(ecn), black_box(pktinfo()));
        let done = put(libc::IPPROTO_IP, libc::IP_TOS, (&raw const ecn).cast(), 4)
            && put(
                libc::SOL_UDP,
                libc::UDP_SEGMENT,
                (&raw const segment).cast(),
                2,
            )
            && put(
                libc::IPPROTO_IP,
                libc::IP_PKTINFO,
                (&raw const info).cast(),
                12,
            );
        if done { len } else { FAILED }
    }
}
