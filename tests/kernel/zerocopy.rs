//! Sends with `MSG_ZEROCOPY`: which calls have a number, and what the kernel reports as done.

use crate::errqueue::Reporting;
use crate::support::*;
use crate::{tcp, udp4, udp6};
use ancil::payload::Origin;
use ancil::{
    Control, Errno, IP_RECVERR, IPV6_RECVERR, IoVec, MMsgHdr, MsgFlags, MsgHdr, SendNumbers,
    UDP_SEGMENT, Writer, ZerocopyError, ZerocopySends, io, space_of,
};
use std::net::{Ipv4Addr, Ipv6Addr};
use std::os::fd::AsFd;
use std::os::unix::net::UnixStream;

trials! {
    one_by_one_udp4
    one_by_one_udp6
    one_by_one_tcp4
    one_by_one_tcp6
    a_batch_of_datagrams
    a_batch_on_a_stream
    every_call_of_sendmsg_all
    a_failed_datagram_may_have_a_number
    a_datagram_that_is_too_long_has_none
    ignored_without_the_option
    refused_on_unix_sockets
}

/// Memory that the kernel may read at any time, since nothing writes to it.
static MEMORY: [u8; 4000] = [7; 4000];
const ZEROCOPY: MsgFlags = MsgFlags::MSG_ZEROCOPY;

type Sends = ZerocopySends<4>;

/// Sends the first `len` bytes of `MEMORY`.
fn send(socket: &impl AsFd, len: usize) -> Result<usize, Errno> {
    let vectors = [IoVec::new(&MEMORY[..len])];
    // SAFETY: the bytes must not change before the send is done. `MEMORY` is an immutable static.
    unsafe { io::sendmsg_zerocopy(socket, &MsgHdr::new().iov(&vectors), ZEROCOPY) }
}

/// Takes an entry out of the error queue and returns the first and the last send that are done, or
/// the kernel's error.
fn entry<E: Reporting>(socket: &impl AsFd, key: E) -> Outcome<Result<(u32, u32), Errno>> {
    try_receive(
        socket,
        space_of::<E>(),
        MsgFlags::MSG_ERRQUEUE,
        |received| {
            assert_eq!(
                (received.flags(), received.bytes()),
                (MsgFlags::MSG_ERRQUEUE, 0)
            );
            let error = received.control().get(key)?.expect("a range").error;
            assert_eq!(error.ee_errno, 0);
            let Origin::Zerocopy { first, last, .. } = error.origin() else {
                panic!("{error:?}")
            };
            let Origin::Zerocopy { copied: true, .. } = error.origin() else {
                panic!("the loopback interface always copies")
            };
            Ok((first, last))
        },
    )
}

/// Waits until the kernel has reported these sends as done, and passes every entry to `sends`.
fn wait_for<E: Reporting + Copy>(
    socket: &impl AsFd,
    key: E,
    sends: &mut Sends,
    numbers: SendNumbers,
) -> Outcome {
    while !sends.is_done(numbers) {
        wait(socket, libc::POLLERR)?;
        let (first, last) = entry(socket, key)??;
        sends.complete(first, last)?;
    }
    Ok(())
}

/// Checks that the error queue is empty.
fn check_empty(socket: &impl AsFd) -> Outcome {
    let nothing = try_receive(socket, 0, MsgFlags::MSG_ERRQUEUE, |_| Ok(()))?;
    assert_eq!(nothing, Err(Errno::EAGAIN), "an entry nobody expected");
    Ok(())
}

/// Sends five times, and waits only then, until the kernel has reported each send as done.
fn one_by_one<E: Reporting + Copy>(a: &impl AsFd, key: E) -> Outcome {
    switched(io::enable_zerocopy(a))?;
    let mut sends = Sends::new();
    let mut all = SendNumbers::default();
    for _ in 0..5 {
        assert_eq!(send(a, MEMORY.len()), Ok(MEMORY.len()));
        all = all.through(sends.record(1)?);
    }
    assert_eq!((sends.outstanding(), sends.is_done(all)), (5, false));
    wait_for(a, key, &mut sends, all)?;
    assert_eq!(sends.outstanding(), 0);
    check_empty(a)
}

fn one_by_one_udp4() -> Outcome {
    one_by_one(&udp4::pair()?.0, IP_RECVERR)
}

fn one_by_one_udp6() -> Outcome {
    one_by_one(&udp6::pair()?.0, IPV6_RECVERR)
}

fn one_by_one_tcp4() -> Outcome {
    one_by_one(&tcp::pair(Ipv4Addr::LOCALHOST)?.0, IP_RECVERR)
}

fn one_by_one_tcp6() -> Outcome {
    one_by_one(&tcp::pair(Ipv6Addr::LOCALHOST)?.0, IPV6_RECVERR)
}

/// Sends a batch of four messages, the second of which is empty, records `numbered` of them, and
/// checks that a send after them has the number after theirs.
fn batch(a: &impl AsFd, numbered: usize) -> Outcome {
    switched(io::enable_zerocopy(a))?;
    let vectors = [10, 0, 300, 4000].map(|len| [IoVec::new(&MEMORY[..len])]);
    let mut batch = vectors
        .each_ref()
        .map(|vectors| MMsgHdr::new(MsgHdr::new().iov(vectors)));
    // SAFETY: the bytes must not change before the sends are done. `MEMORY` is an immutable static.
    let sent = unsafe { io::sendmmsg_zerocopy(a, &mut batch, ZEROCOPY) };
    assert_eq!(sent, Ok(4));
    assert_eq!(batch.map(|message| message.msg_len()), [10, 0, 300, 4000]);
    let mut sends = Sends::new();
    let all = sends.record(numbered)?;
    wait_for(a, IP_RECVERR, &mut sends, all)?;
    check_empty(a)?;
    send(a, 1)?;
    let after = sends.record(1)?;
    wait_for(a, IP_RECVERR, &mut sends, after)?;
    check_empty(a)
}

/// An empty datagram has a number, too.
fn a_batch_of_datagrams() -> Outcome {
    batch(&udp4::pair()?.0, 4)
}

/// On a stream, a message without bytes has none.
fn a_batch_on_a_stream() -> Outcome {
    batch(&tcp::pair(Ipv4Addr::LOCALHOST)?.0, 3)
}

fn every_call_of_sendmsg_all() -> Outcome {
    let (a, _b) = tcp::pair(Ipv4Addr::LOCALHOST)?;
    switched(io::enable_zerocopy(&a))?;
    let mut vectors: Vec<_> = MEMORY.chunks(2).take(1200).map(IoVec::new).collect();
    let mut rest = &mut vectors[..];
    // SAFETY: the bytes must not change before the sends are done. `MEMORY` is an immutable static.
    let (calls, result) =
        unsafe { io::sendmsg_all_zerocopy(&a, &mut rest, &mut Control::default(), ZEROCOPY) };
    result?;
    assert!(rest.is_empty());
    assert!(calls >= 2, "a call takes at most 1024 vectors");
    let mut sends = Sends::new();
    let all = sends.record(calls)?;
    wait_for(&a, IP_RECVERR, &mut sends, all)?;
    check_empty(&a)?;
    send(&a, 1)?;
    let after = sends.record(1)?;
    wait_for(&a, IP_RECVERR, &mut sends, after)?;
    check_empty(&a)
}

/// The kernel numbers the message, then refuses to cut it into so many segments.
fn a_failed_datagram_may_have_a_number() -> Outcome {
    since("UDP_SEGMENT", (4, 18))?;
    let (a, _b) = udp4::pair()?;
    switched(io::enable_zerocopy(&a))?;
    let mut control = [0; space_of::<UDP_SEGMENT>()];
    let mut writer = Writer::new(&mut control);
    writer.put(UDP_SEGMENT, 1)?;
    let vectors = [IoVec::new(&MEMORY)];
    let message = MsgHdr::new().iov(&vectors).control(writer.finish());
    // SAFETY: the bytes must not change before the send is done. `MEMORY` is an immutable static.
    let refused = unsafe { io::sendmsg_zerocopy(&a, &message, ZEROCOPY) };
    assert_eq!(refused, Err(Errno::EINVAL));
    let taken = try_receive(
        &a,
        space_of::<IP_RECVERR>(),
        MsgFlags::MSG_ERRQUEUE,
        |received| {
            Ok(received
                .control()
                .get(IP_RECVERR)?
                .map(|e| e.error.origin()))
        },
    )?;
    let Ok(Some(Origin::Zerocopy { first, last, .. })) = taken else {
        panic!("{taken:?}")
    };
    let mut sends = Sends::new();
    let missing = Err(ZerocopyError::NotRecorded { missing: 1 });
    assert_eq!(sends.complete(first, last), missing);
    let failed = sends.record(1)?;
    sends.complete(first, last)?;
    assert!(sends.is_done(failed));
    assert_eq!(send(&a, 4), Ok(4));
    let next = sends.record(1)?;
    wait_for(&a, IP_RECVERR, &mut sends, next)
}

fn a_datagram_that_is_too_long_has_none() -> Outcome {
    static LONG: [u8; 65_536] = [0; 65_536];
    let (a, _b) = udp4::pair()?;
    switched(io::enable_zerocopy(&a))?;
    let vectors = [IoVec::new(&LONG)];
    // SAFETY: the bytes must not change before the send is done. `LONG` is an immutable static.
    let refused = unsafe { io::sendmsg_zerocopy(&a, &MsgHdr::new().iov(&vectors), ZEROCOPY) };
    assert_eq!(refused, Err(Errno::EMSGSIZE));
    check_empty(&a)?;
    let mut sends = Sends::new();
    assert_eq!(send(&a, 4), Ok(4));
    let next = sends.record(1)?;
    wait_for(&a, IP_RECVERR, &mut sends, next)
}

fn ignored_without_the_option() -> Outcome {
    let (a, _b) = udp4::pair()?;
    assert_eq!(send(&a, 4), Ok(4));
    check_empty(&a)
}

fn refused_on_unix_sockets() -> Outcome {
    let (a, _b) = UnixStream::pair()?;
    let error = io::enable_zerocopy(&a).expect_err("AF_UNIX has no SO_ZEROCOPY");
    assert_eq!(error.option.name(), "SO_ZEROCOPY");
    if error.errno == Errno::EOPNOTSUPP {
        return Ok(());
    }
    switched(Err(error))
}
