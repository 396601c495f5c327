//! `netlink(7)`, tested with messages of `rtnetlink(7)` on the loopback interface.

use crate::namespace::{enter_namespace, in_namespace, set_mtu};
use crate::support::*;
use ancil::level::SOL_SOCKET;
use ancil::payload::Ucred;
use ancil::{
    Errno, Key, NETLINK_LISTEN_ALL_NSID, NETLINK_PKTINFO, SCM_CREDENTIALS, SCM_RIGHTS, space_of,
};
use std::io::Error as IoError;
use std::os::fd::{AsFd, AsRawFd, OwnedFd};

trials! { pktinfo [NETLINK_PKTINFO] namespace_id [NETLINK_LISTEN_ALL_NSID] credentials }

/// Numbers of `linux/netlink.h`, `linux/rtnetlink.h` and `linux/net_namespace.h`.
const GROUP_LINK: u32 = 1;
const NLM_F_REQUEST_ACK: u16 = 1 | 4;
const NLMSG_ERROR: u16 = 2;
const RTM_NEWLINK: u16 = 16;
pub const RTM_GETLINK: u16 = 18;
const RTM_NEWNSID: u16 = 88;
const NETNSA_NSID: u16 = 1;
const NETNSA_PID: u16 = 2;

/// Opens a socket of NETLINK_ROUTE that listens to the groups of this bit mask.
pub fn route_socket(groups: u32) -> Outcome<OwnedFd> {
    let socket = needs(
        "AF_NETLINK",
        socket(libc::AF_NETLINK, libc::SOCK_RAW, libc::NETLINK_ROUTE),
    )?;
    // SAFETY: zero is a value of every field of `sockaddr_nl`.
    let mut address: libc::sockaddr_nl = unsafe { std::mem::zeroed() };
    address.nl_family = libc::AF_NETLINK as u16;
    address.nl_groups = groups;
    let (pointer, len) = ((&raw const address).cast(), size_of_val(&address) as u32);
    // SAFETY: the call reads `len` bytes of `address`.
    let failed = unsafe { libc::bind(socket.as_raw_fd(), pointer, len) } < 0;
    if failed {
        Err(IoError::last_os_error().into())
    } else {
        Ok(socket)
    }
}

/// Makes a request of a header, a family of 0 with padding, and `rest`.
pub fn request(ty: u16, rest: &[u8]) -> Vec<u8> {
    let len = 16 + 4 + rest.len() as u32;
    let head = [
        &len.to_ne_bytes()[..],
        &ty.to_ne_bytes(),
        &NLM_F_REQUEST_ACK.to_ne_bytes(),
        &[0; 8],
        &[0; 4],
    ]
    .concat();
    [&head, rest].concat()
}

/// Makes an attribute with a payload of four bytes.
fn attribute(ty: u16, value: u32) -> Vec<u8> {
    [
        &8u16.to_ne_bytes()[..],
        &ty.to_ne_bytes(),
        &value.to_ne_bytes(),
    ]
    .concat()
}

/// Returns the type of the first message in an answer.
fn message_type(answer: &[u8]) -> u16 {
    u16::from_ne_bytes([answer[4], answer[5]])
}

/// Waits until the kernel acknowledges the last request.
fn receive_ack(socket: &impl AsFd) -> Outcome {
    receive(socket, 0, |received| {
        let answer = bytes(&received);
        assert_eq!(
            (message_type(&answer), &answer[16..20]),
            (NLMSG_ERROR, &[0; 4][..]),
            "{answer:?}"
        );
        Ok(())
    })
}

fn pktinfo() -> Outcome {
    in_namespace(|| {
        let link = route_socket(1 << (GROUP_LINK - 1))?;
        enable::<NETLINK_PKTINFO>(&link)?;
        let group = |expected: u32| {
            receive(&link, space_of::<NETLINK_PKTINFO>(), |received| {
                assert_eq!(message_type(&bytes(&received)), RTM_NEWLINK);
                let info = received
                    .control()
                    .get(NETLINK_PKTINFO)?
                    .expect("NETLINK_PKTINFO");
                assert_eq!(info.group, expected);
                Ok(())
            })
        };
        set_mtu(1400)?;
        group(GROUP_LINK)?;
        // The answer to a request comes to this socket alone, so it is of no group. Interface 1 is
        // the loopback interface of every namespace.
        let interface = [&[0; 12][..]].concat();
        let mut ask = request(RTM_GETLINK, &interface);
        ask[20..24].copy_from_slice(&1u32.to_ne_bytes());
        send_plain(&link, &ask)?;
        group(0)
    })
}

/// The first namespace gives a second one an id, and receives notifications from there.
fn namespace_id() -> Outcome {
    in_namespace(|| {
        let link = route_socket(1 << (GROUP_LINK - 1))?;
        enable::<NETLINK_LISTEN_ALL_NSID>(&link)?;
        let (ask, id) = (route_socket(0)?, 4711);
        enter_namespace()?;
        let second = [
            attribute(NETNSA_NSID, id),
            attribute(NETNSA_PID, std::process::id()),
        ]
        .concat();
        send_plain(&ask, &request(RTM_NEWNSID, &second))?;
        receive_ack(&ask)?;
        set_mtu(1400)?;
        assert_eq!(receive_one(&link, NETLINK_LISTEN_ALL_NSID)?, id as i32);
        Ok(())
    })
}

/// Messages of the kernel have process id 0. Descriptors cannot be sent to the kernel.
fn credentials() -> Outcome {
    let link = route_socket(0)?;
    enable::<SCM_CREDENTIALS>(&link)?;
    let mut ask = request(RTM_GETLINK, &[0; 12]);
    ask[20..24].copy_from_slice(&1u32.to_ne_bytes());
    send(&link, &ask, |writer| {
        writer.put(SCM_CREDENTIALS, crate::unix::own_credentials())
    })?;
    let from: Ucred = receive_one(&link, SCM_CREDENTIALS)?;
    assert_eq!(from.pid, 0);
    let rights = try_send_raw(
        &link,
        SOL_SOCKET,
        SCM_RIGHTS::TYPE,
        &link.as_raw_fd().to_ne_bytes(),
    )?;
    assert_eq!(rights, Err(Errno(libc::EINVAL)));
    Ok(())
}
