//! Runs programs to their end or up to a line of output, within a time limit.

use crate::machine;
use std::io::{BufRead, BufReader, Read};
use std::process::{Child, Command, Stdio};
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender, channel};
use std::thread;
use std::time::{Duration, Instant};

/// The time limit of programs under test: long enough for a slow machine, and an endless loop still
/// fails.
pub const SECONDS: Duration = Duration::from_secs(60);
/// The time limit of builds.
pub const MINUTES: Duration = Duration::from_secs(20 * 60);

/// Runs a program to its end and returns its standard output.
///
/// # Panics
/// If the program fails or exceeds the time limit, with everything that it printed.
#[track_caller]
pub fn run(command: &mut Command) -> String {
    run_for(command, SECONDS)
}

/// Does what [`run`] does, with another time limit.
#[track_caller]
pub fn run_for(command: &mut Command, limit: Duration) -> String {
    try_run(command, limit).unwrap_or_else(|e| panic!("{e}"))
}

/// Does what [`run`] does, but returns everything that the program printed if it fails.
pub fn try_run(command: &mut Command, limit: Duration) -> Result<String, String> {
    Running::start(command, limit)?.finish()
}

enum Line {
    Out(String),
    Err(String),
}

/// A program that runs at the same time as the test. Dropping this kills it.
pub struct Running {
    child: Child,
    what: String,
    lines: Receiver<Line>,
    end: Instant,
    out: String,
    err: String,
}

impl Running {
    /// Starts a program, which may run for `limit`.
    pub fn start(command: &mut Command, limit: Duration) -> Result<Self, String> {
        let mut emulated = machine::runnable(command);
        let command = emulated.as_mut().unwrap_or(command);
        let what = format!("{command:?}");
        let piped = command
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped());
        let mut child = piped.spawn().map_err(|e| format!("{what}: {e}"))?;
        let (to, lines) = channel();
        forward(child.stdout.take().expect("piped"), Line::Out, to.clone());
        forward(child.stderr.take().expect("piped"), Line::Err, to);
        Ok(Self {
            child,
            what,
            lines,
            end: Instant::now() + limit,
            out: String::new(),
            err: String::new(),
        })
    }

    /// Returns the process id.
    pub fn id(&self) -> u32 {
        self.child.id()
    }

    /// Takes one more line of output. Returns false at the end of the output.
    fn read_line(&mut self) -> Result<bool, String> {
        match self
            .lines
            .recv_timeout(self.end.saturating_duration_since(Instant::now()))
        {
            Ok(Line::Out(line)) => self.out.push_str(&line),
            Ok(Line::Err(line)) => self.err.push_str(&line),
            Err(RecvTimeoutError::Disconnected) => return Ok(false),
            Err(RecvTimeoutError::Timeout) => return Err(self.report("exceeded the time limit")),
        }
        Ok(true)
    }

    /// Waits until the program's standard output contains `text`.
    pub fn wait_for(&mut self, text: &str) -> Result<(), String> {
        while !self.out.contains(text) {
            if !self.read_line()? {
                return Err(self.report(&format!("ended without printing {text:?}")));
            }
        }
        Ok(())
    }

    /// Waits for the end. Returns the standard output if the program succeeds, and all output in an
    /// error if not.
    pub fn finish(mut self) -> Result<String, String> {
        while self.read_line()? {}
        let status = self
            .child
            .wait()
            .map_err(|e| format!("{}: {e}", self.what))?;
        if status.success() {
            Ok(std::mem::take(&mut self.out))
        } else {
            Err(self.report(&status.to_string()))
        }
    }

    /// Returns the command, all output, and `end`, which says how the program ended.
    fn report(&self, end: &str) -> String {
        format!("{}\n{}{}{end}", self.what, self.out, self.err)
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        // Both calls may fail if the program has ended; it need not be killed then.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// Sends the lines of a pipe to a channel, from a thread that ends with the pipe.
fn forward(pipe: impl Read + Send + 'static, kind: fn(String) -> Line, to: Sender<Line>) {
    thread::spawn(move || {
        let mut pipe = BufReader::new(pipe);
        let mut line = Vec::new();
        while pipe.read_until(b'\n', &mut line).is_ok_and(|n| n > 0) {
            if to
                .send(kind(String::from_utf8_lossy(&line).into_owned()))
                .is_err()
            {
                return;
            }
            line.clear();
        }
    });
}
