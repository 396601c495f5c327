//! Ownership of the descriptors that arrive: none leaks, and none is closed twice.

use crate::support::*;
use crate::unix::{SO_RIGHTS_NOTRUNC, files, raw_fds, same_files};
use ancil::level::SOL_SOCKET;
use ancil::payload::Pidfd;
use ancil::zerocopy::IntoBytes;
use ancil::{
    Errno, Key, MsgFlags, Received, SCM_CREDENTIALS, SCM_PIDFD, SCM_RIGHTS, UpTo, cmsg_len, io,
    space_of,
};
use ancil_tests::encoded;
use std::fs::File;
use std::os::fd::{IntoRawFd, OwnedFd};
use std::os::unix::net::UnixDatagram;

trials! {
    pidfd_untaken
    untaken_are_closed
    half_taken
    taken_twice
    borrowed_and_not_taken
    room_for_one_receives_two
    truncated
    no_room_for_descriptors
    many_messages
    malformed_tail
    truncated_message
    pidfd_error
    denied
    notrunc_without_denial
}

fn pidfd_untaken() -> Outcome {
    let (a, b) = UnixDatagram::pair()?;
    enable::<SCM_PIDFD>(&b)?;
    let files = files(1)?;
    let before = open_fds();
    send(&a, b"x", |writer| writer.put(SCM_RIGHTS, &fds_of(&files)))?;
    receive(
        &b,
        space_of::<(SCM_PIDFD, UpTo<SCM_RIGHTS, 1>)>(),
        |received| {
            assert_eq!((received.control().count(), open_fds()), (2, before + 2));
            Ok(())
        },
    )?;
    assert_eq!(open_fds(), before);
    Ok(())
}

/// Sends `n` files to a receiver with a control buffer of `space` bytes, calls `look`, and checks
/// that all descriptors are closed afterwards.
fn closes_all(
    n: usize,
    space: usize,
    look: impl FnOnce(Received<'_>, &[File]) -> Outcome,
) -> Outcome {
    let (a, b) = UnixDatagram::pair()?;
    let files = files(n)?;
    let before = open_fds();
    send(&a, b"data", |writer| {
        writer.put(SCM_RIGHTS, &fds_of(&files))
    })?;
    wait(&b, libc::POLLIN)?;
    try_receive(&b, space, MsgFlags::empty(), |received| {
        assert_eq!(
            bytes(&received),
            b"data",
            "the data arrives whatever happens to the descriptors"
        );
        look(received, &files)
    })??;
    assert_eq!(open_fds(), before);
    Ok(())
}

fn untaken_are_closed() -> Outcome {
    closes_all(4, space_of::<UpTo<SCM_RIGHTS, 4>>(), |received, _| {
        assert_eq!(received.fds().count(), 4);
        Ok(())
    })
}

fn half_taken() -> Outcome {
    closes_all(
        4,
        space_of::<UpTo<SCM_RIGHTS, 4>>(),
        |mut received, files| {
            let before = open_fds();
            let half: Vec<OwnedFd> = received.take_fds().take(2).collect();
            drop(received);
            assert_eq!(
                open_fds(),
                before - 2,
                "the half that was not taken must be closed"
            );
            same_files(&half, &files[..2])
        },
    )
}

fn taken_twice() -> Outcome {
    closes_all(
        4,
        space_of::<UpTo<SCM_RIGHTS, 4>>(),
        |mut received, files| {
            let first = received.take_fds().next();
            same_files(first, &files[..1])?;
            same_files(received.fds(), &files[1..])?;
            same_files(received.take_fds(), &files[1..])?;
            assert_eq!(
                (received.take_fds().count(), received.fds().count()),
                (0, 0)
            );
            Ok(())
        },
    )
}

fn borrowed_and_not_taken() -> Outcome {
    closes_all(2, space_of::<UpTo<SCM_RIGHTS, 2>>(), |received, files| {
        same_files(received.fds(), files)
    })
}

fn room_for_one_receives_two() -> Outcome {
    // How many descriptors fit the space of one: 2 on 64-bit, where padding follows the first.
    let padded = size_of::<usize>() / size_of::<i32>();
    closes_all(
        2,
        space_of::<UpTo<SCM_RIGHTS, 1>>(),
        |mut received, files| {
            assert_eq!(received.flags().contains(MsgFlags::MSG_CTRUNC), padded < 2);
            same_files(received.take_fds(), &files[..padded])
        },
    )?;
    closes_all(2, space_of::<UpTo<SCM_RIGHTS, 1>>(), |_, _| Ok(()))
}

fn truncated() -> Outcome {
    for room in 1..5 {
        closes_all(
            5,
            cmsg_len(room * size_of::<i32>()),
            |mut received, files| {
                assert_eq!(received.flags(), MsgFlags::MSG_CTRUNC);
                same_files(received.take_fds(), &files[..room])
            },
        )?;
        closes_all(5, cmsg_len(room * size_of::<i32>()), |_, _| Ok(()))?;
    }
    Ok(())
}

fn no_room_for_descriptors() -> Outcome {
    for room in 0..=cmsg_len(0) + 3 {
        closes_all(3, room, |mut received, _| {
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

/// Returns an `SCM_RIGHTS` with this payload.
fn rights(payload: &[u8]) -> Vec<u8> {
    encoded(&[(SCM_RIGHTS::LEVEL, SCM_RIGHTS::TYPE, payload)])
}

/// Returns the owner of the descriptors in `control`.
///
/// # Safety
/// What `Received::from_control` requires of `control`.
unsafe fn own(control: &mut [u8]) -> Received<'_> {
    // SAFETY: the contract is that of this function, and `io::close` closes descriptors.
    unsafe { Received::from_control(0, MsgFlags::empty(), control, io::close) }
}

/// Returns the numbers of `files`, which nothing owns from then on.
fn into_raw_fds(files: Vec<File>) -> Vec<i32> {
    files.into_iter().map(IntoRawFd::into_raw_fd).collect()
}

fn many_messages() -> Outcome {
    let files = files(4)?;
    let before = open_fds();
    let copies = files
        .iter()
        .map(File::try_clone)
        .collect::<Result<Vec<_>, _>>()?;
    let [a, b, c, d] = into_raw_fds(copies)[..] else {
        unreachable!()
    };
    // The second descriptor is incomplete.
    let incomplete = [a.to_ne_bytes().as_slice(), &[1, 2, 3]].concat();
    let mut control = [
        rights(&incomplete),
        encoded(&[(SCM_CREDENTIALS::LEVEL, SCM_CREDENTIALS::TYPE, &[0; 12])]),
        rights(&[]),
        rights([b, c].as_bytes()),
        encoded(&[(SCM_PIDFD::LEVEL, SCM_PIDFD::TYPE, d.as_bytes())]),
    ]
    .concat();
    // SAFETY: the descriptors in `control` are the four of `copies`, which are open. `into_raw_fds`
    // has given up their ownership.
    let mut received = unsafe { own(&mut control) };
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
    let [a, b] = raw_fds(&files)[..] else {
        unreachable!()
    };
    let before = open_fds();
    let clone = into_raw_fds(vec![files[0].try_clone()?]);
    let mut bad = rights(a.as_bytes());
    bad[..size_of::<usize>()].copy_from_slice(&3usize.to_ne_bytes());
    let mut control = [rights(clone.as_bytes()), bad, rights(b.as_bytes())].concat();
    // SAFETY: the only descriptor before the malformed header is that of a clone, which is open and
    // whose ownership `into_raw_fds` has given up. What follows a malformed header is never read as
    // a message.
    let received = unsafe { own(&mut control) };
    same_files(received.fds(), &files[..1])?;
    drop(received);
    assert_eq!(open_fds(), before);
    same_files(&files, &files) // both are still open
}

/// If a message reaches past the end of the buffer, the complete descriptors before the end are
/// owned.
fn truncated_message() -> Outcome {
    let files = files(3)?;
    for room in 0..=3 * size_of::<i32>() {
        let whole = room / size_of::<i32>();
        for taken in 0..=whole {
            let before = open_fds();
            let copies: Vec<File> = (files[..whole].iter())
                .map(File::try_clone)
                .collect::<Result<_, _>>()?;
            let mut fds = into_raw_fds(copies);
            fds.resize(3, i32::MAX); // past the end of the buffer, so never read
            let mut control = rights(fds.as_bytes());
            let control = &mut control[..cmsg_len(room)];
            // SAFETY: the complete descriptors in `control` are those of `copies`, which are open.
            // `into_raw_fds` has given up their ownership.
            let mut received = unsafe { own(control) };
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
    let error = (-libc::EPERM).to_ne_bytes();
    let mut control = encoded(&[(SCM_PIDFD::LEVEL, SCM_PIDFD::TYPE, &error)]);
    // SAFETY: `control` holds an error number and no descriptor.
    let mut received = unsafe { own(&mut control) };
    assert_eq!(
        received.control().get(SCM_PIDFD)?,
        Some(Pidfd(-libc::EPERM))
    );
    assert_eq!(
        received.take_pidfd().expect("an error").unwrap_err(),
        Errno(libc::EPERM)
    );
    assert!(
        received.take_pidfd().is_none(),
        "the error was returned twice"
    );
    Ok(())
}

/// What a socket with SO_RIGHTS_NOTRUNC receives if a security module denies a descriptor: its
/// place holds a negative error number.
fn denied() -> Outcome {
    let files = files(3)?;
    let before = open_fds();
    let check = |look: &dyn Fn(&mut Received<'_>) -> Outcome| {
        let copies = (files.iter())
            .map(File::try_clone)
            .collect::<Result<Vec<_>, _>>()?;
        let [a, b, c] = into_raw_fds(copies)[..] else {
            unreachable!()
        };
        let first = [-libc::EPERM, a, -libc::EACCES, b];
        let mut control = [rights(first.as_bytes()), rights([c, -4095].as_bytes())].concat();
        // SAFETY: the descriptors in `control` are those of `copies`, which are open.
        // `into_raw_fds` has given up their ownership.
        let mut received = unsafe { own(&mut control) };
        look(&mut received)?;
        drop(received);
        assert_eq!(open_fds(), before);
        Ok(())
    };
    let count = |received: &Received<'_>| (received.fds_left(), received.fds_denied());

    check(&|received| {
        assert_eq!(count(received), (3, 3));
        same_files(received.fds(), &files)
    })?;
    check(&|received| {
        same_files(received.take_fds(), &files)?;
        assert_eq!(count(received), (0, 3), "the errors are still there");
        let errors: Vec<_> = received.take_slots().map(Result::unwrap_err).collect();
        assert_eq!(errors, [libc::EPERM, libc::EACCES, 4095].map(Errno));
        assert_eq!(
            (count(received), received.take_slots().count()),
            ((0, 0), 0)
        );
        Ok(())
    })?;
    check(&|received| {
        let mut slots: Vec<_> = received.take_slots().take(3).collect();
        assert_eq!(slots.remove(2).unwrap_err(), Errno(libc::EACCES));
        assert_eq!(slots.remove(0).unwrap_err(), Errno(libc::EPERM));
        same_files(slots.remove(0), &files[..1])?;
        assert_eq!(count(received), (2, 1), "the iterator takes what it yields");
        let rest: Vec<_> = received.take_slots().collect();
        let errors: Vec<_> = rest
            .iter()
            .map(|slot| slot.as_ref().err().copied())
            .collect();
        assert_eq!(errors, [None, None, Some(Errno(4095))]);
        same_files(rest.into_iter().flatten(), &files[1..])
    })
}

/// With SO_RIGHTS_NOTRUNC, descriptors that are not denied arrive as without it. No test can make a
/// security module deny one.
fn notrunc_without_denial() -> Outcome {
    let (a, b) = UnixDatagram::pair()?;
    set(&b, "SO_RIGHTS_NOTRUNC", SOL_SOCKET, SO_RIGHTS_NOTRUNC, 1)?;
    let files = files(2)?;
    send(&a, b"x", |writer| writer.put(SCM_RIGHTS, &fds_of(&files)))?;
    receive(&b, space_of::<UpTo<SCM_RIGHTS, 2>>(), |mut received| {
        assert_eq!(received.fds_denied(), 0);
        same_files(received.take_slots().flatten(), &files)
    })
}
