//! What a datagram's messages say, on sockets of IPv4, of IPv6, and of both: `datagram`.

use crate::namespace::loopback_index;
use crate::support::*;
use ancil::addr::Address;
use ancil::datagram::{Arrival, Departure, Ecn, traffic_class};
use ancil::level::{SOL_SOCKET, SOL_UDP};
use ancil::payload::SockTxtime;
use ancil::{
    IPV6_PKTINFO, IPV6_TCLASS, IoVec, MsgFlags, MsgHdr, SCM_TXTIME, UDP_GRO, Writer, io, space_of,
};
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr, SocketAddrV6, UdpSocket};
use std::time::{Duration, Instant};

trials! {
    both_families
    mapped_peer
    mapped_peer_by_messages_of_ipv6
    class_to_a_mapped_peer
    answer_from_the_asked_address
    answer_to_a_mapped_peer_from_the_asked_address
    answer_from_a_link_local_address
    multicast
    multicast_of_ipv6
    broadcast
    broadcast_on_a_socket_of_both
    segments
    drops
    time
    time_to_send
    available_options
}

const LOCALHOST: IpAddr = IpAddr::V4(Ipv4Addr::LOCALHOST);
/// Not the address that the kernel would choose as the source.
const ASKED: IpAddr = IpAddr::V4(Ipv4Addr::new(127, 0, 0, 2));

/// Returns a socket of this address.
fn bind(address: impl Into<IpAddr>) -> Outcome<UdpSocket> {
    needs("the address", UdpSocket::bind((address.into(), 0)))
}

/// Returns a socket of this address that receives all messages that it can.
fn server(address: impl Into<IpAddr>) -> Outcome<UdpSocket> {
    let socket = bind(address)?;
    io::enable_available::<Arrival>(&socket, |_| Ok(()))?;
    Ok(socket)
}

/// Returns an IPv6 socket that takes part in IPv4 as well.
fn dual() -> Outcome<UdpSocket> {
    let socket = bind(Ipv6Addr::UNSPECIFIED)?;
    match get(&socket, libc::IPPROTO_IPV6, libc::IPV6_V6ONLY)? {
        0 => Ok(socket),
        _ => Err(Stop::Skip("net.ipv6.bindv6only is on".into())),
    }
}

/// Sends bytes as `departure` says.
fn depart(from: &UdpSocket, to: SocketAddr, bytes: &[u8], departure: Departure) -> Outcome {
    let mut control = [0; Departure::SPACE];
    let mut writer = Writer::new(&mut control);
    departure.put(&mut writer, to.ip())?;
    let (vectors, name) = ([IoVec::new(bytes)], Address::from(to));
    let message = MsgHdr::new().name(name.as_bytes()).iov(&vectors);
    let sent = io::sendmsg(from, &message.control(writer.finish()), MsgFlags::empty())?;
    assert_eq!(sent, bytes.len());
    Ok(())
}

/// Returns what arrives next, and from where.
fn arrive(at: &UdpSocket) -> Outcome<(Arrival, SocketAddr)> {
    receive(at, space_of::<Arrival>(), |received| {
        let from = received.address()?.expect("UDP reports an address");
        Ok((
            received.control().get_all::<Arrival>()?,
            SocketAddr::try_from(from)?,
        ))
    })
}

/// Returns the address by which `address` reaches a socket.
fn at(address: IpAddr, socket: &UdpSocket) -> Outcome<SocketAddr> {
    Ok((address, socket.local_addr()?.port()).into())
}

/// The lower and the upper bits of a class, and a hop limit, that no system chooses by itself.
fn marked() -> Departure {
    Departure {
        traffic_class: traffic_class(46, Ecn::Ect1),
        hop_limit: Some(9),
        ..Departure::default()
    }
}

/// Checks all that a datagram says which was sent as `marked` from this machine.
fn check_marked(arrival: &Arrival, to: IpAddr) {
    let expected = Arrival {
        to: Some(to),
        local: Some(to),
        interface: Some(loopback_index() as u32),
        ecn: Some(Ecn::Ect1),
        dscp: Some(46),
        hop_limit: Some(9),
        timestamp: arrival.timestamp, // the first packets may lack it
        ..Arrival::default()
    };
    assert_eq!(*arrival, expected);
}

fn both_families() -> Outcome {
    let ipv6 = Ipv6Addr::LOCALHOST.into();
    for address in [LOCALHOST, ipv6] {
        let (a, b) = (bind(address)?, server(address)?);
        depart(&a, b.local_addr()?, b"x", marked())?;
        let (arrival, from) = arrive(&b)?;
        check_marked(&arrival, address);
        assert_eq!(from, a.local_addr()?);
    }
    Ok(())
}

fn mapped_peer() -> Outcome {
    let (a, b) = (bind(LOCALHOST)?, dual()?);
    io::enable_available::<Arrival>(&b, |_| Ok(()))?;
    depart(&a, at(ASKED, &b)?, b"x", marked())?;
    let (arrival, from) = arrive(&b)?;
    check_marked(&arrival, ASKED);
    assert_eq!(from.ip(), Ipv4Addr::LOCALHOST.to_ipv6_mapped());
    Ok(())
}

/// With the option of IPv6 alone, the kernel says the mapped address.
fn mapped_peer_by_messages_of_ipv6() -> Outcome {
    let (a, b) = (bind(LOCALHOST)?, dual()?);
    enable::<IPV6_PKTINFO>(&b)?;
    depart(&a, at(ASKED, &b)?, b"x", marked())?;
    let (arrival, _) = arrive(&b)?;
    assert_eq!((arrival.to, arrival.local), (Some(ASKED), Some(ASKED)));
    assert_eq!(arrival.interface, Some(loopback_index() as u32));
    Ok(())
}

/// The class of a `Departure` arrives at a mapped address. IPV6_TCLASS has no effect there.
fn class_to_a_mapped_peer() -> Outcome {
    let (a, b) = (dual()?, server(LOCALHOST)?);
    let to = at(Ipv4Addr::LOCALHOST.to_ipv6_mapped().into(), &b)?;
    depart(&a, to, b"x", marked())?;
    check_marked(&arrive(&b)?.0, LOCALHOST);
    a.connect(to)?;
    send(&a, b"x", |writer| writer.put(IPV6_TCLASS, 0xb9))?;
    let (arrival, _) = arrive(&b)?;
    assert_eq!((arrival.dscp, arrival.ecn), (Some(0), Some(Ecn::NotEct)));
    Ok(())
}

/// Asks a server at `ASKED`. The client is connected, so it takes no answer from elsewhere.
fn ask(client: &UdpSocket, server: &UdpSocket) -> Outcome {
    client.connect(at(ASKED, server)?)?;
    client.set_read_timeout(Some(Duration::from_secs(10)))?;
    send_plain(client, b"?")?;
    let (arrival, from) = arrive(server)?;
    depart(server, from, b"!", Departure::answer(&arrival))?;
    assert_eq!(client.recv(&mut [0])?, 1);
    Ok(())
}

fn answer_from_the_asked_address() -> Outcome {
    ask(&bind(LOCALHOST)?, &server(Ipv4Addr::UNSPECIFIED)?)
}

fn answer_to_a_mapped_peer_from_the_asked_address() -> Outcome {
    let server = dual()?;
    io::enable_available::<Arrival>(&server, |_| Ok(()))?;
    ask(&bind(LOCALHOST)?, &server)?;
    let server = dual()?;
    enable::<IPV6_PKTINFO>(&server)?;
    ask(&bind(LOCALHOST)?, &server)
}

/// Returns the IPv6 addresses of this machine, each with the index of its interface.
fn addresses_of_ipv6() -> Vec<(Ipv6Addr, u32)> {
    let all = std::fs::read_to_string("/proc/net/if_inet6").unwrap_or_default();
    let addresses = all.lines().filter_map(|line| {
        let (address, rest) = line.split_once(' ')?;
        let (index, _) = rest.split_once(' ')?;
        let address = u128::from_str_radix(address, 16).ok()?;
        Some((address.into(), u32::from_str_radix(index, 16).ok()?))
    });
    addresses.collect()
}

/// The address of the peer is global, so it names no interface, and the answer has to.
fn answer_from_a_link_local_address() -> Outcome {
    let all = addresses_of_ipv6();
    let pairs = all
        .iter()
        .flat_map(|asked| all.iter().map(move |peer| (asked, peer)));
    let mut pairs = pairs.filter(|(asked, peer)| {
        let is_link_local = |of: &Ipv6Addr| of.is_unicast_link_local();
        asked.1 == peer.1 && is_link_local(&asked.0) && !is_link_local(&peer.0)
    });
    let Some((&(asked, index), &(peer, _))) = pairs.next() else {
        let missing = "no interface with a link-local address and another of IPv6";
        return Err(Stop::Skip(missing.into()));
    };
    let (a, b) = (bind(peer)?, server(Ipv6Addr::UNSPECIFIED)?);
    let to = SocketAddrV6::new(asked, b.local_addr()?.port(), 0, index);
    depart(&a, to.into(), b"?", Departure::default())?;
    let (arrival, from) = arrive(&b)?;
    assert_eq!(arrival.local, Some(asked.into()));
    depart(&b, from, b"!", Departure::answer(&arrival))?;
    assert_eq!(arrive(&a)?.1.ip(), asked);
    Ok(())
}

/// Returns a departure by the loopback interface. With IPv4, naming an interface undoes the address
/// that a socket is bound to.
fn by_loopback() -> Departure {
    Departure {
        from: Some(LOCALHOST),
        interface: Some(loopback_index() as u32),
        ..Departure::default()
    }
}

fn multicast() -> Outcome {
    let group = Ipv4Addr::new(224, 0, 0, 251);
    let (a, b) = (bind(LOCALHOST)?, server(Ipv4Addr::UNSPECIFIED)?);
    needs("a group", b.join_multicast_v4(&group, &Ipv4Addr::LOCALHOST))?;
    depart(&a, at(group.into(), &b)?, b"x", by_loopback())?;
    let (arrival, from) = arrive(&b)?;
    assert_eq!(arrival.to, Some(group.into()));
    assert_eq!(arrival.local, Some(LOCALHOST));
    assert_eq!(arrival.interface, Some(loopback_index() as u32));
    depart(&b, from, b"!", Departure::answer(&arrival))?;
    assert_eq!(arrive(&a)?.1.ip(), LOCALHOST);
    Ok(())
}

/// Returns the index of an interface with IPv6 that is not the loopback, where groups do not work.
fn interface_of_ipv6() -> Outcome<u32> {
    let mut indices = addresses_of_ipv6().into_iter().map(|(_, index)| index);
    let found = indices.find(|index| *index != loopback_index() as u32);
    found.ok_or_else(|| Stop::Skip("no interface with IPv6 but the loopback".into()))
}

/// The group is one of interface-local scope: no packet leaves the machine.
fn multicast_of_ipv6() -> Outcome {
    let group = Ipv6Addr::new(0xff11, 0, 0, 0, 0, 0, 0, 0xfb);
    let (any, index) = (Ipv6Addr::UNSPECIFIED, interface_of_ipv6()?);
    let (a, b) = (server(any)?, server(any)?);
    needs("a group", b.join_multicast_v6(&group, index))?;
    let by_interface = Departure {
        interface: Some(index),
        ..Departure::default()
    };
    depart(&a, at(group.into(), &b)?, b"x", by_interface)?;
    let (arrival, from) = arrive(&b)?;
    assert_eq!((arrival.to, arrival.local), (Some(group.into()), None));
    assert_eq!(arrival.interface, Some(index));
    depart(&b, from, b"!", Departure::answer(&arrival))?;
    assert_eq!(arrive(&a)?.0.to, Some(from.ip()));
    Ok(())
}

/// Sends a broadcast to `b`, and checks what is said about it.
fn check_broadcast(b: &UdpSocket) -> Outcome {
    let a = bind(LOCALHOST)?;
    a.set_broadcast(true)?;
    let all = Ipv4Addr::new(127, 255, 255, 255).into();
    depart(&a, at(all, b)?, b"x", marked())?;
    let (arrival, from) = arrive(b)?;
    assert_eq!((arrival.to, arrival.local), (Some(all), Some(LOCALHOST)));
    depart(b, from, b"!", Departure::answer(&arrival))?;
    assert_eq!(arrive(&a)?.1.ip(), LOCALHOST);
    Ok(())
}

fn broadcast() -> Outcome {
    check_broadcast(&server(Ipv4Addr::UNSPECIFIED)?)
}

fn broadcast_on_a_socket_of_both() -> Outcome {
    let b = dual()?;
    io::enable_available::<Arrival>(&b, |_| Ok(()))?;
    check_broadcast(&b)
}

/// The kernel cuts the bytes, and joins the pieces.
fn segments() -> Outcome {
    for address in [LOCALHOST, Ipv6Addr::LOCALHOST.into()] {
        let (a, b) = (bind(address)?, server(address)?);
        set(&a, "UDP_SEGMENT", SOL_UDP, libc::UDP_SEGMENT, 0)?;
        enable::<UDP_GRO>(&b)?;
        let cut = Departure {
            segment_size: Some(100),
            ..marked()
        };
        depart(&a, b.local_addr()?, &[7; 1050], cut)?;
        let (mut arrival, _) = arrive(&b)?;
        assert_eq!(arrival.segment_size.take(), Some(100));
        check_marked(&arrival, address);
    }
    Ok(())
}

fn drops() -> Outcome {
    let (a, b) = (bind(LOCALHOST)?, server(LOCALHOST)?);
    set(&b, "SO_RCVBUF", SOL_SOCKET, libc::SO_RCVBUF, 0)?;
    let sent = 40;
    for _ in 0..sent {
        depart(&a, b.local_addr()?, &[0; 500], Departure::default())?;
    }
    let mut kept = 0;
    while try_receive(&b, 0, MsgFlags::empty(), |_| Ok(()))?.is_ok() {
        kept += 1;
    }
    assert!((1..sent).contains(&kept), "{kept} of {sent} were kept");
    depart(&a, b.local_addr()?, b"x", Departure::default())?;
    assert_eq!(arrive(&b)?.0.drops, Some(sent - kept));
    Ok(())
}

fn time() -> Outcome {
    let (a, b) = (bind(LOCALHOST)?, server(LOCALHOST)?);
    let deadline = Instant::now() + Duration::from_secs(10);
    while Instant::now() < deadline {
        depart(&a, b.local_addr()?, b"x", Departure::default())?;
        if let Some(time) = arrive(&b)?.0.timestamp {
            return check_recent(time);
        }
    }
    Err(Stop::Fail("no timestamp in ten seconds".into()))
}

fn time_to_send() -> Outcome {
    let (a, b) = (bind(LOCALHOST)?, server(LOCALHOST)?);
    let clock = SockTxtime {
        clockid: libc::CLOCK_MONOTONIC,
        ..SockTxtime::default()
    };
    let past = Departure {
        txtime: Some(1),
        ..marked()
    };
    assert!(
        depart(&a, b.local_addr()?, b"x", past).is_err(),
        "SO_TXTIME is not set yet"
    );
    switched(io::enable_with(&a, SCM_TXTIME, clock))?;
    depart(&a, b.local_addr()?, b"x", past)?;
    check_marked(&arrive(&b)?.0, LOCALHOST);
    Ok(())
}

/// A socket of IPv4 lacks the options of IPv6, and no other.
fn available_options() -> Outcome {
    let missing = |address: IpAddr| {
        let (socket, mut missing) = (bind(address)?, Vec::new());
        io::enable_available::<Arrival>(&socket, |e| {
            missing.push(e.option.name());
            Ok(())
        })?;
        Outcome::Ok(missing)
    };
    assert_eq!(
        missing(LOCALHOST)?,
        ["IPV6_RECVPKTINFO", "IPV6_RECVTCLASS", "IPV6_RECVHOPLIMIT"]
    );
    assert!(missing(Ipv6Addr::LOCALHOST.into())?.is_empty());
    Ok(())
}
