//! Tests of `creds`, `own_syscalls` and `pass_fd`, which send credentials and descriptors.

use crate::Outcome;
use crate::network::{CAP_SETUID, without};
use crate::program::{Program, Skip, run, run_ok};
use std::io::Error;
use std::os::unix::process::CommandExt;

/// Returns the text that the examples read from the descriptor that they pass.
fn os() -> String {
    std::fs::read_to_string("/proc/sys/kernel/ostype")
        .expect("/proc")
        .trim_end()
        .into()
}

/// Runs the example with a group id that differs from the user id, if this user may change it.
pub fn creds(program: &Program) -> Outcome {
    const GROUP: u32 = 4242;
    let mut command = program.command(&[]);
    let change = || {
        // SAFETY: `setgid` takes no pointers, so it touches no memory.
        if unsafe { libc::setgid(GROUP) } < 0 {
            Err(Error::last_os_error())
        } else {
            Ok(())
        }
    };
    // SAFETY: neither function takes pointers, so they touch no memory.
    let (user, group) = unsafe { (libc::getuid(), libc::getgid()) };
    // SAFETY: `change` makes one system call and neither allocates nor takes a lock.
    let (finished, group) = match run(unsafe { command.pre_exec(change) }) {
        Ok(finished) => (finished, GROUP),
        Err(_) => (run(&mut program.command(&[]))?, group),
    };
    let lines: Vec<_> = finished.out.lines().collect();
    let [_, sender, text] = lines[..] else {
        panic!("{}{}", finished.out, finished.err)
    };
    assert_eq!(text, format!("its descriptor reads: {}", os()));
    let process = if program.is_direct() {
        finished.id.to_string()
    } else {
        sender[8..sender.find(',').unwrap()].into()
    };
    assert_eq!(
        sender,
        format!("process {process}, user {user}, group {group}: the kernel says so")
    );
    Ok(())
}

pub fn false_credentials(program: &Program) -> Outcome {
    let out = run_ok(without(&mut program.command(&[]), CAP_SETUID))?;
    // EINVAL if the other user does not exist in this user namespace.
    let refused = [libc::EPERM, libc::EINVAL]
        .map(|e| format!("another user's id: {}", Error::from_raw_os_error(e)));
    assert!(
        out.lines()
            .next()
            .is_some_and(|line| refused.iter().any(|words| words == line)),
        "{out}"
    );
    Ok(())
}

pub fn pass_fd(program: &Program) -> Outcome {
    let finished = run(&mut program.command(&[]))?;
    assert!(finished.ok, "{}{}", finished.out, finished.err);
    let os = format!("  read from the first descriptor: {}", os());
    let unix = [
        "  text: read this, answer there, it is me",
        &os,
        "  written to the second one: thank you",
    ];
    for line in unix {
        assert!(
            finished.out.lines().any(|found| found == line),
            "{line}\n{}",
            finished.out
        );
    }
    if program.is_direct() {
        assert_eq!(
            finished
                .out
                .matches(&format!("pid={}", finished.id))
                .count(),
            2,
            "{}",
            finished.out
        );
    }
    // IP_TTL and IP_TOS are printed once as sent and once for each datagram that arrived.
    let (_, udp) = finished.out.split_once("\nUDP\n").expect("both parts");
    let counts = [
        "  received ",
        "IP_TTL ",
        "IP_TOS ",
        "IP_PKTINFO ",
        "inet_addr(\"127.0.0.1\")",
    ]
    .map(|what| udp.matches(what).count());
    let [datagrams, ttl, tos, info, addresses] = counts;
    assert_eq!(
        (ttl, tos, info, addresses),
        (datagrams + 1, datagrams + 1, datagrams, 2 * datagrams),
        "{udp}"
    );
    assert!(datagrams > 0, "{udp}");
    Ok(())
}

/// The bytes and the descriptor come through; what the kernel would refuse is named.
pub fn proxy(program: &Program) -> Outcome {
    let out = program.prints(&[])?;
    let read = format!("its descriptor reads {:?}", os() + "\n");
    let through = [
        "the server got \"a file, \"",
        &read,
        "the server got \"and only bytes\"",
    ];
    let lines: Vec<_> = out
        .lines()
        .filter(|line| !line.starts_with("not passed on: "))
        .collect();
    assert_eq!(lines, through);
    assert_eq!(
        out.matches("not passed on: SCM_CREDENTIALS {pid=").count(),
        2,
        "{out}"
    );
    Ok(())
}

pub fn own_syscalls(program: &Program) -> Outcome {
    let finished = run(&mut program.command(&[]))?;
    if finished.err.contains("no system calls for this machine") {
        return Err(Skip(finished.err));
    }
    assert!(finished.ok && finished.err.is_empty(), "{}", finished.err);
    let expected = format!(
        "sent 9 bytes\nreceived \"take this\"\nits descriptor reads: {}\n",
        os()
    );
    assert_eq!(finished.out, expected);
    Ok(())
}
