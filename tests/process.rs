//! Runs a program under test, for a limited time.

use std::io::Result;
use std::process::{Command, Output, Stdio};
use std::sync::mpsc::channel;
use std::time::Duration;

/// Long enough for a slow machine. A program that loops for ever still fails its test.
pub const LIMIT: Duration = Duration::from_secs(60);

/// Runs `command` with the standard input and output that it has, and captures its standard error.
/// Returns the process id and the output. Kills the process when its time is over.
pub fn run_for(limit: Duration, command: &mut Command) -> Result<(u32, Output)> {
    let child = command.stderr(Stdio::piped()).spawn()?;
    let (id, (done, wait)) = (child.id(), channel());
    let reader = std::thread::spawn(move || {
        let out = child.wait_with_output();
        let _ = done.send(());
        out
    });
    if wait.recv_timeout(limit).is_err() {
        // The reader is still waiting for the child, so its id has not been reused.
        // SAFETY: `kill` takes no pointers, so it touches no memory.
        unsafe { libc::kill(id as i32, libc::SIGKILL) };
    }
    Ok((id, reader.join().expect("the reader does not panic")?))
}
