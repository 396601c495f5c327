//! `ipv6(7)` over the loopback interface.

use crate::support::*;
use ancil::addr::{Be32, SockaddrIn6};
use ancil::payload::In6Pktinfo;
use ancil::{Errno, Key, MsgFlags, Payload, space_of};
use ancil::{IPV6_2292HOPLIMIT, IPV6_2292PKTINFO, IPV6_FLOWINFO, IPV6_ORIGDSTADDR};
use ancil::{IPV6_HOPLIMIT, IPV6_PKTINFO, IPV6_RECVERR, IPV6_TCLASS};
use std::net::{Ipv6Addr, SocketAddr, UdpSocket};

trials! {
    pktinfo [IPV6_PKTINFO]
    hoplimit [IPV6_HOPLIMIT]
    tclass [IPV6_TCLASS]
    all_in_one_buffer
    recverr [IPV6_RECVERR]
    flowinfo [IPV6_FLOWINFO]
    original_destination [IPV6_ORIGDSTADDR]
    old_pktinfo [IPV6_2292PKTINFO]
    old_hoplimit [IPV6_2292HOPLIMIT]
}

const LOCALHOST: Ipv6Addr = Ipv6Addr::LOCALHOST;

/// Returns a sender, and the receiver to which it is connected.
pub fn pair() -> Outcome<(UdpSocket, UdpSocket)> {
    let bind = || needs("UDP over IPv6", UdpSocket::bind((LOCALHOST, 0)));
    let (a, b) = (bind()?, bind()?);
    a.connect(b.local_addr()?)?;
    Ok((a, b))
}

fn pktinfo() -> Outcome {
    let (a, b) = pair()?;
    enable::<IPV6_PKTINFO>(&b)?;
    send(&a, b"x", |writer| {
        writer.put(
            IPV6_PKTINFO,
            In6Pktinfo {
                ipi6_addr: LOCALHOST.into(),
                ipi6_ifindex: 0,
            },
        )
    })?;
    receive(&b, space_of::<IPV6_PKTINFO>(), |received| {
        let info = received.control().get(IPV6_PKTINFO)?.expect("IPV6_PKTINFO");
        assert_eq!(Ipv6Addr::from(info.ipi6_addr), LOCALHOST);
        assert_ne!(info.ipi6_ifindex, 0);
        Ok(())
    })
}

fn hoplimit() -> Outcome {
    let (a, b) = pair()?;
    enable::<IPV6_HOPLIMIT>(&b)?;
    send(&a, b"x", |writer| writer.put(IPV6_HOPLIMIT, 9))?;
    receive(&b, space_of::<IPV6_HOPLIMIT>(), |received| {
        assert_eq!(received.control().get(IPV6_HOPLIMIT)?, Some(9));
        Ok(())
    })
}

fn tclass() -> Outcome {
    let (a, b) = pair()?;
    enable::<IPV6_TCLASS>(&b)?;
    send(&a, b"x", |writer| writer.put(IPV6_TCLASS, 0xb9))?;
    receive(&b, space_of::<IPV6_TCLASS>(), |received| {
        assert_eq!(received.control().get(IPV6_TCLASS)?, Some(0xb9));
        Ok(())
    })
}

fn all_in_one_buffer() -> Outcome {
    let (a, b) = pair()?;
    enable::<IPV6_PKTINFO>(&b)?;
    enable::<IPV6_HOPLIMIT>(&b)?;
    enable::<IPV6_TCLASS>(&b)?;
    send(&a, b"x", |writer| {
        writer.put(IPV6_TCLASS, 4)?;
        writer.put(IPV6_HOPLIMIT, 5)
    })?;
    receive(
        &b,
        space_of::<(IPV6_PKTINFO, IPV6_HOPLIMIT, IPV6_TCLASS)>(),
        |received| {
            let all = received.control().collect::<Result<Vec<_>, _>>()?;
            let kinds: Vec<_> = all.iter().map(|raw| raw.ty).collect();
            assert_eq!(
                kinds,
                [IPV6_PKTINFO::TYPE, IPV6_HOPLIMIT::TYPE, IPV6_TCLASS::TYPE]
            );
            assert_eq!(
                (all[1].get(IPV6_HOPLIMIT)?, all[2].get(IPV6_TCLASS)?),
                (Some(5), Some(4))
            );
            Ok(())
        },
    )
}

fn recverr() -> Outcome {
    let (a, b) = pair()?;
    // `b` is connected to itself, so the port is closed to `a`, and no other process can take it.
    b.connect(b.local_addr()?)?;
    enable::<IPV6_RECVERR>(&a)?;
    send_plain(&a, b"is anybody there")?;
    wait(&a, libc::POLLERR)?;
    let there = b.local_addr()?;
    try_receive(&a, 512, MsgFlags::MSG_ERRQUEUE, |received| {
        assert_eq!(received.flags(), MsgFlags::MSG_ERRQUEUE);
        assert_eq!(bytes(&received), b"is anybody there");
        let from = SockaddrIn6::decode(received.name()).expect("an address");
        assert_eq!(SocketAddr::V6(from.into()), there);
        let found = received.control().get(IPV6_RECVERR)?.expect("IPV6_RECVERR");
        let e = found.error;
        // SO_EE_ORIGIN_ICMP6, destination unreachable, port unreachable.
        assert_eq!(
            (e.ee_errno, e.ee_origin, e.ee_type, e.ee_code),
            (libc::ECONNREFUSED as u32, 3, 1, 4)
        );
        assert_eq!(found.offender().map(|who| who.ip()), Some(LOCALHOST.into()));
        Ok(())
    })??;
    Ok(())
}

fn flowinfo() -> Outcome {
    let (a, b) = pair()?;
    enable::<IPV6_FLOWINFO>(&b)?;
    send(&a, b"x", |writer| {
        writer.put(IPV6_FLOWINFO, Be32::new(0x12345))?;
        writer.put(IPV6_TCLASS, 0xb8)
    })?;
    assert_eq!(receive_one(&b, IPV6_FLOWINFO)?.get(), 0xb81_2345);
    Ok(())
}

fn original_destination() -> Outcome {
    let (a, b) = pair()?;
    enable::<IPV6_ORIGDSTADDR>(&b)?;
    send_plain(&a, b"x")?;
    let there = receive_one(&b, IPV6_ORIGDSTADDR)?;
    assert_eq!(
        (there.sin6_addr.into(), there.sin6_port.get()),
        (LOCALHOST, b.local_addr()?.port())
    );
    Ok(())
}

fn old_pktinfo() -> Outcome {
    let (a, b) = pair()?;
    enable::<IPV6_2292PKTINFO>(&b)?;
    let source = |addr: Ipv6Addr| In6Pktinfo {
        ipi6_addr: addr.into(),
        ipi6_ifindex: 0,
    };
    send(&a, b"x", |writer| {
        writer.put(IPV6_2292PKTINFO, source(LOCALHOST))
    })?;
    assert_eq!(
        Ipv6Addr::from(receive_one(&b, IPV6_2292PKTINFO)?.ipi6_addr),
        LOCALHOST
    );
    // The prefix is reserved for documentation, so this machine does not have the address.
    let foreign = Ipv6Addr::new(0x2001, 0xdb8, 0, 0, 0, 0, 0, 1);
    let refused = try_send(&a, b"x", MsgFlags::empty(), |writer| {
        writer.put(IPV6_2292PKTINFO, source(foreign))
    })?;
    assert_eq!(refused, Err(Errno(libc::EINVAL)));
    Ok(())
}

fn old_hoplimit() -> Outcome {
    let (a, b) = pair()?;
    enable::<IPV6_2292HOPLIMIT>(&b)?;
    send(&a, b"x", |writer| writer.put(IPV6_2292HOPLIMIT, 11))?;
    assert_eq!(receive_one(&b, IPV6_2292HOPLIMIT)?, 11);
    Ok(())
}
