//! What the tests have in common: outcomes, options, one message there and back.

use ancil::{Errno, IoVec, IoVecMut, MsgFlags, MsgHdr, MsgHdrMut, Received, Writer, io};
use libtest_mimic::{Completion, Trial};
use std::error::Error;
use std::ffi::c_void;
use std::io::Error as IoError;
use std::os::fd::{AsFd, AsRawFd};

/// Why a test did not come to its end.
pub enum Stop {
    /// This kernel or user cannot do it.
    Skip(String),
    /// It can, and something is wrong.
    Fail(String),
}

pub type Outcome<T = ()> = Result<T, Stop>;

impl<E: Error> From<E> for Stop {
    fn from(e: E) -> Self {
        Self::Fail(e.to_string())
    }
}

/// Makes `fn trials()` of a module, from the names of its tests.
macro_rules! trials {
    ($($test:ident)+) => {
        pub fn trials() -> Vec<libtest_mimic::Trial> {
            let module = module_path!().trim_start_matches("kernel::");
            vec![$( crate::support::trial(format!("{module}::{}", stringify!($test)), $test) ),+]
        }
    };
}
pub(crate) use trials;

pub fn trial(name: String, test: fn() -> Outcome) -> Trial {
    Trial::ignorable_test(name, move || match test() {
        Ok(()) => Ok(Completion::Completed),
        Err(Stop::Skip(reason)) => Ok(Completion::ignored_with(reason)),
        Err(Stop::Fail(message)) => Err(message.into()),
    })
}

/// Passes `done` on; skips the test if `what` is something that this kernel or user cannot do.
pub fn needs<T>(what: &str, done: Result<T, IoError>) -> Outcome<T> {
    done.map_err(|e| match e.raw_os_error() {
        Some(
            libc::ENOPROTOOPT
            | libc::EOPNOTSUPP
            | libc::EAFNOSUPPORT
            | libc::EADDRNOTAVAIL
            | libc::ENOSYS
            | libc::EPERM
            | libc::EACCES,
        ) => Stop::Skip(format!("{what}: {e}")),
        _ => Stop::Fail(format!("{what}: {e}")),
    })
}

/// `setsockopt(2)` of an int; skips the test if there is no such option here.
pub fn set(socket: &impl AsFd, what: &str, level: i32, option: i32, value: i32) -> Outcome {
    let fd = socket.as_fd().as_raw_fd();
    let (pointer, len) = ((&raw const value).cast::<c_void>(), size_of::<i32>() as u32);
    // SAFETY: pointer and length of `value`.
    let failed = unsafe { libc::setsockopt(fd, level, option, pointer, len) } < 0;
    needs(what, if failed { Err(IoError::last_os_error()) } else { Ok(()) })
}

/// Waits, for ten seconds at most, until `events` happen on `socket`.
pub fn wait(socket: &impl AsFd, events: i16) -> Outcome {
    let mut poll = libc::pollfd { fd: socket.as_fd().as_raw_fd(), events, revents: 0 };
    // SAFETY: one pollfd.
    match unsafe { libc::poll(&mut poll, 1, 10_000) } {
        1 => Ok(()),
        0 => Err(Stop::Fail("nothing arrived in ten seconds".into())),
        _ => Err(IoError::last_os_error().into()),
    }
}

/// Sends `bytes` and what `fill` writes beside them.
pub fn send<E>(socket: &impl AsFd, bytes: &[u8], fill: impl FnOnce(&mut Writer<'_>) -> Result<(), E>) -> Outcome
where
    Stop: From<E>,
{
    let mut control = [0; 2048];
    let mut writer = Writer::new(&mut control);
    fill(&mut writer)?;
    let vectors = [IoVec::new(bytes)];
    let message = MsgHdr::new().iov(&vectors).control(writer.finish());
    let sent = io::sendmsg(socket, &message, MsgFlags::empty())?;
    assert_eq!(sent, bytes.len());
    Ok(())
}

/// Sends `bytes` and nothing beside them.
pub fn send_plain(socket: &impl AsFd, bytes: &[u8]) -> Outcome {
    send(socket, bytes, |_| Ok::<(), Stop>(()))
}

/// Receives with a control buffer of `space` bytes, at once, and hands the outcome to `look`.
pub fn try_receive<T>(
    socket: &impl AsFd,
    space: usize,
    flags: MsgFlags,
    look: impl FnOnce(Received<'_>) -> Outcome<T>,
) -> Outcome<Result<T, Errno>> {
    let (mut name, mut bytes, mut control) = ([0; 128], vec![0; 1 << 16], vec![0xaa; space]);
    let mut vectors = [IoVecMut::new(&mut bytes)];
    let message = MsgHdrMut::new().name(&mut name).iov(&mut vectors).control(&mut control);
    match io::recvmsg(socket, message, flags | MsgFlags::MSG_DONTWAIT) {
        Ok(received) => look(received).map(Ok),
        Err(errno) => Ok(Err(errno)),
    }
}

/// The same, waiting for a message. It must come whole.
pub fn receive<T>(socket: &impl AsFd, space: usize, look: impl FnOnce(Received<'_>) -> Outcome<T>) -> Outcome<T> {
    wait(socket, libc::POLLIN)?;
    let whole = |received: Received<'_>| {
        assert_eq!(received.flags(), MsgFlags::empty());
        look(received)
    };
    Ok(try_receive(socket, space, MsgFlags::empty(), whole)??)
}

/// The bytes that arrived.
pub fn bytes(received: &Received<'_>) -> Vec<u8> {
    received.data().flatten().copied().collect()
}

/// Descriptors that this process has open.
pub fn open_fds() -> usize {
    std::fs::read_dir("/proc/self/fd").expect("/proc").count()
}
