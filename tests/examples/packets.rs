//! Tests of `udp_server`, `timestamps` and `zerocopy`.

use crate::Outcome;
use crate::network::{isolated, with_ipv6_address};
use crate::program::{Program, Skip, run, run_ok};
use std::net::UdpSocket;
use std::os::fd::AsRawFd;
use std::time::SystemTime;

/// Returns the time of the clock that stamps packets, in nanoseconds.
pub fn now() -> u128 {
    SystemTime::now()
        .duration_since(SystemTime::UNIX_EPOCH)
        .expect("after 1970")
        .as_nanos()
}

/// Returns the times in a line, in nanoseconds. A time is ten digits, a dot and nine digits.
pub fn times(line: &str) -> Vec<u128> {
    let words = line.split([' ', ',']).filter(|word| word.len() == 20);
    words
        .filter_map(|word| {
            word.split_once('.')?
                .0
                .parse::<u64>()
                .ok()
                .map(|_| word.replace('.', ""))
        })
        .map(|digits| digits.parse().expect("a number"))
        .collect()
}

/// Binds a socket to the address. Skips the test if this machine does not have the address.
fn bind(address: &str) -> Result<UdpSocket, Skip> {
    UdpSocket::bind(address).map_err(|e| Skip(format!("{address}: {e}")))
}

/// Checks that each address has answered the three datagrams that the kernel cut, each with the
/// mark of the question. The client receives from this address only, one datagram at a time.
fn check_answers(out: &str, addresses: &[&str]) {
    let answer = |address| format!("{address} answered 1200 bytes, congestion mark Ect0\n");
    let all: String = addresses.iter().map(|to| answer(to).repeat(3)).collect();
    assert_eq!(out, all);
}

pub fn default_addresses(program: &Program) -> Outcome {
    has(libc::UDP_SEGMENT, "UDP_SEGMENT")?;
    for address in ["127.0.0.2:0", "[::1]:0"] {
        bind(address)?;
    }
    check_answers(&program.prints(&[])?, &["127.0.0.2", "::1"]);
    Ok(())
}

pub fn ipv4_address(program: &Program) -> Outcome {
    has(libc::UDP_SEGMENT, "UDP_SEGMENT")?;
    bind("127.3.4.5:0")?;
    check_answers(&program.prints(&["127.3.4.5"])?, &["127.3.4.5"]);
    Ok(())
}

/// Asks a server on a machine whose loopback interface has this address, too.
fn answers_from(program: &Program, address: &'static str, asked: &str) -> Outcome {
    has(libc::UDP_SEGMENT, "UDP_SEGMENT")?;
    bind("[::1]:0")?;
    let mut command = program.command(&[asked]);
    let command = isolated(&mut command, &[]);
    check_answers(&run_ok(with_ipv6_address(command, address))?, &[address]);
    Ok(())
}

/// Without packet information, the kernel would answer from `::1`.
pub fn ipv6_address(program: &Program) -> Outcome {
    answers_from(program, "::2", "::2")
}

/// Without the interface in the answer, the kernel would refuse to send from this address.
pub fn link_local(program: &Program) -> Outcome {
    answers_from(program, "fe80::2", "fe80::2%1")
}

/// Each datagram leaves before it arrives, and has the next number.
pub fn timestamps(program: &Program) -> Outcome {
    let before = now();
    let out = program.prints(&[])?;
    let after = now();
    let (mut last, mut number, mut stamped) = (before, 0, 0);
    for line in out.lines() {
        let [time] = times(line)[..] else {
            panic!("{line}")
        };
        assert!(line.ends_with(" by the clock of the kernel"), "{line}");
        if line.starts_with("a datagram arrived at ") {
            stamped += 1;
        } else {
            assert!(
                line.starts_with(&format!("datagram {number} left at ")),
                "{out}"
            );
            number += 1;
        }
        assert!(last <= time, "{before}\n{out}");
        last = time;
    }
    assert!(last < after && stamped == 3, "{out}{after}");
    Ok(())
}

/// Sends through the card that ANCIL_CARD names, such as eth0, which then stamps all its packets,
/// and nobody answers the address.
pub fn of_a_card(program: &Program) -> Outcome {
    let card = std::env::var("ANCIL_CARD");
    let card = card.map_err(|_| Skip("ANCIL_CARD names no network card with a clock".into()))?;
    let out = program.prints(&[&card, "192.0.2.1:9"])?;
    let lines = |clock| {
        let by = format!(" by the clock of the {clock}");
        out.lines().filter(|line| line.ends_with(&by)).count()
    };
    assert!(lines("kernel") >= 3 && lines("card") >= 3, "{out}");
    Ok(())
}

/// The loopback interface has no clock, which the example must say.
pub fn of_no_card(program: &Program) -> Outcome {
    let finished = run(&mut program.command(&["lo", "127.0.0.1:9"]))?;
    let no_clock = finished.err.contains("the clock of lo: ");
    assert!(
        !finished.ok && finished.out.is_empty() && no_clock,
        "{}",
        finished.err
    );
    Ok(())
}

/// The ranges of sends that are done follow each other, and what arrived is what was sent.
pub fn zerocopy(program: &Program) -> Outcome {
    let finished = run(&mut program.command(&[]))?;
    if finished.err.contains("SO_ZEROCOPY") {
        return Err(Skip(finished.err));
    }
    assert!(finished.ok && finished.err.is_empty(), "{}", finished.err);
    let mut lines: Vec<_> = finished.out.lines().collect();
    assert_eq!(lines.pop(), Some("1048576 bytes arrived, intact: true"));
    let mut next = 0;
    for line in lines {
        let range = line.strip_prefix("sends ").and_then(|line| {
            let range = line.strip_suffix(" are done, copied after all: true")?;
            let (first, last) = range.split_once(" to ")?;
            Some((first.parse::<u32>().ok()?, last.parse::<u32>().ok()?))
        });
        let (first, last) = range.expect(line);
        assert!(first == next && last >= first, "{}", finished.out);
        next = last + 1;
    }
    assert!(next >= 16, "{}", finished.out);
    Ok(())
}

/// Skips the test if this kernel does not know the option.
fn has(option: i32, name: &str) -> Outcome {
    let (socket, value) = (UdpSocket::bind("127.0.0.1:0").expect("a socket"), 0i32);
    let (fd, value) = (socket.as_raw_fd(), (&raw const value).cast());
    // SAFETY: the pointer is that of an int, and the length is that of an int.
    match unsafe { libc::setsockopt(fd, libc::SOL_UDP, option, value, size_of::<i32>() as u32) } {
        0 => Ok(()),
        _ => Err(Skip(format!("{name}: {}", std::io::Error::last_os_error()))),
    }
}
