//! What Linux would answer to a message, without asking it: limits, and verdicts as pure functions.
//!
//! A program that builds its messages at run time, or passes on those of others (a proxy, an emulator, a sandbox),
//! learns here before the system call what would become of it, and why, which an errno alone does not tell.
//!
//! ```
//! use ancil::verdict::{Facts, Reason, Socket, check_control};
//! use ancil::{IP_TTL, IPV6_HOPLIMIT, Writer};
//!
//! let udp = Socket::new(libc::AF_INET, libc::SOCK_DGRAM, 0);
//! let mut buffer = [0; IPV6_HOPLIMIT.space() + IP_TTL.space()];
//! let mut writer = Writer::new(&mut buffer);
//! writer.put(IPV6_HOPLIMIT, 1000)?; // of no interest to IPv4
//! writer.put(IP_TTL, 256)?;
//! let refusal = check_control(&udp, &Facts::default(), writer.finish()).unwrap_err();
//! assert_eq!((refusal.offset, refusal.reason), (Some(IPV6_HOPLIMIT.space()), Reason::Value));
//! assert_eq!(refusal.errno().0, 22); // EINVAL
//! # Ok::<(), ancil::Error>(())
//! ```
//!
//! # What a verdict covers
//! Everything from the import of `struct msghdr` to the last control message, in the kernel's order, so that of
//! several faults the first one found is the kernel's. What comes behind is not covered: routes, queues, security
//! modules. An `Ok` says that the control messages are not what the send would fail for.
//!
//! What cannot be known without looking at the system is in [`Facts`] and [`State`], with favourable defaults. So is
//! whether the sender is a 32-bit program of a 64-bit kernel, whose control buffer has its own form.
//!
//! | sockets | their own messages | kernel |
//! | --- | --- | --- |
//! | unix, netlink | descriptors, credentials | `__scm_send` |
//! | UDP, UDP-Lite | `SOL_UDP`, then as below | `udp_cmsg_send` |
//! | IPv4: UDP, raw, ping; UDP over IPv6 to IPv4 | `SOL_IP`, `SOL_SOCKET` | `ip_cmsg_send` |
//! | IPv6: UDP, raw, ping, L2TP | `SOL_IPV6`, `SOL_SOCKET` | `ip6_datagram_send_ctl` |
//! | TCP, packet, CAN, Bluetooth | `SOL_SOCKET` | `__sock_cmsg_send` |
//! | TLS, ALG, SCTP, RDS, RxRPC, IUCV, DCCP | their own level | see [`Reason`] |
//! | all others | none: control messages are not looked at | |
#![forbid(unsafe_code)]

mod destination;
mod facts;
mod import;
mod ip;
mod ipv6;
mod options;
mod protocol;
mod refusal;
mod rule;
mod sol_socket;
mod tables;
mod udp;
mod unix;

pub use facts::{Capabilities, Descriptor, Descriptors, Facts, Process, Release, Socket, State};
pub use import::{Outgoing, check_iov};

pub use refusal::{Reason, Refusal};

use crate::msghdr::MsgFlags;
use destination::SendCheck;
use protocol::Protocol;
use rule::Context;

/// What Linux would say to these control messages on this socket. Its peer has a say: [`State::TO_IPV4`].
///
/// # Errors
/// The first thing that the kernel would object to.
///
/// # Complexity
/// O(1) per message, and O(1) per descriptor in it.
pub fn check_control(socket: &Socket, facts: &Facts<'_>, control: &[u8]) -> Result<(), Refusal> {
    check_control_at(socket, facts, Some(control), control.len())
}

/// The same of a pointer and a length: `None` is NULL.
pub(crate) fn check_control_at(
    socket: &Socket,
    facts: &Facts<'_>,
    control: Option<&[u8]>,
    controllen: usize,
) -> Result<(), Refusal> {
    let mut context = Context::new(*socket, facts, MsgFlags::empty());
    import::control(&mut context, control, controllen)?;
    Protocol::of(&context).check(&context)
}

/// What Linux would say to `sendmsg(2)` with this message and vectors of these lengths, in bytes. The lengths stand by
/// themselves so that a message can be judged whose vectors are in another program's memory.
///
/// ```
/// use ancil::verdict::{Facts, Outgoing, Reason, Socket, check_sendmsg};
/// use ancil::{IoVec, MsgHdr};
///
/// let vectors = [IoVec::new(b"hello")];
/// let message = MsgHdr::new().iov(&vectors).control(&[0; 24]); // a header whose length is 0
/// let lengths = message.msg_iov().iter().map(|vector| vector.len());
/// let stream = Socket::new(libc::AF_UNIX, libc::SOCK_STREAM, 0);
/// let said = check_sendmsg(&stream, &Facts::default(), &Outgoing::from(&message), lengths);
/// assert_eq!(said.unwrap_err().reason, Reason::TooShort);
/// ```
///
/// # Errors
/// The first thing that the kernel would object to.
///
/// # Complexity
/// As [`check_iov`] and [`check_control`].
pub fn check_sendmsg(
    socket: &Socket,
    facts: &Facts<'_>,
    message: &Outgoing<'_>,
    lengths: impl ExactSizeIterator<Item = usize>,
) -> Result<(), Refusal> {
    let mut context = Context::new(*socket, facts, message.flags);
    let message = import::import(&mut context, message, lengths)?;
    let protocol = Protocol::of(&context);
    let to_ipv4 = SendCheck {
        context: &context,
        protocol,
        message: &message,
    }
    .before()?;
    context.socket.state.set(State::TO_IPV4, to_ipv4);
    protocol.check(&context)?;
    Ok(SendCheck {
        context: &context,
        protocol,
        message: &message,
    }
    .after()?)
}
