//! Runs the programs of `async/`. Two of them pass bytes and a descriptor between a broker and its
//! client over nonblocking sockets, and one receives with io_uring. They run in this process, so
//! that an emulator runs them, too.

#[path = "async/mio_broker.rs"]
#[expect(dead_code, reason = "the tests call `ask` instead of `main`")]
mod mio_broker;
#[path = "async/tokio_broker.rs"]
#[expect(dead_code, reason = "the tests call `ask` instead of `main`")]
mod tokio_broker;

#[cfg(any(
    target_arch = "x86_64",
    target_arch = "aarch64",
    target_arch = "riscv64"
))]
#[path = "async/uring.rs"]
mod uring;
/// On other machines, the crate io-uring lacks the kernel's numbers.
#[cfg(not(any(
    target_arch = "x86_64",
    target_arch = "aarch64",
    target_arch = "riscv64"
)))]
mod uring {
    use std::io::{ErrorKind, Result};

    type Test = (&'static str, fn() -> Result<()>);

    pub const TESTS: [Test; 1] = [("any", available)];

    pub fn available() -> Result<()> {
        Err(ErrorKind::Unsupported.into())
    }
}
use libtest_mimic::{Arguments, Completion, Failed, Trial};
use std::ffi::OsStr;
use std::fs::File;
use std::io::{Read, Result, Write};
use std::os::fd::OwnedFd;
use std::path::Path;
use std::process::ExitCode;
use std::sync::mpsc::{RecvTimeoutError, channel};
use std::thread;
use std::time::Duration;

/// What a client got, and how often the broker waited to send and the client to receive.
type Answer = (Vec<u8>, Option<OwnedFd>, [usize; 2]);
/// Asks a broker for the file of this path.
type Ask = fn(&OsStr) -> Result<Answer>;
type Outcome<T = ()> = std::result::Result<T, Failed>;
type Test = fn(Ask) -> Outcome;

/// Long enough for a slow machine.
const LIMIT: Duration = Duration::from_secs(60);

fn main() -> ExitCode {
    let mut arguments = Arguments::from_args();
    // Tests count the open descriptors of this process.
    arguments.test_threads = Some(1);
    let brokers: [(&str, Ask); 2] = [("mio", mio_broker::ask), ("tokio", tokio_broker::ask)];
    let tests: [(&str, Test); 3] = [
        ("large_file", large_file),
        ("empty_file", empty_file),
        ("no_file", no_file),
    ];
    let uring = uring::TESTS.map(|(name, test)| {
        Trial::ignorable_test(format!("uring_receiver::{name}"), move || uring(test))
    });
    let trials = brokers.into_iter().flat_map(|(broker, ask)| {
        tests.map(|(name, test)| {
            Trial::test(format!("{broker}::{name}"), move || {
                let before = open_fds()?;
                test(ask)?;
                assert_eq!(open_fds()?, before, "open descriptors after and before");
                Ok(())
            })
        })
    });
    libtest_mimic::run(&arguments, trials.chain(uring).collect()).exit_code()
}

/// Runs a test of the receiver for a limited time. Ignored if this kernel or emulator has no
/// io_uring, forbids it, or has no multishot `recvmsg`.
fn uring(test: fn() -> Result<()>) -> Outcome<Completion> {
    let release = std::fs::read_to_string("/proc/sys/kernel/osrelease")?;
    let major = release
        .split('.')
        .next()
        .and_then(|major| major.parse().ok());
    if major.is_none_or(|major: u32| major < 6) {
        let why = format!("a multishot recvmsg needs Linux 6.0, this is {release}");
        return Ok(Completion::ignored_with(why));
    }
    if let Err(e) = uring::available() {
        return Ok(Completion::ignored_with(format!("io_uring: {e}")));
    }
    let before = open_fds()?;
    in_time(test)??;
    assert_eq!(open_fds()?, before, "open descriptors after and before");
    Ok(Completion::Completed)
}

fn open_fds() -> Result<usize> {
    Ok(std::fs::read_dir("/proc/self/fd")?.count())
}

/// Calls `work` in a thread, and fails if that takes too long.
fn in_time<T: Send + 'static>(work: impl FnOnce() -> T + Send + 'static) -> Outcome<T> {
    let (done, result) = channel();
    let worker = thread::spawn(move || done.send(work()));
    let result = result.recv_timeout(LIMIT);
    if !matches!(result, Err(RecvTimeoutError::Timeout)) {
        let _ = worker.join().map_err(|_| "a panic, see above")?;
    }
    Ok(result?)
}

/// Asks for a file, and fails if that takes too long.
fn ask_in_time(ask: Ask, path: &Path) -> Outcome<Answer> {
    let path = path.to_owned();
    Ok(in_time(move || ask(path.as_os_str()))??)
}

/// Asks for a file with these contents. They must arrive, the start in the answer and the rest in
/// the file. Returns how often the broker waited to send and the client to receive.
fn ask_for(ask: Ask, name: &str, contents: &[u8]) -> Outcome<[usize; 2]> {
    let path = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
    File::create(&path)?.write_all(contents)?;
    let (answer, file, waits) = ask_in_time(ask, &path)?;
    let mut all = answer
        .strip_prefix(b"opened\n")
        .ok_or("the file was not opened")?
        .to_vec();
    File::from(file.ok_or("no descriptor arrived")?).read_to_end(&mut all)?;
    assert!(all == contents, "{} bytes of {}", all.len(), contents.len());
    Ok(waits)
}

/// The start of the file is longer than what a socket holds, so both sides have to wait.
fn large_file(ask: Ask) -> Outcome {
    let contents: Vec<u8> = (0..400_000u32).flat_map(u32::to_ne_bytes).collect();
    let [to_send, to_receive] = ask_for(ask, "large", &contents)?;
    assert!(to_send > 0, "EAGAIN must stop the broker while it sends");
    assert!(
        to_receive > 0,
        "EAGAIN must stop the client while it receives"
    );
    Ok(())
}

fn empty_file(ask: Ask) -> Outcome {
    ask_for(ask, "empty", b"")?;
    Ok(())
}

fn no_file(ask: Ask) -> Outcome {
    let path = Path::new(env!("CARGO_TARGET_TMPDIR")).join("missing");
    let (answer, file, _) = ask_in_time(ask, &path)?;
    assert!(file.is_none() && answer.starts_with(b"No such file"));
    Ok(())
}
