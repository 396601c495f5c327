//! Tests rules that the running kernel cannot show, on bytes: those of protocols that it was built
//! without, and those of other releases. Each test reports that no kernel was asked.

use crate::generate::encode;
use crate::{Outcome, trial};
use ancil::verdict::{Facts, Outgoing, Reason, Release, Socket, check_sendmsg};
use ancil::*;
use libc::{AF_INET, AF_INET6, SOCK_DGRAM, SOCK_RAW, SOCK_STREAM};
use libtest_mimic::Trial;

pub fn trials() -> Vec<Trial> {
    vec![
        trial("unseen::alg_operation", alg_operation),
        trial("unseen::rds_transfers_and_keys", rds_transfers_and_keys),
        trial("unseen::sctp_end_of_association", sctp_end_of_association),
        trial("unseen::releases", releases),
    ]
}

/// What a test returns that has compared no kernel's answers.
fn not_asked(what: &str) -> Outcome {
    Ok(Some(format!(
        "passed on bytes: no kernel was asked about {what}"
    )))
}

type Payload<'a> = (i32, &'a [u8]);

/// A message to judge: what is sent with it, and by which kernel.
struct Case {
    socket: Socket,
    flags: MsgFlags,
    len: usize,
    release: Release,
}

impl Case {
    fn on(domain: i32, ty: i32, protocol: i32) -> Self {
        let socket = Socket::new(domain, ty, protocol);
        Self {
            socket,
            flags: MsgFlags::empty(),
            len: 1,
            release: Release::NEWEST,
        }
    }

    /// Returns why these control messages of a level are refused.
    fn judge(&self, level: i32, payloads: &[Payload<'_>]) -> Option<Reason> {
        let control = encode(level, payloads);
        let message = Outgoing {
            flags: self.flags,
            control: Some(&control),
            controllen: control.len(),
            ..Outgoing::default()
        };
        let mut facts = Facts::default();
        facts.release = self.release;
        let verdict = check_sendmsg(&self.socket, &facts, &message, [self.len].into_iter());
        verdict.err().map(|refusal| refusal.reason)
    }
}

fn alg_operation() -> Outcome {
    let alg = Case::on(libc::AF_ALG, libc::SOCK_SEQPACKET, 0);
    let (good, bad) = (1u32.to_ne_bytes(), 2u32.to_ne_bytes());
    let judge = |ops: [&[u8]; 2]| alg.judge(level::SOL_ALG, &ops.map(|op| (ALG_SET_OP::TYPE, op)));
    assert_eq!(judge([&bad, &good]), None, "the last operation counts");
    assert_eq!(judge([&good, &bad]), Some(Reason::Value));
    not_asked("AF_ALG")
}

fn rds_transfers_and_keys() -> Outcome {
    let data = [1; 128];
    let [args, atomic, dest, cookie] = [
        RDS_CMSG_RDMA_ARGS::TYPE,
        RDS_CMSG_ATOMIC_FADD::TYPE,
        RDS_CMSG_RDMA_DEST::TYPE,
        RDS_CMSG_ZCOPY_COOKIE::TYPE,
    ]
    .map(|ty| (ty, &data[..]));
    let no_key = (RDS_CMSG_RDMA_DEST::TYPE, &[0; 8][..]);
    let (plain, zerocopy) = (MsgFlags::empty(), MsgFlags::MSG_ZEROCOPY);
    let cases: [(MsgFlags, &[Payload<'_>], Option<Reason>); 10] = [
        (plain, &[args, atomic], None),
        (plain, &[args, args], Some(Reason::Twice)),
        (plain, &[atomic, atomic], Some(Reason::Twice)),
        (plain, &[args, dest], Some(Reason::Twice)),
        (plain, &[dest, atomic], Some(Reason::Twice)),
        (plain, &[dest, dest], Some(Reason::Twice)),
        (plain, &[no_key, dest], None),
        (plain, &[cookie], Some(Reason::NotZerocopy)),
        (zerocopy, &[cookie, dest], None),
        (zerocopy, &[dest], Some(Reason::Missing)),
    ];
    for (i, (flags, messages, expected)) in cases.into_iter().enumerate() {
        let rds = Case {
            flags,
            ..Case::on(libc::AF_RDS, libc::SOCK_SEQPACKET, 0)
        };
        assert_eq!(rds.judge(level::SOL_RDS, messages), expected, "case {i}");
    }
    not_asked("RDS")
}

/// `SCTP_EOF` and `SCTP_ABORT` end an association: the first without a payload, the other with or
/// without. Nothing else goes without a payload, and a stream is ended by `close(2)`.
fn sctp_end_of_association() -> Outcome {
    const UNORDERED: u16 = 1;
    const ABORT: u16 = 4;
    const EOF: u16 = 0x200;
    let sndinfo = |flags: u16| {
        let mut info = [0; 16];
        info[2..4].copy_from_slice(&flags.to_ne_bytes());
        info
    };
    let sndrcv = |flags: u16| {
        let mut info = [0; 32];
        info[4..6].copy_from_slice(&flags.to_ne_bytes());
        info
    };
    let many = Case::on(AF_INET, libc::SOCK_SEQPACKET, libc::IPPROTO_SCTP);
    let judge =
        |len, payloads: &[Payload<'_>]| Case { len, ..many }.judge(level::SOL_SCTP, payloads);
    let refused = Some(Reason::AssociationEnd);
    let cases = [
        (UNORDERED, [refused, None]),
        (EOF, [None, refused]),
        (ABORT, [None, None]),
        (EOF | ABORT, [None, refused]),
    ];
    for (flags, expected) in cases {
        let (info, old) = (sndinfo(flags), sndrcv(flags));
        let (info, old) = (
            (SCTP_SNDINFO::TYPE, &info[..]),
            (SCTP_SNDRCV::TYPE, &old[..]),
        );
        for one in [info, old] {
            assert_eq!([judge(0, &[one]), judge(1, &[one])], expected, "{flags:#x}");
        }
        // SCTP_SNDINFO counts, wherever it is.
        let other = sndrcv(0);
        let other = (SCTP_SNDRCV::TYPE, &other[..]);
        for both in [[info, other], [other, info]] {
            assert_eq!([judge(0, &both), judge(1, &both)], expected, "{flags:#x}");
        }
    }
    assert_eq!([judge(0, &[]), judge(1, &[])], [refused, None]);
    let stream = Case::on(AF_INET, SOCK_STREAM, libc::IPPROTO_SCTP);
    let ended = |flags| stream.judge(level::SOL_SCTP, &[(SCTP_SNDINFO::TYPE, &sndinfo(flags))]);
    assert_eq!([ended(UNORDERED), ended(ABORT)], [None, refused]);
    not_asked("SCTP")
}

/// A kind of message, the releases around the one that changed its rule, and both answers.
type Change<'a> = (Socket, i32, Payload<'a>, [(Release, Option<Reason>); 2]);

fn releases() -> Outcome {
    let before = |major, minor: u16, reason| (Release(major, minor - 1), reason);
    let since = |major, minor, reason| (Release(major, minor), reason);
    let one = 1i32.to_ne_bytes();
    let bit_31 = u32::MAX.to_ne_bytes();
    let wide = 0x1_0000i32.to_ne_bytes();
    let completion = 0x4_0000i32.to_ne_bytes();
    let (unknown, length) = (Some(Reason::Unknown), Some(Reason::Length));
    let value = Some(Reason::Value);
    let [udp, raw] = [SOCK_DGRAM, SOCK_RAW].map(|ty| Socket::new(AF_INET, ty, 0));
    let udp6 = Socket::new(AF_INET6, SOCK_DGRAM, 0);
    let tcp = Socket::new(AF_INET, SOCK_STREAM, 0);
    let can = Socket::new(libc::AF_CAN, SOCK_RAW, 1);
    let l2cap = Socket::new(libc::AF_BLUETOOTH, libc::SOCK_SEQPACKET, 0);
    let packet = Socket::new(libc::AF_PACKET, SOCK_DGRAM, 0);
    let sctp = Socket::new(AF_INET, SOCK_STREAM, libc::IPPROTO_SCTP);
    let alg = Socket::new(libc::AF_ALG, libc::SOCK_SEQPACKET, 0);
    let rxrpc = Socket::new(libc::AF_RXRPC, SOCK_DGRAM, 0);
    let of_socket = level::SOL_SOCKET;
    let bad = (SO_RXQ_OVFL::TYPE, &one[..]);
    let mark = (SO_MARK::TYPE, &[][..]);
    let old_times = (SO_TIMESTAMPING_OLD::TYPE, &completion[..]);
    let changes: &[Change<'_>] = &[
        (
            udp,
            level::SOL_IP,
            (IP_TOS::TYPE, &[1]),
            [before(4, 9, length), since(4, 9, None)],
        ),
        (
            raw,
            level::SOL_IP,
            (IP_TOS::TYPE, &one),
            [before(4, 9, None), since(4, 9, None)],
        ),
        (
            udp,
            level::SOL_IP,
            (IP_PROTOCOL::TYPE, &one),
            [before(5, 10, unknown), since(5, 10, None)],
        ),
        (
            udp6,
            level::SOL_IPV6,
            (IPV6_HOPLIMIT::TYPE, &wide),
            [before(4, 9, value), since(4, 9, None)],
        ),
        (
            udp,
            of_socket,
            bad,
            [before(4, 9, None), since(4, 9, unknown)],
        ),
        (
            tcp,
            of_socket,
            bad,
            [before(4, 9, None), since(4, 9, unknown)],
        ),
        (
            can,
            of_socket,
            bad,
            [before(6, 1, None), since(6, 1, unknown)],
        ),
        (
            l2cap,
            of_socket,
            bad,
            [before(6, 15, None), since(6, 15, unknown)],
        ),
        (
            packet,
            of_socket,
            mark,
            [before(4, 9, length), since(4, 9, length)],
        ),
        (
            packet,
            of_socket,
            old_times,
            [before(4, 9, unknown), since(4, 9, value)],
        ),
        (
            packet,
            of_socket,
            old_times,
            [before(6, 15, value), since(6, 15, None)],
        ),
        (
            packet,
            of_socket,
            (SO_TIMESTAMPING_NEW::TYPE, &completion),
            [before(6, 15, value), since(6, 15, None)],
        ),
        (
            packet,
            of_socket,
            (SO_TIMESTAMPING_NEW::TYPE, &one),
            [before(6, 8, unknown), since(6, 8, None)],
        ),
        (
            sctp,
            level::SOL_SCTP,
            (SCTP_AUTHINFO::TYPE, &[0; 2]),
            [before(4, 17, unknown), since(4, 17, None)],
        ),
        (
            alg,
            level::SOL_ALG,
            (ALG_SET_AEAD_ASSOCLEN::TYPE, &bit_31),
            [before(6, 1, None), since(6, 1, value)],
        ),
        (
            rxrpc,
            level::SOL_RXRPC,
            (RXRPC_ACCEPT::TYPE, &[]),
            [before(5, 10, Some(Reason::Missing)), since(5, 10, unknown)],
        ),
    ];
    for (socket, level, payload, answers) in changes {
        for (release, expected) in answers {
            let case = Case {
                socket: *socket,
                release: *release,
                ..Case::on(0, 0, 0)
            };
            let found = case.judge(*level, &[*payload]);
            let (ty, data) = payload;
            assert_eq!(
                found, *expected,
                "{socket:?}, type {ty}, {data:?}, {release:?}"
            );
        }
    }
    let size = 1u16.to_ne_bytes();
    let segments = |release, len| {
        let case = Case {
            release,
            len,
            ..Case::on(AF_INET, SOCK_DGRAM, 0)
        };
        case.judge(level::SOL_UDP, &[(UDP_SEGMENT::TYPE, &size)])
    };
    let too_many = Some(Reason::SegmentCount);
    assert_eq!(
        [64, 65].map(|len| segments(Release(6, 8), len)),
        [None, too_many]
    );
    assert_eq!(
        [128, 129].map(|len| segments(Release(6, 9), len)),
        [None, too_many]
    );
    let netlink = |release| {
        let case = Case {
            release,
            len: 0,
            ..Case::on(libc::AF_NETLINK, SOCK_RAW, 0)
        };
        case.judge(0, &[])
    };
    assert_eq!(
        [Release(4, 4), Release(4, 9)].map(netlink),
        [None, Some(Reason::NoData)]
    );
    not_asked("other releases")
}
