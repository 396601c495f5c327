//! Sockets that refuse MSG_CMSG_CLOEXEC, which `io::recvmsg` adds, with EINVAL or EOPNOTSUPP. Those
//! of AF_MCTP, AF_PHONET and AF_KEY do, but few kernels have these families. So a seccomp filter
//! answers here as they do, on sockets of other families.

use crate::namespace::{in_child, in_namespace};
use crate::netlink::{self, RTM_GETLINK, request};
use crate::support::*;
use crate::udp4;
use ancil::{Errno, IP_RECVERR, MsgFlags};
use std::io::Error as IoError;
use std::mem::offset_of;
use std::net::UdpSocket;
use std::os::fd::AsFd;
use std::os::unix::net::UnixDatagram;

trials! { repeated_on_netlink not_repeated_on_udp not_repeated_on_unix icmp_error_of_udp }

/// What sockets answer that do not know the flag.
const ANSWERS: [i32; 2] = [libc::EOPNOTSUPP, libc::EINVAL];

/// Runs `test` in a child process in which `recvmsg(2)` fails with `errno` if it is called with
/// MSG_CMSG_CLOEXEC.
fn with_refusal(errno: i32, test: impl FnOnce() -> Outcome) -> Outcome {
    in_child(|| {
        refuse_cloexec(errno)?;
        let probe = udp4::pair()?.1;
        probe.set_nonblocking(true)?;
        let answer = try_receive(&probe, 0, MsgFlags::empty(), |_| Ok(()))?;
        if answer != Err(Errno(errno)) {
            return Err(Stop::Skip(format!(
                "the C library calls recvmsg in a way that the filter cannot see: {answer:?}"
            )));
        }
        test()
    })
}

/// Installs the filter, for this process and for good.
fn refuse_cloexec(errno: i32) -> Outcome {
    let step = |code: u32, jt, jf, k| libc::sock_filter {
        code: code as u16,
        jt,
        jf,
        k,
    };
    let load = libc::BPF_LD | libc::BPF_W | libc::BPF_ABS;
    let jump = libc::BPF_JMP | libc::BPF_K;
    // An argument has 64 bits, of which a filter loads 32: those that hold the flags.
    let low = if cfg!(target_endian = "big") { 4 } else { 0 };
    let flags = offset_of!(libc::seccomp_data, args) + 2 * size_of::<u64>() + low;
    let mut steps = [
        step(load, 0, 0, offset_of!(libc::seccomp_data, nr) as u32),
        step(jump | libc::BPF_JEQ, 0, 3, libc::SYS_recvmsg as u32),
        step(load, 0, 0, flags as u32),
        step(jump | libc::BPF_JSET, 0, 1, libc::MSG_CMSG_CLOEXEC as u32),
        step(libc::BPF_RET, 0, 0, libc::SECCOMP_RET_ERRNO | errno as u32),
        step(libc::BPF_RET, 0, 0, libc::SECCOMP_RET_ALLOW),
    ];
    let program = libc::sock_fprog {
        len: steps.len() as u16,
        filter: steps.as_mut_ptr(),
    };
    let (zero, one): (libc::c_ulong, libc::c_ulong) = (0, 1);
    // SAFETY: the first call accesses no memory. The second reads `program` and the steps that it
    // points to, whose number it holds. Both change this process alone.
    let failed = unsafe {
        libc::prctl(libc::PR_SET_NO_NEW_PRIVS, one, zero, zero, zero) < 0
            || libc::prctl(
                libc::PR_SET_SECCOMP,
                libc::SECCOMP_MODE_FILTER as libc::c_ulong,
                &raw const program,
            ) < 0
    };
    if failed {
        return Err(Stop::Skip(format!(
            "a seccomp filter: {}",
            IoError::last_os_error()
        )));
    }
    Ok(())
}

fn repeated_on_netlink() -> Outcome {
    for errno in ANSWERS {
        with_refusal(errno, || {
            let socket = netlink::route_socket(0)?;
            send_plain(&socket, &request(RTM_GETLINK, &[0; 12]))?;
            receive(&socket, 0, |received| {
                assert!(received.bytes() > 16, "{} bytes", received.bytes());
                Ok(())
            })
        })?;
    }
    Ok(())
}

/// Checks that a receive on `b` returns `errno`, and that the datagram, which a second call would
/// have received, is still there.
fn check_not_repeated(
    errno: i32,
    a: &impl AsFd,
    b: &impl AsFd,
    left: impl Fn() -> usize,
) -> Outcome {
    send_plain(a, b"datagram")?;
    wait(b, libc::POLLIN)?;
    let answer = try_receive(b, 0, MsgFlags::empty(), |received| Ok(received.bytes()))?;
    assert_eq!((answer, left()), (Err(Errno(errno)), 8));
    Ok(())
}

/// On these sockets the error can be one of the network, which a second call would lose.
fn not_repeated_on_udp() -> Outcome {
    for errno in ANSWERS {
        with_refusal(errno, || {
            let (a, b) = udp4::pair()?;
            check_not_repeated(errno, &a, &b, || b.recv(&mut [0; 9]).expect("a datagram"))
        })?;
    }
    Ok(())
}

/// Without the flag, descriptors would be received that `execve(2)` leaks.
fn not_repeated_on_unix() -> Outcome {
    for errno in ANSWERS {
        with_refusal(errno, || {
            let (a, b) = UnixDatagram::pair()?;
            check_not_repeated(errno, &a, &b, || b.recv(&mut [0; 9]).expect("a datagram"))
        })?;
    }
    Ok(())
}

/// An ICMP message that reports "source route failed" makes the next call fail with EOPNOTSUPP,
/// once. The datagram that waits must stay for the call after that.
fn icmp_error_of_udp() -> Outcome {
    in_namespace(|| {
        let (a, b) = udp4::pair()?;
        b.connect(a.local_addr()?)?;
        // Without this option, UDP does not report errors that may pass.
        enable::<IP_RECVERR>(&b)?;
        send_plain(&a, b"datagram")?;
        wait(&b, libc::POLLIN)?;
        let icmp = socket(libc::AF_INET, libc::SOCK_RAW, libc::IPPROTO_ICMP);
        let icmp = UdpSocket::from(needs("a raw socket", icmp)?);
        icmp.connect(b.local_addr()?)?;
        // The headers of a datagram from `b` to `a`, which this message answers.
        let mut cause = [0; 28];
        (cause[0], cause[3], cause[9]) = (0x45, 28, libc::IPPROTO_UDP as u8);
        cause[12..20].copy_from_slice(&[127, 0, 0, 1, 127, 0, 0, 1]);
        cause[20..22].copy_from_slice(&b.local_addr()?.port().to_be_bytes());
        cause[22..24].copy_from_slice(&a.local_addr()?.port().to_be_bytes());
        cause[25] = 8;
        // Destination unreachable, source route failed.
        let mut message = [&[3, 5, 0, 0, 0, 0, 0, 0], &cause[..]].concat();
        let sum: u32 = message
            .chunks(2)
            .map(|pair| u32::from(u16::from_be_bytes([pair[0], pair[1]])))
            .sum();
        let sum = !(sum % 0xffff) as u16; // a sum with carries added is a remainder
        message[2..4].copy_from_slice(&sum.to_be_bytes());
        send_plain(&icmp, &message)?;
        wait(&b, libc::POLLERR)?;
        let answers = [(); 3]
            .map(|()| try_receive(&b, 0, MsgFlags::empty(), |received| Ok(received.bytes())));
        let answers = answers.into_iter().collect::<Outcome<Vec<_>>>()?;
        assert_eq!(
            answers,
            [
                Err(Errno(libc::EOPNOTSUPP)),
                Ok(8),
                Err(Errno(libc::EAGAIN))
            ]
        );
        Ok(())
    })
}
