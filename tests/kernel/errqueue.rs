//! The error queue: when packets were sent. `zerocopy.rs` tests sends without copying.

use crate::support::*;
use crate::udp4::{self, software};
use crate::udp6;
use ancil::level::SOL_SOCKET;
use ancil::payload::Timestamping;
use ancil::payload::{Origin, RecvErr, TimestampPoint, TimestampingFlags};
use ancil::{Bounded, Payload};
use ancil::{Errno, IP_RECVERR, IPV6_RECVERR, Key, MsgFlags, Sent, io, space_of};
use ancil::{SCM_TS_OPT_ID, SO_TIMESTAMPING, SO_TIMESTAMPING_NEW, SO_TIMESTAMPING_OLD};
use std::net::UdpSocket;
use std::os::fd::AsFd;

trials! {
    sent_udp4
    sent_udp6
    new_form
    own_key [SCM_TS_OPT_ID]
    only_one_packet
    only_one_packet_new_form
}

pub const REPORT: TimestampingFlags =
    TimestampingFlags::SOFTWARE.union(TimestampingFlags::OPT_TSONLY);
pub const SENT: TimestampingFlags = TimestampingFlags::TX_SOFTWARE;
pub const COUNTED: TimestampingFlags = TimestampingFlags::OPT_ID;

/// A key of timestamps in the old or in the new form.
pub trait Stamping: Sent<Payload = Timestamping, Value = TimestampingFlags> {}
impl<K: Sent<Payload = Timestamping, Value = TimestampingFlags>> Stamping for K {}

/// A key of reports with an address.
pub trait Reporting: Key<Payload: Bounded + for<'a> Payload<Decoded<'a> = RecvErr<'a>>> {}
impl<K: Key<Payload: Bounded + for<'a> Payload<Decoded<'a> = RecvErr<'a>>>> Reporting for K {}

/// Sets SO_TIMESTAMPING to these flags.
pub fn enable_timestamping(socket: &impl AsFd, flags: TimestampingFlags) -> Outcome {
    switched(io::enable_with(socket, SO_TIMESTAMPING_OLD, flags))
}

/// Waits for a timestamp in the error queue, and returns what it belongs to.
fn timestamp_origin<K: Stamping, E: Reporting>(
    socket: &impl AsFd,
    key: K,
    error_key: E,
) -> Outcome<Origin> {
    wait(socket, libc::POLLERR)?;
    try_receive(
        socket,
        space_of::<(K, E)>(),
        MsgFlags::MSG_ERRQUEUE,
        |received| {
            assert_eq!(
                (received.flags(), received.bytes()),
                (MsgFlags::MSG_ERRQUEUE, 0)
            );
            let all = received.control().collect::<Result<Vec<_>, _>>()?;
            let [time, error] = all[..] else {
                panic!("{all:?}")
            };
            check_recent(time.get(key)?.and_then(software).expect("a time"))?;
            let error = error.get(error_key)?.expect("an error message").error;
            assert_eq!(error.ee_errno, libc::ENOMSG as u32);
            Ok(error.origin())
        },
    )?
    .map_err(Stop::from)
}

/// Sends three packets, and checks both timestamps of each: scheduled and sent.
fn sent<E: Reporting>((a, _b): (UdpSocket, UdpSocket), error_key: E) -> Outcome {
    enable_timestamping(&a, REPORT | SENT | TimestampingFlags::TX_SCHED | COUNTED)?;
    for key in 0..3 {
        send_plain(&a, b"x")?;
        for point in [TimestampPoint::Scheduled, TimestampPoint::Sent] {
            assert_eq!(
                timestamp_origin(&a, SO_TIMESTAMPING_OLD, error_key)?,
                Origin::Timestamp { point, key }
            );
        }
    }
    Ok(())
}

fn sent_udp4() -> Outcome {
    sent(udp4::pair()?, IP_RECVERR)
}

fn sent_udp6() -> Outcome {
    sent(udp6::pair()?, IPV6_RECVERR)
}

fn new_form() -> Outcome {
    let (a, _b) = udp4::pair()?;
    let flags = REPORT | SENT | COUNTED;
    switched(io::enable_with(&a, SO_TIMESTAMPING_NEW, flags))?;
    send_plain(&a, b"x")?;
    let expected = Origin::Timestamp {
        point: TimestampPoint::Sent,
        key: 0,
    };
    assert_eq!(
        timestamp_origin(&a, SO_TIMESTAMPING_NEW, IP_RECVERR)?,
        expected
    );
    Ok(())
}

fn own_key() -> Outcome {
    since("SCM_TS_OPT_ID", (6, 13))?;
    let (a, _b) = udp6::pair()?;
    let key = 0xfeed_beef;
    let with_key = || {
        try_send(&a, b"x", MsgFlags::empty(), |writer| {
            writer.put(SCM_TS_OPT_ID, key)
        })
    };
    assert_eq!(
        with_key()?,
        Err(Errno(libc::EINVAL)),
        "SO_TIMESTAMPING is not set yet"
    );
    enable_timestamping(&a, REPORT | SENT | COUNTED)?;
    assert_eq!(with_key()?, Ok(1));
    assert_eq!(
        timestamp_origin(&a, SO_TIMESTAMPING_OLD, IPV6_RECVERR)?,
        Origin::Timestamp {
            point: TimestampPoint::Sent,
            key
        }
    );
    Ok(())
}

/// A packet whose control message asks for a timestamp gets one, and other packets do not.
fn stamp_one_packet<K: Stamping>(request: K) -> Outcome {
    let (a, _b) = udp4::pair()?;
    enable_timestamping(&a, REPORT | COUNTED)?;
    send_plain(&a, b"x")?;
    let nothing = try_receive(&a, 0, MsgFlags::MSG_ERRQUEUE, |_| Ok(()))?;
    assert_eq!(nothing, Err(Errno(libc::EAGAIN)));
    let asked = try_send(&a, b"x", MsgFlags::empty(), |writer| {
        writer.put(request, SENT)
    })?;
    assert_eq!(asked, Ok(1));
    let Origin::Timestamp {
        point: TimestampPoint::Sent,
        ..
    } = timestamp_origin(&a, SO_TIMESTAMPING_OLD, IP_RECVERR)?
    else {
        panic!("no timestamp");
    };
    let receive_flag = libc::SOF_TIMESTAMPING_RX_SOFTWARE.to_ne_bytes();
    let refused = try_send_raw(&a, SOL_SOCKET, K::TYPE, &receive_flag)?;
    assert_eq!(refused, Err(Errno(libc::EINVAL)));
    Ok(())
}

/// The key of both forms sends the old one.
fn only_one_packet() -> Outcome {
    stamp_one_packet(SO_TIMESTAMPING)
}

fn only_one_packet_new_form() -> Outcome {
    since("sending SO_TIMESTAMPING_NEW", (6, 8))?;
    stamp_one_packet(SO_TIMESTAMPING_NEW)
}
