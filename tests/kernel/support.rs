//! What the tests share: their outcomes, socket options, sending and receiving one message.

use crate::summary;
use ancil::io::OptionError;
use ancil::payload::{Bytes, Timestamp};
use ancil::{
    Bounded, Errno, Fd, IoVec, IoVecMut, Key, MsgFlags, MsgHdr, MsgHdrMut, Options, Payload,
    Received, space_of,
};
use ancil::{Writer, io};
use ancil_tests::fds;
use libtest_mimic::{Completion, Trial};
use std::error::Error;
use std::ffi::c_void;
use std::io::Error as IoError;
use std::net::UdpSocket;
use std::os::fd::{AsFd, AsRawFd, FromRawFd, OwnedFd};
use std::time::{Duration, Instant, SystemTime};

/// Why a test did not run to its end.
pub enum Stop {
    /// This kernel or user lacks what the test needs.
    Skip(String),
    /// The test has found an error.
    Fail(String),
}

pub type Outcome<T = ()> = Result<T, Stop>;

impl<E: Error> From<E> for Stop {
    fn from(e: E) -> Self {
        Self::Fail(e.to_string())
    }
}

/// Defines `fn trials()` of a module from the names of its tests. The brackets after a name list,
/// for the summary, the messages that the kernel has accepted or emitted if the test passes.
macro_rules! trials {
    ($($test:ident $([$($message:ident)+])?)+) => {
        pub fn trials() -> Vec<libtest_mimic::Trial> {
            let module = module_path!().trim_start_matches("kernel::");
            vec![$({
                // The access checks that the message exists.
                const PROVES: &[&str] =
                    &[$($({ _ = ancil::$message; stringify!($message) }),+)?];
                crate::support::trial(format!("{module}::{}", stringify!($test)), $test, PROVES)
            }),+]
        }
    };
}
pub(crate) use trials;

/// Makes a trial that reports its outcome to the summary.
pub fn trial(name: String, test: fn() -> Outcome, proves: &'static [&'static str]) -> Trial {
    summary::declare(proves);
    Trial::ignorable_test(name, move || match test() {
        Ok(()) => {
            summary::proved(proves);
            Ok(Completion::Completed)
        }
        Err(Stop::Skip(reason)) => {
            summary::skipped(proves, &reason);
            Ok(Completion::ignored_with(reason))
        }
        Err(Stop::Fail(message)) => Err(message.into()),
    })
}

/// Returns the value of `result`. Skips the test if the error means that this kernel or user does
/// not have `what`.
pub fn needs<T>(what: &str, result: Result<T, IoError>) -> Outcome<T> {
    result.map_err(|e| match e.raw_os_error() {
        Some(
            libc::ENOPROTOOPT
            | libc::EOPNOTSUPP
            | libc::EAFNOSUPPORT
            | libc::EPROTONOSUPPORT
            | libc::EADDRNOTAVAIL
            | libc::ENOSYS
            | libc::EPERM
            | libc::EACCES,
        ) => Stop::Skip(format!("{what}: {e}")),
        _ => Stop::Fail(format!("{what}: {e}")),
    })
}

/// Skips the test if this kernel is older than `first`, the version that introduced `what`.
///
/// This serves messages that the kernel refuses with the same error whether it is too old for them
/// or they are invalid.
pub fn since(what: &str, first: (u32, u32)) -> Outcome {
    let release = std::fs::read_to_string("/proc/sys/kernel/osrelease")?;
    let mut numbers = release
        .split(['.', '-', '+', '\n'])
        .map_while(|number| number.parse::<u32>().ok());
    if (numbers.next().unwrap_or(0), numbers.next().unwrap_or(0)) < first {
        return Err(Stop::Skip(format!(
            "{what} needs Linux {}.{}",
            first.0, first.1
        )));
    }
    Ok(())
}

/// Sets a socket option to an int. Skips the test if this kernel does not have the option.
pub fn set(socket: &impl AsFd, what: &str, level: i32, option: i32, value: i32) -> Outcome {
    needs(what, try_set(socket, level, option, &value.to_ne_bytes()))
}

/// Switches the messages of a key on. Skips the test if this kernel does not have the option.
pub fn enable<K: Options>(socket: &impl AsFd) -> Outcome {
    switched(io::enable::<K>(socket))
}

/// Switches the messages of a key off, as `enable` switches them on.
pub fn disable<K: Options>(socket: &impl AsFd) -> Outcome {
    switched(io::disable::<K>(socket))
}

pub fn switched(result: Result<(), OptionError>) -> Outcome {
    let result = result.map_err(|e| (e.option.name(), IoError::from_raw_os_error(e.errno.0)));
    result.or_else(|(what, e)| needs(what, Err(e)))
}

/// Sets a socket option to any bytes.
pub fn try_set(socket: &impl AsFd, level: i32, option: i32, value: &[u8]) -> Result<(), IoError> {
    let (fd, pointer, len) = (
        socket.as_fd().as_raw_fd(),
        value.as_ptr().cast::<c_void>(),
        value.len() as u32,
    );
    // SAFETY: the call reads `len` bytes of `value`.
    let failed = unsafe { libc::setsockopt(fd, level, option, pointer, len) } < 0;
    if failed {
        Err(IoError::last_os_error())
    } else {
        Ok(())
    }
}

/// Returns a socket option that is an int.
pub fn get(socket: &impl AsFd, level: i32, option: i32) -> Outcome<i32> {
    let (mut value, mut len) = (0i32, size_of::<i32>() as u32);
    // SAFETY: the call writes at most `len` bytes to `value`, whose size is `len`.
    let failed = unsafe {
        let fd = socket.as_fd().as_raw_fd();
        libc::getsockopt(fd, level, option, (&raw mut value).cast(), &raw mut len)
    } < 0;
    if failed {
        Err(IoError::last_os_error().into())
    } else {
        Ok(value)
    }
}

/// Opens a socket that is closed on exec.
pub fn socket(family: i32, ty: i32, protocol: i32) -> Result<OwnedFd, IoError> {
    // SAFETY: `socket` accesses no memory.
    let fd = unsafe { libc::socket(family, ty | libc::SOCK_CLOEXEC, protocol) };
    if fd < 0 {
        Err(IoError::last_os_error())
    } else {
        // SAFETY: the call has just opened `fd`, and nothing else owns it.
        Ok(unsafe { OwnedFd::from_raw_fd(fd) })
    }
}

/// Returns a connection of AF_UNIX that keeps packets apart.
pub fn packets() -> Outcome<[OwnedFd; 2]> {
    let mut fds = [0; 2];
    let ty = libc::SOCK_SEQPACKET | libc::SOCK_CLOEXEC;
    // SAFETY: the call writes two descriptors to `fds`, which has room for two. If it succeeds, it
    // has just opened both, and nothing else owns them.
    unsafe {
        match libc::socketpair(libc::AF_UNIX, ty, 0, fds.as_mut_ptr()) {
            0 => Ok(fds.map(|fd| OwnedFd::from_raw_fd(fd))),
            _ => Err(IoError::last_os_error().into()),
        }
    }
}

/// Opens a socket that sends packets as they are: IP header, further headers, data.
pub fn raw_socket(family: i32) -> Outcome<UdpSocket> {
    // `UdpSocket` binds and connects sockets of any protocol over IP.
    Ok(needs(
        "a raw socket",
        socket(family, libc::SOCK_RAW, libc::IPPROTO_RAW),
    )?
    .into())
}

/// Waits, for ten seconds at most, until `events` happen on `socket`.
pub fn wait(socket: &impl AsFd, events: i16) -> Outcome {
    let mut poll = libc::pollfd {
        fd: socket.as_fd().as_raw_fd(),
        events,
        revents: 0,
    };
    // SAFETY: the call reads and writes one `pollfd`.
    match unsafe { libc::poll(&mut poll, 1, 10_000) } {
        1 => Ok(()),
        0 => Err(Stop::Fail("nothing arrived in ten seconds".into())),
        _ => Err(IoError::last_os_error().into()),
    }
}

/// Sends `bytes` with the control messages that `fill` writes, and returns the kernel's answer.
pub fn try_send<E>(
    socket: &impl AsFd,
    bytes: &[u8],
    flags: MsgFlags,
    fill: impl FnOnce(&mut Writer<'_>) -> Result<(), E>,
) -> Outcome<Result<usize, Errno>>
where
    Stop: From<E>,
{
    let mut control = [0; 2048];
    let mut writer = Writer::new(&mut control);
    fill(&mut writer)?;
    let vectors = [IoVec::new(bytes)];
    Ok(io::sendmsg(
        socket,
        &MsgHdr::new().iov(&vectors).control(writer.finish()),
        flags,
    ))
}

/// Sends as `try_send` does, and checks that the kernel accepts all bytes.
pub fn send<E>(
    socket: &impl AsFd,
    bytes: &[u8],
    fill: impl FnOnce(&mut Writer<'_>) -> Result<(), E>,
) -> Outcome
where
    Stop: From<E>,
{
    assert_eq!(
        try_send(socket, bytes, MsgFlags::empty(), fill)??,
        bytes.len()
    );
    Ok(())
}

/// Sends one byte with one control message, and returns the kernel's answer.
pub fn try_send_raw(
    socket: &impl AsFd,
    level: i32,
    ty: i32,
    payload: &[u8],
) -> Outcome<Result<usize, Errno>> {
    try_send(socket, b"x", MsgFlags::empty(), |writer| {
        // SAFETY: the tests of this package send no descriptors and no memory by this function but
        // their own.
        unsafe { writer.put_raw_unchecked(level, ty, payload) }
    })
}

/// Sends `bytes` without control messages.
pub fn send_plain(socket: &impl AsFd, bytes: &[u8]) -> Outcome {
    send(socket, bytes, |_| Ok::<(), Stop>(()))
}

/// Receives without waiting, with a control buffer of `space` bytes, and passes the result to
/// `look`.
pub fn try_receive<T>(
    socket: &impl AsFd,
    space: usize,
    flags: MsgFlags,
    look: impl FnOnce(Received<'_>) -> Outcome<T>,
) -> Outcome<Result<T, Errno>> {
    try_receive_part(socket, 1 << 16, space, flags, look)
}

/// Receives as `try_receive` does, at most `len` bytes.
pub fn try_receive_part<T>(
    socket: &impl AsFd,
    len: usize,
    space: usize,
    flags: MsgFlags,
    look: impl FnOnce(Received<'_>) -> Outcome<T>,
) -> Outcome<Result<T, Errno>> {
    let (mut name, mut bytes, mut control) = ([0; 128], vec![0; len], vec![0xaa; space]);
    let mut vectors = [IoVecMut::new(&mut bytes)];
    let mut message = MsgHdrMut::new()
        .name(&mut name)
        .iov(&mut vectors)
        .control(&mut control);
    match io::recvmsg(socket, &mut message, flags | MsgFlags::MSG_DONTWAIT) {
        Ok(received) => look(received).map(Ok),
        Err(errno) => Ok(Err(errno)),
    }
}

/// Waits for a message, checks that nothing of it is truncated, and passes it to `look`.
pub fn receive<T>(
    socket: &impl AsFd,
    space: usize,
    look: impl FnOnce(Received<'_>) -> Outcome<T>,
) -> Outcome<T> {
    wait(socket, libc::POLLIN)?;
    let whole = |received: Received<'_>| {
        assert_eq!(received.flags(), MsgFlags::empty());
        look(received)
    };
    Ok(try_receive(socket, space, MsgFlags::empty(), whole)??)
}

/// Waits for data with one control message, which must have this key and fit the space that the key
/// states, and returns the message.
pub fn receive_one<K, T>(socket: &impl AsFd, key: K) -> Outcome<T>
where
    K: Key,
    K::Payload: Bounded + for<'a> Payload<Decoded<'a> = T>,
{
    receive(socket, space_of::<K>(), |received| {
        assert_eq!(
            received.control().count(),
            1,
            "expected one control message"
        );
        Ok(received.control().get(key)?.expect("a message of this key"))
    })
}

/// Receives as `receive_one` does, for payloads of any length.
pub fn receive_bytes<K: Key<Payload = Bytes>>(socket: &impl AsFd, key: K) -> Outcome<Vec<u8>> {
    receive(socket, 512, |received| {
        assert_eq!(
            received.control().count(),
            1,
            "expected one control message"
        );
        Ok(received
            .control()
            .get(key)?
            .expect("a message of this key")
            .to_vec())
    })
}

/// Checks the first timestamp that arrives at `b` with data from `a`.
///
/// The kernel starts to stamp packets some time after the option was set, so the first packets may
/// have no timestamp.
pub fn check_timestamp<K, T>(
    (a, b): (&impl AsFd, &impl AsFd),
    key: K,
    time: fn(T) -> Option<Timestamp>,
) -> Outcome
where
    K: Key,
    K::Payload: Bounded + for<'a> Payload<Decoded<'a> = T>,
{
    let deadline = Instant::now() + Duration::from_secs(10);
    while Instant::now() < deadline {
        send_plain(a, b"x")?;
        let found = receive(b, space_of::<K>(), |received| {
            Ok(received.control().get(key)?.and_then(time))
        })?;
        if let Some(time) = found {
            return check_recent(time);
        }
    }
    Err(Stop::Fail("no timestamp in ten seconds".to_owned()))
}

/// Checks that `time` is less than a minute from now.
pub fn check_recent(time: Timestamp) -> Outcome {
    let now = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH)?;
    assert!(
        now.as_secs().abs_diff(time.seconds as u64) < 60,
        "{} is not within a minute of now",
        time.seconds
    );
    Ok(())
}

/// Returns the bytes that arrived.
pub fn bytes(received: &Received<'_>) -> Vec<u8> {
    received.chunks().collect::<Vec<_>>().concat()
}

/// Returns how many descriptors this process has open.
pub fn open_fds() -> usize {
    std::fs::read_dir("/proc/self/fd").expect("/proc").count()
}

/// Borrows descriptors that the caller keeps open, for the functions above.
pub fn fds_of(owners: &[impl AsFd]) -> Vec<Fd<'static>> {
    let numbers: Vec<i32> = owners.iter().map(|fd| fd.as_fd().as_raw_fd()).collect();
    fds(&numbers)
}
