//! The calls themselves, and a line about each.

use crate::known::SAME;
use ancil::DisplayControl;
use std::io::{Error, Result};
use std::os::fd::{AsFd, AsRawFd};

/// One line for the outer run: ours, and what strace is to say.
pub fn line(case: &str, difference: &str, expected: &str, ours: &str) {
    println!("{case}\t{difference}\t{expected}\t{ours}");
}

/// A case that cannot be made here.
pub fn skip(case: &str, why: &str) {
    println!("skip\t{case}\t{why}");
}

fn header(bytes: &mut [u8; 1], vector: &mut libc::iovec) -> libc::msghdr {
    *vector = libc::iovec {
        iov_base: bytes.as_mut_ptr().cast(),
        iov_len: 1,
    };
    // SAFETY: a C struct of integers and pointers, for which zero is a value.
    let mut message: libc::msghdr = unsafe { std::mem::zeroed() };
    (message.msg_iov, message.msg_iovlen) = (vector, 1);
    message
}

const NO_VECTOR: libc::iovec = libc::iovec {
    iov_base: std::ptr::null_mut(),
    iov_len: 0,
};

/// sendmsg(2) of one byte, an address and control messages.
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
    // SAFETY: pointers and lengths of slices and of one vector, which the kernel only reads.
    if unsafe { libc::sendmsg(fd.as_fd().as_raw_fd(), &message, flags) } < 0 {
        Err(Error::last_os_error())
    } else {
        Ok(())
    }
}

/// Sends what strace prints just as we do; the kernel need not accept it.
pub fn show(fd: &impl AsFd, case: &str, control: &[u8]) -> Result<()> {
    let ours = DisplayControl::new(control).to_string();
    show_as(fd, case, control, (SAME, ours))
}

/// The same, of what strace prints in another way.
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

/// An address that a message goes to.
pub fn show_name(fd: &impl AsFd, case: &str, name: &[u8], ours: &str) {
    show_name_as(fd, case, name, ours, (SAME, ours));
}

/// The same, of what strace prints in another way.
pub fn show_name_as(
    fd: &impl AsFd,
    case: &str,
    name: &[u8],
    ours: &str,
    (difference, expected): (&str, &str),
) {
    line(case, difference, expected, ours);
    let _ = send_with(fd, name, &[]); // nobody is there
}

/// One byte, and nothing that strace could show.
pub fn send(fd: &impl AsFd) -> Result<()> {
    send_with(fd, &[], &[])
}

/// Waits for a message and hands out its control messages, which strace shows at this moment.
pub fn receive(fd: &impl AsFd, flags: i32) -> Result<Vec<u8>> {
    let mut poll = libc::pollfd {
        fd: fd.as_fd().as_raw_fd(),
        events: libc::POLLIN,
        revents: 0,
    };
    // SAFETY: one pollfd.
    if unsafe { libc::poll(&mut poll, 1, 10_000) } < 1 {
        return Err(Error::other("nothing arrived in ten seconds"));
    }
    let (mut bytes, mut vector, mut control) = ([0], NO_VECTOR, vec![0; 1024]);
    let mut message = header(&mut bytes, &mut vector);
    (message.msg_control, message.msg_controllen) =
        (control.as_mut_ptr().cast(), control.len() as _);
    // SAFETY: pointers and lengths of buffers that this function owns.
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

/// setsockopt(2).
pub fn set(fd: &impl AsFd, level: i32, option: i32, value: &[u8]) -> Result<()> {
    let (pointer, len) = (value.as_ptr().cast(), value.len() as _);
    // SAFETY: pointer and length of `value`.
    let failed =
        unsafe { libc::setsockopt(fd.as_fd().as_raw_fd(), level, option, pointer, len) } < 0;
    if failed {
        Err(Error::last_os_error())
    } else {
        Ok(())
    }
}
