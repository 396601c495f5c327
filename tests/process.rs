//! Programs under test: run to their end, but not for ever.

use std::io::Result;
use std::process::{Command, Output, Stdio};
use std::sync::mpsc::channel;
use std::time::Duration;

/// Long enough for a slow machine, and an endless loop still fails.
pub const LIMIT: Duration = Duration::from_secs(60);

/// Runs it with the standard input and output that it has been given, and catches what it says on standard error.
/// Returns the number of the process, too. Kills it when its time is over.
pub fn run_for(limit: Duration, command: &mut Command) -> Result<(u32, Output)> {
    let child = command.stderr(Stdio::piped()).spawn()?;
    let (id, (done, wait)) = (child.id(), channel());
    let reader = std::thread::spawn(move || {
        let out = child.wait_with_output();
        let _ = done.send(());
        out
    });
    if wait.recv_timeout(limit).is_err() {
        // SAFETY: it touches no memory. Our own child, which nobody has waited for yet.
        unsafe { libc::kill(id as i32, libc::SIGKILL) };
    }
    Ok((id, reader.join().expect("the reader does not panic")?))
}
