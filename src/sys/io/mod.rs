// SPDX-License-Identifier: MIT OR Apache-2.0
//! System calls, through the C library. Feature `libc`.
//!
//! ```text
//!   to send                                  to receive
//!
//!   Writer::put   a value, by its key        enable     the socket options of a set of keys
//!      |                                        |
//!   MsgHdr        bytes, address, control    MsgHdrMut  space for bytes, address, control
//!      |                                        |
//!   sendmsg  - - - - - - the kernel - - - >  recvmsg
//!                                               |
//!                                            Received   owns the descriptors that arrived
//! ```
//!
//! | | bytes | messages |
//! | --- | --- | --- |
//! | one call | | [`sendmsg`], [`recvmsg`], [`recvmsg_retry`]; [`recv`] for one buffer |
//! | into uninitialised memory | | [`recvmsg_uninit`] |
//! | descriptors in one line | | [`send_fds`], `recv_fds` (feature `std`) |
//! | until all is done | [`write_all`], [`read_exact`] | [`sendmsg_all`], [`recvmsg_exact`] |
//! | a batch | | [`sendmmsg`], [`recvmmsg`], [`recvmmsg_retry`] |
//!
//! [`enable`], [`enable_available`], [`enable_with`] and [`disable`] set the socket options that
//! switch control messages on and off.
//!
//! [`sendmsg_zerocopy`], [`sendmmsg_zerocopy`] and [`sendmsg_all_zerocopy`] also take
//! `MSG_ZEROCOPY`, with which the kernel reads the bytes after the call. They are unsafe, because
//! nothing borrows the bytes then. [`enable_zerocopy`] sets the option that they need, and
//! [`ZerocopySends`](crate::ZerocopySends) finds out when the bytes may change again.
//!
//! The system calls that send and receive, from the simplest to the most general:
//!
//! | sends | receives | bytes | flags | address | control messages |
//! | --- | --- | --- | --- | --- | --- |
//! | `write(2)` | `read(2)` | one piece | | | |
//! | `send(2)` | `recv(2)` | one piece | passed | | |
//! | `sendto(2)` | `recvfrom(2)` | one piece | passed | yes | |
//! | `writev(2)` | `readv(2)` | pieces | | | |
//! | `sendmsg(2)` | `recvmsg(2)` | pieces | passed and reported | yes | yes |
//!
//! `writev(2)` extends `write(2)` alone: it takes pieces, but neither flags nor an address. Only
//! `recvmsg(2)` reports flags: `MSG_TRUNC`, `MSG_CTRUNC`, `MSG_EOR`, `MSG_OOB`, `MSG_ERRQUEUE`.
//!
//! Errors are the kernel's error numbers. A function with the name of a system call fails with
//! EINTR when a signal interrupted it, because a program may want to stop then. The functions that
//! end in `_retry`, and those that repeat until all bytes are done, repeat such a call.

mod batch;
mod call;
mod collected;
mod exact;
mod fds;
mod libc_msghdr;
mod message;
mod option;
mod recv_buffers;
mod recv_header;
mod uninit;

pub use batch::{ReceivedMessages, recvmmsg, recvmmsg_retry, sendmmsg, sendmmsg_zerocopy};
pub use call::{close, own_credentials};
pub use exact::{Cause, Incomplete, read_exact, recvmsg_exact, sendmsg_all};
pub use exact::{sendmsg_all_zerocopy, write_all};
#[cfg(feature = "std")]
pub use fds::{ReceivedFds, recv_fds};
pub use fds::{UnixMessages, send_fds};
pub use message::{recv, recvmsg, recvmsg_retry, sendmsg, sendmsg_zerocopy};
pub use option::{OptionError, disable, enable, enable_available, enable_with, enable_zerocopy};
pub use recv_buffers::RecvBuffers;
pub use uninit::recvmsg_uninit;
