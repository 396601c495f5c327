//! The timeout of `recvmmsg(2)`, which the kernel checks only after each message.

use crate::batch::send_all;
use crate::blocked_thread::while_blocked;
use crate::support::*;
use ancil::{Errno, IoVecMut, MsgFlags, io};
use std::os::unix::net::UnixDatagram;
use std::time::Duration;

trials! { zero_receives_one_message remaining_time not_checked_before_a_message }

fn zero_receives_one_message() -> Outcome {
    let (a, b) = UnixDatagram::pair()?;
    send_all(&a, &[b"1", b"2", b"3"])?;
    let mut space = [[0; 1]; 3];
    let mut vectors = space.each_mut().map(|bytes| [IoVecMut::from(bytes)]);
    let mut batch = io::RecvBuffers::<3>::new(&mut vectors);
    for expected in [b"1", b"2", b"3"] {
        let received = io::recvmmsg(&b, &mut batch, MsgFlags::empty(), Some(Duration::ZERO))?;
        assert_eq!(
            (received.len(), received.remaining()),
            (1, Some(Duration::ZERO))
        );
        assert_eq!(
            received.map(|one| bytes(&one)).collect::<Vec<_>>(),
            [expected]
        );
    }
    Ok(())
}

fn remaining_time() -> Outcome {
    let (a, b) = UnixDatagram::pair()?;
    let mut space = [[0; 1]; 3];
    let mut vectors = space.each_mut().map(|bytes| [IoVecMut::from(bytes)]);
    let mut batch = io::RecvBuffers::<3>::new(&mut vectors);
    for timeout in [
        Duration::new(3600, 999_999_999),
        Duration::from_secs(i32::MAX as u64 / 2),
        Duration::MAX,
    ] {
        send_all(&a, &[b"1", b"2"])?;
        let received = io::recvmmsg(&b, &mut batch, MsgFlags::MSG_WAITFORONE, Some(timeout))?;
        let remaining = received.remaining().expect("a timeout was given");
        assert_eq!(received.len(), 2);
        assert!(
            remaining <= timeout && remaining > Duration::from_secs(3500),
            "{remaining:?} of {timeout:?}"
        );
    }
    Ok(())
}

/// The call waits for the first message even after the timeout has passed, as `recvmmsg(2)`
/// documents.
fn not_checked_before_a_message() -> Outcome {
    let (a, b) = UnixDatagram::pair()?;
    let mut space = [[0; 4]; 3];
    let mut vectors = space.each_mut().map(|bytes| [IoVecMut::from(bytes)]);
    let mut batch = io::RecvBuffers::<3>::new(&mut vectors);
    let received = while_blocked(
        || {
            let received = io::recvmmsg(
                &b,
                &mut batch,
                MsgFlags::empty(),
                Some(Duration::from_nanos(1)),
            )?;
            Ok::<_, Errno>((received.len(), received.remaining()))
        },
        |thread| {
            thread.wait_for_sleep();
            send_all(&a, &[b"late"])
        },
    )?;
    assert_eq!(received, Ok((1, Some(Duration::ZERO))));
    Ok(())
}
