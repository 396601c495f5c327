//! `ipv6(7)`: headers between that of IP and that of UDP.

use crate::namespace::in_namespace;
use crate::support::*;
use crate::udp6::pair;
use ancil::level::SOL_IPV6;
use ancil::payload::Bytes;
use ancil::{Errno, Key, MsgFlags};
use ancil::{IPV6_2292DSTOPTS, IPV6_2292HOPOPTS, IPV6_2292RTHDR, IPV6_DSTOPTS, IPV6_HOPOPTS};
use ancil::{IPV6_RTHDR, IPV6_RTHDRDSTOPTS};
use std::net::Ipv6Addr;

trials! {
    hop [IPV6_HOPOPTS] destination [IPV6_DSTOPTS] old_hop [IPV6_2292HOPOPTS] old_destination [IPV6_2292DSTOPTS]
    both_at_once before_routing [IPV6_RTHDRDSTOPTS] routing_sent old_routing_sent
}

type Header = Key<Bytes>;

const UDP: u8 = 17;
const DESTINATION: u8 = 60;
const INVALID: Result<usize, Errno> = Err(Errno(libc::EINVAL));

/// One option for experiments, to be passed over by who does not know it: kind, length, four bytes. The first two
/// bytes are the kernel's: which header comes next, and the length.
const OPTIONS: [u8; 8] = [0, 0, 0x1e, 4, 1, 2, 3, 4];

fn arrived(next: u8) -> [u8; 8] {
    let mut options = OPTIONS;
    options[0] = next;
    options
}

fn refused(socket: &impl std::os::fd::AsFd, key: Header, header: &[u8]) -> Outcome {
    assert_eq!(
        try_send(socket, b"x", MsgFlags::empty(), |writer| writer
            .put(key, header))?,
        INVALID
    );
    Ok(())
}

/// Sends `OPTIONS` and receives them.
fn there(option: (&str, i32), key: Header) -> Outcome {
    let (a, b) = pair()?;
    set(&b, option.0, SOL_IPV6, option.1, 1)?;
    send(&a, b"x", |writer| writer.put(key, &OPTIONS))?;
    assert_eq!(bytes_arrive(&b, key)?, arrived(UDP));
    // It claims to be 16 bytes long.
    refused(&a, key, &[0, 1, 1, 4, 0, 0, 0, 0])
}

fn hop() -> Outcome {
    in_namespace(|| there(("IPV6_RECVHOPOPTS", libc::IPV6_RECVHOPOPTS), IPV6_HOPOPTS))
}

fn destination() -> Outcome {
    in_namespace(|| there(("IPV6_RECVDSTOPTS", libc::IPV6_RECVDSTOPTS), IPV6_DSTOPTS))
}

fn old_hop() -> Outcome {
    in_namespace(|| {
        there(
            ("IPV6_2292HOPOPTS", libc::IPV6_2292HOPOPTS),
            IPV6_2292HOPOPTS,
        )
    })
}

fn old_destination() -> Outcome {
    in_namespace(|| {
        there(
            ("IPV6_2292DSTOPTS", libc::IPV6_2292DSTOPTS),
            IPV6_2292DSTOPTS,
        )
    })
}

fn both_at_once() -> Outcome {
    in_namespace(|| {
        let (a, b) = pair()?;
        set(&b, "IPV6_RECVHOPOPTS", SOL_IPV6, libc::IPV6_RECVHOPOPTS, 1)?;
        set(&b, "IPV6_RECVDSTOPTS", SOL_IPV6, libc::IPV6_RECVDSTOPTS, 1)?;
        send(&a, b"x", |writer| {
            writer.put(IPV6_DSTOPTS, &OPTIONS)?;
            writer.put(IPV6_HOPOPTS, &OPTIONS)
        })?;
        receive(&b, 2 * IPV6_HOPOPTS.space_for(8), |received| {
            let all = received.control().collect::<Result<Vec<_>, _>>()?;
            let [hop, destination] = all[..] else {
                panic!("{all:?}")
            };
            assert_eq!(hop.get(IPV6_HOPOPTS)?, Some(&arrived(DESTINATION)[..]));
            assert_eq!(destination.get(IPV6_DSTOPTS)?, Some(&arrived(UDP)[..]));
            Ok(())
        })?;
        Ok(())
    })
}

/// It is accepted, but leaves only together with a routing header.
fn before_routing() -> Outcome {
    in_namespace(|| {
        let (a, b) = pair()?;
        set(&b, "IPV6_RECVDSTOPTS", SOL_IPV6, libc::IPV6_RECVDSTOPTS, 1)?;
        send(&a, b"x", |writer| writer.put(IPV6_RTHDRDSTOPTS, &OPTIONS))?;
        receive(&b, 512, |received| {
            assert_eq!(received.control().count(), 0);
            Ok(())
        })?;
        refused(&a, IPV6_RTHDRDSTOPTS, &[0, 1, 1, 4, 0, 0, 0, 0])
    })
}

/// Of routing headers only that of mobile nodes (type 2) can be sent beside data.
fn routing(key: Header) -> Outcome {
    let (a, _b) = pair()?;
    let to = |kind: u8| {
        [
            &[0, 2, kind, 1, 0, 0, 0, 0][..],
            &Ipv6Addr::LOCALHOST.octets(),
        ]
        .concat()
    };
    refused(&a, key, &to(0))?;
    match try_send(&a, b"x", MsgFlags::empty(), |writer| {
        writer.put(key, &to(2))
    })? {
        INVALID => Err(Stop::Skip(
            "to send a routing header: this kernel has no CONFIG_IPV6_MIP6".into(),
        )),
        sent => {
            assert_eq!(sent, Ok(1));
            Ok(())
        }
    }
}

fn routing_sent() -> Outcome {
    in_namespace(|| routing(IPV6_RTHDR))
}

fn old_routing_sent() -> Outcome {
    in_namespace(|| routing(IPV6_2292RTHDR))
}
