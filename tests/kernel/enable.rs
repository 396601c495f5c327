//! Socket options that cannot be set, and those that have an old and a new form.

use crate::support::{self, *};
use crate::udp4::{SOFTWARE, check_timestamp, pair, software};
use ancil::{
    Errno, IP_TTL, IPV6_TCLASS, SCM_CREDENTIALS, SO_TIMESTAMP, SO_TIMESTAMPING, SO_TIMESTAMPNS,
    SO_TIMESTAMPNS_NEW, SO_TIMESTAMPNS_OLD, UDP_GRO, io, space_of,
};
use std::net::UdpSocket;
use std::os::unix::net::UnixDatagram;

trials! {
    timestamp
    timestampns
    timestamping
    form
    refused
    left_out
    disabled
}

fn timestamp() -> Outcome {
    check_timestamp(SO_TIMESTAMP)
}

fn timestampns() -> Outcome {
    check_timestamp(SO_TIMESTAMPNS)
}

fn timestamping() -> Outcome {
    let (a, b) = pair()?;
    switched(io::enable_with(&b, SO_TIMESTAMPING, SOFTWARE))?;
    support::check_timestamp((&a, &b), SO_TIMESTAMPING, software)
}

/// On 32-bit machines the times have 64 bits, if the kernel can measure such times.
fn form() -> Outcome {
    let (a, b) = pair()?;
    let has_new = io::enable::<SO_TIMESTAMPNS_NEW>(&a).is_ok();
    enable::<SO_TIMESTAMPNS>(&b)?;
    if size_of::<usize>() == 4 && has_new {
        support::check_timestamp((&a, &b), SO_TIMESTAMPNS_NEW, Some)
    } else {
        support::check_timestamp((&a, &b), SO_TIMESTAMPNS_OLD, Some)
    }
}

/// Returns whether a packet from `a` arrives at `b` with its TTL.
fn ttl_arrives(a: &UdpSocket, b: &UdpSocket) -> Outcome<bool> {
    send_plain(a, b"x")?;
    let ttl = receive(b, space_of::<IP_TTL>(), |received| {
        Ok(received.control().get(IP_TTL)?)
    })?;
    Ok(ttl.is_some())
}

/// The sockets are of IPv4 and do not have the option of IPv6.
fn refused() -> Outcome {
    let (a, b) = pair()?;
    let e = io::enable::<(IP_TTL, IPV6_TCLASS)>(&b).unwrap_err();
    assert_eq!(
        (e.option.name(), e.errno),
        ("IPV6_RECVTCLASS", Errno::ENOPROTOOPT)
    );
    assert!(e.to_string().starts_with("IPV6_RECVTCLASS: "), "{e}");
    assert!(ttl_arrives(&a, &b)?);

    let (a, b) = pair()?;
    assert_eq!(io::enable::<(IPV6_TCLASS, IP_TTL)>(&b), Err(e));
    assert!(!ttl_arrives(&a, &b)?);
    Ok(())
}

fn left_out() -> Outcome {
    let (a, b) = pair()?;
    let mut missing = Vec::new();
    let result = io::enable_available::<(IPV6_TCLASS, IP_TTL)>(&b, |e| {
        missing.push(e.option.name());
        Ok(())
    });
    assert_eq!((result, missing), (Ok(()), vec!["IPV6_RECVTCLASS"]));
    assert!(ttl_arrives(&a, &b)?);

    // Sockets of other families have another error for it.
    let (a, _b) = UnixDatagram::pair()?;
    let mut missing = Vec::new();
    let result = io::enable_available::<(IP_TTL, SCM_CREDENTIALS, UDP_GRO)>(&a, |e| {
        missing.push(e.option.name());
        Ok(())
    });
    assert_eq!((result, missing), (Ok(()), vec!["IP_RECVTTL", "UDP_GRO"]));

    // An error of another kind ends it.
    let file = std::fs::File::open("/dev/null")?;
    let e = io::enable_available::<IP_TTL>(&file, |e| panic!("{e} was left out")).unwrap_err();
    assert_eq!(e.errno, Errno::ENOTSOCK);
    Ok(())
}

fn disabled() -> Outcome {
    let (a, b) = pair()?;
    enable::<IP_TTL>(&b)?;
    assert!(ttl_arrives(&a, &b)?);
    disable::<IP_TTL>(&b)?;
    assert!(!ttl_arrives(&a, &b)?);
    Ok(())
}
