//! Makes the calls, and prints a line about each.

use crate::known::SAME;
use ancil::DisplayControl;
use std::io::{Error, Result};
use std::os::fd::{AsFd, AsRawFd};

/// Prints one line for the outer run: our text, and the text that strace must print.
pub fn line(case: &str, difference: &str, expected: &str, ours: &str) {
    println!("{case}\t{difference}\t{expected}\t{ours}");
}

/// Prints one line for the outer run: a case that is not possible here.
pub fn skip(case: &str, why: &str) {
    println!("skip\t{case}\t{why}");
}

/// Returns a message of one byte. It points to `vector`, which points to `bytes`.
fn header(bytes: &mut [u8; 1], vector: &mut libc::iovec) -> libc::msghdr {
    *vector = libc::iovec {
        iov_base: bytes.as_mut_ptr().cast(),
        iov_len: 1,
    };
    // SAFETY: the fields of `msghdr` are integers and raw pointers, for which zero is valid.
    let mut message: libc::msghdr = unsafe { std::mem::zeroed() };
    (message.msg_iov, message.msg_iovlen) = (vector, 1);
    message
}

const NO_VECTOR: libc::iovec = libc::iovec {
    iov_base: std::ptr::null_mut(),
    iov_len: 0,
};

/// Calls sendmsg(2) with one byte, an address and control messages.
fn send_with(fd: &impl AsFd, name: &[u8], control: &[u8]) -> Result<()> {
    let (mut bytes, mut vector) = ([b'x'], NO_VECTOR);
    let mut message = header(&mut bytes, &mut vector);
    if !name.is_empty() {
        (message.msg_name, message.msg_namelen) =
            (name.as_ptr().cast_mut().cast(), name.len() as _);
    }
    if !control.is_empty() {
        (message.msg_control, message.msg_controllen) =
            (control.as_ptr().cast_mut().cast(), control.len() as _);
    }
    let flags = libc::MSG_DONTWAIT | libc::MSG_NOSIGNAL;
    // SAFETY: `message` describes `name`, `control` and `vector` with their own lengths, and
    // `vector` describes `bytes`. All live during the call, and sendmsg(2) only reads them.
    if unsafe { libc::sendmsg(fd.as_fd().as_raw_fd(), &message, flags) } < 0 {
        Err(Error::last_os_error())
    } else {
        Ok(())
    }
}

/// Sends control messages that strace prints as we do. The kernel need not accept them.
pub fn show(fd: &impl AsFd, case: &str, control: &[u8]) -> Result<()> {
    let ours = DisplayControl::new(control).to_string();
    show_as(fd, case, control, (SAME, ours))
}

/// Sends control messages that strace prints as `expected`, because of a known difference.
pub fn show_as(
    fd: &impl AsFd,
    case: &str,
    control: &[u8],
    (difference, expected): (&str, String),
) -> Result<()> {
    line(
        case,
        difference,
        &expected,
        &DisplayControl::new(control).to_string(),
    );
    send_with(fd, &[], control)
}

/// Sends to an address that strace prints as we do.
pub fn show_name(fd: &impl AsFd, case: &str, name: &[u8], ours: &str) {
    show_name_as(fd, case, name, ours, (SAME, ours));
}

/// Sends to an address that strace prints as `expected`, because of a known difference.
pub fn show_name_as(
    fd: &impl AsFd,
    case: &str,
    name: &[u8],
    ours: &str,
    (difference, expected): (&str, &str),
) {
    line(case, difference, expected, ours);
    // The call usually fails, because nothing receives at the address.
    let _ = send_with(fd, name, &[]);
}

/// Sends one byte with neither address nor control messages, so that no text is compared.
pub fn send(fd: &impl AsFd) -> Result<()> {
    send_with(fd, &[], &[])
}

/// Waits for a message and returns its control messages. The call also has strace print them.
pub fn receive(fd: &impl AsFd, flags: i32) -> Result<Vec<u8>> {
    let mut poll = libc::pollfd {
        fd: fd.as_fd().as_raw_fd(),
        events: libc::POLLIN,
        revents: 0,
    };
    // SAFETY: `poll` is one pollfd, and the count is 1.
    if unsafe { libc::poll(&mut poll, 1, 10_000) } < 1 {
        return Err(Error::other("nothing arrived in ten seconds"));
    }
    let (mut bytes, mut vector, mut control) = ([0], NO_VECTOR, vec![0; 1024]);
    let mut message = header(&mut bytes, &mut vector);
    (message.msg_control, message.msg_controllen) =
        (control.as_mut_ptr().cast(), control.len() as _);
    // SAFETY: `message` describes `control` and `vector` with their own lengths, and `vector`
    // describes `bytes`. All are locals that nothing else uses during the call.
    if unsafe {
        libc::recvmsg(
            fd.as_fd().as_raw_fd(),
            &mut message,
            flags | libc::MSG_DONTWAIT,
        )
    } < 0
    {
        return Err(Error::last_os_error());
    }
    control.truncate(message.msg_controllen as _);
    Ok(control)
}

pub fn set(fd: &impl AsFd, level: i32, option: i32, value: &[u8]) -> Result<()> {
    let (pointer, len) = (value.as_ptr().cast(), value.len() as _);
    // SAFETY: `pointer` and `len` describe `value`, which lives during the call.
    let failed =
        unsafe { libc::setsockopt(fd.as_fd().as_raw_fd(), level, option, pointer, len) } < 0;
    if failed {
        Err(Error::last_os_error())
    } else {
        Ok(())
    }
}
