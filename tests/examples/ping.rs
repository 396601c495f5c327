//! `ping`, in a network of its own: with each of the two permissions, and with neither.

use crate::Outcome;
use crate::network::{CAP_NET_RAW, isolated, without};
use crate::packets::{now, times};
use crate::program::{Program, succeed, tell};

/// Not the value that every machine has: the reply's time to live comes from here.
const TTL: (&str, &str) = ("/proc/sys/net/ipv4/ip_default_ttl", "57");
/// In a new network the range is empty.
const OPEN: (&str, &str) = ("/proc/sys/net/ipv4/ping_group_range", "0 0");

fn replied(before: u128, out: &str, address: &str, kind: &str) {
    let after = now();
    let lines: Vec<_> = out.lines().collect();
    let [first, second, third] = lines[..] else {
        panic!("{out}")
    };
    assert_eq!(
        first,
        format!("40 bytes to {address} through a {kind} socket")
    );
    // The loopback interface is the first of any network.
    assert_eq!(
        second,
        format!("reply from {address}, time to live 57, through interface 1")
    );
    let [arrived] = times(third)[..] else {
        panic!("{third}")
    };
    assert!(
        third.starts_with("arrived at ") && before < arrived && arrived < after,
        "{before} {third} {after}"
    );
}

pub fn ping_socket(program: &Program) -> Outcome {
    let before = now();
    let mut command = program.with(&["127.1.2.3"]);
    let out = succeed(without(isolated(&mut command, &[TTL, OPEN]), CAP_NET_RAW))?;
    replied(before, &out, "127.1.2.3", "ping");
    Ok(())
}

pub fn raw_socket(program: &Program) -> Outcome {
    let before = now();
    let out = succeed(isolated(&mut program.with(&[]), &[TTL]))?;
    replied(before, &out, "127.0.0.1", "raw");
    Ok(())
}

pub fn no_permission(program: &Program) -> Outcome {
    let mut command = program.with(&[]);
    let told = tell(without(isolated(&mut command, &[]), CAP_NET_RAW))?;
    // 1 to 0, or what a user namespace calls such groups.
    let range = told
        .err
        .strip_prefix("ping: takes a group of net.ipv4.ping_group_range, which is ");
    let range = range.and_then(|rest| {
        rest.strip_suffix(", or else CAP_NET_RAW\n")?
            .split_once(" to ")
    });
    let numbers = range.map(|(first, last)| [first, last].map(str::parse::<u32>));
    assert!(
        !told.ok && told.out.is_empty() && matches!(numbers, Some([Ok(_), Ok(_)])),
        "{}{}",
        told.out,
        told.err
    );
    Ok(())
}

/// The kernel's answer in words: such a network leads nowhere.
pub fn no_way(program: &Program) -> Outcome {
    let told = tell(isolated(&mut program.with(&["192.0.2.1"]), &[]))?;
    let words = std::io::Error::from_raw_os_error(libc::ENETUNREACH);
    assert_eq!((told.ok, told.err), (false, format!("ping: {words}\n")));
    Ok(())
}
