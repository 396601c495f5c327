//! Sends a file over UDP on the loopback interface: many packets with few system calls. Each call
//! sends a batch of messages, each of which the kernel cuts into packets (GSO). Each call receives
//! a batch of messages, in which the kernel has joined packets again (GRO), with ECN bits,
//! destination and time of arrival. What arrives is compared with what was sent.
//!
//!     cargo run --release --example udp_batch --features std [FILE]    default: this program

use ancil::{
    Control, ControlBuf, IoVec, IoVecMut, MMsgHdr, MsgFlags, MsgHdr, Received, io, space_of,
};
use ancil::{IP_PKTINFO, IP_TOS, SO_TIMESTAMPNS, UDP_GRO, UDP_SEGMENT};
use socket2::SockRef;
use std::net::{Ipv4Addr, UdpSocket};
use std::path::PathBuf;
use std::process::ExitCode;
use std::time::{Duration, Instant};

type Outcome<T = ()> = Result<T, Box<dyn std::error::Error>>;

/// The number of bytes in a packet.
const SEGMENT: usize = 1200;
/// The number of packets in a message that the kernel cuts.
const SEGMENTS: usize = 32;
/// The number of messages that one call can receive.
const MESSAGES: usize = 64;
/// ECT(0): this sender reacts to congestion marks.
const ECN: i32 = 2;

/// The control messages of a message that the kernel cuts.
static CUT: ControlBuf<{ space_of::<(IP_TOS, UDP_SEGMENT)>() }> = ControlBuf::new()
    .with(IP_TOS, ECN)
    .with(UDP_SEGMENT, SEGMENT as u16);
/// The control messages of a message that is one packet.
static WHOLE: ControlBuf<{ space_of::<IP_TOS>() }> = ControlBuf::new().with(IP_TOS, ECN);
/// What the receiver asks for.
type Asked = (IP_PKTINFO, IP_TOS, SO_TIMESTAMPNS, UDP_GRO);
/// The space for the control messages that arrive.
const SPACE: usize = space_of::<Asked>();

#[derive(Default)]
struct Counts {
    bytes: usize,
    packets: usize,
    stamped: usize,
    sends: usize,
    receives: usize,
}

fn main() -> ExitCode {
    match run() {
        Ok(()) => ExitCode::SUCCESS,
        Err(e) => {
            eprintln!("udp_batch: {e}");
            ExitCode::FAILURE
        }
    }
}

fn run() -> Outcome {
    let path = std::env::args_os()
        .nth(1)
        .map_or_else(std::env::current_exe, |path| Ok(PathBuf::from(path)))?;
    let data = std::fs::read(path)?;
    let (here, there) = (
        UdpSocket::bind((Ipv4Addr::LOCALHOST, 0))?,
        UdpSocket::bind((Ipv4Addr::LOCALHOST, 0))?,
    );
    here.connect(there.local_addr()?)?;
    there.set_read_timeout(Some(Duration::from_secs(5)))?;
    SockRef::from(&there).set_recv_buffer_size(1 << 20)?;
    let mut joins = true;
    io::enable_available::<Asked>(&there, |e| {
        if e.option.name() != "UDP_GRO" {
            return Err(e);
        }
        // UDP_SEGMENT (Linux 4.18) is older than UDP_GRO (5.0), so a kernel that joins also cuts.
        println!("this kernel has no UDP_GRO: it neither joins nor cuts packets here");
        joins = false;
        Ok(())
    })?;

    let mut arena = vec![[0; 1 << 16]; MESSAGES];
    let mut vectors: Vec<_> = arena
        .iter_mut()
        .map(|bytes| [IoVecMut::from(bytes)])
        .collect();
    let mut control = [[0; SPACE]; MESSAGES];
    let mut space = io::RecvBuffers::<MESSAGES>::new(&mut vectors).control(&mut control);

    let (mut counts, start) = (Counts::default(), Instant::now());
    // UDP drops what the receiver's buffer cannot hold, so no more than this is in flight at any
    // time.
    let (message, messages, control) = if joins {
        (SEGMENT * SEGMENTS, 4, CUT.as_control())
    } else {
        (SEGMENT, MESSAGES, WHOLE.as_control())
    };
    for flight in data.chunks(message * messages) {
        send(&here, flight, message, control, &mut counts)?;
        let end = counts.bytes + flight.len();
        while counts.bytes < end {
            counts.receives += 1;
            let batch = io::recvmmsg(&there, &mut space, MsgFlags::MSG_WAITFORONE, None);
            for received in batch.map_err(|e| format!("{e}: a packet was lost"))? {
                check(&received, &data, &mut counts)?;
            }
        }
    }
    report(&counts, start.elapsed());
    Ok(())
}

/// Sends all of `flight` in messages of at most `message` bytes.
fn send(
    socket: &UdpSocket,
    flight: &[u8],
    message: usize,
    control: Control<'_>,
    counts: &mut Counts,
) -> Outcome {
    let vectors: Vec<_> = flight
        .chunks(message)
        .map(|bytes| [IoVec::new(bytes)])
        .collect();
    let mut batch: Vec<_> = vectors
        .iter()
        .map(|vectors| MMsgHdr::new(MsgHdr::new().iov(vectors).control(control)))
        .collect();
    let mut rest = &mut batch[..];
    while !rest.is_empty() {
        counts.sends += 1;
        let sent = io::sendmmsg(socket, rest, MsgFlags::empty())?;
        rest = &mut rest[sent..];
    }
    Ok(())
}

/// Compares what arrived with what was sent, and checks the control messages.
fn check(received: &Received<'_>, data: &[u8], counts: &mut Counts) -> Outcome {
    let mut rest = &data[counts.bytes..];
    let same = received
        .chunks()
        .all(|part| rest.strip_prefix(part).map(|left| rest = left).is_some());
    if !same || received.flags() != MsgFlags::empty() {
        return Err(format!(
            "what arrived differs from what was sent, at byte {} or later",
            counts.bytes
        )
        .into());
    }
    let control = || received.control();
    let to = control()
        .get(IP_PKTINFO)?
        .map(|info| Ipv4Addr::from(info.ipi_addr));
    let ecn = control().get(IP_TOS)?.map(|tos| tos & 3);
    if (to, ecn) != (Some(Ipv4Addr::LOCALHOST), Some(ECN)) {
        return Err(format!("arrived at {to:?} with ECN {ecn:?}").into());
    }
    // A message without UDP_GRO is one packet.
    let size = control()
        .get(UDP_GRO)?
        .and_then(|size| usize::try_from(size).ok())
        .unwrap_or(usize::MAX);
    let packets = received.bytes().div_ceil(size.max(1));
    counts.stamped += if control().get(SO_TIMESTAMPNS)?.is_some() {
        packets
    } else {
        0
    };
    counts.packets += packets;
    counts.bytes += received.bytes();
    Ok(())
}

fn report(counts: &Counts, time: Duration) {
    let Counts {
        bytes,
        packets,
        stamped,
        sends,
        receives,
    } = *counts;
    let (packet_count, seconds) = (packets.max(1) as f64, time.as_secs_f64());
    println!(
        "{bytes} bytes arrived as they were sent, in {packets} packets, \
         {stamped} with a time of arrival"
    );
    println!(
        "{:.0} packets and {:.0} MB a second",
        packets as f64 / seconds,
        bytes as f64 / seconds / 1e6
    );
    println!(
        "{sends} calls of sendmmsg, {receives} of recvmmsg: {:.3} per packet",
        (sends + receives) as f64 / packet_count
    );
}
