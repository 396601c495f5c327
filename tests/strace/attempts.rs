//! Attempts to send every kind of control message. strace shows them whether or not the kernel
//! accepts them.

use crate::known;
use crate::socket::*;
use ancil::addr::SockaddrIn6;
use ancil::level::{SOL_IP, SOL_IPV6, SOL_SOCKET, level_name};
use ancil::{DisplayControl, Encode, Message, Raw};
use std::io::Result;
use std::os::unix::net::UnixDatagram;

/// Returns a socket for messages that need not arrive.
fn socket() -> Result<UnixDatagram> {
    Ok(UnixDatagram::pair()?.0)
}

/// Shows messages that strace does not decode: every type below 130 at every level that we have a
/// name for, and some types at other levels.
pub fn types() -> Result<()> {
    let to = socket()?;
    let show = |case: &str, level, ty, data: &[u8]| {
        let control = known::message(level, ty, data);
        let _ = show_as(
            &to,
            case,
            &control,
            known::undecoded(Raw::new(level, ty, data)),
        );
    };
    for level in (0..300).filter(|level| level_name(*level).is_some()) {
        let case = format!("types::{}", level_name(level).unwrap_or_default());
        for ty in (0..130)
            .chain([-1])
            .filter(|ty| !known::is_decoded(level, *ty))
        {
            show(&case, level, ty, &[1, 0, 0, 0]);
            show(&case, level, ty, &[]);
        }
    }
    for level in [2, 99, 300, -1] {
        show("types::of_no_level", level, 1, &[1, 0, 0, 0]);
    }
    let levels = [
        (58, "ICMPV6"),
        (255, "RAW"),
        (256, "IPX"),
        (257, "AX25"),
        (258, "ATALK"),
        (259, "NETROM"),
        (260, "ROSE"),
        (261, "DECNET"),
        (262, "X25"),
        (264, "ATM"),
        (265, "AAL"),
        (266, "IRDA"),
        (267, "NETBEUI"),
        (273, "PPPOL2TP"),
        (275, "PNPIPE"),
        (278, "CAIF"),
        (280, "NFC"),
        (281, "KCM"),
        (283, "XDP"),
    ];
    for (level, name) in levels {
        let control = known::message(level, 1, &[]);
        let expected = DisplayControl::new(&control)
            .to_string()
            .replace(&format!("{level:#x} /* SOL_??? */"), &format!("SOL_{name}"));
        let _ = show_as(
            &to,
            "types::of_levels_without_messages",
            &control,
            (known::LEVEL, expected),
        );
    }
    Ok(())
}

/// The size of a machine word.
const LONG: usize = size_of::<usize>();

/// Shows payloads of every length, of messages that strace decodes.
pub fn lengths() -> Result<()> {
    let to = socket()?;
    let pattern: Vec<u8> = (0..72).map(|i| if i % 8 < 2 { i + 1 } else { 0 }).collect();
    for (case, level, ty, right) in [
        ("lengths::credentials", SOL_SOCKET, 2, 12),
        ("lengths::timestamp_old", SOL_SOCKET, 29, 2 * LONG),
        ("lengths::timestampns_old", SOL_SOCKET, 35, 2 * LONG),
        ("lengths::timestamping_old", SOL_SOCKET, 37, 6 * LONG),
        ("lengths::timestamp_new", SOL_SOCKET, 63, 16),
        ("lengths::timestampns_new", SOL_SOCKET, 64, 16),
        ("lengths::timestamping_new", SOL_SOCKET, 65, 48),
        ("lengths::pktinfo", SOL_IP, 8, 12),
        ("lengths::recverr", SOL_IP, 11, 32),
        ("lengths::origdstaddr", SOL_IP, 20, 16),
    ] {
        let family = if ty == 20 { 2u16.to_ne_bytes() } else { [1, 2] };
        let pattern = [&family[..], &pattern[2..]].concat();
        for len in 1..pattern.len() {
            let (control, raw) = (
                known::message(level, ty, &pattern[..len]),
                Raw::new(level, ty, &pattern[..len]),
            );
            let _ = show_as(&to, case, &control, known::wrong_length(raw, right));
        }
        let _ = show(&to, case, &known::message(level, ty, &[]));
    }
    for (level, ty) in [(SOL_SOCKET, 3), (SOL_IP, 3), (SOL_IP, 6), (SOL_IP, 7)] {
        for len in 0..pattern.len() {
            let _ = show(
                &to,
                "lengths::bytes",
                &known::message(level, ty, &pattern[..len]),
            );
        }
    }
    for fds in 0..20 {
        let data: Vec<u8> = (-3..fds).flat_map(|n: i32| n.to_ne_bytes()).collect();
        let _ = show(
            &to,
            "lengths::rights",
            &known::message(SOL_SOCKET, 1, &data),
        );
    }
    let _ = show(&to, "lengths::tos", &known::message(SOL_IP, 1, &[0xb8]));
    let _ = show(
        &to,
        "lengths::tos",
        &known::message(SOL_IP, 1, &[0xb8, 1, 2, 3]),
    );
    Ok(())
}

/// Shows payloads with special values.
pub fn values() -> Result<()> {
    let to = socket()?;
    let show = |case, level, ty, data: &[u8]| show(&to, case, &known::message(level, ty, data));
    let words = |words: [i32; 3]| words.map(i32::to_ne_bytes).concat();
    for byte in 0..=255 {
        for next in *b"078a\0" {
            let _ = show("values::quoted", SOL_SOCKET, 3, &[byte, next, byte]);
        }
    }
    for n in [0, 1, 255, i32::MAX, i32::MIN, -1, -2] {
        for ty in [2, 23] {
            let _ = show("values::numbers", SOL_IP, ty, &n.to_ne_bytes());
        }
        let _ = show(
            "values::credentials",
            SOL_SOCKET,
            2,
            &words([n, n, n.wrapping_add(1)]),
        );
        let unknown = if n == known::loopback() as i32 { 77 } else { n };
        let _ = show("values::pktinfo", SOL_IP, 8, &words([unknown, n, !n]));
        let seconds = [i64::from(n), 999_999].map(i64::to_ne_bytes).concat();
        let _ = show("values::timestamp", SOL_SOCKET, 63, &seconds);
        let _ = show("values::timestamp", SOL_SOCKET, 64, &seconds);
    }
    let second = known::message(
        SOL_SOCKET,
        63,
        &[7, 1_000_000].map(i64::to_ne_bytes).concat(),
    );
    let strace = format!(
        "[{{cmsg_len={}, cmsg_level=SOL_SOCKET, cmsg_type=SO_TIMESTAMP_NEW, \
         cmsg_data={{tv_sec=7, tv_usec=1000000}}}}]",
        ancil::cmsg_len(16)
    );
    let _ = show_as(
        &to,
        "values::a_whole_second",
        &second,
        (known::FRACTION, strace),
    );
    for family in [0, 2, 10, 0x1110] {
        let address = [
            &u16::to_ne_bytes(family)[..],
            &[0x12, 0x34, 127, 0, 0, 1],
            b"and more",
        ]
        .concat();
        let _ = show("values::addresses", SOL_IP, 20, &address);
        let _ = show(
            "values::errors",
            SOL_IP,
            11,
            &known::error(111, 2, &address),
        );
    }
    for text in [
        "::",
        "::1",
        "1::",
        "fe80::1:2",
        "1:2:3:4:5:6:7:8",
        "1:0:0:2::3",
        "::ffff:1.2.3.4",
        "::1.2.3.4",
        "0:1::2",
        "1:0:2:3:4:5:6:0",
        "::5:1.2.3.4",
    ] {
        let mut address = SockaddrIn6::from(std::net::SocketAddrV6::new(
            text.parse().expect("an address"),
            80,
            0xab,
            0,
        ));
        for scope in [0, 77] {
            address.sin6_scope_id = scope;
            let bytes = <SockaddrIn6 as Encode>::bytes(&address);
            let ours = Message::from(Raw::new(SOL_IPV6, 74, bytes)).to_string();
            show_name(&to, "values::ipv6_addresses", bytes, &ours);
        }
    }
    Ok(())
}

/// Shows headers of the wrong length, but none of 2^64 - 7 bytes or more: strace 6.1 would loop for
/// ever.
pub fn headers() -> Result<()> {
    let to = socket()?;
    let mut control = known::message(SOL_SOCKET, 1, &[4, 0, 0, 0]);
    control.resize(ancil::cmsg_space(4), 0);
    let rest =
        |control: &[u8], at: usize| format!(", ... /* {:#x} */]", control.as_ptr() as usize + at);
    let head =
        |len: usize| format!("[{{cmsg_len={len}, cmsg_level=SOL_SOCKET, cmsg_type=SCM_RIGHTS");
    let align = ancil::cmsg_space(0) + ancil::cmsg_align(4);
    for len in [0, 1, 4, ancil::cmsg_len(0) - 1] {
        control[..size_of::<usize>()].copy_from_slice(&len.to_ne_bytes());
        let expected = format!("{}}}{}", head(len), rest(&control, ancil::cmsg_len(0)));
        let _ = show_as(
            &to,
            "headers::too_short",
            &control,
            (known::BROKEN, expected),
        );
    }
    // strace takes the padding for descriptors.
    let fds = if ancil::cmsg_align(4) == 4 {
        "4"
    } else {
        "4, 0"
    };
    for len in [align + 1, 1000, usize::MAX / 2, usize::MAX - 100] {
        control[..size_of::<usize>()].copy_from_slice(&len.to_ne_bytes());
        let expected = format!("{}, cmsg_data=[{fds}]}}]", head(len));
        let _ = show_as(
            &to,
            "headers::past_the_end",
            &control,
            (known::BROKEN, expected),
        );
    }
    let whole = known::message(SOL_SOCKET, 1, &[4, 0, 0, 0]);
    let end = whole.len();
    for more in 1..ancil::cmsg_len(0) {
        let mut control = [&whole[..], &vec![0; more]].concat();
        control.shrink_to_fit();
        let ours = DisplayControl::new(&whole).to_string();
        let expected = format!(
            "{}{}",
            ours.strip_suffix(']').unwrap_or_default(),
            rest(&control, end)
        );
        let _ = show_as(&to, "headers::rest", &control, (known::REST, expected));
    }
    Ok(())
}
