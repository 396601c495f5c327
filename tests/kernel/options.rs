//! `socket(7)`: control messages of the packets of any protocol.

use crate::namespace::in_namespace;
use crate::support::*;
use crate::{udp4, udp6};
use ancil::level::SOL_SOCKET;
use ancil::{
    Errno, IP_SCM_SECURITY, Key, MsgFlags, SCM_DEVMEM_DMABUF, SCM_TXTIME, SO_MARK, SO_PRIORITY,
    SO_RXQ_OVFL,
};
use std::os::fd::AsFd;

trials! {
    mark [SO_MARK]
    priority [SO_PRIORITY]
    dropped [SO_RXQ_OVFL]
    txtime [SCM_TXTIME]
    dmabuf_id
    security_label [IP_SCM_SECURITY]
}

const INVALID: Result<usize, Errno> = Err(Errno(libc::EINVAL));

fn mark() -> Outcome {
    in_namespace(|| {
        for (a, b) in [udp4::pair()?, udp6::pair()?] {
            enable::<SO_MARK>(&b)?;
            send(&a, b"x", |writer| writer.put(SO_MARK, 0x8765_4321))?;
            assert_eq!(receive_one(&b, SO_MARK)?, 0x8765_4321);
        }
        Ok(())
    })
}

fn priority() -> Outcome {
    for (a, b) in [udp4::pair()?, udp6::pair()?] {
        enable::<SO_PRIORITY>(&b)?;
        send(&a, b"x", |writer| writer.put(SO_PRIORITY, 5))?;
        assert_eq!(receive_one(&b, SO_PRIORITY)?, 5);
    }
    Ok(())
}

fn dropped() -> Outcome {
    let (a, b) = udp4::pair()?;
    enable::<SO_RXQ_OVFL>(&b)?;
    set(&b, "SO_RCVBUF", SOL_SOCKET, libc::SO_RCVBUF, 0)?;
    let sent = 40;
    for _ in 0..sent {
        send_plain(&a, &[0; 500])?;
    }
    let mut kept = 0;
    while try_receive(&b, 0, MsgFlags::empty(), |_| Ok(()))?.is_ok() {
        kept += 1;
    }
    assert!(
        (1..sent).contains(&kept),
        "{kept} of {sent} datagrams were kept"
    );
    send_plain(&a, b"x")?;
    assert_eq!(receive_one(&b, SO_RXQ_OVFL)?, sent - kept);
    Ok(())
}

fn txtime() -> Outcome {
    let mut now = libc::timespec {
        tv_sec: 0,
        tv_nsec: 0,
    };
    // SAFETY: the call writes one `timespec`.
    unsafe { libc::clock_gettime(libc::CLOCK_MONOTONIC, &raw mut now) };
    let time = now.tv_sec as u64 * 1_000_000_000 + now.tv_nsec as u64;
    for (a, b) in [udp4::pair()?, udp6::pair()?] {
        let with_time = || {
            try_send(&a, b"x", MsgFlags::empty(), |writer| {
                writer.put(SCM_TXTIME, time)
            })
        };
        assert_eq!(with_time()?, INVALID, "SO_TXTIME is not set yet");
        let clock = ancil::payload::SockTxtime {
            clockid: libc::CLOCK_MONOTONIC,
            flags: 0,
        };
        let option = [clock.clockid.to_ne_bytes(), clock.flags.to_ne_bytes()].concat();
        needs(
            "SO_TXTIME",
            try_set(&a, SOL_SOCKET, libc::SO_TXTIME, &option),
        )?;
        assert_eq!(with_time()?, Ok(1));
        receive(&b, 0, |_| Ok(()))?;
        assert_eq!(
            try_send_raw(&a, SOL_SOCKET, SCM_TXTIME::TYPE, &[0; 4])?,
            INVALID,
            "too short"
        );
    }
    Ok(())
}

/// The id 0 means no buffer, and the kernel accepts it on every socket.
fn dmabuf_id() -> Outcome {
    since("SCM_DEVMEM_DMABUF", (6, 17))?;
    let (a, b) = udp4::pair()?;
    send(&a, b"x", |writer| writer.put(SCM_DEVMEM_DMABUF, 0))?;
    receive(&b, 0, |_| Ok(()))?;
    assert_eq!(
        try_send_raw(&a, SOL_SOCKET, SCM_DEVMEM_DMABUF::TYPE, &[0; 8])?,
        INVALID,
        "too long"
    );
    Ok(())
}

fn security_label() -> Outcome {
    let (a, b) = udp4::pair()?;
    enable::<IP_SCM_SECURITY>(&b)?;
    send_plain(&a, b"x")?;
    receive(&b.as_fd(), 4096, |received| {
        match received.control().get(IP_SCM_SECURITY)? {
            Some(label) => {
                assert!(!label.is_empty());
                Ok(())
            }
            None => Err(Stop::Skip(
                "IP_PASSSEC: no security module of this kernel labels packets".into(),
            )),
        }
    })
}
