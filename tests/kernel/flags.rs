//! Flags that only some sockets have: the end of a record, and out-of-band data. Other flags are
//! tested elsewhere: `MSG_TRUNC` in `unix` and `batch`, `MSG_CTRUNC` in `rights`, `MSG_ERRQUEUE` in
//! `errqueue` and `tcp`.

use crate::support::*;
use crate::tcp;
use ancil::level::SOL_TCP;
use ancil::{Errno, IoVec, MMsgHdr, MsgFlags, MsgHdr, io};
use std::io::Error as IoError;
use std::net::{Ipv4Addr, TcpStream};
use std::os::fd::{AsFd, AsRawFd, FromRawFd, OwnedFd};
use std::os::unix::net::UnixStream;

trials! {
    end_of_record
    record_without_end
    end_of_record_in_a_batch
    out_of_band_tcp
    out_of_band_unix
}

/// Sends bytes with flags, and checks that the kernel accepts them all.
fn send_with(socket: &impl AsFd, bytes: &[u8], flags: MsgFlags) -> Outcome {
    let sent = try_send(socket, bytes, flags, |_| Ok::<(), Stop>(()))?;
    assert_eq!(needs("these flags", sent.map_err(Into::into))?, bytes.len());
    Ok(())
}

/// Waits for the next message, and returns its bytes and flags.
fn receive_with(socket: &impl AsFd, asked: MsgFlags) -> Outcome<(Vec<u8>, MsgFlags)> {
    wait(
        socket,
        if asked.contains(MsgFlags::MSG_OOB) {
            libc::POLLPRI
        } else {
            libc::POLLIN
        },
    )?;
    Ok(try_receive(socket, 0, asked, |received| {
        Ok((bytes(&received), received.flags()))
    })??)
}

/// `vsock(7)` keeps records and reports their ends since Linux 5.15.
fn end_of_record() -> Outcome {
    let call = |result: i32| {
        if result < 0 {
            Err(IoError::last_os_error())
        } else {
            Ok(result)
        }
    };
    let pair = || {
        let vsock = || socket(libc::AF_VSOCK, libc::SOCK_SEQPACKET, 0);
        let (listener, here, mut size) =
            (vsock()?, vsock()?, size_of::<libc::sockaddr_vm>() as u32);
        // SAFETY: zero is a value of every field of `sockaddr_vm`.
        let mut name: libc::sockaddr_vm = unsafe { std::mem::zeroed() };
        (name.svm_family, name.svm_cid, name.svm_port) = (
            libc::AF_VSOCK as _,
            libc::VMADDR_CID_ANY,
            libc::VMADDR_PORT_ANY,
        );
        // SAFETY: `bind`, `getsockname` and `connect` access at most `size` bytes of `name`, which
        // has as many; `accept` takes null pointers if no address is wanted. `accept` has just
        // opened `there`, and nothing else owns it.
        unsafe {
            call(libc::bind(
                listener.as_raw_fd(),
                (&raw const name).cast(),
                size,
            ))?;
            call(libc::listen(listener.as_raw_fd(), 1))?;
            call(libc::getsockname(
                listener.as_raw_fd(),
                (&raw mut name).cast(),
                &raw mut size,
            ))?;
            name.svm_cid = libc::VMADDR_CID_LOCAL;
            call(libc::connect(
                here.as_raw_fd(),
                (&raw const name).cast(),
                size,
            ))?;
            let there = call(libc::accept(
                listener.as_raw_fd(),
                std::ptr::null_mut(),
                std::ptr::null_mut(),
            ))?;
            Ok((here, OwnedFd::from_raw_fd(there)))
        }
    };
    let (a, b) = pair().map_err(|e: IoError| {
        Stop::Skip(format!(
            "a vsock with records, of module vsock_loopback: {e}"
        ))
    })?;
    for flags in [MsgFlags::MSG_EOR, MsgFlags::empty()] {
        send_with(&a, b"record", flags)?;
        assert_eq!(
            receive_with(&b, MsgFlags::empty())?,
            (b"record".to_vec(), flags)
        );
    }
    Ok(())
}

/// AF_UNIX sockets keep records, too, but do not report their ends.
fn record_without_end() -> Outcome {
    let [a, b] = packets()?;
    for record in [&b"one"[..], b"two"] {
        send_with(&a, record, MsgFlags::MSG_EOR)?;
    }
    for record in ["one", "two"] {
        assert_eq!(
            receive_with(&b, MsgFlags::empty())?,
            (record.into(), MsgFlags::empty())
        );
    }
    Ok(())
}

/// MSG_EOR is the only flag that each message of a batch can have for itself. It makes TCP end the
/// segment.
fn end_of_record_in_a_batch() -> Outcome {
    /// The offset of `tcpi_data_segs_out` in `struct tcp_info`, since Linux 4.6.
    const DATA_SEGS_OUT: usize = 156;
    for (flags, segments) in [(MsgFlags::empty(), 1), (MsgFlags::MSG_EOR, 3)] {
        let (a, b) = tcp::pair(Ipv4Addr::LOCALHOST)?;
        set(&a, "TCP_CORK", SOL_TCP, libc::TCP_CORK, 1)?;
        let vectors = [[IoVec::new(b"x")]; 3];
        let mut batch = vectors
            .each_ref()
            .map(|vectors| MMsgHdr::new(MsgHdr::new().iov(vectors).flags(flags)));
        assert_eq!(io::sendmmsg(&a, &mut batch, MsgFlags::empty())?, 3);
        set(&a, "TCP_CORK", SOL_TCP, libc::TCP_CORK, 0)?;
        std::io::Read::read_exact(&mut &b, &mut [0; 3])?;
        let (mut info, mut len) = ([0u8; 256], 256);
        // SAFETY: the call writes at most `len` bytes to `info`, which has 256.
        let failed = unsafe {
            libc::getsockopt(
                a.as_raw_fd(),
                SOL_TCP,
                libc::TCP_INFO,
                info.as_mut_ptr().cast(),
                &raw mut len,
            ) < 0
        };
        assert!(!failed && len as usize >= DATA_SEGS_OUT + 4, "{len}");
        assert_eq!(
            info[DATA_SEGS_OUT..]
                .first_chunk()
                .map(|n| u32::from_ne_bytes(*n)),
            Some(segments),
            "{flags:?}"
        );
    }
    Ok(())
}

/// The last byte of a send with MSG_OOB is out-of-band data. Only a receive of that byte reports
/// MSG_OOB.
fn out_of_band(a: &impl AsFd, b: &impl AsFd) -> Outcome {
    send_with(a, b"abc", MsgFlags::MSG_OOB)?;
    assert_eq!(
        receive_with(b, MsgFlags::MSG_OOB)?,
        (b"c".to_vec(), MsgFlags::MSG_OOB)
    );
    assert_eq!(
        receive_with(b, MsgFlags::empty())?,
        (b"ab".to_vec(), MsgFlags::empty())
    );
    let second = try_receive(b, 0, MsgFlags::MSG_OOB, |_| Ok(()))?;
    assert_eq!(
        second,
        Err(Errno(libc::EINVAL)),
        "there was only one such byte"
    );
    Ok(())
}

fn out_of_band_tcp() -> Outcome {
    let (a, b): (TcpStream, TcpStream) = tcp::pair(Ipv4Addr::LOCALHOST)?;
    out_of_band(&a, &b)
}

/// AF_UNIX has out-of-band data since Linux 5.15.
fn out_of_band_unix() -> Outcome {
    let (a, b) = UnixStream::pair()?;
    out_of_band(&a, &b)
}
