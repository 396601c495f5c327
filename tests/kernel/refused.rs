//! Messages that the kernel refuses: those that it only emits, and those that take a privilege.

use crate::namespace::unprivileged;
use crate::support::*;
use crate::{udp4, udp6};
use ancil::payload::Ucred;
use ancil::{
    CATALOGUE, Direction, Errno, IPV6_DSTOPTS, IPV6_HOPOPTS, MsgFlags, SCM_CREDENTIALS, SO_MARK,
    SO_PRIORITY,
};
use std::os::fd::AsFd;
use std::os::unix::net::UnixDatagram;

trials! { over_unix over_udp4 over_udp6 without_privilege }

const INVALID: Result<usize, Errno> = Err(Errno(libc::EINVAL));
const FORBIDDEN: Result<usize, Errno> = Err(Errno(libc::EPERM));

/// AF_UNIX sockets ignore all levels but SOL_SOCKET, of which they accept only SCM_RIGHTS and
/// SCM_CREDENTIALS.
fn over_unix() -> Outcome {
    let (a, b) = UnixDatagram::pair()?;
    for row in CATALOGUE {
        if ["SCM_RIGHTS", "SCM_CREDENTIALS"].contains(&row.name) {
            continue;
        }
        let expected = if row.level_name == "SOL_SOCKET" {
            INVALID
        } else {
            Ok(1)
        };
        assert_eq!(
            try_send_raw(&a, row.level, row.ty, &[0; 4])?,
            expected,
            "{}",
            row.name
        );
        if expected.is_ok() {
            receive(&b, 0, |_| Ok(()))?;
        }
    }
    Ok(())
}

/// Sends all messages of `levels` that the catalogue calls `recv`, and checks that they are
/// refused.
fn recv_rows_are_refused(socket: &impl AsFd, levels: &[&str]) -> Outcome {
    let rows = CATALOGUE
        .iter()
        .filter(|row| row.direction == Direction::Recv && levels.contains(&row.level_name));
    let mut count = 0;
    for row in rows {
        assert_eq!(
            try_send_raw(socket, row.level, row.ty, &[0; 4])?,
            INVALID,
            "{}",
            row.name
        );
        count += 1;
    }
    assert!(count > 10, "only {count} rows");
    Ok(())
}

fn over_udp4() -> Outcome {
    recv_rows_are_refused(&udp4::pair()?.0, &["SOL_SOCKET", "SOL_IP", "SOL_UDP"])
}

fn over_udp6() -> Outcome {
    recv_rows_are_refused(&udp6::pair()?.0, &["SOL_SOCKET", "SOL_IPV6", "SOL_UDP"])
}

fn without_privilege() -> Outcome {
    unprivileged(|| {
        let (a, _b) = udp6::pair()?;
        let flags = MsgFlags::empty();
        assert_eq!(
            try_send(&a, b"x", flags, |writer| writer.put(SO_MARK, 1))?,
            FORBIDDEN
        );
        let expected = if since("sending SO_PRIORITY", (6, 14)).is_ok() {
            FORBIDDEN
        } else {
            INVALID
        };
        assert_eq!(
            try_send(&a, b"x", flags, |writer| writer.put(SO_PRIORITY, 7))?,
            expected
        );
        assert_eq!(
            try_send(&a, b"x", flags, |writer| writer.put(IPV6_HOPOPTS, &[0; 8]))?,
            FORBIDDEN
        );
        assert_eq!(
            try_send(&a, b"x", flags, |writer| writer.put(IPV6_DSTOPTS, &[0; 8]))?,
            FORBIDDEN
        );
        assert_eq!(
            try_send(&a, b"x", flags, |writer| writer.put(IPV6_DSTOPTS, &[0; 1]))?,
            INVALID,
            "too short"
        );
        let (a, _b) = UnixDatagram::pair()?;
        let init = Ucred {
            pid: 1,
            uid: 0,
            gid: 0,
        };
        assert_eq!(
            try_send(&a, b"x", flags, |writer| writer.put(SCM_CREDENTIALS, init))?,
            FORBIDDEN
        );
        Ok(())
    })
}
