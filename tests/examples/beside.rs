//! `creds` and `pass_fd`: what travels between processes.

use crate::Outcome;
use crate::network::{CAP_SETUID, without};
use crate::program::{Program, succeed, tell};
use std::io::Error;
use std::os::unix::process::CommandExt;

/// What is read from the descriptor that is passed.
fn os() -> String {
    std::fs::read_to_string("/proc/sys/kernel/ostype")
        .expect("/proc")
        .trim_end()
        .into()
}

/// With a group that is not the user's number, where this user may change it.
pub fn creds(program: &Program) -> Outcome {
    const GROUP: u32 = 4242;
    let mut command = program.with(&[]);
    // SAFETY: no memory involved.
    let change = || {
        if unsafe { libc::setgid(GROUP) } < 0 {
            Err(Error::last_os_error())
        } else {
            Ok(())
        }
    };
    // SAFETY: as above.
    let (user, group) = unsafe { (libc::getuid(), libc::getgid()) };
    // SAFETY: a system call alone.
    let (told, group) = match tell(unsafe { command.pre_exec(change) }) {
        Ok(told) => (told, GROUP),
        Err(_) => (tell(&mut program.with(&[]))?, group),
    };
    let lines: Vec<_> = told.out.lines().collect();
    let [_, sender, text] = lines[..] else {
        panic!("{}{}", told.out, told.err)
    };
    assert_eq!(text, format!("its descriptor reads: {}", os()));
    let process = if program.is_direct() {
        told.id.to_string()
    } else {
        sender[8..sender.find(',').unwrap()].into()
    };
    assert_eq!(
        sender,
        format!("process {process}, user {user}, group {group}: the kernel says so")
    );
    Ok(())
}

pub fn lie(program: &Program) -> Outcome {
    let out = succeed(without(&mut program.with(&[]), CAP_SETUID))?;
    // EINVAL if that is nobody in this user namespace.
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
    let told = tell(&mut program.with(&[]))?;
    assert!(told.ok, "{}{}", told.out, told.err);
    let os = format!("  read from the first descriptor: {}", os());
    let unix = [
        "  text: read this, answer there, it is me",
        &os,
        "  written to the second one: thank you",
    ];
    for line in unix {
        assert!(
            told.out.lines().any(|found| found == line),
            "{line}\n{}",
            told.out
        );
    }
    if program.is_direct() {
        assert_eq!(
            told.out.matches(&format!("pid={}", told.id)).count(),
            2,
            "{}",
            told.out
        );
    }
    // 42 and 0xb8 as sent, of each datagram that arrived.
    let (_, udp) = told.out.split_once("\nUDP\n").expect("both parts");
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
