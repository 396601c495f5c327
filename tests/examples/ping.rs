//! Tests of `ping` in a network of its own: with each of the two permissions, and with neither.

use crate::Outcome;
use crate::network::{CAP_NET_RAW, isolated, without};
use crate::packets::{now, times};
use crate::program::{Program, run, run_ok};

/// A value that differs from the default, to show that the reply's time to live comes from here.
const TTL: (&str, &str) = ("/proc/sys/net/ipv4/ip_default_ttl", "57");
/// Permits ping sockets to group 0. In a new network the range is empty.
const OPEN: (&str, &str) = ("/proc/sys/net/ipv4/ping_group_range", "0 0");

/// Checks the output of a ping that was started after the time `before`.
fn check_reply(before: u128, out: &str, address: &str, kind: &str) {
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
    let mut command = program.command(&["127.1.2.3"]);
    let out = run_ok(without(isolated(&mut command, &[TTL, OPEN]), CAP_NET_RAW))?;
    check_reply(before, &out, "127.1.2.3", "ping");
    Ok(())
}

pub fn raw_socket(program: &Program) -> Outcome {
    let before = now();
    let out = run_ok(isolated(&mut program.command(&[]), &[TTL]))?;
    check_reply(before, &out, "127.0.0.1", "raw");
    Ok(())
}

pub fn no_permission(program: &Program) -> Outcome {
    let mut command = program.command(&[]);
    let finished = run(without(isolated(&mut command, &[]), CAP_NET_RAW))?;
    // The range is 1 to 0, or the numbers that a user namespace has for these groups.
    let range = finished
        .err
        .strip_prefix("ping: takes a group of net.ipv4.ping_group_range, which is ");
    let range = range.and_then(|rest| {
        rest.strip_suffix(", or else CAP_NET_RAW\n")?
            .split_once(" to ")
    });
    let numbers = range.map(|(first, last)| [first, last].map(str::parse::<u32>));
    assert!(
        !finished.ok && finished.out.is_empty() && matches!(numbers, Some([Ok(_), Ok(_)])),
        "{}{}",
        finished.out,
        finished.err
    );
    Ok(())
}

/// The network has no route to the address, so the example prints the kernel's error.
pub fn no_route(program: &Program) -> Outcome {
    let finished = run(isolated(&mut program.command(&["192.0.2.1"]), &[]))?;
    let error = std::io::Error::from_raw_os_error(libc::ENETUNREACH);
    assert_eq!(
        (finished.ok, finished.err),
        (false, format!("ping: {error}\n"))
    );
    Ok(())
}
