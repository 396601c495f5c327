//! What the tests have in common: outcomes, a namespace, a socket, requests and their answers.

use ancil::netlink::{NETLINK_CAP_ACK, NETLINK_EXT_ACK, NETLINK_ROUTE, Reader};
use ancil::zerocopy::{FromBytes, Immutable, IntoBytes};
use ancil::{Errno, IoVec, IoVecMut, MsgFlags, MsgHdr, MsgHdrMut, io, level};
use std::error::Error;
use std::io::Error as IoError;
use std::os::fd::{AsRawFd, FromRawFd, OwnedFd};

/// Why a test stopped early.
pub enum Stop {
    /// This kernel or user cannot do what the test needs.
    Skip(String),
    /// Something is wrong.
    Fail(String),
}

pub type Outcome<T = ()> = Result<T, Stop>;

impl<E: Error> From<E> for Stop {
    fn from(e: E) -> Self {
        Self::Fail(e.to_string())
    }
}

/// `struct ifinfomsg`: `linux/rtnetlink.h`.
#[derive(Default, FromBytes, IntoBytes, Immutable)]
#[zerocopy(crate = "ancil::zerocopy")]
#[repr(C)]
pub struct Ifinfomsg {
    pub family: u8,
    pub pad: u8,
    pub ty: u16,
    pub index: i32,
    pub flags: u32,
    pub change: u32,
}

/// The loopback interface of a new namespace.
pub const LO: Ifinfomsg = Ifinfomsg {
    family: 0,
    pad: 0,
    ty: 0,
    index: 1,
    flags: 0,
    change: 0,
};

/// Moves this thread into a new network namespace. Users without the privilege would need a new
/// user namespace first, which the kernel denies to a process with several threads.
pub fn enter_namespace() -> Outcome {
    // SAFETY: `unshare` takes no pointers, so it touches no memory.
    if unsafe { libc::unshare(libc::CLONE_NEWNET) } < 0 {
        return Err(Stop::Skip(format!(
            "no network namespace: {}",
            IoError::last_os_error()
        )));
    }
    Ok(())
}

/// Opens a socket for route messages. The kernel's answers contain extended acknowledgements.
pub fn route_socket() -> Outcome<OwnedFd> {
    // SAFETY: `socket` takes no pointers, so it touches no memory.
    let fd = unsafe {
        libc::socket(
            libc::AF_NETLINK,
            libc::SOCK_RAW | libc::SOCK_CLOEXEC,
            NETLINK_ROUTE,
        )
    };
    if fd < 0 {
        return Err(Stop::Skip(format!(
            "AF_NETLINK: {}",
            IoError::last_os_error()
        )));
    }
    // SAFETY: `socket` has just returned this descriptor, so nothing else owns it.
    let socket = unsafe { OwnedFd::from_raw_fd(fd) };
    set(&socket, NETLINK_EXT_ACK, 1)?;
    Ok(socket)
}

/// Sets whether errors repeat only the header of the request, or all of it.
pub fn cap(socket: &OwnedFd, on: bool) -> Outcome {
    set(socket, NETLINK_CAP_ACK, on.into())
}

pub fn set(socket: &OwnedFd, option: i32, value: i32) -> Outcome {
    let (pointer, len) = ((&raw const value).cast(), size_of_val(&value) as u32);
    // SAFETY: `pointer` and `len` describe `value`, which lives during the call.
    let failed =
        unsafe { libc::setsockopt(socket.as_raw_fd(), level::SOL_NETLINK, option, pointer, len) }
            < 0;
    if failed {
        Err(Stop::Skip(format!(
            "option {option}: {}",
            IoError::last_os_error()
        )))
    } else {
        Ok(())
    }
}

pub fn send(socket: &OwnedFd, datagram: &[u8]) -> Outcome {
    assert_eq!(
        io::sendmsg(
            socket,
            &MsgHdr::new().iov(&[IoVec::new(datagram)]),
            MsgFlags::empty()
        )?,
        datagram.len()
    );
    Ok(())
}

/// Receives a datagram, or returns `None` if there is none. It need not wait, because netlink
/// answers before sendmsg(2) returns.
pub fn receive(socket: &OwnedFd) -> Outcome<Option<Vec<u8>>> {
    let mut bytes = vec![0; 1 << 16];
    let mut pieces = [IoVecMut::new(&mut bytes)];
    let mut message = MsgHdrMut::new().iov(&mut pieces);
    match io::recvmsg(socket, &mut message, MsgFlags::MSG_DONTWAIT) {
        Ok(received) => {
            assert_eq!(received.flags(), MsgFlags::empty());
            Ok(Some(received.data().to_vec()))
        }
        Err(Errno(libc::EAGAIN)) => Ok(None),
        Err(e) => Err(e.into()),
    }
}

/// Sends a datagram and returns the answer.
pub fn ask(socket: &OwnedFd, datagram: &[u8]) -> Outcome<Vec<u8>> {
    send(socket, datagram)?;
    receive(socket)?.ok_or_else(|| Stop::Fail("no answer".into()))
}

/// Sends one request that asks for an acknowledgement. Returns the result, and the kernel's text
/// about it.
pub fn send_request(socket: &OwnedFd, datagram: &[u8]) -> Outcome<(Result<(), Errno>, String)> {
    let answer = ask(socket, datagram)?;
    let message = Reader::new(&answer).next().expect("a message")?;
    let report = message.report()?.expect("a report");
    Ok((
        report.result,
        report.text().map_or(String::new(), |text| {
            String::from_utf8_lossy(text).into_owned()
        }),
    ))
}
