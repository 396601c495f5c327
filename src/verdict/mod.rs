// SPDX-License-Identifier: MIT OR Apache-2.0
//! Predicts what Linux answers to a message, without a system call.
//!
//! A program that builds messages at run time, or passes on those of others (a proxy, an emulator,
//! a sandbox), learns here before the system call whether the kernel will refuse a message, for
//! which control message and why. An errno alone does not tell that.
//!
//! ```
//! use ancil::verdict::{Facts, Reason, Socket, check_control};
//! use ancil::{space_of, IP_TTL, IPV6_HOPLIMIT, Key, Writer};
//!
//! let udp = Socket::new(libc::AF_INET, libc::SOCK_DGRAM, 0);
//! let mut buffer = [0; space_of::<(IPV6_HOPLIMIT, IP_TTL)>()];
//! let mut writer = Writer::new(&mut buffer);
//! writer.put(IPV6_HOPLIMIT, 1000)?; // IPv4 ignores it
//! writer.put(IP_TTL, 256)?;
//! let refusal = check_control(&udp, &Facts::default(), writer.finish().as_bytes()).unwrap_err();
//! assert_eq!(refusal.offset, Some(space_of::<IPV6_HOPLIMIT>()));
//! assert_eq!(refusal.message, Some((IP_TTL::LEVEL, IP_TTL::TYPE)));
//! assert_eq!(refusal.reason, Reason::Value);
//! assert_eq!(refusal.errno().0, 22); // EINVAL
//! # Ok::<(), ancil::Error>(())
//! ```
//!
//! # What a verdict covers
//! A verdict covers everything from the import of `struct msghdr` to the last control message, in
//! the kernel's order: of several faults, the verdict reports the one that the kernel finds first.
//! Of what follows, it covers what a control message asks for: the size of segments, the source and
//! the interface. `Ok` means that the send does not fail because of its control messages.
//!
//! What a pure function cannot see is in [`Facts`] and [`Socket`], whose defaults are favourable.
//! They include whether the sender is a 32-bit program on a 64-bit kernel, whose control buffer has
//! a layout of its own. [`check_control`] does not see the payload, the flags and the address,
//! either: the payload is a fact, and the message has no flags and goes to the socket's peer.
//!
//! | sockets | levels of the messages | kernel |
//! | --- | --- | --- |
//! | unix, netlink | `SOL_SOCKET`: descriptors, credentials | `__scm_send` |
//! | UDP, UDP-Lite | `SOL_UDP`, then as for IPv4 or IPv6 | `udp_cmsg_send` |
//! | IPv4: UDP, raw, ping; UDP over IPv6 to IPv4 | `SOL_IP`, `SOL_SOCKET` | `ip_cmsg_send` |
//! | IPv6: UDP, raw, ping, L2TP | `SOL_IPV6`, `SOL_SOCKET` | `ip6_datagram_send_ctl` |
//! | TCP, packet, CAN, Bluetooth | `SOL_SOCKET` | `__sock_cmsg_send` |
//! | TLS, ALG, SCTP, RDS, RxRPC, IUCV, DCCP | the protocol's own | see [`Reason`] |
//! | all others | none: the kernel ignores control messages | |
//!
//! # What is not judged
//! - Whether there is a route, an interface that is up, room in queues and buffers, or a security
//!   module or BPF program that forbids the send.
//! - What socket options and earlier sends left: a pending error, a connection that was shut
//!   down or is still being made, options of IP headers, `UDP_SEGMENT` as an option, `UDP_CORK`
//!   before the first send (`MSG_MORE` says the same).
//! - Whether a datagram without segments fits: its length with all headers, and `IPV6_DONTFRAG`.
//! - With `MSG_FASTOPEN`: the client's cookies, and whether an administrator has forbidden it.
//! - Interfaces whose addresses are longer than a `sockaddr_ll`, and sockets that are bound to a
//!   VRF, whose messages may name the interfaces of that VRF.
//! - Flags and addresses on sockets that the table above does not name, but for streams of VSOCK;
//!   of those that it names, on TLS, ALG, SCTP (`SCTP_ADDR_OVER`, a new association), RDS, RxRPC,
//!   IUCV and DCCP.
//! - Sockets of ALG for hashes, which accept every control message; `SOCK_PACKET`; the memory and
//!   keys that messages of RDS name.
//!
//! # Other releases
//! The rules are those of [`Release::NEWEST`], and tests compare them with the running kernel. The
//! differences of older releases were read in the sources of Linux 4.4.155, 4.9.337, 4.19.124,
//! 5.10.223, 6.1.192 and 6.12.117; of some rules also in 5.3.1, 5.17.0, 6.5.0, 6.8.1, 6.14.0 and
//! 6.17.0. A rule begins with the release that brought it, if that is known, or else with the first
//! of these sources that has it. Updates within a series bring rules, too: the last update counts.
//! Kernels before 4.4 are judged as 4.4 is. These differences are not judged:
//! - Before 5.3, a flow label has to be the socket's own: say so with [`Facts::flow_labels`].
//! - Updates before 2020 answer EINVAL to a foreign IPv4 source. Updates before 2025 answer EINVAL
//!   to a segment that is longer than the MTU, even if the payload is shorter.
#![forbid(unsafe_code)]

mod destination;
mod facts;
mod import;
mod ip;
mod ip_options;
mod ipv6;
mod protocol;
mod refusal;
mod rule;
mod sol_socket;
mod tables;
mod udp;
mod unix;

pub use facts::{Capabilities, Existing, Facts, Process, Release, Socket, State};
pub use import::{Outgoing, check_iov};
pub use refusal::{Reason, Refusal};

use crate::msghdr::MsgFlags;
use protocol::Protocol;
use rule::{Context, refusal};

/// Predicts what Linux answers to these control messages on this socket, in a message without
/// flags to the socket's peer.
///
/// If the peer of an IPv6 socket has an IPv4 address, set [`State::TO_IPV4`]: other rules apply.
///
/// # Errors
/// The first fault that the kernel finds.
///
/// # Complexity
/// O(1) per message, and O(n) per descriptor and other thing that a message names, n being the
/// length of the list in `facts`.
pub fn check_control(socket: &Socket, facts: &Facts<'_>, control: &[u8]) -> Result<(), Refusal> {
    check_control_at(socket, facts, Some(control), control.len())
}

/// [`check_control`] for a pointer and a length: `None` is NULL.
pub(crate) fn check_control_at(
    socket: &Socket,
    facts: &Facts<'_>,
    control: Option<&[u8]>,
    controllen: usize,
) -> Result<(), Refusal> {
    let verdict = import::import_control(facts, control, controllen).and_then(|control| {
        let context = Context {
            socket,
            facts,
            flags: MsgFlags::empty(),
            name: &[],
            len: facts.payload,
            control,
        };
        Protocol::of(&context).check(&context, socket.is_to_ipv4())
    });
    verdict.map_err(|fault| refusal(fault, facts, control))
}

/// Predicts what Linux answers to `sendmsg(2)` with this message and vectors of these lengths in
/// bytes.
///
/// The lengths are an argument of their own, so that you can judge a message whose vectors are in
/// the memory of another program.
///
/// ```
/// use ancil::verdict::{Facts, Outgoing, Reason, Socket, check_sendmsg};
/// use ancil::{IoVec, MsgHdr};
///
/// let vectors = [IoVec::new(b"hello")];
/// let message = MsgHdr::new().iov(&vectors);
/// let lengths = message.msg_iov().iter().map(|vector| vector.len());
/// let mut outgoing = Outgoing::from(&message);
/// outgoing.control = Some(&[0; 24]); // a header whose length is 0
/// outgoing.controllen = 24;
/// let stream = Socket::new(libc::AF_UNIX, libc::SOCK_STREAM, 0);
/// let verdict = check_sendmsg(&stream, &Facts::default(), &outgoing, lengths);
/// assert_eq!(verdict.unwrap_err().reason, Reason::TooShort);
/// ```
///
/// # Errors
/// The first fault that the kernel finds.
///
/// # Complexity
/// That of [`check_iov`] and [`check_control`].
pub fn check_sendmsg(
    socket: &Socket,
    facts: &Facts<'_>,
    message: &Outgoing<'_>,
    lengths: impl ExactSizeIterator<Item = usize>,
) -> Result<(), Refusal> {
    let verdict = import::import(socket, facts, message, lengths).and_then(|context| {
        let protocol = Protocol::of(&context);
        let to_ipv4 = destination::check_before(protocol, &context)?;
        protocol.check(&context, to_ipv4)?;
        Ok(destination::check_after(protocol, &context)?)
    });
    verdict.map_err(|fault| refusal(fault, facts, message.control))
}
