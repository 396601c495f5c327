//! Writes any messages into a buffer of any size.
//!
//! Each message is written whole or not at all, and is the same when it is read again.
#![no_main]

use ancil::payload::{AlgIv, In6Pktinfo, Ucred};
use ancil::{
    ALG_SET_IV, CmsgHdr, Control, Error, Fd, IP_TOS, IPV6_PKTINFO, NoSpace, Reader,
    SCM_CREDENTIALS, SCM_RIGHTS, UDP_SEGMENT, Writer,
};
use ancil_fuzz::{c, parts};
use arbitrary::Arbitrary;
use libfuzzer_sys::fuzz_target;
use std::ptr;

const HEADER: usize = size_of::<CmsgHdr>();
const WORD: usize = size_of::<usize>();

#[derive(Arbitrary, Debug)]
enum Put {
    Raw(i32, i32, Vec<u8>),
    Rights(Vec<i32>),
    Credentials(i32, u32, u32),
    Tos(i32),
    Pktinfo([u8; 16], u32),
    Segment(u16),
    Iv(Vec<u8>),
}

/// The longest initialisation vector that these messages have, in bytes.
const IV: usize = 24;

#[derive(Arbitrary, Debug)]
struct Input {
    size: u16,
    align: u8,
    puts: Vec<Put>,
}

/// Returns level, type and payload of the message that `put` describes, without the help of ancil.
fn expected_message(put: &Put) -> (i32, i32, Vec<u8>) {
    match put {
        Put::Raw(level, ty, payload) => (*level, *ty, payload.clone()),
        Put::Rights(fds) => (1, 1, fds.iter().flat_map(|fd| fd.to_ne_bytes()).collect()),
        Put::Credentials(pid, uid, gid) => (
            1,
            2,
            [pid.to_ne_bytes(), uid.to_ne_bytes(), gid.to_ne_bytes()].concat(),
        ),
        Put::Tos(tos) => (0, 1, tos.to_ne_bytes().into()),
        Put::Pktinfo(addr, ifindex) => (41, 50, [&addr[..], &ifindex.to_ne_bytes()].concat()),
        Put::Segment(bytes) => (17, 103, bytes.to_ne_bytes().into()),
        Put::Iv(iv) => {
            let iv = &iv[..iv.len().min(IV)];
            (279, 2, [&(iv.len() as u32).to_ne_bytes(), iv].concat())
        }
    }
}

fn write(writer: &mut Writer<'_>, put: &Put) -> Result<(), NoSpace> {
    match put {
        Put::Raw(level, ty, payload) => match writer.put_raw(*level, *ty, payload) {
            Err(Error::NoSpace(e)) => Err(e),
            Err(Error::Unborrowed(e)) => {
                assert!(*level == 1 && *ty == 1 || *level == 276);
                assert_eq!((e.level, e.ty), (*level, *ty));
                // SAFETY: nobody sends these messages.
                unsafe { writer.put_raw_unchecked(*level, *ty, payload) }
            }
            result => {
                assert_eq!(result, Ok(()));
                Ok(())
            }
        },
        Put::Rights(fds) => {
            // SAFETY: nobody sends these messages, so these need not be descriptors.
            let fds: Vec<_> = fds
                .iter()
                .map(|fd| unsafe { Fd::borrow_raw(*fd) })
                .collect();
            writer.put(SCM_RIGHTS, &fds)
        }
        Put::Credentials(pid, uid, gid) => writer.put(
            SCM_CREDENTIALS,
            Ucred {
                pid: *pid,
                uid: *uid,
                gid: *gid,
            },
        ),
        Put::Tos(tos) => writer.put(IP_TOS, *tos),
        Put::Pktinfo(addr, ifindex) => {
            let ipi6_addr = std::net::Ipv6Addr::from(*addr).into();
            writer.put(
                IPV6_PKTINFO,
                In6Pktinfo {
                    ipi6_addr,
                    ipi6_ifindex: *ifindex,
                },
            )
        }
        Put::Segment(bytes) => writer.put(UDP_SEGMENT, *bytes),
        Put::Iv(iv) => {
            let cut = &iv[..iv.len().min(IV)];
            assert_eq!(AlgIv::<IV>::from_slice(iv).is_some(), iv.len() <= IV);
            let value = AlgIv::<IV>::from_slice(cut).expect("short enough");
            if let Ok(whole) = <[u8; IV]>::try_from(cut) {
                assert_eq!(AlgIv::new(whole), value);
            }
            writer.put(ALG_SET_IV, value.payload())
        }
    }
}

/// Appends in C what `write` appends.
fn write_in_c(w: &mut c::Writer, put: &Put) -> i32 {
    let (level, ty, payload) = expected_message(put);
    let (data, len) = parts(&payload);
    // SAFETY: every pointer and length are those of a slice.
    unsafe {
        match put {
            Put::Raw(..) | Put::Iv(_) => c::ancil_writer_put(w, level, ty, data, len),
            Put::Rights(fds) => c::ancil_writer_put_fds(w, fds.as_ptr(), fds.len()),
            Put::Credentials(pid, uid, gid) => c::ancil_writer_put_credentials(w, *pid, *uid, *gid),
            Put::Tos(tos) => c::ancil_writer_put_int(w, level, ty, *tos),
            Put::Pktinfo(addr, index) => {
                c::ancil_writer_put_pktinfo6(w, *index, addr.as_ptr().cast())
            }
            Put::Segment(bytes) => c::ancil_writer_put_udp_segment(w, *bytes),
        }
    }
}

/// Asserts that C writes the messages up to the first that does not fit, and nothing after it.
fn in_c(input: &Input, size: usize) {
    let mut memory = vec![0xaa; size].into_boxed_slice();
    let (mut w, mut expected, mut status) = (c::Writer::default(), Vec::new(), 0);
    // SAFETY: `memory` has `size` bytes. The absurd length is refused before anything is read.
    unsafe {
        c::ancil_writer_init(&mut w, memory.as_mut_ptr().cast(), usize::MAX - 8);
        assert_eq!(
            (c::ancil_writer_status(&w), c::ancil_writer_finish(&w)),
            (-22, 0)
        );
        c::ancil_writer_init(&mut w, memory.as_mut_ptr().cast(), size);
    }
    for put in &input.puts {
        let (level, ty, payload) = expected_message(put);
        let end = expected.len() + HEADER + payload.len().next_multiple_of(WORD);
        status = if status == 0 && end <= size { 0 } else { -105 }; // -ENOBUFS
        assert_eq!(write_in_c(&mut w, put), status);
        if status == 0 {
            expected.extend((HEADER + payload.len()).to_ne_bytes());
            expected.extend([level.to_ne_bytes(), ty.to_ne_bytes()].concat());
            expected.extend(&payload);
            expected.resize(end, 0);
        }
    }
    // SAFETY: a payload at NULL is refused before anything is read.
    unsafe {
        assert_eq!(
            (c::ancil_writer_status(&w), c::ancil_writer_finish(&w)),
            (status, expected.len())
        );
        let refused = c::ancil_writer_put(&mut w, 1, 1, ptr::null(), 4);
        assert_eq!(refused, if status == 0 { -22 } else { status });
    }
    assert_eq!(memory[..expected.len()], expected);
    assert!(memory[expected.len()..].iter().all(|byte| *byte == 0xaa));
}

fuzz_target!(|input: Input| {
    let (size, align) = (usize::from(input.size % 2048), usize::from(input.align % 8));
    in_c(&input, size);
    let mut memory = vec![0xaa; align + size].into_boxed_slice();
    let (mut expected, mut kept) = (Vec::new(), Vec::new());
    let mut writer = Writer::new(&mut memory[align..]);
    for put in &input.puts {
        let (level, ty, payload) = expected_message(put);
        let needed = HEADER + payload.len().next_multiple_of(WORD);
        let left = size - expected.len();
        let result = write(&mut writer, put);
        if needed > left {
            assert_eq!(result, Err(NoSpace { needed, left }));
            continue;
        }
        assert_eq!(result, Ok(()));
        let end = expected.len() + needed;
        expected.extend((HEADER + payload.len()).to_ne_bytes());
        expected.extend(level.to_ne_bytes());
        expected.extend(ty.to_ne_bytes());
        expected.extend(&payload);
        expected.resize(end, 0);
        kept.push((level, ty, payload));
    }
    let control = writer.finish();
    // SAFETY: nobody sends these messages.
    let again = unsafe { Control::from_raw(control.as_bytes()) };
    assert_eq!((again, again.len()), (control, control.as_bytes().len()));
    let control = control.as_bytes();
    assert_eq!(control, expected);
    let mut messages = kept.iter();
    for raw in Reader::new(control) {
        let raw = raw.unwrap();
        let (level, ty, payload) = messages.next().unwrap();
        assert_eq!(
            (raw.level, raw.ty, raw.data),
            (*level, *ty, payload.as_slice())
        );
    }
    assert!(messages.next().is_none());
    // The memory around what was written has not changed.
    let end = align + expected.len();
    assert!(
        memory[..align]
            .iter()
            .chain(&memory[end..])
            .all(|&byte| byte == 0xaa)
    );
});
