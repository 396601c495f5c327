//! More vectors or bytes than the kernel takes in one call.

use crate::partial::{INVALID, control_with_descriptor};
use crate::pattern::{pattern, pieces, pieces_mut};
use crate::support::*;
use ancil::io::{Cause, Incomplete};
use ancil::limits::UIO_MAXIOV;
use ancil::{IoVec, MsgFlags, SCM_RIGHTS, UpTo, io, iov, space_of};
use std::io::{Error as IoError, Read, Write};
use std::os::unix::net::UnixStream;
use std::ptr;

trials! { sent_and_received with_descriptors received_in_part more_bytes_than_isize }

fn sent_and_received() -> Outcome {
    let (from, to) = (UnixStream::pair()?, pattern(30_000));
    let (mut vectors, mut back) = (pieces(&to), vec![0; to.len()]);
    assert!(vectors.len() > 8 * UIO_MAXIOV);
    let mut spaces = pieces_mut(&mut back);
    io::write_all(&from.0, &mut &mut vectors[..])?;
    io::read_exact(&from.1, &mut &mut spaces[..])?;
    drop(spaces);
    assert!(back == to);
    Ok(())
}

fn with_descriptors() -> Outcome {
    let (a, b) = UnixStream::pair()?;
    let data = pattern(30_000);
    let mut vectors = pieces(&data);
    let (before, mut buffer) = (open_fds(), [0; space_of::<UpTo<SCM_RIGHTS, 1>>()]);
    let mut control = control_with_descriptor(&mut buffer, &a)?;
    io::sendmsg_all(&a, &mut &mut vectors[..], &mut control, MsgFlags::empty())?;
    let (mut back, mut space) = (vec![0; data.len()], [0; space_of::<UpTo<SCM_RIGHTS, 20>>()]);
    let mut spaces = pieces_mut(&mut back);
    let (mut received, outcome) =
        io::recvmsg_exact(&b, &mut &mut spaces[..], &mut space, MsgFlags::empty());
    outcome?;
    assert_eq!(
        (received.bytes(), received.flags()),
        (data.len(), MsgFlags::empty())
    );
    assert_eq!(
        received.take_fds().count(),
        1,
        "the descriptor must arrive once, with the first byte"
    );
    drop((received, spaces));
    assert!(back == data);
    assert_eq!(open_fds(), before);
    Ok(())
}

fn received_in_part() -> Outcome {
    let (a, mut b) = (UnixStream::pair()?, pattern(7000));
    a.0.shutdown(std::net::Shutdown::Read)?;
    (&a.0).write_all(&b)?;
    let sent = std::mem::replace(&mut b, vec![0; 7001]);
    let mut spaces = pieces_mut(&mut b);
    assert!(spaces.len() > UIO_MAXIOV);
    let mut rest = &mut spaces[..];
    drop(a.0); // the end of the stream, one byte early
    let (received, outcome) = io::recvmsg_exact(&a.1, &mut rest, &mut [], MsgFlags::empty());
    assert_eq!(
        outcome,
        Err(Incomplete {
            cause: Cause::End,
            done: 7000
        })
    );
    assert_eq!((received.bytes(), iov::total(rest)), (7000, Some(1)));
    drop((received, spaces));
    assert!(b[..7000] == sent);
    Ok(())
}

/// Vectors with more than `isize::MAX` bytes in total are refused. They all refer to the same
/// memory, which is mapped without reserving pages.
fn more_bytes_than_isize() -> Outcome {
    let len = 1usize << if size_of::<usize>() == 8 { 45 } else { 27 };
    let flags = libc::MAP_PRIVATE | libc::MAP_ANONYMOUS | libc::MAP_NORESERVE;
    // SAFETY: without MAP_FIXED, the kernel chooses addresses that are not in use.
    let start = unsafe { libc::mmap(ptr::null_mut(), len, libc::PROT_READ, flags, -1, 0) };
    if start == libc::MAP_FAILED {
        return Err(Stop::Skip(format!(
            "mmap of {len} bytes: {}",
            IoError::last_os_error()
        )));
    }
    // SAFETY: the mapping has `len` readable bytes, all zero, which nothing writes to. It is
    // unmapped after the last use of `all` and of the vectors made from it.
    let all = unsafe { std::slice::from_raw_parts(start.cast::<u8>(), len) };
    let mut vectors = vec![IoVec::new(all); isize::MAX as usize / len + 1];
    let (a, b) = UnixStream::pair()?;
    b.set_nonblocking(true)?;
    let mut buffer = [0; space_of::<UpTo<SCM_RIGHTS, 1>>()];
    let mut control = control_with_descriptor(&mut buffer, &a)?;
    let (count, refused) = (
        vectors.len(),
        Err(Incomplete {
            cause: INVALID,
            done: 0,
        }),
    );
    let mut rest = &mut vectors[..];
    assert_eq!(io::write_all(&a, &mut rest), refused);
    assert_eq!(
        io::sendmsg_all(&a, &mut rest, &mut control, MsgFlags::empty()),
        refused
    );
    assert_eq!(
        (rest.len(), control.len()),
        (count, space_of::<UpTo<SCM_RIGHTS, 1>>())
    );
    drop(vectors);
    // SAFETY: `start` and `len` are those of the mapping made in this function. `all` is not used
    // any more, and `vectors`, which borrow from it, have been dropped.
    unsafe { libc::munmap(start, len) };
    assert_eq!(
        (&b).read(&mut [0]).map_err(|e| e.raw_os_error()),
        Err(Some(libc::EAGAIN)),
        "nothing may be sent"
    );
    Ok(())
}
