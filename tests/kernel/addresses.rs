//! The addresses to which messages are sent and from which they come, in every family that this
//! kernel has.

use crate::namespace::{in_namespace, loopback_index};
use crate::netlink::{RTM_GETLINK, request, route_socket};
use crate::support::*;
use ancil::addr::{
    AF_BLUETOOTH, AF_MCTP, Address, BDADDR_BREDR, MCTP_ADDR_ANY, MCTP_NET_ANY, PacketAddr,
    SockaddrAlg, SockaddrL2, SockaddrMctp,
};
use ancil::addr::{
    SockaddrCan, SockaddrNl, SockaddrStorage, SockaddrVm, UnixAddr, UnixName, VMADDR_CID_ANY,
    VMADDR_PORT_ANY,
};
use ancil::{BadAddress, Errno, IoVec, IoVecMut, MsgFlags, MsgHdr, MsgHdrMut, io};
use std::io::Error as IoError;
use std::net::{SocketAddr, UdpSocket};
use std::os::fd::{AsFd, AsRawFd, OwnedFd};
use std::os::unix::ffi::OsStringExt;

trials! {
    unix_path
    unix_longest_path
    unix_abstract
    unix_autobind
    unix_unnamed
    unix_refused
    udp4
    udp6
    truncated
    netlink
    packet
    vsock
    can
    mctp
    l2cap
    alg
}

/// Binds a socket to an address.
fn bind(socket: &impl AsFd, addr: &[u8]) -> Result<(), IoError> {
    let (fd, len) = (socket.as_fd().as_raw_fd(), addr.len() as u32);
    // SAFETY: the call reads `len` bytes of `addr`.
    let failed = unsafe { libc::bind(fd, addr.as_ptr().cast(), len) } < 0;
    if failed {
        Err(IoError::last_os_error())
    } else {
        Ok(())
    }
}

/// Returns the bytes of the address that a socket is bound to.
fn own_addr(socket: &impl AsFd) -> Outcome<Vec<u8>> {
    let (mut addr, mut len) = (vec![0xaa; 200], 200u32);
    // SAFETY: the call writes at most `len` bytes to `addr`, which has 200.
    if unsafe {
        libc::getsockname(
            socket.as_fd().as_raw_fd(),
            addr.as_mut_ptr().cast(),
            &mut len,
        )
    } < 0
    {
        return Err(IoError::last_os_error().into());
    }
    addr.truncate(len as usize);
    Ok(addr)
}

/// Sends `bytes` to an address.
fn send_to(socket: &impl AsFd, addr: &[u8], bytes: &[u8]) -> Result<usize, Errno> {
    io::sendmsg(
        socket,
        &MsgHdr::new().name(addr).iov(&[IoVec::new(bytes)]),
        MsgFlags::empty(),
    )
}

/// Waits for a message with `space` bytes for its address, and passes `look` the address and its
/// full length.
fn receive_from<T>(
    socket: &impl AsFd,
    space: usize,
    look: impl FnOnce(Result<Option<Address<'_>>, BadAddress>, usize) -> T,
) -> Outcome<T> {
    wait(socket, libc::POLLIN)?;
    let (mut name, mut bytes) = (SockaddrStorage::new(), [0; 2048]);
    name.as_mut_bytes().fill(0xaa);
    let mut vectors = [IoVecMut::new(&mut bytes)];
    let mut message = MsgHdrMut::new()
        .name(&mut name.as_mut_bytes()[..space])
        .iov(&mut vectors);
    let received = io::recvmsg(socket, &mut message, MsgFlags::MSG_DONTWAIT)?;
    Ok(look(received.address(), received.name_len()))
}

/// Checks that the next message comes from this address, and that the lengths agree as well.
fn is_from(socket: &impl AsFd, addr: Address<'_>) -> Outcome {
    receive_from(socket, 128, |found, len| {
        assert_eq!((found, len), (Ok(Some(addr)), addr.as_bytes().len()));
    })
}

fn unix_socket() -> Outcome<OwnedFd> {
    needs("AF_UNIX", socket(libc::AF_UNIX, libc::SOCK_DGRAM, 0))
}

/// A path of `len` bytes, or more if it cannot be so short. Dropping removes the file.
struct TempPath(Vec<u8>);

impl TempPath {
    fn new(name: &str, len: usize) -> Self {
        let folder = std::env::temp_dir().into_os_string().into_vec();
        let mut path = [
            &folder[..],
            format!("/ancil-{}-{name}", std::process::id()).as_bytes(),
        ]
        .concat();
        path.resize(len.max(path.len()), b'x');
        Self(path)
    }
}

impl Drop for TempPath {
    fn drop(&mut self) {
        let _ = std::fs::remove_file(std::ffi::OsString::from_vec(std::mem::take(&mut self.0)));
    }
}

/// Binds two sockets to these addresses, sends from `a` to `b`, and checks the sender that `b`
/// sees.
fn send_between(a: UnixAddr, b: UnixAddr) -> Outcome {
    let (from, to) = (unix_socket()?, unix_socket()?);
    bind(&from, a.as_bytes())?;
    bind(&to, b.as_bytes())?;
    assert_eq!(Address::parse(&own_addr(&from)?), Ok(a.into()));
    assert_eq!(send_to(&from, b.as_bytes(), b"x")?, 1);
    is_from(&to, a.into())
}

fn unix_path() -> Outcome {
    let (a, b) = (TempPath::new("a", 0), TempPath::new("b", 0));
    send_between(
        UnixAddr::path(&a.0).expect("a path"),
        UnixAddr::path(&b.0).expect("a path"),
    )
}

/// The kernel counts a NUL after the path, for which `sockaddr_un` has no room.
fn unix_longest_path() -> Outcome {
    let path = TempPath::new("longest", 108);
    if path.0.len() > 108 {
        return Err(Stop::Skip(
            "a shorter path of the directory for temporary files".into(),
        ));
    }
    let addr = UnixAddr::path(&path.0).expect("a path");
    let (from, to) = (unix_socket()?, unix_socket()?);
    bind(&from, addr.as_bytes())?;
    bind(&to, UnixAddr::unnamed().as_bytes())?;
    let to_addr = own_addr(&to)?;
    for space in [128, 111, 110] {
        send_to(&from, &to_addr, b"x")?;
        receive_from(&to, space, |found, len| {
            assert_eq!((found, len), (Ok(Some(addr.into())), 111))
        })?;
    }
    send_to(&from, &to_addr, b"x")?;
    receive_from(&to, 109, |found, _| {
        assert!(found.is_err(), "it was truncated")
    })
}

fn unix_abstract() -> Outcome {
    let name = |last: &[u8]| [format!("ancil-{}", std::process::id()).as_bytes(), last].concat();
    let longest = |byte: u8| [name(b""), vec![byte; 107]].concat()[..107].to_vec();
    for (a, b) in [(name(b"\0a\0"), name(b"\0a")), (longest(b'x'), longest(0))] {
        send_between(
            UnixAddr::abstract_name(&a).expect("a name"),
            UnixAddr::abstract_name(&b).expect("a name"),
        )?;
    }
    Ok(())
}

/// The kernel chooses a name of five hexadecimal digits.
fn unix_autobind() -> Outcome {
    let (from, to) = (unix_socket()?, unix_socket()?);
    for socket in [&from, &to] {
        assert_eq!(
            Address::parse(&own_addr(socket)?),
            Ok(UnixAddr::unnamed().into())
        );
        bind(socket, UnixAddr::unnamed().as_bytes())?;
    }
    send_to(&from, &own_addr(&to)?, b"x")?;
    receive_from(&to, 128, |found, len| match found {
        Ok(Some(Address::Unix(addr))) => match addr.name() {
            UnixName::Abstract(digits) => {
                assert_eq!((digits.len(), len), (5, 8));
                assert!(digits.iter().all(u8::is_ascii_hexdigit), "{addr}");
            }
            other => panic!("{other:?}"),
        },
        other => panic!("{other:?}"),
    })
}

fn unix_unnamed() -> Outcome {
    let (from, to) = (unix_socket()?, unix_socket()?);
    bind(&to, UnixAddr::unnamed().as_bytes())?;
    send_to(&from, &own_addr(&to)?, b"x")?;
    receive_from(&to, 128, |found, len| {
        assert_eq!((found, len), (Ok(None), 0))
    })
}

/// The kernel accepts no unnamed address as the destination, and none that is longer than
/// `sockaddr_un`.
fn unix_refused() -> Outcome {
    let socket = unix_socket()?;
    let path = [&1u16.to_ne_bytes()[..], &[b'p'; 109]].concat();
    for addr in [UnixAddr::unnamed().as_bytes(), &path] {
        assert_eq!(send_to(&socket, addr, b"x"), Err(Errno(libc::EINVAL)));
    }
    assert!(Address::parse(&path).is_err());
    Ok(())
}

fn udp(local: &str) -> Outcome {
    let (from, to) = (
        needs(local, UdpSocket::bind(local))?,
        needs(local, UdpSocket::bind(local))?,
    );
    let addr = Address::from(to.local_addr()?);
    assert_eq!(
        own_addr(&to)?,
        addr.as_bytes(),
        "the kernel uses the same layout"
    );
    assert_eq!(send_to(&from, addr.as_bytes(), b"x")?, 1);
    let sender = receive_from(&to, 128, |found, _| {
        SocketAddr::try_from(found.expect("whole").expect("a sender"))
    })??;
    assert_eq!(sender, from.local_addr()?);
    // The kernel accepts the least length that `Address::parse` accepts, and nothing shorter.
    let least = if addr.family() == ancil::addr::AF_INET6 {
        24
    } else {
        16
    };
    assert_eq!(send_to(&from, &addr.as_bytes()[..least], b"x")?, 1);
    is_from(&to, from.local_addr()?.into())?;
    let short = &addr.as_bytes()[..least - 1];
    assert_eq!(send_to(&from, short, b"x"), Err(Errno(libc::EINVAL)));
    assert!(Address::parse(short).is_err());
    Ok(())
}

fn udp4() -> Outcome {
    udp("127.0.0.1:0")
}

fn udp6() -> Outcome {
    udp("[::1]:0")
}

/// If the space is too small, the address does not parse, and the kernel reports its full length.
fn truncated() -> Outcome {
    let (from, to) = (
        UdpSocket::bind("127.0.0.1:0")?,
        UdpSocket::bind("127.0.0.1:0")?,
    );
    for space in 0..16 {
        send_to(&from, Address::from(to.local_addr()?).as_bytes(), b"x")?;
        receive_from(&to, space, |found, len| {
            let e = found.expect_err("it was truncated");
            assert_eq!((e.len, e.offset, len), (space, space, 16));
        })?;
    }
    Ok(())
}

fn netlink() -> Outcome {
    let socket = route_socket(0)?;
    let mut ask = request(RTM_GETLINK, &[0; 12]);
    ask[20..24].copy_from_slice(&1u32.to_ne_bytes());
    let kernel = SockaddrNl::new(0, 0);
    assert_eq!(
        send_to(&socket, &kernel.as_bytes()[..11], &ask),
        Err(Errno(libc::EINVAL))
    );
    assert!(Address::parse(&kernel.as_bytes()[..11]).is_err());
    assert_eq!(send_to(&socket, kernel.as_bytes(), &ask)?, ask.len());
    is_from(&socket, kernel.into())?;
    match Address::parse(&own_addr(&socket)?)? {
        Address::Netlink(own) => assert!(own.nl_pid != 0 && own.nl_groups == 0, "{own}"),
        other => panic!("{other:?}"),
    }
    Ok(())
}

fn packet() -> Outcome {
    in_namespace(|| {
        const PROTOCOL: u16 = 0x88b5; // reserved for experiments
        let open = || {
            needs(
                "AF_PACKET",
                socket(libc::AF_PACKET, libc::SOCK_DGRAM, PROTOCOL.to_be().into()),
            )
        };
        let (from, to) = (open()?, open()?);
        let lo = PacketAddr::new(loopback_index(), PROTOCOL, &[0; 6]).expect("six bytes");
        bind(&to, lo.as_bytes())?;
        match Address::parse(&own_addr(&to)?)? {
            Address::Packet(own) => {
                let head = own.sockaddr();
                assert_eq!(
                    (head.sll_ifindex, head.sll_protocol.get(), own.hardware()),
                    (loopback_index(), PROTOCOL, &[0; 6][..])
                );
                assert_eq!(
                    (head.sll_hatype, own_addr(&to)?.len()),
                    (libc::ARPHRD_LOOPBACK, 12 + 6)
                );
            }
            other => panic!("{other:?}"),
        }
        assert_eq!(send_to(&from, lo.as_bytes(), b"x")?, 1);
        receive_from(&to, 128, |found, len| match found {
            Ok(Some(Address::Packet(addr))) => {
                let head = addr.sockaddr();
                assert_eq!(
                    (head.sll_ifindex, head.sll_protocol.get()),
                    (loopback_index(), PROTOCOL)
                );
                assert_eq!(
                    (addr.hardware(), head.sll_hatype, len),
                    (&[0; 6][..], libc::ARPHRD_LOOPBACK, 20)
                );
                assert!(addr.to_string().contains("sll_hatype=ARPHRD_LOOPBACK"));
            }
            other => panic!("{other:?}"),
        })?;
        // The hardware address is longer than the rest of the bytes.
        let longer = PacketAddr::new(loopback_index(), PROTOCOL, &[0; 9]).expect("nine bytes");
        let truncated = &longer.as_bytes()[..20];
        assert_eq!(send_to(&from, truncated, b"x"), Err(Errno(libc::EINVAL)));
        assert!(Address::parse(truncated).is_err());
        assert_eq!(send_to(&from, longer.as_bytes(), b"x")?, 1);
        Ok(())
    })
}

fn vsock() -> Outcome {
    let socket = needs("AF_VSOCK", socket(libc::AF_VSOCK, libc::SOCK_STREAM, 0))?;
    let any = SockaddrVm::new(VMADDR_CID_ANY, VMADDR_PORT_ANY);
    assert!(
        bind(&socket, &any.as_bytes()[..15]).is_err()
            && Address::parse(&any.as_bytes()[..15]).is_err()
    );
    needs("bind of AF_VSOCK", bind(&socket, any.as_bytes()))?;
    match Address::parse(&own_addr(&socket)?)? {
        Address::Vsock(own) => assert!(
            own.svm_cid == VMADDR_CID_ANY && own.svm_port != VMADDR_PORT_ANY,
            "{own}"
        ),
        other => panic!("{other:?}"),
    }
    Ok(())
}

fn can() -> Outcome {
    let socket = needs(
        "AF_CAN",
        socket(libc::AF_CAN, libc::SOCK_RAW, libc::CAN_RAW),
    )?;
    let all = SockaddrCan::new(0);
    assert!(
        bind(&socket, &all.as_bytes()[..7]).is_err()
            && Address::parse(&all.as_bytes()[..7]).is_err()
    );
    bind(&socket, &all.as_bytes()[..8])?;
    assert_eq!(Address::parse(&own_addr(&socket)?), Ok(all.into()));
    Ok(())
}

fn mctp() -> Outcome {
    let socket = needs("AF_MCTP", socket(i32::from(AF_MCTP), libc::SOCK_DGRAM, 0))?;
    let any = SockaddrMctp::new(MCTP_NET_ANY, MCTP_ADDR_ANY, 0x7e);
    assert!(
        bind(&socket, &any.as_bytes()[..11]).is_err()
            && Address::parse(&any.as_bytes()[..11]).is_err()
    );
    needs("bind of AF_MCTP", bind(&socket, any.as_bytes()))
}

fn l2cap() -> Outcome {
    const BTPROTO_L2CAP: i32 = 0;
    let family = i32::from(AF_BLUETOOTH);
    let made = socket(family, libc::SOCK_SEQPACKET, BTPROTO_L2CAP);
    let socket = needs("AF_BLUETOOTH, L2CAP", made)?;
    let any = SockaddrL2::new([0; 6], BDADDR_BREDR, 0);
    needs("bind of L2CAP", bind(&socket, any.as_bytes()))?;
    assert!(matches!(
        Address::parse(&own_addr(&socket)?)?,
        Address::L2(_)
    ));
    Ok(())
}

fn alg() -> Outcome {
    let socket = needs("AF_ALG", socket(libc::AF_ALG, libc::SOCK_SEQPACKET, 0))?;
    let sha = SockaddrAlg::new(b"hash", b"sha256").expect("short names");
    assert!(
        bind(&socket, &sha.as_bytes()[..24]).is_err()
            && Address::parse(&sha.as_bytes()[..24]).is_err()
    );
    match bind(&socket, sha.as_bytes()) {
        Err(e) if e.raw_os_error() == Some(libc::ENOENT) => {
            Err(Stop::Skip(format!("AF_ALG, sha256: {e}")))
        }
        bound => Ok(bound?),
    }
}
