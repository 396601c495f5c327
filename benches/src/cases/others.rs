//! Translation between word sizes, and text.

use super::samples::{self, pktinfo};
use crate::job::{Case, FAILED, job, job_on};
use ancil::compat::{narrow, widen};
use ancil::{DisplayControl, Error};
use std::fmt::{self, Write};
use std::net::Ipv4Addr;

type Translate = for<'d> fn(&'d mut [u8], &[u8]) -> Result<&'d [u8], Error>;
type InC = unsafe extern "C" fn(*mut u8, usize, *const u8, usize) -> usize;

unsafe extern "C" {
    fn c_widen(dst: *mut u8, size: usize, src: *const u8, len: usize) -> usize;
    fn c_narrow(dst: *mut u8, size: usize, src: *const u8, len: usize) -> usize;
}

pub fn cases() -> Vec<Case> {
    let wide = samples::with_words();
    let slim = narrow(Box::leak(Box::new([0; 256])), wide).expect("it fits");
    vec![
        translation("Widen 3 messages", widen, c_widen, slim, wide),
        translation("Narrow 3 messages", narrow, c_narrow, wide, slim),
        text(),
    ]
}

fn translation(
    title: &'static str,
    ours: Translate,
    by_hand: InC,
    from: &'static [u8],
    to: &'static [u8],
) -> Case {
    type State = (&'static [u8], [u8; 256]);
    let theirs = move |(from, out): &mut State| {
        // SAFETY: C reads so many bytes, and writes at most as many as `out` has.
        unsafe { by_hand(out.as_mut_ptr(), out.len(), from.as_ptr(), from.len()) as u64 }
    };
    let mut out = [0xaa; 256];
    assert_eq!(ours(&mut out, from), Ok(to));
    let mut state = (from, [0x55; 256]);
    theirs(&mut state);
    assert_eq!(&state.1[..to.len()], to, "the same bytes");
    let jobs = vec![
        job_on(
            "ancil",
            "every message of words; all or nothing",
            (from, out),
            move |(from, out)| ours(out, from).map_or(FAILED, |done| done.len() as u64),
        )
        .at_most(700),
        job_on(
            "C, by hand",
            "knows one message of words; one pass",
            state,
            theirs,
        ),
    ];
    Case::new(title, jobs)
}

/// Takes text and keeps it, up to a limit.
struct Text([u8; 1024], usize);

impl Write for Text {
    fn write_str(&mut self, text: &str) -> fmt::Result {
        let end = self.1 + text.len();
        self.0
            .get_mut(self.1..end)
            .ok_or(fmt::Error)?
            .copy_from_slice(text.as_bytes());
        self.1 = end;
        Ok(())
    }
}

fn text() -> Case {
    let quic = samples::quic();
    let jobs = vec![
        job("ancil", "decodes any message", quic, |control| {
            let mut out = Text([0; 1024], 0);
            let written = write!(out, "{}", DisplayControl::new(control));
            std::hint::black_box(&out);
            written.map_or(FAILED, |()| out.1 as u64)
        })
        .goal(1.41, "core::fmt"),
        job("core::fmt", "has the values", quic, |_| {
            let mut out = Text([0; 1024], 0);
            let written = by_fmt(&mut out);
            std::hint::black_box(&out);
            written.map_or(FAILED, |()| out.1 as u64)
        }),
    ];
    let mut theirs = String::new();
    by_fmt(&mut theirs).expect("a String takes any text");
    assert_eq!(DisplayControl::new(quic).to_string(), theirs);
    Case::new("4 control messages as text", jobs)
}

fn by_fmt(out: &mut impl Write) -> fmt::Result {
    let ([seconds, nanoseconds], size, tos, lens, info) =
        std::hint::black_box((samples::TIME, 1200, 2, [32, 20, 28, 17], pktinfo()));
    let [to, address] = [info.ipi_spec_dst, info.ipi_addr].map(Ipv4Addr::from);
    let index = info.ipi_ifindex;
    write!(
        out,
        "[{{cmsg_len={}, cmsg_level=SOL_SOCKET, cmsg_type=SO_TIMESTAMPNS_OLD, \
         cmsg_data={{tv_sec={seconds}, tv_nsec={nanoseconds}}}}}, \
         {{cmsg_len={}, cmsg_level=SOL_UDP, cmsg_type=UDP_GRO, cmsg_data=[{size}]}}, \
         {{cmsg_len={}, cmsg_level=SOL_IP, cmsg_type=IP_PKTINFO, \
         cmsg_data={{ipi_ifindex={index}, ipi_spec_dst=inet_addr(\"{to}\"), \
         ipi_addr=inet_addr(\"{address}\")}}}}, \
         {{cmsg_len={}, cmsg_level=SOL_IP, cmsg_type=IP_TOS, cmsg_data=[{tos:#x}]}}]",
        lens[0], lens[1], lens[2], lens[3]
    )
}
