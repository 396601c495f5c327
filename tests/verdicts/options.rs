//! Tests what depends on options and addresses of a socket, on the payload and on the path.

use crate::generate::encode_as;
use crate::import::{ACCEPTED, compare, plain, with_control};
use crate::machine::{MTU, Machine, held, leave_the_network};
use crate::protocols::named;
use crate::targets::{Target, find, set};
use crate::verdict::Message;
use crate::{Outcome, trial};
use ancil::verdict::{Existing, Reason, State};
use ancil::{IP_PKTINFO, IP_RETOPTS, IPV6_FLOWINFO, IPV6_HOPLIMIT, IPV6_PKTINFO, UDP_SEGMENT};
use libc::{EINVAL, EIO, EMSGSIZE, ENETUNREACH, ENODEV};
use libtest_mimic::Trial;
use std::os::fd::AsRawFd;

const LOCALHOST: [u8; 4] = [127, 0, 0, 1];
const FOREIGN: [u8; 4] = [192, 0, 2, 1];
const MULTICAST: [u8; 4] = [224, 0, 0, 1];

const LOOPBACK: u32 = 1;
const NO_INTERFACE: u32 = 9999;

pub fn trials() -> Vec<Trial> {
    vec![
        trial("options::number_of_segments", number_of_segments),
        trial("options::length_of_segments", length_of_segments),
        trial(
            "options::segments_without_checksums",
            segments_without_checksums,
        ),
        trial(
            "options::segments_wait_for_the_rest",
            segments_wait_for_the_rest,
        ),
        trial("options::source_of_ipv4", source_of_ipv4),
        trial("options::interface_of_ipv4", interface_of_ipv4),
        trial(
            "options::mapped_source_and_interface",
            mapped_source_and_interface,
        ),
        trial("options::header_included", header_included),
        trial("options::full_timestamp", full_timestamp),
        trial("options::interface_of_ipv6", interface_of_ipv6),
        trial("options::link_local_sources", link_local_sources),
        trial("options::exclusive_flow_labels", exclusive_flow_labels),
        trial(
            "options::flow_info_of_the_address",
            flow_info_of_the_address,
        ),
        trial("options::bound_to_mapped", bound_to_mapped),
    ]
}

/// Runs a test on sockets of these names, in a network of its own.
fn on<const N: usize>(names: [&str; N], test: impl Fn(&mut Target) -> Outcome) -> Outcome {
    if !leave_the_network() {
        return Ok(Some("this user may not make a network namespace".into()));
    }
    for name in names {
        let Some(mut target) = find(name) else {
            return Ok(Some(format!("no socket: {name}")));
        };
        if let Some(reason) = test(&mut target)? {
            return Ok(Some(reason));
        }
    }
    Ok(None)
}

/// Makes a message of `len` bytes to where the target sends.
fn message(target: &Target, len: usize, control: Vec<u8>) -> Message {
    Message {
        data: vec![0; len],
        lengths: vec![len],
        ..to(target, with_control(control))
    }
}

/// Gives a message the data and the address of the target.
fn to(target: &Target, message: Message) -> Message {
    let name = target.to.clone().unwrap_or_default();
    Message {
        namelen: name.len() as i32,
        name: target.to.clone(),
        data: target.data.clone(),
        lengths: vec![target.data.len()],
        ..message
    }
}

fn segments(target: &Target, len: usize, size: u16) -> Message {
    message(target, len, encode_as(UDP_SEGMENT, &size.to_ne_bytes()))
}

fn number_of_segments() -> Outcome {
    on(["udp4", "udp6", "udp6 to ipv4"], |target| {
        let cases = [
            (128, 1, ACCEPTED),
            (129, 1, EINVAL),
            (256, 2, ACCEPTED),
            (257, 2, EINVAL),
        ];
        compare(
            target,
            cases.map(|(len, size, errno)| (segments(target, len, size), errno)),
        )
    })?;
    // UDP-Lite refuses all segments, but only after it has counted them.
    on(["udplite4", "udplite6"], |target| {
        let cases = [(128, EIO), (129, EINVAL)];
        compare(
            target,
            cases.map(|(len, errno)| (segments(target, len, 1), errno)),
        )
    })
}

fn length_of_segments() -> Outcome {
    on(["udp4", "udp6", "udp6 to ipv4"], |target| {
        let headers = if target.name == "udp6" { 48 } else { 28 };
        let most = MTU - headers;
        let cases = [
            (2 * most, most, ACCEPTED),
            (2 * most, most + 1, EMSGSIZE),
            // A payload that fits is not cut.
            (most, most + 1, ACCEPTED),
        ];
        compare(
            target,
            cases.map(|(len, size, errno)| (segments(target, len, size as u16), errno)),
        )
    })
}

fn segments_without_checksums() -> Outcome {
    on(["udp4, no checksum", "udp6, no checksum"], |target| {
        let none = encode_as(UDP_SEGMENT, &[0; 2]);
        let cases = [
            (segments(target, 1, 1), EINVAL),
            (segments(target, 129, 1), EINVAL),
            (message(target, 129, none), ACCEPTED),
        ];
        compare(target, cases)
    })
}

/// With `MSG_MORE`, the kernel keeps the bytes, and does not cut them yet.
fn segments_wait_for_the_rest() -> Outcome {
    on(
        ["udp4", "udp6", "udp4, no checksum", "udplite4"],
        |target| {
            let more = Message {
                flags: libc::MSG_MORE as u32,
                ..segments(target, 129, 1)
            };
            compare(target, [(more, ACCEPTED)])
        },
    )
}

fn in_pktinfo(index: u32, source: [u8; 4]) -> Vec<u8> {
    encode_as(
        IP_PKTINFO,
        &[&index.to_ne_bytes()[..], &source, &[0; 4]].concat(),
    )
}

fn in6_pktinfo(index: u32, source: [u8; 16]) -> Vec<u8> {
    encode_as(IPV6_PKTINFO, &[&source[..], &index.to_ne_bytes()].concat())
}

fn source_of_ipv4() -> Outcome {
    on(["udp4", "ping4", "raw4"], |target| {
        let cases = [
            (LOCALHOST, ACCEPTED),
            ([0; 4], ACCEPTED),
            (FOREIGN, ENETUNREACH),
            (MULTICAST, EINVAL),
            ([255; 4], EINVAL),
        ];
        let cases = cases.map(|(source, errno)| (with_control(in_pktinfo(0, source)), errno));
        compare(
            target,
            cases.map(|(message, errno)| (to(target, message), errno)),
        )
    })?;
    // With a header of its own, a packet may come from any host.
    on(["raw4, hdrincl"], |target| {
        let cases = [(FOREIGN, ACCEPTED), (MULTICAST, EINVAL)];
        let cases = cases.map(|(source, errno)| (with_control(in_pktinfo(0, source)), errno));
        compare(
            target,
            cases.map(|(message, errno)| (to(target, message), errno)),
        )
    })
}

fn interface_of_ipv4() -> Outcome {
    on(
        ["udp4", "ping4", "raw4", "raw4, hdrincl", "udp6 to ipv4"],
        |target| {
            let later = |control: Vec<u8>| [in_pktinfo(NO_INTERFACE, LOCALHOST), control].concat();
            let cases = [
                (in_pktinfo(LOOPBACK, LOCALHOST), ACCEPTED),
                (in_pktinfo(NO_INTERFACE, LOCALHOST), ENODEV),
                (in_pktinfo(u32::MAX, LOCALHOST), ENODEV),
                // The last interface counts.
                (later(in_pktinfo(LOOPBACK, LOCALHOST)), ACCEPTED),
                (later(in_pktinfo(0, LOCALHOST)), ENODEV),
            ];
            compare(
                target,
                cases.map(|(control, errno)| (to(target, with_control(control)), errno)),
            )?;
            // The source is looked for first, by sockets that need one.
            let both = to(target, with_control(in_pktinfo(NO_INTERFACE, FOREIGN)));
            let errno = if target.name == "raw4, hdrincl" {
                ENODEV
            } else {
                ENETUNREACH
            };
            compare(target, [(both, errno)])
        },
    )
}

fn mapped_source_and_interface() -> Outcome {
    on(["udp6 to ipv4"], |target| {
        let mapped = |source| std::net::Ipv4Addr::from(source).to_ipv6_mapped().octets();
        let cases = [
            (in6_pktinfo(LOOPBACK, mapped(LOCALHOST)), ACCEPTED),
            (in6_pktinfo(NO_INTERFACE, mapped(LOCALHOST)), ENODEV),
            (in6_pktinfo(0, mapped(FOREIGN)), ENETUNREACH),
            (in6_pktinfo(0, [0; 16]), EINVAL),
        ];
        compare(
            target,
            cases.map(|(control, errno)| (to(target, with_control(control)), errno)),
        )
    })
}

/// `IPPROTO_RAW` implies `IP_HDRINCL`, until the option is switched off.
fn header_included() -> Outcome {
    on(["raw4, hdrincl"], |target| {
        let options = || to(target, with_control(encode_as(IP_RETOPTS, &[1])));
        compare(target, [(options(), EINVAL)])?;
        set(&target.fd, libc::IPPROTO_IP, libc::IP_HDRINCL, 0)?;
        target.socket.state -= State::HDRINCL;
        compare(
            target,
            [(
                to(target, with_control(encode_as(IP_RETOPTS, &[1]))),
                ACCEPTED,
            )],
        )
    })
}

/// A full option of timestamps may have counted 15 hops too many, if its hops are prespecified.
fn full_timestamp() -> Outcome {
    on(["udp4"], |target| {
        let cases = [
            (0xf3, ACCEPTED),
            (0xf1, EINVAL),
            (0xf0, EINVAL),
            (0xe1, ACCEPTED),
        ];
        let cases = cases.map(|(flags, errno)| {
            let options = [68, 8, 9, flags, 0, 0, 0, 0];
            (
                to(target, with_control(encode_as(IP_RETOPTS, &options))),
                errno,
            )
        });
        compare(target, cases)
    })
}

fn interface_of_ipv6() -> Outcome {
    on(
        ["udp6, sticky interface", "ping6, unicast interface"],
        |target| {
            let cases = [(0, ACCEPTED), (LOOPBACK, ACCEPTED), (NO_INTERFACE, EINVAL)];
            let cases = cases.map(|(index, errno)| (in6_pktinfo(index, [0; 16]), errno));
            compare(
                target,
                cases.map(|(control, errno)| (to(target, with_control(control)), errno)),
            )
        },
    )?;
    on(["udp6", "ping6"], |target| {
        let other = to(target, with_control(in6_pktinfo(NO_INTERFACE, [0; 16])));
        compare(target, [(other, ENODEV)])
    })
}

/// A link-local address needs an interface, even where any address may be the source; a multicast
/// one, too.
fn link_local_sources() -> Outcome {
    on(["udp6"], |target| {
        set(&target.fd, libc::IPPROTO_IP, libc::IP_FREEBIND, 1)?;
        let (machine, found) = (Machine::look(), Default::default());
        let mut facts = machine.facts(held(), &found);
        (facts.sources, facts.interfaces) = (Existing::All, Existing::All);
        let needs = Err(Reason::NoScope);
        let cases = [
            ("fe80::1", 0, needs),
            ("ff12::1", 0, needs),
            ("fe80::1", LOOPBACK, Ok(())),
        ];
        for (source, index, expected) in cases {
            let source = source.parse::<std::net::Ipv6Addr>().unwrap().octets();
            let message = to(target, with_control(in6_pktinfo(index, source)));
            let verdict = message.judge(&target.socket, &facts, target.fd.as_raw_fd());
            assert!(verdict.agrees(), "{verdict}\n    {message}");
            assert_eq!(verdict.ours.map_err(|refusal| refusal.reason), expected);
        }
        Ok(None)
    })
}

fn flow_info(target: &Target, word: u32) -> Message {
    to(
        target,
        with_control(encode_as(IPV6_FLOWINFO, &word.to_be_bytes())),
    )
}

/// While a socket owns an exclusive flow label, others may use none, and that socket only its own.
fn exclusive_flow_labels() -> Outcome {
    if !leave_the_network() {
        return Ok(Some("this user may not make a network namespace".into()));
    }
    let targets = crate::targets::all().0;
    let find = |name| targets.iter().find(|target| target.name == name);
    let Some(owner) = find("udp6, flow label") else {
        return Ok(Some("this user may not own a flow label".into()));
    };
    compare(
        owner,
        [
            (flow_info(owner, 1), ACCEPTED),
            (flow_info(owner, 2), EINVAL),
        ],
    )?;
    for other in ["udp6", "raw6"] {
        let other = find(other).ok_or("no such socket")?;
        let class_alone = flow_info(other, 0x0120_0000);
        compare(
            other,
            [(flow_info(other, 1), EINVAL), (class_alone, ACCEPTED)],
        )?;
        // The last label counts.
        let twice = |first: u32, last: u32| {
            let labels = [first, last].map(|word| encode_as(IPV6_FLOWINFO, &word.to_be_bytes()));
            to(other, with_control(labels.concat()))
        };
        compare(other, [(twice(1, 0), ACCEPTED), (twice(0, 1), EINVAL)])?;
    }
    let ping = find("ping6").ok_or("no such socket")?;
    compare(ping, [(flow_info(ping, 1), ACCEPTED)])
}

/// The bits above flow info are looked at if the address, or an earlier message, has set some.
fn flow_info_of_the_address() -> Outcome {
    on(["udp6, flow info"], |target| {
        let cases = [(0x0010_0000, ACCEPTED), (0x1010_0000, EINVAL)];
        compare(
            target,
            cases.map(|(word, errno)| (flow_info(target, word), errno)),
        )
    })?;
    on(["udp6"], |target| {
        compare(target, [(flow_info(target, 0x1010_0000), ACCEPTED)])
    })
}

/// From an IPv4 address, a message to `::` takes the way of IPv4.
fn bound_to_mapped() -> Outcome {
    on(["udp6 from ipv4"], |target| {
        let bad_for_ipv6 = with_control(encode_as(IPV6_HOPLIMIT, &1000i32.to_ne_bytes()));
        let bad_for_ipv4 = with_control(in_pktinfo(NO_INTERFACE, LOCALHOST));
        let cases = [(bad_for_ipv6, ACCEPTED), (bad_for_ipv4, ENODEV)];
        compare(
            target,
            cases.map(|(message, errno)| (to(target, message), errno)),
        )?;
        let unnamed = Message {
            name: None,
            ..plain()
        };
        compare(
            target,
            [(unnamed, libc::EDESTADDRREQ), (named(&[0; 1]), EINVAL)],
        )
    })
}
