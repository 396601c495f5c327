//! `FdVec` (feature `heapless`) keeps the descriptors that fit. The rest is closed.

use crate::support::*;
use ancil::{FdVec, IoVec, MsgFlags, MsgHdr, SCM_RIGHTS, UpTo, Writer, io, space_for, space_of};
use std::fs::File;
use std::os::fd::{FromRawFd, OwnedFd};
use std::os::unix::net::UnixDatagram;

trials! {
    room_for_all
    some_do_not_fit
    filled_twice
    push_to_a_full_one
    converted
    sent_again
}

/// Sends `n` descriptors, moves those that arrive to `fds`, and checks that `left` of them did not
/// fit.
fn pass<const N: usize>(fds: &mut FdVec<N>, n: usize, left: usize) -> Outcome {
    let (a, b) = UnixDatagram::pair()?;
    send(&a, b"x", |writer| {
        writer.put(SCM_RIGHTS, &fds_of(&vec![&a; n]))
    })?;
    receive(&b, space_for::<SCM_RIGHTS>(n), |mut received| {
        let before = open_fds();
        assert_eq!((fds.fill(&mut received), received.fds_left()), (left, left));
        drop(received);
        assert_eq!(open_fds(), before - left);
        Ok(())
    })
}

fn room_for_all() -> Outcome {
    let (before, mut fds) = (open_fds(), FdVec::<4>::new());
    pass(&mut fds, 3, 0)?;
    assert_eq!((fds.fds().len(), open_fds()), (3, before + 3));
    drop(fds);
    assert_eq!(open_fds(), before);
    Ok(())
}

fn some_do_not_fit() -> Outcome {
    let (before, mut fds, mut none) = (open_fds(), FdVec::<2>::new(), FdVec::<0>::new());
    pass(&mut fds, 253, 251)?;
    pass(&mut none, 3, 3)?;
    assert_eq!(
        (fds.fds().len(), none.fds().len(), open_fds()),
        (2, 0, before + 2)
    );
    drop(fds);
    assert_eq!(open_fds(), before);
    Ok(())
}

fn filled_twice() -> Outcome {
    let (before, mut fds) = (open_fds(), FdVec::<4>::new());
    pass(&mut fds, 3, 0)?;
    pass(&mut fds, 3, 2)?;
    assert_eq!((fds.fds().len(), open_fds()), (4, before + 4));
    drop(fds);
    assert_eq!(open_fds(), before);
    Ok(())
}

fn push_to_a_full_one() -> Outcome {
    let (before, mut fds) = (open_fds(), FdVec::<1>::new());
    let file = || File::open("/proc/self/comm");
    assert!(fds.push(file()?).is_ok());
    let back = fds.push(file()?).expect_err("it is full");
    assert_eq!(open_fds(), before + 2);
    drop((fds, back));
    assert_eq!(open_fds(), before);
    Ok(())
}

fn converted() -> Outcome {
    let before = open_fds();
    let mut fds = FdVec::<4>::new();
    pass(&mut fds, 4, 0)?;
    let first = fds.into_fds().next();
    assert_eq!(open_fds(), before + 1, "the others must be closed");
    drop(first);
    let mut fds = FdVec::<4>::new();
    pass(&mut fds, 4, 0)?;
    let numbers: Vec<i32> = fds.fds().iter().map(|fd| fd.as_raw()).collect();
    let taken: Vec<i32> = fds.into_raw_fds().take(3).collect();
    assert_eq!((&taken[..], open_fds()), (&numbers[..3], before + 3));
    // SAFETY: the descriptors are open, and `into_raw_fds` has given up their ownership.
    taken
        .into_iter()
        .for_each(|fd| drop(unsafe { OwnedFd::from_raw_fd(fd) }));
    assert_eq!(open_fds(), before);
    Ok(())
}

fn sent_again() -> Outcome {
    let (a, b) = UnixDatagram::pair()?;
    let mut fds = FdVec::<3>::new();
    pass(&mut fds, 3, 0)?;
    let before = open_fds();
    let mut buffer = [0; space_of::<UpTo<SCM_RIGHTS, 3>>()];
    let mut writer = Writer::new(&mut buffer);
    writer.put(SCM_RIGHTS, fds.fds())?;
    let vectors = [IoVec::new(b"x")];
    let message = MsgHdr::new().iov(&vectors).control(writer.finish());
    io::sendmsg(&a, &message, MsgFlags::empty())?;
    receive(&b, space_of::<UpTo<SCM_RIGHTS, 3>>(), |received| {
        assert_eq!(received.fds_left(), 3);
        Ok(())
    })?;
    assert_eq!(open_fds(), before);
    Ok(())
}
