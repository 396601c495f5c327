//! Compares the kernel's answers to a 32-bit program that sends with its answers to this program,
//! and with the predictions of `ancil::verdict`.

use crate::peer::Peer;
use crate::socket::{open, send, set, udp};
use crate::{Outcome, Stop, Test, trial};
use ancil::payload::Ucred;
use ancil::verdict::{Facts, Outgoing, Refusal, Socket, check_control, check_sendmsg};
use ancil::{CATALOGUE, CatalogueEntry, Error, MsgFlags, compat};
use ancil_tests::encoded;
use libtest_mimic::Trial;
use std::net::{TcpListener, TcpStream};
use std::os::fd::{AsRawFd, OwnedFd};
use std::os::unix::net::UnixDatagram;

pub fn trials() -> Vec<Trial> {
    let all: [(&str, Test); 7] = [
        ("framing", framing),
        ("memory", memory),
        ("unix", || every_message(unix()?)),
        ("udp4", || every_message(udp("127.0.0.1:0")?)),
        ("udp6", || every_message(udp("[::1]:0")?)),
        ("tcp", || every_message(tcp()?)),
        ("netlink", || every_message(netlink()?)),
    ];
    all.into_iter()
        .map(|(name, test)| trial(&format!("send::{name}"), test))
        .collect()
}

const COMPAT: Facts<'static> = {
    let mut facts = Facts::FAVOURABLE;
    facts.compat = true;
    facts
};

fn unix() -> Outcome<(OwnedFd, OwnedFd)> {
    let (a, b) = UnixDatagram::pair()?;
    Ok((a.into(), b.into()))
}

fn tcp() -> Outcome<(OwnedFd, OwnedFd)> {
    let listener = TcpListener::bind("127.0.0.1:0")?;
    let a = TcpStream::connect(listener.local_addr()?)?;
    Ok((a.into(), listener.accept()?.0.into()))
}

/// Returns a socket that sends to the kernel, which does not answer, and a second one at which
/// nothing arrives.
fn netlink() -> Outcome<(OwnedFd, OwnedFd)> {
    let open = || open(libc::AF_NETLINK, libc::SOCK_RAW, libc::NETLINK_ROUTE);
    Ok((open()?, open()?))
}

/// Receives everything that has arrived.
fn drain(fd: &OwnedFd) {
    let mut bytes = [0; 64];
    // SAFETY: pointer and length are those of `bytes`.
    while unsafe {
        libc::recv(
            fd.as_raw_fd(),
            bytes.as_mut_ptr().cast(),
            bytes.len(),
            libc::MSG_DONTWAIT,
        )
    } > 0
    {}
}

/// Sends from this program. Returns the kernel's answer: a number of bytes, or a negative error
/// number.
fn answer(fd: &OwnedFd, data: &[u8], control: &[u8]) -> i32 {
    send(fd, data, control).map_or_else(
        |e| -e.raw_os_error().expect("an error number"),
        |n| n as i32,
    )
}

/// Sends every message of the catalogue, with valid and invalid payloads, from both programs. The
/// kernel must accept it from both, or refuse it to both with the same error number.
fn every_message((a, b): (OwnedFd, OwnedFd)) -> Outcome {
    let mut peer = Peer::start(&[&a])?;
    let credentials = Ucred {
        pid: 1,
        uid: 0,
        gid: 0,
    };
    let credentials = [credentials.pid as u32, credentials.uid, credentials.gid]
        .map(u32::to_ne_bytes)
        .concat();
    let data: &[u8] = if peer.send(&a, &[])? == 16 {
        &[16, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0]
    } else {
        &[16]
    };
    let (mut accepted, mut refused) = (0, 0);
    for &CatalogueEntry {
        name, level, ty, ..
    } in CATALOGUE
    {
        let payloads = [0, 1, 2, 3, 4, 5, 8, 12, 16, 20, 24, 32, 40]
            .into_iter()
            .flat_map(|len| {
                [
                    vec![0; len],
                    [&[1][..], &vec![0; len]].concat()[..len].to_vec(),
                    vec![0xff; len],
                ]
            });
        for payload in payloads.chain([credentials.clone()]) {
            let wide = &encoded(&[(level, ty, &payload)])[..];
            let mut buffer = [0; 128];
            let narrow = match compat::narrow(&mut buffer, wide) {
                Ok(narrow) => narrow,
                Err(Error::BadPayload(_)) => continue, // words that do not fit into 32 bits
                Err(e) => return Err(e.into()),
            };
            let mut again = [0; 128];
            assert_eq!(compat::widen(&mut again, narrow)?, wide);
            let ours = answer(&a, data, wide);
            let theirs = peer.send(&a, narrow)?;
            assert_eq!(theirs, ours, "{name}, {payload:?}");
            if ours < 0 {
                refused += 1
            } else {
                accepted += 1
            }
            drain(&b);
        }
    }
    assert!(
        accepted > 0 && refused > 0,
        "{accepted} accepted, {refused} refused"
    );
    Ok(())
}

/// Returns one message of a 32-bit program. No protocol has its level, so nothing looks at its
/// payload.
fn message(len: usize) -> Vec<u8> {
    let header = [12 + len as u32, 77, 7].map(u32::to_ne_bytes).concat();
    [header, vec![0; len.next_multiple_of(4)]].concat()
}

/// Checks that the kernel, the predicted verdict and `widen` agree about the end of a control
/// buffer and about wrong lengths.
fn framing() -> Outcome {
    let (a, b) = unix()?;
    let mut peer = Peer::start(&[&a])?;
    let socket = Socket::new(libc::AF_UNIX, libc::SOCK_DGRAM, 0);
    let one = message(4);
    let mut buffers = vec![
        vec![],
        one.clone(),
        message(1)[..13].to_vec(),
        [message(5), message(0)].concat(),
    ];
    for spare in 1..12 {
        buffers.push(vec![0; spare]);
        buffers.push([&one[..], &vec![0; spare]].concat());
        // The buffer ends within the padding, or after it.
        buffers.push([&message(1)[..13], &vec![0; spare]].concat());
    }
    for len in [
        0,
        1,
        11,
        12,
        13,
        15,
        16,
        17,
        28,
        29,
        32,
        33,
        0x7fff_ffff,
        0x8000_0000,
        u32::MAX,
    ] {
        buffers.push([&len.to_ne_bytes()[..], &one[4..], &one].concat());
        buffers.push([&one[..], &len.to_ne_bytes(), &one[4..]].concat());
    }
    let mut refused = 0;
    for control in buffers {
        let answer = peer.send(&a, &control)?;
        let verdict = check_control(&socket, &COMPAT, &control);
        assert_eq!(answer.min(0), number(verdict), "{control:?}: {verdict:?}");
        assert_eq!(
            compat::widened_len(&control).is_err(),
            answer < 0,
            "{control:?}"
        );
        refused += usize::from(answer < 0);
        drain(&b);
    }
    assert!(refused > 30, "only {refused} buffers were refused");
    // A null pointer, with and without a length.
    for len in [0usize, 1, 11, 12, 100, 0x7fff_ffff, 0x8000_0000] {
        let answer: i32 = peer
            .ask(&format!("null {} {len}", a.as_raw_fd()))?
            .parse()?;
        let message = Outgoing {
            flags: MsgFlags::empty(),
            controllen: len,
            ..Outgoing::default()
        };
        assert_eq!(
            answer.min(0),
            number(check_sendmsg(&socket, &COMPAT, &message, [1].into_iter())),
            "{len}"
        );
    }
    Ok(())
}

/// Returns 0, or the negative error number of a refusal.
fn number(verdict: Result<(), Refusal>) -> i32 {
    verdict.map_or_else(|refusal| -refusal.errno().0, |()| 0)
}

/// Checks the limit of the socket's option memory, which counts the messages in their widened form.
fn memory() -> Outcome {
    let (a, b) = udp("127.0.0.1:0")?;
    set(&b, libc::SOL_SOCKET, libc::SO_RCVBUF, 1 << 20)?;
    let mut peer = Peer::start(&[&a])?;
    let file = "/proc/sys/net/core/optmem_max";
    let optmem_max: usize = match std::fs::read_to_string(file) {
        Ok(text) => text.trim().parse()?,
        Err(e) => return Err(Stop::Skip(format!("{file}: {e}"))),
    };
    let mut facts = COMPAT;
    facts.optmem_max = optmem_max;
    let socket = Socket::new(libc::AF_INET, libc::SOCK_DGRAM, 0);
    let mut answers = [0; 2];
    for len in [
        0,
        8,
        16,
        20,
        24,
        40,
        optmem_max - 40,
        optmem_max - 32,
        optmem_max - 24,
        optmem_max - 16,
        optmem_max,
    ] {
        let control = message(len);
        let answer = peer.send(&a, &control)?;
        assert_eq!(
            answer.min(0),
            number(check_control(&socket, &facts, &control)),
            "{len}"
        );
        answers[usize::from(answer < 0)] += 1;
        drain(&b);
    }
    assert!(
        answers.iter().all(|&n| n > 1),
        "accepted and refused: {answers:?}"
    );
    // Empty messages grow most: 12 bytes become 16.
    for count in [(optmem_max - 16) / 16, optmem_max / 16] {
        let control = message(0).repeat(count);
        let answer = peer.send(&a, &control)?;
        assert_eq!(
            answer.min(0),
            number(check_control(&socket, &facts, &control)),
            "{count}"
        );
        drain(&b);
    }
    Ok(())
}
