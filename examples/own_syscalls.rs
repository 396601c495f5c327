//! Sends a descriptor and receives it with system calls that the program makes itself, for programs
//! that bring their own: event loops, QUIC stacks, firmware. It needs no feature of ancil.
//!
//!     cargo run --example own_syscalls

use ancil::{
    Errno, Fd, IoVec, IoVecMut, MsgFlags, MsgHdr, MsgHdrMut, Received, SCM_RIGHTS, UpTo,
    UserMsghdr, Writer, space_of,
};
use std::fs::File;
use std::io::Read as _;
use std::os::fd::{AsRawFd, FromRawFd};
use std::os::unix::net::UnixStream;
use std::ptr;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let (here, there) = UnixStream::pair()?;
    let file = File::open("/proc/sys/kernel/ostype")?;

    let mut control = [0; space_of::<UpTo<SCM_RIGHTS, 1>>()];
    let mut writer = Writer::new(&mut control);
    // SAFETY: the descriptor must be open, and stay open while the Fd lives. `file` owns it and is
    // dropped below, after the message was sent.
    let fd = unsafe { Fd::borrow_raw(file.as_raw_fd()) };
    writer.put(SCM_RIGHTS, &[fd])?;
    let pieces = [IoVec::new(b"take "), IoVec::new(b"this")];
    let message = MsgHdr::new().iov(&pieces).control(writer.finish());
    println!("sent {} bytes", sendmsg(here.as_raw_fd(), &message)?);
    drop(file);

    let mut bytes = [0; 100];
    let mut pieces = [IoVecMut::new(&mut bytes)];
    let mut message = MsgHdrMut::new().iov(&mut pieces).control(&mut control);
    let mut received = recvmsg(there.as_raw_fd(), &mut message)?;
    println!("received {:?}", String::from_utf8_lossy(received.data()));
    let fd = received
        .take_raw_fds()
        .next()
        .ok_or("no descriptor arrived")?;
    // SAFETY: the descriptor must be open and have no other owner. `received` was its owner and has
    // given it away.
    let mut file = unsafe { File::from_raw_fd(fd) };
    let mut text = String::new();
    file.read_to_string(&mut text)?;
    println!("its descriptor reads: {}", text.trim_end());
    Ok(())
}

/// Sends a message. Returns the number of bytes sent.
fn sendmsg(socket: i32, message: &MsgHdr<'_>) -> Result<usize, Errno> {
    let header = (&raw const *message.as_user_msghdr()).cast_mut();
    // SAFETY: sendmsg(2) only reads the header and what it points to, all of which `message`
    // borrows. The descriptors in its control messages are open, as a Control promises.
    check(unsafe { machine::call(machine::SENDMSG, socket, header, MsgFlags::empty()) })
}

/// Receives a message. The result owns the descriptors that arrived.
fn recvmsg<'r>(socket: i32, message: &'r mut MsgHdrMut<'_>) -> Result<Received<'r>, Errno> {
    let mut reported = message.to_user_msghdr();
    let (header, flags) = (&raw mut reported, MsgFlags::MSG_CMSG_CLOEXEC);
    // SAFETY: recvmsg(2) writes to the header, which is a local variable, and to what it points to,
    // which `message` borrows exclusively.
    let bytes = check(unsafe { machine::call(machine::RECVMSG, socket, header, flags) })?;
    // SAFETY: a successful call must have reported this for `message`, and nobody may have used the
    // descriptors or the control buffer since: the call is the line above. `close` may be called
    // with any descriptor that nobody uses afterwards.
    Ok(unsafe { Received::from_call(message, bytes, &reported, close) })
}

/// Closes a descriptor that arrived and that nobody took.
///
/// # Safety
/// The descriptor must be open, and nobody may use it afterwards.
unsafe fn close(fd: i32) {
    // SAFETY: close(2) accesses no memory. By the contract of this function, nobody uses the
    // descriptor afterwards.
    unsafe { machine::call(machine::CLOSE, fd, ptr::null_mut(), MsgFlags::empty()) };
}

/// Returns what a system call returned or, if that is negative, the error number in it.
fn check(returned: isize) -> Result<usize, Errno> {
    usize::try_from(returned).map_err(|_| Errno(-returned as i32))
}

/// The system calls of Linux on x86-64.
#[cfg(all(
    target_os = "linux",
    target_arch = "x86_64",
    target_pointer_width = "64"
))]
mod machine {
    use super::{MsgFlags, UserMsghdr};

    pub const CLOSE: usize = 3;
    pub const SENDMSG: usize = 46;
    pub const RECVMSG: usize = 47;

    /// Makes the system call with this number.
    ///
    /// # Safety
    /// The call must be one of the three above. What it does to memory and descriptors must be
    /// allowed.
    pub unsafe fn call(number: usize, fd: i32, header: *mut UserMsghdr, flags: MsgFlags) -> isize {
        let returned;
        // SAFETY: the kernel reads these registers and changes rax, rcx and r11 only. It does not
        // use this stack. The effects of the call are allowed by the contract of this function.
        unsafe {
            core::arch::asm!(
                "syscall",
                inlateout("rax") number => returned,
                in("rdi") fd, in("rsi") header, in("rdx") flags.bits(),
                lateout("rcx") _, lateout("r11") _,
                options(nostack),
            );
        }
        returned
    }
}

/// The system calls of Linux on 64-bit ARM.
#[cfg(all(
    target_os = "linux",
    target_arch = "aarch64",
    target_pointer_width = "64"
))]
mod machine {
    use super::{MsgFlags, UserMsghdr};

    pub const CLOSE: usize = 57;
    pub const SENDMSG: usize = 211;
    pub const RECVMSG: usize = 212;

    /// Makes the system call with this number.
    ///
    /// # Safety
    /// The call must be one of the three above. What it does to memory and descriptors must be
    /// allowed.
    pub unsafe fn call(number: usize, fd: i32, header: *mut UserMsghdr, flags: MsgFlags) -> isize {
        let returned;
        // SAFETY: the kernel reads these registers and changes x0 only. It does not use this stack.
        // The effects of the call are allowed by the contract of this function.
        unsafe {
            core::arch::asm!(
                "svc 0",
                in("x8") number,
                inlateout("x0") fd as isize => returned,
                in("x1") header, in("x2") flags.bits(),
                options(nostack),
            );
        }
        returned
    }
}

/// Other machines have other registers and numbers.
#[cfg(not(all(
    target_os = "linux",
    any(target_arch = "x86_64", target_arch = "aarch64"),
    target_pointer_width = "64"
)))]
mod machine {
    use super::{MsgFlags, UserMsghdr};

    pub const CLOSE: usize = 0;
    pub const SENDMSG: usize = 0;
    pub const RECVMSG: usize = 0;

    /// Ends the program with a message.
    ///
    /// # Safety
    /// None is needed. It is unsafe as the functions for the other machines are.
    pub unsafe fn call(_: usize, _: i32, _: *mut UserMsghdr, _: MsgFlags) -> isize {
        eprintln!("own_syscalls: this example has no system calls for this machine");
        std::process::exit(2)
    }
}
