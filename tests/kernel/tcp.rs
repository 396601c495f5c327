//! `tcp(7)` over the loopback interface.

use crate::errqueue::{COUNTED, REPORT, SENT, enable_timestamping};
use crate::support::*;
use crate::udp4::{SOFTWARE, software};
use ancil::level::SOL_SOCKET;
use ancil::payload::{Origin, TimestampPoint, TimestampingFlags};
use ancil::{Errno, IP_RECVERR, IoVecMut, Key, MsgFlags, SCM_TS_OPT_ID, io, space_of};
use ancil::{SCM_TIMESTAMPING_OPT_STATS, SO_TIMESTAMPING_OLD, TCP_CM_INQ};
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, TcpListener, TcpStream};

trials! {
    bytes_left [TCP_CM_INQ] timestamping statistics [SCM_TIMESTAMPING_OPT_STATS] own_key_refused
    discarding_is_refused
}

/// Returns both ends of a connection through this address.
pub fn pair(addr: impl Into<IpAddr>) -> Outcome<(TcpStream, TcpStream)> {
    let listener = needs("TCP", TcpListener::bind((addr.into(), 0)))?;
    let a = TcpStream::connect(listener.local_addr()?)?;
    Ok((a, listener.accept()?.0))
}

fn bytes_left() -> Outcome {
    let (a, b) = pair(Ipv4Addr::LOCALHOST)?;
    enable::<TCP_CM_INQ>(&b)?;
    send_plain(&a, b"ten bytes.")?;
    wait(&b, libc::POLLIN)?;
    for (len, left) in [(4, 6), (5, 1), (5, 0)] {
        let found = try_receive_part(
            &b,
            len,
            space_of::<TCP_CM_INQ>(),
            MsgFlags::empty(),
            |received| Ok(received.control().get(TCP_CM_INQ)?),
        )??;
        assert_eq!(found, Some(left));
    }
    Ok(())
}

fn timestamping() -> Outcome {
    let (a, b) = pair(Ipv6Addr::LOCALHOST)?;
    switched(io::enable_with(&b, SO_TIMESTAMPING_OLD, SOFTWARE))?;
    check_timestamp((&a, &b), SO_TIMESTAMPING_OLD, software)
}

/// `TCP_NLA_TOTAL_RETRANS` and others of `linux/tcp.h`.
const TOTAL_RETRANS: u16 = 5;
const SND_CWND: u16 = 8;
const BYTES_SENT: u16 = 18;

fn statistics() -> Outcome {
    let (a, _b) = pair(Ipv4Addr::LOCALHOST)?;
    let acknowledged = TimestampingFlags::TX_ACK;
    enable_timestamping(
        &a,
        REPORT | acknowledged | COUNTED | TimestampingFlags::OPT_STATS,
    )?;
    let mut total = 0;
    for data in [&b"first"[..], b"second part"] {
        send_plain(&a, data)?;
        total += data.len() as u64;
        wait(&a, libc::POLLERR)?;
        try_receive(&a, 1024, MsgFlags::MSG_ERRQUEUE, |received| {
            assert_eq!(received.flags(), MsgFlags::MSG_ERRQUEUE);
            let (mut stats, mut error) = (None, None);
            for raw in received.control() {
                let raw = raw?;
                stats = stats.or(raw.get(SCM_TIMESTAMPING_OPT_STATS)?);
                error = error.or(raw.get(IP_RECVERR)?);
                if let Some(times) = raw.get(SO_TIMESTAMPING_OLD)? {
                    check_recent(software(times).expect("a time"))?;
                }
            }
            let origin = error.expect("IP_RECVERR").error.origin();
            // The key of a stream counts bytes, and is that of the last byte.
            let key = total as u32 - 1;
            assert_eq!(
                origin,
                Origin::Timestamp {
                    point: TimestampPoint::Acknowledged,
                    key
                }
            );
            let stats = stats.expect("SCM_TIMESTAMPING_OPT_STATS");
            let number = |wanted| {
                stats
                    .get(wanted)
                    .ok()
                    .flatten()
                    .and_then(|attribute| attribute.number())
            };
            assert_eq!(
                (number(BYTES_SENT), number(TOTAL_RETRANS)),
                (Some(total), Some(0)),
                "{stats:?}"
            );
            assert!(number(SND_CWND).is_some_and(|n| n > 0), "{stats:?}");
            assert!(stats.filter(Result::is_ok).count() > 15);
            Ok(())
        })??;
    }
    Ok(())
}

fn own_key_refused() -> Outcome {
    let (a, _b) = pair(Ipv4Addr::LOCALHOST)?;
    enable_timestamping(&a, REPORT | SENT | COUNTED)?;
    assert_eq!(
        try_send_raw(&a, SOL_SOCKET, SCM_TS_OPT_ID::TYPE, &[0; 4])?,
        Err(Errno(libc::EINVAL))
    );
    Ok(())
}

/// With MSG_TRUNC, TCP counts bytes and discards them: `Received::data` would return the bytes that
/// the buffer held before the call.
fn discarding_is_refused() -> Outcome {
    let (a, b) = pair(Ipv4Addr::LOCALHOST)?;
    send_plain(&a, b"keep me")?;
    wait(&b, libc::POLLIN)?;
    let refused = try_receive(&b, 0, MsgFlags::MSG_TRUNC, |received| Ok(bytes(&received)))?;
    assert_eq!(refused, Err(Errno(libc::EINVAL)));
    let mut space = [[0; 16]];
    let mut vectors = space.each_mut().map(|bytes| [IoVecMut::from(bytes)]);
    let mut batch = io::RecvBuffers::<1>::new(&mut vectors);
    let flags = MsgFlags::MSG_TRUNC | MsgFlags::MSG_DONTWAIT;
    let refused = io::recvmmsg(&b, &mut batch, flags, None).map(|all| all.len());
    assert_eq!(refused, Err(Errno(libc::EINVAL)));
    receive(&b, 0, |received| {
        assert_eq!(bytes(&received), b"keep me");
        Ok(())
    })
}
