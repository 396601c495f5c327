//! `unix(7)`: descriptors, credentials, and who owns what arrived.

use crate::support::*;
use ancil::level::SOL_SOCKET;
use ancil::{Errno, IoVecMut, Message, MsgFlags, MsgHdrMut, Pidfd, Received, Ucred, Writer, cmsg_len, io};
use ancil::{SCM_CREDENTIALS, SCM_PIDFD, SCM_RIGHTS};
use std::fs::File;
use std::io::Error as IoError;
use std::os::fd::{AsFd, AsRawFd, FromRawFd, IntoRawFd, OwnedFd};
use std::os::unix::fs::MetadataExt;
use std::os::unix::net::{UnixDatagram, UnixStream};

const SO_PASSPIDFD: i32 = 76;

trials! {
    rights_1 rights_2 rights_253 rights_over_a_stream credentials rights_and_credentials pidfd pidfd_untaken
    untaken_are_closed half_taken taken_twice looked_at_and_not_taken room_for_one_receives_two truncated
    no_room_at_all short_datagram many_messages malformed_tail pidfd_error
}

/// `n` open files, each of its own.
fn files(n: usize) -> Outcome<Vec<File>> {
    (0..n)
        .map(|_| {
            // SAFETY: a string with its end; the new descriptor is owned by nobody.
            let fd = unsafe { libc::memfd_create(c"ancil".as_ptr(), libc::MFD_CLOEXEC) };
            let fd = needs("memfd_create", if fd < 0 { Err(IoError::last_os_error()) } else { Ok(fd) })?;
            // SAFETY: open, and of nobody else.
            Ok(unsafe { File::from_raw_fd(fd) })
        })
        .collect()
}

fn numbers(files: &[File]) -> Vec<i32> {
    files.iter().map(AsRawFd::as_raw_fd).collect()
}

/// What tells a file from every other: device and inode.
fn identity(fd: impl AsFd) -> Outcome<(u64, u64)> {
    let meta = File::from(fd.as_fd().try_clone_to_owned()?).metadata()?;
    Ok((meta.dev(), meta.ino()))
}

fn same_files<F: AsFd>(fds: impl IntoIterator<Item = F>, files: &[File]) -> Outcome {
    let found = fds.into_iter().map(identity).collect::<Outcome<Vec<_>>>()?;
    let expected = files.iter().map(identity).collect::<Outcome<Vec<_>>>()?;
    assert_eq!(found, expected);
    Ok(())
}

fn closes_on_exec(fd: &OwnedFd) -> bool {
    // SAFETY: no memory involved.
    unsafe { libc::fcntl(fd.as_raw_fd(), libc::F_GETFD) & libc::FD_CLOEXEC != 0 }
}

/// Sends `files` from one socket to another and takes them all.
fn pass(from: &impl AsFd, to: &impl AsFd, n: usize) -> Outcome {
    let files = files(n)?;
    let before = open_fds();
    send(from, b"take these", |writer| writer.put(SCM_RIGHTS, &numbers(&files)))?;
    receive(to, SCM_RIGHTS.space_for(n), |mut received| {
        assert_eq!(bytes(&received), b"take these");
        let fds: Vec<OwnedFd> = received.take_fds().collect();
        drop(received);
        assert_eq!(open_fds(), before + n, "taken descriptors stay open");
        assert!(fds.iter().all(closes_on_exec));
        same_files(&fds, &files)
    })?;
    assert_eq!(open_fds(), before);
    Ok(())
}

fn rights(n: usize) -> Outcome {
    let (a, b) = UnixDatagram::pair()?;
    pass(&a, &b, n)
}

fn rights_1() -> Outcome {
    rights(1)
}

fn rights_2() -> Outcome {
    rights(2)
}

fn rights_253() -> Outcome {
    rights(253)
}

fn rights_over_a_stream() -> Outcome {
    let (a, b) = UnixStream::pair()?;
    pass(&a, &b, 3)
}

/// Who this process is.
fn me() -> Ucred {
    // SAFETY: no memory involved.
    let (pid, uid, gid) = unsafe { (libc::getpid(), libc::getuid(), libc::getgid()) };
    Ucred { pid, uid, gid }
}

fn credentials() -> Outcome {
    let (a, b) = UnixDatagram::pair()?;
    set(&b, "SO_PASSCRED", SOL_SOCKET, libc::SO_PASSCRED, 1)?;
    send_plain(&a, b"implicit")?;
    send(&a, b"explicit", |writer| writer.put(SCM_CREDENTIALS, me()))?;
    for _ in 0..2 {
        receive(&b, SCM_CREDENTIALS.space(), |received| {
            assert_eq!(received.control().get(SCM_CREDENTIALS)?, Some(me()));
            Ok(())
        })?;
    }
    Ok(())
}

fn rights_and_credentials() -> Outcome {
    let (a, b) = UnixDatagram::pair()?;
    set(&b, "SO_PASSCRED", SOL_SOCKET, libc::SO_PASSCRED, 1)?;
    let files = files(2)?;
    send(&a, b"both", |writer| {
        writer.put(SCM_RIGHTS, &numbers(&files))?;
        writer.put(SCM_CREDENTIALS, me())
    })?;
    receive(&b, SCM_RIGHTS.space_for(2) + SCM_CREDENTIALS.space(), |mut received| {
        let all = received.control().collect::<Result<Vec<_>, _>>()?;
        match all.iter().copied().map(Message::from).collect::<Vec<_>>()[..] {
            [Message::Credentials(who), Message::Rights(fds)] => assert_eq!((who, fds.len()), (me(), 2)),
            ref other => panic!("{other:?}"),
        }
        same_files(received.take_fds(), &files)
    })
}

fn pidfd() -> Outcome {
    let (a, b) = UnixDatagram::pair()?;
    set(&b, "SO_PASSPIDFD", SOL_SOCKET, SO_PASSPIDFD, 1)?;
    send_plain(&a, b"who am I")?;
    let before = open_fds();
    receive(&b, SCM_PIDFD.space(), |mut received| {
        let fd = received.take_pidfd().expect("an SCM_PIDFD")?;
        let info = std::fs::read_to_string(format!("/proc/self/fdinfo/{}", fd.as_raw_fd()))?;
        let pid = info.lines().find_map(|line| line.strip_prefix("Pid:")).expect("Pid:");
        assert_eq!(pid.trim(), me().pid.to_string());
        assert!(closes_on_exec(&fd));
        assert!(received.take_pidfd().is_none(), "taken twice");
        Ok(())
    })?;
    assert_eq!(open_fds(), before);
    Ok(())
}

fn pidfd_untaken() -> Outcome {
    let (a, b) = UnixDatagram::pair()?;
    set(&b, "SO_PASSPIDFD", SOL_SOCKET, SO_PASSPIDFD, 1)?;
    let files = files(1)?;
    let before = open_fds();
    send(&a, b"x", |writer| writer.put(SCM_RIGHTS, &numbers(&files)))?;
    receive(&b, SCM_PIDFD.space() + SCM_RIGHTS.space_for(1), |received| {
        assert_eq!((received.control().count(), open_fds()), (2, before + 2));
        Ok(())
    })?;
    assert_eq!(open_fds(), before);
    Ok(())
}

/// Sends `n` files to a control buffer of `space` bytes, and checks that what `look` leaves is closed.
fn leaves_nothing(n: usize, space: usize, look: impl FnOnce(Received<'_>, &[File]) -> Outcome) -> Outcome {
    let (a, b) = UnixDatagram::pair()?;
    let files = files(n)?;
    let before = open_fds();
    send(&a, b"data", |writer| writer.put(SCM_RIGHTS, &numbers(&files)))?;
    wait(&b, libc::POLLIN)?;
    try_receive(&b, space, MsgFlags::empty(), |received| {
        assert_eq!(bytes(&received), b"data", "the data is there whatever happens beside it");
        look(received, &files)
    })??;
    assert_eq!(open_fds(), before);
    Ok(())
}

fn untaken_are_closed() -> Outcome {
    leaves_nothing(4, SCM_RIGHTS.space_for(4), |received, _| {
        assert_eq!(received.fds().count(), 4);
        Ok(())
    })
}

fn half_taken() -> Outcome {
    leaves_nothing(4, SCM_RIGHTS.space_for(4), |mut received, files| {
        let before = open_fds();
        let half: Vec<OwnedFd> = received.take_fds().take(2).collect();
        drop(received);
        assert_eq!(open_fds(), before - 2, "the other half");
        same_files(&half, &files[..2])
    })
}

fn taken_twice() -> Outcome {
    leaves_nothing(4, SCM_RIGHTS.space_for(4), |mut received, files| {
        let first = received.take_fds().next();
        same_files(first, &files[..1])?;
        same_files(received.fds(), &files[1..])?;
        same_files(received.take_fds(), &files[1..])?;
        assert_eq!((received.take_fds().count(), received.fds().count()), (0, 0));
        Ok(())
    })
}

fn looked_at_and_not_taken() -> Outcome {
    leaves_nothing(2, SCM_RIGHTS.space_for(2), |received, files| same_files(received.fds(), files))
}

fn room_for_one_receives_two() -> Outcome {
    let padded = size_of::<usize>() / size_of::<i32>(); // descriptors in the space of one: 2 on 64-bit
    leaves_nothing(2, SCM_RIGHTS.space_for(1), |mut received, files| {
        assert_eq!(received.flags().contains(MsgFlags::MSG_CTRUNC), padded < 2);
        same_files(received.take_fds(), &files[..padded])
    })?;
    leaves_nothing(2, SCM_RIGHTS.space_for(1), |_, _| Ok(()))
}

fn truncated() -> Outcome {
    for room in 1..5 {
        leaves_nothing(5, cmsg_len(room * size_of::<i32>()), |mut received, files| {
            assert_eq!(received.flags(), MsgFlags::MSG_CTRUNC);
            same_files(received.take_fds(), &files[..room])
        })?;
        leaves_nothing(5, cmsg_len(room * size_of::<i32>()), |_, _| Ok(()))?;
    }
    Ok(())
}

fn no_room_at_all() -> Outcome {
    for room in 0..=cmsg_len(0) + 3 {
        leaves_nothing(3, room, |mut received, _| {
            assert_eq!(received.flags(), MsgFlags::MSG_CTRUNC);
            assert_eq!((received.control().count(), received.take_fds().count()), (0, 0));
            Ok(())
        })?;
    }
    Ok(())
}

fn short_datagram() -> Outcome {
    let (a, b) = UnixDatagram::pair()?;
    for (asked, reported) in [(MsgFlags::empty(), 3), (MsgFlags::MSG_TRUNC, 7)] {
        send_plain(&a, b"datagram"[..7].as_ref())?;
        let (mut one, mut two) = ([0; 1], [0; 2]);
        let mut vectors = [IoVecMut::new(&mut one), IoVecMut::new(&mut two)];
        let received = io::recvmsg(&b, MsgHdrMut::new().iov(&mut vectors), asked)?;
        assert_eq!((received.bytes(), received.flags()), (reported, MsgFlags::MSG_TRUNC));
        assert_eq!(received.data().collect::<Vec<_>>(), [&b"d"[..], b"at"]);
    }
    Ok(())
}

/// Gives `files` away: their numbers, owned by nobody.
fn give(files: Vec<File>) -> Vec<i32> {
    files.into_iter().map(IntoRawFd::into_raw_fd).collect()
}

fn many_messages() -> Outcome {
    let files = files(4)?;
    let before = open_fds();
    let copies = files.iter().map(File::try_clone).collect::<Result<Vec<_>, _>>()?;
    let [a, b, c, d] = give(copies)[..] else { unreachable!() };
    let mut control = [0xaa; 256];
    let mut writer = Writer::new(&mut control);
    let spare = [a.to_ne_bytes().as_slice(), &[1, 2, 3]].concat(); // no whole second descriptor
    writer.put_raw(SCM_RIGHTS.level, SCM_RIGHTS.ty, &spare)?;
    writer.put(SCM_CREDENTIALS, me())?;
    writer.put(SCM_RIGHTS, &[])?;
    writer.put(SCM_RIGHTS, &[b, c])?;
    writer.put_raw(SCM_PIDFD.level, SCM_PIDFD.ty, &d.to_ne_bytes())?;
    let len = writer.finish().len();
    // SAFETY: four open descriptors that nobody owns any more.
    let mut received = unsafe { Received::from_control(0, MsgFlags::empty(), &mut control[..len]) };
    same_files(received.take_fds().take(1), &files[..1])?;
    same_files(received.take_fds().take(1), &files[1..2])?;
    same_files([received.take_pidfd().expect("a pidfd")?], &files[3..])?;
    same_files(received.fds(), &files[2..3])?;
    drop(received);
    assert_eq!(open_fds(), before);
    Ok(())
}

fn malformed_tail() -> Outcome {
    let files = files(2)?;
    let [a, b] = numbers(&files)[..] else { unreachable!() };
    let before = open_fds();
    let mut control = [0; 128];
    let mut writer = Writer::new(&mut control);
    writer.put(SCM_RIGHTS, &give(vec![files[0].try_clone()?]))?;
    let bad = writer.len();
    writer.put(SCM_RIGHTS, &[a])?;
    writer.put(SCM_RIGHTS, &[b])?;
    let len = writer.finish().len();
    control[bad..bad + size_of::<usize>()].copy_from_slice(&3usize.to_ne_bytes());
    // SAFETY: the one descriptor before the malformed header is open and owned by nobody else; nothing behind
    // that header is a message.
    let received = unsafe { Received::from_control(0, MsgFlags::empty(), &mut control[..len]) };
    same_files(received.fds(), &files[..1])?;
    drop(received);
    assert_eq!(open_fds(), before);
    same_files(&files, &files) // still open
}

fn pidfd_error() -> Outcome {
    let mut control = [0; SCM_PIDFD.space()];
    let mut writer = Writer::new(&mut control);
    writer.put_raw(SCM_PIDFD.level, SCM_PIDFD.ty, &(-libc::EPERM).to_ne_bytes())?;
    writer.finish();
    // SAFETY: it holds no descriptor.
    let mut received = unsafe { Received::from_control(0, MsgFlags::empty(), &mut control) };
    assert_eq!(received.control().get(SCM_PIDFD)?, Some(Pidfd(-libc::EPERM)));
    assert_eq!(received.take_pidfd().expect("an error").unwrap_err(), Errno(libc::EPERM));
    assert!(received.take_pidfd().is_none(), "taken twice");
    Ok(())
}
