//! `unix(7)`: descriptors, credentials, and the other messages of these sockets.

use crate::support::*;
use crate::udp4::{SOFTWARE, software};
use ancil::payload::Ucred;
use ancil::{
    Errno, IoVecMut, Key, Message, MsgFlags, MsgHdrMut, SO_TIMESTAMP, UpTo, io, space_for, space_of,
};
use ancil::{SCM_CREDENTIALS, SCM_INQ, SCM_PIDFD, SCM_RIGHTS, SCM_SECURITY};
use ancil::{SO_TIMESTAMP_NEW, SO_TIMESTAMP_OLD, SO_TIMESTAMPING_NEW, SO_TIMESTAMPING_OLD};
use ancil::{SO_TIMESTAMPNS_NEW, SO_TIMESTAMPNS_OLD};
use std::fs::File;
use std::io::Error as IoError;
use std::os::fd::{AsFd, AsRawFd, FromRawFd, OwnedFd};
use std::os::unix::fs::MetadataExt;
use std::os::unix::net::{UnixDatagram, UnixStream};

/// Linux 7.3.
pub const SO_RIGHTS_NOTRUNC: i32 = if cfg!(target_arch = "sparc64") {
    94
} else {
    85
};

trials! {
    rights_1 [SCM_RIGHTS]
    rights_2
    rights_253
    rights_over_a_stream
    rights_refused
    credentials [SCM_CREDENTIALS]
    rights_and_credentials
    pidfd [SCM_PIDFD]
    truncated_datagram
    timestamps
    timestamping
    bytes_left [SCM_INQ]
    security_label [SCM_SECURITY]
}

/// Opens `n` different files.
pub fn files(n: usize) -> Outcome<Vec<File>> {
    (0..n)
        .map(|_| {
            // SAFETY: the call reads a string that ends with NUL.
            let fd = unsafe { libc::memfd_create(c"ancil".as_ptr(), libc::MFD_CLOEXEC) };
            let fd = needs(
                "memfd_create",
                if fd < 0 {
                    Err(IoError::last_os_error())
                } else {
                    Ok(fd)
                },
            )?;
            // SAFETY: the call has just opened `fd`, and nothing else owns it.
            Ok(unsafe { File::from_raw_fd(fd) })
        })
        .collect()
}

pub fn raw_fds(files: &[File]) -> Vec<i32> {
    files.iter().map(AsRawFd::as_raw_fd).collect()
}

/// Returns device and inode, which distinguish a file from every other.
fn identity(fd: impl AsFd) -> Outcome<(u64, u64)> {
    let meta = File::from(fd.as_fd().try_clone_to_owned()?).metadata()?;
    Ok((meta.dev(), meta.ino()))
}

/// Checks that `fds` are descriptors of `files`, in the same order.
pub fn same_files<F: AsFd>(fds: impl IntoIterator<Item = F>, files: &[File]) -> Outcome {
    let found = fds.into_iter().map(identity).collect::<Outcome<Vec<_>>>()?;
    let expected = files.iter().map(identity).collect::<Outcome<Vec<_>>>()?;
    assert_eq!(found, expected);
    Ok(())
}

pub fn closes_on_exec(fd: &OwnedFd) -> bool {
    // SAFETY: F_GETFD takes no argument and accesses no memory.
    unsafe { libc::fcntl(fd.as_raw_fd(), libc::F_GETFD) & libc::FD_CLOEXEC != 0 }
}

/// Sends `n` files from one socket to another, and takes them all.
fn pass(from: &impl AsFd, to: &impl AsFd, n: usize) -> Outcome {
    let files = files(n)?;
    let before = open_fds();
    send(from, b"take these", |writer| {
        writer.put(SCM_RIGHTS, &fds_of(&files))
    })?;
    receive(to, space_for::<SCM_RIGHTS>(n), |mut received| {
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

/// Returns the ids of this process.
pub fn own_credentials() -> Ucred {
    // SAFETY: the calls access no memory.
    let (pid, uid, gid) = unsafe { (libc::getpid(), libc::getuid(), libc::getgid()) };
    Ucred { pid, uid, gid }
}

fn credentials() -> Outcome {
    let (a, b) = UnixDatagram::pair()?;
    enable::<SCM_CREDENTIALS>(&b)?;
    send_plain(&a, b"implicit")?;
    send(&a, b"explicit", |writer| {
        writer.put(SCM_CREDENTIALS, own_credentials())
    })?;
    for _ in 0..2 {
        receive(&b, space_of::<SCM_CREDENTIALS>(), |received| {
            assert_eq!(
                received.control().get(SCM_CREDENTIALS)?,
                Some(own_credentials())
            );
            Ok(())
        })?;
    }
    Ok(())
}

fn rights_and_credentials() -> Outcome {
    let (a, b) = UnixDatagram::pair()?;
    enable::<SCM_CREDENTIALS>(&b)?;
    let files = files(2)?;
    send(&a, b"both", |writer| {
        writer.put(SCM_RIGHTS, &fds_of(&files))?;
        writer.put(SCM_CREDENTIALS, own_credentials())
    })?;
    receive(
        &b,
        space_of::<(UpTo<SCM_RIGHTS, 2>, SCM_CREDENTIALS)>(),
        |mut received| {
            let all = received.control().collect::<Result<Vec<_>, _>>()?;
            match all.iter().copied().map(Message::from).collect::<Vec<_>>()[..] {
                [Message::Credentials(who), Message::Rights(fds)] => {
                    assert_eq!((who, fds.len()), (own_credentials(), 2))
                }
                ref other => panic!("{other:?}"),
            }
            same_files(received.take_fds(), &files)
        },
    )
}

fn pidfd() -> Outcome {
    let (a, b) = UnixDatagram::pair()?;
    enable::<SCM_PIDFD>(&b)?;
    send_plain(&a, b"who am I")?;
    let before = open_fds();
    receive(&b, space_of::<SCM_PIDFD>(), |mut received| {
        let fd = received.take_pidfd().expect("an SCM_PIDFD")?;
        let info = std::fs::read_to_string(format!("/proc/self/fdinfo/{}", fd.as_raw_fd()))?;
        let pid = info
            .lines()
            .find_map(|line| line.strip_prefix("Pid:"))
            .expect("Pid:");
        assert_eq!(pid.trim(), own_credentials().pid.to_string());
        assert!(closes_on_exec(&fd));
        assert!(
            received.take_pidfd().is_none(),
            "the pidfd was returned twice"
        );
        Ok(())
    })?;
    assert_eq!(open_fds(), before);
    Ok(())
}

fn truncated_datagram() -> Outcome {
    let (a, b) = UnixDatagram::pair()?;
    for (asked, reported) in [(MsgFlags::empty(), 3), (MsgFlags::MSG_TRUNC, 7)] {
        send_plain(&a, &b"datagram"[..7])?;
        let (mut one, mut two) = ([0; 1], [0; 2]);
        let mut vectors = [IoVecMut::new(&mut one), IoVecMut::new(&mut two)];
        let mut message = MsgHdrMut::new().iov(&mut vectors);
        let received = io::recvmsg(&b, &mut message, asked)?;
        assert_eq!(
            (received.bytes(), received.flags()),
            (reported, MsgFlags::MSG_TRUNC)
        );
        assert_eq!(received.chunks().collect::<Vec<_>>(), [&b"d"[..], b"at"]);
    }
    Ok(())
}

fn rights_refused() -> Outcome {
    let (a, b) = UnixDatagram::pair()?;
    let rights = || {
        try_send(&a, b"x", MsgFlags::empty(), |writer| {
            writer.put(SCM_RIGHTS, &fds_of(&[&a]))
        })
    };
    disable::<SCM_RIGHTS>(&b)?;
    assert_eq!(rights()?, Err(Errno(libc::EPERM)));
    enable::<(SCM_CREDENTIALS, UpTo<SCM_RIGHTS, 1>)>(&b)?;
    assert_eq!(rights()?, Err(Errno(libc::EPERM)));
    let option = SCM_RIGHTS::OPTION.expect("an option");
    set(&b, option.name(), option.level(), option.number(), 1)?;
    assert_eq!(rights()?, Ok(1));
    receive(
        &b,
        space_of::<(SCM_CREDENTIALS, UpTo<SCM_RIGHTS, 1>)>(),
        |mut received| {
            assert_eq!(received.take_fds().count(), 1);
            Ok(())
        },
    )
}

fn timestamps() -> Outcome {
    let (a, b) = UnixDatagram::pair()?;
    enable::<SO_TIMESTAMP_OLD>(&b)?;
    check_timestamp((&a, &b), SO_TIMESTAMP_OLD, Some)?;
    enable::<SO_TIMESTAMP_NEW>(&b)?;
    check_timestamp((&a, &b), SO_TIMESTAMP_NEW, Some)?;
    enable::<SO_TIMESTAMPNS_OLD>(&b)?;
    check_timestamp((&a, &b), SO_TIMESTAMPNS_OLD, Some)?;
    enable::<SO_TIMESTAMPNS_NEW>(&b)?;
    check_timestamp((&a, &b), SO_TIMESTAMPNS_NEW, Some)
}

/// AF_UNIX sockets emit SO_TIMESTAMPING only together with another timestamp.
fn timestamping() -> Outcome {
    let (a, b) = UnixDatagram::pair()?;
    enable::<SO_TIMESTAMP>(&b)?;
    switched(io::enable_with(&b, SO_TIMESTAMPING_OLD, SOFTWARE))?;
    for _ in 0..2 {
        send_plain(&a, b"x")?;
    }
    receive(
        &b,
        space_of::<(SO_TIMESTAMP_OLD, SO_TIMESTAMPING_OLD)>(),
        |received| {
            check_recent(
                received
                    .control()
                    .get(SO_TIMESTAMP_OLD)?
                    .expect("SO_TIMESTAMP"),
            )?;
            check_recent(
                received
                    .control()
                    .get(SO_TIMESTAMPING_OLD)?
                    .and_then(software)
                    .expect("SO_TIMESTAMPING"),
            )
        },
    )?;
    // The new form of one option switches all the others to their new forms.
    switched(io::enable_with(&b, SO_TIMESTAMPING_NEW, SOFTWARE))?;
    receive(
        &b,
        space_of::<(SO_TIMESTAMP_NEW, SO_TIMESTAMPING_NEW)>(),
        |received| {
            check_recent(
                received
                    .control()
                    .get(SO_TIMESTAMP_NEW)?
                    .expect("SO_TIMESTAMP_NEW"),
            )?;
            check_recent(
                received
                    .control()
                    .get(SO_TIMESTAMPING_NEW)?
                    .and_then(software)
                    .expect("SO_TIMESTAMPING_NEW"),
            )
        },
    )
}

fn bytes_left() -> Outcome {
    let (a, b) = UnixStream::pair()?;
    enable::<SCM_INQ>(&b)?;
    send_plain(&a, b"ten bytes.")?;
    for (len, left) in [(4, 6), (5, 1), (5, 0)] {
        let found = try_receive_part(
            &b,
            len,
            space_of::<SCM_INQ>(),
            MsgFlags::empty(),
            |received| Ok(received.control().get(SCM_INQ)?),
        )??;
        assert_eq!(found, Some(left));
    }
    Ok(())
}

fn security_label() -> Outcome {
    let (a, b) = UnixDatagram::pair()?;
    enable::<SCM_SECURITY>(&b)?;
    send_plain(&a, b"x")?;
    receive(&b, 4096, |received| {
        match received.control().get(SCM_SECURITY)? {
            None => Err(Stop::Skip(
                "SO_PASSSEC: no security module of this kernel labels sockets".into(),
            )),
            Some(label) => {
                let own = std::fs::read("/proc/self/attr/current")?;
                let trim = |label: &[u8]| {
                    String::from_utf8_lossy(label)
                        .trim_end_matches(['\0', '\n'])
                        .to_owned()
                };
                assert_eq!(trim(label), trim(&own));
                Ok(())
            }
        }
    })
}
