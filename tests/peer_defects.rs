//! One test for each defect that was found in a released crate. ancil must not have it.

use ancil::payload::{AlgIv, Ucred};
use ancil::{
    ALG_SET_IV, Abi, BadPayload, CmsgHdr, Key, Lengths, Malformed, MalformedKind, Message, NoSpace,
    PayloadError, Raw, Reader, SCM_CREDENTIALS, SCM_RIGHTS, SO_RXQ_OVFL, Sent, UpTo, Writer,
    cmsg_align, cmsg_len, cmsg_space, space_for, space_of,
};
use ancil_tests::fds;

const HEADER: usize = size_of::<CmsgHdr>();

ancil::key!(
    /// A key with a payload of 16 bytes, for tests of lengths.
    LONG: u128 = 7, 9
);

/// Returns a header that says `cmsg_len`, followed by `rest`.
fn header(cmsg_len: usize, level: i32, ty: i32, rest: &[u8]) -> Vec<u8> {
    let fields = [
        &cmsg_len.to_ne_bytes()[..],
        &level.to_ne_bytes(),
        &ty.to_ne_bytes(),
    ];
    [fields.concat().as_slice(), rest].concat()
}

fn descriptors(raw: Raw<'_>) -> Vec<i32> {
    raw.get(SCM_RIGHTS).unwrap().unwrap().iter().collect()
}

// rustix 1.1.6: the drain advances its position by cmsg_len, without the padding. A second drain of
// the same buffer starts inside the padding: it aborts, or loses a descriptor.
#[test]
fn d1_rustix_second_walk_starts_inside_the_padding() {
    let mut buffer = [0; space_of::<(UpTo<SCM_RIGHTS, 1>, UpTo<SCM_RIGHTS, 3>)>()];
    let mut writer = Writer::new(&mut buffer);
    writer.put(SCM_RIGHTS, &fds(&[10])).unwrap();
    writer.put(SCM_RIGHTS, &fds(&[20, 21, 22])).unwrap();
    let mut reader = writer.finish().reader();
    for raw in reader.by_ref().take(1) {
        assert_eq!(descriptors(raw.unwrap()), [10]);
    }
    assert_eq!(reader.offset(), space_of::<UpTo<SCM_RIGHTS, 1>>());
    let rest: Vec<_> = reader.map(|raw| descriptors(raw.unwrap())).collect();
    assert_eq!(rest, [[20, 21, 22]]);
}

// libc 0.2 and linux-raw-sys 0.12: CMSG_NXTHDR adds before it compares. A cmsg_len near the largest
// integer wraps, and the next header is the same one again or an earlier one: an endless loop.
#[test]
fn d3_libc_nxthdr_loops_on_a_huge_length() {
    for cmsg_len in usize::MAX - 64..=usize::MAX {
        for offset in [0, 24, 48] {
            assert_eq!(
                Abi::NATIVE.next(offset, cmsg_len, 96),
                None,
                "{offset} {cmsg_len}"
            );
        }
        let bytes = header(cmsg_len, 1, 1, &[0; 48]);
        let mut reader = Reader::new(&bytes);
        let kind = MalformedKind::PastEnd {
            cmsg_len,
            left: bytes.len(),
        };
        assert_eq!(reader.next(), Some(Err(Malformed { offset: 0, kind })));
        assert_eq!(reader.next(), None);
        let clipped = Reader::new(&bytes)
            .lenient()
            .map(|raw| raw.unwrap().data.len());
        assert_eq!(clipped.take(9).collect::<Vec<_>>(), [48]);
    }
}

// libc 0.2 and linux-raw-sys 0.12: CMSG_SPACE computes with 32 bits and wraps. The space for
// u32::MAX bytes is 16 there, which is only the header.
#[test]
fn d3_libc_space_wraps() {
    for n in [u32::MAX as usize, usize::MAX - 64, usize::MAX] {
        assert!(
            cmsg_align(n) >= n && cmsg_len(n) >= n && cmsg_space(n) >= n,
            "{n}"
        );
    }
    assert_eq!(
        (
            cmsg_align(usize::MAX),
            cmsg_len(usize::MAX),
            cmsg_space(usize::MAX)
        ),
        (usize::MAX, usize::MAX, usize::MAX)
    );
    assert_eq!(space_for::<SCM_RIGHTS>(usize::MAX / 2), usize::MAX);
}

// linux-raw-sys 0.12: the macros cut cmsg_len to 32 bits before they check it. There, a length of
// 4 GiB and 20 bytes is taken for 20.
#[test]
#[cfg(target_pointer_width = "64")]
fn d3_linux_raw_sys_cuts_the_length_to_32_bits() {
    for small in [0, 16, 20, 24] {
        let cmsg_len = (1 << 32) + small;
        let bytes = header(cmsg_len, 1, 1, &[0; 48]);
        let kind = MalformedKind::PastEnd {
            cmsg_len,
            left: bytes.len(),
        };
        assert_eq!(
            Reader::new(&bytes).next(),
            Some(Err(Malformed { offset: 0, kind }))
        );
        assert_eq!(Abi::NATIVE.next(0, cmsg_len, bytes.len()), None);
    }
}

// quinn-udp 0.6.3: the control buffer has 96 bytes, a number written by hand. With offload and
// timestamps the kernel needs 112 or 120, so that the congestion mark is lost unnoticed. The tests
// in sockets.rs show this on sockets.
#[test]
#[cfg(target_pointer_width = "64")]
fn d4_quinn_udp_buffer_size_is_a_literal() {
    use ancil::{IP_PKTINFO, IP_TOS, IPV6_PKTINFO, IPV6_TCLASS, SO_TIMESTAMPNS_NEW, UDP_GRO};
    const BOTH: usize = space_of::<(UDP_GRO, SO_TIMESTAMPNS_NEW)>();
    assert_eq!(BOTH + space_of::<(IP_PKTINFO, IP_TOS)>(), 112);
    assert_eq!(BOTH + space_of::<(IPV6_PKTINFO, IPV6_TCLASS)>(), 120);
}

// compio-io 0.10.1: the payload's slice is as long as cmsg_len, so it counts the header twice.
// There, one byte of payload is read as a u128, past the end of the message and of the buffer.
#[test]
fn d5_compio_payload_reaches_past_the_message() {
    for n in 0..16 {
        let mut bytes = header(HEADER + n, LONG::LEVEL, LONG::TYPE, &[0x11; 16][..n]);
        bytes.resize(cmsg_space(n), 0x22); // padding
        bytes.extend(header(HEADER + 16, LONG::LEVEL, LONG::TYPE, &[0x33; 16]));
        let mut reader = Reader::new(&bytes);
        let raw = reader.next().unwrap().unwrap();
        assert_eq!(raw.data, &[0x11; 16][..n]);
        let cause = PayloadError::Length(Lengths::Exactly(16));
        assert_eq!(
            raw.get(LONG),
            Err(BadPayload {
                level: LONG::LEVEL,
                ty: LONG::TYPE,
                offset: 0,
                len: n,
                cause
            })
        );
        let whole = reader.next().unwrap().unwrap();
        assert_eq!(whole.get(LONG), Ok(Some(u128::from_ne_bytes([0x33; 16]))));
        assert_eq!(reader.next(), None);
    }
}

// compio-io 0.10.1: an empty buffer makes the iterator and the builder panic.
#[test]
fn d5_compio_empty_buffer_panics() {
    assert_eq!(Reader::new(&[]).next(), None);
    assert_eq!(Reader::new(&[]).lenient().next(), None);
    assert_eq!(Reader::new(&[]).get(SCM_RIGHTS), Ok(None));
    let full = Err(NoSpace {
        needed: cmsg_space(12),
        left: 0,
    });
    let mut writer = Writer::new(&mut []);
    assert_eq!(
        writer.put(
            SCM_CREDENTIALS,
            Ucred {
                pid: 1,
                uid: 0,
                gid: 0
            }
        ),
        full
    );
    assert!(writer.finish().is_empty());
}

// s2n-quic-platform 0.91: a message with an empty payload ends the iteration, so the messages after
// it are lost.
#[test]
fn d6_s2n_quic_zero_length_payload_ends_the_walk() {
    let mut buffer = [0; 3 * cmsg_space(0) + space_of::<UpTo<SCM_RIGHTS, 2>>()];
    let mut writer = Writer::new(&mut buffer);
    writer.put_raw(7, 1, &[]).unwrap();
    writer.put(SCM_RIGHTS, &fds(&[3, 4])).unwrap();
    writer.put_raw(7, 2, &[]).unwrap();
    writer.put(SCM_RIGHTS, &[]).unwrap();
    let control = writer.finish();
    for reader in [control.reader(), control.reader().lenient()] {
        let seen: Vec<_> = reader
            .map(|raw| raw.map(|raw| (raw.ty, raw.data.len())).unwrap())
            .collect();
        assert_eq!(
            seen,
            [(1, 0), (SCM_RIGHTS::TYPE, 8), (2, 0), (SCM_RIGHTS::TYPE, 0)]
        );
    }
    let found = control.reader().get(SCM_RIGHTS).unwrap().unwrap();
    assert_eq!(found.iter().collect::<Vec<_>>(), [3, 4]);
}

// rustix 1.1.6: the parser takes any slice of bytes and makes a reference to a header from it. If
// the slice is not aligned, neither is the reference: undefined behaviour, and an abort in debug
// builds.
#[test]
fn d7_rustix_unaligned_slice() {
    #[repr(align(16))]
    struct Memory([u8; 256]);

    let creds = Ucred {
        pid: 1,
        uid: 2,
        gid: 3,
    };
    for align in 0..16 {
        let mut memory = Memory([0xff; 256]);
        let mut writer = Writer::new(&mut memory.0[align..]);
        writer.put(SCM_RIGHTS, &fds(&[7, 8, 9])).unwrap();
        writer.put(SCM_CREDENTIALS, creds).unwrap();
        writer.put(LONG, 0x0123_4567_89ab_cdef).unwrap();
        let control = writer.finish();
        assert_eq!(control.reader().count(), 3);
        let fds = control.reader().get(SCM_RIGHTS).unwrap().unwrap();
        assert_eq!(
            (fds.iter().collect::<Vec<_>>(), fds.get(2)),
            (vec![7, 8, 9], Some(9))
        );
        assert_eq!(control.reader().get(SCM_CREDENTIALS), Ok(Some(creds)));
        assert_eq!(control.reader().get(LONG), Ok(Some(0x0123_4567_89ab_cdef)));
    }
}

// Go x/sys: the parser of descriptors assumes that the payload is a multiple of four bytes. With
// any other length it reads past the end and panics.
#[test]
fn d8_go_descriptors_with_spare_bytes() {
    for n in 0..12 {
        let bytes = header(
            HEADER + n,
            SCM_RIGHTS::LEVEL,
            SCM_RIGHTS::TYPE,
            &[1; 11][..n],
        );
        let raw = Reader::new(&bytes).next().unwrap().unwrap();
        let fds = raw.get(SCM_RIGHTS).unwrap().unwrap();
        assert_eq!(
            (raw.data.len(), fds.len(), fds.iter().count()),
            (n, n / 4, n / 4)
        );
        assert_eq!((fds.get(n / 4), fds.is_empty()), (None, n < 4));
        let mut printed = vec!["16843009".into(); n / 4];
        if n % 4 > 0 {
            printed.push(format!("\"{}\"", "\\1".repeat(n % 4)));
        }
        let printed = format!("[{}]", printed.join(", "));
        assert_eq!(Message::from(raw).to_string(), printed);
    }
}

// nix 0.31.3: the payload of ALG_SET_IV is 16 bytes longer than the vector, but struct af_alg_iv is
// only 4 bytes longer. The kernel does not notice, because it checks only the length in the
// payload.
#[test]
fn d10_nix_iv_has_four_bytes_before_it() {
    fn put<const N: usize>() {
        let mut buffer = [0xff; 256];
        let mut writer = Writer::new(&mut buffer);
        writer
            .put(ALG_SET_IV, AlgIv::new([7; N]).payload())
            .unwrap();
        assert_eq!(writer.len(), space_for::<ALG_SET_IV>(N));
        let raw = writer.finish().reader().next().unwrap().unwrap();
        assert_eq!(
            raw.data,
            [&u32::try_from(N).unwrap().to_ne_bytes()[..], &[7; N]].concat()
        );
        assert_eq!(raw.get(ALG_SET_IV), Ok(Some(&[7; N][..])));
    }
    put::<0>();
    put::<12>();
    put::<16>();
}

// nix 0.31.3: it offers SO_RXQ_OVFL for sending, which the kernel always refuses. With ancil,
// sending it does not compile.
#[test]
fn d10_nix_drop_count_cannot_be_sent() {
    /// A key that can be sent implements this trait twice. Then the expression below is ambiguous
    /// and does not compile.
    trait UnlessSent<Which> {
        const IT: () = ();
    }
    impl<K> UnlessSent<()> for K {}
    impl<K: Sent> UnlessSent<u8> for K {}

    <SO_RXQ_OVFL as UnlessSent<_>>::IT
}

#[path = "peer_defects/sockets.rs"]
mod sockets;
