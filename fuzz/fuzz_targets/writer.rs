//! Writes any messages into a buffer of any size.
//!
//! Each message is written whole or not at all, and is the same when it is read again.
#![no_main]

use ancil::payload::{In6Pktinfo, Ucred};
use ancil::{
    CmsgHdr, Error, Fd, IP_TOS, IPV6_PKTINFO, NoSpace, Reader, SCM_CREDENTIALS, SCM_RIGHTS,
    UDP_SEGMENT, Writer,
};
use arbitrary::Arbitrary;
use libfuzzer_sys::fuzz_target;

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
}

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
    }
}

fuzz_target!(|input: Input| {
    let (size, align) = (usize::from(input.size % 2048), usize::from(input.align % 8));
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
    let control = writer.finish().as_bytes();
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
