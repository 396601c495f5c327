//! The socket of a QUIC endpoint, for both families: datagrams arrive in batches, joined by the
//! kernel (GRO), each with its congestion mark (ECN) and the address that it was sent to. They are
//! answered from that address, cut by the kernel again (GSO).
//!
//!     cargo run --example quic --features std

use ancil::io::{self, RecvBuffers};
use ancil::payload::InPktinfo;
use ancil::{
    Control, ControlBuf, IP_PKTINFO, IP_TOS, IPV6_PKTINFO, IPV6_TCLASS, IoVec, IoVecMut, MsgFlags,
    MsgHdr, Received, UDP_GRO, UDP_SEGMENT, Writer, space_of,
};
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, UdpSocket};
use std::time::Duration;

type Outcome<T = ()> = Result<T, Box<dyn std::error::Error>>;

/// What an arriving datagram may say. A socket of IPv6 receives datagrams of both families.
type Arriving = (IP_TOS, IP_PKTINFO, IPV6_TCLASS, IPV6_PKTINFO, UDP_GRO);
/// What an answer says: for IPv4 the first two and the last.
type Leaving = (IP_TOS, IP_PKTINFO, IPV6_TCLASS, IPV6_PKTINFO, UDP_SEGMENT);

const SEGMENT: u16 = 1200;
/// The mark of a sender that understands congestion marks: ECT(0).
const ECT_0: i32 = 2;

/// What the client sends with its datagrams, of either family.
static ASK_V4: ControlBuf<{ space_of::<(IP_TOS, UDP_SEGMENT)>() }> = ControlBuf::new()
    .with(IP_TOS, ECT_0)
    .with(UDP_SEGMENT, SEGMENT);
static ASK_V6: ControlBuf<{ space_of::<(IPV6_TCLASS, UDP_SEGMENT)>() }> = ControlBuf::new()
    .with(IPV6_TCLASS, ECT_0)
    .with(UDP_SEGMENT, SEGMENT);

fn main() -> Outcome {
    let server = UdpSocket::bind((Ipv6Addr::UNSPECIFIED, 0))?;
    io::enable::<(IP_TOS, IP_PKTINFO, IPV6_TCLASS, IPV6_PKTINFO)>(&server)?;
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
    io::enable_available::<(IP_TOS, IPV6_TCLASS)>(&client, |_| Ok(()))?;
    let bytes = [b'q'; 3 * SEGMENT as usize];
    let pieces = [IoVec::new(&bytes)];
    let message = MsgHdr::new().iov(&pieces).control(control);
    io::sendmsg(&client, &message, MsgFlags::empty()).map_err(|e| format!("UDP_SEGMENT: {e}"))?;

    let (mut answered, mut received) = (0, 0);
    while answered < bytes.len() {
        answered += serve(server)?;
    }
    while received < bytes.len() {
        let (mut bytes, mut space) = ([0; 1 << 16], [0; space_of::<Arriving>()]);
        let answer = io::recv(&client, &mut bytes, &mut space)?;
        let ecn = congestion_mark(&answer);
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
    let (mut names, mut control) = ([[0; 28]; BATCH], [[0; space_of::<Arriving>()]; BATCH]);
    let mut buffers = RecvBuffers::<BATCH>::new(&mut vectors)
        .names(&mut names)
        .control(&mut control);
    let mut total = 0;
    for received in io::recvmmsg(socket, &mut buffers, MsgFlags::MSG_WAITFORONE, None)? {
        let mut buffer = [0; space_of::<Leaving>()];
        let pieces = [IoVec::new(received.data())];
        let answer = MsgHdr::new()
            .name(received.name())
            .iov(&pieces)
            .control(control_of_answer(&received, &mut buffer)?);
        total += io::sendmsg(socket, &answer, MsgFlags::empty())?;
    }
    Ok(total)
}

/// Returns the ECN bits of a datagram: the low two of its type of service or traffic class.
fn congestion_mark(received: &Received<'_>) -> i32 {
    let (tos, tclass) = received.control().get_all_lossy::<(IP_TOS, IPV6_TCLASS)>();
    tos.or(tclass).unwrap_or(0) & 3
}

/// Writes what sends an answer from the address that was asked, with the same mark and size.
fn control_of_answer<'a>(received: &Received<'_>, buffer: &'a mut [u8]) -> Outcome<Control<'a>> {
    let (_, to_v4, _, to_v6, gro) = received.control().get_all_lossy::<Arriving>();
    let (ecn, mut writer) = (congestion_mark(received), Writer::new(buffer));
    // A datagram of IPv4 brings both, but the kernel heeds IPV6_TCLASS for IPv6 only.
    if let Some(to) = to_v4 {
        writer.put(
            IP_PKTINFO,
            InPktinfo {
                ipi_ifindex: 0,
                ..to
            },
        )?;
        writer.put(IP_TOS, ecn)?;
    } else if let Some(to) = to_v6 {
        writer.put(IPV6_PKTINFO, to)?;
        writer.put(IPV6_TCLASS, ecn)?;
    }
    if let Some(segment) = gro {
        writer.put(UDP_SEGMENT, segment.try_into()?)?;
    }
    Ok(writer.finish())
}
