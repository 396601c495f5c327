//! Tests of `pktinfo`, `timestamps`, `udp_gso` and `udp_batch`.

use crate::Outcome;
use crate::network::{isolated, with_another_ipv6_address};
use crate::program::{Program, Skip, run_ok};
use std::net::UdpSocket;
use std::os::fd::AsRawFd;
use std::time::{Duration, SystemTime};

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

pub fn default_addresses(program: &Program) -> Outcome {
    for address in ["127.0.0.2:0", "[::1]:0"] {
        bind(address)?;
    }
    let expected = "asked 127.0.0.2, answered by 127.0.0.2\nasked ::1, answered by ::1\n";
    assert_eq!(program.prints(&[])?, expected);
    Ok(())
}

pub fn ipv4_address(program: &Program) -> Outcome {
    bind("127.3.4.5:0")?;
    assert_eq!(
        program.prints(&["127.3.4.5"])?,
        "asked 127.3.4.5, answered by 127.3.4.5\n"
    );
    Ok(())
}

/// Asks `::2`. Without packet information, the kernel would answer from `::1`.
pub fn ipv6_address(program: &Program) -> Outcome {
    bind("[::1]:0")?;
    let mut command = program.command(&["::2"]);
    let out = run_ok(with_another_ipv6_address(isolated(&mut command, &[])))?;
    assert_eq!(out, "asked ::2, answered by ::2\n");
    Ok(())
}

pub fn timestamps(program: &Program) -> Outcome {
    let before = now();
    let out = program.prints(&[])?;
    let after = now();
    let (mut last, mut number) = (before, None);
    for line in out.lines() {
        let key: u32 = line
            .split(' ')
            .nth(1)
            .expect("a number")
            .parse()
            .expect("a number");
        let [left, arrived] = times(line)[..] else {
            panic!("{line}")
        };
        assert!(
            last < left && left <= arrived && number < Some(key),
            "{before}\n{out}"
        );
        (last, number) = (arrived, Some(key));
    }
    assert!(last < after && out.lines().count() == 3, "{out}{after}");
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

/// Receives the datagrams one at a time, on a socket of this process.
pub fn segmented(program: &Program) -> Outcome {
    has(libc::UDP_SEGMENT, "UDP_SEGMENT")?;
    let socket = UdpSocket::bind("127.0.0.1:0").expect("a socket");
    socket
        .set_read_timeout(Some(Duration::from_secs(10)))
        .expect("a timeout");
    let address = socket.local_addr().expect("an address").to_string();
    assert_eq!(program.prints(&[&address])?, "sent 3500 bytes\n");
    let (mut bytes, mut sizes, mut all) = ([0; 5000], Vec::new(), Vec::new());
    while all.len() < 3500 {
        sizes.push(socket.recv(&mut bytes).expect("a datagram"));
        all.extend_from_slice(&bytes[..sizes[sizes.len() - 1]]);
    }
    assert_eq!(sizes, [1000, 1000, 1000, 500]);
    assert!(all == [vec![b'a'; 1200], vec![b'b'; 2300]].concat());
    Ok(())
}

/// On the loopback interface, the kernel does not cut at all if the receiver accepts joined
/// datagrams, so the second half arrives whole.
pub fn joined(program: &Program) -> Outcome {
    has(libc::UDP_SEGMENT, "UDP_SEGMENT")?;
    has(libc::UDP_GRO, "UDP_GRO")?;
    let out = program.prints(&[])?;
    let lines: Vec<_> = out
        .lines()
        .map(|line| line.trim_end_matches(" bytes"))
        .collect();
    let one_by_one = [
        "sent 3500",
        "received 1000",
        "received 1000",
        "received 1000",
        "received 500",
        "sent 3500",
    ];
    assert_eq!(
        lines,
        [&one_by_one[..], &["received 3500 bytes, datagrams of 1000"]].concat()
    );
    Ok(())
}

pub fn udp_batch(program: &Program) -> Outcome {
    let file = concat!(env!("CARGO_MANIFEST_DIR"), "/examples.rs");
    let bytes = std::fs::metadata(file).expect("this file").len();
    let out = program.prints(&[file])?;
    let words = format!(
        "{bytes} bytes arrived as they were sent, in {} packets, ",
        bytes.div_ceil(1200)
    );
    assert!(
        out.lines().any(|line| line.starts_with(&words)),
        "{words}\n{out}"
    );
    Ok(())
}

/// Each answer comes from the address that was asked, or the client would not receive it, and has
/// the mark of the question.
pub fn quic(program: &Program) -> Outcome {
    has(libc::UDP_SEGMENT, "UDP_SEGMENT")?;
    bind("127.0.0.2:0")?;
    bind("[::1]:0")?;
    let out = program.prints(&[])?;
    for address in ["127.0.0.2", "::1"] {
        let answers = out.lines().filter_map(|line| {
            let rest = line.strip_prefix(address)?.strip_prefix(" answered ")?;
            rest.strip_suffix(" bytes with congestion mark 2")
        });
        let bytes: usize = answers.map(|n| n.parse::<usize>().expect("a number")).sum();
        assert_eq!(bytes, 3600, "{out}");
    }
    Ok(())
}
