//! Tests of the defects that appear on a socket.

use ancil::level::{SOL_IP, SOL_IPV6, SOL_SOCKET, SOL_UDP};
use ancil::{
    Control, ControlBuf, Fd, IoVec, IoVecMut, Key, MsgFlags, MsgHdr, MsgHdrMut, Received,
    SCM_CREDENTIALS, SCM_RIGHTS, UpTo, io, space_of,
};
use ancil::{
    Errno, IP_PKTINFO, IP_TOS, IPV6_PKTINFO, IPV6_TCLASS, SO_RXQ_OVFL, SO_TIMESTAMPNS_NEW, UDP_GRO,
    UDP_SEGMENT, Writer,
};
use std::io::Read;
use std::net::{Ipv4Addr, Ipv6Addr, SocketAddr, UdpSocket};
use std::os::fd::{AsRawFd, OwnedFd};
use std::os::unix::net::UnixStream;

const SO_PASSPIDFD: i32 = 76;

/// Switches an option of the socket on. Returns false if this kernel does not have the option.
fn switch_on(socket: &impl AsRawFd, level: i32, option: i32) -> bool {
    let (on, len) = (1i32, size_of::<i32>() as u32);
    // SAFETY: pointer and length describe `on`, which lives during the call and is only read.
    unsafe {
        libc::setsockopt(
            socket.as_raw_fd(),
            level,
            option,
            (&raw const on).cast(),
            len,
        ) == 0
    }
}

/// Passes the far ends of `n` new socket pairs to a receiver with a control buffer of `SIZE` bytes,
/// and keeps no copies of them. Returns the near ends, which show whether the far ends are closed.
fn pass<const SIZE: usize>(
    n: usize,
    options: &[i32],
    check: impl FnOnce(&mut Received<'_>),
) -> Vec<UnixStream> {
    let (here, there) = UnixStream::pair().unwrap();
    for &option in options {
        assert!(
            switch_on(&there, SOL_SOCKET, option),
            "option {option}: {}",
            std::io::Error::last_os_error()
        );
    }
    let (near, far): (Vec<_>, Vec<_>) = (0..n).map(|_| UnixStream::pair().unwrap()).unzip();
    let far: Vec<_> = far.into_iter().map(OwnedFd::from).collect();
    io::send_fds(&here, b"x", Fd::from_owned(&far)).unwrap();
    drop(far);

    let (mut byte, mut control) = ([0], [0; SIZE]);
    let mut vectors = [IoVecMut::new(&mut byte)];
    let mut message = MsgHdrMut::new().iov(&mut vectors).control(&mut control);
    let mut received =
        io::recvmsg(&there, &mut message, MsgFlags::empty()).expect("truncation is not an error");
    check(&mut received);
    near
}

/// Returns whether the far end is closed: the near end then reads the end of the stream.
fn is_closed(near: &UnixStream) -> bool {
    near.set_nonblocking(true).unwrap();
    matches!((&*near).read(&mut [0]), Ok(0))
}

// rustix 1.1.6, D1 on a socket: a second walk does not find what follows a descriptor's padding.
// That descriptor then has no owner, and stays open.
#[test]
fn d1_rustix_second_walk_leaks_the_descriptor_after_the_padding() {
    if !switch_on(&UnixStream::pair().unwrap().0, SOL_SOCKET, SO_PASSPIDFD) {
        return eprintln!("skipped: SO_PASSPIDFD needs Linux 6.5");
    }
    let near = pass::<256>(3, &[libc::SO_PASSCRED, SO_PASSPIDFD], |received| {
        assert_eq!(received.control().count(), 3);
        let first: Vec<OwnedFd> = received.take_fds().take(1).collect();
        assert_eq!((first.len(), received.fds().count()), (1, 2));
        assert_eq!(received.take_fds().next().into_iter().count(), 1);
        assert_eq!(received.fds().count(), 1);
        assert!(received.take_pidfd().unwrap().is_ok());
        assert!(received.take_pidfd().is_none());
    });
    assert!(near.iter().all(is_closed));
}

// nix 0.31.3: a truncated control buffer is the error ENOBUFS, and what arrived is not returned.
// The descriptors that the kernel did deliver stay open, but the program does not know them.
#[test]
fn d2_nix_truncation_leaks_what_arrived() {
    const ONE: usize = space_of::<UpTo<SCM_RIGHTS, 1>>();
    let mut kept = Vec::new();
    let near = pass::<ONE>(5, &[], |received| {
        assert!(received.flags().contains(MsgFlags::MSG_CTRUNC));
        kept.extend(received.take_fds());
    });
    // The kernel also fills the padding with descriptors.
    assert_eq!(kept.len(), (ONE - ancil::cmsg_len(0)) / 4);
    let open = near.iter().filter(|near| !is_closed(near)).count();
    assert_eq!(open, kept.len());
    drop(kept);
    assert!(near.iter().all(is_closed));
}

// nix 0.31.3: received descriptors are plain integers. Code that ignores them, or returns early,
// leaks them.
#[test]
fn d2_nix_descriptors_have_no_owner() {
    assert!(
        pass::<256>(4, &[], |received| assert_eq!(received.fds().count(), 4))
            .iter()
            .all(is_closed)
    );
    assert!(
        pass::<256>(4, &[], |received| drop(received.take_fds().nth(1)))
            .iter()
            .all(is_closed)
    );
    assert!(
        pass::<{ space_of::<UpTo<SCM_RIGHTS, 2>>() }>(9, &[], |_| {})
            .iter()
            .all(is_closed)
    );
}

/// A sender, and a receiver that has every option that quinn switches on.
struct Pair {
    sender: UdpSocket,
    receiver: UdpSocket,
}

impl Pair {
    /// Returns `None` if the kernel lacks the address or one of the options.
    fn new(address: SocketAddr, options: [(i32, i32); 2]) -> Option<Self> {
        let (sender, receiver) = (
            UdpSocket::bind(address).ok()?,
            UdpSocket::bind(address).ok()?,
        );
        sender.connect(receiver.local_addr().ok()?).ok()?;
        receiver
            .set_read_timeout(Some(std::time::Duration::from_secs(10)))
            .ok()?;
        let more = [
            (SOL_UDP, UDP_GRO::TYPE),
            (SOL_SOCKET, SO_TIMESTAMPNS_NEW::TYPE),
        ];
        let all = options
            .iter()
            .chain(&more)
            .all(|&(level, option)| switch_on(&receiver, level, option));
        all.then_some(Self { sender, receiver })
    }

    /// Sends two segments in one call, and receives with a control buffer of `SIZE` bytes.
    fn pass<const SIZE: usize>(&self, control: Control<'_>, check: impl FnOnce(Received<'_>)) {
        let vectors = [IoVec::new(&[7; 200])];
        let message = MsgHdr::new().iov(&vectors).control(control);
        assert_eq!(
            io::sendmsg(&self.sender, &message, MsgFlags::empty()),
            Ok(200)
        );
        let (mut bytes, mut control) = ([0; 256], [0xaa; SIZE]);
        let mut vectors = [IoVecMut::new(&mut bytes)];
        let mut message = MsgHdrMut::new().iov(&mut vectors).control(&mut control);
        let received = io::recvmsg(&self.receiver, &mut message, MsgFlags::empty()).unwrap();
        assert_eq!(received.bytes(), 200);
        check(received);
    }
}

// quinn-udp 0.6.3, D4 on a socket: a control buffer of the size that the keys give holds everything
// that arrives, including the congestion mark. With quinn's 96 bytes the kernel truncates the
// control messages, and sets MSG_CTRUNC.
#[test]
fn d4_quinn_udp_buffer_of_the_keys_holds_everything_v4() {
    const SPACE: usize = space_of::<(IP_PKTINFO, IP_TOS, UDP_GRO, SO_TIMESTAMPNS_NEW)>();
    let local = (Ipv4Addr::LOCALHOST, 0).into();
    let Some(pair) = Pair::new(
        local,
        [(SOL_IP, IP_PKTINFO::TYPE), (SOL_IP, libc::IP_RECVTOS)],
    ) else {
        return eprintln!("skipped: no UDP_GRO or SO_TIMESTAMPNS_NEW over IPv4 here");
    };
    const SENT: ControlBuf<{ space_of::<(IP_TOS, UDP_SEGMENT)>() }> =
        ControlBuf::new().with(IP_TOS, 2).with(UDP_SEGMENT, 100);
    pair.pass::<SPACE>(SENT.as_control(), |received| {
        assert_eq!(received.flags(), MsgFlags::empty());
        assert_eq!(received.control().get(IP_TOS), Ok(Some(2)));
        assert_eq!(received.control().get(UDP_GRO), Ok(Some(100)));
        assert!(
            received
                .control()
                .get(IP_PKTINFO)
                .unwrap()
                .is_some_and(|info| info.ipi_ifindex != 0)
        );
        assert!(
            received
                .control()
                .get(SO_TIMESTAMPNS_NEW)
                .unwrap()
                .is_some()
        );
    });
    if cfg!(target_pointer_width = "64") {
        pair.pass::<96>(SENT.as_control(), |received| {
            assert_eq!(
                (received.flags(), received.control().count()),
                (MsgFlags::MSG_CTRUNC, 3)
            );
        });
    }
}

#[test]
fn d4_quinn_udp_buffer_of_the_keys_holds_everything_v6() {
    const SPACE: usize = space_of::<(IPV6_PKTINFO, IPV6_TCLASS, UDP_GRO, SO_TIMESTAMPNS_NEW)>();
    let local = (Ipv6Addr::LOCALHOST, 0).into();
    let options = [
        (SOL_IPV6, libc::IPV6_RECVPKTINFO),
        (SOL_IPV6, libc::IPV6_RECVTCLASS),
    ];
    let Some(pair) = Pair::new(local, options) else {
        return eprintln!("skipped: no UDP_GRO or SO_TIMESTAMPNS_NEW over IPv6 here");
    };
    const SENT: ControlBuf<{ space_of::<(IPV6_TCLASS, UDP_SEGMENT)>() }> = ControlBuf::new()
        .with(IPV6_TCLASS, 2)
        .with(UDP_SEGMENT, 100);
    pair.pass::<SPACE>(SENT.as_control(), |received| {
        assert_eq!(received.flags(), MsgFlags::empty());
        assert_eq!(received.control().get(IPV6_TCLASS), Ok(Some(2)));
        assert_eq!(received.control().get(UDP_GRO), Ok(Some(100)));
        assert!(
            received
                .control()
                .get(IPV6_PKTINFO)
                .unwrap()
                .is_some_and(|info| info.ipi6_ifindex != 0)
        );
        assert!(
            received
                .control()
                .get(SO_TIMESTAMPNS_NEW)
                .unwrap()
                .is_some()
        );
    });
    if cfg!(target_pointer_width = "64") {
        pair.pass::<96>(SENT.as_control(), |received| {
            assert!(received.flags().contains(MsgFlags::MSG_CTRUNC));
        });
    }
}

// vmm-sys-util: it reads only the first control message. With SO_PASSCRED that message holds the
// credentials, and the descriptors after it are lost.
#[test]
fn d9_vmm_sys_util_descriptors_after_credentials() {
    let near = pass::<256>(2, &[libc::SO_PASSCRED], |received| {
        assert!(SCM_CREDENTIALS.is(&received.control().next().unwrap().unwrap()));
        assert_eq!(
            received.control().get(SCM_RIGHTS).unwrap().unwrap().len(),
            2
        );
        assert_eq!(received.take_fds().count(), 2);
    });
    assert!(near.iter().all(is_closed));
}

// nix 0.31.3, D10 on a socket: the kernel accepts SO_RXQ_OVFL from no sender, so our key cannot put
// one.
#[test]
fn d10_nix_the_kernel_refuses_the_drop_count() {
    let socket = UdpSocket::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
    socket.connect(socket.local_addr().unwrap()).unwrap();
    let mut control = [0; space_of::<SO_RXQ_OVFL>()];
    let mut writer = Writer::new(&mut control);
    writer
        .put_raw(SO_RXQ_OVFL::LEVEL, SO_RXQ_OVFL::TYPE, &[0; 4])
        .unwrap();
    let message = MsgHdr::new().control(writer.finish());
    assert_eq!(
        io::sendmsg(&socket, &message, MsgFlags::empty()),
        Err(Errno(libc::EINVAL))
    );
}
