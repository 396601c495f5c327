//! `ipv6(7)`: extension headers between the headers of IPv6 and UDP.

use crate::namespace::in_namespace;
use crate::support::*;
use crate::udp6::pair;
use ancil::exthdr::{
    Alignment, Ipv6Option, Ipv6Options, Ipv6OptionsWriter, RoutingType, options_len, routing_len,
    write_routing,
};
use ancil::payload::Bytes;
use ancil::{Errno, MsgFlags, Sent, UpTo, space_of};
use ancil::{IPV6_2292DSTOPTS, IPV6_2292HOPOPTS, IPV6_2292RTHDR, IPV6_DSTOPTS, IPV6_HOPOPTS};
use ancil::{IPV6_RTHDR, IPV6_RTHDRDSTOPTS};
use std::net::Ipv6Addr;

trials! {
    hop_options [IPV6_HOPOPTS]
    destination_options [IPV6_DSTOPTS]
    old_hop_options [IPV6_2292HOPOPTS]
    old_destination_options [IPV6_2292DSTOPTS]
    both_options
    options_before_routing_header [IPV6_RTHDRDSTOPTS]
    routing_header
    old_routing_header
}

/// A key of an extension header.
trait Header: Sent<Payload = Bytes, Value = Bytes> {}
impl<K: Sent<Payload = Bytes, Value = Bytes>> Header for K {}

const UDP: u8 = 17;
const DESTINATION: u8 = 60;
const INVALID: Result<usize, Errno> = Err(Errno(libc::EINVAL));

/// A header of options. The kernel fills in the first byte, the type of the next header. The second
/// byte is the length in units of 8 bytes after the first 8. Then follows one option of a type for
/// experiments, which receivers skip if they do not know it: type, length, four bytes.
const OPTIONS: [u8; 8] = [0, 0, 0x1e, 4, 1, 2, 3, 4];

/// Returns `OPTIONS` as they arrive before a header of type `next`.
fn arrived(next: u8) -> [u8; 8] {
    let mut options = OPTIONS;
    options[0] = next;
    options
}

/// Checks that the kernel refuses `header` as invalid.
fn refused(socket: &impl std::os::fd::AsFd, key: impl Header, header: &[u8]) -> Outcome {
    assert_eq!(
        try_send(socket, b"x", MsgFlags::empty(), |writer| writer
            .put(key, header))?,
        INVALID
    );
    Ok(())
}

/// Sends `OPTIONS` and receives them, and checks that a header longer than its payload is refused.
fn round_trip<K: Header>(key: K) -> Outcome {
    let (a, b) = pair()?;
    enable::<K>(&b)?;
    let mut header = [0; options_len(&[(Alignment::NONE, 4)])];
    let mut options = Ipv6OptionsWriter::new(&mut header).expect("enough space");
    let put = options.put(0x1e, Alignment::NONE, &[1, 2, 3, 4]);
    assert_eq!((put, options.finish()), (Ok(()), &OPTIONS[..]));
    send(&a, b"x", |writer| writer.put(key, &header))?;
    let received = receive_bytes(&b, key)?;
    assert_eq!(received, arrived(UDP));
    let options: Result<Vec<_>, _> = Ipv6Options::parse(&received).expect("whole").collect();
    let options = options.expect("whole options");
    assert!(matches!(
        options[..],
        [Ipv6Option {
            ty: 0x1e,
            data: [1, 2, 3, 4],
            ..
        }]
    ));
    // This header states a length of 16 bytes.
    refused(&a, key, &[0, 1, 1, 4, 0, 0, 0, 0])
}

fn hop_options() -> Outcome {
    in_namespace(|| round_trip(IPV6_HOPOPTS))
}

fn destination_options() -> Outcome {
    in_namespace(|| round_trip(IPV6_DSTOPTS))
}

fn old_hop_options() -> Outcome {
    in_namespace(|| round_trip(IPV6_2292HOPOPTS))
}

fn old_destination_options() -> Outcome {
    in_namespace(|| round_trip(IPV6_2292DSTOPTS))
}

fn both_options() -> Outcome {
    in_namespace(|| {
        let (a, b) = pair()?;
        enable::<IPV6_HOPOPTS>(&b)?;
        enable::<IPV6_DSTOPTS>(&b)?;
        send(&a, b"x", |writer| {
            writer.put(IPV6_DSTOPTS, &OPTIONS)?;
            writer.put(IPV6_HOPOPTS, &OPTIONS)
        })?;
        receive(&b, 2 * space_of::<UpTo<IPV6_HOPOPTS, 8>>(), |received| {
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

/// The kernel accepts these options, but sends them only together with a routing header.
fn options_before_routing_header() -> Outcome {
    in_namespace(|| {
        let (a, b) = pair()?;
        enable::<IPV6_DSTOPTS>(&b)?;
        send(&a, b"x", |writer| writer.put(IPV6_RTHDRDSTOPTS, &OPTIONS))?;
        receive(&b, 512, |received| {
            assert_eq!(received.control().count(), 0);
            Ok(())
        })?;
        refused(&a, IPV6_RTHDRDSTOPTS, &[0, 1, 1, 4, 0, 0, 0, 0])
    })
}

/// A message can carry no other routing header than that of mobile nodes, which is type 2.
fn send_routing_header(key: impl Header) -> Outcome {
    let (a, _b) = pair()?;
    let mut header = [0; routing_len(1)];
    let mut to = |ty| {
        let written = write_routing(&mut header, ty, &[Ipv6Addr::LOCALHOST.into()]);
        written.expect("enough space").to_vec()
    };
    refused(&a, key, &to(RoutingType::Source))?;
    let mobile = to(RoutingType::Mobile);
    match try_send(&a, b"x", MsgFlags::empty(), |writer| {
        writer.put(key, &mobile)
    })? {
        INVALID => Err(Stop::Skip(
            "a routing header to send: this kernel has no CONFIG_IPV6_MIP6".into(),
        )),
        sent => {
            assert_eq!(sent, Ok(1));
            Ok(())
        }
    }
}

fn routing_header() -> Outcome {
    in_namespace(|| send_routing_header(IPV6_RTHDR))
}

fn old_routing_header() -> Outcome {
    in_namespace(|| send_routing_header(IPV6_2292RTHDR))
}
