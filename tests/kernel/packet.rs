//! `packet(7)`: frames on the loopback interface.

use crate::errqueue::{REPORT, SENT, switch_on};
use crate::namespace::{in_namespace, loopback_index};
use crate::support::*;
use crate::udp4::{self, software};
use ancil::level::SOL_PACKET;
use ancil::payload::{Origin, TimestampPoint};
use ancil::{MsgFlags, PACKET_AUXDATA, PACKET_TX_TIMESTAMP, Reader, SO_TIMESTAMPING_OLD};
use std::io::Error as IoError;
use std::os::fd::{AsRawFd, OwnedFd};

trials! { auxdata [PACKET_AUXDATA] sent [PACKET_TX_TIMESTAMP] through_recvmsg }

/// Bytes of an Ethernet header, which the loopback interface has as well.
const ETHERNET: usize = 14;

/// A socket for all IPv4 frames of the loopback interface.
fn packet_socket() -> Outcome<OwnedFd> {
    let protocol = (libc::ETH_P_IP as u16).to_be();
    let socket = needs(
        "AF_PACKET",
        socket(libc::AF_PACKET, libc::SOCK_RAW, protocol.into()),
    )?;
    // SAFETY: a C struct of integers.
    let mut address: libc::sockaddr_ll = unsafe { std::mem::zeroed() };
    address.sll_family = libc::AF_PACKET as u16;
    address.sll_protocol = protocol;
    address.sll_ifindex = loopback_index();
    let (pointer, len) = ((&raw const address).cast(), size_of_val(&address) as u32);
    // SAFETY: pointer and length of `address`.
    let failed = unsafe { libc::bind(socket.as_raw_fd(), pointer, len) } < 0;
    if failed {
        Err(IoError::last_os_error().into())
    } else {
        Ok(socket)
    }
}

/// Receives without MSG_CMSG_CLOEXEC, which such sockets refuse: flags, data, control messages.
fn receive_frame(
    socket: &OwnedFd,
    len: usize,
    space: usize,
    flags: i32,
) -> Outcome<(i32, Vec<u8>, Vec<u8>)> {
    let (mut data, mut control) = (vec![0; len], vec![0xaa; space]);
    let mut vector = libc::iovec {
        iov_base: data.as_mut_ptr().cast(),
        iov_len: len,
    };
    // SAFETY: a C struct of pointers and integers.
    let mut header: libc::msghdr = unsafe { std::mem::zeroed() };
    header.msg_iov = &raw mut vector;
    header.msg_iovlen = 1;
    header.msg_control = control.as_mut_ptr().cast();
    header.msg_controllen = space as _;
    // SAFETY: `header` has pointers and lengths of `data` and `control`.
    let received = unsafe {
        libc::recvmsg(
            socket.as_raw_fd(),
            &raw mut header,
            flags | libc::MSG_DONTWAIT,
        )
    };
    data.truncate(usize::try_from(received).map_err(|_| IoError::last_os_error())?);
    control.truncate(header.msg_controllen as usize);
    Ok((header.msg_flags, data, control))
}

/// A packet socket that asks for PACKET_AUXDATA, with the frame of one datagram to receive.
fn frame_waiting() -> Outcome<OwnedFd> {
    let frames = packet_socket()?;
    set(
        &frames,
        "PACKET_AUXDATA",
        SOL_PACKET,
        libc::PACKET_AUXDATA,
        1,
    )?;
    let (a, _b) = udp4::pair()?;
    send_plain(&a, b"look at me")?;
    wait(&frames, libc::POLLIN)?;
    Ok(frames)
}

fn auxdata() -> Outcome {
    in_namespace(|| {
        let frames = frame_waiting()?;
        let (flags, frame, control) = receive_frame(&frames, 1500, PACKET_AUXDATA.space(), 0)?;
        assert!(flags == 0 && frame.ends_with(b"look at me"));
        let about = Reader::new(&control)
            .get(PACKET_AUXDATA)?
            .expect("PACKET_AUXDATA");
        let whole = (ETHERNET + 20 + 8 + 10) as u32;
        assert_eq!(
            (frame.len() as u32, about.tp_len, about.tp_snaplen),
            (whole, whole, whole)
        );
        assert_eq!((about.tp_mac, about.tp_net), (0, ETHERNET as u16));
        assert_eq!(
            (about.tp_status & 1, about.tp_vlan_tci, about.tp_vlan_tpid),
            (1, 0, 0)
        );
        Ok(())
    })
}

/// Cut to the first ten bytes: the whole length is still told.
fn through_recvmsg() -> Outcome {
    in_namespace(|| {
        let frames = frame_waiting()?;
        let found = try_receive_part(
            &frames,
            10,
            PACKET_AUXDATA.space(),
            MsgFlags::empty(),
            |received| {
                assert_eq!(
                    (received.flags(), received.bytes()),
                    (MsgFlags::MSG_TRUNC, 10)
                );
                Ok(received
                    .control()
                    .get(PACKET_AUXDATA)?
                    .expect("PACKET_AUXDATA")
                    .tp_len)
            },
        )?;
        assert_eq!(found, Ok((ETHERNET + 20 + 8 + 10) as u32));
        Ok(())
    })
}

fn sent() -> Outcome {
    in_namespace(|| {
        let frames = packet_socket()?;
        switch_on(&frames, REPORT | SENT | libc::SOF_TIMESTAMPING_OPT_ID)?;
        for key in 0..3 {
            send_plain(&frames, &[0; 60])?;
            wait(&frames, libc::POLLERR)?;
            let space = SO_TIMESTAMPING_OLD.space() + PACKET_TX_TIMESTAMP.space();
            let (flags, frame, control) = receive_frame(&frames, 0, space, libc::MSG_ERRQUEUE)?;
            assert_eq!((flags, frame.len()), (libc::MSG_ERRQUEUE, 0));
            is_now(
                Reader::new(&control)
                    .get(SO_TIMESTAMPING_OLD)?
                    .and_then(software)
                    .expect("a time"),
            )?;
            let about = Reader::new(&control)
                .get(PACKET_TX_TIMESTAMP)?
                .expect("PACKET_TX_TIMESTAMP");
            assert_eq!(about.ee_errno, libc::ENOMSG as u32);
            assert_eq!(
                about.origin(),
                Origin::Timestamp {
                    point: TimestampPoint::Sent,
                    key
                }
            );
        }
        Ok(())
    })
}
