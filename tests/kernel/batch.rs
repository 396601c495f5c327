//! Batches: exact counts, and each message its own outcome. Descriptors in them: `owned.rs`.

use crate::support::*;
use ancil::addr::SockaddrIn;
use ancil::limits::UIO_MAXIOV;
use ancil::{Errno, IP_TTL, IoVec, IoVecMut, MMsgHdr, MsgFlags, MsgHdr, Payload, SCM_RIGHTS};
use ancil::{Writer, io};
use std::io::Read;
use std::net::{Ipv4Addr, UdpSocket};
use std::os::fd::AsFd;
use std::os::unix::net::{UnixDatagram, UnixStream};
use std::sync::atomic::{AtomicI32, Ordering::SeqCst};
use std::thread;
use std::time::{Duration, Instant};

trials! {
    there_and_back empty_batches third_fails first_fails more_than_the_kernel_takes a_stream_sends_a_part
    grouped_by_address waits_for_one names_and_control_of_their_own several_vectors_each truncated_alone
    short_arenas no_time_is_one_message time_left time_over_is_not_noticed pending_error nothing_there
}

const NOW: MsgFlags = MsgFlags::MSG_DONTWAIT;

/// A message of each text.
fn texts<'a>(vectors: &'a [[IoVec<'a>; 1]]) -> Vec<MMsgHdr<'a>> {
    vectors
        .iter()
        .map(|vectors| MMsgHdr::new(MsgHdr::new().iov(vectors)))
        .collect()
}

/// Sends one message of each text; all must go.
fn send_all(socket: &impl AsFd, all: &[&[u8]]) -> Outcome {
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

fn there_and_back() -> Outcome {
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
    assert_eq!(space[3..], [[0xaa; 8]; 2], "space behind the last message");
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
    let long = vec![0; 65_536]; // no datagram can be so long
    let vectors =
        [&b"first"[..], b"second", &long, b"fourth", b"the fifth"].map(|text| [IoVec::new(text)]);
    let mut batch = texts(&vectors);
    assert_eq!(io::sendmmsg(&a, &mut batch[3..], MsgFlags::empty()), Ok(2));
    assert_eq!(io::sendmmsg(&a, &mut batch, MsgFlags::empty()), Ok(2));
    let lengths = |batch: &[MMsgHdr<'_>]| batch.iter().map(MMsgHdr::msg_len).collect::<Vec<_>>();
    assert_eq!(
        lengths(&batch),
        [5, 6, 0, 6, 9],
        "behind the count they are what they were"
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
        "more was sent"
    );
    Ok(())
}

fn first_fails() -> Outcome {
    let (a, b) = UnixDatagram::pair()?;
    let mut buffer = [0; SCM_RIGHTS.space_for(1)];
    let mut writer = Writer::new(&mut buffer);
    writer.put(SCM_RIGHTS, &[-1])?;
    let bad = MMsgHdr::from(MsgHdr::new().control(writer.finish()));
    assert_eq!(
        io::sendmmsg(&a, &mut [bad, MMsgHdr::default()], MsgFlags::empty()),
        Err(Errno(libc::EBADF))
    );
    assert_eq!(
        try_receive(&b, 0, NOW, |_| Ok(()))?,
        Err(Errno(libc::EAGAIN)),
        "something was sent"
    );
    Ok(())
}

/// 1100 messages: more than one sendmmsg takes; one recvmmsg takes them all.
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

/// A message that a stream took in part ends the batch, and counts.
fn a_stream_sends_a_part() -> Outcome {
    let (a, mut b) = UnixStream::pair()?;
    let long = vec![b'l'; 4_000_000]; // more than the socket holds
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
    let count = in_its_sleep(
        || {
            io::recvmmsg(&b, &mut batch, MsgFlags::MSG_WAITFORONE, None)
                .map(|received| received.len())
        },
        || send_all(&a, &[b"late"]),
    )?;
    assert_eq!(count, Ok(1));
    Ok(())
}

fn names_and_control_of_their_own() -> Outcome {
    let (a, b, to) = (udp()?, udp()?, udp()?);
    set(&to, "IP_RECVTTL", ancil::level::SOL_IP, libc::IP_RECVTTL, 1)?;
    for (socket, ttl, text) in [(&a, 7, b"from a"), (&b, 9, b"from b")] {
        socket.connect(to.local_addr()?)?;
        send(socket, text, |writer| writer.put(IP_TTL, ttl))?;
    }
    let (mut names, mut control) = ([[0; 16]; 4], [[0; IP_TTL.space()]; 4]);
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

fn several_vectors_each() -> Outcome {
    let (a, b) = UnixDatagram::pair()?;
    send_all(&a, &[b"0123456789", b"abcd"])?;
    let mut space = [[[0; 4], [1; 4], [2; 4]]; 3];
    let mut vectors = space
        .each_mut()
        .map(|three| three.each_mut().map(IoVecMut::from));
    let mut batch = io::RecvBuffers::<3>::new(&mut vectors);
    let mut received = io::recvmmsg(&b, &mut batch, NOW, None)?;
    let data = |one: ancil::Received<'_>| one.data().map(<[u8]>::to_vec).collect::<Vec<_>>();
    assert_eq!(
        received.next().map(data),
        Some(vec![b"0123".to_vec(), b"4567".to_vec(), b"89".to_vec()])
    );
    assert_eq!(received.next().map(data), Some(vec![b"abcd".to_vec()]));
    assert!(received.next().is_none() && received.next().is_none());
    // No vectors, so no bytes: both are cut to nothing, and say so.
    send_all(&a, &[b"0123456789", b"abcd"])?;
    let mut none = [[], [], []];
    let mut batch = io::RecvBuffers::<3>::new::<0>(&mut none);
    let flags = io::recvmmsg(&b, &mut batch, NOW, None)?.map(|one| (one.bytes(), one.flags()));
    assert_eq!(flags.collect::<Vec<_>>(), [(0, MsgFlags::MSG_TRUNC); 2]);
    Ok(())
}

fn truncated_alone() -> Outcome {
    let (a, b) = UnixDatagram::pair()?;
    send_all(&a, &[b"fits", b"does not", b"too"])?;
    let mut space = [[0; 4]; 3];
    let mut vectors = space.each_mut().map(|bytes| [IoVecMut::from(bytes)]);
    let mut batch = io::RecvBuffers::<3>::new(&mut vectors);
    let received = io::recvmmsg(&b, &mut batch, NOW, None)?;
    let all: Vec<_> = received.map(|one| (bytes(&one), one.flags())).collect();
    let (whole, cut) = (MsgFlags::empty(), MsgFlags::MSG_TRUNC);
    assert_eq!(
        all,
        [
            (b"fits".to_vec(), whole),
            (b"does".to_vec(), cut),
            (b"too".to_vec(), whole)
        ]
    );
    Ok(())
}

/// The shortest arena says how many messages there are; the others wait for the next call.
fn short_arenas() -> Outcome {
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

fn no_time_is_one_message() -> Outcome {
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

fn time_left() -> Outcome {
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
        let left = received.remaining().expect("a timeout was given");
        assert_eq!(received.len(), 2);
        assert!(
            left <= timeout && left > Duration::from_secs(3500),
            "{left:?} of {timeout:?}"
        );
    }
    Ok(())
}

/// Runs `blocks` in a thread, and `wake` when it sleeps.
fn in_its_sleep<T: Send>(
    blocks: impl FnOnce() -> T + Send,
    wake: impl FnOnce() -> Outcome,
) -> Outcome<T> {
    let tid = AtomicI32::new(0);
    thread::scope(|scope| {
        let worker = scope.spawn(|| {
            // SAFETY: no memory involved.
            tid.store(unsafe { libc::gettid() }, SeqCst);
            blocks()
        });
        let deadline = Instant::now() + Duration::from_secs(10);
        let asleep = || {
            let stat = format!("/proc/self/task/{}/stat", tid.load(SeqCst));
            std::fs::read_to_string(stat).is_ok_and(|text| text.contains(") S "))
        };
        while !asleep() && !worker.is_finished() {
            assert!(Instant::now() < deadline, "no sleep in ten seconds");
            thread::yield_now();
        }
        wake()?;
        Ok(worker.join().expect("the thread"))
    })
}

/// The documented trap: the time is over before anything comes, and the call waits all the same.
fn time_over_is_not_noticed() -> Outcome {
    let (a, b) = UnixDatagram::pair()?;
    let mut space = [[0; 4]; 3];
    let mut vectors = space.each_mut().map(|bytes| [IoVecMut::from(bytes)]);
    let mut batch = io::RecvBuffers::<3>::new(&mut vectors);
    let received = in_its_sleep(
        || {
            let received = io::recvmmsg(
                &b,
                &mut batch,
                MsgFlags::empty(),
                Some(Duration::from_nanos(1)),
            )?;
            Ok::<_, Errno>((received.len(), received.remaining()))
        },
        || send_all(&a, &[b"late"]),
    )?;
    assert_eq!(received, Ok((1, Some(Duration::ZERO))));
    Ok(())
}

fn pending_error() -> Outcome {
    let (a, b) = (udp()?, udp()?);
    let nobody = b.local_addr()?;
    b.connect(nobody)?; // taken, so nobody else gets it, and closed to `a`
    a.connect(nobody)?;
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

fn nothing_there() -> Outcome {
    let (_a, b) = UnixDatagram::pair()?;
    let mut space = [[0xaa; 4]; 3];
    let mut vectors = space.each_mut().map(|bytes| [IoVecMut::from(bytes)]);
    let mut batch = io::RecvBuffers::<3>::new(&mut vectors);
    let error = io::recvmmsg(&b, &mut batch, NOW, None).map(|received| received.len());
    assert_eq!(error, Err(Errno(libc::EAGAIN)));
    assert_eq!(space, [[0xaa; 4]; 3]);
    Ok(())
}
