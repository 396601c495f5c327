// SPDX-License-Identifier: MIT OR Apache-2.0 OR CC0-1.0
//! Prints when datagrams leave and when they arrive, by the clock of the kernel and, where the
//! network card has one, by the card's. Take it to measure a network. The time of arrival comes
//! with the datagram, the time of leaving from the socket's error queue.
//!
//!     cargo run --example timestamps --features std [INTERFACE ADDRESS:PORT]
//!
//! Without arguments, a socket sends to itself over loopback, which has no card. With them, the
//! card of the interface stamps all packets, which needs CAP_NET_ADMIN.

use ancil::payload::{Origin, Timestamping, TimestampingFlags as Flags};
use ancil::{Errno, IP_RECVERR, IoVecMut, MsgFlags, MsgHdrMut, SO_TIMESTAMPING, io, space_of};
use std::io::{Error, ErrorKind};
use std::net::{Ipv4Addr, SocketAddr, UdpSocket};
use std::os::fd::AsRawFd as _;
use std::time::{Duration, Instant};

type Outcome<T = ()> = Result<T, Box<dyn std::error::Error>>;
type Wanted = (SO_TIMESTAMPING, IP_RECVERR);

fn main() -> Outcome {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let card = arguments.first();
    let socket = UdpSocket::bind((Ipv4Addr::UNSPECIFIED, 0))?;
    let own = SocketAddr::from((Ipv4Addr::LOCALHOST, socket.local_addr()?.port()));
    socket.connect(arguments.get(1).map_or(Ok(own), |to| to.parse())?)?;
    if let Some(card) = card {
        stamp_in_hardware(&socket, card).map_err(|e| format!("the clock of {card}: {e}"))?;
    }
    let arriving = Flags::RX_SOFTWARE | Flags::RX_HARDWARE;
    let leaving = Flags::TX_SOFTWARE | Flags::TX_HARDWARE;
    // Both clocks; and for each a numbered entry of its own, without the datagram.
    let clocks = Flags::SOFTWARE | Flags::RAW_HARDWARE | Flags::OPT_TX_SWHW;
    let entries = Flags::OPT_ID | Flags::OPT_TSONLY;
    let flags = arriving | leaving | clocks | entries;
    io::enable_with(&socket, SO_TIMESTAMPING, flags)?;
    // The kernel begins in the background to stamp what arrives: the first may have no time.
    let (mut stamped, start) = (0, Instant::now());
    while stamped < 3 && start.elapsed() < Duration::from_secs(10) {
        match socket.send(b"when?") {
            // The other host has refused the last datagram, and this one was not sent.
            Err(e) if e.kind() == ErrorKind::ConnectionRefused => continue,
            sent => sent?,
        };
        let (mut left, mut arrived) = (false, false);
        // The other host may not answer, and a card reports later than the kernel.
        while (card.is_some() || !left || !arrived) && wait(&socket)? {
            left |= show(&socket, MsgFlags::MSG_ERRQUEUE)?;
            arrived |= show(&socket, MsgFlags::MSG_DONTWAIT)?;
        }
        stamped += usize::from(left && (arrived || card.is_some()));
    }
    let missing = || "datagrams had no time".into();
    (stamped == 3).then_some(()).ok_or_else(missing)
}

/// Waits half a second for a datagram or an entry of the error queue. Returns whether there is one.
fn wait(socket: &UdpSocket) -> Result<bool, Error> {
    let (fd, events, revents) = (socket.as_raw_fd(), libc::POLLIN, 0); // and always POLLERR
    let mut ready = libc::pollfd {
        fd,
        events,
        revents,
    };
    // SAFETY: poll writes to one `pollfd`, and `ready` is one.
    match unsafe { libc::poll(&raw mut ready, 1, 500) } {
        -1 if Error::last_os_error().kind() == ErrorKind::Interrupted => wait(socket),
        -1 => Err(Error::last_os_error()),
        count => Ok(count > 0),
    }
}

/// Receives a datagram, or an entry of the error queue, if there is one, and prints its times.
/// Returns whether it had one.
fn show(socket: &UdpSocket, flags: MsgFlags) -> Outcome<bool> {
    let (mut bytes, mut control) = ([0; 100], [0; space_of::<Wanted>()]);
    let mut pieces = [IoVecMut::new(&mut bytes)];
    let mut message = MsgHdrMut::new().iov(&mut pieces).control(&mut control);
    let received = match io::recvmsg_retry(socket, &mut message, flags) {
        Err(Errno::EAGAIN | Errno::ECONNREFUSED) => return Ok(false),
        result => result?.whole()?,
    };
    let (times, report) = received.control().get_all::<Wanted>()?;
    let what = match report.map(|report| report.error.origin()) {
        Some(Origin::Timestamp { key, .. }) => format!("datagram {key} left"),
        Some(origin) => return Err(format!("the error queue holds {origin:?}").into()),
        None => "a datagram arrived".into(),
    };
    let Some(Timestamping::Times(times)) = times else {
        return Ok(false);
    };
    for (time, clock) in [(times.software, "kernel"), (times.hardware, "card")] {
        if let Some(time) = time {
            let (seconds, nanoseconds) = (time.seconds, time.nanoseconds);
            println!("{what} at {seconds}.{nanoseconds:09} by the clock of the {clock}");
        }
    }
    Ok(true)
}

/// Has a network card stamp every packet.
fn stamp_in_hardware(socket: &UdpSocket, card: &str) -> Result<(), Error> {
    // SAFETY: zero is valid for the integers, pointers and unions of both structs.
    let (mut config, mut request): (libc::hwtstamp_config, libc::ifreq) =
        unsafe { std::mem::zeroed() };
    config.tx_type = libc::HWTSTAMP_TX_ON as _;
    config.rx_filter = libc::HWTSTAMP_FILTER_ALL as _;
    request.ifr_ifru.ifru_data = (&raw mut config).cast();
    for (to, byte) in request.ifr_name.iter_mut().take(15).zip(card.bytes()) {
        *to = byte as _; // the last byte stays 0
    }
    let (fd, number) = (socket.as_raw_fd(), libc::SIOCSHWTSTAMP as _);
    // SAFETY: SIOCSHWTSTAMP reads and writes an `ifreq`, which `request` is, and the
    // `hwtstamp_config` that it points to. Both live until the call returns.
    match unsafe { libc::ioctl(fd, number, &raw mut request) } {
        -1 => Err(Error::last_os_error()),
        _ => Ok(()),
    }
}
