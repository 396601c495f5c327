//! Has strace return errors from the system calls of the examples.

use crate::Outcome;
use crate::program::{Finished, Program, Skip, run};
use std::collections::BTreeSet;
use std::process::{Command, Stdio};

/// poll(2) reports that its time is over. Each machine has one of these calls, and `?` has strace
/// ignore a name that the machine does not have.
const NO_EVENT: &str = "?poll,?ppoll:retval=0";

/// Runs an example whose system calls fail as these rules of `strace --inject` say. Skips the test
/// without strace, or if it may not trace.
fn inject(program: &Program, rules: &[&str]) -> Result<Finished, Skip> {
    let strace = || {
        let mut command = Command::new("strace");
        command.args(["-f", "-qqq", "-o", "/dev/null", "-e", "signal=none"]);
        command
    };
    if !program.is_direct() {
        return Err(Skip("strace would trace the emulator".into()));
    }
    match strace().arg("true").stderr(Stdio::null()).status() {
        Ok(status) if status.success() => {}
        other => return Err(Skip(format!("strace: {other:?}"))),
    }
    let example = program.command(&[]);
    let rules = rules.iter().flat_map(|rule| ["--inject", rule]);
    run(strace().args(rules).arg(example.get_program()))
}

/// Every second call is interrupted by a signal, and the example prints what it otherwise prints.
pub fn interrupted(program: &Program) -> Outcome {
    let expected = program.prints(&[])?;
    let calls = ["recvmsg", "recvmmsg", "poll", "ppoll", "epoll_wait"];
    let rules = calls.map(|call| format!("?{call}:error=EINTR:when=1+2"));
    let finished = inject(program, &rules.each_ref().map(|rule| &rule[..]))?;
    assert!(finished.ok && finished.err.is_empty(), "{}", finished.err);
    assert_eq!(kinds_of_lines(&finished.out), kinds_of_lines(&expected));
    Ok(())
}

/// Returns the lines in any order, because threads write them, with numbers left out.
fn kinds_of_lines(text: &str) -> BTreeSet<String> {
    text.lines()
        .map(|line| line.replace(|c: char| c.is_ascii_digit(), ""))
        .collect()
}

/// The other host refuses a datagram, which a call that sends and one that receives report. The
/// example goes on.
pub fn refused(program: &Program) -> Outcome {
    let rules = [
        "sendto:error=ECONNREFUSED:when=2",
        "recvmsg:error=ECONNREFUSED:when=2",
    ];
    let finished = inject(program, &rules)?;
    assert!(finished.ok && finished.err.is_empty(), "{}", finished.err);
    assert_eq!(
        finished.out.matches("a datagram arrived at ").count(),
        3,
        "{}",
        finished.out
    );
    Ok(())
}

/// The error queue stays empty.
pub fn no_send_is_done(program: &Program) -> Outcome {
    let finished = inject(program, &["recvmsg:error=EAGAIN", NO_EVENT])?;
    assert!(
        !finished.ok && finished.err.contains("no send was done within 5 s"),
        "{}",
        finished.err
    );
    Ok(())
}

/// The kernel has no memory for a send, and there are no sends to wait for.
pub fn no_memory(program: &Program) -> Outcome {
    let finished = inject(program, &["sendmsg:error=ENOBUFS", NO_EVENT])?;
    assert!(
        !finished.ok && finished.err.contains("ENOBUFS"),
        "{}",
        finished.err
    );
    Ok(())
}
