//! Tests rules of protocols that generated messages do not reach.

use crate::generate::{encode, encode_as};
use crate::import::{ACCEPTED, compare, plain, with_control};
use crate::machine::leave_the_network;
use crate::states::alone;
use crate::targets::{bare, find, name};
use crate::verdict::Message;
use crate::{Outcome, trial};
use ancil::level::SOL_SOCKET;
use ancil::verdict::State;
use ancil::{IPV6_HOPLIMIT, Key, SCM_DEVMEM_DMABUF, SO_RXQ_OVFL};
use libc::{
    AF_INET, AF_INET6, EAFNOSUPPORT, EINPROGRESS, EINVAL, EISCONN, ENOTCONN, ENXIO, EOPNOTSUPP,
    EPIPE, SOCK_STREAM,
};
use libtest_mimic::Trial;
use std::net::TcpListener;

pub fn trials() -> Vec<Trial> {
    vec![
        trial("protocols::stream_address", stream_address),
        trial("protocols::name_without_family", name_without_family),
        trial("protocols::ping_to_mapped", ping_to_mapped),
        trial("protocols::tcp_never_connected", tcp_never_connected),
        trial("protocols::tcp_fast_open", tcp_fast_open),
        trial("protocols::packet_without_device", packet_without_device),
        trial("protocols::vsock_without_peer", vsock_without_peer),
    ]
}

pub fn named(name: &[u8]) -> Message {
    Message {
        namelen: name.len() as i32,
        name: Some(name.into()),
        ..plain()
    }
}

fn stream_address() -> Outcome {
    let out_of_band = |n| Message {
        flags: libc::MSG_OOB as u32,
        lengths: vec![n],
        ..plain()
    };
    let address = [&(libc::AF_UNIX as u16).to_ne_bytes()[..], b"/nowhere"].concat();
    let connected = find("unix stream").ok_or("no such socket")?;
    let cases = [
        (named(&address), EISCONN),
        (named(&[1]), EISCONN),
        (out_of_band(0), EOPNOTSUPP),
    ];
    compare(&connected, cases)?;
    let alone = find("unix stream, alone").ok_or("no such socket")?;
    let cases = [
        (plain(), ENOTCONN),
        (named(&address), EOPNOTSUPP),
        (out_of_band(0), EOPNOTSUPP),
    ];
    compare(&alone, cases)
}

/// On a socket connected to a mapped address, a name without a family selects IPv6.
fn name_without_family() -> Outcome {
    leave_the_network();
    let Some(mut target) = find("udp6 to ipv4") else {
        return Ok(Some("no UDP over IPv6".into()));
    };
    let to = target.to.clone().unwrap();
    target.connect(&to)?;
    target.socket.state |= State::CONNECTED | State::TO_IPV4;
    let bad_for_ipv6 = with_control(encode_as(IPV6_HOPLIMIT, &1000i32.to_ne_bytes()));
    let unnamed = bad_for_ipv6.clone();
    let without_family = Message {
        name: Some(vec![0; 28]),
        namelen: 28,
        ..bad_for_ipv6
    };
    compare(&target, [(unnamed, ACCEPTED), (without_family, EINVAL)])
}

fn ping_to_mapped() -> Outcome {
    leave_the_network();
    let Some(target) = find("ping6") else {
        return Ok(Some("no ping over IPv6".into()));
    };
    let mut name = target.to.clone().unwrap();
    name[8..24].copy_from_slice(&std::net::Ipv4Addr::LOCALHOST.to_ipv6_mapped().octets());
    let ping = Message {
        data: target.data.clone(),
        lengths: vec![target.data.len()],
        ..named(&name)
    };
    compare(&target, [(ping, EINVAL)])
}

/// Makes a message of SOL_SOCKET with an `int`.
fn of_socket(ty: i32) -> Message {
    with_control(encode(SOL_SOCKET, &[(ty, &1i32.to_ne_bytes())]))
}

/// The missing connection comes before a bad message, and device memory before the connection.
fn tcp_never_connected() -> Outcome {
    leave_the_network();
    let target = find("tcp, alone").ok_or("no such socket")?;
    let cases = [(plain(), EPIPE), (of_socket(SO_RXQ_OVFL::TYPE), EPIPE)];
    compare(&target, cases)?;
    let connected = find("tcp").ok_or("no such socket")?;
    compare(&connected, [(of_socket(SO_RXQ_OVFL::TYPE), EINVAL)])?;
    // Before Linux 6.16, the type of device memory is unknown, and as bad as any other.
    let memory = of_socket(SCM_DEVMEM_DMABUF::TYPE);
    let types = [SCM_DEVMEM_DMABUF::TYPE, SO_RXQ_OVFL::TYPE];
    let both = with_control(encode(SOL_SOCKET, &types.map(|ty| (ty, &[1, 0, 0, 0][..]))));
    let old = crate::machine::Machine::look().release < ancil::verdict::Release(6, 16);
    compare(
        &target,
        [(memory, if old { EPIPE } else { EINVAL }), (both, EPIPE)],
    )
}

/// With `MSG_FASTOPEN`, the connection begins before a bad message is reported.
fn tcp_fast_open() -> Outcome {
    leave_the_network();
    let listener = TcpListener::bind("127.0.0.1:0")?;
    let to = name(listener.local_addr()?);
    let fast = |message: Message| Message {
        flags: (libc::MSG_FASTOPEN | libc::MSG_DONTWAIT) as u32,
        ..message
    };
    let bad = |name: &[u8]| {
        let control = of_socket(SO_RXQ_OVFL::TYPE);
        fast(Message {
            namelen: name.len() as i32,
            name: Some(name.into()),
            ..control
        })
    };
    let to6 = name("[::1]:1".parse()?);
    let cases = [
        (bad(&to), EINPROGRESS),
        (fast(named(&to)), EINPROGRESS),
        (fast(of_socket(SO_RXQ_OVFL::TYPE)), EINVAL),
        (bad(&to[..8]), EINVAL),
        (bad(&to[..1]), EINVAL),
        (bad(&to6), EAFNOSUPPORT),
        (bad(&[0; 16]), EOPNOTSUPP),
    ];
    for case in cases {
        let socket = bare(AF_INET, SOCK_STREAM, 0);
        compare(&alone("tcp, alone", socket)?, [case])?;
    }
    let connected = find("tcp").ok_or("no such socket")?;
    let cases = [
        (bad(&to), EISCONN),
        (fast(plain()), EISCONN),
        (bad(&to[..1]), EINVAL),
        (bad(&[0; 16]), EOPNOTSUPP),
    ];
    compare(&connected, cases)?;
    if let Ok(tcp6) = alone("tcp6, alone", bare(AF_INET6, SOCK_STREAM, 0)) {
        compare(
            &tcp6,
            [
                (bad(&to), EINVAL),
                (bad(&to6[..23]), EINVAL),
                (bad(&to6), EINPROGRESS),
            ],
        )?;
    }
    Ok(None)
}

/// The missing interface comes before a bad message.
fn packet_without_device() -> Outcome {
    leave_the_network();
    let (Some(alone), Some(mut bound)) = (find("packet, alone"), find("packet")) else {
        return Ok(Some("this user may not have a packet socket".into()));
    };
    let bad = || of_socket(SO_RXQ_OVFL::TYPE);
    compare(&alone, [(plain(), ENXIO), (bad(), ENXIO)])?;
    let to = bound.to.clone().unwrap();
    let bad_to = |name: &[u8]| Message {
        namelen: name.len() as i32,
        name: Some(name.into()),
        ..bad()
    };
    let [mut nowhere, mut long] = [(); 2].map(|()| to.clone());
    nowhere[4..8].copy_from_slice(&[0; 4]);
    long[11] = 9; // sll_halen
    let cases = [
        (named(&to), ACCEPTED),
        (bad_to(&to), EINVAL),
        (bad_to(&to[..19]), EINVAL),
        (bad_to(&nowhere), ENXIO),
        (named(&long), EINVAL),
    ];
    compare(&bound, cases)?;
    bound.bind(&to)?;
    bound.socket.state = State::CONNECTED;
    compare(&bound, [(plain(), ACCEPTED), (bad(), EINVAL)])
}

/// A stream of `vsock(7)` ignores control messages, and has the errors of other streams.
fn vsock_without_peer() -> Outcome {
    let Some(target) = find("vsock, alone") else {
        return Ok(Some("no vsock".into()));
    };
    let out_of_band = Message {
        flags: libc::MSG_OOB as u32,
        ..named(&[40, 0])
    };
    let cases = [
        (plain(), ENOTCONN),
        (of_socket(SO_RXQ_OVFL::TYPE), ENOTCONN),
        (named(&[40, 0]), EOPNOTSUPP),
        (out_of_band, EOPNOTSUPP),
    ];
    compare(&target, cases)
}
