//! Tests of `helper` and `activation`, which start themselves as other processes.

use crate::Outcome;
use crate::descriptors::os;
use crate::program::{Finished, Program, Skip, run};
use ancil::{Fd, io};
use std::io::{BufRead, BufReader, Error};
use std::net::{Ipv4Addr, TcpListener, TcpStream};
use std::os::fd::{AsRawFd, OwnedFd};
use std::os::linux::net::SocketAddrExt;
use std::os::unix::net::{SocketAddr, UnixDatagram, UnixStream};
use std::os::unix::process::CommandExt;
use std::process::{Child, Command, Stdio};

/// Skips the test if that needs an emulator, which the example would not start.
fn direct(program: &Program) -> Outcome {
    match program.is_direct() {
        true => Ok(()),
        false => Err(Skip("it starts itself, without an emulator".into())),
    }
}

/// Runs the example, which must succeed.
fn run_direct(program: &Program, command: &mut Command) -> Result<Finished, Skip> {
    direct(program)?;
    let finished = run(command)?;
    assert!(finished.ok && finished.err.is_empty(), "{}", finished.err);
    Ok(finished)
}

/// Skips the test unless this user namespace has the user 65534: see user_namespaces(7).
fn has_nobody() -> Outcome {
    let map = std::fs::read_to_string("/proc/self/uid_map").unwrap_or_default();
    let inside = |line: &str| {
        let mut numbers = line.split_whitespace().map(str::parse::<u64>);
        let (Some(Ok(first)), Some(Ok(count))) = (numbers.next(), numbers.nth(1)) else {
            panic!("/proc/self/uid_map: {line}")
        };
        (first..first + count).contains(&65534)
    };
    match map.lines().any(inside) {
        true => Ok(()),
        false => Err(Skip("this user namespace has no user 65534".into())),
    }
}

/// Returns the number between these words. They must be the whole line.
fn number(line: Option<&str>, before: &str, after: &str) -> u32 {
    let number = line.and_then(|line| line.strip_prefix(before)?.strip_suffix(after));
    let number = number.and_then(|number| number.parse().ok());
    number.unwrap_or_else(|| panic!("{line:?}, expected {before:?}, a number, {after:?}"))
}

/// The worker gets what it may have and nothing else; a request of another process, here of the
/// helper itself, is ignored. The worker is another user, if the helper is root.
pub fn helper(program: &Program) -> Outcome {
    check_helper(program, &mut program.command(&[]))
}

/// In a setuid program, the real user is not root. The worker must not stay root.
pub fn setuid_helper(program: &Program) -> Outcome {
    // SAFETY: `geteuid` takes no pointers, so it touches no memory.
    if unsafe { libc::geteuid() } != 0 {
        return Err(Skip(
            "only root can start it as a setuid program would".into(),
        ));
    }
    has_nobody()?;
    let mut command = program.command(&[]);
    let real = || {
        // SAFETY: `setresuid` takes no pointers, so it touches no memory.
        match unsafe { libc::setresuid(65533, 0, 0) } {
            0 => Ok(()),
            _ => Err(Error::last_os_error()),
        }
    };
    // SAFETY: `real` makes one system call and neither allocates nor takes a lock.
    check_helper(program, unsafe { command.pre_exec(real) })
}

fn check_helper(program: &Program, command: &mut Command) -> Outcome {
    // SAFETY: `geteuid` takes no pointers, so it touches no memory.
    let own = unsafe { libc::geteuid() };
    if own == 0 {
        has_nobody()?;
    }
    let user = if own == 0 { 65534 } else { own };
    let finished = run_direct(program, command)?;
    let mut lines = finished.out.lines();
    let stranger = number(
        lines.next(),
        "helper: process ",
        " is not the worker: ignored",
    );
    assert_eq!(stranger, finished.id);
    let after = format!(" of user {user} gets kernel");
    let worker = number(lines.next(), "helper: process ", &after);
    assert_ne!(worker, finished.id);
    let kernel = format!("worker: kernel: a descriptor that reads {:?}", os() + "\n");
    let shadow = "worker: /etc/shadow: no such file, or none for you";
    assert_eq!(lines.collect::<Vec<_>>(), [&kernel, shadow]);
    Ok(())
}

/// Two services answer on one connection, the second of which got it from the store.
fn check_activation(finished: &Finished) {
    let mut lines = finished.out.lines();
    for _ in 0..2 {
        assert_eq!(lines.next(), Some("the service ends: exit status: 0"));
    }
    let first = number(lines.next(), "service ", " on a new connection");
    let second = number(lines.next(), "service ", " on a stored connection");
    assert!(first != second && first != finished.id && second != finished.id);
    assert_eq!(lines.next(), None);
}

pub fn activation(program: &Program) -> Outcome {
    check_activation(&run_direct(program, &mut program.command(&[]))?);
    Ok(())
}

/// The program inherits the numbers that the service expects, so its sockets have others.
pub fn numbers_in_use(program: &Program) -> Outcome {
    let mut command = program.command(&[]);
    let occupy = || {
        for number in [3, 5] {
            // SAFETY: `dup2` takes no pointers, so it touches no memory. Both numbers may be of a
            // descriptor of the test, whose copy in the new process nobody uses.
            if unsafe { libc::dup2(0, number) } < 0 {
                return Err(Error::last_os_error());
            }
        }
        Ok(())
    };
    // SAFETY: `occupy` makes two system calls and neither allocates nor takes a lock.
    check_activation(&run_direct(program, unsafe { command.pre_exec(occupy) })?);
    Ok(())
}

/// The launcher gets more descriptors than it has space for, or fewer than the variable says.
pub fn not_all_arrived(program: &Program) -> Outcome {
    for (sent, count) in [(9, "8"), (1, "2")] {
        let (here, there) = UnixStream::pair().expect("a socket");
        let fds = vec![Fd::from(&here); sent];
        io::send_fds(&here, b"start", &fds).expect("space");
        let mut command = program.command(&["launch"]);
        command.env("LISTEN_FDS", count).stdout(Stdio::null());
        let launcher = command
            .stdin(OwnedFd::from(there))
            .stderr(Stdio::piped())
            .spawn();
        let ended = launcher
            .and_then(Child::wait_with_output)
            .expect("the launcher");
        let why = String::from_utf8_lossy(&ended.stderr);
        assert!(
            !ended.status.success() && why.contains("not all descriptors arrived"),
            "{why}"
        );
    }
    Ok(())
}

/// Runs a service whose process id is known before it starts.
fn service(program: &Program, variables: &str) -> Command {
    let mut command = Command::new("sh");
    let script = format!("LISTEN_PID=$$ {variables} exec \"$@\"");
    command
        .args(["-c", &script, "sh"])
        .arg(program.command(&[]).get_program())
        .arg("serve");
    command
}

/// A service refuses numbers of no descriptors, and inherits nothing without variables.
pub fn wrong_variables(program: &Program) -> Outcome {
    direct(program)?;
    let cases = [
        ("LISTEN_FDS=1 3>&-", "descriptor 3: Bad file descriptor"),
        ("LISTEN_FDS=2147483647", "LISTEN_FDS is too large"),
        ("LISTEN_FDS=-1", "no socket was inherited"),
        ("LISTEN_PID=1 LISTEN_FDS=1", "no socket was inherited"),
    ];
    for (variables, expected) in cases {
        let finished = run(&mut service(program, variables))?;
        assert!(
            !finished.ok && finished.err.contains(expected),
            "{variables}: {}",
            finished.err
        );
    }
    let finished = run(program.command(&["serve"]).env_remove("LISTEN_PID"))?;
    assert!(
        !finished.ok && finished.err.contains("no socket was inherited"),
        "{}",
        finished.err
    );
    Ok(())
}

/// A program that the service executes does not inherit its sockets.
pub fn closed_on_exec(program: &Program) -> Outcome {
    direct(program)?;
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).expect("a socket");
    let client = TcpStream::connect(listener.local_addr().expect("bound")).expect("a client");
    let address = format!("ancil-test-{}", std::process::id());
    let name = SocketAddr::from_abstract_name(&address).expect("a name");
    let inbox = UnixDatagram::bind_addr(&name).expect("a socket");
    let full = UnixDatagram::unbound().expect("a socket");
    full.set_nonblocking(true).expect("a socket");
    full.connect_addr(&name).expect("bound");
    while full.send(b"no space for the service").is_ok() {}
    let variables = format!("NOTIFY_SOCKET=@{address} LISTEN_FDS=2");
    let mut command = service(program, &variables);
    command.stderr(Stdio::null());
    let inherit = move || {
        for number in [3, 4] {
            // SAFETY: the calls take no pointers, so they touch no memory. Both numbers may be of a
            // descriptor of the test, whose copy in the new process nobody uses.
            if unsafe {
                libc::dup2(listener.as_raw_fd(), number) < 0
                    || libc::fcntl(number, libc::F_SETFD, 0) < 0
            } {
                return Err(Error::last_os_error());
            }
        }
        Ok(())
    };
    // SAFETY: `inherit` makes four system calls and neither allocates nor takes a lock.
    let mut service = unsafe { command.pre_exec(inherit) }.spawn().expect("sh");
    // It has written this after it inherited. Now it waits for space, and uses the second socket.
    let line = BufReader::new(client)
        .lines()
        .next()
        .expect("a line")
        .expect("text");
    let info = std::fs::read_to_string(format!("/proc/{}/fdinfo/3", service.id()));
    drop(inbox);
    service.wait().expect("the service");
    let info = info.expect("the socket is open");
    let flags = info
        .lines()
        .find_map(|line| line.strip_prefix("flags:"))
        .expect("flags");
    let flags = i32::from_str_radix(flags.trim(), 8).expect("octal");
    assert!(flags & libc::O_CLOEXEC != 0, "{line}: {flags:o}");
    Ok(())
}
