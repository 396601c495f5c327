//! Programs under test: run to the end or to a line of output, never longer than a time limit.

use crate::machine;
use std::io::{BufRead, BufReader, Read};
use std::process::{Child, Command, Stdio};
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender, channel};
use std::thread;
use std::time::{Duration, Instant};

/// For programs under test: long enough for a slow machine, and an endless loop still fails.
pub const SECONDS: Duration = Duration::from_secs(60);
/// For builds.
pub const MINUTES: Duration = Duration::from_secs(20 * 60);

/// Runs a program to its end and returns its standard output.
///
/// # Panics
/// With everything that it printed, if it fails or takes too long.
#[track_caller]
pub fn run(command: &mut Command) -> String {
    run_for(command, SECONDS)
}

/// [`run`] with another limit.
#[track_caller]
pub fn run_for(command: &mut Command, limit: Duration) -> String {
    try_run(command, limit).unwrap_or_else(|e| panic!("{e}"))
}

/// [`run`] for what may fail: then the error is the whole output.
pub fn try_run(command: &mut Command, limit: Duration) -> Result<String, String> {
    Running::start(command, limit)?.finish()
}

enum Line {
    Out(String),
    Err(String),
}

/// A program that runs beside the test. Killed when dropped.
pub struct Running {
    child: Child,
    what: String,
    lines: Receiver<Line>,
    end: Instant,
    out: String,
    err: String,
}

impl Running {
    /// Starts it; it may run for `limit`.
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

    /// Its process id.
    pub fn id(&self) -> u32 {
        self.child.id()
    }

    /// Takes one more line. False at the end of the output.
    fn step(&mut self) -> Result<bool, String> {
        match self
            .lines
            .recv_timeout(self.end.saturating_duration_since(Instant::now()))
        {
            Ok(Line::Out(line)) => self.out.push_str(&line),
            Ok(Line::Err(line)) => self.err.push_str(&line),
            Err(RecvTimeoutError::Disconnected) => return Ok(false),
            Err(RecvTimeoutError::Timeout) => return Err(self.story("too slow, an endless loop?")),
        }
        Ok(true)
    }

    /// Waits until its standard output contains `text`.
    pub fn wait_for(&mut self, text: &str) -> Result<(), String> {
        while !self.out.contains(text) {
            if !self.step()? {
                return Err(self.story(&format!("ended without saying {text:?}")));
            }
        }
        Ok(())
    }

    /// Waits for the end. The whole standard output if the program succeeded, everything if not.
    pub fn finish(mut self) -> Result<String, String> {
        while self.step()? {}
        let status = self
            .child
            .wait()
            .map_err(|e| format!("{}: {e}", self.what))?;
        if status.success() {
            Ok(std::mem::take(&mut self.out))
        } else {
            Err(self.story(&status.to_string()))
        }
    }

    fn story(&self, end: &str) -> String {
        format!("{}\n{}{}{end}", self.what, self.out, self.err)
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        // Both fail if it has ended, which is fine.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// Sends what a pipe yields, line by line, from a thread that ends with the pipe.
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
