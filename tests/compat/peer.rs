//! The 32-bit program. It is compiled once, and started for each test with the sockets that it
//! uses.

use crate::{Outcome, Stop};
use std::io::{BufRead, BufReader, Error, Write};
use std::os::fd::{AsRawFd, OwnedFd};
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};
use std::sync::OnceLock;

/// Compilers for 32-bit x86. The second one finds the kernel's headers where Debian keeps those for
/// 64 bits.
const COMPILERS: [&str; 3] = [
    "i686-linux-gnu-gcc",
    "gcc -m32 -idirafter /usr/include/x86_64-linux-gnu",
    "clang -m32 --target=i686-linux-gnu",
];

/// A running 32-bit program.
pub struct Peer {
    child: Child,
    orders: ChildStdin,
    answers: BufReader<ChildStdout>,
}

fn compile() -> Result<PathBuf, String> {
    if !cfg!(target_arch = "x86_64") {
        return Err("this machine does not run 32-bit x86 programs".into());
    }
    let source = concat!(env!("CARGO_MANIFEST_DIR"), "/compat/peer.c");
    let program = Path::new(env!("CARGO_TARGET_TMPDIR")).join("compat-peer32");
    let mut errors = Vec::new();
    for compiler in COMPILERS {
        let mut words = compiler.split(' ');
        let mut command = Command::new(words.next().unwrap_or_default());
        let done = command
            .args(words)
            .args(["-Wall", "-Wextra", "-static", source, "-o"])
            .arg(&program)
            .output();
        match done {
            Ok(output) if output.status.success() => return Ok(program),
            Ok(output) => {
                let words = String::from_utf8_lossy(&output.stderr).into_owned();
                errors.push(format!(
                    "{compiler}: {}",
                    words.lines().last().unwrap_or_default()
                ));
            }
            Err(e) => errors.push(format!("{compiler}: {e}")),
        }
    }
    Err(format!(
        "no compiler for 32-bit programs: {}",
        errors.join("; ")
    ))
}

impl Peer {
    /// Starts a program that has these sockets, under the same numbers as here.
    pub fn start(sockets: &[&OwnedFd]) -> Outcome<Self> {
        static PROGRAM: OnceLock<Result<PathBuf, String>> = OnceLock::new();
        let program = PROGRAM
            .get_or_init(compile)
            .as_ref()
            .map_err(|reason| Stop::Skip(reason.clone()))?;
        for socket in sockets {
            // SAFETY: F_SETFD takes a number and no pointer, so the call touches no memory.
            if unsafe { libc::fcntl(socket.as_raw_fd(), libc::F_SETFD, 0) } < 0 {
                return Err(Error::last_os_error().into());
            }
        }
        let mut command = Command::new(program);
        let started = command.stdin(Stdio::piped()).stdout(Stdio::piped()).spawn();
        let mut child =
            started.map_err(|e| Stop::Skip(format!("a 32-bit program does not run: {e}")))?;
        let orders = child.stdin.take().expect("piped");
        let answers = BufReader::new(child.stdout.take().expect("piped"));
        Ok(Self {
            child,
            orders,
            answers,
        })
    }

    /// Gives an order and returns the answer.
    pub fn ask(&mut self, order: &str) -> Outcome<String> {
        self.orders.write_all(order.as_bytes())?;
        self.orders.write_all(b"\n")?;
        let mut line = String::new();
        if self.answers.read_line(&mut line)? == 0 {
            return Err(Stop::Fail(format!(
                "the 32-bit program did not understand {order:.100}"
            )));
        }
        Ok(line.trim_end().to_owned())
    }

    /// Has the program send. Returns the number of bytes sent, or a negative error number.
    pub fn send(&mut self, socket: &OwnedFd, control: &[u8]) -> Outcome<i32> {
        Ok(self
            .ask(&format!("send {} 0 {}", socket.as_raw_fd(), hex(control)))?
            .parse()?)
    }
}

impl Drop for Peer {
    fn drop(&mut self) {
        // Both calls fail if the program has already ended, which is fine.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

pub fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

pub fn unhex(digits: &str) -> Outcome<Vec<u8>> {
    let pairs = digits
        .as_bytes()
        .chunks(2)
        .map(|pair| Ok(u8::from_str_radix(std::str::from_utf8(pair)?, 16)?));
    pairs.collect()
}
