//! Linux control messages (`cmsghdr`) and I/O vectors (`iovec`), encoded and decoded in your own
//! buffers.
//!
//! A socket message carries more than its bytes: descriptors, credentials, timestamps, packet
//! information. The kernel lays this *ancillary data* out as control messages, one after another,
//! each a header ([`CmsgHdr`]), a payload and padding. This crate writes and reads them without
//! `std`, without an allocator and without a libc. It does not panic, whatever the bytes are.
//!
//! # The map
//! | to | use |
//! | --- | --- |
//! | read a control buffer | [`Reader`], then [`Raw::get`] with a key, or [`Message::from`] |
//! | write a control buffer | [`Writer`], or [`ControlBuf`] at compile time: for a [`Control`] |
//! | send descriptors | `io::send_fds` in one line; [`SCM_RIGHTS`] with borrowed ones, [`Fd`] |
//! | size a control buffer | [`space_of`] a key or a set of keys; [`cmsg_space`] |
//! | print a control buffer | [`DisplayControl`]: as `strace(1)` does, or byte by byte |
//! | find a message | [`CATALOGUE`]: every control message of Linux |
//! | name a message | [`keys`], such as [`SCM_RIGHTS`]: a [`Key`] each, under its man-page name |
//! | read several messages at once | [`Reader::get_all`] with a set of keys: see [`Keys`] |
//! | define your own message | [`key!`] |
//! | know what a payload means | [`payload`]: the structs that messages carry |
//! | gather and scatter bytes | [`iov`] |
//! | describe a message to the kernel | [`MsgHdr`], [`MsgHdrMut`], [`MsgFlags`], [`MMsgHdr`] |
//! | write and read socket addresses | [`addr`] |
//! | have the kernel deliver messages | `io::enable` with a key or a set (feature `libc`) |
//! | send and receive | `io::sendmsg`, `io::recvmsg` (feature `libc`) |
//! | send and receive to the last byte | `io::sendmsg_all`, `io::recvmsg_exact` |
//! | send and receive in batches | `io::sendmmsg`, `io::recvmmsg` |
//! | send without copying | `io::sendmsg_zerocopy`; [`ZerocopySends`] matches the completions |
//! | serve datagrams of IPv4 and IPv6 | [`datagram`]: an `Arrival` decoded, a `Departure` encoded |
//! | receive with `io_uring(7)` | [`uring`]: the buffers of a multishot `recvmsg` |
//! | receive into uninitialised memory | [`MsgHdrUninit`]; `io::recvmsg_uninit` |
//! | own received descriptors | [`Received`]: closes those that nobody took |
//! | send on what was received | [`Received::forward`] |
//! | make the system calls yourself | [`UserMsghdr`], [`Received::from_call`] |
//! | write and read netlink messages | [`netlink`] |
//! | write and read IPv6 options and routing headers | [`exthdr`] |
//! | know the kernel's limits | [`limits`] |
//! | know what the kernel would answer | [`verdict`], without a system call |
//! | translate for 32-bit programs | [`compat`]; [`Abi`] and [`Reader::with_abi`] to read only |
//!
//! # Features
//! No feature is on by default. Programs that make the system calls themselves need none:
//! [`Received::from_call`]. The features `libc` and `std` need Linux or Android; the crate without
//! them compiles for any system.
//! - `libc`: real system calls, in `ancil::io`.
//! - `std`: `OwnedFd` and `BorrowedFd` in these calls, and conversions from and to `std::io`. It
//!   implies `libc`.
//! - `heapless`: `IoVecs` and, with `libc`, `FdVec`: collections of a fixed capacity. Needs Rust
//!   1.87.
//! - `capi`: the C functions of `ancil.h`; the `Makefile` builds them.
//! - `header`: checks `ancil.h` against the sources; for maintainers.
//!
//! [docs/stability.md] says what a program may rely on: versions, new messages of the kernel, the
//! minimum Rust, and the crates whose types are public here.
//!
//! [docs/stability.md]: https://docs.rs/crate/ancil/latest/source/docs/stability.md
#![no_std]
#![cfg_attr(
    not(test),
    deny(
        clippy::arithmetic_side_effects,
        clippy::expect_used,
        clippy::indexing_slicing,
        clippy::panic,
        clippy::unwrap_used
    )
)]

#[cfg(any(test, feature = "std"))]
#[cfg_attr(test, macro_use)]
extern crate std;

#[macro_use]
pub mod show;

pub mod addr;
mod arch;
#[cfg(feature = "capi")]
mod capi;
pub mod compat;
pub mod datagram;
mod errno;
mod error;
pub mod exthdr;
mod format;
pub mod iov;
pub mod limits;
mod mmsghdr;
mod msghdr;
pub mod netlink;
pub mod payload;
mod sys;
mod table;
pub mod uring;
pub mod verdict;
mod wire;
mod zero_extended;
mod zerocopy_sends;

pub use error::*;
pub use format::DisplayControl;
pub use iov::{IoVec, IoVecMut, IoVecUninit};
#[doc(no_inline)]
pub use keys::*;
pub use mmsghdr::MMsgHdr;
pub use msghdr::{MsgFlags, MsgHdr, MsgHdrMut, MsgHdrUninit, UserMsghdr};
#[cfg(all(feature = "heapless", feature = "libc"))]
pub use sys::heapless::FdVec;
#[cfg(feature = "heapless")]
pub use sys::heapless::IoVecs;
#[cfg(feature = "libc")]
pub use sys::io;
pub use sys::received::{Received, Truncated};
pub use table::entries::{CATALOGUE, CatalogueEntry, Direction};
pub use table::keys;
pub use table::level;
pub use table::lookup::message_name;
pub use table::message::Message;
pub use wire::abi::{Abi, cmsg_align, cmsg_len, cmsg_space};
pub use wire::cmsg::{CmsgHdr, Raw};
pub use wire::control::Control;
pub use wire::control_buf::ControlBuf;
pub use wire::fd::Fd;
pub use wire::key::{Adjustable, Decoded, Key, Sent};
pub use wire::keys::{AtMost, Keys, Options, UpTo, space_for, space_of};
pub use wire::option::{OptionValue, SocketOption};
pub use wire::payload::{Bounded, Encode, Payload, Unbounded};
pub use wire::reader::{ForeignReader, Reader};
pub use wire::step::{cmsg_data, cmsg_firsthdr, cmsg_nxthdr};
pub use wire::writer::Writer;
/// The version of zerocopy whose traits payloads implement. A struct of your own derives them from
/// here, with `#[zerocopy(crate = "ancil::zerocopy")]`: see [`key!`].
#[doc(no_inline)]
pub use zerocopy;
pub use zerocopy_sends::{SendNumbers, ZerocopyError, ZerocopySends};

/// The example of the README is a test, too.
#[cfg(all(doctest, feature = "std"))]
#[doc = include_str!("../README.md")]
pub struct Readme;
