//! Socket options that cannot be set, and those that have an old and a new form.

use crate::support::{self, *};
use crate::udp4::{SOFTWARE, check_timestamp, pair, software};
use ancil::level::SOL_IP;
use ancil::{Errno, Key, UpTo, io, space_of};
use ancil::{
    HCI_CMSG_DIR, IP_TTL, IPV6_TCLASS, MISDN_TIME_STAMP, SCM_CREDENTIALS, SCM_RIGHTS, SCTP_SNDRCV,
    SO_TIMESTAMP, SO_TIMESTAMPING, SO_TIMESTAMPNS, SO_TIMESTAMPNS_NEW, SO_TIMESTAMPNS_OLD, UDP_GRO,
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
    on_from_the_start
    one_byte
    level_0_of_another_family
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

/// Sockets of this family do not have the option of SCM_RIGHTS, which `enable` leaves as it is.
fn on_from_the_start() -> Outcome {
    let (_a, b) = pair()?;
    io::enable::<SCM_RIGHTS>(&b)?;
    io::enable::<UpTo<SCM_RIGHTS, 1>>(&b)?;
    io::enable::<(IP_TTL, UpTo<SCM_RIGHTS, 1>)>(&b)?;
    let e = io::disable::<SCM_RIGHTS>(&b).unwrap_err();
    assert_eq!(e.option.name(), "SO_PASSRIGHTS");
    let unknown = [Errno::ENOPROTOOPT, Errno::EOPNOTSUPP];
    assert!(unknown.contains(&e.errno), "{e}");
    Ok(())
}

/// The option of SCTP_SNDRCV is the first byte of a struct. The second stays as it was.
fn one_byte() -> Outcome {
    let sctp = socket(libc::AF_INET, libc::SOCK_STREAM, libc::IPPROTO_SCTP);
    let sctp = needs("SCTP", sctp)?;
    let option = SCTP_SNDRCV::OPTION.expect("an option");
    let (level, number) = (option.level(), option.number());
    needs(option.name(), try_set(&sctp, level, number, &[0, 1]))?;
    let events = || get(&sctp, level, number).map(i32::to_ne_bytes);
    enable::<SCTP_SNDRCV>(&sctp)?;
    assert_eq!(events()?, [1, 1, 0, 0]);
    disable::<SCTP_SNDRCV>(&sctp)?;
    assert_eq!(events()?, [0, 1, 0, 0]);
    Ok(())
}

/// The option of HCI_CMSG_DIR, and that of MISDN_TIME_STAMP, has the level and number of IP_TOS.
fn level_0_of_another_family() -> Outcome {
    let (_a, b) = pair()?;
    set(&b, "IP_TOS", SOL_IP, libc::IP_TOS, 0x10)?;
    for result in [
        io::enable::<HCI_CMSG_DIR>(&b),
        io::disable::<HCI_CMSG_DIR>(&b),
        io::enable::<MISDN_TIME_STAMP>(&b),
    ] {
        assert_eq!(result.unwrap_err().errno, Errno::ENOPROTOOPT);
    }
    let mut missing = Vec::new();
    io::enable_available::<(HCI_CMSG_DIR, IP_TTL)>(&b, |e| {
        missing.push(e.option.name());
        Ok(())
    })?;
    assert_eq!(missing, ["HCI_DATA_DIR"]);
    assert_eq!(get(&b, SOL_IP, libc::IP_TOS)?, 0x10);
    Ok(())
}
