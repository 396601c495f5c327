//! Prints when datagrams leave and when they arrive, by the kernel's clock. The time of leaving
//! comes from the sender's error queue, with the number of the datagram; the time of arrival comes
//! with the datagram itself.
//!
//!     cargo run --example timestamps --features std

use ancil::payload::{Origin, Timestamp, TimestampPoint, Timestamping, TimestampingFlags};
use ancil::{DisplayControl, Errno, IP_RECVERR, IoVecMut, MsgFlags, MsgHdrMut, space_of};
use ancil::{SO_TIMESTAMPING, io};
use std::net::{Ipv4Addr, UdpSocket};
use std::thread::sleep;
use std::time::{Duration, Instant};

type Outcome<T = ()> = Result<T, Box<dyn std::error::Error>>;

/// Puts timestamps into the error queue, without the datagrams, which the kernel numbers from 0.
const LEAVING: TimestampingFlags = TimestampingFlags::TX_SOFTWARE
    .union(TimestampingFlags::SOFTWARE)
    .union(TimestampingFlags::OPT_ID)
    .union(TimestampingFlags::OPT_TSONLY);
const ARRIVING: TimestampingFlags =
    TimestampingFlags::RX_SOFTWARE.union(TimestampingFlags::SOFTWARE);

const LIMIT: Duration = Duration::from_secs(5);

fn main() -> Outcome {
    let (here, there) = (
        UdpSocket::bind((Ipv4Addr::LOCALHOST, 0))?,
        UdpSocket::bind((Ipv4Addr::LOCALHOST, 0))?,
    );
    here.connect(there.local_addr()?)?;
    there.set_read_timeout(Some(LIMIT))?;
    io::enable_with(&here, SO_TIMESTAMPING, LEAVING)?;
    io::enable_with(&there, SO_TIMESTAMPING, ARRIVING)?;
    // The kernel enables timestamps of arriving packets in the background, so the first ones may
    // lack it.
    let (mut stamped, start) = (0, Instant::now());
    while stamped < 3 && start.elapsed() < Duration::from_secs(10) {
        here.send(b"when?")?;
        let (Some(sent), Some(key)) = receive(&here, MsgFlags::MSG_ERRQUEUE)? else {
            return Err("no time in the error queue".into());
        };
        if let (Some(arrived), None) = receive(&there, MsgFlags::empty())? {
            println!(
                "datagram {key} left at {}, arrived at {}",
                text(sent),
                text(arrived)
            );
            stamped += 1;
        }
    }
    if stamped < 3 {
        Err("datagrams arrive without a time".into())
    } else {
        Ok(())
    }
}

/// Receives the next datagram, or the next entry of the error queue. Returns its timestamp and,
/// from the error queue, the number of the datagram that it belongs to.
fn receive(socket: &UdpSocket, flags: MsgFlags) -> Outcome<(Option<Timestamp>, Option<u32>)> {
    let mut bytes = [0; 100];
    let mut control = [0; space_of::<(SO_TIMESTAMPING, IP_RECVERR)>()];
    let mut pieces = [IoVecMut::new(&mut bytes)];
    let mut message = MsgHdrMut::new().iov(&mut pieces).control(&mut control);
    let start = Instant::now();
    let received = loop {
        match io::recvmsg(socket, &mut message, flags) {
            // Reading the error queue never waits, so this asks again. A server would use poll(2).
            Err(Errno(libc::EAGAIN)) if start.elapsed() < LIMIT => sleep(Duration::from_millis(1)),
            result => break result?,
        }
    };
    let time = match received.control().get(SO_TIMESTAMPING)? {
        Some(Timestamping::Times(times)) => times.software,
        _ => None,
    };
    let key = match received
        .control()
        .get(IP_RECVERR)?
        .map(|recverr| recverr.error.origin())
    {
        Some(Origin::Timestamp {
            point: TimestampPoint::Sent,
            key,
        }) => Some(key),
        Some(_) => {
            return Err(format!(
                "the error queue holds something else: {}",
                DisplayControl::new(received.control().as_bytes())
            )
            .into());
        }
        None => None,
    };
    Ok((time, key))
}

fn text(
    Timestamp {
        seconds,
        nanoseconds,
    }: Timestamp,
) -> String {
    format!("{seconds}.{nanoseconds:09}")
}
