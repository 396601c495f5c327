//! Sends generated messages on every socket, with all, some and no capabilities.

use crate::Outcome;
use crate::generate::control;
use crate::machine::{
    ALONE, Machine, compat, held, interface_exists, keep_capabilities, leave_the_network,
};
use crate::payloads::{EXTRA, OPEN, Rng};
use crate::targets::{Target, all};
use crate::verdict::Message;
use ancil::level::*;
use ancil::verdict::Capabilities;
use ancil::{
    IP_PKTINFO, IP_RETOPTS, IPV6_FLOWINFO, IPV6_HOPLIMIT, IPV6_PKTINFO, IPV6_TCLASS, Key, Reader,
};
use std::collections::BTreeMap;
use std::os::fd::{AsRawFd, FromRawFd, OwnedFd};

const HEADER: usize = size_of::<ancil::CmsgHdr>();
const LOCALHOST: [u8; 4] = [127, 0, 0, 1];

fn from_env(name: &str, or: u64) -> u64 {
    std::env::var(name).map_or(or, |text| {
        text.parse().unwrap_or_else(|e| panic!("{name}: {e}"))
    })
}

/// Changes source routes, addresses and interfaces so that the packets stay on this machine: a
/// verdict does not cover the route.
fn keep_at_home(control: &mut [u8]) {
    let found: Vec<_> = Reader::new(control)
        .map_while(Result::ok)
        .map(|raw| (raw.level, raw.ty, raw.offset, raw.data.len()))
        .collect();
    for (level, ty, offset, len) in found {
        let data = &mut control[offset + HEADER..][..len];
        let is = |key: (i32, i32)| key == (level, ty);
        if is((IP_RETOPTS::LEVEL, IP_RETOPTS::TYPE)) {
            for at in 0..len {
                if let (131 | 137, Some(hops)) = (data[at], data.get_mut(at + 3..)) {
                    match hops.first_chunk_mut() {
                        Some(hop) => *hop = LOCALHOST,
                        // The kernel adds zeros, and 0.0.0.0 is this machine, too.
                        None => hops.fill(0),
                    }
                }
            }
        } else if is((IP_PKTINFO::LEVEL, IP_PKTINFO::TYPE)) && len >= 8 {
            keep_interface(&mut data[..4]);
            keep_source(&mut data[4..8]);
        } else if is((IPV6_FLOWINFO::LEVEL, IPV6_FLOWINFO::TYPE)) && len >= 4 && !ALONE.get() {
            // Whether a label is accepted depends on other programs.
            data[1] &= 0xf0;
            data[2..4].copy_from_slice(&[0; 2]);
        } else if level == SOL_IPV6 && len >= 20 && [IPV6_PKTINFO::TYPE, 2].contains(&ty) {
            keep_interface(&mut data[16..20]);
            if data[..10] == [0; 10] && data[10..12] == [255; 2] {
                keep_source(&mut data[12..16]);
            }
        }
    }
}

/// Keeps the index of the loopback interface, and an index that no interface has.
fn keep_interface(index: &mut [u8]) {
    let number = u32::from_ne_bytes(index.try_into().unwrap());
    if number > 1 && interface_exists(number) {
        index.copy_from_slice(&[0; 4]);
    }
}

/// Keeps 127.0.0.1, and addresses that are not those of a host: 0.0.0.0 and others. Other addresses
/// become one that no machine has.
fn keep_source(address: &mut [u8]) {
    if *address != LOCALHOST && (1..224).contains(&address[0]) {
        address.copy_from_slice(&[192, 0, 2, 1]);
    }
}

/// Whether the control messages make the packet longer, or forbid to cut it.
fn takes_room(control: &[u8]) -> bool {
    let takes_room = |raw: ancil::Raw<'_>| match (raw.level, raw.ty) {
        (SOL_IP, ty) => ty == IP_RETOPTS::TYPE,
        (SOL_IPV6, ty) => {
            ![IPV6_PKTINFO::TYPE, IPV6_HOPLIMIT::TYPE, IPV6_TCLASS::TYPE].contains(&ty)
        }
        _ => false,
    };
    Reader::new(control).map_while(Result::ok).any(takes_room)
}

/// Returns the levels that the parser of a target reads. None means the level of descriptors and
/// credentials alone.
fn levels(target: &Target) -> &'static [i32] {
    match target.socket.domain {
        _ if !target.sizes.is_empty() => &[SOL_UDP, SOL_UDP, SOL_SOCKET],
        libc::AF_INET => &[SOL_SOCKET, SOL_IP, SOL_IP, SOL_UDP],
        libc::AF_INET6 if target.name.contains("ipv4") => &[SOL_SOCKET, SOL_IP, SOL_IPV6, SOL_UDP],
        libc::AF_INET6 => &[SOL_SOCKET, SOL_IPV6, SOL_UDP],
        libc::AF_UNIX | libc::AF_NETLINK => &[],
        _ => &[SOL_SOCKET],
    }
}

fn message(rng: &mut Rng, target: &Target) -> Message {
    let mut control = control(rng, levels(target));
    keep_at_home(&mut control);
    let mut message = Message {
        data: target.data.clone(),
        name: target.to.clone(),
        ..Message::default()
    };
    (message.controllen, message.control) = (control.len(), Some(control));
    if !target.sizes.is_empty() && !takes_room(message.control()) {
        message.data = vec![0; *rng.pick(target.sizes)];
        message.flags = *rng.pick(&[0, 0, 0, libc::MSG_CONFIRM as u32]);
    }
    let datagrams = target.socket.domain == libc::AF_UNIX && target.socket.ty != libc::SOCK_STREAM;
    if datagrams && rng.below(50) == 0 {
        message.flags = libc::MSG_OOB as u32;
    }
    if target.varied {
        match rng.below(100) {
            0 => message.flags = libc::MSG_OOB as u32,
            1 => message.name = None,
            2 => message
                .name
                .iter_mut()
                .for_each(|name| name.truncate(rng.below(name.len() + 1))),
            3 if target.socket.domain != libc::AF_NETLINK => {
                message.name.iter_mut().for_each(|name| {
                    name[0] = *rng.pick(&[0, 1, 2, 10, 16]);
                    // The address in IPv4, and the flow label in IPv6.
                    name[4..8].copy_from_slice(&LOCALHOST);
                })
            }
            4 => message
                .name
                .iter_mut()
                .for_each(|name| name[2..4].copy_from_slice(&[0, *rng.pick(&[0, 253, 255])])),
            5 => message.data.truncate(rng.below(message.data.len() + 1)),
            // IPv6 checks the length of a datagram only after the control messages.
            6 if target.name.contains('4') => message.data = vec![0; *rng.pick(&[65_536, 70_000])],
            _ => {}
        }
    }
    message.namelen = message.name.as_ref().map_or(0, |name| name.len() as i32);
    message.lengths = vec![message.data.len()];
    message
}

/// The results of all messages.
#[derive(Default)]
struct Tally {
    messages: u64,
    disagreements: Vec<String>,
    count: u64,
    by_target: BTreeMap<&'static str, (u64, u64)>,
    reasons: BTreeMap<String, u64>,
}

impl Tally {
    fn ask(&mut self, machine: &Machine, target: &Target, held: Capabilities, message: &Message) {
        let found = machine.find(message.control());
        let facts = target.facts(machine.facts(held, &found));
        let verdict = message.judge(&target.socket, &facts, target.fd.as_raw_fd());
        target.drain();
        self.messages += 1;
        let (accepted, refused) = self.by_target.entry(target.name).or_default();
        match verdict.ours {
            Ok(()) => *accepted += 1,
            Err(refusal) => {
                *refused += 1;
                *self
                    .reasons
                    .entry(format!("{:?}", refusal.reason))
                    .or_default() += 1;
            }
        }
        if !verdict.agrees() {
            self.count += 1;
            if self.disagreements.len() < 20 {
                self.disagreements.push(format!(
                    "{}, {held:?}: {verdict}\n    {message}",
                    target.name
                ));
            }
        }
    }

    fn print(&self) {
        println!("{} messages, {} disagreements", self.messages, self.count);
        for (target, (accepted, refused)) in &self.by_target {
            println!("  {target}: {accepted} accepted, {refused} refused");
        }
        let reasons: Vec<_> = self
            .reasons
            .iter()
            .map(|(reason, n)| format!("{reason} {n}"))
            .collect();
        println!("  refused for: {}", reasons.join(", "));
    }

    /// Checks that every target has accepted messages, if any may be, and refused some.
    fn check_variety(&self) {
        for (target, (accepted, refused)) in &self.by_target {
            let (some_accepted, some_refused) = (*accepted > 0, *refused > 0);
            assert!(
                some_accepted != target.ends_with("alone"),
                "{target}: {accepted} accepted"
            );
            assert!(
                some_refused == (*target != "mptcp" || compat()),
                "{target}: {refused} refused"
            );
        }
    }
}

/// Opens `/dev/null` under the numbers that the generator uses.
fn open_descriptors() -> Vec<OwnedFd> {
    let null = std::fs::File::open("/dev/null").unwrap();
    let open = |number: i32| {
        // SAFETY: F_DUPFD_CLOEXEC accesses no memory and changes no open descriptor.
        let fd = unsafe { libc::fcntl(null.as_raw_fd(), libc::F_DUPFD_CLOEXEC, number) };
        assert_eq!(fd, number);
        // SAFETY: `fcntl` has just opened `fd`, and nothing else owns it.
        unsafe { OwnedFd::from_raw_fd(fd) }
    };
    OPEN.into_iter().map(open).collect()
}

pub fn run() -> Outcome {
    if !leave_the_network() {
        println!("used the host's loopback interface: this user may not make a network namespace");
    }
    run_here()
}

/// Runs in this thread's network.
pub fn run_here() -> Outcome {
    let machine = Machine::look();
    let (targets, missing) = all();
    let _open = open_descriptors();
    EXTRA.set([
        machine.uring(),
        machine.process.pid,
        machine.process.uids[0] as i32,
    ]);
    let total = from_env("ANCIL_VERDICTS", 20_000);
    let mut rng = Rng(from_env("ANCIL_VERDICTS_SEED", 0x0123_4567_89ab_cdef));
    let mut tally = Tally::default();
    while tally.messages < total {
        let any = Capabilities::from_bits_truncate(rng.next());
        keep_capabilities(*rng.pick(&[Capabilities::all(), Capabilities::empty(), any]));
        let held = held();
        for target in targets.iter().cycle().take(20 * targets.len()) {
            let message = message(&mut rng, target);
            tally.ask(&machine, target, held, &message);
        }
    }
    missing
        .iter()
        .for_each(|reason| println!("not tested: {reason}"));
    tally.print();
    if tally.count == 0 {
        tally.check_variety();
        return Ok(None);
    }
    tally
        .disagreements
        .iter()
        .for_each(|disagreement| println!("{disagreement}"));
    Err(format!(
        "{} of {} messages: the verdict differs from the kernel's answer",
        tally.count, tally.messages
    )
    .into())
}
