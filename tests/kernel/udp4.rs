//! `ip(7)`, `udp(7)`, and the timestamps of `socket(7)`, over the loopback interface.

use crate::support::{self, *};
use ancil::addr::SockaddrIn;
use ancil::level::{SOL_IP, SOL_UDP};
use ancil::payload::{InPktinfo, Timestamp, Timestamping, TimestampingFlags, Timestamps};
use ancil::{
    Bounded, Errno, IoVecMut, Key, Keys, MsgFlags, MsgHdrMut, NoSpace, Payload, Writer, io,
    space_of,
};
use ancil::{
    IP_ORIGDSTADDR, IP_PKTINFO, IP_RECVERR, IP_RECVOPTS, IP_RETOPTS, IP_TOS, IP_TTL, UDP_GRO,
    UDP_SEGMENT,
};
use ancil::{SO_TIMESTAMP_NEW, SO_TIMESTAMP_OLD, SO_TIMESTAMPING_NEW, SO_TIMESTAMPING_OLD};
use ancil::{SO_TIMESTAMPNS_NEW, SO_TIMESTAMPNS_OLD};
use std::net::{Ipv4Addr, SocketAddr, UdpSocket};

trials! {
    pktinfo [IP_PKTINFO]
    source_address
    ttl [IP_TTL]
    tos_as_int [IP_TOS]
    tos_as_byte
    original_destination [IP_ORIGDSTADDR]
    timestamp_old [SO_TIMESTAMP_OLD]
    timestamp_new [SO_TIMESTAMP_NEW]
    timestampns_old [SO_TIMESTAMPNS_OLD]
    timestampns_new [SO_TIMESTAMPNS_NEW]
    timestamping_old [SO_TIMESTAMPING_OLD]
    timestamping_new [SO_TIMESTAMPING_NEW]
    segments [UDP_SEGMENT]
    joined_segments [UDP_GRO]
    recverr [IP_RECVERR]
    truncated_address
    options [IP_RETOPTS IP_RECVOPTS]
}

const LOCALHOST: Ipv4Addr = Ipv4Addr::LOCALHOST;

/// Returns a sender, and the receiver to which it is connected.
pub fn pair() -> Outcome<(UdpSocket, UdpSocket)> {
    let bind = || needs("UDP over IPv4", UdpSocket::bind((LOCALHOST, 0)));
    let (a, b) = (bind()?, bind()?);
    a.connect(b.local_addr()?)?;
    Ok((a, b))
}

fn pktinfo() -> Outcome {
    let (a, b) = pair()?;
    enable::<IP_PKTINFO>(&b)?;
    send_plain(&a, b"x")?;
    receive(&b, space_of::<IP_PKTINFO>(), |received| {
        let info = received.control().get(IP_PKTINFO)?.expect("IP_PKTINFO");
        assert_eq!(
            (info.ipi_addr, info.ipi_spec_dst),
            (LOCALHOST.into(), LOCALHOST.into())
        );
        assert_ne!(info.ipi_ifindex, 0);
        Ok(())
    })
}

fn source_address() -> Outcome {
    let source = Ipv4Addr::new(127, 0, 0, 2);
    let a = needs("UDP over IPv4", UdpSocket::bind((Ipv4Addr::UNSPECIFIED, 0)))?;
    let (_, b) = pair()?;
    a.connect(b.local_addr()?)?;
    let info = InPktinfo {
        ipi_spec_dst: source.into(),
        ..InPktinfo::default()
    };
    send(&a, b"x", |writer| writer.put(IP_PKTINFO, info))?;
    receive(&b, 0, |received| {
        let from = SockaddrIn::decode(received.name()).expect("an address");
        assert_eq!(Ipv4Addr::from(from.sin_addr), source);
        Ok(())
    })
}

fn ttl() -> Outcome {
    let (a, b) = pair()?;
    enable::<IP_TTL>(&b)?;
    send(&a, b"x", |writer| writer.put(IP_TTL, 7))?;
    receive(&b, space_of::<IP_TTL>(), |received| {
        assert_eq!(received.control().get(IP_TTL)?, Some(7));
        Ok(())
    })
}

fn original_destination() -> Outcome {
    let (a, b) = pair()?;
    enable::<IP_ORIGDSTADDR>(&b)?;
    send_plain(&a, b"x")?;
    let there = receive_one(&b, IP_ORIGDSTADDR)?;
    assert_eq!(SocketAddr::V4(there.into()), b.local_addr()?);
    Ok(())
}

/// Sends an option that records the route of two hops, both of which are this machine.
fn options() -> Outcome {
    let (a, b) = pair()?;
    let empty = [7, 11, 4, 0, 0, 0, 0, 0, 0, 0, 0];
    let filled = [7, 11, 12, 127, 0, 0, 1, 127, 0, 0, 1, 0];
    enable::<IP_RECVOPTS>(&b)?;
    send(&a, b"x", |writer| writer.put(IP_RETOPTS, &empty))?;
    assert_eq!(receive_bytes(&b, IP_RECVOPTS)?, filled);
    disable::<IP_RECVOPTS>(&b)?;
    enable::<IP_RETOPTS>(&b)?;
    send(&a, b"x", |writer| writer.put(IP_RETOPTS, &empty))?;
    // IP_RETOPTS returns the option for an answer that takes the same route. Here it is full, so an
    // answer could not record a route of its own.
    assert_eq!(receive_bytes(&b, IP_RETOPTS)?, filled);
    // With room for a third hop, an answer would start to record there.
    let (empty, left) = ([7, 15, 4, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0], [0; 5]);
    send(&a, b"x", |writer| writer.put(IP_RETOPTS, &empty))?;
    assert_eq!(
        receive_bytes(&b, IP_RETOPTS)?,
        [&[7, 15, 12, 127, 0, 0, 1, 127, 0, 0, 1], &left[..]].concat()
    );
    let bad = try_send_raw(&a, SOL_IP, IP_RETOPTS::TYPE, &[7, 2, 4])?;
    assert_eq!(
        bad,
        Err(Errno(libc::EINVAL)),
        "an option that is shorter than its length says"
    );
    Ok(())
}

/// Sends a type of service as an int or as a byte, and checks that it arrives as one byte.
fn tos(put: fn(&mut Writer<'_>) -> Result<(), NoSpace>) -> Outcome {
    let (a, b) = pair()?;
    enable::<IP_TOS>(&b)?;
    send(&a, b"x", put)?;
    receive(&b, space_of::<IP_TOS>(), |received| {
        let raw = received.control().next().expect("IP_TOS")?;
        assert_eq!((raw.data, raw.get(IP_TOS)?), (&[0xb9][..], Some(0xb9)));
        Ok(())
    })
}

fn tos_as_int() -> Outcome {
    tos(|writer| writer.put(IP_TOS, 0xb9))
}

fn tos_as_byte() -> Outcome {
    ancil::key!(IP_TOS_BYTE: u8 = IP_TOS::LEVEL, IP_TOS::TYPE);
    tos(|writer| writer.put(IP_TOS_BYTE, 0xb9))
}

/// Switches the messages of a key on, and checks the first timestamp that arrives.
pub fn check_timestamp<K>(key: K) -> Outcome
where
    K: Keys + Key,
    K::Payload: Bounded + for<'a> Payload<Decoded<'a> = Timestamp>,
{
    let (a, b) = pair()?;
    enable::<K>(&b)?;
    support::check_timestamp((&a, &b), key, Some)
}

fn timestamp_old() -> Outcome {
    check_timestamp(SO_TIMESTAMP_OLD)
}

fn timestamp_new() -> Outcome {
    check_timestamp(SO_TIMESTAMP_NEW)
}

fn timestampns_old() -> Outcome {
    check_timestamp(SO_TIMESTAMPNS_OLD)
}

fn timestampns_new() -> Outcome {
    check_timestamp(SO_TIMESTAMPNS_NEW)
}

pub const SOFTWARE: TimestampingFlags =
    TimestampingFlags::RX_SOFTWARE.union(TimestampingFlags::SOFTWARE);

/// Returns the time that software took, if there is one.
pub fn software(times: Timestamping) -> Option<Timestamp> {
    match times {
        Timestamping::Times(Timestamps { software, .. }) => software,
        Timestamping::Request(flags) => panic!("a request arrived: {flags:?}"),
    }
}

fn timestamping_old() -> Outcome {
    let (a, b) = pair()?;
    switched(io::enable_with(&b, SO_TIMESTAMPING_OLD, SOFTWARE))?;
    support::check_timestamp((&a, &b), SO_TIMESTAMPING_OLD, software)
}

fn timestamping_new() -> Outcome {
    let (a, b) = pair()?;
    switched(io::enable_with(&b, SO_TIMESTAMPING_NEW, SOFTWARE))?;
    support::check_timestamp((&a, &b), SO_TIMESTAMPING_NEW, software)
}

fn segments() -> Outcome {
    let (a, b) = pair()?;
    set(&a, "UDP_SEGMENT", SOL_UDP, libc::UDP_SEGMENT, 0)?; // skips the test without this option
    let data: Vec<u8> = (0..1100).map(|i| (i / 100) as u8).collect();
    send(&a, &data[..1050], |writer| writer.put(UDP_SEGMENT, 100))?;
    for part in data[..1050].chunks(100) {
        receive(&b, 0, |received| {
            assert_eq!(bytes(&received), part);
            Ok(())
        })?;
    }
    Ok(())
}

fn joined_segments() -> Outcome {
    let (a, b) = pair()?;
    set(&a, "UDP_SEGMENT", SOL_UDP, libc::UDP_SEGMENT, 0)?;
    enable::<UDP_GRO>(&b)?;
    send(&a, &[7; 1050], |writer| writer.put(UDP_SEGMENT, 100))?;
    receive(&b, space_of::<UDP_GRO>(), |received| {
        assert_eq!(
            (received.bytes(), received.control().get(UDP_GRO)?),
            (1050, Some(100))
        );
        Ok(())
    })
}

fn recverr() -> Outcome {
    let (a, b) = pair()?;
    // `b` is connected to itself, so the port is closed to `a`, and no other process can take it.
    b.connect(b.local_addr()?)?;
    enable::<IP_RECVERR>(&a)?;
    send_plain(&a, b"is anybody there")?;
    wait(&a, libc::POLLERR)?;
    let there = b.local_addr()?;
    try_receive(&a, 512, MsgFlags::MSG_ERRQUEUE, |received| {
        assert_eq!(received.flags(), MsgFlags::MSG_ERRQUEUE);
        assert_eq!(bytes(&received), b"is anybody there");
        let from = SockaddrIn::decode(received.name()).expect("an address");
        assert_eq!(SocketAddr::V4(from.into()), there);
        let found = received.control().get(IP_RECVERR)?.expect("IP_RECVERR");
        let e = found.error;
        // SO_EE_ORIGIN_ICMP, destination unreachable, port unreachable.
        assert_eq!(
            (e.ee_errno, e.ee_origin, e.ee_type, e.ee_code),
            (libc::ECONNREFUSED as u32, 2, 3, 3)
        );
        assert_eq!(found.offender().map(|who| who.ip()), Some(LOCALHOST.into()));
        Ok(())
    })??;
    Ok(())
}

fn truncated_address() -> Outcome {
    let (a, b) = pair()?;
    send_plain(&a, b"x")?;
    wait(&b, libc::POLLIN)?;
    let (mut name, mut byte) = ([0; 8], [0; 1]);
    let mut vectors = [IoVecMut::new(&mut byte)];
    let mut message = MsgHdrMut::new().name(&mut name).iov(&mut vectors);
    let received = io::recvmsg(&b, &mut message, MsgFlags::empty())?;
    assert_eq!(
        (received.name().len(), received.name_len()),
        (8, size_of::<SockaddrIn>())
    );
    Ok(())
}
