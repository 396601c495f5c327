//! A UDP server that is bound to all addresses of its machine, and answers from the address at
//! which it was asked. What the request's control messages say becomes those of the answer.
//! Otherwise the kernel would choose the address, and the client would drop an answer from an
//! address that it did not ask.
//!
//!     cargo run --example pktinfo --features std [ADDRESS]...        default: 127.0.0.2 ::1

use ancil::datagram::{Arrival, Departure};
use ancil::{
    IP_PKTINFO, IPV6_PKTINFO, IoVec, IoVecMut, MsgFlags, MsgHdr, MsgHdrMut, Writer, io, space_of,
};
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr, UdpSocket};
use std::time::Duration;

type Outcome<T = ()> = Result<T, Box<dyn std::error::Error>>;

fn main() -> Outcome {
    let mut asked: Vec<String> = std::env::args().skip(1).collect();
    if asked.is_empty() {
        asked = ["127.0.0.2", "::1"].map(String::from).into();
    }
    for to in asked {
        println!("asked {to}, answered by {}", ask(to.parse()?)?);
    }
    Ok(())
}

/// Sends a datagram to a server at this address. Returns the address that the answer comes from.
fn ask(to: IpAddr) -> Outcome<IpAddr> {
    let (any, local): (IpAddr, IpAddr) = match to {
        IpAddr::V4(_) => (Ipv4Addr::UNSPECIFIED.into(), Ipv4Addr::LOCALHOST.into()),
        IpAddr::V6(_) => (Ipv6Addr::UNSPECIFIED.into(), Ipv6Addr::LOCALHOST.into()),
    };
    let (client, server) = (UdpSocket::bind((local, 0))?, UdpSocket::bind((any, 0))?);
    for socket in [&client, &server] {
        socket.set_read_timeout(Some(Duration::from_secs(5)))?;
    }
    match to {
        IpAddr::V4(_) => io::enable::<IP_PKTINFO>(&server)?,
        IpAddr::V6(_) => io::enable::<IPV6_PKTINFO>(&server)?,
    }
    client.send_to(b"who are you?", (to, server.local_addr()?.port()))?;
    serve(&server)?;
    Ok(client.recv_from(&mut [0; 100])?.1.ip())
}

/// Receives one datagram, and sends its data back to the sender.
fn serve(server: &UdpSocket) -> Outcome {
    let (mut name, mut bytes) = ([0; 128], [0; 1500]);
    let (mut space, mut buffer) = ([0; space_of::<Arrival>()], [0; Departure::SPACE]);
    let mut pieces = [IoVecMut::new(&mut bytes)];
    let mut message = MsgHdrMut::new()
        .name(&mut name)
        .iov(&mut pieces)
        .control(&mut space);
    let received = io::recvmsg(server, &mut message, MsgFlags::empty())?;
    let peer = SocketAddr::try_from(received.address()?.ok_or("no address")?)?;

    let mut writer = Writer::new(&mut buffer);
    let arrival = received.control().get_all::<Arrival>()?;
    Departure::answer(&arrival).put(&mut writer, peer.ip())?;
    let pieces = [IoVec::new(received.data())];
    let answer = MsgHdr::new()
        .name(received.name())
        .iov(&pieces)
        .control(writer.finish());
    io::sendmsg(server, &answer, MsgFlags::empty())?;
    Ok(())
}
