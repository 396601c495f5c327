//! Messages that the test sends and receives by system calls of its own: `MsgHdr::as_user_msghdr`,
//! `MsgHdrMut::to_user_msghdr` and `Received::from_call`, with a function of its own that closes.

use crate::support::*;
use crate::unix::{files, same_files};
use ancil::{
    Errno, IoVec, IoVecMut, MsgFlags, MsgHdr, MsgHdrMut, Received, SCM_PIDFD, SCM_RIGHTS, UpTo,
    UserMsghdr, Writer, space_of,
};
use std::io::Error as IoError;
use std::os::fd::{AsRawFd, FromRawFd, OwnedFd};
use std::os::unix::net::UnixDatagram;
use std::sync::Mutex;

trials! {
    untaken_are_closed_once
    taken_are_not_closed
    pidfd_is_closed_once
    one_message_serves_two_calls
    fields_of_the_c_library
    lengths_that_the_c_library_cannot_express
}

/// What `close` was called with since the last call of `closed`.
static CLOSED: Mutex<Vec<i32>> = Mutex::new(Vec::new());

/// Closes a descriptor, and records its number.
///
/// # Safety
/// The descriptor must be open, and nobody may use it afterwards.
unsafe fn close(fd: i32) {
    CLOSED.lock().expect("no panic").push(fd);
    // SAFETY: by the contract of this function, nobody uses the descriptor afterwards.
    let failed = unsafe { libc::close(fd) };
    assert_eq!(failed, 0, "{fd} is open");
}

/// Returns what `close` was called with since the last call of this function.
fn closed() -> Vec<i32> {
    std::mem::take(&mut *CLOSED.lock().expect("no panic"))
}

/// Makes `sendmsg(2)` or `recvmsg(2)` by number, which takes the kernel's layout.
///
/// # Safety
/// `header` must satisfy what the call requires of it.
unsafe fn call(
    number: libc::c_long,
    socket: &UnixDatagram,
    header: *mut UserMsghdr,
    flags: MsgFlags,
) -> Outcome<usize> {
    // SAFETY: by the contract of this function, the call may use the header and what it names.
    let returned = unsafe { libc::syscall(number, socket.as_raw_fd(), header, flags.bits()) };
    usize::try_from(returned).map_err(|_| IoError::last_os_error().into())
}

/// Sends a message by a system call of this test.
fn send_by_number(socket: &UnixDatagram, message: &MsgHdr<'_>) -> Outcome<usize> {
    let header = (&raw const *message.as_user_msghdr()).cast_mut();
    // SAFETY: sendmsg only reads the header and what it names, all of which `message` borrows.
    unsafe { call(libc::SYS_sendmsg, socket, header, MsgFlags::empty()) }
}

/// Receives a message by a system call of this test.
fn receive_by_number<'r>(
    socket: &UnixDatagram,
    message: &'r mut MsgHdrMut<'_>,
) -> Outcome<Received<'r>> {
    let mut reported = message.to_user_msghdr();
    let flags = MsgFlags::MSG_CMSG_CLOEXEC | MsgFlags::MSG_DONTWAIT;
    // SAFETY: recvmsg writes to the header, a local variable, and to what it names, which `message`
    // borrows exclusively.
    let bytes = unsafe { call(libc::SYS_recvmsg, socket, &raw mut reported, flags) }?;
    // SAFETY: the call above reported this for `message`, and nothing happened since then. `close`
    // may be called with any descriptor that nobody uses afterwards.
    Ok(unsafe { Received::from_call(message, bytes, &reported, close) })
}

/// Sends `n` files, receives them with space for `n` descriptors and for `SCM_PIDFD`, and calls
/// `look`. Checks that exactly those that `look` does not return as taken are closed, in order, and
/// that those that it returns stay open.
fn closes_what_is_left(
    n: usize,
    switch: impl FnOnce(&UnixDatagram) -> Outcome,
    look: impl FnOnce(&mut Received<'_>) -> Vec<i32>,
) -> Outcome {
    let (a, b) = UnixDatagram::pair()?;
    switch(&b)?;
    let files = files(n)?;
    let mut control = [0; space_of::<(UpTo<SCM_RIGHTS, 4>, SCM_PIDFD)>()];
    let mut writer = Writer::new(&mut control);
    if n > 0 {
        writer.put(SCM_RIGHTS, &fds_of(&files))?;
    }
    let pieces = [IoVec::new(b"by "), IoVec::new(b"number")];
    let message = MsgHdr::new().iov(&pieces).control(writer.finish());
    assert_eq!(send_by_number(&a, &message)?, 9);

    let (before, mut bytes) = (open_fds(), [0; 20]);
    let mut pieces = [IoVecMut::new(&mut bytes)];
    let mut message = MsgHdrMut::new().iov(&mut pieces).control(&mut control);
    let mut received = receive_by_number(&b, &mut message)?;
    assert_eq!(
        (received.data(), received.flags()),
        (&b"by number"[..], MsgFlags::empty())
    );
    let arrived = numbers(&received);
    assert_eq!(open_fds(), before + arrived.len());
    let taken = look(&mut received);
    assert_eq!(closed(), [], "nothing is closed while the message lives");
    drop(received);

    let (kept, left): (Vec<i32>, Vec<i32>) = arrived.iter().partition(|fd| taken.contains(fd));
    assert_eq!((&kept, &closed()), (&taken, &left));
    assert_eq!(open_fds(), before + taken.len());
    // SAFETY: each descriptor must be open and have no other owner. `received` has given it away.
    let taken = taken
        .into_iter()
        .map(|fd| unsafe { OwnedFd::from_raw_fd(fd) });
    same_files(taken, &files[..kept.len()])
}

/// Returns the numbers of all descriptors that a message owns, in order.
fn numbers(received: &Received<'_>) -> Vec<i32> {
    let mut numbers = Vec::new();
    for raw in received.control().flatten() {
        if let Ok(Some(fds)) = raw.get(SCM_RIGHTS) {
            numbers.extend(fds);
        } else if let Ok(Some(pidfd)) = raw.get(SCM_PIDFD) {
            numbers.push(pidfd.0);
        }
    }
    numbers
}

fn untaken_are_closed_once() -> Outcome {
    closes_what_is_left(4, |_| Ok(()), |_| Vec::new())?;
    closes_what_is_left(
        3,
        |_| Ok(()),
        |received| received.take_raw_fds().take(1).collect(),
    )
}

fn taken_are_not_closed() -> Outcome {
    closes_what_is_left(2, |_| Ok(()), |received| received.take_raw_fds().collect())
}

fn pidfd_is_closed_once() -> Outcome {
    let take_fds = |received: &mut Received<'_>| received.take_raw_fds().collect();
    closes_what_is_left(1, enable::<SCM_PIDFD>, take_fds)
}

/// The message keeps its lengths, so that a second call finds the whole space again.
fn one_message_serves_two_calls() -> Outcome {
    let (a, b) = UnixDatagram::pair()?;
    let (mut bytes, mut control) = ([0; 20], [0; space_of::<UpTo<SCM_RIGHTS, 2>>()]);
    let mut pieces = [IoVecMut::new(&mut bytes)];
    let mut message = MsgHdrMut::new().iov(&mut pieces).control(&mut control);
    let files = files(2)?;
    for n in [0, 2, 1] {
        let fds = fds_of(&files[..n]);
        send(&a, b"x", |writer| writer.put(SCM_RIGHTS, &fds))?;
        let received = receive_by_number(&b, &mut message)?;
        assert_eq!((received.fds_left(), received.data()), (n, &b"x"[..]));
        drop(received);
        assert_eq!(closed().len(), n);
    }
    Ok(())
}

/// A header of which every field has a value of its own.
fn header() -> UserMsghdr {
    UserMsghdr {
        msg_name: std::ptr::without_provenance_mut(8),
        msg_namelen: 16,
        msg_iov: std::ptr::without_provenance_mut(24),
        msg_iovlen: 32,
        msg_control: std::ptr::without_provenance_mut(40),
        msg_controllen: 48,
        msg_flags: MsgFlags::MSG_CMSG_CLOEXEC.bits() | MsgFlags::MSG_EOR.bits(),
    }
}

#[allow(
    clippy::unnecessary_cast,
    reason = "the types of the fields differ between C libraries"
)]
fn fields_of_the_c_library() -> Outcome {
    let ours = header();
    let theirs = ours.to_libc()?;
    assert_eq!(
        (theirs.msg_name, theirs.msg_iov.cast(), theirs.msg_control),
        (ours.msg_name, ours.msg_iov, ours.msg_control)
    );
    assert_eq!(
        (
            theirs.msg_namelen as i32,
            theirs.msg_iovlen as usize,
            theirs.msg_controllen as usize
        ),
        (ours.msg_namelen, ours.msg_iovlen, ours.msg_controllen)
    );
    assert_eq!(theirs.msg_flags as u32, ours.msg_flags);
    assert_eq!(UserMsghdr::from_libc(&theirs), ours);
    // All bits of the flags are kept, also that of the sign.
    let ours = UserMsghdr {
        msg_flags: u32::MAX,
        ..ours
    };
    assert_eq!(UserMsghdr::from_libc(&ours.to_libc()?), ours);
    Ok(())
}

/// The C library's fields are narrower than the kernel's in some C libraries: with musl the vectors
/// are an int and the bytes of control a socklen_t.
fn lengths_that_the_c_library_cannot_express() -> Outcome {
    let theirs = header().to_libc()?;
    let is_narrow = |size: usize| size < size_of::<usize>();
    let expected = |size: usize, e: Errno| {
        if is_narrow(size) {
            Err(e)
        } else {
            Ok(usize::MAX)
        }
    };

    let vectors = UserMsghdr {
        msg_iovlen: usize::MAX,
        ..header()
    };
    let control = UserMsghdr {
        msg_controllen: usize::MAX,
        ..header()
    };
    assert_eq!(
        vectors
            .to_libc()
            .map(|h| UserMsghdr::from_libc(&h).msg_iovlen),
        expected(size_of_val(&theirs.msg_iovlen), Errno::EMSGSIZE)
    );
    assert_eq!(
        control
            .to_libc()
            .map(|h| UserMsghdr::from_libc(&h).msg_controllen),
        expected(size_of_val(&theirs.msg_controllen), Errno::ENOBUFS)
    );
    // The kernel refuses a negative length, and a socklen_t cannot express it.
    let name = UserMsghdr {
        msg_namelen: -1,
        ..header()
    };
    assert_eq!(name.to_libc().map(|h| h.msg_namelen), Err(Errno::EINVAL));
    // A socklen_t that the kernel would take for negative becomes the largest length.
    let mut theirs = theirs;
    theirs.msg_namelen = u32::MAX;
    assert_eq!(UserMsghdr::from_libc(&theirs).msg_namelen, i32::MAX);
    Ok(())
}
