//! Compiles the programs of c-examples/, also with sanitizers, runs them, and talks to those that
//! need a peer. interop.rs runs send_fds.c and recv_fds.c with peers in other languages.

use ffi_tests::cc::Compiler;
use ffi_tests::examples::{compile, name, others, programs, sources, versions};
use ffi_tests::process::{Running, SECONDS, run, try_run};
use ffi_tests::{c_dir, root, scratch, skip};
use std::fs::{read_dir, read_to_string};
use std::net::UdpSocket;
use std::path::Path;
use std::process::Command;
use std::time::{SystemTime, UNIX_EPOCH};

/// Returns a shell that runs `script` as root in a network namespace. Arguments that are added
/// become "$0" "$@".
fn own_network(script: &str) -> Result<Command, String> {
    let shell = |script: &str| {
        let mut command = Command::new("unshare");
        command.args(["--net", "--map-root-user", "sh", "-ec", script]);
        command
    };
    let up = "ip link set lo up";
    try_run(&mut shell(up), SECONDS)?;
    Ok(shell(&format!("{up}; {script}")))
}

/// Returns seconds and nanoseconds after `words`, to the end of that line.
fn timestamp(text: &str, words: &str) -> (u64, u32) {
    let line = text
        .lines()
        .find_map(|line| line.split_once(words))
        .unwrap_or_else(|| panic!("no {words:?}: {text}"));
    let (seconds, nanoseconds) = line.1.split_once('.').unwrap();
    assert_eq!(nanoseconds.len(), 9, "{text}");
    (seconds.parse().unwrap(), nanoseconds.parse().unwrap())
}

fn now() -> (u64, u32) {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap();
    (since.as_secs(), since.subsec_nanos())
}

#[test]
fn every_example_is_run() {
    let tests = read_dir(root().join("ffi-tests/tests")).unwrap();
    let tests = tests.map(|entry| entry.unwrap().path());
    let tests: String = tests.filter_map(|path| read_to_string(path).ok()).collect();
    let examples = sources("c-examples");
    assert!(examples.len() >= 12, "{examples:?}");
    for example in examples {
        let name = name(&example);
        let run = tests.contains(&format!("dir, \"{name}.c\")"));
        assert!(run, "no test runs {name}.c");
        // An example is read from its first line to its last.
        let text = read_to_string(&example).unwrap();
        let lines = text.lines().filter(|line| !line.contains("SPDX-")).count();
        assert!(lines < 120, "{name}.c has {lines} lines");
    }
}

#[test]
fn no_compiler_warns() {
    let dir = scratch!("warnings");
    for compiler in [Some(Compiler::c()), Compiler::clang()] {
        let Some(compiler) = compiler else {
            return skip("the examples with clang", "clang is not installed");
        };
        for source in sources("c-examples") {
            for source in versions(&compiler, &dir, &source) {
                for standard in ["-std=c99", "-std=c11"] {
                    run(compile(&compiler, &source).args([standard, "-fsyntax-only"]));
                }
            }
        }
    }
}

#[test]
fn the_makefile_builds_them_all() {
    let dir = scratch!("make");
    for folder in ["c-examples", "include", "include/ancil"] {
        std::fs::create_dir_all(dir.join(folder)).unwrap();
        for file in read_dir(root().join(folder))
            .unwrap()
            .map(|entry| entry.unwrap().path())
        {
            if file.extension().is_some_and(|e| e == "c" || e == "h") || file.ends_with("Makefile")
            {
                std::fs::copy(&file, dir.join(folder).join(file.file_name().unwrap())).unwrap();
            }
        }
    }
    std::fs::copy(ffi_tests::archive(), dir.join("libancil.a")).unwrap();
    let here = [
        "ANCIL_CFLAGS=-I../include",
        "ANCIL_LIBS=../libancil.a",
        "CFLAGS=-Werror -Wall -Wextra",
    ];
    run(Command::new("make")
        .arg("-C")
        .arg(dir.join("c-examples"))
        .args(here));
    for source in sources("c-examples") {
        let program = dir.join("c-examples").join(name(&source));
        assert!(program.is_file(), "{}", program.display());
    }
}

#[test]
fn writev() {
    let dir = scratch!("writev");
    for program in programs(&dir, "writev.c") {
        assert_eq!(run(&mut Command::new(program)), "[THIS IS FROM WRITEV]\n");
    }
    // A system that writes few bytes at a time.
    let mut all = others("writev");
    all.push(root().join("c-examples/writev.c"));
    for source in all {
        let sources = [source, c_dir().join("short_writev.c")];
        let program = Compiler::c().program(&dir, &sources, &["-Dwritev=short_writev"]);
        assert_eq!(run(&mut Command::new(program)), "[THIS IS FROM WRITEV]\n");
    }
}

#[test]
fn ping() {
    let dir = scratch!("ping");
    let ttl = read_to_string("/proc/sys/net/ipv4/ip_default_ttl").unwrap();
    // In a new network namespace the range is "1 0", which is empty. Root drops CAP_NET_RAW with
    // its bounding set.
    let ways = [
        (
            "a ping socket",
            "echo 0 0 > /proc/sys/net/ipv4/ping_group_range; \
             exec setpriv --bounding-set=-all \"$0\"",
        ),
        ("a raw socket", "exec \"$0\" 127.0.0.2"),
        ("", "exec setpriv --bounding-set=-all \"$0\""),
    ];
    for program in programs(&dir, "ping.c") {
        for (socket, script) in ways {
            let mut command = match own_network(script) {
                Ok(command) => command,
                Err(reason) => return skip("ping", &format!("no network namespace: {reason}")),
            };
            let before = now();
            let answer = try_run(command.arg(&program), SECONDS);
            if socket.is_empty() {
                let reason = answer.expect_err("ping without permission");
                assert!(
                    reason.contains("net.ipv4.ping_group_range") && reason.contains("CAP_NET_RAW"),
                    "{reason}"
                );
                continue;
            }
            let answer = answer.unwrap_or_else(|e| panic!("{e}"));
            let to = if script.contains("127.0.0.2") {
                "127.0.0.2"
            } else {
                "127.0.0.1"
            };
            assert!(
                answer.starts_with(&format!("48 bytes from {to} by {socket}\n")),
                "{answer}"
            );
            assert!(
                answer.contains(&format!("\nttl {ttl}")) && answer.contains("\ninterface lo\n"),
                "{answer}"
            );
            let arrived = timestamp(&answer, "arrived at ");
            assert!(before <= arrived && arrived <= now(), "{answer}");
            assert_eq!(answer.lines().count(), 4, "{answer}");
        }
    }
}

/// Each answer comes from the address that was asked, or the client would not receive it.
#[test]
fn udp_server() {
    let dir = scratch!("udp_server");
    let answers = |address: &str| {
        let [whole, rest] = [1000, 500].map(|n| format!("{address} answered {n} bytes\n"));
        format!("asked: 2500 bytes, segments of 1000, mark 2\n{whole}{whole}{rest}")
    };
    if let Err(e) = UdpSocket::bind("[::1]:0") {
        return skip("udp_server without IPv6", &e.to_string());
    }
    for program in programs(&dir, "udp_server.c") {
        let told = match try_run(&mut Command::new(&program), SECONDS) {
            Err(e) if e.contains("Protocol not available") => return skip("udp_server", &e),
            told => told.unwrap_or_else(|e| panic!("{e}")),
        };
        assert_eq!(told, answers("127.0.0.2") + &answers("::1"));
        // Without packet information, the kernel would answer from ::1; without the interface, it
        // would refuse to answer from fe80::2.
        // The kernel makes the addresses usable in the background.
        let more = own_network(
            "ip -6 addr add fd00::2/128 dev lo nodad; ip -6 addr add fe80::2/64 dev lo nodad; \
             until [ $(ip -6 route show table local | grep -c ::2) = 2 ]; do :; done; \
             exec \"$0\" fd00::2 fe80::2%lo",
        );
        match more {
            Ok(mut more) => {
                let expected = answers("fd00::2") + &answers("fe80::2%lo");
                assert_eq!(run(more.arg(&program)), expected);
            }
            Err(reason) => skip("udp_server with more addresses", &reason),
        }
    }
}

/// Runs a program, and has strace report to it that the other host has refused datagrams. Fails if
/// strace may not trace.
fn refused(program: &Path) -> Result<String, String> {
    let strace = || {
        let mut command = Command::new("strace");
        command.args(["-f", "-qqq", "-o", "/dev/null"]);
        command.env("ASAN_OPTIONS", "detect_leaks=0"); // which cannot be traced
        command
    };
    try_run(strace().arg("true"), SECONDS)?;
    let rules =
        ["sendto", "recvmsg"].map(|call| format!("--inject={call}:error=ECONNREFUSED:when=2"));
    Ok(run(strace().args(rules).arg(program)))
}

/// Each datagram leaves before it arrives, and has the next number. The loopback interface has no
/// clock of its own, and the program says so.
#[test]
fn timestamps() {
    let dir = scratch!("timestamps");
    for program in programs(&dir, "timestamps.c") {
        let mut last = now();
        let told = run(&mut Command::new(&program));
        let (mut left, mut arrived) = (0, 0);
        for line in told.lines() {
            let time = line.strip_suffix(" by the clock of the kernel");
            let time = timestamp(time.expect(line), " at ");
            if line.starts_with("a datagram arrived at ") {
                arrived += 1;
            } else {
                assert!(line.starts_with(&format!("datagram {left} left at ")));
                left += 1;
            }
            assert!(last <= time, "{told}");
            last = time;
        }
        assert!(arrived == 3 && last <= now(), "{told}");
        match refused(&program) {
            Ok(told) => assert_eq!(told.matches("a datagram arrived").count(), 3, "{told}"),
            Err(reason) => skip("timestamps of refused datagrams", &reason),
        }
        let why = try_run(Command::new(&program).args(["lo", "127.0.0.1"]), SECONDS);
        let why = why.expect_err("a clock of the loopback interface");
        assert!(why.contains("the clock of lo: "), "{why}");
        match std::env::var("ANCIL_CARD") {
            Ok(card) => {
                let told = run(Command::new(&program).args([&card, "192.0.2.1"]));
                let by_card = told.matches(" by the clock of the card\n").count();
                assert!(by_card >= 3, "{told}");
            }
            Err(_) => skip("timestamps of a card", "ANCIL_CARD names no network card"),
        }
    }
}

/// Returns a control message in hex, as the system's macros lay it out.
fn hex(level: i32, ty: i32, payload: &[u8]) -> String {
    let word = size_of::<usize>();
    let len = word + 8 + payload.len();
    let mut bytes = [
        &len.to_ne_bytes()[..],
        &level.to_ne_bytes(),
        &ty.to_ne_bytes(),
        payload,
    ]
    .concat();
    bytes.resize(len.next_multiple_of(word), 0);
    bytes.iter().map(|byte| format!("{byte:02X} ")).collect()
}

#[test]
fn dump() {
    let dir = scratch!("dump");
    let header = size_of::<usize>() + 8;
    let rights = format!(
        "{{cmsg_len={}, cmsg_level=SOL_SOCKET, cmsg_type=SCM_RIGHTS, cmsg_data=[4]}}",
        header + 4
    );
    let ttl = format!(
        "{{cmsg_len={}, cmsg_level=SOL_IP, cmsg_type=IP_TTL, cmsg_data=[64]}}",
        header + 4
    );
    let (hex_rights, hex_ttl) = (
        hex(libc::SOL_SOCKET, libc::SCM_RIGHTS, &4i32.to_ne_bytes()),
        hex(0, 2, &64i32.to_ne_bytes()),
    );
    let cases = [
        (
            format!("{hex_rights}\n{hex_ttl}\n"),
            Some(format!("[{rights}, {ttl}]\n")),
        ),
        (hex_rights.replace(' ', ""), Some(format!("[{rights}]\n"))),
        (String::new(), Some("[]\n".into())),
        ("4".into(), None),
        ("4g".into(), None),
        ("00".repeat(16385), None),
    ];
    for program in programs(&dir, "dump.c") {
        for (text, told) in &cases {
            let input = dir.join("input");
            std::fs::write(&input, text).unwrap();
            let mut command = Command::new("sh");
            command
                .args(["-c", "exec \"$0\" < \"$1\""])
                .arg(&program)
                .arg(&input);
            assert_eq!(try_run(&mut command, SECONDS).ok(), *told, "{text}");
        }
    }
}

#[test]
fn send_fds_to_recv_fds() {
    let dir = scratch!("fds");
    std::fs::write(dir.join("file"), "from the file\n").unwrap();
    let (send, recv) = (programs(&dir, "send_fds.c"), programs(&dir, "recv_fds.c"));
    for (i, send) in send.iter().enumerate() {
        for (j, recv) in recv.iter().enumerate() {
            let socket = format!("{i}-{j}");
            let start = |command: &mut Command| {
                let started = Running::start(command.current_dir(&dir), SECONDS);
                started.unwrap_or_else(|e| panic!("{e}"))
            };
            let mut there = start(Command::new(recv).arg(&socket));
            there.wait_for("listening on ").unwrap();
            let here = start(Command::new(send).args([&socket, "file", "file"]));
            let pid = here.id();
            let sent = here.finish().unwrap_or_else(|e| panic!("{e}"));
            assert_eq!(sent, format!("sent 2 descriptors from pid {pid}\n"));
            let got = there.finish().unwrap_or_else(|e| panic!("{e}"));
            // SAFETY: getuid and getgid have no preconditions.
            let (uid, gid) = unsafe { (libc::getuid(), libc::getgid()) };
            let from = format!("SCM_CREDENTIALS: pid {pid}, uid {uid}, gid {gid}\n");
            assert_eq!(
                got,
                format!(
                    "listening on {socket}\ntext: files for you\n{from}{DESCRIPTOR}{DESCRIPTOR}"
                )
            );
        }
    }
}

/// What recv_fds prints for a descriptor of the file that the tests make.
const DESCRIPTOR: &str = "SCM_RIGHTS: a descriptor, it reads \"from the file\"\n";
