//! Linux control messages (`cmsghdr`) and I/O vectors (`iovec`), encoded and decoded in your own buffers.
//!
//! Beside its bytes a socket message carries *ancillary data*: descriptors, credentials, timestamps, packet
//! information. The kernel lays it out as control messages, one after the other, each a header
//! ([`CmsgHdr`]), a payload and padding. This crate writes and reads them: without `std`, without an
//! allocator, without a libc, without a panic, on any bytes.
//!
//! # The map
//! | to | use |
//! | --- | --- |
//! | read a control buffer | [`Reader`], [`Raw::get`] with a key, or [`Message::from`] for the whole catalogue |
//! | write one | [`Writer`] in your buffer; [`ControlBuf`] at compile time |
//! | size one | [`Key::space`], [`Key::space_for`], [`cmsg_space`] |
//! | print a control buffer | [`DisplayControl`]: as `strace(1)` does, or byte by byte |
//! | know what there is | [`CATALOGUE`]: every control message of Linux |
//! | name a message | the constants below, such as [`SCM_RIGHTS`]: a [`Key`] each, under its man-page name |
//! | define your own | [`Key::new`] |
//! | gather and scatter bytes | [`iov`] |
//! | describe a whole message | [`MsgHdr`], [`MsgHdrMut`], [`MsgFlags`] |
//! | write and read socket addresses | [`Address`] for any family, [`SockaddrIn`], [`UnixAddr`] and more for one |
//! | describe one of a batch | [`MMsgHdr`] |
//! | send and receive | `io::sendmsg`, `io::recvmsg` (feature `libc`) |
//! | do so to the last byte | `io::write_all`, `io::read_exact`, `io::sendmsg_all`, `io::recvmsg_exact` (feature `libc`) |
//! | do so in batches | `io::sendmmsg`, `io::recvmmsg` (feature `libc`) |
//! | own what arrived | `Received` (feature `libc`): closes the descriptors that nobody took |
//! | read and write netlink messages | [`netlink`] |
//! | know what the kernel would say | [`kernel`]: limits, and verdicts without a system call |
//! | compute for another machine | [`Abi`], [`Reader::with_abi`] |
//! | translate from or to a 32-bit program | [`compat`] |
//!
//! # Features
//! None is on by default.
//! - `libc`: real system calls, in `ancil::io`.
//! - `std`: `OwnedFd` and `BorrowedFd` in them, and conversions from and to `std::io`.
//! - `heapless`: `IoVecs` and, with `libc`, `FdVec`: collections of a fixed capacity. Needs Rust 1.87.
//! - `capi`: the C functions of `ancil.h`; built by the `Makefile`.
//! - `header`: checks `ancil.h` against the sources; for maintainers.
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
mod error;
mod format;
pub mod iov;
pub mod limits;
mod mmsghdr;
mod msghdr;
pub mod netlink;
pub mod payload;
mod sys;
mod table;
pub mod verdict;
mod wire;

pub use error::*;
pub use format::DisplayControl;
pub use iov::{IoVec, IoVecMut};
pub use mmsghdr::MMsgHdr;
pub use msghdr::{MsgFlags, MsgHdr, MsgHdrMut};
#[cfg(all(feature = "heapless", feature = "libc"))]
pub use sys::heapless::FdVec;
#[cfg(feature = "heapless")]
pub use sys::heapless::IoVecs;
#[cfg(feature = "libc")]
pub use sys::io;
#[cfg(feature = "libc")]
pub use sys::received::Received;
pub use table::entries::{CATALOGUE, CatalogueEntry, Direction, SocketOption};
pub use table::keys;
#[doc(no_inline)]
pub use table::keys::*;
pub use table::level;
pub use table::lookup::message_name;
pub use table::message::Message;
pub use wire::abi::{Abi, cmsg_align, cmsg_len, cmsg_space};
pub use wire::cmsg::{CmsgHdr, Raw};
pub use wire::key::{Bounded, Encode, Key, NotSent, Payload, Unbounded};
pub use wire::reader::{ForeignReader, Reader};
pub use wire::writer::{ControlBuf, Writer};

/// The examples of the README are tests, too.
#[cfg(doctest)]
#[doc = include_str!("../README.md")]
pub struct Readme;
