//! Sending and receiving four descriptors, with the kernel.

use super::by_hand::{each, read};
use super::samples::Aligned;
use crate::job::{Case, FAILED, Job, job_on};
use ancil::{
    Fd, IoVec, IoVecMut, MsgFlags, MsgHdr, MsgHdrMut, SCM_RIGHTS, UpTo, Writer, io, space_of,
};
use rustix::net::{
    RecvAncillaryBuffer, RecvAncillaryMessage, RecvFlags, SendAncillaryBuffer,
    SendAncillaryMessage, SendFlags, recvmsg, sendmsg,
};
use std::io::{IoSlice, IoSliceMut};
use std::mem::MaybeUninit;
use std::os::fd::{AsFd, AsRawFd, BorrowedFd, FromRawFd, OwnedFd};
use std::os::unix::net::UnixStream;
use std::process::{Command, Stdio};

const SPACE: usize = space_of::<UpTo<SCM_RIGHTS, 4>>();
const RUSTIX_SPACE: usize = rustix::cmsg_space!(ScmRights(4));

pub fn cases() -> Vec<Case> {
    vec![
        Case::new("Receive 4 descriptors, and close them", receivers()),
        Case::new("Send 4 descriptors", senders()),
    ]
}

/// Returns a socket at which a byte and four descriptors have arrived, and its peer. The jobs look
/// at them without taking them off (`MSG_PEEK`), which opens the descriptors each time.
fn arrived() -> (UnixStream, UnixStream) {
    let (here, there) = UnixStream::pair().expect("sockets");
    io::send_fds(&there, b"x", &[Fd::from(&there); 4]).expect("sent");
    (here, there)
}

fn receivers() -> Vec<Job> {
    let duty = "owns what arrived; checks every length; looks whether it was truncated";
    vec![
        job_on("ancil", duty, arrived(), |(socket, _)| {
            let (mut bytes, mut control) = ([0; 1], [0; SPACE]);
            let mut vectors = [IoVecMut::new(&mut bytes)];
            let mut message = MsgHdrMut::new().iov(&mut vectors).control(&mut control);
            let Ok(mut received) = io::recvmsg(&*socket, &mut message, MsgFlags::MSG_PEEK) else {
                return FAILED;
            };
            if received.is_truncated() {
                return FAILED;
            }
            received.take_fds().count() as u64
        })
        .goal(1.0, "rustix"),
        job_on(
            "rustix",
            "owns what arrived; clips lengths",
            arrived(),
            |(socket, _)| {
                let (mut bytes, mut space) = ([0; 1], [MaybeUninit::uninit(); RUSTIX_SPACE]);
                let mut control = RecvAncillaryBuffer::new(&mut space);
                let flags = RecvFlags::PEEK | RecvFlags::CMSG_CLOEXEC;
                let slices = &mut [IoSliceMut::new(&mut bytes)];
                let Ok(_) = recvmsg(&*socket, slices, &mut control, flags) else {
                    return FAILED;
                };
                let fds = control.drain().filter_map(|message| match message {
                    RecvAncillaryMessage::ScmRights(fds) => Some(fds.count() as u64),
                    _ => None,
                });
                fds.sum()
            },
        ),
        job_on("libc, checked", duty, arrived(), |(socket, _)| {
            receive_libc(socket)
        }),
    ]
}

#[inline(always)]
fn receive_libc(socket: &UnixStream) -> u64 {
    let (mut bytes, mut control) = ([0u8; 1], Aligned([0u8; SPACE]));
    let mut vector = libc::iovec {
        iov_base: bytes.as_mut_ptr().cast(),
        iov_len: 1,
    };
    // SAFETY: zero is a valid value of each field.
    let mut m: libc::msghdr = unsafe { std::mem::zeroed() };
    m.msg_iov = &raw mut vector;
    m.msg_iovlen = 1;
    m.msg_control = control.0.as_mut_ptr().cast();
    m.msg_controllen = SPACE as _;
    let flags = libc::MSG_PEEK | libc::MSG_CMSG_CLOEXEC;
    // SAFETY: the header describes memory of this function.
    if unsafe { libc::recvmsg(socket.as_raw_fd(), &raw mut m, flags) } < 0
        || m.msg_flags & libc::MSG_CTRUNC != 0
    {
        return FAILED;
    }
    let mut count = 0;
    let take = |c: &libc::cmsghdr, data: &[u8]| {
        if (c.cmsg_level, c.cmsg_type) == (libc::SOL_SOCKET, libc::SCM_RIGHTS) {
            for fd in data.chunks_exact(4) {
                // SAFETY: the kernel has just opened it for this process.
                drop(unsafe { OwnedFd::from_raw_fd(read(fd)) });
                count += 1;
            }
        }
        true
    };
    // SAFETY: the buffer is aligned.
    if unsafe { each(&control.0[..m.msg_controllen as usize], true, take) } {
        count
    } else {
        FAILED
    }
}

/// Returns a socket from which another process takes everything. It ends when this program does.
#[allow(
    clippy::zombie_processes,
    reason = "it outlives what could wait for it"
)]
fn drained() -> UnixStream {
    let (here, there) = UnixStream::pair().expect("sockets");
    // The fewer descriptors are under way, the better: the kernel limits their number.
    let size: libc::c_int = 4096;
    let (socket, option) = (libc::SOL_SOCKET, libc::SO_SNDBUF);
    // SAFETY: the option is an int.
    unsafe {
        libc::setsockopt(
            here.as_raw_fd(),
            socket,
            option,
            (&raw const size).cast(),
            4,
        )
    };
    let there = OwnedFd::from(there);
    Command::new("cat")
        .stdin(there)
        .stdout(Stdio::null())
        .spawn()
        .expect("cat");
    here
}

fn senders() -> Vec<Job> {
    vec![
        job_on("ancil, sendmsg", "checks the space", drained(), |socket| {
            let mut buffer = [0; SPACE];
            let mut writer = Writer::new(&mut buffer);
            if writer.put(SCM_RIGHTS, &[Fd::from(&*socket); 4]).is_err() {
                return FAILED;
            }
            let vectors = [IoVec::new(b"x")];
            let message = MsgHdr::new().iov(&vectors).control(writer.finish());
            io::sendmsg(&*socket, &message, MsgFlags::MSG_NOSIGNAL).map_or(FAILED, |n| n as u64)
        })
        .goal(1.0, "rustix"),
        job_on(
            "ancil, send_fds",
            "any number; sends until all bytes are sent",
            drained(),
            |socket| io::send_fds(&*socket, b"x", &[Fd::from(&*socket); 4]).map_or(FAILED, |()| 1),
        )
        .goal(1.0, "rustix"),
        job_on("rustix", "checks the space", drained(), |socket| {
            let mut space = [MaybeUninit::uninit(); RUSTIX_SPACE];
            let mut control = SendAncillaryBuffer::new(&mut space);
            let fds: [BorrowedFd<'_>; 4] = [socket.as_fd(); 4];
            if !control.push(SendAncillaryMessage::ScmRights(&fds)) {
                return FAILED;
            }
            let slices = [IoSlice::new(b"x")];
            let sent = sendmsg(&*socket, &slices, &mut control, SendFlags::NOSIGNAL);
            sent.map_or(FAILED, |n| n as u64)
        }),
        job_on("libc", "knows the space", drained(), |socket| {
            send_libc(socket)
        }),
    ]
}

#[inline(always)]
fn send_libc(socket: &UnixStream) -> u64 {
    let (mut bytes, mut control) = ([b'x'], Aligned([0u8; SPACE]));
    let mut vector = libc::iovec {
        iov_base: bytes.as_mut_ptr().cast(),
        iov_len: 1,
    };
    let fd = socket.as_raw_fd();
    // SAFETY: zero is a valid value of each field. The header describes memory of this function,
    // which is aligned for a header and has space for one with four descriptors.
    unsafe {
        let mut m: libc::msghdr = std::mem::zeroed();
        m.msg_iov = &raw mut vector;
        m.msg_iovlen = 1;
        m.msg_control = control.0.as_mut_ptr().cast();
        m.msg_controllen = SPACE as _;
        let c = libc::CMSG_FIRSTHDR(&m);
        (*c).cmsg_level = libc::SOL_SOCKET;
        (*c).cmsg_type = libc::SCM_RIGHTS;
        (*c).cmsg_len = libc::CMSG_LEN(16) as _;
        libc::CMSG_DATA(c)
            .cast::<[i32; 4]>()
            .write_unaligned([fd; 4]);
        libc::sendmsg(fd, &raw const m, libc::MSG_NOSIGNAL) as u64
    }
}
