//! Batches return exact counts, and a result of its own for each message. `owned.rs` tests
//! descriptors in batches, and `timeout.rs` the timeout.

use crate::blocked_thread::while_blocked;
use crate::support::*;
use crate::udp4;
use ancil::addr::SockaddrIn;
use ancil::limits::UIO_MAXIOV;
use ancil::{
    Errno, IP_TTL, IoVec, IoVecMut, MMsgHdr, MsgFlags, MsgHdr, Payload, SCM_RIGHTS, UpTo, space_of,
};
use ancil::{Writer, io};
use ancil_tests::fds;
use std::io::Read;
use std::net::{Ipv4Addr, UdpSocket};
use std::os::fd::AsFd;
use std::os::unix::net::{UnixDatagram, UnixStream};
use std::thread;

trials! {
    round_trip
    empty_batches
    third_fails
    first_fails
    more_than_the_kernel_takes
    stream_sends_a_part
    grouped_by_address
    waits_for_one
    address_and_control_per_message
    addresses_longer_than_their_space
    several_vectors_each
    one_of_three_truncated
    short_buffers
    pending_error
    empty_queue
}

const NOW: MsgFlags = MsgFlags::MSG_DONTWAIT;

/// Makes one message of each element.
fn texts<'a>(vectors: &'a [[IoVec<'a>; 1]]) -> Vec<MMsgHdr<'a>> {
    vectors
        .iter()
        .map(|vectors| MMsgHdr::new(MsgHdr::new().iov(vectors)))
        .collect()
}

/// Sends one message of each text, and checks that the kernel accepts them all.
pub fn send_all(socket: &impl AsFd, all: &[&[u8]]) -> Outcome {
    let vectors: Vec<_> = all.iter().map(|text| [IoVec::new(text)]).collect();
    assert_eq!(
        io::sendmmsg(socket, &mut texts(&vectors), MsgFlags::empty())?,
        all.len()
    );
    Ok(())
}

fn udp() -> Outcome<UdpSocket> {
    needs("UDP over IPv4", UdpSocket::bind((Ipv4Addr::LOCALHOST, 0)))
}

fn round_trip() -> Outcome {
    let (a, b) = UnixDatagram::pair()?;
    let vectors = [&b"one"[..], b"", b"three"].map(|text| [IoVec::new(text)]);
    let mut batch = texts(&vectors);
    assert_eq!(io::sendmmsg(&a, &mut batch, MsgFlags::empty()), Ok(3));
    assert_eq!(
        batch.iter().map(MMsgHdr::msg_len).collect::<Vec<_>>(),
        [3, 0, 5]
    );
    let mut space = [[0xaa; 8]; 5];
    let mut vectors = space.each_mut().map(|bytes| [IoVecMut::from(bytes)]);
    let mut batch = io::RecvBuffers::<5>::new(&mut vectors);
    let received = io::recvmmsg(&b, &mut batch, NOW, None)?;
    assert_eq!((received.len(), received.remaining()), (3, None));
    assert_eq!(
        received.map(|one| bytes(&one)).collect::<Vec<_>>(),
        [&b"one"[..], b"", b"three"]
    );
    assert_eq!(
        space[3..],
        [[0xaa; 8]; 2],
        "the space after the last message must not change"
    );
    Ok(())
}

fn empty_batches() -> Outcome {
    let (a, b) = UnixDatagram::pair()?;
    assert_eq!(io::sendmmsg(&a, &mut [], MsgFlags::empty()), Ok(0));
    let mut batch = io::RecvBuffers::<0>::new::<1>(&mut []);
    assert_eq!(io::recvmmsg(&b, &mut batch, NOW, None)?.count(), 0);
    let mut batch = io::RecvBuffers::<4>::new::<1>(&mut []);
    assert_eq!(
        (
            batch.capacity(),
            io::recvmmsg(&b, &mut batch, NOW, None)?.count()
        ),
        (0, 0)
    );
    Ok(())
}

fn third_fails() -> Outcome {
    let (a, b) = (udp()?, udp()?);
    a.connect(b.local_addr()?)?;
    let long = vec![0; 65_536]; // longer than any datagram
    let vectors =
        [&b"first"[..], b"second", &long, b"fourth", b"the fifth"].map(|text| [IoVec::new(text)]);
    let mut batch = texts(&vectors);
    assert_eq!(io::sendmmsg(&a, &mut batch[3..], MsgFlags::empty()), Ok(2));
    assert_eq!(io::sendmmsg(&a, &mut batch, MsgFlags::empty()), Ok(2));
    let lengths = |batch: &[MMsgHdr<'_>]| batch.iter().map(MMsgHdr::msg_len).collect::<Vec<_>>();
    assert_eq!(
        lengths(&batch),
        [5, 6, 0, 6, 9],
        "lengths after the count must not change"
    );
    assert_eq!(
        io::sendmmsg(&a, &mut batch[2..], MsgFlags::empty()),
        Err(Errno(libc::EMSGSIZE))
    );
    assert_eq!(lengths(&batch), [5, 6, 0, 6, 9]);
    for expected in [&b"fourth"[..], b"the fifth", b"first", b"second"] {
        receive(&b, 0, |received| {
            assert_eq!(bytes(&received), expected);
            Ok(())
        })?;
    }
    assert_eq!(
        try_receive(&b, 0, NOW, |_| Ok(()))?,
        Err(Errno(libc::EAGAIN)),
        "more messages were sent"
    );
    Ok(())
}

fn first_fails() -> Outcome {
    let (a, b) = UnixDatagram::pair()?;
    let mut buffer = [0; space_of::<UpTo<SCM_RIGHTS, 1>>()];
    let mut writer = Writer::new(&mut buffer);
    writer.put(SCM_RIGHTS, &fds(&[-1]))?;
    let bad = MMsgHdr::from(MsgHdr::new().control(writer.finish()));
    assert_eq!(
        io::sendmmsg(&a, &mut [bad, MMsgHdr::default()], MsgFlags::empty()),
        Err(Errno(libc::EBADF))
    );
    assert_eq!(
        try_receive(&b, 0, NOW, |_| Ok(()))?,
        Err(Errno(libc::EAGAIN)),
        "a message was sent"
    );
    Ok(())
}

/// One sendmmsg takes at most 1024 messages, but one recvmmsg takes all 1100.
fn more_than_the_kernel_takes() -> Outcome {
    const N: usize = 1100;
    let (a, b) = UnixDatagram::pair()?;
    let sender = thread::spawn(move || {
        let numbers: Vec<_> = (0..N as u32).map(u32::to_ne_bytes).collect();
        let vectors: Vec<_> = numbers.iter().map(|number| [IoVec::new(number)]).collect();
        let mut batch = texts(&vectors);
        let first = io::sendmmsg(&a, &mut batch, MsgFlags::empty());
        let untouched = batch[UIO_MAXIOV..]
            .iter()
            .all(|message| message.msg_len() == 0);
        (
            first,
            untouched,
            io::sendmmsg(&a, &mut batch[UIO_MAXIOV..], MsgFlags::empty()),
        )
    });
    let mut space = [[0; 4]; N];
    let mut vectors = space.each_mut().map(|bytes| [IoVecMut::from(bytes)]);
    let mut batch = io::RecvBuffers::<N>::new(&mut vectors);
    let received = io::recvmmsg(&b, &mut batch, MsgFlags::empty(), None)?;
    assert_eq!(received.len(), N);
    assert!(received.map(|one| one.bytes()).all(|n| n == 4));
    assert!(space.into_iter().map(u32::from_ne_bytes).eq(0..N as u32));
    assert_eq!(
        sender.join().expect("the sender"),
        (Ok(UIO_MAXIOV), true, Ok(N - UIO_MAXIOV))
    );
    Ok(())
}

/// A message that a stream accepts in part ends the batch, and is counted as sent.
fn stream_sends_a_part() -> Outcome {
    let (a, mut b) = UnixStream::pair()?;
    let long = vec![b'l'; 4_000_000]; // more than the buffers of the socket hold
    let vectors = [&b"short"[..], &long, b"never"].map(|text| [IoVec::new(text)]);
    let mut batch = texts(&vectors);
    assert_eq!(io::sendmmsg(&a, &mut batch, NOW), Ok(2));
    let lengths: Vec<_> = batch.iter().map(MMsgHdr::msg_len).collect();
    assert!(
        matches!(lengths[..], [5, n, 0] if 0 < n && n < long.len()),
        "{lengths:?}"
    );
    drop(a);
    assert_eq!(b.read_to_end(&mut Vec::new())?, lengths[0] + lengths[1]);
    Ok(())
}

fn grouped_by_address() -> Outcome {
    let (a, b, c) = (udp()?, udp()?, udp()?);
    let mut to = Vec::new();
    for socket in [&b, &c] {
        let std::net::SocketAddr::V4(addr) = socket.local_addr()? else {
            unreachable!()
        };
        to.push(SockaddrIn::from(addr));
    }
    let vectors = [b"0", b"1", b"2", b"3", b"4", b"5"].map(|text| [IoVec::new(text)]);
    let mut batch = texts(&vectors);
    for (i, (message, vectors)) in batch.iter_mut().zip(&vectors).enumerate() {
        *message = MMsgHdr::new(MsgHdr::new().name(to[i % 2].as_bytes()).iov(vectors));
    }
    MMsgHdr::group_by_name(&mut batch);
    fn name<'a>(message: &MMsgHdr<'a>) -> &'a [u8] {
        message.msg_hdr().msg_name()
    }
    assert_eq!(
        batch
            .chunk_by(|x, y| name(x) == name(y))
            .map(<[_]>::len)
            .collect::<Vec<_>>(),
        [3, 3]
    );
    assert_eq!(io::sendmmsg(&a, &mut batch, MsgFlags::empty()), Ok(6));
    for (socket, expected) in [(&b, [b"0", b"2", b"4"]), (&c, [b"1", b"3", b"5"])] {
        for text in expected {
            receive(socket, 0, |received| {
                assert_eq!(bytes(&received), text);
                Ok(())
            })?;
        }
    }
    Ok(())
}

fn waits_for_one() -> Outcome {
    let (a, b) = UnixDatagram::pair()?;
    let mut space = [[0; 8]; 8];
    let mut vectors = space.each_mut().map(|bytes| [IoVecMut::from(bytes)]);
    let mut batch = io::RecvBuffers::<8>::new(&mut vectors);
    send_all(&a, &[b"one", b"two", b"three"])?;
    let received = io::recvmmsg(&b, &mut batch, MsgFlags::MSG_WAITFORONE, None)?;
    assert_eq!(
        received.map(|one| one.bytes()).collect::<Vec<_>>(),
        [3, 3, 5]
    );
    let count = while_blocked(
        || {
            io::recvmmsg(&b, &mut batch, MsgFlags::MSG_WAITFORONE, None)
                .map(|received| received.len())
        },
        |thread| {
            thread.wait_for_sleep();
            send_all(&a, &[b"late"])
        },
    )?;
    assert_eq!(count, Ok(1));
    Ok(())
}

fn address_and_control_per_message() -> Outcome {
    let (a, b, to) = (udp()?, udp()?, udp()?);
    enable::<IP_TTL>(&to)?;
    for (socket, ttl, text) in [(&a, 7, b"from a"), (&b, 9, b"from b")] {
        socket.connect(to.local_addr()?)?;
        send(socket, text, |writer| writer.put(IP_TTL, ttl))?;
    }
    let (mut names, mut control) = ([[0; 16]; 4], [[0; space_of::<IP_TTL>()]; 4]);
    let mut space = [[0; 8]; 4];
    let mut vectors = space.each_mut().map(|bytes| [IoVecMut::from(bytes)]);
    let mut batch = io::RecvBuffers::<4>::new(&mut vectors)
        .names(&mut names)
        .control(&mut control);
    let mut all = Vec::new();
    while all.len() < 2 {
        wait(&to, libc::POLLIN)?;
        for received in io::recvmmsg(&to, &mut batch, NOW, None)? {
            assert_eq!(
                (received.flags(), received.name_len()),
                (MsgFlags::empty(), 16)
            );
            let from = SockaddrIn::decode(received.name()).expect("an address");
            all.push((
                from.sin_port.get(),
                received.control().get(IP_TTL)?,
                bytes(&received),
            ));
        }
    }
    let port = |socket: &UdpSocket| socket.local_addr().map(|addr| addr.port());
    all.sort_by_key(|(_, ttl, _)| *ttl);
    assert_eq!(
        all,
        [
            (port(&a)?, Some(7), b"from a".to_vec()),
            (port(&b)?, Some(9), b"from b".to_vec())
        ]
    );
    Ok(())
}

/// The kernel reports the length of the whole address, and `name` what fitted, in each call anew.
fn addresses_longer_than_their_space() -> Outcome {
    let (a, b) = udp4::pair()?;
    let mut names = [[0xaa; 8]; 3];
    let mut space = [[0; 4]; 3];
    let mut vectors = space.each_mut().map(|bytes| [IoVecMut::from(bytes)]);
    let mut batch = io::RecvBuffers::<3>::new(&mut vectors).names(&mut names);
    let port = a.local_addr()?.port().to_be_bytes();
    for texts in [[b"one", b"two"], [b"3rd", b"4th"]] {
        for text in texts {
            a.send(text)?;
        }
        let received = io::recvmmsg(&b, &mut batch, NOW, None)?;
        assert_eq!(received.len(), 2);
        for (one, text) in received.zip(texts) {
            assert_eq!((one.name().len(), one.name_len()), (8, 16));
            assert_eq!((&one.name()[2..4], one.data()), (&port[..], &text[..]));
        }
    }
    assert_eq!(names[2], [0xaa; 8], "the space of no message");
    Ok(())
}

fn several_vectors_each() -> Outcome {
    let (a, b) = UnixDatagram::pair()?;
    send_all(&a, &[b"0123456789", b"abcd"])?;
    let mut space = [[[0; 4], [1; 4], [2; 4]]; 3];
    let mut vectors = space
        .each_mut()
        .map(|three| three.each_mut().map(IoVecMut::from));
    let mut batch = io::RecvBuffers::<3>::new(&mut vectors);
    let mut received = io::recvmmsg(&b, &mut batch, NOW, None)?;
    let data = |one: ancil::Received<'_>| one.chunks().map(<[u8]>::to_vec).collect::<Vec<_>>();
    assert_eq!(
        received.next().map(data),
        Some(vec![b"0123".to_vec(), b"4567".to_vec(), b"89".to_vec()])
    );
    assert_eq!(received.next().map(data), Some(vec![b"abcd".to_vec()]));
    assert!(received.next().is_none() && received.next().is_none());
    // Without vectors, both messages are truncated to no bytes.
    send_all(&a, &[b"0123456789", b"abcd"])?;
    let mut none = [[], [], []];
    let mut batch = io::RecvBuffers::<3>::new::<0>(&mut none);
    let flags = io::recvmmsg(&b, &mut batch, NOW, None)?.map(|one| (one.bytes(), one.flags()));
    assert_eq!(flags.collect::<Vec<_>>(), [(0, MsgFlags::MSG_TRUNC); 2]);
    Ok(())
}

fn one_of_three_truncated() -> Outcome {
    let (a, b) = UnixDatagram::pair()?;
    send_all(&a, &[b"fits", b"does not", b"too"])?;
    let mut space = [[0; 4]; 3];
    let mut vectors = space.each_mut().map(|bytes| [IoVecMut::from(bytes)]);
    let mut batch = io::RecvBuffers::<3>::new(&mut vectors);
    let received = io::recvmmsg(&b, &mut batch, NOW, None)?;
    let all: Vec<_> = received.map(|one| (bytes(&one), one.flags())).collect();
    let (whole, truncated) = (MsgFlags::empty(), MsgFlags::MSG_TRUNC);
    assert_eq!(
        all,
        [
            (b"fits".to_vec(), whole),
            (b"does".to_vec(), truncated),
            (b"too".to_vec(), whole)
        ]
    );
    Ok(())
}

/// The shortest array of buffers determines how many messages one call receives. The rest wait for
/// the next call.
fn short_buffers() -> Outcome {
    let (a, b) = UnixDatagram::pair()?;
    send_all(&a, &[b"1", b"2", b"3", b"4"])?;
    let (mut names, mut control, mut space) = ([[0; 16]; 3], [[0; 32]; 2], [[0; 1]; 4]);
    let mut vectors = space.each_mut().map(|bytes| [IoVecMut::from(bytes)]);
    let mut batch = io::RecvBuffers::<9>::new(&mut vectors).names(&mut names);
    assert_eq!(batch.capacity(), 3);
    batch = batch.control(&mut control);
    assert_eq!(batch.capacity(), 2);
    for expected in [[b"1", b"2"], [b"3", b"4"]] {
        let received = io::recvmmsg(&b, &mut batch, NOW, None)?;
        assert_eq!(
            received.map(|one| bytes(&one)).collect::<Vec<_>>(),
            expected
        );
    }
    Ok(())
}

fn pending_error() -> Outcome {
    let (a, b) = (udp()?, udp()?);
    let closed = b.local_addr()?;
    // `b` is connected to itself, so the port is closed to `a`, and no other process can take it.
    b.connect(closed)?;
    a.connect(closed)?;
    send_plain(&a, b"is anybody there")?;
    wait(&a, libc::POLLERR)?;
    let mut space = [[0; 4]; 3];
    let mut vectors = space.each_mut().map(|bytes| [IoVecMut::from(bytes)]);
    let mut batch = io::RecvBuffers::<3>::new(&mut vectors);
    let mut again = || io::recvmmsg(&a, &mut batch, NOW, None).map(|received| received.len());
    assert_eq!(
        (again(), again()),
        (Err(Errno(libc::ECONNREFUSED)), Err(Errno(libc::EAGAIN)))
    );
    Ok(())
}

fn empty_queue() -> Outcome {
    let (_a, b) = UnixDatagram::pair()?;
    let mut space = [[0xaa; 4]; 3];
    let mut vectors = space.each_mut().map(|bytes| [IoVecMut::from(bytes)]);
    let mut batch = io::RecvBuffers::<3>::new(&mut vectors);
    let error = io::recvmmsg(&b, &mut batch, NOW, None).map(|received| received.len());
    assert_eq!(error, Err(Errno(libc::EAGAIN)));
    assert_eq!(space, [[0xaa; 4]; 3]);
    Ok(())
}
