//! When datagrams leave and when they arrive, by the kernel's clock: the one from the sender's error queue, with the
//! number of the datagram beside it, the other beside the datagram itself.
//!
//! cargo run --example timestamps --features std,libc

use ancil::level::SOL_SOCKET;
use ancil::payload::{Origin, Timestamp, TimestampPoint, Timestamping};
use ancil::{ControlBuf, DisplayControl, IP_RECVERR, IoVecMut, MsgFlags, MsgHdrMut};
use ancil::{SO_TIMESTAMPING_NEW, io};
use std::io::Error;
use std::net::{Ipv4Addr, UdpSocket};
use std::os::fd::AsRawFd;
use std::time::{Duration, Instant};

type Outcome<T = ()> = Result<T, Box<dyn std::error::Error>>;

/// The error queue's timestamps without the datagrams, which the kernel numbers from 0.
const LEAVING: u32 = libc::SOF_TIMESTAMPING_TX_SOFTWARE
    | libc::SOF_TIMESTAMPING_SOFTWARE
    | libc::SOF_TIMESTAMPING_OPT_ID
    | libc::SOF_TIMESTAMPING_OPT_TSONLY;
const ARRIVING: u32 = libc::SOF_TIMESTAMPING_RX_SOFTWARE | libc::SOF_TIMESTAMPING_SOFTWARE;

fn main() -> Outcome {
    let (here, there) = (
        UdpSocket::bind((Ipv4Addr::LOCALHOST, 0))?,
        UdpSocket::bind((Ipv4Addr::LOCALHOST, 0))?,
    );
    here.connect(there.local_addr()?)?;
    there.set_read_timeout(Some(Duration::from_secs(5)))?;
    stamp(&here, LEAVING)?;
    stamp(&there, ARRIVING)?;
    // The kernel starts its clock for arriving packets in the background: the first ones may have no time.
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

/// The time beside the next datagram or, of the error queue, in its place; and the number of what it belongs to.
fn receive(socket: &UdpSocket, flags: MsgFlags) -> Outcome<(Option<Timestamp>, Option<u32>)> {
    // poll(2) wakes up for the error queue unasked. Reading it never waits.
    let mut poll = libc::pollfd {
        fd: socket.as_raw_fd(),
        events: libc::POLLIN,
        revents: 0,
    };
    // SAFETY: one pollfd.
    unsafe { libc::poll(&raw mut poll, 1, 5000) };
    let (mut bytes, mut control) = (
        [0; 100],
        ControlBuf::<{ SO_TIMESTAMPING_NEW.space() + IP_RECVERR.space() }>::new(),
    );
    let mut pieces = [IoVecMut::new(&mut bytes)];
    let mut message = MsgHdrMut::new()
        .iov(&mut pieces)
        .control(control.recv_space());
    let received = io::recvmsg(socket, &mut message, flags)?;
    let time = match received.control().get(SO_TIMESTAMPING_NEW)? {
        Some(Timestamping::Times(times)) => times.software,
        _ => None,
    };
    let key = match received
        .control()
        .get(IP_RECVERR)?
        .map(|beside| beside.error.origin())
    {
        Some(Origin::Timestamp {
            point: TimestampPoint::Sent,
            key,
        }) => Some(key),
        Some(_) => {
            return Err(format!(
                "not what was asked for: {}",
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

/// `SO_TIMESTAMPING_NEW`: 64 bits on every machine, Linux 5.1.
fn stamp(socket: &UdpSocket, flags: u32) -> Result<(), Error> {
    let (option, value, len) = (
        SO_TIMESTAMPING_NEW.ty,
        (&raw const flags).cast(),
        size_of::<u32>() as u32,
    );
    // SAFETY: pointer and length of `flags`.
    let failed =
        unsafe { libc::setsockopt(socket.as_raw_fd(), SOL_SOCKET, option, value, len) } != 0;
    if failed {
        Err(Error::last_os_error())
    } else {
        Ok(())
    }
}
