//! The sockets of these tests, and the calls of this program.

use crate::{Outcome, Stop};
use std::ffi::c_void;
use std::io::Error;
use std::net::UdpSocket;
use std::os::fd::{AsRawFd, FromRawFd, OwnedFd};

/// Sets an option whose value is an int. Skips the test if this kernel lacks the option, or if this
/// user may not set it.
pub fn set(fd: &OwnedFd, level: i32, option: i32, value: i32) -> Outcome {
    let (pointer, len) = ((&raw const value).cast::<c_void>(), size_of::<i32>() as u32);
    // SAFETY: `pointer` and `len` describe `value`, which lives during the call.
    match unsafe { libc::setsockopt(fd.as_raw_fd(), level, option, pointer, len) } {
        0 => Ok(()),
        _ => Err(Stop::Skip(format!(
            "option {option} of level {level}: {}",
            Error::last_os_error()
        ))),
    }
}

/// Opens a socket. Skips the test if that is not possible here.
pub fn open(domain: i32, ty: i32, protocol: i32) -> Outcome<OwnedFd> {
    // SAFETY: `socket` takes no pointers, so it touches no memory.
    match unsafe { libc::socket(domain, ty | libc::SOCK_CLOEXEC, protocol) } {
        -1 => Err(Stop::Skip(format!(
            "socket({domain}, {ty}, {protocol}): {}",
            Error::last_os_error()
        ))),
        // SAFETY: `socket` has just returned this descriptor, so nothing else owns it.
        fd => Ok(unsafe { OwnedFd::from_raw_fd(fd) }),
    }
}

/// Receives one message without waiting for it. Returns its control bytes and its flags.
pub fn receive(fd: &OwnedFd, flags: i32) -> Result<(Vec<u8>, i32), Error> {
    let (mut data, mut control) = (vec![0u8; 1 << 16], vec![0u8; 2048]);
    let mut vector = libc::iovec {
        iov_base: data.as_mut_ptr().cast(),
        iov_len: data.len(),
    };
    // SAFETY: the fields of `msghdr` are integers and raw pointers, for which zero is valid.
    let mut header: libc::msghdr = unsafe { std::mem::zeroed() };
    (header.msg_iov, header.msg_iovlen) = (&raw mut vector, 1);
    (header.msg_control, header.msg_controllen) = (control.as_mut_ptr().cast(), control.len() as _);
    // SAFETY: `header` describes `vector` and `control`, and `vector` describes `data`, each with
    // its own length. All four are locals that nothing else uses during the call.
    if unsafe { libc::recvmsg(fd.as_raw_fd(), &raw mut header, flags | libc::MSG_DONTWAIT) } < 0 {
        return Err(Error::last_os_error());
    }
    control.truncate(header.msg_controllen as usize);
    Ok((control, header.msg_flags))
}

/// Waits for `events`, which must come soon.
pub fn wait(fd: &OwnedFd, events: i16) -> Outcome {
    let mut poll = libc::pollfd {
        fd: fd.as_raw_fd(),
        events,
        revents: 0,
    };
    // SAFETY: `poll` is one pollfd, and the count is 1.
    match unsafe { libc::poll(&mut poll, 1, 10_000) } {
        1 => Ok(()),
        _ => Err(Stop::Fail("nothing arrived in ten seconds".into())),
    }
}

/// Returns a UDP sender, and the receiver that it is connected to.
pub fn udp(address: &str) -> Outcome<(OwnedFd, OwnedFd)> {
    let bind =
        || UdpSocket::bind(address).map_err(|e| Stop::Skip(format!("UDP on {address}: {e}")));
    let (a, b) = (bind()?, bind()?);
    a.connect(b.local_addr()?)?;
    Ok((a.into(), b.into()))
}

/// Sends `data` and the control messages in `control`. Returns how many bytes of `data` were sent.
pub fn send(fd: &OwnedFd, data: &[u8], control: &[u8]) -> Result<usize, Error> {
    let mut vector = libc::iovec {
        iov_base: data.as_ptr().cast_mut().cast(),
        iov_len: data.len(),
    };
    // SAFETY: the fields of `msghdr` are integers and raw pointers, for which zero is valid.
    let mut header: libc::msghdr = unsafe { std::mem::zeroed() };
    (header.msg_iov, header.msg_iovlen) = (&raw mut vector, 1);
    (header.msg_control, header.msg_controllen) =
        (control.as_ptr().cast_mut().cast(), control.len() as _);
    // SAFETY: `header` describes `vector` and `control`, and `vector` describes `data`, each with
    // its own length. sendmsg(2) only reads them.
    let n = unsafe {
        libc::sendmsg(
            fd.as_raw_fd(),
            &raw const header,
            libc::MSG_NOSIGNAL | libc::MSG_DONTWAIT,
        )
    };
    usize::try_from(n).map_err(|_| Error::last_os_error())
}
