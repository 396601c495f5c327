//! Tests of `helper` and `activation`, which start themselves as other processes.

use crate::Outcome;
use crate::descriptors::os;
use crate::program::{Finished, Program, Skip, run};
use std::io::Error;
use std::os::unix::process::CommandExt;
use std::process::Command;

/// Runs the example. Skips the test if that needs an emulator, which the example would not start.
fn run_direct(program: &Program, command: &mut Command) -> Result<Finished, Skip> {
    if !program.is_direct() {
        return Err(Skip("it starts itself, without an emulator".into()));
    }
    let finished = run(command)?;
    if finished.err.contains("os error 22") {
        let why = "this user namespace has no user 65534";
        return Err(Skip(format!("{why}: {}", finished.err)));
    }
    assert!(finished.ok && finished.err.is_empty(), "{}", finished.err);
    Ok(finished)
}

/// Returns the number between these words. They must be the whole line.
fn number(line: Option<&str>, before: &str, after: &str) -> u32 {
    let number = line.and_then(|line| line.strip_prefix(before)?.strip_suffix(after));
    let number = number.and_then(|number| number.parse().ok());
    number.unwrap_or_else(|| panic!("{line:?}, expected {before:?}, a number, {after:?}"))
}

/// The worker gets what it may have and nothing else; a request of another process, here of the
/// helper itself, is ignored. The worker is another user, if the helper is root.
pub fn helper(program: &Program) -> Outcome {
    // SAFETY: `getuid` takes no pointers, so it touches no memory.
    let own = unsafe { libc::getuid() };
    let user = if own == 0 { 65534 } else { own };
    let finished = run_direct(program, &mut program.command(&[]))?;
    let mut lines = finished.out.lines();
    let stranger = number(
        lines.next(),
        "helper: process ",
        " is not the worker: ignored",
    );
    assert_eq!(stranger, finished.id);
    let after = format!(" of user {user} gets kernel");
    let worker = number(lines.next(), "helper: process ", &after);
    assert_ne!(worker, finished.id);
    let kernel = format!("worker: kernel: a descriptor that reads {:?}", os() + "\n");
    let shadow = "worker: /etc/shadow: no such file, or none for you";
    assert_eq!(lines.collect::<Vec<_>>(), [&kernel, shadow]);
    Ok(())
}

/// Two services answer on one connection, the second of which got it from the store.
fn check_activation(finished: &Finished) {
    let mut lines = finished.out.lines();
    for _ in 0..2 {
        assert_eq!(lines.next(), Some("the service ends: exit status: 0"));
    }
    let first = number(lines.next(), "service ", " on a new connection");
    let second = number(lines.next(), "service ", " on a stored connection");
    assert!(first != second && first != finished.id && second != finished.id);
    assert_eq!(lines.next(), None);
}

pub fn activation(program: &Program) -> Outcome {
    check_activation(&run_direct(program, &mut program.command(&[]))?);
    Ok(())
}

/// The program inherits the numbers that the service expects, so its sockets have others.
pub fn numbers_in_use(program: &Program) -> Outcome {
    let mut command = program.command(&[]);
    let occupy = || {
        for number in [3, 5] {
            // SAFETY: `dup2` takes no pointers, so it touches no memory. Both numbers may be of a
            // descriptor of the test, whose copy in the new process nobody uses.
            if unsafe { libc::dup2(0, number) } < 0 {
                return Err(Error::last_os_error());
            }
        }
        Ok(())
    };
    // SAFETY: `occupy` makes two system calls and neither allocates nor takes a lock.
    check_activation(&run_direct(program, unsafe { command.pre_exec(occupy) })?);
    Ok(())
}
