//! Judges any control messages on any socket, with any facts.
//!
//! A verdict names a message that is there; better facts never make it worse; C says the same.
#![no_main]

use ancil::addr::{In6Addr, InAddr};
use ancil::verdict::{
    Capabilities, Existing, Facts, Outgoing, Process, Refusal, Release, Socket, State,
    check_control, check_sendmsg,
};
use ancil::{Abi, CATALOGUE, MsgFlags, Reader};
use ancil_fuzz::{assert_printed, c, control, number, parts};
use arbitrary::Arbitrary;
use libfuzzer_sys::fuzz_target;
use std::net::{Ipv4Addr, Ipv6Addr};
use std::ptr;

#[derive(Arbitrary, Debug)]
struct Input<'a> {
    socket: (u8, u8, u8),
    state: u32,
    lacking: u64,
    release: Option<(u8, u8)>,
    compat: bool,
    sender: Option<(i32, u32, u32)>,
    payload: Option<u16>,
    mtu: u16,
    optmem: (u16, u16),
    known: [bool; 6],
    interface: u8,
    flow_info: u32,
    flags: u32,
    ids: [i32; 2],
    sources: (Ipv6Addr, Ipv4Addr),
    name: &'a [u8],
    messages: Vec<(u8, Payload<'a>)>,
    rest: &'a [u8],
}

/// Most messages have a number, so most payloads are one: else few messages would be valid.
#[derive(Arbitrary, Debug)]
enum Payload<'a> {
    Small(u8),
    Word([u8; 4]),
    Long(u8),
    Bytes(&'a [u8]),
}

impl Payload<'_> {
    fn bytes(&self) -> Vec<u8> {
        match self {
            Self::Small(value) => i32::from(*value).to_ne_bytes().into(),
            Self::Word(bytes) => bytes.as_slice().into(),
            Self::Long(value) => u64::from(*value).to_ne_bytes().into(),
            Self::Bytes(bytes) => (*bytes).into(),
        }
    }
}

const DOMAINS: [i32; 16] = [1, 2, 10, 16, 17, 21, 29, 31, 32, 33, 38, 40, 42, 45, 0, -1];
const PROTOCOLS: [i32; 16] = [0, 1, 2, 6, 17, 58, 132, 136, 255, 33, 115, 3, 5, 7, 262, -1];

fn socket(input: &Input<'_>) -> [i32; 3] {
    let (domain, ty, protocol) = input.socket;
    [
        DOMAINS[usize::from(domain % 16)],
        i32::from(ty % 8),
        PROTOCOLS[usize::from(protocol % 16)],
    ]
}

fn release(input: &Input<'_>) -> Release {
    let of = |(major, minor): (u8, u8)| Release(major.into(), minor.into());
    input.release.map_or(Release::NEWEST, of)
}

/// Returns what is left if a list restricts it.
fn only<T>(known: bool, list: &[T]) -> Existing<'_, T> {
    if known {
        Existing::All
    } else {
        Existing::Only(list)
    }
}

/// Asserts that a refusal names a header that a walk over the buffer comes to.
fn check_place(refusal: Refusal, control: &[u8], abi: Abi) {
    assert!(refusal.errno().0 > 0 && !refusal.reason.words().is_empty());
    let Some(offset) = refusal.offset else {
        assert_eq!(refusal.message, None);
        return;
    };
    let mut walk = Reader::new(control).with_abi(abi);
    let found = walk.find(|step| match step {
        Ok(raw) => raw.offset == offset,
        Err(e) => e.offset == offset,
    });
    match found {
        Some(Ok(raw)) => assert_eq!(refusal.message, Some((raw.level, raw.ty))),
        Some(Err(_)) => assert_eq!(refusal.message, None),
        // The kernel refuses what is left after the messages of a 32-bit program.
        None => assert!(abi != Abi::NATIVE && offset < control.len()),
    }
}

/// Asserts that C returns and prints the same for the facts that C knows.
fn in_c(input: &Input<'_>, control: &[u8], fds: &[i32], labels: &[u32]) {
    let [domain, ty, protocol] = socket(input);
    let bit = |bit: u32| i32::from(input.state >> bit & 1 == 1);
    let list = |known: bool| {
        if known {
            (ptr::null(), 3)
        } else {
            (fds.as_ptr(), fds.len())
        }
    };
    let (pid, uid, gid) = input.sender.unwrap_or((0, 1, 1));
    let facts = c::Facts {
        lacking: input.lacking,
        optmem_max: number(input.optmem.0),
        fds: list(input.known[0]).0,
        fds_len: list(input.known[0]).1,
        flow_labels: if input.known[1] {
            ptr::null()
        } else {
            labels.as_ptr()
        },
        flow_labels_len: labels.len(),
        payload: input.payload.map_or(0, number),
        mtu: input.mtu.into(),
        interface: input.interface.into(),
        flow_info: input.flow_info,
        release: input.release.map_or(0, |(major, minor)| {
            u32::from(major) << 16 | u32::from(minor)
        }),
        pid,
        uid,
        gid,
        no_txtime: bit(0),
        no_opt_id: bit(1),
        to_ipv4: bit(2),
        hdrincl: bit(3),
        tls: bit(4),
        no_check: bit(5),
        compat: input.compat.into(),
        spare: [0; 4],
    };
    let mut socket = Socket::new(domain, ty, protocol);
    (socket.interface, socket.flow_info) = (facts.interface, facts.flow_info);
    let states = [
        (State::TXTIME, facts.no_txtime == 0),
        (State::OPT_ID, facts.no_opt_id == 0),
        (State::TO_IPV4, facts.to_ipv4 == 1),
        (State::TLS, facts.tls == 1),
        (State::NO_CHECK | State::NO_CHECK6_TX, facts.no_check == 1),
        (
            State::HDRINCL,
            facts.hdrincl == 1 || socket.state.contains(State::HDRINCL),
        ),
    ];
    for (state, is_set) in states {
        socket.state.set(state, is_set);
    }
    let mut same = Facts::default();
    same.capabilities = Capabilities::from_bits_truncate(!input.lacking);
    same.descriptors = only(input.known[0], fds);
    same.flow_labels = only(input.known[1], labels);
    same.compat = input.compat;
    if facts.optmem_max != 0 {
        same.optmem_max = facts.optmem_max;
    }
    if facts.mtu != 0 {
        same.mtu = facts.mtu as usize;
    }
    if facts.release != 0 {
        same.release = release(input);
    }
    same.payload = Some(facts.payload).filter(|payload| *payload != 0);
    same.sender = (pid != 0).then_some(Process {
        pid,
        uids: [uid; 3],
        gids: [gid; 3],
    });
    let verdict = check_control(&socket, &same, control);
    let (data, len) = parts(control);
    let errno = |verdict: Result<(), Refusal>| verdict.map_or_else(|e| -e.errno().0, |()| 0);
    // SAFETY: `data` and `len` are those of a slice, and so are the lists in `facts`.
    unsafe {
        let status = c::ancil_check_control_with(domain, ty, protocol, data, len, &facts);
        assert_eq!(status, errno(verdict), "{verdict:?}");
        let plain = check_control(
            &Socket::new(domain, ty, protocol),
            &Facts::default(),
            control,
        );
        let status = c::ancil_check_control(domain, ty, protocol, data, len);
        assert_eq!(status, errno(plain), "{plain:?}");
    }
    let text = verdict.map_or_else(|e| e.to_string(), |()| String::new());
    assert!(text.len() < 200);
    assert_printed(text.as_bytes(), |out, size| {
        // SAFETY: as above, and `out` has room for `size` bytes.
        unsafe { c::ancil_check_text(out, size, domain, ty, protocol, data, len, &facts) }
    });
}

fuzz_target!(|input: Input<'_>| {
    let word = if input.compat { 4 } else { size_of::<usize>() };
    let payloads: Vec<_> = (input.messages.iter().map(|message| message.1.bytes())).collect();
    let messages = input
        .messages
        .iter()
        .zip(&payloads)
        .map(|((row, _), payload)| {
            let row = &CATALOGUE[usize::from(*row) % CATALOGUE.len()];
            (row.level, row.ty, payload.as_slice())
        });
    let control = control(word, messages, input.rest);
    let (ids, labels) = (input.ids, input.ids.map(|id| id as u32));
    in_c(&input, &control, &ids, &labels);

    let [domain, ty, protocol] = socket(&input);
    let mut socket = Socket::new(domain, ty, protocol);
    socket.state = State::from_bits_truncate(input.state);
    socket.interface = input.interface.into();
    socket.flow_info = input.flow_info;
    let sources = [In6Addr::from(input.sources.0)];
    let sources_ipv4 = [InAddr::from(input.sources.1)];
    let mut facts = Facts::default();
    facts.release = release(&input);
    facts.capabilities = Capabilities::from_bits_truncate(!input.lacking);
    facts.sender = input.sender.map(|(pid, uid, gid)| {
        let (uids, gids) = ([uid, 0, labels[0]], [gid, 0, labels[1]]);
        Process { pid, uids, gids }
    });
    facts.compat = input.compat;
    facts.payload = input.payload.map(number);
    facts.mtu = number(input.mtu);
    (facts.optmem_max, facts.optmem_used) = (number(input.optmem.0), number(input.optmem.1));
    (facts.cipso, facts.mip6) = (input.known[2], input.known[3]);
    facts.descriptors = only(input.known[0], &ids);
    facts.io_urings = if input.known[4] { &[] } else { &ids[1..] };
    facts.processes = only(input.known[5], &ids);
    facts.users = only(input.known[5], &labels);
    facts.groups = only(input.known[4], &labels);
    facts.interfaces = only(input.known[3], &labels);
    facts.sources = only(input.known[2], &sources);
    facts.sources_ipv4 = only(input.known[2], &sources_ipv4);
    facts.flow_labels = only(input.known[1], &labels);

    let abi = if input.compat {
        Abi::LINUX_32
    } else {
        Abi::NATIVE
    };
    let verdict = check_control(&socket, &facts, &control);
    match verdict {
        Err(refusal) => check_place(refusal, &control, abi),
        Ok(()) => {
            let mut better = Facts::default();
            (better.release, better.compat) = (facts.release, facts.compat);
            (better.sender, better.optmem_max) = (facts.sender, usize::MAX);
            let favourable = check_control(&socket, &better, &control);
            assert_eq!(
                favourable,
                Ok(()),
                "good facts refuse what bad facts accept"
            );
        }
    }

    let len = input.payload.map_or(0, number);
    let mut message = Outgoing {
        control: Some(&control),
        controllen: control.len(),
        ..Outgoing::default()
    };
    if check_sendmsg(&socket, &facts, &message, [len].into_iter()).is_ok() {
        let mut same = facts;
        same.payload = Some(len);
        assert_eq!(
            check_control(&socket, &same, &control),
            Ok(()),
            "sendmsg accepts it"
        );
    }
    message.flags = MsgFlags::from_bits_retain(input.flags);
    message.name = Some(input.name);
    message.namelen = input.name.len() as i32 + i32::from(input.interface % 3) - 1;
    message.controllen = control
        .len()
        .saturating_add_signed(isize::from(input.interface / 64) - 1);
    if let Err(refusal) = check_sendmsg(&socket, &facts, &message, [len, 3].into_iter()) {
        check_place(refusal, &control, abi);
    }
});
