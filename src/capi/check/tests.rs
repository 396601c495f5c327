// SPDX-License-Identifier: MIT OR Apache-2.0
//! Facts and NULL, judged by way of C.

use super::*;
use crate::arch::{SOCK_DGRAM, SOCK_STREAM, SOL_SOCKET};
use core::ptr::null;

const UDP: [c_int; 3] = [2, SOCK_DGRAM, 0];
const UNIX: [c_int; 3] = [1, SOCK_STREAM, 0];

fn check(socket: [c_int; 3], control: &[u8], facts: Option<&ancil_facts>) -> c_int {
    let [domain, ty, protocol] = socket;
    let (data, len) = (control.as_ptr().cast(), control.len());
    // SAFETY: `data` and `len` are a slice's, and `fds` and `flow_labels` are NULL or references to
    // as many elements as their lengths say.
    unsafe { ancil_check_control_with(domain, ty, protocol, data, len, facts) }
}

fn message(level: i32, ty: i32, data: &[u8]) -> std::vec::Vec<u8> {
    crate::wire::encode::bytes_of_messages(&[(level, ty, data)])
}

#[test]
fn null_is_refused_as_by_sendmsg() {
    // SAFETY: `control` may be NULL, with any length.
    let null = |len| unsafe { ancil_check_control(1, 1, 0, null(), len) };
    assert_eq!(
        [null(0), null(1), null(usize::MAX)],
        [0, -libc::EFAULT, -libc::ENOBUFS]
    );
}

#[test]
fn a_32_bit_program_is_judged_by_its_own_layout() {
    let facts = ancil_facts {
        compat: 1,
        optmem_max: 50,
        ..FAVOURABLE
    };
    let message = |len: u32| {
        let header = [12 + len, 77, 7].map(u32::to_ne_bytes).concat();
        [header, std::vec![0; len as usize]].concat()
    };
    let check = |control: &[u8]| check(UNIX, control, Some(&facts));
    assert_eq!([check(&message(4)), check(&message(0).repeat(2))], [0, 0]);
    assert_eq!(check(&message(4)[..11]), -libc::EINVAL);
    assert_eq!(check(&message(5)), 0, "the last message needs no padding");
    assert_eq!(check(&message(40)), -libc::ENOMEM);
    // SAFETY: `control` may be NULL, with any length.
    let null = unsafe { ancil_check_control_with(1, 1, 0, null(), 1, Some(&facts)) };
    assert_eq!(null, -libc::EINVAL);
}

#[test]
fn every_fact_counts_and_zero_is_favourable() {
    let with = |set: fn(&mut ancil_facts)| {
        let mut facts = FAVOURABLE;
        set(&mut facts);
        facts
    };
    let of_socket = |ty, data: &[u8]| message(SOL_SOCKET, ty, data);
    let segments = || message(17, 103, &2u16.to_ne_bytes());
    let pktinfo = [[0; 4], [0; 4], [0; 4], [0; 4], 1u32.to_ne_bytes()].concat();
    let rights = || of_socket(1, &7i32.to_ne_bytes());
    let tcp = [2, SOCK_STREAM, 0];
    let (icmp, udp6) = ([2, 3, 1], [10, SOCK_DGRAM, 0]);
    let einval = libc::EINVAL;
    let cases = [
        (
            UDP,
            of_socket(36, &[1, 0, 0, 0]),
            with(|f| f.lacking = !0),
            libc::EPERM,
        ),
        (
            UDP,
            of_socket(61, &[0; 8]),
            with(|f| f.no_txtime = 1),
            einval,
        ),
        (
            UDP,
            of_socket(81, &[0; 4]),
            with(|f| f.no_opt_id = 1),
            einval,
        ),
        (
            UDP,
            of_socket(12, &[0; 4]),
            with(|f| f.release = 6 << 16 | 13),
            einval,
        ),
        // The message fits the kernel's stack and takes no memory.
        (UDP, of_socket(12, &[0; 4]), with(|f| f.optmem_max = 1), 0),
        (
            UDP,
            message(7, 7, &[0; 40]),
            with(|f| f.optmem_max = 50),
            libc::ENOBUFS,
        ),
        (
            UNIX,
            rights(),
            with(|f| (f.fds, f.fds_len) = (&8, 1)),
            libc::EBADF,
        ),
        (UNIX, rights(), with(|f| (f.fds, f.fds_len) = (&7, 1)), 0),
        (
            UNIX,
            of_socket(2, &[9; 12]),
            with(|f| (f.pid, f.lacking) = (3, !0)),
            libc::EPERM,
        ),
        (
            udp6,
            message(0, 2, &[0; 4]),
            with(|f| f.to_ipv4 = 1),
            einval,
        ),
        (icmp, message(0, 7, &[1]), with(|f| f.hdrincl = 1), einval),
        (tcp, message(282, 7, &[1]), with(|f| f.tls = 1), einval),
        (UDP, segments(), with(|f| f.no_check = 1), einval),
        (udp6, segments(), with(|f| f.no_check = 1), einval),
        (UDP, segments(), with(|f| f.payload = 257), einval),
        (
            UDP,
            segments(),
            with(|f| (f.payload, f.mtu) = (256, 29)),
            libc::EMSGSIZE,
        ),
        (UDP, segments(), with(|f| (f.payload, f.mtu) = (256, 30)), 0),
        (
            udp6,
            message(41, 50, &pktinfo),
            with(|f| f.interface = 2),
            einval,
        ),
        (
            udp6,
            message(41, 11, &[0x10, 0, 0, 1]),
            with(|f| f.flow_info = 1),
            einval,
        ),
        (
            udp6,
            message(41, 11, &1u32.to_be_bytes()),
            with(|f| (f.flow_labels, f.flow_labels_len) = (&2, 1)),
            einval,
        ),
        (
            udp6,
            message(41, 11, &1u32.to_be_bytes()),
            with(|f| (f.flow_labels, f.flow_labels_len) = (&1, 1)),
            0,
        ),
    ];
    for (i, (socket, control, facts, errno)) in cases.iter().enumerate() {
        assert_eq!(check(*socket, control, Some(facts)), -errno, "case {i}");
        assert_eq!(
            [
                check(*socket, control, Some(&FAVOURABLE)),
                check(*socket, control, None)
            ],
            [0, 0],
            "case {i}"
        );
    }
}

#[test]
fn the_text_names_the_cause_and_is_cut_as_by_snprintf() {
    let control = message(0, 2, &256i32.to_ne_bytes());
    let text = |out: &mut [u8], len: usize| {
        let (to, size) = (out.as_mut_ptr().cast(), out.len());
        let [domain, ty, protocol] = UDP;
        let data = control.as_ptr().cast();
        // SAFETY: `to` and `size` are a slice's. `data` and `len` are a slice's that is not
        // shorter, or `data` is NULL. `facts` is None.
        unsafe { ancil_check_text(to, size, domain, ty, protocol, data, len, None) }
    };
    let expected = b"IP_TTL at offset 0: the payload holds a value out of range (EINVAL)\0";
    for size in 0..80 {
        let mut out = [0x55; 80];
        assert_eq!(text(&mut out[..size], control.len()), expected.len() - 1);
        let written = size.min(expected.len());
        let kept = written.saturating_sub(1);
        assert_eq!(out[..kept], expected[..kept]);
        assert!(written == 0 || out[kept] == 0);
        assert!(out[written..].iter().all(|byte| *byte == 0x55));
    }
    let mut out = [0x55; 2];
    assert_eq!((text(&mut out, 0), out), (0, [0, 0x55]), "accepted");
}

#[test]
fn the_text_names_messages_of_a_32_bit_program() {
    let facts = ancil_facts {
        compat: 1,
        ..FAVOURABLE
    };
    let message = |ttl: u32| [16, 0, 2, ttl].map(u32::to_ne_bytes).concat();
    let control = [message(64), message(256)].concat();
    let mut out = [0; 200];
    let (to, data, len) = (
        out.as_mut_ptr().cast(),
        control.as_ptr().cast(),
        control.len(),
    );
    let [domain, ty, protocol] = UDP;
    // SAFETY: `to` has 200 bytes, and `data` has `len` bytes. `fds` is NULL.
    let text = unsafe { ancil_check_text(to, 200, domain, ty, protocol, data, len, Some(&facts)) };
    assert!(out[..text].starts_with(b"IP_TTL at offset 16: the payload "));
}

#[test]
fn a_raw_socket_of_ipproto_raw_has_the_header_included() {
    let options = message(0, 7, &[1]);
    for facts in [None, Some(&FAVOURABLE)] {
        assert_eq!(check([2, 3, 255], &options, facts), -libc::EINVAL);
        assert_eq!(check([2, 3, 1], &options, facts), 0);
    }
}
