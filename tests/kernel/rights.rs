//! Who owns the descriptors that arrived, and that none is lost or closed twice.

use crate::support::*;
use crate::unix::{SO_PASSPIDFD, files, me, numbers, same_files};
use ancil::level::SOL_SOCKET;
use ancil::payload::Pidfd;
use ancil::{Errno, MsgFlags, Received, SCM_CREDENTIALS, SCM_PIDFD, SCM_RIGHTS, Writer, cmsg_len};
use std::fs::File;
use std::os::fd::{IntoRawFd, OwnedFd};
use std::os::unix::net::UnixDatagram;

trials! {
    pidfd_untaken untaken_are_closed half_taken taken_twice looked_at_and_not_taken room_for_one_receives_two truncated
    no_room_at_all many_messages malformed_tail cut_off_message pidfd_error
}

fn pidfd_untaken() -> Outcome {
    let (a, b) = UnixDatagram::pair()?;
    set(&b, "SO_PASSPIDFD", SOL_SOCKET, SO_PASSPIDFD, 1)?;
    let files = files(1)?;
    let before = open_fds();
    send(&a, b"x", |writer| writer.put(SCM_RIGHTS, &numbers(&files)))?;
    receive(
        &b,
        SCM_PIDFD.space() + SCM_RIGHTS.space_for(1),
        |received| {
            assert_eq!((received.control().count(), open_fds()), (2, before + 2));
            Ok(())
        },
    )?;
    assert_eq!(open_fds(), before);
    Ok(())
}

/// Sends `n` files to a control buffer of `space` bytes, and checks that what `look` leaves is closed.
fn leaves_nothing(
    n: usize,
    space: usize,
    look: impl FnOnce(Received<'_>, &[File]) -> Outcome,
) -> Outcome {
    let (a, b) = UnixDatagram::pair()?;
    let files = files(n)?;
    let before = open_fds();
    send(&a, b"data", |writer| {
        writer.put(SCM_RIGHTS, &numbers(&files))
    })?;
    wait(&b, libc::POLLIN)?;
    try_receive(&b, space, MsgFlags::empty(), |received| {
        assert_eq!(
            bytes(&received),
            b"data",
            "the data is there whatever happens beside it"
        );
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
        assert_eq!(
            (received.take_fds().count(), received.fds().count()),
            (0, 0)
        );
        Ok(())
    })
}

fn looked_at_and_not_taken() -> Outcome {
    leaves_nothing(2, SCM_RIGHTS.space_for(2), |received, files| {
        same_files(received.fds(), files)
    })
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
        leaves_nothing(
            5,
            cmsg_len(room * size_of::<i32>()),
            |mut received, files| {
                assert_eq!(received.flags(), MsgFlags::MSG_CTRUNC);
                same_files(received.take_fds(), &files[..room])
            },
        )?;
        leaves_nothing(5, cmsg_len(room * size_of::<i32>()), |_, _| Ok(()))?;
    }
    Ok(())
}

fn no_room_at_all() -> Outcome {
    for room in 0..=cmsg_len(0) + 3 {
        leaves_nothing(3, room, |mut received, _| {
            assert_eq!(received.flags(), MsgFlags::MSG_CTRUNC);
            assert_eq!(
                (received.control().count(), received.take_fds().count()),
                (0, 0)
            );
            Ok(())
        })?;
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
    let copies = files
        .iter()
        .map(File::try_clone)
        .collect::<Result<Vec<_>, _>>()?;
    let [a, b, c, d] = give(copies)[..] else {
        unreachable!()
    };
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
    let [a, b] = numbers(&files)[..] else {
        unreachable!()
    };
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

/// If a message reaches past the end of the buffer, the whole descriptors before the end are owned.
fn cut_off_message() -> Outcome {
    let files = files(3)?;
    for room in 0..=3 * size_of::<i32>() {
        let whole = room / size_of::<i32>();
        for taken in 0..=whole {
            let before = open_fds();
            let copies: Vec<File> = (files[..whole].iter())
                .map(File::try_clone)
                .collect::<Result<_, _>>()?;
            let mut fds = give(copies);
            fds.resize(3, i32::MAX); // never looked at
            let mut control = [0; SCM_RIGHTS.space_for(3)];
            let mut writer = Writer::new(&mut control);
            writer.put(SCM_RIGHTS, &fds)?;
            writer.finish();
            let control = &mut control[..cmsg_len(room)];
            // SAFETY: the whole descriptors before the end are open and owned by nobody else.
            let mut received = unsafe { Received::from_control(0, MsgFlags::empty(), control) };
            assert_eq!(received.fds_left(), whole);
            same_files(received.fds(), &files[..whole])?;
            let fds: Vec<OwnedFd> = received.take_fds().take(taken).collect();
            same_files(&fds, &files[..taken])?;
            drop(received);
            assert_eq!(open_fds(), before + taken);
        }
    }
    Ok(())
}

fn pidfd_error() -> Outcome {
    let mut control = [0; SCM_PIDFD.space()];
    let mut writer = Writer::new(&mut control);
    writer.put_raw(SCM_PIDFD.level, SCM_PIDFD.ty, &(-libc::EPERM).to_ne_bytes())?;
    writer.finish();
    // SAFETY: it holds no descriptor.
    let mut received = unsafe { Received::from_control(0, MsgFlags::empty(), &mut control) };
    assert_eq!(
        received.control().get(SCM_PIDFD)?,
        Some(Pidfd(-libc::EPERM))
    );
    assert_eq!(
        received.take_pidfd().expect("an error").unwrap_err(),
        Errno(libc::EPERM)
    );
    assert!(received.take_pidfd().is_none(), "taken twice");
    Ok(())
}
