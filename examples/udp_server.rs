// SPDX-License-Identifier: MIT OR Apache-2.0 OR CC0-1.0
//! A UDP server, bound to all addresses, that answers from the address it was asked at. Otherwise
//! the kernel would choose one, and the client would drop an answer from an address that it did not
//! ask. Take it for DNS, QUIC or RTP: datagrams of both families arrive in batches, joined by the
//! kernel (GRO) and with their congestion mark (ECN); the kernel cuts the answers again (GSO).
//!
//!     cargo run --example udp_server --features std [ADDRESS]...        default: 127.0.0.2 ::1
//!
//! A client in the same program asks. `fe80::1%2` is an address with its interface's index.

use ancil::datagram::{Arrival, Departure, Ecn, traffic_class};
use ancil::io::{self, RecvBuffers};
use ancil::{IoVec, IoVecMut, MsgFlags, MsgHdr, MsgHdrMut, UDP_GRO, Writer, space_of};
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr, UdpSocket};
use std::time::Duration;

type Outcome<T = ()> = Result<T, Box<dyn std::error::Error>>;

const SEGMENT: usize = 1200; // the bytes of each datagram of the client
const BATCH: usize = 8; // how many messages one call receives

fn main() -> Outcome {
    let mut asked: Vec<String> = std::env::args().skip(1).collect();
    if asked.is_empty() {
        asked = ["127.0.0.2", "::1"].map(String::from).into();
    }
    let server = UdpSocket::bind((Ipv6Addr::UNSPECIFIED, 0))
        .or_else(|_| UdpSocket::bind((Ipv4Addr::UNSPECIFIED, 0)))?; // a machine without IPv6
    // A socket of IPv6 receives IPv4, too, and has the options of both.
    io::enable_available::<Arrival>(&server, |_| Ok(()))?;
    io::enable_available::<UDP_GRO>(&server, |_| Ok(()))?; // Linux 5.0
    let port = server.local_addr()?.port();
    for to in asked {
        let address = format!("{to}:{port}").parse();
        ask(
            &server,
            address.or_else(|_| format!("[{to}]:{port}").parse())?,
        )?;
    }
    Ok(())
}

/// Sends three datagrams in one call, has the server answer them, and prints the answers.
fn ask(server: &UdpSocket, to: SocketAddr) -> Outcome {
    let local: IpAddr = match to {
        SocketAddr::V4(_) => Ipv4Addr::LOCALHOST.into(),
        SocketAddr::V6(_) => Ipv6Addr::LOCALHOST.into(),
    };
    let client = UdpSocket::bind((local, 0))?;
    client.connect(to)?; // so it receives from this address only
    for socket in [&client, server] {
        socket.set_read_timeout(Some(Duration::from_secs(5)))?;
    }
    io::enable_available::<Arrival>(&client, |_| Ok(()))?;
    let (bytes, mut buffer) = ([b'q'; 3 * SEGMENT], [0; Departure::SPACE]);
    let departure = Departure {
        traffic_class: traffic_class(0, Ecn::Ect0),
        segment_size: Some(SEGMENT as u16),
        ..Departure::default()
    };
    let (mut writer, pieces) = (Writer::new(&mut buffer), [IoVec::new(&bytes)]);
    departure.put(&mut writer, to.ip())?;
    let message = MsgHdr::new().iov(&pieces).control(writer.finish());
    io::sendmsg(&client, &message, MsgFlags::empty()).map_err(|e| format!("UDP_SEGMENT: {e}"))?;

    let (mut asked, mut answered) = (bytes.len(), bytes.len());
    while asked > 0 {
        asked = asked.saturating_sub(serve(server)?); // others may ask, too
    }
    while answered > 0 {
        let (mut bytes, mut space) = ([0; 1 << 16], [0; space_of::<Arrival>()]);
        let mut pieces = [IoVecMut::new(&mut bytes)];
        let mut message = MsgHdrMut::new().iov(&mut pieces).control(&mut space);
        let answer = io::recvmsg_retry(&client, &mut message, MsgFlags::empty())?;
        let ecn = answer.control().get_all_lossy::<Arrival>().ecn;
        let (ip, len, ecn) = (to.ip(), answer.bytes(), ecn.ok_or("no mark")?);
        println!("{ip} answered {len} bytes, congestion mark {ecn:?}");
        answered -= len;
    }
    Ok(())
}

/// Receives a batch and answers each message of it. Returns the number of bytes.
fn serve(socket: &UdpSocket) -> Outcome<usize> {
    let mut bytes = vec![[0; 1 << 16]; BATCH];
    let mut vectors: Vec<_> = bytes
        .iter_mut()
        .map(|bytes| [IoVecMut::from(bytes)])
        .collect();
    let (mut names, mut control) = ([[0; 28]; BATCH], [[0; space_of::<Arrival>()]; BATCH]);
    let mut buffers = RecvBuffers::<BATCH>::new(&mut vectors)
        .names(&mut names)
        .control(&mut control);
    let mut total = 0;
    for received in io::recvmmsg_retry(socket, &mut buffers, MsgFlags::MSG_WAITFORONE, None)? {
        let peer = SocketAddr::try_from(received.address()?.ok_or("no address")?)?;
        let arrival = received.control().get_all_lossy::<Arrival>();
        let departure = Departure {
            // Set ECT(0) only if your program sends less when CE arrives: this one sends little.
            traffic_class: traffic_class(0, Ecn::Ect0),
            segment_size: arrival.segment_size,
            ..Departure::answer(&arrival)
        };
        let mut buffer = [0; Departure::SPACE];
        let mut writer = Writer::new(&mut buffer);
        departure.put(&mut writer, peer.ip())?;
        let pieces = [IoVec::new(received.data())];
        let answer = MsgHdr::new()
            .name(received.name())
            .iov(&pieces)
            .control(writer.finish());
        if let Err(e) = io::sendmsg(socket, &answer, MsgFlags::empty()) {
            eprintln!("no answer to {peer}: {e}"); // the next one may still be sent
        }
        total += received.bytes();
    }
    Ok(total)
}
