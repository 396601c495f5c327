// SPDX-License-Identifier: MIT OR Apache-2.0 OR CC0-1.0
//! A program without std and without a C library that passes a descriptor, with system calls of its
//! own. Take it for an init, a loader or a sandbox. A program that has std or a C library but makes
//! its own calls, such as an event loop, takes `sendmsg`, `recvmsg` and `close` from here.
//!
//!     cargo run --manifest-path examples/bare/Cargo.toml
//!
//! It knows x86-64 and 64-bit ARM. Its exit status is the number of the error, if there is one.
#![no_std]
#![no_main]

mod machine;
mod memory;

use ancil::{Errno, Fd, IoVec, IoVecMut, MsgFlags, MsgHdr, MsgHdrMut};
use ancil::{Received, SCM_RIGHTS, UpTo, Writer, space_of};
use core::ptr;
use machine::{CLOSE, RECVMSG, SENDMSG, SOCKETPAIR, WRITE, exit, syscall};

type Outcome<T = ()> = Result<T, Errno>;

const STDOUT: i32 = 1;

/// The program begins here: see `machine`.
extern "C" fn start() -> ! {
    exit(pass_stdout().map_or_else(|errno| errno.0 as usize, |()| 0))
}

/// Sends the standard output over a socket, and writes to the copy that arrives.
fn pass_stdout() -> Outcome {
    let [here, there] = socketpair()?;
    let mut control = [0; space_of::<UpTo<SCM_RIGHTS, 1>>()];
    let mut writer = Writer::new(&mut control);
    // SAFETY: the descriptor must be open while the Fd lives. Nothing here closes this one.
    let stdout = unsafe { Fd::borrow_raw(STDOUT) };
    let fits = writer.put(SCM_RIGHTS, &[stdout]);
    fits.map_err(|_| Errno::EINVAL)?;
    let pieces = [IoVec::new(b"take "), IoVec::new(b"this\n")];
    let message = MsgHdr::new().iov(&pieces).control(writer.finish());
    sendmsg(here, &message)?;

    let mut bytes = [0; 100];
    let mut pieces = [IoVecMut::new(&mut bytes)];
    let mut message = MsgHdrMut::new().iov(&mut pieces).control(&mut control);
    let mut received = recvmsg(there, &mut message)?;
    let copy = received.take_raw_fds().next().ok_or(Errno::EINVAL)?;
    // Most programs copy bytes. The compiler calls memcpy for that: see `memory`.
    let (data, mut text) = (received.data(), [0; 100]);
    let text = text.get_mut(..data.len()).ok_or(Errno::EINVAL)?;
    text.copy_from_slice(data);
    let written = write(copy, text);
    for fd in [copy, here, there] {
        // SAFETY: each is open, and this is its last use.
        unsafe { close(fd) };
    }
    written
}

/// Sends a message. Returns the number of bytes sent.
fn sendmsg(socket: i32, message: &MsgHdr<'_>) -> Outcome<usize> {
    let header = ptr::from_ref(message.as_user_msghdr()) as usize;
    let flags = MsgFlags::MSG_NOSIGNAL.bits() as usize;
    // SAFETY: sendmsg(2) only reads the header and what it points to, all of which `message`
    // borrows. The descriptors in its control messages are open, as a Control promises.
    check(unsafe { syscall(SENDMSG, [socket as usize, header, flags, 0]) })
}

/// Receives a message. The result owns the descriptors that arrived.
fn recvmsg<'r>(socket: i32, message: &'r mut MsgHdrMut<'_>) -> Outcome<Received<'r>> {
    let mut reported = message.to_user_msghdr();
    let header = (&raw mut reported) as usize;
    let flags = MsgFlags::MSG_CMSG_CLOEXEC.bits() as usize;
    // SAFETY: recvmsg(2) writes to the header, which is a local variable, and to what it points to,
    // which `message` borrows exclusively.
    let bytes = check(unsafe { syscall(RECVMSG, [socket as usize, header, flags, 0]) })?;
    // SAFETY: a successful call must have reported this for `message`, and nobody may have used the
    // descriptors or the control buffer since: the call is the line above. `close` may be called
    // with any descriptor that nobody uses afterwards.
    Ok(unsafe { Received::from_call(message, bytes, &reported, close) })
}

/// Closes a descriptor.
///
/// # Safety
/// It must be open, and nobody may use it afterwards.
unsafe fn close(fd: i32) {
    // SAFETY: close(2) accesses no memory. By the contract of this function, nobody uses the
    // descriptor afterwards.
    unsafe { syscall(CLOSE, [fd as usize, 0, 0, 0]) };
}

/// Returns both ends of a Unix stream socket.
fn socketpair() -> Outcome<[i32; 2]> {
    const AF_UNIX: usize = 1;
    const SOCK_STREAM: usize = 1;
    let mut ends = [0; 2];
    let arguments = [AF_UNIX, SOCK_STREAM, 0, (&raw mut ends) as usize];
    // SAFETY: socketpair(2) writes two descriptors to `ends`, which has space for them.
    check(unsafe { syscall(SOCKETPAIR, arguments) })?;
    Ok(ends)
}

fn write(fd: i32, bytes: &[u8]) -> Outcome {
    let arguments = [fd as usize, bytes.as_ptr() as usize, bytes.len(), 0];
    // SAFETY: write(2) only reads `bytes`.
    check(unsafe { syscall(WRITE, arguments) }).map(|_| ())
}

/// Returns what a system call returned or, if that is negative, the error number in it.
fn check(returned: isize) -> Outcome<usize> {
    usize::try_from(returned).map_err(|_| Errno(-returned as i32))
}

#[panic_handler]
fn panic(_: &core::panic::PanicInfo<'_>) -> ! {
    exit(2)
}
