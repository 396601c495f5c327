//! Runs the programs of c-examples/ that start other programs.

use ffi_tests::examples::programs;
use ffi_tests::process::{Running, SECONDS, run, try_run};
use ffi_tests::{scratch, skip};
use std::fs::read_to_string;
use std::os::unix::process::CommandExt;
use std::process::Command;

/// Returns the number between these words. They must be the whole line.
fn number(line: Option<&str>, before: &str, after: &str) -> u32 {
    let number = line.and_then(|line| line.strip_prefix(before)?.strip_suffix(after));
    let number = number.and_then(|number| number.parse().ok());
    number.unwrap_or_else(|| panic!("{line:?}, expected {before:?}, a number, {after:?}"))
}

/// Whether this user namespace has the user 65534: see user_namespaces(7).
fn has_nobody() -> bool {
    let map = read_to_string("/proc/self/uid_map").unwrap();
    map.lines().any(|line| {
        let numbers: Vec<u64> = line
            .split_whitespace()
            .map(|n| n.parse().unwrap())
            .collect();
        (numbers[0]..numbers[0] + numbers[2]).contains(&65534)
    })
}

/// The worker gets what it may have and nothing else; a request of another process, here of the
/// helper itself, is ignored. The worker is another user, if the helper is root, also in a setuid
/// program.
#[test]
fn helper() {
    let dir = scratch!("helper");
    // SAFETY: `geteuid` has no preconditions.
    let own = unsafe { libc::geteuid() };
    if own == 0 && !has_nobody() {
        return skip("helper", "this user namespace has no user 65534");
    }
    let user = if own == 0 { 65534 } else { own };
    let os = read_to_string("/proc/sys/kernel/ostype").unwrap();
    // A setuid program has a real user that is not root.
    let setuid = || {
        // SAFETY: `setresuid` has no preconditions.
        match unsafe { libc::setresuid(65533, 0, 0) } {
            0 => Ok(()),
            _ => Err(std::io::Error::last_os_error()),
        }
    };
    for program in programs(&dir, "helper.c") {
        let mut commands = vec![Command::new(&program)];
        if own == 0 {
            let mut command = Command::new(&program);
            // SAFETY: `setuid` makes one system call and neither allocates nor takes a lock.
            unsafe { command.pre_exec(setuid) };
            commands.push(command);
        }
        for mut command in commands {
            let helper = Running::start(&mut command, SECONDS).unwrap();
            let id = helper.id();
            let told = helper.finish().unwrap_or_else(|e| panic!("{e}"));
            let mut lines = told.lines();
            let stranger = " is not the worker: ignored";
            assert_eq!(number(lines.next(), "helper: process ", stranger), id);
            let expected = [
                &format!("helper: user {user} gets kernel"),
                &format!("worker: kernel: {}", os.trim_end()),
                &format!("helper: user {user} may not have /etc/shadow"),
                "worker: /etc/shadow: none for you",
            ];
            assert_eq!(lines.collect::<Vec<_>>(), expected);
        }
    }
}

/// Two services answer on one connection, the second of which got it from the store. Each activator
/// starts each service.
#[test]
fn activation() {
    let dir = scratch!("activation");
    let services = programs(&dir, "service.c");
    for activator in programs(&dir, "activator.c") {
        for service in &services {
            let told = run(Command::new(&activator).arg(service));
            let mut lines = told.lines();
            let first = number(lines.next(), "service ", " on a new connection");
            let second = number(lines.next(), "service ", " on a stored connection");
            assert!(first != second && lines.next().is_none(), "{told}");
        }
        // A service that ends at once has nothing stored.
        let why = try_run(Command::new(&activator).arg("/bin/true"), SECONDS);
        let why = why.expect_err("nothing was stored");
        assert!(why.contains("/bin/true has nothing stored"), "{why}");
    }
    for service in services {
        let why = try_run(&mut Command::new(&service), SECONDS).expect_err("no socket");
        assert!(why.contains("no socket"), "{why}");
        // A number that is not open, before the one that is asked for; and as many as an int holds.
        for (fds, names) in [
            ("2 3>&- 4<&0", "other:connection"),
            ("2147483647 4>&- 3>&-", "a"),
        ] {
            let script =
                format!("LISTEN_PID=$$ LISTEN_FDNAMES={names} LISTEN_FDS={fds} exec \"$0\"");
            let mut shell = Command::new("sh");
            let why = try_run(shell.args(["-c", &script]).arg(&service), SECONDS);
            let why = why.expect_err("no socket");
            assert!(why.contains("no socket"), "{script}: {why}");
        }
    }
}
