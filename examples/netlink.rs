// SPDX-License-Identifier: MIT OR Apache-2.0 OR CC0-1.0
//! Lists the network interfaces, which it asks the kernel for over netlink: index, name, MTU and
//! hardware address. Take it for any dump of rtnetlink: routes, addresses, neighbours.
//!
//!     cargo run --example netlink --features std

use ancil::addr::{Address, SockaddrNl};
use ancil::netlink::{Message, NLM_F_DUMP, NLM_F_REQUEST, Nlmsghdr, Reader, Writer, nlmsg_space};
use ancil::{IoVec, IoVecMut, MsgFlags, MsgHdr, MsgHdrMut, io};
use libc::{
    AF_NETLINK, IFLA_ADDRESS, IFLA_IFNAME, IFLA_MTU, NETLINK_ROUTE, RTM_GETLINK, RTM_NEWLINK,
};
use socket2::{Socket, Type};
use zerocopy::{FromBytes, Immutable, IntoBytes};

type Outcome<T> = Result<T, Box<dyn std::error::Error>>;

/// The kernel's `struct ifinfomsg`; see rtnetlink(7).
#[derive(Default, FromBytes, IntoBytes, Immutable)]
#[repr(C)]
struct Ifinfomsg {
    ifi_family: u8,
    pad: u8,
    ifi_type: u16,
    ifi_index: i32,
    ifi_flags: u32,
    ifi_change: u32,
}

const SEQ: u32 = 1;

fn main() -> Outcome<()> {
    let socket = Socket::new(AF_NETLINK.into(), Type::RAW, Some(NETLINK_ROUTE.into()))?;

    let mut request = [0; nlmsg_space(size_of::<Ifinfomsg>())];
    let mut writer = Writer::new(&mut request);
    let header = Nlmsghdr::new(RTM_GETLINK, NLM_F_REQUEST | NLM_F_DUMP, SEQ);
    writer.message(header, |message| message.put(&Ifinfomsg::default()))?;
    // A message without an address goes to the kernel.
    io::sendmsg(
        &socket,
        &MsgHdr::new().iov(&[IoVec::new(writer.finish())]),
        MsgFlags::empty(),
    )?;

    // No answer is longer than 32 KiB; see netlink(7).
    let (mut from, mut datagram) = ([0; size_of::<SockaddrNl>()], [0; 32768]);
    let mut pieces = [IoVecMut::new(&mut datagram)];
    let mut message = MsgHdrMut::new().name(&mut from).iov(&mut pieces);
    loop {
        let received = io::recvmsg_retry(&socket, &mut message, MsgFlags::empty())?;
        if received.flags().contains(MsgFlags::MSG_TRUNC) {
            return Err("an answer is longer than the buffer".into());
        }
        if !matches!(
            received.address()?,
            Some(Address::Netlink(SockaddrNl { nl_pid: 0, .. }))
        ) {
            continue; // sent by another process, not by the kernel
        }
        for message in Reader::new(received.data()) {
            let message = message?;
            if message.header.nlmsg_seq != SEQ {
                continue;
            }
            if message.interrupted() {
                return Err("the interfaces changed meanwhile: run it again".into());
            }
            if let Some(report) = message.report()? {
                return Ok(report.result?); // NLMSG_DONE, or NLMSG_ERROR
            }
            if message.header.nlmsg_type == RTM_NEWLINK {
                show(&message)?;
            }
        }
    }
}

/// Prints one line: `1: lo, mtu 65536, address 00:00:00:00:00:00`.
fn show(message: &Message<'_>) -> Outcome<()> {
    let (link, attributes) = message.split::<Ifinfomsg>()?;
    let (mut name, mut mtu, mut address) = (&b"?"[..], 0, Vec::new());
    for attribute in attributes {
        let attribute = attribute?;
        match attribute.ty() {
            IFLA_IFNAME => name = attribute.string(),
            IFLA_MTU => mtu = attribute.u32()?,
            IFLA_ADDRESS => {
                address = attribute
                    .data
                    .iter()
                    .map(|byte| format!("{byte:02x}"))
                    .collect()
            }
            _ => {}
        }
    }
    println!(
        "{}: {}, mtu {mtu}, address {}",
        link.ifi_index,
        String::from_utf8_lossy(name),
        address.join(":")
    );
    Ok(())
}
