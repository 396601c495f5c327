//! Runs c-examples/broker.c, and the same with the system's macros, between send_fds and recv_fds:
//! it passes on what its own user sends, refuses everything else, and keeps no descriptor open.

use ffi_tests::examples::{plain, programs};
use ffi_tests::process::{Running, SECONDS, run, try_run};
use ffi_tests::{machine, scratch, skip};
use std::fs::{File, Permissions, read_dir, set_permissions};
use std::io::Write;
use std::os::fd::AsRawFd;
use std::os::unix::fs::PermissionsExt;
use std::os::unix::net::UnixStream;
use std::path::{Path, PathBuf};
use std::process::Command;

/// Many descriptors in one message: as many as the kernel passes (SCM_MAX_FD), or fewer with musl,
/// whose sendmsg has room for some 1000 bytes of control messages.
fn most() -> usize {
    let musl = std::env::var("CC").is_ok_and(|cc| cc.contains("musl"));
    if musl { 240 } else { 253 }
}

/// A broker that listens on `socket`, and the programs at its other ends.
struct Broker {
    send: PathBuf,
    recv: PathBuf,
    dir: PathBuf,
    running: Running,
    /// Everything that the broker has printed.
    said: String,
    /// How many descriptors the broker has open while it waits.
    open: usize,
}

/// Starts each of the brokers, in a folder of its own.
fn brokers(dir: &Path) -> Vec<Broker> {
    let [send, recv] = ["send_fds.c", "recv_fds.c"].map(|name| plain(dir, name).remove(0));
    let start = |(i, program): (usize, &PathBuf)| {
        let dir = dir.join(i.to_string());
        std::fs::create_dir(&dir).unwrap();
        std::fs::write(dir.join("file"), "from the file\n").unwrap();
        let (send, recv) = (send.clone(), recv.clone());
        let running = listening(Command::new(program).args(["socket", "target"]), &dir);
        let open = descriptors(&running);
        let said = "listening on socket\n".into();
        Broker {
            send,
            recv,
            dir,
            running,
            said,
            open,
        }
    };
    programs(dir, "broker.c")
        .iter()
        .enumerate()
        .map(start)
        .collect()
}

/// Starts a program, and waits until it listens.
fn listening(command: &mut Command, dir: &Path) -> Running {
    let mut running = Running::start(command.current_dir(dir), SECONDS).unwrap();
    let listens = running.wait_for("listening on ");
    listens.unwrap_or_else(|e| panic!("{e}"));
    running
}

fn descriptors(process: &Running) -> usize {
    let all = read_dir(format!("/proc/{}/fd", process.id()));
    all.unwrap().count()
}

impl Broker {
    /// Calls `send` while the target listens. Checks what the broker says of the message, and that
    /// it keeps no descriptor. Returns what the target received.
    fn pass(&mut self, verdict: &str, send: impl FnOnce(&Self)) -> String {
        let target = listening(Command::new(&self.recv).arg("target"), &self.dir);
        send(self);
        let received = target.finish().unwrap_or_else(|e| panic!("{e}"));
        self.said += &format!("{verdict}\n");
        // It prints this after it has closed everything.
        let said = self.running.wait_for(&self.said);
        said.unwrap_or_else(|e| panic!("{e}"));
        assert_eq!(descriptors(&self.running), self.open, "{verdict}");
        received
    }

    fn send_files(&self, n: usize) {
        let mut send = Command::new(&self.send);
        run(send
            .arg("socket")
            .args(vec!["file"; n])
            .current_dir(&self.dir));
    }
}

#[test]
fn passes_on_what_its_own_user_sends() {
    for mut broker in brokers(&scratch!("passes")) {
        for n in [1, 2, most()] {
            let received = broker.pass("passed on", |broker| broker.send_files(n));
            let files = received.matches("it reads \"from the file\"\n").count();
            assert!(
                received.contains("text: files for you\n") && files == n,
                "{received}"
            );
        }
    }
}

#[test]
fn refuses_a_message_without_descriptors() {
    for mut broker in brokers(&scratch!("without")) {
        let received = broker.pass("refused: descriptors are missing", |broker| {
            // The path of a socket must be short.
            let dir = File::open(&broker.dir).unwrap();
            let socket = format!("/proc/self/fd/{}/socket", dir.as_raw_fd());
            UnixStream::connect(socket)
                .unwrap()
                .write_all(b"hello")
                .unwrap();
        });
        assert!(!received.contains("hello"), "{received}");
    }
}

#[test]
fn refuses_truncated_messages() {
    for mut broker in brokers(&scratch!("truncated")) {
        let few = broker.open as libc::rlim_t + 20;
        let limit = libc::rlimit {
            rlim_cur: few,
            rlim_max: few,
        };
        let id = broker.running.id() as libc::pid_t;
        // SAFETY: `limit` lives until prlimit returns, which writes nothing through NULL.
        let status =
            unsafe { libc::prlimit(id, libc::RLIMIT_NOFILE, &limit, std::ptr::null_mut()) };
        assert_eq!(status, 0, "prlimit");
        let received = broker.pass("refused: descriptors are missing", |b| b.send_files(most()));
        assert!(!received.contains("files for you"), "{received}");
        broker.pass("passed on", |broker| broker.send_files(2));
    }
}

#[test]
fn refuses_another_user() {
    let dir = scratch!("user");
    for mut broker in brokers(&dir) {
        let nobody = || {
            let mut command = Command::new("setpriv");
            command
                .args(["--reuid=65534", "--clear-groups", "--"])
                .current_dir(&broker.dir);
            command
        };
        if let Err(e) = try_run(nobody().args(["test", "-x"]).arg(&broker.send), SECONDS) {
            return skip("the broker and another user", &e);
        }
        let mut command = nobody();
        command
            .args(machine::words(&broker.send))
            .args(["socket", "file"]);
        set_permissions(broker.dir.join("socket"), Permissions::from_mode(0o777)).unwrap();
        let received = broker.pass("refused: our user did not send it", |_| {
            run(&mut command);
        });
        assert!(!received.contains("files for you"), "{received}");
    }
}
