//! Tests of `pass_fd`, `proxy`, `fd_stream` and `bare`, which pass descriptors within one process.

use crate::Outcome;
use crate::program::{Program, Skip, run};
use std::fs::File;
use std::io::Error;
use std::os::unix::process::CommandExt;

/// Returns the text that the examples read from the descriptor that they pass.
pub fn os() -> String {
    std::fs::read_to_string("/proc/sys/kernel/ostype")
        .expect("/proc")
        .trim_end()
        .into()
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

/// Each message arrives whole, and with its own descriptors.
pub fn fd_stream(program: &Program) -> Outcome {
    let max = std::fs::read_to_string("/proc/sys/kernel/pid_max").expect("/proc");
    let [os, max] = [os() + "\n", max].map(|text| format!("a descriptor that reads {text:?}"));
    let expected = [
        "10 bytes, 0 descriptors",
        "0 bytes, 1 descriptors",
        &os,
        "1000000 bytes, 2 descriptors",
        &os,
        &max,
    ];
    let out = program.prints(&[])?;
    assert_eq!(out.lines().collect::<Vec<_>>(), expected);
    Ok(())
}

/// The receiver may open so few descriptors that some of a message are lost. It must say so, and
/// not go on with what is left.
pub fn too_many_open(program: &Program) -> Outcome {
    let lost = |most: libc::rlim_t| {
        let limit = move || {
            let limit = libc::rlimit {
                rlim_cur: most,
                rlim_max: most,
            };
            // SAFETY: `setrlimit` only reads `limit`.
            match unsafe { libc::setrlimit(libc::RLIMIT_NOFILE, &raw const limit) } {
                0 => Ok(()),
                _ => Err(Error::last_os_error()),
            }
        };
        let mut command = program.command(&[]);
        // SAFETY: `limit` makes one system call and neither allocates nor takes a lock.
        let finished = run(unsafe { command.pre_exec(limit) })?;
        assert_eq!(finished.ok, finished.err.is_empty(), "{}", finished.err);
        Ok(finished.err.contains("descriptors are lost"))
    };
    // How many the program has open depends on the linker, and on an emulator.
    for most in 4..40 {
        if lost(most)? {
            return Ok(());
        }
    }
    panic!("with any number of descriptors, none were lost");
}

pub fn bare(program: &Program) -> Outcome {
    assert_eq!(program.prints(&[])?, "take this\n");
    Ok(())
}

/// What it writes to is full.
pub fn bare_fails(program: &Program) -> Outcome {
    let full = File::options().write(true).open("/dev/full");
    let full = full.map_err(|e| Skip(format!("/dev/full: {e}")))?;
    let status = program.command(&[]).stdout(full).status().expect("bare");
    assert_eq!(status.code(), Some(libc::ENOSPC));
    Ok(())
}
