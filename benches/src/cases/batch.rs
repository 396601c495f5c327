//! recvmmsg of 64 messages, each with the control messages of a QUIC packet. `c/kernel.c` stands in
//! for the kernel.

use super::crates::kernel_brings;
use super::quic::{Quic, Wanted, decode_libc};
use super::samples::{self, Aligned};
use crate::job::{Case, FAILED, Job, job_on};
use ancil::io::{RecvBuffers, recvmmsg};
use ancil::{Fd, IoVecMut, MsgFlags, Received, space_of};
use quinn_udp::{BATCH_SIZE, RecvMeta, UdpSocketState};
use std::io::IoSliceMut;
use std::net::{IpAddr, UdpSocket};

const MESSAGES: usize = 64;
const SPACE: usize = space_of::<Wanted>();
const NAME: usize = size_of::<libc::sockaddr_storage>();

pub fn cases() -> Vec<Case> {
    kernel_brings(samples::quic());
    let libc = "libc, checked";
    vec![
        Case::new(
            "recvmmsg of 64 messages, decoded",
            vec![
                ancil(
                    "resets lengths; checks every length; looks for descriptors unless the sender \
                     has an Internet address",
                    |received| Quic::of(received.control()).map_or(FAILED, |quic| quic.sum()),
                )
                .goal(1.2, libc),
                by_hand(
                    libc,
                    "resets lengths; checks every length",
                    false,
                    |message, control| {
                        let control = &control[..message.msg_hdr.msg_controllen];
                        decode_libc(control).map_or(FAILED, |quic| quic.sum())
                    },
                ),
                quinn(),
            ],
        ),
        Case::new(
            "recvmmsg of 64 messages",
            vec![
                ancil("resets lengths; looks for descriptors unless the sender has an \
                       Internet address", |received| {
                    if received.is_truncated() {
                        return FAILED;
                    }
                    let control = received.control().as_bytes().len();
                    (received.bytes() + received.name_len() + control) as u64
                })
                .goal(2.0, "libc, headers anew"),
                by_hand("libc, headers anew", "prepares headers", true, lens),
                by_hand("libc", "resets lengths", false, lens),
            ],
        ),
    ]
}

/// The lengths of a message that arrived whole.
#[inline(always)]
fn lens(message: &libc::mmsghdr, _: &[u8]) -> u64 {
    let header = &message.msg_hdr;
    if header.msg_flags & (libc::MSG_TRUNC | libc::MSG_CTRUNC) != 0 {
        return FAILED;
    }
    u64::from(message.msg_len) + u64::from(header.msg_namelen) + header.msg_controllen as u64
}

fn leak<T>(value: T) -> &'static mut T {
    Box::leak(Box::new(value))
}

fn ancil(duty: &'static str, read: impl Fn(Received<'_>) -> u64 + 'static) -> Job {
    let vectors = leak([[0; 1500]; MESSAGES])
        .each_mut()
        .map(|bytes| [IoVecMut::new(bytes)]);
    let buffers = RecvBuffers::<MESSAGES>::new(leak(vectors))
        .names(leak([[0; NAME]; MESSAGES]))
        .control(leak([[0; SPACE]; MESSAGES]));
    job_on("ancil", duty, buffers, move |buffers| {
        // SAFETY: what stands in for the kernel does not use the descriptor.
        let nobody = unsafe { Fd::borrow_raw(0) };
        match recvmmsg(nobody, buffers, MsgFlags::empty(), None) {
            Ok(all) => all.map(&read).sum(),
            Err(_) => FAILED,
        }
    })
}

/// Space for a message.
struct Arena {
    vectors: [libc::iovec; MESSAGES],
    names: [[u64; NAME / 8]; MESSAGES],
    control: [Aligned<[u8; SPACE]>; MESSAGES],
}

impl Arena {
    /// Describes the space of each message.
    #[inline(always)]
    fn prepare(&mut self, headers: &mut [libc::mmsghdr; MESSAGES]) {
        for (i, message) in headers.iter_mut().enumerate() {
            let message = &mut message.msg_hdr;
            message.msg_name = self.names[i].as_mut_ptr().cast();
            message.msg_namelen = NAME as _;
            message.msg_iov = &raw mut self.vectors[i];
            message.msg_iovlen = 1;
            message.msg_control = self.control[i].0.as_mut_ptr().cast();
            message.msg_controllen = SPACE as _;
            message.msg_flags = 0;
        }
    }
}

/// If `anew` is set, all fields of each header are written before a call, and else those that the
/// kernel has changed.
fn by_hand(
    who: &'static str,
    duty: &'static str,
    anew: bool,
    read: impl Fn(&libc::mmsghdr, &[u8]) -> u64 + 'static,
) -> Job {
    // SAFETY: zero is a valid value of each field.
    let mut headers: [libc::mmsghdr; MESSAGES] = unsafe { std::mem::zeroed() };
    let arena: &'static mut Arena = leak(Arena {
        vectors: leak([[0u8; 1500]; MESSAGES])
            .each_mut()
            .map(|bytes| libc::iovec {
                iov_base: bytes.as_mut_ptr().cast(),
                iov_len: bytes.len(),
            }),
        names: [[0; NAME / 8]; MESSAGES],
        control: [const { Aligned([0; SPACE]) }; MESSAGES],
    });
    arena.prepare(&mut headers);
    job_on(who, duty, (headers, arena), move |(headers, arena)| {
        if anew {
            arena.prepare(headers);
        } else {
            for message in &mut *headers {
                message.msg_hdr.msg_namelen = NAME as _;
                message.msg_hdr.msg_controllen = SPACE as _;
            }
        }
        let first = headers.as_mut_ptr();
        // SAFETY: each header describes memory that lives as long as the program.
        let count = unsafe { libc::recvmmsg(0, first, MESSAGES as _, 0, std::ptr::null_mut()) };
        let Ok(count) = usize::try_from(count) else {
            return FAILED;
        };
        let filled = headers[..count].iter().zip(&arena.control);
        filled
            .map(|(message, control)| read(message, &control.0))
            .sum()
    })
}

/// quinn-udp takes at most half as many messages with one call, and has space for three control
/// messages of each.
fn quinn() -> Job {
    let socket = UdpSocket::bind("127.0.0.1:0").expect("a socket");
    let state = UdpSocketState::new((&socket).into()).expect("options");
    let bytes = leak([[0; 1500]; BATCH_SIZE]);
    let slices: [_; BATCH_SIZE] = bytes.each_mut().map(|bytes| IoSliceMut::new(bytes));
    let state = (socket, state, slices, [RecvMeta::default(); BATCH_SIZE]);
    let duty = "twice 32, with 3 control messages each; zeroes and prepares headers; decodes the \
                address; checks no length";
    job_on("quinn-udp", duty, state, |(socket, state, slices, meta)| {
        let mut sum = 0;
        for _ in 0..MESSAGES / BATCH_SIZE {
            let Ok(count) = state.recv((&*socket).into(), slices, meta) else {
                return FAILED;
            };
            sum += meta[..count].iter().map(of_quinn).sum::<u64>();
        }
        sum
    })
}

fn of_quinn(meta: &RecvMeta) -> u64 {
    // There is no space for the type of service, the last message, which the others add.
    let mut sum = meta.stride as u64 + meta.ecn.map_or(2, |ecn| ecn as u64);
    if let Some(time) = meta.timestamp {
        sum += time.as_secs() + u64::from(time.subsec_nanos());
    }
    if let (Some(IpAddr::V4(address)), Some(index)) = (meta.dst_ip, meta.interface_index) {
        sum += u64::from(address.to_bits()) + u64::from(index);
    }
    sum
}
