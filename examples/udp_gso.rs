//! Sends several datagrams in one call: UDP_SEGMENT has the kernel cut the bytes. They are received
//! one by one, and then joined again (UDP_GRO). `udp_batch` does this with thousands of packets.
//!
//!     cargo run --example udp_gso --features std [ADDRESS:PORT]
//!
//! With an address, it only sends there.

use ancil::{
    ControlBuf, IoVec, IoVecMut, MsgFlags, MsgHdr, MsgHdrMut, UDP_GRO, UDP_SEGMENT, io, space_of,
};
use std::net::{Ipv4Addr, UdpSocket};
use std::time::Duration;

type Outcome<T = ()> = Result<T, Box<dyn std::error::Error>>;

/// Tells the kernel the size of a datagram. The compiler builds it, in read-only memory.
static CUT: ControlBuf<{ space_of::<UDP_SEGMENT>() }> = ControlBuf::new().with(UDP_SEGMENT, 1000);

fn main() -> Outcome {
    let socket = UdpSocket::bind((Ipv4Addr::UNSPECIFIED, 0))?;
    if let Some(to) = std::env::args().nth(1) {
        socket.connect(to)?;
        return send(&socket);
    }
    for joined in [false, true] {
        let there = UdpSocket::bind((Ipv4Addr::LOCALHOST, 0))?;
        there.set_read_timeout(Some(Duration::from_secs(5)))?;
        if joined {
            io::enable::<UDP_GRO>(&there)?;
        }
        socket.connect(there.local_addr()?)?;
        send(&socket)?;
        let mut left = 3500;
        while left > 0 {
            left -= receive(&there)?;
        }
    }
    Ok(())
}

/// Sends 3500 bytes from two places, in one call.
fn send(socket: &UdpSocket) -> Outcome {
    let pieces = [IoVec::new(&[b'a'; 1200]), IoVec::new(&[b'b'; 2300])];
    let message = MsgHdr::new().iov(&pieces).control(CUT.as_control());
    println!(
        "sent {} bytes",
        io::sendmsg(socket, &message, MsgFlags::empty())
            .map_err(|e| format!("UDP_SEGMENT: {e}"))?
    );
    Ok(())
}

/// Receives with one call. Returns the number of bytes.
fn receive(socket: &UdpSocket) -> Outcome<usize> {
    let (mut bytes, mut control) = ([0; 1 << 16], ControlBuf::<{ space_of::<UDP_GRO>() }>::new());
    let mut pieces = [IoVecMut::new(&mut bytes)];
    let mut message = MsgHdrMut::new().iov(&mut pieces).control(control.space());
    let received = io::recvmsg(socket, &mut message, MsgFlags::empty())?;
    match received.control().get(UDP_GRO)? {
        Some(size) => println!("received {} bytes, datagrams of {size}", received.bytes()),
        None => println!("received {} bytes", received.bytes()),
    }
    Ok(received.bytes())
}
