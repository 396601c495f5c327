//! `packet(7)`: frames on the loopback interface.

use crate::errqueue::{COUNTED, REPORT, SENT, enable_timestamping};
use crate::namespace::{in_namespace, loopback_index};
use crate::support::*;
use crate::udp4::{self, software};
use ancil::payload::{Origin, TimestampPoint};
use ancil::{MsgFlags, PACKET_AUXDATA, PACKET_TX_TIMESTAMP, Reader, SO_TIMESTAMPING_OLD, space_of};
use std::io::Error as IoError;
use std::os::fd::{AsRawFd, OwnedFd};

trials! { auxdata [PACKET_AUXDATA] sent [PACKET_TX_TIMESTAMP] recvmsg_without_cloexec }

/// The length of an Ethernet header. Frames of the loopback interface have one as well.
const ETHERNET: usize = 14;

/// Opens a socket for all IPv4 frames of the loopback interface.
fn packet_socket() -> Outcome<OwnedFd> {
    let protocol = (libc::ETH_P_IP as u16).to_be();
    let socket = needs(
        "AF_PACKET",
        socket(libc::AF_PACKET, libc::SOCK_RAW, protocol.into()),
    )?;
    // SAFETY: zero is a value of every field of `sockaddr_ll`.
    let mut address: libc::sockaddr_ll = unsafe { std::mem::zeroed() };
    address.sll_family = libc::AF_PACKET as u16;
    address.sll_protocol = protocol;
    address.sll_ifindex = loopback_index();
    let (pointer, len) = ((&raw const address).cast(), size_of_val(&address) as u32);
    // SAFETY: the call reads `len` bytes of `address`.
    let failed = unsafe { libc::bind(socket.as_raw_fd(), pointer, len) } < 0;
    if failed {
        Err(IoError::last_os_error().into())
    } else {
        Ok(socket)
    }
}

/// Receives without `io::recvmsg`, whose first attempt with MSG_CMSG_CLOEXEC packet sockets refuse.
/// Returns flags, data and control messages.
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
    // SAFETY: zero is a value of every field of `msghdr`.
    let mut header: libc::msghdr = unsafe { std::mem::zeroed() };
    header.msg_iov = &raw mut vector;
    header.msg_iovlen = 1;
    header.msg_control = control.as_mut_ptr().cast();
    header.msg_controllen = space as _;
    // SAFETY: the call writes to `header`, and through it at most `len` bytes to `data` and `space`
    // bytes to `control`, which have that many.
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

/// Opens a packet socket with PACKET_AUXDATA switched on, and lets the frame of one datagram
/// arrive.
fn frame_waiting() -> Outcome<OwnedFd> {
    let frames = packet_socket()?;
    enable::<PACKET_AUXDATA>(&frames)?;
    let (a, _b) = udp4::pair()?;
    send_plain(&a, b"look at me")?;
    wait(&frames, libc::POLLIN)?;
    Ok(frames)
}

fn auxdata() -> Outcome {
    in_namespace(|| {
        let frames = frame_waiting()?;
        let (flags, frame, control) =
            receive_frame(&frames, 1500, space_of::<PACKET_AUXDATA>(), 0)?;
        assert!(flags == 0 && frame.ends_with(b"look at me"));
        let auxdata = Reader::new(&control)
            .get(PACKET_AUXDATA)?
            .expect("PACKET_AUXDATA");
        let whole = (ETHERNET + 20 + 8 + 10) as u32;
        assert_eq!(
            (frame.len() as u32, auxdata.tp_len, auxdata.tp_snaplen),
            (whole, whole, whole)
        );
        assert_eq!((auxdata.tp_mac, auxdata.tp_net), (0, ETHERNET as u16));
        assert_eq!(
            (
                auxdata.tp_status & 1,
                auxdata.tp_vlan_tci,
                auxdata.tp_vlan_tpid
            ),
            (1, 0, 0)
        );
        Ok(())
    })
}

/// `io::recvmsg` repeats the call without MSG_CMSG_CLOEXEC, which packet sockets refuse. The frame
/// is truncated to ten bytes, and PACKET_AUXDATA states its whole length.
fn recvmsg_without_cloexec() -> Outcome {
    in_namespace(|| {
        let frames = frame_waiting()?;
        let found = try_receive_part(
            &frames,
            10,
            space_of::<PACKET_AUXDATA>(),
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
        enable_timestamping(&frames, REPORT | SENT | COUNTED)?;
        for key in 0..3 {
            send_plain(&frames, &[0; 60])?;
            wait(&frames, libc::POLLERR)?;
            let space = space_of::<(SO_TIMESTAMPING_OLD, PACKET_TX_TIMESTAMP)>();
            let (flags, frame, control) = receive_frame(&frames, 0, space, libc::MSG_ERRQUEUE)?;
            assert_eq!((flags, frame.len()), (libc::MSG_ERRQUEUE, 0));
            check_recent(
                Reader::new(&control)
                    .get(SO_TIMESTAMPING_OLD)?
                    .and_then(software)
                    .expect("a time"),
            )?;
            let auxdata = Reader::new(&control)
                .get(PACKET_TX_TIMESTAMP)?
                .expect("PACKET_TX_TIMESTAMP");
            assert_eq!(auxdata.ee_errno, libc::ENOMSG as u32);
            assert_eq!(
                auxdata.origin(),
                Origin::Timestamp {
                    point: TimestampPoint::Sent,
                    key
                }
            );
        }
        Ok(())
    })
}
