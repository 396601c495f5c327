//! The socket of a QUIC endpoint, for both families: datagrams arrive in batches, joined by the
//! kernel (GRO), each with its congestion mark (ECN) and the address that it was sent to. They are
//! answered from that address, cut by the kernel again (GSO).
//!
//!     cargo run --example quic --features std

use ancil::datagram::{Arrival, Departure, Ecn, traffic_class};
use ancil::io::{self, RecvBuffers};
use ancil::{
    Control, ControlBuf, IP_TOS, IPV6_TCLASS, IoVec, IoVecMut, MsgFlags, MsgHdr, UDP_GRO,
    UDP_SEGMENT, Writer, space_of,
};
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr, UdpSocket};
use std::time::Duration;

type Outcome<T = ()> = Result<T, Box<dyn std::error::Error>>;

const SEGMENT: u16 = 1200;
/// The traffic class of a sender that understands congestion marks, with the DSCP 0.
const CLASS: i32 = Ecn::Ect0 as i32;

/// What the client sends with its datagrams, of either family.
static ASK_V4: ControlBuf<{ space_of::<(IP_TOS, UDP_SEGMENT)>() }> = ControlBuf::new()
    .with(IP_TOS, CLASS)
    .with(UDP_SEGMENT, SEGMENT);
static ASK_V6: ControlBuf<{ space_of::<(IPV6_TCLASS, UDP_SEGMENT)>() }> = ControlBuf::new()
    .with(IPV6_TCLASS, CLASS)
    .with(UDP_SEGMENT, SEGMENT);

fn main() -> Outcome {
    let server = UdpSocket::bind((Ipv6Addr::UNSPECIFIED, 0))?;
    io::enable_available::<Arrival>(&server, |_| Ok(()))?;
    io::enable_available::<UDP_GRO>(&server, |_| Ok(()))?; // Linux 5.0
    ask(
        &server,
        Ipv4Addr::new(127, 0, 0, 2).into(),
        ASK_V4.as_control(),
    )?;
    ask(&server, Ipv6Addr::LOCALHOST.into(), ASK_V6.as_control())
}

/// Sends three datagrams in one call, has the server answer them, and prints the answers.
fn ask(server: &UdpSocket, to: IpAddr, control: Control<'_>) -> Outcome {
    let local: IpAddr = match to {
        IpAddr::V4(_) => Ipv4Addr::LOCALHOST.into(),
        IpAddr::V6(_) => Ipv6Addr::LOCALHOST.into(),
    };
    let client = UdpSocket::bind((local, 0))?;
    client.connect((to, server.local_addr()?.port()))?; // so it receives from this address only
    for socket in [&client, server] {
        socket.set_read_timeout(Some(Duration::from_secs(5)))?;
    }
    io::enable_available::<Arrival>(&client, |_| Ok(()))?;
    let bytes = [b'q'; 3 * SEGMENT as usize];
    let pieces = [IoVec::new(&bytes)];
    let message = MsgHdr::new().iov(&pieces).control(control);
    io::sendmsg(&client, &message, MsgFlags::empty()).map_err(|e| format!("UDP_SEGMENT: {e}"))?;

    let (mut answered, mut received) = (0, 0);
    while answered < bytes.len() {
        answered += serve(server)?;
    }
    while received < bytes.len() {
        let (mut bytes, mut space) = ([0; 1 << 16], [0; space_of::<Arrival>()]);
        let answer = io::recv(&client, &mut bytes, &mut space)?;
        let ecn = answer.control().get_all_lossy::<Arrival>().ecn;
        let ecn = ecn.unwrap_or(Ecn::NotEct) as u8;
        println!(
            "{to} answered {} bytes with congestion mark {ecn}",
            answer.bytes()
        );
        received += answer.bytes();
    }
    Ok(())
}

/// Receives a batch and answers each message of it. Returns the number of bytes.
fn serve(socket: &UdpSocket) -> Outcome<usize> {
    const BATCH: usize = 8;
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
    for received in io::recvmmsg(socket, &mut buffers, MsgFlags::MSG_WAITFORONE, None)? {
        let mut buffer = [0; Departure::SPACE];
        let pieces = [IoVec::new(received.data())];
        let peer = SocketAddr::try_from(received.address()?.ok_or("no address")?)?;
        let arrival = received.control().get_all_lossy::<Arrival>();
        let answer = MsgHdr::new()
            .name(received.name())
            .iov(&pieces)
            .control(control_of_answer(&arrival, peer.ip(), &mut buffer)?);
        total += io::sendmsg(socket, &answer, MsgFlags::empty())?;
    }
    Ok(total)
}

/// Writes what sends an answer from the address that was asked, with the same mark and size.
fn control_of_answer<'a>(
    arrival: &Arrival,
    peer: IpAddr,
    buffer: &'a mut [u8],
) -> Outcome<Control<'a>> {
    let departure = Departure {
        // The kernel takes ECN and DSCP at once. The DSCP of this socket is 0.
        traffic_class: arrival.ecn.and_then(|ecn| traffic_class(0, ecn)),
        segment_size: arrival.segment_size,
        ..Departure::answer(arrival)
    };
    let mut writer = Writer::new(buffer);
    departure.put(&mut writer, peer)?;
    Ok(writer.finish())
}
