//! Passes descriptors and credentials between Rust, C and Python, from each to each.
//!
//! The C programs are those of c-examples/, and the same with the system's macros. Python has its
//! own encoder and decoder, so a mistake that ours have in common is found.

use ffi_tests::examples::plain;
use ffi_tests::process::{Running, SECONDS};
use ffi_tests::{python, root, scratch, skip};
use std::ffi::{CString, OsString};
use std::fs::{File, write};
use std::io::Write;
use std::os::unix::ffi::OsStrExt;
use std::path::Path;
use std::process::Command;

/// A language, with the words that start its sender and its receiver.
struct Peer {
    name: &'static str,
    send: Vec<OsString>,
    recv: Vec<OsString>,
}

fn peers(dir: &Path) -> Vec<Peer> {
    let rust = OsString::from(env!("CARGO_BIN_EXE_rust_peer"));
    let c = |name: &str| -> [Vec<OsString>; 2] {
        let both = plain(dir, name).into_iter();
        let both: Vec<_> = both.map(|program| vec![program.into()]).collect();
        both.try_into().expect("one of ours, one with the macros")
    };
    let ([send, send_macros], [recv, recv_macros]) = (c("send_fds.c"), c("recv_fds.c"));
    let mut peers = vec![
        Peer {
            name: "Rust",
            send: vec![rust.clone(), "send".into()],
            recv: vec![rust, "recv".into()],
        },
        Peer {
            name: "C",
            send,
            recv,
        },
        Peer {
            name: "macros",
            send: send_macros,
            recv: recv_macros,
        },
    ];
    match python() {
        Ok(python) => {
            let script = |name| {
                vec![
                    python.clone().into(),
                    root().join("ffi-tests/py").join(name).into(),
                ]
            };
            peers.push(Peer {
                name: "Python",
                send: script("send_fds.py"),
                recv: script("recv_fds.py"),
            });
        }
        Err(reason) => skip("the pairings with Python", &reason),
    }
    peers
}

/// Returns a command that runs in `dir`, so that the socket's path is short wherever the target
/// folder is.
fn command(dir: &Path, words: &[OsString], socket: &str) -> Command {
    let mut command = Command::new(&words[0]);
    command.args(&words[1..]).arg(socket).current_dir(dir);
    command
}

/// Makes a named pipe, which send_fds can open. It is open at both ends, so that opening it never
/// blocks.
fn pipe(path: &Path) -> File {
    let name = CString::new(path.as_os_str().as_bytes()).unwrap();
    // SAFETY: mkfifo needs a string that ends with NUL, which a `CString` does, and `name` lives
    // until it returns.
    assert_eq!(
        unsafe { libc::mkfifo(name.as_ptr(), 0o600) },
        0,
        "mkfifo {}",
        path.display()
    );
    File::options().read(true).write(true).open(path).unwrap()
}

#[test]
fn every_language_to_every_other() {
    let dir = scratch!("pairs");
    write(dir.join("file"), "from the file\nand more\n").unwrap();
    let mut pipe = pipe(&dir.join("pipe"));
    // SAFETY: getuid and getgid have no preconditions.
    let (uid, gid) = unsafe { (libc::getuid(), libc::getgid()) };

    let peers = peers(&dir);
    for sender in &peers {
        for receiver in &peers {
            let pair = format!("{} to {}", sender.name, receiver.name);
            let socket = pair.replace(' ', "-");
            let fail = |e: String| -> ! { panic!("{pair}: {e}") };
            writeln!(pipe, "from the pipe of {pair}").unwrap();

            let mut there = Running::start(&mut command(&dir, &receiver.recv, &socket), SECONDS)
                .unwrap_or_else(|e| fail(e));
            there.wait_for("listening on ").unwrap_or_else(|e| fail(e));
            let mut send = command(&dir, &sender.send, &socket);
            let here =
                Running::start(send.args(["file", "pipe"]), SECONDS).unwrap_or_else(|e| fail(e));
            let pid = here.id();
            let sent = here.finish().unwrap_or_else(|e| fail(e));
            assert_eq!(
                sent,
                format!("sent 2 descriptors from pid {pid}\n"),
                "{pair}"
            );
            let got = there.finish().unwrap_or_else(|e| fail(e));

            let lines: Vec<_> = got.lines().skip(1).collect();
            let (rights, rest): (Vec<&str>, Vec<&str>) = lines
                .iter()
                .partition(|line| line.starts_with("SCM_RIGHTS"));
            let reads = |text: &str| format!("SCM_RIGHTS: a descriptor, it reads \"{text}\"");
            assert_eq!(
                rights,
                [
                    reads("from the file"),
                    reads(&format!("from the pipe of {pair}"))
                ],
                "{pair}"
            );
            assert_eq!(
                rest,
                [
                    "text: files for you".into(),
                    format!("SCM_CREDENTIALS: pid {pid}, uid {uid}, gid {gid}")
                ],
                "{pair}"
            );
        }
    }
}
