//! One test for each defect found in a released crate: what it gets wrong, ancil gets right.

use ancil::{
    Abi, BadPayload, CmsgHdr, ControlBuf, Key, Lengths, Malformed, MalformedKind, NoSpace, PayloadError, Raw, Reader,
    SCM_CREDENTIALS, SCM_RIGHTS, Ucred, Writer, cmsg_align, cmsg_len, cmsg_space,
};

const HEADER: usize = size_of::<CmsgHdr>();

/// A key with a payload as long as 16 bytes can be, for tests of lengths.
const LONG: Key<u128> = Key::new(7, 9);

/// A header that says `cmsg_len`, with `behind` after it.
fn header(cmsg_len: usize, level: i32, ty: i32, behind: &[u8]) -> Vec<u8> {
    let fields = [&cmsg_len.to_ne_bytes()[..], &level.to_ne_bytes(), &ty.to_ne_bytes()];
    [fields.concat().as_slice(), behind].concat()
}

fn descriptors(raw: Raw<'_>) -> Vec<i32> {
    raw.get(SCM_RIGHTS).unwrap().unwrap().iter().collect()
}

// rustix 1.1.6: its drain remembers how far it came in bytes of cmsg_len, without the padding.
// A second drain of the same buffer starts inside the padding: it aborts, or loses a descriptor.
#[test]
fn d1_rustix_second_walk_starts_inside_the_padding() {
    let mut buffer = [0; SCM_RIGHTS.space_for(1) + SCM_RIGHTS.space_for(3)];
    let mut writer = Writer::new(&mut buffer);
    writer.put(SCM_RIGHTS, &[10]).unwrap();
    writer.put(SCM_RIGHTS, &[20, 21, 22]).unwrap();
    let mut reader = Reader::new(writer.finish());
    for raw in reader.by_ref().take(1) {
        assert_eq!(descriptors(raw.unwrap()), [10]);
    }
    assert_eq!(reader.offset(), SCM_RIGHTS.space_for(1));
    let rest: Vec<_> = reader.map(|raw| descriptors(raw.unwrap())).collect();
    assert_eq!(rest, [[20, 21, 22]]);
}

// libc 0.2 and linux-raw-sys 0.12: CMSG_NXTHDR adds before it compares, so that a cmsg_len near the
// largest integer wraps, and the next header is the same one again or one before it: an endless loop.
#[test]
fn d3_libc_nxthdr_loops_on_a_huge_length() {
    for cmsg_len in usize::MAX - 64..=usize::MAX {
        for offset in [0, 24, 48] {
            assert_eq!(Abi::NATIVE.next(offset, cmsg_len, 96), None, "{offset} {cmsg_len}");
        }
        let bytes = header(cmsg_len, 1, 1, &[0; 48]);
        let mut reader = Reader::new(&bytes);
        let kind = MalformedKind::PastEnd { cmsg_len, left: bytes.len() };
        assert_eq!(reader.next(), Some(Err(Malformed { offset: 0, kind })));
        assert_eq!(reader.next(), None);
        let clipped = Reader::new(&bytes).lenient().map(|raw| raw.unwrap().data.len());
        assert_eq!(clipped.take(9).collect::<Vec<_>>(), [48]);
    }
}

// libc 0.2 and linux-raw-sys 0.12: CMSG_SPACE counts in 32 bits and wraps.
// The space for u32::MAX bytes is 16 there: a buffer of the header alone.
#[test]
fn d3_libc_space_wraps() {
    for n in [u32::MAX as usize, usize::MAX - 64, usize::MAX] {
        assert!(cmsg_align(n) >= n && cmsg_len(n) >= n && cmsg_space(n) >= n, "{n}");
    }
    assert_eq!(
        (cmsg_align(usize::MAX), cmsg_len(usize::MAX), cmsg_space(usize::MAX)),
        (usize::MAX, usize::MAX, usize::MAX)
    );
    assert_eq!(SCM_RIGHTS.space_for(usize::MAX / 2), usize::MAX);
}

// linux-raw-sys 0.12: its macros cut cmsg_len to 32 bits before they look at it.
// A length of 4 GiB and 20 bytes passes for 20 there.
#[test]
#[cfg(target_pointer_width = "64")]
fn d3_linux_raw_sys_cuts_the_length_to_32_bits() {
    for small in [0, 16, 20, 24] {
        let cmsg_len = (1 << 32) + small;
        let bytes = header(cmsg_len, 1, 1, &[0; 48]);
        let kind = MalformedKind::PastEnd { cmsg_len, left: bytes.len() };
        assert_eq!(Reader::new(&bytes).next(), Some(Err(Malformed { offset: 0, kind })));
        assert_eq!(Abi::NATIVE.next(0, cmsg_len, bytes.len()), None);
    }
}

// quinn-udp 0.6.3: its control buffer is 96 bytes, a number written by hand. With offload and timestamps
// the kernel needs 112 or 120, so that the congestion mark is lost without a sign.
#[test]
#[cfg(target_pointer_width = "64")]
fn d4_quinn_udp_buffer_size_is_a_literal() {
    use ancil::{IP_PKTINFO, IP_TOS, IPV6_PKTINFO, IPV6_TCLASS, SO_TIMESTAMPNS_NEW, UDP_GRO};
    const BOTH: usize = UDP_GRO.space() + SO_TIMESTAMPNS_NEW.space();
    assert_eq!(BOTH + IP_PKTINFO.space() + IP_TOS.space(), 112);
    assert_eq!(BOTH + IPV6_PKTINFO.space() + IPV6_TCLASS.space(), 120);
}

// compio-io 0.10.1: the payload's slice is as long as cmsg_len, so it includes the header's size again.
// One byte of payload is read as a u128 there, beyond the message and beyond the buffer.
#[test]
fn d5_compio_payload_reaches_behind_the_message() {
    for n in 0..16 {
        let mut bytes = header(HEADER + n, LONG.level, LONG.ty, &[0x11; 16][..n]);
        bytes.resize(cmsg_space(n), 0x22); // padding
        bytes.extend(header(HEADER + 16, LONG.level, LONG.ty, &[0x33; 16]));
        let mut reader = Reader::new(&bytes);
        let raw = reader.next().unwrap().unwrap();
        assert_eq!(raw.data, &[0x11; 16][..n]);
        let cause = PayloadError::Length(Lengths::Exactly(16));
        assert_eq!(raw.get(LONG), Err(BadPayload { level: LONG.level, ty: LONG.ty, offset: 0, len: n, cause }));
        let whole = reader.next().unwrap().unwrap();
        assert_eq!(whole.get(LONG), Ok(Some(u128::from_ne_bytes([0x33; 16]))));
        assert_eq!(reader.next(), None);
    }
}

// compio-io 0.10.1: a buffer without a byte makes its iterator and its builder panic.
#[test]
fn d5_compio_empty_buffer_panics() {
    assert_eq!(Reader::new(&[]).next(), None);
    assert_eq!(Reader::new(&[]).lenient().next(), None);
    assert_eq!(Reader::new(&[]).get(SCM_RIGHTS), Ok(None));
    let full = Err(NoSpace { needed: cmsg_space(12), left: 0 });
    let mut writer = Writer::new(&mut []);
    assert_eq!(writer.put(SCM_CREDENTIALS, Ucred { pid: 1, uid: 0, gid: 0 }), full);
    assert_eq!(writer.finish(), []);
    let mut buffer = ControlBuf::<0>::new();
    assert_eq!(buffer.put(SCM_CREDENTIALS, Ucred { pid: 1, uid: 0, gid: 0 }), full);
    assert_eq!(buffer.as_bytes(), []);
}

// s2n-quic-platform 0.91: a message whose payload has no byte ends its iteration.
// The messages behind it are lost there.
#[test]
fn d6_s2n_quic_zero_length_payload_ends_the_walk() {
    let mut buffer = [0; 3 * cmsg_space(0) + SCM_RIGHTS.space_for(2)];
    let mut writer = Writer::new(&mut buffer);
    writer.put_raw(7, 1, &[]).unwrap();
    writer.put(SCM_RIGHTS, &[3, 4]).unwrap();
    writer.put_raw(7, 2, &[]).unwrap();
    writer.put(SCM_RIGHTS, &[]).unwrap();
    let control = writer.finish();
    for reader in [Reader::new(control), Reader::new(control).lenient()] {
        let seen: Vec<_> = reader.map(|raw| raw.map(|raw| (raw.ty, raw.data.len())).unwrap()).collect();
        assert_eq!(seen, [(1, 0), (SCM_RIGHTS.ty, 8), (2, 0), (SCM_RIGHTS.ty, 0)]);
    }
    let found = Reader::new(control).get(SCM_RIGHTS).unwrap().unwrap();
    assert_eq!(found.iter().collect::<Vec<_>>(), [3, 4]);
}

// rustix 1.1.6: its parser takes any slice of bytes and makes a reference to a header from it.
// Where the slice is not aligned, so is not the reference: undefined behaviour, an abort in debug.
#[test]
fn d7_rustix_unaligned_slice() {
    #[repr(align(16))]
    struct Memory([u8; 256]);

    let creds = Ucred { pid: 1, uid: 2, gid: 3 };
    for align in 0..16 {
        let mut memory = Memory([0xff; 256]);
        let mut writer = Writer::new(&mut memory.0[align..]);
        writer.put(SCM_RIGHTS, &[7, 8, 9]).unwrap();
        writer.put(SCM_CREDENTIALS, creds).unwrap();
        writer.put(LONG, 0x0123_4567_89ab_cdef).unwrap();
        let control = writer.finish();
        assert_eq!(Reader::new(control).count(), 3);
        let fds = Reader::new(control).get(SCM_RIGHTS).unwrap().unwrap();
        assert_eq!((fds.iter().collect::<Vec<_>>(), fds.get(2)), (vec![7, 8, 9], Some(9)));
        assert_eq!(Reader::new(control).get(SCM_CREDENTIALS), Ok(Some(creds)));
        assert_eq!(Reader::new(control).get(LONG), Ok(Some(0x0123_4567_89ab_cdef)));
    }
}

// Go x/sys: its parser of descriptors takes the payload for a multiple of four bytes.
// With any other length it reads past the end and panics.
#[test]
fn d8_go_descriptors_with_spare_bytes() {
    for spare in 0..4 {
        let bytes = header(HEADER + 8 + spare, SCM_RIGHTS.level, SCM_RIGHTS.ty, &[1; 11][..8 + spare]);
        let fds = Reader::new(&bytes).get(SCM_RIGHTS).unwrap().unwrap();
        assert_eq!((fds.len(), fds.iter().count(), fds.get(2)), (2, 2, None));
    }
}

#[cfg(all(feature = "std", feature = "libc"))]
mod sockets {
    use ancil::{ControlBuf, IoVec, IoVecMut, MsgFlags, MsgHdr, MsgHdrMut, Received, SCM_CREDENTIALS, SCM_RIGHTS, io};
    use std::io::Read;
    use std::os::fd::{AsRawFd, OwnedFd};
    use std::os::unix::net::UnixStream;

    const SO_PASSPIDFD: i32 = 76;

    /// Switches an option of the socket on; false if this kernel has no such option.
    fn switch_on(socket: &UnixStream, option: i32) -> bool {
        let (on, len) = (1i32, size_of::<i32>() as u32);
        // SAFETY: the option's value is a live int of the length given; the kernel only reads it.
        unsafe { libc::setsockopt(socket.as_raw_fd(), libc::SOL_SOCKET, option, (&raw const on).cast(), len) == 0 }
    }

    /// Passes the far ends of `n` new pairs, of which nobody else keeps a copy, to a receiver with a control
    /// buffer of `SIZE` bytes. Returns the near ends: each is at its end when its far end is closed.
    fn pass<const SIZE: usize>(n: usize, options: &[i32], check: impl FnOnce(&mut Received<'_>)) -> Vec<UnixStream> {
        let (here, there) = UnixStream::pair().unwrap();
        for &option in options {
            assert!(switch_on(&there, option), "option {option}: {}", std::io::Error::last_os_error());
        }
        let (near, far): (Vec<_>, Vec<_>) = (0..n).map(|_| UnixStream::pair().unwrap()).unzip();
        let numbers: Vec<i32> = far.iter().map(AsRawFd::as_raw_fd).collect();
        let mut control = ControlBuf::<256>::new();
        control.put(SCM_RIGHTS, &numbers).unwrap();
        let vectors = [IoVec::new(b"x")];
        let message = MsgHdr::new().iov(&vectors).control(control.as_bytes());
        assert_eq!(io::sendmsg(&here, &message, MsgFlags::empty()), Ok(1));
        drop(far);

        let (mut byte, mut control) = ([0], [0; SIZE]);
        let mut vectors = [IoVecMut::new(&mut byte)];
        let message = MsgHdrMut::new().iov(&mut vectors).control(&mut control);
        let mut received = io::recvmsg(&there, message, MsgFlags::empty()).expect("truncation is no error");
        check(&mut received);
        near
    }

    /// Whether the far end is closed: no byte, but the end of the stream.
    fn is_closed(near: &UnixStream) -> bool {
        near.set_nonblocking(true).unwrap();
        matches!((&*near).read(&mut [0]), Ok(0))
    }

    // rustix 1.1.6, D1 on a socket: what lies behind a descriptor's padding is not found by a second walk.
    // That descriptor is then owned by nobody, and stays open.
    #[test]
    fn d1_rustix_second_walk_leaks_the_descriptor_behind_the_padding() {
        if !switch_on(&UnixStream::pair().unwrap().0, SO_PASSPIDFD) {
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

    // nix 0.31.3: a truncated control buffer is the error ENOBUFS, and what arrived is not handed out.
    // The descriptors that the kernel did deliver stay open, known to nobody.
    #[test]
    fn d2_nix_truncation_leaks_what_arrived() {
        const ONE: usize = SCM_RIGHTS.space_for(1);
        let mut kept = Vec::new();
        let near = pass::<ONE>(5, &[], |received| {
            assert!(received.flags().contains(MsgFlags::MSG_CTRUNC));
            kept.extend(received.take_fds());
        });
        // The kernel fills the padding too.
        assert_eq!(kept.len(), (ONE - ancil::cmsg_len(0)) / 4);
        let open = near.iter().filter(|near| !is_closed(near)).count();
        assert_eq!(open, kept.len());
        drop(kept);
        assert!(near.iter().all(is_closed));
    }

    // nix 0.31.3: received descriptors are plain integers.
    // Who does not look at them, or returns early, leaks them.
    #[test]
    fn d2_nix_descriptors_have_no_owner() {
        assert!(pass::<256>(4, &[], |received| assert_eq!(received.fds().count(), 4)).iter().all(is_closed));
        assert!(pass::<256>(4, &[], |received| drop(received.take_fds().nth(1))).iter().all(is_closed));
        assert!(pass::<{ SCM_RIGHTS.space_for(2) }>(9, &[], |_| {}).iter().all(is_closed));
    }

    // vmm-sys-util: it looks at the first control message only.
    // With SO_PASSCRED that one holds the credentials, and the descriptors behind it are lost.
    #[test]
    fn d9_vmm_sys_util_descriptors_behind_credentials() {
        let near = pass::<256>(2, &[libc::SO_PASSCRED], |received| {
            assert!(SCM_CREDENTIALS.is(&received.control().next().unwrap().unwrap()));
            assert_eq!(received.take_fds().count(), 2);
        });
        assert!(near.iter().all(is_closed));
    }
}
