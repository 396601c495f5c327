//! Both programs receive the same message, and their control bytes are compared.

use crate::peer::{Peer, unhex};
use crate::socket::{open, receive, send, set, udp, wait};
use crate::{Outcome, Stop, Test, trial};
use ancil::level::{SOL_IP, SOL_IPV6, SOL_NETLINK, SOL_PACKET, SOL_SOCKET, SOL_TCP, SOL_UDP};
use ancil::{
    Key, Reader, SCM_PIDFD, SCM_RIGHTS, SO_TIMESTAMP_NEW, SO_TIMESTAMPING_NEW, SO_TIMESTAMPNS_NEW,
};
use ancil::{compat, message_name};
use ancil_tests::fds;
use libtest_mimic::Trial;
use std::io::Error;
use std::net::{TcpListener, TcpStream, UdpSocket};
use std::os::fd::{AsRawFd, FromRawFd, OwnedFd};
use std::os::unix::net::{UnixDatagram, UnixStream};
use std::time::{Duration, Instant};

pub fn trials() -> Vec<Trial> {
    let all: [(&str, Test); 20] = [
        ("unix_dgram", unix_dgram),
        ("unix_pidfd", unix_pidfd),
        ("unix_stream_inq", unix_stream_inq),
        ("udp4", udp4),
        ("udp4_options", udp4_options),
        ("udp4_of_the_socket", udp4_of_the_socket),
        ("udp4_gro", udp4_gro),
        ("udp4_error", udp4_error),
        ("udp4_drops", udp4_drops),
        ("udp6", udp6),
        ("udp6_error", udp6_error),
        ("timestamp_old", || {
            timestamp(libc::SO_TIMESTAMP, 1, "SO_TIMESTAMP_OLD")
        }),
        ("timestampns_old", || {
            timestamp(libc::SO_TIMESTAMPNS, 1, "SO_TIMESTAMPNS_OLD")
        }),
        ("timestamping_old", || {
            timestamp(libc::SO_TIMESTAMPING, SOFTWARE, "SO_TIMESTAMPING_OLD")
        }),
        ("timestamp_new", || {
            timestamp(SO_TIMESTAMP_NEW::TYPE, 1, "SO_TIMESTAMP_NEW")
        }),
        ("timestampns_new", || {
            timestamp(SO_TIMESTAMPNS_NEW::TYPE, 1, "SO_TIMESTAMPNS_NEW")
        }),
        ("timestamping_new", || {
            timestamp(SO_TIMESTAMPING_NEW::TYPE, SOFTWARE, "SO_TIMESTAMPING_NEW")
        }),
        ("tcp_inq", tcp_inq),
        ("packet", packet),
        ("netlink", netlink),
    ];
    all.into_iter()
        .map(|(name, test)| trial(&format!("receive::{name}"), test))
        .collect()
}

const SOFTWARE: i32 = (libc::SOF_TIMESTAMPING_RX_SOFTWARE | libc::SOF_TIMESTAMPING_SOFTWARE) as i32;
/// These options are new in Linux 6.5, 6.14 and 6.17, and crate libc does not have them yet.
const SO_PASSPIDFD: i32 = 76;
const SO_RCVPRIORITY: i32 = 82;
const SO_INQ: i32 = 84;

/// Has both programs receive what `send` sends, and compares what they get. With `MSG_PEEK` both
/// receive the same message; otherwise `send` is called again and sends an equal one. It must
/// contain exactly the control messages in `names`, and the programs' control bytes must be
/// translations of each other.
fn compare(fd: &OwnedFd, flags: i32, names: &[&str], send: impl Fn() -> Outcome) -> Outcome {
    let mut peer = Peer::start(&[fd])?;
    let deadline = Instant::now() + Duration::from_secs(10);
    let events = if flags == libc::MSG_ERRQUEUE {
        libc::POLLERR
    } else {
        libc::POLLIN
    };
    let (wide, wide_flags) = loop {
        send()?;
        wait(fd, events)?;
        let (control, its_flags) = receive(fd, flags)?;
        let found =
            Reader::new(&control).map(|raw| Ok(message_name(raw?.level, raw?.ty).unwrap_or("?")));
        let found = found.collect::<Outcome<Vec<_>>>()?;
        if found == names {
            break (control, its_flags);
        }
        // The kernel enables timestamps of packets in the background, so the first ones may lack
        // it.
        if Instant::now() > deadline || found.len() >= names.len() {
            return Err(Stop::Fail(format!(
                "{found:?} arrived instead of {names:?}"
            )));
        }
        if flags == libc::MSG_PEEK {
            receive(fd, 0)?;
        }
    };
    if flags != libc::MSG_PEEK {
        send()?;
        wait(fd, events)?;
    }
    // The control bytes are equal only if descriptors get the same numbers in the 32-bit program.
    let fds = received_fds(&wide)?;
    let numbers: String = fds
        .iter()
        .map(|fd| format!(" {}", fd.as_raw_fd()))
        .collect();
    let flags = flags | libc::MSG_DONTWAIT;
    let answer = peer.ask(&format!("recv {} {flags} 2048{numbers}", fd.as_raw_fd()))?;
    let words: Vec<_> = answer.split(' ').collect();
    let [_, narrow_flags, narrow] = words[..] else {
        return Err(Stop::Fail(format!("the 32-bit program answered {answer}")));
    };
    assert_eq!(
        narrow_flags.parse::<i32>()? & !libc::MSG_CMSG_CLOEXEC,
        wide_flags
    );
    let narrow = unhex(narrow)?;

    let mut buffer = vec![0xaa; 2048];
    assert_eq!(compat::widen(&mut buffer, &narrow)?, wide, "{names:?}");
    assert_eq!(compat::narrow(&mut buffer, &wide)?, narrow, "{names:?}");
    assert_eq!(
        (compat::widened_len(&narrow)?, compat::narrowed_len(&wide)?),
        (wide.len(), narrow.len())
    );
    assert!(wide.len() > narrow.len());
    Ok(())
}

/// Takes ownership of the descriptors that arrived.
fn received_fds(control: &[u8]) -> Outcome<Vec<OwnedFd>> {
    let rights = Reader::new(control).get(SCM_RIGHTS)?.into_iter().flatten();
    let numbers = rights.chain(Reader::new(control).get(SCM_PIDFD)?.map(|pidfd| pidfd.0));
    // SAFETY: the only caller passes what recvmsg(2) has just returned. The kernel has opened these
    // descriptors for it, and nothing else owns them.
    Ok(numbers
        .map(|fd| unsafe { OwnedFd::from_raw_fd(fd) })
        .collect())
}

/// Sends `data` without control messages, for `compare`.
fn without_control<'a>(fd: &'a OwnedFd, data: &'a [u8]) -> impl Fn() -> Outcome + 'a {
    with_control(fd, data, |_| Ok(()))
}

/// Sends `data` with the control messages that `fill` writes, for `compare`.
fn with_control<'a>(
    fd: &'a OwnedFd,
    data: &'a [u8],
    fill: impl Fn(&mut ancil::Writer<'_>) -> Result<(), ancil::NoSpace> + 'a,
) -> impl Fn() -> Outcome + 'a {
    move || {
        let mut buffer = [0; 512];
        let mut writer = ancil::Writer::new(&mut buffer);
        fill(&mut writer)?;
        send(fd, data, writer.finish().as_bytes())?;
        Ok(())
    }
}

fn unix_dgram() -> Outcome {
    let (a, b) = UnixDatagram::pair()?;
    let (a, b) = (a.into(), b.into());
    set(&b, SOL_SOCKET, libc::SO_PASSCRED, 1)?;
    set(&b, SOL_SOCKET, libc::SO_TIMESTAMPNS, 1)?;
    let names = ["SO_TIMESTAMPNS_OLD", "SCM_CREDENTIALS", "SCM_RIGHTS"];
    compare(
        &b,
        libc::MSG_PEEK,
        &names,
        with_control(&a, b"x", |writer| writer.put(SCM_RIGHTS, &fds(&[0, 1, 2]))),
    )
}

fn unix_pidfd() -> Outcome {
    let (a, b) = UnixDatagram::pair()?;
    let (a, b) = (a.into(), b.into());
    set(&b, SOL_SOCKET, SO_PASSPIDFD, 1)?;
    compare(
        &b,
        libc::MSG_PEEK,
        &["SCM_RIGHTS", "SCM_PIDFD"],
        with_control(&a, b"x", |writer| writer.put(SCM_RIGHTS, &fds(&[2]))),
    )
}

fn unix_stream_inq() -> Outcome {
    let (a, b) = UnixStream::pair()?;
    let (a, b) = (a.into(), b.into());
    set(&b, SOL_SOCKET, SO_INQ, 1)?;
    compare(
        &b,
        libc::MSG_PEEK,
        &["SCM_INQ"],
        without_control(&a, b"hello"),
    )
}

fn udp4() -> Outcome {
    let (a, b) = udp("127.0.0.1:0")?;
    for option in [
        libc::IP_PKTINFO,
        libc::IP_RECVTTL,
        libc::IP_RECVTOS,
        libc::IP_RECVORIGDSTADDR,
    ] {
        set(&b, SOL_IP, option, 1)?;
    }
    let names = ["IP_PKTINFO", "IP_TTL", "IP_TOS", "IP_ORIGDSTADDR"];
    compare(
        &b,
        libc::MSG_PEEK,
        &names,
        with_control(&a, b"x", |writer| writer.put(ancil::IP_TOS, 0xb8)),
    )
}

fn udp4_options() -> Outcome {
    let (a, b) = udp("127.0.0.1:0")?;
    set(&b, SOL_IP, libc::IP_RECVOPTS, 1)?;
    set(&b, SOL_IP, libc::IP_RETOPTS, 1)?;
    let route = [7, 11, 4, 0, 0, 0, 0, 0, 0, 0, 0];
    let names = ["IP_RECVOPTS", "IP_RETOPTS"];
    compare(
        &b,
        libc::MSG_PEEK,
        &names,
        with_control(&a, b"x", |writer| writer.put(ancil::IP_RETOPTS, &route)),
    )
}

fn udp4_of_the_socket() -> Outcome {
    let (a, b) = udp("127.0.0.1:0")?;
    set(&b, SOL_SOCKET, libc::SO_RCVMARK, 1)?;
    set(&b, SOL_SOCKET, SO_RCVPRIORITY, 1)?;
    compare(
        &b,
        libc::MSG_PEEK,
        &["SO_MARK", "SO_PRIORITY"],
        with_control(&a, b"x", |writer| writer.put(ancil::SO_PRIORITY, 5)),
    )
}

fn udp4_gro() -> Outcome {
    let (a, b) = udp("127.0.0.1:0")?;
    set(&b, SOL_UDP, libc::UDP_GRO, 1)?;
    compare(
        &b,
        libc::MSG_PEEK,
        &["UDP_GRO"],
        with_control(&a, &[7; 1050], |writer| writer.put(ancil::UDP_SEGMENT, 100)),
    )
}

/// Sends to a port that is taken by a socket that is connected to itself and so receives nothing
/// from others. The kernel refuses each datagram with the same error.
fn refused(address: &str, level: i32, option: i32, name: &str) -> Outcome {
    let (a, b) = udp(address)?;
    let b = UdpSocket::from(b);
    b.connect(b.local_addr()?)?;
    set(&a, level, option, 1)?;
    compare(
        &a,
        libc::MSG_ERRQUEUE,
        &[name],
        without_control(&a, b"is anybody there"),
    )
}

fn udp4_error() -> Outcome {
    refused("127.0.0.1:0", SOL_IP, libc::IP_RECVERR, "IP_RECVERR")
}

fn udp6_error() -> Outcome {
    refused("[::1]:0", SOL_IPV6, libc::IPV6_RECVERR, "IPV6_RECVERR")
}

fn udp4_drops() -> Outcome {
    let (a, b) = udp("127.0.0.1:0")?;
    set(&b, SOL_SOCKET, libc::SO_RXQ_OVFL, 1)?;
    set(&b, SOL_SOCKET, libc::SO_RCVBUF, 1)?;
    (0..100).try_for_each(|_| send(&a, &[0; 1000], &[]).map(drop))?;
    while receive(&b, 0).is_ok() {}
    compare(
        &b,
        libc::MSG_PEEK,
        &["SO_RXQ_OVFL"],
        without_control(&a, b"x"),
    )
}

fn udp6() -> Outcome {
    let (a, b) = udp("[::1]:0")?;
    for option in [
        libc::IPV6_RECVPKTINFO,
        libc::IPV6_RECVHOPLIMIT,
        libc::IPV6_RECVTCLASS,
        libc::IPV6_FLOWINFO,
    ] {
        set(&b, SOL_IPV6, option, 1)?;
    }
    set(&b, SOL_IPV6, libc::IPV6_RECVORIGDSTADDR, 1)?;
    let names = [
        "IPV6_PKTINFO",
        "IPV6_HOPLIMIT",
        "IPV6_TCLASS",
        "IPV6_FLOWINFO",
        "IPV6_ORIGDSTADDR",
    ];
    compare(
        &b,
        libc::MSG_PEEK,
        &names,
        with_control(&a, b"x", |writer| writer.put(ancil::IPV6_TCLASS, 0xb8)),
    )
}

fn timestamp(option: i32, value: i32, name: &str) -> Outcome {
    let (a, b) = udp("127.0.0.1:0")?;
    set(&b, SOL_SOCKET, option, value)?;
    compare(&b, libc::MSG_PEEK, &[name], without_control(&a, b"x"))
}

fn tcp_inq() -> Outcome {
    let listener = TcpListener::bind("127.0.0.1:0")?;
    let a = TcpStream::connect(listener.local_addr()?)?.into();
    let b = listener.accept()?.0.into();
    set(&b, SOL_TCP, libc::TCP_INQ, 1)?;
    compare(
        &b,
        libc::MSG_PEEK,
        &["TCP_CM_INQ"],
        without_control(&a, b"hello"),
    )
}

/// Sends a packet of an experimental protocol on the loopback interface. It arrives twice: as an
/// outgoing and as an incoming packet.
fn packet() -> Outcome {
    const KIND: u16 = 0x88b5u16.to_be();
    let b = open(libc::AF_PACKET, libc::SOCK_DGRAM, KIND.into())?;
    set(&b, SOL_PACKET, libc::PACKET_AUXDATA, 1)?;
    // SAFETY: the fields of `sockaddr_ll` are integers, for which zero is valid.
    let mut to: libc::sockaddr_ll = unsafe { std::mem::zeroed() };
    (to.sll_family, to.sll_protocol, to.sll_halen) = (libc::AF_PACKET as u16, KIND, 6);
    // SAFETY: the literal is a string that ends with NUL.
    to.sll_ifindex = unsafe { libc::if_nametoindex(c"lo".as_ptr()) } as i32;
    let a = open(libc::AF_PACKET, libc::SOCK_DGRAM, 0)?;
    // Not with MSG_PEEK: the kernel overwrites the place from which it takes tp_len, so a second
    // look at the same packet would return another number.
    compare(&b, 0, &["PACKET_AUXDATA"], || {
        let (name, len) = ((&raw const to).cast(), size_of_val(&to) as u32);
        // SAFETY: the data is a literal of five bytes; `name` and `len` describe `to`. sendto(2)
        // only reads them.
        match unsafe { libc::sendto(a.as_raw_fd(), b"hello".as_ptr().cast(), 5, 0, name, len) } {
            5 => Ok(()),
            _ => Err(Error::last_os_error().into()),
        }
    })
}

/// Receives an answer of the kernel, which goes to no multicast group: the message says group 0.
fn netlink() -> Outcome {
    const NETLINK_PKTINFO: i32 = 3;
    let b = open(libc::AF_NETLINK, libc::SOCK_RAW, libc::NETLINK_ROUTE)?;
    set(&b, SOL_NETLINK, NETLINK_PKTINFO, 1)?;
    compare(&b, libc::MSG_PEEK, &["NETLINK_PKTINFO"], || {
        // An NLMSG_NOOP that asks for an acknowledgement.
        let request = [
            16u32.to_ne_bytes(),
            (1u32 | 5 << 16).to_ne_bytes(),
            [0; 4],
            [0; 4],
        ]
        .concat();
        send(&b, &request, &[])?;
        Ok(())
    })
}
