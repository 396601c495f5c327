//! Packets with handwritten headers, and packets that are too long for the path.

use crate::namespace::in_namespace;
use crate::support::*;
use crate::{udp4, udp6};
use ancil::level::SOL_IP;
use ancil::payload::Origin;
use ancil::{
    Errno, IP_CHECKSUM, IP_PROTOCOL, IP_RECVFRAGSIZE, IPV6_2292RTHDR, IPV6_DONTFRAG, IPV6_PATHMTU,
    IPV6_RECVFRAGSIZE, space_of,
};
use ancil::{IP_RECVERR, IPV6_RTHDR, MsgFlags};
use std::net::{Ipv4Addr, Ipv6Addr, UdpSocket};

trials! {
    icmp_extension
    protocol [IP_PROTOCOL]
    checksum [IP_CHECKSUM]
    fragments_udp4 [IP_RECVFRAGSIZE]
    fragments_udp6 [IPV6_RECVFRAGSIZE]
    too_long [IPV6_DONTFRAG IPV6_PATHMTU]
    routing_header [IPV6_RTHDR IPV6_2292RTHDR]
}

const ICMP: u8 = 1;
const UDP: u8 = 17;
const ROUTING: u8 = 43;

/// Returns the sum of RFC 1071, not yet inverted.
fn sum(bytes: &[u8]) -> u16 {
    let words = bytes
        .chunks(2)
        .map(|pair| u32::from(pair[0]) << 8 | u32::from(*pair.get(1).unwrap_or(&0)));
    let fold = |sum: u32| (sum & 0xffff) + (sum >> 16);
    fold(fold(words.sum())) as u16 // the first fold can carry again
}

/// Makes a UDP header and data. The checksum covers the addresses, too.
fn datagram(addresses: &[u8], to: u16, data: &[u8]) -> Vec<u8> {
    let len = 8 + data.len() as u16;
    let from: u16 = 9;
    let mut all = [
        &from.to_be_bytes()[..],
        &to.to_be_bytes(),
        &len.to_be_bytes(),
        &[0; 2],
        data,
    ]
    .concat();
    let pseudo = [addresses, &len.to_be_bytes(), &[0, UDP], &all].concat();
    all[6..8].copy_from_slice(&(!sum(&pseudo)).to_be_bytes());
    all
}

/// Makes an IPv4 packet from this machine to itself. The kernel fills in length, id and checksum.
fn packet4(to: &UdpSocket, data: &[u8]) -> Outcome<Vec<u8>> {
    let localhost = Ipv4Addr::LOCALHOST.octets();
    let addresses = [localhost, localhost].concat();
    let head = [0x45, 0, 0, 0, 0, 0, 0, 0, 64, UDP, 0, 0];
    Ok([
        &head,
        &addresses[..],
        &datagram(&addresses, to.local_addr()?.port(), data),
    ]
    .concat())
}

/// Opens a socket for handwritten IPv4 packets, connected to this machine.
fn raw4() -> Outcome<UdpSocket> {
    let raw = raw_socket(libc::AF_INET)?;
    raw.connect((Ipv4Addr::LOCALHOST, 0))?;
    Ok(raw)
}

/// An ICMP message by hand, whose extension has a valid checksum or not: the kernel tells where the
/// extension is in the bytes of the packet that caused it.
fn icmp_extension() -> Outcome {
    const IP_RECVERR_RFC4884: i32 = 26;
    since("IP_RECVERR_RFC4884", (5, 9))?;
    in_namespace(|| {
        for valid in [true, false] {
            let (a, b) = udp4::pair()?;
            enable::<IP_RECVERR>(&a)?;
            set(&a, "IP_RECVERR_RFC4884", SOL_IP, IP_RECVERR_RFC4884, 1)?;
            // What `a` sent, as far as RFC 4884 wants it: 128 bytes.
            let mut caused = packet4(&b, &[7; 100])?;
            caused[2..4].copy_from_slice(&128u16.to_be_bytes());
            caused[20..22].copy_from_slice(&a.local_addr()?.port().to_be_bytes());
            // Version, checksum, and an object of 4 bytes.
            let mut extension = [0x20, 0, 0, 0, 0, 8, 1, 1, 1, 2, 3, 4];
            let checksum = !sum(&extension) ^ u16::from(!valid);
            extension[2..4].copy_from_slice(&checksum.to_be_bytes());
            // Port unreachable, caused by 32 words.
            let mut icmp = [&[3, 3, 0, 0, 0, 32, 0, 0], &caused[..], &extension].concat();
            let checksum = !sum(&icmp);
            icmp[2..4].copy_from_slice(&checksum.to_be_bytes());
            let localhost = Ipv4Addr::LOCALHOST.octets();
            let head = [0x45, 0, 0, 0, 0, 0, 0, 0, 64, ICMP, 0, 0];
            send_plain(
                &raw4()?,
                &[&head, &localhost[..], &localhost, &icmp].concat(),
            )?;
            wait(&a, libc::POLLERR)?;
            try_receive(&a, 512, MsgFlags::MSG_ERRQUEUE, |received| {
                let found = received.control().get(IP_RECVERR)?.expect("IP_RECVERR");
                assert_eq!(found.error.origin(), Origin::Icmp { ty: 3, code: 3 });
                let view = found.error.rfc4884().expect("an extension");
                assert_eq!((view.len, view.is_invalid()), (100, !valid));
                assert_eq!(bytes(&received)[100..], extension);
                Ok(())
            })??;
        }
        Ok(())
    })
}

fn protocol() -> Outcome {
    since("IP_PROTOCOL", (6, 4))?;
    in_namespace(|| {
        let (_a, b) = udp4::pair()?;
        let raw = raw4()?;
        send(&raw, &packet4(&b, b"by hand")?, |writer| {
            writer.put(IP_PROTOCOL, UDP.into())
        })?;
        receive(&b, 0, |received| {
            assert_eq!(bytes(&received), b"by hand");
            Ok(())
        })?;
        for bad in [0, 256, -1] {
            let refused = try_send(&raw, b"", MsgFlags::empty(), |writer| {
                writer.put(IP_PROTOCOL, bad)
            })?;
            assert_eq!(refused, Err(Errno(libc::EINVAL)), "{bad}");
        }
        Ok(())
    })
}

/// If the kernel has to compute the sum of a packet itself, it reports the sum as well.
fn checksum() -> Outcome {
    in_namespace(|| {
        let (_a, b) = udp4::pair()?;
        enable::<IP_CHECKSUM>(&b)?;
        let data = b"Some bytes to sum up.";
        send_plain(&raw4()?, &packet4(&b, data)?)?;
        let found = receive_one(&b, IP_CHECKSUM)?;
        // The message has 32 bits to be folded into 16, in the byte order of the memory.
        let folded = (found & 0xffff) + (found >> 16);
        let folded = ((folded & 0xffff) + (folded >> 16)) as u16;
        assert_eq!(folded.to_ne_bytes(), sum(data).to_be_bytes());
        Ok(())
    })
}

fn fragments_udp4() -> Outcome {
    in_namespace(|| {
        let (a, b) = udp4::pair()?;
        enable::<IP_RECVFRAGSIZE>(&b)?;
        send_plain(&a, &[0; 3000])?;
        assert_eq!(receive_one(&b, IP_RECVFRAGSIZE)?, 1500);
        Ok(())
    })
}

fn fragments_udp6() -> Outcome {
    in_namespace(|| {
        let (a, b) = udp6::pair()?;
        enable::<IPV6_RECVFRAGSIZE>(&b)?;
        send_plain(&a, &[0; 3000])?;
        // The payload of a fragment is a multiple of 8 bytes: 1448 after headers of 40 and 8.
        assert_eq!(receive_one(&b, IPV6_RECVFRAGSIZE)?, 1496);
        Ok(())
    })
}

fn too_long() -> Outcome {
    in_namespace(|| {
        let (a, b) = udp6::pair()?;
        enable::<IPV6_PATHMTU>(&a)?;
        let send_long = |dont_fragment| {
            try_send(&a, &[0; 3000], MsgFlags::empty(), |writer| {
                writer.put(IPV6_DONTFRAG, dont_fragment)
            })
        };
        assert_eq!(send_long(0)?, Ok(3000));
        receive(&b, 0, |_| Ok(()))?;
        assert_eq!(send_long(1)?, Err(Errno(libc::EMSGSIZE)));
        try_receive(
            &a,
            space_of::<IPV6_PATHMTU>(),
            MsgFlags::empty(),
            |received| {
                let path = received.control().get(IPV6_PATHMTU)?.expect("IPV6_PATHMTU");
                assert_eq!((received.bytes(), path.ip6m_mtu), (0, 1500));
                assert_eq!(
                    Ipv6Addr::from(path.ip6m_addr.sin6_addr),
                    Ipv6Addr::LOCALHOST
                );
                Ok(())
            },
        )??;
        assert_eq!(send_long(2)?, Err(Errno(libc::EINVAL)));
        Ok(())
    })
}

/// A routing header of an unknown type, without segments left, does not stop a packet.
fn routing_header() -> Outcome {
    in_namespace(|| {
        let (_a, b) = udp6::pair()?;
        let header = [UDP, 0, 253, 0, 1, 2, 3, 4];
        let localhost = Ipv6Addr::LOCALHOST.octets();
        let addresses = [localhost, localhost].concat();
        let rest = [
            &header[..],
            &datagram(&addresses, b.local_addr()?.port(), b"routed"),
        ]
        .concat();
        let [high, low] = (rest.len() as u16).to_be_bytes();
        let packet = [
            &[0x60, 0, 0, 0, high, low, ROUTING, 64],
            &addresses[..],
            &rest,
        ]
        .concat();
        let raw = raw_socket(libc::AF_INET6)?;
        raw.connect((Ipv6Addr::LOCALHOST, 0))?;
        enable::<IPV6_RTHDR>(&b)?;
        send_plain(&raw, &packet)?;
        assert_eq!(receive_bytes(&b, IPV6_RTHDR)?, header);
        disable::<IPV6_RTHDR>(&b)?;
        enable::<IPV6_2292RTHDR>(&b)?;
        send_plain(&raw, &packet)?;
        assert_eq!(receive_bytes(&b, ancil::IPV6_2292RTHDR)?, header);
        Ok(())
    })
}
