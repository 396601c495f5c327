//! `io::recvmsg_uninit`: what the kernel wrote can be read, also the padding that it left out.

use crate::support::*;
use crate::udp4;
use ancil::addr::SockaddrIn;
use ancil::{
    Errno, IoVec, IoVecUninit, MsgFlags, MsgHdr, MsgHdrUninit, Payload, SCM_RIGHTS, UpTo, Writer,
    io, space_of,
};
use std::mem::MaybeUninit;
use std::os::unix::net::UnixDatagram;

trials! {
    bytes_over_several_vectors
    descriptors_and_padding [SCM_RIGHTS]
    address_and_truncation
    counts_that_are_not_written_are_refused
}

const NONE: MsgFlags = MsgFlags::empty();

fn bytes_over_several_vectors() -> Outcome {
    let (here, there) = UnixDatagram::pair()?;
    for (sent, expected) in [
        (&b""[..], &[][..]),
        (b"ab", &[&b"ab"[..]]),
        (b"abc", &[b"abc"]),
        (b"abcde", &[b"abc", b"de"]),
    ] {
        there.send(sent)?;
        let (mut head, mut empty, mut body) =
            ([MaybeUninit::uninit(); 3], [], [MaybeUninit::uninit(); 9]);
        let mut vectors = [&mut head[..], &mut empty, &mut body].map(IoVecUninit::new);
        let mut message = MsgHdrUninit::new().iov(&mut vectors);
        let received = io::recvmsg_uninit(&here, &mut message, NONE)?;
        assert_eq!(received.bytes(), sent.len());
        assert!(received.chunks().eq(expected.iter().copied()));
    }
    Ok(())
}

fn descriptors_and_padding() -> Outcome {
    let (here, there) = UnixDatagram::pair()?;
    let mut control = [0; space_of::<UpTo<SCM_RIGHTS, 1>>() * 2];
    let mut writer = Writer::new(&mut control);
    writer.put(SCM_RIGHTS, &[(&there).into()])?;
    let vectors = [IoVec::new(b"x")];
    let message = MsgHdr::new().iov(&vectors).control(writer.finish());
    io::sendmsg(&there, &message, NONE)?;
    let before = open_fds();
    {
        // Whatever the kernel leaves as it was is visible as 0xaa.
        let mut control = [MaybeUninit::new(0xaa); 100];
        let mut byte = [MaybeUninit::uninit()];
        let mut vectors = [IoVecUninit::new(&mut byte)];
        let mut message = MsgHdrUninit::new().iov(&mut vectors).control(&mut control);
        let received = io::recvmsg_uninit(&here, &mut message, NONE)?;
        assert_eq!((received.fds().count(), open_fds()), (1, before + 1));
        let bytes = received.control().as_bytes();
        assert_eq!(bytes.len(), space_of::<UpTo<SCM_RIGHTS, 1>>());
        assert!(bytes[ancil::cmsg_len(4)..].iter().all(|byte| *byte == 0));
    }
    assert_eq!(open_fds(), before, "what nobody took was closed");
    Ok(())
}

fn address_and_truncation() -> Outcome {
    let (a, b) = udp4::pair()?;
    a.send(b"hello")?;
    let (mut name, mut bytes) = ([MaybeUninit::uninit(); 128], [MaybeUninit::uninit(); 4]);
    let mut vectors = [IoVecUninit::new(&mut bytes)];
    let mut message = MsgHdrUninit::new().name(&mut name).iov(&mut vectors);
    let received = io::recvmsg_uninit(&b, &mut message, NONE)?;
    assert_eq!(
        (received.data(), received.flags()),
        (&b"hell"[..], MsgFlags::MSG_TRUNC)
    );
    let from = SockaddrIn::decode(received.name()).expect("an address of IPv4");
    assert_eq!(from.sin_port.get(), a.local_addr()?.port());
    Ok(())
}

fn counts_that_are_not_written_are_refused() -> Outcome {
    let (here, there) = UnixDatagram::pair()?;
    there.send(b"hello")?;
    for flag in [MsgFlags::MSG_TRUNC, MsgFlags::MSG_SOCK_DEVMEM] {
        let mut message = MsgHdrUninit::new();
        let refused = io::recvmsg_uninit(&here, &mut message, flag);
        assert_eq!(refused.err(), Some(Errno(libc::EINVAL)));
    }
    Ok(())
}
